"""The look that all figures share: one style sheet, two column widths, units on every axis."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib.style
import numpy as np
from brian2 import Quantity, get_dimensions
from matplotlib import colormaps, rcParams
from matplotlib.axes import Axes

from .. import units

STYLE = Path(__file__).with_name("style.mplstyle")
SINGLE_COLUMN = 85 / 25.4  # inches
DOUBLE_COLUMN = 180 / 25.4
SHADE = "#ededed"
MUTED = "#666666"

_PRINTED = {
    "uM": "µM", "mS/cm2": "mS/cm²", "uA/cm2": "µA/cm²", "uF/cm2": "µF/cm²", "um2": "µm²", "um": "µm", "us": "µs",
    "uS": "µS", "Hz2": "Hz²", "pA2": "pA²", "uA2/cm4": "µA²/cm⁴", "mS/cm2/mV": "mS/cm²/mV",
}  # fmt: skip


def styled(draw: Callable) -> Callable:
    """The same function, drawing in the style of this package whatever the user's own settings are."""

    @functools.wraps(draw)
    def drawn(*args, **kwargs):
        with matplotlib.style.context(STYLE):
            return draw(*args, **kwargs)

    return drawn


def label(name: str, unit: str) -> str:
    """Axis label: the name, and the unit as it is printed; no unit for a plain number."""
    return name if unit in ("", "1") else f"{name} ({_PRINTED.get(unit, unit)})"


def canonical(values: Quantity) -> tuple[np.ndarray, str]:
    """Plain array of a quantity and the unit it is in."""
    unit = units.CANONICAL_UNIT[get_dimensions(values)]
    return units.magnitude(values, unit), unit


def colours(names: Sequence) -> dict:
    """A colour for each name: those of the style sheet or, for more than it has, shades in the order of the names."""
    cycle = rcParams["axes.prop_cycle"].by_key()["color"]
    if len(names) > len(cycle):
        cycle = colormaps["viridis"](np.linspace(0, 0.9, len(names)))
    return dict(zip(names, cycle))


def time_axis(*times_ms: float) -> tuple[float, str]:
    """Factor from ms and unit for an axis that spans these times: ms up to 3 s, then s."""
    return (1.0, "ms") if max(times_ms) - min(times_ms) <= 3000 else (1e-3, "s")


def label_line_ends(axes: Axes, ends: dict[str, tuple[float, float, str]]) -> None:
    """Write each line's name right of its end, within the axes' height, moved apart where they would overlap.

    Parameters
    ----------
    axes : Axes
        With its limits as they will stay.
    ends : dict of str to (x, y, colour)
        Name of the line to its last point, in data coordinates.
    """
    if not ends:
        return
    ordered = sorted(ends.items(), key=lambda item: item[1][1])
    to_axes = axes.transData + axes.transAxes.inverted()
    wanted = [min(max(to_axes.transform((x, y))[1], 0), 1) for _, (x, y, _) in ordered]
    lines = max(name.count("\n") + 1 for name in ends)
    height = axes.get_position().height * axes.figure.get_figheight() * 72
    gap = 1.25 * lines * rcParams["legend.fontsize"] / height
    for (name, (_, _, colour)), place in zip(ordered, spread(wanted, gap)):
        axes.annotate(
            name, (1, place), (3, 0), "axes fraction", "offset points", va="center", color=colour,
            fontsize=rcParams["legend.fontsize"], annotation_clip=False,
        )  # fmt: skip


def spread(wanted: Sequence[float], gap: float) -> np.ndarray:
    """Ascending positions at least `gap` apart, as near as may be to the wanted ascending ones.

    Neighbours that are too near are put in one block around the mean of what they wanted.
    """
    blocks = []
    for place in wanted:
        blocks.append([place, 1])
        while len(blocks) > 1:
            (low, n), (high, m) = blocks[-2:]
            if high - low >= gap * (n + m) / 2:
                break
            # Means of where each block would be centred, weighed by its number of members.
            blocks[-2:] = [[(low * n + high * m) / (n + m), n + m]]
    return np.concatenate([centre + gap * (np.arange(n) - (n - 1) / 2) for centre, n in blocks] or [[]])
