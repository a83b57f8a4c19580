"""The scoreboard as text for a terminal and as a page of the documentation."""

import math
import textwrap
from collections.abc import Iterable

from .checks import DECLARED, FAILURES, REPORTED, ROLES, Board, Result
from .data import TABLES, row_of, rows
from .targets import CONVENTIONS, DETECTABLE, PRINTED, ROUNDING, SIGN, Target, unbounded

COLUMNS = (
    "id", "group", "role", "published", "simulated", "error", "unit", "verdict", "parameter set", "keys", "quantity",
)  # fmt: skip
# A terminal shows these of a check in one line, and under it what is longer.
_FIRST = ("id", "published", "simulated", "error", "unit", "verdict")
_UNDER = ("quantity", "parameter set", "keys", "group")
_WIDTH = 132

_INTRODUCTION = (
    "What `allotone validate` computes, of receptors and of concentrations: each published value beside the simulated one, and "
    "whether this lies within the spread of the source or, where none was printed, a convention "
    f"({'; '.join(CONVENTIONS)}). "
    f"A sign counts where the change is at least {DETECTABLE:.0%}, for less would not have been seen. "
    "Only predictions are evidence, and each of them comes out otherwise with other numbers of the model. What follows "
    "from its form whatever the numbers (each varied up to fivefold, or over its own range) is construction, of which the "
    "bare sign is asked. What allopregnanolone does to a network is not graded here, for it needs runs of one: the experiments make "
    "them, and `dose_response` asks for the gamma of interneurons with and without delta receptors, which was seen in slices "
    "(Ferando & Mody 2013). A declared miss is one whose reason stands below; should the model come to meet it, the "
    "declaration itself fails the board."
)
_LEFT = (
    "These were read and are held against nothing. Of those that concern what the package describes:",
    "The rest concern networks, other drugs, other subtypes, or quantities that neither receptors nor schedules here have:",
)
# Rows without a check whose subject is near to something that the package has, by the beginning of their key.
_NOT_DESCRIBED = {
    "sipsc_dgc_": "size of synaptic currents over cycle and pregnancy: not described, for `regulate` leaves synapses alone",
    "thdoc_rapid_d": "rise of delta within half an hour of steroid in slices: not described, for the presets follow "
    "exposures in plasma with a time constant of hours",
    "costa_pw": "GABA EC50 after withdrawal, which stays: not described, for `regulate` changes how many receptors there "
    "are and none of their numbers",
    "allo_ca_progenitor_ec50": "calcium of progenitors: needs a run of the network `neural_progenitor`; the experiment "
    "`depolarising_gaba` holds it against this value",
    "iso_s": "what isolation does to synthesis and to the enzyme: the first is put into the state `isolation`, and the second, which "
    "fell less, is protein and no activity",
    "ssri_": "a Km that others did not find again: the state `ssri` is opt-in, and its size assumed",
    "mpa_": "progestins on enzymes: said in words, so that what `progestin` does with them is assumed",
    "CSF_": "deficits in cerebrospinal fluid: no compartment here; `factor` or the enzymes' activities make one",
    "stress_": "share of women in whom it rises: `acute_stress` is of rats",
    "PI_ratio": "isomers in pregnancy: only allopregnanolone is described",
}


def text(board: Board) -> str:
    """The checks of each role, the reasons of declared misses and of reported values, failures, headline."""
    head, *table = (dict(zip(COLUMNS, cells)) for cells in (COLUMNS, *map(_cells, board.results)))
    widths = {column: max(len(row[column]) for row in (head, *table)) for column in _FIRST}

    def shown(row: dict[str, str]) -> list[str]:
        first = "  ".join(row[column].ljust(width) for column, width in widths.items())
        return [first.rstrip(), *_wrapped(" | ".join(row[column] for column in _UNDER), "    ")]

    lines = shown(head)
    for role, meaning in ROLES.items():
        lines += ["", f"{role.capitalize()}s ({meaning}):"]
        lines += [line for row in table if row["role"] == role for line in shown(row)]
    for title, results in _with_reasons(board):
        lines += ["", f"{title}:"]
        lines += [line for one in results for line in _wrapped(f"{one.check.name}: {one.reason}", "  ")]
    return "\n".join([*lines, "", board.headline()])


def page(board: Board) -> str:
    """The same in Markdown, one table a role, with the sources and the rows that no check uses."""
    lines = ["# Scoreboard", "", _INTRODUCTION, "", "```text", board.headline(), "```"]
    columns = [*(column for column in COLUMNS if column != "role"), "bounds"]
    for role, meaning in ROLES.items():
        lines += ["", f"## {role.capitalize()}s", "", f"{meaning[0].upper()}{meaning[1:]}.", ""]
        lines += [_line(columns), _line(["---"] * len(columns))]
        for result in board.results:
            if result.check.role == role:
                cells = dict(zip(COLUMNS, _cells(result)), bounds=result.check.target.bounds)
                lines.append(_line(_code(cells[column], column) for column in columns))
    for title, results in _with_reasons(board):
        lines += ["", f"## {title}", "", *(f"- `{result.check.name}`: {result.reason}" for result in results)]
    used = dict.fromkeys(key for result in board.results for key in result.check.keys)
    lines += ["", "## Sources", "", _line(["key", "source", "DOI or address"]), _line(["---"] * 3)]
    for row in map(row_of, used):
        status = " (recalled)" if row.status == "recalled" else ""
        lines.append(_line([f"`{row.key}`", _plain(row.source) + status, _plain(row.doi or row.pmcid_or_url)]))
    left = [key for table in TABLES for key, row in rows(table).items() if row.status == "seen" and key not in used]
    near = {start: [key for key in left if key.startswith(start)] for start in _NOT_DESCRIBED}
    rest = [key for key in left if not key.startswith(tuple(near))]
    lines += ["", "## Rows without a check", "", _LEFT[0], ""]
    lines += [f"- {_codes(keys)}: {_NOT_DESCRIBED[start]}" for start, keys in near.items() if keys]
    lines += ["", _LEFT[1], "", f"{_codes(rest)}."]
    return "\n".join(lines) + "\n"


def _wrapped(words: str, indent: str) -> list[str]:
    """Lines of a terminal, none of them broken within a word."""
    return textwrap.wrap(
        words, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _codes(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _with_reasons(board: Board) -> list[tuple[str, list[Result]]]:
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
        one.role,
        _published(one.target),
        _number(result.simulated),
        _error(one.target, result.simulated),
        "" if one.target.unit == "1" else one.target.unit,
        result.verdict,
        one.parameters,
        " ".join(one.keys) if len(one.keys) < 3 else f"{one.keys[0]} and {len(one.keys) - 1} more",
        one.quantity,
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


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(cell: str, column: str) -> str:
    return f"`{cell}`" if column == "id" else _plain(cell)


def _plain(words: str) -> str:
    return words.replace("|", "\\|").replace("_", "\\_").replace("<", "&lt;")
