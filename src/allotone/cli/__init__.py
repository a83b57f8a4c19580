"""The command line: a thin shell over the package."""

import argparse
import contextlib
import json
import math
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .errors import InputError, SimulationError

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
_PLOTS = ("raster", "traces", "spectrum", "dose")
_LISTS = ("networks", "receptors", "neurons", "synapses", "schedules", "experiments", "statistics")


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
    except KeyboardInterrupt:
        print("allotone: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, a pager) has seen enough.
        sys.stderr.close()
        return DONE


@contextlib.contextmanager
def _terminated_as_interrupted():
    """A polite request to end (a scheduler's, a closing terminal's) is treated like Ctrl-C: nothing is left behind."""

    def interrupt(number, frame):
        raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)} if ours else {}
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

    listing = command("list", _list, "what there is to use")
    listing.add_argument("kind", nargs="?", choices=_LISTS, help="only these")

    show = command("show", _show, "a network's resolved definition and where each number comes from")
    show.add_argument("network", help="name of a shipped network, or path of a TOML file")
    show.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="another value at a dotted path")
    show.add_argument("--build", action="store_true", help="compile it, and show compiler, flags and folder")

    run = command("run", _run, "simulate a network and write spikes and statistics")
    run.add_argument("network", help="name of a shipped network, or path of a TOML file")
    run.add_argument("--duration", required=True, help="simulated time, such as 2s")
    run.add_argument("--discard", default="0 ms", help="part at the beginning that statistics leave out")
    run.add_argument(
        "--allo",
        metavar="SCHEDULE",
        help="allopregnanolone: 30nM at the receptor, infusion:at=24h, menstrual_cycle:day=21, or a CSV file",
    )
    run.add_argument("--map", metavar="NAME", help="way from plasma to the receptor: anchored, nominal, tissue or free")
    run.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="another value at a dotted path")
    run.add_argument("--dt", help="time step, instead of the network's own")
    run.add_argument("--seed", type=int, default=0, help="gives the two others (default 0)")
    run.add_argument("--network-seed", type=int, help="of agents, contacts and initial values")
    run.add_argument("--noise-seed", type=int, help="of noise during the run")
    run.add_argument(
        "--record", action="append", default=[], metavar="VAR@POP:AGENTS/EVERY", help="keep traces: v@pv:0-9/0.5ms"
    )
    run.add_argument(
        "--statistic", action="append", metavar="NAME", help="only these (default: all that spikes suffice for)"
    )
    run.add_argument("-o", "--output", required=True, metavar="FILE.h5")

    plot = command("plot", _plot, "a figure of a result")
    plot.add_argument("file", metavar="FILE.h5")
    plot.add_argument("--kind", choices=_PLOTS, help="default: raster of a run, dose curve of a sweep")
    plot.add_argument("--statistic", metavar="NAME", help="for a dose curve: which variable (default: the first)")
    plot.add_argument("--hue", metavar="DIMENSION", help="for a dose curve: told apart by colour")
    plot.add_argument(
        "--select", action="append", default=[], metavar="DIMENSION=VALUE", help="for a dose curve: only this value"
    )
    plot.add_argument("-o", "--output", required=True, metavar="FILE.png|pdf|svg")

    receptor = command("receptor", _receptor, "what GABA and allopregnanolone do to a receptor, as CSV")
    receptor.add_argument("name", help="a subtype, such as alpha4_beta_delta")
    receptor.add_argument("--preparation", default="slice", help="recombinant, slice (default), native or insensitive")
    receptor.add_argument("--gaba", default="0.16 uM", help="such as 0.2uM or log:0.01:100:9uM")
    receptor.add_argument("--allo", default="0,10,30,100,300,1000 nM", help="such as 0,10,30,100nM")
    receptor.add_argument("--set", action="append", default=[], metavar="NUMBER=VALUE", help="such as K_allo=0.1uM")
    receptor.add_argument("--potency-ratio", metavar="RATIO", help="K_allo of delta receptors over that of gamma2 ones")

    concentration = command("concentration", _concentration, "a schedule's concentration over time, as CSV")
    concentration.add_argument("schedule", help="such as infusion, 'menopause + oral_progesterone', or a CSV file")
    concentration.add_argument("--until", metavar="TIME", help="last time, such as 60h (default: what shows it)")
    concentration.add_argument("--every", metavar="TIME", help="step, such as 1h (default: a hundredth of it)")
    concentration.add_argument(
        "--as", dest="compartment", default="receptor", help="plasma, brain or receptor (default)"
    )
    concentration.add_argument("--map", metavar="NAME", help="way from plasma to the receptor (default anchored)")

    validate = command("validate", _validate, "the scoreboard: the simulator held against published values")
    validate.add_argument("names", nargs="*", metavar="NAME", help="only these groups: receptors, concentration")
    return parser


