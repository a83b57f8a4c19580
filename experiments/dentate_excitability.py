"""Recruitment of dentate granule cells and pattern separation against allopregnanolone, with and without mossy cells.

Question
    In granule cells from epileptic rats allopregnanolone is seven times less potent than in controls (EC50 92.7 against
    12.9 nM, PMC2278949). What does the lost potency change in how many granule cells an input recruits, in how well they
    tell similar inputs apart, and does it matter whether mossy cells are there?

Network
    `dentate_gyrus`: 2000 granule cells, 100 basket, 80 mossy and 40 HIPP cells (ModelDB 206397, Danielson et al. 2017,
    doi:10.1016/j.neuron.2016.12.019, in the corrected variant B) with delta receptors on granule cells, `slice`
    preparation, at steps of 0.1 ms. At the file's 0.05 ms about a sixth fewer granule
    cells fire.

Design
    Allopregnanolone 0 to 300 nM x potency x mossy cells x seeds. The two EC50s were measured on currents like those of
    gamma2 receptors, so they become the EC50 by which inhibitory currents of granule cells are prolonged; at P20 no such
    prolongation was seen at 100 nM (Cooper et al. 1999), and the file itself has 2 uM. Delta receptors have the potency of
    the preparation in "control" and "epileptic"; in "epileptic, delta too" it is assumed that they lose potency by the
    same factor. "Removed" mossy cells have zero weights in their projections. A seed draws cells and contacts and shows
    two inputs of 40 entorhinal cells that share 32 (distance 0.20), 45 Hz for 1 s, each with spike trains of its own.

Read-outs
    Share of granule cells that fire at least once, mean of the two inputs; output distance f1, the granule cells in which
    the two responses differ over twice those active in the larger one (Chavlis et al. 2017, doi:10.1002/hipo.22675):
    patterns are separated where it exceeds 0.20.
"""

import itertools
import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Network, figures, receptor, write_table
from allotone.published import rows
from allotone.published.networks import dentate
from allotone.statistics.paired import paired_change

DOSES_NM = (0, 10, 30, 100, 300)
POTENCIES = ("control", "epileptic", "epileptic, delta too")
MOSSY_CELLS = {"intact": {}, "removed": dentate.NO_MOSSY_OUTPUT}
DELTA = "populations.gc.tonic.delta"
SMALL = 0.1  # of the cells
QUICK = {"doses_nM": (0, 300), "seeds": 2, "small": True}
COMPARED = {
    ("gc_active_fraction", "intact"): "dg_b_control",
    ("gc_active_fraction", "removed"): "dg_b_no_mc",
    ("output_distance", "intact"): "dg_b_f1_control",
    ("output_distance", "removed"): "dg_b_f1_no_mc",
}


def potent(potency: str) -> dict[str, str]:
    """Overrides that give the receptors of granule cells one of the `POTENCIES`."""
    published = rows("networks")
    control, epileptic = (published[f"dgc_ec50_{state}"].value for state in ("control", "epileptic"))
    ec50 = control if potency == "control" else epileptic
    values = {f"projections.{name}.receptor_parameters.decay_ec50": f"{ec50} nM" for name in dentate.INHIBITORY}
    if potency == "epileptic, delta too":
        K = receptor("alpha4_beta_delta", "slice").K_allo.value
        values[f"{DELTA}.receptor_parameters.K_allo"] = f"{K * epileptic / control:.6g} uM"
    return values


