"""Axes from a table whose columns are paths: a mapping, rows, a data frame or a CSV file."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, suggest
from ..units import UNITS, parse
from ..values import parse_value
from .axis import Axis, split_head

_HEADER = re.compile(r"^(.*?)\s*(?:\[([^\]]*)\])?$")


def read_columns(source: Any) -> list[Axis]:
    """An axis of each column, headed ``[NAME:]PATH[,PATH...]`` and perhaps `` [unit]``, which its numbers then have.

    Raises
    ------
    InputError
        Nothing of this kind, no rows, rows with other columns than the first, an unknown unit, or a cell that is no value;
        of a file its line is named.
    """
    if isinstance(source, str | Path):
        return _from_file(Path(source))
    if hasattr(source, "iloc"):
        # A data frame may hold two columns of one name, which then move the same path.
        pairs = [(str(name), source.iloc[:, place].tolist()) for place, name in enumerate(source.columns)]
    elif isinstance(source, Mapping):
        pairs = list(source.items())
    elif isinstance(source, Sequence) and source and all(isinstance(row, Mapping) for row in source):
        for place, row in enumerate(source, 1):
            if row.keys() != source[0].keys():
                odd = ", ".join(sorted(map(str, row.keys() ^ source[0].keys())))
                raise InputError("axes", f"rows 1 and {place} differ in {odd}; give every row the same paths")
        pairs = [(name, [row[name] for row in source]) for name in source[0]]
    else:
        raise InputError("axes", f"{source!r} is no table; give columns by path, rows, a data frame or a CSV file")
    return [_axis(header, values) for header, values in pairs]


def _axis(header: Any, values: Iterable[Any]) -> Axis:
    paths, name, unit = _head(header, "axes")
    if unit is None:
        return Axis(paths, values, name)
    where = f"axes.{name or paths[0]}"
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InputError(where, f"{values!r} is not a list of numbers; give one for each row")
    return Axis(paths, [_with_unit(value, unit, where) for value in values], name)


def _from_file(path: Path) -> list[Axis]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            lines = [(number, line) for number, line in enumerate(file, 1) if line.strip() and line[0] != "#"]
        rows = list(csv.reader((line for _, line in lines), skipinitialspace=True, strict=True))
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise InputError(str(path), "is not a CSV file") from None
    if len(rows) < 2:
        raise InputError(str(path), "has no rows; expected a line of paths and one line for each point")
    headers, *cells = rows
    if len(headers) == 1 and ";" in headers[0]:
        raise InputError(str(path), "separates its columns by ';'; separate them by commas, with '.' in numbers")
    heads = [_head(header, str(path)) for header in headers]
    columns: list[list[Any]] = [[] for _ in heads]
    for (line, _), row in zip(lines[1:], cells):
        if len(row) != len(heads):
            raise InputError(
                f"{path}, line {line}", f"has {len(row)} field(s); expected {len(heads)}, as in its first line"
            )
        for column, cell, header, (_, _, unit) in zip(columns, row, headers, heads):
            where = f"{path}, line {line}, {header}"
            column.append(parse_value(cell, where) if unit is None else _with_unit(cell, unit, where))
    return [Axis(paths, values, name) for (paths, name, _), values in zip(heads, columns)]


def _head(header: Any, where: str) -> tuple[list[str], str | None, str | None]:
    """Paths, name and unit of a column."""
    if not isinstance(header, str):
        raise InputError(where, f"{header!r} cannot head a column; expected a dotted path, perhaps with a [unit]")
    head, unit = _HEADER.match(header.strip()).groups()
    if unit is not None and unit not in UNITS:
        raise InputError(where, f"'{header}' has the unknown unit '{unit}'; {suggest(unit, filter(None, UNITS))}")
    name, paths = split_head(head)
    return paths, name, unit


def _with_unit(value: Any, unit: str, where: str) -> Any:
    """A plain number with the unit of its column."""
    text = f"{value} {unit}"
    parse(text, where, unit)
    return parse_value(text, where)
