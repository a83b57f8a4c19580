"""Axes that stand on their own: what they name in files is put in its place, and their names clash with no variable."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..concentration import with_files
from ..errors import InputError
from .axis import Axis
from .design import Design
from .effective import CONCENTRATION

_SCHEDULE = "medium.allopregnanolone"


def standing_alone(design: Design) -> Design:
    """The same design with the content of the files that its values name, which a worker elsewhere may not have.

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
    return axis if whole == values else replace(axis, variants=tuple(whole))


def _content(path: str, value: Any, axis: Axis) -> Any:
    where = f"axes.{axis.name}"
    if path == _SCHEDULE:
        return with_files(value, Path(), where)
    if path.endswith(".neuron") and isinstance(value, str) and value.endswith(".py"):
        raise InputError(
            where, f"'{value}' is a file, and a worker elsewhere may not have it; give each model its own network file"
        )
    return value
