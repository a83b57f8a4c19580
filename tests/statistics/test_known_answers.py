"""Statistics of spike trains whose statistics are known without computing them."""

import numpy as np
import pytest

from allotone.statistics import STATISTICS, PopulationSums, SpikeTrains, compute

DT = 5e-5  # s
RNG_SEED = 20240


def trains_of(times_per_agent, duration, dt=DT, start=0.0):
    ids = np.repeat(np.arange(len(times_per_agent)), [len(t) for t in times_per_agent])
    times = np.concatenate([np.asarray(t, float) for t in times_per_agent])
    return SpikeTrains.from_times(ids, times, size=len(times_per_agent), start_s=start, stop_s=duration, time_step_s=dt)


def gamma_trains(shape, rate, agents, duration):
    rng = np.random.default_rng(RNG_SEED)
    number = int(2 * rate * duration)
    times = np.cumsum(rng.gamma(shape, 1 / (shape * rate), size=(agents, number)), axis=1)
    assert times[:, -1].min() > duration
    return trains_of([t[t < duration] for t in times], duration)


def poisson_trains(rate, agents, duration, dt=DT):
    rng = np.random.default_rng(RNG_SEED)
    return trains_of([rng.uniform(0, duration, rng.poisson(rate * duration)) for _ in range(agents)], duration, dt)


def flat_sums(agents=3, ticks=500):
    v = np.full((ticks, agents), -0.065)
    return sums_of(v, np.zeros((ticks, agents)), np.zeros((ticks, agents)), np.zeros(ticks))


def sums_of(v, g_tonic, g_phasic, lfp, conductance_unit="nS", current_unit="pA"):
    return PopulationSums(
        1e-3, v.mean(1), v.sum(0), (v**2).sum(0), g_tonic.sum(0), g_phasic.sum(0), lfp, conductance_unit, current_unit
    )


def standard_error(values):
    return np.nanstd(values) / np.sqrt(np.count_nonzero(~np.isnan(values)))


def close_to(value, expected, error):
    assert abs(float(value) - expected) < 4 * error, f"{value} is not {expected} within 4 x {error:.2g}"


def test_poisson_process():
    rate, agents, duration = 20.0, 60, 100.0
    s = compute(poisson_trains(rate, agents, duration))
    close_to(s["mean_rate"].value, rate, np.sqrt(rate / (agents * duration)))
    # A variance of n normal values has relative standard deviation sqrt(2/n), a standard deviation half of that.
    close_to(s["rate_sd"].value, np.sqrt(rate / duration), np.sqrt(rate / duration / (2 * agents)))
    # The CV of n intervals is biased by an order of 1/n, which here is a tenth of the error.
    close_to(s["isi_cv"].value, 1.0, standard_error(s["agent_isi_cv"].value))
    close_to(s["cv2"].value, 1.0, standard_error(s["agent_cv2"].value))
    close_to(s["lv"].value, 1.0, standard_error(s["agent_lv"].value))
    close_to(s["fano_factor"].value, 1.0, np.sqrt(2 / (agents * duration / 0.1)))
    # A pair's correlation over n bins has standard deviation 1/sqrt(n); 500 of 1770 pairs are close to independent.
    close_to(s["count_correlation"].value, 0.0, 1 / np.sqrt(500 * duration / 0.005))
    # A spike is alone when neither neighbour is within 10 ms.
    expected = 1 - np.exp(-2 * rate * 0.010)
    close_to(s["burst_index"].value, expected, np.sqrt(3 * expected * (1 - expected) / (rate * agents * duration)))
    # One-sided density of a sum of Poisson trains over their number; 199 segments, neighbouring lines correlated.
    widths = np.array([3, 4, 4, 18, 30, 60])
    expected = 2 * rate / agents * widths
    assert np.all(np.abs(s["band_power"].value / expected - 1) < 4 * np.sqrt(1.5 / (widths * 0.5 * 199)))


