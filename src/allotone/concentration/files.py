"""Measured concentrations from a CSV file."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..units import parse
from .text import as_table

_TIMES = {"time_s": "s", "time_ms": "ms", "time_min": "min", "time_h": "h", "time_day": "day"}
_CONCENTRATIONS = {
    "receptor_nM": ("receptor", "nM"),
    "brain_nmol_per_kg": ("brain", "nmol/kg"),
    "plasma_nM": ("plasma", "nM"),
    "plasma_ng_per_mL": ("plasma", "ng/mL"),
}


def with_files(value: Any, folder: Path, where: str) -> Any:
    """A schedule with the content of the CSV files that it names, by themselves, as terms or scaled; else as it was.

    Raises
    ------
    InputError
        As `read_schedule_file`, and for parameters that a table does not have.
    """
    if isinstance(value, str):
        if ".csv" not in value.lower():
            return value
        value = as_table(value, where)
    if not isinstance(value, Mapping):
        return value
    if isinstance(value.get("terms"), Mapping):
        terms = {name: with_files(term, folder, f"{where}.terms.{name}") for name, term in value["terms"].items()}
        return {**value, "terms": terms}
    name = value.get("schedule")
    if isinstance(name, str) and name.lower().endswith(".csv"):
        return {**value, **read_schedule_file(folder / name, where)}
    return value


def read_schedule_file(path: Path, where: str) -> dict[str, Any]:
    """Table of a schedule, not yet checked, from a CSV file whose header says its compartment and units.

    The columns are one of `time_h`, `time_min`, `time_s`, `time_ms`, `time_day`, and one of `receptor_nM`,
    `brain_nmol_per_kg`, `plasma_nM`, `plasma_ng_per_mL`; lines that begin with `#` are passed over, and so are other columns.

    Raises
    ------
    InputError
        The file is not there, a column is missing or there are two of a kind, a row has more or fewer fields than the
        header, or a field is no number.
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
    if len(columns) == 1 and ";" in columns[0]:
        raise InputError(where, f"'{path}' separates its columns by ';'; separate them by commas, with '.' in numbers")
    time, level = (_one_of(known, columns, path, where) for known in (_TIMES, _CONCENTRATIONS))
    for (line, _), row in zip(numbered, rows):
        if len(row) != len(columns):
            raise InputError(
                where, f"row {line} of '{path}' has {len(row)} field(s); expected {len(columns)}, as in its header"
            )
    compartment, unit = _CONCENTRATIONS[level]
    found = [dict(zip(columns, row)) for row in rows[1:]]
    for (line, _), row in zip(numbered[1:], found):
        for column, of in ((time, _TIMES[time]), (level, unit)):
            parse(f"{row[column]} {of}", f"{where}: row {line} of '{path}', {column}", of)
    return {
        "schedule": "table",
        "compartment": compartment,
        "times": [f"{row[time]} {_TIMES[time]}" for row in found],
        "concentrations": [f"{row[level]} {unit}" for row in found],
    }


def _one_of(known: dict, columns: list[str], path: Path, where: str) -> str:
    found = [name for name in columns if name in known]
    if len(found) > 1:
        raise InputError(where, f"'{path}' has {' and '.join(found)}: two units for one thing; keep one of the columns")
    if not found:
        raise InputError(where, f"'{path}' needs one of the columns {', '.join(known)} in its header")
    return found[0]
