"""A schedule as the user writes it, checked and written out: plain data in which every number has a path."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from brian2 import get_dimensions

from ..errors import InputError, suggest, unknown
from ..parameters import Parameter
from ..units import UNITS, dimension_of, number_in, parse, write
from .exposure import MAPS, NUMBERS, map_parameters
from .kinds import NOT_GIVEN, Compartment, ScheduleKind, Word
from .registry import SCHEDULES
from .steroids import to_nM
from .text import SUM, as_table

DEFAULT_MAP = "anchored"
_NEUTRAL = "assumed: neutral default"
FACTOR = Parameter("1.0", "scaling of the whole course", _NEUTRAL, minimum=0)
AT = Parameter("0 h", "schedule time of the run's t = 0; below 0 it begins later than the run", _NEUTRAL, minimum=None)
BODY_WEIGHT = Parameter(
    f"{NOT_GIVEN} kg", "needed where a dose is not given per kg", "assumed: of the user", minimum="above 0"
)
SUBJECT = Parameter("0", "0 is the typical subject, n the n-th simulated one", _NEUTRAL)
_UNIT = {"plasma": "nM", "receptor": "nM", "brain": "nmol/kg"}
# One level of a dotted path.
_TERM_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_SLOW, _FAST = "h", "ms"


def canonical_schedule(value: Any, path: str = "schedule", *, in_sum: bool = False) -> dict[str, Any]:
    """Plain canonical table of a schedule.

    Parameters
    ----------
    value : str, Quantity or Mapping
        A quantity (constant at the receptor), `NAME`, `NAME:key=value,key=value`, several of them joined by ` + `, each
        perhaps behind `NUMBER*`; or a table with the key `schedule`.
    path : str
        Dotted path that errors begin with.

    Raises
    ------
    InputError
        Unknown schedule, parameter, word or map; wrong or missing unit; negative value; a table whose times do not
        increase or that mixes units; a dose without the body weight it needs; a map where none belongs.
    """
    value = as_table(value, path)
    if "schedule" not in value:
        raise InputError(f"{path}.schedule", f"is missing; give one of {', '.join(sorted([*SCHEDULES, SUM]))}")
    name = str(value["schedule"])
    if name == SUM:
        canonical, compartment, parameters = _sum(value, path), None, {}
        compartment = _common_compartment(canonical["terms"], path)
    elif name in SCHEDULES:
        canonical, parameters = _single(SCHEDULES[name], value, path)
        compartment = SCHEDULES[name].compartment or canonical["compartment"]
    else:
        raise unknown(f"{path}.schedule", "schedule", name, [*SCHEDULES, SUM])
    canonical |= {
        "factor": _number(value.get("factor", FACTOR.default), FACTOR, f"{path}.factor"),
        "at": _number(value.get("at", AT.default), AT, f"{path}.at", _FAST if compartment == "receptor" else _SLOW),
    }
    if not in_sum:
        canonical |= _map(value, compartment, path)
    known = {*canonical, *parameters}
    for key in value:
        if key in canonical:
            continue
        if in_sum and (key == "map" or key in NUMBERS):
            raise InputError(f"{path}.{key}", "the way to the receptor is the whole sum's; give it there")
        if key in NUMBERS or key == "map":
            # Says which maps there are, or that none belongs here.
            _no_place(key, value, canonical, compartment, path)
        raise InputError(f"{path}.{key}", f"unknown parameter of schedule '{name}'; {suggest(str(key), known)}")
    return canonical


def _sum(value: Mapping[str, Any], path: str) -> dict[str, Any]:
    terms = value.get("terms")
    if not isinstance(terms, Mapping) or not terms:
        raise InputError(f"{path}.terms", f"{terms!r} is not a table of schedules; give each term a name")
    for name in terms:
        if not _TERM_NAME.fullmatch(str(name)):
            raise InputError(
                f"{path}.terms", f"{name!r} cannot name a term; take letters, digits and '_', a letter first"
            )
    return {
        "schedule": SUM,
        "terms": {str(name): canonical_schedule(term, f"{path}.terms.{name}", in_sum=True) for name, term in terms.items()},
    }  # fmt: skip


def compartment_of(schedule: Mapping[str, Any]) -> Compartment:
    """What a canonical schedule is a concentration in."""
    if schedule["schedule"] == SUM:
        return compartment_of(next(iter(schedule["terms"].values())))
    return SCHEDULES[schedule["schedule"]].compartment or schedule["compartment"]


def _common_compartment(terms: Mapping[str, Any], path: str) -> Compartment:
    found = {name: compartment_of(term) for name, term in terms.items()}
    if len(set(found.values())) > 1:
        told = ", ".join(f"{name}: {compartment}" for name, compartment in found.items())
        raise InputError(
            f"{path}.terms",
            f"a sum has one compartment, these have several ({told}); give 'compartment' to plain shapes",
        )
    return next(iter(found.values()))


def _single(kind: ScheduleKind, value: Mapping[str, Any], path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Canonical parameters of one named schedule, and the parameters it could have."""
    parameters = {**kind.parameters}
    if kind.per_weight:
        parameters["body_weight"] = parameters.get("body_weight", BODY_WEIGHT)
    if kind.subject_sd:
        parameters["subject"] = SUBJECT
    canonical: dict[str, Any] = {"schedule": kind.name}
    if kind.compartment is None:
        canonical["compartment"] = _word(parameters["compartment"], value, f"{path}.compartment")
    compartment = kind.compartment or canonical["compartment"]
    if kind.name == "table":
        return canonical | _table(value, compartment, path), parameters
    for key, parameter in parameters.items():
        where = path if kind.name == "constant" and key == "concentration" else f"{path}.{key}"
        if isinstance(parameter, Word):
            canonical[key] = _word(parameter, value, where)
        elif key in value or parameter.default.partition(" ")[0] != NOT_GIVEN:
            default = parameter.default if kind.compartment else parameter.default.replace("nM", _UNIT[compartment])
            given = value.get(key, default)
            canonical[key] = _parameter(kind, key, parameter, given, compartment, where)
    _check_weight(kind, canonical, path)
    return canonical, parameters


