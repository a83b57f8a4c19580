"""The main experiment, made small: its direction, its size and its sentences."""

import dose_response
import numpy as np
import pytest

from allotone import read_table, write_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("dose_response") / "dose.h5"


@pytest.fixture(scope="module")
def table(path):
    return dose_response.dose_response(
        path, doses_nM=(0, 100, 1000), densities=(0.0, 1.0), seeds=3, show_progress=False
    )


def test_rate_falls_with_dose_and_more_so_with_delta_receptors(table):
    rate = table["pv_mean_rate"].sel(mechanism="both")
    assert (rate.diff("allopregnanolone") < 0).all()
    assert (rate.sel(density=1.0) < rate.sel(density=0.0)).all()
    share = dose_response.surviving_share(table, 100)
    assert np.all((share > 0.2) & (share < 0.8))


def test_size_agrees_with_an_independent_trial(table):
    """Wild type / knock-out 40.4/44.4, 31.3/38.9 and 9.8/23.8 Hz in an independent implementation: within 15 %
    or 3 Hz, for a check on size rather than a target."""
    rate = table["pv_mean_rate"].sel(mechanism="both").mean("seed")
    expected = {(0, 1.0): 40.4, (0, 0.0): 44.4, (100, 1.0): 31.3, (100, 0.0): 38.9, (1000, 1.0): 9.8, (1000, 0.0): 23.8}
    for (dose, density), value in expected.items():
        simulated = float(rate.sel(allopregnanolone=dose, density=density))
        print(f"{dose} nM, density {density:g}: simulated {simulated:.1f} Hz, independent trial {value} Hz")
        assert simulated == pytest.approx(value, rel=0.15, abs=3)


def test_insensitive_receptors_switch_their_mechanism_off(table):
    knock_out = table["pv_mean_rate"].sel(density=0.0)
    # Without delta receptors nothing is left for the tonic effect alone.
    constant = knock_out.sel(mechanism="tonic only")
    assert (constant == constant.isel(allopregnanolone=0)).all()
    np.testing.assert_array_equal(knock_out.sel(mechanism="both"), knock_out.sel(mechanism="phasic only"))
    at_zero = table["pv_mean_rate"].sel(allopregnanolone=0)
    assert (at_zero == at_zero.isel(mechanism=0)).all()


def test_closing_lines(table, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(dose_response, "dose_response", lambda path, seeds: write_table(table, path) or table)
    assert dose_response.main(["--output", str(tmp_path / "new" / "dose")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    rate = float(table["pv_mean_rate"].sel(allopregnanolone=100, density=1.0, mechanism="both").mean())
    assert f"{rate:.1f} +-" in lines[0]
    share = 100 * np.mean(dose_response.surviving_share(table, 100))
    assert f"Without delta receptors {share:.0f} +-" in lines[2] and "survives" in lines[2]
    assert "no detectable tonic change" in lines[3] and "Lu et al. 2023" in lines[3]
    assert (tmp_path / "new" / "dose.h5").exists() and (tmp_path / "new" / "dose.png").exists()
    assert "dose.h5" in lines[4] and "dose.png" in lines[4]


def test_table_lies_in_the_file_and_the_figure_shows_it(path, table):
    there = read_table(path)
    assert list(there["mechanism"].values) == list(dose_response.MECHANISMS)
    assert (there["status"] == 0).all()
    for name in table.data_vars:
        np.testing.assert_array_equal(there[name], table[name])
        assert there[name].attrs["units"] == table[name].attrs["units"]
    figure = dose_response.draw(there)
    assert [ax.get_ylabel() for ax in figure.axes] == 2 * list(dose_response.SHOWN.values())
    drawn = figure.axes[0].lines[0].get_ydata()
    np.testing.assert_allclose(drawn, table["pv_mean_rate"].sel(mechanism="both", density=0.0).mean("seed"))
