"""Hormonal states: published levels, closed courses, and what contradictory parameters are told."""

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from allotone.concentration import estrous, hormones, pregnancy
from allotone.concentration.kinds import NOT_GIVEN, Word
from allotone.concentration.steroids import to_ng_per_mL, to_nM
from allotone.errors import InputError

KINDS = {kind.name: kind for kind in (*hormones.KINDS, *pregnancy.KINDS, *estrous.KINDS)}
LH_PEAK, LENGTH, DAY_H, WEEK_H = 14.0, 28.1, 24.0, 168.0


def values(name, **changes):
    parameters = KINDS[name].parameters
    defaults = {
        key: one.default if isinstance(one, Word) else float(one.default.split()[0])
        for key, one in parameters.items()
        if one.default != NOT_GIVEN
    }
    assert set(changes) <= set(parameters)
    return defaults | changes


def allopregnanolone(name, times_h, **changes):
    return KINDS[name].evaluate(values(name, **changes), np.asarray(times_h, dtype=float))


def progesterone(name, times_h, **changes):
    return KINDS[name].progesterone(values(name, **changes), np.asarray(times_h, dtype=float))


@pytest.fixture(scope="module")
def table():
    with (files("allotone") / "concentration" / "progesterone_cycle.csv").open() as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return np.array([[float(row["day_from_LH_peak"]), float(row["P4_nM"])] for row in rows]).T


EVERY_HOUR = np.arange(0, 3 * LENGTH * DAY_H)
COURSES = [
    ("menstrual_cycle", {}),
    ("menstrual_cycle", {"curve": "split_gaussian"}),
    ("menstrual_cycle", {"length": 35.0}),
    ("menstrual_cycle", {"length": 21.0, "curve": "split_gaussian"}),
    ("perimenopause", {}),
    ("menopause", {}),
    ("pregnancy", {"week": 39.9}),
    ("estrous_cycle", {}),
    ("estrous_cycle", {"species": "rat"}),
]


# The cycle ------------------------------------------------------------------------------------------------------------


def test_progesterone_peaks_five_to_eight_days_after_the_LH_peak():
    hours = np.arange(0, LENGTH * DAY_H, 0.5)
    peak = 1 + hours[progesterone("menstrual_cycle", hours, day=1.0).argmax()] / DAY_H
    # Milewich et al. 1977, J Clin Endocrinol Metab 45:617: 5-8 days after the LH peak.
    assert 5 <= peak - LH_PEAK <= 8


def test_progesterone_in_the_luteal_phase_is_near_the_median_when_scaled_to_it():
    hours = np.arange(0, LENGTH * DAY_H)
    scaled = progesterone("menstrual_cycle", hours, day=1.0, progesterone_peak=28.8)
    # Anckaert et al. 2021, doi:10.1016/j.plabm.2021.e00211: follicular 5th to 95th percentile.
    assert_allclose(scaled.max(), 28.8, rtol=1e-3)
    assert 0.159 <= scaled.min() <= 0.616


@pytest.mark.parametrize("peak", [50.8702, 28.8])
def test_allopregnanolone_of_the_luteal_over_the_follicular_phase(peak):
    follicular, luteal = (
        allopregnanolone("menstrual_cycle", [0.0], day=day, progesterone_peak=peak)[0] for day in (7.0, 21.0)
    )
    assert 4 <= luteal / follicular <= 10


def test_allopregnanolone_over_progesterone():
    hours = np.arange(0, LENGTH * DAY_H)
    steroid, hormone = allopregnanolone("menstrual_cycle", hours), progesterone("menstrual_cycle", hours)
    ratio = to_ng_per_mL(steroid) / to_ng_per_mL(hormone, "progesterone")
    # Kimball et al. 2020, PMC6935417: 0.33 +/- 0.08 follicular, 0.04 +/- 0.007 luteal.
    assert 0.25 <= np.interp(0.6, hormone[np.argsort(hormone)], ratio[np.argsort(hormone)]) <= 0.41
    luteal = ratio[hormone > 25]
    assert luteal.size > 100 and ((luteal >= 0.03) & (luteal <= 0.05)).all()


