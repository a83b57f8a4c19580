"""What all agents share: ambient GABA, and allopregnanolone on a slow clock."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..concentration import concentration_at
from .plan import Group, Plan

# The steroid moves in seconds or slower; receptor functions are evaluated this often.
SLOW_CLOCK_S = 1e-3
TABLE_SIZE = 1025
TABLE = "allopregnanolone_table"

# Linear interpolation in a table indexed by number, so that one compiled table serves every duration.
_INDEX = "floor(t/allopregnanolone_step)"
_INTERPOLATED = (
    f"allopregnanolone = allopregnanolone_table({_INDEX}*second) + (t/allopregnanolone_step - {_INDEX})"
    f"*(allopregnanolone_table(({_INDEX} + 1)*second) - allopregnanolone_table({_INDEX}*second))"
)


def add_medium(plan: Plan, group: Group, duration_s: float) -> None:
    """Give a group the variable `allopregnanolone`, updated on the slow clock before all that follows from it."""
    if group.in_medium:
        return
    group.in_medium = True
    plan.parameter(group, "allopregnanolone_step", "second", duration_s / (TABLE_SIZE - 1))
    group.equations.append("allopregnanolone : mmolar (shared)")
    group.slow.insert(0, _INTERPOLATED)


def concentration_table(schedule: Mapping[str, Any], duration_s: float) -> np.ndarray:
    """Table (TABLE_SIZE,) of the concentration over a run, nM.

    Raises
    ------
    InputError
        The schedule does not cover the run.
    """
    return concentration_at(schedule, np.linspace(0.0, duration_s, TABLE_SIZE))
