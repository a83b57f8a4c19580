"""The receptor model against its printed table and curves; what was published is on the scoreboard."""

from decimal import Decimal

import numpy as np
import pytest
from brian2.units.constants import faraday_constant, gas_constant

from allotone.receptors import (
    ReferenceState,
    alpha1_beta_delta,
    alpha1_beta_gamma2,
    alpha4_beta_delta,
    decay_factor,
    direct_open_probability,
    open_probability,
    receptor,
    rectification_factor,
    reversal_potential,
    tonic_fold,
)

STEROID_NM = (10, 30, 100, 300, 1000)
GAMMA2_FOLDS = ("1.3", "1.9", "4.5", "12", "25")

# name, P_max, open probability at 0.1 and 0.5 uM GABA, tonic fold at 0.2 uM GABA for STEROID_NM
TABLE = [
    ("alpha1_beta_gamma2", ".85", ("5e-4", "4e-3"), GAMMA2_FOLDS),
    ("alpha1_beta_gamma2_concatemer", ".90", ("2e-4", "9e-4"), GAMMA2_FOLDS),
    ("alpha2_beta_gamma2", ".85", ("4e-4", "4e-3"), GAMMA2_FOLDS),
    ("alpha3_beta_gamma2", ".85", ("4e-4", "4e-3"), GAMMA2_FOLDS),
    ("alpha5_beta_gamma2", ".80", (".01", ".14"), ("1.3", "1.9", "4.1", "8.6", "14")),
    ("alpha4_beta_delta", ".12", (".005", ".036"), ("1.5", "2.5", "6.4", "14", "22")),
    ("alpha1_beta_delta", ".10", ("8e-4", ".007"), ("1.5", "2.6", "6.8", "16", "29")),
    ("alpha6_beta_delta", ".20", (".07", ".15"), ("1.4", "2.2", "4.2", "6.1", "7.2")),
]


def miss(*values, reason):
    """A printed value that the model does not give; the test fails once it does."""
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason))


def assert_prints_as(simulated, printed):
    """Within half a unit of the last digit printed."""
    half_unit = 0.5 * 10.0 ** Decimal(printed).as_tuple().exponent
    assert abs(simulated - float(printed)) <= half_unit, f"simulated {simulated:.5g}, expected {printed}"


def assert_between(simulated, low, high):
    assert low <= simulated <= high, f"simulated {simulated:.4g}, expected {low:.4g} to {high:.4g}"


def fold_at_02_uM(allopregnanolone, subtype):
    return float(tonic_fold(0.2, allopregnanolone, subtype, ReferenceState(gaba="0.2 uM")))


@pytest.mark.parametrize("name, p_max, probabilities, folds", TABLE, ids=[row[0] for row in TABLE])
def test_recombinant_table(name, p_max, probabilities, folds):
    subtype = receptor(name, "recombinant")
    assert_prints_as(subtype.maximal_open_probability, p_max)
    for gaba, printed in zip((0.1, 0.5), probabilities):
        assert_prints_as(float(open_probability(gaba, 0, subtype)), printed)
    for allo, printed in zip(STEROID_NM, folds):
        assert_prints_as(fold_at_02_uM(allo, subtype), printed)
    assert_between(float(direct_open_probability(1e4, subtype)), 0.004, 0.005)


# The slice set is calibrated to a recalled x2 at 100 nM; its rounded folds are printed a little too high.
@pytest.mark.parametrize(
    "subtype, allo, printed",
    [
        (alpha4_beta_delta(), 10, "1.1"),
        miss(alpha4_beta_delta(), 30, "1.4", reason="1.34"),
        miss(alpha4_beta_delta(), 100, "2.0", reason="1.948"),
        miss(alpha4_beta_delta(), 300, "3.0", reason="2.88"),
        miss(alpha4_beta_delta(), 1000, "4.0", reason="3.80"),
        (alpha1_beta_delta(), 10, "1.1"),
        miss(alpha1_beta_delta(), 30, "1.4", reason="1.345"),
        (alpha1_beta_delta(), 100, "2.0"),
        miss(alpha1_beta_delta(), 300, "3.0", reason="2.94"),
        miss(alpha1_beta_delta(), 1000, "4.0", reason="3.92"),
        (alpha1_beta_gamma2(), 100, "1.7"),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_slice_folds(subtype, allo, printed):
    assert_prints_as(fold_at_02_uM(allo, subtype), printed)


@pytest.mark.parametrize("allo, printed", [(50, "1.24"), (100, "1.51")])
def test_ipsc_decay_law(allo, printed):
    assert_prints_as(float(decay_factor(allo, alpha1_beta_gamma2())), printed)


@pytest.mark.parametrize("v, printed", [(-100, ".59"), (-60, "1.46"), (-40, "1.84"), (0, "2.22")])
def test_weak_rectification_curve(v, printed):
    assert_prints_as(float(rectification_factor(v, "weak", -80)), printed)


@pytest.mark.parametrize(
    "v, printed",
    [(-80, ".005"), (-70, ".013"), (-60, ".032"), (-50, ".075"), (-40, ".161"), (-20, ".486"), (0, ".80")],
)
def test_strong_rectification_curve(v, printed):
    """Activation of the mechanism that names Pavlov et al. 2009, which is 1 far above threshold."""
    assert_prints_as(float(rectification_factor(v, "strong", 1e4)), printed)


POTENTIALS = {5: "-75", 6: "-72", 8: "-67", 10: "-62", 25: "-42", 38: "-32"}


@pytest.mark.parametrize("chloride_in, printed", POTENTIALS.items())
def test_reversal_potential_at_the_printed_thermal_voltage(chloride_in, printed):
    """The printed potentials are those of RT/F = 26.7 mV, 36.7 degrees."""
    temperature = 0.0267 * float(np.asarray(faraday_constant)) / float(np.asarray(gas_constant))
    assert_prints_as(1000 * float(reversal_potential(chloride_in, temperature=temperature)), printed)


@pytest.mark.parametrize(
    "chloride_in, printed",
    [
        miss(5, "-75", reason="-75.5 at exactly 37 degrees"),
        (6, "-72"),
        (8, "-67"),
        miss(10, "-62", reason="-62.5 at exactly 37 degrees"),
        (25, "-42"),
        (38, "-32"),
    ],
)
def test_reversal_potential_at_37_degrees(chloride_in, printed):
    assert_prints_as(1000 * float(reversal_potential(chloride_in)), printed)
