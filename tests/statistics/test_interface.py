"""What a user of the statistics sees: units, names, errors, invariance to the order of spikes and agents."""

import pickle

import numpy as np
import pytest
from brian2 import Hz, get_dimensions, nS, uA
from hypothesis import given, settings
from hypothesis import strategies as st

from allotone.errors import InputError
from allotone.statistics import BANDS, STATISTICS, PopulationSums, SpikeTrains, compute
from allotone.units import UNITS

WINDOW = {"start_s": 0.0, "stop_s": 1.0, "time_step_s": 1e-4}


def example(agents=30, spikes=900, seed=1):
    rng = np.random.default_rng(seed)
    return SpikeTrains.from_times(rng.integers(0, agents, spikes), rng.uniform(0, 1, spikes), size=agents, **WINDOW)


def example_sums(agents=30, ticks=1000, conductance_unit="nS", current_unit="pA"):
    rng = np.random.default_rng(2)
    return PopulationSums(
        1e-3,
        rng.normal(size=ticks),
        *rng.uniform(1, 2, (4, agents)),
        rng.normal(size=ticks),
        conductance_unit,
        current_unit,
    )


def test_every_statistic_says_what_it_is_and_has_coordinates_for_its_dimensions():
    computed = compute(example(), example_sums())
    assert set(computed) == set(STATISTICS)
    for name, one in computed.items():
        definition = STATISTICS[name]
        assert definition.description and definition.source and one.description == definition.description
        assert one.unit in definition.unit.split(" or ")
        assert one.unit in UNITS or name == "lfp_proxy"
        assert one.value.shape == tuple(len(one.coordinates[dimension][0]) for dimension in one.dimensions)
        assert not one.value.flags.writeable


def test_attributes_are_quantities_and_plain_numbers():
    computed = compute(example(), example_sums())
    assert computed.mean_rate == 30 * Hz
    assert get_dimensions(computed.band_power) == get_dimensions(Hz**2)
    assert get_dimensions(computed.mean_g_tonic) == get_dimensions(nS)
    assert get_dimensions(computed.lfp_proxy) == get_dimensions(uA**2)
    assert isinstance(computed.isi_cv, float) and type(computed.agent_isi_cv) is np.ndarray
    per_area = compute(example(), example_sums(conductance_unit="mS/cm2", current_unit="uA/cm2"))
    assert per_area["lfp_proxy"].unit == "uA2/cm4" and float(np.asarray(per_area.mean_g_tonic)) > 0


def test_only_what_is_asked_for_and_read_only():
    computed = compute(example(), names=["cv2", "mean_rate"])
    assert list(computed) == ["cv2", "mean_rate"]
    with pytest.raises(TypeError):
        computed["cv2"] = 1
    with pytest.raises(AttributeError, match="isi_cv"):
        _ = computed.isi_cv
    assert "cv2" in dir(computed)


def test_without_sums_all_that_spikes_suffice_for():
    assert set(compute(example())) == {name for name, one in STATISTICS.items() if one.needs == "spikes"}


def test_survives_pickling():
    computed = compute(example())
    copied = pickle.loads(pickle.dumps(computed))
    assert copied.mean_rate == computed.mean_rate and list(copied) == list(computed)


def test_bands_are_settable_and_adjacent_ones_add_up():
    whole = compute(example(), bands={"all": (1, 120)})
    parts = compute(example())
    assert list(parts["band_power"].coordinates["band"][0]) == list(BANDS)
    assert whole["band_power"].value[0] == pytest.approx(parts["band_power"].value.sum())
    quantity = compute(example(), bands={"all": (1 * Hz, 120 * Hz)})
    assert quantity["band_power"].value[0] == whole["band_power"].value[0]


def test_random_pairs_follow_the_seed():
    trains = example(agents=60, spikes=3000)
    one, again, other = (compute(trains, names=["count_correlation"], seed=s).count_correlation for s in (1, 1, 2))
    assert one == again and one != other


def test_population_rate_counts_every_spike_once():
    trains = example()
    counts, width_s = trains.population_counts(0.001)
    assert counts.sum() == trains.steps.size and counts.size == 1000 and width_s == pytest.approx(0.001)
    occupied = trains.occupied_bins(0.0333)
    assert occupied.number == 30 and occupied.bins.max() == 29
    assert occupied.counts.sum() == np.count_nonzero(trains.steps < 9990) < trains.steps.size
    assert trains.population_counts(1e-9)[1] == pytest.approx(1e-4)


