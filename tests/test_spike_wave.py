"""The thalamocortical network between spindles and spike-and-wave: its read-outs, and a short line of cells."""

import numpy as np
import pytest
import seizure_spike_wave

from allotone import Network, read_table
from allotone.published.networks import spike_wave
from allotone.published.networks.spike_wave import CORTICAL, SETTINGS
from allotone.simulation.batch import run_all

CELLS = 12


def line(values):
    sizes = {f"populations.{name}.size": CELLS for name in seizure_spike_wave.POPULATIONS}
    return Network.load("spike_wave").override({**sizes, "populations.pn.drive.stimulus.agents": [0], **values})


@pytest.fixture(scope="module")
def found():
    cases = [line({CORTICAL: 0}), line({CORTICAL: 1})]
    return run_all([(one, {**SETTINGS, "seed": 0}) for one in cases], keep=spike_wave.read, show_progress=False)


def test_a_discharge_needs_half_of_the_cells():
    times_ms = np.array([100, 101, 102, 103, 400, 401, 700, 710, 720.0])
    node_ids = np.array([0, 1, 2, 3, 0, 1, 0, 1, 3])
    assert spike_wave.discharges(times_ms, node_ids, 6).tolist() == [[100, 103], [700, 720]]
    assert spike_wave.discharges(np.empty(0), np.empty(0, int), 6).shape == (0, 2)


def test_without_cortical_gaba_a_spindles_become_spike_and_wave(found):
    blocked, control = found
    assert 2.5 < blocked["discharge_frequency"] < 5
    assert blocked["event_rate"] > 0 and blocked["event_duration"] > 500
    assert control["discharge_frequency"] > 1.5 * blocked["discharge_frequency"]
    assert control["event_rate"] == 0 and np.isnan(control["event_duration"])
    assert blocked["pn_mean_rate"] > control["pn_mean_rate"]


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
