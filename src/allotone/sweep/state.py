"""How far a sweep is: what is done, what failed and why, what is left, and how long that may take."""

import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ..results import read_progress
from .store import Store, about, is_running

# The rate is that of the last parts: a sweep may have paused before.
_RECENT_PARTS = 20


@dataclass(frozen=True)
class State:
    """Where a sweep stands.

    Attributes
    ----------
    total, done, failed, missing : int    points
    running : bool                        whether some process is at work on it
    seconds_left : float or None          at the pace of late; None where nothing runs or nothing says
    bytes : int                           on disk
    reasons : dict of str to int          why points failed, and how many of them
    """

    total: int
    done: int
    failed: int
    missing: int
    running: bool
    seconds_left: float | None
    bytes: int
    reasons: dict[str, int]


def status(path: str | Path) -> State:
    """How far the sweep at a path is.

    Raises
    ------
    InputError
        There is no sweep at `path`, or it is damaged.
    """
    path, description = Path(path), about(path)
    store = Store(path, description)
    progress = store.progress()
    missing = description.size - len(progress.done) - len(progress.failed)
    running = is_running(path)
    written = {file: _written(file) for file in store.folder.glob("*.h5")}
    files = sorted((file for file, when in written.items() if when), key=written.__getitem__)
    return State(
        description.size,
        len(progress.done),
        len(progress.failed),
        missing,
        running,
        _seconds_left(files, description.sha256, missing) if running else None,
        sum(file.stat().st_size for file in [*files, path] if file.exists()),
        _reasons(store) if progress.failed else {},
    )


def _written(file: Path) -> float:
    """When a part was written; 0 for one that is gone meanwhile, since the sweep was finished."""
    try:
        return os.path.getmtime(file)
    except FileNotFoundError:
        return 0.0


def _seconds_left(files: list[Path], sha256: str, missing: int) -> float | None:
    recent = files[-_RECENT_PARTS:]
    if len(recent) < 2:
        return None
    points = sum(read_progress(file, sha256)[0].size for file in recent[1:])
    return missing * (time.time() - os.path.getmtime(recent[0])) / points


def _reasons(store: Store) -> dict[str, int]:
    failed, done = {}, set()
    for part in store.parts(skip_damaged=True):
        for one in part.points:
            if one.error:
                failed[one.point] = one.error
            else:
                done.add(one.point)
    return dict(Counter(error for point, error in sorted(failed.items()) if point not in done).most_common())
