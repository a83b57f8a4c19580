"""Lists of values as they are written on the command line: "0,10,30 nM", "0:100:10 nM", "log:1:1000:4 nM"."""

import re

import numpy as np

from .errors import InputError
from .units import parse

_ENDS_IN_UNIT = re.compile(r"^(?P<numbers>[-+\d.eE,:\s]*?[\d.])\s*(?P<unit>[A-Za-zµμ/][\w/µμ^]*|)$")


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
    is_log = text.strip().startswith("log:")
    match = _ENDS_IN_UNIT.match(text.strip().removeprefix("log:"))
    if not match:
        raise InputError(
            path,
            f"'{text}' is not a list of values; write a,b,c or start:stop:step or log:start:stop:count, then a unit",
        )
    try:
        numbers = [float(part) for part in re.split("[,:]", match["numbers"])]
    except ValueError:
        raise InputError(path, f"'{text}' holds something that is not a number; expected e.g. '0,10,30 nM'") from None
    if is_log or ":" in match["numbers"]:
        if len(numbers) != 3 or "," in match["numbers"]:
            raise InputError(path, f"'{text}' is not a range; write start:stop:step or log:start:stop:count")
        numbers = _range(*numbers, is_log, text, path)
    texts = [f"{number!r} {match['unit']}".strip() for number in numbers]
    for value in texts:
        parse(value, path, unit)
    return texts


def _range(start: float, stop: float, third: float, is_log: bool, text: str, path: str) -> list[float]:
    if is_log:
        if start <= 0 or stop <= 0 or third < 2 or third != int(third):
            raise InputError(path, f"'{text}' needs a start and stop above 0 and a whole count of at least 2")
        # Rounded to 12 digits, so that decades come out as written.
        return [float(f"{value:.12g}") for value in np.geomspace(start, stop, int(third))]
    if third == 0 or (stop - start) / third < 0:
        raise InputError(path, f"the step of '{text}' does not lead from {start:g} to {stop:g}")
    count = int(np.floor((stop - start) / third + 1e-9)) + 1
    return [float(f"{start + index * third:.12g}") for index in range(count)]
