"""Seizure-like bursts of the dentate gyrus under two drugs, early and late in status epilepticus, and spike-and-wave.

Question
    Benzodiazepines stop status epilepticus early and fail late, when synaptic receptors have gone inside; neurosteroids,
    which also act on the extrasynaptic receptors that stay (Rogawski et al. 2013, doi:10.1111/epi.12289), may still act.
    Does a network show this, and does either drug suppress bursts or make them worse?

Network
    `dentate_epileptic`: 2000 granule cells with sprouted mossy fibres, half of the mossy and HIPP cells lost, delta
    receptors on granule cells, `slice` preparation, EC50 of the steroid at synapses 92.7 nM as in epileptic rats
    (PMC2278949). Steps of 0.1 ms.

Design
    Drug x dose (0 to 1000 nM) x state x seeds. A sustained input of all 48 entorhinal cells at 45 Hz from 100 ms on. Early:
    inhibitory synapses as they are. Late (40 to 60 minutes): their conductance halved, after the fall from 38 to 20
    receptors a synapse within an hour of status (Naylor et al. 2005, by PMC5063678); extrasynaptic receptors stay. The
    benzodiazepine is zolpidem, which multiplies the decay of inhibitory currents by the factor of the receptor functions
    and spares delta receptors. Allopregnanolone prolongs inhibitory currents and raises the tonic conductance; in the third
    arm synaptic receptors are made insensitive and only the tonic part is left. 1.6 s are simulated, the first 0.3 s
    discarded. A seed draws cells, contacts, input and background, the same for all.

Read-outs
    An event is a time in which the mean rate of granule cells, in bins of 10 ms, is at least 10 Hz (a tenth of the cells
    fire in a bin); a pause of one bin does not end it. Event rate (Hz), mean event duration (ms; undefined without events)
    and mean rate of granule cells (Hz). A negative change is suppression, a positive one aggravation.

Absence
    Spike-and-wave of a thalamocortical network, where the same steroid may rescue cortical inhibition or aggravate by way
    of relay cells, is in `seizure_spike_wave.py`, whose arms and read-outs come after these. No dose of half suppression
    is given for it.
"""

import itertools
import sys

import numpy as np
import xarray
from dentate_excitability import SMALL
from matplotlib.figure import Figure
from script import run_script
from seizure_spike_wave import draw_spike_wave, spike_wave_findings, spike_wave_table

from allotone import Network, decay_factor, figures, receptor, run_all, write_table
from allotone.published.networks.dentate import INHIBITORY, resized
from allotone.statistics.paired import paired_change
from allotone.units import magnitude

DOSES_NM = (0, 30, 100, 300, 1000)
DRUGS = ("zolpidem", "allopregnanolone", "allopregnanolone, tonic only")
STATES = {"early": 1.0, "late": 0.5}
STATUS_LIKE = {
    "time_step": "0.1 ms",
    "populations.ec.neuron.agents": list(range(48)),
    "populations.ec.neuron.onset": "100 ms",
}
DURATION_S, DISCARD_S = 1.6, 0.3
BIN_S, THRESHOLD_HZ = 0.01, 10.0
# With fewer cells, as many sprouted contacts on each.
SPROUTED = {"projections.gc_to_gc_ampa.connect.probability": 0.02 / SMALL}
QUICK = {"doses_nM": (0, 1000), "seeds": 2, "small": True}
SHOWN = {"event_rate": "event rate (Hz)", "event_duration": "event duration (ms)", "gc_mean_rate": "granule cells (Hz)"}
UNITS = {"event_rate": "Hz", "event_duration": "ms", "gc_mean_rate": "Hz"}


def events(rate_Hz: np.ndarray) -> list[tuple[int, int]]:
    """First bin of each event and the first one after it, from the rate in each bin, array (bins,)."""
    high = np.concatenate([[False], rate_Hz >= THRESHOLD_HZ, [False]])
    high[1:-1] |= high[:-2] & high[2:]
    edges = np.flatnonzero(np.diff(high.astype(int)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist()))


