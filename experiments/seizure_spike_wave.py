"""Spike-and-wave of a thalamocortical network against allopregnanolone at cortical and at thalamic receptors.

Question
    Loss of phasic inhibition in the cortex makes spike-and-wave of spindles (Destexhe 1998,
    doi:10.1523/JNEUROSCI.18-21-09099.1998; Knox et al. 2018, doi:10.1111/epi.13962), and so does more tonic inhibition of
    relay cells (Errington et al. 2011, PMC3168769). A steroid raises both. Does it suppress spike-and-wave, or aggravate it?

Network
    `spike_wave`: 100 pyramidal cells (pn), interneurons (pv), relay (tc) and reticular cells (re) each, ModelDB 234233,
    steps of 0.025 ms, receptors in the `slice` preparation. Delta receptors of relay cells, absent there: 1.3 nS, the share
    of them (79 pA) in the tonic current of mouse relay cells at -60 mV over an assumed driving force of 60 mV.

Design
    `mechanism` x allopregnanolone 0 to 1000 nM x seeds. "cortical phasic": a tenth of the cortical GABA-A, which makes
    spike-and-wave, no delta receptors, and a steroid that acts on the cortical synapses alone. "thalamic tonic": the whole
    cortical GABA-A, which makes spindles, and a steroid that acts on delta receptors alone. "all receptors": a tenth of the
    cortical GABA-A, delta receptors, and a steroid that acts on all. The network starts from the program's own state, which
    releases one event; 3 s are simulated and the first 0.3 s discarded. A seed draws the H and leak conductances of relay
    cells, whose spread is 0.1 %, and the same at all doses.

Read-outs
    A discharge is a run of spikes of pn without a pause above 30 ms in which at least half of them fire; an event a run of
    three discharges or more, each at most 600 ms after the one before; it is spike-and-wave where they come at up to 5 Hz.
    Rate (Hz) and duration (ms) of spike-and-wave events, frequency of discharges (Hz) of the first event of either kind,
    peak frequency of the pn population (Hz). No dose of half suppression follows: a seed has one event or none.
"""

import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Network, figures, run_all, write_table
from allotone.published.networks.spike_wave import CORTICAL, SETTINGS, SPIKE_WAVE_HZ, read
from allotone.statistics import paired_change
from allotone.units import magnitude

DOSES_NM = (0, 30, 100, 300, 1000)
LOSS = 0.1
DELTA = {"populations.tc.tonic.delta.conductance": "1.3 nS"}
INSENSITIVE_THALAMUS = {f"projections.{name}.preparation": "insensitive" for name in ("re_to_tc", "re_to_re")}
INSENSITIVE_CORTEX = {"projections.pv_to_pn.preparation": "insensitive"}
MECHANISMS = {
    "cortical phasic": {CORTICAL: LOSS, **INSENSITIVE_THALAMUS},
    "thalamic tonic": {**DELTA, **INSENSITIVE_THALAMUS, **INSENSITIVE_CORTEX},
    "all receptors": {CORTICAL: LOSS, **DELTA},
}
EXAMPLES = {"cortical GABA-A as it is": 1.0, f"cortical GABA-A x{LOSS:g}": LOSS}
POPULATIONS = ("pn", "pv", "re", "tc")
BIN_MS = 5.0
SHOWN = {
    "event_rate": "spike-and-wave events (Hz)",
    "event_duration": "their duration (ms)",
    "discharge_frequency": "discharges (Hz)",
}
UNITS = {
    "event_rate": ("Hz", "spike-and-wave events"),
    "event_duration": ("ms", "mean duration of spike-and-wave events"),
    "discharge_frequency": ("Hz", "frequency of discharges of the first event"),
    "pn_peak_frequency": ("Hz", "peak frequency of the pyramidal population"),
    "pn_mean_rate": ("Hz", "mean rate of pyramidal cells"),
}
QUICK = {"doses_nM": (0, 1000), "seeds": 2}


def spike_wave_table(path, quick=False, show_progress=True) -> xarray.Dataset:
    """Table of the shipped or, for `quick`, of a small size; see `spike_wave`."""
    return spike_wave(path, show_progress=show_progress, **(QUICK if quick else {}))


def spike_wave(path, doses_nM=DOSES_NM, seeds=3, show_progress=True) -> xarray.Dataset:
    """Read-outs by (mechanism, allopregnanolone, seed), also written to `path`.

    `example_rate`, dimensions (example, population, time), are rates in bins of 5 ms of seed 0 without steroid and without
    delta receptors, `example_discharge_frequency` the frequency of its discharges.
    """
    network = Network.load("spike_wave")
    arms = [network.override(values) for values in MECHANISMS.values()]
    points = [
        (arm, {**SETTINGS, "allopregnanolone": f"{dose} nM", "seed": seed})
        for arm in arms
        for dose in doses_nM
        for seed in range(seeds)
    ]
    examples = [(network.override({CORTICAL: share}), {**SETTINGS, "seed": 0}) for share in EXAMPLES.values()]
    found = run_all(points + examples, keep=lambda run: (read(run), _rates(run)), show_progress=show_progress)
    values = [one for one, _ in found[: len(points)]]
    rates = np.array([rate for _, rate in found[len(points) :]])
    shape = (len(MECHANISMS), len(doses_nM), seeds)
    data = {
        name: (
            ("mechanism", "allopregnanolone", "seed"), np.reshape([one[name] for one in values], shape),
            {"units": unit, "description": text},
        )
        for name, (unit, text) in UNITS.items()
    }  # fmt: skip
    data["example_rate"] = (
        ("example", "population", "time"),
        rates,
        {"units": "Hz", "description": "mean rate of a population"},
    )
    data["example_discharge_frequency"] = (
        "example",
        [one["discharge_frequency"] for one, _ in found[len(points) :]],
        {"units": "Hz", "description": UNITS["discharge_frequency"][1]},
    )
    table = xarray.Dataset(
        data,
        coords={
            "mechanism": ("mechanism", list(MECHANISMS), {"units": "1"}),
            "allopregnanolone": ("allopregnanolone", np.array(doses_nM, float), {"units": "nM"}),
            "seed": ("seed", np.arange(seeds), {"units": "1"}),
            "example": ("example", list(EXAMPLES), {"units": "1"}),
            "population": ("population", list(POPULATIONS), {"units": "1"}),
            "time": ("time", BIN_MS * (0.5 + np.arange(rates.shape[-1])), {"units": "ms"}),
        },
    )
    write_table(table, path)
    return table


