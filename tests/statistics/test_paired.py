"""Paired changes against scipy's paired t-test, and in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel

import allotone
from allotone import InputError
from allotone.statistics import Change, paired_change


@given(st.integers(0, 10_000), st.integers(2, 40), st.floats(0.5, 0.999), st.integers(1, 6))
def test_the_interval_is_that_of_the_paired_t_test(seed, pairs, level, comparisons):
    before, after = np.random.default_rng(seed).normal([[10.0], [10.4]], 1, (2, pairs))
    expected = ttest_rel(after, before)
    each = expected.confidence_interval(1 - (1 - level) / comparisons)
    found = paired_change(after - before, level, comparisons)
    np.testing.assert_allclose([found.low, found.high], each, rtol=1e-9, atol=1e-12)
    assert found.mean == pytest.approx((after - before).mean()) and found.count == pairs
    assert found.resolved == (expected.pvalue < (1 - level) / comparisons)


def test_in_words():
    # t(0.975, 1) is 12.706, and the standard error of two values half their distance.
    assert paired_change(np.array([-1.0, -0.9])).text("Hz") == "-0.95 Hz (-1.59 to -0.31)"
    assert paired_change(np.array([-1.0, -0.8])).text("Hz", 1) == "-0.9 Hz (-2.2 to +0.4, not resolved)"
    assert paired_change(np.array([-1.0, -0.9]), comparisons=4).text("nS").endswith(", not resolved)")
    assert Change(0.2, 0.1, 0.3, 8).text("%", 3) == "+0.200 % (+0.100 to +0.300)"


def test_identical_runs_do_not_change_at_all():
    still = paired_change(np.zeros(3))
    assert (still.mean, still.low, still.high) == (0, 0, 0) and not still.resolved
    assert still.text("Hz") == "no change at all"
    # No spread is not no change.
    assert paired_change(np.full(3, 0.5)).resolved


@pytest.mark.parametrize(
    "differences, settings, expected",
    [
        ([0.3], {}, "differences: have the shape (1,); expected (pairs,), at least 2"),
        ([[0.3, 0.2]], {}, "differences: have the shape (1, 2)"),
        ([0.3, np.nan], {}, "differences: hold a value that is not finite"),
        ([0.3, 0.2], {"level": 95}, "level: 95 is no share"),
        ([0.3, 0.2], {"comparisons": 0}, "comparisons: 0 is no count"),
        ([0.3, 0.2], {"comparisons": 2.5}, "comparisons: 2.5 is no count"),
    ],
)
def test_what_has_no_interval_is_refused(differences, settings, expected):
    with pytest.raises(InputError) as caught:
        paired_change(np.array(differences), **settings)
    assert str(caught.value).startswith(expected)


def test_it_stands_beside_the_other_names():
    assert allotone.paired_change is paired_change
