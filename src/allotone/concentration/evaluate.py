"""A canonical schedule as numbers: what its own compartment holds, and through its map what the receptor sees."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..units import number_in
from .canonical import SUM, compartment_of
from .exposure import NUMBERS, Exposure
from .kinds import Word
from .registry import SCHEDULES


def exposure_of(schedule: Mapping[str, Any]) -> Exposure:
    """The map of a canonical schedule of plasma or brain."""
    return Exposure(
        schedule["map"], {key: number_in(schedule[key], one.unit) for key, one in NUMBERS.items() if key in schedule}
    )


def values_of(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """What the functions of a schedule's kind read: numbers in the unit of each default, words, and arrays of a table."""
    kind = SCHEDULES[schedule["schedule"]]
    if kind.name == "table":
        unit = "nmol/kg" if schedule["compartment"] == "brain" else "nM"
        return {
            "times": np.array([number_in(text, "h") for text in schedule["times"]]),
            "concentrations": np.array([number_in(text, unit) for text in schedule["concentrations"]]),
        }
    values = {}
    for key, parameter in kind.parameters.items():
        if key not in schedule:
            continue
        text = schedule[key]
        if isinstance(parameter, Word):
            values[key] = text
        elif key in kind.per_weight and "/kg" not in text:
            absolute = parameter.unit.replace("/kg", "")
            values[key] = number_in(text, absolute) / number_in(schedule["body_weight"], "kg")
        elif text.endswith("nmol/kg"):
            values[key] = number_in(text, "nmol/kg")
        else:
            values[key] = number_in(text, parameter.unit)
    number = int(schedule.get("subject", 0))
    for key, sd in kind.subject_sd.items() if number else ():
        # Each parameter has its own stream, so that a new one leaves the others as they were.
        z = np.random.default_rng([number, zlib.crc32(key.encode())]).standard_normal()
        if key in values:
            values[key] *= float(np.exp(sd * z))
    return values


def check_values(schedule: Mapping[str, Any], path: str) -> None:
    """Let each kind refuse parameters that contradict each other; InputError says which."""
    if schedule["schedule"] == SUM:
        for name, term in schedule["terms"].items():
            check_values(term, f"{path}.terms.{name}")
    elif check := SCHEDULES[schedule["schedule"]].check:
        check(values_of(schedule), path)


# A thousand years.
_LONGEST_H = 8766e3


@dataclass(frozen=True, eq=False)
class Way:
    """Plasma, nM, brain, nmol/kg, and receptor, nM, at some times, arrays (times,); None what the way does not pass."""

    plasma: np.ndarray | None
    brain: np.ndarray | None
    receptor: np.ndarray


