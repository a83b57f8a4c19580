"""Thalamic spindles against GABA-A inhibition, phasic and tonic.

Question
    How do frequency and length of spindle sequences depend on the strength of phasic GABA-A inhibition in the thalamus,
    and on a tonic conductance of relay cells?

Network
    `thalamus_spindle`: two thalamocortical (tc) and two reticular (re) cells (Destexhe et al. 1996,
    doi:10.1152/jn.1996.76.3.2049; ModelDB 3343), which make a sequence by themselves; steps of 0.025 ms. Weights, H and T
    currents are the program's. Its cells start at -70 mV; here from 1 mV below to 1 mV above, which makes seeds of a
    network without chance.

Design
    `gaba_a_factor` 0 to 3 on the amplitude of the GABA-A synapses x `site` (onto relay cells, among reticular cells, or
    both, as bicuculline acts) x seeds; and `tonic_conductance` 0 to 12 nS of relay cells, reversing at -80 mV, x seeds.
    5 s are simulated: the first sequence, which counts up to there where it goes on; pauses last 20 s and more.

Read-outs
    A cycle is a population burst of the reticular cells (spikes without a pause above 50 ms), a sequence a run of at least
    three cycles of which each begins at most 500 ms after the one before. Of the first sequence: cycles (0 where there is
    none) and frequency, their number less one over the time from the first to the last onset. Mean over seeds and 95 %
    interval (Student's t); changes are paired over seeds.
"""

import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Network, figures, run_all, write_table
from allotone.published import rows
from allotone.published.networks.thalamus_spindle import SCATTERED, TONIC, TONIC_MV, first_sequence
from allotone.statistics import paired_change
from allotone.units import magnitude

