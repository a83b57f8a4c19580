"""A schedule's course as rows of numbers, with the line that says what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, unknown
from .canonical import SUM, drop_map
from .evaluate import Evaluator
from .kinds import Compartment
from .registry import SCHEDULES
from .schedules import Schedule

_COMPARTMENTS = ("plasma", "brain", "receptor")
_MOST_ROWS = 1_000_000
_ROWS = 100


@dataclass(frozen=True, eq=False)
class Listing:
    """A course in one compartment: times in hours of the run, array (times,), and concentration in `unit`, array (times,)."""

    compartment: Compartment
    unit: str
    about: dict[str, str]
    time_h: np.ndarray
    concentration: np.ndarray

    def csv(self) -> str:
        """Lines `time_h,concentration_nM` below one that begins with `#`.

        The header is the same for the brain, whose nmol/kg is its nM where a litre of tissue weighs a kilogram.
        """
        about = {"compartment": self.compartment, "unit": self.unit} | self.about
        lines = ["# " + ", ".join(f"{key}={value}" for key, value in about.items()), "time_h,concentration_nM"]
        lines += [f"{hour:.10g},{value:.6g}" for hour, value in zip(self.time_h.tolist(), self.concentration.tolist())]
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "compartment": self.compartment,
            "unit": self.unit,
            **self.about,
            "time_h": self.time_h.tolist(),
            "concentration": self.concentration.tolist(),
        }


def listing(
    schedule: Schedule, compartment: str = "receptor", until_h: float | None = None, every_h: float | None = None
) -> Listing:
    """The course of a schedule from the run's t = 0 on.

    Parameters
    ----------
    compartment : {"receptor", "brain", "plasma"}
    until_h, every_h : float, optional
        By default as long as shows what the schedule does (a table: as far as it goes), in 100 steps.

    Raises
    ------
    InputError
        A compartment that the schedule or its map does not pass; times that it does not cover; a step that is not above 0,
        a negative end, or more than a million rows.
    """
    if compartment not in _COMPARTMENTS:
        raise unknown("--as", "compartment", compartment, _COMPARTMENTS)
    course = Evaluator(schedule, "schedule")
    until = min(_span(schedule), course.domain()[1]) if until_h is None else until_h
    every = until / _ROWS if every_h is None else every_h
    if until < 0:
        raise InputError("--until", f"{until:g} h is negative; give 0 or more")
    if not every > 0:
        if until == 0 and every_h is None:
            every = 1.0
        else:
            raise InputError("--every", f"{every:g} h is not above 0; give a time such as '1h'")
    count = int(np.floor(until / every + 1e-9)) + 1
    if count > _MOST_ROWS:
        raise InputError("--every", f"{every:g} h until {until:g} h makes {count} rows; take a longer step")
    hours = np.array([float(f"{step * every:.12g}") for step in range(count)])
    about = _flat(schedule if compartment != "plasma" else drop_map(schedule))
    # The answer's own compartment stands first; this is what the schedule was given in.
    about = {"given_in" if key == "compartment" else key: text for key, text in about.items()}
    unit = "nmol/kg" if compartment == "brain" else "nM"
    return Listing(compartment, unit, about, hours, getattr(course, compartment)(hours))


def _span(schedule: Mapping[str, Any]) -> float:
    if schedule["schedule"] == SUM:
        return max(_span(term) for term in schedule["terms"].values())
    return SCHEDULES[schedule["schedule"]].span_h if schedule["schedule"] != "table" else np.inf


def _flat(schedule: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Dotted names and texts, the map first; the points of a table are left to the rows."""
    found: dict[str, str] = {}
    for key in sorted(schedule, key=lambda key: key not in ("map",)):
        value = schedule[key]
        if isinstance(value, Mapping):
            found |= _flat(value, f"{above}{key}.")
        elif not isinstance(value, list | tuple):
            found[f"{above}{key}"] = str(value)
    return found
