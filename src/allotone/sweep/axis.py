"""An axis of a sweep: paths of the definition that move together, the values they take, and their labels."""

import contextlib
import itertools
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..concentration import SUM, canonical_schedule
from ..errors import InputError
from ..network.numbers import LARGEST
from ..units import CANONICAL_UNIT, UNITS, Quantity, dimension_of, get_dimensions, number_in, parse, write
from ..values import parse_list, parse_value

SEED_PATHS = ("network_seed", "noise_seed")
_RESERVED = ("seed", "point", "status", "error")
_QUANTITY = re.compile(r"([-+]?[\d.]+(?:e[-+]?\d+)?) (\S+)")


@dataclass(frozen=True)
class Axis:
    """Paths that move together, and the values that all of them take.

    Parameters
    ----------
    paths : str or sequence of str
        Dotted paths of the definition, in which `*` stands for one level, or `network_seed` or `noise_seed`.
    values : array or sequence
        Quantities, texts with a unit, plain numbers, words, booleans, tables of the definition or schedules. They are kept
        as plain data: a quantity as text, in the unit it is written in.
    name : str, optional
        Of the dimension; several paths need one.

    Raises
    ------
    InputError
        No values, one that is not finite or is none of these, several dimensions, a name or path that cannot be, or two
        paths of which one matches the other.
    """

    paths: tuple[str, ...]
    values: tuple[Any, ...]
    name: str | None = None
    # Values of single paths by place, where paths do not all take the same one.
    variants: tuple[Mapping[str, Any], ...] | None = None

    @classmethod
    def of_variants(cls, name: str, variants: Mapping[str, Mapping[str, Any]]) -> "Axis":
        """An axis of named variants of the network, each given by values at some paths; {} leaves it as it is.

        >>> Axis.of_variants("synapses", {"as they are": {}, "slow": {"projections.pv_to_pv.decay_factor": 2}})

        Raises
        ------
        InputError
            As for any axis.
        """
        where = f"axes.{name}"
        if not isinstance(variants, Mapping) or not all(isinstance(one, Mapping) for one in variants.values()):
            raise InputError(
                where, f"{variants!r} does not give values by path for each name; write {{name: {{path: value}}}}"
            )
        paths = tuple(dict.fromkeys(path for one in variants.values() for path in one))
        plain = tuple({path: _plain(value, where) for path, value in one.items()} for one in variants.values())
        return cls(paths, tuple(variants), name, plain)

    def at(self, place: int) -> dict[str, Any]:
        """Value by path at one place along the axis."""
        if self.variants is not None:
            return dict(self.variants[place])
        return dict.fromkeys(self.paths, self.values[place])

    def __post_init__(self):
        paths = tuple(self.paths) if isinstance(self.paths, tuple | list) else (self.paths,)
        if self.name is None and len(paths) > 1:
            raise InputError(
                "axes", f"{', '.join(map(str, paths))} move together; name them: NAME:PATH,PATH or name=..."
            )
        name = self.name if self.name is not None else paths[0] if paths else ""
        where = f"axes.{name}"
        _check_paths(paths, where)
        _check_name(name, where)
        values = tuple(
            value if self.variants and isinstance(value, str) else _plain(value, where)
            for value in _listed(self.values, where)
        )
        if not values:
            raise InputError(where, "has no values; give at least one")
        places = values if self.variants is None else [one for variant in self.variants for one in variant.values()]
        if any(path in SEED_PATHS for path in paths):
            _check_seeds(places, where)
        for key, value in {"paths": paths, "name": name, "values": values}.items():
            object.__setattr__(self, key, value)

    def labels(self) -> tuple[np.ndarray | list[str], str]:
        """One label for each value, and their unit.

        Numbers, array (values,), for plain numbers ("1") and for quantities of one dimension, in the unit in which all are
        written or else the canonical one; texts ("1") for all else.
        """
        return self._labels

    @property
    def is_numeric(self) -> bool:
        """Whether the labels are numbers."""
        return isinstance(self._labels[0], np.ndarray)

    @cached_property
    def _labels(self) -> tuple[np.ndarray | list[str], str]:
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values):
            numbers = np.array(self.values)
            # Whole numbers that no integer of the file holds.
            return numbers if numbers.dtype.kind in "if" else numbers.astype(float), "1"
        matches = [_quantity(value) for value in self.values]
        units = [match[2] for match in matches if match]
        if None in matches or len({dimension_of(unit) for unit in units}) > 1:
            return [text_of(value) for value in self.values], "1"
        if len(set(units)) == 1:
            return np.array([float(match[1]) for match in matches]), units[0]
        # What is per body weight has, as a dimension, nothing to tell it from a plain number.
        unit = units[0] if "/kg" in units[0] else CANONICAL_UNIT[dimension_of(units[0])]
        return np.array([number_in(value, unit) for value in self.values]), unit


