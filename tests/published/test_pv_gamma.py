"""`pv_gamma` without its tonic conductance, against an independent re-implementation of Bartos et al. 2002.

Protocol of the paper's model: synapses and gap junctions are switched on at 150 ms, the run ends at 650 ms. Counted from
250 ms, when the transient of switching on is over; means over 4 seeds.
"""

import numpy as np
import pytest
from expected import compare, over_seeds, rows

from allotone import Network

SEEDS = 4
DRIVES = (1, 2, 3, 5)
NO_GAPS = {"projections.gap_junctions.weight": "0 mS/cm2"}
TAU_RISE_MS, TAU_FAST_MS, TAU_SLOW_MS = 0.16, 1.8, 10.0
PEAK = 0.02  # mS/cm2


def charge_per_peak(rise, decay):
    """Area under a difference of exponentials of peak 1, in units of its time constants."""
    peak_time = decay * rise / (decay - rise) * np.log(decay / rise)
    return (decay - rise) / (np.exp(-peak_time / decay) - np.exp(-peak_time / rise))


def without_tonic(drive):
    values = {"populations.pv.tonic.delta.conductance.mean": "0 mS/cm2"}
    return Network.load("pv_gamma").override(
        {**values, "populations.pv.drive.current.amplitude.mean": f"{drive} uA/cm2"}
    )


@pytest.fixture(scope="module")
def simulated():
    """Rate (Hz) and kappa for each target's quantity, array (seed,)."""
    networks = {f"at {drive} uA/cm2": without_tonic(drive) for drive in DRIVES}
    networks["at 1 uA/cm2 without gap junctions"] = without_tonic(1).override(NO_GAPS)
    networks["at 3 uA/cm2 with fast inhibition and without gap junctions"] = without_tonic(3).override(NO_GAPS)
    weight = PEAK * charge_per_peak(TAU_RISE_MS, TAU_FAST_MS) / charge_per_peak(TAU_RISE_MS, TAU_SLOW_MS)
    slow = {
        "projections.pv_to_pv.synapse.tau_decay": f"{TAU_SLOW_MS} ms",
        "projections.pv_to_pv.weight": f"{weight} mS/cm2",
    }
    slow_network = without_tonic(3).override({**NO_GAPS, **slow})
    networks["at 3 uA/cm2 with slow inhibition and without gap junctions"] = slow_network
    statistics = ("mean_rate", "coherence_kappa")
    found = over_seeds(networks, "pv", SEEDS, duration="650 ms", discard="250 ms", statistics=statistics)
    rates = {f"rate {name}": values["mean_rate"] for name, values in found.items()}
    return rates | {f"kappa {name}": values["coherence_kappa"] for name, values in found.items()}


@pytest.mark.parametrize("target", rows("E02_BARTOS02"))
def test_target(simulated, target):
    compare(target, simulated[target.quantity])


def test_the_file_has_the_waveform_whose_charge_is_kept():
    projection = Network.load("pv_gamma").definition.schema.projections["pv_to_pv"]
    times = {"kind": "biexponential", "tau_rise": f"{TAU_RISE_MS} ms", "tau_decay": f"{TAU_FAST_MS} ms"}
    assert projection.synapse == times
    assert projection.weight == f"{PEAK} mS/cm2"


def test_gap_junctions_raise_coherence(simulated):
    assert (simulated["kappa at 1 uA/cm2"] > simulated["kappa at 1 uA/cm2 without gap junctions"]).all()


def test_fast_inhibition_synchronises_better_than_slow(simulated):
    fast, slow = (
        simulated[f"kappa at 3 uA/cm2 with {w} inhibition and without gap junctions"] for w in ("fast", "slow")
    )
    assert (fast > 2 * slow).all()
