"""A finished sweep as one netCDF-4 file, put together from parts in bounded memory.

Layout, every dataset with an attribute `units`:

- the dimensions of the sweep, `seed` last, each with its labels; further coordinates along them
- one dataset for each column: those dimensions, then its own; attribute `description`; NaN where there is no value
- `status` (`flag_values`, `flag_meanings`) and `error`, along the dimensions of the sweep
- a dimension of columns has a dataset of its name, with its labels and the attribute `coordinate` or, where it has no
  labels, an attribute `dimension`: the name that columns know it by. The file's name for it begins with that of the
  column where several columns have different labels along it.
- root attributes: `schema`, those of the layout, `complete`

Nothing in it depends on how points were grouped into parts, nor on their order.
"""

import io
import math
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import h5py
import numpy as np

from ..errors import InputError
from . import netcdf
from .container import SWEEP_SCHEMA, opened, streamed
from .parts import Column, Packed, Part, pack, plain

_DONE, _FAILED, _MISSING = range(3)
_IN_MEMORY = 2**24  # bytes of values


@dataclass(frozen=True, eq=False)
class Layout:
    """What a sweep is, apart from its results.

    Attributes
    ----------
    dimensions : dict of str to int      lengths, in order, `seed` last
    coordinates : dict of str to (dimensions, labels, unit)
        Labels (numbers or text) along the dimensions named; that of a dimension's name is its own.
    attributes : dict of str to str, int or float
        Of the file's root: `sweep_sha256`, the definition, versions.
    """

    dimensions: Mapping[str, int]
    coordinates: Mapping[str, tuple[tuple[str, ...], Sequence, str]]
    attributes: Mapping[str, str | int | float]

    @property
    def further(self) -> list[str]:
        """Coordinates that are not the labels of a dimension of their name."""
        return [name for name in self.coordinates if name not in self.dimensions]


@dataclass(frozen=True)
class Counts:
    """Points of a sweep by what became of them."""

    done: int
    failed: int
    missing: int


