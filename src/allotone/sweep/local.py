"""Jobs on the cores of this machine: on threads, whose simulations are processes of their own, or by helper processes."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..simulation.serve import kept, stop_all
from .jobs import Answer, from_plain, run_job

# Threads share one interpreter, which two or three simulations of milliseconds keep busy with planning and reading.
MOST_THREADS = 2


class WorkerDied(Exception):
    """A worker ended in the middle of a job."""


class LocalWorkers:
    """`count` jobs at a time.

    They begin on threads, which are there at once; `use_helpers` gives each a process of its own from its next job on.
    """

    def __init__(self, count: int):
        self.capacity = count
        self._threads = ThreadPoolExecutor(count, "sweep")
        self._servers = contextlib.ExitStack()
        self._servers.enter_context(kept())
        self._own = threading.local()
        self._helpers: set[subprocess.Popen] = set()
        self._with_helpers = self._stopping = False
        self._tasks: set[Future] = set()

    def submit(self, job: dict[str, Any]) -> "Future[Answer]":
        """The job's `Answer` to come; its exception is `WorkerDied`, or what `run_job` raises."""
        task = self._threads.submit(self._run, job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def use_helpers(self) -> None:
        """Worth it for long sweeps of short points on many cores: a helper needs two seconds to start."""
        self._with_helpers = True

    def stop(self) -> None:
        """Give everything up at once."""
        self._stopping = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        end = time.monotonic() + 1.5
        # A thread may be about to start one more.
        while any(not task.done() for task in list(self._tasks)) and time.monotonic() < end:
            for helper in list(self._helpers):
                helper.kill()
            stop_all()
            time.sleep(0.02)
        self._servers.close()

    def close(self) -> None:
        """End the helpers when every job is done."""
        for helper in list(self._helpers):
            helper.stdin.close()
        self._threads.shutdown(wait=True)
        self._servers.close()
        for helper in list(self._helpers):
            helper.wait()

    def _run(self, job: dict[str, Any]) -> Answer:
        if not self._with_helpers:
            return run_job(job, lambda: self._stopping)
        helper = getattr(self._own, "helper", None)
        if helper is None or helper.poll() is not None:
            helper = self._own.helper = _start()
            self._helpers.add(helper)
        try:
            helper.stdin.write(json.dumps(job).encode() + b"\n")
            helper.stdin.flush()
            head = json.loads(helper.stdout.readline() or b"null")
            content = helper.stdout.read(head["size"]) if head else b""
        except OSError:
            head = None
        if not head or len(content) < head["size"]:
            helper.kill()
            code = helper.wait()
            self._helpers.discard(helper)
            raise WorkerDied(f"signal {-code}" if code < 0 else f"exit code {code}")
        return from_plain(head, content)


def _start() -> subprocess.Popen:
    # In this package's own folder, so that nothing lying in the caller's is imported, nor the caller's script.
    search = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return subprocess.Popen(
        [sys.executable, "-m", "allotone.sweep.helper"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        # Ctrl-C reaches the caller alone, which then ends its helpers.
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in search if p)},
    )  # fmt: skip


def cores() -> int:
    """Cores that this process may use, which a scheduler may have restricted."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
