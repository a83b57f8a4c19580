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
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


def write(sections: Sequence[str], load_before: float) -> None:
    """Print what was measured, and put it on the page `latest.md` with the machine and versions it was measured on."""
    page = "\n\n".join(["# Benchmarks", _machine(load_before), *sections]) + "\n"
    (HERE / "latest.md").write_text(page)
    print(page)


def _machine(load_before: float) -> str:
    command = os.environ.get("CXX") or "g++"
    compiler = subprocess.run([command, "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "brian2", "cython"))
    return (
        f"Measured {datetime.date.today()} on {_processor()}, {cores()} cores; {platform.system()}; {compiler}; "
        f"Python {platform.python_version()}, {packages}. Load before the start: {load_before:.1f}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
