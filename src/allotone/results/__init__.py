"""Results on disk: runs, sweeps and tables of runs as HDF5 files; the only package that imports h5py.

Names are imported when first used: a simulation whose result is not written needs no h5py.
"""

import importlib
from typing import Any

_HOME = {
    "RUN_SCHEMA": "container",
    "SWEEP_SCHEMA": "container",
    "check_output": "container",
    "kind_of": "container",
    "refuse_foreign": "container",
    "Column": "parts",
    "Damaged": "parts",
    "Part": "parts",
    "PointResult": "parts",
    "compose_part": "parts",
    "read_part": "parts",
    "read_progress": "parts",
    "write_part": "parts",
    "Run": "run",
    "Spikes": "run",
    "TimeCourse": "run",
    "Trace": "run",
    "read_run": "store",
    "write_run": "store",
    "Counts": "sweep_file",
    "Layout": "sweep_file",
    "read_attributes": "sweep_file",
    "read_parts": "sweep_file",
    "read_status": "sweep_file",
    "write_sweep": "sweep_file",
    "read_table": "table",
    "write_table": "table",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
