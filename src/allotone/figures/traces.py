"""What was recorded: one panel for each population and variable."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import units
from ..errors import InputError
from .style import DOUBLE_COLUMN, canonical, colours, label, styled, time_axis

MOST_DRAWN = 5  # agents per panel; more hide each other


@styled
def traces(run, axes: Sequence[Axes] | None = None) -> Figure:
    """Recorded traces, at most five agents to a panel, evenly chosen.

    Parameters
    ----------
    run : Run
    axes : sequence of Axes, optional
        One for each recorded variable of each population; new ones unless given.

    Raises
    ------
    InputError
        The run recorded nothing.
    """
    recorded = [(population, trace) for population, several in run.traces.items() for trace in several]
    if not recorded:
        raise InputError("traces", "the run recorded none; run again with --record v@POPULATION:0-9/0.5ms")
    if axes is None:
        figure = Figure(figsize=(DOUBLE_COLUMN, 0.6 + 1.2 * len(recorded)))
        axes = figure.subplots(len(recorded), 1, sharex=True, squeeze=False)[:, 0]
    ends = [float(units.magnitude(trace.times, "ms")[position]) for _, trace in recorded for position in (0, -1)]
    factor, unit = time_axis(*ends)
    colour = colours(run.sizes)
    for axis, (population, trace) in zip(axes, recorded, strict=True):
        _draw(axis, population, trace, colour[population], factor)
    axes[-1].set_xlabel(label("time", unit))
    axes[0].figure.align_ylabels(axes)
    return axes[0].figure


def _draw(axes, population, trace, colour, factor):
    times = factor * units.magnitude(trace.times, "ms")
    values, unit = canonical(trace.values)
    node_ids = np.asarray(trace.node_ids)
    columns = np.unique(np.linspace(0, node_ids.size - 1, min(node_ids.size, MOST_DRAWN)).round().astype(int))
    for opacity, column in zip(np.linspace(1, 0.4, columns.size), columns):
        axes.plot(times, values[:, column], color=colour, alpha=opacity, linewidth=0.6, label=str(node_ids[column]))
    axes.set_xlim(times[0], times[-1])
    axes.set_ylabel(label(trace.variable, unit))
    shown = ", ".join(str(node) for node in node_ids[columns])
    of = f" of {node_ids.size} recorded" if columns.size < node_ids.size else ""
    axes.set_title(f"{population}: agent{'s' * (columns.size > 1)} {shown}{of}", color=colour, fontsize=7)
