"""Spindles of the four-cell thalamus, made small: their frequency, what GABA-A and a tonic conductance do to it."""

import numpy as np
import pytest
import spindle_by_gaba_a

from allotone import read_table
from allotone.published.networks import thalamus_spindle


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("spindle") / "spindle.h5"


@pytest.fixture(scope="module")
def table(path):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spindle_by_gaba_a, "DURATION", "3 s")
        return made(path)


def made(path):
    return spindle_by_gaba_a.spindle_by_gaba_a(
        path, factors=(0, 1), conductances_nS=(0, 12), sites=("both",), seeds=2, show_progress=False
    )


def test_sequences_are_runs_of_bursts():
    bursts = [np.arange(start, start + 40, 8.0) for start in (100, 200, 300, 2000, 2290, 2580, 2870)]
    found = thalamus_spindle.sequences(np.concatenate(bursts))
    assert [one.tolist() for one in found] == [[100, 200, 300], [2000, 2290, 2580, 2870]]
    assert thalamus_spindle.sequences(np.empty(0)) == []


def test_a_spindle_of_about_ten_cycles(table):
    control = table.sel(site="both", gaba_a_factor=1)
    assert ((control["frequency"] > 8) & (control["frequency"] < 10.5)).all()
    assert ((control["cycles"] >= 6) & (control["cycles"] <= 14)).all()
    # Without a tonic conductance both arms are the same network.
    same = table["tonic_frequency"].sel(tonic_conductance=0)
    np.testing.assert_allclose(same, control["frequency"])


def test_without_gaba_a_the_rhythm_is_slow_and_a_tonic_conductance_silences_it(table):
    frequency = table["frequency"].sel(site="both")
    assert (frequency.sel(gaba_a_factor=0) < 0.6 * frequency.sel(gaba_a_factor=1)).all()
    assert (table["tonic_cycles"].sel(tonic_conductance=12) == 0).all()
    assert table["tonic_frequency"].sel(tonic_conductance=12).isnull().all()
    assert spindle_by_gaba_a.abolishing(table) == 12


def test_findings_table_and_figure(path, table):
    lines = spindle_by_gaba_a.findings(table)
    control = float(table["frequency"].sel(site="both", gaba_a_factor=1).mean())
    assert lines[0].startswith(f"Control: {control:.1f} Hz")
    assert "no sequence from 12 nS on" in lines[-1]
    there = read_table(path)
    np.testing.assert_array_equal(there["frequency"], table["frequency"])
    # Relay cells burst from rebounds: some potentials lie above 0 mV, others below -80 mV.
    relay = there["example_v"].sel(cell="tc 1")
    assert float(relay.max()) > 0 and float(relay.min()) < -75
    figure = spindle_by_gaba_a.draw(there)
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert "frequency (Hz)" in labels and "cycles" in labels
