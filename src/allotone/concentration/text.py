"""A schedule as text, `NAME:key=value,key=value`, several joined by ` + `, each perhaps behind `NUMBER*`: as a table."""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import InputError

SUM = "sum"
_NUMBER_FIRST = re.compile(r"^\s*[+-]?([\d.]|nan\b|inf(inity)?\b)", re.IGNORECASE)
_SCALED = re.compile(r"^\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)\s*\*\s*([^*]+)$")
_PLUS = re.compile(r"\s\+(?=\s|$)|^\+\s|\+(?![\d.])")


def as_table(value: Any, path: str = "schedule") -> Mapping[str, Any]:
    """What is written in any way of `canonical_schedule` as a table that is not yet checked.

    Raises
    ------
    InputError
        Text that is not of its form.
    """
    if isinstance(value, str):
        return _from_text(value, path)
    return value if isinstance(value, Mapping) else {"schedule": "constant", "concentration": value}


def put_term(terms: dict[str, Any], name: str, term: Any) -> None:
    """Add a term to those of a sum, by a name that none of them has."""
    free, count = name, 1
    while free in terms:
        count += 1
        free = f"{name}_{count}"
    terms[free] = term


def _from_text(text: str, path: str) -> dict[str, Any]:
    parts = re.split(r"\s\+\s", text)
    if len(parts) > 1:
        terms: dict[str, Any] = {}
        for part in parts:
            term = _from_text(part, path)
            put_term(terms, "table" if term["schedule"].endswith(".csv") else term["schedule"], term)
        return {"schedule": SUM, "terms": terms}
    if _PLUS.search(text):
        raise InputError(path, f"'{text}' is no sum; write one schedule, ' + ' with blanks and the next one")
    if match := _SCALED.match(text):
        scaled = _from_text(match[2], path)
        if "factor" in scaled:
            raise InputError(f"{path}.factor", f"'{text}' scales twice; give the product of {match[1]} and the factor")
        return {**scaled, "factor": match[1]}
    if "*" in text:
        raise InputError(path, f"'{text}' is no scaling; write NUMBER*SCHEDULE with one number of at least 0")
    if _NUMBER_FIRST.match(text):
        return {"schedule": "constant", "concentration": text}
    # A drive letter or a folder may hold a colon; what follows a file's suffix does not.
    head, suffix, tail = text.partition(".csv")
    name, _, rest = (head + suffix, "", tail.removeprefix(":")) if suffix else text.partition(":")
    if not name.strip():
        raise InputError(path, f"'{text}' names no schedule; write e.g. 'infusion:at=24h' or '30 nM'")
    pairs = [pair.partition("=") for pair in rest.split(",") if pair]
    for key, equals, _ in pairs:
        if not equals:
            raise InputError(path, f"'{key}' in '{text}' has no value; write NAME:key=value,key=value")
    keys = [key.strip() for key, _, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(path, f"'{key}' is given twice in '{text}'; give it once")
    if "schedule" in keys:
        raise InputError(f"{path}.schedule", f"'{text}' names two schedules; give one name, before the ':'")
    return {"schedule": name.strip(), **{key: given.strip() for key, (_, _, given) in zip(keys, pairs)}}
