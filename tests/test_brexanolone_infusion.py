"""Brexanolone's infusion, made small: the course against independent numbers, and findings that follow from the table."""

import contextlib
import io
import json

import brexanolone_infusion as experiment
import numpy as np
import pytest

from allotone import open_probability, paired_change, read_table, receptor


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Path without suffix and printed lines of the quick size."""
    path, printed = tmp_path_factory.mktemp("brexanolone") / "new" / "quick", io.StringIO()
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


def test_area_and_half_life_are_those_of_women(table):
    """3736.5 ng*h/mL (3309.1 to 4219.1) of the whole infusion; half-life 9 to 11.3 h (9.8 to 13.1): seen in abstracts."""
    ng_per_mL = table["course_plasma"].sel(regimen="up to 90") / 3.140
    fall = ng_per_mL.sel(course_time=[72, 84]).values
    rate = np.log(fall[0] / fall[1]) / 12
    area = float(ng_per_mL.integrate("course_time")) + fall[1] / rate
    print(f"area {area:.0f} ng*h/mL, terminal half-life {np.log(2) / rate:.1f} h")
    assert area == pytest.approx(3736.5, rel=0.005)
    assert 8.5 < np.log(2) / rate < 13.1


def test_a_constant_infusion_ends_near_rate_over_clearance(table):
    plasma = table["course_plasma"].sel(regimen="constant 60", course_time=60)
    assert float(plasma) == pytest.approx(60 / 1.124 * 3.140, rel=0.01)
    assert (table["course_plasma"].sel(course_time=52).diff("regimen") < -50).all()


def test_ways_to_the_receptor_are_plain_arithmetic(table):
    """At 52 h plasma has been level for hours, so the brain is at Kp times it and its own 15 nmol/kg."""
    at = table["course_allopregnanolone"].sel(regimen="up to 90", course_time=52)
    plasma = float(table["course_plasma"].sel(regimen="up to 90", course_time=52))
    assert float(at.sel(way="anchored")) == pytest.approx(0.067 * (3 * plasma + 15), rel=0.002)
    for factor in (0.33, 3.3):
        assert float(at.sel(way=f"f_eff x {factor}")) == pytest.approx(factor * float(at.sel(way="anchored")))
    assert float(at.sel(way="nominal")) == plasma and float(at.sel(way="free")) == pytest.approx(plasma / 100)
    before = table["course_allopregnanolone"].sel(course_time=0, regimen="up to 90")
    np.testing.assert_allclose(before, [15 * 0.067, 15 * 0.067 * 0.33, 15 * 0.067 * 3.3, 0, 0])


def test_tonic_conductance_is_what_gaba_opens(table):
    delta = receptor("alpha4_beta_delta", "slice")
    reached = table["course_allopregnanolone"].values

    def evoked(nM):
        return open_probability(0.16, nM, delta) - open_probability(0, nM, delta)

    np.testing.assert_allclose(table["course_tonic_conductance"], evoked(reached) / evoked(0), rtol=1e-9)


def test_women_differ_about_the_typical_one_as_much_as_clearance_does(table):
    over_typical = np.log(
        table["course_subjects"].sel(course_time=52) / table["course_plasma"].sel(course_time=52, regimen="up to 90")
    )
    assert over_typical.size == 100 and abs(float(over_typical.mean())) < 3 * 0.19 / 10
    assert 0.14 < float(over_typical.std(ddof=1)) < 0.24


def test_the_network_met_the_concentrations_of_the_courses(table):
    for regimen in experiment.REGIMENS:
        for hour in experiment.QUICK_TIMES_H:
            met = float(table["allopregnanolone"].sel(condition=regimen, time=hour))
            course = table["course_allopregnanolone"].sel(regimen=regimen, way="anchored", course_time=hour)
            assert met == pytest.approx(float(course), rel=1e-4)
    definitions = json.loads(table.attrs["definitions"])
    for name, density in (("up to 90", 1), ("up to 90, no delta", 0)):
        populations = definitions[name]["populations"].values()
        assert [float(one["tonic"]["delta"]["density"]) for one in populations] == [density, density]


def test_more_at_the_receptor_means_fewer_spikes(table):
    rates = table["way_pv_mean_rate"]
    at_peak = rates.sel(way_time=52)
    assert (at_peak.sel(way=["anchored", "f_eff x 3.3", "nominal"]) < rates.sel(way_time=0)).all()
    mean = at_peak.mean("seed")
    assert [float(mean.sel(way=way)) for way in ("nominal", "f_eff x 3.3", "anchored", "f_eff x 0.33")] == sorted(
        mean.sel(way=["nominal", "f_eff x 3.3", "anchored", "f_eff x 0.33"]).values.tolist()
    )
    principal = table["way_principal_mean_rate"].mean("seed").sel(way=["f_eff x 3.3", "nominal"])
    assert (principal.sel(way_time=52) < 0.8 * principal.sel(way_time=0)).all()


def test_anchored_is_taken_from_the_followed_times(table):
    there = table["way_pv_mean_rate"].sel(way="anchored")
    np.testing.assert_array_equal(there, table["pv_mean_rate"].sel(condition="up to 90", time=[0, 52]))


def test_intervals_of_the_five_ways_hold_together(table):
    moved = table["way_principal_mean_rate"].diff("way_time").squeeze("way_time")
    told = [f"{way} {paired_change(moved.sel(way=way), comparisons=5).text('Hz')}" for way in table["way"].values]
    assert "; ".join(told) in experiment.findings(table)[5]


def test_a_rate_that_does_not_move_is_said_not_to(table):
    still = table.copy(deep=True)
    rate = still["principal_mean_rate"]
    rate[:] = rate.sel(time=0).values[:, np.newaxis] + np.array([-0.1, 0.1])
    rate.loc[{"time": 0}] = table["principal_mean_rate"].sel(time=0)
    lines = experiment.findings(still)
    assert "anchored: +0.00 Hz (-1.27 to +1.27, not resolved)" in lines[2]
    assert "less that of up to 90: no change at all" in lines[4]


def test_what_ipscs_alone_do_is_said_beside_the_tonic_fold(table):
    moved = (table["principal_mean_rate"].sel(time=52) - table["principal_mean_rate"].sel(time=0)).mean("seed")
    told = (
        f"{float(moved.sel(condition='up to 90, no delta')):+.2f} of {float(moved.sel(condition='up to 90')):+.2f} Hz"
    )
    assert told in experiment.findings(table)[3]
    assert any(told in ax.get_title(loc="right") for ax in experiment.draw(table).axes)


def test_figure_shows_all_levels(table):
    figure = experiment.draw(table)
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert labels[0] == "plasma (nM)" and labels[1] == "at the receptor (nM)" and "PV rate (Hz)" in labels
    drawn = figure.axes[3].lines[0]
    np.testing.assert_allclose(drawn.get_ydata(), table["principal_mean_rate"].isel(condition=0).mean("seed"))


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
