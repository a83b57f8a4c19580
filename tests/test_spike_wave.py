"""The thalamocortical network between spindles and spike-and-wave: its read-outs, its contacts, and what is said of it.

That the network itself makes spindles and spike-and-wave is held in the scoreboard: compiling it takes half a minute.
"""

from types import SimpleNamespace

import numpy as np
import pytest
import seizure_spike_wave
from brian2 import ms, second

from allotone import Network, read_table
from allotone.published.networks import spike_wave

CELLS = 6


def run(period_ms, length_ms, until_ms=1900.0):
    """What `read` takes of a run whose cells all fire every 10 ms in bursts from 238 ms on."""
    onsets = np.arange(238, until_ms, period_ms)
    times_ms = np.concatenate([onset + np.arange(0, length_ms, 10.0) for onset in onsets])
    spikes = SimpleNamespace(times=np.repeat(times_ms, CELLS) * ms, node_ids=np.tile(np.arange(CELLS), times_ms.size))
    statistics = {name: SimpleNamespace(value=1.0) for name in ("peak_frequency", "mean_rate")}
    return SimpleNamespace(
        spikes={"pn": spikes}, sizes={"pn": CELLS}, duration=3 * second, statistics={"pn": statistics}
    )


@pytest.fixture(scope="module")
def found():
    return spike_wave.read(run(270, 80)), spike_wave.read(run(110, 15))


def test_a_discharge_needs_half_of_the_cells():
    times_ms = np.array([100, 101, 102, 103, 400, 401, 700, 710, 720.0])
    node_ids = np.array([0, 1, 2, 3, 0, 1, 0, 1, 3])
    assert spike_wave.discharges(times_ms, node_ids, 6).tolist() == [[100, 103], [700, 720]]
    assert spike_wave.discharges(np.empty(0), np.empty(0, int), 6).shape == (0, 2)


def test_slow_events_are_spike_and_wave_and_fast_ones_are_not(found):
    slow, fast = found
    assert slow["discharge_frequency"] == pytest.approx(1000 / 270)
    # The discharge at 238 ms began before the 0.3 s that are left out, and lasts beyond them.
    assert slow["event_duration"] == pytest.approx(5 * 270 + 70)
    assert slow["event_rate"] == pytest.approx(1 / 2.7)
    assert fast["discharge_frequency"] == pytest.approx(1000 / 110)
    assert fast["event_rate"] == 0 and np.isnan(fast["event_duration"])
    two = spike_wave.read(run(270, 80, until_ms=900))
    assert two["event_rate"] == 0 and np.isnan(two["discharge_frequency"])


def test_weights_are_totals_over_the_cells_within_reach():
    schema = Network.load("spike_wave").definition.schema
    for name, one in schema.projections.items():
        within = {one.source, one.target} in ({"pn"}, {"pv"}, {"pn", "pv"}, {"tc"}, {"re"}, {"tc", "re"})
        assert one.connect.reach == (5 if within else 10), name
        assert one.weight_per == "target" and one.connect.self_connections, name
    assert set(spike_wave.FAST) == {name for name in schema.projections if not name.endswith("_slow")}


def test_arms_differ_where_they_say():
    network = Network.load("spike_wave")
    arms = {name: network.override(values).definition for name, values in seizure_spike_wave.MECHANISMS.items()}
    preparations = {
        name: {one: arm.schema.projections[one].preparation for one in ("pv_to_pn", "re_to_tc", "re_to_re")}
        for name, arm in arms.items()
    }
    assert preparations["cortical phasic"] == {
        "pv_to_pn": "slice",
        "re_to_tc": "insensitive",
        "re_to_re": "insensitive",
    }
    assert set(preparations["thalamic tonic"].values()) == {"insensitive"}
    assert set(preparations["all receptors"].values()) == {"slice"}


def test_experiment_writes_a_table_and_says_what_it_found(found, monkeypatch, tmp_path):
    """The experiment around runs made before: one arm turns fast at the dose, one slow, one falls silent."""
    slow, fast = found
    silent = fast | {"discharge_frequency": np.nan, "pn_peak_frequency": np.nan}
    by_arm = {"cortical phasic": (slow, fast), "thalamic tonic": (fast, slow), "all receptors": (fast, silent)}
    kept = [(one, np.zeros((4, 600))) for pair in by_arm.values() for one in pair for _ in range(2)]
    examples = [(fast, np.ones((4, 600))), (slow, np.ones((4, 600)))]
    monkeypatch.setattr(seizure_spike_wave, "run_all", lambda points, keep, show_progress: kept + examples)
    table = seizure_spike_wave.spike_wave_table(tmp_path / "table.h5", quick=True)
    there = read_table(tmp_path / "table.h5")
    np.testing.assert_array_equal(there["event_rate"], table["event_rate"])
    lines = seizure_spike_wave.spike_wave_findings(there)
    assert lines[0].endswith(f"x0.1 {slow['discharge_frequency']:.1f} Hz.")
    assert [one.rsplit("; ", 1)[1] for one in lines[1:]] == ["suppression.", "aggravation.", "silence."]
    assert seizure_spike_wave.verdict(there, "all receptors", 0) == "not resolved"
    figure = seizure_spike_wave.draw(there)
    assert [ax.get_ylabel() for ax in figure.axes[-3:]] == list(seizure_spike_wave.SHOWN.values())
