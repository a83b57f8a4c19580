"""Progesterone by three routes, a progestin and allopregnanolone into a vein: from the dose to the network.

Question
    The same hormone reaches the blood by the mouth, the vagina or the skin. How much allopregnanolone comes of each after
    menopause, what of it reaches the receptor, and does a network notice?

Concentration
    On top of the postmenopausal level: 200 mg swallowed once, 100 mg into the vagina once (Levy et al. 1999,
    doi:10.1093/humrep/14.3.606), a cream of 40 mg a day (Vashisht et al. 2005, doi:10.1080/09513590500128583), and the first
    48 h of the infusion for postpartum depression. The progestin is norethindrone, which yields no allopregnanolone and
    inhibits 5alpha-reductase, by an assumed half, in brain and plasma; its schedule has its own level before the first
    dose, 0.13 nM instead of 0.12. The map is `anchored`, with its f_eff x 0.33 and x 3.3 beside it, which is
    uncertain by as much. Subjects differ in what they make of an oral dose (log-normal, SD 0.8, part assumed).

Receptors
    Not regulated: no change of receptors within two days of a dose was measured in women. Tonic conductance is that of the
    network's delta receptors at each concentration, over that without steroid.

Networks
    `pv_gamma` as shipped, along time and at each route's peak; `principal_pv` as shipped at the peaks, for principal cells.
    Both were tried at some doses (0 to 51 and 167 nM) before the design was fixed: the rate of principal cells moves beyond
    its spread only at the infusion's level, which is why `pv_gamma` is the one followed along time.

Design
    Route x time x seeds (`pv_gamma`), and before or peak of each route x f_eff x seeds (both networks); peak is where the
    receptor's concentration departs most within 48 h. Snapshots of 2 s, the first 0.5 s discarded. A seed draws agents,
    contacts, initial state and noise, the same at every point, so that points are compared within seeds.

Read-outs
    Peak frequency of the population rate and mean rates, less those before. A difference whose 95 % interval over seeds
    includes 0 is not resolved; intervals are not corrected for their number. Lines in plasma were observed in women and are
    no threshold of the model: worst mood on oral progesterone at 1.5 to 2 nM of serum allopregnanolone (Andreen et al.
    2006, doi:10.1007/s00213-006-0417-0), fatigue and loss of memory above 95.55 nM of allopregnanolone and pregnanolone
    together after 1200 mg (Freeman et al. 1993, Neuroendocrinology 58:478).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

from allotone import InputError, Network, SimulationError, figures, run_along, schedule, slow_time, write_table
from allotone.receptors import receptor, tonic_fold
from allotone.statistics import paired_change
from allotone.units import magnitude

ROUTES = {
    "oral": "menopause + oral_progesterone:dose=200mg",
    "vaginal": "menopause + vaginal_progesterone:dose=100mg",
    "transdermal": "menopause + transdermal_progesterone:dose=40mg/day",
    "intravenous": "menopause + infusion",
    "progestin": "progestin:compound=norethindrone,progesterone=0.318nM",
}
BEFORE = "before"
TIMES_H = (0, 2, 6.5, 24, 48)
FINE_H = np.arange(0, 48.01, 0.25)
F_EFF, ANCHORED = {0.022: "f_eff x 0.33", 0.067: "anchored", 0.22: "f_eff x 3.3"}, 0.067
PERCENTILES = (5, 50, 95)
WORST_MOOD_NM, FATIGUE_NM = (1.5, 2.0), 95.55
RUN = {"discard": "0.5 s", "statistics": ("mean_rate", "peak_frequency")}
READ_OUTS = {"pv_peak_frequency": "gamma", "pv_mean_rate": "PV rate", "principal_mean_rate": "principal rate"}
NETWORKS = {"pv_gamma": ("pv_peak_frequency", "pv_mean_rate"), "principal_pv": ("principal_mean_rate",)}


def course(route: str, f_eff: float = ANCHORED, at_h: float = 0.0):
    """The schedule of a route, or of the level before it, from an hour after the dose on."""
    return schedule(ROUTES.get(route, "menopause"), map="anchored", f_eff=f_eff, at=f"{at_h!r} h")


def peak_hour(route: str) -> float:
    """Hours to the largest departure of the receptor's concentration from that before."""
    nM = magnitude(course(route).receptor(FINE_H).concentration, "nM")
    departure = np.abs(nM - nM[0])
    # The first of a plateau, whichever of its points a solver's last digits put highest.
    return float(FINE_H[(departure >= (1 - 1e-5) * departure.max()).argmax()])


