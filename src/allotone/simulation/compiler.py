"""The C++ compiler: which command, what it is, and its flags for the processor found."""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import InputError

_FLAGS = {
    # Without finite-math-only glibc declares no vector exp, and above ten arrays gcc gives up on aliasing checks.
    "gcc": ("-w", "-O3", "-ffast-math", "-march=native", "-mprefer-vector-width=512",
            "--param=vect-max-version-for-alias-checks=1000", "-std=c++11"),
    "other": ("-w", "-O3", "-std=c++11"),
}  # fmt: skip
# What tells processors apart; the rest (clock rate, number of the core) differs from moment to moment.
_KINDS = {"model name", "flags", "Features", "CPU implementer", "CPU part", "CPU variant"}


@dataclass(frozen=True)
class Compiler:
    """A C++ compiler as found on this machine.

    Attributes
    ----------
    command : str             as it is called
    version : str             first line of what it says about itself
    kind : str                "gcc", "clang" or "other"
    number : tuple of int     version, such as (12, 2, 0); empty where it says none
    flags : tuple of str      that Brian2's stand-alone code is compiled with
    processor : str           what `-march=native` depends on
    """

    command: str
    version: str
    kind: str
    number: tuple[int, ...]
    flags: tuple[str, ...]
    processor: str


@cache
def compiler() -> Compiler:
    """The compiler that CXX names, or g++.

    Raises
    ------
    InputError
        There is none, with the package to install.
    """
    command = os.environ.get("CXX") or "g++"
    require(command)
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
    version = said.splitlines()[0] if said else command
    kind, number = identify(said)
    flags = _FLAGS["gcc" if kind == "gcc" and platform.machine() == "x86_64" else "other"]
    return Compiler(command, version, kind, number, flags, _processor())


def require(tool: str) -> None:
    """InputError with the package to install, where a build tool is missing."""
    if shutil.which(tool) is None:
        raise InputError(
            "compiler",
            f"'{tool}' was not found, and simulations are compiled; install it (Debian, Ubuntu: apt install g++ make; "
            "macOS: xcode-select --install; conda: conda install cxx-compiler make)",
        )


def identify(said: str) -> tuple[str, tuple[int, ...]]:
    """Kind and version of a compiler from what it prints for `--version`."""
    kind = "gcc" if "Free Software Foundation" in said else "clang" if "clang" in said else "other"
    # In parentheses stands who packaged it, often with a number of theirs.
    plain = re.sub(r"\([^)]*\)", "", said.partition("\n")[0])
    number = re.search(r"\d+(\.\d+)+", plain)
    return kind, tuple(map(int, number[0].split("."))) if number else ()


def _processor() -> str:
    try:
        # Up to the first empty line: the first core stands for all.
        lines = Path("/proc/cpuinfo").read_text().partition("\n\n")[0].splitlines()
    except OSError:
        return platform.processor() + platform.machine()
    return "\n".join(line for line in lines if line.partition("\t")[0].strip() in _KINDS)
