"""A network along slow time: concentration and receptors solved beforehand over hours to months, and handed to each run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..concentration import Evaluator, Schedule, schedule
from ..errors import InputError, unknown
from ..receptors import SUBTYPES, Regulated, receptor, regulate
from ..units import Quantity, magnitude, number_in
from .network import Network

if TYPE_CHECKING:
    from xarray import Dataset

# Hours after a jump of the concentration at which it is looked at once more.
_AFTER_JUMP_H = np.array([0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8])
_GRID = 600


@dataclass(frozen=True, eq=False)
class SlowTime:
    """What a network meets at some times of a schedule.

    Attributes
    ----------
    schedule : Schedule
    times_h : array (times,)               hours of the schedule's own clock, from its `at` on
    receptor : array (times,)              allopregnanolone at the receptor, nM
    plasma, brain : array (times,) or None   total it came from and through, nM and nmol/kg
    tonic_density : array (times,) or None   factor on the density of delta receptors; None without regulation
    regulated : Regulated or None          all that the regulation says, at the same times
    """

    schedule: Schedule
    times_h: np.ndarray
    receptor: np.ndarray
    plasma: np.ndarray | None
    brain: np.ndarray | None
    tonic_density: np.ndarray | None
    regulated: Regulated | None

    def points(self, network: Network, **run: Any) -> list[tuple[Network, dict[str, Any]]]:
        """One point for `run_all` at each time: the network with its schedule at that time and its receptors' density.

        `run` are arguments of `Network.run`.

        Raises
        ------
        InputError
            A network without a tonic delta receptor, where receptors are regulated; a density that is spread over agents.
        """
        begin = number_in(self.schedule["at"], "h")
        made = []
        for position, hour in enumerate(self.times_h.tolist()):
            values: dict[str, Any] = {"medium.allopregnanolone": {**self.schedule, "at": f"{begin + hour!r} h"}}
            if self.tonic_density is not None:
                values |= regulated_densities(network, float(self.tonic_density[position]))
            made.append((network.override(values), dict(run)))
        return made

    def dataset(self) -> "Dataset":
        """The courses as variables with the coordinate `time`, h."""
        import xarray

        found = {
            "plasma": (self.plasma, "nM", "total allopregnanolone in plasma"),
            "brain": (self.brain, "nmol/kg", "total allopregnanolone in the brain"),
            "allopregnanolone": (self.receptor, "nM", "allopregnanolone at the receptor"),
            "tonic_density": (self.tonic_density, "1", "delta receptors, as a factor on their density"),
        }
        return xarray.Dataset(
            {
                name: ("time", values, {"units": unit, "description": meaning})
                for name, (values, unit, meaning) in found.items()
                if values is not None
            },
            {"time": ("time", self.times_h, {"units": "h"})},
        )


def slow_time(
    given: Any,
    times: Quantity | np.ndarray,
    *,
    regulation: str | None = None,
    exposure: Callable[[np.ndarray], np.ndarray] | None = None,
    history: Quantity | str | float = 0.0,
    parameters: Mapping[str, Any] | None = None,
) -> SlowTime:
    """Concentration, and the receptors that follow it, at some times of a schedule.

    Parameters
    ----------
    given : schedule
        Text, table or `Schedule`.
    times : array (times,) or Quantity
        Increasing, after the schedule's `at`; plain numbers are hours.
    regulation : str, optional
        Preset of `receptors.regulate`, driven by plasma.
    exposure : callable, optional
        From plasma, nM, array, to the exposure that the preset takes; needed with a regulation, and only then.
    history : Quantity, optional
        How long before the first time the receptors are followed; they are adapted when that begins.
    parameters : mapping, optional
        Numbers of the regulation, as in `regulate`.

    Raises
    ------
    InputError
        What `schedule` and `regulate` raise; times that do not increase; a regulation of a schedule without plasma or
        without its exposure; a history or parameters without a regulation.
    """
    chosen = given if isinstance(given, Schedule) else schedule(given)
    hours = np.atleast_1d(magnitude(times, "h", "times"))
    if hours.ndim != 1 or hours.size == 0 or not np.isfinite(hours).all() or (np.diff(hours) <= 0).any():
        raise InputError("times", "are not increasing finite numbers; give one or more, sorted and without repeats")
    course = Evaluator(chosen, "schedule")
    regulated = None
    if (regulation is None) != (exposure is None):
        raise InputError("exposure", "belongs to a regulation, which needs it: give both or neither")
    before = float(magnitude(history, "h", "history"))
    if not 0 <= before < np.inf:
        raise InputError("history", f"{history!r} is no time before the first one; expected 0 h or more")
    if regulation is None and (before or parameters is not None):
        name = "history" if before else "parameters"
        raise InputError(name, "nothing reads this without a regulation; give its preset, or leave this out")
    if regulation is not None:
        regulated = _regulated(course, hours, before, regulation, exposure, parameters)
    way = course.way(hours)
    return SlowTime(
        chosen,
        hours,
        way.receptor,
        way.plasma,
        way.brain,
        None if regulated is None else regulated.tonic_density,
        regulated,
    )


def _regulated(
    course: Evaluator,
    hours: np.ndarray,
    history: float,
    preset: str,
    exposure: Callable[[np.ndarray], np.ndarray],
    parameters: Mapping[str, Any] | None,
) -> Regulated:
    first, last = hours[0] - history, hours[-1]
    jumps = np.array([one for one in course.breaks() if first < one < last])
    after = (jumps[:, np.newaxis] + _AFTER_JUMP_H).ravel()
    # On whole steps, so that what happens at a time does not hang on which others are asked for.
    step = 2.0 ** np.ceil(np.log2(max(last - first, 1.0) / _GRID))
    even = step * np.arange(np.ceil(first / step), np.floor(last / step) + 1)
    grid = np.unique(np.concatenate([[first], even, hours, jumps - 1e-9, after[after < last]]))
    found = regulate(grid, exposure(course.plasma(grid)), preset, parameters=parameters)
    at = np.searchsorted(grid, hours)
    one = {
        name: None if (values := getattr(found, name)) is None else values[at]
        for name in ("times_h", "delta", "gamma2", "alpha4", "tonic_density", "metabotropic")
    }
    return Regulated(**one, numbers=found.numbers)


def regulated_densities(network: Network, factor: float) -> dict[str, str]:
    """Overrides that multiply the density of every tonic delta receptor of a network.

    Raises
    ------
    InputError
        There is none, or a density is spread over agents.
    """
    found = {}
    for name, population in network.definition.data["populations"].items():
        for key, tonic in population.get("tonic", {}).items():
            if tonic["receptor"] not in SUBTYPES or receptor(tonic["receptor"]).subunit != "delta":
                continue
            path = f"populations.{name}.tonic.{key}.density"
            if not isinstance(tonic["density"], str | int | float):
                raise InputError(path, "is spread over agents; regulation multiplies one number, so give it as one")
            found[path] = repr(float(tonic["density"]) * factor)
    if not found:
        raise unknown("regulation", "network with tonic delta receptors", "this one", ["pv_gamma", "principal_pv"])
    return found
