"""What an axis of a sweep does to a statistic: a curve for each value of another axis."""

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..errors import InputError, unknown
from .against import Against, against, axes_of, is_dose, level, scale, short, turn_words, wrapped
from .notes import fixed, write_above
from .style import SINGLE_COLUMN, colours, label, label_line_ends, styled
from .summary import summary

_STYLES = ("-", "--", ":", "-.")
_BESIDE = 0.4  # of the distance between two words: how far hues are spread


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
    above zero it is linear, which a mark on the axis says. A point where every seed is missing is not drawn but counted in
    a note, one where some are missing is drawn open. Words stand at equal distances. They, and points of a design without
    a grid, are not joined by lines. A figure of its own says above at which values of other axes it is.

    Parameters
    ----------
    table : xarray.Dataset
        With `units` on everything, and perhaps a dimension `seed`.
    variable : str
    ax : Axes, optional
    hue, style : str, optional
        Dimensions whose values are told apart by colour and by line; without a grid, `hue` may be another axis.
    x : str, optional
        The axis to draw against; by default the dose (`allopregnanolone`, `medium.allopregnanolone`, `allo` or `dose`)
        or, in a table without one, its only axis of numbers or else of words. On which scale, `against.scale` says.

    Raises
    ------
    InputError
        A name that the table does not have, no or several axes to draw against, or a dimension that is neither drawn
        nor averaged.
    """
    values, seeds, spread = summary(table, variable)
    axis = _chosen(values["mean"], variable, x, (hue, style))
    _check(values["mean"], variable, axis, hue, style)
    order = np.argsort(axis.places, kind="stable")
    values, places = values.isel({axis.dimension: order}), axis.places[order]
    new = ax is None
    ax = Figure(figsize=(SINGLE_COLUMN, 2.4)).subplots() if new else ax
    hues = _levels(values, hue)
    styles = _levels(values, style)
    if len(styles) > len(_STYLES):
        raise InputError("style", f"'{style}' has {len(styles)} values; at most {len(_STYLES)} lines can be told apart")
    colour, ends = colours(list(hues)), {}
    # Over a word, points of different hues would hide each other.
    shifts = np.zeros(len(hues)) if axis.is_numeric else _BESIDE * (np.arange(len(hues)) - (len(hues) - 1) / 2)
    for (hue_label, chosen), shift in zip(hues.items(), shifts / max(1, len(hues) - 1)):
        for (style_label, further), pattern in zip(styles.items(), _STYLES if _is_joined(axis) else ("none",)):
            one = values.isel(chosen | further)
            shown = (places[chosen["point"]] if "point" in chosen else places) + shift
            name = ", ".join(filter(None, (hue_label, style_label)))
            last = _draw_curve(ax, shown, one, seeds, colour[hue_label], pattern, name)
            if last is not None and hue_label:
                ends.setdefault(hue_label, (*last, colour[hue_label]))
    scale(ax, "x", axis)
    if not axis.is_numeric:
        turn_words(ax, new)
    ax.set_ylabel(wrapped(label(short(variable), table[variable].attrs["units"])) + (f"\n{spread}" if spread else ""))
    label_line_ends(ax, ends)
    notes = []
    if any(line.get_label() == "_open" and line.get_xdata().size for line in ax.lines):
        notes.append("open: some seeds missing")
    without = int((values["count"] == 0).sum())
    if without:
        notes.append(f"{without} of {values['count'].size} points without a value")
    write_above(ax, fixed(values) if new else "", notes)
    if style is not None:
        handles = [Line2D([], [], color="black", linestyle=_STYLES[i], label=text) for i, text in enumerate(styles)]
        ax.legend(handles=handles, loc="best")
    return ax.figure


def _chosen(values, variable, x, others) -> Against:
    """The axis to draw against: the one asked for, the dose, or the only one of numbers or else of words."""
    if x is not None:
        return against(values, x, "x")
    free = [against(values, name, "x") for name in axes_of(values) if name not in others]
    numeric = [one for one in free if one.is_numeric]
    found = [one for one in numeric if one.is_dose][:1] or numeric or free
    if len(found) != 1:
        names = ", ".join(one.name for one in found)
        several = f"several axes of {'numbers' if numeric else 'words'}, {names}: choose one of them as x"
        none = f"no other axis; its dimensions: {', '.join(values.dims) or 'none'}"
        raise InputError(variable, f"has no dose axis 'allopregnanolone', and {several if found else none}")
    return found[0]


def _is_joined(axis) -> bool:
    """Whether a line may lead from one point to the next."""
    return axis.is_numeric and axis.dimension != "point"


def _check(values, variable, axis, hue, style):
    """Refuse dimensions that cannot be told apart, are drawn twice, or are left over."""
    scattered = axis.dimension == "point"
    if style is not None and not _is_joined(axis):
        what = "a design without a grid" if scattered else "an axis of words"
        raise InputError("style", f"'{style}' would be told apart by lines, which {what} has not; use hue")
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
        remedy = f"choose a value, --select {left[0]}=VALUE, or tell them apart by colour, --hue {left[0]}"
        raise InputError(variable, f"has the further dimension '{left[0]}'; {remedy}")


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
    texts = [level(value, unit) for value in (known if along_points else labels.values)]
    if np.issubdtype(labels.dtype, np.number):
        name = "allo" if is_dose(values["mean"], dimension) else dimension.rsplit(".", 1)[-1].replace("_", " ")
        texts = [f"{name} {text}" for text in texts]
    if along_points:
        return {text: {"point": np.flatnonzero(place == position)} for position, text in enumerate(texts)}
    return {text: {dimension: position} for position, text in enumerate(texts)}


def _draw_curve(ax, places, values, seeds, colour, pattern, name):
    """Draw one curve; its last point, or None when there is none."""
    mean, low, high, count = (values[part].values for part in ("mean", "low", "high", "count"))
    some, several = count > 0, np.isfinite(low)
    ax.plot(places, mean, linestyle=pattern, color=colour, label=name)
    ax.vlines(places[several], low[several], high[several], color=colour, linewidth=0.8)
    whole = count == seeds
    for chosen, face, mark in ((some & whole, colour, "_points"), (some & ~whole, "white", "_open")):
        ax.plot(places[chosen], mean[chosen], "o", color=colour, markerfacecolor=face, label=mark, zorder=3)
    last = np.flatnonzero(some)
    return (places[last[-1]], mean[last[-1]]) if last.size else None
