"""How fast everything is: each workload against what could be and what there is, on the page `latest.md`.

`python benchmarks/bench.py [A] [B] [C] [D] [E] [F] [G] [start] [many] [--rounds 5]`: all but `many` unless some are named. The page
holds what was measured last, and that alone.
"""

import argparse
import os
from collections.abc import Callable

import growth
import loops
import report
import startup
import sweep

_WORKLOADS: dict[str, Callable] = {
    **{name: lambda rounds, name=name: loops.measure(name, rounds) for name in "ABCD"},
    "E": sweep.measure,
    "F": lambda rounds: loops.measure("F", rounds),
    "G": growth.measure,
    "start": startup.measure,
    "many": lambda rounds: ([], [sweep.many()]),
}


def main() -> None:
    """Measure what was asked for, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", help=f"of {', '.join(_WORKLOADS)}; all but many unless some are named")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds")
    options = parser.parse_args()
    if unknown := set(options.what) - set(_WORKLOADS):
        parser.error(f"{', '.join(sorted(unknown))}: not a workload; give some of {', '.join(_WORKLOADS)}")
    if options.rounds < 1:
        parser.error(f"--rounds {options.rounds} measures nothing; give at least 1")
    load, bars, sections = os.getloadavg()[0], [], []
    for name in options.what or [name for name in _WORKLOADS if name != "many"]:
        more_bars, more_sections = _WORKLOADS[name](options.rounds)
        bars += more_bars
        sections += more_sections
    report.write(bars, sections, load)


if __name__ == "__main__":
    main()
