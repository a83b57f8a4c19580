"""From plasma to the brain to the receptor: a named map, which is a choice and not a measurement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from brian2 import Quantity

from ..errors import InputError, unknown
from ..parameters import Parameter
from ..units import number_in, parse, write
from .courses import BrainCourse, PlasmaCourse, ReceptorCourse

_ZOLKOWSKA = "Zolkowska et al. 2018, doi:10.1111/epi.13999 (mouse, 3 mg/kg intramuscular)"
NUMBERS = {
    "Kp": Parameter(
        "3.0", "brain total over plasma total at rest, nmol/kg per nM",
        f"measured: 2.94, the ratio of areas in {_ZOLKOWSKA}; that it may be 2 to 5 is assumed. The 3 of mice and rabbits 5 min "
        "after an injection into a vein (Irwin et al. 2015, doi:10.1371/journal.pone.0128313) is not at rest; no human value",
    ),
    "ke0": Parameter(
        "0.09 /min", "rate at which brain and plasma equilibrate",
        f"fitted: 0.06 to 0.19 /min to peak time and height in brain, {_ZOLKOWSKA}; unknown in people", minimum="above 0",
    ),
    "C_loc": Parameter(
        "15 nmol/kg", "brain total that is made in the brain",
        "assumed: 0 to 20; post-mortem cortex of elderly men 17.6, Marx et al. 2006, doi:10.1016/j.biopsych.2006.06.017, less "
        "what plasma brings; rat cortex after adrenalectomy above 9.4, Purdy et al. 1991, doi:10.1073/pnas.88.10.4553",
        minimum=0,
    ),
    "f_eff": Parameter(
        "0.067", "nM at the receptor for each nmol/kg in the brain",
        "assumed: 0.022 to 0.22; 300 nM (100 to 1000, recalled), which anaesthetises in vitro, over 4500 nmol/kg in the "
        "anaesthetised mouse brain, Mok et al. 1991. The largest uncertainty of the whole path", minimum=0,
    ),
    "fu": Parameter(
        "0.01", "free fraction in plasma",
        "assumed: the bound itself, for more than 99 % is bound, label of Zulresso (FDA 2019); how much less than 0.01 is free "
        "was not found", minimum=0,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Map:
    """A way from plasma or brain to the receptor: what it says, and the numbers it reads from either."""

    name: str
    meaning: str
    from_plasma: tuple[str, ...]
    from_brain: tuple[str, ...] | None


_TO_BRAIN = ("Kp", "ke0", "C_loc")
# Of ke0, per minute: slower, its past would outlast what schedules know; faster, the brain is plasma.
_KE0_RANGE = (1e-4, 1e4)
# Time constants after which the past is forgotten; nodes in a piece of it; where pieces end, h after a break.
_FORGOTTEN = 36.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_AFTER_BREAK_H = np.append(0.0, 2.0 ** np.arange(-12, 1))
MAPS = {
    one.name: one
    for one in (
        Map(
            "anchored",
            "the brain's total, scaled so that anaesthesia has one concentration in vitro and in the brain "
            "(f_eff, uncertain threefold either way)",
            (*_TO_BRAIN, "f_eff"),
            ("f_eff",),
        ),
        Map("nominal", "plasma total taken as the bath, the habit of the slice literature", (), None),
        Map("tissue", "the brain's total in nmol/kg taken as nM; needs an EC50 in nmol/kg", _TO_BRAIN, ()),
        Map(
            "free",
            "the unbound part of plasma, at most 1 % of it; without what the brain makes and what its membranes gather",
            ("fu",),
            None,
        ),
    )
}


def map_parameters(name: str, compartment: str, path: str) -> dict[str, Parameter]:
    """Numbers that a map reads for a schedule of a compartment.

    Raises
    ------
    InputError
        Unknown map, or one that does not start in that compartment.
    """
    if compartment == "receptor":
        raise InputError(f"{path}.map", f"'{name}' has nothing to do: the schedule is at the receptor already")
    if name not in MAPS:
        raise unknown(f"{path}.map", "map", name, MAPS)
    read = MAPS[name].from_plasma if compartment == "plasma" else MAPS[name].from_brain
    if read is None:
        raise InputError(
            f"{path}.map",
            f"'{name}' starts in plasma, and the schedule is in the brain; take anchored or tissue",
        )
    return {key: NUMBERS[key] for key in read}


@dataclass(frozen=True)
class Exposure:
    """A map with its numbers, in the units of `NUMBERS`.

    The brain follows dC_b/dt = ke0 (Kp C_p + C_loc - C_b), from rest. `anchored`: C_eff = f_eff C_b; `tissue`: C_eff = C_b;
    `nominal`: C_eff = C_p; `free`: C_eff = fu C_p.
    """

    map: str
    numbers: Mapping[str, float]

    def brain(self, plasma: PlasmaCourse) -> BrainCourse:
        """The brain's total under a plasma course, at rest at its first time, monotone between its points.

        Raises
        ------
        InputError
            A map that does not pass through the brain, or what is no plasma course.
        """
        self._expect(plasma, PlasmaCourse)
        values = self.brain_values(_through(plasma), _one, plasma.hours, plasma.hours, plasma.hours[0])
        return BrainCourse(plasma.times, values)

    def receptor(self, course: PlasmaCourse | BrainCourse) -> ReceptorCourse:
        """What the receptor sees under a plasma or brain course; errors as in `brain`."""
        self._expect(course, PlasmaCourse | BrainCourse)
        if isinstance(course, PlasmaCourse) and "Kp" in self.numbers:
            course = self.brain(course)
        return ReceptorCourse(course.times, self.receptor_values(course.values, course.compartment))

    def brain_values(
        self,
        plasma: Callable[[np.ndarray], np.ndarray],
        synthesis: Callable[[np.ndarray], np.ndarray],
        times_h: np.ndarray,
        breaks: Sequence[float],
        earliest_h: float,
        path: str = "exposure",
    ) -> np.ndarray:
        """Brain total, nmol/kg, array (times,), of functions of time: plasma, nM, and relative local synthesis.

        Raises
        ------
        InputError
            A map that does not pass through the brain, or a `ke0` that no brain has.
        """
        n = {key: self._number(key, path) for key in _TO_BRAIN}
        rate = 60.0 * n["ke0"]
        if not _KE0_RANGE[0] <= n["ke0"] <= _KE0_RANGE[1]:
            raise InputError(
                f"{path}.ke0", "{:g} /min is not from {:g} to {:g} /min; give one that is".format(n["ke0"], *_KE0_RANGE)
            )

        def supply(hours):
            return n["Kp"] * plasma(hours) + n["C_loc"] * synthesis(hours)

        return _follow(supply, rate, times_h, breaks, max(earliest_h, float(np.min(times_h)) - _FORGOTTEN / rate))

    def receptor_values(self, values: np.ndarray, compartment: str) -> np.ndarray:
        """Concentration at the receptor, nM, of the brain's total or, under `nominal` and `free`, of plasma."""
        read = map_parameters(self.map, compartment, "exposure")
        if read.keys() - self.numbers.keys():
            raise InputError(
                "exposure", f"this '{self.map}' starts in the brain, and this is plasma; make one that starts there"
            )
        if compartment == "plasma" and "Kp" in self.numbers:
            raise InputError("exposure", f"'{self.map}' passes through the brain; give it the brain's total")
        factor = {"anchored": "f_eff", "free": "fu"}.get(self.map)
        return values * self.numbers[factor] if factor else values

    def _number(self, key: str, path: str) -> float:
        if key not in self.numbers:
            raise InputError(path, f"the map '{self.map}' does not pass through the brain; take anchored or tissue")
        return self.numbers[key]

    @staticmethod
    def _expect(course, kinds) -> None:
        if not isinstance(course, kinds):
            expected = "a PlasmaCourse or BrainCourse" if kinds is not PlasmaCourse else "a PlasmaCourse"
            raise InputError(
                "exposure", f"{type(course).__name__} is not what this map starts from; expected {expected}"
            )