class Evaluator:
    """A canonical schedule with its numbers read once; times are hours of the run, array (times,)."""

    def __init__(self, schedule: Mapping[str, Any], path: str = "medium.allopregnanolone"):
        self.schedule, self.path = schedule, path
        self.compartment = compartment_of(schedule)
        self._factor, self._at = number_in(schedule["factor"], "1"), number_in(schedule["at"], "h")
        terms = schedule["terms"] if schedule["schedule"] == SUM else {}
        self._terms = [Evaluator(term, f"{path}.terms.{name}") for name, term in terms.items()]
        if not self._terms:
            self._kind, self._values = SCHEDULES[schedule["schedule"]], values_of(schedule)

    def native(self, times_h: np.ndarray) -> np.ndarray:
        """What the schedule itself describes, in nM or nmol/kg."""
        hours = times_h + self._at
        if self._terms:
            return self._factor * sum(term.native(hours) for term in self._terms)
        if self._kind.name == "table":
            hours = np.clip(hours, *self._values["times"][[0, -1]])
        return self._factor * self._kind.evaluate(self._values, hours)

    def synthesis(self, times_h: np.ndarray) -> np.ndarray:
        """Synthesis in the brain relative to its normal rate; of a sum, the product."""
        hours = times_h + self._at
        if self._terms:
            return np.prod([term.synthesis(hours) for term in self._terms], axis=0)
        if self._kind.local_synthesis is None:
            return np.ones(np.shape(hours))
        return self._kind.local_synthesis(self._values, hours)

    def progesterone(self, times_h: np.ndarray) -> np.ndarray | None:
        """Total progesterone in plasma, nM, scaled as the rest is; None where the schedule has none."""
        hours = times_h + self._at
        if self._terms:
            found = [course for term in self._terms if (course := term.progesterone(hours)) is not None]
            return self._factor * sum(found) if found else None
        return self._factor * self._kind.progesterone(self._values, hours) if self._kind.progesterone else None

    def breaks(self) -> list[float]:
        """Times at which it jumps or bends."""
        if self._terms:
            own = [hour for term in self._terms for hour in term.breaks()]
        else:
            own = list(self._kind.breaks(self._values))
        return [hour - self._at for hour in own]

    def domain(self) -> tuple[float, float]:
        """First and last time that it covers."""
        if self._terms:
            firsts, lasts = zip(*(term.domain() for term in self._terms))
            return max(firsts) - self._at, min(lasts) - self._at
        if self._kind.name == "table":
            first, last = self._values["times"][[0, -1]]
            return first - self._at, last - self._at
        return -np.inf, np.inf

    def covered(self, times_h) -> np.ndarray:
        """The times as an array.

        Raises
        ------
        InputError
            Some of them lie outside what a measured table covers, or a thousand years away.
        """
        hours = np.atleast_1d(np.asarray(times_h, dtype=float))
        if np.abs(hours + self._at).max() > _LONGEST_H:
            raise InputError(self.path, "is asked for a time more than a thousand years away; give earlier ones")
        first, last = self.domain()
        if hours.min() < first - 1e-12 or hours.max() > last + 1e-12:
            edges = [first + self._at, last + self._at, hours.min() + self._at, hours.max() + self._at]
            unit, scale = ("s", 3600.0) if max(edges) < 1 else ("h", 1.0)
            have_first, have_last, need_first, need_last = (f"{edge * scale:.9g}" for edge in edges)
            raise InputError(
                self.path,
                f"the schedule covers {have_first} to {have_last} {unit}, the run needs {need_first} to {need_last} "
                f"{unit}; add values, shorten the run or move it with 'at'",
            )
        return hours

    def plasma(self, times_h) -> np.ndarray:
        """Total in plasma, nM, array (times,); InputError for a schedule that does not start there, or covers less."""
        if self.compartment != "plasma":
            raise InputError(
                self.path, f"this schedule has no plasma: it is a concentration {_PLACE[self.compartment]}"
            )
        return self._finite(self.native(self.covered(times_h)))

    def brain(self, times_h) -> np.ndarray:
        """Total in the brain, nmol/kg, array (times,); InputError where the map leads past it."""
        hours = self.covered(times_h)
        if self.compartment == "receptor":
            raise InputError(self.path, "this schedule has no brain level: it is a concentration at the receptor")
        if self.compartment == "brain":
            return self._finite(self.native(hours))
        return self._finite(
            exposure_of(self.schedule).brain_values(
                self.native, self.synthesis, hours, self.breaks(), self.domain()[0], self.path
            )
        )  # fmt: skip

    def has_brain(self) -> bool:
        """Whether the brain's total is part of the way to the receptor."""
        return self.compartment == "brain" or "Kp" in self.schedule

    def receptor(self, times_h) -> np.ndarray:
        """Concentration at the receptor, nM, array (times,)."""
        return self.way(times_h).receptor

    def way(self, times_h) -> "Way":
        """All that lies between the schedule and the receptor, each solved once."""
        if self.compartment == "receptor":
            return Way(None, None, self._finite(self.native(self.covered(times_h))))
        plasma = self.plasma(times_h) if self.compartment == "plasma" else None
        brain = self.brain(times_h) if self.has_brain() else None
        values, through = (plasma, "plasma") if brain is None else (brain, "brain")
        return Way(plasma, brain, self._finite(exposure_of(self.schedule).receptor_values(values, through)))

    def _finite(self, values: np.ndarray) -> np.ndarray:
        if not np.isfinite(values).all():
            raise InputError(self.path, "these parameters give a concentration that is not finite; take milder ones")
        # What rounding leaves below zero.
        return np.maximum(values, 0.0)


_PLACE = {"receptor": "at the receptor", "brain": "in the brain", "plasma": "in plasma"}