def test_the_curve_is_the_table_at_its_rows_and_between_neighbours_elsewhere(table):
    days, level = table
    hours = (days + LENGTH) * DAY_H
    assert_allclose(progesterone("menstrual_cycle", hours, day=LH_PEAK), level, rtol=1e-6)
    between = progesterone("menstrual_cycle", (hours[:-1] + hours[1:]) / 2, day=LH_PEAK)
    assert (between >= np.minimum(level[:-1], level[1:])).all() and (between <= np.maximum(level[:-1], level[1:])).all()


def test_the_split_gaussian_fits_the_table(table):
    days, level = table
    fitted = days >= -6
    model = progesterone("menstrual_cycle", days * DAY_H, day=LH_PEAK, curve="split_gaussian")
    assert np.sqrt(np.mean((model - level)[fitted] ** 2)) < 0.8
    assert np.abs(model - level).max() < 3


@pytest.mark.parametrize("curve", ["biomd494", "split_gaussian"])
@pytest.mark.parametrize("length", [24.0, 28.1, 35.0])
def test_the_cycle_repeats(curve, length):
    given_ = {"curve": curve, "length": length}
    hours = EVERY_HOUR[: int(length * DAY_H)]
    first, fourth = (allopregnanolone("menstrual_cycle", hours + n * length * DAY_H, **given_) for n in (0, 3))
    assert_allclose(fourth, first, rtol=1e-9)


def test_a_longer_cycle_has_the_same_luteal_and_a_longer_follicular_phase(table):
    days = np.arange(0, 14, 0.25)
    usual, long = (progesterone("menstrual_cycle", days * DAY_H, day=n - 14.1, length=n) for n in (28.1, 35.0))
    # The slope at the end of the luteal phase follows that of the stretched days after it.
    assert_allclose(long, usual, rtol=2e-3)
    row = int(np.flatnonzero(table[0] == -7.0)[0])
    assert_allclose(
        progesterone("menstrual_cycle", 0.0, day=20.9 - 7.0 * 20.9 / 14, length=35.0), table[1][row], rtol=1e-6
    )


def test_the_day_of_the_LH_peak_moves_the_curve():
    days = np.arange(0, 28.0)
    assert_allclose(
        progesterone("menstrual_cycle", days * DAY_H, day=1.0, lh_peak=16.0),
        progesterone("menstrual_cycle", (days - 2) * DAY_H, day=1.0),
        rtol=1e-9,
    )


# Perimenopause and menopause ------------------------------------------------------------------------------------------


def has_luteal_phase(count, **changes):
    """Whether each of the first cycles has its progesterone."""
    hours = (np.arange(count) * LENGTH + LH_PEAK + 6) * DAY_H
    return progesterone("perimenopause", hours, day=0.0, **changes) > 25


@pytest.mark.parametrize("fraction", [0.12, 0.6])
def test_as_many_cycles_lack_ovulation_as_asked(fraction):
    count = 4000
    missing = ~has_luteal_phase(count, anovulatory_fraction=fraction)
    assert abs(missing.mean() - fraction) < 4 * np.sqrt(fraction * (1 - fraction) / count)
    # Independent of the cycle before.
    assert abs(np.corrcoef(missing[1:], missing[:-1])[0, 1]) < 4 / np.sqrt(count)


def test_which_cycles_those_are_is_a_matter_of_the_pattern_alone():
    once = has_luteal_phase(200)
    hormones._draw.cache_clear()
    hours = (np.arange(200) * LENGTH + LH_PEAK + 6) * DAY_H
    one_by_one = [progesterone("perimenopause", hours[n : n + 1], day=0.0)[0] > 25 for n in reversed(range(200))]
    assert_array_equal(once, one_by_one[::-1])
    assert (once != has_luteal_phase(200, pattern=1.0)).any()
    # A larger share drops further cycles and keeps none that was dropped.
    assert not (has_luteal_phase(200, anovulatory_fraction=0.8) & ~once).any()


