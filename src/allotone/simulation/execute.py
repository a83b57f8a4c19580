"""One execution of a binary: hand over every value, then make sure that it arrived and that the answer is sound."""

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass

import numpy as np
from brian2 import Quantity
from brian2.units.fundamentalunits import get_or_create_dimension

from ..errors import MachineError, SimulationError
from ..network.local_synthesis import final_bounds
from ..network.medium import TABLE
from ..network.plan import Plan
from ..progress import Progress
from . import protocol
from .compile import Binary
from .scratch import scratch_folder
from .serve import Server, server

# No membrane leaves this range unless the integration has failed.
_VOLTAGE_BOUND_V = 1.0
# No neuron fires faster for long; above it the numbers, not the cells, are spiking.
_RATE_BOUND_HZ = 2000.0
# Below this the disk, not the run, is the reason of a failure.
_LEAST_ROOM = 65536  # bytes


@dataclass(frozen=True)
class Output:
    """Arrays that came back from a binary, in SI units.

    Attributes
    ----------
    spikes : dict of str to (array (spikes,), array (spikes,))
        Node ids and times of each population.
    agents : dict of str to dict of str to Quantity (size,)
        What each agent drew, by dotted path below the population, or the whole one of a projection's number.
    recordings : list of (array (time,), Quantity (time, agents))
        Times and values of each recording.
    sums : dict of str to dict of str to array
        Sums for the statistics that asked for them.
    loop_seconds : float
        That the loop over the time steps took.
    memory_bytes : float
        Resident at the first step; 0 where the system does not say.
    """

    spikes: dict[str, tuple[np.ndarray, np.ndarray]]
    agents: dict[str, dict[str, Quantity]]
    recordings: list[tuple[np.ndarray, Quantity]]
    sums: dict[str, dict[str, np.ndarray]]
    loop_seconds: float
    memory_bytes: float


def execute(binary: Binary, plan: Plan, show_progress: bool = False) -> Output:
    """Run a binary with a plan's values.

    Raises
    ------
    MachineError
        The folder for what it writes is full or cannot be used.
    SimulationError
        A value that is not finite or did not arrive, anything printed, a missing file, or a network that went
        numerically wrong: the reason in one sentence.
    """
    request = _request(binary, plan)
    parent = scratch_folder() or tempfile.gettempdir()
    try:
        with server(binary.folder, parent) as one:
            try:
                blocks = _serve(one, request, plan.arguments["run.duration"], show_progress)
                _check_arrival(binary, request, blocks[protocol.USED])
                return _read(binary, plan, blocks)
            except SimulationError as error:
                if shutil.disk_usage(one.folder).free > _LEAST_ROOM:
                    raise
                raise MachineError(f"the folder '{parent}' for what a simulation writes is full: {error}") from None
    except OSError as error:
        raise MachineError(f"the folder '{parent}' for what a simulation writes: {error.strerror}") from None


def _request(binary: Binary, plan: Plan) -> np.ndarray:
    """Every value of a plan, in the order in which its binary takes them."""
    names, arrays = binary.manifest["arguments"], binary.manifest["arrays"]
    if differ := plan.arguments.keys() ^ set(names) | plan.arrays.keys() ^ {name for name, _ in arrays}:
        raise SimulationError(
            f"{min(differ)} is not known to both the plan and its binary; clear the cache and report this"
        )
    request = np.concatenate(
        [
            [protocol.layout_number(names, arrays)],
            [plan.arguments[name] for name in names],
            *(plan.arrays[name] for name, _ in arrays),
        ]
    )
    if not np.isfinite(request).all():
        place = int(np.argmin(np.isfinite(request)))
        raise SimulationError(
            f"{_name(binary, place)} is {request[place]}; a value that is not finite never reaches a simulation"
        )
    return request


def _name(binary: Binary, place: int) -> str:
    """Whose value stands at a place of the request."""
    each = [("layout", 1)] + [(name, 1) for name in binary.manifest["arguments"]] + binary.manifest["arrays"]
    return [name for name, size in each for _ in range(size)][place]


def _serve(one: Server, request: np.ndarray, duration_s: float, show_progress: bool) -> list[np.ndarray]:
    """The bytes of each block of the answer."""
    with open(f"{one.folder}/{protocol.REQUEST}", "wb", buffering=0) as file:
        file.write(request)
    position = f"{one.folder}/{protocol.PROGRESS}"
    if show_progress:
        np.zeros(1).tofile(position)
    with Progress("simulating", duration_s, "s", show_progress) as progress:
        failed = one.run(lambda: progress.update(float(np.fromfile(position)[0])) if show_progress else None)
    with contextlib.suppress(FileNotFoundError), open(f"{one.folder}/{protocol.PRINTED}", "rb", buffering=0) as file:
        failed = file.read().decode(errors="replace").strip() or failed
    if failed:
        raise SimulationError(f"the simulation failed: {failed.splitlines()[0]}")
    return _blocks(f"{one.folder}/{protocol.ANSWER}")


