"""One execution of a binary: hand over every value, then make sure that it arrived and that the answer is sound."""

import math
import os
import select
import shutil
import subprocess
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
from .compile import ANSWER_ONLY, Binary
from .scratch import run_folder, scratch_folder

# No membrane leaves this range unless the integration has failed.
_VOLTAGE_BOUND_V = 1.0
# No neuron fires faster for long; above it the numbers, not the cells, are spiking.
_RATE_BOUND_HZ = 2000.0
# Below this the disk, not the run, is the reason of a failure.
_LEAST_ROOM = 65536  # bytes
_running: set[subprocess.Popen] = set()


@dataclass(frozen=True)
class Output:
    """Arrays that came back from a binary, in SI units.

    Attributes
    ----------
    spikes : dict of str to (array (spikes,), array (spikes,))
        Node ids and times of each population.
    agents : dict of str to dict of str to Quantity (size,)
        What each agent drew, by dotted path below the population.
    recordings : list of (array (time,), Quantity (time, agents))
        Times and values of each recording.
    sums : dict of str to dict of str to array
        Sums for the statistics that asked for them.
    """

    spikes: dict[str, tuple[np.ndarray, np.ndarray]]
    agents: dict[str, dict[str, Quantity]]
    recordings: list[tuple[np.ndarray, Quantity]]
    sums: dict[str, dict[str, np.ndarray]]


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
    parent = scratch_folder() or tempfile.gettempdir()
    try:
        with run_folder(parent) as folder:
            with open(f"{folder}/{ANSWER_ONLY}", "wb"):
                pass
            process = _start(binary, plan, folder)
            with Progress("simulating", plan.arguments["run.duration"], "s", show_progress) as progress:
                printed = _wait(process, f"{folder}/progress", progress).strip()
            try:
                if process.returncode != 0 or printed:
                    reason = printed.splitlines()[0] if printed else f"exit code {process.returncode}"
                    raise SimulationError(f"the simulation failed: {reason}")
                _check_arrival(binary, plan, folder)
                return _read(binary, plan, folder)
            except SimulationError as error:
                if shutil.disk_usage(folder).free > _LEAST_ROOM:
                    raise
                raise MachineError(f"the folder '{parent}' for what a simulation writes is full: {error}") from None
    except OSError as error:
        raise MachineError(f"the folder '{parent}' for what a simulation writes: {error.strerror}") from None