def _rates(run) -> np.ndarray:
    """Mean rate of each population in bins of 5 ms, array (population, time), Hz."""
    edges = np.arange(0, magnitude(run.duration, "ms") + BIN_MS / 2, BIN_MS)
    counts = [np.histogram(magnitude(run.spikes[name].times, "ms"), edges)[0] for name in POPULATIONS]
    return np.array([1e3 / BIN_MS * one / run.sizes[name] for name, one in zip(POPULATIONS, counts)])


def verdict(table: xarray.Dataset, mechanism: str, dose_nM: float) -> str:
    """What a dose does to spike-and-wave, where the change over seeds is resolved.

    'suppression' or 'aggravation' by the rate of events; where that stays, 'silence' if no seed has an event of either
    kind, and otherwise 'towards spindles' or 'towards spike-and-wave' by the frequency of discharges.
    """
    one = table.sel(mechanism=mechanism)
    rate, frequency = (
        (one[name].sel(allopregnanolone=dose_nM) - one[name].sel(allopregnanolone=0)).values
        for name in ("event_rate", "discharge_frequency")
    )
    found = paired_change(rate)
    if found.resolved:
        return "aggravation" if found.mean > 0 else "suppression"
    if one["discharge_frequency"].sel(allopregnanolone=dose_nM).isnull().all():
        return "silence"
    if not np.isfinite(frequency).all() or not (found := paired_change(frequency)).resolved:
        return "not resolved"
    return "towards spindles" if found.mean > 0 else "towards spike-and-wave"


def spike_wave_findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    doses = table["allopregnanolone"].values

    def course(name, mechanism, digits):
        values = table[name].sel(mechanism=mechanism)
        counted = values.notnull().any("seed").values
        means = [float(values.isel(allopregnanolone=i).mean()) if any_ else None for i, any_ in enumerate(counted)]
        return " / ".join("none" if one is None else f"{one:.{digits}f}" for one in means)

    steps = " / ".join(f"{dose:g}" for dose in doses)
    examples = table["example_discharge_frequency"]
    without = ", ".join(f"{str(name)} {float(examples.sel(example=name)):.1f} Hz" for name in table["example"].values)
    return [
        f"Discharges without steroid and delta receptors: {without}.",
        *(
            f"{mechanism} at {steps} nM: {course('event_rate', mechanism, 2)} spike-and-wave events a second of "
            f"{course('event_duration', mechanism, 0)} ms; discharges at {course('discharge_frequency', mechanism, 1)} Hz; "
            + " / ".join(verdict(table, mechanism, dose) for dose in doses[1:])
            + "."
            for mechanism in table["mechanism"].values
        ),
    ]


def draw_spike_wave(axes, table: xarray.Dataset) -> None:
    """Rate, duration and frequency of discharges against dose, a curve for each mechanism, into three axes."""
    for ax, (name, text) in zip(axes, SHOWN.items()):
        ax.set_ylim(0, 1.15 * float(np.nanmax([table[name].max(), 1e-9])))
        figures.dose(table, name, ax=ax, hue="mechanism")
        ax.set_ylabel(text)
    axes[2].axhline(SPIKE_WAVE_HZ, color="#666666", linestyle=":", linewidth=0.8)


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: rates of all populations in a spindle and in spike-and-wave; below, what the steroid does."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 5.2))
    above, below = figure.add_gridspec(2, 1)
    for ax, example in zip(above.subgridspec(1, 2).subplots(), table["example"].values):
        rates = table["example_rate"].sel(example=example)
        step = 1.1 * float(table["example_rate"].max())
        for index, name in enumerate(table["population"].values):
            ax.fill_between(
                table["time"], -step * index, rates.sel(population=name) - step * index, color=f"C{index}", linewidth=0
            )
        ax.set_yticks([-step * index for index in range(table.sizes["population"])], table["population"].values)
        ax.set_title(str(example).replace("x", "×"))
        ax.set_xlabel("time (ms)")
    draw_spike_wave(below.subgridspec(1, 3).subplots(), table)
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    return run_script(
        "seizure_spike_wave", __doc__, spike_wave, draw, spike_wave_findings, QUICK, "two doses, 2 seeds", arguments, seeds=3,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
