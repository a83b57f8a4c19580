"""The command line: a thin shell over the package."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Sequence

from ..errors import InputError, SimulationError
from . import machine, networks, plots, science, sweeps
from .common import BAD_INPUT, DONE, FAILED, INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; exit code 0 done, 1 something failed or missed, 2 bad input, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        with _terminated_as_interrupted():
            return options.command(options)
    except InputError as error:
        print(f"allotone: {error}", file=sys.stderr)
        return BAD_INPUT
    except SimulationError as error:
        print(f"allotone: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt as interrupt:
        print(f"allotone: {str(interrupt) or 'interrupted; nothing was written'}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, a pager) has seen enough.
        sys.stderr.close()
        return DONE


@contextlib.contextmanager
def _terminated_as_interrupted():
    """A polite request to end (a scheduler's, a closing terminal's) is treated like Ctrl-C: nothing is left behind.

    So is an interrupt that a shell told its background jobs to ignore, for Brian2 would stumble over it.
    """

    def interrupt(number, frame):
        raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    asked = [signal.SIGTERM, signal.SIGHUP]
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        asked.append(signal.SIGINT)
    before = {number: signal.signal(number, interrupt) for number in asked} if ours else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="allotone", description="What allopregnanolone does to a network of spiking neurons."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, function, summary):
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(command=function)
        added.add_argument("--json", action="store_true", help="print the answer as JSON")
        return added

    for room in (networks, sweeps, plots, science, machine):
        room.add_commands(command)
    return parser
