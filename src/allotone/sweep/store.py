"""The folder `FILE.h5.parts/` of a sweep under way: which sweep it is, who works on it, and the parts that are done."""

import contextlib
import json
import os
import re
import shutil
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from ..results import (
    SWEEP_SCHEMA,
    Damaged,
    Part,
    read_attributes,
    read_part,
    read_parts,
    read_progress,
    read_status,
    refuse_foreign,
    write_part,
)
from .about import About

if TYPE_CHECKING:
    from .description import Description

_ABOUT = "sweep.json"


@dataclass
class Progress:
    """Points by number: those that are done, and those that failed."""

    done: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)

    def add(self, points: np.ndarray, failed: np.ndarray) -> None:
        """Count one more part; what is done somewhere did not fail."""
        self.done.update(points[~failed].tolist())
        self.failed.update(points[failed].tolist())
        self.failed -= self.done


class Store:
    """Parts of a sweep beside the file that they will become, and what that file holds already."""

    def __init__(self, path: Path, description: "Description | About"):
        self.path, self.description = Path(path), description
        self.folder = parts_folder(path)
        self.done = False

    @contextlib.contextmanager
    def open(self, role: str = "sweep") -> Iterator["Store"]:
        """The folder, made if it is not there, for this process alone in its role.

        Raises
        ------
        InputError
            Another sweep lies there, another process has this role, or the folder cannot be written.
        """
        from filelock import FileLock, Timeout

        self.check()
        try:
            self.folder.mkdir(exist_ok=True)
            lock = FileLock(self.folder / f"{role}.lock")
            with contextlib.suppress(NotImplementedError):
                lock.acquire(timeout=0)
        except Timeout:
            raise InputError(
                str(self.path), f"another process is at work on this {role}; wait for it, or end it first"
            ) from None
        except OSError as error:
            raise InputError(str(self.folder), f"cannot be used: {error.strerror or error}") from None
        try:
            if not (self.folder / _ABOUT).exists():
                about = {"schema": SWEEP_SCHEMA} | self.description.data
                write_part(json.dumps(about, indent=1).encode(), self.folder / _ABOUT)
            self._drop_damaged()
            # What a killed process was writing.
            for left in [] if self._is_shared(role) else self.path.parent.iterdir():
                if re.fullmatch(rf"{re.escape(self.path.name)}\.\d+\.tmp", left.name):
                    left.unlink(missing_ok=True)
            yield self
        finally:
            # A sweep that ended before its first part leaves nothing behind, nor does one whose file is whole.
            if self.folder.exists() and (self.done or not any(self.folder.glob("*.h5"))) and not self._is_shared(role):
                self.remove()
            lock.release()

    def check(self) -> None:
        """InputError if the folder or the file holds anything but this sweep."""
        from .description import difference

        for theirs in (about_file(self.path), about_parts(self.path)):
            found = None if theirs is None else difference(json.loads(json.dumps(self.description.data)), theirs)
            if found and found.startswith("code."):
                raise InputError(
                    os.fspath(self.path),
                    f"was begun with another version of the code: {found.removeprefix('code.')}; go on with that version, or "
                    f"give another file name (or remove this file and '{self.folder}') to begin again",
                )
            if found:
                raise InputError(
                    os.fspath(self.path),
                    f"holds another sweep: {found}; give another file name, or remove this file and '{self.folder}'",
                )

    def add(self, content: bytes, points: list[int]) -> None:
        """Keep a part for good; InputError if it cannot be written."""
        write_part(content, self.folder / f"{points[0]:07d}-{points[-1]:07d}-{uuid.uuid4().hex[:8]}.h5")

    def progress(self) -> Progress:
        """What file and parts hold; the points of a damaged part count as missing."""
        found = Progress()
        if self.path.exists():
            found.add(*read_status(self.path))
        for path in self._paths():
            with contextlib.suppress(InputError):
                found.add(*read_progress(path, self.description.sha256)[:2])
        return found

    def parts(self, skip_damaged: bool = False) -> Iterator[Part]:
        """What is done, one part at a time."""
        if self.path.exists():
            yield from read_parts(self.path, self.description.sha256)
        for path in self._paths():
            with contextlib.suppress(*[Damaged] * skip_damaged):
                yield read_part(path, self.description.sha256)

    def remove(self) -> None:
        """Take the folder away."""
        # What says which sweep it is goes last: a kill on the way leaves a folder that is known.
        for part in self._paths():
            part.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_shared(self, role: str) -> bool:
        return any(is_held(lock) for lock in self.folder.glob("*.lock") if lock.name != f"{role}.lock")

    def _drop_damaged(self) -> None:
        for path in self._paths():
            try:
                read_progress(path, self.description.sha256)
            except Damaged as error:
                print(f"allotone: note: {error}; its points are done again", file=sys.stderr)
                path.unlink(missing_ok=True)

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("*.h5"))


def parts_folder(path: str | Path) -> Path:
    """Where the parts of a sweep lie that is to become the file `path`."""
    return Path(f"{os.fspath(path)}.parts")


def about(path: str | Path) -> About:
    """What the sweep at a path says it is, finished or not.

    Raises
    ------
    InputError
        There is none; or as `about_file` and `about_parts`.
    """
    found = about_parts(path) or about_file(path)
    if found is None:
        raise InputError(str(path), "there is no sweep of this name; give the path that `sweep` was given")
    return About(found)


def about_file(path: str | Path) -> dict | None:
    """The sweep that a finished file says it is; None where there is no file.

    Raises
    ------
    InputError
        The file is not a sweep of ours, or is damaged.
    """
    if not Path(path).exists():
        return None
    refuse_foreign(Path(path))
    attributes = read_attributes(path)
    if "sweep" not in attributes:
        raise InputError(os.fspath(path), "holds a table that no sweep made; give another name or remove it")
    return json.loads(attributes["sweep"])


def about_parts(path: str | Path) -> dict | None:
    """The sweep that the folder of parts says it belongs to; None where there is none.

    Raises
    ------
    InputError
        Something there that is not ours, or is of another version.
    """
    folder = parts_folder(path)
    if not folder.exists():
        return None
    if not folder.is_dir():
        raise InputError(str(folder), "is in the way and is no folder; move it, or give another name to the file")
    if not (folder / _ABOUT).exists():
        if any(entry.suffix not in (".lock", ".tmp") for entry in folder.iterdir()):
            raise InputError(str(folder), "is in the way and holds no sweep; move it, or give another name to the file")
        return None
    try:
        found = json.loads((folder / _ABOUT).read_text())
        schema = found.pop("schema")
    except (OSError, ValueError, KeyError, AttributeError):
        raise InputError(str(folder / _ABOUT), "cannot be read; remove the folder to begin again") from None
    if schema != SWEEP_SCHEMA:
        raise InputError(str(folder), f"was written by another allotone ('{schema}'); use that version to go on")
    return found


def is_running(path: str | Path) -> bool:
    """Whether some process is at work on the sweep."""
    return any(is_held(lock) for lock in parts_folder(path).glob("*.lock"))


def is_held(lock: Path) -> bool:
    """Whether some process holds a lock; that of another user is taken as free."""
    from filelock import FileLock, Timeout

    probe = FileLock(lock)
    try:
        with contextlib.suppress(NotImplementedError, PermissionError):
            probe.acquire(timeout=0)
    except Timeout:
        return True
    finally:
        probe.release()
    return False
