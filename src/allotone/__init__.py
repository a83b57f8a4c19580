"""Allopregnanolone and tonic inhibition in networks of spiking neurons: dose as an axis.

Names are imported when first used, so that `import allotone` costs nothing and changes nothing.
"""

import importlib
from typing import Any

_HOME = {
    "InputError": "errors",
    "SimulationError": "errors",
    "nM": "units",
    "uM": "units",
    "Schedule": "concentration",
    "schedule": "concentration",
    "constant": "concentration",
    "table": "concentration",
    "exposure": "concentration",
    "open_probability": "receptors",
    "tonic_fold": "receptors",
    "decay_factor": "receptors",
    "receptor": "receptors",
    "regulate": "receptors",
    "tonic_receptor": "receptors",
    "phasic_receptor": "receptors",
    "Definition": "network.definition",
    "Network": "simulation.network",
    "Axis": "sweep",
    "Range": "sweep",
    "Sweep": "sweep",
    "collect": "sweep",
    "grid": "sweep",
    "latin_hypercube": "sweep",
    "sobol": "sweep",
    "zipped": "sweep",
    "run_all": "simulation.batch",
    "run_along": "simulation.along",
    "slow_time": "simulation.slow_time",
    "paired_change": "statistics",
    "over_seeds": "statistics",
    "read_run": "results",
    "write_run": "results",
    "read_table": "results",
    "write_table": "results",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module(".figures", __name__)
    if name not in _HOME:
        raise AttributeError(f"module 'allotone' has no attribute '{name}'")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
