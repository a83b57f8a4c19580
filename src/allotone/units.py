"""Numbers with units: "2.5 nS" to a Brian2 quantity and back, from a closed table of units."""

import math
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import numpy as np
from brian2 import Quantity, get_dimensions
from brian2.units import (
    amp,
    farad,
    hertz,
    joule,
    kelvin,
    kilogram,
    meter,
    mmolar,
    mole,
    nmolar,
    ohm,
    second,
    siemens,
    volt,
)
from brian2.units.fundamentalunits import DIMENSIONLESS, Dimension

from .errors import InputError, suggest

nM = nmolar
uM = 1000 * nmolar

_PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6}


def _table() -> dict[str, tuple[Decimal, Dimension]]:
    """Every unit a value may be written in: its size in base SI units and its dimension."""
    table = {"1": (Decimal(1), DIMENSIONLESS), "": (Decimal(1), DIMENSIONLESS)}

    def add(symbol, prefixes, size, quantity):
        for prefix in prefixes:
            scale = Decimal(10) ** _PREFIXES[prefix]
            table[prefix + symbol] = (scale * Decimal(size), get_dimensions(quantity))

    add("s", ["", "m", "u"], 1, second)
    for name, seconds in {"min": 60, "h": 3600, "day": 86400, "week": 604800}.items():
        table[name] = (Decimal(seconds), get_dimensions(second))
    table["d"], table["days"], table["weeks"] = table["day"], table["day"], table["week"]
    add("V", ["", "m", "u"], 1, volt)
    add("A", ["", "m", "u", "n", "p"], 1, amp)
    add("S", ["", "m", "u", "n", "p"], 1, siemens)
    add("F", ["", "u", "n", "p"], 1, farad)
    add("Hz", ["", "k"], 1, hertz)
    add("M", ["", "m", "u", "n", "p"], 1000, mmolar)
    add("m", ["", "m", "u"], 1, meter)
    for symbol, prefixes, quantity in (("S", "mun", siemens), ("A", "mun", amp), ("F", "u", farad)):
        for prefix in prefixes:
            add(f"{symbol}/cm2", [prefix], 10000, quantity / meter**2)
    table["S/cm2"] = (Decimal(10000), get_dimensions(siemens / meter**2))
    table["S/m2"] = (Decimal(1), get_dimensions(siemens / meter**2))
    add("um2", [""], "1e-12", meter**2)
    add("cm2", [""], "1e-4", meter**2)
    add("K", [""], 1, kelvin)
    add("ohm", ["", "k", "M"], 1, ohm)
    add("J", [""], 1, joule)
    for per, size in (("/ms", "1e3"), ("/s", "1")):
        table[per] = table[f"1{per}"] = (Decimal(size), get_dimensions(hertz))
    table["Hz2"] = (Decimal(1), get_dimensions(hertz**2))
    table["pA2"] = (Decimal("1e-24"), get_dimensions(amp**2))
    table["uA2/cm4"] = (Decimal("1e-4"), get_dimensions((amp / meter**2) ** 2))
    table["nS/mV"] = (Decimal("1e-6"), get_dimensions(siemens / volt))
    table["mS/cm2/mV"] = (Decimal(10000), get_dimensions(siemens / meter**2 / volt))
    table["nM/Hz"] = (Decimal("1e-6"), get_dimensions(mmolar / hertz))
    for prefix, size in (("k", "1"), ("", "1e-3"), ("m", "1e-6"), ("u", "1e-9"), ("n", "1e-12")):
        table[f"{prefix}g"] = (Decimal(size), get_dimensions(kilogram))
    for prefix, size in (("n", "1e-9"), ("u", "1e-6")):
        table[f"{prefix}mol/kg"] = (Decimal(size), get_dimensions(mole / kilogram))
    for unit, size in {"ng/mL": "1e-6", "ug/L": "1e-6", "ug/mL": "1e-3", "mg/L": "1e-3"}.items():
        table[unit] = (Decimal(size), get_dimensions(kilogram / meter**3))
    for unit, mass in {"mg": "1e-6", "ug": "1e-9", "ng": "1e-12"}.items():
        # Per body weight a dose has no dimension and its rate that of a frequency.
        table[f"{unit}/kg"] = (Decimal(mass), DIMENSIONLESS)
        for per, seconds in {"h": 3600, "min": 60, "day": 86400}.items():
            table[f"{unit}/kg/{per}"] = (Decimal(mass) / seconds, get_dimensions(hertz))
            table[f"{unit}/{per}"] = (Decimal(mass) / seconds, get_dimensions(kilogram / second))
    table["L/kg"] = (Decimal("1e-3"), get_dimensions(meter**3 / kilogram))
    for per, seconds in {"h": 3600, "min": 60}.items():
        table[f"L/{per}/kg"] = table[f"L/kg/{per}"] = (
            Decimal("1e-3") / seconds, get_dimensions(meter**3 / kilogram / second)
        )  # fmt: skip
    for per, seconds in {"min": 60, "h": 3600, "day": 86400}.items():
        table[f"/{per}"] = table[f"1/{per}"] = (1 / Decimal(seconds), get_dimensions(hertz))
    return table


