"""In which rhythm populations fire: the spectrum of each one's rate, with its peak."""

from collections.abc import Mapping

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..errors import InputError
from .style import MUTED, SHADE, SINGLE_COLUMN, colours, label, label_line_ends, styled

# Hz; the default bands of the statistic `band_power`.
BANDS = {
    "delta": (1, 4),
    "theta": (4, 8),
    "alpha": (8, 12),
    "beta": (12, 30),
    "low_gamma": (30, 60),
    "high_gamma": (60, 120),
}
_SHORT = {"delta": "δ", "theta": "θ", "alpha": "α", "beta": "β", "low_gamma": "low γ", "high_gamma": "high γ"}


@styled
def spectrum(run, ax: Axes | None = None, bands: Mapping[str, tuple[float, float]] = BANDS) -> Figure:
    """Spectrum of each population's rate on logarithmic axes, with its peak frequency marked.

    Parameters
    ----------
    run : Run
        With the statistics `rate_spectrum` and `peak_frequency`.
    ax : Axes, optional
    bands : mapping of str to (low, high), Hz
        Shaded behind the spectra.

    Raises
    ------
    InputError
        No population has a spectrum.
    """
    spectra = {name: stats["rate_spectrum"] for name, stats in run.statistics.items() if "rate_spectrum" in stats}
    if not spectra:
        raise InputError("statistics", "no population has the statistic 'rate_spectrum'; ask the run for it")
    ax = Figure(figsize=(SINGLE_COLUMN, 2.5)).subplots() if ax is None else ax
    ax.set_xscale("log")
    ax.set_yscale("log")
    colour = colours(run.sizes)
    ends, silent = {}, []
    for population, record in spectra.items():
        frequency, _ = record.coordinates["frequency"]
        shown = (np.asarray(frequency) > 0) & (np.asarray(record.value) > 0)
        if not shown.any():
            silent.append(population)
            continue
        x, y = np.asarray(frequency)[shown], np.asarray(record.value)[shown]
        ax.plot(x, y, color=colour[population], label=population)
        name = population
        peak = run.statistics[population].get("peak_frequency")
        if peak is not None and np.isfinite(peak.value):
            ax.plot(float(peak.value), 1.7 * np.interp(peak.value, x, y), "v", color=colour[population], label="peak")
            name = f"{population}\n{float(peak.value):.1f} Hz"
        ends[name] = (x[-1], y[-1], colour[population])
    _frame(ax)
    _shade(ax, bands)
    if silent:
        note = f"no power: {', '.join(silent)}"
        ax.set_title(note, loc="right", color=MUTED, fontsize=rcParams["legend.fontsize"])
    ax.set_xlabel(label("frequency", "Hz"))
    # The unit of the statistic is Hz; as a density per frequency it reads more clearly.
    units_of = {"Hz²/Hz" if record.unit == "Hz" else record.unit for record in spectra.values()}
    ax.set_ylabel(label("power density of the rate", ", ".join(sorted(units_of))))
    label_line_ends(ax, ends)
    return ax.figure


def _frame(ax):
    """Limits: from 1 Hz on, and three decades of power below the peak of the weakest, under which there is noise."""
    lines = [line for line in ax.lines if line.get_label() != "peak"]
    if lines:
        peaks = [line.get_ydata().max() for line in lines]
        lowest = min(line.get_ydata().min() for line in lines)
        # Room above for the names of the bands.
        ax.set_ylim(max(lowest / 2, min(peaks) * 1e-3), max(peaks) * 30)
        frequencies = np.concatenate([line.get_xdata() for line in lines])
        ax.set_xlim(max(1, frequencies.min()), frequencies.max())
    else:
        ax.set_xlim(1, 200)
        ax.set_ylim(1e-4, 1)
    ax.set_xticks([tick for tick in (1, 2, 5, 10, 20, 50, 100, 200) if ax.get_xlim()[0] <= tick <= ax.get_xlim()[1]])
    ax.xaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()


def _shade(ax, bands):
    left, right = ax.get_xlim()
    for position, (name, (low, high)) in enumerate(bands.items()):
        low, high = max(low, left), min(high, right)
        if low >= high:
            continue
        if position % 2 == 0:
            ax.axvspan(low, high, color=SHADE, linewidth=0, zorder=0)
        ax.text(
            np.sqrt(low * high), 0.985, _SHORT.get(name, name).replace(" ", "\n"), transform=ax.get_xaxis_transform(),
            ha="center", va="top", color=MUTED, fontsize=rcParams["legend.fontsize"],
        )  # fmt: skip
