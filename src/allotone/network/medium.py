"""What all agents share: ambient GABA, and allopregnanolone on a slow clock."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..concentration import MAPS, NUMBERS, Evaluator, compartment_of
from .plan import Group, Plan

# The steroid moves in seconds or slower; receptor functions are evaluated this often.
SLOW_CLOCK_S = 1e-3
TABLE_SIZE = 1025
TABLE = "allopregnanolone_table"
# A run whose concentration moves by a smaller share than this meets the one it starts at.
FROZEN_BELOW = 0.01

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


@dataclass(frozen=True, eq=False)
class MediumCourse:
    """Allopregnanolone over a run, arrays (TABLE_SIZE,); plasma (nM) and brain (nmol/kg) where it came through them.

    `frozen` says that it moved by less than `FROZEN_BELOW` and `receptor` therefore holds the value of t = 0 throughout.
    """

    times_s: np.ndarray
    receptor: np.ndarray
    plasma: np.ndarray | None
    brain: np.ndarray | None
    frozen: bool


def medium_course(schedule: Mapping[str, Any], duration_s: float) -> MediumCourse:
    """What a run of this length meets of a schedule.

    Raises
    ------
    InputError
        The schedule does not cover the run.
    """
    return _solved(json.dumps(schedule, sort_keys=True), duration_s)


@functools.lru_cache(maxsize=64)
def _solved(schedule_json: str, duration_s: float) -> MediumCourse:
    schedule = json.loads(schedule_json)
    course, times_s = Evaluator(schedule), np.linspace(0.0, duration_s, TABLE_SIZE)
    hours = times_s / 3600.0
    receptor = course.receptor(hours)
    moved, highest = float(np.ptp(receptor)), float(receptor.max())
    frozen = 0 < moved < FROZEN_BELOW * highest
    if frozen:
        receptor = np.full(TABLE_SIZE, receptor[0])
    # Two ways to one concentration shall be one concentration: the last digits of a solver are dropped.
    receptor = np.array([float(f"{value:.12g}") for value in receptor.tolist()])
    plasma = course.plasma(hours) if course.compartment == "plasma" else None
    brain = course.brain(hours) if course.compartment != "receptor" and course.has_brain() else None
    return MediumCourse(times_s, receptor, plasma, brain, frozen)


def concentration_table(schedule: Mapping[str, Any], duration_s: float) -> np.ndarray:
    """Table (TABLE_SIZE,) of the concentration at the receptor over a run, nM; errors as in `medium_course`."""
    return medium_course(schedule, duration_s).receptor


def way_to_receptor(schedule: Mapping[str, Any]) -> str | None:
    """One sentence about the map that a schedule of plasma or brain takes; None for one at the receptor."""
    compartment = compartment_of(schedule)
    if compartment == "receptor":
        return None
    name = schedule["map"]
    numbers = ", ".join(f"{key} {schedule[key]}" for key in NUMBERS if key in schedule)
    return (
        f"medium.allopregnanolone: '{schedule['schedule']}' is a total in {compartment}; the map '{name}' takes it to the "
        f"receptor ({numbers + ': ' if numbers else ''}{MAPS[name].meaning})"
    )
