"""Which axis of a table a figure is drawn against, what it is called there, and the scale that fits it."""

import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from .. import units
from ..errors import unknown
from .style import label

# Paths, and the names that such an axis is mostly given.
DOSE_NAMES = ("allopregnanolone", "medium.allopregnanolone", "allo", "dose")
_WITHOUT = ("medium", "populations", "projections")  # of no use in a label
_PER_LINE = 30  # letters of an axis label
_DECADES = 2  # a positive axis that spans as many is logarithmic


@dataclass(frozen=True, eq=False)
class Against:
    """An axis of a table: a coordinate along one of the dimensions.

    Attributes
    ----------
    name, dimension : str
    labels : array (points,)   numbers, a dose in nM, or words
    unit : str
    is_dose : bool
    """

    name: str
    dimension: str
    labels: np.ndarray
    unit: str
    is_dose: bool

    @property
    def is_numeric(self) -> bool:
        """Whether the labels are numbers."""
        return np.issubdtype(self.labels.dtype, np.number)

    @property
    def title(self) -> str:
        """What is written along the axis: what is varied, and its unit."""
        return wrapped(label("allopregnanolone" if self.is_dose else short(self.name), self.unit))


def against(values, name: str, role: str) -> Against:
    """The axis of this name.

    Parameters
    ----------
    values : xarray.DataArray
    name : str
    role : str
        What the name was given as; named in errors.

    Raises
    ------
    InputError
        No such axis.
    """
    known = [one for one in (*values.dims, *values.coords) if one != "seed" and values[one].ndim == 1]
    if name not in known:
        raise unknown(role, "axis", name, known)
    labels, unit = values[name].values, values[name].attrs.get("units", "1")
    dose = is_dose(values, name)
    if dose and unit != "nM":
        labels, unit = units.magnitude(units.quantity(labels, unit), "nM"), "nM"
    return Against(name, values[name].dims[0], labels, unit, dose)


def is_dose(values, name: str) -> bool:
    """Whether an axis has the name of a dose of allopregnanolone and holds concentrations."""
    if name not in DOSE_NAMES or name not in values.coords or values[name].ndim != 1:
        return False
    unit = units.UNITS.get(values[name].attrs.get("units"))
    is_concentration = unit is not None and units.kind_of(unit[1]) == "concentration"
    return is_concentration and np.issubdtype(values[name].dtype, np.number)


def axes_of(values) -> list[str]:
    """Names of the axes that values can be drawn against: doses first, then as they are in the table."""
    names = [name for name in DOSE_NAMES if is_dose(values, name)]
    for dimension in values.dims:
        # A design without a grid has its axes along its points; their numbers are no axis.
        if dimension == "point":
            names += [name for name, one in values.coords.items() if one.dims == ("point",) and name != "point"]
        elif dimension != "seed" and dimension not in [values[name].dims[0] for name in names]:
            names.append(dimension)
    return list(dict.fromkeys(names))


def short(name: str) -> str:
    """A dotted path as it is written in a figure: 'pv tonic delta density'."""
    first, *rest = name.split(".")
    return " ".join(rest if rest and first in _WITHOUT else (first, *rest)).replace("_", " ")


def wrapped(text: str) -> str:
    """The same text in lines that a panel of a single column has room for."""
    return textwrap.fill(text, _PER_LINE, break_long_words=False)


def scale(ax: Axes, which: str, axis: Against) -> None:
    """Set scale, limits and title of the x or y axis of a panel for an axis of numbers.

    A dose is logarithmic, linear below the lowest above zero; another axis is logarithmic where it is positive and
    spans two decades, and linear otherwise.
    """
    getattr(ax, f"set_{which}label")(axis.title)
    numbers = axis.labels[np.isfinite(axis.labels)]
    positive = numbers[numbers > 0]
    spans = numbers.size and numbers.min() > 0 and numbers.max() / numbers.min() >= 10**_DECADES
    if positive.size and (axis.is_dose or spans):
        _logarithmic(ax, which, positive.min(), positive.max(), (numbers == 0).any())
    elif numbers.size:
        margin = 0.04 * (np.ptp(numbers) or 1.0)
        getattr(ax, f"set_{which}lim")(numbers.min() - margin, numbers.max() + margin)


def _logarithmic(ax, which, low, high, with_zero):
    set_scale, set_limits = getattr(ax, f"set_{which}scale"), getattr(ax, f"set_{which}lim")
    if with_zero:
        set_scale("symlog", linthresh=low, linscale=0.5)
        set_limits(-0.15 * low, high * 1.2)
        _mark_break(ax, which, low)
    else:
        set_scale("log")
        set_limits(low / 1.2, high * 1.2)
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    box, inches = ax.get_position(), ax.figure.get_size_inches()
    length_pt = 72 * (box.width * inches[0] if which == "x" else box.height * inches[1])
    # About 4 pt a digit: labels at 1 and 3 of each decade need room.
    roomy = length_pt > 55 * (1 + np.log10(high / low))
    ticks = np.outer(decades, (1, 3) if roomy else (1,)).ravel()
    ticks = [tick for tick in ticks if 0.99 * low <= tick <= high * 1.2]
    if with_zero:
        ticks = [0.0, *ticks]
    getattr(ax, f"set_{which}ticks")(ticks, [f"{tick:g}" for tick in ticks])
    getattr(ax, f"{which}axis").set_minor_locator(NullLocator())


def _mark_break(ax, which, low):
    """Two strokes through the axis where it turns from logarithmic to linear."""
    to_axes = ax.transData + ax.transAxes.inverted()
    corner = (ax.get_xlim()[0], ax.get_ylim()[0])
    if which == "x":
        place, strokes, shift = (to_axes.transform((low / 2, corner[1]))[0], 0), [(-0.4, -1), (0.4, 1)], (0.012, 0)
    else:
        place, strokes, shift = (0, to_axes.transform((corner[0], low / 2))[1]), [(-1, -0.4), (1, 0.4)], (0, 0.012)
    ends = [[one - by, one + by] for one, by in zip(place, shift)]
    size = rcParams["xtick.major.size"] * 2
    ax.plot(*ends, color="white", linewidth=2, transform=ax.transAxes, clip_on=False)
    ax.plot(
        *ends, linestyle="none", color="black", transform=ax.transAxes,
        marker=strokes, markersize=size, markeredgewidth=0.7, clip_on=False, label="_break",
    )  # fmt: skip
