"""The biphasic effect of tonic inhibition, made small."""

import numpy as np
import pytest
import tonic_biphasic

from allotone import read_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tonic_biphasic") / "biphasic.h5"


@pytest.fixture(scope="module")
def table(path):
    return tonic_biphasic.tonic_biphasic(
        path,
        conductances=(0, 0.2, 0.5),
        reversals_mV=(-75, -56),
        seeds=2,
        duration="1 s",
        workers=1,
        show_progress=False,
    )


def test_rate_rises_before_it_falls_only_where_gaba_depolarises(table):
    assert tonic_biphasic.is_biphasic(table, -56) and not tonic_biphasic.is_biphasic(table, -75)
    assert tonic_biphasic.peak(table, -56) == 0.2 and tonic_biphasic.peak(table, -75) == 0
    rate = table["pv_mean_rate"]
    assert (rate.sel(E_gaba=-75, tonic_conductance=0.2) == 0).all()
    # Nothing but the tonic current knows E_GABA in this cell.
    np.testing.assert_array_equal(*(rate.sel(tonic_conductance=0, E_gaba=E_gaba) for E_gaba in (-75, -56)))


def test_a_course_that_only_rises_is_not_biphasic(table):
    rising = table.isel(tonic_conductance=slice(0, 2))
    assert tonic_biphasic.peak(rising, -56) == 0.2 and not tonic_biphasic.is_biphasic(rising, -56)


def test_sentences_and_figure(path, table):
    there = read_table(path)
    assert there["tonic_conductance"].attrs["units"] == "mS/cm2" and there["E_gaba"].attrs["units"] == "mV"
    lines = tonic_biphasic.findings(there)
    top = float(table["pv_mean_rate"].sel(E_gaba=-56, tonic_conductance=0.2).mean())
    assert f"at most {top:.1f} +-" in lines[1] and "at 0.2 mS/cm2" in lines[1]
    assert "rises before it falls at E_GABA -56 mV, and falls from the start at -75 mV" in lines[-1]
    drawn = [line for line in tonic_biphasic.draw(there).axes[0].lines if line.get_label() == "-56 mV"]
    np.testing.assert_allclose(drawn[0].get_ydata(), table["pv_mean_rate"].sel(E_gaba=-56).mean("seed"))
    assert float(table["pv_rate_sd"].sel(E_gaba=-56, tonic_conductance=0.2).min()) > 0
