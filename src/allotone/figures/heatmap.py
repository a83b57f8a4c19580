"""A statistic over two axes of a sweep: each cell one setting, with holes left as holes."""

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.transforms import nonsingular

from ..errors import InputError
from .against import Against, against, axes_of, scale, short, turn_words, wrapped
from .notes import fixed, write_above
from .style import SINGLE_COLUMN, label, styled
from .summary import summary

_MOST_VECTORS = 5000  # more points than this are drawn as an image in vector formats
_HOLE = "#c4c4c4"  # in no colour map, unlike the near-white of a diverging one
_HATCH = "#777777"


@styled
def heatmap(table, variable: str, ax: Axes | None = None, x: str | None = None, y: str | None = None) -> Figure:
    """Mean of a statistic over seeds as colour, over two axes of a sweep.

    The values of an axis stand at equal distances, numbers in ascending order. Cells where every seed is missing are
    hatched, those where some are missing have a dot. Colours are those of a sequence or, where values lie on both sides
    of 0, diverge from there. Points of a design without a grid are drawn where they lie in the plane of two axes of
    numbers, crosses where they have no value.

    Parameters
    ----------
    table : xarray.Dataset
        With `units` on everything, and perhaps a dimension `seed`.
    variable : str
    ax : Axes, optional
    x, y : str, optional
        Axes to draw against; by default the dose, if there is one, and the first other.

    Raises
    ------
    InputError
        A name that the table does not have, fewer than two axes, further dimensions, or axes of words in a design
        without a grid.
    """
    values, seeds, _ = summary(table, variable)
    across, up = _chosen(values["mean"], variable, x, y)
    left = [dimension for dimension in values.dims if dimension not in (across.dimension, up.dimension)]
    if left:
        options = " ".join(f"--select {dimension}=VALUE" for dimension in left)
        names = ", ".join(f"'{dimension}'" for dimension in left)
        raise InputError(variable, f"has dimensions beside the two that are drawn, {names}; choose a value: {options}")
    new = ax is None
    ax = Figure(figsize=(SINGLE_COLUMN, 2.5)).subplots() if new else ax
    draw = _draw_points if across.dimension == up.dimension else _draw_cells
    drawn, notes = draw(ax, values, seeds, across, up)
    text = wrapped(label(short(variable), table[variable].attrs["units"]))
    bar = ax.figure.colorbar(drawn, ax=ax, label=text + (f"\nmean of {seeds} seeds" if seeds > 1 else ""))
    bar.outline.set_linewidth(rcParams["axes.linewidth"])
    if not values["count"].any():
        bar.set_ticks([])
    write_above(ax, fixed(values) if new else "", notes)
    if draw is _draw_cells:
        _fit(ax, across, up, new)
    return ax.figure


def _chosen(values, variable, x, y) -> tuple[Against, Against]:
    """The two axes asked for; the dose, if there is one, and the first other in place of what was not."""
    given = {role: against(values, name, role) for role, name in (("x", x), ("y", y)) if name is not None}
    if x is not None and x == y:
        raise InputError("y", f"'{y}' is already drawn as x; choose another axis")
    scattered = "point" in values.dims
    axes = [against(values, name, variable) for name in axes_of(values)]
    axes = [one for one in axes if one.dimension == "point"] if scattered else axes
    taken = [one.name if scattered else one.dimension for one in given.values()]
    free = [one for one in axes if (one.name if scattered else one.dimension) not in taken]
    names, missing = ", ".join(one.name for one in axes), 2 - len(given)
    if len(free) < missing:
        raise InputError(variable, f"has too few axes for a heatmap, {names or 'none'}; draw a dose curve")
    if scattered and missing and len(free) > missing:
        raise InputError(variable, f"has several axes along its points, {names}; choose two of them as x and y")
    return tuple(given.get(role) or free.pop(0) for role in ("x", "y"))


def _colours(mean) -> dict:
    """Colour map and limits for means, array of any shape."""
    found = mean[np.isfinite(mean)]
    low, high = (found.min(), found.max()) if found.size else (0.0, 1.0)
    if low < 0 < high:
        return {"cmap": "RdBu_r", "norm": Normalize(-max(-low, high), max(-low, high))}
    return {"cmap": "viridis", "norm": Normalize(*nonsingular(low, high, expander=0.1))}


