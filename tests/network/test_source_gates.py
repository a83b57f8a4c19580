"""Gates that lie in the source cell, the block by magnesium and the linear spread, against their equations solved apart."""

import numpy as np
import pytest

from allotone import InputError, Network

NETWORK = """
title = "Trains and cells whose gates two cells read"
time_step = "0.01 ms"

[populations.trains]
size = 3
neuron = { kind = "poisson_source", rate = "60 Hz" }

[populations.cells]
size = 4
neuron = "conductance_lif"

[populations.cells.drive.current]
kind = "current"
amplitude = { distribution = "linear", min = "110 pA", max = "260 pA" }

[populations.readers]
size = 2
neuron = "conductance_lif"
reversal = { E_gaba = "-80 mV" }

[projections.pulsed]
source = "cells"
target = "readers"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "transmitter_pulse" }
connect = { rule = "all_to_all" }
weight = "1 nS"
delay = "1 ms"

[projections.slow]
source = "cells"
target = "readers"
receptor = "gaba_b"
reversal = "-95 mV"
synapse = { kind = "gaba_b" }
connect = { rule = "all_to_all" }
weight = "1 nS"

[projections.nmda]
source = "trains"
target = "readers"
receptor = "nmda"
reversal = "0 mV"
synapse = { kind = "saturating", alpha = "2 /ms", tau_rise = "0.33 ms", tau_decay = "50 ms", jump = 3.5 }
block = { kind = "magnesium" }
connect = { rule = "all_to_all" }
weight = "2 nS"
delay = "3 ms"

[projections.inhibition]
source = "trains"
target = "readers"
receptor = "alpha1_beta_gamma2"
synapse = { kind = "saturating", tau_rise = "0.9 ms", tau_decay = "6.8 ms", x_max = 1 }
connect = { rule = "all_to_all" }
weight = "1 nS"
"""
STEP_MS, DURATION_MS = 0.01, 200.0
CONDUCTANCES = ("g_pulsed", "g_slow", "g_nmda", "g_inhibition", "block_nmda", "v")


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    path = tmp_path_factory.mktemp("gates") / "gates.toml"
    path.write_text(NETWORK)
    return Network.load(path)


@pytest.fixture(scope="module")
def run(network):
    return network.run(f"{DURATION_MS} ms", seed=3, record=[f"{name}@readers:0/{STEP_MS} ms" for name in CONDUCTANCES])


@pytest.fixture(scope="module")
def traces(run):
    """Each recorded variable at every step, nS, mV or 1."""
    scale = {"g": 1e9, "v": 1e3, "b": 1}
    return {one.variable: np.asarray(one.values)[:, 0] * scale[one.variable[0]] for one in run.traces["readers"]}


def agree(trace, gate, tolerance):
    """A reader's conductance follows the gate, one step later since it is recorded before the gates are read."""
    np.testing.assert_allclose(trace[1:], gate[:-1], atol=tolerance * gate.max())


def arrivals(run, population, agent, delay_ms=0.0):
    """Steps at whose end transmitter is there."""
    spikes = run.spikes[population]
    times_ms = np.asarray(spikes.times)[np.asarray(spikes.node_ids) == agent] * 1e3
    return set((np.round(times_ms / STEP_MS) + round(delay_ms / STEP_MS)).astype(int))


def saturating(steps, alpha, tau_rise, tau_decay, jump, largest):
    """Gate at the start of every step, by Euler steps a quarter as long."""
    found, s, x, fine = [], 0.0, 0.0, STEP_MS / 4
    for step in range(round(DURATION_MS / STEP_MS)):
        found.append(s)
        for _ in range(4):
            s, x = s + fine * (alpha * x * (1 - s) - s / tau_decay), x * (1 - fine / tau_rise)
        if step in steps:
            x = min(x + jump, largest)
    return np.array(found)


def pulsed(steps, change):
    """State at the start of every step of a system that `change(state, transmitter)` moves, pulses of 0.3 ms."""
    found, state, left = [], np.zeros(2), 0
    for step in range(round(DURATION_MS / STEP_MS)):
        found.append(state)
        for _ in range(4):
            state = state + STEP_MS / 4 * change(state, float(left > 0))
        left -= left > 0
        if step in steps:
            left = round(0.3 / STEP_MS)
    return np.array(found)