def test_fano_factor_of_poisson_trains_is_unbiased_when_spikes_and_windows_are_few():
    agents, duration = 20000, 0.5
    s = compute(poisson_trains(2.0, agents, duration), names=["fano_factor", "active_fraction"])
    active = agents * float(s.active_fraction)
    # Given its number of spikes, the Fano factor of an agent has mean 1 and variance at most 2/(windows - 1).
    close_to(s["fano_factor"].value, 1.0, np.sqrt(2 / 4 / active))


@pytest.mark.parametrize("shape", [2, 4, 10])
def test_gamma_renewal_process(shape):
    s = compute(gamma_trains(shape, 20.0, 40, 60.0))
    close_to(s["isi_cv"].value, 1 / np.sqrt(shape), standard_error(s["agent_isi_cv"].value))
    close_to(s["lv"].value, 3 / (2 * shape + 1), standard_error(s["agent_lv"].value))


def test_perfectly_synchronous_irregular_agents():
    rng = np.random.default_rng(RNG_SEED)
    times = np.sort(rng.uniform(0, 5, 200))
    s = compute(trains_of([times] * 40, 5.0))
    assert s.coherence_kappa == pytest.approx(1, abs=1e-12)
    assert s.count_correlation == pytest.approx(1, abs=1e-12)
    assert float(s.rate_sd) == 0


def test_coherence_of_independent_agents_is_the_probability_of_an_occupied_bin():
    rate, agents, duration = 20.0, 100, 50.0
    # A fine step, so that rounding the bin to whole steps does not change the probability.
    s = compute(poisson_trains(rate, agents, duration, dt=1e-6), names=["coherence_kappa"])
    occupied = 1 - np.exp(-0.1)
    bins, pairs = duration * rate / 0.1, agents * (agents - 1) / 2
    close_to(s.coherence_kappa, occupied, (1 - occupied) / np.sqrt(bins * pairs))


