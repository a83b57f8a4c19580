"""What the run of a point really used: read back from what the binary was shown to have received."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..network.definition import Definition
from ..network.fields import si
from ..network.medium import TABLE
from ..network.plan import Plan
from ..results import Column
from ..units import UNITS, number_in
from .axis import SEED_PATHS

CONCENTRATION = "mean_allopregnanolone"


def effective_columns(axes: Sequence[dict[str, str]]) -> dict[str, Column]:
    """The columns that `effective_values` fills."""
    columns = {
        f"{axis['name']}_effective": Column(axis["unit"], f"{axis['path']} as the run used it, read back from it")
        for axis in axes
    }
    meaning = "allopregnanolone at the receptor, averaged over the time that statistics count"
    return columns | {CONCENTRATION: Column("nM", meaning)}


def effective_values(
    axes: Sequence[dict[str, str]], definition: Definition, plan: Plan, discard_s: float
) -> dict[str, np.ndarray]:
    """Numbers () of each axis and of the concentration in one point's run.

    Every argument of a plan was compared with what its binary received when it ran.
    """
    # What spikes add to the schedule is known to the run alone.
    local = definition.schema.medium.local_synthesis is not None
    table = np.asarray(plan.arrays[TABLE]) if TABLE in plan.arrays and not local else None
    concentration = _mean_concentration(table, plan.arguments["run.duration"], discard_s)
    values = {f"{axis['name']}_effective": _used(axis, definition, plan, concentration) for axis in axes}
    return {name: np.float64(value) for name, value in (values | {CONCENTRATION: concentration}).items()}


def _mean_concentration(table: np.ndarray | None, duration_s: float, discard_s: float) -> float:
    if table is None:
        return math.nan
    times = np.linspace(0.0, duration_s, table.size)
    counted = np.unique(np.concatenate([[discard_s], times[times > discard_s]]))
    mean = np.trapezoid(np.interp(counted, times, table), counted) / (duration_s - discard_s)
    # From mmolar, in which the table is handed over; the last digits are the integral's.
    return float(f"{mean * 1e6:.12g}")


def _used(axis: dict[str, str], definition: Definition, plan: Plan, concentration: float) -> float:
    if axis["path"] in SEED_PATHS:
        return plan.arguments[f"run.{axis['path']}"]
    path, value = _find(definition.data, axis["path"].split("."))
    if isinstance(value, dict):
        # A concentration stands for the schedule that holds it, a mean for a value with a spread.
        return concentration if "schedule" in value else math.nan
    if not isinstance(value, str):
        return math.nan if value is None else float(value)
    handed = plan.arguments.get(".".join(plan.paths.get(path, ())))
    if handed is not None and math.isclose(handed, si(value), rel_tol=1e-12):
        return float(f"{handed / float(UNITS[axis['unit']][0]):.15g}")
    return number_in(value, axis["unit"])


def _find(node: Any, keys: list[str], path: str = "") -> tuple[str, Any]:
    """The first place that a path, perhaps with `*`, leads to, and the value there; None where there is none."""
    if not keys:
        return path, node
    if isinstance(node, list):
        return _find(node[int(keys[0])], keys[1:], f"{path}.{keys[0]}".lstrip("."))
    if not isinstance(node, dict):
        # The mean of a value without a spread is the value.
        return (path, node) if keys == ["mean"] else (path, None)
    for key in node if keys[0] == "*" else [keys[0]] if keys[0] in node else []:
        found = _find(node[key], keys[1:], f"{path}.{key}".lstrip("."))
        if found[1] is not None:
            return found
    return path, None
