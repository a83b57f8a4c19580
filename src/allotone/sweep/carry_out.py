"""From the description of a sweep to its file: what is missing is computed, and all of it written."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import InputError, MachineError, SimulationError
from ..network.plan import Plan
from ..results import Counts, check_output, write_sweep
from ..simulation.run import warn
from .description import Description
from .design import Design
from .examine import Examination
from .execution import Workers, interrupted, run_points
from .jobs import build
from .local import LocalWorkers, cores
from .store import Store, about

_CONCENTRATION = "medium.allopregnanolone"
_LOOKED_AT = 8


def carry_out(
    description: Description,
    path: Path,
    *,
    workers: int | None = None,
    shard: tuple[int, int] | None = None,
    dask: str | None = None,
    retry_failed: bool = False,
    keep_runs: bool = False,
    show_progress: bool = True,
) -> Counts:
    """Bring a sweep to its end; arguments and errors are those of `Sweep.run`.

    Returns
    -------
    Counts
        Points done, failed and missing, of all (or of the shard's share).
    """
    check_output(path, (".h5", ".hdf5"))
    _check_workers(workers, dask, keep_runs)
    mine, store = _share(description, shard), Store(path, description)
    examination = Examination(description)
    examination.check_first()
    store.check()
    missing = _missing(store, mine, retry_failed)
    if missing:
        # All that may be wrong with what was asked is found before anything is written.
        _prepare(examination, compile_here=dask is None, show_progress=show_progress)
        runs = path.with_name(f"{path.name}.runs") if keep_runs else None
        with store.open("sweep" if shard is None else f"shard-{shard[0]}-of-{shard[1]}"):
            if runs is not None:
                runs.mkdir(exist_ok=True)
            missing = _missing(store, mine, retry_failed)
            run_points(description, missing, _workers(workers, dask), store, runs, show_progress, len(mine))
            return _counts(store, mine) if shard else _finish(store)
    if keep_runs:
        raise InputError("keep_runs", f"no point is left to run for '{path}'; give another file name to run them again")
    if shard or not store.folder.exists():
        return _counts(store, mine)
    # Ended between the last point and the removal of the parts.
    with store.open():
        return _finish(store)


def collect(path: str | Path) -> Counts:
    """Write the file of a sweep from the parts that are there; points that are missing stay visible as holes.

    The parts are removed once no point is missing.

    Raises
    ------
    InputError
        There is no sweep at `path`, or the file cannot be written.
    """
    description = find(path)
    store = Store(Path(path), description)
    store.check()
    if not store.folder.exists():
        return _counts(store, range(description.size))
    with store.open("collect"):
        return _finish(store)


def find(path: str | Path) -> Description:
    """The sweep that lies at a path, finished or not; InputError where there is none."""
    return Description.from_data(about(path).data)


def _finish(store: Store) -> Counts:
    try:
        counts = write_sweep(store.path, store.description.layout(), store.parts)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError("statistics", f"cannot be one table: {error}; sweep these structures one by one") from None
    except KeyboardInterrupt:
        kept = store.progress()
        raise interrupted(store, len(kept.done | kept.failed), store.description.size) from None
    store.done = not counts.missing
    return counts


def _missing(store: Store, mine: Sequence[int], retry_failed: bool) -> list[int]:
    progress = store.progress()
    settled = progress.done if retry_failed else progress.done | progress.failed
    return [point for point in mine if point not in settled]


def _counts(store: Store, mine: Sequence[int]) -> Counts:
    progress, mine = store.progress(), set(mine)
    done, failed = len(progress.done & mine), len(progress.failed & mine)
    return Counts(done, failed, len(mine) - done - failed)


def _share(description: Description, shard: tuple[int, int] | None) -> Sequence[int]:
    if shard is None:
        return range(description.size)
    number, of = shard
    if not 1 <= number <= of:
        raise InputError("shard", f"{number}/{of} is no share; expected I/N with I from 1 to N, such as 1/{max(of, 1)}")
    seeds = len(description.seeds)
    if description.design.size < of:
        return range(number - 1, description.size, of)
    # Whole settings: their seeds share a plan.
    settings = range(number - 1, description.design.size, of)
    return [setting * seeds + place for setting in settings for place in range(seeds)]


def _check_workers(workers: int | None, dask: str | None, keep_runs: bool) -> None:
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise InputError("workers", f"{workers!r} is no number of workers; expected a whole number from 1 on")
    if dask is not None and workers is not None:
        raise InputError(
            "workers", f"nothing reads {workers}: the scheduler at {dask} has its own; leave one of them out"
        )
    if dask is not None and keep_runs:
        raise InputError("keep_runs", "is for this machine: a distributed worker may have no folder in common with it")


def _workers(workers: int | None, dask: str | None) -> Workers:
    if dask is None:
        return LocalWorkers(workers or cores())
    from .distributed import DaskWorkers

    return DaskWorkers(dask)


def _prepare(examination: Examination, compile_here: bool, show_progress: bool) -> None:
    """Find what is wrong, say what to doubt, and build what will be run."""
    examination.check()
    description = examination.description
    for setting in _of_concentration(description.design):
        warn(*examination.planned(setting))
    if not compile_here:
        return
    number = len(examination.structures)
    if show_progress and number > 1:
        print(f"this sweep has {number} structures, each compiled once if it is new", file=sys.stderr, flush=True)
    failures = [error for plan in examination.structures.values() if (error := _build(plan, show_progress))]
    if len(failures) == number:
        raise failures[0]
    for error in failures:
        print(f"allotone: warning: points of one structure will fail: {error}", file=sys.stderr, flush=True)


def _build(plan: Plan, show_progress: bool) -> SimulationError | None:
    """Compile a structure that points will ask for; the error where that is impossible."""
    try:
        build(plan, show_progress)
    except MachineError:
        raise
    except SimulationError as error:
        return error
    return None


def _of_concentration(design: Design) -> Iterator[dict]:
    """Settings whose warnings speak for all: the first one, with some values of each axis that moves the concentration."""
    first = design.setting(0)
    moving = [axis for axis in design.axes if any(path.startswith(_CONCENTRATION) for path in axis.paths)]
    if not moving:
        yield first
    for axis in moving:
        last = len(axis.values) - 1
        for place in sorted({*range(min(last, _LOOKED_AT) + 1), last}):
            yield first | axis.at(place)
