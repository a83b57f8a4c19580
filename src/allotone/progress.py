"""Progress of long work: a bar on a terminal, plain lines in a log, nothing for the first two seconds."""

import sys
import time
from typing import TextIO

from tqdm import tqdm

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
        form = "{desc}: {percentage:3.0f}%|{bar}| {n:.4g}/{total:.4g} {unit} [{elapsed}<{remaining}, {rate_fmt}]"
        self._bar = (
            tqdm(total=total, desc=title, unit=unit, delay=_QUIET_S, file=self.stream, bar_format=form, leave=False)
            if terminal
            else None
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