def _start(binary: Binary, plan: Plan, folder: str) -> subprocess.Popen:
    arguments = []
    for name, value in plan.arguments.items():
        if not math.isfinite(value):
            raise SimulationError(f"{name} is {value}; a value that is not finite never reaches a simulation")
        # The binary takes whatever does not begin like a number for a file name: no numpy representation here.
        arguments.append(f"{name}={int(value) if isinstance(value, int) else float(value)!r}")
    for name, values in plan.arrays.items():
        array = np.asarray(values, dtype=float)
        if not np.all(np.isfinite(array)):
            raise SimulationError(f"{name} holds a value that is not finite")
        with open(f"{folder}/{name}.in", "wb") as file:
            file.write(array)
        target = f"{name}.values" if name == TABLE else name
        arguments.append(f"{target}={folder}/{name}.in")
    return subprocess.Popen(
        [f"{binary.folder}/main", "--results_dir", f"{folder}/", *arguments],
        cwd=binary.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        # Ctrl-C reaches the caller alone, which then stops what it started.
        start_new_session=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def _wait(process: subprocess.Popen, position: str, progress: Progress) -> str:
    """What the process printed, once it has ended; an interrupted caller takes the process with it."""
    _running.add(process)
    try:
        # With a timeout of its own `communicate` looks for the end in sleeps of a millisecond and more.
        ended = select.poll()
        ended.register(process.stdout)
        while not ended.poll(500):
            reached = np.fromfile(position) if os.path.exists(position) else np.empty(0)
            progress.update(float(reached[0]) if reached.size else 0.0)
        return process.communicate()[0]
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        _running.discard(process)


def stop_all() -> None:
    """End every simulation that another thread of this process is waiting for."""
    for process in list(_running):
        process.kill()


def _load(folder: str, entry: dict) -> np.ndarray:
    try:
        with open(f"{folder}/{entry['file']}", "rb", buffering=0) as file:
            content = bytearray(file.read())
    except FileNotFoundError:
        raise SimulationError(f"the simulation left no file {entry['file']}") from None
    dtype = np.dtype(entry["dtype"])
    # The last number may be half written where the disk is full.
    values = np.frombuffer(content, dtype, len(content) // dtype.itemsize)
    if entry["size"] not in (None, values.size):
        raise SimulationError(f"the simulation wrote {values.size} of {entry['size']} values to {entry['file']}")
    return values


def _load_quantity(folder: str, entry: dict) -> Quantity:
    return Quantity(_load(folder, entry), dim=get_or_create_dimension(entry["dimension"]))


def _check_arrival(binary: Binary, plan: Plan, folder: str) -> None:
    places = binary.manifest["arguments"]
    if plan.arguments.keys() != places.keys():
        differ = sorted(plan.arguments.keys() ^ places.keys())
        raise SimulationError(
            f"{differ[0]} is not known to both the plan and its binary; clear the cache and report this"
        )
    used = _load(folder, binary.manifest["used"])
    for name, value in plan.arguments.items():
        place = places[name]
        if used[place] != value:
            arrived = used[place : place + 1]
            raise SimulationError(f"{name} was handed over as {value!r}, but the simulation used {arrived}")


def _read(binary: Binary, plan: Plan, folder: str) -> Output:
    manifest, duration = binary.manifest, plan.arguments["run.duration"]
    reached = _load(folder, manifest["end"])[0]
    if reached < duration - 1.5 * plan.time_step:
        raise SimulationError(f"the simulation was stopped at {reached:g} of {duration:g} s")
    spikes = {}
    for population, entry in manifest["spikes"].items():
        node_ids, times = _load(folder, entry["node_ids"]), _load(folder, entry["times"])
        number = int(_load(folder, entry["number"])[0])
        if not node_ids.size == times.size == number:
            raise SimulationError(
                f"the simulation wrote {times.size} of {number} spikes of '{population}'; is {os.path.dirname(folder)} full?"
            )
        spikes[population] = (node_ids, times)
    sizes = {group.population: group.size for group in plan.groups}
    for population, states in manifest["states"].items():
        _check_state(population, _load(folder, states["v"]), spikes[population][0].size / sizes[population] / duration)
        if "allopregnanolone" in states:
            last = _load(folder, states["allopregnanolone"])[0]
            _check_concentration(population, last, plan, final_bounds(plan, f"pop_{population}", spikes))
    recordings = []
    for entry, recording in zip(manifest["recordings"], plan.recordings):
        times = _load(folder, entry["times"])
        values = _load_quantity(folder, entry["values"]).reshape(times.size, len(recording.agents))
        if not np.all(np.isfinite(values)):
            raise SimulationError(
                f"{recording.variable} of '{recording.population}' is not finite; try a smaller time step"
            )
        recordings.append((times, values))
    agents = {
        population: {path: _load_quantity(folder, entry) for path, entry in entries.items()}
        for population, entries in manifest["agents"].items()
    }
    sums = {
        population: {name: _load(folder, entry) for name, entry in entries.items()}
        for population, entries in manifest["sums"].items()
    }
    return Output(spikes, agents, recordings, sums)


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


def _check_concentration(population: str, last: float, plan: Plan, local: tuple[float, float]) -> None:
    """The table cannot be read back, but the last concentration computed from it can; `local` bounds what spikes added."""
    table = np.asarray(plan.arrays[TABLE])
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
