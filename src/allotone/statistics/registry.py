"""The list of statistics: a function becomes one by its line of metadata."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from .data import PopulationSums, SpikeTrains


@dataclass(frozen=True)
class Inputs:
    """What every statistic is given; it takes what it needs."""

    trains: SpikeTrains
    sums: PopulationSums | None
    seed: int  # for statistics that draw a sample
    bands: Mapping[str, tuple[float, float]]  # lower and upper edge of each band, Hz


@dataclass(frozen=True, eq=False)
class Result:
    """What a statistic returns when it is more than one number, or when its unit depends on the model."""

    value: np.ndarray  # one axis for each of the statistic's dimensions
    coordinates: Mapping[str, tuple[np.ndarray, str]] = field(default_factory=dict)  # labels and their unit
    unit: str | None = None  # None: the unit in the metadata


@dataclass(frozen=True)
class Definition:
    """A statistic's function and metadata."""

    name: str
    function: Callable[[Inputs], float | Result]
    unit: str
    description: str
    source: str
    needs: str  # "spikes" or "sums"
    dimensions: tuple[str, ...]
    silent: float  # value when nothing happens: no spike, constant potential, no conductance, no current


STATISTICS: dict[str, Definition] = {}


def statistic(name, *, unit, description, source, silent, needs="spikes", dimensions=()):
    """Register a function of `Inputs` as the statistic `name`; returns it unchanged.

    Parameters
    ----------
    name : str
        Name in files and on the command line.
    unit : str
        A unit of `allotone.units`, or "a or b" where the result says which.
    description : str
        Definition in one sentence, stored with every value.
    source : str
        Author, year and DOI of the definition.
    silent : float
        Value when nothing happens: NaN where the statistic is then undefined.
    needs : {"spikes", "sums"}
        "sums": computed only when the simulation kept them.
    dimensions : tuple of str
        Names of the axes of the value.
    """

    def register(function):
        STATISTICS[name] = Definition(name, function, unit, description, source, needs, tuple(dimensions), silent)
        return function

    return register
