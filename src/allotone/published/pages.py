"""The scoreboard as pages of the documentation: one of receptors and concentrations, one of networks."""

from collections.abc import Iterable

from .checks import ROLES, Board
from .data import row_of, rows
from .networks import CONTEXT
from .render import filled_columns, table_of, with_reasons
from .targets import CONVENTIONS, DETECTABLE

_INTRODUCTION = (
    "What `allotone validate` computes, of receptors and of concentrations: each published value beside the simulated one, and "
    "whether this lies within the spread of the source or, where none was printed, a convention "
    f"({'; '.join(CONVENTIONS)}). "
    f"A sign counts where the change is at least {DETECTABLE:.0%}, for less would not have been seen. "
    "Only predictions are evidence, and each of them comes out otherwise with other numbers of the model. What follows "
    "from its form whatever the numbers (each varied up to fivefold, or over its own range) is construction, of which the "
    "bare sign is asked. Networks, which must be run, have [a page of their own](scoreboard_networks.md). "
    "A declared miss is one whose reason stands below; should the model come to meet it, the declaration itself fails the "
    "board."
)
_NETWORKS_INTRODUCTION = (
    "What `allotone validate networks` computes: each value beside what runs of a network give, as the mean over seeds with its "
    "95 % interval by Student's t and the number n of runs (or of pairs of runs with the same seed). A value is met where the "
    "mean lies within the bounds; a direction, shown as > 0 or < 0, where the whole interval does. Most values were computed: "
    "no paper printed them, but an independent implementation of the same specification gave them, so that they are "
    "evidence on the code and say nothing about a brain. Their bounds are those that came with them. Only predictions are "
    "evidence on the model. A declared miss is one whose reason stands below; should a network come to meet it, the "
    "declaration itself fails the board. This page is that of one machine: `make scoreboard` writes it anew, in minutes, "
    "and where rounding differs a network that scatters gives other numbers within its intervals."
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


def page(board: Board) -> str:
    """Receptors and concentrations in Markdown, with the sources and the rows that no check uses."""
    used = _keys(board)
    tables = rows("pharmacology") | rows("concentration")
    left = [key for key, row in tables.items() if row.status == "seen" and key not in used]
    near = {start: [key for key in left if key.startswith(start)] for start in _NOT_DESCRIBED}
    rest = [key for key in left if not key.startswith(tuple(near))]
    told = [f"- {_codes(keys)}: {_NOT_DESCRIBED[start]}" for start, keys in near.items() if keys]
    return _page("Scoreboard", _INTRODUCTION, board, [_LEFT[0], "", *told, "", _LEFT[1], "", f"{_codes(rest)}."])


def networks_page(board: Board) -> str:
    """Networks in Markdown, with the sources and the rows that no check uses."""
    used = _keys(board)
    left = [f"- `{key}`: {CONTEXT.get(key, 'no reason is given')}" for key in rows("networks") if key not in used]
    return _page("Scoreboard of networks", _NETWORKS_INTRODUCTION, board, left)


def _page(title: str, introduction: str, board: Board, left: list[str]) -> str:
    """One table a role, without the columns that nothing stands in or that say of every check the same group."""
    lines = [f"# {title}", "", introduction, "", "```text", board.headline(), "```"]
    table = table_of(board)
    of_one = {"role", "group"} if len(board.groups) == 1 else {"role"}
    columns = [column for column in filled_columns(table) if column not in of_one]
    for role, meaning in ROLES.items():
        of_role = [cells for cells in table if cells["role"] == role]
        if not of_role:
            continue
        lines += ["", f"## {role.capitalize()}s", "", f"{meaning[0].upper()}{meaning[1:]}.", ""]
        lines += [_line(columns), _line(["---"] * len(columns))]
        lines += [_line(_code(cells[column], column) for column in columns) for cells in of_role]
    for heading, results in with_reasons(board):
        lines += ["", f"## {heading}", "", *(f"- `{result.check.name}`: {result.reason}" for result in results)]
    lines += ["", "## Sources", "", _line(["key", "source", "DOI or address"]), _line(["---"] * 3)]
    for row in map(row_of, _keys(board)):
        status = "" if row.status == "seen" else f" ({row.status})"
        lines.append(_line([f"`{row.key}`", _plain(row.source) + status, _plain(row.doi or row.pmcid_or_url)]))
    return "\n".join([*lines, "", "## Rows without a check", "", *left]) + "\n"


def _keys(board: Board) -> dict[str, None]:
    """Keys of the rows that a board's checks rest on, each once."""
    return dict.fromkeys(key for result in board.results for key in result.check.keys)


def _codes(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(cell: str, column: str) -> str:
    return f"`{cell}`" if column == "id" else _plain(cell)


def _plain(words: str) -> str:
    return words.replace("|", "\\|").replace("_", "\\_").replace("<", "&lt;")
