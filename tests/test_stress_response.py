"""Acute stress: the course against its formula, signs of what CRH neurons do, and runs in which it moves."""

import contextlib
import io

import numpy as np
import pytest
import stress_response as experiment

from allotone import read_table, receptor, tonic_fold


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The table of `--quick` as it was written, and the lines that were printed."""
    output, printed = tmp_path_factory.mktemp("stress") / "new" / "table", io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert experiment.main(["--quick", "--output", str(output)]) == 0
    assert output.with_suffix(".png").stat().st_size > 10_000
    return read_table(output.with_suffix(".h5")), printed.getvalue().splitlines()


def brain(minute):
    x = max(minute, 0) / 30
    return 9.4 * (1 + 2 * (x * np.exp(1 - x)) ** 2)


def test_the_course_is_the_formula_and_isolation_halves_it(quick):
    table = quick[0]
    for minute in (-5, 10, 30):
        there = table.sel(time=minute / 60, method="nearest")
        assert float(there["brain"].sel(condition="6 mM")) == pytest.approx(brain(minute), rel=1e-9)
        assert float(there["brain"].sel(condition="6 mM, isolated")) == pytest.approx(brain(minute) / 2, rel=1e-9)
        fold = tonic_fold(0.16, 0.067 * brain(minute), receptor("alpha4_beta_delta", "slice"))
        assert float(there["tonic_conductance"].sel(condition="20 mM")) == pytest.approx(fold, rel=1e-9)
    assert brain(30) == pytest.approx(3 * 9.4)


def test_the_steroid_inhibits_or_excites_by_chloride_and_spike_onset(quick):
    rate = quick[0]["crh_mean_rate"]
    change = rate.sel(time=0.5) - rate.isel(time=0)
    assert (change.sel(condition=["6 mM", "6 mM, isolated", "20 mM"]) < 0).all()
    assert (change.sel(condition="20 mM, sharp onset") > 0).all()
    assert (change.sel(condition="6 mM, isolated") > change.sel(condition="6 mM")).all()


def test_f_eff_scales_the_change(quick):
    change = quick[0]["crh_mean_rate_by_f_eff"].diff("f_eff_time").squeeze("f_eff_time")
    assert (change.sel(f_eff=0.22) < 3 * change.sel(f_eff=0.022)).all() and (change < 0).all()


def test_a_run_meets_the_moving_concentration(quick):
    table = quick[0]
    begin = experiment.steepest_minute()
    moved = brain(begin + 20 / 60) / brain(begin) - 1
    assert 0.01 < moved and float(table["within_moved"]) == pytest.approx(moved, rel=1e-6)
    share = [brain(minute + 1 / 60) / brain(minute) for minute in np.arange(0.5, 30, 0.1)]
    assert begin == pytest.approx(0.5 + 0.1 * np.argmax(share), abs=0.2)
    rate = table["within_rate"]
    assert (rate.sel(concentration="integrated") != rate.sel(concentration="first value")).any()
    assert (rate.sel(concentration="last value") < rate.sel(concentration="first value")).all()


def test_a_concentration_that_hardly_moves_is_held():
    table = experiment.within_run(4.0, seeds=1, show_progress=False)
    assert 0 < float(table["within_moved"]) < 0.01
    rate = table["within_rate"].sel(seed=0)
    assert float(rate.sel(concentration="integrated")) == float(rate.sel(concentration="first value"))


def test_what_is_printed_follows_from_the_table(quick):
    table, lines = quick
    assert table.attrs["size"] == "quick" and lines[0].startswith("Quick size")
    assert lines[1:-1] == experiment.findings(table)
    assert f"Brain {brain(-5):.1f} to {brain(30):.1f} nmol/kg" in lines[1]
    flat = table.assign(crh_mean_rate=0 * table["crh_mean_rate"] + 5.0)
    assert experiment.findings(flat)[2].count("no change at all") == len(experiment.CONDITIONS)
    assert len(experiment.draw(table).axes) == 4


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
