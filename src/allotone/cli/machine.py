"""Commands about this machine: the cache of binaries, and whether all that a simulation needs is here."""

import json
import os
import platform
import time
from dataclasses import asdict
from pathlib import Path

from ..errors import InputError
from ..progress import size_text
from .common import DONE, FAILED

_PACKAGES = ("brian2", "numpy", "scipy", "h5py")


def add_commands(command) -> None:
    """Declare `cache` and `doctor`."""
    cache = command("cache", _cache, "the binaries that simulations left, which later ones of the same structure use")
    cache.add_argument("--clear", action="store_true", help="remove all that no process uses")

    command("doctor", _doctor, "whether all that a simulation needs is here, and what to do where it is not")


def _cache(options) -> int:
    from ..simulation.cache import cache_folder, entries, limit, trim

    root, most = cache_folder(), limit()
    removed = trim(root, 0) if options.clear else []
    found = entries(root)
    size = sum(entry.size for entry in found)
    if options.json:
        binaries = [asdict(entry) | {"folder": str(entry.folder)} for entry in found]
        freed = (
            {"removed": len(removed), "removed_bytes": sum(entry.size for entry in removed)} if options.clear else {}
        )
        print(json.dumps({"folder": str(root), "limit": most, "size": size, "binaries": binaries} | freed))
        return DONE
    if options.clear:
        print(f"removed {_binaries(len(removed))}, {size_text(sum(entry.size for entry in removed))}")
    elif found:
        print(f"{'last used':17} {'size':8} {'folder':33} {'device':23} network")
    for entry in found:
        used = "in use, so it stays" if options.clear else time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.used))
        print(f"{used:17} {size_text(entry.size):8} {entry.folder.name:33} {entry.device:23} {entry.network}")
    print(f"{_binaries(len(found))}, {size_text(size)} of {size_text(most)} in {root}")
    return DONE


def _binaries(number: int) -> str:
    return "1 binary" if number == 1 else f"{number} binaries"


def _doctor(options) -> int:
    findings = {
        "python": (True, platform.python_version()),
        **{name: _package(name) for name in _PACKAGES},
        "compiler": _compiler(),
        "device": _device(),
        "cache": _cache_folder(),
        "scratch": _scratch_folder(),
    }
    if options.json:
        print(json.dumps({name: {"ok": ok, "text": text} for name, (ok, text) in findings.items()}))
    else:
        for name, (ok, text) in findings.items():
            print(f"{name:9} {'OK' if ok else '--':3} {text}")
    return DONE if all(ok for ok, _ in findings.values()) else FAILED


def _package(name: str) -> tuple[bool, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return True, version(name)
    except PackageNotFoundError:
        return False, f"is not installed; python -m pip install {name}"


def _compiler() -> tuple[bool, str]:
    from ..simulation.compiler import compiler

    try:
        return True, compiler().version
    except InputError as error:
        return False, error.message


def _device() -> tuple[bool, str]:
    from ..simulation.compiler import compiler
    from ..simulation.device.choice import choose

    try:
        choice = choose(compiler())
    except InputError as error:
        return False, str(error)
    # The stock one is slower, and as right.
    return True, f"{choice.device}; {choice.note}" if choice.note else choice.device


def _cache_folder() -> tuple[bool, str]:
    from ..simulation.cache import cache_folder, entries, limit

    root = cache_folder()
    try:
        most = limit()
    except InputError as error:
        return False, str(error)
    # Where it is not there yet, what decides is the nearest folder above it that is.
    nearest = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        return False, f"'{root}' cannot be written to; set ALLOTONE_CACHE to a folder that can"
    return True, f"{size_text(sum(entry.size for entry in entries(root)))} of {size_text(most)} in {root}"


def _scratch_folder() -> tuple[bool, str]:
    import shutil
    import tempfile

    from ..simulation.scratch import scratch_folder

    folder = scratch_folder() or tempfile.gettempdir()
    if not os.access(folder, os.W_OK):
        return False, f"'{folder}' cannot be written to; set TMPDIR to a folder that can"
    free = shutil.disk_usage(Path(folder)).free
    return True, f"{size_text(free)} free in {folder}{'' if scratch_folder() else ', which is on a disk and slower'}"