def test_all_or_no_ovulation():
    hours = EVERY_HOUR
    assert_allclose(
        allopregnanolone("perimenopause", hours, anovulatory_fraction=0.0),
        allopregnanolone("menstrual_cycle", hours, day=1.0),
        rtol=1e-12,
    )
    flat = progesterone("perimenopause", hours, anovulatory_fraction=1.0)
    assert_allclose(flat, progesterone("menstrual_cycle", hours).min(), rtol=1e-3)


def test_after_menopause_there_is_less_than_at_any_time_of_the_cycle():
    after = allopregnanolone("menopause", [0.0, 1e4])
    assert_allclose(after, to_nM(0.39 * 0.1), rtol=1e-3)
    # Kimball et al. 2020: lower than premenopausal at all phases.
    assert after[0] < allopregnanolone("menstrual_cycle", EVERY_HOUR).min()
    # The line of the cycle would miss the ratio of 0.39 +/- 0.08 seen after menopause.
    line = values("menstrual_cycle")["offset"] + values("menstrual_cycle")["slope"] * 0.318
    assert to_ng_per_mL(line) / 0.1 > 0.47


# Pregnancy ------------------------------------------------------------------------------------------------------------


def test_pregnancy_at_week_36():
    assert 30 <= allopregnanolone("pregnancy", [0.0])[0] <= 60


def test_the_fall_after_delivery():
    level = allopregnanolone("pregnancy", [0.0, 1.0, 2.0, 72.0], week=40.0)
    assert level[2] <= 0.5 * level[0]
    # Klak et al. 2003, Physiol Res 52:211: the main part within the first hour.
    assert level[0] - level[1] > 0.4 * level[0] and level[0] - level[1] > 3 * (level[1] - level[2])
    assert 0.5 <= level[3] <= 3


def test_the_excess_after_delivery_is_the_sum_of_two_exponentials():
    hours = np.array([0.0, 0.5, 1.0, 9.5, 19.0])
    n = values("pregnancy")
    at_term = n["baseline"] + (n["term"] - n["baseline"]) / (1 + np.exp(-(40 - 24) / 4.5))
    expected = 0.5 + (at_term - 0.5) * (0.6 * 2 ** (-hours / 0.5) + 0.4 * 2 ** (-hours / 9.5))
    assert_allclose(allopregnanolone("pregnancy", hours, week=40.0), expected, rtol=1e-12)


def test_progesterone_of_pregnancy():
    weeks = np.array([5.0, 9.0, 32.0, 39.9999])
    level = to_ng_per_mL(progesterone("pregnancy", (weeks - 5) * WEEK_H, week=5.0), "progesterone")
    # Johansson 1969, doi:10.1530/acta.0.0610607, and Teoh et al. 1973, doi:10.1111/j.1479-828x.1973.tb02309.x.
    assert_allclose(level, [24.8, 16.7, 125.2, 180.5], rtol=1e-4)
    # Nappi et al. 2001, doi:10.1016/s0029-7844(00)01112-1: 19.1 nM on day 3, to which the slow half-life is fitted.
    assert_allclose(progesterone("pregnancy", [72.0], week=40.0), 19.1, rtol=0.02)


def test_delivery_is_a_bend_and_can_be_put_off():
    kind = KINDS["pregnancy"]
    assert kind.breaks(values("pregnancy")) == [4 * WEEK_H]
    hours = np.array([4 * WEEK_H - 1e-6, 4 * WEEK_H, 4 * WEEK_H + 1e-6])
    assert_allclose(np.diff(allopregnanolone("pregnancy", hours)), 0, atol=1e-3)
    late = allopregnanolone("pregnancy", [0.0, 5 * WEEK_H], delivery=42.0)
    assert late[1] > late[0]


# The estrous cycle ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("species, days", [("mouse", 4.5), ("rat", 4.0)])
def test_levels_amid_the_phases(species, days):
    amid = np.array([7, 27, 44, 72]) / 96 * days * DAY_H
    level = allopregnanolone("estrous_cycle", amid, species=species)
    assert_allclose(level, [4.5, 1, 2, 4])
    assert_allclose(allopregnanolone("estrous_cycle", amid + 5 * days * DAY_H, species=species), level)
    # Palumbo et al. 1995, doi:10.1007/BF03349832: proestrus > diestrus > estrus.
    assert level[0] > level[3] > level[1]


