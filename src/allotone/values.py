"""Lists of values as they are written on the command line: "0,10,30 nM", "0:100:10 nM", "log:1:1000:4 nM", words."""

import math
import re
from decimal import Decimal, InvalidOperation

import numpy as np

from .errors import InputError
from .units import parse

# No unit begins as the exponent of a number does.
_ENDS_IN_UNIT = re.compile(r"^(?P<numbers>[-+\d.eE,:\s]*?[\d.])\s*(?P<unit>(?![eE]\d)[A-Za-zµμ/][\w/µμ^]*|)$")
_NUMBER_FIRST = re.compile(r"^[-+]?(\.?\d|nan\b|inf(inity)?\b)", re.IGNORECASE)
_NUMBER_AND_UNIT = re.compile(r"^([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(.*)$")
_WHOLE = re.compile(r"\s*[-+]?\d+\s*")
# Other ways of writing a unit of the table.
_PLAIN = str.maketrans("µμ²", "uu2", "^ ")
_MOST = 1_000_000


def parse_values(text: str, path: str, unit: str | None = None) -> list[str]:
    """Texts of single quantities from a list, a range (stop included when it is a step) or a logarithmic range.

    Parameters
    ----------
    text : str
        ``a,b,c``, ``start:stop:step`` or ``log:start:stop:count``, then one unit.
    unit : str, optional
        A unit of the dimension expected.

    Raises
    ------
    InputError
        Nothing given, not of these forms, a step that leads nowhere, or a wrong unit.
    """
    numbers, written = _numbers(text, path)
    texts = [f"{float(number)!r} {written}".strip() for number in numbers]
    for value in texts:
        parse(value, path, unit)
    return texts


def parse_list(text: str, path: str) -> list[str]:
    """Texts of single values, for `parse_value`: numbers as in `parse_values`, words, booleans, schedules.

    Commas separate words, and values that each have a unit. A schedule has commas and `=` of its own: text with a `=` is
    one value. A `;` anywhere separates instead of the comma, each value then with its own unit, so that several
    schedules may stand in a list: ``0 nM; infusion:at=24h,map=direct; menopause``.

    Raises
    ------
    InputError
        As `parse_values`, or nothing between two separators.
    """
    if ";" not in text and (text.strip().startswith("log:") or _ENDS_IN_UNIT.match(text.strip())):
        numbers, unit = _numbers(text, path)
        return [f"{number!r} {unit}".strip() for number in numbers]
    separator = ";" if ";" in text else "," if "=" not in text else None
    items = [item.strip() for item in (text.split(separator) if separator else [text])]
    if separator == ";" and not items[-1]:
        items.pop()
    if not items or not all(items):
        raise InputError(path, f"'{text}' has an empty place; write values such as 0,10,30 nM or one,other")
    return items


def parse_value(text: str, path: str) -> bool | int | float | str:
    """A single value: true or false, a plain number, canonical text of a quantity in the unit it has, or the word it is.

    Raises
    ------
    InputError
        Empty, or what begins like a number and is none with a known unit.
    """
    text = text.strip()
    if not text:
        raise InputError(path, "an empty text is no value; give a number with its unit, or a word")
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    # A schedule may be scaled: 0.5*infusion.
    if not _NUMBER_FIRST.match(text) or "*" in text:
        return text
    parse(text, path)
    number, unit = _NUMBER_AND_UNIT.match(text).groups()
    unit = unit.translate(_PLAIN)
    if unit not in ("", "1"):
        # Without the sign of -0.0.
        return f"{float(number) + 0.0!r} {unit}"
    return int(number) if _WHOLE.fullmatch(number) else float(number)


def parse_ends(text: str, path: str) -> tuple[str, str]:
    """Texts of the two ends of ``low:high``, then one unit.

    Raises
    ------
    InputError
        Not of this form.
    """
    match = _ENDS_IN_UNIT.match(text.strip())
    ends = match["numbers"].split(":") if match else []
    if len(ends) != 2:
        raise InputError(path, f"'{text}' is not a range to draw from; write low:high, then a unit")
    low, high = (f"{end.strip()} {match['unit']}".strip() for end in ends)
    return low, high


def _numbers(text: str, path: str) -> tuple[list[int] | list[float], str]:
    """The numbers of a list or range, and the unit as it is written; whole if all of them are written so."""
    is_log = text.strip().startswith("log:")
    match = _ENDS_IN_UNIT.match(text.strip().removeprefix("log:"))
    if not match:
        raise InputError(
            path,
            f"'{text}' is not a list of values; write a,b,c or start:stop:step or log:start:stop:count, then a unit",
        )
    parts = re.split("[,:]", match["numbers"])
    try:
        numbers = [Decimal(part.strip()) for part in parts]
    except InvalidOperation:
        raise InputError(path, f"'{text}' holds something that is not a number; expected e.g. '0,10,30 nM'") from None
    if not all(math.isfinite(float(number)) for number in numbers):
        raise InputError(path, f"'{text}' holds what is not a finite number; expected e.g. '0,10,30 nM'")
    if is_log or ":" in match["numbers"]:
        if len(numbers) != 3 or "," in match["numbers"]:
            raise InputError(path, f"'{text}' is not a range; write start:stop:step or log:start:stop:count")
        numbers = _log_range(*numbers, text, path) if is_log else _range(*numbers, text, path)
    found = [float(number) for number in numbers]
    is_whole = all(_WHOLE.fullmatch(part) for part in parts) and all(number.is_integer() for number in found)
    return [int(number) for number in numbers] if is_whole else found, match["unit"]


def _range(start: Decimal, stop: Decimal, step: Decimal, text: str, path: str) -> list[Decimal]:
    """Decimal, so that 0.1 steps from -0.3 to 0.3 pass through 0."""
    if float(step) == 0 or (stop - start) / step < 0:
        raise InputError(path, f"the step of '{text}' does not lead from {float(start):g} to {float(stop):g}")
    steps = (stop - start) / step
    _check_count(steps + 1, text, path)
    return [start + index * step for index in range(int(steps) + 1)]


def _log_range(start: Decimal, stop: Decimal, count: Decimal, text: str, path: str) -> list[Decimal]:
    if start <= 0 or stop <= 0 or count < 2 or count != int(count):
        raise InputError(path, f"'{text}' needs a start and stop above 0 and a whole count of at least 2")
    _check_count(count, text, path)
    # Rounded to 12 digits, so that decades come out as written.
    return [Decimal(f"{value:.12g}") for value in np.geomspace(float(start), float(stop), int(count)).tolist()]


def _check_count(count: Decimal, text: str, path: str) -> None:
    if count > _MOST:
        raise InputError(path, f"'{text}' makes {float(count):.3g} values, more than {_MOST}; take fewer")
