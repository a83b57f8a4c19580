"""A few points of a sweep, computed where their spikes are: plain data in, a part out."""

import functools
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, MachineError, SimulationError
from ..network.definition import Definition
from ..network.plan import Plan
from ..results import Column, Part, PointResult, compose_part, write_run
from ..simulation.compile import Binary, compile_plan
from ..simulation.execute import execute
from ..simulation.provenance import code_version
from ..simulation.run import plan_run, population_statistics, record, reseeded
from ..simulation.serve import kept
from ..statistics import STATISTICS
from .description import Description, split
from .effective import effective_columns, effective_values

# A reason that is a fault of this package, not of the point, would otherwise fill a screen.
_LONGEST_REASON = 2000
_binaries: dict[str, Binary] = {}
_uncompilable: dict[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """What came of a job.

    Attributes
    ----------
    content : bytes or Part  what is to be kept; bytes where it came from another process
    points : list of int     those in it, perhaps not all of the job's
    failed : int             how many of them did
    seconds : float          that they took
    """

    content: bytes | Part
    points: list[int]
    failed: int
    seconds: float


class Stopped(Exception):
    """The job was given up because its caller wants to end."""


def make_job(
    description: Description, points: Sequence[int], enough_s: float, runs_folder: Path | None = None
) -> dict[str, Any]:
    """Everything that a worker needs for some points, JSON-able.

    Parameters
    ----------
    enough_s : float
        Seconds after which the points that are not begun are given back.
    runs_folder : Path, optional
        Where each point's whole run is kept too.
    """
    settings: dict[int, list[tuple[int, int]]] = {}
    for point in points:
        setting, seed = description.point(point)
        settings.setdefault(setting, []).append((point, seed))
    return {
        "sweep_sha256": description.sha256,
        "code": dict(description.code),
        # In its own order, which is that of what is compiled.
        "definition": json.dumps(description.definition),
        "duration_s": description.duration_s,
        "discard_s": description.discard_s,
        "statistics": list(description.statistics),
        "axes": [
            {"name": axis.name, "path": axis.paths[0], "unit": axis.labels()[1]}
            for axis in description.design.axes
            if axis.is_numeric
        ],
        "settings": [
            {"values": description.design.setting(number), "points": chosen} for number, chosen in settings.items()
        ],
        "enough_s": enough_s,
        "runs_folder": None if runs_folder is None else str(runs_folder.absolute()),
    }


def run_job(job: dict[str, Any], stopping: Callable[[], bool] = lambda: False) -> Answer:
    """Compute the points of a job.

    A point that fails is tried once more and then recorded with its reason. What is wrong with the machine rather than
    with a point (no compiler, a full disk where runs are kept, another version of the code) is raised.

    Raises
    ------
    InputError, MachineError
        The machine cannot run this.
    Stopped
        `stopping` said so between two points.
    """
    if dict(job["code"]) != code_version():
        raise InputError("code", f"this worker has {code_version()}, the sweep {job['code']}; install the same on both")
    results: list[PointResult] = []
    columns: dict[str, Column] = {}
    started = time.perf_counter()
    for setting in job["settings"]:
        values, seeds = split(setting["values"])
        try:
            definition = _base(job["definition"]).override(values)
            plan = plan_run(
                definition,
                duration_s=job["duration_s"],
                discard_s=job["discard_s"],
                statistics=job["statistics"],
                **seeds,
            )
        except InputError as error:
            results += [PointResult(point, str(error)) for point, _ in setting["points"]]
            continue
        try:
            binary = build(plan)
        except MachineError:
            raise
        except SimulationError as error:
            results += [PointResult(point, _reason(error)) for point, _ in setting["points"]]
            continue
        used = effective_values(job["axes"], definition, plan, job["discard_s"])
        for point, seed in setting["points"]:
            if stopping():
                raise Stopped
            if results and time.perf_counter() - started > job["enough_s"]:
                break
            one = functools.partial(
                _point, job, definition, binary, reseeded(plan, seed, **seeds), point, seed, used, columns
            )
            try:
                results.append(_twice(one, stopping))
            except Exception as error:
                if isinstance(error, InputError | MachineError | Stopped):
                    raise
                results.append(PointResult(point, _reason(error)))
    return to_answer(job["sweep_sha256"], results, columns, time.perf_counter() - started)


def to_answer(sweep_sha256: str, results: list[PointResult], columns: dict[str, Column], seconds: float) -> Answer:
    """The answer that holds some results."""
    part = Part(sweep_sha256, results, columns, seconds)
    return Answer(part, [one.point for one in results], sum(bool(one.error) for one in results), seconds)


def answer_plainly(job: str) -> tuple[dict[str, Any], bytes]:
    """`run_job` of a job as JSON, for callers in other processes: what came of it as plain data, and a part's bytes.

    The data have `points`, `failed` and `seconds`; or `path` and `message` of an InputError; or `machine`, the text of a
    MachineError.
    """
    try:
        with kept():
            answer = run_job(json.loads(job))
            content = compose_part(answer.content)
    except InputError as error:
        return {"path": error.path, "message": error.message}, b""
    except MachineError as error:
        return {"machine": str(error)}, b""
    return {"points": answer.points, "failed": answer.failed, "seconds": answer.seconds}, content


def from_plain(head: dict[str, Any], content: bytes) -> Answer:
    """The answer that `answer_plainly` gave, or its error raised."""
    if "machine" in head:
        raise MachineError(head["machine"])
    if "path" in head:
        raise InputError(head["path"], head["message"])
    return Answer(content, head["points"], head["failed"], head["seconds"])


def build(plan: Plan, show_progress: bool = False) -> Binary:
    """The binary of a plan; a structure that could not be compiled is not tried again.

    Raises
    ------
    InputError, SimulationError
        As `compile_plan`.
    """
    structure = plan.structure
    if structure in _uncompilable:
        raise SimulationError(_uncompilable[structure])
    if structure in _binaries and os.path.exists(_binaries[structure].folder / "main"):
        return _binaries[structure]
    try:
        return _binaries.setdefault(structure, compile_plan(plan, show_progress))
    except SimulationError as error:
        if not isinstance(error, MachineError):
            _uncompilable[structure] = str(error)
        raise


def _twice(one: Callable[[], PointResult], stopping: Callable[[], bool]) -> PointResult:
    """What `one` gives at the first or second attempt."""
    for attempt in (1, 2):
        try:
            return one()
        except Exception as error:
            # Whoever stops a job ends its simulations, and theirs is then no failure of the point.
            if stopping():
                raise Stopped from None
            if attempt == 2 or isinstance(error, InputError | MachineError):
                raise
    raise AssertionError


@functools.lru_cache(maxsize=4)
def _base(definition: str) -> Definition:
    return Definition.from_data(json.loads(definition))


def _reason(error: Exception) -> str:
    text = str(error) if isinstance(error, InputError | SimulationError) else f"{type(error).__name__}: {error}"
    return text[:_LONGEST_REASON]


def _point(
    job: dict[str, Any],
    definition: Definition,
    binary: Binary,
    plan: Plan,
    point: int,
    seed: int,
    used: dict[str, np.ndarray],
    columns: dict[str, Column],
) -> PointResult:
    clock = time.perf_counter()
    output = execute(binary, plan)
    statistics = population_statistics(definition, plan, output, job["discard_s"], job["statistics"])
    if job["runs_folder"] is not None:
        derived = seed if not {"network_seed", "noise_seed"} <= set(_seed_paths(job)) else None
        run = record(
            definition, plan, binary, output, statistics, derived, job["discard_s"], time.perf_counter() - clock
        )
        write_run(run, Path(job["runs_folder"]) / f"{point:06d}.h5")
    values = dict(used)
    for population, found in statistics.items():
        for name, one in found.items():
            column = f"{population}_{name}"
            values[column] = one.value
            if column not in columns:
                columns[column] = _column(population, one)
    if len(columns) < len(values):
        columns |= effective_columns(job["axes"])
    return PointResult(point, "", values)


def _seed_paths(job: dict[str, Any]) -> dict[str, int]:
    return split(job["settings"][0]["values"])[1]


def _column(population: str, statistic) -> Column:
    def own(dimension: str) -> str:
        return f"{population}_agent" if dimension == "agent" else dimension

    return Column(
        statistic.unit,
        STATISTICS[statistic.name].description,
        tuple(own(dimension) for dimension in statistic.dimensions),
        {
            own(dimension): (labels, unit or "1")
            for dimension, (labels, unit) in statistic.coordinates.items()
            if dimension in statistic.dimensions and dimension != "agent"
        },
    )