def _blocks(path: str) -> list[np.ndarray]:
    """The blocks of an answer, which is removed, so that none is taken for that of the next run."""
    try:
        content = np.fromfile(path, np.uint8)
        os.unlink(path)
    except FileNotFoundError:
        raise SimulationError("the simulation left no answer") from None
    numbers = content[: content.size // 8 * 8].view(np.int64)
    sizes = numbers[1 : 1 + numbers[0]] if numbers.size and numbers[0] >= 0 else numbers[:0]
    starts = 8 * (1 + sizes.size) + np.concatenate([[0], np.cumsum((sizes + 7) // 8 * 8)])
    if not numbers.size or sizes.size != numbers[0] or content.size != starts[-1]:
        raise SimulationError(f"the simulation wrote {content.size} bytes of an answer of {starts[-1]}")
    return [content[start : start + size] for start, size in zip(starts.tolist(), sizes.tolist())]


def _load(blocks: list[np.ndarray], entry: dict) -> np.ndarray:
    values = blocks[entry["block"]].view(entry["dtype"])
    if entry["size"] not in (None, values.size):
        raise SimulationError(
            f"block {entry['block']} of the answer has {values.size} of {entry['size']} values; clear the cache"
        )
    return values


def _load_quantity(blocks: list[np.ndarray], entry: dict) -> Quantity:
    return Quantity(_load(blocks, entry), dim=get_or_create_dimension(entry["dimension"]))


def _check_arrival(binary: Binary, request: np.ndarray, used: np.ndarray) -> None:
    used = used.view(float)
    if not np.array_equal(used, request):
        place = int(np.argmax(used != request))
        raise SimulationError(
            f"{_name(binary, place)} was handed over as {request[place]}, but the simulation used {used[place]}"
        )


def _read(binary: Binary, plan: Plan, blocks: list[np.ndarray]) -> Output:
    manifest, duration = binary.manifest, plan.arguments["run.duration"]
    reached = _load(blocks, manifest["end"])[0]
    if reached < duration - 1.5 * plan.time_step:
        raise SimulationError(f"the simulation was stopped at {reached:g} of {duration:g} s")
    spikes = {}
    for population, entry in manifest["spikes"].items():
        node_ids, times = _load(blocks, entry["node_ids"]), _load(blocks, entry["times"])
        number = int(_load(blocks, entry["number"])[0])
        if not node_ids.size == times.size == number:
            raise SimulationError(f"the simulation wrote {times.size} of {number} spikes of '{population}'")
        spikes[population] = (node_ids, times)
    sizes = {group.population: group.size for group in plan.groups}
    table = np.asarray(plan.arrays[TABLE]) if TABLE in plan.arrays else None
    for population, states in manifest["states"].items():
        _check_state(population, _load(blocks, states["v"]), spikes[population][0].size / sizes[population] / duration)
        if "allopregnanolone" in states:
            last = _load(blocks, states["allopregnanolone"])[0]
            _check_concentration(population, last, plan, table, final_bounds(plan, f"pop_{population}", spikes))
    recordings = []
    for entry, recording in zip(manifest["recordings"], plan.recordings):
        times = _load(blocks, entry["times"])
        values = _load_quantity(blocks, entry["values"]).reshape(times.size, len(recording.agents))
        if not np.all(np.isfinite(values)):
            raise SimulationError(
                f"{recording.variable} of '{recording.population}' is not finite; try a smaller time step"
            )
        recordings.append((times, values))
    agents = {
        population: {path: _load_quantity(blocks, entry) for path, entry in entries.items()}
        for population, entries in manifest["agents"].items()
    }
    sums = {
        population: {name: _load(blocks, entry) for name, entry in entries.items()}
        for population, entries in manifest["sums"].items()
    }
    return Output(spikes, agents, recordings, sums, *blocks[protocol.PRICE].view(float).tolist())


def _check_state(population: str, v: np.ndarray, rate_hz: float) -> None:
    advice = "try a smaller time step (--dt), or look for a conductance or drive that is far too large"
    if not np.all(np.isfinite(v)):
        first = int(np.flatnonzero(~np.isfinite(v))[0])
        raise SimulationError(
            f"the membrane potential of '{population}' is not a number (first in agent {first}); {advice}"
        )
    if np.max(np.abs(v)) > _VOLTAGE_BOUND_V:
        raise SimulationError(
            f"the membrane potential of '{population}' ran away to {v[np.argmax(np.abs(v))]:.3g} V; {advice}"
        )
    if rate_hz > _RATE_BOUND_HZ:
        raise SimulationError(f"'{population}' fires at {rate_hz:.0f} Hz on average, which no neuron does; {advice}")


def _check_concentration(
    population: str, last: float, plan: Plan, table: np.ndarray, local: tuple[float, float]
) -> None:
    """The last concentration follows from the table of the plan; `local` bounds what spikes added."""
    duration = plan.arguments["run.duration"]
    # The slow clock last ticks within one of its steps before the end.
    near = table[int(np.floor((1 - min(1.0, 2e-3 / duration)) * (table.size - 1))) :]
    tolerance = 1e-9 * (1e-6 + np.max(np.abs(table)) + local[1])
    if not near.min() + local[0] - tolerance <= last <= near.max() + local[1] + tolerance:
        made = f" and local synthesis added {local[0] * 1e6:.6g} to {local[1] * 1e6:.6g} nM" if local[1] else ""
        raise SimulationError(
            f"allopregnanolone at the end of the run was {last * 1e6:.6g} nM in '{population}', "
            f"the schedule says {table[-1] * 1e6:.6g} nM{made}: the time course did not arrive"
        )