def exposure(name: str = "anchored", compartment: str = "plasma", **numbers: Quantity | str | float) -> Exposure:
    """A named map, some of its numbers replaced.

    Parameters
    ----------
    name : {"anchored", "nominal", "tissue", "free"}
    compartment : {"plasma", "brain"}
        Where it starts.
    numbers
        Of `NUMBERS`: text with a unit, Quantity, or a number where there is no unit.

    Raises
    ------
    InputError
        Unknown map, a number that the map does not read, or one that is negative or not finite.
    """
    known = map_parameters(name, compartment, "exposure")
    for key in numbers:
        if key not in known:
            raise unknown(f"exposure.{key}", f"number of the map '{name}'", key, known)
    return Exposure(name, {key: _checked(one, numbers.get(key, one.default), key) for key, one in known.items()})


def _checked(parameter: Parameter, given, key: str) -> float:
    value = parse(given, f"exposure.{key}", parameter.unit)
    number = number_in(write(value, parameter.unit), parameter.unit)
    if number < 0 or (number == 0 and parameter.minimum == "above 0"):
        least = "above 0" if parameter.minimum == "above 0" else "of at least 0"
        raise InputError(f"exposure.{key}", f"{given!r} is not {least}; give a value {least}")
    return number


def _through(course: PlasmaCourse) -> Callable[[np.ndarray], np.ndarray]:
    if course.hours.size == 1:
        return lambda hours: np.full(np.shape(hours), course.values[0])
    # Slow to import, and few runs need it.
    from scipy.interpolate import PchipInterpolator

    return PchipInterpolator(course.hours, course.values)


