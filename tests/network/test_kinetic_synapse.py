"""A kinetic synapse in a run against the scheme solved on its own, for constant and changing allopregnanolone."""

import numpy as np
import pytest
from scipy.linalg import expm

from allotone import InputError, Network, synapses
from allotone.receptors import alpha1_beta_gamma2, decay_factor, jones_westbrook
from allotone.receptors.kinetics import area_over_peak, peak, response, steroid_factor

NETWORK = """
title = "two cells that inhibit themselves"
time_step = "0.1 ms"

[populations.cells]
size = 2
neuron = "conductance_lif"
reversal = { E_gaba = "-75 mV" }

[populations.cells.drive.kick]
kind = "pulse"
amplitude = "20 nA"
onset = "5 ms"
duration = "0.5 ms"
period = "10 s"

[projections.inhibition]
source = "cells"
target = "cells"
receptor = "alpha1_beta_gamma2"
synapse = { kind = "jones_westbrook" }
connect = { rule = "one_to_one" }
weight = "2 nS"
"""
SCHEME, RECEPTOR = jones_westbrook(), alpha1_beta_gamma2()
SYNAPSE = "projections.inhibition.synapse"


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    path = tmp_path_factory.mktemp("kinetic") / "kinetic.toml"
    path.write_text(NETWORK)
    return Network.load(path)


def recordings(step):
    """Equal in every run at a step, so that all of them share a binary."""
    return [f"gate_inhibition@cells:0/{step}", f"g_inhibition@cells:0/{step}"]


def gate(network, duration, allopregnanolone, step="0.1 ms"):
    """Open probability over the peak without steroid from the first spike on, at every step, and spike times in ms."""
    network = network.override({"time_step": step})
    run = network.run(duration, allopregnanolone=allopregnanolone, record=recordings(step))
    values = np.asarray(run.traces["cells"][0].values)[:, 0]
    times, nodes = np.asarray(run.spikes["cells"].times) * 1e3, np.asarray(run.spikes["cells"].node_ids)
    step_ms = float(step.split()[0])
    # A spike at t is the crossing between t and the next step, when the transmitter comes.
    first = round(times[nodes == 0][0] / step_ms)
    return values[first:], times[nodes == 0], step_ms


def area(values, step_ms):
    return values.sum() * step_ms / values.max()


@pytest.mark.parametrize("step", ["0.1 ms", "0.05 ms"])
@pytest.mark.parametrize("steroid_nM", [0, 100, 1000])
def test_waveform_and_decay(network, steroid_nM, step):
    """At either time step the scheme's own solution, so that halving the step changes nothing."""
    values, _, step_ms = gate(network, "2 s", f"{steroid_nM} nM", step)
    x = float(steroid_factor(SCHEME, decay_factor(steroid_nM, RECEPTOR)))
    expected = response(SCHEME, np.arange(values.size) * step_ms, 1, 0.3, x) / peak(SCHEME)
    np.testing.assert_allclose(values, expected, atol=1e-4)
    prolonged = area(values, step_ms) / area(response(SCHEME, np.arange(0, 5000, step_ms), 1, 0.3), step_ms)
    assert prolonged == pytest.approx(float(decay_factor(steroid_nM, RECEPTOR)), rel=0.01)


def test_the_exponent_given_is_that_of_the_scheme(network):
    """With 1 the peak falls by more than a third, against 1 % by default."""
    values, _, step_ms = gate(network.override({f"{SYNAPSE}.desensitisation_exponent": 1}), "1 s", "1000 nM")
    scheme = jones_westbrook(1)
    x = float(steroid_factor(scheme, decay_factor(1000, RECEPTOR)))
    expected = response(scheme, np.arange(values.size) * step_ms, 1, 0.3, x) / peak(scheme)
    np.testing.assert_allclose(values, expected, atol=1e-4)
    assert values.max() < 2 / 3


def test_weight_is_the_peak_conductance_without_steroid(network):
    run = network.run("0.1 s", record=recordings("0.1 ms"))
    assert np.asarray(run.traces["cells"][1].values).max() == pytest.approx(2e-9, rel=2e-3)


def test_changing_concentration(network):
    """The second spike comes 3 s after the first, long after the steroid."""
    twice = network.override({"populations.cells.drive.kick.period": "3 s"})
    values, spikes, step_ms = gate(
        twice, "6 s", {"schedule": "step", "before": "0 nM", "after": "1000 nM", "onset": "1.5 s"}
    )
    second = round((spikes[1] - spikes[0]) / step_ms)
    fold = area(values[second:], step_ms) / area(values[:second], step_ms)
    assert fold == pytest.approx(float(decay_factor(1000, RECEPTOR)), rel=0.01)


