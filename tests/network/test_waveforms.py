"""Corners of drives, waveforms and weights that other tests do not reach."""

import numpy as np
import pytest
from small_network import CONTACT_RECORD

from allotone import InputError


def simulate(contact_network, duration):
    """Traces (time, agents) by variable, in SI units."""
    run = contact_network.run(duration, record=CONTACT_RECORD, seed=2)
    return {trace.variable: np.asarray(trace.values) for trace in run.traces["cell"]}


@pytest.fixture(scope="module")
def traces(contact_network):
    return simulate(contact_network, "1 s")


def test_pulses_are_whole_steps_every_time(traces):
    short = np.flatnonzero(traces["I_drive_short"][:, 0] > 0)
    np.testing.assert_array_equal(short, 50 + 250 * np.arange(40))
    long = (traces["I_drive_long"][:, 0] > 0).reshape(100, 100)
    np.testing.assert_array_equal(long.sum(axis=1), 10)
    assert long[:, :10].all()


def test_a_waveform_without_any_gaba_receptor_runs(traces):
    peaks_nS = traces["g_excitation"].max(axis=0) * 1e9
    assert peaks_nS.min() > 0.3 and peaks_nS[0] != peaks_nS[1]


def test_steroid_that_nothing_reads_is_refused(contact_network):
    with pytest.raises(InputError, match="nothing reads this: the network has no GABA-A receptor"):
        contact_network.run("0.1 s", allopregnanolone="30 nM")


def test_a_factor_of_zero_blocks_a_drawn_weight(contact_network):
    blocked = contact_network.override({"projections.excitation.amplitude_factor": 0})
    assert not simulate(blocked, "0.2 s")["g_excitation"].any()


@pytest.mark.parametrize("agents", ["1-0", "0-1-1", "0,1-0", "0-", ","])
def test_agents_that_cannot_be_recorded(contact_network, agents):
    with pytest.raises(InputError, match="record"):
        contact_network.run("0.1 s", record=f"v@cell:{agents}/1ms")
