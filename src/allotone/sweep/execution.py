"""The loop of a sweep: hands out points, keeps what comes back, and says how far it is."""

import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any, Protocol

from ..errors import InputError
from ..progress import Progress as Bar
from ..progress import duration_text, size_text
from ..results import Column, Part, PointResult, compose_part
from ..results.parts import plain
from .description import Description
from .jobs import Answer, make_job, to_answer
from .local import MOST_THREADS, LocalWorkers, WorkerDied
from .store import Store

# A kill loses what is in flight: about this much work of each worker.
_JOB_S = 2.0
# Points may take longer than those before them: a job gives back the rest when it has taken so many times what it should.
_ENOUGH = 3
_LONG_S = 20.0
# Results wait to be written together so that writing takes no more than this share of the time.
_WRITING = 0.02


class Workers(Protocol):
    """What carries jobs out: threads, helper processes, or a distributed scheduler."""

    capacity: int

    def submit(self, job: dict[str, Any]) -> "Future[Answer]":
        """The answer to come."""

    def stop(self) -> None:
        """Give everything up at once."""

    def close(self) -> None:
        """End when every job is done."""


class Interrupted(KeyboardInterrupt):
    """The user has ended a sweep; says what is kept and how to go on."""


def interrupted(store: Store, kept: int, share: int) -> Interrupted:
    """What to say to whoever ended a sweep."""
    return Interrupted(
        f"interrupted; {kept} of {share} points are kept in '{store.folder}': the same command goes on from there"
    )


def run_points(
    description: Description,
    missing: Sequence[int],
    workers: Workers,
    store: Store,
    runs_folder: Path | None = None,
    show_progress: bool = True,
    share: int | None = None,
) -> None:
    """Compute points and keep them in the store; `share` is how many there are with those that are kept already.

    Raises
    ------
    InputError, MachineError
        The machine cannot go on: a full disk, no compiler. What was finished is kept.
    Interrupted
    """
    loop = _Loop(description, missing, workers, store, runs_folder, show_progress)
    try:
        with Bar("points", len(missing), "points", show_progress) as bar:
            loop.run(bar.update)
    except KeyboardInterrupt:
        workers.stop()
        loop.keep()
        share = len(missing) if share is None else share
        raise interrupted(store, share - len(missing) + loop.settled, share) from None
    except BaseException:
        workers.stop()
        # What went wrong first is what is said.
        with contextlib.suppress(InputError):
            loop.keep()
        raise
    workers.close()


class _Loop:
    def __init__(self, description, missing, workers, store, runs_folder, show_progress):
        self.description, self.workers, self.store = description, workers, store
        self.runs_folder, self.show_progress = runs_folder, show_progress
        self.pending = deque(missing)
        self.total, self.settled, self.seconds = len(missing), 0, 0.0
        self.collected: list[PointResult] = []
        self.columns: dict[str, Column] = {}
        self.collected_s, self.kept, self.bytes, self.next_keep = 0.0, 0, 0, 0.0
        self.running: dict[Future, list[int]] = {}
        # Points whose worker died, which are tried once more, each alone.
        self.suspect: set[int] = set()
        self.estimated = False

    def run(self, report: Callable[[float], None]) -> None:
        while self.pending or self.running:
            while self.pending and len(self.running) < self.workers.capacity:
                points = self._take()
                job = make_job(self.description, points, _ENOUGH * _JOB_S, self.runs_folder)
                self.running[self.workers.submit(job)] = points
            finished, _ = wait(self.running, timeout=0.5, return_when=FIRST_COMPLETED)
            for task in finished:
                self._settle(task, self.running.pop(task))
            if time.monotonic() >= self.next_keep:
                self.keep()
            report(self.settled)
        self.keep()

    def keep(self) -> None:
        """Write what was collected."""
        if self.collected:
            results, columns = sorted(self.collected, key=lambda result: result.point), self.columns
            part = Part(self.description.sha256, results, columns, self.collected_s)
            self.collected, self.columns, self.collected_s = [], {}, 0.0
            started = time.monotonic()
            self._add(compose_part(part), [result.point for result in results])
            now = time.monotonic()
            self.next_keep = now + (now - started) / _WRITING

    def _add(self, content: bytes, points: list[int]) -> None:
        self.store.add(content, points)
        self.kept += len(points)
        self.bytes += len(content)

    def _collect(self, part: Part) -> None:
        if any(plain(self.columns.get(name, one)) != plain(one) for name, one in part.columns.items()):
            # Columns of another look do not fit into one part.
            self.keep()
        self.collected += part.points
        self.columns |= part.columns
        self.collected_s += part.seconds

    def _take(self) -> list[int]:
        """The next points for one job: as many as its time allows, fewer towards the end so that all end together."""
        if self.pending[0] in self.suspect or not self.settled:
            return [self.pending.popleft()]
        fit = int(_JOB_S * self.settled / max(self.seconds, 1e-9))
        fair = len(self.pending) // (2 * self.workers.capacity)
        taken = [self.pending.popleft()]
        while len(taken) < min(fit, fair) and self.pending and self.pending[0] not in self.suspect:
            taken.append(self.pending.popleft())
        return taken

    def _settle(self, task: Future, points: list[int]) -> None:
        try:
            answer = task.result()
        except WorkerDied as death:
            again = [point for point in points if point not in self.suspect]
            self.suspect.update(again)
            self.pending.extend(again)
            reason = f"its worker died twice ({death}); is there too little memory?"
            lost = [PointResult(point, reason) for point in points if point not in again]
            if not lost:
                return
            answer = to_answer(self.description.sha256, lost, {}, 0.0)
            points = answer.points
        self.pending.extendleft(reversed([point for point in points if point not in set(answer.points)]))
        points = answer.points
        if isinstance(answer.content, Part):
            self._collect(answer.content)
        else:
            self._add(answer.content, points)
        self.settled += len(points)
        self.seconds += answer.seconds
        # The first ones are slower than the rest, which waits for them; long ones say enough.
        if not self.estimated and (self.settled > self.workers.capacity or answer.seconds > _LONG_S):
            self.estimated = True
            self.keep()
            self._estimate(answer.seconds / len(points), self.bytes / self.kept)

    def _estimate(self, seconds: float, size: float) -> None:
        left = (self.total - self.settled) * seconds / self.workers.capacity
        if left > _LONG_S and self.workers.capacity > MOST_THREADS and isinstance(self.workers, LocalWorkers):
            self.workers.use_helpers()
        if self.show_progress and self.total > self.settled:
            print(
                f"{self.total} points, {self.workers.capacity} at a time, {seconds:.2g} s each: "
                f"{duration_text(left)}, below {size_text(size * self.total)}",
                file=sys.stderr,
                flush=True,
            )
