"""The scoreboard: every check of a group computed now, and shown."""

import importlib
import sys
import time
from collections.abc import Iterable

from ..errors import unknown
from .checks import FAILURES, ROLES, Board, Check, Result
from .networks import ROOMS
from .pages import networks_page, page
from .render import text as text

# Each is a module of this package with a function `checks() -> list[Check]`, or, `networks`, holds one for each of its rooms.
QUICK = ("receptors", "concentration")
GROUPS = (*QUICK, "networks")


def checks_of(names: Iterable[str] = ()) -> dict[tuple[str, str], list[Check]]:
    """Checks by their group and, of networks, their room; nothing is simulated.

    Parameters
    ----------
    names : iterable of str
        Of `GROUPS` or of the rooms of networks; all groups when empty.

    Raises
    ------
    InputError
        Unknown name, with the nearest one.
    """
    parts: list[tuple[str, str]] = []
    for name in list(names) or GROUPS:
        if name not in (*GROUPS, *ROOMS):
            raise unknown("validate", "group of checks or network", name, (*GROUPS, *ROOMS))
        if name in QUICK:
            parts.append((name, ""))
        else:
            parts += [("networks", room) for room in (ROOMS if name == "networks" else [name])]
    modules = {part: importlib.import_module("." + ".".join(filter(None, part)), __package__) for part in parts}
    return {part: module.checks() for part, module in modules.items()}


def validate(names: Iterable[str] = ()) -> Board:
    """Every check of the named groups or networks, simulated; of networks each is told of once it has been run.

    Parameters and errors are those of `checks_of`.
    """
    found = checks_of(names)
    rooms = [room for _, room in found if room]
    if len(rooms) > 1:
        _tell(f"networks are run, which takes minutes: {', '.join(rooms)}")
    results = []
    for (group, room), checks in found.items():
        started = time.monotonic()
        of_room = [Result.of(one, group, room) for one in checks]
        if room:
            failed = sum(one.verdict in FAILURES for one in of_room)
            _tell(f"{room}: {len(of_room)} checks, {failed} undeclared or stale, {time.monotonic() - started:.0f} s")
        results += of_room
    results.sort(key=lambda one: list(ROLES).index(one.check.role))
    return Board(tuple(results))


def markdown() -> str:
    """The page of receptors and concentrations for the documentation."""
    return page(validate(QUICK))


def networks_markdown() -> tuple[str, Board]:
    """The page of networks for the documentation, and its board; minutes."""
    board = validate(["networks"])
    return networks_page(board), board


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
