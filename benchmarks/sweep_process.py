"""A sweep in a fresh process, as a user's script runs it: `run` the whole of it, or time its `binary` alone.

Reads the sweep from standard input as JSON: `network`, `settings` (path to value), `axes` (name, paths, values), `seeds`,
`duration`, `statistics`, and for `run` the `file` to write; writes what it measured as JSON.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

# What a table is read with counts as an import, like what a simulation is run with.
import h5netcdf  # noqa: F401
import xarray  # noqa: F401
import xarray.backends.h5netcdf_  # noqa: F401

from allotone import Network
from allotone.simulation.compile import compile_plan
from allotone.simulation.execute import execute
from allotone.simulation.run import plan_run
from allotone.sweep import Axis, Sweep

_LOOKED_AT = 100


def sweep(asked: dict) -> Sweep:
    """The sweep that was asked for."""
    return Sweep(
        Network.load(asked["network"]).override(asked["settings"]),
        [Axis(axis["paths"], axis["values"], name=axis["name"]) for axis in asked["axes"]],
        seeds=asked["seeds"],
        duration=asked["duration"],
        statistics=asked["statistics"],
    )


def run(asked: dict) -> dict:
    """Seconds and processor seconds from the first call on, highest memory of this process, and the table's mean rates."""
    start, used = time.perf_counter(), time.process_time() + _children_s()
    table = sweep(asked).run(asked["file"], show_progress=False)
    seconds, used = time.perf_counter() - start, time.process_time() + _children_s() - used
    if table["status"].any():
        raise RuntimeError(f"points failed: {set(table['error'].values.ravel())}")
    rates = {name: table[name].values.tolist() for name in table if name.endswith("_mean_rate")}
    peak_kB = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "processor_seconds": used, "peak_MB": peak_kB * 1024 / 1e6, "rates": rates}


def binary(asked: dict) -> dict:
    """Processor seconds of one point's binary, as many at a time as in the sweep: in full, and for a single time step."""
    description = sweep(asked).describe()
    network = Network.load(asked["network"]).override(asked["settings"]).definition
    settings = [description.design.setting(description.design.size * k // _LOOKED_AT) for k in range(_LOOKED_AT)]

    def each(plans: list) -> float:
        found = compile_plan(plans[0])
        with ThreadPoolExecutor(asked["workers"]) as pool:
            before = _children_s()
            list(pool.map(lambda plan: execute(found, plan), plans))
        return (_children_s() - before) / len(plans)

    step_s = plan_run(network, duration_s=description.duration_s).time_step
    full, step = (
        each([plan_run(network.override(setting), duration_s=duration_s) for setting in settings])
        for duration_s in (description.duration_s, step_s)
    )
    return {"seconds": full, "step_seconds": step}


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    json.dump({"run": run, "binary": binary}[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
