"""Alpha rhythm of thalamic relay cells by potentiated GABA-A synapses: amplitude, decay, and allopregnanolone.

Question
    Ching et al. 2010 (doi:10.1073/pnas.1017069108) and Soplata et al. 2017 (doi:10.1371/journal.pcbi.1005879) let propofol
    multiply the conductance and the decay time of thalamic GABA-A synapses alike and found a sustained alpha rhythm of
    relay cells (8 to 13 Hz). Which of the two factors does it take, and what does allopregnanolone do in the same network,
    which prolongs the decay?

Network
    `thalamus_tc_re`: 10 relay (tc) and 10 reticular (re) cells with the numbers of the mechanism files of Soplata et al.,
    all to all, H conductance 0.005 mS/cm2, drive of tc 0.2 uA/cm2, time step 0.01 ms.

Design
    (1) `amplitude_factor` x `decay_factor` of both GABA-A projections, each 1, 1.5, 2, 3. (2) Allopregnanolone 0 to
    1000 nM through the receptor functions (`slice`), which leave the peak of a synaptic current and so move along the
    decay axis alone: 1.5 at 100 nM and 3.8 at 1000 nM; at amplitude 1 and, as if something else had raised the peak, 2.
    Without tonic conductance, as in the source, and with that of mouse relay cells (92 pA at -60 mV, 13 pA of it without
    delta receptors; Herd et al. 2009, Eur J Neurosci, authors recalled), of which the reversal potential is assumed to be
    0 mV in that recording. (3) The diagonal 1, 2, 3 of (1) at half the time step. 3 seeds each, which draw the initial
    state; 4 s are simulated, the first second discarded.

Read-outs
    Of the relay cells: mean rate, peak frequency of the population rate, and the share of windows of 250 ms with a spike.
"""

import itertools
import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import Network, figures, run_all, write_table
from allotone.published import rows
from allotone.statistics import paired_change

FACTORS = (1.0, 1.5, 2.0, 3.0)
DOSES_NM = (0, 100, 300, 1000)
CHECKED = (1.0, 2.0, 3.0)
PROJECTIONS = ("re_to_tc", "re_to_re")
# 79 and 13 pA at -60 mV on a cell of 28953 um2, from a reversal potential of 0 mV.
TONIC = {
    "populations.tc.tonic.delta.conductance": "0.00455 mS/cm2",
    "populations.tc.tonic.gamma2.conductance": "0.00075 mS/cm2",
}
CONDITIONS = {
    "peak x1": (1.0, {}),
    "peak x1, tonic": (1.0, TONIC),
    "peak x2": (2.0, {}),
    "peak x2, tonic": (2.0, TONIC),
}
HALF_STEP = "0.005 ms"
WINDOW_S, DISCARD_S, BIN_S = 0.25, 1.0, 0.01
READ = {"mean_rate": "Hz", "peak_frequency": "Hz", "active_windows": "1"}


def potentiated(network: Network, amplitude: float, decay: float) -> Network:
    """The network with both GABA-A projections multiplied."""
    values = {"amplitude_factor": amplitude, "decay_factor": decay}
    return network.override({f"projections.{p}.{key}": value for p in PROJECTIONS for key, value in values.items()})


def read(run) -> dict[str, float | np.ndarray]:
    """The read-outs of a run, and the course of the rate of relay cells, Hz, in bins of 10 ms from the run's start."""
    spikes, duration = run.spikes["tc"], float(run.duration)
    times = np.asarray(spikes.times)
    windows = np.histogram(times, np.arange(DISCARD_S, duration + WINDOW_S / 2, WINDOW_S))[0]
    bins = np.histogram(times, round(duration / BIN_S), (0, duration))[0]
    found = run.statistics["tc"]
    return {
        "mean_rate": float(found["mean_rate"].value),
        "peak_frequency": float(found["peak_frequency"].value),
        "active_windows": np.count_nonzero(windows) / windows.size,
        "course": bins / (BIN_S * run.sizes["tc"]),
    }


