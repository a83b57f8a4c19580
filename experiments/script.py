"""What the experiments' command lines have in common: size, seeds, where results go, and how errors end."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray
from matplotlib.figure import Figure

from allotone import InputError, SimulationError, figures


def run_script(
    name: str,
    doc: str,
    make: Callable[..., xarray.Dataset],
    draw: Callable[[xarray.Dataset], Figure],
    findings: Callable[[xarray.Dataset], Sequence[str]],
    quick: Mapping[str, Any],
    smaller: str,
    arguments: Sequence[str] | None = None,
    seeds: int | None = None,
) -> int:
    """Make the table and the figure of one experiment and say what was found.

    Parameters
    ----------
    doc : str
        Docstring of the experiment, whose first line is its description.
    make : callable (path, **size) -> xarray.Dataset
        Runs the experiment and writes its table to `path`.
    quick : mapping
        The arguments of `make` that `--quick` gives.
    smaller : str
        What they leave out, for the help.
    arguments : sequence of str, optional
        Those of the command line by default.
    seeds : int, optional
        Default of `--seeds`, given to `make`; where there is none the experiment has no such option.

    Returns
    -------
    int
        Exit code: 0 done, 1 a run failed, 2 bad input.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    if seeds is not None:
        parser.add_argument("--seeds", type=int, help=f"at least 2; {seeds} by default")
    parser.add_argument("--quick", action="store_true", help=smaller)
    parser.add_argument("--output", help=f"path without suffix; results/{name}, or results/{name}_quick, by default")
    options = parser.parse_args(arguments)
    output = options.output or f"results/{name}" + ("_quick" if options.quick else "")
    size = dict(quick) if options.quick else {}
    if seeds is not None:
        size["seeds"] = options.seeds if options.seeds is not None else size.get("seeds", seeds)
    try:
        if size.get("seeds", 2) < 2:
            raise InputError("--seeds", f"{size['seeds']} leaves no spread; give at least 2")
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        table = make(f"{output}.h5", **size)
        figures.save(draw(table), f"{output}.png")
    except (InputError, SimulationError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    print("\n".join(findings(table)))
    print(f"Table: {output}.h5   Figure: {output}.png")
    return 0
