"""Whether a tonic conductance slows or speeds PV interneurons, by the reversal potential of GABA.

Question
    Does the sign of what tonic inhibition does to a gamma network of PV interneurons turn with E_GABA, as Yu et al. 2013
    (doi:10.1152/jn.00891.2012) found for basket cells of the dentate gyrus, and what becomes of the rhythm?

Network
    `pv_gamma`: a ring of 200 fast-spiking interneurons with mutual inhibition and gap junctions (Bartos et al. 2002,
    doi:10.1073/pnas.192233099), mean drive 1 uA/cm2. The tonic conductance is a plain one (no rectification), as in the
    published models of basket cells (ModelDB 155601 and 155602: 0.008 and 0.010 mS/cm2).

Design
    `tonic_conductance` 0 to 0.1 mS/cm2 (0 to 10 nS on a cell of 10 000 um2) x `E_gaba` -75, -65, -55 mV x seeds, 2 s with
    the first 0.5 s discarded. E_GABA is that of all GABA-A receptors of a cell, synapses included. A seed draws agents,
    contacts and initial state, the same at all settings, so that changes are paired.

Read-outs
    Mean firing rate, coherence kappa (Wang & Buzsaki 1996), peak frequency of the population rate. The last two describe
    the rhythm of a population, and are read only where at least a quarter of its cells fire (mean over seeds). A change is
    the mean over pairs of seeds with its 95 % interval (Student's t), and a direction is one whose whole interval lies on
    one side.
"""

import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from script import run_script

from allotone import Axis, Network, Sweep, figures
from allotone.published import rows
from allotone.statistics import paired_change

CONDUCTANCES = (0, 0.02, 0.05, 0.1)  # mS/cm2
REVERSALS_MV = (-75, -65, -55)
SETTINGS = {
    "populations.pv.drive.current.amplitude.mean": "1 uA/cm2",
    "populations.pv.tonic.delta.rectification": "none",
}
LEAST_ACTIVE = 0.25
# kappa of independent cells is the share of bins that hold a spike, and a bin is a tenth of the mean interval.
INDEPENDENT = 0.1
SHOWN = {
    "pv_mean_rate": "firing rate (Hz)",
    "pv_coherence_kappa": "coherence kappa",
    "pv_peak_frequency": "gamma peak (Hz)",
}
STATISTICS = ("mean_rate", "coherence_kappa", "peak_frequency", "active_fraction")
# What an independent implementation found at -75 mV without tonic conductance.
KEYS = {"pv_mean_rate": "bartos_rate_1", "pv_coherence_kappa": "bartos_kappa_1"}


