"""A labelled table of many runs as one netCDF-4 file, which xarray opens."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np

from .container import SWEEP_SCHEMA, opened, write_whole

if TYPE_CHECKING:
    from xarray import Dataset

# Attributes by which HDF5, netCDF, xarray and we ourselves know what is what.
_OF_THE_FILE = {
    "CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_NCProperties",
    "_FillValue", "coordinates", "dtype", "schema", "complete",
}  # fmt: skip


def write_table(dataset: "Dataset", path: str | Path) -> None:
    """Write a table for `xarray.open_dataset(path, engine="h5netcdf")`; an older file of ours is replaced.

    Parameters
    ----------
    dataset : xarray.Dataset
        Every variable and coordinate has an attribute `units`, '1' for plain numbers and words.
    path : str or Path

    Raises
    ------
    InputError
        The file cannot be written, or what lies at `path` is not ours.
    ValueError
        A variable or coordinate has no units; it is named.
    """
    # Slow to import, and no run needs them.
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    for name, variable in dataset.variables.items():
        if not isinstance(variable.attrs.get("units"), str):
            raise ValueError(f"'{name}' has no attribute `units`; give it one, '1' for plain numbers and words")
    buffer = io.BytesIO()
    store = H5NetCDFStore(h5netcdf.File(buffer, "w"))
    dataset.dump_to_store(store)
    store.close()
    with h5py.File(buffer, "r+") as file:
        # A dimension without a coordinate has a dataset of its own on disk.
        for found in file.values():
            if "units" not in found.attrs:
                found.attrs["units"] = "1"
        file.attrs["schema"] = SWEEP_SCHEMA
        file.attrs["complete"] = np.uint8(1)
    write_whole(buffer, path)


def read_table(path: str | Path) -> "Dataset":
    """The table that `write_table` wrote, in memory.

    Raises
    ------
    InputError
        The file is missing, is not a sweep, is truncated or incomplete, or comes from a newer version.
    """
    from xarray import Dataset

    with opened(path, "sweep") as (file, _):
        # xarray itself takes as long to open a table as a core takes for several points.
        variables = {name: _variable(found) for name, found in file.items() if not _is_bare_dimension(found)}
        named = " ".join(found.attrs.get("coordinates", "") for found in (file, *file.values())).split()
        table = Dataset(variables, attrs=_attributes(file))
        return table.set_coords([name for name in named if name in variables])


def _is_bare_dimension(found: h5py.Dataset) -> bool:
    """Whether it stands in the file in the place of a dimension without labels."""
    return found.is_scale and found.attrs["NAME"].startswith(b"This is a netCDF dimension but not a netCDF variable")


def _variable(found: h5py.Dataset) -> tuple:
    """Dimensions, values and attributes of a variable."""
    name = found.name[1:]
    dimensions = (name,) if found.is_scale else tuple(dimension[0].name[1:] for dimension in found.dims)
    is_text = h5py.check_string_dtype(found.dtype) is not None
    values = found.asstr()[()].astype(str) if is_text else found[()]
    return dimensions, values.astype(bool) if found.attrs.get("dtype") == "bool" else values, _attributes(found)


def _attributes(found: h5py.File | h5py.Dataset) -> dict:
    """Attributes that say something of the content; netCDF keeps a single value as an array of one."""
    named = {name: found.attrs[name] for name in found.attrs.keys() - _OF_THE_FILE}
    return {name: value[0] if np.shape(value) == (1,) else value for name, value in named.items()}
