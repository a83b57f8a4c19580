"""The same weekly dose of allopregnanolone as one pulse, as daily pulses and without a pause: exposure, receptors, network.

Question
    Allopregnanolone once a week did most for regeneration in 3xTgAD mice (Chen et al. 2011,
    doi:10.1371/journal.pone.0024293). Mean concentration cannot tell regimens apart, for disposition is linear: what can?

Concentration
    10 mg/kg a week (recalled for those studies) to mice (Zolkowska et al. 2018, doi:10.1111/epi.13999: one compartment,
    half-life 16 min): at once, a seventh each day, or as a constant infusion, followed for one week from the first dose.
    Absorption from under the skin is 1.53 /h (a peak at 30 min). "0.66 mg/kg-equivalent": what, absorbed in this way, gives
    42 ng/mL in plasma at 30 min. Both are fitted to the abstract of Irwin et al. 2015 (doi:10.1371/journal.pone.0128313),
    which says neither how much was given nor absorbed: it is no share of 10 mg/kg, which is recalled of other studies. "All
    absorbed": all 10 mg/kg, just as fast. To the receptor by `anchored`, with 15 nmol/kg of the brain's own, the default
    for people.

Receptors
    `rat_hippocampus`, the preset in which alpha4 adapts: delta and alpha4 follow plasma over 50 nM, at most 1. That is the
    human third trimester (recalled); no plasma value of pregnant rats was at hand, so this scale is assumed. "Tonic
    density" is delta to the power 1.8. alpha4 acts on no conductance.

Network
    `principal_pv`: principal and PV cells of the basolateral amygdala (Feng et al. 2019, doi:10.1523/ENEURO.0388-18.2018)
    with delta receptors on both, whose tonic density follows the regulation.

Design
    Regimens x amounts at 8 times: before, at the first peak (0.75 h), 3 h and a day after it, at the second and seventh
    daily peak, at 38 h where alpha4 is highest under continuous exposure, at the end. Runs of 2 s, the first 0.5 s
    discarded. A seed draws cells, contacts and noise, and is the same at all times: differences are paired. For pulses
    "0.66 mg/kg-equivalent", also f_eff x 0.33 and x 3.3, before and at the first peak.

Read-outs
    Exposure per pulse: area of the brain's course above its own level, h ng/g; hours above 10 nM at the receptor and within
    250 to 500 nM, where progenitors of rats and humans proliferate most in vitro (an inverted U, Wang et al. 2005,
    doi:10.1523/JNEUROSCI.4520-04.2005, numbers recalled); delta and alpha4; mean tonic conductance of alpha4-beta-delta over
    the week; mean firing rates. A change is resolved where its 95 % interval over seeds excludes 0;
    intervals for several f_eff hold together (Bonferroni).
"""

import argparse
import sys
from math import log
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

from allotone import (
    InputError,
    Network,
    SimulationError,
    figures,
    paired_change,
    receptor,
    run_along,
    schedule,
    slow_time,
    tonic_fold,
    write_table,
)
from allotone.concentration import to_ng_per_mL

WEEK_H = 168
AMOUNTS = {"0.66 mg/kg-equivalent": 0.066, "10 mg/kg, all absorbed": 1.0}
REGIMENS = ("weekly", "daily", "continuous")
PEAK_H, THRESHOLD_NM = 0.75, 10
TIMES_H = (0, PEAK_H, 3, 23.9, 24.75, 38, 144.75, WEEK_H)
QUICK_TIMES_H = (0, PEAK_H, WEEK_H)
WINDOW_NM = (250, 500)
NEUROGENIC_H_NG_PER_G = (300, 500)
# nmol/kg of mouse brain at return and loss of the righting reflex, Mok et al. 1991, J Neurochem.
RIGHTING_NMOL_PER_KG = (3630, 7240)
OWN_NMOL_PER_KG = 15
F_EFF = {"anchored": 0.067, "f_eff x 0.33": 0.33 * 0.067, "f_eff x 3.3": 3.3 * 0.067}
NG_PER_NMOL = float(to_ng_per_mL(1.0))
REGULATION = {"regulation": "rat_hippocampus", "exposure": lambda plasma: np.minimum(plasma / 50, 1.0)}
DELTA = receptor("alpha4_beta_delta", "slice")


