"""A labelled table of many runs as one netCDF-4 file, which xarray opens."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np

from .container import SWEEP_SCHEMA, opened, write_whole

if TYPE_CHECKING:
    from xarray import Dataset


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
    import xarray

    with opened(path, "sweep"):
        # Values in days stay numbers with a unit.
        with xarray.open_dataset(path, engine="h5netcdf", decode_times=False, decode_timedelta=False) as dataset:
            return dataset.load().drop_attrs(deep=False).assign_attrs(_without_marks(dataset.attrs))


def _without_marks(attrs: dict) -> dict:
    return {name: value for name, value in attrs.items() if name not in ("schema", "complete")}