def test_a_second_spike_finds_desensitised_receptors(network):
    """20 ms after the first, against the scheme with two pulses."""
    twice = network.override({"populations.cells.drive.kick.period": "20 ms"})
    values, spikes, step_ms = gate(twice, "0.04 s", "0 nM")
    gap = spikes[1] - spikes[0]
    on, off = SCHEME.matrix(1.0), SCHEME.matrix(0.0)
    before = expm(on * 0.3)[0] @ expm(off * (gap - 0.3)) @ expm(on * 0.3)
    times = np.arange(0, 5, step_ms)
    expected = np.array([before @ expm(off * time) for time in times]) @ SCHEME.conducting / peak(SCHEME)
    second = values[round(gap / step_ms) :]
    assert second.max() == pytest.approx(expected.max(), rel=2e-3)
    assert second.max() < 0.9 * values.max()


def test_an_insensitive_receptor_is_left_alone(network):
    insensitive = network.override({"projections.inhibition.preparation": "insensitive"})
    steroid, _, _ = gate(insensitive, "0.1 s", "1000 nM")
    without, _, _ = gate(network, "0.1 s", "0 nM")
    np.testing.assert_array_equal(steroid, without)


def test_decay_factor_prolongs_like_the_steroid(network):
    twice = network.override({"projections.inhibition.decay_factor": 2.0})
    doubled, _, step_ms = gate(twice, "3 s", "0 nM", "0.05 ms")
    assert area(doubled, step_ms) == pytest.approx(2 * area_over_peak(SCHEME), rel=0.01)


def test_defaults_are_the_published_scheme():
    numbers = {key: parameter.default for key, parameter in synapses.MODELS["jones_westbrook"].parameters.items()}
    rates = {rate.name: rate.value for rate in SCHEME.rates}
    kon = rates.pop("kon")
    assert float(numbers["K_gaba"].split()[0]) / 1000 == pytest.approx(rates["koff"] / kon, rel=1e-12)
    assert {key: f"{value:g} /ms" for key, value in rates.items()} == {key: numbers[key] for key in rates}
    assert float(numbers["desensitisation_exponent"]) == SCHEME.desensitisation_exponent


@pytest.mark.parametrize(
    "changes, message",
    [
        (
            {"time_step": "0.2 ms", f"{SYNAPSE}.pulse": "0.4 ms"},
            "too coarse for the rates of projections.inhibition.synapse.*at most 188 us",
        ),
        (
            {f"{SYNAPSE}.pulse": "0.01 ms"},
            "synapse.pulse: '0.01 ms' is no whole number of time steps of 0.1 ms; "
            "give a pulse of 0.1 ms, or a time step of 0.01 ms",
        ),
        ({"time_step": "0.08 ms"}, "give a pulse of 0.24 or 0.32 ms, or a time step of 0.075 ms"),
        ({f"{SYNAPSE}.kon": "6 /ms"}, "unknown name in projections.inhibition.synapse: 'kon'"),
        ({f"{SYNAPSE}.gaba_peak": "0 mM"}, "not above 0"),
        ({"projections.inhibition.decay_factor": 0.5}, "decay_factor: 0.5 is below 1"),
        (
            {"projections.inhibition.decay_factor": 200.0},
            "synapse: decay_factor 200 times decay_max 5 is too long a decay at saturating steroid: 1000 cannot be reached",
        ),
        (
            {"projections.inhibition.decay_factor": 3.0},
            "synapse: decay_factor 3 times decay_max 5 is too long a decay at saturating steroid: .*15 ",
        ),
        (
            {"projections.inhibition.receptor": "ampa", "projections.inhibition.reversal": "0 mV"},
            "inhibition.receptor: 'ampa' cannot have the rates of a jones_westbrook synapse, .* GABA-A receptors; give one",
        ),
        ({"projections.inhibition.delay": "1 ms"}, "a jones_westbrook synapse has no delay"),
    ],
)
def test_bad_input(network, changes, message):
    with pytest.raises(InputError, match=message):
        network.override(changes).run("0.1 s")


@pytest.mark.parametrize("changes", [{f"{SYNAPSE}.pulse": "0.4 ms"}, {"time_step": "0.15 ms"}])
def test_what_the_message_on_a_pulse_proposes_is_accepted(network, changes):
    with pytest.raises(InputError, match="0.2 or 0.4 ms, or a time step of 0.15 ms"):
        network.definition.override({"time_step": "0.2 ms"})
    network.definition.override({"time_step": "0.2 ms"} | changes)
