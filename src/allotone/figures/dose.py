"""What allopregnanolone does to a statistic: a curve over dose for each value of another axis."""

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .. import units
from ..errors import InputError, unknown
from .style import MUTED, SINGLE_COLUMN, colours, label, label_line_ends, styled

DOSE_NAMES = ("allopregnanolone", "medium.allopregnanolone")
_STYLES = ("-", "--", ":", "-.")


@styled
def dose(table, variable: str, ax: Axes | None = None, hue: str | None = None, style: str | None = None) -> Figure:
    """Mean of a statistic over seeds against allopregnanolone at the receptor, with the standard deviation as bars.

    The dose axis is logarithmic; below the lowest dose above zero it is linear, which a mark on the axis says. A point
    where every seed is missing is not drawn, one where some are missing is drawn open.

    Parameters
    ----------
    table : xarray.Dataset
        With a coordinate `allopregnanolone` (or `medium.allopregnanolone`), `units` on everything, and perhaps `seed`.
    variable : str
    ax : Axes, optional
    hue, style : str, optional
        Dimensions whose values are told apart by colour and by line.

    Raises
    ------
    InputError
        A name that the table does not have, no dose axis, or a dimension that is neither drawn nor averaged.
    """
    if variable not in table.data_vars:
        raise unknown("variable", "variable", variable, table.data_vars)
    values = table[variable]
    name = next((name for name in DOSE_NAMES if name in values.coords and values[name].ndim == 1), None)
    if name is None:
        raise InputError(variable, f"has no dose axis '{DOSE_NAMES[0]}'; its dimensions: {', '.join(values.dims)}")
    for role, dimension in (("hue", hue), ("style", style)):
        if dimension is not None and dimension not in values.dims:
            raise unknown(role, "dimension", dimension, values.dims)
    along = values[name].dims[0]
    for role, dimension in (("hue", hue), ("style", style)):
        if dimension in (along, "seed"):
            raise InputError(role, f"'{dimension}' is already drawn or averaged; choose another dimension")
    left = [dimension for dimension in values.dims if dimension not in (along, "seed", hue, style)]
    if left:
        raise InputError(variable, f"has the further dimension '{left[0]}'; choose one value of it, or hue='{left[0]}'")
    values = values.sortby(name)
    doses = units.magnitude(units.quantity(values[name].values, values[name].attrs["units"]), "nM")
    new = ax is None
    ax = Figure(figsize=(SINGLE_COLUMN, 2.4)).subplots() if new else ax
    hues = _levels(values, hue)
    styles = _levels(values, style)
    if len(styles) > len(_STYLES):
        raise InputError("style", f"'{style}' has {len(styles)} values; at most {len(_STYLES)} lines can be told apart")
    colour, ends = colours(list(hues)), {}
    for hue_label, chosen in hues.items():
        for (style_label, further), pattern in zip(styles.items(), _STYLES):
            one = values.isel(chosen | further)
            last = _draw_curve(
                ax, doses, one, colour[hue_label], pattern, ", ".join(filter(None, (hue_label, style_label)))
            )
            if last is not None and hue_label:
                ends.setdefault(hue_label, (*last, colour[hue_label]))
    _dose_scale(ax, doses)
    ax.set_xlabel(label("allopregnanolone", "nM"))
    unit = values.attrs["units"]
    spread = f"\nmean ± SD, {values.sizes['seed']} seeds" if values.sizes.get("seed", 1) > 1 else ""
    ax.set_ylabel(label(variable.replace("_", " "), unit) + spread)
    label_line_ends(ax, ends)
    if any(line.get_label() == "_open" and line.get_xdata().size for line in ax.lines):
        ax.set_title("open: some seeds missing", loc="right", color=MUTED, fontsize=rcParams["legend.fontsize"])
    if style is not None:
        handles = [Line2D([], [], color="black", linestyle=_STYLES[i], label=text) for i, text in enumerate(styles)]
        ax.legend(handles=handles, loc="best")
    return ax.figure


def _levels(values, dimension) -> dict[str, dict[str, int]]:
    """Text of each value of a dimension to its selection; one empty selection for no dimension."""
    if dimension is None:
        return {"": {}}
    labels = values[dimension]
    unit = labels.attrs.get("units", "1")
    short = dimension.rsplit(".", 1)[-1].replace("_", " ")
    texts = [f"{value:g}" if np.issubdtype(labels.dtype, np.number) else str(value) for value in labels.values]
    if np.issubdtype(labels.dtype, np.number):
        texts = [f"{short} {text}" if unit == "1" else f"{short} {text} {unit}" for text in texts]
    return {text: {dimension: position} for position, text in enumerate(texts)}


def _draw_curve(ax, doses, values, colour, pattern, name):
    """Draw one curve; its last point, or None when there is none."""
    samples = values.transpose(..., "seed").values if "seed" in values.dims else values.values[:, np.newaxis]
    present = np.ma.masked_invalid(samples)
    count = present.count(axis=1)
    some, several = count > 0, count > 1
    mean = present.mean(axis=1).filled(np.nan)
    deviation = present.std(axis=1, ddof=1).filled(np.nan)
    ax.plot(doses, mean, pattern, color=colour, label=name)
    ax.errorbar(doses[several], mean[several], deviation[several], fmt="none", ecolor=colour, elinewidth=0.8)
    whole = count == samples.shape[1]
    for chosen, face, mark in ((some & whole, colour, "_points"), (some & ~whole, "white", "_open")):
        ax.plot(doses[chosen], mean[chosen], "o", color=colour, markerfacecolor=face, label=mark, zorder=3)
    last = np.flatnonzero(some)
    return (doses[last[-1]], mean[last[-1]]) if last.size else None


def _dose_scale(ax, doses):
    positive = doses[doses > 0]
    if not positive.size:
        return
    low, high = positive.min(), positive.max()
    with_zero = (doses == 0).any()
    if with_zero:
        ax.set_xscale("symlog", linthresh=low, linscale=0.5)
        ax.set_xlim(-0.15 * low, high * 1.2)
        _mark_break(ax, low)
    else:
        ax.set_xscale("log")
        ax.set_xlim(low / 1.2, high * 1.2)
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    width_pt = ax.get_position().width * ax.figure.get_figwidth() * 72
    # About 4 pt a digit: labels at 1 and 3 of each decade need room.
    roomy = width_pt > 55 * (1 + np.log10(high / low))
    ticks = np.outer(decades, (1, 3) if roomy else (1,)).ravel()
    ticks = [tick for tick in ticks if 0.99 * low <= tick <= high * 1.2]
    if with_zero:
        ticks = [0.0, *ticks]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()


def _mark_break(ax, low):
    """Two strokes through the axis where it turns from logarithmic to linear."""
    to_axes = ax.transData + ax.transAxes.inverted()
    place = to_axes.transform((low / 2, ax.get_ylim()[0]))[0]
    size = rcParams["xtick.major.size"] * 2
    ax.plot([place - 0.012, place + 0.012], [0, 0], color="white", linewidth=2, transform=ax.transAxes, clip_on=False)
    ax.plot(
        [place - 0.012, place + 0.012], [0, 0], linestyle="none", color="black", transform=ax.transAxes,
        marker=[(-0.4, -1), (0.4, 1)], markersize=size, markeredgewidth=0.7, clip_on=False, label="_break",
    )  # fmt: skip
