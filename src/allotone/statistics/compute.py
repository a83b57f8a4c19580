"""Statistics of one population, by name, as values with units."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from brian2 import Quantity

from .. import units
from ..errors import InputError, suggest, unknown
from . import counts, intervals, rates, spectra, state  # noqa: F401  importing them registers their statistics
from .data import PopulationSums, SpikeTrains
from .registry import STATISTICS, Inputs, Result
from .spectra import BANDS, checked_bands

# Squares of the units of current, which only a power has.
_SQUARE_OF = {"pA2": "pA", "uA2/cm4": "uA/cm2"}


@dataclass(frozen=True, eq=False)
class Statistic:
    """One computed statistic."""

    name: str
    value: np.ndarray  # in `unit`, one axis per dimension, read-only
    unit: str
    description: str
    dimensions: tuple[str, ...]
    coordinates: Mapping[str, np.ndarray]  # along each dimension: agents from 0, names of bands, frequencies in Hz

    @property
    def quantity(self) -> Quantity | float | np.ndarray:
        """The value as a Brian2 quantity, or as a plain number or array when its unit is 1."""
        if self.unit == "1":
            return self.value if self.dimensions else float(self.value)
        if self.unit in _SQUARE_OF:
            return self.value * units.quantity(1, _SQUARE_OF[self.unit]) ** 2
        return units.quantity(self.value, self.unit)


class PopulationStatistics(Mapping[str, Statistic]):
    """Read-only mapping from name to `Statistic`; as attributes, the values as Brian2 quantities."""

    def __init__(self, statistics: Mapping[str, Statistic]):
        self._statistics = dict(statistics)

    def __getitem__(self, name: str) -> Statistic:
        return self._statistics[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._statistics)

    def __len__(self) -> int:
        return len(self._statistics)

    def __getattr__(self, name: str):
        # Unpickling asks for attributes before there are any.
        computed = self.__dict__.get("_statistics", {})
        if name.startswith("_") or name not in computed:
            raise AttributeError(f"no statistic '{name}' was computed; {suggest(name, computed)}")
        return computed[name].quantity

    def __dir__(self):
        return [*super().__dir__(), *self._statistics]

    def __repr__(self) -> str:
        lines = [f"{s.name} = {s.value:.6g} {s.unit}" for s in self.values() if not s.dimensions]
        lines += [f"{s.name} {s.dimensions} {s.value.shape} {s.unit}" for s in self.values() if s.dimensions]
        return "\n".join(lines)


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
    inputs = Inputs(trains, sums, seed, checked_bands(bands))
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
