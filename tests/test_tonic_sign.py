"""The sign of tonic inhibition, made small: where it falls, what is not read as a rhythm, and the sentences."""

import numpy as np
import pytest
import tonic_sign

from allotone import read_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tonic_sign") / "sign.h5"


@pytest.fixture(scope="module")
def table(path):
    return tonic_sign.tonic_sign(
        path, conductances=(0, 0.05), reversals_mV=(-75, -55), seeds=2, duration="1 s", workers=1, show_progress=False
    )


def test_a_shunt_silences_where_gaba_hyperpolarises_and_hardly_matters_above_threshold(table):
    assert tonic_sign.sign(table, 0.05, -75) == "falls"
    assert (tonic_sign.change(table, "pv_mean_rate", 0.05, -75) < -20).all()
    assert (np.abs(tonic_sign.change(table, "pv_mean_rate", 0.05, -55)) < 5).all()
    rate = table["pv_mean_rate"].sel(tonic_conductance=0)
    assert (rate.sel(E_gaba=-55) > rate.sel(E_gaba=-75) + 50).all()


def test_few_cells_make_no_rhythm(table):
    silenced = {"tonic_conductance": 0.05, "E_gaba": -75}
    assert float(table["pv_active_fraction"].sel(silenced).mean()) < tonic_sign.LEAST_ACTIVE
    read = tonic_sign.rhythm(table)
    for name in ("pv_coherence_kappa", "pv_peak_frequency"):
        assert read[name].sel(silenced).isnull().all()
        assert read[name].sel(tonic_conductance=0).notnull().all()
    lines = tonic_sign.findings(table)
    assert "/ none at -75 mV" in lines[3] and "/ none at -75 mV" in lines[4]


def test_the_sentence_on_the_sign_follows_the_rates(table):
    assert "does not turn" in tonic_sign.findings(table.assign(pv_mean_rate=-table["pv_mean_rate"]))[2]
    excited = with_tonic_rate(table, -55, 10.0)
    assert "The sign turns as E_GABA rises" in tonic_sign.findings(excited)[2]
    assert "rises at -55 mV" in tonic_sign.findings(excited)[2]
    lower = with_tonic_rate(table, -55, -10.0)
    assert "does not turn" in tonic_sign.findings(lower)[2] and "falls at -55 mV" in tonic_sign.findings(lower)[2]

    same = with_tonic_rate(table, -55, -tonic_sign.change(table, "pv_mean_rate", 0.05, -55).mean())
    assert "is not seen to turn with so few seeds" in tonic_sign.findings(same)[2]


def with_tonic_rate(table, E_gaba, added):
    """The table with a rate, Hz, added wherever there is tonic conductance at an E_GABA."""
    here = (table["E_gaba"] == E_gaba) & (table["tonic_conductance"] > 0)
    return table.assign(pv_mean_rate=table["pv_mean_rate"] + added * here)


def test_table_lies_in_the_file_and_the_figure_shows_it(path, table):
    there = read_table(path)
    assert there["tonic_conductance"].attrs["units"] == "mS/cm2" and there["E_gaba"].attrs["units"] == "mV"
    assert (there["status"] == 0).all()
    figure = tonic_sign.draw(there)
    drawn = figure.axes[0].lines[0].get_ydata()
    np.testing.assert_allclose(drawn, table["pv_mean_rate"].sel(E_gaba=-75).mean("seed"))
    changed = figure.axes[1].containers[0].lines[0].get_ydata()
    np.testing.assert_allclose(changed, [tonic_sign.change(table, "pv_mean_rate", 0.05, -75).mean()])