def dentate_excitability(
    path, doses_nM=DOSES_NM, potencies=POTENCIES, seeds=4, small=False, network=None, show_progress=True
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (allopregnanolone, potency, mossy_cells, seed), also written to `path`.

    Parameters
    ----------
    small : bool
        Whether to take a tenth of the cells.
    network : Network, optional
        By default `dentate_gyrus`.
    """
    network = (network or Network.load("dentate_gyrus")).override({"time_step": "0.1 ms"})
    network = dentate.resized(network, SMALL) if small else network
    axes = list(itertools.product(doses_nM, potencies, MOSSY_CELLS))
    # Without steroid all potencies are the same network.
    cases = {(dose, potency if dose else potencies[0], mossy): None for dose, potency, mossy in axes}
    for dose, potency, mossy in cases:
        values = {"medium.allopregnanolone": f"{dose} nM"} | potent(potency) | MOSSY_CELLS[mossy]
        cases[dose, potency, mossy] = network.override(values)
    found = dentate.recruited(cases, seeds, patterns=2, show_progress=show_progress)

    def read(statistic):
        values = [[statistic(*one) for one in found[dose, p if dose else potencies[0], m]] for dose, p, m in axes]
        return np.reshape(values, (len(doses_nM), len(potencies), len(MOSSY_CELLS), seeds))

    dimensions = ("allopregnanolone", "potency", "mossy_cells", "seed")
    table = xarray.Dataset(
        {
            "gc_active_fraction": (dimensions, read(lambda a, b: (a.mean() + b.mean()) / 2), {"units": "1"}),
            "output_distance": (dimensions, read(dentate.output_distance), {"units": "1"}),
        },
        {
            "allopregnanolone": ("allopregnanolone", np.array(doses_nM, float), {"units": "nM"}),
            "potency": ("potency", list(potencies), {"units": "1"}),
            "mossy_cells": ("mossy_cells", list(MOSSY_CELLS), {"units": "1"}),
            "seed": ("seed", np.arange(seeds), {"units": "1"}),
        },
        {"definition": network.definition.json, "definition_sha256": network.definition.sha256},
    )
    write_table(table, path)
    return table


def findings(table: xarray.Dataset) -> list[str]:
    """Three lines on what was found, changes with the 95 % interval over seeds."""
    active, distance = 100 * table["gc_active_fraction"], table["output_distance"]
    top = float(table["allopregnanolone"][-1])
    middle = 100.0 if 100 in table["allopregnanolone"] else top

    def change(values, dose, potency, mossy="intact"):
        one = values.sel(potency=potency, mossy_cells=mossy)
        return paired_change((one.sel(allopregnanolone=dose) - one.sel(allopregnanolone=0)).values)

    def mean(values, mossy):
        return float(values.sel(allopregnanolone=0, mossy_cells=mossy).isel(potency=0).mean())

    loss = (
        (active.sel(mossy_cells="removed") - active.sel(mossy_cells="intact")).isel(potency=0).sel(allopregnanolone=0)
    )
    return [
        f"Without steroid {mean(active, 'intact'):.1f} % of granule cells fire, {mean(active, 'removed'):.1f} % without "
        f"mossy cells ({paired_change(loss.values).text('%', 1)}); output distance {mean(distance, 'intact'):.2f} and "
        f"{mean(distance, 'removed'):.2f} at an input distance of {dentate.INPUT_DISTANCE:.2f}.",
        f"Active granule cells at {middle:g} nM: "
        + "; ".join(f"{p} {change(active, middle, p).text('%', 1)}" for p in table["potency"].values.tolist())
        + ". Without mossy cells: "
        + "; ".join(
            f"{p} {change(active, middle, p, 'removed').text('%', 1)}" for p in table["potency"].values.tolist()
        )
        + ".",
        f"Output distance at {top:g} nM: "
        + "; ".join(
            f"{p} {change(distance, top, p).text('').replace('  ', ' ')}" for p in table["potency"].values.tolist()
        )
        + ".",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: active granule cells above, output distance below; mossy cells intact on the left, removed on the right."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.4))
    figure.get_layout_engine().set(wspace=0.08)
    labels = {"gc_active_fraction": "active granule cells (share)", "output_distance": "output distance f1"}
    for line, (axes, (name, label)) in enumerate(zip(figure.subplots(2, 2), labels.items())):
        for ax, mossy in zip(axes, table["mossy_cells"].values.tolist()):
            ax.set_ylim(0, 1.1 * float(table[name].max()))
            figures.dose(table.sel(mossy_cells=mossy), name, ax=ax, hue="potency")
            ax.set_ylabel(label)
            row = rows("networks")[COMPARED[name, mossy]]
            # Re-implemented shares are in percent.
            value = row.value / 100 if row.unit == "%" else row.value
            ax.plot(ax.lines[0].get_xdata()[:1], [value], "D", color="black", markerfacecolor="none")
            if name == "output_distance":
                ax.axhline(dentate.INPUT_DISTANCE, color="#999999", linewidth=0.8, linestyle=":")
            if not line:
                ax.set_title(f"mossy cells {mossy}")
    figure.suptitle(
        f"mean ± SD over {table.sizes['seed']} seeds; diamonds: re-implementation without tonic conductance; dotted: input "
        "distance", x=0.01, ha="left", fontsize=7,
    )  # fmt: skip
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    return run_script(
        "dentate_excitability", __doc__, dentate_excitability, draw, findings, QUICK, "a tenth of the cells, one dose, 2 seeds",
        arguments, seeds=4,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
