"""Servers: running binaries that wait for the folder of a run, each with a folder of its own that its runs share."""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from .scratch import run_folder

# A sweep of many structures leaves the servers of the earlier ones waiting.
_MOST_IDLE = 64
_LOOK_EVERY_MS = 500
running: set["Server"] = set()
_idle: list["Server"] = []
_lock = threading.RLock()
_keepers = 0


class Server:
    """A binary that serves one run after another, below a folder for what they write.

    Raises
    ------
    OSError
        The binary cannot be started or the folder cannot be made.
    """

    def __init__(self, binary: Path, parent: str):
        self.binary, self.parent = binary, parent
        with contextlib.ExitStack() as held:
            self.folder = held.enter_context(run_folder(parent))
            self.process = subprocess.Popen(
                [f"{binary}/main"],
                cwd=binary, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0,
                # Ctrl-C reaches the caller alone, which then stops what it started.
                start_new_session=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
            self._held = held.pop_all()
        self._ended = select.poll()
        self._ended.register(self.process.stdout)

    def run(self, look: Callable[[], None]) -> str:
        """Do what lies in the folder; empty, or why it failed. `look` is called now and then."""
        # One that has ended does not read; how it ended is seen below.
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{self.folder}\n".encode())
        said = b""
        while not said.endswith(b"\n"):
            while not self._ended.poll(_LOOK_EVERY_MS):
                look()
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                return said.decode(errors="replace") or f"exit code {self._end()}"
            said += piece
        line = said.decode(errors="replace").splitlines()[0]
        if line == "0":
            return ""
        return f"exit code {line}" if line.removeprefix("-").isdigit() else line

    def kill(self) -> None:
        """End the server and the run that it has under way."""
        with _lock:
            # Nobody else has its number before it was waited for.
            if self.process.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the server, and remove the folder."""
        self._end()
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()
        self._held.close()

    def _end(self) -> int:
        self.kill()
        with _lock:
            return self.process.wait()


@contextlib.contextmanager
def server(binary: Path, parent: str) -> Iterator[Server]:
    """A server for one run, which nobody else uses meanwhile; after an error it is not used again."""
    with _lock:
        found = next((one for one in reversed(_idle) if (one.binary, one.parent) == (binary, parent)), None)
        if found:
            _idle.remove(found)
    one = found or Server(binary, parent)
    running.add(one)
    try:
        yield one
    except BaseException:
        running.discard(one)
        one.close()
        raise
    running.discard(one)
    with _lock:
        _idle.append(one)
        surplus = _idle[: max(0, len(_idle) - (_MOST_IDLE if _keepers else 0))]
        del _idle[: len(surplus)]
    _close(surplus)


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """While this lasts, servers wait for further runs; otherwise each ends after its own."""
    global _keepers
    with _lock:
        _keepers += 1
    try:
        yield
    finally:
        with _lock:
            _keepers -= 1
            unused = [] if _keepers else _idle[:]
            del _idle[: len(unused)]
        _close(unused)


def stop_all() -> None:
    """End every simulation that another thread of this process is waiting for."""
    for one in list(running):
        one.kill()


@atexit.register
def close_all() -> None:
    """End every server, and remove the folders."""
    _close([*running, *_idle])


def _close(servers: list[Server]) -> None:
    for one in servers:
        one.close()
