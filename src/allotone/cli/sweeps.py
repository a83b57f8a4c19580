"""Commands about sweeps: run one, say how far it is, join its shards."""

import json
import re
from dataclasses import asdict
from pathlib import Path

from ..errors import InputError
from .common import DONE, FAILED, SCHEDULE, definition_of


def add_commands(command) -> None:
    """Declare `sweep`, `status` and `collect`."""
    sweep = command("sweep", _sweep, "run a network at many settings and seeds; the same command goes on after any end")
    sweep.add_argument("network", help="name of a shipped network, or path of a TOML file")
    sweep.add_argument(
        "--axis", action="append", default=[], metavar="[NAME:]PATH[,PATH...]=VALUES",
        help="what is varied: medium.allopregnanolone=0,30,100nM; 'start:stop:step unit'; 'log:start:stop:count unit'",
    )  # fmt: skip
    sweep.add_argument(
        "--design", default="grid", metavar="KIND",
        help="grid (default), zip, latin_hypercube:COUNT, sobol:COUNT (axes are then low:high), or a CSV file of points",
    )  # fmt: skip
    sweep.add_argument("--seeds", default="1", help="how many (0, 1, ...), or which: 3,5,9 (default 1)")
    sweep.add_argument("--duration", default="2 s", help="simulated time of each point (default 2s)")
    sweep.add_argument("--discard", default="0 ms", help="part at the beginning that statistics leave out")
    sweep.add_argument(
        "--statistic",
        action="append",
        metavar="NAME",
        help="only these (default: single numbers from spikes, and bands)",
    )
    sweep.add_argument(
        "--set", action="append", default=[], metavar="PATH=VALUE", help="another value at a dotted path"
    )
    sweep.add_argument("--allo", metavar="SCHEDULE", help="allopregnanolone of all points, as in `run`")
    sweep.add_argument("--map", metavar="NAME", help="way from plasma to the receptor, as in `run`")
    sweep.add_argument("--dt", help="time step, instead of the network's own")
    sweep.add_argument("-j", "--workers", type=int, help="points at a time (default: one for each core)")
    sweep.add_argument("--shard", metavar="I/N", help="only the I-th of N shares; join them with `collect`")
    sweep.add_argument("--dask", metavar="ADDRESS", help="run on this dask.distributed scheduler")
    sweep.add_argument("--retry-failed", action="store_true", help="try points again that failed before")
    sweep.add_argument("--keep-runs", action="store_true", help="keep each point's spikes too, in FILE.h5.runs/")
    sweep.add_argument("-o", "--output", required=True, metavar="FILE.h5")

    status = command("status", _status, "how far a sweep is: done, failed, missing, time left, bytes")
    status.add_argument("file", metavar="FILE.h5", help="the file that the sweep writes, or will write")

    collect = command("collect", _collect, "join the shards of a sweep into one file")
    collect.add_argument("file", metavar="FILE.h5", help="the file that the shards were given")


def _sweep(options) -> int:
    from ..results import check_output
    from ..simulation.network import Network
    from ..sweep import Sweep
    from ..sweep.carry_out import carry_out
    from ..sweep.design import parse_design

    network = Network(definition_of(options))
    if options.dt is not None:
        network = network.override({"time_step": options.dt})
    check_output(options.output, (".h5", ".hdf5"))
    design = parse_design(options.design, options.axis)
    _refuse_idle(options, design)
    sweep = Sweep(
        network,
        design,
        seeds=_seeds(options.seeds),
        duration=options.duration,
        discard=options.discard,
        statistics=options.statistic,
    )
    counts = carry_out(
        sweep.describe(),
        Path(options.output),
        workers=options.workers,
        shard=_shard(options.shard),
        dask=options.dask,
        retry_failed=options.retry_failed,
        keep_runs=options.keep_runs,
    )
    return _report(options, counts, shard=options.shard)


def _refuse_idle(options, design) -> None:
    """InputError for a value of the whole sweep that an axis replaces at every point."""
    from ..sweep.axis import overlap

    given = {item.partition("=")[0].strip(): "--set" for item in options.set}
    for option, path in (("allo", SCHEDULE), ("map", f"{SCHEDULE}.map"), ("dt", "time_step")):
        if getattr(options, option) is not None:
            given[path] = f"--{option}"
    for path, option in given.items():
        for axis in design.axes:
            if axis.variants is None and any(overlap(path, moved) for moved in axis.paths):
                raise InputError(
                    option, f"nothing reads its '{path}': the axis '{axis.name}' gives it; drop one of them"
                )


def _status(options) -> int:
    from ..progress import duration_text, size_text
    from ..sweep import status

    state = status(options.file)
    if options.json:
        print(json.dumps({"file": options.file} | asdict(state)))
    else:
        left = "" if state.seconds_left is None else f", {duration_text(state.seconds_left)} left"
        doing = "finished" if not state.missing else f"running{left}" if state.running else "not running"
        print(f"{options.file}: {doing}; {size_text(state.bytes)}")
        print(f"{state.total} points: {state.done} done, {state.failed} failed, {state.missing} missing")
        _print_reasons(state.reasons)
    return FAILED if state.failed or (state.missing and not state.running) else DONE


def _collect(options) -> int:
    from ..sweep import collect

    return _report(options, collect(options.file))


def _report(options, counts, shard: str | None = None) -> int:
    """What came of a sweep, and its exit code."""
    from ..sweep import status
    from ..sweep.store import parts_folder

    file = options.output if "output" in options else options.file
    if options.json:
        print(json.dumps({"file": file} | asdict(counts)))
    else:
        total = counts.done + counts.failed + counts.missing
        share = f"share {shard}: " if shard else ""
        points = "1 point" if total == 1 else f"{total} points"
        print(f"{share}{points}: {counts.done} done, {counts.failed} failed, {counts.missing} missing")
        if counts.failed:
            _print_reasons(status(file).reasons)
            print("the others are complete; --retry-failed tries these again")
        if shard and parts_folder(file).exists():
            print(f"parts are in {parts_folder(file)}; `allotone collect {file}` joins them")
        else:
            print(f"the table is {file}")
    return FAILED if counts.failed or counts.missing else DONE


def _print_reasons(reasons: dict[str, int]) -> None:
    for reason, number in list(reasons.items())[:5]:
        print(f"  {number} failed: {reason}")
    if len(reasons) > 5:
        print(f"  and {sum(list(reasons.values())[5:])} for {len(reasons) - 5} other reasons")


def _seeds(text: str) -> int | list[int]:
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError("--seeds", f"'{text}' is neither a number of seeds nor a list such as 3,5,9") from None
    return found if "," in text else found[0]


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d+)/(\d+)", text.strip())
    if not match:
        raise InputError("--shard", f"'{text}' is not of the form I/N, such as 1/3")
    return int(match[1]), int(match[2])
