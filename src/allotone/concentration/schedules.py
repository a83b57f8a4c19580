"""Allopregnanolone at the receptor as a function of time: constant, step, ramp and measured tables."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, suggest, unknown
from ..parameters import Parameter
from ..units import Quantity, magnitude, parse, write

_ASSUMED = "assumed: neutral default"
_AT = Parameter("0 ms", "schedule time of the run's t = 0", _ASSUMED)


@dataclass(frozen=True)
class ScheduleKind:
    """A named time course: its parameters and the function (values, times_s) -> nM."""

    name: str
    meaning: str
    parameters: Mapping[str, Parameter]
    evaluate: Callable[[Mapping[str, Any], np.ndarray], np.ndarray]


def _constant(values, times_s):
    return np.full(np.shape(times_s), values["concentration"])


def _step(values, times_s):
    return np.where(times_s < values["onset"], values["before"], values["after"])


def _ramp(values, times_s):
    rise = np.clip((times_s - values["onset"]) / max(values["duration"], 1e-12), 0.0, 1.0)
    return values["before"] + rise * (values["after"] - values["before"])


def _table(values, times_s):
    # Slow to import, and few runs need it.
    from scipy.interpolate import PchipInterpolator

    # Monotone between the points, so that no value lies outside its neighbours.
    return PchipInterpolator(values["times"], values["concentrations"])(times_s)


_LEVELS = {
    "before": Parameter("0 nM", "concentration before", _ASSUMED),
    "after": Parameter("100 nM", "concentration after", _ASSUMED),
    "onset": Parameter("0 ms", "schedule time of the change", _ASSUMED),
}

SCHEDULES: dict[str, ScheduleKind] = {
    kind.name: kind
    for kind in (
        ScheduleKind(
            "constant",
            "the same all the time",
            {"concentration": Parameter("0 nM", "concentration", _ASSUMED)},
            _constant,
        ),
        ScheduleKind("step", "one level, then another", _LEVELS, _step),
        ScheduleKind(
            "ramp",
            "a straight line from one level to another",
            {**_LEVELS, "duration": Parameter("1 s", "time from one to the other", _ASSUMED)},
            _ramp,
        ),
        ScheduleKind("table", "measured values, monotone interpolation, never extrapolated", {}, _table),
    )
}


def constant(concentration: Quantity) -> dict[str, str]:
    """A constant concentration at the receptor, as a value for `medium.allopregnanolone`."""
    return canonical_schedule({"schedule": "constant", "concentration": concentration})


def table(times: Quantity, concentrations: Quantity) -> dict[str, Any]:
    """A time course at the receptor from arrays (points,), as a value for `medium.allopregnanolone`."""
    seconds, nanomolar = magnitude(times, "s", "times"), magnitude(concentrations, "nM", "concentrations")
    return canonical_schedule(
        {
            "schedule": "table",
            "times": [f"{t!r} s" for t in seconds.tolist()],
            "concentrations": [f"{c!r} nM" for c in nanomolar.tolist()],
        }
    )


def canonical_schedule(value: Any, path: str = "") -> dict[str, Any]:
    """Plain canonical table of a schedule given as a quantity, `NAME:key=value,...` or a table.

    Raises
    ------
    InputError
        Unknown schedule or parameter, wrong unit, negative concentration, times that do not increase.
    """
    if isinstance(value, str) and not re.match(r"^\s*[+-]?([\d.]|nan\b|inf(inity)?\b)", value, re.IGNORECASE):
        value = _from_text(value, path)
    if not isinstance(value, Mapping):
        value = {"schedule": "constant", "concentration": value}
    name = str(value.get("schedule", ""))
    if name not in SCHEDULES:
        raise unknown(f"{path}.schedule", "schedule", name, SCHEDULES)
    if name == "table":
        return _canonical_table(value, path)
    parameters = {**SCHEDULES[name].parameters, "at": _AT}
    for key in value:
        if key != "schedule" and key not in parameters:
            raise InputError(f"{path}.{key}", f"unknown parameter of schedule '{name}'; {suggest(key, parameters)}")
    canonical = {"schedule": name}
    for key, parameter in parameters.items():
        where = path if name == "constant" and key == "concentration" else f"{path}.{key}"
        quantity = parse(value.get(key, parameter.default), where, parameter.unit)
        if float(np.asarray(quantity)) < 0:
            raise InputError(where, f"{value.get(key)!r} is negative; expected a value of at least 0")
        canonical[key] = write(quantity)
    return canonical


def _from_text(text: str, path: str) -> dict[str, str]:
    name, _, rest = text.partition(":")
    pairs = [pair.partition("=") for pair in rest.split(",") if pair]
    for key, equals, _ in pairs:
        if not equals:
            raise InputError(path, f"'{key}' in '{text}' has no value; write NAME:key=value,key=value")
    keys = [key.strip() for key, _, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(path, f"'{key}' is given twice in '{text}'; give it once")
    return {"schedule": name.strip(), **{key: given.strip() for key, (_, _, given) in zip(keys, pairs)}}


def _canonical_table(value: Mapping[str, Any], path: str) -> dict[str, Any]:
    allowed = {"schedule", "times", "concentrations", "at"}
    for key in value:
        if key not in allowed:
            raise InputError(f"{path}.{key}", f"unknown parameter of schedule 'table'; {suggest(key, allowed)}")
    for key in ("times", "concentrations"):
        if not isinstance(value.get(key, []), list | tuple | np.ndarray):
            raise InputError(
                f"{path}.{key}", f"{value[key]!r} is not a list; give one value for each point of the table"
            )
    times = [parse(t, f"{path}.times", "s") for t in value.get("times", [])]
    levels = [parse(c, f"{path}.concentrations", "nM") for c in value.get("concentrations", [])]
    if len(times) != len(levels) or len(times) < 2:
        raise InputError(
            path, f"a table has {len(times)} times and {len(levels)} concentrations; expected two or more pairs"
        )
    if np.any(np.diff([float(np.asarray(t)) for t in times]) <= 0):
        raise InputError(f"{path}.times", "the times of a table do not increase; sort them and drop repeats")
    if min(float(np.asarray(c)) for c in levels) < 0:
        raise InputError(f"{path}.concentrations", "a concentration is negative; expected values of at least 0")
    return {
        "schedule": "table",
        "times": [write(t) for t in times],
        "concentrations": [write(c) for c in levels],
        "at": write(parse(value.get("at", "0 ms"), f"{path}.at", "s")),
    }


def concentration_at(
    schedule: Mapping[str, Any], times_s: np.ndarray, path: str = "medium.allopregnanolone"
) -> np.ndarray:
    """Concentration at the receptor, nM, array (times,), of a canonical schedule.

    Parameters
    ----------
    times_s : array (times,)
        Time of the run, s.

    Raises
    ------
    InputError
        A table that does not cover the times.
    """
    schedule_times = np.asarray(times_s, dtype=float) + float(magnitude(parse(schedule["at"]), "s"))
    if schedule["schedule"] == "table":
        values = {
            "times": np.array([float(magnitude(parse(t), "s")) for t in schedule["times"]]),
            "concentrations": np.array([float(magnitude(parse(c), "nM")) for c in schedule["concentrations"]]),
        }
        first, last = values["times"][[0, -1]]
        if schedule_times.min() < first - 1e-9 or schedule_times.max() > last + 1e-9:
            raise InputError(
                path,
                f"the schedule covers {first:g} to {last:g} s, the run needs {schedule_times.min():g} to "
                f"{schedule_times.max():g} s; add values, shorten the run or move it with 'at'",
            )
        return _table(values, np.clip(schedule_times, first, last))
    kind = SCHEDULES[schedule["schedule"]]
    units = {key: "nM" if parameter.unit == "nM" else "s" for key, parameter in kind.parameters.items()}
    values = {key: float(magnitude(parse(schedule[key]), unit)) for key, unit in units.items()}
    return kind.evaluate(values, schedule_times)


_TIME_COLUMNS = {"time_s": "s", "time_ms": "ms", "time_h": "h"}


def read_schedule_file(path: Path, where: str) -> dict[str, Any]:
    """Table schedule from a CSV file with the columns `time_s` (or `time_ms`, `time_h`) and `receptor_nM`.

    Raises
    ------
    InputError
        The file is not there, a column is missing, or a row has more or fewer fields than the header.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            numbered = [(n, line) for n, line in enumerate(file, 1) if line.strip() and not line.startswith("#")]
        rows = list(csv.reader((line for _, line in numbered), skipinitialspace=True, strict=True))
    except OSError as error:
        raise InputError(where, f"the schedule file '{path}' cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise InputError(where, f"'{path}' is not a CSV file") from None
    columns = [name.strip() for name in rows[0]] if rows else []
    time_column = next((name for name in _TIME_COLUMNS if name in columns), None)
    if time_column is None or "receptor_nM" not in columns:
        raise InputError(where, f"'{path}' needs the columns time_s (or time_ms, time_h) and receptor_nM in its header")
    for (line, _), row in zip(numbered, rows):
        if len(row) != len(columns):
            raise InputError(
                where, f"row {line} of '{path}' has {len(row)} field(s); expected {len(columns)}, as in its header"
            )
    table_rows = [dict(zip(columns, row)) for row in rows[1:]]
    times = [f"{row[time_column]} {_TIME_COLUMNS[time_column]}" for row in table_rows]
    return canonical_schedule(
        {"schedule": "table", "times": times, "concentrations": [f"{row['receptor_nM']} nM" for row in table_rows]},
        where,
    )