def _word(word: Word, value: Mapping[str, Any], where: str) -> str:
    given = str(value.get(where.rpartition(".")[2], word.default))
    if given not in word.choices:
        raise unknown(where, "choice", given, word.choices)
    return given


def _parameter(kind: ScheduleKind, key: str, parameter: Parameter, given: Any, compartment: str, where: str) -> str:
    """Canonical text of one number."""
    unit = parameter.unit
    if key == "subject":
        number = parse(given, where, "1")
        if float(number) != int(float(number)) or float(number) < 0:
            raise InputError(where, f"{given!r} is not a subject; give 0 for the typical one, or a whole number")
        return str(int(float(number)))
    if kind.compartment is None and unit == "nM":
        return _concentration(given, compartment, where, "allopregnanolone")
    if key in kind.steroids:
        return _concentration(given, "plasma", where, kind.steroids[key], parameter)
    if key in kind.per_weight and _is_absolute(given, unit):
        return write(_bounded(parse(given, where, unit.replace("/kg", "")), given, parameter, where), _absolute(unit))
    if kind.compartment is None and dimension_of(unit) == dimension_of("h"):
        return _number(given, parameter, where, _FAST if compartment == "receptor" else _SLOW)
    return _number(given, parameter, where, unit)


def _number(given: Any, parameter: Parameter, where: str, unit: str = "") -> str:
    unit = unit or parameter.unit
    if "/kg" in unit and isinstance(given, str | int | float) and "/kg" not in str(given):
        raise InputError(where, f"{given!r} has not the unit it needs; expected e.g. '1 {unit}'")
    return write(_bounded(parse(given, where, unit), given, parameter, where), unit)


def _bounded(quantity, given: Any, parameter: Parameter, where: str):
    number, above = float(np.asarray(quantity)), parameter.minimum == "above 0"
    if parameter.minimum is not None and (number < 0 or (number == 0 and above)):
        what = "is not above 0; expected more" if above else "is negative; expected a value of at least 0"
        raise InputError(where, f"{given!r} {what}")
    return quantity


def _absolute(unit: str) -> str:
    return unit.replace("/kg", "")


def _is_absolute(given: Any, unit: str) -> bool:
    """Whether a dose or rate that may be given per weight was given for a whole body."""
    if isinstance(given, str):
        symbol = given.strip().lstrip("+-0123456789.eE").strip()
        return symbol in UNITS and dimension_of(symbol) == dimension_of(_absolute(unit)) != dimension_of(unit)
    return get_dimensions(given) == dimension_of(_absolute(unit)) != dimension_of(unit)


def _check_weight(kind: ScheduleKind, canonical: Mapping[str, Any], path: str) -> None:
    absolute = [key for key in kind.per_weight if key in canonical and "/kg" not in canonical[key]]
    if absolute and "body_weight" not in canonical:
        raise InputError(
            f"{path}.{absolute[0]}",
            f"'{canonical[absolute[0]]}' needs a body weight; add body_weight=65kg, or give it in "
            f"{kind.parameters[absolute[0]].unit}",
        )
    if kind.per_weight and not absolute and "body_weight" in canonical:
        raise InputError(f"{path}.body_weight", "nothing reads this: every dose is given per kg already; leave it out")


