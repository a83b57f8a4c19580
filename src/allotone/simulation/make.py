"""From a source tree to its program, and the record of how it was built."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

from ..errors import SimulationError
from .compiler import Compiler, require
from .device.choice import OURS, Choice
from .device.functions import LOOP_MARK

# Scheduling before registers are given out, with an eye on how many there are, spares long loops a sixth of their time.
_FAST_FLAGS = ("-w", "-O3", "-ffast-math", "-march=native", "-mprefer-vector-width=512", "-fschedule-insns",
               "-fsched-pressure", "-std=gnu++14")  # fmt: skip
_PRECOMPILED = """#include <vector>
#include <iostream>
#include <fstream>
#include <map>
#include <tuple>
#include <random>
#include <string>
#include <cmath>
#include <algorithm>
#include "objects.h"
"""


def flags(choice: Choice, compiler: Compiler) -> tuple[str, ...]:
    """What the compiler is told, by device."""
    return _FAST_FLAGS if choice.device == OURS else compiler.flags


def make(folder: Path, choice: Choice, compiler: Compiler) -> None:
    """Compile a source tree into its program `main`, and write `build.json` beside it.

    Raises
    ------
    InputError
        There is no `make`.
    SimulationError
        Compilation failed, with what it printed.
    """
    start, given = time.perf_counter(), flags(choice, compiler)
    loops = (
        _make_ours(folder, compiler.command, given)
        if choice.device == OURS
        else _make_stock(folder, compiler.command, given)
    )
    record = {
        "device": choice.device, "compiler": compiler.version, "flags": " ".join(given), "note": choice.note,
        "seconds": round(time.perf_counter() - start, 2), "loops": loops,
    }  # fmt: skip
    (folder / "build.json").write_text(json.dumps(record, indent=1))


def _make_ours(folder: Path, command: str, flags: tuple[str, ...]) -> dict[str, int]:
    """Compile a program of our device; how many bytes the vectors of each of its loops have."""
    made = subprocess.run(
        [command, *flags, "-fopt-info-vec-optimized=loops.txt", "main.cpp", "-o", "main"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    _check(folder, made)
    said = (folder / "loops.txt").read_text()
    return vectorised((folder / "main.cpp").read_text(), said)


def vectorised(program: str, said: str) -> dict[str, int]:
    """Bytes of the vectors of each loop that a program marks, 0 where it takes agents one by one.

    Parameters
    ----------
    program : str
        Our C++.
    said : str
        What gcc says of what it vectorised.
    """
    widths: dict[int, int] = {}
    for line, width in re.findall(r"main\.cpp:(\d+):\d+: optimized: loop vectorized using (\d+) byte", said):
        widths[int(line)] = max(int(width), widths.get(int(line), 0))
    lines = program.splitlines()
    marks = ((number, line) for number, line in enumerate(lines, 1) if line.startswith(LOOP_MARK))
    loops: dict[str, int] = {}
    for number, line in marks:
        first = next(place for place in range(number, len(lines)) if lines[place].startswith("for")) + 1
        loops[line.removeprefix(LOOP_MARK)] = widths.get(first, 0)
    return loops


def _make_stock(folder: Path, command: str, flags: tuple[str, ...]) -> dict[str, int]:
    """Compile a source tree of Brian2's own device, with its common headers precompiled once."""
    require("make")
    (folder / "precompiled.h").write_text(_PRECOMPILED)
    header = subprocess.run(
        [command, "-x", "c++-header", *flags, "-I.", "precompiled.h", "-o", "precompiled.h.gch"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    include = ["-include", "precompiled.h"] if header.returncode == 0 else []
    # An empty DEPS skips the makefile's dependency pass, which a fresh tree does not need.
    made = subprocess.run(
        ["make", f"-j{os.cpu_count() or 1}", "DEPS=", f"CXX={command}", f"OPTIMISATIONS={' '.join([*flags, *include])}"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    _check(folder, made)
    for path in folder.rglob("*.o"):
        path.unlink()
    (folder / "precompiled.h.gch").unlink(missing_ok=True)
    return {}


def _check(folder: Path, made: subprocess.CompletedProcess) -> None:
    if made.returncode != 0 or not (folder / "main").exists():
        raise SimulationError(f"compilation failed:\n{made.stderr[-4000:]}")
