"""Which axis of a table a figure is drawn against, what it is called there, and the scale that fits it."""

import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, Locator, NullLocator

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
    def words(self) -> list[str]:
        """The different labels as text, in their order."""
        return list(dict.fromkeys(map(str, self.labels)))

    @property
    def places(self) -> np.ndarray:
        """Where the labels lie, array (points,): at their numbers or, for words, at equal distances from 0 on."""
        return self.labels if self.is_numeric else np.array([self.words.index(str(one)) for one in self.labels])

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
    names = dict.fromkeys((*values.dims, *values.coords))
    known = [one for one in names if one != "seed" and values[one].ndim == 1]
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


def level(value, unit: str) -> str:
    """One value of an axis as it is written in a figure: '−75 mV', '0.5', or a word."""
    if not isinstance(value, int | float | np.number) or isinstance(value, bool):
        return str(value)
    return f"{value:g}".replace("-", "\N{MINUS SIGN}") + ("" if unit == "1" else f" {unit}")


def wrapped(text: str) -> str:
    """The same text in lines that a panel of a single column has room for."""
    return textwrap.fill(text, _PER_LINE, break_long_words=False)


def scale(ax: Axes, which: str, axis: Against) -> None:
    """Set scale, limits and title of the x or y axis of a panel.

    A dose is logarithmic, linear below the lowest above zero; another axis is logarithmic where it is positive and
    spans two decades, and linear otherwise. Along points, a dose is as any other axis, and those that crowd at the
    upper end of a logarithmic axis are on a linear one. Words stand at equal distances.
    """
    getattr(ax, f"set_{which}label")(axis.title)
    if not axis.is_numeric:
        getattr(ax, f"set_{which}lim")(-0.5, len(axis.words) - 0.5)
        getattr(ax, f"set_{which}ticks")(range(len(axis.words)), axis.words)
        return
    numbers = axis.labels[np.isfinite(axis.labels)]
    positive = numbers[numbers > 0]
    logarithmic = numbers.size and numbers.min() > 0 and numbers.max() / numbers.min() >= 10**_DECADES
    if axis.dimension == "point":
        # Of points drawn evenly from a range, one in ten is below a tenth of it; evenly by decades, half or more are.
        logarithmic = logarithmic and np.mean(numbers < numbers.max() / 10) > 0.25
    elif axis.is_dose:
        logarithmic = positive.size
    if logarithmic:
        _logarithmic(ax, which, positive.min(), positive.max(), (numbers == 0).any())
    elif numbers.size:
        margin = 0.04 * (np.ptp(numbers) or 1.0)
        getattr(ax, f"set_{which}lim")(numbers.min() - margin, numbers.max() + margin)


def turn_words(ax: Axes, may_grow: bool) -> bool:
    """Turn the labels of an x axis of words upright where they would touch; whether they were.

    A figure that may grow then does so, by their length.
    """
    # Only a laid-out figure knows how long its axes and texts are.
    ax.figure.draw_without_rendering()
    sizes = [text.get_window_extent() for text in ax.get_xticklabels()]
    height, width = max(size.height for size in sizes), max(size.width for size in sizes)
    if width + height / 2 <= ax.get_window_extent().width / len(sizes):
        return False
    ax.tick_params(axis="x", labelrotation=90)
    if may_grow:
        ax.figure.set_figheight(ax.figure.get_figheight() + width / ax.figure.dpi)
    ax.figure.draw_without_rendering()
    return True


def _logarithmic(ax, which, low, high, with_zero):
    set_scale, set_limits = getattr(ax, f"set_{which}scale"), getattr(ax, f"set_{which}lim")
    # In decades: room for half a point, however many there are.
    margin = max(0.08, 0.026 * np.log10(high / low))
    if with_zero:
        set_scale("symlog", linthresh=low, linscale=0.5)
        set_limits(-2 * margin * low, high * 10**margin)
        _mark_break(ax, which, low)
    else:
        set_scale("log")
        set_limits(low / 10**margin, high * 10**margin)
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(_Decades(low, high, with_zero))
    axis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axis.set_minor_locator(NullLocator())


class _Decades(Locator):
    """Ticks at 1 and 3 of each decade or, where the axis is too short for their labels, at every one, second, ..."""

    def __init__(self, low: float, high: float, with_zero: bool):
        self.low, self.high, self.with_zero = low, high, with_zero
        # Asked later, when a figure is drawn, the style may be another one.
        self.size = rcParams["xtick.labelsize"]

    def __call__(self):
        exponents = np.arange(np.floor(np.log10(self.low)), np.ceil(np.log10(self.high)) + 1)
        within = exponents[10**exponents >= 0.99 * self.low]
        choices = [
            np.outer(10**exponents, (1, 3)).ravel(),
            *(10 ** within[::every] for every in range(1, within.size + 1)),
        ]
        for ticks in choices:
            ticks = ticks[(ticks >= 0.99 * self.low) & (ticks <= self.high * 1.2)]
            if self.with_zero:
                ticks = ticks[self._apart(np.zeros_like(ticks), ticks, 1.0)]
            if self._apart(ticks[:-1], ticks[1:]).all():
                break
        return np.array([0.0, *ticks]) if self.with_zero else ticks

    def _apart(self, lower, upper, gap=1.7):
        """Whether the labels of two ticks each leave room between them, `gap` times their height."""
        ax, across, transform = self.axis.axes, self.axis.axis_name == "x", self.axis.get_transform().transform
        box, ends = ax.get_window_extent(), transform(self.axis.get_view_interval())
        points = 72 / ax.figure.dpi * (box.width if across else box.height) / np.ptp(ends)
        # A digit is about two thirds as wide as it is high.
        digits = np.array([len(f"{one:g}{other:g}") / 2 for one, other in zip(lower, upper)])
        needed = self.size * (0.65 * digits + gap if across else 2.0)
        return points * (transform(upper) - transform(lower)) >= needed


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
