"""Networks at many settings and seeds: designs, execution on many cores or machines, and resuming after any end.

Names are imported when first used: how far a sweep is can be said without Brian2.
"""

import importlib
from typing import Any

_HOME = {
    "Axis": "axis",
    "collect": "carry_out",
    "Design": "design",
    "Range": "design",
    "grid": "design",
    "latin_hypercube": "design",
    "sobol": "design",
    "table": "design",
    "zipped": "design",
    "status": "state",
    "Sweep": "sweep",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
