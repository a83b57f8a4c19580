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
        f"measured: 2 to 5; 2.94 in mice, {_ZOLKOWSKA}; 3 in mouse and rabbit, Irwin et al. 2015, "
        "doi:10.1371/journal.pone.0128313; no human value",
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
        "measured: at most 0.01, for more than 99 % is bound, label of Zulresso", minimum=0,
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
            "the unbound part of plasma: a lower bound, without effect at any physiological level",
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
        values = self.brain_values(_through(plasma), _one, plasma.hours, (), plasma.hours[0])
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
    ) -> np.ndarray:
        """Brain total, nmol/kg, array (times,), of functions of time: plasma, nM, and relative local synthesis."""
        n = {key: self._number(key) for key in _TO_BRAIN}
        rate = 60.0 * n["ke0"]

        def supply(hours):
            return n["Kp"] * plasma(hours) + n["C_loc"] * synthesis(hours)

        return _follow(supply, rate, times_h, breaks, max(earliest_h, float(np.min(times_h)) - 30.0 / rate))

    def receptor_values(self, values: np.ndarray, compartment: str) -> np.ndarray:
        """Concentration at the receptor, nM, of the brain's total or, under `nominal` and `free`, of plasma."""
        map_parameters(self.map, compartment, "exposure")
        if compartment == "plasma" and "Kp" in self.numbers:
            raise InputError("exposure", f"'{self.map}' passes through the brain; give it the brain's total")
        factor = {"anchored": "f_eff", "free": "fu"}.get(self.map)
        return values * self.numbers[factor] if factor else values

    def _number(self, key: str) -> float:
        if key not in self.numbers:
            raise InputError(
                "exposure", f"the map '{self.map}' does not pass through the brain; take anchored or tissue"
            )
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
    """Solution of dx/dt = rate (supply - x), array (times,), at rest at `start`; 30 time constants forget where that was."""
    times, stop = np.asarray(times_h, dtype=float), float(np.max(times_h))
    inner = sorted(one for one in set(breaks) if start < one < stop)
    sampled = supply(np.concatenate([np.linspace(start, stop, 65), times]))
    if not inner and np.ptp(sampled) == 0:
        return np.full(times.shape, sampled[0])
    # Slow to import, and few runs need it.
    from scipy.integrate import solve_ivp

    values, state = np.empty(times.shape), float(supply(np.array([start]))[0])
    values[times <= start] = state
    for begin, end in zip([start, *inner], [*inner, stop]):
        # At a jump the supply has the value after it, which belongs to the next stretch.
        last = max(begin, end - 1e-9)
        solved = solve_ivp(
            lambda hour, x, last=last: rate * (supply(np.array([min(hour, last)])) - x),
            (begin, end), [state], method="LSODA", dense_output=True, max_step=6.0,
            rtol=1e-9, atol=1e-10 * (float(sampled.max()) + 1e-12),
        )  # fmt: skip
        inside = (times > begin) & (times <= end)
        if inside.any():
            values[inside] = solved.sol(times[inside])[0]
        state = float(solved.y[0, -1])
    return np.maximum(values, 0.0)
