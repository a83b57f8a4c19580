"""Tonic inhibition that first excites and then shunts: one interneuron under noise, against its tonic conductance.

Question
    Does a growing tonic conductance raise the rate of an interneuron before it lowers it, where GABA depolarises from
    rest but stays below threshold (Song et al. 2011, doi:10.1038/ncomms1377), and from which E_GABA on?

Network
    `fast_spiking_cell`: 100 unconnected cells of Wang & Buzsaki (1996), each with excitatory Poisson input of 200 /s,
    0.015 mS/cm2 and 3 ms. They differ in their noise alone, so that they are trials of one cell. The tonic conductance is
    a plain one (no rectification). The protocol is ours: of the paper only the direction is known.

Design
    `tonic_conductance` 0 to 0.5 mS/cm2 (five times the leak) x `E_gaba` -75, -65, -58, -56 mV x seeds, 2 s with the first
    0.5 s discarded.

Read-outs
    Mean firing rate over cells and its standard deviation over them. A course rises before it falls if the rate at its
    peak is above that without tonic conductance, and above that at the largest one: paired over seeds, whole 95 %
    intervals (Student's t). Where it falls from the start the peak is at 0.
"""

import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Axis, Sweep, figures
from allotone.statistics import paired_change

CONDUCTANCES = tuple(np.round(np.arange(0, 0.51, 0.025), 3).tolist())  # mS/cm2
REVERSALS_MV = (-75, -65, -58, -56)


def tonic_biphasic(
    path,
    conductances=CONDUCTANCES,
    reversals_mV=REVERSALS_MV,
    seeds=4,
    duration="2 s",
    workers=None,
    show_progress=True,
) -> xarray.Dataset:
    """Table of rate and its spread over cells, dimensions (tonic_conductance, E_gaba, seed), also written to `path`."""
    values = [f"{conductance} mS/cm2" for conductance in conductances]
    sweep = Sweep(
        "fast_spiking_cell",
        axes=[
            Axis("populations.pv.tonic.delta.conductance", values, name="tonic_conductance"),
            Axis("populations.pv.reversal.E_gaba", [f"{E_gaba} mV" for E_gaba in reversals_mV], name="E_gaba"),
        ],
        seeds=seeds,
        duration=duration,
        discard="0.5 s",
        statistics=("mean_rate", "rate_sd"),
    )
    return sweep.run(path, workers=workers, show_progress=show_progress)


def peak(table: xarray.Dataset, E_gaba: float) -> float:
    """Tonic conductance with the highest mean rate at an E_GABA in mV; mS/cm2."""
    rate = table["pv_mean_rate"].sel(E_gaba=E_gaba).mean("seed")
    return float(rate["tonic_conductance"][int(rate.argmax("tonic_conductance"))])


def is_biphasic(table: xarray.Dataset, E_gaba: float) -> bool:
    """Whether the rate at an E_GABA in mV rises to its peak and falls from there on, each resolved over seeds."""
    rate = table["pv_mean_rate"].sel(E_gaba=E_gaba)
    start, last = (rate.isel(tonic_conductance=place).values for place in (0, -1))
    top = rate.sel(tonic_conductance=peak(table, E_gaba)).values
    return all(paired_change(top - end).low > 0 for end in (start, last))


def findings(table: xarray.Dataset) -> list[str]:
    """What was found: a line for each E_GABA, and which courses are biphasic."""
    lines = []
    for E_gaba in (float(value) for value in table["E_gaba"]):
        chosen = table.sel(E_gaba=E_gaba)
        rate, spread = chosen["pv_mean_rate"], chosen["pv_rate_sd"].mean("seed")
        top = peak(table, E_gaba)
        largest = float(table["tonic_conductance"][-1])

        def at(conductance, rate=rate, spread=spread):
            mean = float(rate.sel(tonic_conductance=conductance).mean())
            return f"{mean:.1f} +- {float(spread.sel(tonic_conductance=conductance)):.1f}"

        gain = rate.sel(tonic_conductance=top) - rate.isel(tonic_conductance=0)
        course = f"{at(0)} Hz without, {at(largest)} Hz at {largest:g} mS/cm2"
        if top > 0:
            rise = paired_change(gain.values).text("Hz")
            course = (
                f"{at(0)} Hz without, at most {at(top)} Hz at {top:g} mS/cm2 ({rise}), {at(largest)} Hz at {largest:g}"
            )
        lines.append(f"E_GABA {E_gaba:g} mV: {course}.")
    biphasic = [f"{float(value):g}" for value in table["E_gaba"] if is_biphasic(table, float(value))]
    falling = [f"{float(value):g}" for value in table["E_gaba"] if peak(table, float(value)) == 0]
    lines.append(
        f"Rates are means +- SD over cells. The rate rises before it falls at E_GABA {', '.join(biphasic) or 'nowhere'}"
        f"{' mV' if biphasic else ''}, and falls from the start at {', '.join(falling) or 'none'}{' mV' if falling else ''}."
    )
    return lines


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: rate against tonic conductance, a curve for each E_GABA with the spread over cells as a band."""
    figure = Figure(figsize=(1.5 * figures.SINGLE_COLUMN, 3.0))
    ax = figure.subplots()
    means = table[["pv_mean_rate", "pv_rate_sd"]].mean("seed")
    ax.set_ylim(0, 1.08 * float((means["pv_mean_rate"] + means["pv_rate_sd"]).max()))
    names = [f"{E_gaba:g} mV" for E_gaba in table["E_gaba"].values]
    shown = table.assign_coords(E_gaba=("E_gaba", names, {"units": "1"}))
    figures.dose(shown, "pv_mean_rate", ax=ax, x="tonic_conductance", hue="E_gaba")
    conductances = means["tonic_conductance"].values
    for line, E_gaba in zip((one for one in ax.lines if one.get_label() in names), means["E_gaba"].values):
        rate, spread = (means[name].sel(E_gaba=E_gaba).values for name in ("pv_mean_rate", "pv_rate_sd"))
        ax.fill_between(conductances, rate - spread, rate + spread, color=line.get_color(), alpha=0.2, linewidth=0)
    ax.set_xlabel("tonic conductance (mS/cm²)")
    ax.set_ylabel("firing rate (Hz)")
    ax.set_title(f"E_GABA by colour; band: SD over cells; {table.sizes['seed']} seeds")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"conductances": CONDUCTANCES[::4], "seeds": 2}
    return run_script(
        "tonic_biphasic", __doc__, tonic_biphasic, draw, findings, quick, "6 conductances, 2 seeds", arguments, seeds=4
    )


if __name__ == "__main__":
    sys.exit(main())
