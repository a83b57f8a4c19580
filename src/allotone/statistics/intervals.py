"""How regularly agents fire: statistics of interspike intervals."""

import numpy as np

from .data import SpikeTrains
from .registry import Inputs, Result, statistic
from .undefined import divide, mean_of_defined

MINIMUM_INTERVALS = 3  # assumed: fewer do not tell irregular from regular
BURST_INTERVAL_S = 0.010  # assumed; limits in use lie between about 5 and 15 ms

_SOFTKY = "Softky and Koch 1993, doi:10.1523/JNEUROSCI.13-01-00334.1993"
_HOLT = "Holt et al. 1996, doi:10.1152/jn.1996.75.5.1806"
_SHINOMOTO = "Shinomoto et al. 2003, doi:10.1162/089976603322518759"


def _agent_isi_cv(trains: SpikeTrains) -> np.ndarray:
    """Standard deviation (divided by the number of intervals) over mean of each agent's intervals, array (agents,)."""
    owner, length = trains.intervals
    number = np.bincount(owner, minlength=trains.size)
    mean = divide(np.bincount(owner, weights=length, minlength=trains.size), number)
    variance = divide(np.bincount(owner, weights=(length - mean[owner]) ** 2, minlength=trains.size), number)
    return np.where(number >= MINIMUM_INTERVALS, divide(np.sqrt(variance), mean), np.nan)


def _mean_over_adjacent(trains: SpikeTrains, contrast) -> np.ndarray:
    """Mean over each agent's pairs of adjacent intervals of a function of their contrast, array (agents,).

    The contrast of intervals a and b is |a - b| / (a + b), and 0 when both are 0: equal intervals.
    """
    owner, length = trains.intervals
    adjacent = owner[1:] == owner[:-1]
    owner, first, second = owner[1:][adjacent], length[:-1][adjacent], length[1:][adjacent]
    values = contrast(np.abs(second - first) / np.maximum(first + second, 1))
    pairs = np.bincount(owner, minlength=trains.size)
    mean = divide(np.bincount(owner, weights=values, minlength=trains.size), pairs)
    return np.where(pairs >= MINIMUM_INTERVALS - 1, mean, np.nan)


def _agent_cv2(trains: SpikeTrains) -> np.ndarray:
    return _mean_over_adjacent(trains, lambda contrast: 2 * contrast)


def _agent_lv(trains: SpikeTrains) -> np.ndarray:
    return _mean_over_adjacent(trains, lambda contrast: 3 * contrast**2)


def _per_agent(values: np.ndarray) -> Result:
    return Result(values, {"agent": (np.arange(values.size), "")})


@statistic(
    "isi_cv",
    unit="1",
    description="standard deviation over mean of an agent's interspike intervals, mean over agents with 3 or more",
    source=_SOFTKY,
    silent=np.nan,
)
def isi_cv(inputs: Inputs) -> float:
    """Coefficient of variation of the interspike intervals, mean over agents with 3 or more; NaN when there is none."""
    return mean_of_defined(_agent_isi_cv(inputs.trains))


@statistic(
    "cv2",
    unit="1",
    description="mean of 2|a - b|/(a + b) over adjacent interspike intervals, mean over agents with 3 or more",
    source=_HOLT,
    silent=np.nan,
)
def cv2(inputs: Inputs) -> float:
    """Local coefficient of variation, 1 for a Poisson process, mean over agents; NaN when none has 3 intervals."""
    return mean_of_defined(_agent_cv2(inputs.trains))


@statistic(
    "lv",
    unit="1",
    description="mean of 3(a - b)^2/(a + b)^2 over adjacent interspike intervals, mean over agents with 3 or more",
    source=_SHINOMOTO,
    silent=np.nan,
)
def lv(inputs: Inputs) -> float:
    """Local variation, 1 for a Poisson process, mean over agents; NaN when none has 3 intervals."""
    return mean_of_defined(_agent_lv(inputs.trains))


@statistic(
    "burst_index",
    unit="1",
    description="fraction of all spikes with less than 10 ms to the agent's preceding or following spike",
    source="definition: burst spikes over spikes; the limit of 10 ms is assumed",
    silent=np.nan,
)
def burst_index(inputs: Inputs) -> float:
    """Fraction of spikes within an interval under 10 ms; NaN in silence.

    An interval that reaches out of the analysed window is not seen.
    """
    trains = inputs.trains
    if not trains.steps.size:
        return np.nan
    # The margin keeps an interval of exactly 10 ms out whatever the rounding of the quotient.
    limit = BURST_INTERVAL_S / trains.time_step_s * (1 - 1e-9)
    short = (np.diff(trains.node_ids) == 0) & (np.diff(trains.steps) < limit)
    in_burst = np.zeros(trains.steps.size, dtype=bool)
    in_burst[1:] |= short
    in_burst[:-1] |= short
    return in_burst.mean()


@statistic(
    "agent_isi_cv",
    unit="1",
    description="standard deviation over mean of each agent's interspike intervals; NaN for fewer than 3",
    source=_SOFTKY,
    dimensions=("agent",),
    silent=np.nan,
)
def agent_isi_cv(inputs: Inputs) -> Result:
    """Coefficient of variation of each agent's interspike intervals, array (agents,); NaN for fewer than 3."""
    return _per_agent(_agent_isi_cv(inputs.trains))


@statistic(
    "agent_cv2",
    unit="1",
    description="cv2 of each agent; NaN for fewer than 3 interspike intervals",
    source=_HOLT,
    dimensions=("agent",),
    silent=np.nan,
)
def agent_cv2(inputs: Inputs) -> Result:
    """Local coefficient of variation of each agent, array (agents,); NaN for fewer than 3 intervals."""
    return _per_agent(_agent_cv2(inputs.trains))


@statistic(
    "agent_lv",
    unit="1",
    description="lv of each agent; NaN for fewer than 3 interspike intervals",
    source=_SHINOMOTO,
    dimensions=("agent",),
    silent=np.nan,
)
def agent_lv(inputs: Inputs) -> Result:
    """Local variation of each agent, array (agents,); NaN for fewer than 3 intervals."""
    return _per_agent(_agent_lv(inputs.trains))
