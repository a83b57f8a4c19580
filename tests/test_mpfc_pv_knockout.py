"""The prefrontal knock-out, made small: what the current clamp measures, what the circuit does, and its sentences."""

import mpfc_pv_knockout
import numpy as np
import pytest
import script
import xarray

from allotone import Network, read_table, receptor, tonic_fold, write_table
from allotone.receptors import rectification_factor
from allotone.units import number_in


@pytest.fixture(scope="module")
def cells():
    return mpfc_pv_knockout.current_clamp((1.0, 0.0), (0,), seeds=2, show_progress=False)


@pytest.fixture(scope="module")
def circuit():
    few = {"densities": (1.0, 0.0), "doses_nM": (0,), "kainate": (0.0, 0.4), "seeds": 2, "duration": "1.5 s"}
    return mpfc_pv_knockout.circuit(**few, show_progress=False)


@pytest.fixture(scope="module")
def table(cells, circuit):
    return xarray.merge([circuit, cells]).reindex(allopregnanolone=[0, 100], method="nearest")


def test_input_resistance_is_that_of_leak_and_tonic_conductance(cells):
    found = cells["input_resistance"].sel(allopregnanolone=0)
    np.testing.assert_allclose(found.sel(density=0.0), 1e3 / 2.7, rtol=2e-3)
    fold = tonic_fold(np.array(mpfc_pv_knockout.GABA_UM), 0, receptor("alpha1_beta_delta", "slice"))
    tonic_nS = 0.54 * fold * rectification_factor(-72, "weak")
    # Rectification adds a slope of its own, and agents differ in their conductance.
    np.testing.assert_allclose(found.sel(density=1.0).mean("seed"), 1e3 / (2.7 + tonic_nS), rtol=0.06)


def test_gaba_lowers_the_rate_of_wild_type_cells_only(cells):
    rate = cells["clamped_rate"].sel(allopregnanolone=0, current=[120, 160, 200])
    assert (rate.sel(gaba=0.5, density=1.0) < rate.sel(gaba=0.16, density=1.0) - 5).all()
    assert (rate.sel(gaba=0.5, density=0.0) == rate.sel(gaba=0.16, density=0.0)).all()
    assert (rate.sel(density=0.0) > rate.sel(density=1.0)).all()


def test_in_a_slice_kainate_reaches_principal_cells_and_the_lfp_only_with_delta(circuit):
    sliced = circuit.sel(background=0.1, allopregnanolone=0)
    assert (sliced["pv_rate"].sel(kainate=0.4) > sliced["pv_rate"].sel(kainate=0) + 3).all()
    for name in ("principal_rate", "lfp_power"):
        wild_type, knock_out = (mpfc_pv_knockout.by_kainate(sliced[name].sel(density=density)) for density in (1, 0))
        assert (wild_type > 2 * knock_out).all()


def test_the_full_background_is_that_of_the_shipped_network():
    shipped = Network.load("principal_pv").definition.data["populations"]
    full = mpfc_pv_knockout.circuit_network(1.0, 1.0, 0.4).definition.data["populations"]
    sliced = mpfc_pv_knockout.circuit_network(0.1, 1.0, 0.4).definition.data["populations"]
    for name in mpfc_pv_knockout.CELLS:
        assert full[name]["drive"]["background"] == shipped[name]["drive"]["background"]
        assert full[name]["tonic"] == shipped[name]["tonic"]
    assert full["pv"]["drive"]["kainate"]["mean"] == "1.08 nS"
    assert number_in(sliced["principal"]["drive"]["background"]["mean"], "nS") == pytest.approx(0.7)


def test_main_writes_what_it_prints(table, monkeypatch, tmp_path, capsys):
    asked = {}
    monkeypatch.setattr(
        mpfc_pv_knockout, "mpfc_pv_knockout", lambda path, **few: asked.update(few) or write_table(table, path) or table
    )
    drawn = []
    monkeypatch.setattr(script.figures, "save", lambda figure, path: drawn.append(figure))
    assert mpfc_pv_knockout.main(["--quick", "--output", str(tmp_path / "new" / "mpfc")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and asked["kainate"] == (0.0, 0.4)
    resistance = table["input_resistance"].sel(allopregnanolone=0, gaba=0.16).mean("seed")
    assert f"{float(resistance.sel(density=1)):.0f} / {float(resistance.sel(density=0)):.0f} MOhm" in lines[0]
    pv = table["pv_rate"].sel(allopregnanolone=0, density=1, background=0.1)
    assert f"PV {mpfc_pv_knockout.by_kainate(pv).mean():+.2f} Hz" in lines[5] and lines[5].startswith("Slice")
    there = read_table(tmp_path / "new" / "mpfc.h5")
    np.testing.assert_array_equal(there["lfp_power"], table["lfp_power"])
    assert len(drawn[0].axes) == 6 and all(ax.get_ylabel() for ax in drawn[0].axes)


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert mpfc_pv_knockout.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
