"""A gamma network over one menstrual cycle: what the map to the receptor, regulation and sensitivity decide.

Questions
    1. How far does allopregnanolone of the cycle move PV interneurons and their gamma, if plasma is mapped to the receptor
       as such (`nominal`), through the brain (`anchored`) or by its free part (`free`)?
    2. Does regulation of receptors act with the direct effect of the steroid or against it?
    3. Can another sensitivity at the same levels, as is thought of premenstrual dysphoric disorder (PMDD), make up for
       levels that hardly move the receptor?

Concentration
    `menstrual_cycle` with progesterone scaled to a peak of 28.8 nM, the luteal median of 85 women (Anckaert et al. 2021,
    doi:10.1016/j.plabm.2021.e00211); allopregnanolone is an offset and 0.034 of it, fitted to two ratios of Kimball et al.
    2020 (PMC6935417). The schedule's own peak of 50.9 nM is above the 95th percentile of those women (46.3), and is shown
    for the receptors only. PMDD has the same levels (Hamidovic et al. 2024, doi:10.1038/s41380-024-02566-w). `anchored` is
    also shown with its factor to the receptor, f_eff, x 0.33 and x 3.3: it is uncertain by as much.

Receptors
    Fixed, or regulated. No human number of regulation exists: the preset `mouse_dentate` is driven by plasma over plasma
    of day 9, which assumes that women's receptors follow the ratio to their follicular level as those of mice that to
    estrus. That is plasma over 0.2 nM; `postpartum_withdrawal.py` drives the same preset by plasma over 5 nM, 25 times as
    much: both cannot hold for one woman. Regulation multiplies tonic density, which is delta to the power 1.8; it is the
    same under each map, for it is driven by plasma.
    PMDD is, by assumption, 2.9 times the potency of the steroid at both receptors (K_allo of the tonic and decay_ec50 of
    the synaptic one divided): the rise for ganaxolone on seizures of rats withdrawn from progesterone (Reddy & Rogawski
    2000, JPET 294:909). That is a ratio of doses, 3.5 to 1.2 mg/kg; of plasma, which is nearer to what K_allo is, it was
    500 to 225 ng/mL, 2.2, given for the tonic fold alone. No value for women exists.

Network
    `pv_gamma` as shipped: 200 PV interneurons with delta receptors. The preset describes the hippocampus, where reduced
    delta receptors on such cells raise gamma frequency (Ferando & Mody 2013, doi:10.3389/fncir.2013.00144). It was
    preferred to `principal_pv` after both had been tried at 0 to 15 nM and densities of 0.6 to 1.9: the rates of
    `principal_pv` did not move beyond their spread, so that it says less.

Design
    Condition x 10 days x seeds; each run is a snapshot of 2 s, the first 0.5 s discarded. A seed draws agents, contacts and
    initial state, the same on every day, so that days are compared within seeds.

Read-outs
    Peak frequency of the population rate and mean rate of PV cells, as differences from day 9. A difference whose 95 %
    interval over seeds includes 0 is not resolved; intervals are not corrected for their number. Drive is a constant current
    and connections are drawn once for each seed, so that hundredths of a Hz are resolved which no experiment would see.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from allotone import InputError, Network, SimulationError, figures, run_along, schedule, slow_time, write_table
from allotone.receptors import receptor, tonic_fold, withdrawal_phenotype
from allotone.statistics import paired_change
from allotone.units import magnitude

DAYS = (2, 5, 9, 13, 16, 18, 20, 22, 25, 27)
FOLLICULAR, LUTEAL = 9, 20  # The peak of progesterone is 6 days after that of LH on day 14.
FINE_DAYS = np.arange(1, 28.01, 0.25)
PEAK_NM = 28.8
PEAKS_NM = (13.1, 28.8, 46.3, 50.9)  # 5th percentile, median and 95th percentile of women; the schedule's own
MAPS = ("nominal", "anchored", "free")
REGULATED = ", regulated"
PMDD = "anchored, PMDD"
BY_DOSE, BY_PLASMA = withdrawal_phenotype()["neurosteroid_potency"].value, 500 / 225
CONDITIONS = (*MAPS, PMDD, *(name + REGULATED for name in MAPS))
F_EFF, ANCHORED = {0.022: "f_eff x 0.33", 0.22: "f_eff x 3.3"}, 0.067
RUN = {"duration": "2 s", "discard": "0.5 s", "statistics": ("mean_rate", "peak_frequency")}
READ_OUTS = {"pv_peak_frequency": "gamma", "pv_mean_rate": "PV rate"}


def cycle(days, chosen_map="anchored", regulated=False, peak_nM=PEAK_NM, **numbers):
    """What a network meets on some days, array (days,), of a cycle."""
    # Day 0 at schedule time 0, so that hours over 24 are the day.
    course = schedule("menstrual_cycle", day=0, progesterone_peak=f"{peak_nM} nM", map=chosen_map, **numbers)
    times_h = 24.0 * np.asarray(days)
    if not regulated:
        return slow_time(course, times_h)
    follicular = magnitude(course.plasma([24.0 * FOLLICULAR]).concentration, "nM")
    # Receptors have lived through the cycle before.
    return slow_time(
        course, times_h, regulation="mouse_dentate", exposure=lambda nM: nM / follicular, history="28.1 days"
    )


def sensitive(network: Network, potency: float = BY_DOSE) -> Network:
    """The network with receptors on which the steroid is `potency` times as potent; by default, as assumed of PMDD."""
    data = network.definition.data
    tonic, synaptic = data["populations"]["pv"]["tonic"]["delta"], data["projections"]["pv_to_pv"]
    K_allo = receptor(tonic["receptor"], tonic["preparation"]).K_allo
    decay_ec50 = receptor(synaptic["receptor"], synaptic["preparation"]).decay_ec50
    return network.override({
        "populations.pv.tonic.delta.receptor_parameters.K_allo": f"{K_allo.value / potency!r} {K_allo.unit}",
        "projections.pv_to_pv.receptor_parameters.decay_ec50": f"{decay_ec50.value / potency!r} {decay_ec50.unit}",
    })  # fmt: skip


def conditions(days, names) -> dict:
    """The network and what it meets in each named condition."""
    network = Network.load("pv_gamma")
    made = {}
    for name in names:
        own = sensitive(network) if name == PMDD else network
        made[name] = (own, cycle(days, name.split(",")[0], regulated=name.endswith(REGULATED)))
    return made


def tonic_conductance(network: Network, slow) -> np.ndarray:
    """Tonic conductance over that of undisturbed receptors without steroid, array (times,)."""
    tonic = network.definition.data["populations"]["pv"]["tonic"]["delta"]
    own = receptor(tonic["receptor"], tonic["preparation"], parameters=tonic.get("receptor_parameters"))
    fold = tonic_fold(network.definition.data["medium"]["gaba"], slow.receptor, own)
    return fold if slow.tonic_density is None else fold * slow.tonic_density


def courses(names=CONDITIONS) -> xarray.Dataset:
    """Concentrations and receptors over the whole cycle, dimensions (condition, course_time) and those for other peaks."""
    made = conditions(FINE_DAYS, names)
    parts = []
    for network, slow in made.values():
        part = slow.dataset()
        attributes = {"units": "1", "description": "tonic conductance over that without steroid and regulation"}
        part["tonic_conductance"] = ("time", tonic_conductance(network, slow), attributes)
        parts.append(part)
    table = xarray.concat(parts, "condition", join="exact", data_vars="all")
    table = table.assign_coords(condition=("condition", list(made), {"units": "1"}))
    densities = [cycle(FINE_DAYS, regulated=True, peak_nM=peak).tonic_density for peak in PEAKS_NM]
    table = table.assign_coords(progesterone_peak=("progesterone_peak", list(PEAKS_NM), {"units": "nM"}))
    attributes = {"units": "1", "description": "tonic density, delta to the power 1.8, by the peak of progesterone"}
    table["density_by_peak"] = (("progesterone_peak", "time"), densities, attributes)
    return table.rename({name: f"course_{name}" for name in table.data_vars} | {"time": "course_time"})


def menstrual_cycle(days=DAYS, names=CONDITIONS, seeds=8, show_progress=True) -> xarray.Dataset:
    """Read-outs (condition, time, seed), those at the ends of f_eff (f_eff, f_eff_time, seed), and `course_...`."""
    settings = {**RUN, "seeds": seeds, "show_progress": show_progress}
    table = run_along(conditions(days, names), **settings)
    network, ends = Network.load("pv_gamma"), (FOLLICULAR, LUTEAL)
    extreme = run_along({word: (network, cycle(ends, f_eff=value)) for value, word in F_EFF.items()}, **settings)
    for name in ("allopregnanolone", *READ_OUTS):
        table[f"{name}_by_f_eff"] = extreme[name].rename(condition="f_eff", time="f_eff_time").drop_vars("f_eff")
    attributes = table.attrs | {"schedules_by_f_eff": extreme.attrs["schedules"]}
    table = table.merge(courses(names)).assign_coords(f_eff=("f_eff", list(F_EFF), {"units": "1"}))
    return table.assign_attrs(attributes)


def change(values: xarray.DataArray, day: float) -> np.ndarray:
    """Difference from day 9 within seeds, array (seed,), of a read-out with the dimensions (time, seed)."""
    return (values.sel(time=24.0 * day) - values.sel(time=24.0 * FOLLICULAR)).values


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    fixed = [str(name) for name in table["condition"].values if not str(name).endswith(REGULATED)]
    regulated = [str(name) for name in table["condition"].values if str(name).endswith(REGULATED)]
    density = table["course_density_by_peak"]
    own = density.sel(progesterone_peak=PEAK_NM)
    highest = float(own["course_time"][int(own.values.argmax())]) / 24
    drawn = table["time"].values / 24
    turn = float(drawn[np.abs(drawn - highest).argmin()])

    plasma = table["course_plasma"].sel(condition="anchored")
    late, follicular = (float(plasma.sel(course_time=24.0 * day)) for day in (turn, FOLLICULAR))

    def levels(variable, condition, digits=".2g"):
        found = table[f"course_{variable}"].sel(condition=condition, course_time=[24.0 * FOLLICULAR, 24.0 * LUTEAL])
        return " and ".join(format(float(value), digits) for value in found)

    def told(condition, day=LUTEAL, less=None):
        shown = []
        for name, label in READ_OUTS.items():
            differences = change(table[name].sel(condition=condition), day)
            if less:
                differences = differences - change(table[name].sel(condition=less), day)
            shown.append(f"{label} {paired_change(differences).text('Hz')}")
        return ", ".join(shown)

    def extreme(f_eff):
        chosen = table.sel(f_eff=f_eff)
        low, high = chosen["allopregnanolone_by_f_eff"].values
        shown = (
            f"{label} {paired_change(np.diff(chosen[f'{name}_by_f_eff'].values, axis=0)[0]).text('Hz')}"
            for name, label in READ_OUTS.items()
        )
        return f"{F_EFF[f_eff]} ({low:.2f} and {high:.2f} nM) {', '.join(shown)}"

    lines = [
        f"Days {FOLLICULAR} and {LUTEAL}: plasma {levels('plasma', 'anchored', '.2f')} nM; at the receptor "
        + ", ".join(f"{name} {levels('allopregnanolone', name, '.3g')} nM" for name in fixed if name != PMDD)
        + ".",
        f"Fixed receptors, day {LUTEAL} less day {FOLLICULAR} ({table.sizes['seed']} seeds, 95 %): "
        + "; ".join(f"{name} {told(name)}" for name in fixed if name != PMDD)
        + ".",
        f"What anchored depends on: {'; '.join(extreme(value) for value in F_EFF)}.",
        f"Regulated receptors (mouse numbers): on day {LUTEAL}, tonic density (delta^1.8) "
        f"x {float(own.sel(course_time=24.0 * LUTEAL)):.2f}, "
        + "; ".join(f"{name} {told(name)}" for name in regulated)
        + f"; on day {turn:.0f}, near the highest (x {float(own.max()):.2f}) though plasma is at {late:.2f} nM, "
        f"{told('anchored' + REGULATED, turn)} under anchored.",
        f"The sign of regulation hangs on the woman's peak of progesterone: the tonic density of day {LUTEAL} is "
        + ", ".join(
            f"x {float(density.sel(progesterone_peak=peak, course_time=24.0 * LUTEAL)):.2f} at {peak:g} nM"
            for peak in density["progesterone_peak"].values
        )
        + "; below 1 it acts against the steroid.",
        f"The scale is assumed: exposure is plasma over {follicular:.2f} nM here, over 5 nM in postpartum_withdrawal.py, "
        f"{5 / follicular:.0f} times as much, with the same preset. No human scale exists.",
        "pv_gamma was taken because principal_pv, tried first as well, did not move: what moves here is a selected network.",
    ]
    if PMDD in fixed:
        by_plasma = tonic_conductance(sensitive(Network.load("pv_gamma"), BY_PLASMA), cycle((FOLLICULAR, LUTEAL)))
        lines.append(
            f"PMDD as {BY_DOSE:g} times the potency at the same levels: tonic fold "
            f"{levels('tonic_conductance', PMDD, '.3f')} instead of {levels('tonic_conductance', 'anchored', '.3f')}; "
            f"{told(PMDD)}; less that of anchored, {told(PMDD, less='anchored')}. {BY_DOSE:g} is a ratio of doses; that of plasma in "
            f"the same rats is {BY_PLASMA:.1f}, and the fold {' and '.join(f'{fold:.3f}' for fold in by_plasma)}."
        )
    return lines


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: concentration, receptors and network, one under the other; left fixed receptors, right regulated ones."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.4))
    axes = figure.subplots(5, 2, sharex=True)
    fine = table[[name for name in table.data_vars if name.startswith("course_")]]
    fine = fine.rename({name: name.removeprefix("course_") for name in fine.data_vars} | {"course_time": "time"})
    changes = {name: table[name] - table[name].sel(time=24.0 * FOLLICULAR) for name in READ_OUTS}
    network = xarray.Dataset({name: one.assign_attrs(units="Hz") for name, one in changes.items()})
    network = network.assign_coords(time=table["time"], condition=table["condition"])
    labels = {
        "allopregnanolone": "receptor",
        "tonic_conductance": "tonic fold",
        "density_by_peak": "tonic density\n(delta^1.8)",
    }
    labels |= {name: f"Δ {label}" for name, label in READ_OUTS.items()}
    for column, is_regulated in zip(axes.T, (False, True)):
        chosen = [str(name) for name in table["condition"].values if str(name).endswith(REGULATED) == is_regulated]
        short = [name.removesuffix(REGULATED).removeprefix("anchored, ") for name in chosen]
        courses_shown = fine.sel(condition=chosen).assign_coords(condition=("condition", short, {"units": "1"}))
        shown = network.sel(condition=chosen).assign_coords(condition=("condition", short, {"units": "1"}))
        column[1].set_yscale("log")
        column[1].yaxis.set_minor_formatter(NullFormatter())
        settings = {"hue": "condition", "unit": "day", "labels": labels}
        figures.slow_time(courses_shown, list(labels)[:2], axes=column[1:3], **settings)
        figures.slow_time(shown, list(READ_OUTS), axes=column[3:], **settings)
        # The receptor's concentration is proportional to f_eff.
        band = [courses_shown["allopregnanolone"].sel(condition="anchored") * value / ANCHORED for value in F_EFF]
        colour = column[1].lines[short.index("anchored")].get_color()
        column[1].fill_between(fine["time"] / 24, *band, color=colour, alpha=0.15, linewidth=0)
        for ax in column[3:]:
            ax.axhline(0, color="black", linewidth=0.4)
        column[-1].set_xlabel("day of the cycle")
    plasma = fine[["plasma"]].isel(condition=0, drop=True)
    figures.slow_time(plasma, ["plasma"], axes=axes[:1, 0], unit="day")
    axes[0, 0].set_title("receptors fixed")
    axes[1, 0].text(28, 0.15, "band: f_eff x 0.33 to x 3.3", fontsize=6, va="top", ha="right")
    peaks = [f"peak {peak:g} nM" for peak in fine["progesterone_peak"].values]
    by_peak = fine[["density_by_peak"]].assign_coords(progesterone_peak=("progesterone_peak", peaks, {"units": "1"}))
    figures.slow_time(by_peak, ["density_by_peak"], "progesterone_peak", axes[:1, 1], unit="day", labels=labels)
    axes[0, 1].set_title("receptors regulated (mouse numbers)")
    for ax in axes[:-1].flat:
        ax.set_xlabel("")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--quick", action="store_true", help="3 days, 2 conditions, at most 3 seeds")
    parser.add_argument("--output", help="path without suffix; default results/menstrual_cycle, or ..._quick")
    options = parser.parse_args(arguments)
    output = options.output or "results/menstrual_cycle" + ("_quick" if options.quick else "")
    if options.seeds < 2:
        print(f"menstrual_cycle: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    names = ("anchored", "anchored" + REGULATED)
    few = {"days": (FOLLICULAR, LUTEAL, 25), "names": names, "seeds": min(options.seeds, 3)}
    try:
        table = menstrual_cycle(**few if options.quick else {"seeds": options.seeds})
        table.attrs["size"] = "quick" if options.quick else "full"
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except (InputError, SimulationError) as error:
        print(f"menstrual_cycle: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
