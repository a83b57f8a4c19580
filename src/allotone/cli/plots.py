"""The command that draws a result."""

import json

from ..errors import InputError, unknown
from .common import DONE

_OF_RUNS, _OF_SWEEPS = ("raster", "traces", "spectrum"), ("dose", "heatmap")


def add_commands(command) -> None:
    """Declare `plot`."""
    plot = command("plot", _plot, "a figure of a result")
    plot.add_argument("file", metavar="FILE.h5")
    plot.add_argument(
        "--kind", choices=(*_OF_RUNS, *_OF_SWEEPS), help="default: raster of a run, dose curve of a sweep"
    )
    plot.add_argument("--statistic", metavar="NAME", help="of a sweep: which variable (default: the first mean rate)")
    plot.add_argument("--x", metavar="AXIS", help="of a sweep: along x (default: the dose)")
    plot.add_argument("--y", metavar="AXIS", help="of a heatmap: along y")
    plot.add_argument("--hue", metavar="AXIS", help="of a dose curve: told apart by colour")
    plot.add_argument(
        "--intervals", action="store_true", help="of a dose curve: bootstrap intervals of the mean instead of the SD"
    )
    plot.add_argument("--select", action="append", default=[], metavar="AXIS=VALUE", help="of a sweep: only this value")
    plot.add_argument("-o", "--output", required=True, metavar="FILE.png|pdf|svg")


def _plot(options) -> int:
    from .. import figures
    from ..results import kind_of, read_run

    found = kind_of(options.file)
    kind = options.kind or ("raster" if found == "run" else "dose")
    if kind not in {"run": _OF_RUNS, "sweep": _OF_SWEEPS}.get(found, ()):
        raise InputError("--kind", f"'{options.file}' is a {found}, of which there is no {kind} figure")
    _refuse_idle(options, kind)
    figure = getattr(figures, kind)(read_run(options.file)) if kind in _OF_RUNS else _of_sweep(options, kind)
    figures.save(figure, options.output)
    print(json.dumps({"file": options.output}) if options.json else f"written to {options.output}")
    return DONE


def _refuse_idle(options, kind: str) -> None:
    """InputError for an option that this kind of figure does not read."""
    read = {"dose": {"statistic", "x", "hue", "intervals", "select"}, "heatmap": {"statistic", "x", "y", "select"}}
    for name in ("statistic", "x", "y", "hue", "intervals", "select"):
        if getattr(options, name) and name not in read.get(kind, ()):
            raise InputError(f"--{name}", f"a {kind} figure does not read this; drop it")


def _of_sweep(options, kind: str):
    from .. import figures
    from ..results import read_table

    table = _selected(read_table(options.file), options.select)
    variable = options.statistic or _first(table)
    if kind == "heatmap":
        return figures.heatmap(table, variable, x=options.x, y=options.y)
    if options.intervals:
        from ..statistics import over_seeds

        if variable not in table.data_vars:
            raise unknown("--statistic", "variable", variable, table.data_vars)
        table = over_seeds(table[[variable, *(name for name in ("status",) if name in table)]])
    return figures.dose(table, variable, x=options.x, hue=options.hue)


def _first(table) -> str:
    """The variable that is drawn unless one is named: a mean rate, or else any statistic over seeds."""
    names = [
        name
        for name, one in table.data_vars.items()
        if "seed" in one.dims and one.dtype.kind == "f" and not name.endswith("_effective")
    ]
    names.sort(key=lambda name: not name.endswith("_mean_rate"))
    if not names:
        raise InputError("--statistic", "this table has no statistic over seeds; name the variable to draw")
    return names[0]


def _selected(table, selections):
    for item in selections:
        dimension, _, value = item.partition("=")
        if dimension not in table.dims:
            raise InputError(
                "--select", f"there is no dimension '{dimension}'; known: {', '.join(map(str, table.dims))}"
            )
        labels = {str(label): label for label in table[dimension].values.tolist()}
        if value not in labels:
            raise InputError("--select", f"'{value}' is not on '{dimension}'; known: {', '.join(labels)}")
        table = table.sel({dimension: labels[value]})
    return table
