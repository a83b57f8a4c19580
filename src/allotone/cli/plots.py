"""The command that draws a result."""

import json
import math

from ..errors import InputError, unknown
from .common import DONE

_OF_RUNS, _OF_SWEEPS = ("raster", "traces", "spectrum"), ("dose", "heatmap")
_AXES = ("x", "y", "hue")


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
    if variable not in table.data_vars:
        numbers = [name for name, one in table.data_vars.items() if one.dtype.kind in "iuf"]
        raise unknown("--statistic", "statistic", variable, numbers)
    values = table[variable]
    known = list(dict.fromkeys(one for one in (*values.dims, *values.coords) if values[one].ndim and one != "seed"))
    chosen = {name: _axis(f"--{name}", getattr(options, name), known) for name in _AXES if getattr(options, name)}
    try:
        if kind == "heatmap":
            return figures.heatmap(table, variable, **chosen)
        if options.intervals:
            from ..statistics import over_seeds

            table = over_seeds(table[[variable, *(name for name in ("status",) if name in table)]])
        return figures.dose(table, variable, **chosen)
    except InputError as error:
        # Arguments of a function are options here.
        if error.path in _AXES:
            raise InputError(f"--{error.path}", error.message) from error
        raise


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
        name, equals, value = item.partition("=")
        if not equals:
            raise InputError("--select", f"'{item}' is not of the form AXIS=VALUE")
        name = _axis("--select", name.strip(), list(table.dims))
        table = table.isel({name: _place(table[name], value.strip())})
    return table


def _axis(option: str, name: str, known: list[str]) -> str:
    """The axis of this name, or the only one whose path ends in it."""
    found = [one for one in known if one == name] or [one for one in known if one.endswith(f".{name}")]
    if not found:
        raise unknown(option, "axis", name, known)
    if len(found) > 1:
        raise InputError(option, f"'{name}' may be {' or '.join(found)}; write more of it")
    return found[0]


def _place(labels, value: str) -> int:
    """Where on an axis a value lies: a word, or a number with or without a unit."""
    from .. import units

    unit, known = labels.attrs.get("units", "1"), labels.values.tolist()
    if labels.dtype.kind in "iuf":
        try:
            number = float(value)
        except ValueError:
            number = float(units.magnitude(value, unit if unit in units.UNITS else "1", "--select"))
        found = [place for place, one in enumerate(known) if math.isclose(one, number, rel_tol=1e-9)]
        # As many digits as are compared.
        texts = ", ".join(f"{one:.10g}" for one in known) + ("" if unit == "1" else f" {unit}")
    else:
        found, texts = [place for place, one in enumerate(known) if str(one) == value], ", ".join(map(str, known))
    if not found:
        raise InputError("--select", f"'{value}' is not on '{labels.name}'; known: {texts}")
    return found[0]
