"""Progress of long work: a bar on a terminal, plain lines in a log, nothing for the first two seconds; and its words."""

import sys
import time
from typing import TextIO

_QUIET_S = 2.0
_LINE_EVERY_S = 10.0


class Progress:
    """Progress of `total` units of work, used as a context manager.

    Parameters
    ----------
    title : str
        What is being done.
    total : float
        Amount of work.
    unit : str
        Name of a unit of work.
    enabled : bool
        Whether to show anything.
    """

    def __init__(self, title: str, total: float, unit: str, enabled: bool = True, stream: TextIO | None = None):
        self.title, self.total, self.unit = title, total, unit
        self.stream = stream or sys.stderr
        self.enabled, self.done = enabled, 0.0
        self.started = time.monotonic()
        self._next_line = self.started + _QUIET_S
        terminal = enabled and self.stream.isatty()
        self._bar = None
        if not terminal:
            return
        from tqdm import tqdm

        form = "{desc}: {percentage:3.0f}%|{bar}| {n:.4g}/{total:.4g} {unit} [{elapsed}<{remaining}, {rate_fmt}]"
        self._bar = tqdm(
            total=total, desc=title, unit=unit, delay=_QUIET_S, file=self.stream, bar_format=form, leave=False
        )

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, done: float) -> None:
        """Say how much of the total is done by now."""
        if self._bar is not None:
            self._bar.update(done - self.done)
        elif self.enabled and time.monotonic() >= self._next_line:
            elapsed = time.monotonic() - self.started
            left = f", {elapsed * (self.total - done) / done:.0f} s left" if done > 0 else ""
            print(
                f"{self.title}: {done:.4g} of {self.total:.4g} {self.unit} after {elapsed:.0f} s{left}",
                file=self.stream,
                flush=True,
            )
            self._next_line = time.monotonic() + _LINE_EVERY_S
        self.done = done


def _short(number: float) -> str:
    """Two digits, without an exponent."""
    return f"{number:.2g}" if number < 100 else f"{number:.0f}"


def duration_text(seconds: float) -> str:
    """A time to be expected, in the unit that suits it: 'about 40 s', 'about 3 h'."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"about {_short(seconds / size)} {unit}"
    return f"about {_short(seconds)} s"


def size_text(count: float) -> str:
    """A number of bytes in the unit that suits it."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{_short(count / size)} {unit}"
    return f"{count:.0f} bytes"
