"""A plan's binary: built once for a structure, found again by the content of its source."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import platformdirs
from filelock import FileLock

from ..errors import InputError, SimulationError
from ..network.plan import Plan

# Where a binary finds this file, it writes no more than its manifest names.
ANSWER_ONLY = "answer_only"
_FLAGS = {
    # Without finite-math-only glibc declares no vector exp, and above ten arrays gcc gives up on aliasing checks.
    "gcc": ["-w", "-O3", "-ffast-math", "-march=native", "-mprefer-vector-width=512",
            "--param=vect-max-version-for-alias-checks=1000", "-std=c++11"],
    "other": ["-w", "-O3", "-std=c++11"],
}  # fmt: skip
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
_built: dict[str, "Binary"] = {}
_building = threading.Lock()


@dataclass(frozen=True)
class Binary:
    """A compiled model structure: its folder, what it writes, and how it was made."""

    folder: Path
    manifest: dict
    compiler: str
    flags: str


def cache_folder() -> Path:
    """Where binaries are kept: ALLOTONE_CACHE, or the user's cache folder."""
    return Path(os.environ.get("ALLOTONE_CACHE") or platformdirs.user_cache_dir("allotone"))


@cache
def compiler() -> tuple[str, str, list[str]]:
    """Command, version line and flags of the C++ compiler.

    Raises
    ------
    InputError
        No compiler or no make, with the package to install.
    """
    command = os.environ.get("CXX") or "g++"
    for tool in (command, "make"):
        if shutil.which(tool) is None:
            raise InputError(
                "compiler",
                f"'{tool}' was not found, and simulations are compiled; install it (Debian, Ubuntu: apt install g++ make; "
                "macOS: xcode-select --install; conda: conda install cxx-compiler make)",
            )
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
    is_gcc = "Free Software Foundation" in version and platform.machine() == "x86_64"
    return command, version.splitlines()[0] if version else command, _FLAGS["gcc" if is_gcc else "other"]


@cache
def _processor() -> str:
    """What `-march=native` depends on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() + platform.machine()
    return "".join(sorted({line for line in lines if line.startswith(("model name", "flags"))}))


def compile_plan(plan: Plan, show_progress: bool = False) -> Binary:
    """The binary of a plan's structure, built if it is not in the cache.

    Raises
    ------
    InputError
        The compiler is missing, or the cache cannot be written.
    SimulationError
        Code generation or compilation failed, with what it printed.
    """
    structure = plan.structure
    # One at a time: threads that want the same structure find it built.
    with _building:
        if structure not in _built or not (_built[structure].folder / "main").exists():
            try:
                _built[structure] = _find_or_build(plan, show_progress)
            except OSError as error:
                raise InputError(
                    "ALLOTONE_CACHE",
                    f"the compile cache '{cache_folder()}' cannot be used: {error.strerror or error}; "
                    "set ALLOTONE_CACHE to a folder that can be written to",
                ) from None
        return _built[structure]


def _find_or_build(plan: Plan, show_progress: bool) -> Binary:
    command, version, flags = compiler()
    root = cache_folder()
    root.mkdir(parents=True, exist_ok=True)
    # A note of which binary this structure led to before, by everything its source depends on: no code generation.
    note = root / f"{_sha(plan.structure, _generator(), version, *flags, _processor())}.structure"
    folder = root / note.read_text() if note.exists() else None
    if folder is None or not (folder / "main").exists():
        folder = _build(plan, root, show_progress)
        unfinished = note.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_text(folder.name)
        unfinished.replace(note)
    return Binary(folder, json.loads((folder / "manifest.json").read_text()), version, " ".join(flags))


def _build(plan: Plan, root: Path, show_progress: bool) -> Path:
    """Folder of the binary whose source the plan generates, compiled if no other structure led to it before."""
    command, version, flags = compiler()
    with tempfile.TemporaryDirectory(dir=root, prefix="new-") as temporary:
        source = Path(temporary) / "source"
        source.mkdir()
        _generate(plan, source, flags)
        folder = root / _content_hash(source, version)
        with FileLock(f"{folder}.lock"):
            if not (folder / "main").exists():
                shutil.rmtree(folder, ignore_errors=True)
                if show_progress:
                    print("compiling this network's structure, once (about 10 s)", file=sys.stderr, flush=True)
                _make(source, command, flags)
                source.rename(folder)
    return folder


def _sha(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]


@cache
def _generator() -> str:
    """Version of what turns a plan into source: this package's own code, Brian2 and Python."""
    digest = hashlib.sha256(f"{metadata.version('brian2')} {sys.version}".encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _generate(plan: Plan, folder: Path, flags: list[str]) -> None:
    text = json.dumps(asdict(plan))
    # Started in the new folder, so that nothing lying in the caller's is imported.
    search = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    child = subprocess.run(
        [sys.executable, "-m", "allotone.simulation.codegen", str(folder), json.dumps(flags)],
        cwd=folder, input=text, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in search if p)},
    )  # fmt: skip
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()[-1:] or ["no message"]
        raise SimulationError(f"code generation failed: {last[0]}")


def _content_hash(folder: Path, version: str) -> str:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    contents = (f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)
    return _sha(version, _processor(), *contents)


def _make(folder: Path, command: str, flags: list[str]) -> None:
    """Compile a source tree, with its common headers precompiled once."""
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
    if made.returncode != 0 or not (folder / "main").exists():
        raise SimulationError(f"compilation failed:\n{made.stderr[-4000:]}")
    for path in folder.rglob("*.o"):
        path.unlink()
    (folder / "precompiled.h.gch").unlink(missing_ok=True)
