"""The firing statistics of a population as one HDF5 group, labelled so that xarray opens it."""

from collections.abc import Mapping

import h5py
import numpy as np

from ..statistics import PopulationStatistics, Statistic


def write_dataset(group: h5py.Group, name: str, data, unit: str, dtype=None) -> h5py.Dataset:
    """A new dataset with its unit; '1' for plain numbers, ids and words."""
    dataset = group.create_dataset(name, data=data, dtype=dtype)
    dataset.attrs["units"] = unit
    return dataset


def write_statistics(group: h5py.Group, statistics: Mapping[str, Statistic]) -> None:
    """Fill the group of a population: a dataset per statistic, and the labels that they share.

    Raises
    ------
    ValueError
        A coordinate that is not labels with a unit, or lies along no dimension of its statistic.
    """
    for name in statistics:
        record = statistics[name]
        value = np.asarray(record.value)
        dataset = write_dataset(group, name, value, record.unit)
        dataset.attrs["description"] = record.description
        dataset.attrs["dimensions"] = " ".join(record.dimensions)
        _check_coordinates(group, record)
        scales = {}
        for axis, dimension in enumerate(record.dimensions):
            scales[dimension] = _scale(group, record, dimension, value.shape[axis])
            dataset.dims[axis].attach_scale(scales[dimension])
        further = [
            _further(group, record, coordinate, scales)
            for coordinate in record.coordinates
            if coordinate not in record.dimensions
        ]
        if further:
            dataset.attrs["coordinates"] = " ".join(further)


def _check_coordinates(group, record):
    for coordinate, entry in record.coordinates.items():
        if not (isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], str)):
            raise ValueError(f"{group.name}/{record.name}: coordinate '{coordinate}' must be (labels, unit)")


def _scale(group, record, dimension, length):
    """The dimension scale of one axis: its coordinate or, where it has none, the plain index."""
    labelled = dimension in record.coordinates
    labels, unit = record.coordinates[dimension] if labelled else (np.arange(length), "")
    scale = _shared(group, record.name, dimension, labels, unit)
    if not scale.is_scale:
        scale.make_scale(scale.name.rsplit("/", 1)[1])
        scale.attrs["labels"] = np.uint8(labelled)
    return scale


def _further(group, record, coordinate, scales):
    labels, unit = record.coordinates[coordinate]
    dataset = _shared(group, record.name, coordinate, labels, unit)
    along = [scale for scale in scales.values() if scale.shape == dataset.shape]
    if not along:
        raise ValueError(f"{group.name}/{record.name}: coordinate '{coordinate}' lies along none of its dimensions")
    if not dataset.dims[0]:
        dataset.dims[0].attach_scale(along[0])
    return dataset.name.rsplit("/", 1)[1]


def _shared(group, statistic, name, labels, unit):
    """The coordinate dataset that statistics with the same labels share; one of its own where they differ."""
    labels = np.asarray(labels)
    text = labels.dtype.kind not in "iufb"
    for candidate in (name, f"{statistic}_{name}"):
        if candidate not in group:
            data = labels.astype(object) if text else labels
            dataset = write_dataset(group, candidate, data, unit or "1", h5py.string_dtype() if text else None)
            dataset.attrs["coordinate"] = name
            return dataset
        found = group[candidate]
        stored = found.asstr()[()] if text and h5py.check_string_dtype(found.dtype) else found[()]
        if found.attrs.get("coordinate") == name and np.array_equal(stored, labels):
            return found
    raise ValueError(f"{group.name}: two datasets of the name '{statistic}_{name}'")


def read_statistics(group: h5py.Group) -> PopulationStatistics:
    """What `write_statistics` wrote."""
    records = {}
    for name, dataset in group.items():
        if "coordinate" in dataset.attrs:
            continue
        dimensions = tuple(dataset.attrs["dimensions"].split())
        scales = [dataset.dims[axis][0] for axis in range(len(dimensions))]
        labels = [scale for scale in scales if scale.attrs["labels"]]
        labels += [group[other] for other in dataset.attrs.get("coordinates", "").split()]
        records[name] = Statistic(
            name=name,
            value=dataset[()] if dimensions else np.asarray(dataset[()]),
            unit=dataset.attrs["units"],
            description=dataset.attrs["description"],
            dimensions=dimensions,
            coordinates={label.attrs["coordinate"]: _read_labels(label) for label in labels},
        )
    return PopulationStatistics(records)


def _read_labels(dataset):
    unit = dataset.attrs["units"]
    text = h5py.check_string_dtype(dataset.dtype)
    return (dataset.asstr()[()].astype(str) if text else dataset[()]), "" if unit == "1" else unit