def courses(routes, subjects: int) -> xarray.Dataset:
    """Concentrations and receptors, dimensions (condition, course_time), and percentiles over subjects."""
    data = Network.load("pv_gamma").definition.data
    delta = data["populations"]["pv"]["tonic"]["delta"]
    parts = []
    for name in routes:
        slow = slow_time(course(name), FINE_H)
        part = slow.dataset()
        progesterone = magnitude(slow.schedule.progesterone(FINE_H), "nM")
        part["progesterone"] = ("time", progesterone, {"units": "nM", "description": "total progesterone in plasma"})
        fold = tonic_fold(data["medium"]["gaba"], slow.receptor, receptor(delta["receptor"], delta["preparation"]))
        part["tonic_conductance"] = ("time", fold, {"units": "1", "description": "over that without steroid"})
        parts.append(part)
    table = xarray.concat(parts, "condition", join="exact")
    people = [schedule(f"{ROUTES['oral']},subject={number}").plasma(FINE_H) for number in range(1, subjects + 1)]
    plasma = [magnitude(one.concentration, "nM") for one in people]
    attributes = {"units": "nM", "description": f"plasma allopregnanolone of {subjects} subjects after the oral dose"}
    table["oral_subjects"] = (("percentile", "time"), np.percentile(plasma, PERCENTILES, axis=0), attributes)
    table = table.rename({name: f"course_{name}" for name in table.data_vars} | {"time": "course_time"})
    return table.assign_coords(condition=list(routes), percentile=("percentile", list(PERCENTILES), {"units": "%"}))


def at_peaks(network_name: str, routes, f_eff, **settings) -> xarray.Dataset:
    """`peak_...` of a network before and at the peak of each route, dimensions (f_eff, state, seed)."""
    network = Network.load(network_name)
    hours = {BEFORE: 0.0} | {name: peak_hour(name) for name in routes}
    parts = []
    for value in f_eff:
        # A schedule that begins at its peak, so that all are looked at at one time.
        states = {state: (network, slow_time(course(state, value, hour), [0.0])) for state, hour in hours.items()}
        parts.append(run_along(states, **settings).isel(time=0, drop=True))
    kept = ("allopregnanolone", *NETWORKS[network_name])
    table = xarray.concat(parts, "f_eff")[[*kept]].rename({name: f"peak_{name}" for name in kept})
    return table.rename(condition="state").assign_coords(
        f_eff=("f_eff", list(f_eff), {"units": "1"}), state_hour=("state", list(hours.values()), {"units": "h"})
    )


def routes_of_progesterone(
    routes=tuple(ROUTES),
    times_h=TIMES_H,
    f_eff=tuple(F_EFF),
    networks=tuple(NETWORKS),
    subjects=200,
    seeds=8,
    duration="2 s",
) -> xarray.Dataset:
    """Read-outs along time (condition, time, seed), `peak_...` (f_eff, state, seed) and `course_...`."""
    settings = {**RUN, "duration": duration, "seeds": seeds, "show_progress": True}
    network = Network.load("pv_gamma")
    along = run_along({name: (network, slow_time(course(name), [*map(float, times_h)])) for name in routes}, **settings)
    parts = [at_peaks(name, routes, f_eff, **settings) for name in networks]
    table = xarray.merge([along, *parts, courses(routes, subjects)], compat="no_conflicts", join="exact")
    definitions = {f"definition_{name}": Network.load(name).definition.json for name in networks}
    return table.assign_attrs(along.attrs | definitions)


def change(table: xarray.Dataset, name: str, state: str, f_eff: float = ANCHORED) -> np.ndarray:
    """What the peak of a route adds to a read-out, array (seed,)."""
    values = table[f"peak_{name}"].sel(f_eff=f_eff)
    return (values.sel(state=state) - values.sel(state=BEFORE)).values


