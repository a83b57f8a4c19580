"""Fields of a network file: quantities with a unit, distributions over agents, and their canonical text."""

from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from brian2.units.fundamentalunits import Dimension
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from ..errors import InputError, suggest, unknown
from ..units import base_unit, dimension_of, get_dimensions, parse, same_dimension, write

SPREAD_KEYS = ("distribution", "mean", "sd", "cv", "min", "max")
_DISTRIBUTIONS = ("normal", "lognormal", "uniform", "linear")
_BETWEEN_ENDS = ("uniform", "linear")


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, values do not change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise unknown(f".{key}", "key", key, cls.model_fields)
        return data


@lru_cache(maxsize=4096)
def si(text: str) -> float:
    """SI value of a canonical text."""
    return float(np.asarray(parse(text)))


@lru_cache(maxsize=4096)
def _dimension(text: str) -> Dimension:
    return get_dimensions(parse(text))


def unit_of(text: str) -> str:
    """Brian2 unit, in base units, of a canonical text."""
    return base_unit(text.split(" ", 1)[1] if " " in text else "1")


def canonical(value: Any, units: tuple[str, ...], minimum: float | None = None, path: str = "") -> str:
    """Canonical text of one quantity; InputError says what is wrong with it, at `path`."""
    if type(value) is not str:
        return _canonical(value, units, minimum, path)
    try:
        return _canonical_text(value, units, minimum)
    except InputError as error:
        raise InputError(path, error.message) from None


@lru_cache(maxsize=4096)
def _canonical_text(text: str, units: tuple[str, ...], minimum: float | None) -> str:
    return _canonical(text, units, minimum, "")


def _canonical(value: Any, units: tuple[str, ...], minimum: float | None, path: str) -> str:
    quantity = parse(value, path, units)
    if minimum is not None and float(np.asarray(quantity)) < minimum:
        raise InputError(path, f"{value!r} is negative; expected a value of at least 0")
    return write(quantity)


def canonical_spread(value: Any, units: tuple[str, ...], minimum: float | None = None, path: str = ""):
    """Canonical form of a scalar that may be a distribution over agents: text, or a table of texts.

    A table holds `mean` with `sd` or `cv` (normal, lognormal), or `min` and `max` (uniform, and linear, which draws nothing
    but goes from the first agent to the last in even steps). Elsewhere `min` and `max` clip, and a normal draw of what
    cannot be negative is clipped at 0.
    """
    if not isinstance(value, dict):
        return canonical(value, units, minimum, path)
    for key in value:
        if key not in SPREAD_KEYS:
            raise InputError(f"{path}.{key}", f"unknown key of a distribution; {suggest(key, SPREAD_KEYS)}")
    kind = value.get("distribution", "normal")
    if not isinstance(kind, str) or kind not in _DISTRIBUTIONS:
        raise InputError(f"{path}.distribution", f"unknown distribution '{kind}'; {suggest(str(kind), _DISTRIBUTIONS)}")
    table: dict[str, str] = {"distribution": kind}
    for key in ("mean", "min", "max"):
        if key in value:
            table[key] = canonical(value[key], units, minimum, f"{path}.{key}")
    if kind == "normal" and "mean" in table and {"sd", "cv"} & value.keys() and minimum == 0:
        if si(table.get("min", "0")) == 0:
            # Also where the mean has changed to the other kind of unit since: 0 is 0 in both.
            table["min"] = f"0.0 {table['mean'].partition(' ')[2]}".strip()
    if "sd" in value:
        table["sd"] = canonical(value["sd"], units, 0, f"{path}.sd")
    if "cv" in value:
        table["cv"] = canonical(value["cv"], ("1",), 0, f"{path}.cv")
    if "sd" in value and "cv" in value:
        raise InputError(path, "both sd and cv are given; give one of them")
    kinds = {_dimension(text) for key, text in table.items() if key not in ("distribution", "cv")}
    if len(kinds) > 1:
        raise InputError(path, f"{value!r} mixes units of different kinds; write all values in one kind of unit")
    if kind in _BETWEEN_ENDS:
        if not {"min", "max"} <= table.keys() or table.keys() & {"mean", "sd", "cv"}:
            raise InputError(path, f"a {kind} distribution takes min and max, and nothing else")
    elif "mean" not in table:
        raise InputError(path, f"a {kind} distribution needs a mean")
    elif "sd" not in table and "cv" not in table:
        if len(table) > 2:
            raise InputError(path, "min and max clip a spread, but there is none; give sd or cv")
        return table["mean"]
    if kind == "lognormal" and si(table["mean"]) <= 0:
        raise InputError(f"{path}.mean", f"{value['mean']!r} is not positive, which a lognormal distribution needs")
    if kind != "linear" and {"min", "max"} <= table.keys() and si(table["min"]) > si(table["max"]):
        raise InputError(path, f"min {value['min']!r} is above max {value['max']!r}")
    return table


def quantity(*units: str, minimum: float | None = None):
    """Field type of a quantity of one of some kinds; its value is the canonical text."""
    return Annotated[str, BeforeValidator(lambda value: canonical(value, units, minimum))]


def spread(*units: str, minimum: float | None = None):
    """Field type of a quantity that may be a distribution over agents."""
    return Annotated[Any, BeforeValidator(lambda value: canonical_spread(value, units, minimum))]


def lowest(value: Any) -> float:
    """Smallest SI value that a canonical scalar or distribution can draw."""
    if isinstance(value, str):
        return si(value)
    if value["distribution"] == "linear":
        return min(si(value["min"]), si(value["max"]))
    unbounded = 0.0 if value["distribution"] == "lognormal" else -np.inf
    return si(value["min"]) if "min" in value else unbounded


def stated(value: Any, path: str) -> dict[str, str]:
    """Text by path of each number that a canonical scalar or distribution says of its draws: mean, min and max.

    A min of 0 says nothing, except of a uniform or linear distribution.
    """
    if isinstance(value, str):
        return {path: value}
    given = {key: text for key, text in value.items() if key in ("mean", "min", "max")}
    if value["distribution"] not in _BETWEEN_ENDS and "min" in given and si(given["min"]) == 0:
        del given["min"]
    return {f"{path}.{key}": text for key, text in given.items()}


def above_zero(value: Any, path: str) -> Any:
    """The canonical scalar or distribution itself, if nothing it draws is 0 or below."""
    if isinstance(value, str):
        if si(value) <= 0:
            raise InputError(path, f"'{value}' is not above 0; give a larger value")
    elif value["distribution"] != "lognormal" and lowest(value) <= 0:
        raise InputError(path, "a spread that reaches down to 0 draws values that cannot be; give a min above 0")
    return value


def conductance_units(unit: str) -> tuple[str, ...]:
    """Units accepted where a cell model counts in `unit`: both the whole-cell and the per-area one."""
    pairs = {"nS": ("nS", "mS/cm2"), "mS/cm2": ("mS/cm2", "nS"), "pA": ("pA", "uA/cm2"), "uA/cm2": ("uA/cm2", "pA")}
    return pairs.get(unit, (unit,))


def to_cell_unit(value: float, text: str, unit: str, area: str, path: str) -> float:
    """SI value in the cell's own kind (per area or whole cell), by the model's membrane area.

    Raises
    ------
    InputError
        The value is of the other kind and the model has no area.
    """
    if same_dimension(_dimension(text), dimension_of(unit)):
        return value
    if not area:
        raise InputError(path, f"'{text}' needs the cell's membrane area to become {unit}, and its model has none")
    square_metres = si(area)
    return value * square_metres if unit in ("nS", "pA") else value / square_metres
