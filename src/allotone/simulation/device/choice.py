"""Which device writes a program: ours, or Brian2's where something that ours needs is missing."""

import os
import platform
from dataclasses import dataclass

import brian2

from ...errors import InputError
from ..compiler import Compiler

OURS, STOCK = "allotone", "Brian2 stand-alone C++"
_ASKED = {"fast": OURS, "stock": STOCK}
_VARIABLE = "ALLOTONE_DEVICE"
# Versions of Brian2 whose code objects our templates were tested with: from the first to below the second.
_TESTED = (2, 9), (2, 12)
_OLDEST_GCC = (9,)


@dataclass(frozen=True)
class Choice:
    """A device, and why it is not ours; the reason is empty where it is, or where the stock one was asked for."""

    device: str
    note: str = ""


def choose(compiler: Compiler) -> Choice:
    """The device for programs of this compiler.

    Raises
    ------
    InputError
        ALLOTONE_DEVICE is neither `fast` nor `stock`.
    """
    asked = os.environ.get(_VARIABLE) or "fast"
    if asked not in _ASKED:
        raise InputError(_VARIABLE, f"'{asked}' is no device; known: {', '.join(_ASKED)}")
    if _ASKED[asked] == STOCK:
        return Choice(STOCK)
    missing = _missing(compiler)
    return Choice(STOCK, missing) if missing else Choice(OURS)


def _missing(compiler: Compiler) -> str:
    version = tuple(map(int, brian2.__version__.split(".")[:2]))
    if not _TESTED[0] <= version < _TESTED[1]:
        return f"Brian2 {brian2.__version__} is not one of the versions it was tested with"
    if compiler.kind != "gcc" or compiler.number < _OLDEST_GCC:
        return f"'{compiler.version}' is not gcc of version {_OLDEST_GCC[0]} or later"
    if platform.machine() != "x86_64" or "avx2" not in compiler.processor:
        return "the processor has no AVX2"
    if platform.libc_ver()[0] != "glibc":
        return "the C library is not glibc, which has functions of several numbers at once"
    return ""
