"""Pulses against continuous dosing, made small: exposures against closed forms, and findings that follow from the table."""

import contextlib
import io

import dosing_pulses as experiment
import numpy as np
import pytest

from allotone import paired_change, read_table, schedule

# Fall of plasma in mice, /h, and what a week's 10 mg/kg leave: dose over clearance, h ng/mL; 1 ng/mL is 3.1398 nM to five digits.
ELIMINATION = np.log(2) / (16 / 60)
CLEARANCE = ELIMINATION * 0.97 * 3000 / 645 * np.exp(-ELIMINATION / 60)
PLASMA_AREA = 10_000 / CLEARANCE


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Path without suffix and printed lines of the quick size."""
    path, printed = tmp_path_factory.mktemp("pulses") / "new" / "quick", io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert experiment.main(["--quick", "--output", str(path)]) == 0
    return path, printed.getvalue().splitlines()


@pytest.fixture(scope="module")
def table(written):
    return read_table(f"{written[0]}.h5")


def test_quick_writes_what_it_prints(written, table):
    path, lines = written
    assert table.attrs["size"] == "quick" and table.sizes["seed"] == 2
    assert lines[1:-1] == experiment.findings(table)
    assert path.with_suffix(".png").exists() and lines[0].startswith("Quick size: 3 times, 2 seeds")


def test_regimens_give_the_same_area(table):
    """Kp, 3, times dose over clearance; what is still in the brain at the end is less than 1 %."""
    np.testing.assert_allclose(
        experiment.exposure(table).sel(amount="10 mg/kg, all absorbed"), 3 * PLASMA_AREA, rtol=0.01
    )
    np.testing.assert_allclose(
        experiment.exposure(table).sel(amount="0.66 mg/kg-equivalent"), 3 * 0.066 * PLASMA_AREA, rtol=0.01
    )
    np.testing.assert_allclose(table["course_brain"].sel(course_time=0), 15, rtol=1e-12)


def test_the_brain_of_mice_after_3_mg_per_kg_is_near_that_measured():
    """Zolkowska et al. 2018, table 1: 670 h*ng/g to infinity and a peak of 845 ng/g; the model is known to be higher."""
    hours = np.arange(0, 12, 0.01)
    dose = schedule("bolus:model=mouse,dose=3mg/kg,bioavailability=0.97,absorption_rate=284/h")
    brain = (dose.brain(hours).values - 15) / 3.1398
    area = np.trapezoid(brain, hours)
    print(f"area {area:.0f} h*ng/g (measured 670), peak {brain.max():.0f} ng/g (845)")
    assert area == pytest.approx(670, rel=0.2) and brain.max() == pytest.approx(845, rel=0.25)


def test_one_dose_as_absorbed_gives_the_plasma_it_was_fitted_to(table):
    plasma = table["course_plasma"].sel(amount="0.66 mg/kg-equivalent", regimen="weekly") / 3.1398
    assert float(plasma.sel(course_time=0.5)) == pytest.approx(42, rel=0.02)
    assert float(plasma.course_time[int(plasma.argmax("course_time"))]) == pytest.approx(0.5, abs=0.1)
    # One-compartment course with first-order absorption.
    ka, k, t = 1.53, ELIMINATION, plasma["course_time"].values
    expected = 660 * k / CLEARANCE * ka / (ka - k) * (np.exp(-k * t) - np.exp(-ka * t))
    np.testing.assert_allclose(plasma, expected, rtol=1e-4, atol=1e-6)


def test_a_daily_pulse_is_a_seventh_of_a_weekly_one(table):
    brain = table["course_brain"].sel(amount="10 mg/kg, all absorbed") - 15
    first_day = {"course_time": slice(0, 23.9)}
    ratio = brain.sel(regimen="daily", **first_day) / brain.sel(regimen="weekly", **first_day).where(
        lambda one: one > 1
    )
    np.testing.assert_allclose(ratio.dropna("course_time"), 1 / 7, rtol=1e-4)
    lines = experiment.findings(table)
    area = float(experiment.exposure(table).sel(amount="0.66 mg/kg-equivalent", regimen="weekly"))
    assert f"Per pulse: weekly {area:.0f}, daily {area / 7:.0f}" in lines[0] and "misses" in lines[0]


def test_hours_within_a_window_are_those_of_a_triangle(table):
    made = table[["course_brain"]].copy(deep=True)
    made["course_brain"][:] = np.abs(84 - made["course_time"].values)
    hours = experiment.hours_within(made, 10, 20, 0.5)
    np.testing.assert_allclose(hours, 2 * (40 - 20), atol=0.05)
    assert (experiment.hours_within(made, 50, np.inf, 0.5) == 0).all()


def test_pulses_open_less_than_a_constant_level_of_the_same_area(table):
    """The dose-response curve is concave, and delta saturates: both favour the constant level."""
    mean = experiment.mean_tonic(table).sel(amount="10 mg/kg, all absorbed")
    for kind in ("acute", "regulated"):
        weekly, daily, continuous = (float(mean[kind].sel(regimen=name)) for name in experiment.REGIMENS)
        assert 1 < weekly < daily < continuous
    still = table.copy(deep=True)
    still["course_brain"][:], still["course_tonic_density"][:] = 15, 1.2
    assert experiment.mean_tonic(still)["acute"].values == pytest.approx(1)
    assert experiment.mean_tonic(still)["regulated"].values == pytest.approx(1.2)


def test_receptors_follow_the_printed_equations(table):
    """Under a constant level delta relaxes with 12 h, alpha4 rises as s^2 e^-s and adapts, s the time over 19.2 h."""
    level = PLASMA_AREA / experiment.WEEK_H * 3.1398 / 50
    chosen = table.sel(amount="10 mg/kg, all absorbed", regimen="continuous")
    s = chosen["course_time"].values / 19.2
    np.testing.assert_allclose(chosen["course_alpha4"], 1 + 7 * level * s**2 / 2 * np.exp(-s), atol=0.02)
    assert float(
        chosen["course_alpha4"].course_time[int(chosen["course_alpha4"].argmax("course_time"))]
    ) == pytest.approx(38.4, abs=2)
    assert float(chosen["course_alpha4"].max()) > 1.5 and float(chosen["course_alpha4"][-1]) < 1.05
    delta = (1 + 0.43 * level * (1 - np.exp(-chosen["course_time"].values / 12))) ** 1.8
    np.testing.assert_allclose(chosen["course_tonic_density"], delta, rtol=0.02)


def test_the_network_met_the_courses(table):
    for amount in experiment.AMOUNTS:
        for regimen in experiment.REGIMENS:
            met = table.sel(condition=f"{regimen}, {amount}", time=experiment.WEEK_H)
            course = table.sel(amount=amount, regimen=regimen, course_time=experiment.WEEK_H)
            assert float(met["allopregnanolone"]) == pytest.approx(0.067 * float(course["course_brain"]), rel=1e-4)
            assert float(met["tonic_density"]) == pytest.approx(float(course["course_tonic_density"]), rel=2e-3)


def test_only_pulses_lower_the_rate(table):
    change = table["principal_mean_rate"].sel(time=0.75) - table["principal_mean_rate"].sel(time=0)
    assert (change.sel(condition="weekly, 10 mg/kg, all absorbed") < -0.2).all()
    mean = change.mean("seed")
    assert (
        float(mean.sel(condition="weekly, 10 mg/kg, all absorbed"))
        < float(mean.sel(condition="daily, 10 mg/kg, all absorbed"))
        < 0
    )
    ways = table["way_pv_mean_rate"]
    weekly = ways.sel(way="weekly, f_eff x 3.3")
    assert (weekly.sel(way_time=0.75) < weekly.sel(way_time=0)).all()


def test_intervals_of_several_f_eff_hold_together(table):
    moved = table["way_principal_mean_rate"].diff("way_time").squeeze("way_time")
    told = [f"{way} {paired_change(moved.sel(way=way), comparisons=4).text('Hz')}" for way in table["way"].values]
    assert "; ".join(told) in experiment.findings(table)[-1]


def test_a_week_after_a_single_pulse_it_is_the_same_network(table):
    """The concentration is back to the last digit, delta to less than one in a million."""
    weekly = table.sel(condition="weekly, 0.66 mg/kg-equivalent")
    assert float(weekly["allopregnanolone"].sel(time=168)) == pytest.approx(15 * 0.067, rel=1e-9)
    assert 0 <= float(weekly["tonic_density"].sel(time=168)) - 1 < 1e-5


def test_figure_has_a_column_for_each_amount(table):
    figure = experiment.draw(table)
    assert [ax.get_ylabel() for ax in figure.axes[::2]] == [
        "brain (nmol/kg)", "tonic density\n(delta^1.8, fold)", "alpha4 (fold)", "principal rate (Hz)",
    ]  # fmt: skip
    drawn = figure.axes[7].lines[0].get_ydata()
    expected = table["principal_mean_rate"].sel(condition="weekly, 10 mg/kg, all absorbed").mean("seed")
    np.testing.assert_allclose(drawn, expected)


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