def _draw_cells(ax, values, seeds, across, up):
    for axis in (across, up):
        if axis.is_numeric:
            values = values.isel({axis.dimension: np.argsort(axis.labels, kind="stable")})
    values = values.transpose(up.dimension, across.dimension)
    mean, count = values["mean"].values, values["count"].values
    image = ax.imshow(mean, origin="lower", aspect="auto", interpolation="nearest", **_colours(mean))
    for which, axis in (("x", across), ("y", up)):
        getattr(ax, f"set_{which}ticks")(np.arange(len(axis.labels)), _texts(axis))
        getattr(ax, f"set_{which}label")(axis.title)
    notes = []
    if (count == 0).any():
        # Cells without a value are transparent: what is behind them shows, even where one is too small for a hatch.
        ax.patch.set(hatch="/////", edgecolor=_HATCH, facecolor=_HOLE, linewidth=0)
        notes.append("hatched grey: no value")
    rows, columns = np.nonzero((count > 0) & (count < seeds))
    if rows.size:
        ax.plot(columns, rows, "o", color="black", markeredgecolor="white", label="_dots")
        notes.append("dot: some seeds missing")
    return image, [", ".join(notes)] if notes else []


def _texts(axis) -> list[str]:
    """Labels of the cells from the lowest number on, with as few digits as tell them apart; words as they are."""
    if not axis.is_numeric:
        return [str(value) for value in axis.labels]
    numbers = np.sort(axis.labels)
    for digits in (3, 4, 6, 9, 12):
        texts = [f"{number:g}" if number == round(number) else f"{number:.{digits}g}" for number in numbers]
        if len(set(texts)) == len(set(numbers)):
            break
    return [text.replace("-", "\N{MINUS SIGN}") for text in texts]


def _fit(ax, across, up, may_grow):
    """Thin the labels to what there is room for, and keep dots inside their cells.

    Words are turned upright before any is left out; a figure that may grow then does so, by their length.
    """
    for which, axis in (("x", across), ("y", up)):
        upright = which == "x" and not axis.is_numeric and turn_words(ax, may_grow)
        # Only a laid-out figure knows how long its axes and texts are.
        ax.figure.draw_without_rendering()
        box, labels = ax.get_window_extent(), getattr(ax, f"get_{which}ticklabels")()
        texts, sizes = [text.get_text() for text in labels], [text.get_window_extent() for text in labels]
        height, width = max(size.height for size in sizes), max(size.width for size in sizes)
        pitch = (box.width if which == "x" else box.height) / len(texts)
        needed = 1.2 * (width if upright else height) if upright or which == "y" else width + height / 2
        steps = (step * 10**power for power in range(9) for step in (1, 2, 5))
        step = next(step for step in steps if step * pitch >= needed)
        getattr(ax, f"set_{which}ticks")(np.arange(len(texts))[::step], texts[::step])
    cell = 72 / ax.figure.dpi * min(box.width / len(across.labels), box.height / len(up.labels))
    for dots in (line for line in ax.lines if line.get_label() == "_dots"):
        dots.set(markersize=min(3.0, cell / 2), markeredgewidth=min(0.4, cell / 15))


def _draw_points(ax, values, seeds, across, up):
    for role, axis in (("x", across), ("y", up)):
        if not axis.is_numeric:
            raise InputError(role, f"'{axis.name}' holds words such as '{axis.labels[0]}'; choose an axis of numbers")
    mean, count = values["mean"].values, values["count"].values
    none, whole = count == 0, count == seeds
    shared = {"s": 14, "rasterized": count.size > _MOST_VECTORS}
    drawn = ax.scatter(
        across.labels[~none], up.labels[~none], c=mean[~none], linewidths=np.where(whole[~none], 0.3, 0.9),
        edgecolors=np.where(whole[~none], _HATCH, "black"), **shared, **_colours(mean),
    )  # fmt: skip
    notes = []
    if none.any():
        ax.scatter(across.labels[none], up.labels[none], marker="x", color=_HATCH, linewidths=0.8, **shared)
        notes.append("cross: no value")
    if (~none & ~whole).any():
        notes.append("ring: some seeds missing")
    scale(ax, "x", across)
    scale(ax, "y", up)
    return drawn, [", ".join(notes)] if notes else []