def _concentration(given: Any, compartment: str, where: str, steroid: str, parameter: Parameter | None = None) -> str:
    """Canonical text of a concentration in a compartment; in plasma it may be given as mass."""
    unit = _UNIT[compartment]
    if compartment != "plasma" and re.search(r"g/m?L\s*$", str(given)):
        where_to = "at the receptor" if compartment == "receptor" else "in the brain"
        raise InputError(
            where, f"{given!r} is how plasma is measured, and this is {where_to}, in {unit}; for a plasma level write "
            f"constant:compartment=plasma,concentration={str(given).replace(' ', '')}",
        )  # fmt: skip
    quantity = parse(given, where, (unit, "ng/mL") if compartment == "plasma" else unit)
    if get_dimensions(quantity) == dimension_of("ng/mL"):
        _bounded(quantity, given, Parameter("0", "", "", minimum=0), where)
        nanomolar = float(to_nM(number_in(write(quantity, "ng/mL"), "ng/mL"), steroid))
        return f"{float(f'{nanomolar:.15g}')!r} nM"
    return write(_bounded(quantity, given, parameter or Parameter("0", "", "", minimum=0), where), unit)


def _table(value: Mapping[str, Any], compartment: str, path: str) -> dict[str, Any]:
    for key in ("times", "concentrations"):
        if not isinstance(value.get(key, []), list | tuple | np.ndarray):
            raise InputError(
                f"{path}.{key}", f"{value[key]!r} is not a list; give one value for each point of the table"
            )
    times = [parse(one, f"{path}.times", "h") for one in value.get("times", [])]
    given = list(value.get("concentrations", []))
    if len(times) != len(given) or len(times) < 2:
        raise InputError(
            path, f"a table has {len(times)} times and {len(given)} concentrations; expected two or more pairs"
        )
    if np.any(np.diff([float(np.asarray(time)) for time in times]) <= 0):
        raise InputError(f"{path}.times", "the times of a table do not increase; sort them and drop repeats")
    where = f"{path}.concentrations"
    levels = [_concentration(one, compartment, where, "allopregnanolone") for one in given]
    dimensions = {str(get_dimensions(parse(one, where))): one for one in given}
    if len(dimensions) > 1:
        told = " and ".join(map(repr, dimensions.values()))
        raise InputError(where, f"two units in one table: {told}; give all its values in one")
    return {
        "times": [write(time, _FAST if compartment == "receptor" else _SLOW) for time in times],
        "concentrations": levels,
    }


def _map(value: Mapping[str, Any], compartment: str, path: str) -> dict[str, str]:
    if compartment == "receptor":
        if "map" in value:
            map_parameters(str(value["map"]), compartment, path)
        return {}
    name = str(value.get("map", DEFAULT_MAP))
    read = map_parameters(name, compartment, path)
    return {"map": name} | {
        key: _number(value.get(key, one.default), one, f"{path}.{key}") for key, one in read.items()
    }


def _no_place(key: str, value: Mapping[str, Any], canonical: Mapping[str, Any], compartment: str, path: str) -> None:
    if compartment == "receptor":
        raise InputError(f"{path}.{key}", "nothing reads this: the schedule is at the receptor already")
    readers = [
        name
        for name, one in MAPS.items()
        if key in (one.from_plasma if compartment == "plasma" else one.from_brain or ())
    ]
    told = f"; {', '.join(readers)} would" if readers else ""
    raise InputError(f"{path}.{key}", f"nothing reads this under the map '{canonical['map']}'{told}")


def drop_map(schedule: Mapping[str, Any], *, only_defaults: bool = False) -> dict[str, Any]:
    """A schedule without its map and the map's numbers, for another map to be put in.

    With `only_defaults` those numbers stay that somebody chose: where the other map does not read them, that is said.
    """

    def goes(key: str) -> bool:
        if key not in NUMBERS:
            return key == "map"
        one = NUMBERS[key]
        return not only_defaults or schedule[key] == write(parse(one.default, key, one.unit), one.unit)

    return {key: value for key, value in schedule.items() if not goes(key)}


def parameters_of(name: str) -> Iterable[tuple[str, Parameter | Word]]:
    """Every parameter that a named schedule may have, with those that all have."""
    kind = SCHEDULES.get(name)
    own = dict(kind.parameters) if kind else {}
    return ({**own, "factor": FACTOR, "at": AT, "subject": SUBJECT, "body_weight": BODY_WEIGHT} | NUMBERS | own).items()
