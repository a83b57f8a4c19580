"""Results on disk: runs, sweeps and tables of runs as HDF5 files; the only package that imports h5py."""

from .container import RUN_SCHEMA, SWEEP_SCHEMA, check_output, kind_of, refuse_foreign
from .parts import Column, Damaged, Part, PointResult, compose_part, read_part, read_progress, write_part
from .run import Run, Spikes, TimeCourse, Trace
from .store import read_run, write_run
from .sweep_file import Counts, Layout, read_attributes, read_parts, read_status, write_sweep
from .table import read_table, write_table

__all__ = [
    "RUN_SCHEMA",
    "SWEEP_SCHEMA",
    "Column",
    "Counts",
    "Damaged",
    "Layout",
    "Part",
    "PointResult",
    "Run",
    "Spikes",
    "TimeCourse",
    "Trace",
    "check_output",
    "compose_part",
    "kind_of",
    "read_attributes",
    "read_part",
    "read_parts",
    "read_progress",
    "read_run",
    "read_status",
    "read_table",
    "refuse_foreign",
    "write_part",
    "write_run",
    "write_sweep",
    "write_table",
]
