"""Data flows one way: which module may import which, and who alone may import what."""

import ast
from pathlib import Path

import pytest

import allotone

ROOT = Path(allotone.__file__).parent

# Each room with what it may use; a room may always use itself.
BASE = {"errors", "units", "parameters", "values", "progress"}
MAY_IMPORT = {
    "errors": set(),
    "units": {"errors"},
    "parameters": set(),
    "values": {"errors", "units"},
    "progress": set(),
    "concentration": BASE,
    "receptors": BASE,
    "neurons": BASE,
    "synapses": BASE,
    "statistics": {"errors", "units"},
    "figures": {"errors", "units"},
    "results": {"errors", "units", "statistics"},
    "network": BASE | {"concentration", "receptors", "neurons", "synapses"},
    "simulation": BASE | {"concentration", "receptors", "network", "statistics", "results"},
    "sweep": BASE | {"concentration", "network", "simulation", "statistics", "results"},
    "published": BASE | {"concentration", "receptors", "network", "simulation", "statistics"},
    "cli": None,
    "__main__": None,
    "__init__": None,
}
ALONE = {"h5py": {"results"}, "matplotlib": {"figures"}, "set_device": {"simulation"}, "get_device": {"simulation"}}


def modules():
    return [(path, path.relative_to(ROOT).parts[0].removesuffix(".py")) for path in sorted(ROOT.rglob("*.py"))]


def imported(path):
    """Rooms of this package and top-level names of others that a module imports, wherever in its text."""
    depth = len(path.relative_to(ROOT).parts) - 1
    rooms, others = set(), set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            others |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            others |= {alias.name for alias in node.names} | ({node.module.split(".")[0]} if node.module else set())
            if node.level and node.level == depth + 1:
                rooms |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
    return rooms, others


def test_every_room_has_its_place():
    assert {room for _, room in modules()} <= set(MAY_IMPORT), "a new room needs a line in MAY_IMPORT"


def breaches(room, rooms, others):
    """What a module of a room imports and may not."""
    allowed = MAY_IMPORT[room]
    wrong = set() if allowed is None else rooms - {room} - allowed
    return wrong | {name for name, homes in ALONE.items() if name in others and room not in homes}


@pytest.mark.parametrize(("path", "room"), modules(), ids=lambda value: getattr(value, "stem", value))
def test_imports_go_one_way(path, room):
    assert breaches(room, *imported(path)) == set()


def test_a_breach_is_noticed_wherever_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    module = tmp_path / "statistics" / "breach.py"
    module.parent.mkdir()
    module.write_text("def f():\n    from ..results import read_run\n    from ..units import parse\n    import h5py\n")
    assert breaches("statistics", *imported(module)) == {"results", "h5py"}
    module.write_text("from .. import network\nfrom .values import Statistic\n")
    assert breaches("statistics", *imported(module)) == {"network"}
