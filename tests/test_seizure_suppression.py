"""Bursts of the over-excitable dentate gyrus under two drugs, made small: events, directions, table and sentences."""

import numpy as np
import pytest
import seizure_suppression as experiment
from test_dentate import SHARED_BINARY

from allotone import Network, read_table, write_table

DRUGS = ("zolpidem", "allopregnanolone")


@pytest.fixture(scope="module")
def network():
    return Network.load("dentate_epileptic").override(SHARED_BINARY)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("seizure_suppression") / "seizure.h5"


@pytest.fixture(scope="module")
def table(path, network):
    return experiment.dentate_table(path, (0, 1000), DRUGS, seeds=2, small=True, network=network, show_progress=False)


def test_events_are_runs_of_high_bins():
    rate = np.array([12, 0, 11, 0, 0, 9.9, 30, 40, 5, 20, 0])
    assert experiment.events(rate) == [(0, 3), (6, 10)]
    assert experiment.events(np.zeros(5)) == []
    assert experiment.events(np.full(5, 10.0)) == [(0, 5)]


def test_network_bursts_and_more_so_without_half_of_its_synaptic_inhibition(table):
    untreated = table.isel(drug=0).sel(dose=0)
    assert (untreated["event_rate"] > 1).all()
    late, early = untreated["gc_mean_rate"].sel(state="late"), untreated["gc_mean_rate"].sel(state="early")
    assert (late > early).all()
    rates = table["gc_mean_rate"].sel(dose=0)
    assert (rates == rates.isel(drug=0)).all()


def test_what_acts_on_extrasynaptic_receptors_still_acts_late(table):
    rates = table["gc_mean_rate"]
    left = rates.sel(dose=1000, state="late") / rates.sel(dose=0, state="late")
    assert (left.sel(drug="allopregnanolone") < 0.5).all()
    assert (left.sel(drug="zolpidem") > left.sel(drug="allopregnanolone")).all()


def test_each_drug_acts_where_it_says(network):
    zolpidem = experiment.treated(network, "zolpidem", 1000, "late").definition.schema
    assert zolpidem.medium.allopregnanolone == network.definition.schema.medium.allopregnanolone
    for name in ("bc_to_gc", "hipp_to_gc"):
        assert zolpidem.projections[name].amplitude_factor == 0.5
        assert 1.5 < zolpidem.projections[name].decay_factor < 1.71
    tonic = experiment.treated(network, "allopregnanolone, tonic only", 1000, "early").definition.schema
    assert {tonic.projections[name].preparation for name in ("bc_to_gc", "hipp_to_gc")} == {"insensitive"}


def test_table_lies_in_the_file_and_sentences_say_what_it_holds(path, table):
    there = read_table(path)
    for name in table.data_vars:
        np.testing.assert_array_equal(there[name], table[name])
    lines = experiment.dentate_findings(there)
    rate = float(table["event_rate"].isel(drug=0).sel(dose=0, state="early").mean())
    assert f"early {rate:.1f} events/s" in lines[0]
    one = table["gc_mean_rate"].sel(drug="allopregnanolone", state="early")
    change = float((one.sel(dose=1000) - one.sel(dose=0)).mean())
    assert lines[2].startswith("allopregnanolone, 1000 nM: early ") and f"granule cells {change:+.1f} Hz (" in lines[2]


def test_dentate_and_spike_wave_go_into_one_figure_and_two_files(table, monkeypatch, tmp_path, capsys):
    written, drawn = [], []
    monkeypatch.setattr(experiment, "dentate_table", lambda path, *_, **__: write_table(table, path) or table)
    monkeypatch.setattr(experiment, "spike_wave_table", lambda path, quick: written.append((path, quick)) or "spikes")
    monkeypatch.setattr(experiment, "spike_wave_findings", lambda found: [f"found in {found}"])
    monkeypatch.setattr(experiment, "draw_spike_wave", lambda axes, found: drawn.append((len(axes), found)))
    assert experiment.main(["--quick", "--output", str(tmp_path / "new" / "seizure")]) == 0
    assert written == [(str(tmp_path / "new" / "seizure_spike_wave.h5"), True)]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(DRUGS) + 2
    assert lines[0].startswith("Dentate gyrus without drug") and lines[3] == "found in spikes"
    assert (tmp_path / "new" / "seizure.h5").exists() and (tmp_path / "new" / "seizure.png").exists()
    axes = experiment.draw((table, "spikes")).axes
    assert drawn == 2 * [(3, "spikes")]
    assert [ax.get_ylabel() for ax in axes[:6]] == 2 * list(experiment.SHOWN.values())
    shown = axes[2].lines[0].get_ydata()
    np.testing.assert_allclose(shown, table["gc_mean_rate"].sel(state="early", drug="zolpidem").mean("seed"))


def test_one_seed_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "no spread" in capsys.readouterr().err
