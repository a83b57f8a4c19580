"""What all agents share: ambient GABA, and allopregnanolone on a slow clock."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..concentration import NUMBERS, Evaluator, compartment_of
from ..errors import InputError
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
    way = course.way(times_s / 3600.0)
    _check_followed(course, times_s, way.receptor)
    receptor, moved = way.receptor, float(np.ptp(way.receptor))
    frozen = 0 < moved < FROZEN_BELOW * float(receptor.max())
    if frozen:
        receptor = np.full(TABLE_SIZE, receptor[0])
    # Two ways to one concentration shall be one concentration: the last digits of a solver are dropped.
    different = receptor[:1] if frozen or moved == 0 else receptor
    receptor = np.full(TABLE_SIZE, [float(f"{value:.12g}") for value in different.tolist()])
    return MediumCourse(times_s, receptor, way.plasma, way.brain, frozen)


def _check_followed(course: Evaluator, times_s: np.ndarray, receptor: np.ndarray) -> None:
    """InputError where something happens between two points of the table that neither of them shows."""
    edges = np.array([hour for hour in course.breaks() if 0 < hour < times_s[-1] / 3600.0])
    edges = np.unique(np.concatenate([[0.0], edges, [times_s[-1] / 3600.0]]))
    middle = (edges[1:] + edges[:-1]) / 2
    exact = course.receptor(middle)
    missed = np.abs(exact - np.interp(middle, times_s / 3600.0, receptor))
    if missed.max() > 0.01 * max(receptor.max(), exact.max()):
        step = times_s[-1] / (TABLE_SIZE - 1)
        raise InputError(
            course.path,
            f"changes faster than a run of {times_s[-1]:g} s follows, which looks every {step * 1e3:.3g} ms: at "
            f"{middle[missed.argmax()] * 3600:.6g} s it would be missed; shorten the run, or make it last longer",
        )


def concentration_table(schedule: Mapping[str, Any], duration_s: float) -> np.ndarray:
    """Table (TABLE_SIZE,) of the concentration at the receptor over a run, nM; errors as in `medium_course`."""
    return medium_course(schedule, duration_s).receptor


def way_to_receptor(schedule: Mapping[str, Any]) -> str | None:
    """One sentence about the map that a schedule of plasma or brain takes; None for one at the receptor."""
    compartment = compartment_of(schedule)
    if compartment == "receptor":
        return None
    numbers = [f"{key} {schedule[key]}" for key in NUMBERS if key in schedule]
    doubt = ["which is uncertain threefold either way"] if "f_eff" in schedule else []
    return (
        f"the schedule '{schedule['schedule']}' is a total in {compartment}, and the map '{schedule['map']}' takes it to the "
        f"receptor{': ' if numbers else ''}{', '.join(numbers + doubt)}"
    )
