"""How spike counts vary in time and go together across agents: Fano factor, coherence and correlation."""

import numpy as np

from .registry import Inputs, statistic
from .undefined import divide, mean_of_defined

FANO_WINDOW_S = 0.100
CORRELATION_BIN_S = 0.005
CORRELATION_PAIRS = 500
COHERENCE_BIN_PERIODS = 0.1  # bin width in units of the mean interval (Wang and Buzsaki 1996)


@statistic(
    "fano_factor",
    unit="1",
    description="variance over mean of an agent's spike counts in windows of 100 ms, mean over agents that spike",
    source="Fano 1947, doi:10.1103/PhysRev.72.26; counts in successive windows",
    silent=np.nan,
)
def fano_factor(inputs: Inputs) -> float:
    """Fano factor of each agent's counts over whole windows of 100 ms, mean over agents that spike in them.

    The variance is the unbiased one (divided by windows - 1), so that a Poisson process gives 1 on average at any
    rate and any number of windows, also for an agent with a single spike. NaN in silence or with fewer than two
    windows.
    """
    occupied = inputs.trains.occupied_bins(FANO_WINDOW_S)
    windows = occupied.number
    if windows < 2:
        return np.nan
    total = np.bincount(occupied.node_ids, weights=occupied.counts)
    squares = np.bincount(occupied.node_ids, weights=occupied.counts**2)
    variance = (squares - total**2 / windows) / (windows - 1)
    return mean_of_defined(divide(variance, total / windows))


@statistic(
    "coherence_kappa",
    unit="1",
    description=(
        "coincidences of two agents in bins of 0.1/mean rate over the geometric mean of their occupied bins, "
        "mean over all pairs in which both spike"
    ),
    source="Wang and Buzsaki 1996, doi:10.1523/JNEUROSCI.16-20-06402.1996",
    silent=np.nan,
)
def coherence_kappa(inputs: Inputs) -> float:
    """Zero-lag coherence: 1 when all fire together, about 0.1 for independent Poisson agents of equal rate.

    X is 1 in a bin with a spike, else 0; kappa_ij = sum(X_i X_j) / sqrt(sum(X_i) sum(X_j)), mean over pairs i < j.
    The bin is 0.1 over the population's mean rate, silent agents included in that mean, so the chance value grows
    when few of many agents fire. A pair with a silent agent is undefined and left out. NaN for fewer than two active
    agents or fewer than two whole bins: one bin would call any spikes coincident.
    """
    trains = inputs.trains
    if not trains.steps.size:
        return np.nan
    occupied = trains.occupied_bins(COHERENCE_BIN_PERIODS / trains.mean_rate_hz)
    length = np.bincount(occupied.node_ids)
    active = np.count_nonzero(length)
    if active < 2 or occupied.number < 2:
        return np.nan
    # With rows scaled to unit length the sum over all ordered pairs, i = j included, is the square of the sum of rows:
    # every pair is counted without forming the agents x agents matrix.
    row_sum = np.bincount(occupied.bins, weights=1 / np.sqrt(length[occupied.node_ids]))
    # The sum of many roots can pass 1 by its last digit.
    return min(1.0, (row_sum @ row_sum - active) / (active * (active - 1)))


@statistic(
    "count_correlation",
    unit="1",
    description="Pearson correlation of two agents' spike counts in bins of 5 ms, mean over at most 500 random pairs",
    source="Cohen and Kohn 2011, doi:10.1038/nn.2842",
    silent=np.nan,
)
def count_correlation(inputs: Inputs) -> float:
    """Correlation of spike counts in whole bins of 5 ms, mean over pairs of distinct agents that spike in them.

    All pairs when there are at most 500, else 500 different ones drawn with the seed given. A pair in which an agent
    has the same count in every bin is undefined and left out. NaN for fewer than two agents that spike.
    """
    from scipy.sparse import csr_array

    trains = inputs.trains
    occupied = trains.occupied_bins(CORRELATION_BIN_S)
    bins = occupied.number
    active = np.unique(occupied.node_ids)
    pairs = active.size * (active.size - 1) // 2
    if pairs == 0:
        return np.nan
    if pairs <= CORRELATION_PAIRS:
        chosen = np.arange(pairs)
    else:
        chosen = np.random.default_rng(inputs.seed).choice(pairs, CORRELATION_PAIRS, replace=False)
    # Pair k is the k-th entry of the lower triangle, row by row: row j starts at j (j - 1) / 2.
    row = ((1 + np.sqrt(8 * chosen + 1)) // 2).astype(np.int64)
    i, j = active[chosen - row * (row - 1) // 2], active[row]

    row_starts = np.concatenate(([0], np.cumsum(np.bincount(occupied.node_ids, minlength=trains.size))))
    counts = csr_array((occupied.counts, occupied.bins, row_starts), shape=(trains.size, bins))
    total = np.bincount(occupied.node_ids, weights=occupied.counts, minlength=trains.size)
    squares = np.bincount(occupied.node_ids, weights=occupied.counts**2, minlength=trains.size)
    spread = bins * squares - total**2
    joint = np.asarray(counts[i].multiply(counts[j]).sum(axis=1)).ravel()
    return mean_of_defined(divide(bins * joint - total[i] * total[j], np.sqrt(spread[i] * spread[j])))
