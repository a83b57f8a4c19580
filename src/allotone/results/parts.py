"""Results of some points of a sweep as one small file, complete in itself and checked when it is read.

A part is an HDF5 file of one dataset and one text, since a sweep may have tens of thousands of them:

- the first 512 bytes (the user block, which HDF5 leaves alone): the schema and the sha256 of all that follows
- `/values` (points, numbers of a point): all columns side by side, each padded with NaN to its largest shape
- root attributes: `schema`; `about` (JSON: the sweep, point numbers, errors, columns and their shapes, seconds);
  `complete`
"""

import contextlib
import hashlib
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

from ..errors import InputError
from .container import PART_SCHEMA, replacing

_CHUNK = 2**20  # numbers
_MARK = 512  # bytes


class Damaged(InputError):
    """A part whose bytes are not as they were written; it can only be done again."""


@dataclass(frozen=True, eq=False)
class Column:
    """How one variable of every point looks.

    Attributes
    ----------
    unit : str                           '1' for plain numbers
    description : str
    dimensions : tuple of str            beyond those of the sweep: ("band",), ("pv_agent",)
    coordinates : dict of str to (array, str)
        Labels (numbers or text) and their unit, by dimension. Points may differ in length along those without.
    """

    unit: str
    description: str
    dimensions: tuple[str, ...] = ()
    coordinates: Mapping[str, tuple[np.ndarray, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PointResult:
    """What one point gave.

    Attributes
    ----------
    point : int                          its flat number, in C order over the dimensions of the sweep
    error : str                          why it failed; empty where it is done
    values : dict of str to array        float64 by column, one axis for each dimension of the column
    """

    point: int
    error: str = ""
    values: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Part:
    """Results of some points of a sweep, and how long they took, all together."""

    sweep_sha256: str
    points: Sequence[PointResult]
    columns: Mapping[str, Column]
    seconds: float


class Packed(Sequence[PointResult]):
    """The points of a part with the values of each column in one array, which thousands of parts need to be fast.

    Attributes
    ----------
    numbers : array of int (points,)
    errors : list of str (points,)       empty where a point is done
    values : dict of str to array        float64 (points, *shape), NaN where a point has fewer or none
    """

    def __init__(self, numbers: np.ndarray, errors: Sequence[str], values: Mapping[str, np.ndarray]):
        self.numbers, self.errors, self.values = numbers, errors, values

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: int) -> PointResult:
        error = self.errors[row]
        values = {} if error else {name: found[row] for name, found in self.values.items()}
        return PointResult(int(self.numbers[row]), error, values)

    @property
    def failed(self) -> np.ndarray:
        """Which points failed, bool (points,)."""
        return np.array([bool(error) for error in self.errors], dtype=bool)


def pack(part: Part) -> Packed:
    """The points of a part, packed.

    Raises
    ------
    ValueError
        Values without a column, or not of its shape; it is named.
    """
    if isinstance(part.points, Packed):
        return part.points
    shapes: dict[str, tuple[int, ...]] = {}
    done = {row: result.values for row, result in enumerate(part.points) if not result.error}
    for values in done.values():
        for name, value in values.items():
            if np.shape(value) != shapes.get(name):
                _check_shape(name, np.shape(value), part.columns)
                shapes[name] = tuple(map(max, np.shape(value), shapes.get(name, np.shape(value))))
    packed = {name: np.full((len(part.points), *shapes[name]), np.nan) for name in sorted(shapes)}
    for row, values in done.items():
        for name, value in values.items():
            packed[name][(row, *map(slice, np.shape(value)))] = value
    numbers = np.array([result.point for result in part.points], dtype=np.int64)
    return Packed(numbers, [_storable(result.error) for result in part.points], packed)


def compose_part(part: Part) -> bytes:
    """A part as the content of a file.

    Raises
    ------
    ValueError
        As `pack`.
    """
    points = pack(part)
    rows = [found.reshape(len(points), -1) for found in points.values.values()]
    values = np.concatenate(rows, axis=1) if rows else np.empty((len(points), 0))
    about = json.dumps(
        {
            "sweep_sha256": part.sweep_sha256,
            "points": points.numbers.tolist(),
            "errors": {row: error for row, error in enumerate(points.errors) if error},
            "columns": {
                name: plain(part.columns[name]) | {"shape": found.shape[1:]} for name, found in points.values.items()
            },
            "seconds": float(part.seconds),
        }
    )
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver=("earliest", "v110"), userblock_size=_MARK) as file:
        filters = {}
        if values.size:
            chunk = (min(len(points), max(1, _CHUNK // values.shape[1])), values.shape[1])
            filters = {"chunks": chunk, "compression": "gzip", "compression_opts": 4, "shuffle": True}
        file.create_dataset("values", data=values, track_times=False, **filters)
        file.attrs["schema"] = PART_SCHEMA
        file.attrs["about"] = about
        file.attrs["complete"] = np.uint8(1)
    body = buffer.getvalue()[_MARK:]
    return _mark(body) + body


def write_part(content: bytes, path: str | Path) -> None:
    """Put a part on disk in one step: a temporary name, flushed, then renamed.

    Raises
    ------
    InputError
        The folder is missing or the disk is full; nothing is left behind.
    """
    with replacing(path) as file:
        file.write(content)


def read_part(path: str | Path, sweep_sha256: str) -> Part:
    """The part that lies at `path`, every value of a column in the largest shape that the column has there.

    Raises
    ------
    InputError
        The file is missing, damaged, truncated or incomplete, or belongs to another sweep.
    """
    with _opened(path, sweep_sha256) as (file, about):
        values = file["values"][()]
    errors = [about["errors"].get(str(row), "") for row in range(len(about["points"]))]
    columns, found, place = {}, {}, 0
    for name, entry in about["columns"].items():
        width = math.prod(entry["shape"])
        columns[name] = _column(entry)
        found[name] = values[:, place : place + width].reshape(len(values), *entry["shape"])
        place += width
    points = Packed(np.array(about["points"], dtype=np.int64), errors, found)
    return Part(sweep_sha256, points, columns, about["seconds"])


def read_progress(path: str | Path, sweep_sha256: str) -> tuple[np.ndarray, np.ndarray, float]:
    """What a part holds, without its values.

    Returns
    -------
    points : array of int (points,)
    failed : array of bool (points,)
    seconds : float

    Raises
    ------
    InputError
        As `read_part`.
    """
    with _opened(path, sweep_sha256) as (_, about):
        pass
    failed = np.zeros(len(about["points"]), dtype=bool)
    failed[[int(place) for place in about["errors"]]] = True
    return np.array(about["points"], dtype=np.int64), failed, about["seconds"]


def plain(column: Column) -> dict:
    """A column as plain data, equal for columns that look the same."""
    unknown = sorted(set(column.coordinates) - set(column.dimensions))
    if unknown:
        raise ValueError(f"'{unknown[0]}' labels none of the dimensions {column.dimensions}")
    return {
        "unit": column.unit,
        "description": column.description,
        "dimensions": list(column.dimensions),
        "coordinates": {
            dimension: {"labels": np.asarray(labels).tolist(), "unit": unit or "1"}
            for dimension, (labels, unit) in column.coordinates.items()
        },
    }


def _check_shape(name, shape, columns):
    if name not in columns:
        raise ValueError(f"there are values of '{name}', of which there is no column")
    column = columns[name]
    labels = [column.coordinates.get(dimension) for dimension in column.dimensions]
    wrong = [one for one, length in zip(labels, shape) if one is not None and len(one[0]) != length]
    if len(shape) != len(column.dimensions) or wrong:
        raise ValueError(f"values of '{name}' have the shape {shape}, not that of their column")


def _column(entry: dict) -> Column:
    coordinates = {name: (np.asarray(one["labels"]), one["unit"]) for name, one in entry["coordinates"].items()}
    return Column(entry["unit"], entry["description"], tuple(entry["dimensions"]), coordinates)


def _storable(text: str) -> str:
    """Text that any HDF5 string can hold: what a compiler or a broken file says may not be one."""
    return text.encode(errors="replace").decode().replace("\0", "?")


@contextlib.contextmanager
def _opened(path, sweep_sha256):
    """The file of a part and what is said about it, once every byte is known to be as it was written."""
    try:
        # HDF5 may run on for ever in a damaged file, and cannot lock one in every folder that machines share.
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from error
    ours, newest = re.match(rb"allotone-part-(\d+) ", content), int(PART_SCHEMA.rsplit("-", 1)[1])
    if ours and int(ours[1]) > newest:
        raise InputError(str(path), "was written by a newer allotone; update allotone to read it")
    if content[:_MARK] != _mark(content[_MARK:]):
        raise Damaged(str(path), "is no part of a sweep, or a truncated or damaged one; remove it and run again")
    with h5py.File(io.BytesIO(content), "r") as file:
        about = json.loads(file.attrs["about"])
        if about["sweep_sha256"] != sweep_sha256:
            raise InputError(
                str(path),
                f"belongs to another sweep ({about['sweep_sha256'][:12]}...; expected {sweep_sha256[:12]}...); "
                "remove it, or give another file name",
            )
        yield file, about


def _mark(body: bytes) -> bytes:
    return f"{PART_SCHEMA} sha256 {hashlib.sha256(body).hexdigest()}\n".encode().ljust(_MARK, b"\0")