UNITS = _table()

# The unit each kind of quantity is written in: by `show`, in stored definitions and on disk.
_CANONICAL = [
    "1", "ms", "mV", "nA", "nS", "pF", "nM", "um2", "um", "mS/cm2", "uA/cm2", "uF/cm2", "Hz", "K", "Mohm",
    "nS/mV", "mS/cm2/mV", "J", "Hz2", "pA2", "uA2/cm4", "mg", "ng/mL", "nmol/kg", "L/kg", "L/h/kg", "mg/day",
    "nM/Hz",
]  # fmt: skip
CANONICAL_UNIT = {UNITS[unit][1]: unit for unit in _CANONICAL}
CANONICAL_UNIT[get_dimensions(amp)] = "pA"

KINDS = {
    "number": "1", "time": "ms", "voltage": "mV", "current": "pA", "conductance": "nS", "capacitance": "pF",
    "concentration": "nM", "area": "um2", "length": "um", "conductance per area": "mS/cm2",
    "current per area": "uA/cm2", "capacitance per area": "uF/cm2", "rate": "Hz", "temperature": "K",
    "mass": "mg", "mass concentration": "ng/mL", "amount per mass of tissue": "nmol/kg", "volume per weight": "L/kg",
    "clearance per weight": "L/h/kg", "mass per time": "mg/day", "concentration per rate": "nM/Hz",
}  # fmt: skip

_NUMBER = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$")


def dimension_of(unit: str) -> Dimension:
    """Dimension of a unit of the table."""
    return UNITS[unit][1]


def kind_of(dimension: Dimension) -> str:
    """What a dimension is called in a sentence: 'concentration', 'time', ..."""
    for kind, unit in KINDS.items():
        if UNITS[unit][1] == dimension:
            return kind
    return f"quantity in {CANONICAL_UNIT.get(dimension, dimension)}"


def _normalise(unit: str) -> str:
    return unit.replace("µ", "u").replace("μ", "u").replace("²", "2").replace("^2", "2").replace(" ", "")


def parse(value, path: str = "value", unit: str | tuple[str, ...] | None = None) -> Quantity:
    """A finite scalar quantity from "2.5 nS", a Brian2 quantity or, where no unit is needed, a number.

    Parameters
    ----------
    value : str, Quantity, int or float
        Text is read with exact decimal arithmetic, so that "0.1 uS" and "100 nS" are the same float.
    path : str
        Where the value stands; named in errors.
    unit : str or tuple of str, optional
        A unit of the expected dimension (or of each of several allowed ones).

    Raises
    ------
    InputError
        Missing or unknown unit, wrong dimension, or not a finite number.
    """
    allowed = () if unit is None else (unit,) if isinstance(unit, str) else tuple(unit)

    def refusal(what: str, one: str = "") -> InputError:
        expected = " or ".join(_expectation(u) for u in allowed) or "a number with a unit, such as '1 ms'"
        return InputError(path, f"{what}; expected {one}{expected}")

    if isinstance(value, bool) or not isinstance(value, (str, int, float, np.number, np.ndarray)):
        raise refusal(f"{value!r} is not a number with a unit")
    if isinstance(value, str):
        match = _NUMBER.match(value)
        if not match:
            raise refusal(f"'{value}' is not a finite number" + ("" if allowed == ("1",) else " with a unit"))
        symbol = _normalise(match[2])
        if symbol not in UNITS:
            dimensions = [UNITS[u][1] for u in allowed]
            fitting = [
                name for name, (_, dimension) in UNITS.items() if name and (dimension in dimensions or not allowed)
            ]
            raise InputError(path, f"'{value}' has the unknown unit '{match[2]}'; {suggest(symbol, fitting)}")
        quantity = _of_text(match[1], symbol)
    elif isinstance(value, Quantity) and np.ndim(value) == 0:
        # 100*nS is not the float nearest to 1e-7, "100 nS" is: 15 digits make them one value.
        quantity = Quantity(float(f"{float(np.asarray(value)):.15g}"), dim=value.dim)
    else:
        quantity = Quantity(value)
    if np.ndim(quantity) != 0:
        raise refusal(f"{value!r} holds {np.size(quantity)} values", "one, ")
    if not math.isfinite(float(np.asarray(quantity))):
        raise refusal(f"{value!r} is not a finite number")
    if allowed and not any(same_dimension(get_dimensions(quantity), UNITS[u][1]) for u in allowed):
        if get_dimensions(quantity) is DIMENSIONLESS:
            per_weight = isinstance(value, str) and "/kg" in value
            raise refusal(f"{value!r} is per weight" if per_weight else f"{value!r} has no unit")
        raise refusal(f"{value!r} is a {kind_of(get_dimensions(quantity))}")
    return quantity


