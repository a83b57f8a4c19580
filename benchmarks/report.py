"""What every benchmark shares: scripts in processes of their own, medians, tables, and the page `latest.md`."""

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Why a bar is missed, one line each, by workload and what is measured.
CAUSES: dict[tuple[str, str], str] = {
    ("A", "loop / hand C++, own exp"): "Brian2's form of the equations has more constants than there are registers",
    ("D", "loop / hand C++, own exp"): "as A",
    ("B, 0.05 ms", "loop / hand C++, own exp"): "the synapses' linear equations go through every stage",
    ("B, 0.01 ms", "loop / hand C++, own exp"): "the synapses' linear equations go through every stage",
    ("E", "wall / hand C++ on all cores"): "what a point takes in Python, and writing the table",
    ("G", "event at 200 000 / at 4000 neurons"): "contacts come from main memory, their targets from the third cache",
    (
        "start",
        "cold build of `coba_driven` and 10 ms of it",
    ): "Brian2 is imported twice; each time takes as long as gcc",
    ("start", "a second process to the same result"): "importing Brian2 takes most of it",
}
_HOW = (
    "Medians of interleaved rounds, lowest to highest in brackets: in every round each contender runs once, in turn, and a "
    "ratio is that of two runs of one round. Loop: the seconds of the loop over time steps alone."
)
CXX = os.environ.get("CXX") or "g++"


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compiler() -> str:
    """First line of what the C++ compiler says of itself."""
    return subprocess.run([CXX, "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def call(script: str, *arguments: str, asked: Any) -> tuple[float, Any]:
    """Seconds that a script of this folder took from start to end, and its answer; `asked` is handed over as JSON."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments], input=json.dumps(asked), stdout=subprocess.PIPE, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"benchmarks/{script} failed with exit code {done.returncode}")
    return seconds, json.loads(done.stdout)


@dataclass(frozen=True)
class Bar:
    """One line of the summary: what was measured in each round, and what its median should be at most (or at least).

    `limit` is None where a number is told and nothing asked of it.
    """

    workload: str
    what: str
    values: Sequence[float]
    limit: float | None
    at_least: bool = False
    unit: str = ""

    def row(self) -> list[str]:
        """Cells of the summary table."""
        measured, unit = spread(self.values), f" {self.unit}" if self.unit else ""
        if self.limit is None:
            return [self.workload, self.what, f"{measured}{unit}", "", "", ""]
        median = statistics.median(self.values)
        verdict = "met" if (median >= self.limit if self.at_least else median <= self.limit) else "missed"
        if min(self.values) <= 0:
            # A difference of two times that came out below nothing says that the machine was too busy.
            verdict = "lost in noise"
        cause = "" if verdict == "met" else CAUSES.get((self.workload, self.what), "")
        bar = f"at {'least' if self.at_least else 'most'} {self.limit:g}{unit}"
        return [self.workload, self.what, f"{measured}{unit}", bar, verdict, cause]


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median, with the lowest and the highest in brackets."""
    low, middle, high = (format(value, form) for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its columns aligned."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths))} |" for line in lines)


def write(bars: Sequence[Bar], sections: Sequence[str], load_before: float) -> None:
    """Print what was measured, and put it on the page `latest.md` with the machine and versions it was measured on."""
    head = ["workload", "what", "measured", "bar", "", "what holds it back"]
    summary = table(head, [bar.row() for bar in bars])
    page = "\n\n".join(["# Benchmarks", _machine(load_before), _HOW, summary, *sections]) + "\n"
    (HERE / "latest.md").write_text(page)
    print(page)


def _machine(load_before: float) -> str:
    packages = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("numpy", "brian2", "cython", *_installed_peers())
    )
    return (
        f"Measured {datetime.date.today()} on {processor()}, {cores()} cores; {platform.system()}; {compiler()}; "
        f"Python {platform.python_version()}, {packages}. Load before the start: {load_before:.1f}."
    )


def _installed_peers() -> list[str]:
    found = {name.lower() for name in (one.metadata["Name"] for one in metadata.distributions()) if name}
    return [name for name in ("nest-simulator", "neuron", "arbor") if name in found]


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
