"""Late pregnancy, delivery and the week after it: the steroid falls in hours, receptors come back in hours to weeks.

Question
    Is a network hyperexcitable after delivery because allopregnanolone falls before the delta receptors that pregnancy took
    away are back, and what does an infusion change?

Concentration
    `pregnancy` with its defaults, from 24 h before delivery to 168 h after it; with `infusion`, the 60 h regimen of
    brexanolone, from 24 h after delivery. Map `anchored`; f_eff x 0.33 and x 3.3 as well. Postpartum
    depression is no other course: the level does not differ (13 studies, 2509 women; Schoretsanitis et al. 2024,
    doi:10.1038/s41380-024-02747-7), so recovery is varied.

Receptors
    `mouse_dentate`: delta falls in pregnancy (Maguire & Mody 2008). Its exposure is 10 in late pregnancy, so it is plasma
    over 5 nM, a tenth of the level at term. `menstrual_cycle.py` drives the same preset by plasma over 0.2 nM, 25 times
    less: both cannot hold for one woman, and no human scale exists. "Tonic density" is delta to the power 1.8. Recovery
    "preset" (time constant 12 h), "slow" (half-life 168 h, the declared guess of a public model of postpartum depression,
    which the recovery of mice within 48 h contradicts) and "no regulation". Nobody has measured recovery in women. Above 10
    the preset is extrapolated, and an infusion goes to 50.

Networks
    `pv_gamma`: without delta receptors on PV cells gamma is faster (Ferando & Mody 2013, doi:10.3389/fncir.2013.00144).
    `principal_pv`: principal cells as shipped, and with delta receptors on principal cells only. The latter was added after
    the former was seen to change little from 0 to 100 nM; granule cells are where mice were measured.

Design
    Recovery, with and without infusion, x times x seeds; 2 s, the first 0.5 s discarded, concentration and receptors held.
    A seed draws cells, contacts and initial state.

Read-outs
    Gamma frequency of PV cells, firing rates. A change is a mean of paired differences over seeds with its 95 % interval;
    it is not resolved if that includes 0.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

import allotone
from allotone import InputError, Network, SimulationError, figures, paired_change, run_along, write_table
from allotone.simulation.slow_time import SlowTime

BEFORE_H, INFUSION_H, END_H = -24.0, 24.0, 168.0
TERM_NM, TERM_EXPOSURE = 50.0, 10.0
F_EFF, ANCHORED = {0.022: "f_eff x 0.33", 0.22: "f_eff x 3.3"}, 0.067
RECOVERY = {"preset": {}, "slow": {"tau": f"{168 / np.log(2):.6g} h"}, "no regulation": None}
INFUSED = {f"{name} + infusion": name for name in ("preset", "slow")}
DELTA_ON = {"both": {}, "principal only": {"populations.pv.tonic.delta.density": 0}}
FULL = {
    "times_h": (BEFORE_H, 1.0, 4.0, 12.0, 24.0, 72.0, END_H),
    "infusion_times_h": (72.0, 96.0, END_H),
    "few_times_h": (BEFORE_H, 4.0, END_H),
    "recoveries": ("preset", "slow"),
    "delta_on": tuple(DELTA_ON),
    "seeds": 8,
    "duration": "2 s",
}
QUICK = {
    "times_h": (BEFORE_H, 4.0, 72.0),
    "infusion_times_h": (72.0,),
    "few_times_h": (BEFORE_H, 4.0),
    "recoveries": ("slow",),
    "delta_on": ("both",),
    "seeds": 2,
    "duration": "1.5 s",
}


def course(times_h, recovery: str, infusion: bool = False, f_eff: float = ANCHORED) -> SlowTime:
    """Concentration and receptors at hours after delivery, array (times,)."""
    text = f"pregnancy:week=40,term={TERM_NM} nM" + (f" + infusion:at={-INFUSION_H} h" if infusion else "")
    given = allotone.schedule(text, map="anchored", f_eff=f_eff)
    regulation = {}
    if RECOVERY[recovery] is not None:
        regulation = {
            "regulation": "mouse_dentate",
            "exposure": lambda plasma: plasma * TERM_EXPOSURE / TERM_NM,
            # All are adapted to late pregnancy at the same time.
            "history": times_h[0] - BEFORE_H,
            "parameters": RECOVERY[recovery],
        }
    return allotone.slow_time(given, np.asarray(times_h), **regulation)


def add_tonic(table: xarray.Dataset) -> xarray.Dataset:
    """The table with `tonic_conductance`, relative to all receptors and no steroid."""
    concentration = table["allopregnanolone"]
    fold = allotone.tonic_fold(0.16, concentration.fillna(0).values, allotone.receptor("alpha1_beta_delta", "slice"))
    product = (table["tonic_density"].fillna(1) * fold).where(concentration.notnull())
    meaning = {"units": "1", "description": "tonic conductance over that of all receptors without steroid"}
    return table.assign(tonic_conductance=product.assign_attrs(meaning))


def courses() -> xarray.Dataset:
    """`plasma`, `brain`, `allopregnanolone`, `tonic_density`, `tonic_conductance` (condition, time), for the figure."""
    hours = np.unique(np.concatenate([np.linspace(BEFORE_H, END_H, 193), np.geomspace(0.1, 12, 30)]))
    parts = [course(hours, name).dataset() for name in RECOVERY]
    late = hours[hours >= INFUSION_H]
    parts += [course(late, name, infusion=True).dataset() for name in INFUSED.values()]
    names = ("condition", [*RECOVERY, *INFUSED], {"units": "1"})
    return add_tonic(xarray.concat(parts, "condition", join="outer", data_vars="all").assign_coords(condition=names))


def gamma(times_h, infusion_times_h, **settings) -> xarray.Dataset:
    """`pv_peak_frequency` and `pv_mean_rate` (condition, time, seed) of `pv_gamma`, NaN before an infusion."""
    network = Network.load("pv_gamma")
    settings["statistics"] = ("peak_frequency", "mean_rate")
    bare = run_along({name: (network, course(times_h, name)) for name in RECOVERY}, **settings)
    infused = run_along(
        {key: (network, course(infusion_times_h, name, infusion=True)) for key, name in INFUSED.items()}, **settings
    )
    return xarray.concat([bare, infused], "condition", join="outer", data_vars="all", combine_attrs="override")


def by_f_eff(times_h, recoveries, **settings) -> xarray.DataArray:
    """Gamma frequency (f_eff, condition, time, seed) at the ends of the range of f_eff."""
    network = Network.load("pv_gamma")
    parts = []
    for f_eff in F_EFF:
        conditions = {name: (network, course(times_h, name, f_eff=f_eff)) for name in recoveries}
        parts.append(run_along(conditions, statistics=("peak_frequency",), **settings)["pv_peak_frequency"])
    return xarray.concat(parts, xarray.DataArray(list(F_EFF), dims="f_eff", name="f_eff", attrs={"units": "1"}))


def principal(times_h, recoveries, delta_on, **settings) -> xarray.DataArray:
    """Firing rate of principal cells (delta_on, condition, time, seed) of `principal_pv`."""
    parts = []
    for place in delta_on:
        network = Network.load("principal_pv").override(DELTA_ON[place])
        conditions = {name: (network, course(times_h, name)) for name in recoveries}
        parts.append(run_along(conditions, **settings)["principal_mean_rate"])
    return xarray.concat(
        parts, xarray.DataArray(list(delta_on), dims="delta_on", name="delta_on", attrs={"units": "1"})
    )


def postpartum_withdrawal(
    times_h, infusion_times_h, few_times_h, recoveries, delta_on, seeds: int, duration: str
) -> xarray.Dataset:
    """All read-outs; times are hours after delivery, and variables that were not run at a time are NaN there."""
    run = {"seeds": seeds, "duration": duration, "discard": "0.5 s", "show_progress": True}
    table = add_tonic(gamma(times_h, infusion_times_h, **run)).sortby("time")
    return table.assign(
        pv_peak_frequency_by_f_eff=by_f_eff(few_times_h[:2], recoveries, **run).rename(
            time="f_eff_time", condition="recovery"
        ),
        principal_mean_rate=principal(few_times_h, recoveries, delta_on, **run).rename(
            time="few_times", condition="recovery"
        ),
    )


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    gamma, ends = table["pv_peak_frequency"], table["pv_peak_frequency_by_f_eff"]
    early, last, end_h = float(table["f_eff_time"][1]), float(table["time"].max()), INFUSION_H + 60

    def told(values):
        return paired_change(values).text("Hz")

    def levels(name, hours, condition="preset", digits=1):
        values = table[name].sel(condition=condition)
        return " / ".join(f"{float(values.sel(time=hour)):.{digits}f}" for hour in hours)

    def since(name, hour):
        return gamma.sel(condition=name, time=hour) - gamma.sel(condition=name, time=BEFORE_H)

    def over_baseline(name, hour):
        return told(gamma.sel(condition=name, time=hour) - gamma.sel(condition="no regulation", time=last))

    def against_none(name, hour):
        return told(gamma.sel(condition=f"{name} + infusion", time=hour) - gamma.sel(condition=name, time=hour))

    def lowest(course):
        return f"{float(course.min()):.2f} at {float(course.idxmin()):.0f} h ({course['condition'].item()})"

    def shift(values, **chosen):
        values = values.sel(chosen)
        hour = next(name for name in values.dims if name != "seed")
        return told(values.isel({hour: 1}) - values.isel({hour: 0}))

    hours, dense = (BEFORE_H, early, last), courses()
    density = dense["tonic_density"].sel(condition="preset")
    after = dense["tonic_conductance"].sel(time=slice(end_h, None))
    infused = gamma.sel(condition="slow + infusion").dropna("time", how="all")["time"].values.tolist()
    beside = [hour for hour in infused if gamma.sel(condition="slow", time=hour).notnull().all()]
    added = paired_change(since("slow", early) - since("no regulation", early))
    shifts = ends.mean("seed").isel(f_eff_time=1) - ends.mean("seed").isel(f_eff_time=0)
    hangs = shifts["recovery"].values[shifts.min("f_eff") * shifts.max("f_eff") < 0]
    return [
        f"Level, {BEFORE_H:g} / {early:g} / {last:g} h from delivery: plasma {levels('plasma', hours)} nM, receptor "
        f"{levels('allopregnanolone', hours)} nM.",
        f"Tonic density (delta^1.8): preset {levels('tonic_density', hours, digits=2)}, slow "
        f"{levels('tonic_density', hours, 'slow', 2)}. The preset passes {float(density.max()):.2f} at "
        f"{float(density.idxmax()):.0f} h, since the falling level crosses that of the cycle.",
        f"Tonic conductance, steroid and receptors together: preset {levels('tonic_conductance', hours, digits=2)}, slow "
        f"{levels('tonic_conductance', hours, 'slow', 2)}, no regulation "
        f"{levels('tonic_conductance', hours, 'no regulation', 2)}.",
        f"Gamma frequency {early:g} h after delivery against late pregnancy: "
        + "; ".join(f"{name} {told(since(name, early))}" for name in RECOVERY)
        + ".",
        f"That the network is excitable because receptors lag is {'' if added.low > 0 else 'not '}borne out: without "
        f"regulation the rise is the steroid's fall alone, and receptors that stay away add {added.text('Hz')} to it at "
        f"{early:g} h.",
        f"Against a healthy baseline (all receptors, {last:g} h): already in late pregnancy {over_baseline('slow', BEFORE_H)}; "
        f"{early:g} h, slow {over_baseline('slow', early)}, preset {over_baseline('preset', early)}.",
        f"At {last:g} h: " + "; ".join(f"{name} {told(since(name, last))}" for name in RECOVERY) + ".",
        f"The same at {early:g} h: "
        + "; ".join(
            f"{name}, {word} {shift(ends, recovery=name, f_eff=f_eff)}"
            for name in table["recovery"].values
            for f_eff, word in F_EFF.items()
        )
        + f". The sign hangs on f_eff under: {', '.join(hangs) or 'none'}.",
        f"Principal cells at {early:g} h: "
        + "; ".join(
            f"{name}, delta on {place}: {shift(table['principal_mean_rate'], recovery=name, delta_on=place)}"
            for name in table["recovery"].values
            for place in table["delta_on"].values
        )
        + ".",
        f"Infusion ({INFUSION_H:g} to {end_h:g} h) against none, gamma frequency: "
        + "; ".join(f"{name} at {hour:g} h {against_none(name, hour)}" for name in INFUSED.values() for hour in beside)
        + ". Against the healthy baseline: "
        + "; ".join(f"{name} at {hour:g} h {over_baseline(name, hour)}" for name in INFUSED for hour in infused)
        + ". Below 0 it overshoots, above it rebounds; a rescue would stay at 0.",
        "Once it ends, tonic conductance falls to "
        + ", ".join(lowest(after.sel(condition=name)) for name in INFUSED)
        + f", where late pregnancy has {levels('tonic_conductance', [BEFORE_H], digits=2)}; no network was run at those hours. "
        "The infusion goes beyond the exposures the preset was fitted to and is no statement on women.",
        "No human recovery time is known; mice are back within 48 h, which the slow recovery contradicts. Nor is a human scale: "
        f"exposure is plasma over {TERM_NM / TERM_EXPOSURE:g} nM here, over 0.2 nM in menstrual_cycle.py, 25 times less.",
    ]


@figures.styled
def draw(table: xarray.Dataset, dense: xarray.Dataset) -> Figure:
    """Figure over the week: concentration, receptors, both together, gamma frequency."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.2))
    axes = figure.subplots(5, 1, sharex=True)
    names = {
        "plasma": "plasma",
        "allopregnanolone": "receptor",
        "tonic_density": "tonic density\n(delta^1.8)",
        "tonic_conductance": "tonic\nconductance",
        "pv_peak_frequency": "gamma\nfrequency",
    }
    for axis in axes[:2]:
        axis.set_yscale("log")
    for name in ("preset", "preset + infusion"):
        brain, days = dense["brain"].sel(condition=name), dense["time"] / 24
        axes[1].fill_between(days, min(F_EFF) * brain, max(F_EFF) * brain, color="black", alpha=0.1, linewidth=0)
    axes[1].annotate("band: f_eff x 0.33 to x 3.3", (0.99, 0.8), xycoords="axes fraction", ha="right")
    figures.slow_time(dense, list(names)[:4], hue="condition", axes=axes[:4], unit="day", labels=names)
    figures.slow_time(table, list(names)[4:], hue="condition", axes=axes[4:], unit="day", labels=names)
    axes[3].set_xlabel("")
    for axis in axes:
        axis.axvline(0, color="black", linewidth=0.6, linestyle=":")
    axes[4].set_xlabel("time after delivery (days)")
    axes[4].set_title(f"mean ± SD over {table.sizes['seed']} seeds", loc="right", fontsize=7)
    figure.align_ylabels(axes)
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, help="default 8, or 2 with --quick")
    parser.add_argument("--quick", action="store_true", help="few times and conditions, 2 seeds, runs of 1.5 s")
    parser.add_argument("--output", help="path without suffix; default results/postpartum_withdrawal[_quick]")
    options = parser.parse_args(arguments)
    size = "quick" if options.quick else "full"
    output = options.output or "results/postpartum_withdrawal" + ("_quick" if options.quick else "")
    chosen = (QUICK if options.quick else FULL) | ({} if options.seeds is None else {"seeds": options.seeds})
    if chosen["seeds"] < 2:
        print(f"postpartum_withdrawal: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    try:
        table = postpartum_withdrawal(**chosen)
        table.attrs["size"] = size
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table, courses()), f"{output}.png")
    except (InputError, SimulationError) as error:
        print(f"postpartum_withdrawal: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    if options.quick:
        print(f"Quick size: few times, {chosen['seeds']} seeds. Verdicts need the full size.")
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