def read(run) -> list[float]:
    """Event rate (Hz), mean event duration (ms) and mean rate of granule cells (Hz) after the discarded part."""
    times_s = magnitude(run.spikes["gc"].times, "ms") / 1000
    bins = round((DURATION_S - DISCARD_S) / BIN_S)
    counts, _ = np.histogram(times_s, bins, (DISCARD_S, DURATION_S))
    rate_Hz = counts / (run.sizes["gc"] * BIN_S)
    found = events(rate_Hz)
    lengths = [stop - start for start, stop in found]
    duration_ms = 1000 * BIN_S * float(np.mean(lengths)) if found else float("nan")
    return [len(found) / (DURATION_S - DISCARD_S), duration_ms, float(rate_Hz.mean())]


def treated(network: Network, drug: str, dose_nM: float, state: str) -> Network:
    """The network under a dose of a drug, early or late."""
    values = {f"projections.{name}.amplitude_factor": STATES[state] for name in INHIBITORY}
    if drug == "zolpidem":
        projection = network.definition.schema.projections[INHIBITORY[0]]
        gamma2 = receptor(projection.receptor, projection.preparation)
        factor = float(decay_factor(0, gamma2, {"zolpidem": dose_nM / 1000}))
        return network.override(values | {f"projections.{name}.decay_factor": factor for name in INHIBITORY})
    values["medium.allopregnanolone"] = f"{dose_nM} nM"
    if drug == "allopregnanolone, tonic only":
        values |= {f"projections.{name}.receptor_parameters": {} for name in INHIBITORY}
        values |= {f"projections.{name}.preparation": "insensitive" for name in INHIBITORY}
    return network.override(values)


def dentate_table(
    path, doses_nM=DOSES_NM, drugs=DRUGS, seeds=4, small=False, network=None, show_progress=True
) -> xarray.Dataset:
    """Table of the read-outs, dimensions (drug, dose, state, seed), also written to `path`.

    Parameters
    ----------
    small : bool
        Whether to take a tenth of the cells.
    network : Network, optional
        By default `dentate_epileptic`.
    """
    network = (network or Network.load("dentate_epileptic")).override(STATUS_LIKE)
    network = resized(network, SMALL).override(SPROUTED) if small else network
    axes = list(itertools.product(drugs, doses_nM, STATES))
    # Without a drug all arms are the same network.
    cases = {(drug if dose else drugs[0], dose, state): None for drug, dose, state in axes}
    settings = {"duration": f"{DURATION_S} s", "statistics": ()}
    points = [(treated(network, *case), settings | {"seed": seed}) for case in cases for seed in range(seeds)]
    kept = np.reshape(run_all(points, keep=read, show_progress=show_progress), (len(cases), seeds, len(SHOWN)))
    found = dict(zip(cases, kept))
    values = np.array([found[drug if dose else drugs[0], dose, state] for drug, dose, state in axes])
    values = values.reshape(len(drugs), len(doses_nM), len(STATES), seeds, len(SHOWN))
    dimensions = ("drug", "dose", "state", "seed")
    table = xarray.Dataset(
        {name: (dimensions, values[..., i], {"units": UNITS[name]}) for i, name in enumerate(SHOWN)},
        {
            "drug": ("drug", list(drugs), {"units": "1"}),
            "dose": ("dose", np.array(doses_nM, float), {"units": "nM"}),
            "state": ("state", list(STATES), {"units": "1"}),
            "seed": ("seed", np.arange(seeds), {"units": "1"}),
        },
        {"definition": network.definition.json, "definition_sha256": network.definition.sha256},
    )
    write_table(table, path)
    return table