FACTORS = (0, 0.25, 0.5, 1, 1.5, 2, 3)
SITES = {"both": ("re_to_tc", "re_to_re"), "re to tc": ("re_to_tc",), "re to re": ("re_to_re",)}
CONDUCTANCES_NS = (0, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
TONIC_REVERSAL = "-80 mV"
DURATION, EXAMPLE_MS = "5 s", 2500
EXAMPLES = {"GABA-A as it is": 1.0, "GABA-A blocked": 0.0}
TRACE_STEP_MV = 150
CELLS = ("tc 0", "tc 1", "re 0", "re 1")
QUICK = {"factors": (0, 1, 2), "conductances_nS": (0, 4, 12), "seeds": 2}


def with_factor(network: Network, factor: float, site: str) -> Network:
    """The network with the amplitude of the synapses of a site multiplied."""
    return network.override({f"projections.{one}.amplitude_factor": factor for one in SITES[site]})


def spindle_by_gaba_a(
    path, factors=FACTORS, conductances_nS=CONDUCTANCES_NS, sites=tuple(SITES), seeds=6, show_progress=True
) -> xarray.Dataset:
    """Frequency and cycles by (site, gaba_a_factor, seed) and by (tonic_conductance, seed), also written to `path`.

    `example_v`, dimensions (example, cell, time), are the potentials of the four cells in the runs of seed 0.
    """
    network = Network.load("thalamus_spindle").override(SCATTERED)
    phasic = [with_factor(network, factor, site) for site in sites for factor in factors]
    tonic = [network.override({TONIC: f"{one} nS", TONIC_MV: TONIC_REVERSAL}) for one in conductances_nS]
    # Recording is part of the compiled structure: with the same for all runs there is one.
    settings = {"duration": DURATION, "record": ["v@tc:0-1/0.5 ms", "v@re:0-1/0.5 ms"]}
    points = [(one, {**settings, "seed": seed}) for one in phasic + tonic for seed in range(seeds)]
    found = run_all(points, keep=first_sequence, show_progress=show_progress)
    shown = [(with_factor(network, factor, "both"), {**settings, "seed": 0}) for factor in EXAMPLES.values()]
    examples = run_all(shown, keep=_potentials, show_progress=False)
    split = len(phasic) * seeds
    shapes = {
        "": (("site", "gaba_a_factor", "seed"), (len(sites), len(factors), seeds), found[:split]),
        "tonic_": (("tonic_conductance", "seed"), (len(conductances_nS), seeds), found[split:]),
    }
    units = {
        "frequency": ("Hz", "frequency of the first sequence"),
        "cycles": ("1", "cycles of the first sequence of at least three"),
    }
    data = {
        f"{prefix}{name}": (
            dimensions, np.reshape([one[name] for one in values], shape), {"units": unit, "description": text},
        )
        for prefix, (dimensions, shape, values) in shapes.items()
        for name, (unit, text) in units.items()
    }  # fmt: skip
    data["example_v"] = (
        ("example", "cell", "time"),
        np.array([values for _, values in examples]),
        {"units": "mV", "description": "membrane potential"},
    )
    table = xarray.Dataset(
        data,
        coords={
            "site": ("site", list(sites), {"units": "1"}),
            "gaba_a_factor": ("gaba_a_factor", np.array(factors, float), {"units": "1"}),
            "tonic_conductance": ("tonic_conductance", np.array(conductances_nS, float), {"units": "nS"}),
            "seed": ("seed", np.arange(seeds), {"units": "1"}),
            "example": ("example", list(EXAMPLES), {"units": "1"}),
            "cell": ("cell", list(CELLS), {"units": "1"}),
            "time": ("time", examples[0][0], {"units": "ms"}),
        },
    )
    write_table(table, path)
    return table


def _potentials(run) -> tuple[np.ndarray, np.ndarray]:
    """Times (time,), ms, and potentials (cell, time), mV."""
    traces = [run.traces[name][0] for name in ("tc", "re")]
    times_ms = magnitude(traces[0].times, "ms")
    shown = times_ms < EXAMPLE_MS
    return times_ms[shown], np.concatenate([magnitude(one.values, "mV")[shown].T for one in traces])


def abolishing(table: xarray.Dataset) -> float:
    """Least tonic conductance, nS, from which on no seed has a sequence; NaN if there is none."""
    silent = (table["tonic_cycles"] == 0).all("seed").values
    return float(table["tonic_conductance"][np.flatnonzero(~silent).max(initial=-1) + 1]) if silent[-1] else np.nan


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    factors = table["gaba_a_factor"].values
    low, high = factors.min(), factors.max()

    def mean(values):
        return f"{float(values.mean('seed')):.1f}" if values.notnull().all() else "none"

    def change(name, site, factor):
        values = table[name].sel(site=site)
        return paired_change((values.sel(gaba_a_factor=factor) - values.sel(gaba_a_factor=1)).values)

    control = {name: table[name].sel(site="both", gaba_a_factor=1) for name in ("frequency", "cycles")}
    silent = abolishing(table)
    last = float(table["tonic_conductance"][table["tonic_frequency"].notnull().all("seed")].max())
    ended = f"no sequence from {silent:g} nS on" if np.isfinite(silent) else f"sequences up to {last:g} nS"
    tonic = paired_change(
        (
            table["tonic_frequency"].sel(tonic_conductance=last) - table["tonic_frequency"].sel(tonic_conductance=0)
        ).values
    )
    return [
        f"Control: {mean(control['frequency'])} Hz, {mean(control['cycles'])} cycles in a sequence (mean over "
        f"{table.sizes['seed']} seeds; independent implementation: {rows('networks')['spindle_frequency'].value:g} Hz).",
        *(
            f"GABA-A x{' / '.join(f'{one:g}' for one in factors)} at '{site}': "
            f"{' / '.join(mean(table['frequency'].sel(site=site, gaba_a_factor=one)) for one in factors)} Hz, "
            f"{' / '.join(mean(table['cycles'].sel(site=site, gaba_a_factor=one)) for one in factors)} cycles."
            for site in table["site"].values
        ),
        f"Blocked at both sites, the frequency changes by {change('frequency', 'both', low).text('Hz')}; x{high:g} changes it "
        f"by {change('frequency', 'both', high).text('Hz')} (paired, 95 % interval).",
        f"Tonic conductance of relay cells at {TONIC_REVERSAL}: {ended}; {last:g} nS, the last with sequences in all seeds, "
        f"changes the frequency by {tonic.text('Hz')}.",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: potentials of the four cells with and without GABA-A; frequency and cycles by factor and tonic conductance."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 5.4))
    grid = figure.add_gridspec(2, 1, height_ratios=(1, 1.25))
    for ax, example in zip(grid[0].subgridspec(1, 2).subplots(), table["example"].values):
        _draw_traces(ax, table["example_v"].sel(example=example), str(example))
    _draw_scale(figure.axes[0], table.sizes["cell"])
    panels = grid[1].subgridspec(2, 2).subplots(sharex="col")
    for row, (name, text) in zip(panels, {"frequency": "frequency (Hz)", "cycles": "cycles"}.items()):
        for site in table["site"].values:
            _draw_mean(row[0], table["gaba_a_factor"], table[name].sel(site=site), str(site))
        _draw_mean(row[1], table["tonic_conductance"], table[f"tonic_{name}"], "")
        row[0].set_ylabel(text)
        for ax in row:
            ax.margins(x=0.04)
            ax.set_ylim(bottom=0)
    reference = rows("networks")
    panels[0, 0].plot(1, reference["spindle_frequency"].value, "D", color="black", markerfacecolor="none", zorder=4)
    abolished = reference["spindle_tonic_abolishes"]
    for ax in panels[:, 1]:
        ax.axvspan(abolished.low, abolished.high, color="#000000", alpha=0.08, linewidth=0)
    panels[0, 0].legend(title="synapses", loc="lower right")
    panels[1, 0].set_xlabel("GABA-A amplitude factor")
    panels[1, 1].set_xlabel(f"tonic conductance of tc at {TONIC_REVERSAL} (nS)".replace("-", "−"))
    figure.suptitle(
        f"mean and 95 % interval over {table.sizes['seed']} seeds; diamond, grey: independent implementation "
        "(silent somewhere in the grey range)",
        fontsize=8, x=0.02, ha="left",
    )  # fmt: skip
    return figure


def _draw_traces(ax, potentials: xarray.DataArray, title: str) -> None:
    """Potentials of all cells above each other."""
    for index, cell in enumerate(potentials["cell"].values):
        color = "C0" if str(cell).startswith("tc") else "C1"
        ax.plot(potentials["time"], potentials.sel(cell=cell) - TRACE_STEP_MV * index, color=color, linewidth=0.6)
    ax.set_yticks([-70 - TRACE_STEP_MV * index for index in range(potentials.sizes["cell"])], potentials["cell"].values)
    ax.set_title(title)
    ax.set_xlabel("time (ms)")


def _draw_scale(ax, cells: int) -> None:
    """A bar of 100 mV beside the lowest trace, where the sequence is over."""
    bottom = -70 - TRACE_STEP_MV * (cells - 1)
    ax.plot([0.97 * EXAMPLE_MS] * 2, [bottom, bottom + 100], color="black", linewidth=1.5)
    ax.annotate("100 mV", (0.96 * EXAMPLE_MS, bottom + 50), ha="right", va="center", fontsize=7)


def _draw_mean(ax, x: xarray.DataArray, values: xarray.DataArray, name: str) -> None:
    """Mean over seeds with its 95 % interval, where every seed has a value."""
    whole = np.flatnonzero(values.notnull().all("seed").values)
    found = [paired_change(values.values[index]) for index in whole]
    means = np.array([one.mean for one in found])
    ends = [[one.mean - one.low for one in found], [one.high - one.mean for one in found]]
    ax.errorbar(x.values[whole], means, ends, fmt="o-", markersize=3, elinewidth=0.8, label=name)


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    return run_script(
        "spindle_by_gaba_a", __doc__, spindle_by_gaba_a, draw, findings, QUICK, "three factors and conductances, 2 seeds",
        arguments, seeds=6,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