def tonic_sign(
    path,
    conductances=CONDUCTANCES,
    reversals_mV=REVERSALS_MV,
    seeds=8,
    duration="2 s",
    workers=None,
    show_progress=True,
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (tonic_conductance, E_gaba, seed), also written to `path`."""
    values = [f"{conductance} mS/cm2" for conductance in conductances]
    sweep = Sweep(
        Network.load("pv_gamma").override(SETTINGS),
        axes=[
            Axis("populations.pv.tonic.delta.conductance.mean", values, name="tonic_conductance"),
            Axis("populations.pv.reversal.E_gaba", [f"{E_gaba} mV" for E_gaba in reversals_mV], name="E_gaba"),
        ],
        seeds=seeds,
        duration=duration,
        discard="0.5 s",
        statistics=STATISTICS,
    )
    return sweep.run(path, workers=workers, show_progress=show_progress)


def rhythm(table: xarray.Dataset) -> xarray.Dataset:
    """The same table with kappa and peak frequency only where, on average over seeds, a quarter of the cells fires."""
    enough = table["pv_active_fraction"].mean("seed") >= LEAST_ACTIVE
    return table.assign({name: table[name].where(enough) for name in ("pv_coherence_kappa", "pv_peak_frequency")})


def change(table: xarray.Dataset, variable: str, conductance: float, E_gaba: float) -> np.ndarray:
    """What a tonic conductance, mS/cm2, adds to a variable at an E_GABA, mV; array (seed,)."""
    values = table[variable].sel(E_gaba=E_gaba)
    return (values.sel(tonic_conductance=conductance) - values.sel(tonic_conductance=0)).values


def sign(table: xarray.Dataset, conductance: float, E_gaba: float) -> str:
    """'falls', 'rises' or 'not resolved': the direction in which a tonic conductance moves the firing rate."""
    found = paired_change(change(table, "pv_mean_rate", conductance, E_gaba))
    return ("rises" if found.mean > 0 else "falls") if found.resolved else "not resolved"


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    conductances = [float(value) for value in table["tonic_conductance"] if value > 0]
    reversals = [float(value) for value in table["E_gaba"]]
    table = rhythm(table)

    def mean(variable, conductance, E_gaba):
        values = table[variable].sel(tonic_conductance=conductance, E_gaba=E_gaba)
        return f"{float(values.mean()):.2f}" if values.notnull().all() else "none"

    def course(variable):
        texts = (" / ".join(mean(variable, one, E) for one in (0, *conductances)) + f" at {E:g} mV" for E in reversals)
        return "; ".join(texts)

    steps = " / ".join(f"{one:g}" for one in (0, *conductances))
    signs = {E_gaba: [sign(table, conductance, E_gaba) for conductance in conductances] for E_gaba in reversals}
    lowest, highest = (set(signs[E_gaba]) for E_gaba in (min(reversals), max(reversals)))
    verdict = "does not turn"
    if lowest == {"falls"} and "falls" not in highest:
        verdict = "turns" if "rises" in highest else "is not seen to turn with so few seeds"
    changes = (
        f"{E_gaba:g} mV "
        + ", ".join(paired_change(change(table, "pv_mean_rate", one, E_gaba)).text("Hz") for one in conductances)
        for E_gaba in reversals
    )
    return [
        f"Firing rate at {steps} mS/cm2: {course('pv_mean_rate')} (Hz, mean over {table.sizes['seed']} seeds).",
        f"Change in rate by {' / '.join(f'{one:g}' for one in conductances)} mS/cm2, paired: {'; '.join(changes)}.",
        f"The sign {verdict} as E_GABA rises: at these conductances the rate "
        + "; ".join(f"{' / '.join(signs[E_gaba])} at {E_gaba:g} mV" for E_gaba in reversals)
        + ".",
        f"Gamma peak at {steps} mS/cm2: {course('pv_peak_frequency')} (Hz; none where few cells fire).",
        f"Coherence kappa at {steps} mS/cm2: {course('pv_coherence_kappa')} ({INDEPENDENT:g} in independent cells).",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: rate and its change, coherence and gamma peak against the tonic conductance, a curve for each E_GABA."""
    table = rhythm(table)
    names = [f"{E_gaba:g} mV" for E_gaba in table["E_gaba"].values]
    shown = table.assign_coords(E_gaba=("E_gaba", names, {"units": "1"}))
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.6))
    figure.suptitle(
        f"E_GABA by colour, mean ± SD over {table.sizes['seed']} seeds; diamonds: independent implementation",
        fontsize=8, x=0.02, ha="left",
    )  # fmt: skip
    rate, changed, coherence, peak = figure.subplots(2, 2).flat
    for ax, (variable, axis_label) in zip((rate, coherence, peak), SHOWN.items()):
        ax.set_ylim(0, 1.12 * float(table[variable].max()))
        figures.dose(shown, variable, ax=ax, x="tonic_conductance", hue="E_gaba")
        ax.set_ylabel(axis_label)
        if variable in KEYS:
            reference = rows("networks")[KEYS[variable]].value
            ax.plot(0, reference, "D", color="black", markerfacecolor="none", markersize=6, clip_on=False, zorder=4)
    _draw_change(changed, table)
    coherence.axhline(INDEPENDENT, color="#666666", linestyle=":", linewidth=0.8)
    coherence.annotate("independent cells", (0, INDEPENDENT), (2, -8), textcoords="offset points", color="#666666")
    for ax in (rate, changed, coherence, peak):
        ax.set_xlabel("tonic conductance (mS/cm²)")
    return figure


def _draw_change(ax, table: xarray.Dataset) -> None:
    """Paired change in rate with its 95 % interval; the scale is linear within 1 Hz and logarithmic beyond."""
    conductances = [float(value) for value in table["tonic_conductance"] if value > 0]
    reversals = [float(value) for value in table["E_gaba"]]
    shift = 0.03 * max(conductances)
    for index, E_gaba in enumerate(reversals):
        found = [paired_change(change(table, "pv_mean_rate", one, E_gaba)) for one in conductances]
        places = np.array(conductances) + shift * (index - (len(reversals) - 1) / 2)
        means = np.array([one.mean for one in found])
        ends = [[one.mean - one.low for one in found], [one.high - one.mean for one in found]]
        ax.errorbar(places, means, ends, fmt="o-", elinewidth=0.8, label=f"{E_gaba:g} mV")
    ax.set_yscale("symlog", linthresh=1)
    ax.set_ylim(-60, 5)
    ax.set_yticks([-30, -10, -3, -1, 0, 1, 3], ["−30", "−10", "−3", "−1", "0", "1", "3"])
    ax.yaxis.set_minor_locator(NullLocator())
    ax.axhline(0, color="black", linewidth=0.6)
    ax.set_xlim(0, 1.05 * max(conductances))
    ax.set_ylabel("change in rate (Hz)\nmean, 95 % interval")


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"conductances": (0, 0.05), "reversals_mV": (-75, -55), "seeds": 3}
    return run_script(
        "tonic_sign",
        __doc__,
        tonic_sign,
        draw,
        findings,
        quick,
        "2 conductances, 2 reversal potentials, 3 seeds",
        arguments,
        seeds=8,
    )


if __name__ == "__main__":
    sys.exit(main())
