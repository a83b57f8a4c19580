"""Axes that stand on their own: what they name in files is put in its place, and their names clash with no variable."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..concentration import with_files
from ..errors import InputError
from .axis import Axis, overlap
from .design import Design
from .effective import CONCENTRATION

_SCHEDULE = "medium.allopregnanolone"


def standing_alone(design: Design) -> Design:
    """The same design with the content of the files that its values name, which a worker elsewhere may not have.

    What is the same question has one form: 0 and 0.0 are one value.

    Raises
    ------
    InputError
        A file that cannot be read, or the file of a cell model.
    """
    return Design(tuple(_with_content(axis) for axis in design.axes), design.made)


def check_names(design: Design, populations: Mapping[str, Any], statistics: tuple[str, ...]) -> None:
    """InputError for an axis whose name a variable or dimension of the table will have."""
    taken = {CONCENTRATION, "band", "frequency"}
    for population in populations:
        taken |= {f"{population}_agent", *(f"{population}_{name}" for name in statistics)}
    for axis in design.axes:
        if axis.name in taken:
            raise InputError(
                f"axes.{axis.name}", "the table has a variable or dimension of this name; give another name"
            )


def _with_content(axis: Axis) -> Axis:
    values = [axis.at(place) for place in range(len(axis.values))]
    whole = [{path: _content(path, value, axis) for path, value in one.items()} for one in values]
    if whole != values:
        return replace(axis, variants=tuple(whole))
    return replace(axis, values=_alike(axis.values)) if axis.variants is None else axis


def _alike(values: tuple) -> tuple:
    """Whole numbers as integers where all are whole, and all as floats where one is not: 0 and 0.0 are one value."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values):
        return values
    whole = all(float(number).is_integer() for number in numbers)
    return tuple((int if whole else float)(number) for number in numbers)


def _content(path: str, value: Any, axis: Axis) -> Any:
    where = f"axes.{axis.name}"
    if overlap(path, _SCHEDULE):
        return with_files(value, Path(), where)
    for name in _files(value):
        raise InputError(
            where, f"'{name}' is a file, and a worker elsewhere may not have it; give each its own network file"
        )
    return value


def _files(value: Any) -> list[str]:
    """Texts anywhere in a value that name a file."""
    if isinstance(value, Mapping):
        return [name for inner in value.values() for name in _files(inner)]
    return [value] if isinstance(value, str) and value.lower().endswith((".py", ".csv")) else []
