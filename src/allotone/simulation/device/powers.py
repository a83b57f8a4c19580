"""Exponentials of one voltage whose slopes are multiples of each other, as the rates of Hodgkin and Huxley's kind are.

Of exp(-v/10), exp(-v/20) and exp(-v/80) only the last is computed; its fourth and eighth power are the others.
"""

import math
import re

_CALL = "vector_exp("
_NUMBER = r"(?:\(- (?P<minus>[\d.e+-]+)\)|(?P<plus>[\d.e+-]+))"
_LINEAR = re.compile(rf"(?:{_NUMBER} (?P<sign>[-+]) \()?(?P<slope>_lio_\d+) \* (?P<of>\w+|\(.*\))$")
_VALUE = re.compile(r"^const double (?P<name>\w+) = (?P<value>[^;]*);$", re.MULTILINE)
_ARITHMETIC = re.compile(r"[\w.\s()*/+-]+")
_POWERS = (1, 2, 4, 8, 16)
# Constants in exponents above this do not arise in rates, and their exponential alone would overflow.
_LARGEST_CONSTANT = 100.0


def share_exponentials(vector: str, scalar: str, constants: list[str]) -> str:
    """The text of a loop with exponentials replaced by powers of others.

    Parameters
    ----------
    vector : str
        C++ of the loop's body.
    scalar : str
        C++ before the loop, which gives the slopes their values.
    constants : list of str
        Declarations of the numbers that stand in it.
    """
    values = _values("\n".join([*constants, scalar]))
    found: dict[str, list[tuple[int, int, float, float, str]]] = {}
    place = vector.find(_CALL)
    while place >= 0:
        end = closing(vector, place + len(_CALL))
        if linear := _linear(vector[place + len(_CALL) : end - 1], values):
            constant, slope, name, of = linear
            found.setdefault(of, []).append((place, end, constant, slope, name))
        place = vector.find(_CALL, place + 1)
    changes: list[tuple[int, int, str]] = []
    for of, calls in found.items():
        if _changes(vector[calls[0][0] : calls[-1][1]], of):
            continue
        least = min(calls, key=lambda call: abs(call[3]))
        powers = [_power(call[3] / least[3]) for call in calls]
        if max(powers) > 1:
            name = f"_e{len(changes)}_"
            changes.append(
                (*[_statement(vector, min(call[0] for call in calls))] * 2, _declared(name, of, least, max(powers)))
            )
            changes += [
                (start, end, f"({math.exp(constant)!r} * {name}{power})")
                for (start, end, constant, _, _), power in zip(calls, powers)
                if power
            ]
    # From the end on, so that places before it stay true; a declaration goes before a call at the same place.
    for start, end, text in sorted(changes, key=lambda change: (change[0], change[1]), reverse=True):
        vector = vector[:start] + text + vector[end:]
    return vector


def closing(text: str, place: int) -> int:
    """Behind the bracket that ends what was opened before a place; the end of the text if none does."""
    depth = 1
    while depth and place < len(text):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        place += 1
    return place


def _values(text: str) -> dict[str, float]:
    """Of the declared numbers, those that are known now."""
    values: dict[str, float] = {}
    for match in _VALUE.finditer(text):
        value = match["value"].replace("1.0f", "1.0")
        if _ARITHMETIC.fullmatch(value) and set(re.findall(r"\b[A-Za-z_]\w*", value)) <= values.keys():
            values[match["name"]] = float(eval(value, {"__builtins__": {}}, values))  # noqa: S307
    return values


def _linear(argument: str, values: dict[str, float]) -> tuple[float, float, str, str] | None:
    """Constant, slope, the slope's C++ and what it multiplies, of an exponent that is linear and has known numbers."""
    match = _LINEAR.fullmatch(argument.removesuffix(")") if " (_lio_" in argument else argument)
    if not match or match["slope"] not in values:
        return None
    of = match["of"]
    if _CALL in of or (of.startswith("(") and (of.count("(") != of.count(")") or closing(of, 1) != len(of))):
        return None
    constant = float(match["plus"] or 0) - float(match["minus"] or 0)
    sign = -1 if match["sign"] == "-" else 1
    if abs(constant) > _LARGEST_CONSTANT or values[match["slope"]] == 0:
        return None
    return constant, sign * values[match["slope"]], f"{'-' if sign < 0 else ''}{match['slope']}", of


def _changes(text: str, of: str) -> bool:
    """Whether a text gives another value to what an exponent holds."""
    return any(re.search(rf"^\s*{name} [-+*/]?= ", text, re.MULTILINE) for name in re.findall(r"\b[A-Za-z_]\w*", of))


def _power(ratio: float) -> int:
    """Which power a ratio of slopes asks for; 0 for none that products of squares give."""
    return next((power for power in _POWERS if math.isclose(ratio, power, rel_tol=1e-12)), 0)


def _statement(text: str, place: int) -> int:
    """Where the statement begins that a place lies in, a whole `if` with its `else`."""
    start = text.rfind("\n", 0, place) + 1
    while text[start] in " \t" or text.startswith("else", start):
        start = text.rfind("\n", 0, start - 1) + 1
    return start


def _declared(name: str, of: str, least: tuple[int, int, float, float, str], most: int) -> str:
    lines = [f"const double {name}1 = {_CALL}{least[4]} * {of});"]
    lines += [
        f"const double {name}{power} = {name}{power // 2}*{name}{power // 2};" for power in _POWERS[1:] if power <= most
    ]
    return "\n".join(lines) + "\n"
