"""Recruitment of granule cells under allopregnanolone, made small: directions, potencies, table, figure and sentences."""

import dentate_excitability as experiment
import numpy as np
import pytest
from test_dentate import SHARED_BINARY, UNSPROUTED

from allotone import Network, read_table, write_table

POTENCIES = ("control", "epileptic, delta too")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("dentate_excitability") / "dentate.h5"


@pytest.fixture(scope="module")
def table(path):
    network = Network.load("dentate_epileptic").override(SHARED_BINARY | UNSPROUTED)
    return experiment.dentate_excitability(
        path, (0, 300), POTENCIES, seeds=2, small=True, network=network, show_progress=False
    )


def test_steroid_lowers_recruitment_and_less_so_where_potency_is_lost(table):
    active = table["gc_active_fraction"].sel(mossy_cells="intact").mean("seed")
    at_top = active.sel(allopregnanolone=300)
    assert (at_top < active.sel(allopregnanolone=0)).all()
    assert at_top.sel(potency="control") < at_top.sel(potency="epileptic, delta too")
    assert (active.sel(allopregnanolone=0) == active.sel(allopregnanolone=0)[0]).all()


def test_lost_mossy_cells_raise_recruitment_and_spoil_separation(table):
    untreated = table.sel(allopregnanolone=0).isel(potency=0)
    removed, intact = (untreated.sel(mossy_cells=state) for state in ("removed", "intact"))
    assert (removed["gc_active_fraction"] > intact["gc_active_fraction"]).all()
    assert removed["output_distance"].mean() < intact["output_distance"].mean()


def test_potencies_are_those_measured():
    control, epileptic, delta = map(experiment.potent, experiment.POTENCIES)
    paths = [f"projections.{name}.receptor_parameters.decay_ec50" for name in ("bc_to_gc", "hipp_to_gc")]
    assert control == dict.fromkeys(paths, "12.9 nM")
    assert epileptic == dict.fromkeys(paths, "92.7 nM")
    (K,) = set(delta) - set(paths)
    network = Network.load("dentate_gyrus").override(delta)
    given = network.definition.schema.populations["gc"].tonic["delta"].receptor_parameters["K_allo"]
    assert float(given.split()[0]) / 1e3 ** given.endswith("nM") == pytest.approx(0.19 * 92.7 / 12.9, rel=1e-4)


def test_closing_lines_table_and_figure(path, table, monkeypatch, tmp_path, capsys):
    there = read_table(path)
    for name in table.data_vars:
        np.testing.assert_array_equal(there[name], table[name])
    monkeypatch.setattr(experiment, "dentate_excitability", lambda path, **_: write_table(table, path) or table)
    assert experiment.main(["--quick", "--output", str(tmp_path / "new" / "dentate")]) == 0
    lines = capsys.readouterr().out.splitlines()
    untreated = 100 * float(table["gc_active_fraction"].sel(allopregnanolone=0, mossy_cells="intact")[0].mean())
    assert f"Without steroid {untreated:.1f} % of granule cells fire" in lines[0]
    assert "Active granule cells at 300 nM: control -" in lines[1]
    assert (tmp_path / "new" / "dentate.h5").exists() and (tmp_path / "new" / "dentate.png").exists()
    figure = experiment.draw(there)
    assert [ax.get_ylabel() for ax in figure.axes] == 2 * ["active granule cells (share)"] + 2 * ["output distance f1"]
    drawn = figure.axes[1].lines[0].get_ydata()
    expected = table["gc_active_fraction"].sel(mossy_cells="removed", potency="control").mean("seed")
    np.testing.assert_allclose(drawn, expected)


def test_one_seed_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "no spread" in capsys.readouterr().err
