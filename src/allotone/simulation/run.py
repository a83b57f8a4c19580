"""One run from a definition: plan, binary, execution, statistics, and the record of how it was made."""

import datetime
import sys
import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from brian2 import Quantity, second

from .. import statistics as firing
from ..errors import InputError, unknown
from ..network.check import cell_model
from ..network.definition import Definition
from ..network.effects import evidence_warnings
from ..network.fields import si
from ..network.medium import MediumCourse, medium_course, way_to_receptor
from ..network.plan import Plan, Recording
from ..network.planning import Settings, make_plan
from ..results import Run, Spikes, TimeCourse, Trace
from ..units import quantity
from .compile import Binary, compile_plan
from .execute import Output, execute
from .provenance import versions
from .recording import parse_recording
from .seeds import derive_seeds

_MOST_STEPS = 1e10  # days of computing
_LOCAL = (
    "medium.local_synthesis adds to the schedule, and /allopregnanolone of the result holds the schedule alone; record "
    "allopregnanolone@POPULATION:0/10ms for the sum"
)
# Warnings that were printed: a sweep has many runs that differ in nothing which these say.
_said: set[str] = set()


def simulate(definition: Definition, *, show_progress: bool = False, **asked) -> Run:
    """Simulate a definition; `asked` are the arguments of `plan_run`, errors those of `Network.run`."""
    plan = plan_run(definition, **asked)
    warnings = warn(definition, plan)
    clock = time.perf_counter()
    binary = compile_plan(plan, show_progress)
    output = execute(binary, plan, show_progress)
    statistics = population_statistics(definition, plan, output, asked.get("discard_s", 0.0), asked.get("statistics"))
    derived = None in (asked.get("network_seed"), asked.get("noise_seed"))
    run = record(definition, plan, binary, output, statistics, asked.get("seed", 0) if derived else None,
                 asked.get("discard_s", 0.0), time.perf_counter() - clock)  # fmt: skip
    return replace(run, warnings=warnings)


def warn(definition: Definition, plan: Plan) -> tuple[str, ...]:
    """Where a run leaves the evidence of its effects; each sentence is printed once."""
    way = way_to_receptor(definition.schema.medium.allopregnanolone)
    local = (_LOCAL,) if definition.schema.medium.local_synthesis is not None else ()
    warnings = (
        ((way,) if way else ()) + local + evidence_warnings(definition.schema, _course(definition, plan).receptor)
    )
    for warning in warnings:
        if warning not in _said:
            _said.add(warning)
            print(
                f"allotone: {'note' if warning in (way, _LOCAL) else 'warning'}: {warning}", file=sys.stderr, flush=True
            )
    return warnings


def plan_run(
    definition: Definition,
    *,
    duration_s: float,
    discard_s: float = 0.0,
    seed: int = 0,
    network_seed: int | None = None,
    noise_seed: int | None = None,
    record: Iterable[str | Recording] = (),
    statistics: Iterable[str] | None = None,
) -> Plan:
    """The plan of a run, with everything that was asked checked."""
    if duration_s <= discard_s:
        raise InputError(
            "duration", f"{duration_s:g} s is not above discard, {discard_s:g} s; simulate longer or discard less"
        )
    for name in statistics or ():
        if name not in firing.STATISTICS:
            raise unknown("statistics", "statistic", name, firing.STATISTICS)
    time_step = si(definition.schema.time_step)
    if duration_s / time_step > _MOST_STEPS:
        raise InputError("duration", f"{duration_s:g} s is more than {_MOST_STEPS:.0e} time steps; simulate less")
    if duration_s < time_step:
        raise InputError("duration", f"{duration_s:g} s is shorter than one time step of {time_step:g} s")
    network_seed, noise_seed = derive_seeds(seed, network_seed, noise_seed)
    sizes = {name: population.size for name, population in definition.schema.populations.items()}
    recordings = tuple(parse_recording(item, sizes, time_step) if isinstance(item, str) else item for item in record)
    with_sums = any(firing.STATISTICS[name].needs == "sums" for name in statistics or ())
    return make_plan(definition, Settings(duration_s, discard_s, network_seed, noise_seed, recordings, with_sums))


def reseeded(plan: Plan, seed: int, network_seed: int | None = None, noise_seed: int | None = None) -> Plan:
    """The same plan with other seeds, as `plan_run` derives them."""
    network_seed, noise_seed = derive_seeds(seed, network_seed, noise_seed)
    return replace(plan, arguments=plan.arguments | {"run.network_seed": network_seed, "run.noise_seed": noise_seed})


