"""What a user is told when something they gave is wrong: where, what, what was expected, what next."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input. The command line prints it as one sentence and exits with code 2.

    Parameters
    ----------
    path : str
        Where it stands: a dotted path of the definition, a command-line option or a file.
    message : str
        What is wrong with which value, what was expected, and the next step.
    """

    def __init__(self, path: str, message: str):
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class SimulationError(RuntimeError):
    """A run that failed: the reason, never a row of zeros."""


class MachineError(SimulationError):
    """A run that failed for want of something on this machine, such as room on a disk: no answer about the run."""


def suggest(name: str, known: Iterable[str]) -> str:
    """End of a sentence about an unknown name: the nearest known one, or all of them."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(known)}" if known else "none is known here"


def unknown(path: str, kind: str, name: str, known: Iterable[str]) -> InputError:
    """The error for a name that is not in a list of known ones."""
    return InputError(path, f"unknown {kind} '{name}'; {suggest(name, known)}")