def dentate_findings(table: xarray.Dataset) -> list[str]:
    """What was found, changes with the 95 % interval over seeds."""
    top = float(table["dose"][-1])

    def change(name, drug, state):
        one = table[name].sel(drug=drug, state=state)
        return paired_change((one.sel(dose=top) - one.sel(dose=0)).values)

    def verdict(found):
        return ("suppression" if found.mean < 0 else "aggravation") if found.resolved else "no resolved change"

    untreated = "; ".join(
        f"{state} {float(one['event_rate'].mean()):.1f} events/s of {float(one['event_duration'].mean()):.0f} ms, granule "
        f"cells {float(one['gc_mean_rate'].mean()):.1f} Hz"
        for state in STATES
        for one in [table.isel(drug=0).sel(dose=0, state=state)]
    )
    best = table["gc_mean_rate"].sel(drug="zolpidem", state="late").mean("seed")
    lines = [
        f"Dentate gyrus without drug: {untreated}. Late under {float(best.idxmin()):g} nM zolpidem {float(best.min()):.1f} Hz."
    ]
    for drug in table["drug"].values.tolist():
        rates = {state: change("gc_mean_rate", drug, state) for state in STATES}
        lines.append(
            f"{drug}, {top:g} nM: "
            + "; ".join(
                f"{state} {verdict(rates[state])}, granule cells {rates[state].text('Hz', 1)}, events "
                f"{change('event_rate', drug, state).text('/s', 1)}"
                for state in STATES
            )
            + "."
        )
    return lines


def draw_dentate(axes: np.ndarray, table: xarray.Dataset) -> None:
    """Draw on axes (state, read-out); open points where some seeds have no event."""
    doses = [f"{dose:g}" for dose in table["dose"].values]
    for line, state in zip(axes, table["state"].values.tolist()):
        for ax, (name, label) in zip(line, SHOWN.items()):
            for drug in table["drug"].values.tolist():
                values = table[name].sel(state=state, drug=drug)
                mean, sd = values.mean("seed").values, values.std("seed", ddof=1).values
                spread = [np.minimum(sd, mean), sd]
                (drawn, *_) = ax.errorbar(doses, mean, spread, fmt="o-", label=drug, clip_on=False, elinewidth=0.8)
                some = values.isnull().any("seed").values
                ax.plot(
                    np.flatnonzero(some), mean[some], "o", color=drawn.get_color(), markerfacecolor="white", zorder=3
                )
            ax.set_ylim(0, 1.1 * float(table[name].max()))
            ax.set_xlim(-0.2, len(doses) - 0.8)
            ax.set_ylabel(label)
            ax.set_xlabel("dose (nM)")
        line[0].set_title(f"dentate gyrus, {state}")
    axes[0, 0].figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=len(table["drug"])
    )


def seizure_suppression(path, seeds=4, small=False, doses_nM=DOSES_NM) -> tuple[xarray.Dataset, xarray.Dataset]:
    """Tables of the dentate gyrus, written to `path`, and of spike-and-wave, written beside it."""
    dentate = dentate_table(path, doses_nM, seeds=seeds, small=small)
    return dentate, spike_wave_table(str(path).replace(".h5", "_spike_wave.h5"), quick=small)


def findings(tables: tuple[xarray.Dataset, xarray.Dataset]) -> list[str]:
    """What was found in the dentate gyrus, then in spike-and-wave."""
    return [*dentate_findings(tables[0]), *spike_wave_findings(tables[1])]


@figures.styled
def draw(tables: tuple[xarray.Dataset, xarray.Dataset]) -> Figure:
    """Figure: the dentate gyrus early and late, spike-and-wave below."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 6.4))
    rows = figure.subplots(3, len(SHOWN))
    draw_dentate(rows[:2], tables[0])
    draw_spike_wave(rows[2], tables[1])
    rows[2, 0].set_title("spike-and-wave")
    return figure


def main(arguments=None) -> int:
    """Run the experiment, write the tables and the figure, say what was found."""
    return run_script(
        "seizure_suppression", __doc__, seizure_suppression, draw, findings, QUICK, "a tenth of the cells, one dose, 2 seeds",
        arguments, seeds=4,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
