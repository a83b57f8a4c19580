"""What is printed of a result, and the scoreboard as text for a terminal."""

import math
import textwrap
from collections.abc import Iterable

from .checks import DECLARED, FAILURES, REPORTED, ROLES, Board, Result
from .targets import PRINTED, ROUNDING, SIGN, Target, unbounded

# "interval" is of the mean over runs, 95 %.
COLUMNS = (
    "id", "group", "room", "role", "published", "simulated", "interval", "error", "unit", "verdict", "parameter set",
    "keys", "quantity", "bounds",
)  # fmt: skip
# A terminal shows these of a check in one line, and under it what is longer.
_FIRST = ("id", "published", "simulated", "interval", "error", "unit", "verdict")
_UNDER = ("quantity", "parameter set", "keys", "group", "room")
_WIDTH = 132


def text(board: Board) -> str:
    """The checks of each role, the reasons of declared misses and of reported values, failures, headline."""
    table = table_of(board)
    head = dict(zip(COLUMNS, COLUMNS))
    filled = filled_columns(table)
    widths = {column: max(len(row[column]) for row in (head, *table)) for column in _FIRST if column in filled}

    def shown(row: dict[str, str]) -> list[str]:
        first = "  ".join(row[column].ljust(width) for column, width in widths.items())
        return [first.rstrip(), *_wrapped(" | ".join(row[column] for column in _UNDER if column in filled), "    ")]

    lines = shown(head)
    for role, meaning in ROLES.items():
        rows = [row for row in table if row["role"] == role]
        lines += ["", f"{role.capitalize()}s ({meaning}):"] if rows else []
        lines += [line for row in rows for line in shown(row)]
    for title, results in with_reasons(board):
        lines += ["", f"{title}:"]
        lines += [line for one in results for line in _wrapped(f"{one.check.name}: {one.reason}", "  ")]
    return "\n".join([*lines, "", board.headline()])


def _wrapped(words: str, indent: str) -> list[str]:
    """Lines of a terminal, none of them broken within a word."""
    return textwrap.wrap(
        words, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def table_of(board: Board) -> list[dict[str, str]]:
    """What is printed of each result, by `COLUMNS`."""
    return [dict(zip(COLUMNS, _cells(one))) for one in board.results]


def filled_columns(table: Iterable[dict[str, str]]) -> tuple[str, ...]:
    """Those of `COLUMNS` that something stands in."""
    table = list(table)
    return tuple(column for column in COLUMNS if any(row[column] for row in table))


def with_reasons(board: Board) -> list[tuple[str, list[Result]]]:
    """Results whose verdict needs a reason, under titles."""
    titles = {"Declared misses": (DECLARED,), "Reported without verdict": (REPORTED,), "Failures": FAILURES}
    chosen = {title: [one for one in board.results if one.verdict in verdicts] for title, verdicts in titles.items()}
    return [(title, results) for title, results in chosen.items() if results]


def _cells(result: Result) -> tuple[str, ...]:
    """What is printed of a result, under `COLUMNS`."""
    one = result.check
    return (
        one.name,
        result.group,
        result.room,
        one.role,
        _published(one.target),
        _number(result.simulated),
        _interval(result),
        _error(one.target, result.simulated),
        "" if one.target.unit == "1" else one.target.unit,
        result.verdict,
        one.parameters,
        " ".join(one.keys) if len(one.keys) < 3 else f"{one.keys[0]} and {len(one.keys) - 1} more",
        one.quantity,
        one.target.bounds,
    )


def _published(target: Target) -> str:
    """Value and bounds; a bare sign as one."""
    if target == unbounded(target.unit, target.value):
        return "" if target.value is None else _number(target.value)
    if target.bounds == SIGN and ROUNDING in (target.low, -target.high):
        return "> 0" if target.low > 0 else "< 0"
    if target.bounds == PRINTED:
        return _number(target.value)
    if math.isinf(target.high):
        return f">= {_number(target.low)}"
    if math.isinf(target.low):
        return f"<= {_number(target.high)}"
    bounds = f"[{_number(target.low)}, {_number(target.high)}]"
    return bounds if target.value is None else f"{_number(target.value)} {bounds}"


def _interval(result: Result) -> str:
    """Ends of the interval and how many runs it is of; of one run that alone."""
    found = result.interval
    if found is None or found.count < 2:
        return "" if found is None else f"{found.count} run"
    return f"[{_number(found.low)}, {_number(found.high)}] n {found.count}"


def _error(target: Target, simulated: float) -> str:
    error = target.error(simulated)
    if error is None:
        return ""
    # Rounded first, and 0 added: no "-0".
    distance, of = error
    return f"{round(distance, 1) + 0.0:+.1f} spread" if of == "spread" else f"{round(distance, 2) + 0.0:+.0%}"


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    # What is left of a zero by rounding differs between machines.
    return "0" if abs(value) < ROUNDING else f"{value:.4g}"
