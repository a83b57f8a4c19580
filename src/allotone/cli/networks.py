"""Commands about networks: what there is, what one holds, and a run of it."""

import json
import math
from pathlib import Path

from .common import DONE, definition_of

_LISTS = ("networks", "receptors", "neurons", "synapses", "schedules", "experiments", "statistics")


def add_commands(command) -> None:
    """Declare `list`, `show` and `run`."""
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


def _list(options) -> int:
    from . import contents

    found = contents.shipped() | {"networks": _networks(), "experiments": _experiments()}
    chosen = {kind: found[kind] for kind in ([options.kind] if options.kind else _LISTS)}
    if options.json:
        print(json.dumps(chosen, indent=1))
        return DONE
    for kind, entries in chosen.items():
        print(f"{kind}" if entries else f"{kind}: none here (they belong to a checkout)")
        for name, meaning in entries.items():
            print(f"  {name:28} {meaning}")
    return DONE


def _networks() -> dict[str, str]:
    import tomllib

    from ..network.files import shipped

    return {name: tomllib.loads(path.read_text(encoding="utf-8"))["title"] for name, path in shipped().items()}


def _experiments() -> dict[str, str]:
    import ast

    folder = Path(__file__).parents[3] / "experiments"
    docstrings = {
        path.stem: ast.get_docstring(ast.parse(path.read_text())) or "" for path in sorted(folder.glob("*.py"))
    }
    return {name: text.partition("\n")[0] for name, text in docstrings.items()}


def _show(options) -> int:
    from ..network.describe import describe
    from ..network.origin import file_comments
    from ..simulation.compile import compile_plan
    from ..simulation.run import plan_run

    definition = definition_of(options)
    build = {}
    if options.build:
        binary = compile_plan(plan_run(definition, duration_s=1.0), show_progress=True)
        # What the device recorded comes last: it knows better than the compiler's defaults.
        build = {"compiler": binary.compiler, "flags": binary.flags, "folder": str(binary.folder), **binary.build}
    if options.json:
        print(json.dumps(definition.data | ({"build": build} if build else {}), indent=1))
    else:
        comments = file_comments(options.network)
        comments |= {item.partition("=")[0].strip(): "set on the command line" for item in options.set}
        print(describe(definition, comments))
        if build:
            print("\n" + _build_text(build))
    return DONE


def _build_text(build: dict) -> str:
    """How a binary was built, line by line."""
    flags = build["flags"]
    lines = {
        "device": build.get("device", ""),
        "note": build.get("note", ""),
        "compiler": build["compiler"],
        "flags": flags if isinstance(flags, str) else " ".join(flags),
        "built in": f"{build['seconds']:.1f} s" if "seconds" in build else "",
        "folder": build["folder"],
    }
    for name, width in build.get("loops", {}).items():
        lines[f"loop {name}"] = f"vectors of {width} bytes" if width else "scalar"
    longest = max(map(len, lines))
    return "\n".join(f"{key:{longest}}  {value}" for key, value in lines.items() if value)


def _run(options) -> int:
    from ..results import check_output, write_run
    from ..simulation.network import Network

    network = Network(definition_of(options))
    if options.dt is not None:
        network = network.override({"time_step": options.dt})
    check_output(options.output, (".h5", ".hdf5"))
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
    from ..units import magnitude

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