def regimens() -> dict:
    """Schedules of 10 mg/kg in a week, wholly absorbed, by regimen."""
    mouse = "bolus:model=mouse,absorption_rate=1.53/h,"
    at_once = to_ng_per_mL(schedule("bolus:model=mouse,dose=10mg/kg").plasma([0, 1]).values).tolist()
    # The infusion is the same mouse: volume and clearance follow from where a bolus starts and how fast it falls.
    volume = 10_000 / at_once[0]
    clearance = volume * log(at_once[0] / at_once[1])
    rate = f"rate={10_000 / WEEK_H!r} ug/kg/h,duration={WEEK_H}h"
    disposition = f"clearance={clearance!r} L/h/kg,V1={volume!r} L/kg,Q=0 L/h/kg"
    return {
        "weekly": schedule(f"{mouse}dose=10mg/kg"),
        "daily": schedule(f"{mouse}dose={10 / 7!r} mg/kg,interval=24h,count=7"),
        "continuous": schedule(f"infusion:regimen=constant,{rate},{disposition}"),
    }


def courses() -> xarray.Dataset:
    """Course of the brain and of receptors over the week, dimensions (amount, regimen, course_time)."""
    after = np.concatenate([np.arange(0, 3, 0.1), np.arange(3, 10, 0.5)])
    pulses = (24 * np.arange(7)[:, np.newaxis] + after).ravel()
    hours = np.unique(np.concatenate([np.arange(0, WEEK_H + 1, 2.0), pulses]))
    read = {
        "course_plasma": ("nM", lambda one: one.plasma),
        "course_brain": ("nmol/kg", lambda one: one.brain),
        "course_tonic_density": ("1", lambda one: one.tonic_density),
        "course_alpha4": ("1", lambda one: one.regulated.alpha4),
    }
    given = regimens().values()
    solved = [[slow_time(share * one, hours, **REGULATION) for one in given] for share in AMOUNTS.values()]
    along = ("amount", "regimen", "course_time")
    return xarray.Dataset(
        {
            name: (along, [[of(one) for one in row] for row in solved], {"units": unit})
            for name, (unit, of) in read.items()
        },
        {
            "amount": ("amount", list(AMOUNTS), {"units": "1"}),
            "regimen": ("regimen", list(REGIMENS), {"units": "1"}),
            "course_time": ("course_time", hours, {"units": "h"}),
        },
    )


def dosing_pulses(times_h=TIMES_H, seeds=8, duration="2 s", show_progress=True) -> xarray.Dataset:
    """The courses, rates (condition, time, seed), and rates of pulses under each f_eff (way, way_time, seed)."""
    network = Network.load("principal_pv")
    run = {"seeds": seeds, "duration": duration, "discard": "0.5 s", "show_progress": show_progress}
    given = regimens()
    table = run_along(
        {
            f"{name}, {amount}": (network, slow_time(share * one, times_h, **REGULATION))
            for amount, share in AMOUNTS.items()
            for name, one in given.items()
        },
        **run,
    )
    ends = {}
    for name in REGIMENS[:2]:
        for way, f_eff in list(F_EFF.items())[1:]:
            one = schedule(AMOUNTS["0.66 mg/kg-equivalent"] * given[name], f_eff=f_eff)
            ends[f"{name}, {way}"] = (network, slow_time(one, [0, PEAK_H], **REGULATION))
    elsewhere = run_along(ends, **run).rename(condition="way", time="way_time")
    for name in ("principal_mean_rate", "pv_mean_rate"):
        table[f"way_{name}"] = elsewhere[name]
    return table.merge(courses(), combine_attrs="override")


def exposure(table: xarray.Dataset) -> xarray.DataArray:
    """Area of the brain's course over the week above its own level, h ng/g, dimensions (amount, regimen)."""
    return NG_PER_NMOL * (table["course_brain"] - OWN_NMOL_PER_KG).integrate("course_time")


