"""The folder of binaries: entries sealed when complete, checked when found, held while in use, bounded in size."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from ..errors import InputError
from .scratch import sweep

# Written into a folder last: what has none, or does not fit it, is no entry.
SEAL = "allotone.json"
_NEEDED = {"main", "manifest.json"}
_RECORD = "build.json"
_NAME = re.compile(r"[0-9a-f]{32}")
_NOTE, _LOCK, _REMOVED = ".structure", ".lock", ".allotone-removed"
_DEFAULT_LIMIT_MB = 2000
# Descriptors of seals, locked as long as this process lives: nobody removes what it uses.
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Entry:
    """One binary in the folder.

    Attributes
    ----------
    folder : Path
    size : int           bytes
    used : float         when a process last asked for it, seconds since 1970
    network : str        populations of the network that it was built for, and their sizes
    compiler : str       version line
    device : str         that wrote its source
    """

    folder: Path
    size: int
    used: float
    network: str
    compiler: str
    device: str


def cache_folder() -> Path:
    """Where binaries are kept: ALLOTONE_CACHE, or the user's cache folder."""
    return Path(os.environ.get("ALLOTONE_CACHE") or platformdirs.user_cache_dir("allotone"))


def limit() -> int:
    """Bytes that the folder may hold: ALLOTONE_CACHE_SIZE, a number of MB, or 2000 MB.

    Raises
    ------
    InputError
        It is not a number above 0.
    """
    text = os.environ.get("ALLOTONE_CACHE_SIZE") or str(_DEFAULT_LIMIT_MB)
    if not re.fullmatch(r"\d+", text.strip()) or int(text) == 0:
        raise InputError("ALLOTONE_CACHE_SIZE", f"'{text}' is not a whole number of MB above 0, such as 2000")
    return int(text) * 1_000_000


def build_record(folder: Path) -> dict:
    """How a binary was built, from the file `build.json` beside it; empty where there is none."""
    try:
        return json.loads((folder / _RECORD).read_bytes())
    except (OSError, ValueError):
        return {}


def seal(folder: Path, network: str, compiler: str) -> None:
    """Mark a folder as complete, with what tells later that it still is."""
    files = {name: _fingerprint(folder / name) for name in {*_NEEDED, _RECORD} if (folder / name).exists()}
    (folder / SEAL).write_text(json.dumps({"network": network, "compiler": compiler, "files": files}, indent=1))


def hold(folder: Path) -> bool:
    """Whether a folder is an entry as it was sealed; from now on it is in use by this process.

    Reads the files that matter: below a millisecond.
    """
    try:
        descriptor = os.open(folder / SEAL, os.O_RDONLY)
    except OSError:
        return False
    # Whoever removes an entry locks it first, so what is here once it is locked stays.
    if not (_flock(descriptor, fcntl.LOCK_SH) and _is_sound(folder, descriptor)):
        os.close(descriptor)
        return False
    release(folder)
    _held[folder] = descriptor
    # A folder may be for reading only.
    with contextlib.suppress(OSError):
        os.utime(folder / SEAL)
    return True


def release(folder: Path) -> None:
    """From now on an entry is not in use by this process."""
    if folder in _held:
        os.close(_held.pop(folder))


def noted(note: Path) -> Path | None:
    """The folder that a note names, whether it is there or not; None where there is no note or it is garbled."""
    try:
        name = note.read_text()
    except (OSError, ValueError):
        return None
    return note.with_name(name) if _NAME.fullmatch(name) else None


def put(source: Path, folder: Path, away: Path) -> None:
    """Make a sealed folder the entry `folder`; what lay there unsound is moved into the folder `away`."""
    with contextlib.suppress(FileNotFoundError):
        folder.rename(away / "replaced")
    source.rename(folder)


def entries(root: Path) -> list[Entry]:
    """The entries of a cache folder, the one used last first."""
    found = [entry for folder in _named(root, "") if not folder.is_symlink() and (entry := _entry(folder))]
    return sorted(found, key=lambda entry: -entry.used)


def trim(root: Path, most: int) -> list[Entry]:
    """Remove the entries used least recently until the folder holds at most so many bytes; those removed.

    What a living process uses stays, and so does everything that is not an entry.
    """
    found = entries(root)
    size = sum(entry.size for entry in found)
    removed = []
    for entry in reversed(found):
        if size > most and _remove(entry.folder):
            removed.append(entry)
            size -= entry.size
    _remove_traces(root)
    return removed


def _remove(folder: Path) -> bool:
    """Remove an entry, unless a process uses it or this one may not."""
    try:
        descriptor = os.open(folder / SEAL, os.O_RDONLY)
    except OSError:
        return False
    try:
        if not _flock(descriptor, fcntl.LOCK_EX, without_locks=False):
            return False
        # Under another name first, so that nobody meets half of it.
        removed = folder.with_suffix(_REMOVED)
        shutil.rmtree(removed, ignore_errors=True)
        folder.rename(removed)
        shutil.rmtree(removed, ignore_errors=True)
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _remove_traces(root: Path) -> None:
    """Remove notes that lead nowhere, locks of what is neither here nor being built, and what killed processes left."""
    from filelock import FileLock

    for note in _named(root, _NOTE):
        folder = noted(note)
        if folder is not None and not folder.exists():
            with contextlib.suppress(OSError):
                note.unlink()
    for path in _named(root, _LOCK):
        if path.with_suffix("").exists() or path.with_suffix(_NOTE).exists() or path.lstat().st_size > 0:
            continue
        # Somebody may be building it: then it is held.
        with contextlib.suppress(OSError), FileLock(path, timeout=0):
            path.unlink()
    for folder in _named(root, _REMOVED):
        shutil.rmtree(folder, ignore_errors=True)
    sweep(str(root))


def _named(root: Path, suffix: str) -> list[Path]:
    """What lies in the folder under a name that this module gives; others' files may lie there too."""
    try:
        found = list(root.iterdir()) if root.is_dir() else []
    except OSError as error:
        raise InputError("ALLOTONE_CACHE", f"the compile cache '{root}' cannot be read: {error.strerror}") from None
    return [path for path in found if path.suffix == suffix and _NAME.fullmatch(path.stem)]


def _entry(folder: Path) -> Entry | None:
    try:
        used = (folder / SEAL).stat().st_mtime
        size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
        said = {"network": "", "compiler": ""} | json.loads((folder / SEAL).read_bytes())
        device = build_record(folder).get("device", "Brian2 stand-alone C++")
    except OSError:
        # Removed meanwhile, or a folder of others.
        return None
    except (ValueError, TypeError, AttributeError):
        said, device = {"network": "damaged", "compiler": ""}, ""
    return Entry(folder, size, used, said["network"], said["compiler"], device)


def _is_sound(folder: Path, descriptor: int) -> bool:
    """Whether everything is as it was sealed; `descriptor` is that of the seal."""
    try:
        # Another entry may have taken the place of what was locked.
        if not os.path.samestat(os.fstat(descriptor), os.stat(folder / SEAL)):
            return False
        files = json.loads((folder / SEAL).read_bytes())["files"]
        return (
            files.keys() >= _NEEDED
            and os.access(folder / "main", os.X_OK)
            and all(_fingerprint(folder / name) == sealed for name, sealed in files.items())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _fingerprint(path: Path) -> list[int]:
    content = path.read_bytes()
    return [len(content), zlib.crc32(content)]


def _flock(descriptor: int, kind: int, without_locks: bool = True) -> bool:
    """Whether a lock was to be had; on file systems that have none, `without_locks`."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return without_locks
    return True
