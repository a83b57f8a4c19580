"""Statistics of what a spike does not show: membrane potentials, conductances and currents, from sums over them."""

import numpy as np

from ..units import UNITS
from .registry import Inputs, Result, statistic
from .spectra import band_labels, band_powers, power_spectrum
from .undefined import divide

# A potential whose standard deviation is below a millionth of its size is constant: its variance is rounding.
_CONSTANT = 1e-12
_SQUARED = {"pA": "pA2", "uA/cm2": "uA2/cm4"}


@statistic(
    "synchrony_chi",
    unit="1",
    description="square root of the variance in time of the mean potential over the agents' mean variance in time",
    source="Golomb and Rinzel 1993, doi:10.1103/PhysRevE.48.4810; Golomb 2007, doi:10.4249/scholarpedia.1347",
    needs="sums",
    silent=np.nan,
)
def synchrony_chi(inputs: Inputs) -> float:
    """Synchrony of the membrane potentials: 1 when all are the same, about 1/sqrt(agents) when independent.

    NaN when the potentials are constant.
    """
    sums = inputs.sums
    mean_square = np.mean(sums.v_square_sum) / sums.ticks
    agent_variance = np.mean(sums.v_square_sum / sums.ticks - (sums.v_sum / sums.ticks) ** 2)
    if agent_variance <= _CONSTANT * mean_square:
        return np.nan
    return np.sqrt(np.var(sums.v_mean) / agent_variance)


def _mean_conductance(inputs: Inputs, sums_over_ticks: np.ndarray) -> Result:
    unit = inputs.sums.conductance_unit
    return Result(np.mean(sums_over_ticks) / inputs.sums.ticks / float(UNITS[unit][0]), unit=unit)


@statistic(
    "mean_g_tonic",
    unit="nS or mS/cm2",
    description="tonic GABA-A conductance, mean over agents and time",
    source="definition: mean of g_tonic",
    needs="sums",
    silent=0.0,
)
def mean_g_tonic(inputs: Inputs) -> Result:
    """Mean tonic conductance over agents and time, in the unit of the model's conductances."""
    return _mean_conductance(inputs, inputs.sums.g_tonic_sum)


@statistic(
    "mean_g_phasic",
    unit="nS or mS/cm2",
    description="phasic GABA-A conductance, mean over agents and time",
    source="definition: mean of g_phasic",
    needs="sums",
    silent=0.0,
)
def mean_g_phasic(inputs: Inputs) -> Result:
    """Mean phasic conductance over agents and time, in the unit of the model's conductances."""
    return _mean_conductance(inputs, inputs.sums.g_phasic_sum)


@statistic(
    "tonic_phasic_ratio",
    unit="1",
    description="integral of the tonic over the integral of the phasic GABA-A conductance, over time and agents",
    source="definition: ratio of the integrals; both measured together in Glykys and Mody 2007, "
    "doi:10.1113/jphysiol.2007.134460",
    needs="sums",
    silent=np.nan,
)
def tonic_phasic_ratio(inputs: Inputs) -> float:
    """Ratio of the tonic to the phasic conductance integral; NaN without phasic conductance."""
    return divide(np.sum(inputs.sums.g_tonic_sum), np.sum(inputs.sums.g_phasic_sum))


@statistic(
    "lfp_proxy",
    unit="pA2 or uA2/cm4",
    description="power in a band of the sum of absolute excitatory and inhibitory synaptic currents per agent",
    source="Mazzoni et al. 2015, doi:10.1371/journal.pcbi.1004584: their proxy of absolute currents",
    needs="sums",
    dimensions=("band",),
    silent=0.0,
)
def lfp_proxy(inputs: Inputs) -> Result:
    """Power of the proxy of the local field potential in each band, array (bands,), current squared.

    Spectrum and bands as those of the rate; NaN for a band narrower than the resolution.
    """
    sums = inputs.sums
    signal = np.asarray(sums.lfp_proxy) / float(UNITS[sums.current_unit][0])
    powers = band_powers(*power_spectrum(signal, sums.tick_s), inputs.bands)
    return Result(powers, band_labels(inputs.bands), _SQUARED[sums.current_unit])