def test_coherence_is_the_mean_over_pairs_in_which_both_fire():
    trains = trains_of([[0.01, 0.11, 0.21], [0.01, 0.12, 0.31, 0.45], [0.21, 0.31], []], 0.5)
    width = round(0.1 / (9 / 4 / 0.5) / DT)
    whole = trains.steps // width < 10000 // width
    occupied = np.zeros((4, 10000 // width), bool)
    occupied[trains.node_ids[whole], trains.steps[whole] // width] = True
    pairs = [(0, 1), (0, 2), (1, 2)]
    expected = [(occupied[i] & occupied[j]).sum() / np.sqrt(occupied[i].sum() * occupied[j].sum()) for i, j in pairs]
    assert compute(trains).coherence_kappa == pytest.approx(np.mean(expected), rel=1e-12)
    assert 0 < np.mean(expected) < 1


def test_coherence_in_a_single_bin_is_undefined():
    # Four agents, two spikes, 0.3 s: bins of 60 ms. Fourteen and two: of 210 ms, only one is whole.
    assert np.isfinite(compute(trains_of([[0.1], [0.25], [], []], 0.3)).coherence_kappa)
    assert np.isnan(compute(trains_of([[0.1], [0.15]] + [[]] * 12, 0.3)).coherence_kappa)


def test_opposed_agents_have_negative_correlation():
    even, odd = np.arange(0, 1, 0.010) + 0.001, np.arange(0, 1, 0.010) + 0.006
    # Counts 1, 0, 1, 0... against 0, 1, 0, 1...
    assert compute(trains_of([even, odd], 1.0)).count_correlation == pytest.approx(-1, abs=1e-12)


ALIASED = pytest.mark.xfail(strict=True, reason="the period slips against the bins of 1 ms; a harmonic is reported")


@pytest.mark.parametrize(
    "rate", [3.1, 7.3, 12.5, 20.0, 40.0, 61.7, 62.5, 130.0, 190.2, pytest.param(49.9, marks=ALIASED)]
)
def test_regular_synchronous_agents(rate):
    duration = 4.0
    times = np.arange(0.003, duration, 1 / rate)
    s = compute(trains_of([times] * 5, duration))
    # Times are rounded to the step, intervals change by at most one.
    assert s.isi_cv <= DT * rate
    assert s.cv2 <= DT * rate
    assert float(s.peak_frequency) == pytest.approx(rate, abs=0.1)  # a tenth of the resolution


def test_intervals_of_equal_length_have_no_variation():
    s = compute(trains_of([np.arange(0, 2, 0.025), np.arange(0.01, 2, 0.05)], 2.0))
    assert (s.isi_cv, s.cv2, s.lv) == (0, 0, 0)


def test_peak_of_a_modulated_rate_and_its_power():
    rng = np.random.default_rng(RNG_SEED)
    rate, depth, frequency, agents, duration = 30.0, 0.8, 43.4, 400, 20.0
    times = np.sort(rng.uniform(0, duration, rng.poisson(rate * (1 + depth) * agents * duration)))
    modulation = (1 + depth * np.sin(2 * np.pi * frequency * times)) / (1 + depth)
    times = times[rng.uniform(size=times.size) < modulation]
    ids = rng.integers(0, agents, times.size)
    trains = SpikeTrains.from_times(ids, times, size=agents, start_s=0, stop_s=duration, time_step_s=DT)
    s = compute(trains)
    assert float(s.peak_frequency) == pytest.approx(frequency, abs=0.1)
    low_gamma = s["band_power"].value[4]
    noise = 2 * rate / agents * 30
    # The amplitude of the line follows from as many spikes as there are; its power has twice the relative error.
    error = 2 * np.sqrt(2 / times.size) / depth
    assert low_gamma == pytest.approx((rate * depth) ** 2 / 2 + noise, rel=4 * error)


def test_burst_index_counts_spikes_on_both_sides_of_a_short_interval():
    trains = trains_of([[0.100, 0.105, 0.112, 0.200, 0.210, 0.300]], 0.5)
    assert compute(trains).burst_index == pytest.approx(3 / 6)


@pytest.mark.parametrize("dt", [1e-5, 25 * 1e-6, 5e-5, 1e-4])
def test_an_interval_of_exactly_10_ms_is_no_burst_at_any_time_step(dt):
    assert compute(trains_of([[0.10, 0.11]], 0.5, dt=dt)).burst_index == 0
    assert compute(trains_of([[0.10, 0.11 - dt]], 0.5, dt=dt)).burst_index == 1


@pytest.mark.parametrize("name", STATISTICS)
def test_silence(name):
    silent = trains_of([[], [], []], 2.0)
    value = compute(silent, sums=flat_sums(), names=[name])[name].value
    assert np.array_equal(value, np.full(value.shape, STATISTICS[name].silent), equal_nan=True)
    assert value.ndim == len(STATISTICS[name].dimensions)


def test_one_spike_of_one_agent():
    s = compute(trains_of([[0.5]], 2.0))
    assert float(s.mean_rate) == 0.5 and float(s.rate_sd) == 0 and s.active_fraction == 1
    # One spike in one of n windows: variance 1/n, unbiased, over mean 1/n.
    assert s.fano_factor == pytest.approx(1)
    assert s.burst_index == 0
    # A single pulse has a flat spectrum, without a peak.
    for name in ("isi_cv", "cv2", "lv", "coherence_kappa", "count_correlation", "peak_frequency"):
        assert np.isnan(s[name].value), name


def test_two_intervals_are_too_few_and_three_are_enough():
    s = compute(trains_of([[0.1, 0.2, 0.4], [0.1, 0.2, 0.4, 0.5]], 1.0))
    for name in ("agent_isi_cv", "agent_cv2", "agent_lv"):
        assert np.isnan(s[name].value[0]) and np.isfinite(s[name].value[1])
    assert s.cv2 == pytest.approx(2 / 3)
    assert s.isi_cv == pytest.approx(np.std([1, 2, 1]) / np.mean([1, 2, 1]))


def test_agents_that_always_fire_together_at_one_instant_have_intervals_of_zero():
    s = compute(trains_of([[0.1, 0.1, 0.1, 0.1]], 1.0))
    assert np.isnan(s.isi_cv) and s.cv2 == 0 and s.burst_index == 1


@pytest.mark.parametrize("duration", [1 * DT, 0.0008, 0.0023, 0.030, 0.25, 0.6])
def test_short_windows_give_nan_or_a_number_without_warnings(duration):
    rng = np.random.default_rng(RNG_SEED)
    s = compute(trains_of([rng.uniform(0, duration, 8) for _ in range(6)], duration))
    assert float(s.mean_rate) > 0
    narrow = duration < 1 / 3
    assert np.isnan(s["band_power"].value[0]) == narrow
    assert np.isnan(s.fano_factor) == (duration < 0.2)


def test_window_that_starts_late_is_binned_from_its_start():
    rng = np.random.default_rng(RNG_SEED)
    times = [rng.uniform(0, 2, 60) for _ in range(8)]
    early = compute(trains_of(times, 2.0), names=["fano_factor", "band_power", "coherence_kappa", "count_correlation"])
    late = compute(
        trains_of([t + 0.37 for t in times], 2.37, start=0.37),
        names=["fano_factor", "band_power", "coherence_kappa", "count_correlation"],
    )
    for name in early:
        # Rounding of a time just between two steps may differ after the shift.
        np.testing.assert_allclose(late[name].value, early[name].value, rtol=0.02)


def test_synchrony_chi():
    rng = np.random.default_rng(RNG_SEED)
    ticks, agents = 20000, 50
    trains = trains_of([[]] * agents, 1.0)
    nothing = np.zeros((ticks, agents))
    wave = -0.065 + 0.005 * rng.normal(size=(ticks, 1))
    same = sums_of(np.repeat(wave, agents, axis=1), nothing, nothing, nothing[:, 0])
    assert compute(trains, same).synchrony_chi == pytest.approx(1, rel=1e-9)
    independent = sums_of(-0.065 + 0.005 * rng.normal(size=(ticks, agents)), nothing, nothing, nothing[:, 0])
    expected = 1 / np.sqrt(agents)
    close_to(compute(trains, independent).synchrony_chi, expected, expected / np.sqrt(2 * ticks))


@pytest.mark.parametrize(
    "unit, size, current_unit, current", [("nS", 1e-9, "pA", 1e-12), ("mS/cm2", 10, "uA/cm2", 0.01)]
)
def test_conductances_and_currents_from_sums(unit, size, current_unit, current):
    ticks, agents = 3000, 4
    g_tonic = np.arange(1, agents + 1) * size * np.ones((ticks, 1))
    g_phasic = np.full((ticks, agents), 0.5 * size)
    time = np.arange(ticks) * 1e-3
    lfp = current * (50 + 4 * np.sin(2 * np.pi * 40 * time) + 2 * np.sin(2 * np.pi * 6 * time))
    sums = sums_of(np.zeros((ticks, agents)), g_tonic, g_phasic, lfp, unit, current_unit)
    s = compute(trains_of([[]] * agents, 3.0), sums)
    assert s["mean_g_tonic"].value == pytest.approx(2.5) and s["mean_g_tonic"].unit == unit
    assert float(np.asarray(s.mean_g_phasic)) == pytest.approx(0.5 * size)
    assert s.tonic_phasic_ratio == pytest.approx(5)
    # A sine of amplitude A has the power A^2/2.
    power = dict(zip(s["lfp_proxy"].coordinates["band"][0], s["lfp_proxy"].value))
    assert power["low_gamma"] == pytest.approx(8) and power["theta"] == pytest.approx(2)
    assert power["alpha"] < 1e-9
    np.testing.assert_allclose(np.asarray(s.lfp_proxy), s["lfp_proxy"].value * current**2)
