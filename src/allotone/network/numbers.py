"""Fields of a network file without a unit: whole numbers, plain numbers, words, yes or no."""

import math
from numbers import Integral, Real
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from ..errors import InputError, suggest

# Node ids have 32 bits in the binary and in the result files.
LARGEST = 2**31 - 1


def _as_number(value: Any, expected: str) -> float | int:
    """A finite number from a number or, as the command line gives it, from its text."""
    if isinstance(value, str):
        try:
            value = int(value)
        except ValueError:
            try:
                value = float(value)
            except ValueError:
                raise InputError("", f"'{value}' is not a number; expected {expected}") from None
    # A dimensionless Brian2 quantity or an array of one value is as good as a number.
    if isinstance(value, np.ndarray) and np.ndim(value) == 0 and getattr(value, "is_dimensionless", True):
        value = float(value)
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise InputError("", f"{value!r} is not a number; expected {expected}")
    if not math.isfinite(value):
        raise InputError("", f"{value!r} is not a finite number; expected {expected}")
    return value


def whole(minimum: int):
    """Field type of a whole number of at least `minimum`."""

    def read(value: Any) -> int:
        expected = f"a whole number of at least {minimum}"
        number = _as_number(value, expected)
        if not isinstance(number, Integral) and not float(number).is_integer():
            raise InputError("", f"{number!r} is not whole; expected {expected}")
        if not minimum <= number <= LARGEST:
            raise InputError("", f"{int(number)} is out of range; expected {expected}, at most {LARGEST}")
        return int(number)

    return Annotated[int, BeforeValidator(read)]


def number(minimum: float, maximum: float = math.inf, *, above: bool = False):
    """Field type of a plain number from `minimum` (or `above` it) to `maximum`."""

    def read(value: Any) -> float:
        lower = f"above {minimum:g}" if above else f"of at least {minimum:g}"
        expected = f"a number {lower}" if maximum == math.inf else f"a number from {minimum:g} to {maximum:g}"
        given = float(_as_number(value, expected))
        if not minimum <= given <= maximum or (above and given == minimum):
            raise InputError("", f"{given!r} is out of range; expected {expected}")
        return given

    return Annotated[float, BeforeValidator(read)]


def word(kind: str, *known: str):
    """Field type of one of some words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise InputError("", f"unknown {kind} '{value}'; {suggest(str(value), known)}")
        return value

    return Annotated[str, BeforeValidator(read)]


def _yes_or_no(value: Any) -> bool:
    # The command line gives text.
    if value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise InputError("", f"{value!r} is neither true nor false")
    return value


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
