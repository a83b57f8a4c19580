"""Firing and gamma of PV interneurons against allopregnanolone dose and delta-receptor density.

Question
    How do firing rate, gamma frequency and coherence of a network of parvalbumin interneurons depend on the
    concentration of allopregnanolone at the receptor, and how much of that needs delta-GABA-A receptors?

Network
    `pv_gamma`: a ring of 200 fast-spiking interneurons with mutual inhibition and gap junctions (Bartos et al. 2002,
    doi:10.1073/pnas.192233099), mean drive 1.5 uA/cm2, tonic conductance 0.010 mS/cm2 through alpha1-beta-delta
    receptors at the reference state, E_GABA -75 mV, receptors in the `slice` preparation.

Design
    Allopregnanolone 0 to 1000 nM x delta density 0, 0.5, 1 (knock-out, heterozygote, wild type) x mechanism x seeds.
    Mechanism "both" leaves both receptors sensitive; "tonic only" and "phasic only" make the other one insensitive, an
    in-silico knock-in. 2 s are simulated, the first 0.5 s discarded. A seed draws agents, contacts and initial state.

Read-outs
    Mean firing rate, peak frequency of the population rate, coherence kappa (Wang & Buzsaki 1996), active fraction;
    mean and standard deviation over seeds.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import xarray
from matplotlib.figure import Figure

from allotone import Axis, InputError, Network, SimulationError, Sweep, figures, nM

DOSES_NM = (0, 10, 30, 100, 300, 1000)
DENSITIES = (0.0, 0.5, 1.0)
MECHANISMS = {
    "both": {},
    "tonic only": {"projections.pv_to_pv.preparation": "insensitive"},
    "phasic only": {"populations.pv.tonic.delta.preparation": "insensitive"},
}
SETTINGS = {
    "populations.pv.drive.current.amplitude.mean": "1.5 uA/cm2",
    "populations.pv.tonic.delta.conductance.mean": "0.010 mS/cm2",
    "populations.pv.tonic.delta.preparation": "slice",
    "populations.pv.reversal.E_gaba": "-75 mV",
}
GENOTYPES = {0.0: "knock-out", 0.5: "heterozygote", 1.0: "wild type"}
SHOWN = {
    "pv_mean_rate": "firing rate (Hz)",
    "pv_peak_frequency": "gamma frequency (Hz)",
    "pv_coherence_kappa": "coherence kappa",
}
STATISTICS = ("mean_rate", "peak_frequency", "coherence_kappa", "active_fraction")


def dose_response(
    path, doses_nM=DOSES_NM, densities=DENSITIES, seeds=4, duration="2 s", show_progress=True
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (allopregnanolone, density, mechanism, seed), also written to `path`."""
    sweep = Sweep(
        Network.load("pv_gamma").override(SETTINGS),
        axes=[
            Axis("medium.allopregnanolone", list(doses_nM) * nM, name="allopregnanolone"),
            Axis("populations.pv.tonic.delta.density", densities, name="density"),
            Axis.of_variants("mechanism", MECHANISMS),
        ],
        seeds=seeds,
        duration=duration,
        discard="0.5 s",
        statistics=STATISTICS,
    )
    return sweep.run(path, show_progress=show_progress)


def surviving_share(table: xarray.Dataset, dose_nM: float) -> np.ndarray:
    """Share of the wild type's change in rate that remains without delta receptors, array (seed,)."""
    rate = table["pv_mean_rate"].sel(mechanism="both")
    change = rate.sel(allopregnanolone=dose_nM) - rate.sel(allopregnanolone=0)
    return (change.sel(density=0.0) / change.sel(density=1.0)).values


def findings(table: xarray.Dataset) -> list[str]:
    """Four lines on what was found."""

    def rate(dose, density, mechanism="both", name="pv_mean_rate"):
        values = table[name].sel(allopregnanolone=dose, density=density, mechanism=mechanism)
        return f"{float(values.mean()):.1f} +- {float(values.std(ddof=1)):.1f}"

    def share(dose):
        values = surviving_share(table, dose)
        return f"{100 * np.nanmean(values):.0f} +- {100 * np.nanstd(values, ddof=1):.0f} %"

    return [
        f"Rate, wild type / delta knock-out: {rate(0, 1.0)} / {rate(0, 0.0)} Hz at 0 nM, {rate(100, 1.0)} / "
        f"{rate(100, 0.0)} Hz at 100 nM, {rate(1000, 1.0)} / {rate(1000, 0.0)} Hz at 1000 nM (mean +- SD over seeds).",
        f"Gamma frequency, wild type: {rate(0, 1.0, name='pv_peak_frequency')} Hz at 0 nM, "
        f"{rate(100, 1.0, name='pv_peak_frequency')} Hz at 100 nM, {rate(1000, 1.0, name='pv_peak_frequency')} Hz at 1000 nM.",
        f"Without delta receptors {share(100)} of the change in rate survives at 100 nM, {share(1000)} at 1000 nM; the "
        f"wild type at 100 nM fires at {rate(100, 1.0, 'tonic only')} Hz by the tonic effect alone, at "
        f"{rate(100, 1.0, 'phasic only')} Hz by the phasic one.",
        "The one direct recording found no detectable tonic change in PV cells at 100 nM (Lu et al. 2023): for such "
        "cells read the phasic effect alone.",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: above, genotypes under both mechanisms; below, mechanisms in the wild type."""
    genotypes = [GENOTYPES.get(density, f"density {density:g}") for density in table["density"].values.tolist()]
    table = table.assign_coords(density=("density", genotypes, {"units": "1"}))
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.4))
    rows = (({"mechanism": "both"}, "density", "both mechanisms"), ({"density": "wild type"}, "mechanism", "wild type"))
    for axes, (chosen, hue, title) in zip(figure.subplots(2, len(SHOWN)), rows):
        for ax, (name, axis_label) in zip(axes, SHOWN.items()):
            ax.set_ylim(0, 1.08 * float(table[name].max()))
            figures.dose(table.sel(chosen), name, ax=ax, hue=hue)
            ax.set_ylabel(axis_label)
        axes[0].set_title(f"{title}, mean ± SD over {table.sizes['seed']} seeds")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--output", default="results/dose_response", help="path without suffix")
    options = parser.parse_args(arguments)
    if options.seeds < 2:
        print(f"dose_response: --seeds {options.seeds} leaves no spread; give at least 2", file=sys.stderr)
        return 2
    try:
        Path(options.output).parent.mkdir(parents=True, exist_ok=True)
        table = dose_response(f"{options.output}.h5", seeds=options.seeds)
        figures.save(draw(table), f"{options.output}.png")
    except InputError as error:
        print(f"dose_response: {error}", file=sys.stderr)
        return 2
    except SimulationError as error:
        print(f"dose_response: {error}", file=sys.stderr)
        return 1
    print("\n".join(findings(table)))
    print(f"Table: {options.output}.h5   Figure: {options.output}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
