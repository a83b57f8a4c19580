"""A plan's binary: built once for a structure, found again by the content of its source."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import brian2

from ..errors import InputError, MachineError, SimulationError
from ..network.plan import Plan
from .cache import build_record, cache_folder, hold, limit, noted, put, seal, trim
from .compiler import compiler
from .device.choice import Choice, choose
from .make import flags, make
from .scratch import run_folder

# Below this the disk, not the network, is the reason of a failure.
_LEAST_ROOM = 10_000_000  # bytes
_built: dict[str, "Binary"] = {}
_building = threading.Lock()


@dataclass(frozen=True)
class Binary:
    """A compiled model structure: its folder, what it writes, and how it was made.

    Attributes
    ----------
    folder : Path       with the program `main`
    manifest : dict     what it takes and writes
    compiler : str      version line
    flags : str
    build : dict        how it was built, as the device recorded it
    """

    folder: Path
    manifest: dict
    compiler: str
    flags: str
    build: dict


def compile_plan(plan: Plan, show_progress: bool = False) -> Binary:
    """The binary of a plan's structure, built if it is not in the cache.

    Raises
    ------
    InputError
        The compiler is missing, or the cache cannot be used.
    MachineError
        There is no room for it.
    SimulationError
        Code generation or compilation failed, with what it printed.
    """
    # The user may ask for another device, whose source is another.
    structure = f"{os.environ.get('ALLOTONE_DEVICE', '')} {plan.structure}"
    # One at a time: threads that want the same structure find it built.
    with _building:
        if structure not in _built or not (_built[structure].folder / "main").exists():
            root = cache_folder()
            try:
                _built[structure] = _find_or_build(plan, structure, root, show_progress)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise _full(root, error.strerror) from None
                raise InputError(
                    "ALLOTONE_CACHE",
                    f"the compile cache '{root}' cannot be used: {error.strerror or error}; "
                    "set ALLOTONE_CACHE to a folder that can be written to",
                ) from None
        return _built[structure]


def _full(root: Path, reason: str) -> MachineError:
    return MachineError(
        f"the compile cache '{root}' is on a full disk ({reason}); make room (`allotone cache --clear` removes the "
        "binaries that nobody uses) or set ALLOTONE_CACHE to a folder elsewhere"
    )


def _find_or_build(plan: Plan, structure: str, root: Path, show_progress: bool) -> Binary:
    chosen = compiler()
    choice = choose(chosen)
    _say(choice)
    # A note of which binary this structure led to before, by everything its source depends on: no code generation.
    told = flags(choice, chosen)
    name = _sha(structure, _generator(), choice.device, chosen.version, *told, chosen.processor)
    note = root / f"{name}.structure"
    folder = _sound(note)
    if folder is None:
        # Only who builds needs it, and it takes as long to import as a small simulation.
        from filelock import FileLock

        root.mkdir(parents=True, exist_ok=True)
        with FileLock(note.with_suffix(".lock")):
            folder = _sound(note) or _build(plan, choice, root, note, show_progress)
        trim(root, limit())
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return Binary(folder, manifest, chosen.version, " ".join(told), build_record(folder))


@cache
def _say(choice: Choice) -> None:
    """Once a process, why simulations are slower here than they could be."""
    if choice.note:
        print(
            f"allotone: note: simulations are written by Brian2's own device, which is slower: {choice.note}",
            file=sys.stderr,
        )


def _sound(note: Path) -> Path | None:
    """Folder of the sound binary that a note leads to."""
    folder = noted(note)
    return folder if folder and hold(folder) else None


def _build(plan: Plan, choice: Choice, root: Path, note: Path, show_progress: bool) -> Path:
    """Folder of the binary whose source the plan generates, compiled if no other structure led to it before."""
    from filelock import FileLock

    chosen = compiler()
    # Locked while this process lives; if it is killed, the next one that builds removes it.
    with run_folder(str(root)) as temporary:
        source = Path(temporary) / "source"
        source.mkdir()
        try:
            _generate(plan, source, choice)
            folder = root / _content_hash(source, chosen.version, chosen.processor, *flags(choice, chosen))
            with FileLock(f"{folder}.lock"):
                if not hold(folder):
                    if show_progress:
                        print("compiling this network's structure, once (a few seconds)", file=sys.stderr, flush=True)
                    make(source, choice, chosen)
                    seal(source, _populations(plan), chosen.version)
                    put(source, folder, Path(temporary))
                    if not hold(folder):
                        raise InputError(
                            "ALLOTONE_CACHE",
                            f"programs in '{root}' cannot be run; set ALLOTONE_CACHE to a folder where they can",
                        )
        except SimulationError as error:
            if shutil.disk_usage(root).free < _LEAST_ROOM:
                raise _full(root, str(error).splitlines()[0]) from None
            raise
        unfinished = Path(temporary) / "note"
        unfinished.write_text(folder.name)
        unfinished.replace(note)
    return folder


def _populations(plan: Plan) -> str:
    return ", ".join(f"{group.size} {group.population}" for group in plan.groups if group.population)


def _sha(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]


@cache
def _generator() -> str:
    """Version of what turns a plan into source: this package's own code, Brian2 and Python."""
    digest = hashlib.sha256(f"{brian2.__version__} {sys.version}".encode())
    for folder, folders, files in os.walk(Path(__file__).parents[1]):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        for name in sorted(files):
            with open(f"{folder}/{name}", "rb", buffering=0) as file:
                digest.update(file.read())
    return digest.hexdigest()


def _generate(plan: Plan, folder: Path, choice: Choice) -> None:
    text = json.dumps(asdict(plan))
    # Started in the new folder, so that nothing lying in the caller's is imported.
    search = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    child = subprocess.run(
        [sys.executable, "-m", "allotone.simulation.codegen", str(folder), choice.device],
        cwd=folder, input=text, capture_output=True, text=True, check=False,
        # Brian2 takes some lines from sets: the same order in every process, or one structure has several binaries.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in search if p), "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()[-1:] or ["no message"]
        raise SimulationError(f"code generation failed: {last[0]}")


def _content_hash(folder: Path, *others: str) -> str:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    contents = (f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)
    return _sha(*others, *contents)
