"""netCDF-4 by h5py: dimensions, labels along them, and arrays whose chunks depend on nothing but their shape."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import h5py
import numpy as np

CHUNK = 2**17  # numbers; 1 MB
_NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable."
_FILTERS = {"compression": "gzip", "compression_opts": 4, "shuffle": True}


def write_scale(file: h5py.File, name: str, length: int, labels: Sequence | None, unit: str) -> h5py.Dataset:
    """A new dimension and its labels or, where it has none, what netCDF puts in their place."""
    if labels is None:
        scale = file.create_dataset(name, data=np.zeros(length, ">f4"), track_times=False)
        scale.attrs["units"] = "1"
        scale.make_scale(f"{_NO_VARIABLE}{length:10d}")
    else:
        scale = write_labels(file, name, labels, unit, {name: length})
        scale.make_scale(name)
    return scale


def write_labels(
    file: h5py.File, name: str, labels: Sequence, unit: str, dimensions: Mapping[str, int]
) -> h5py.Dataset:
    """A new coordinate, numbers or text, along dimensions of the lengths given; ValueError if it has not their shape."""
    labels, shape = np.asarray(labels), tuple(dimensions.values())
    if labels.shape != shape:
        raise ValueError(f"the labels of '{name}' have the shape {labels.shape}; expected {shape}")
    text = labels.dtype.kind not in "iufb"
    # As xarray writes truth values, which netCDF does not have.
    data = labels.astype(object) if text else labels.astype(np.int8) if labels.dtype == bool else labels
    dataset = file.create_dataset(name, data=data, dtype=h5py.string_dtype() if text else None, track_times=False)
    dataset.attrs["units"] = unit or "1"
    if labels.dtype == bool:
        dataset.attrs["dtype"] = "bool"
    return dataset


def new_variable(
    file: h5py.File, name: str, dtype: str | np.dtype, unit: str, dimensions: Mapping[str, int], further: Sequence[str]
) -> h5py.Dataset:
    """A new array to be filled, along dimensions of the lengths given; `further` names its other coordinates."""
    shape = tuple(dimensions.values())
    filters = {**_FILTERS, "chunks": _chunk(shape, CHUNK)} if math.prod(shape) else {}
    dataset = file.create_dataset(name, shape, dtype, track_times=False, **filters)
    dataset.attrs["units"] = unit
    if further:
        dataset.attrs["coordinates"] = " ".join(further)
    attach(dataset, dimensions)
    return dataset


def attach(dataset: h5py.Dataset, dimensions: Iterable[str]) -> None:
    """Say which dimensions of the file the axes of a dataset are."""
    for axis, name in enumerate(dimensions):
        dataset.dims[axis].attach_scale(dataset.file[name])


def blocks(shape: tuple[int, ...], limit: int) -> Iterator[tuple[tuple[slice, ...], int, int]]:
    """Blocks of an array in C order: where each lies, and from which place of the flat array up to which."""
    chunk = _chunk(shape, limit)
    for corner in itertools.product(*(range(0, length, side) for length, side in zip(shape, chunk))):
        where = tuple(slice(one, min(one + side, length)) for one, side, length in zip(corner, chunk, shape))
        first = int(np.ravel_multi_index(corner, shape))
        yield where, first, first + math.prod(side.stop - side.start for side in where)


def _chunk(shape: tuple[int, ...], limit: int) -> tuple[int, ...]:
    """The largest block of at most `limit` numbers that lie side by side in C order."""
    chunk = []
    for length in reversed(shape):
        chunk.append(max(1, min(length, limit)))
        limit //= chunk[-1]
    return tuple(reversed(chunk))
