"""Brexanolone's 60-h infusion: plasma, receptor, tonic conductance and a principal-PV circuit, until a day after it.

Question
    What reaches GABA-A receptors during the infusion for postpartum depression, how much of what follows in a circuit
    is decided by the unknown way from plasma to the receptor, and how far do regimens of 60 and 90 ug/kg/h differ?

Concentration
    `infusion`, two compartments: clearance 1.124 L/h/kg from the AUC of 12 women (Wald et al. 2022,
    doi:10.1007/s40262-022-01155-w), V1 and V2 1.5 L/kg each and Q 0.13 L/h/kg, which give the label's volume of 3 L/kg and
    half-life of 9 h; how the volume is divided is assumed. "up to 90": the label's 30, 60, 90, 60, 30 ug/kg/h for 4, 20,
    28, 4, 4 h (Zulresso, FDA 2019). "constant 60": 60 ug/kg/h for 60 h, without the steps at either end. Endogenous plasma
    levels (about 1 nM after delivery) are left out; the brain's own 15 nmol/kg is in. To the receptor: `anchored`, its
    f_eff x 0.33 and x 3.3, `nominal` and `free`; no measurement decides between them. Between-subject spread: 100 simulated
    women, clearance and V2 log-normal.

Receptors
    Acute effects only. How human receptors change in days of exposure has not been measured, and the exposure that
    drives rodent presets ends at tenfold, where plasma here rises several hundredfold: no slow regulation is simulated.

Network
    `principal_pv`: principal and PV cells of the basolateral amygdala (Feng et al. 2019, doi:10.1523/ENEURO.0388-18.2018)
    with delta receptors on both; and without them ("no delta", a knock-out in silico), where IPSCs alone are prolonged.

Design
    Runs of 2 s, the first 0.5 s discarded, at 12 times from 0 to 84 h: regimens with delta receptors and "up to 90"
    without, under `anchored` alone; further ways to the receptor at 0 and 52 h for "up to 90". A seed draws cells, contacts
    and noise, and is the same at all times: differences are paired.

Read-outs
    Total plasma concentration, concentration at the receptor, tonic conductance of alpha4-beta-delta over that without
    steroid (0.16 uM GABA), mean firing rates. A change is resolved where its 95 % interval over seeds excludes 0; the ways
    to the receptor are five comparisons, and their intervals hold for all of them together (Bonferroni).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

from allotone import (
    InputError,
    Network,
    SimulationError,
    exposure,
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

REGIMENS = {
    "up to 90": "infusion",
    "constant 60": "infusion:regimen=constant,rate=60ug/kg/h,duration=60h",
}
WAYS = {
    "anchored": {"map": "anchored"},
    "f_eff x 0.33": {"map": "anchored", "f_eff": 0.33 * 0.067},
    "f_eff x 3.3": {"map": "anchored", "f_eff": 3.3 * 0.067},
    "nominal": {"map": "nominal"},
    "free": {"map": "free"},
}
TIMES_H = (0, 2, 4, 12, 24, 36, 52, 56, 60, 64, 72, 84)
QUICK_TIMES_H = (0, 52, 84)
HIGHEST_H = 52
DELTA = receptor("alpha4_beta_delta", "slice")
NO_DELTA = {"populations.*.tonic.delta.density": 0}
# nM, of women near term: means and range as recalled from several papers.
THIRD_TRIMESTER_NM = (30, 50, 150)
# Change of the depression score at 60 h, label of Zulresso (FDA 2019), table 3.
HAM_D = {"constant 60": -19.5, "up to 90": -17.7, "placebo": -14.0}
SHOWN = {"principal_mean_rate": "principal rate", "pv_mean_rate": "PV rate"}


def _at_receptor(way, plasma, brain):
    numbers = dict(way)
    name = numbers.pop("map")
    # One brain serves every f_eff.
    return exposure(name, "brain", **numbers).receptor(brain) if name == "anchored" else exposure(name).receptor(plasma)


def courses(subjects: int = 100) -> xarray.Dataset:
    """Courses of plasma, of the receptor, of tonic conductance, and of plasma of simulated women (subject, course_time)."""
    hours = np.arange(0.0, 84.5, 0.5)
    plasma = [schedule(text).plasma(hours) for text in REGIMENS.values()]
    brain = [schedule(text).brain(hours) for text in REGIMENS.values()]
    reached = [[_at_receptor(way, *pair).values for way in WAYS.values()] for pair in zip(plasma, brain)]
    women = [schedule("infusion", subject=number).plasma(hours).values for number in range(1, subjects + 1)]
    along = ("regimen", "way", "course_time")
    return xarray.Dataset(
        {
            "course_plasma": (along[::2], [one.values for one in plasma], {"units": "nM"}),
            "course_subjects": (("subject", "course_time"), women, {"units": "nM"}),
            "course_allopregnanolone": (along, reached, {"units": "nM"}),
            "course_tonic_conductance": (along, tonic_fold(0.16, np.array(reached), DELTA), {"units": "1"}),
        },
        {
            "regimen": ("regimen", list(REGIMENS), {"units": "1"}),
            "way": ("way", list(WAYS), {"units": "1"}),
            "course_time": ("course_time", hours, {"units": "h"}),
            "subject": ("subject", np.arange(1, subjects + 1), {"units": "1"}),
        },
    )


def brexanolone_infusion(times_h=TIMES_H, seeds=8, duration="2 s", subjects=100, show_progress=True) -> xarray.Dataset:
    """The courses, rates (condition, time, seed) and, under each way, rates at 0 and 52 h (way, way_time, seed)."""
    network = Network.load("principal_pv")
    run = {"seeds": seeds, "duration": duration, "discard": "0.5 s", "show_progress": show_progress}
    followed = {name: slow_time(text, times_h) for name, text in REGIMENS.items()}
    conditions = {name: (network, slow) for name, slow in followed.items()}
    conditions["up to 90, no delta"] = (network.override(NO_DELTA), followed["up to 90"])
    table = run_along(conditions, **run)
    ends = [0, HIGHEST_H]
    others = {name: slow_time(schedule("infusion", **way), ends) for name, way in WAYS.items() if name != "anchored"}
    elsewhere = run_along({name: (network, slow) for name, slow in others.items()}, **run)
    there = table.sel(condition="up to 90", time=ends).expand_dims(condition=["anchored"])
    for name in SHOWN:
        rates = xarray.concat([there[name], elsewhere[name]], "condition")
        coordinates = {"way": ("way", list(WAYS), {"units": "1"}), "way_time": ("way_time", ends, {"units": "h"})}
        rates = rates.rename(condition="way", time="way_time").assign_coords(coordinates)
        table[f"way_{name}"] = rates.assign_attrs(units="Hz")
    return table.merge(courses(subjects), combine_attrs="override")


def alone(table: xarray.Dataset) -> str:
    """The mean change of the principal rate at 52 h without delta receptors, of that with them."""
    moved = table["principal_mean_rate"].sel(time=HIGHEST_H) - table["principal_mean_rate"].sel(time=0)
    without, whole = (float(moved.sel(condition=name).mean()) for name in ("up to 90, no delta", "up to 90"))
    return f"{without:+.2f} of {whole:+.2f} Hz"


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    plasma, full = (
        table["course_plasma"].sel(course_time=HIGHEST_H),
        table.sel(regimen="up to 90", course_time=HIGHEST_H),
    )
    peak = float(plasma.sel(regimen="up to 90"))
    low, usual, high = THIRD_TRIMESTER_NM
    spread = " and ".join(
        "{:.0f} to {:.0f} nM at {} h".format(
            *np.quantile(table["course_subjects"].sel(course_time=hour), [0.05, 0.95]), hour
        )
        for hour in (24, HIGHEST_H)
    )

    def told(values, comparisons=1):
        return paired_change(values, comparisons=comparisons).text("Hz")

    def by_way(name, digits):
        return ", ".join(f"{way} {float(full[name].sel(way=way)):.{digits}f}" for way in table["way"].values)

    rate, times = table["principal_mean_rate"], table["time"].values
    before = rate.sel(time=0)
    at_peak, last = rate.sel(time=HIGHEST_H) - before, rate.sel(time=times[-1]) - before
    ways = table["way_principal_mean_rate"]
    moved = ways.sel(way_time=HIGHEST_H) - ways.sel(way_time=0)
    without, pv = rate.sel(condition="up to 90, no delta"), table["pv_mean_rate"].sel(condition="up to 90")
    return [
        f"Plasma at {HIGHEST_H} h: {peak:.0f} nM ({to_ng_per_mL(peak):.0f} ng/mL), constant 60 ug/kg/h "
        f"{float(plasma.sel(regimen='constant 60')):.0f} nM; 90 % of {table.sizes['subject']} simulated women have {spread}. "
        f"That is {peak / usual:.1f} times the third trimester's {usual} nM ({low} to {high}, recalled): it restores no "
        "pregnancy.",
        f"At the receptor at {HIGHEST_H} h, nM: {by_way('course_allopregnanolone', 1)}; tonic conductance x "
        f"{by_way('course_tonic_conductance', 2)}.",
        f"Principal rate {float(before.sel(condition='up to 90').mean()):.2f} Hz before; at {HIGHEST_H} h, anchored: "
        f"{told(at_peak.sel(condition='up to 90'))}; PV {told(pv.sel(time=HIGHEST_H) - pv.sel(time=0))}; "
        f"{times[-1] - 60:.0f} h after the end: principal {told(last.sel(condition='up to 90'))}.",
        f"Principal rate without delta receptors ({float(without.sel(time=0).mean()):.2f} Hz before): "
        f"{told(without.sel(time=HIGHEST_H) - without.sel(time=0))}; what delta receptors add to the change: "
        f"{told(at_peak.sel(condition='up to 90') - at_peak.sel(condition='up to 90, no delta'))}. Prolonged IPSCs alone make "
        f"{alone(table)}, which leaves the rest to the tonic fold.",
        f"Constant 60 ug/kg/h, under anchored alone: {told(at_peak.sel(condition='constant 60'))}; less that of up to 90: "
        f"{told(at_peak.sel(condition='constant 60') - at_peak.sel(condition='up to 90'))}. Clinical scores fell by "
        f"{-HAM_D['constant 60']} and {-HAM_D['up to 90']} points, placebo {-HAM_D['placebo']}: no more at the higher rate.",
        f"What the way decides, principal rate at {HIGHEST_H} h: "
        + "; ".join(f"{way} {told(moved.sel(way=way), len(WAYS))}" for way in table["way"].values) + ".",
        "No human numbers of slow receptor regulation exist; none is simulated, and the last days of an infusion may differ.",
    ]  # fmt: skip


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: plasma, receptor, tonic conductance and rates, one under the other."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN * 0.8, 7.2))
    axes = figure.subplots(5, 1, sharex=True)
    hours = table["course_time"].values
    low, _, high = THIRD_TRIMESTER_NM
    axes[0].axhspan(low, high, color="0.9", linewidth=0)
    axes[0].text(83, high, "third trimester (recalled)", va="bottom", ha="right", fontsize=6, color="0.4")
    axes[0].fill_between(
        hours, *table["course_subjects"].quantile([0.05, 0.95], "subject"), color="C0", alpha=0.2, linewidth=0
    )
    for colour, regimen in zip(("C0", "C1"), table["regimen"].values):
        axes[0].plot(hours, table["course_plasma"].sel(regimen=regimen), color=colour, label=f"{regimen} µg/kg/h")
        for ax, name in ((axes[1], "course_allopregnanolone"), (axes[2], "course_tonic_conductance")):
            chosen = table[name].sel(regimen=regimen)
            ax.plot(hours, chosen.sel(way="anchored"), color=colour)
            if regimen == "up to 90":
                ends = [chosen.sel(way=f"f_eff x {factor}") for factor in (0.33, 3.3)]
                ax.fill_between(hours, *ends, color=colour, alpha=0.15, linewidth=0)
                for style, way in (("--", "nominal"), (":", "free")):
                    ax.plot(hours, chosen.sel(way=way), color="black", linestyle=style, linewidth=0.8)
    axes[0].legend(loc="upper right", title="90 % of women shaded", title_fontsize=6, handlelength=1)
    axes[0].set_ylabel("plasma (nM)")
    mass = axes[0].secondary_yaxis("right", functions=(lambda nM: nM / 3.14, lambda ng: ng * 3.14))
    mass.set_ylabel("ng/mL")
    axes[1].set_yscale("log")
    axes[1].set_ylim(0.03, 800)
    axes[1].set_ylabel("at the receptor (nM)")
    axes[2].set_ylabel("tonic conductance\n(fold)")
    axes[2].set_title(
        f"prolonged IPSCs alone: {alone(table)} of the principal rate's change at {HIGHEST_H} h",
        loc="right",
        fontsize=6,
    )
    names = {"anchored,\nf_eff x 0.33\nto x 3.3": "top", "nominal": "bottom", "free": "center"}
    for (way, place), line in zip(names.items(), axes[1].lines):
        axes[1].annotate(way, (84, line.get_ydata()[-1]), (3, 0), textcoords="offset points", va=place, fontsize=6)
    figures.slow_time(table, list(SHOWN), hue="condition", axes=axes[3:], labels=SHOWN)
    for name, ax in zip(SHOWN, axes[3:]):
        ends = table[f"way_{name}"].sel(way_time=HIGHEST_H).mean("seed")
        for way, marker in (("f_eff x 0.33", "^"), ("f_eff x 3.3", "v"), ("nominal", "_"), ("free", "+")):
            ax.plot(HIGHEST_H, ends.sel(way=way), marker=marker, markersize=4, color="black", linestyle="", label=way)
    axes[3].set_title(f"mean ± SD over {table.sizes['seed']} seeds")
    handles, labels = axes[3].get_legend_handles_labels()
    beside = {"loc": "center left", "bbox_to_anchor": (1, 0.5)}
    axes[3].legend(handles[-4:], labels[-4:], title="up to 90, other ways", title_fontsize=6, **beside)
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--quick", action="store_true", help="3 times, at most 2 seeds, runs of 1 s")
    parser.add_argument(
        "--output", help="path without suffix; default results/brexanolone_infusion, with --quick _quick"
    )
    options = parser.parse_args(arguments)
    output = options.output or "results/brexanolone_infusion" + ("_quick" if options.quick else "")
    if options.seeds < 2:
        print(f"brexanolone_infusion: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    few = {"times_h": QUICK_TIMES_H, "seeds": min(options.seeds, 2), "duration": "1 s"}
    try:
        table = brexanolone_infusion(**(few if options.quick else {"seeds": options.seeds}))
        table.attrs["size"] = "quick" if options.quick else "full"
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_table(table, f"{output}.h5")
        figures.save(draw(table), f"{output}.png")
    except InputError as error:
        print(f"brexanolone_infusion: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"brexanolone_infusion: {error}", file=sys.stderr)
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