def _list(options) -> int:
    from . import neurons, receptors, statistics, synapses
    from .concentration import SCHEDULES
    from .network.definition import Definition
    from .network.files import shipped

    contents = {
        "networks": lambda: {name: Definition.load(name).schema.title for name in shipped()},
        "receptors": lambda: {name: receptors.receptor(name).role for name in receptors.SUBTYPES},
        "neurons": lambda: {name: model.title for name, model in neurons.MODELS.items()},
        "synapses": lambda: {name: model.title for name, model in synapses.MODELS.items()},
        "schedules": lambda: {
            name: f"{kind.meaning} [{kind.compartment or 'receptor, brain or plasma'}]"
            for name, kind in SCHEDULES.items()
        },
        "experiments": _experiments,
        "statistics": lambda: {n: f"{d.description} [{d.unit}]" for n, d in sorted(statistics.STATISTICS.items())},
    }
    chosen = {kind: contents[kind]() for kind in ([options.kind] if options.kind else _LISTS)}
    if options.json:
        print(json.dumps(chosen, indent=1))
        return DONE
    for kind, entries in chosen.items():
        print(f"{kind}" if entries else f"{kind}: none here (they belong to a checkout)")
        for name, meaning in entries.items():
            print(f"  {name:28} {meaning}")
    return DONE


def _experiments() -> dict[str, str]:
    import ast

    folder = Path(__file__).parents[2] / "experiments"
    docstrings = {
        path.stem: ast.get_docstring(ast.parse(path.read_text())) or "" for path in sorted(folder.glob("*.py"))
    }
    return {name: text.partition("\n")[0] for name, text in docstrings.items()}


def _settings(options) -> dict[str, str]:
    """What `--set` gives: text by path."""
    values = {}
    for item in options.set:
        path, equals, value = item.partition("=")
        if not equals or not path.strip():
            raise InputError("--set", f"'{item}' is not of the form PATH=VALUE")
        values[path.strip()] = value.strip()
    return values


def _definition(options):
    """The definition of a network argument with its `--set` values; files named there are sought in this folder."""
    from .concentration import as_table
    from .network.definition import Definition

    values = _settings(options)
    for option, path in (("allo", "medium.allopregnanolone"), ("map", "medium.allopregnanolone.map")):
        given = getattr(options, option, None)
        if given is not None and path in values:
            raise InputError(f"--{option}", f"says the same as --set {path}; give one of them")
        if given is not None:
            values[path] = given
    if getattr(options, "map", None) and "map" in as_table(options.allo or "0 nM"):
        raise InputError("--map", f"'{options.allo}' names a map too; give one of them")
    definition = Definition.load(options.network)
    return definition.override(values, Path()) if values else definition


def _show(options) -> int:
    from .network.describe import describe
    from .network.origin import file_comments
    from .simulation.compile import compile_plan
    from .simulation.run import plan_run

    definition = _definition(options)
    build = {}
    if options.build:
        binary = compile_plan(plan_run(definition, duration_s=1.0), show_progress=True)
        build = {"compiler": binary.compiler, "flags": binary.flags, "folder": str(binary.folder)}
    if options.json:
        print(json.dumps(definition.data | ({"build": build} if build else {}), indent=1))
    else:
        comments = file_comments(options.network)
        comments |= {item.partition("=")[0].strip(): "set on the command line" for item in options.set}
        print(describe(definition, comments))
        print("".join(f"\n{key:10}{value}" for key, value in build.items()), end="\n" if build else "")
    return DONE


def _run(options) -> int:
    from .results import write_run
    from .simulation.network import Network

    network = Network(_definition(options))
    if options.dt is not None:
        network = network.override({"time_step": options.dt})
    _check_output(options.output, (".h5", ".hdf5"))
    run = network.run(
        options.duration,
        discard=options.discard,
        seed=options.seed,
        network_seed=options.network_seed,
        noise_seed=options.noise_seed,
        record=options.record,
        statistics=options.statistic,
        show_progress=True,
    )
    write_run(run, options.output)
    if options.json:
        statistics = {
            name: {key: [_plain(one.value), one.unit] for key, one in found.items() if "agent" not in one.dimensions}
            for name, found in run.statistics.items()
        }
        print(
            json.dumps({"file": options.output, "definition_sha256": run.definition_sha256, "statistics": statistics})
        )
        return DONE
    _print_concentration(run)
    for name, found in run.statistics.items():
        print(f"{name}: {run.sizes[name]} agents, {len(run.spikes[name].node_ids)} spikes")
        for key, one in found.items():
            unit = "" if one.unit == "1" else one.unit
            if not one.dimensions:
                print(f"  {key:20} {float(one.value):.4g} {unit}".rstrip())
            elif one.dimensions == ("band",):
                bands = zip(one.coordinates["band"][0], one.value)
                print(f"  {key:20} " + ", ".join(f"{band} {value:.4g}" for band, value in bands) + f" {unit}")
    print(f"written to {options.output}")
    return DONE