def alpha_by_potentiation(
    path, factors=FACTORS, doses_nM=DOSES_NM, checked=CHECKED, seeds=3, duration_s=4.0, show_progress=True
) -> xarray.Dataset:
    """Table of the read-outs, also written to `path`.

    Dimensions (amplitude_factor, decay_factor, seed), with the prefix `dose_` (condition, allopregnanolone, seed), with the
    prefix `half_step_` (factor, seed); `course`, Hz, of the first seed (factor, time).
    """
    network = Network.load("thalamus_tc_re")
    designs = {
        "": {"amplitude_factor": list(factors), "decay_factor": list(factors)},
        "dose_": {"condition": list(CONDITIONS), "allopregnanolone": list(doses_nM)},
        "half_step_": {"factor": list(checked)},
    }
    networks = [potentiated(network, *pair) for pair in itertools.product(factors, factors)]
    networks += [
        potentiated(network, amplitude, 1.0).override({**tonic, "medium.allopregnanolone": f"{dose} nM"})
        for (amplitude, tonic), dose in itertools.product(CONDITIONS.values(), doses_nM)
    ]
    networks += [potentiated(network, one, one).override({"time_step": HALF_STEP}) for one in checked]
    run = {"duration": f"{duration_s} s", "discard": f"{DISCARD_S} s", "statistics": ("mean_rate", "peak_frequency")}
    points = [(one, {**run, "seed": seed}) for one in networks for seed in range(seeds)]
    found = run_all(points, keep=read, show_progress=show_progress)
    units = {"allopregnanolone": "nM", "time": "s"}
    coordinates = {name: labels for design in designs.values() for name, labels in design.items()}
    coordinates |= {"seed": list(range(seeds)), "time": BIN_S * (np.arange(round(duration_s / BIN_S)) + 0.5)}
    table = xarray.Dataset(
        coords={name: (name, labels, {"units": units.get(name, "1")}) for name, labels in coordinates.items()}
    )
    start = 0
    for prefix, design in designs.items():
        shape = (*(len(labels) for labels in design.values()), seeds)
        own = found[start : start + int(np.prod(shape))]
        for name, unit in READ.items():
            values = np.array([one[name] for one in own]).reshape(shape)
            table[f"{prefix}tc_{name}"] = ([*design, "seed"], values, {"units": unit})
        start += len(own)
    diagonal = [
        found[(position * len(factors) + position) * seeds]["course"] for position in map(factors.index, checked)
    ]
    table["course"] = (("factor", "time"), np.array(diagonal), {"units": "Hz"})
    table.attrs.update(definition=network.definition.json, definition_sha256=network.definition.sha256)
    write_table(table, path)
    return table


def sustained(table: xarray.Dataset, prefix: str = "") -> xarray.DataArray:
    """Where the relay cells fire in every window of every seed, array without seed."""
    return (table[f"{prefix}tc_active_windows"] == 1).all("seed")


def step_change(table: xarray.Dataset, name: str, factor: float):
    """What half the time step adds to a read-out where both factors are `factor`, a `Change` over seeds."""
    whole = table[f"tc_{name}"].sel(amplitude_factor=factor, decay_factor=factor)
    return paired_change((table[f"half_step_tc_{name}"].sel(factor=factor) - whole).values)