def hours_above(plasma: xarray.DataArray, nM: float) -> float:
    """Hours that a course over FINE_H, array (course_time,), spends above a level."""
    return FINE_H[-1] * float((np.interp(np.linspace(0, FINE_H[-1], 20001), FINE_H, plasma) > nM).mean())


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    routes = [str(name) for name in table["condition"].values]
    peaks = {name: float(table["state_hour"].sel(state=name)) for name in routes}
    shown = [name for name in READ_OUTS if f"peak_{name}" in table]

    def at(variable, name, hour=None):
        return float(table[f"course_{variable}"].sel(condition=name, course_time=peaks[name] if hour is None else hour))

    def above(nM):
        return ", ".join(name for name in routes if at("plasma", name) > nM) or "none"

    def network(names):
        for state in routes:
            told = (f"{READ_OUTS[name]} {paired_change(change(table, name, state)).text('Hz')}" for name in names)
            yield f"{state} {', '.join(told)}"

    def resolved(f_eff):
        for state in routes:
            found = {READ_OUTS[name]: paired_change(change(table, name, state, f_eff)) for name in shown}
            kept = [f"{label} {one.mean:+.2f} Hz" for label, one in found.items() if one.resolved]
            yield f"{state} {', '.join(kept) or 'nothing'}"

    low, high = table["course_oral_subjects"].sel(course_time=peaks["oral"]).values[[0, -1]]
    mood = [hours_above(table["course_plasma"].sel(condition="oral"), nM) for nM in WORST_MOOD_NM]
    lines = [
        f"Before: {at('plasma', routes[0], 0):.2f} nM of allopregnanolone in plasma, "
        f"{at('allopregnanolone', routes[0], 0):.2f} nM at the receptor. At the peak, progesterone / allopregnanolone in plasma "
        "(ratio), receptor, tonic fold: "
        + "; ".join(
            f"{name} at {peaks[name]:g} h {at('progesterone', name):.2f} / {at('plasma', name):.2f} nM "
            f"({at('plasma', name) / at('progesterone', name):.3g}), {at('allopregnanolone', name):.2f} nM, "
            f"x {at('tonic_conductance', name):.3f}"
            for name in routes
        )
        + ".",
        f"Oral dose, 5th to 95th percentile of subjects at {peaks['oral']:g} h: {low:.1f} to {high:.1f} nM in plasma. The "
        f"typical one is {mood[0] - mood[1]:.1f} h at the 1.5 to 2 nM of worst mood and {mood[1]:.1f} h above; peaks above "
        f"1.5 nM: {above(WORST_MOOD_NM[0])}; above {FATIGUE_NM:g} nM: {above(FATIGUE_NM)}.",
    ]
    told = f"peak less before ({table.sizes['seed']} seeds, 95 %)"
    lines += [
        f"{name}, {told}: {'; '.join(network(read))}." for name, read in NETWORKS.items() if set(read) <= set(shown)
    ]
    others = [value for value in table["f_eff"].values.tolist() if value != ANCHORED]
    return lines + [f"With {F_EFF[value]}, resolved is: {'; '.join(resolved(value))}." for value in others]


