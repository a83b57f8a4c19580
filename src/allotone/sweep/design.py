"""What is varied in a sweep: the settings of a network that its axes make up."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, unknown
from .axis import Axis, from_option, identity, overlap, parse_axis
from .columns import read_columns
from .sampling import METHODS, Range, draw, parse_range


@dataclass(frozen=True)
class Design:
    """Axes, and how their values meet: each with each (a grid), or place by place, as points.

    Parameters
    ----------
    axes : sequence of Axis
        Of one length, unless the design is a grid.
    made : dict
        How it was made: `kind`, and for what was drawn the ranges, count and seed.

    Raises
    ------
    InputError
        Two axes of one name or that move the same path; in a grid the same value twice on an axis; in other designs no axes,
        axes of different lengths, or the same row twice.
    """

    axes: tuple[Axis, ...]
    made: Mapping[str, Any] = field(default_factory=lambda: {"kind": "grid"})

    def __post_init__(self):
        object.__setattr__(self, "axes", tuple(self.axes))
        for one, other in itertools.combinations(self.axes, 2):
            _check_pair(one, other)
        if self.is_grid:
            for axis in self.axes:
                _check_values(axis)
            return
        if not self.axes:
            raise InputError("axes", "has no axes; give at least one")
        for axis in self.axes[1:]:
            first = self.axes[0]
            if len(axis.values) != len(first.values):
                raise InputError(
                    "axes",
                    f"'{first.name}' has {len(first.values)} values and '{axis.name}' {len(axis.values)}; "
                    "axes that move together need equally many",
                )
        self._check_rows()

    def _check_rows(self) -> None:
        next_step = "draw fewer from so few whole numbers" if self.made["kind"] in METHODS else "give each once"
        seen: dict[tuple, int] = {}
        for row, key in enumerate(zip(*(map(identity, axis.values) for axis in self.axes)), 1):
            if key in seen:
                raise InputError("axes", f"rows {seen[key]} and {row} are the same; {next_step}")
            seen[key] = row

    @property
    def is_grid(self) -> bool:
        """Whether each axis is a dimension of its own."""
        return self.made["kind"] == "grid"

    @property
    def dimensions(self) -> dict[str, int]:
        """Length of each dimension by name, without the seeds."""
        if self.is_grid:
            return {axis.name: len(axis.values) for axis in self.axes}
        return {"point": len(self.axes[0].values)}

    @property
    def size(self) -> int:
        """Number of settings; 1 where nothing but the seed is varied."""
        return int(np.prod(list(self.dimensions.values()), dtype=object))

    def setting(self, index: int) -> dict[str, Any]:
        """Value by path of one setting; the last axis of a grid moves fastest."""
        if not 0 <= index < self.size:
            raise IndexError(f"setting {index} of {self.size}")
        lengths = tuple(self.dimensions.values())
        places = np.unravel_index(index, lengths) if lengths else ()
        if not self.is_grid:
            places = [index] * len(self.axes)
        return {path: value for axis, place in zip(self.axes, places) for path, value in axis.at(int(place)).items()}

    def coordinates(self) -> dict[str, tuple[tuple[str, ...], Sequence, str]]:
        """Dimensions, labels and unit of each axis by name, and of the points where it is no grid."""
        along = {axis.name: ((axis.name,) if self.is_grid else ("point",), *axis.labels()) for axis in self.axes}
        return along if self.is_grid else {"point": (("point",), np.arange(self.size), "1"), **along}

    def data(self) -> dict[str, Any]:
        """All of it as plain data, for JSON."""
        axes = [
            {"name": axis.name, "paths": list(axis.paths), "values": list(axis.values)}
            | ({} if axis.variants is None else {"variants": [dict(one) for one in axis.variants]})
            for axis in self.axes
        ]
        return {**self.made, "axes": axes}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Design":
        """What `data` gave; what was drawn is not drawn again."""
        axes = [
            Axis(one["paths"], one["values"], one["name"], tuple(one["variants"]) if "variants" in one else None)
            for one in data["axes"]
        ]
        return cls(axes, {key: value for key, value in data.items() if key != "axes"})


def grid(axes: Mapping[str, Any] | Sequence[Axis]) -> Design:
    """Each value of each axis with each of the others."""
    return Design(_axes(axes))


def zipped(axes: Mapping[str, Any] | Sequence[Axis]) -> Design:
    """The first values of all axes together, then the second ones, ..."""
    return Design(_axes(axes), {"kind": "zip"})


def table(columns: Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | Path | Any) -> Design:
    """One setting a row.

    Parameters
    ----------
    columns : mapping of header to values, list of rows, pandas.DataFrame, or path of a CSV file
        A header is ``[NAME:]PATH[,PATH...]``, perhaps with `` [unit]`` behind it: ``medium.allopregnanolone [nM]``. In a
        file, cells are read as on the command line and lines that begin with `#` are passed over.

    Raises
    ------
    InputError
        As `columns.read_columns` and `Design`.
    """
    return Design(read_columns(columns), {"kind": "table"})


def latin_hypercube(ranges: Sequence[Range], count: int, seed: int = 0) -> Design:
    """`count` settings, of which each range has one in every `count`-th part of it."""
    return _drawn("latin_hypercube", ranges, count, seed)


def sobol(ranges: Sequence[Range], count: int, seed: int = 0) -> Design:
    """`count` settings of a scrambled Sobol sequence.

    Any count will do, but take a power of 2: only then has every half, quarter, eighth, ... of each range equally many
    settings, and the error of a mean over the ranges falls fastest.
    """
    return _drawn("sobol", ranges, count, seed)


def as_design(axes: Design | Mapping[str, Any] | Sequence[Axis] | None) -> Design:
    """A design as it is, or the grid of axes or of values by path; a single setting where there are none."""
    return axes if isinstance(axes, Design) else grid(axes or ())


def parse_design(kind: str, axes: Sequence[str], option: str = "--design") -> Design:
    """The design that the command line says.

    Parameters
    ----------
    kind : str
        ``grid``, ``zip``, ``latin_hypercube:COUNT[:SEED]``, ``sobol:COUNT[:SEED]``, or the path of a CSV file.
    axes : sequence of str
        Texts of `axis.parse_axis`; for what is drawn, of `sampling.parse_range`; none for a file.

    Raises
    ------
    InputError
        An unknown kind, a count or seed that is no number, axes beside a file, or as the designs themselves.
    """
    if kind.lower().endswith(".csv"):
        if axes:
            raise InputError(
                "--axis", f"'{axes[0]}' stands beside {option} {kind}, which has all axes; drop one of them"
            )
        with from_option(option):
            return table(kind)
    name, *numbers = kind.split(":")
    with from_option("--axis"):
        if name in ("grid", "zip") and not numbers:
            return (grid if name == "grid" else zipped)([parse_axis(text) for text in axes])
        if name not in METHODS:
            raise unknown(option, "design", kind, ["grid", "zip", *METHODS, "a CSV file"])
        if len(numbers) not in (1, 2) or not all(number.isdecimal() for number in numbers):
            raise InputError(option, f"'{kind}' is not of the form {name}:COUNT or {name}:COUNT:SEED")
        return _drawn(name, [parse_range(text) for text in axes], *map(int, numbers))


def _drawn(method: str, ranges: Sequence[Range], count: int, seed: int = 0) -> Design:
    axes = draw(method, ranges, count, seed)
    how = {"count": int(count), "seed": int(seed), "ranges": [one.data() for one in ranges]}
    return Design(axes, {"kind": method, **how})


def _axes(axes: Mapping[str, Any] | Sequence[Axis]) -> list[Axis]:
    if isinstance(axes, Mapping):
        return [Axis(path, values) for path, values in axes.items()]
    if isinstance(axes, Axis) or not all(isinstance(axis, Axis) for axis in axes):
        raise InputError("axes", f"{axes!r} is no list of Axis; give one, or a mapping of path to values")
    return list(axes)


def _check_pair(one: Axis, other: Axis) -> None:
    where = f"axes.{other.name}"
    for first, second in itertools.product(one.paths, other.paths):
        if overlap(first, second):
            raise InputError(
                where, f"'{second}' moves on the axis '{one.name}' too, as '{first}'; keep it on one of them"
            )
    if one.name == other.name:
        raise InputError(where, "two axes have this name; give them different ones")
    if f"{one.name}_effective" == other.name or f"{other.name}_effective" == one.name:
        raise InputError(where, "the file has a variable of this name for the other axis; give another name")


def _check_values(axis: Axis) -> None:
    seen: dict[tuple, Any] = {}
    for value in axis.values:
        key = identity(value)
        if key in seen:
            raise InputError(f"axes.{axis.name}", f"{seen[key]!r} and {value!r} are the same value; give each once")
        seen[key] = value
