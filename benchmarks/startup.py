"""What is waited for before a simulation begins: imports, the command line, the first build and the next process."""

import os
import subprocess
import sys
import tempfile
import time

import report
from report import Bar

_FIRST_RESULT = "from allotone import Network; Network.load('coba_driven').run('10 ms')"
# The package puts off what it can; a network is what all of it is needed for.
_IMPORTS = {
    "brian2": "import brian2",
    "allotone": "import allotone",
    "Network": "from allotone import Network",
}
_IMPORT_ROUNDS = 10
# A sweep whose state is asked for: small, since the question is what the command itself takes.
_SWEPT = {
    "network": "pv_gamma",
    "settings": {"populations.pv.size": 10, "projections.pv_to_pv.connect.reach": 4},
    "axes": [{"name": "dose", "paths": ["medium.allopregnanolone"], "values": ["0 nM", "10 nM"]}],
    "seeds": 1,
    "duration": "20 ms",
    "statistics": ["mean_rate"],
}


def measure(rounds: int) -> tuple[list[Bar], list[str]]:
    """Lines of the summary and sections of the page."""
    imports = {name: [] for name in _IMPORTS}
    for number in range(_IMPORT_ROUNDS + 1):
        for name in list(_IMPORTS)[:: 1 if number % 2 else -1]:
            imports[name].append(_wall("-c", _IMPORTS[name]))
    # The first of each has read the disk.
    imports = {name: walls[1:] for name, walls in imports.items()}
    bars = [
        Bar(
            "import",
            f"{_IMPORTS[name]} / import brian2",
            [one / two for one, two in zip(imports[name], imports["brian2"])],
            1.3,
        )
        for name in ("allotone", "Network")
    ]
    cold, warm = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(_wall("-c", _FIRST_RESULT, cache=cache))
            warm.append(_wall("-c", _FIRST_RESULT, cache=cache))
    bars += [
        Bar("start", "cold build of `coba_driven` and 10 ms of it", cold, 5, unit="s"),
        Bar("start", "a second process to the same result", warm, 1.5, unit="s"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/sweep.h5"
        report.call("sweep_process.py", "run", asked=_SWEPT | {"file": file})
        commands = [["--help"], ["list"], ["status", file]]
        walls = [[_wall("-m", "allotone", *command) for command in commands] for _ in range(rounds + 1)][1:]
    bars += [
        Bar("start", f"`allotone {command[0]}`", took, 0.3, unit="s") for command, took in zip(commands, zip(*walls))
    ]
    rows = [[code, report.spread(imports[name])] for name, code in _IMPORTS.items()]
    note = (
        f"Wall-clock seconds of whole processes; {_IMPORT_ROUNDS} rounds of imports, in turn. A cold build begins with an "
        "empty cache; the second process finds what the first compiled."
    )
    return bars, ["\n\n".join(["## Starting", note, report.table(["", "s"], rows)])]


def _wall(*arguments: str, cache: str | None = None) -> float:
    """Seconds that Python takes with these arguments from start to end."""
    environment = os.environ | ({"ALLOTONE_CACHE": cache} if cache else {})
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
