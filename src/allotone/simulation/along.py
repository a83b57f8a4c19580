"""Firing statistics against slow time: a run at each time, condition and seed, in one labelled table."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from ..units import Quantity
from .batch import run_all
from .network import Network
from .slow_time import SlowTime

if TYPE_CHECKING:
    from xarray import Dataset


def run_along(
    conditions: Mapping[str, tuple[Network, SlowTime]],
    *,
    seeds: int | Sequence[int],
    duration: Quantity | str,
    discard: Quantity | str = "0 ms",
    statistics: Sequence[str] = ("mean_rate",),
    show_progress: bool = False,
) -> "Dataset":
    """Table with the dimensions (condition, time, seed).

    Parameters
    ----------
    conditions : mapping of str to (Network, SlowTime)
        All at the same times.
    seeds : int or sequence of int
        How many, counted from 0, or which.
    duration, discard, statistics
        Of every run, as in `Network.run`; a statistic with a dimension of its own (a band, an agent) keeps it.

    Returns
    -------
    xarray.Dataset
        `plasma`, `brain`, `allopregnanolone` and `tonic_density` (condition, time), NaN where a condition has none, and
        `<population>_<statistic>` (condition, time, seed); `units` on everything. What a run meets is held still where it
        moves by less than 1 %, so that each run is a snapshot.

    Raises
    ------
    InputError
        No condition or no seed, conditions at different times, or what a run is refused for.
    SimulationError
        A run failed.
    """
    import xarray

    if not conditions:
        raise InputError("conditions", "is empty; give at least one network with its slow time")
    for name, pair in conditions.items() if isinstance(conditions, Mapping) else [("", None)]:
        kinds = [type(part) for part in pair] if isinstance(pair, tuple) else []
        if kinds != [Network, SlowTime]:
            raise InputError(
                f"conditions.{name}".rstrip("."), "is not a pair (Network, SlowTime); make one by slow_time(...)"
            )
    slow = [one for _, one in conditions.values()]
    times, names = slow[0].times_h, list(conditions)
    if any(not np.array_equal(times, one.times_h) for one in slow):
        raise InputError("conditions", "are at different times; solve them all at the same ones")
    chosen = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
    if not chosen:
        raise InputError("seeds", f"{seeds!r} is no seed; give how many, at least 1, or which")
    names_of = (statistics,) if isinstance(statistics, str) else tuple(statistics)
    settings = {"duration": duration, "discard": discard, "statistics": names_of}
    points = [
        (network, {**run, "seed": seed})
        for base, one in conditions.values()
        for network, run in one.points(base, **settings)
        for seed in chosen
    ]
    kept = run_all(points, keep=lambda run: run.statistics, show_progress=show_progress)
    shape = (len(names), times.size, len(chosen))
    # A variable that one condition lacks is NaN there.
    table = xarray.concat([one.dataset() for one in slow], "condition", join="exact", data_vars="all")
    table = table.assign_coords(condition=("condition", names, {"units": "1"}), seed=("seed", chosen, {"units": "1"}))
    for population, found in kept[0].items():
        for name, first in found.items():
            values = np.array([statistics[population][name].value for statistics in kept], dtype=float)
            attributes = {"units": first.unit, "description": first.description}
            dimensions = ("condition", "time", "seed", *first.dimensions)
            table[f"{population}_{name}"] = (dimensions, values.reshape(*shape, *values.shape[1:]), attributes)
            for label, (labels, unit) in first.coordinates.items():
                along = label if label in first.dimensions else first.dimensions[0]
                table = table.assign_coords({label: (along, labels, {"units": unit or "1"})})
    definitions = {name: network.definition.data for name, (network, _) in conditions.items()}
    table.attrs["definitions"] = json.dumps(definitions)
    table.attrs["schedules"] = json.dumps({name: dict(one.schedule) for name, (_, one) in conditions.items()})
    return table
