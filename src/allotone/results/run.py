"""What one simulation leaves: spikes, traces, firing statistics, what agents drew, and where it all came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from brian2 import Quantity

from .. import units
from ..errors import suggest

# Squares of the units of current, which only a power has.
_SQUARE_OF = {"pA2": "pA", "uA2/cm4": "uA/cm2"}


@dataclass(frozen=True, eq=False)
class Spikes:
    """Spikes of one population, sorted by time, then by node id.

    Attributes
    ----------
    times : Quantity, array (spikes,)   since the start of the run, discarded part included
    node_ids : array of int (spikes,)   agents, counted from 0 within the population
    """

    times: Quantity
    node_ids: np.ndarray


@dataclass(frozen=True, eq=False)
class Trace:
    """One recorded variable of some agents of a population, at even intervals.

    Attributes
    ----------
    variable : str                        its name in the equations, such as 'v' or 'g_tonic'
    node_ids : array of int (nodes,)
    times : Quantity, array (time,)
    values : Quantity, array (time, nodes)
    """

    variable: str
    node_ids: np.ndarray
    times: Quantity
    values: Quantity


@dataclass(frozen=True, eq=False)
class TimeCourse:
    """Allopregnanolone during the run.

    Attributes
    ----------
    times : Quantity, array (n,)
    concentration : Quantity, array (n,)         at the receptor
    plasma : Quantity, array (n,), optional      what it came from
    map : str, optional                          name of the map from plasma to the receptor
    """

    times: Quantity
    concentration: Quantity
    plasma: Quantity | None = None
    map: str | None = None


@dataclass(frozen=True, eq=False)
class Statistic:
    """One firing statistic as it lies on disk.

    Attributes
    ----------
    name : str
    value : array (*dimensions)                in `unit`
    unit : str                                 '1' for a plain number
    description : str
    dimensions : tuple of str                  names of the axes of `value`
    coordinates : dict of str to (array, str)  labels along the axes and their unit, '' for none
    """

    name: str
    value: np.ndarray
    unit: str
    description: str
    dimensions: tuple[str, ...] = ()
    coordinates: dict[str, tuple[np.ndarray, str]] = field(default_factory=dict)

    @property
    def quantity(self) -> Quantity | float | np.ndarray:
        """The value as a Brian2 quantity; a plain number or array when the unit is '1'."""
        if self.unit == "1":
            return self.value if self.dimensions else float(self.value)
        if self.unit in _SQUARE_OF:
            return self.value * units.quantity(1, _SQUARE_OF[self.unit]) ** 2
        return units.quantity(self.value, self.unit)


class Statistics(Mapping):
    """The statistics of one population: `statistics["mean_rate"]` is a record, `statistics.mean_rate` a quantity."""

    def __init__(self, records: Mapping[str, Statistic]):
        self._records = dict(records)

    def __getitem__(self, name: str) -> Statistic:
        return self._records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __getattr__(self, name: str) -> Quantity | float | np.ndarray:
        # Copying and pickling ask for attributes before there are records to look in.
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._records:
            raise AttributeError(f"no statistic '{name}'; {suggest(name, self._records)}")
        return self._records[name].quantity

    def __dir__(self):
        return [*super().__dir__(), *self._records]

    def __repr__(self) -> str:
        return f"Statistics({', '.join(self._records)})"


@dataclass(frozen=True, eq=False)
class Run:
    """One simulation: its definition and everything it left.

    Attributes
    ----------
    definition : dict                     the network's definition as plain data
    definition_sha256 : str
    seed : int or None                    what the two others were derived from; None when they were given
    network_seed, noise_seed : int        agents and contacts; input and membrane noise
    duration, discard, time_step : Quantity   discard: the first part, left out of the statistics
    sizes : dict of str to int            agents in each population
    spikes : dict of str to Spikes
    statistics : dict of str to mapping   name to record; attribute access gives quantities
    agents : dict of str to dict          dotted path below the population to what each agent drew, Quantity (size,)
    allopregnanolone : TimeCourse
    traces : dict of str to list of Trace
    provenance : dict                     versions, git commit, compiler, flags, device, start, wall seconds
    """

    definition: dict
    definition_sha256: str
    seed: int | None
    network_seed: int
    noise_seed: int
    duration: Quantity
    discard: Quantity
    time_step: Quantity
    sizes: dict[str, int]
    spikes: dict[str, Spikes]
    statistics: dict[str, Mapping[str, Statistic]]
    agents: dict[str, dict[str, Quantity]]
    allopregnanolone: TimeCourse
    traces: dict[str, list[Trace]] = field(default_factory=dict)
    provenance: dict[str, str | float | int] = field(default_factory=dict)
