"""One run as one HDF5 file, whose spikes and traces SONATA readers open.

Layout, every dataset with an attribute `units` ('1' for plain numbers, ids and words):

- root attributes: `schema`, `definition` (JSON), `definition_sha256`, `seed` (absent when none), `network_seed`,
  `noise_seed`, `duration`, `discard`, `time_step` (texts with a unit), `warnings` (list of texts, absent when there are
  none), those of the provenance, `complete`
- `/spikes/<population>/{timestamps,node_ids}`: SONATA, sorted by time
- `/report/<population>/{data,mapping}`: SONATA frame report of the one recorded variable; when a population has
  several, `/report/<population>__<variable>`, with `__2`, `__3` for the same variable once more
- `/statistics/<population>/<name>`: attributes `description` and `dimensions`; labels along a dimension are a
  dimension scale in the same group, further ones are named in the attribute `coordinates` (CF conventions)
- `/agents/<population>/<dotted.path>` (size,), the group with an attribute `size`
- `/allopregnanolone/{time,concentration,plasma,brain}`, the last two where it came from there; attributes `map` (absent
  where there is none) and `frozen`

Each group of statistics opens with `xarray.open_dataset(path, group="statistics/<population>", engine="h5netcdf")`.
Spikes and traces are not compressed: libsonata's wheel has no filters.
"""

import io
import json
import math
from collections import Counter
from pathlib import Path

import h5py
import numpy as np
from brian2 import Quantity, get_dimensions

from .. import units
from .container import RUN_SCHEMA, opened, write_whole
from .labelled import read_statistics, write_dataset, write_statistics
from .run import Run, Spikes, TimeCourse, Trace

_SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="i")
_SONATA = {"magic": np.uint32(0x0A7A), "version": np.array([0, 1], dtype="u4")}
_SEEDS = ("seed", "network_seed", "noise_seed")
_AGENT = "agent"  # the labels that what agents drew is given along
_TIMES = ("duration", "discard", "time_step")
_OWN = {"schema", "complete", "warnings", "definition", "definition_sha256", *_SONATA, *_SEEDS, *_TIMES}


def write_run(run: Run, path: str | Path) -> None:
    """Write a run; an older file of ours at `path` is replaced, any other is left alone.

    Times are stored in ms and quantities in the unit that `show` prints, so that they come back within one unit
    in the last place; traces are float32, as SONATA wants them.

    Raises
    ------
    InputError
        The file cannot be written, or what lies at `path` is not ours.
    ValueError
        A run that contradicts itself: a trace at uneven times, a provenance entry with a name of the layout.
    """
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        _write_root(file, run)
        # Populations come back in the order of the definition.
        for room in ("spikes", "report", "statistics", "agents"):
            file.create_group(room, track_order=True)
        for population, spikes in run.spikes.items():
            _write_spikes(file.create_group(f"spikes/{population}"), spikes)
        for population, traces in run.traces.items():
            _write_traces(file, population, traces, run.time_step)
        for population, statistics in run.statistics.items():
            write_statistics(file.create_group(f"statistics/{population}", track_order=True), statistics)
        for population, size in run.sizes.items():
            group = file.create_group(f"agents/{population}", track_order=True)
            group.attrs["size"] = size
            agents = write_dataset(group, _AGENT, np.arange(size), "1", "u8")
            agents.make_scale(_AGENT)
            for name, values in run.agents.get(population, {}).items():
                _write_quantity(group, name, values).dims[0].attach_scale(agents)
        _write_time_course(file.create_group("allopregnanolone"), run.allopregnanolone)
        file.attrs["complete"] = np.uint8(1)
    write_whole(buffer, path)


def read_run(path: str | Path) -> Run:
    """The run that `write_run` wrote.

    Raises
    ------
    InputError
        The file is missing, is not a run, is truncated or incomplete, or comes from a newer version.
    """
    with opened(path, "run") as (file, _):
        attrs = file.attrs
        times = {name: units.parse(attrs[name], name, "ms") for name in _TIMES}
        return Run(
            definition=json.loads(attrs["definition"]),
            definition_sha256=attrs["definition_sha256"],
            seed=int(attrs["seed"]) if "seed" in attrs else None,
            network_seed=int(attrs["network_seed"]),
            noise_seed=int(attrs["noise_seed"]),
            **times,
            sizes={population: int(group.attrs["size"]) for population, group in file["agents"].items()},
            spikes={
                population: _read_spikes(group, times["time_step"]) for population, group in file["spikes"].items()
            },
            statistics={population: read_statistics(group) for population, group in file["statistics"].items()},
            agents={
                population: {name: _read_quantity(dataset) for name, dataset in group.items() if name != _AGENT}
                for population, group in file["agents"].items()
            },
            allopregnanolone=_read_time_course(file["allopregnanolone"]),
            traces=_read_traces(file),
            provenance={
                name: value.item() if isinstance(value, np.generic) else value
                for name, value in attrs.items()
                if name not in _OWN
            },
            warnings=tuple(attrs.get("warnings", ())),
        )


def _write_root(file, run):
    clash = sorted(_OWN & set(run.provenance))
    if clash:
        raise ValueError(f"provenance: '{clash[0]}' is an attribute of the layout; give it another name")
    file.attrs.update(_SONATA)
    file.attrs["schema"] = RUN_SCHEMA
    # Strings of variable length: fixed ones fail above 64 kB, which a large definition reaches.
    file.attrs["definition"] = json.dumps(run.definition, allow_nan=False)
    file.attrs["definition_sha256"] = run.definition_sha256
    for name in _SEEDS:
        if getattr(run, name) is not None:
            file.attrs[name] = np.int64(getattr(run, name))
    for name in _TIMES:
        file.attrs[name] = units.write(getattr(run, name))
    if run.warnings:
        file.attrs["warnings"] = list(run.warnings)
    for name, value in run.provenance.items():
        file.attrs[name] = value


