"""Who fires when: a raster of all populations over their rates, and the allopregnanolone they fire under."""

from collections.abc import Sequence

import numpy as np
from brian2 import Quantity
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.ndimage import gaussian_filter1d

from .. import units
from ..errors import InputError, unknown
from .style import DOUBLE_COLUMN, MUTED, SHADE, colours, label, styled, time_axis

MOST_DRAWN = 200  # agents per population
BIN_MS = 1
SMOOTHING_MS = 5  # standard deviation of the Gaussian
_MOST_VECTORS = 5000  # more spikes than this are drawn as an image in vector formats


def _smooth(rate: np.ndarray) -> np.ndarray:
    """Gaussian average of what lies inside the window; a volley at its edge is not counted twice."""
    weight = gaussian_filter1d(np.ones_like(rate), SMOOTHING_MS / BIN_MS, mode="constant")
    return gaussian_filter1d(rate, SMOOTHING_MS / BIN_MS, mode="constant") / weight


@styled
def raster(
    run,
    populations: Sequence[str] | None = None,
    axes: Sequence[Axes] | None = None,
    start: Quantity | None = None,
    stop: Quantity | None = None,
) -> Figure:
    """Raster of the populations, stacked, over their population rates.

    At most 200 agents of a population are drawn, evenly chosen; the rate is of all of them, in bins of 1 ms smoothed
    by a Gaussian of 5 ms standard deviation. A strip on top shows allopregnanolone when it changes in time.

    Parameters
    ----------
    run : Run
    populations : sequence of str, optional
        From bottom to top; all of them unless given.
    axes : sequence of Axes, optional
        Two, for raster and rate, or three, the last for allopregnanolone; new ones unless given.
    start, stop : Quantity, optional
        Window to draw; the whole run unless given.

    Raises
    ------
    InputError
        A population that the run does not have, or an empty window.
    """
    populations = list(run.sizes) if populations is None else list(populations)
    for population in populations:
        if population not in run.sizes:
            raise unknown("populations", "population", population, run.sizes)
    duration_ms = float(units.magnitude(run.duration, "ms"))
    start_ms = 0.0 if start is None else float(units.magnitude(start, "ms", "start"))
    stop_ms = duration_ms if stop is None else min(float(units.magnitude(stop, "ms", "stop")), duration_ms)
    if not 0 <= start_ms < stop_ms:
        raise InputError("start", f"nothing to draw from {start_ms:g} to {stop_ms:g} ms; the run is {duration_ms:g} ms")
    factor, unit = time_axis(start_ms, stop_ms)
    changing = bool(np.ptp(units.magnitude(run.allopregnanolone.concentration, "nM")) > 0)
    raster_axes, rate_axes, *strip = axes if axes is not None else _panels(changing)
    colour = colours(run.sizes)
    _draw_spikes(raster_axes, run, populations, colour, (start_ms, stop_ms), factor)
    _draw_rates(rate_axes, run, populations, colour, duration_ms, factor)
    if strip and changing:
        _draw_strip(strip[0], run.allopregnanolone, (start_ms, stop_ms), factor)
    discard = min(float(units.magnitude(run.discard, "ms")), stop_ms)
    for axis in (raster_axes, rate_axes, *strip):
        axis.set_xlim(factor * start_ms, factor * stop_ms)
        if discard > start_ms:
            axis.axvspan(factor * start_ms, factor * discard, color=SHADE, linewidth=0, zorder=0)
    if discard > start_ms:
        note = "shaded: discarded, not in the statistics"
        raster_axes.set_title(note, loc="right", fontsize=7, color=MUTED, pad=2)
    rate_axes.set_xlabel(label("time", unit))
    return raster_axes.figure


def _panels(changing):
    figure = Figure(figsize=(DOUBLE_COLUMN, 3.6 + 0.5 * changing))
    heights = [0.5] * changing + [2.2, 1.0]
    panels = figure.subplots(len(heights), 1, sharex=True, gridspec_kw={"height_ratios": heights})
    return [*panels[-2:], *panels[:-2]]


def drawn_agents(size: int) -> np.ndarray:
    """Node ids that a raster draws, array of int (drawn,): all, or 200 evenly chosen."""
    return np.unique(np.linspace(0, size - 1, min(size, MOST_DRAWN)).round().astype(int))


def _draw_spikes(axes, run, populations, colour, window, factor):
    base, ticks, names = 0, [], []
    points = []
    for population in populations:
        chosen, size = drawn_agents(run.sizes[population]), run.sizes[population]
        times = units.magnitude(run.spikes[population].times, "ms")
        node_ids = np.asarray(run.spikes[population].node_ids)
        shown = np.isin(node_ids, chosen) & (times >= window[0]) & (times <= window[1])
        rows = base + np.searchsorted(chosen, node_ids[shown])
        points.append((population, factor * times[shown], rows))
        if not node_ids.size:
            middle = factor * (window[0] + window[1]) / 2
            axes.text(middle, base + chosen.size / 2, "no spikes", ha="center", va="center", color=MUTED)
        ticks.append(base + (chosen.size - 1) / 2)
        names.append(f"{population}\n{chosen.size} of {size}" if chosen.size < size else f"{population}\n{size}")
        # A gap keeps small populations apart from large ones.
        base += chosen.size + max(1, MOST_DRAWN // 40)
    height = axes.get_position().height * axes.figure.get_figheight() * 72
    length = float(np.clip(0.9 * height / base, 1.2, 6))
    heavy = sum(rows.size for _, _, rows in points) > _MOST_VECTORS
    for population, times, rows in points:
        axes.plot(
            times, rows, "|", color=colour[population], markersize=length, markeredgewidth=0.6, rasterized=heavy,
            label=population,
        )  # fmt: skip
    axes.set_ylim(-1, base)
    axes.set_yticks(ticks, names)
    axes.tick_params(axis="y", length=0)
    for text, population in zip(axes.get_yticklabels(), populations):
        text.set_color(colour[population])
    axes.set_ylabel("agents drawn")
    axes.tick_params(axis="x", labelbottom=False)


def _draw_rates(axes, run, populations, colour, duration_ms, factor):
    edges = np.arange(0, np.floor(duration_ms / BIN_MS) + 1) * BIN_MS
    for population in populations:
        counts, _ = np.histogram(units.magnitude(run.spikes[population].times, "ms"), edges)
        rate = _smooth(counts / (run.sizes[population] * BIN_MS * 1e-3))
        axes.plot(factor * (edges[:-1] + BIN_MS / 2), rate, color=colour[population], label=population)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"{label('rate', 'Hz')}\n{BIN_MS} ms bins,\nσ = {SMOOTHING_MS} ms")


def _draw_strip(axes, course, window, factor):
    times = units.magnitude(course.times, "ms")
    axes.plot(factor * times, units.magnitude(course.concentration, "nM"), color="black")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(label("allo", "nM"))
    axes.tick_params(axis="x", labelbottom=False)
