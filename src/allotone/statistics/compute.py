"""Statistics of one population, by name, as values with units."""

from collections.abc import Iterable, Mapping

import numpy as np

from ..errors import InputError, unknown

# Importing them registers their statistics, in this order.
from . import (  # noqa: F401
    counts,  # noqa: F401
    intervals,  # noqa: F401
    rates,  # noqa: F401, I001
    spectra,
    state,
)
from .data import PopulationSums, SpikeTrains
from .registry import STATISTICS, Inputs, Result
from .spectra import BANDS, checked_bands
from .values import PopulationStatistics, Statistic


def compute(
    trains: SpikeTrains,
    sums: PopulationSums | None = None,
    names: Iterable[str] | None = None,
    seed: int = 0,
    bands: Mapping[str, tuple] = BANDS,
) -> PopulationStatistics:
    """Statistics of one population.

    Parameters
    ----------
    trains : SpikeTrains
        Spikes inside the analysed window.
    sums : PopulationSums, optional
        Sums over the state, kept by the simulation on request.
    names : iterable of str, optional
        Which ones; by default all that spikes, and `sums` when given, suffice for.
    seed : int
        Of the random pairs of `count_correlation`.
    bands : mapping from str to (low, high)
        Edges of the bands of `band_power` and `lfp_proxy`, Hz or quantities.

    Raises
    ------
    InputError
        Unknown name, a statistic of the sums without sums, sums of another population size, a band that is not one.
    """
    available = {"spikes"} if sums is None else {"spikes", "sums"}
    if names is None:
        names = [name for name, definition in STATISTICS.items() if definition.needs in available]
    elif isinstance(names, str):
        names = [names]
    if sums is not None and np.size(sums.v_sum) != trains.size:
        raise InputError(
            "sums", f"sums of {np.size(sums.v_sum)} agents for spikes of {trains.size}; give the same ones"
        )
    inputs = Inputs(trains, sums, seed, BANDS if bands is BANDS else checked_bands(bands))
    computed = {}
    for name in names:
        if name not in STATISTICS:
            raise unknown("statistics", "statistic", name, STATISTICS)
        definition = STATISTICS[name]
        if definition.needs not in available:
            message = f"'{name}' needs sums that the simulation keeps only on request; request it before the run"
            raise InputError("statistics", message)
        result = definition.function(inputs)
        if not isinstance(result, Result):
            result = Result(result)
        value = np.array(result.value, dtype=float)
        value.setflags(write=False)
        computed[name] = Statistic(
            name,
            value,
            result.unit or definition.unit,
            definition.description,
            definition.dimensions,
            dict(result.coordinates),
        )
    return PopulationStatistics(computed)