def _print_concentration(run) -> None:
    """What the receptors met, in one line."""
    from .units import magnitude

    course = magnitude(run.allopregnanolone.concentration, "nM")
    if run.allopregnanolone.frozen:
        extent = f"{course[0]:.4g} nM, held still (it moves by less than 1 %)"
    elif course.min() == course.max():
        extent = f"{course[0]:.4g} nM"
    else:
        extent = (
            f"{course[0]:.4g} nM at first, {course[-1]:.4g} nM at the end, {course.min():.4g} to {course.max():.4g} nM"
        )
    print(f"allopregnanolone at the receptor: {extent}")


def _plain(values) -> object:
    """Numbers as JSON has them: what is not a number is null."""
    if values.ndim:
        return [_plain(value) for value in values]
    return float(values) if math.isfinite(values) else None


def _check_output(path: str, suffixes: tuple[str, ...]) -> None:
    """Refuse a path that could not be written before anything long begins."""
    from .results import refuse_foreign

    if not path.endswith(suffixes):
        raise InputError("--output", f"'{path}' does not end in {' or '.join(suffixes)}")
    if not Path(path).parent.is_dir():
        raise InputError("--output", f"there is no folder '{Path(path).parent}'; make it first")
    if not os.access(Path(path).parent, os.W_OK):
        raise InputError("--output", f"the folder '{Path(path).parent}' cannot be written to; choose another")
    refuse_foreign(Path(path))


def _plot(options) -> int:
    from . import figures
    from .results import kind_of, read_run, read_table

    found = kind_of(options.file)
    kind = options.kind or ("raster" if found == "run" else "dose")
    if (kind == "dose") != (found == "sweep"):
        raise InputError("--kind", f"'{options.file}' is a {found}, of which there is no {kind} figure")
    if kind == "dose":
        table = _selected(read_table(options.file), options.select)
        variable = options.statistic or next(name for name in table.data_vars if "seed" in table[name].dims)
        figure = figures.dose(table, variable, hue=options.hue)
    else:
        figure = getattr(figures, kind)(read_run(options.file))
    figures.save(figure, options.output)
    print(json.dumps({"file": options.output}) if options.json else f"written to {options.output}")
    return DONE


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


def _receptor(options) -> int:
    import numpy as np

    from . import receptors
    from .units import magnitude, parse
    from .values import parse_values

    own = _settings(options)
    if len(own) < len(options.set):
        names = [item.partition("=")[0].strip() for item in options.set]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"--set {twice}", "is given more than once; give it once")
    for name in ("Q0", "q", "K_q"):
        if name in own:
            raise InputError(f"--set {name}", "nothing reads this, for no column here has desensitisation; drop it")
    try:
        receptor = receptors.receptor(
            options.name, options.preparation, potency_ratio=options.potency_ratio, parameters=own
        )
    except InputError as error:
        kind, _, name = error.path.partition(".")
        option = {"parameters": f"--set {name}", "potency_ratio": "--potency-ratio"}
        raise InputError(option.get(kind, error.path), error.message) from None

    def values(text, path, unit):
        return np.array([float(magnitude(parse(value, path, unit), unit)) for value in parse_values(text, path, unit)])

    table = receptors.receptor_table(
        receptor, values(options.gaba, "--gaba", "uM"), values(options.allo, "--allo", "nM")
    )
    if options.json:
        print(json.dumps({name: np.asarray(column).tolist() for name, column in table.items()}))
        return DONE
    print(",".join(table))
    for row in zip(*table.values()):
        print(",".join(f"{value:.6g}" for value in row))
    return DONE


def _concentration(options) -> int:
    from .concentration import listing, schedule
    from .network.medium import way_to_receptor
    from .units import number_in, parse, write

    if options.map is not None and options.compartment == "plasma":
        raise InputError("--map", f"nothing reads '{options.map}': plasma is where a map begins; leave it out")
    chosen = schedule(options.schedule, **({} if options.map is None else {"map": options.map}))

    def hours(option, text):
        return None if text is None else number_in(write(parse(text, option, "h"), "h"), "h")

    found = listing(chosen, options.compartment, hours("--until", options.until), hours("--every", options.every))
    if options.map is None and options.compartment != "plasma" and (way := way_to_receptor(chosen)):
        print(f"allotone: note: {way}", file=sys.stderr)
    print(json.dumps(found.data()) if options.json else found.csv())
    return DONE


def _validate(options) -> int:
    from .published import scoreboard

    board = scoreboard.validate(options.names)
    print(json.dumps(board.data(), indent=1) if options.json else scoreboard.text(board))
    return FAILED if board.failed else DONE


if __name__ == "__main__":
    sys.exit(main())