def test_progesterone_of_the_mouse_in_proestrus_and_estrus():
    amid = np.array([7, 27]) / 96 * 4.5 * DAY_H
    # Wall et al. 2023, doi:10.1210/endocr/bqad070; Virgo & Bellward 1974, doi:10.1210/endo-95-5-1486.
    assert_allclose(to_ng_per_mL(progesterone("estrous_cycle", amid), "progesterone"), [22, 4.9], rtol=0.01)


def test_diestrus_over_estrus_is_what_regulation_is_fitted_at():
    from allotone.receptors import REGULATIONS

    levels = {name: level.value for name, level in REGULATIONS["mouse_dentate"]().levels.items()}
    n = values("estrous_cycle")
    assert n["diestrus"] / n["estrus"] == levels["diestrus"] / levels["estrus"]


# All ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, changes", COURSES)
def test_continuous(name, changes):
    hours = np.arange(0, 3 * LENGTH * DAY_H, 0.01)
    for course in (allopregnanolone, progesterone):
        level = course(name, hours, **changes)
        assert np.isfinite(level).all() and (level >= 0).all()
        # Progesterone falls fastest, with a half-life of 5 min after delivery: 0.05 of it in a hundredth of an hour.
        assert np.abs(np.diff(level)).max() <= 0.06 * level.max()
        slope = np.abs(np.diff(level)).max()
        steeper = np.abs(
            np.diff(course(name, np.arange(-0.05, 0.05, 1e-4) + hours[np.abs(np.diff(level)).argmax()], **changes))
        )
        assert steeper.max() <= max(0.05 * slope, 1e-9)


@pytest.mark.parametrize("name, changes", COURSES)
@settings(max_examples=20, deadline=None)
@given(hours=st.lists(st.floats(0, 1e4), min_size=1, max_size=20))
def test_any_order_and_single_times(name, changes, hours):
    for course in (allopregnanolone, progesterone):
        together = course(name, hours, **changes)
        assert together.shape == (len(hours),)
        alone = np.concatenate([course(name, [hour], **changes) for hour in hours])
        assert_allclose(alone, together, rtol=1e-12)


@pytest.mark.parametrize("name, key", [(kind.name, key) for kind in KINDS.values() for key in kind.parameters])
def test_every_parameter_is_read(name, key):
    hours = np.linspace(0, 6 * LENGTH * DAY_H, 500)
    n = values(name)
    others = {"lh_peak": 12.0, "pattern": 1.0, "anovulatory_fraction": 0.1, "species": "rat", "curve": "split_gaussian"}
    other = others[key] if key in others else 0.9 * n[key] or 1.0
    changed = allopregnanolone(name, hours, **{key: other})
    assert np.abs(changed - allopregnanolone(name, hours)).max() > 1e-6


@pytest.mark.parametrize(
    "name, changes, where",
    [
        ("menstrual_cycle", {"length": 15.0}, "length"),
        ("menstrual_cycle", {"lh_peak": 30.0}, "lh_peak"),
        ("perimenopause", {"length": 10.0}, "length"),
        ("perimenopause", {"anovulatory_fraction": 1.2}, "anovulatory_fraction"),
        ("perimenopause", {"pattern": 0.5}, "pattern"),
        ("pregnancy", {"week": 3.0}, "week"),
        ("pregnancy", {"delivery": 0.0}, "delivery"),
        ("pregnancy", {"fast_fraction": 1.5}, "fast_fraction"),
    ],
)
def test_contradictions_are_refused(name, changes, where):
    with pytest.raises(InputError) as error:
        KINDS[name].check(values(name, **changes), "medium.allopregnanolone")
    assert error.value.path == f"medium.allopregnanolone.{where}"
    assert f"{changes[where]:g}" in error.value.message


def test_every_number_has_its_origin():
    for kind in KINDS.values():
        for one in kind.parameters.values():
            assert one.origin.startswith(("measured: ", "fitted: ", "assumed: "))