def hours_within(table: xarray.Dataset, low: float, high: float, factor: float) -> xarray.DataArray:
    """Hours of the week in which `factor` times the brain's total lies between two values, dimensions (amount, regimen)."""
    hours = np.linspace(0, WEEK_H, 100 * WEEK_H + 1)
    reached = factor * table["course_brain"].interp(course_time=hours)
    return WEEK_H * ((reached >= low) & (reached <= high)).mean("course_time")


def mean_tonic(table: xarray.Dataset) -> xarray.Dataset:
    """Mean tonic conductance over the week over that before, `acute` and with the `regulated` density."""
    fold = tonic_fold(0.16, F_EFF["anchored"] * table["course_brain"].values, DELTA)
    before = tonic_fold(0.16, F_EFF["anchored"] * OWN_NMOL_PER_KG, DELTA)
    course = xarray.zeros_like(table["course_brain"]) + fold / before
    both = xarray.Dataset({"acute": course, "regulated": course * table["course_tonic_density"]})
    return both.integrate("course_time") / WEEK_H


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    (absorbed, whole), (low, high), area = AMOUNTS, NEUROGENIC_H_NG_PER_G, exposure(table)
    tonic = mean_tonic(table)
    pulse = float(area.sel(amount=absorbed, regimen="weekly"))

    def told(values, comparisons=1):
        return paired_change(values, comparisons=comparisons).text("Hz")

    def listed(values, digits):
        return ", ".join(f"{name} {float(values.sel(regimen=name)):.{digits}f}" for name in REGIMENS)

    def per_pulse(amount):
        weekly, daily, _ = area.sel(amount=amount).values
        return f"weekly {weekly:.0f}, daily {daily / 7:.0f}"

    def moved(hour, amount):
        since = rate.sel(time=hour) - rate.sel(time=0)
        return "; ".join(f"{name} {told(since.sel(condition=f'{name}, {amount}'))}" for name in REGIMENS)

    rate = table["principal_mean_rate"]
    above = {way: hours_within(table, THRESHOLD_NM, np.inf, f).sel(amount=absorbed) for way, f in F_EFF.items()}
    ways = table["way_principal_mean_rate"]
    by_way = ways.sel(way_time=PEAK_H) - ways.sel(way_time=0)
    peak = float(table["course_brain"].sel(amount=whole, regimen="weekly").max())
    alpha4, density = (table[name].sel(amount=whole) for name in ("course_alpha4", "course_tonic_density"))
    window = [
        f"{amount}, {way}: {name} {hours:.1f}"
        for way, factor in (("tissue", 1), *F_EFF.items())
        for (amount, name), hours in hours_within(table, *WINDOW_NM, factor).to_series().items()
        if hours > 0.05
    ]
    return [
        f"Exposure over the week, h ng/g, {absorbed}: {listed(area.sel(amount=absorbed), 0)}: the same, so mean "
        f"concentration tells nothing. Per pulse: {per_pulse(absorbed)} ({pulse * 5 / 3:.0f} a week with Kp 5, seen there for "
        f"a suspension); all absorbed: {per_pulse(whole)}. Neurogenic in mice: {low} to {high} (Irwin et al. 2015), which the "
        f"dose that was fitted to their plasma {'meets' if low <= pulse <= high else 'misses'}.",
        f"Weekly, all absorbed, the brain reaches {peak / 1000:.1f} umol/kg; mice wake below "
        f"{RIGHTING_NMOL_PER_KG[0] / 1000:.1f} (Mok et al. 1991): the studies' dose was below sedation, so "
        "if 10 mg/kg (recalled) was theirs, it was not all absorbed this fast.",
        f"Hours above {THRESHOLD_NM} nM at the receptor, {absorbed}: "
        + "; ".join(f"{way}: {listed(hours, 1)}" for way, hours in above.items())
        + f". Hours within {WINDOW_NM[0]} to {WINDOW_NM[1]} nM (recalled), where there are any: {'; '.join(window)}.",
        f"Receptors, all absorbed: tonic density (delta^1.8) at most x {listed(density.max('course_time'), 2)}; alpha4 at "
        f"most x {listed(alpha4.max('course_time'), 2)}, at the end x {listed(alpha4.isel(course_time=-1), 2)}. {absorbed}: "
        f"alpha4 at most x {listed(table['course_alpha4'].sel(amount=absorbed).max('course_time'), 2)}.",
        f"Mean tonic conductance of the week: {absorbed}, acute x {listed(tonic['acute'].sel(amount=absorbed), 3)}, with "
        f"regulation x {listed(tonic['regulated'].sel(amount=absorbed), 3)}; all absorbed, acute x "
        f"{listed(tonic['acute'].sel(amount=whole), 3)}, with regulation x {listed(tonic['regulated'].sel(amount=whole), 3)}. "
        "What is regulated rests on the assumed scale of 50 nM.",
        *(
            f"Principal rate {float(rate.sel(time=0, condition=f'weekly, {amount}').mean()):.2f} Hz before; {amount}, at "
            f"{PEAK_H} h: {moved(PEAK_H, amount)}. At the end of the week: {moved(WEEK_H, amount)}."
            for amount in AMOUNTS
        ),
        f"What f_eff decides, {absorbed}, at {PEAK_H} h: "
        + "; ".join(f"{way} {told(by_way.sel(way=way), ways.sizes['way'])}" for way in ways["way"].values) + ".",
    ]  # fmt: skip


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: brain and receptor, delta and alpha4, and the rate, one under the other; a column for each amount."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.4))
    columns = figure.subplots(4, 2, sharex=True, sharey="row").T
    days, f_eff = table["course_time"].values / 24, F_EFF["anchored"]
    for axes, amount in zip(columns, AMOUNTS):
        for number, regimen in enumerate(REGIMENS):
            chosen = table.sel(amount=amount, regimen=regimen)
            for ax, name in zip(axes, ("course_brain", "course_tonic_density", "course_alpha4")):
                ax.plot(days, chosen[name], color=f"C{number}", linewidth=1)
        for level in RIGHTING_NMOL_PER_KG:
            axes[0].axhline(level, color="0.5", linewidth=0.6, linestyle=":")
        names = {f"{regimen}, {amount}": regimen for regimen in REGIMENS}
        part = table.sel(condition=list(names)).assign_coords(condition=("condition", list(names.values())))
        figures.slow_time(part, ["principal_mean_rate"], hue="condition", axes=axes[3:], unit="day")
        # What lies between two times was not simulated.
        for line in axes[3].lines:
            line.set(linestyle=":", linewidth=0.8)
        axes[0].set_title(f"{amount}, a week")
    left, right = columns
    left[0].set_yscale("log")
    left[0].text(7, 3600, "return and loss of righting", fontsize=6, ha="right", va="top")
    for ax, text in zip(
        left, ("brain (nmol/kg)", "tonic density\n(delta^1.8, fold)", "alpha4 (fold)", "principal rate (Hz)")
    ):
        ax.set_ylabel(text)
    right[3].set_ylabel("")
    left[3].set_title(f"mean ± SD over {table.sizes['seed']} seeds")
    both_ways = (lambda brain: f_eff * brain, lambda nM: nM / f_eff)
    right[0].secondary_yaxis("right", functions=both_ways).set_ylabel("at the receptor,\nanchored (nM)")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--quick", action="store_true", help="3 times, at most 2 seeds, runs of 1 s")
    parser.add_argument("--output", help="path without suffix; default results/dosing_pulses, with --quick _quick")
    options = parser.parse_args(arguments)
    output = options.output or "results/dosing_pulses" + ("_quick" if options.quick else "")
    if options.seeds < 2:
        print(f"dosing_pulses: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    few = {"times_h": QUICK_TIMES_H, "seeds": min(options.seeds, 2), "duration": "1 s"}
    try:
        table = dosing_pulses(**(few if options.quick else {"seeds": options.seeds}))
        table.attrs["size"] = "quick" if options.quick else "full"
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"dosing_pulses: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"dosing_pulses: {error}", file=sys.stderr)
        return 1
    if options.quick:
        print(
            f"Quick size: {len(QUICK_TIMES_H)} times, {few['seeds']} seeds, {few['duration']}. Verdicts need the full size."
        )
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
