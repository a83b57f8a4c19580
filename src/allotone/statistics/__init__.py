"""Firing statistics of one population from its spikes, and on request from sums over its state; changes between runs."""

from .compute import compute as compute
from .data import PopulationSums as PopulationSums
from .data import SpikeTrains as SpikeTrains
from .over_seeds import over_seeds as over_seeds
from .paired import Change as Change
from .paired import paired_change as paired_change
from .registry import STATISTICS as STATISTICS
from .registry import Inputs as Inputs
from .registry import Result as Result
from .registry import statistic as statistic
from .spectra import BANDS as BANDS
from .values import PopulationStatistics as PopulationStatistics
from .values import Statistic as Statistic