def population_statistics(
    definition: Definition, plan: Plan, output: Output, discard_s: float, names: Iterable[str] | None = None
) -> dict[str, firing.PopulationStatistics]:
    """The firing statistics of each population; all that what came back suffices for, unless `names` says which."""
    statistics, names = {}, None if names is None else tuple(names)
    for population, (node_ids, times) in output.spikes.items():
        trains = firing.SpikeTrains.from_times(
            node_ids,
            times,
            size=definition.schema.populations[population].size,
            start_s=discard_s,
            stop_s=plan.arguments["run.duration"],
            time_step_s=plan.time_step,
        )
        sums = None
        if population in output.sums:
            sums = _sums(output.sums[population], definition, population, discard_s)
        wanted = (
            None if names is None else [n for n in names if sums is not None or firing.STATISTICS[n].needs == "spikes"]
        )
        # Which pairs are correlated belongs to the analysis, not to the network: the same in every run.
        statistics[population] = firing.compute(trains, sums, wanted, seed=0)
    return statistics


def record(
    definition: Definition,
    plan: Plan,
    binary: Binary,
    output: Output,
    statistics: dict[str, firing.PopulationStatistics],
    seed: int | None,
    discard_s: float,
    wall_s: float,
) -> Run:
    """A run with everything that it left and how it was made; `seed` is None where both of its seeds were given."""
    spikes = {}
    for name, (node_ids, times) in output.spikes.items():
        order = np.lexsort((node_ids, times))
        spikes[name] = Spikes(Quantity(times[order], dim=second.dim), node_ids[order].astype(np.int64))
    now = datetime.datetime.now(datetime.UTC)
    return Run(
        definition=definition.data,
        definition_sha256=definition.sha256,
        seed=seed,
        network_seed=plan.arguments["run.network_seed"],
        noise_seed=plan.arguments["run.noise_seed"],
        duration=plan.arguments["run.duration"] * second,
        discard=discard_s * second,
        time_step=plan.time_step * second,
        sizes={name: population.size for name, population in definition.schema.populations.items()},
        spikes=spikes,
        statistics=statistics,
        agents={name: drawn for name, drawn in output.agents.items() if name},
        allopregnanolone=_time_course(definition, plan),
        traces=_traces(plan, output),
        provenance={
            **versions(),
            "device": binary.build["device"],
            "compiler": binary.compiler,
            "flags": binary.flags,
            "started": (now - datetime.timedelta(seconds=wall_s)).isoformat(timespec="seconds"),
            "wall_seconds": wall_s,
            "loop_seconds": output.loop_seconds,
            "memory_bytes": output.memory_bytes,
        },
    )


def _course(definition: Definition, plan: Plan) -> MediumCourse:
    return medium_course(definition.schema.medium.allopregnanolone, plan.arguments["run.duration"])


def _time_course(definition: Definition, plan: Plan) -> TimeCourse:
    found = _course(definition, plan)
    # Of what does not move, the two ends say all.
    kept = [0, -1] if np.ptp(found.receptor) == 0 else slice(None)
    return TimeCourse(
        found.times_s[kept] * second,
        quantity(found.receptor[kept], "nM"),
        None if found.plasma is None else quantity(found.plasma[kept], "nM"),
        None if found.brain is None else quantity(found.brain[kept], "nmol/kg"),
        definition.schema.medium.allopregnanolone.get("map"),
        found.frozen,
    )


def _sums(sums: dict[str, np.ndarray], definition: Definition, name: str, discard: float) -> firing.PopulationSums:
    model = cell_model(definition.schema, definition.schema.populations[name])
    after = sums["t"] >= discard - 1e-12
    return firing.PopulationSums(
        tick_s=1e-3,
        v_mean=sums["v_mean"][after],
        v_sum=sums["v_sum"],
        v_square_sum=sums["v_square_sum"],
        g_tonic_sum=sums["g_tonic_sum"],
        g_phasic_sum=sums["g_phasic_sum"],
        lfp_proxy=sums["lfp"][after],
        conductance_unit=model.conductance_unit,
        current_unit=model.current_unit,
    )


def _traces(plan: Plan, output: Output) -> dict[str, list[Trace]]:
    traces: dict[str, list[Trace]] = {}
    for recording, (times, values) in zip(plan.recordings, output.recordings):
        trace = Trace(recording.variable, np.array(recording.agents), times * second, values)
        traces.setdefault(recording.population, []).append(trace)
    return traces
