"""What an axis of a sweep does to a statistic: a curve for each value of another axis."""

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..errors import InputError, unknown
from .against import Against, against, axes_of, is_dose, scale, short, wrapped
from .style import MUTED, SINGLE_COLUMN, colours, label, label_line_ends, styled
from .summary import summary

_STYLES = ("-", "--", ":", "-.")


@styled
def dose(
    table,
    variable: str,
    ax: Axes | None = None,
    hue: str | None = None,
    style: str | None = None,
    x: str | None = None,
) -> Figure:
    """Mean of a statistic over seeds against allopregnanolone at the receptor, with the standard deviation as bars.

    For a table of `over_seeds` the bars are the intervals in it. The dose axis is logarithmic; below the lowest dose
    above zero it is linear, which a mark on the axis says. A point where every seed is missing is not drawn, one where
    some are missing is drawn open. Points of a design without a grid are not joined by lines.

    Parameters
    ----------
    table : xarray.Dataset
        With `units` on everything, and perhaps a dimension `seed`.
    variable : str
    ax : Axes, optional
    hue, style : str, optional
        Dimensions whose values are told apart by colour and by line; without a grid, `hue` may be another axis.
    x : str, optional
        The axis of numbers to draw against; by default the dose (`allopregnanolone`, `medium.allopregnanolone`, `allo`
        or `dose`) or, in a table without one, its only axis of numbers. One that is no dose is logarithmic where it is
        positive and spans two decades, and linear otherwise.

    Raises
    ------
    InputError
        A name that the table does not have, an axis of words, no or several axes to draw against, or a dimension that
        is neither drawn nor averaged.
    """
    values, seeds, spread = summary(table, variable)
    axis = _chosen(values["mean"], variable, x, (hue, style))
    scattered = axis.dimension == "point"
    _check(values["mean"], variable, axis, hue, style)
    order = np.argsort(axis.labels, kind="stable")
    values, numbers = values.isel({axis.dimension: order}), axis.labels[order]
    new = ax is None
    ax = Figure(figsize=(SINGLE_COLUMN, 2.4)).subplots() if new else ax
    hues = _levels(values, hue)
    styles = _levels(values, style)
    if len(styles) > len(_STYLES):
        raise InputError("style", f"'{style}' has {len(styles)} values; at most {len(_STYLES)} lines can be told apart")
    colour, ends = colours(list(hues)), {}
    for hue_label, chosen in hues.items():
        for (style_label, further), pattern in zip(styles.items(), ("none",) if scattered else _STYLES):
            one = values.isel(chosen | further)
            shown = numbers[chosen["point"]] if "point" in chosen else numbers
            name = ", ".join(filter(None, (hue_label, style_label)))
            last = _draw_curve(ax, shown, one, seeds, colour[hue_label], pattern, name)
            if last is not None and hue_label:
                ends.setdefault(hue_label, (*last, colour[hue_label]))
    scale(ax, "x", axis)
    ax.set_ylabel(wrapped(label(short(variable), table[variable].attrs["units"])) + (f"\n{spread}" if spread else ""))
    label_line_ends(ax, ends)
    notes = []
    if any(line.get_label() == "_open" and line.get_xdata().size for line in ax.lines):
        notes.append("open: some seeds missing")
    without = int((values["count"] == 0).sum()) if scattered else 0
    if without:
        notes.append(f"without a value, not drawn: {without}")
    if notes:
        ax.set_title("\n".join(notes), loc="right", color=MUTED, fontsize=rcParams["legend.fontsize"])
    if style is not None:
        handles = [Line2D([], [], color="black", linestyle=_STYLES[i], label=text) for i, text in enumerate(styles)]
        ax.legend(handles=handles, loc="best")
    return ax.figure


def _chosen(values, variable, x, others) -> Against:
    """The axis to draw against: the one asked for, the dose, or the only one of numbers."""
    if x is None:
        free = [name for name in axes_of(values) if name not in others]
        numeric = [name for name in free if against(values, name, "x").is_numeric]
        doses = [name for name in numeric if is_dose(values, name)]
        if not doses and len(numeric) != 1:
            several = f"several axes of numbers, {', '.join(numeric)}: choose one with x"
            none = f"no other of numbers; its dimensions: {', '.join(values.dims)}"
            raise InputError(variable, f"has no dose axis 'allopregnanolone', and {several if numeric else none}")
        x = (doses or numeric)[0]
    axis = against(values, x, "x")
    if not axis.is_numeric:
        raise InputError("x", f"'{x}' holds words such as '{axis.labels[0]}'; a curve needs an axis of numbers")
    return axis


def _check(values, variable, axis, hue, style):
    """Refuse dimensions that cannot be told apart, are drawn twice, or are left over."""
    scattered = axis.dimension == "point"
    if scattered and style is not None:
        raise InputError(
            "style", f"'{style}' would be told apart by lines, which a design without a grid has not; use hue"
        )
    along_points = [name for name in axes_of(values) if scattered and values[name].dims == ("point",)]
    for role, dimension in (("hue", hue), ("style", style)):
        if dimension is None:
            continue
        if dimension in (axis.name, axis.dimension, "seed"):
            raise InputError(role, f"'{dimension}' is already drawn or averaged; choose another dimension")
        if dimension not in (*values.dims, *along_points):
            raise unknown(role, "dimension", dimension, (*values.dims, *along_points))
    left = [dimension for dimension in values.dims if dimension not in (axis.dimension, hue, style)]
    if left:
        raise InputError(variable, f"has the further dimension '{left[0]}'; choose one value of it, or hue='{left[0]}'")


def _levels(values, dimension) -> dict[str, dict]:
    """Text of each value of a dimension, or of an axis along points, to its selection; an empty one for none."""
    if dimension is None:
        return {"": {}}
    labels = values[dimension]
    known, place = np.unique(labels.values, return_inverse=True)
    along_points = labels.dims == ("point",)
    if along_points and known.size > len(rcParams["axes.prop_cycle"]):
        raise InputError("hue", f"'{dimension}' has {known.size} values along the points; draw a heatmap instead")
    unit = labels.attrs.get("units", "1")
    texts = [str(value) for value in (known if along_points else labels.values)]
    if np.issubdtype(labels.dtype, np.number):
        name = "allo" if is_dose(values["mean"], dimension) else dimension.rsplit(".", 1)[-1].replace("_", " ")
        unit = "" if unit == "1" else f" {unit}"
        texts = [f"{name} {float(text):g}{unit}" for text in texts]
    if along_points:
        return {text: {"point": np.flatnonzero(place == position)} for position, text in enumerate(texts)}
    return {text: {dimension: position} for position, text in enumerate(texts)}


def _draw_curve(ax, numbers, values, seeds, colour, pattern, name):
    """Draw one curve; its last point, or None when there is none."""
    mean, low, high, count = (values[part].values for part in ("mean", "low", "high", "count"))
    some, several = count > 0, np.isfinite(low)
    ax.plot(numbers, mean, linestyle=pattern, color=colour, label=name)
    ax.vlines(numbers[several], low[several], high[several], color=colour, linewidth=0.8)
    whole = count == seeds
    for chosen, face, mark in ((some & whole, colour, "_points"), (some & ~whole, "white", "_open")):
        ax.plot(numbers[chosen], mean[chosen], "o", color=colour, markerfacecolor=face, label=mark, zorder=3)
    last = np.flatnonzero(some)
    return (numbers[last[-1]], mean[last[-1]]) if last.size else None
