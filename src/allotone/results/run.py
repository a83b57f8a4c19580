"""What one simulation leaves: spikes, traces, firing statistics, what agents drew, and where it all came from."""

from dataclasses import dataclass, field

import numpy as np
from brian2 import Quantity

from ..statistics import PopulationStatistics


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
    plasma : Quantity, array (n,), optional      total in plasma that it came from
    brain : Quantity, array (n,), optional       total in the brain (amount per mass) that it came through
    map : str, optional                          name of the map from there to the receptor; its numbers are in the definition
    frozen : bool                                moved so little that the run kept the concentration of its start
    """

    times: Quantity
    concentration: Quantity
    plasma: Quantity | None = None
    brain: Quantity | None = None
    map: str | None = None
    frozen: bool = False


@dataclass(frozen=True, eq=False)
class Run:
    """One simulation: its definition and everything it left.

    Attributes
    ----------
    definition : dict                     the network's definition as plain data
    definition_sha256 : str
    seed : int or None                    what the two others were derived from, unless given; None when both were
    network_seed, noise_seed : int        agents and contacts; input and membrane noise
    duration, discard, time_step : Quantity   discard: the first part, left out of the statistics
    sizes : dict of str to int            agents in each population
    spikes : dict of str to Spikes
    statistics : dict of str to PopulationStatistics
    agents : dict of str to dict          dotted path below the population, or the whole one of a projection's number, to
                                          what each agent drew, Quantity (size,)
    allopregnanolone : TimeCourse
    traces : dict of str to list of Trace
    provenance : dict                     versions, git commit, compiler, flags, device, start, seconds, memory
    warnings : tuple of str               one sentence each about what to doubt, as printed when it ran
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
    statistics: dict[str, PopulationStatistics]
    agents: dict[str, dict[str, Quantity]]
    allopregnanolone: TimeCourse
    traces: dict[str, list[Trace]] = field(default_factory=dict)
    provenance: dict[str, str | float | int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
