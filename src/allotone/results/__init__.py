"""Results on disk: runs and tables of runs as HDF5 files; the only package that imports h5py."""

from .container import RUN_SCHEMA, SWEEP_SCHEMA, kind_of, refuse_foreign
from .run import Run, Spikes, TimeCourse, Trace
from .store import read_run, write_run
from .table import read_table, write_table

__all__ = [
    "RUN_SCHEMA",
    "SWEEP_SCHEMA",
    "Run",
    "Spikes",
    "TimeCourse",
    "Trace",
    "kind_of",
    "read_run",
    "read_table",
    "refuse_foreign",
    "write_run",
    "write_table",
]
