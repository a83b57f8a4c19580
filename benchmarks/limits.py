"""The hand-written C++ limits: compiled for this machine, run, and asked for the seconds of their loop."""

import hashlib
import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import report

FLAGS = ["-O3", "-ffast-math", "-march=native", "-mprefer-vector-width=512",
         "--param=vect-max-version-for-alias-checks=1000", "-std=c++17"]  # fmt: skip
SOURCES = report.HERE / "limits"


@cache
def program(name: str, inline_exp: bool = False) -> Path:
    """The compiled limit `name`; with `inline_exp` it does without the C library's exponential."""
    text = "".join(path.read_text() for path in sorted(SOURCES.iterdir()))
    key = hashlib.sha256(f"{text} {report.compiler()} {report.processor()} {FLAGS}".encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"allotone-limits-{key}"
    folder.mkdir(exist_ok=True)
    found = folder / f"{name}{'-inline' * inline_exp}"
    if not found.exists():
        define = ["-DINLINE_EXP"] if inline_exp else []
        subprocess.run(
            [report.CXX, *FLAGS, *define, str(SOURCES / f"{name}.cpp"), "-o", f"{found}.unfinished"], check=True
        )
        Path(f"{found}.unfinished").rename(found)
    return found


def run(name: str, *arguments: float, inline_exp: bool = False) -> dict[str, float]:
    """What a limit says of one run: `loop_s`, `rate_hz` and `events`."""
    command = [program(name, inline_exp), *map(str, arguments)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