def test_spikes_are_rounded_to_steps_and_cut_to_the_window():
    trains = SpikeTrains.from_times(
        [1, 0, 0, 1, 0], [0.1, 0.29996, 0.2, 0.19996, 0.3], size=2, start_s=0.2, stop_s=0.3, time_step_s=1e-4
    )
    assert trains.node_ids.tolist() == [0, 1] and trains.steps.tolist() == [2000, 2000]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: compute(example(), names=["isi_vc"]), "unknown statistic 'isi_vc'; did you mean 'isi_cv'"),
        (lambda: compute(example(), names=["synchrony_chi"]), "'synchrony_chi' needs sums .* request it"),
        (lambda: compute(example(), example_sums(agents=5)), "5 agents for spikes of 30"),
        (lambda: compute(example(), bands={"x": (8, 4)}), "bands.x: from 8 to 4 Hz is not a band"),
        (lambda: compute(example(), bands={"x": 8}), "bands.x: 8 is not a band"),
        (lambda: compute(example(), bands={"x": (8, np.nan)}), "bands.x: from 8 to nan"),
        (lambda: compute(example(), bands={"x": (100, 900)}), "above the highest frequency, 500 Hz"),
        (lambda: SpikeTrains.from_times([3], [0.1], size=3, **WINDOW), "agent 3 .* expected 0 to 2"),
        (lambda: SpikeTrains.from_times([-1], [0.1], size=3, **WINDOW), "agent -1"),
        (lambda: SpikeTrains.from_times([0.5], [0.1], size=3, **WINDOW), "expected integers"),
        (lambda: SpikeTrains.from_times([0], [np.nan], size=3, **WINDOW), "not finite"),
        (lambda: SpikeTrains.from_times([0, 1], [0.1], size=3, **WINDOW), "2 agents for 1 spike times"),
        (lambda: SpikeTrains.from_times([], [], size=0, **WINDOW), "0 agents; expected at least 1"),
        (lambda: SpikeTrains.from_times([], [], size=1, start_s=1, stop_s=1, time_step_s=1e-4), "is empty"),
        (lambda: SpikeTrains.from_times([], [], size=1, start_s=0, stop_s=1, time_step_s=0), "positive time step"),
        (lambda: SpikeTrains(np.array([1, 0]), np.array([5, 6]), 2, 0, 10, 1e-4), "not sorted"),
        (lambda: SpikeTrains(np.array([0, 0]), np.array([6, 5]), 2, 0, 10, 1e-4), "not sorted"),
        (lambda: SpikeTrains(np.array([0]), np.array([10]), 2, 0, 10, 1e-4), "outside the analysed window"),
        (lambda: example_sums(ticks=0), "0 ticks"),
        (lambda: example_sums(conductance_unit="pS"), "sums.conductance_unit: 'pS'"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()


@st.composite
def relabelled(draw):
    agents = draw(st.integers(2, 12))
    spikes = draw(st.lists(st.tuples(st.integers(0, agents - 1), st.integers(0, 9999)), max_size=80))
    return agents, spikes, draw(st.permutations(range(agents))), draw(st.permutations(range(len(spikes))))


@settings(max_examples=60, deadline=None)
@given(relabelled())
def test_neither_the_order_of_spikes_nor_the_names_of_agents_matter(case):
    agents, spikes, names, order = case
    ids = np.array([agent for agent, _ in spikes], dtype=int)
    times = np.array([step for _, step in spikes], dtype=float) * 1e-4
    names, order = np.array(names), np.array(order, dtype=int)
    before = compute(SpikeTrains.from_times(ids, times, size=agents, **WINDOW))
    after = compute(SpikeTrains.from_times(names[ids][order], times[order], size=agents, **WINDOW))
    for name, one in before.items():
        value = after[name].value[names] if one.dimensions == ("agent",) else after[name].value
        np.testing.assert_allclose(value, one.value, rtol=1e-9, atol=1e-12, err_msg=name)
        assert "rate" in name or "power" in name or np.all(np.isnan(one.value) | (np.abs(one.value) < 1e3))