def overlap(one: str, other: str) -> bool:
    """Whether two paths, in which `*` stands for one level, can be the same one."""
    pairs = list(itertools.zip_longest(one.split("."), other.split(".")))
    return all(a == b or (a and b and "*" in (a, b)) for a, b in pairs)


def identity(value: Any) -> tuple:
    """The same for values that are the same however they are written: "0.1 uM" and "100 nM", 1 and 1.0."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), "1"
    text = text_of(value)
    match = _quantity(text)
    if not match:
        return (text,)
    unit = CANONICAL_UNIT[dimension_of(match[2])]
    return number_in(text, unit), unit


def text_of(value: Any) -> str:
    """A value as a user would write it; JSON where it can only be a table."""
    if isinstance(value, dict):
        return (_schedule_text(value) if "schedule" in value else _flat_text(value)) or json.dumps(
            value, sort_keys=True
        )
    if isinstance(value, str):
        match = _quantity(value)
        return f"{match[1].removesuffix('.0')} {match[2]}" if match else value
    return json.dumps(value)


def parse_axis(text: str, option: str = "--axis") -> Axis:
    """The axis that ``[NAME:]PATH[,PATH...]=VALUES`` says, with values as `values.parse_list` reads them.

    Several schedules with parameters are separated by `;`: ``medium.allopregnanolone=infusion:at=1h;infusion:at=60h``.

    Raises
    ------
    InputError
        Not of this form, or as `Axis`; errors begin with `option` and the axis' name.
    """
    head, equals, values = text.partition("=")
    if not equals:
        raise InputError(option, f"'{text}' is not of the form [NAME:]PATH[,PATH...]=VALUES")
    with from_option(option):
        name, paths = split_head(head)
        return Axis(paths, parse_list(values, f"axes.{name or paths[0]}"), name)


def split_head(text: str) -> tuple[str | None, list[str]]:
    """Name (None if there is none) and paths of ``[NAME:]PATH[,PATH...]``."""
    name, colon, paths = text.rpartition(":")
    return name.strip() if colon else None, [path.strip() for path in paths.split(",")]


@contextlib.contextmanager
def from_option(option: str) -> Iterator[None]:
    """Let errors about axes name the command-line option that gave them."""
    try:
        yield
    except InputError as error:
        head, _, rest = error.path.partition(".")
        path = f"{option} {rest}".strip() if head == "axes" else error.path
        raise InputError(path, error.message) from None


def _check_name(name: Any, where: str) -> None:
    if not isinstance(name, str) or not name.strip() or name != name.strip() or name == "." or set(name) & set("/\0"):
        raise InputError(
            where, f"{name!r} cannot name a dimension of the file; give letters, without '/' or outer blanks"
        )
    if name in _RESERVED:
        raise InputError(where, f"'{name}' is a name that every sweep's file has; give the axis another one")


def _check_paths(paths: Sequence[Any], where: str) -> None:
    if not paths:
        raise InputError(where, "moves nothing; give the dotted path of a value")
    for path in paths:
        if path == "seed":
            raise InputError(
                where, "seeds are no axis: give them with `seeds` in Python or --seeds on the command line"
            )
        if not isinstance(path, str) or not all(level and level == level.strip() for level in path.split(".")):
            raise InputError(where, f"{path!r} is not a dotted path such as medium.allopregnanolone")
    for one, other in itertools.combinations(paths, 2):
        if overlap(one, other):
            raise InputError(where, f"moves '{one}' twice, as '{other}' too; give it once")


def _check_seeds(values: Sequence[Any], where: str) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            raise InputError(where, f"{value!r} is no seed; expected a whole number from 0 to {LARGEST}")


def _listed(values: Any, where: str) -> list:
    """The elements of what is a list of some kind."""
    if isinstance(values, np.ndarray) and values.ndim != 1:
        raise InputError(where, f"its values are an array of {values.ndim} dimensions; give a list or an array of one")
    if isinstance(values, str | Mapping | set | frozenset) or not hasattr(values, "__iter__"):
        raise InputError(where, f"{values!r} is not a list of values; give several, such as [0, 10, 30] * nM")
    return list(values)


def _plain(value: Any, where: str) -> Any:
    """A value as plain data."""
    if isinstance(value, Mapping):
        return {str(key): _plain_inside(inner, where) for key, inner in value.items()}
    if isinstance(value, str):
        return parse_value(str(value), where)
    if isinstance(value, Quantity):
        quantity = parse(value, where)
        if get_dimensions(quantity) not in CANONICAL_UNIT:
            raise InputError(where, f"{value!r} is a kind of quantity that no value here is; check its unit")
        return parse_value(write(quantity), where)
    if isinstance(value, np.ndarray) and value.ndim > 0:
        raise InputError(where, f"{value!r} is several values in one place; give a flat list")
    value = value.item() if isinstance(value, np.generic | np.ndarray) else value
    if not isinstance(value, bool | int | float):
        raise InputError(where, f"{value!r} is no value; expected quantities, numbers, words, booleans or tables")
    # Also of an integer that is larger than every float.
    if not abs(value) <= sys.float_info.max:
        raise InputError(where, f"{value!r} is not a finite number")
    return value


def _plain_inside(value: Any, where: str) -> Any:
    """A value inside a table; its texts are left as they are written, and it may be a list."""
    if isinstance(value, list | tuple | np.ndarray) and np.ndim(value) > 0:
        return [_plain_inside(inner, where) for inner in value]
    return str(value) if isinstance(value, str) else _plain(value, where)


def _quantity(value: Any) -> re.Match | None:
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return match if match and match[2] in UNITS else None


def _flat_text(table: Mapping[str, Any]) -> str | None:
    if any(isinstance(value, dict | list) for value in table.values()):
        return None
    return ",".join(f"{key}={text_of(value)}" for key, value in table.items())


def _schedule_text(table: Mapping[str, Any]) -> str | None:
    """Text that reads as the same schedule, without what is the default anyway; None where there is none."""
    try:
        whole = canonical_schedule(table)
        text = _brief(table)
        return text if text and canonical_schedule(text) == whole else None
    except InputError:
        return None


def _brief(table: Mapping[str, Any]) -> str | None:
    if table["schedule"] == SUM:
        terms = [_brief(term) for term in table["terms"].values()]
        return " + ".join(terms) if all(terms) else None
    whole = canonical_schedule(table)
    given = dict(table)
    for key in table:
        rest = {other: value for other, value in given.items() if other != key}
        with contextlib.suppress(InputError):
            if canonical_schedule(rest) == whole:
                given = rest
    name = given.pop("schedule")
    if name == "constant" and list(given) == ["concentration"]:
        return text_of(given["concentration"])
    parameters = _flat_text(given)
    return f"{name}:{parameters}" if parameters else name if parameters == "" else None
