"""The cycle in its quick size: levels against published ones, the sign of what is resolved, and sentences that follow."""

import contextlib
import io

import menstrual_cycle
import numpy as np
import pytest

from allotone import Network, paired_change, read_table
from allotone.receptors import receptor, tonic_fold
from allotone.units import magnitude, number_in


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """Path without suffix, table and printed lines of one quick run."""
    output = tmp_path_factory.mktemp("cycle") / "new" / "cycle"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert menstrual_cycle.main(["--quick", "--output", str(output)]) == 0
    return output, read_table(f"{output}.h5"), printed.getvalue().splitlines()


@pytest.fixture(scope="module")
def courses():
    return menstrual_cycle.courses()


def test_levels_are_those_of_women(courses):
    """Anckaert et al. 2021 for progesterone; ratios by mass of Kimball et al. 2020, 0.25-0.41 and 0.033-0.047."""
    slow = menstrual_cycle.cycle(menstrual_cycle.FINE_DAYS)
    progesterone = magnitude(slow.schedule.progesterone(slow.times_h), "nM")
    peak = menstrual_cycle.FINE_DAYS[progesterone.argmax()]
    assert progesterone.max() == pytest.approx(28.8, rel=0.02) and 14 + 5 <= peak <= 14 + 8
    masses = slow.plasma / progesterone * 318.49 / 314.46
    luteal = progesterone > 25
    assert np.all((masses[luteal] > 0.033) & (masses[luteal] < 0.047))
    assert slow.plasma.max() / slow.plasma.min() == pytest.approx(1.1692 / 0.2012, rel=0.03)


def test_maps_differ_by_what_they_say(courses):
    plasma = courses["course_plasma"].sel(condition="anchored").values
    receptor_nM = courses["course_allopregnanolone"]
    np.testing.assert_allclose(receptor_nM.sel(condition="nominal"), plasma)
    np.testing.assert_allclose(receptor_nM.sel(condition="free"), 0.01 * plasma)
    # The brain follows within minutes.
    np.testing.assert_allclose(receptor_nM.sel(condition="anchored"), 0.067 * (3 * plasma + 15), rtol=1e-3)
    spans = receptor_nM.max("course_time") / receptor_nM.min("course_time")
    assert float(spans.sel(condition="anchored")) < 1.25 and float(spans.sel(condition="nominal")) > 5
    same = receptor_nM.sel(condition=list(menstrual_cycle.MAPS)).values
    regulated = [name + menstrual_cycle.REGULATED for name in menstrual_cycle.MAPS]
    np.testing.assert_array_equal(receptor_nM.sel(condition=regulated), same)


def test_regulation_follows_the_ratio_and_not_the_map(courses):
    density = courses["course_tonic_density"]
    assert np.isnan(density.sel(condition="anchored")).all()
    np.testing.assert_allclose(
        density.sel(condition="free, regulated"), density.sel(condition="anchored, regulated"), rtol=1e-6
    )
    assert float(density.sel(condition="anchored, regulated", course_time=24 * 9)) == pytest.approx(1, abs=0.02)
    at_luteal = courses["course_density_by_peak"].sel(course_time=24 * menstrual_cycle.LUTEAL)
    # Near nine times the follicular level the preset is that of pregnancy, where delta falls (0.67 ** 1.8).
    assert float(at_luteal.sel(progesterone_peak=13.1)) > 1.5
    assert float(at_luteal.sel(progesterone_peak=50.9)) < 0.8


def test_a_higher_potency_is_all_that_pmdd_changes(courses):
    fixed, pmdd = courses.sel(condition="anchored"), courses.sel(condition=menstrual_cycle.PMDD)
    np.testing.assert_array_equal(fixed["course_allopregnanolone"], pmdd["course_allopregnanolone"])
    delta = receptor("alpha1_beta_delta", "slice")
    nM = fixed["course_allopregnanolone"].values
    np.testing.assert_allclose(fixed["course_tonic_conductance"], tonic_fold(0.16, nM, delta))
    # 2.9 times the potency is 2.9 times the concentration.
    np.testing.assert_allclose(pmdd["course_tonic_conductance"], tonic_fold(0.16, 2.9 * nM, delta), rtol=1e-9)
    by_plasma = menstrual_cycle.sensitive(Network.load("pv_gamma"), menstrual_cycle.BY_PLASMA)
    fold = menstrual_cycle.tonic_conductance(by_plasma, menstrual_cycle.cycle(menstrual_cycle.FINE_DAYS))
    np.testing.assert_allclose(fold, tonic_fold(0.16, 500 / 225 * nM, delta), rtol=1e-9)
    own = menstrual_cycle.sensitive(Network.load("pv_gamma")).definition.data
    usual = receptor("alpha1_beta_gamma2", "slice").decay_ec50.value
    given = own["projections"]["pv_to_pv"]["receptor_parameters"]["decay_ec50"]
    assert number_in(given, "uM") == pytest.approx(usual / 2.9)


def test_regulation_moves_the_network_and_the_levels_do_not(quick):
    _, table, _ = quick
    rate = table["pv_mean_rate"]
    regulated = menstrual_cycle.change(rate.sel(condition="anchored, regulated"), 25)
    fixed = menstrual_cycle.change(rate.sel(condition="anchored"), 25)
    # Twice the tonic conductance takes a third of the rate; a rise of 0.1 nM nothing that is seen.
    assert (regulated < -5).all() and (np.abs(fixed) < 0.5).all()
    gamma = menstrual_cycle.change(table["pv_peak_frequency"].sel(condition="anchored, regulated"), 25)
    # Three seeds resolve the fall of the rate; that of gamma takes the full size.
    assert paired_change(regulated).high < 0 and (gamma < 0).all()
    follicular = rate.sel(time=24 * 9)
    np.testing.assert_allclose(
        follicular.sel(condition="anchored, regulated"), follicular.sel(condition="anchored"), atol=1
    )


def test_what_it_prints_is_in_its_table(quick):
    output, table, lines = quick
    assert table.attrs["size"] == "quick" and output.with_suffix(".png").exists()
    assert lines == [*menstrual_cycle.findings(table), lines[-1]] and str(output) in lines[-1]
    told = paired_change(menstrual_cycle.change(table["pv_mean_rate"].sel(condition="anchored"), 20)).text("Hz")
    assert f"PV rate {told}" in lines[1]
    by_f_eff = table["allopregnanolone_by_f_eff"]
    np.testing.assert_allclose(by_f_eff.isel(f_eff=1) / by_f_eff.isel(f_eff=0), 10, rtol=1e-9)
    figure = menstrual_cycle.draw(table)
    assert len(figure.axes) == 10 and all(ax.get_ylabel() for ax in figure.axes)


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert menstrual_cycle.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
