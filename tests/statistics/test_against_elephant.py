"""Statistics against elephant 1.x and scipy, where they define the same thing."""

import elephant.statistics
import neo
import numpy as np
import pytest
import quantities as pq
import scipy.signal
from elephant.conversion import BinnedSpikeTrain
from elephant.spike_train_correlation import correlation_coefficient

from allotone.statistics import SpikeTrains, compute
from allotone.statistics.spectra import power_spectrum

DT, DURATION, AGENTS = 1e-4, 6.0, 25


@pytest.fixture(scope="module")
def trains():
    """Agents of different rates that share part of their input; the last two are silent."""
    rng = np.random.default_rng(7)
    common = rng.uniform(0, DURATION, 80)
    times, ids = [], []
    for agent in range(AGENTS - 2):
        own = np.concatenate([common[rng.uniform(size=80) < 0.4], rng.uniform(0, DURATION, rng.integers(5, 300))])
        times.append(own)
        ids.append(np.full(own.size, agent))
    ids, times = np.concatenate(ids), np.concatenate(times)
    return SpikeTrains.from_times(ids, times, size=AGENTS, start_s=0, stop_s=DURATION, time_step_s=DT)


@pytest.fixture(scope="module")
def ours(trains):
    return compute(trains)


@pytest.fixture(scope="module")
def per_agent(trains):
    return [trains.steps[trains.node_ids == agent] for agent in range(AGENTS)]


@pytest.mark.parametrize(
    "name, reference",
    [
        ("isi_cv", lambda isi: elephant.statistics.cv(isi)),
        ("cv2", lambda isi: elephant.statistics.cv2(isi)),
        ("lv", lambda isi: elephant.statistics.lv(isi)),
    ],
)
def test_interval_statistics(ours, per_agent, name, reference):
    expected = np.array([reference(np.diff(s)) if len(s) > 3 else np.nan for s in per_agent])
    np.testing.assert_allclose(ours[f"agent_{name}"].value, expected, rtol=1e-12)
    assert ours[name].value == pytest.approx(np.nanmean(expected), rel=1e-12)
    assert np.isnan(expected).sum() == 2


def test_mean_rate(ours, per_agent):
    rates = [
        float(elephant.statistics.mean_firing_rate(neo.SpikeTrain(s * DT, t_stop=DURATION, units="s")))
        for s in per_agent
    ]
    np.testing.assert_allclose(ours["agent_rate"].value, rates, rtol=1e-12)


def test_fano_factor(ours, per_agent):
    """Windows of one agent take the place of elephant's trials; elephant divides the variance by n, we by n - 1."""
    windows = round(DURATION / 0.1)
    factors = []
    for steps in per_agent[:-2]:
        in_window = [steps[steps // 1000 == w].astype(float) for w in range(windows)]
        factors.append(elephant.statistics.fanofactor(in_window) * windows / (windows - 1))
    assert ours.fano_factor == pytest.approx(np.mean(factors), rel=1e-12)


def test_count_correlation(ours, per_agent):
    """All pairs, as there are fewer than 500; spikes in mid step, so that no bin edge falls on one."""
    active = [neo.SpikeTrain((s + 0.5) * DT, t_stop=DURATION, units="s") for s in per_agent[:-2]]
    matrix = correlation_coefficient(BinnedSpikeTrain(active, bin_size=5 * pq.ms))
    expected = matrix[np.triu_indices(len(active), 1)].mean()
    assert ours.count_correlation == pytest.approx(expected, rel=1e-9)
    assert expected > 0.01


@pytest.mark.parametrize("samples", [2, 3, 50, 999, 1000, 1001, 2750])
def test_power_spectrum_is_welchs(samples):
    signal = np.random.default_rng(3).normal(5, 1, samples)
    length = min(1000, samples)
    frequency, density = scipy.signal.welch(signal, fs=1000, nperseg=length, noverlap=length // 2)
    ours = power_spectrum(signal, 1e-3)
    np.testing.assert_allclose(ours[0], frequency, rtol=1e-12)
    np.testing.assert_allclose(ours[1], density, rtol=1e-9, atol=1e-12 * density.max())
