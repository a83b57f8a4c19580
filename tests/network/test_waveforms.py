"""Corners of drives, waveforms and weights that other tests do not reach."""

import numpy as np
import pytest

from allotone import InputError, Network

NETWORK = """
title = "corners"
time_step = "0.1 ms"

[populations.train]
size = 1
neuron = { kind = "spike_file", path = "spikes.csv" }

[populations.cell]
size = 2
neuron = "conductance_lif"
parameters = { v_threshold = "100 mV" }

[populations.cell.drive.short]
kind = "pulse"
amplitude = "1 pA"
onset = "5 ms"
duration = "0.1 ms"
period = "25 ms"

[populations.cell.drive.long]
kind = "pulse"
amplitude = "1 pA"
duration = "1 ms"
period = "10 ms"

[projections.excitation]
source = "train"
target = "cell"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "biexponential", tau_rise = "0.5 ms", tau_decay = "3 ms" }
connect = { rule = "all_to_all" }
weight = { distribution = "lognormal", mean = "3 nS", cv = 0.5 }
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corners")
    (folder / "spikes.csv").write_text("node_id,time_ms\n0,100\n")
    (folder / "corners.toml").write_text(NETWORK)
    return Network.load(folder / "corners.toml")


@pytest.fixture(scope="module")
def traces(network):
    record = ["I_drive_short@cell:0/0.1ms", "I_drive_long@cell:0/0.1ms", "g_excitation@cell/0.1ms"]
    run = network.run("1 s", record=record, seed=2)
    return {trace.variable: np.asarray(trace.values) for trace in run.traces["cell"]}


def test_pulses_are_whole_steps_every_time(traces):
    short = np.flatnonzero(traces["I_drive_short"][:, 0] > 0)
    np.testing.assert_array_equal(short, 50 + 250 * np.arange(40))
    long = (traces["I_drive_long"][:, 0] > 0).reshape(100, 100)
    np.testing.assert_array_equal(long.sum(axis=1), 10)
    assert long[:, :10].all()


def test_a_waveform_without_any_gaba_receptor_runs(traces):
    peaks_nS = traces["g_excitation"].max(axis=0) * 1e9
    assert peaks_nS.min() > 0.3 and peaks_nS[0] != peaks_nS[1]


def test_steroid_that_nothing_reads_is_refused(network):
    with pytest.raises(InputError, match="nothing reads this: the network has no GABA-A receptor"):
        network.run("0.1 s", allopregnanolone="30 nM")


def test_a_factor_of_zero_blocks_a_drawn_weight(network):
    blocked = network.override({"projections.excitation.amplitude_factor": 0})
    run = blocked.run("0.2 s", record=["g_excitation@cell/0.1ms"])
    assert not np.asarray(run.traces["cell"][0].values).any()


@pytest.mark.parametrize("agents", ["1-0", "0-1-1", "0,1-0", "0-", ","])
def test_agents_that_cannot_be_recorded(network, agents):
    with pytest.raises(InputError, match="record"):
        network.run("0.1 s", record=f"v@cell:{agents}/1ms")


def test_the_first_recorded_tonic_conductance_is_the_one_that_acts():
    run = Network.load("pv_gamma").run("0.1 s", record="g_tonic@pv/1ms")
    values = np.asarray(run.traces["pv"][0].values)
    assert values[0].mean() == pytest.approx(values[1:3].mean(), rel=0.1)
