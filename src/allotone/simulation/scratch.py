"""Folders in memory for what binaries write: one a run, locked while its process lives, swept when it was killed."""

import fcntl
import glob
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = "lock"
# Folders may lie where several machines see them, and a lock may be seen on one only.
_PREFIX = f"allotone-{platform.node()}-"
_swept: set[str] = set()


def scratch_folder() -> str | None:
    """Folder in memory for what a binary writes, where the system has one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@contextmanager
def run_folder(parent: str) -> Iterator[str]:
    """A folder of one run below `parent`, gone afterwards.

    Before the first one of a process, those that killed processes of the same user left there are removed.

    Raises
    ------
    OSError
        The folder cannot be made.
    """
    if parent not in _swept:
        _swept.add(parent)
        sweep(parent)
    # Under another name until it is locked: nobody sweeps what is just being made.
    folder, lock = tempfile.mkdtemp(prefix=".allotone-", dir=parent), None
    try:
        lock = os.open(f"{folder}/{_LOCK}", os.O_RDWR | os.O_CREAT, 0o600)
        _lock(lock)
        made = f"{parent}/{_PREFIX}{folder.rpartition('-')[2]}"
        os.rename(folder, made)
        folder = made
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _lock(descriptor: int) -> bool:
    """Whether the lock was free and is held now; never where there are no locks, so that nothing is swept there."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sweep(parent: str) -> None:
    """Remove the folders below `parent` that killed processes of this user left."""
    for folder in glob.glob(f"{glob.escape(parent)}/{glob.escape(_PREFIX)}*"):
        try:
            if os.stat(folder).st_uid != os.getuid():
                continue
            lock = os.open(f"{folder}/{_LOCK}", os.O_RDWR)
        except OSError:
            # Gone meanwhile.
            continue
        try:
            if _lock(lock):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
