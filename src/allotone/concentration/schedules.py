"""Schedules in Python: made by name, added, scaled, and asked what each compartment holds."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from brian2 import get_dimensions

from ..errors import InputError
from ..units import Quantity, dimension_of, magnitude, number_in, parse, quantity
from .canonical import canonical_schedule, compartment_of, drop_map
from .courses import BrainCourse, PlasmaCourse, ReceptorCourse
from .evaluate import Evaluator, check_values
from .files import with_files
from .text import SUM, as_table, put_term


class Schedule(Mapping[str, Any]):
    """A checked schedule: a value for `medium.allopregnanolone`, and a function of time.

    Times are of the run (its t = 0 lies at the schedule's `at`), array (times,), increasing; plain numbers are hours.
    """

    # NumPy's numbers leave `number * schedule` to the schedule.
    __array_ufunc__ = None

    def __init__(self, data: Mapping[str, Any], path: str = "schedule"):
        self._data = dict(data)
        self._path = path

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"Schedule({self._data!r})"

    @property
    def compartment(self) -> str:
        """What it describes: "plasma", "brain" or "receptor"."""
        return compartment_of(self._data)

    @property
    def map(self) -> str | None:
        """Name of the way to the receptor; None for a schedule that is there already."""
        return self._data.get("map")

    def plasma(self, times) -> PlasmaCourse:
        """Total in plasma; InputError for a schedule of another compartment or that does not cover the times."""
        return PlasmaCourse(*self._course(times, "plasma", "nM"))

    def brain(self, times) -> BrainCourse:
        """Total in the brain; InputError as in `plasma`, and where the map does not pass through the brain."""
        return BrainCourse(*self._course(times, "brain", "nmol/kg"))

    def receptor(self, times) -> ReceptorCourse:
        """Concentration at the receptor, by the schedule's map; InputError for times it does not cover."""
        return ReceptorCourse(*self._course(times, "receptor", "nM"))

    def progesterone(self, times) -> Quantity:
        """Total progesterone in plasma, nM, array (times,); InputError for a schedule that has none."""
        found = self._evaluator().progesterone(_hours(times))
        if found is None:
            raise InputError(self._path, f"'{self['schedule']}' knows of no progesterone; take one that does")
        return quantity(found, "nM")

    def relative_synthesis(self, times) -> np.ndarray:
        """Synthesis in the brain relative to its normal rate, array (times,)."""
        return self._evaluator().synthesis(_hours(times))

    def __add__(self, other: Mapping[str, Any]) -> "Schedule":
        """The sum of two schedules of one compartment, with the map of the first."""
        if not isinstance(other, Mapping):
            return NotImplemented
        terms: dict[str, Any] = {}
        summands = (self._data, schedule(other))
        for one in summands:
            parts = one["terms"] if one["schedule"] == SUM and _is_plain(one) else {one["schedule"]: one}
            for name, term in parts.items():
                put_term(terms, name, drop_map(term))
        if len({compartment_of(one) for one in summands}) > 1:
            told = " and ".join(f"{one['schedule']} ({compartment_of(one)})" for one in summands)
            raise InputError("schedule", f"{told} cannot be added: a sum has one compartment; give it to plain shapes")
        ways = [{key: one[key] for key in one if key not in drop_map(one)} for one in summands]
        if ways[0] != ways[1]:
            raise InputError(
                "schedule", "the terms of a sum have different ways to the receptor; give both the same map"
            )
        return schedule({"schedule": SUM, "terms": terms, **ways[0]})

    def __mul__(self, factor: float) -> "Schedule":
        """The schedule with its whole course scaled."""
        scale = float(parse(factor, "schedule.factor", "1"))
        return schedule({**self._data, "factor": number_in(self._data["factor"], "1") * scale})

    __rmul__ = __mul__

    def _course(self, times, compartment: str, unit: str) -> tuple[Quantity, Quantity]:
        hours = _hours(times)
        return quantity(hours, "h"), quantity(getattr(self._evaluator(), compartment)(hours), unit)

    def _evaluator(self) -> Evaluator:
        return Evaluator(self._data, self._path)


def _hours(times) -> np.ndarray:
    hours = np.atleast_1d(magnitude(times, "h", "times"))
    if hours.ndim != 1 or not hours.size or not np.isfinite(hours).all():
        raise InputError("times", f"{times!r} is not one or more finite times; give hours, in one array")
    return hours


def _is_plain(one: Mapping[str, Any]) -> bool:
    """Whether a sum's terms may stand in another sum as they are."""
    return number_in(one["factor"], "1") == 1.0 and number_in(one["at"], "h") == 0.0


def schedule(value: Any, path: str = "schedule", **parameters: Any) -> Schedule:
    """A schedule by name, text, table or CSV file.

    Parameters
    ----------
    value : str, Quantity or Mapping
        `"infusion"`, `"infusion:at=24h"`, `"menopause + infusion"`, `"0.5*infusion"`, `"30nM"`, the path of a CSV file,
        a quantity (constant at the receptor) or a table with the key `schedule`.
    parameters
        Of the schedule, and `at`, `factor`, `map` and the map's numbers: text with a unit, Quantity, or a number where
        there is no unit.

    Raises
    ------
    InputError
        Anything wrong with it, as `canonical_schedule` says; a parameter that is given twice.

    Examples
    --------
    >>> schedule("infusion", at="24 h").receptor([0, 1, 2])
    """
    if parameters:
        given = dict(as_table(value, path))
        for key in parameters:
            if key in given and isinstance(value, str):
                raise InputError(f"{path}.{key}", f"is given twice, in '{value}' too; give it once")
        value = {**(drop_map(given, only_defaults=True) if "map" in parameters else given), **parameters}
    canonical = canonical_schedule(with_files(value, Path(), path), path)
    check_values(canonical, path)
    return Schedule(canonical, path)


def constant(concentration: Quantity | str) -> Schedule:
    """A constant concentration at the receptor."""
    return schedule({"schedule": "constant", "concentration": concentration})


def table(times: Quantity, concentrations: Quantity, compartment: str = "receptor", **parameters: Any) -> Schedule:
    """A time course from arrays (points,): monotone interpolation between the points, nothing outside them.

    Parameters
    ----------
    times : Quantity, array (points,)
        Plain numbers are hours.
    concentrations : Quantity, array (points,), or sequence of text or Quantity
        nM or, in plasma, ng/mL; nmol/kg in the brain. Never plain numbers.
    compartment : {"receptor", "brain", "plasma"}
    parameters
        As in `schedule`.
    """
    unit = "nmol/kg" if compartment == "brain" else "nM"
    if not isinstance(concentrations, Quantity):
        # Text or quantities one by one; a bare number has no unit, which is said of it.
        levels = [one if isinstance(one, Quantity | str) else str(one) for one in concentrations]
    else:
        mass = compartment == "plasma" and get_dimensions(concentrations) == dimension_of("ng/mL")
        unit = "ng/mL" if mass else unit
        levels = [
            f"{one!r} {unit}" for one in np.atleast_1d(magnitude(concentrations, unit, "concentrations")).tolist()
        ]
    hours = [f"{hour!r} h" for hour in np.atleast_1d(magnitude(times, "h", "times")).tolist()]
    given = {"schedule": "table", "compartment": compartment, "times": hours, "concentrations": levels}
    return schedule({**given, **parameters})
