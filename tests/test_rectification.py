"""Rectifying against linear tonic conductance, made small: offset, gain, noise, the block they rest on, the sentences."""

import numpy as np
import pytest
import rectification

from allotone import paired_change, read_table
from allotone.published.networks.rectification import Psychometric, psychometric
from allotone.synapses import BLOCKS


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("rectification") / "rectification.h5"


@pytest.fixture(scope="module")
def table(path):
    return rectification.rectification(
        path, (10.9, 11.7, 12.5, 13.3, 14.1, 14.9), ("none", "linear", "strong"), seeds=3
    )


def test_both_move_the_offset_and_the_linear_one_moves_the_gain_by_more(table):
    for kind in ("linear", "strong"):
        assert paired_change(rectification.change(table, "offset", kind)).low > 0.1
    assert paired_change(rectification.change(table, "gain", "linear")).low > 0
    sizes = {kind: np.abs(rectification.change(table, "gain", kind)).mean() for kind in ("linear", "strong")}
    assert sizes["strong"] < sizes["linear"]


def test_noise_is_shunted_less_by_the_rectifying_one(table):
    change = {kind: rectification.change(table, "membrane_sd", kind) for kind in ("linear", "strong")}
    assert paired_change(change["linear"] - change["strong"]).high < 0
    assert (change["strong"] < 0).all()
    # Leak and synapses: (8*(-70) + 1.6*(-70))/(8 + 0.6 + 1.6), with E_gaba at -70 as well.
    assert float(table["membrane_mean"].sel(rectification="none").mean()) == pytest.approx(-65.9, abs=0.2)


def test_sentences_and_figure(table, path):
    lines = rectification.findings(table)
    assert lines[1].startswith("linear: offset +2") and lines[2].startswith("strong: offset +1")
    assert "linear changes it by" in lines[-1] and "more than strong" in lines[-1]
    there = read_table(path)
    assert there["amplitude"].attrs["units"] == "nS"
    figure = rectification.draw(there)
    points = next(line for line in figure.axes[1].lines if line.get_marker() == "o")
    expected = table["spike_probability"].sel(rectification="none").mean("seed")
    np.testing.assert_allclose(points.get_ydata(), expected)


def test_one_seed_is_refused(capsys):
    assert rectification.main(["--seeds", "1"]) == 2
    assert "give at least 2" in capsys.readouterr().err


def test_curve_is_found_again():
    amplitudes = np.arange(8, 16, 0.5)
    found = psychometric(amplitudes, Psychometric(11.7, 0.6).at(amplitudes))
    assert (found.offset, found.spread) == pytest.approx((11.7, 0.6), rel=1e-4)
    step = 1e-4
    assert found.gain == pytest.approx(
        np.diff(found.at(found.offset + np.array([-step, step])))[0] / (2 * step), rel=1e-6
    )


def test_block_by_permeant_magnesium_is_that_of_its_rates():
    """Open over all at a few potentials, with theta = 2F/RT at 35 degrees C."""
    model = BLOCKS["magnesium_permeant"]
    names = {f"{name}_x": float(one.default.split()[0]) for name, one in model.parameters.items()}
    theta = 2 * 96485.3365 / (8.3144621 * 308.15) / 1e3
    for v in (-90.0, -70.0, -40.0, 0.0, 30.0):
        leaving = 2.07 * np.exp(0.35 * theta * v) + 0.015 * np.exp(-0.53 * theta * v)
        left = leaving / (leaving + np.exp(-0.35 * theta * v))
        assert eval(model.factor("x"), {"exp": np.exp, "v": v, **names}) == pytest.approx(left, rel=1e-4)
