"""Routes of progesterone: levels against published ones, the quick size end to end, and sentences that follow from it."""

import contextlib
import io

import numpy as np
import pytest
import routes_of_progesterone as routes

from allotone import paired_change, read_table
from allotone.receptors import tonic_fold


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """Path without suffix, table and printed lines of one quick run."""
    output = tmp_path_factory.mktemp("routes") / "new" / "routes"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert routes.main(["--quick", "--output", str(output)]) == 0
    return output, read_table(f"{output}.h5"), printed.getvalue().splitlines()


@pytest.fixture(scope="module")
def courses():
    return routes.courses(tuple(routes.ROUTES), subjects=100)


def test_levels_are_the_published_ones(courses):
    """Levy et al. 1999, 31.61 nM at 6.4 h; Vashisht et al. 2005, 2.5 nM; ratio of masses after menopause, Kimball 2020."""
    progesterone, allo = courses["course_progesterone"], courses["course_plasma"]
    vaginal = progesterone.sel(condition="vaginal")
    assert float(vaginal.max()) == pytest.approx(31.61 + 0.318, rel=0.01)
    assert float(vaginal["course_time"][int(vaginal.values.argmax())]) == pytest.approx(6.4, abs=0.3)
    assert float(progesterone.sel(condition="transdermal")[-1]) == pytest.approx(2.5 + 0.318, rel=0.1)
    before = (allo / progesterone).sel(condition="oral")[0] * 318.49 / 314.46
    assert float(before) == pytest.approx(0.39, rel=1e-3)


def test_only_what_passes_the_liver_or_is_given_as_such_raises_allopregnanolone(courses):
    """At least ten times the luteal ratio after swallowing; below 0.1 nM from the skin (both from measurements)."""
    allo = courses["course_plasma"]
    rise = allo.max("course_time") - allo.isel(course_time=0)
    assert 0 < float(rise.sel(condition="transdermal")) < 0.1
    assert float(rise.sel(condition="oral")) > 10 * float(rise.sel(condition="vaginal"))
    oral = allo.sel(condition="oral")
    peak = int(oral.values.argmax())
    assert 1.5 <= float(oral["course_time"][peak]) <= 6
    ratio = (allo / courses["course_progesterone"]).sel(condition=["oral", "vaginal"]).isel(course_time=peak)
    assert float(ratio[0]) > 10 * 0.047 > float(ratio[1])
    norethindrone = allo.sel(condition="progestin")
    assert (np.diff(norethindrone) <= 1e-9).all() and float(norethindrone[-1]) < 0.6 * float(norethindrone[0])


def test_infusion_has_the_level_of_its_clearance(courses):
    """60 and 90 ug/kg/h over 1.124 L/h/kg are 53.4 and 80.1 ng/mL at rest; 30 h and 24 h after them, nearly so."""
    plasma = courses["course_plasma"].sel(condition="intravenous") / 3.140
    assert float(plasma.sel(course_time=24)) == pytest.approx(53.4, rel=0.1)
    assert float(plasma.sel(course_time=48)) == pytest.approx(80.1, rel=0.1)


def test_receptors_follow_plasma_through_the_brain(courses):
    """f_eff (Kp C_p + C_loc), where plasma moves little in the quarter of an hour that the brain needs."""
    late = courses.sel(course_time=slice(30, None), condition=["oral", "vaginal", "transdermal", "intravenous"])
    expected = 0.067 * (3 * late["course_plasma"] + 15)
    np.testing.assert_allclose(late["course_allopregnanolone"], expected, rtol=0.03)
    delta = routes.receptor("alpha1_beta_delta", "slice")
    fold = tonic_fold(0.16, courses["course_allopregnanolone"].values, delta)
    np.testing.assert_allclose(courses["course_tonic_conductance"], fold)
    # Half the synthesis in the brain, where it makes nearly all there is.
    progestin = courses["course_allopregnanolone"].sel(condition="progestin")
    assert float(progestin[-1] / progestin[0]) == pytest.approx(0.5, abs=0.02)


def test_subjects_spread_as_they_should(courses):
    """A log-normal spread of SD 0.8 has its 5th and 95th percentile exp(0.8 * 1.645) = 3.7 times away."""
    low, middle, high = courses["course_oral_subjects"].sel(course_time=2).values - 0.122
    assert high / middle == pytest.approx(3.7, rel=0.4) and middle / low == pytest.approx(3.7, rel=0.4)
    typical = float(courses["course_plasma"].sel(condition="oral", course_time=2)) - 0.122
    assert middle == pytest.approx(typical, rel=0.3)


def test_peaks_are_peaks():
    assert 1.5 <= routes.peak_hour("oral") <= 4
    assert 6 <= routes.peak_hour("vaginal") <= 7
    assert routes.peak_hour("intravenous") == 48
    # Half an activity that turns over at 6.7 /h is reached within hours, and stays.
    assert 0.5 < routes.peak_hour("progestin") < 6


def test_more_at_the_receptor_slows_more(quick):
    _, table, _ = quick
    for name in ("pv_mean_rate", "pv_peak_frequency"):
        oral, infused = (routes.change(table, name, state) for state in ("oral", "intravenous"))
        assert (infused < oral).all() and (oral < 0.1).all()
        assert paired_change(infused).high < 0
    nM = table["peak_allopregnanolone"].sel(f_eff=routes.ANCHORED)
    at_peak = table["course_allopregnanolone"].sel(condition="oral").max()
    assert float(nM.sel(state="oral")) == pytest.approx(float(at_peak), rel=1e-6)
    # Before any dose all routes are one.
    start = table["pv_mean_rate"].sel(time=0)
    np.testing.assert_array_equal(start.sel(condition="oral"), start.sel(condition="intravenous"))
    np.testing.assert_array_equal(start.sel(condition="oral"), table["peak_pv_mean_rate"].sel(state="before")[0])


def test_what_it_prints_is_in_its_table(quick):
    output, table, lines = quick
    assert table.attrs["size"] == "quick" and output.with_suffix(".png").exists()
    assert lines == [*routes.findings(table), lines[-1]] and str(output) in lines[-1]
    assert paired_change(routes.change(table, "pv_mean_rate", "intravenous")).text("Hz") in lines[2]
    assert "above 95.55 nM: intravenous." in lines[1]
    figure = routes.draw(table)
    assert len(figure.axes) == 7 and all(ax.get_ylabel() for ax in figure.axes)


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert routes.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
