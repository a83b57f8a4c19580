"""The scoreboard: every check of a group computed now, and shown."""

import importlib
from collections.abc import Iterable

from ..errors import unknown
from .checks import ROLES, Board, Result
from .render import page
from .render import text as text

# Each is a module of this package with a function `checks() -> list[Check]`.
GROUPS = ("receptors", "concentration")


def validate(names: Iterable[str] = ()) -> Board:
    """Every check of the named groups.

    Parameters
    ----------
    names : iterable of str
        Of `GROUPS`; all of them when empty.

    Raises
    ------
    InputError
        Unknown group, with the nearest name.
    """
    chosen = list(dict.fromkeys(names)) or GROUPS
    for name in chosen:
        if name not in GROUPS:
            raise unknown("validate", "group of checks", name, GROUPS)
    results = [
        Result(one, float(one.simulate()), name)
        for name in chosen
        for one in importlib.import_module(f".{name}", __package__).checks()
    ]
    results.sort(key=lambda one: list(ROLES).index(one.check.role))
    return Board(tuple(results))


def markdown() -> str:
    """The page of all groups for the documentation."""
    return page(validate())