def _one(times_h: np.ndarray) -> np.ndarray:
    return np.ones(np.shape(times_h))


def _follow(
    supply: Callable[[np.ndarray], np.ndarray],
    rate: float,
    times_h: np.ndarray,
    breaks: Sequence[float],
    start: float,
) -> np.ndarray:
    """Solution of dx/dt = rate (supply - x), array (times,), at rest at `start`.

    Gauss-Legendre quadrature of the past of each time that is not yet forgotten, which is exact to rounding for a supply
    that is smooth between its breaks. Where a time lies in the list does not alter its value by more.
    """
    begins, ends = _pieces(np.unique(times_h), rate, np.asarray(breaks, dtype=float), start)
    half = (ends - begins) / 2
    nodes = (begins + half)[:, None] + half[:, None] * _NODES
    first, supplied = supply(np.array([start])), supply(nodes.ravel()).reshape(nodes.shape)
    if np.ptp(np.append(supplied, first)) == 0:
        return np.full(np.shape(times_h), first[0])
    gained = np.sum(rate * supplied * np.exp(-rate * (ends[:, None] - nodes)) * half[:, None] * _WEIGHTS, axis=1)
    left = np.exp(-2 * rate * half)
    values = np.append(first, gained)
    for piece in range(ends.size):
        values[piece + 1] += values[piece] * left[piece]
    return values[np.searchsorted(ends, times_h, side="right")]


def _pieces(times: np.ndarray, rate: float, breaks: np.ndarray, start: float) -> tuple[np.ndarray, np.ndarray]:
    """First and last times, two arrays (pieces,), of what to integrate over: short ones after each break, none forgotten."""
    times = times[times > start]
    since = np.maximum(np.append(start, times[:-1]), times - _FORGOTTEN / rate)[: times.size]
    inner = breaks[(breaks > start - _AFTER_BREAK_H[-1]) & (breaks < np.max(times, initial=start))]
    edges = np.unique(np.concatenate([since, times, (inner[:, None] + _AFTER_BREAK_H).ravel()]))
    middle = (edges[:-1] + edges[1:]) / 2
    following = np.searchsorted(times, middle)
    wanted = (following < times.size) & (middle > np.append(since, np.inf)[following])
    begins, lengths = edges[:-1][wanted], np.diff(edges)[wanted]
    parts = np.ceil(lengths / min(2 / rate, _AFTER_BREAK_H[-1])).astype(int)
    part = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    begins, lengths, ends, parts = (np.repeat(one, parts) for one in (begins, lengths, edges[1:][wanted], parts))
    last = part == parts - 1
    return begins + lengths * part / parts, np.where(last, ends, begins + lengths * (part + 1) / parts)