@dataclass(frozen=True, eq=False)
class _Survey:
    """What all parts hold, but for the values.

    Attributes
    ----------
    status : array of uint8 (points,)
    errors : dict of int to str          by failed point
    columns : dict of str to Column
    shapes : dict of str to tuple        the largest shape of each column that has values
    """

    status: np.ndarray
    errors: dict[int, str]
    columns: dict[str, Column]
    shapes: dict[str, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class _Stored:
    """A column in the file: what its own dimensions are called there, and their lengths."""

    column: Column
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """What the values of one point take in memory."""
        return 8 * math.prod(self.shape)


def write_sweep(path: str | Path, layout: Layout, parts: Callable[[], Iterable[Part]]) -> Counts:
    """Write the table of all points; an older file of ours at `path` is replaced.

    A point that is done in one part and failed in another is done. Values too many for memory are sorted on disk, in
    a nameless file beside `path`, uncompressed.

    Parameters
    ----------
    path : str or Path
    layout : Layout
    parts : function
        Gives all parts, in any order; called twice.

    Raises
    ------
    InputError
        The file cannot be written, or what lies at `path` is not ours; it is as it was, and nothing is left behind.
    ValueError
        Parts that disagree about a column, labels that do not fit their dimension, or two things of one name.
    """
    with streamed(path) as (file, check):
        survey = _survey(parts(), math.prod(layout.dimensions.values()))
        columns = _stored(survey, layout)
        _write_head(file, layout, columns)
        size = len(survey.status) * sum(one.bytes for one in columns.values())
        with _scratch(size, Path(path).parent) as scratch:
            if not np.array_equal(_sort(scratch, parts(), columns, len(survey.status)), survey.status == _DONE):
                raise InputError(str(path), "cannot be put together while its parts change; run it again")
            start = 0
            for name, one in columns.items():
                dimensions = {**layout.dimensions, **dict(zip(one.dimensions, one.shape))}
                dataset = netcdf.new_variable(file, name, "f8", one.column.unit, dimensions, layout.further)
                dataset.attrs["description"] = one.column.description
                for where, first, last in netcdf.blocks(dataset.shape, netcdf.CHUNK):
                    scratch.seek(start + 8 * first)
                    values = np.frombuffer(scratch.read(8 * (last - first))).copy()
                    values[survey.status[8 * np.arange(first, last) // one.bytes] != _DONE] = np.nan
                    dataset[where] = values.reshape([side.stop - side.start for side in where])
                    check()
                start += len(survey.status) * one.bytes
        _write_status(file, layout, survey, check)
        file.attrs["complete"] = np.uint8(1)
    return Counts(*(int(np.count_nonzero(survey.status == one)) for one in (_DONE, _FAILED, _MISSING)))


def read_parts(path: str | Path, sweep_sha256: str) -> Iterator[Part]:
    """The done and failed points of a finished sweep as parts, whose `seconds` are 0.

    Raises
    ------
    InputError
        The file is missing, is not a sweep, is truncated or incomplete, or is another sweep.
    """
    with opened(path, "sweep") as (file, _):
        if file.attrs.get("sweep_sha256") != sweep_sha256:
            raise InputError(str(path), "is another sweep; give another file name, or remove it")
        status, errors = file["status"], file["error"].asstr()
        columns = {
            name: _column(dataset, status.ndim)
            for name, dataset in file.items()
            if "description" in dataset.attrs and dataset.ndim >= status.ndim
        }
        width = sum(math.prod(file[name].shape[status.ndim :]) for name in columns)
        for where, first, last in netcdf.blocks(status.shape, max(1, netcdf.CHUNK // max(1, width))):
            values = {name: file[name][where] for name in columns}
            values = {name: one.reshape(last - first, *one.shape[status.ndim :]) for name, one in values.items()}
            outcome, reasons = status[where].ravel(), errors[where].ravel()
            found = np.flatnonzero(outcome != _MISSING)
            if len(found):
                packed = {name: one[found] for name, one in values.items()}
                yield Part(sweep_sha256, Packed(first + found, reasons[found].tolist(), packed), columns, 0.0)


def read_status(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (points,) of a sweep file's points that are not missing, and whether each failed.

    Raises
    ------
    InputError
        As `read_attributes`.
    """
    with opened(path, "sweep") as (file, _):
        status = file["status"][()].ravel()
    points = np.flatnonzero(status != _MISSING)
    return points, status[points] == _FAILED


def read_attributes(path: str | Path) -> dict[str, str | int | float]:
    """What the root of a sweep file says about it, without its data.

    Raises
    ------
    InputError
        The file is missing, is not a sweep, is truncated or incomplete, or comes from a newer version.
    """
    with opened(path, "sweep") as (file, _):
        found = {name: value for name, value in file.attrs.items() if name not in ("schema", "complete")}
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in found.items()}


def _survey(parts, size):
    survey = _Survey(np.full(size, _MISSING, np.uint8), {}, {}, {})
    for part in parts:
        for name, column in part.columns.items():
            if plain(survey.columns.setdefault(name, column)) != plain(column):
                raise ValueError(f"parts disagree about the unit, description, dimensions or labels of '{name}'")
        points = pack(part)
        for name, values in points.values.items():
            survey.shapes[name] = tuple(map(max, values.shape[1:], survey.shapes.get(name, values.shape[1:])))
        failed = points.failed
        for row in np.flatnonzero(failed).tolist():
            # Where two parts give reasons, the order in which they come must not decide.
            reason = min(points.errors[row], survey.errors.get(points.numbers[row], points.errors[row]))
            survey.errors[int(points.numbers[row])] = sys.intern(reason)
        lost = points.numbers[failed]
        survey.status[lost[survey.status[lost] != _DONE]] = _FAILED
        survey.status[points.numbers[~failed]] = _DONE
    return survey


def _stored(survey: _Survey, layout: Layout) -> dict[str, _Stored]:
    """Columns by name, with names and lengths of dimensions that all can share."""
    taken = set(layout.dimensions) | set(layout.coordinates)
    labels: dict[str, list] = {}
    for name in sorted(survey.shapes):
        described = plain(survey.columns[name])
        for dimension in described["dimensions"]:
            labels.setdefault(dimension, []).append(described["coordinates"].get(dimension))
    shared = {one for one, found in labels.items() if one not in taken and all(other == found[0] for other in found)}
    names, lengths = {}, {}
    for name in sorted(survey.shapes):
        dimensions = survey.columns[name].dimensions
        names[name] = tuple(one if one in shared else f"{name}_{one}" for one in dimensions)
        for dimension, length in zip(names[name], survey.shapes[name]):
            lengths[dimension] = max(length, lengths.get(dimension, 0))
    everything = [*taken, *lengths, *names, "status", "error"]
    for name in everything:
        if everything.count(name) > 1:
            raise ValueError(f"two things in the table of a sweep are called '{name}'")
    return {
        name: _Stored(survey.columns[name], own, tuple(lengths[dimension] for dimension in own))
        for name, own in names.items()
    }


def _write_head(file, layout, columns):
    file.attrs["schema"] = SWEEP_SCHEMA
    for name, value in layout.attributes.items():
        file.attrs[name] = value
    for name, length in layout.dimensions.items():
        netcdf.write_scale(file, name, length, *layout.coordinates.get(name, (None, None, "1"))[1:])
    for name in layout.further:
        along, labels, unit = layout.coordinates[name]
        dimensions = {one: layout.dimensions[one] for one in along}
        netcdf.attach(netcdf.write_labels(file, name, labels, unit, dimensions), along)
    for one in columns.values():
        for dimension, stored, length in zip(one.column.dimensions, one.dimensions, one.shape):
            if stored not in file:
                labels, unit = one.column.coordinates.get(dimension, (None, "1"))
                scale = netcdf.write_scale(file, stored, length, labels, unit)
                scale.attrs["dimension" if labels is None else "coordinate"] = dimension


def _write_status(file, layout, survey, check):
    status = netcdf.new_variable(file, "status", "u1", "1", layout.dimensions, layout.further)
    status.attrs["flag_values"] = np.arange(3, dtype=np.uint8)
    status.attrs["flag_meanings"] = "done failed missing"
    status[...] = survey.status.reshape(status.shape)
    error = netcdf.new_variable(file, "error", h5py.string_dtype(), "1", layout.dimensions, layout.further)
    for where, first, last in netcdf.blocks(error.shape, netcdf.CHUNK):
        texts = np.full(last - first, "", dtype=object)
        for row in np.flatnonzero(survey.status[first:last] == _FAILED).tolist():
            texts[row] = survey.errors[first + row]
        error[where] = texts.reshape([side.stop - side.start for side in where])
        check()


def _scratch(size: int, folder: Path) -> BinaryIO:
    """Room for so many bytes: in memory or, where they are many, in a file without a name."""
    if size <= _IN_MEMORY:
        return io.BytesIO(bytes(size))
    file = tempfile.TemporaryFile(dir=folder)
    file.truncate(size)
    return file


def _sort(scratch, parts, columns, size):
    """Write the values of all done points, by column, then by point; say which (size,) there are."""
    written = np.zeros(size, dtype=bool)
    for part in parts:
        packed = pack(part)
        rows = np.flatnonzero(~packed.failed & ~written[packed.numbers])
        points, kept = np.unique(packed.numbers[rows], return_index=True)
        if not points.size:
            continue
        written[points] = True
        ends = [*(np.flatnonzero(np.diff(points) != 1) + 1).tolist(), len(points)]
        start = 0
        for name, one in columns.items():
            values = np.full((len(points), *one.shape), np.nan)
            if name in packed.values:
                found = packed.values[name][rows[kept]]
                values[tuple(map(slice, found.shape))] = found
            for first, last in zip([0, *ends[:-1]], ends):
                scratch.seek(start + one.bytes * int(points[first]))
                scratch.write(values[first:last].tobytes())
            start += size * one.bytes
    return written


def _column(dataset, dimensions):
    """The column that a dataset holds, behind so many dimensions of the sweep."""
    own, coordinates = [], {}
    for axis in range(dimensions, dataset.ndim):
        scale = dataset.dims[axis][0]
        own.append(scale.attrs.get("coordinate") or scale.attrs["dimension"])
        if "coordinate" in scale.attrs:
            text = h5py.check_string_dtype(scale.dtype)
            labels = scale.asstr()[()].astype(str) if text else scale[()]
            coordinates[own[-1]] = (labels, scale.attrs["units"])
    return Column(dataset.attrs["units"], dataset.attrs["description"], tuple(own), coordinates)
