"""Courses of named schedules as plain arrays, and what is read off a curve."""

from typing import Any

import numpy as np

from ...concentration import schedule
from ...units import magnitude, number_in


def plasma(name: str, hours, **parameters: Any) -> np.ndarray:
    """Total in plasma, nM, array (times,)."""
    return schedule(name, **parameters).plasma(hours).values


def brain(name: str, hours, **parameters: Any) -> np.ndarray:
    """Total in the brain, nmol/kg, array (times,)."""
    return schedule(name, **parameters).brain(hours).values


def receptor(name: str, hours, **parameters: Any) -> np.ndarray:
    """At the receptor, nM, array (times,)."""
    return schedule(name, **parameters).receptor(hours).values


def progesterone(name: str, hours, **parameters: Any) -> np.ndarray:
    """Progesterone in plasma, nM, array (times,)."""
    return magnitude(schedule(name, **parameters).progesterone(hours), "nM")


def default(name: str, parameter: str, unit: str) -> float:
    """Number that a schedule has for a parameter unless told."""
    return number_in(schedule(name)[parameter], unit)


def half_life(name: str, first_h: float, second_h: float, **parameters: Any) -> float:
    """Half-life in plasma between two times, h."""
    first, second = plasma(name, [first_h, second_h], **parameters)
    return (second_h - first_h) * np.log(2) / np.log(first / second)


def steady(concentration: str) -> dict[str, str]:
    """A plasma level that does not change, as parameters of the schedule `constant`."""
    return {"concentration": concentration, "compartment": "plasma"}