def test_pulses_of_transmitter_open_the_gate(run, traces):
    expected = 0.0
    for agent in range(4):
        expected += pulsed(arrivals(run, "cells", agent, 1.0), lambda s, present: 0.47 * present * (1 - s) - 0.18 * s)[
            :, 0
        ]
    assert expected.max() > 0.2
    agree(traces["g_pulsed"], expected, 2e-3)


def test_g_protein_opens_after_many_spikes(run, traces):
    def change(state, present):
        r, q = state
        return np.array([0.045 * present * (1 - r) - 0.0012 * r, 0.18 * r - 0.034 * q])

    expected = 0.0
    for agent in range(4):
        q = pulsed(arrivals(run, "cells", agent), change)[:, 1]
        expected += q**4 / (q**4 + 100)
    assert expected.max() > 1e-5
    agree(traces["g_slow"], expected, 3e-3)


@pytest.mark.parametrize(
    ("name", "weight", "numbers", "delay_ms"),
    [("g_nmda", 2.0, (2.0, 0.33, 50.0, 3.5, np.inf), 3.0), ("g_inhibition", 1.0, (1.0, 0.9, 6.8, 1.0, 1.0), 0.0)],
)
def test_gate_of_a_train_saturates(run, traces, name, weight, numbers, delay_ms):
    expected = sum(weight * saturating(arrivals(run, "trains", agent, delay_ms), *numbers) for agent in range(3))
    assert expected.max() > 0.5 * weight
    agree(traces[name], expected, 6e-3)


def test_magnesium_blocks_at_rest_and_less_above(traces):
    v = traces["v"]
    np.testing.assert_allclose(traces["block_nmda"][1:], (1 / (1 + np.exp(-0.062 * v) / 3.57))[:-1], rtol=0.02)
    assert np.ptp(traces["block_nmda"]) > 0.01


def test_linear_spread_goes_from_the_first_agent_to_the_last(run):
    np.testing.assert_allclose(
        np.asarray(run.agents["cells"]["drive.current.amplitude"]) * 1e12, [110, 160, 210, 260], rtol=1e-12
    )


def test_longer_decay_by_the_steroid_acts_on_a_gate_in_a_train(network, run, traces):
    slower = network.run(
        f"{DURATION_MS} ms", seed=3, record=[f"{name}@readers:0/{STEP_MS} ms" for name in CONDUCTANCES],
        allopregnanolone="1000 nM",
    )  # fmt: skip
    values = {one.variable: np.asarray(one.values)[:, 0] for one in slower.traces["readers"]}
    assert values["g_inhibition"].sum() > 1.5e-9 * traces["g_inhibition"].sum()
    np.testing.assert_array_equal(values["g_nmda"] * 1e9, traces["g_nmda"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"projections.pulsed.block": {"kind": "magnesium"}}, "only NMDA receptors are blocked"),
        ({"projections.nmda.block.kind": "magnesum"}, "magnesium"),
        ({"projections.nmda.block.slop": "2 mV"}, "slope"),
        ({"projections.nmda.block.slope": "0 mV"}, "not above 0"),
        ({"projections.nmda.delay": {"mean": "2 ms", "sd": "1 ms", "min": "1 ms"}}, "give one delay"),
        ({"projections.pulsed.synapse.pulse": "0.005 ms"}, "whole number of time steps"),
        ({"projections.pulsed.plasticity": {"kind": "tsodyks_markram"}}, "releases alike at every spike"),
        ({"projections.pulsed.weight": {"distribution": "linear", "min": "0 nS", "max": "1 nS"}}, "over agents"),
        ({"populations.cells.drive.current.amplitude.mean": "0 pA"}, "takes min and max"),
    ],
)
def test_what_does_not_fit_is_refused(network, values, words):
    with pytest.raises(InputError, match=words):
        network.override(values).run("1 ms")
