"""Published values as rows of the tables that travel in the package."""

import csv
import functools
from dataclasses import dataclass, fields
from importlib import resources

from ..errors import unknown

TABLES = ("pharmacology", "concentration", "networks")


@dataclass(frozen=True)
class Row:
    """One published value: what was measured, in what, by whom, and how well the source is known.

    Attributes
    ----------
    value, low, high : float or None
        In `unit`. `low` and `high` are the spread that the source gives (mostly one standard error); `low` alone is a
        lower bound. None where nothing was seen, and for the few values that are no numbers (a residue, say).
    status : str
        "seen" was read in a source, "recalled" was not and is never the truth of a check; "computed" is what an
        independent implementation of the same specification gives, which no paper printed.
    role : str
        "calibration" where a default of the model was fitted to it or to the same quantity elsewhere, "input" where it
        is a parameter or put in with one, "reference" where it is the denominator of ratios of which some were fitted
        and some were not; otherwise empty, and only then may a prediction be held against it.
    """

    key: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    preparation: str
    species: str
    source: str
    doi: str
    pmcid_or_url: str
    status: str
    note: str
    role: str


def rows(table: str) -> dict[str, Row]:
    """Rows of a table by their key, in the order of the file.

    Parameters
    ----------
    table : {"pharmacology", "concentration", "networks"}

    Raises
    ------
    InputError
        Unknown table.
    """
    if table not in TABLES:
        raise unknown("published", "table", table, TABLES)
    return dict(_read(table))


def row_of(key: str) -> Row:
    """The row of a key, in whichever table it stands.

    Raises
    ------
    KeyError
        No table has it.
    ValueError
        Two tables have a key in common.
    """
    return _all()[key]


@functools.cache
def _all() -> dict[str, Row]:
    found = [key for table in TABLES for key in _read(table)]
    twice = {key for key in found if found.count(key) > 1}
    if twice:
        raise ValueError(f"in two tables: {', '.join(sorted(twice))}; one key is one row")
    return {key: one for table in TABLES for key, one in _read(table).items()}


@functools.cache
def _read(table: str) -> dict[str, Row]:
    path = resources.files(__package__) / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {line["key"]: _row(line) for line in csv.DictReader(file)}


def _row(line: dict[str, str]) -> Row:
    texts = {field.name: line[field.name].strip() for field in fields(Row)}
    return Row(**texts | {name: _number(texts[name]) for name in ("value", "low", "high")})


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