@lru_cache(maxsize=1024)
def same_dimension(one: Dimension, other: Dimension) -> bool:
    """Whether two dimensions are equal, which Brian2 finds out slowly."""
    return one == other


def _expectation(unit: str) -> str:
    if unit == "1":
        return "a plain number"
    kind = kind_of(UNITS[unit][1])
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} such as '1 {unit}'"


def _of_text(number: str, symbol: str) -> Quantity:
    """Quantity of a number and a known unit; infinite where the number is too large."""
    return Quantity(_size(number, symbol), dim=UNITS[symbol][1])


@lru_cache(maxsize=4096)
def _size(number: str, symbol: str) -> float:
    try:
        return float(Decimal(number) * UNITS[symbol][0])
    except (InvalidOperation, OverflowError):
        return math.inf


def write(quantity: Quantity, unit: str | None = None) -> str:
    """Canonical text of a scalar quantity, which `parse` reads back to the same float; in `unit` where one is given."""
    dimension = get_dimensions(quantity)
    number = float(np.asarray(quantity))
    unit = unit or CANONICAL_UNIT[dimension]
    if unit == "1":
        return repr(number)
    size = UNITS[unit][0]
    exact = Decimal(repr(number)) / size
    for shown in (float(f"{exact:.15g}"), float(exact)):
        if float(Decimal(repr(shown)) * size) == number:
            return f"{shown!r} {unit}"
    return f"{exact} {unit}"


def number_in(text: str, unit: str) -> float:
    """The number that a text with a unit has in another unit of its dimension, by decimal arithmetic."""
    match = _NUMBER.match(text)
    return float(Decimal(match[1]) * UNITS[_normalise(match[2])][0] / UNITS[unit][0])


def magnitude(quantity, unit: str, path: str = "value") -> np.ndarray:
    """Plain array of a quantity, or of text with a unit, in `unit`; plain numbers are taken to be in `unit` already.

    Raises
    ------
    InputError
        Another dimension, or what is no number or array of numbers.
    """
    if isinstance(quantity, str):
        quantity = parse(quantity, path, unit)
    if isinstance(quantity, list | tuple) and any(isinstance(one, Quantity | str) for one in quantity):
        # As one array the units of its elements would be lost.
        return np.array([float(magnitude(one, unit, path)) for one in quantity])
    if not isinstance(quantity, Quantity):
        try:
            return np.asarray(quantity, dtype=float)
        except (TypeError, ValueError):
            shown = "" if unit == "1" else f" of {unit}"
            raise InputError(path, f"{quantity!r} is not a number or an array of numbers{shown}") from None
    size, dimension = UNITS[unit]
    if not same_dimension(get_dimensions(quantity), dimension):
        raise InputError(path, f"{quantity} is a {kind_of(get_dimensions(quantity))}; expected {unit}")
    return np.asarray(quantity, dtype=float) / float(size)


def quantity(number, unit: str) -> Quantity:
    """Brian2 quantity of a plain number or array in a unit of the table."""
    size, dimension = UNITS[unit]
    return Quantity(np.asarray(number, dtype=float) * float(size), dim=dimension)


def base_unit(unit: str) -> str:
    """The Brian2 expression of a unit's dimension, as an equation line ends in it."""
    return {
        "1": "1", "ms": "second", "mV": "volt", "pA": "amp", "nS": "siemens", "pF": "farad", "nM": "mmolar",
        "um2": "meter**2", "um": "meter", "mS/cm2": "siemens/meter**2", "uA/cm2": "amp/meter**2",
        "uF/cm2": "farad/meter**2", "Hz": "hertz", "K": "kelvin", "Mohm": "ohm", "nS/mV": "siemens/volt",
        "mS/cm2/mV": "siemens/meter**2/volt",
    }[CANONICAL_UNIT[UNITS[unit][1]]]  # fmt: skip