def _write_quantity(group, name, values):
    dimension = get_dimensions(values)
    if dimension not in units.CANONICAL_UNIT:
        raise ValueError(f"{group.name}/{name}: no unit is known for {dimension}")
    unit = units.CANONICAL_UNIT[dimension]
    return write_dataset(group, name, units.magnitude(values, unit), unit, "f8")


def _read_quantity(dataset) -> Quantity:
    return units.quantity(dataset[()], dataset.attrs["units"])


def _write_spikes(group, spikes):
    times_ms = units.magnitude(spikes.times, "ms")
    node_ids = np.asarray(spikes.node_ids)
    order = np.lexsort((node_ids, times_ms))
    group.attrs.create("sorting", 2, dtype=_SORTING)
    write_dataset(group, "timestamps", times_ms[order], "ms", "f8")
    write_dataset(group, "node_ids", node_ids[order], "1", "u8")


def _read_spikes(group, time_step: Quantity) -> Spikes:
    times_ms, step_s = group["timestamps"][()], float(np.asarray(time_step))
    # Going to ms and back can cost the last digit; a whole number of time steps has none to lose.
    steps = times_ms / (1e3 * step_s)
    on_grid = np.abs(steps - np.rint(steps)) < 1e-6
    times_s = np.where(on_grid, np.rint(steps) * step_s, times_ms * 1e-3)
    return Spikes(units.quantity(times_s, "s"), group["node_ids"][()].astype(np.int64))


def _write_traces(file, population, traces, time_step):
    seen = Counter()
    for trace in traces:
        seen[trace.variable] += 1
        name = f"{population}__{trace.variable}" if len(traces) > 1 else population
        if seen[trace.variable] > 1:
            name += f"__{seen[trace.variable]}"
        _write_report(file.create_group(f"report/{name}"), population, trace, time_step)


def _write_report(group, population, trace, time_step):
    node_ids = np.asarray(trace.node_ids)
    unit = units.CANONICAL_UNIT[get_dimensions(trace.values)]
    group.attrs["population"] = population
    data = write_dataset(group, "data", units.magnitude(trace.values, unit), unit, "f4")
    data.attrs["variable"] = trace.variable
    mapping = group.create_group("mapping")
    ids = write_dataset(mapping, "node_ids", node_ids, "1", "u8")
    ids.attrs["sorted"] = np.uint8(np.all(np.diff(node_ids) > 0))
    write_dataset(mapping, "index_pointers", np.arange(node_ids.size + 1), "1", "u8")
    # bmtk looks for the name of an earlier SONATA draft.
    mapping["index_pointer"] = mapping["index_pointers"]
    write_dataset(mapping, "element_ids", np.zeros(node_ids.size), "1", "u4")
    write_dataset(mapping, "element_pos", np.zeros(node_ids.size), "1", "f4")
    frames = _frames(units.magnitude(trace.times, "ms"), float(units.magnitude(time_step, "ms")), group.name)
    write_dataset(mapping, "time", frames, "ms", "f8")


def _frames(times_ms, time_step_ms, where):
    """Start, stop (excluded) and step of evenly spaced times, ms."""
    count = times_ms.size
    start = float(times_ms[0]) if count else 0.0
    step = (float(times_ms[-1]) - start) / (count - 1) if count > 1 else time_step_ms
    # 12 digits: 0.5 ms rather than the 0.49999999999999994 of a difference of floats.
    step = float(f"{step:.12g}")
    if not np.allclose(times_ms, start + step * np.arange(count), rtol=1e-9, atol=1e-6 * step):
        raise ValueError(f"{where}: the times of a trace must be evenly spaced")
    stop = start + count * step
    # bmtk counts frames as int((stop - start) / step), which rounding must not bring one below.
    while int((stop - start) / step) < count:
        stop = math.nextafter(stop, math.inf)
    return np.array([start, stop, step])


def _read_traces(file) -> dict[str, list[Trace]]:
    traces = {}
    for group in file["report"].values():
        data, mapping = group["data"], group["mapping"]
        start, _, step = mapping["time"][()]
        trace = Trace(
            variable=data.attrs["variable"],
            node_ids=mapping["node_ids"][()].astype(np.int64),
            times=units.quantity(start + step * np.arange(data.shape[0]), mapping["time"].attrs["units"]),
            values=_read_quantity(data),
        )
        traces.setdefault(group.attrs["population"], []).append(trace)
    return traces


def _write_time_course(group, course):
    time = _write_quantity(group, "time", course.times)
    time.make_scale("time")
    for name in (name for name in ("concentration", "plasma", "brain") if getattr(course, name) is not None):
        _write_quantity(group, name, getattr(course, name)).dims[0].attach_scale(time)
    if course.map is not None:
        group.attrs["map"] = course.map
    group.attrs["frozen"] = np.uint8(course.frozen)


def _read_time_course(group) -> TimeCourse:
    return TimeCourse(
        times=_read_quantity(group["time"]),
        concentration=_read_quantity(group["concentration"]),
        plasma=_read_quantity(group["plasma"]) if "plasma" in group else None,
        brain=_read_quantity(group["brain"]) if "brain" in group else None,
        map=group.attrs.get("map"),
        frozen=bool(group.attrs.get("frozen", 0)),
    )