def _time_column(axes, table: xarray.Dataset) -> None:
    fine = table[[name for name in table.data_vars if name.startswith("course_")]]
    fine = fine.rename({name: name.removeprefix("course_") for name in fine.data_vars} | {"course_time": "time"})
    fine["rise"] = (100 * (fine["tonic_conductance"] - 1)).assign_attrs(units="%")
    labels = {
        "progesterone": "plasma P4",
        "plasma": "plasma ALLO",
        "allopregnanolone": "receptor",
        "rise": "tonic rise",
    }
    for ax in axes[:4]:
        ax.set_yscale("log")
    figures.slow_time(fine, list(labels), "condition", axes[:4], unit="h", labels=labels)
    oral = fine.sel(condition="oral")
    shade = {"color": axes[1].lines[fine["condition"].values.tolist().index("oral")].get_color(), "alpha": 0.2, "lw": 0}
    axes[1].fill_between(FINE_H, *oral["oral_subjects"].values[[0, -1]], **shade)
    # The receptor's concentration is proportional to f_eff.
    axes[2].fill_between(
        FINE_H, *(oral["allopregnanolone"] * value / ANCHORED for value in (min(F_EFF), max(F_EFF))), **shade
    )
    axes[1].axhspan(*WORST_MOOD_NM, color="0.9", zorder=0)
    axes[1].axhline(FATIGUE_NM, color="0.4", linewidth=0.6, linestyle="--")
    note = {"fontsize": 6, "color": "0.4", "ha": "right"}
    axes[1].text(47.5, 0.8 * FATIGUE_NM, "fatigue, with pregnanolone", va="top", **note)
    axes[1].text(47.5, WORST_MOOD_NM[1], "worst mood on oral progesterone", va="bottom", **note)
    axes[1].set_title("band: oral, 90 % of subjects", loc="right", fontsize=6)
    axes[2].set_title("band: oral, f_eff x 0.33 to x 3.3", loc="right", fontsize=6)
    values = table["pv_peak_frequency"]
    changes = (values - values.sel(time=0)).assign_attrs(units="Hz").assign_coords(time=table["time"])
    axes[4].set_yscale("symlog", linthresh=0.1)
    figures.slow_time(changes.to_dataset(name="Δ gamma"), ["Δ gamma"], "condition", axes[4:], unit="h")
    for ax in axes[:4]:
        ax.set_xlabel("")
        ax.tick_params(labelbottom=False)
    axes[4].set(xlim=axes[3].get_xlim(), xlabel="time after the dose (h)")


def _peak_column(axes, table: xarray.Dataset, shown) -> None:
    f_eff, routes = table["f_eff"].values, table["condition"].values
    for ax, name in zip(axes, shown):
        for position, route in enumerate(routes):
            found = [paired_change(change(table, name, route, value)) for value in f_eff]
            half = [(one.high - one.low) / 2 for one in found]
            x = f_eff * 1.06 ** (position - len(routes) / 2)
            ax.errorbar(x, [one.mean for one in found], half, fmt="o", markersize=2.5, elinewidth=0.8)
        ax.axhline(0, color="black", linewidth=0.4)
        # Linear up to 0.1 Hz: the infusion's effect is far above those of the others.
        ax.set_yscale("symlog", linthresh=0.1)
        ax.margins(y=0.1)
        ax.set(xscale="log", xlim=(min(F_EFF) / 1.5, max(F_EFF) * 1.5), ylabel=f"Δ {READ_OUTS[name]} at the peak (Hz)")
        ax.set_xticks(f_eff, [F_EFF[value] for value in f_eff.tolist()])
        ax.minorticks_off()
    axes[0].set_title("mean and 95 % interval; colours as on the left")


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: left from plasma to the network along time, right the network at each route's peak against f_eff."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.4))
    shown = [name for name in READ_OUTS if f"peak_{name}" in table]
    grid = figure.add_gridspec(5 * len(shown), 2)
    left = [figure.add_subplot(grid[k * len(shown) : (k + 1) * len(shown), 0]) for k in range(5)]
    right = [figure.add_subplot(grid[k * 5 : (k + 1) * 5, 1]) for k in range(len(shown))]
    _time_column(left, table)
    _peak_column(right, table, shown)
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument(
        "--quick", action="store_true", help="2 routes, 2 times, 1 network, at most 3 seeds, runs of 1.5 s"
    )
    parser.add_argument("--output", help="path without suffix; default results/routes_of_progesterone, or ..._quick")
    options = parser.parse_args(arguments)
    output = options.output or "results/routes_of_progesterone" + ("_quick" if options.quick else "")
    if options.seeds < 2:
        print(f"routes_of_progesterone: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    few = {"routes": ("oral", "intravenous"), "times_h": (0, 2), "f_eff": (ANCHORED,), "networks": ("pv_gamma",)}
    few |= {"subjects": 40, "seeds": min(options.seeds, 3), "duration": "1.5 s"}
    try:
        table = routes_of_progesterone(**few if options.quick else {"seeds": options.seeds})
        table.attrs["size"] = "quick" if options.quick else "full"
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except (InputError, SimulationError) as error:
        print(f"routes_of_progesterone: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
