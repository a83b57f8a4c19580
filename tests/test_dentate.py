"""The dentate gyrus made small; a reversal potential of tonic receptors alone, named sources, the inverted block."""

import numpy as np
import pytest

from allotone import InputError, Network
from allotone.published.networks import dentate
from allotone.synapses import BLOCKS

DELTA = "populations.gc.tonic.delta"
ALONE = {
    **{f"populations.{name}.neuron.rate": "0 Hz" for name in ("ec", "noise_gc", "noise_bc", "noise_mc", "noise_hipp")},
    **{f"projections.{name}.amplitude_factor": 0.0 for name in dentate.INHIBITORY},
    **dentate.NO_MOSSY_OUTPUT,
}


# All small dentate networks of the tests are of one structure, that with sprouting, and so share one binary.
SHARED_BINARY = {
    **{
        f"populations.{name}.size": n for name, n in (("mc", 80), ("noise_mc", 1600), ("hipp", 40), ("noise_hipp", 800))
    },
    f"{DELTA}.rectification": "none",
}
UNSPROUTED = {"projections.gc_to_gc_ampa.connect.probability": 0}


@pytest.fixture(scope="module")
def network():
    """`dentate_gyrus` with a tenth of its cells."""
    values = SHARED_BINARY | UNSPROUTED | {"time_step": "0.1 ms"}
    return dentate.resized(Network.load("dentate_epileptic").override(values), 0.1)


def held(network, reversal_mV, conductance_nS=5.0):
    """First spikes of a granule cell that only a tonic conductance moves, ms."""
    alone = network.override(ALONE | dentate.tonic(conductance_nS, reversal_mV))
    run = alone.run("200 ms", seed=1, statistics=())
    chosen = run.spikes["gc"].node_ids == 7
    return np.asarray(run.spikes["gc"].times)[chosen] * 1e3


def granule_cell(reversal_mV, conductance_nS=5.0, step_ms=0.001):
    """The same cell by Euler steps a hundred times as short: spike times, ms."""
    v, ahp, held_until, spikes = -87.0, 0.0, 0.0, []
    for step in range(round(200 / step_ms)):
        time = step * step_ms
        current = conductance_nS * (reversal_mV - v) - 2.57 * (v + 87) - ahp
        v, ahp = v + step_ms * current / 80 * (time >= held_until), ahp + step_ms * (0.2 * (v + 87) - ahp) / 45
        if v > -56:
            v, ahp, held_until = -74.0, ahp + 45, time + 20
            spikes.append(time)
    return np.array(spikes)


def test_tonic_receptors_pull_towards_a_reversal_of_their_own(network):
    # With the leak and the part of the afterhyperpolarisation that is one, threshold is reached at -38.8 mV, far above E_gaba.
    assert held(network, -40).size == 0
    assert held(network, -38).size > 0


def test_granule_cell_spikes_as_its_equations_say(network):
    expected = granule_cell(-25)
    found = held(network, -25)
    assert expected.size > 3 and np.ptp(np.diff(expected)) > 1
    np.testing.assert_allclose(found[: expected.size], expected, atol=0.4)


def test_named_sources_alone_fire(network):
    run = network.override({"populations.ec.neuron.agents": [3, 41]}).run("500 ms", seed=2, statistics=())
    assert set(run.spikes["ec"].node_ids.tolist()) == {3, 41}
    assert np.asarray(run.spikes["ec"].times).min() > 0.3


def test_removed_mossy_cells_recruit_and_a_tonic_conductance_does_the_reverse(network):
    cases = {"control": {}, "removed": dentate.NO_MOSSY_OUTPUT, "tonic": dentate.tonic(3.0)}
    found = dentate.recruited({key: network.override(one) for key, one in cases.items()}, 2, show_progress=False)
    control, removed, tonic = (found[key].mean(axis=(1, 2)) for key in cases)
    assert (0.02 < control).all() and (control < 0.5).all()
    assert (removed > 1.2 * control).all()
    assert (tonic < 0.8 * control).all()


def test_output_distance_counts_the_cells_that_differ():
    first, second = np.zeros((2, 10), bool)
    first[:4], second[2:5] = True, True
    assert dentate.output_distance(first, second) == pytest.approx(3 / 8)
    assert dentate.output_distance(first, first) == 0
    assert dentate.output_distance(first, ~first & (np.arange(10) < 8)) == 1
    assert np.isnan(dentate.output_distance(~first & first, ~first & first))


def test_patterns_have_the_input_distance():
    first, second = (np.isin(np.arange(400), pattern) for pattern in dentate.PATTERNS)
    assert first.sum() == second.sum() == 40
    assert dentate.output_distance(first, second) == pytest.approx(dentate.INPUT_DISTANCE)
    assert Network.load("dentate_gyrus").definition.schema.populations["ec"].neuron.agents == list(dentate.PATTERNS[0])


def test_inverted_block_opens_what_the_other_closes():
    values = {"ratio_x": 0.4, "slope_x": 25.0, "v": np.array([-90.0, -60.0, 0.0]), "exp": np.exp}
    divided, multiplied = (eval(BLOCKS[name].factor("x"), values) for name in ("magnesium", "magnesium_inverted"))
    np.testing.assert_allclose(divided * multiplied, 1, rtol=1e-12)
    assert multiplied[0] > 15
    published = Network.load("dentate_gyrus").override(dentate.AS_PUBLISHED).definition.schema.projections
    assert published["noise_to_gc"].block["kind"] == "magnesium_inverted"
    for name in ("ec_to_gc_nmda", "mc_to_gc_nmda", "noise_to_gc"):
        assert 1 / float(published[name].block["slope"].removesuffix(" mV")) == pytest.approx(0.072)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"populations.ec.neuron.agents": [3, 48]}, "no agent 48"),
        ({"populations.ec.neuron.agents": []}, "names no agent"),
        ({"populations.ec.neuron.active_fraction": 0.5}, "nothing reads this: agents"),
        ({f"{DELTA}.reversal": "-75 nS"}, "nS"),
    ],
)
def test_what_does_not_fit_is_refused(network, values, words):
    with pytest.raises(InputError, match=words):
        network.override(values)