def findings(table: xarray.Dataset) -> list[str]:
    """What was found, a line each."""
    low, high = (getattr(rows("networks")["ching_alpha_band"], end) for end in ("low", "high"))
    mean = table.mean("seed")
    plain = table["tc_mean_rate"].sel(amplitude_factor=1, decay_factor=1).values
    peaks = mean["tc_peak_frequency"].where(sustained(table))
    in_band = int(((peaks >= low) & (peaks <= high)).sum())
    largest = float(table["decay_factor"].max())
    lines = [
        f"Without potentiation the relay cells fire at {plain.mean():.2f} Hz after 1 s ({plain.min():.2f} to "
        f"{plain.max():.2f} over {plain.size} seeds).",
        f"They fire in every window of 250 ms at {int(sustained(table).sum())} of {peaks.size} settings, with a spectral "
        f"peak from {float(peaks.min()):.1f} to {float(peaks.max()):.1f} Hz, within {low:g} to {high:g} Hz at {in_band}.",
        "Share of active windows: "
        + ", ".join(
            f"amplitude x{a:g} with decay x{d:g} {float(mean['tc_active_windows'].sel(amplitude_factor=a, decay_factor=d)):.2f}"
            for a, d in ((largest, 1), (1, largest), (largest, largest))
        )
        + ".",
    ]
    for condition in table["condition"].values.tolist():
        dose = mean.sel(condition=condition)
        lines.append(
            f"Allopregnanolone, {condition}: "
            + ", ".join(
                f"{amount:g} nM {float(one['dose_tc_mean_rate']):.2f} Hz in {float(one['dose_tc_active_windows']):.0%} of windows"
                + (f", peak at {peak:.1f} Hz" if np.isfinite(peak := float(one["dose_tc_peak_frequency"])) else "")
                for amount in dose["allopregnanolone"].values
                for one in [dose.sel(allopregnanolone=amount)]
            )
            + "."
        )
    lines.append(
        "Half the time step adds to the rate "
        + ", ".join(
            f"{step_change(table, 'mean_rate', float(one)).text('Hz')} at x{float(one):g}" for one in table["factor"]
        )
        + "; spectral peaks "
        + ", ".join(
            f"{float(mean['half_step_tc_peak_frequency'].sel(factor=one)):.2f} for "
            f"{float(mean['tc_peak_frequency'].sel(amplitude_factor=one, decay_factor=one)):.2f} Hz at x{one:g}"
            for one in table["factor"].values
            if one > 1
        )
        + "."
    )
    return lines


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: above, the plane of both factors; below, courses of the rate, then rate and peak against dose."""
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 4.8))
    above, below = figure.subplots(2, 3)
    for ax, name in zip(above, READ):
        figures.heatmap(table, f"tc_{name}", ax=ax, x="decay_factor", y="amplitude_factor")
    _draw_courses(below[0], table)
    _draw_doses(below[1], table, "mean_rate", "tc rate (Hz), mean ± SD")
    _draw_doses(below[2], table, "peak_frequency", "spectral peak (Hz)")
    reference = rows("networks")["tcre_rate_no_drug"].value
    below[1].plot(
        0, reference, "D", color="black", markerfacecolor="none", markersize=7, label="independent", clip_on=False
    )
    below[1].set_ylim(0, 1.8 * below[1].get_ylim()[1])
    below[1].legend(loc="upper left")
    band = rows("networks")["ching_alpha_band"]
    below[2].axhspan(band.low, band.high, color="#dddddd", zorder=0)
    below[2].annotate("published band", (0, band.low), (-5, -9), textcoords="offset points", color="#666666")
    below[2].set_ylim(0, 14)
    return figure


def _draw_doses(ax, table: xarray.Dataset, name: str, text: str) -> None:
    """A read-out against allopregnanolone, doses at equal distances, over the seeds in which it is defined."""
    values, places = table[f"dose_tc_{name}"], np.arange(table.sizes["allopregnanolone"])
    for position, condition in enumerate(table["condition"].values.tolist()):
        one = values.sel(condition=condition)
        # Side by side, or those that are silent would hide each other.
        shifted = places + 0.06 * (position - (table.sizes["condition"] - 1) / 2)
        ax.errorbar(
            shifted, one.mean("seed").values, one.std("seed", ddof=1).values, fmt="o-", elinewidth=0.8, label=condition
        )
    ax.set_xticks(places, [f"{dose:g}" for dose in table["allopregnanolone"].values])
    ax.set_xlim(-0.3, places[-1] + 0.3)
    ax.set_xlabel("allopregnanolone (nM)")
    ax.set_ylabel(text)


def _draw_courses(ax, table: xarray.Dataset) -> None:
    """Rate of relay cells in the first seed, one above the other by the factor on amplitude and decay."""
    height = 1.15 * float(table["course"].isel(time=slice(table.sizes["time"] // 2, None)).max()) or 1.0
    for position, factor in enumerate(table["factor"].values):
        course = table["course"].sel(factor=factor)
        ax.plot(course["time"], position * height + course.clip(max=height), color="black", linewidth=0.6)
    ax.set_yticks(height * np.arange(table.sizes["factor"]), [f"x{factor:g}" for factor in table["factor"].values])
    ax.set_ylabel("amplitude and decay")
    ax.set_xlabel("time (s)")
    ax.axvline(DISCARD_S, color="#999999", linestyle=":", linewidth=0.8)


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"factors": (1.0, 2.0), "doses_nM": (0, 1000), "seeds": 2, "duration_s": 2.0}
    smaller = "factors 1 and 2, 2 doses, 2 seeds, 2 s"
    return run_script(
        "alpha_by_potentiation", __doc__, alpha_by_potentiation, draw, findings, quick, smaller, arguments, seeds=3
    )


if __name__ == "__main__":
    sys.exit(main())
