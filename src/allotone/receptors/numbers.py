"""A receptor as its numbers, each with its range and where it comes from, and the concentrations it is given."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np
from brian2 import Quantity

from ..errors import InputError, unknown
from ..units import UNITS, magnitude, parse

Origin = Literal["measured", "fitted", "assumed"]
Role = Literal["synaptic", "extrasynaptic"]
Subunit = Literal["gamma2", "delta"]

# Numbers that may be 0: a receptor may be without desensitisation, or the steroid may leave it alone.
_MAY_BE_ZERO = ("Q0", "q")


@dataclass(frozen=True)
class Number:
    """One number of a receptor: value and range in `unit`, how it was obtained, and from what.

    Parameters
    ----------
    value, low, high : float
        In `unit`; `low` and `high` span what the sources allow, and equal `value` where no range was found.
    unit : str
        A unit of `allotone.units.UNITS`.
    origin : {"measured", "fitted", "assumed"}
    source : str
        Author, year, DOI and preparation; for an assumption, why.

    Raises
    ------
    InputError
        Negative, not finite, or outside its own range; an unknown unit or origin.
    """

    value: float
    unit: str
    low: float
    high: float
    origin: Origin
    source: str

    def __post_init__(self):
        if self.unit not in UNITS:
            raise unknown("receptor number", "unit", self.unit, UNITS)
        if self.origin not in get_args(Origin):
            raise unknown("receptor number", "origin", self.origin, get_args(Origin))
        if not (0 <= self.value < math.inf and self.low <= self.value <= self.high):
            raise InputError(
                "receptor number",
                f"{self.value} {self.unit} is not a number of 0 or more within its range {self.low} to {self.high}; "
                "correct the value or the range",
            )


def without_range(value: float, unit: str, origin: Origin, source: str) -> Number:
    """A number for which no range was found."""
    return Number(value, unit, value, value, origin, source)


@dataclass(frozen=True)
class Receptor:
    """A GABA-A receptor: two-state co-agonist gating, and the law by which a steroid prolongs its IPSC.

    Without ligand the receptor is open with probability 1/(1 + L); open, it binds GABA and steroid 1/c times more
    tightly. The decay numbers are those of a synaptic current, and matter only where the receptor carries one; those of
    desensitisation matter to `steady_state_open_probability` alone.

    Raises
    ------
    InputError
        A number that is 0 where it divides or scales; c_gaba that is not below 1, for then GABA would not open the
        receptor; c_allo above 1 or decay_max below 1, for these laws are those of a positive modulator.
    """

    name: str
    preparation: str
    subunit: Subunit
    role: Role
    L: Number  # closed over open receptors without ligand, 1
    K_gaba: Number  # dissociation constant of GABA from the resting receptor, uM
    c_gaba: Number  # dissociation constant of GABA, open over resting, 1
    K_allo: Number  # dissociation constant of the steroid from the resting receptor, uM
    c_allo: Number  # dissociation constant of the steroid, open over resting; 1 is no effect
    decay_max: Number  # IPSC decay at saturating steroid over that without; 1 is no effect
    decay_ec50: Number  # steroid concentration of half that effect, uM
    decay_hill: Number  # Hill coefficient of that effect, 1
    Q0: Number  # desensitised over open receptors at steady state, without steroid, 1
    q: Number  # relative rise of that ratio at saturating steroid; 0 is no effect
    K_q: Number  # steroid concentration of half that rise, uM

    def __post_init__(self):
        for field in fields(self):
            number = getattr(self, field.name)
            if isinstance(number, Number) and number.value == 0 and field.name not in _MAY_BE_ZERO:
                raise InputError(field.name, "0 has no meaning for this number; give more than 0")
        for name, wrong, meaning in (
            ("c_gaba", self.c_gaba.value >= 1, "below 1, for the open receptor binds GABA more tightly"),
            ("c_allo", self.c_allo.value > 1, "at most 1, for the open receptor binds the steroid more tightly"),
            ("decay_max", self.decay_max.value < 1, "at least 1, for the steroid prolongs the IPSC"),
        ):
            if wrong:
                raise InputError(name, f"{getattr(self, name).value:g} is outside its meaning; expected {meaning}")

    @property
    def maximal_open_probability(self) -> float:
        """Open probability at saturating GABA without steroid, P_max."""
        return 1 / (1 + self.L.value * self.c_gaba.value**2)


# What a user may replace, and which of it a receptor that the steroid does not touch never reads.
PARAMETERS = tuple(field.name for field in fields(Receptor) if field.type is Number)
_STEROID_PARAMETERS = ("K_allo", "c_allo", "decay_max", "decay_ec50", "decay_hill", "q", "K_q")


def number_of(receptor: Receptor, name: str, path: str) -> Number:
    """A receptor's number of that name; InputError at `path` with the nearest name if there is none."""
    if name not in PARAMETERS:
        raise unknown(path, "receptor number", name, PARAMETERS)
    return getattr(receptor, name)


def own_number(receptor: Receptor, name: str, value: str | float | Quantity, path: str) -> Number:
    """The user's value of one number of a receptor.

    Parameters
    ----------
    value : str, float or Quantity
        With a unit, unless the number has none.
    path : str
        Where the value stands, named in errors.

    Raises
    ------
    InputError
        An unknown name, a value without its unit or of another dimension, negative or not finite, or one that nothing
        reads.
    """
    unit = number_of(receptor, name, path).unit
    if receptor.preparation == "insensitive" and name in _STEROID_PARAMETERS:
        raise InputError(
            path,
            "nothing reads this, for the preparation 'insensitive' has no steroid effect; take another, or drop it",
        )
    number = float(magnitude(parse(value, path, unit), unit))
    if number < 0:
        raise InputError(path, f"{number:g}{'' if unit == '1' else f' {unit}'} is negative; give more than 0")
    return without_range(number, unit, "assumed", "set by the user")


def finite(value, unit: str, path: str) -> np.ndarray:
    """Plain array of a quantity in `unit`.

    Raises
    ------
    InputError
        Another dimension, or a value that is not finite.
    """
    number = magnitude(value, unit, path)
    bad = ~np.isfinite(number)
    if bad.any():
        raise InputError(path, f"{number[bad].flat[0]} {unit} is not finite; give a finite value")
    return number


def non_negative(value, unit: str, path: str) -> np.ndarray:
    """Plain array of a quantity in `unit`.

    Raises
    ------
    InputError
        Another dimension, or a negative or not finite value.
    """
    number = magnitude(value, unit, path)
    bad = ~(np.isfinite(number) & (number >= 0))
    if bad.any():
        shown = "" if unit == "1" else f" {unit}"
        raise InputError(path, f"{number[bad].flat[0]}{shown} is negative or not finite; give 0{shown} or more")
    return number


def check_broadcast(arguments: Mapping[str, np.ndarray]) -> None:
    """InputError unless arrays broadcast, naming the two arguments that do not."""
    given = list(arguments.items())
    for k, (name, one) in enumerate(given):
        for earlier, other in given[:k]:
            try:
                np.broadcast_shapes(one.shape, other.shape)
            except ValueError:
                raise InputError(
                    name,
                    f"its shape {one.shape} does not broadcast with {other.shape} of {earlier}; give both one shape, or "
                    "turn one of them with [:, None] for every combination",
                ) from None
