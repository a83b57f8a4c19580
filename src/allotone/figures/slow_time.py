"""Concentration, receptors and network one under the other, against hours, days or weeks."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import units
from ..errors import InputError, unknown
from .style import SINGLE_COLUMN, colours, label, label_line_ends, styled

_WORDS = {"day": "days", "week": "weeks"}


@styled
def slow_time(
    table,
    rows: Sequence[str],
    hue: str | None = None,
    axes: Sequence[Axes] | None = None,
    unit: str | None = None,
    labels: dict[str, str] | None = None,
) -> Figure:
    """One panel for each variable, over a shared axis of slow time; mean over seeds with the standard deviation as a band.

    Parameters
    ----------
    table : xarray.Dataset
        With a coordinate `time` and `units` on everything; variables have the dimensions `time`, perhaps `hue`, perhaps
        `seed`.
    rows : sequence of str
        Variables, from top to bottom; what the table does not have for a hue is left out by NaN.
    hue : str, optional
        Dimension whose values are told apart by colour, and named beside the lowest panel that has it.
    axes : sequence of Axes, optional
        One for each row; new ones unless given.
    unit : {"h", "day", "week"}, optional
        Of the time axis; by default hours up to 4 days, days up to 10 weeks, then weeks.
    labels : dict of str to str, optional
        What variables are called on their axes.

    Raises
    ------
    InputError
        A variable the table does not have, no coordinate `time`, or a dimension that is neither drawn nor averaged.
    """
    if "time" not in table.coords:
        raise InputError("time", f"the table has no coordinate 'time'; it has {', '.join(map(str, table.coords))}")
    for name in rows:
        if name not in table.data_vars:
            raise unknown("rows", "variable", name, table.data_vars)
        left = [one for one in table[name].dims if one not in ("time", "seed", hue)]
        if left:
            raise InputError(name, f"has the further dimension '{left[0]}'; choose one value of it, or hue='{left[0]}'")
    hours = units.magnitude(units.quantity(table["time"].values, table["time"].attrs["units"]), "h")
    span = float(np.ptp(hours))
    unit = unit or ("h" if span <= 96 else "day" if span <= 1680 else "week")
    times = units.magnitude(units.quantity(hours, "h"), unit)
    if axes is None:
        figure = Figure(figsize=(SINGLE_COLUMN, 0.5 + 1.15 * len(rows)))
        axes = figure.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
    named = [str(value) for value in table[hue].values] if hue else []
    colour = colours(named) if hue else {}
    last_with_hue = max((k for k, name in enumerate(rows) if hue in table[name].dims), default=None)
    for position, (axis, name) in enumerate(zip(axes, rows, strict=True)):
        ends = _panel(axis, times, table[name], hue, named, colour)
        axis.set_ylabel(label((labels or {}).get(name, name.replace("_", " ")), table[name].attrs["units"]))
        axis.margins(x=0.01)
        if position == last_with_hue:
            # Names are placed by the limits, which matplotlib would set only when it draws.
            axis.autoscale_view()
            label_line_ends(axis, ends)
    axes[-1].set_xlabel(f"time ({_WORDS.get(unit, unit)})")
    axes[0].figure.align_ylabels(list(axes))
    return axes[0].figure


def _panel(axis, times, values, hue, named, colour) -> dict[str, tuple[float, float, str]]:
    """Draw one variable; the last drawn point and colour of each named line."""
    ends = {}
    with_hue = hue in values.dims
    for name, one in [(name, values.isel({hue: k})) for k, name in enumerate(named)] if with_hue else [("", values)]:
        samples = one.transpose("time", ...).values.reshape(times.size, -1)
        some = np.isfinite(samples).any(axis=1)
        mean = np.full(times.size, np.nan)
        mean[some] = np.nanmean(samples[some], axis=1)
        drawn = colour.get(name, "black")
        several = np.isfinite(samples).sum(axis=1) > 1
        # A line through what there is: conditions need not have been run at all of the times.
        mark = "o" if several.any() else None
        axis.plot(times[some], mean[some], color=drawn, marker=mark, markersize=2.5, label=name or None)
        if several.any():
            deviation = np.nanstd(samples[several], axis=1, ddof=1)
            axis.fill_between(
                times[several],
                mean[several] - deviation,
                mean[several] + deviation,
                color=drawn,
                alpha=0.2,
                linewidth=0,
            )
        if some.any() and name:
            last = np.flatnonzero(some)[-1]
            ends[name] = (times[last], mean[last], drawn)
    return ends
