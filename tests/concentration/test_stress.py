"""Acute stress: the published peak, what the curve says beside it, and its edges."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from allotone.concentration.stress import KINDS
from allotone.units import number_in

(KIND,) = KINDS
DEFAULTS = {key: number_in(one.default, one.unit) for key, one in KIND.parameters.items()}


def fold(minutes, **given):
    values = DEFAULTS | given
    return KIND.evaluate(values, np.asarray(minutes, dtype=float) / 60) / values["C0"]


def test_rest_lasts_until_the_onset():
    assert_array_equal(fold([-600, -1, 0]), [1, 1, 1])
    assert_array_equal(fold([0, 59.9, 60], onset=1.0), [1, 1, 1])
    assert_allclose(fold([90], onset=1.0), 3.0)


def test_peak_of_the_cortex_at_30_min():
    """Barbaccia et al. 1996: +200 % at 30 min."""
    assert fold([30]) == pytest.approx(3.0, rel=0.1)
    minutes = np.linspace(0, 240, 2401)
    assert minutes[np.argmax(fold(minutes))] == pytest.approx(30)


def test_decline_that_no_parameter_was_fitted_to():
    """Barbaccia et al. 1996: still raised at 60 min, and at rest by 120."""
    assert fold([60])[0] > 1.5
    assert fold([120])[0] < 1.1


def test_onset_is_smooth():
    minutes = np.array([1e-3, 1e-4])
    assert (fold(minutes) - 1 < 1e-6).all()


@pytest.mark.parametrize("rise, t_peak", [(0.0, 30.0), (9.0, 5.0), (1.0, 90.0)])
def test_rise_and_time_of_the_peak_are_what_is_given(rise, t_peak):
    minutes = np.linspace(0, 500, 5001)
    assert fold([t_peak], rise=rise, t_peak=t_peak) == pytest.approx(1 + rise)
    assert fold(minutes, rise=rise, t_peak=t_peak).max() == pytest.approx(1 + rise)


def test_order_and_number_of_times_change_nothing():
    minutes = np.random.default_rng(0).uniform(-60, 600, 200)
    together = fold(minutes)
    assert_array_equal(together[::-1], fold(minutes[::-1]))
    assert_array_equal(together, [fold([one])[0] for one in minutes])


def test_break_is_the_onset_and_the_origins_are_told():
    assert list(KIND.breaks(DEFAULTS | {"onset": 2.0})) == [2.0]
    assert KIND.compartment == "brain" and KIND.parameters["C0"].unit == "nmol/kg"
    assert all(one.origin.startswith(("measured: ", "fitted: ", "assumed: ")) for one in KIND.parameters.values())
