"""The receptor model against printed values: the parameter table, the published data, and the known misses."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from brian2.units.constants import faraday_constant, gas_constant
from scipy.optimize import brentq

from allotone.receptors import (
    ReferenceState,
    alpha1_beta_delta,
    alpha1_beta_gamma2,
    alpha1_beta_gamma2_concatemer,
    alpha4_beta_delta,
    decay_factor,
    direct_open_probability,
    open_probability,
    receptor,
    rectification_factor,
    reversal_potential,
    tonic_fold,
)

SATURATING_UM = 1e7
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


def own(base, **numbers):
    """The receptor with some numbers replaced, as one measurement needs them."""
    return replace(
        base,
        **{name: replace(getattr(base, name), value=value, low=value, high=value) for name, value in numbers.items()},
    )


def gaba_ec50(subtype, allopregnanolone=0.0):
    half = open_probability(SATURATING_UM, allopregnanolone, subtype) / 2
    return brentq(lambda gaba: open_probability(gaba, allopregnanolone, subtype) - half, 1e-4, 1e4)


def steroid_ec50_uM(gaba, subtype):
    half = (open_probability(gaba, 0, subtype) + open_probability(gaba, 1e9, subtype)) / 2
    return brentq(lambda allo: open_probability(gaba, allo, subtype) - half, 1e-3, 1e5) / 1000


def potentiation(gaba, allopregnanolone, subtype):
    """Current with the steroid over that without."""
    return float(open_probability(gaba, allopregnanolone, subtype) / open_probability(gaba, 0, subtype))


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


class TestGammaReceptors:
    CONCATEMER = alpha1_beta_gamma2_concatemer("recombinant")
    HEK = alpha1_beta_gamma2("recombinant")
    ALFAXALONE = own(CONCATEMER, K_allo=0.96, c_allo=0.152)

    def test_gaba_ec50(self):
        """Concatemer, Akk and Steinbach group: 34 uM."""
        assert_between(gaba_ec50(self.CONCATEMER), 34 * 0.8, 34 * 1.2)

    def test_gaba_ec50_at_the_alfaxalone_L(self):
        """Measured 3.3 uM at L 606; the model's shift is too small, a known misfit within a factor of 2.5."""
        ec50 = gaba_ec50(own(self.CONCATEMER, L=606))
        assert_prints_as(ec50, "7.2")
        assert_between(ec50, 3.3, 3.3 * 2.5)

    def test_effective_L_in_alfaxalone(self):
        """606 +/- 160 at 1 uM, from the open probability without GABA."""
        open_without_gaba = float(direct_open_probability(1000, self.ALFAXALONE))
        assert_between(1 / open_without_gaba - 1, 446, 766)

    def test_open_probability_in_alfaxalone(self):
        """Shin, Germann, Steinbach & Akk 2017: .058 at 5 uM GABA, .578 +/- .05 with 1.9 uM on top."""
        anchor = brentq(lambda L: open_probability(5, 0, own(self.ALFAXALONE, L=L)) - 0.058, 100, 1e5)
        anchored = own(self.ALFAXALONE, L=anchor)
        assert_between(float(open_probability(5, 1900, anchored)), 0.528, 0.628)

    def test_alfaxalone_alone_hardly_opens(self):
        assert_between(float(direct_open_probability(1e9, self.ALFAXALONE)), 0, 0.011)

    @pytest.mark.parametrize(
        "subtype",
        [CONCATEMER, miss(HEK, reason="EC50 0.31 uM: the HEK set is not the oocyte's")],
        ids=["oocyte", "hek"],
    )
    def test_steroid_ec50(self, subtype):
        """Chisari et al. 2009: 0.6 uM at 2 uM GABA in oocytes, within a factor of 1.5."""
        assert_between(steroid_ec50_uM(2, subtype), 0.6 / 1.5, 0.6 * 1.5)

    def test_potentiation_by_30_nM(self):
        """Wohlfarth et al. 2002: +15 to +50 %, little at saturating GABA."""
        assert_between(potentiation(gaba_ec50(self.HEK), 30, self.HEK), 1.15, 1.5)
        assert_between(potentiation(1000, 30, self.HEK), 1, 1.1)

    @pytest.mark.xfail(
        strict=True, raises=AssertionError, reason="-32 %: any co-agonist model of a full agonist shifts"
    )
    def test_no_shift_of_the_gaba_ec50(self):
        """Wohlfarth et al. 2002 report no change of the EC50 by 30 nM."""
        assert_between(gaba_ec50(self.HEK, 30) / gaba_ec50(self.HEK), 0.85, 1.15)

    @pytest.mark.xfail(
        strict=True, raises=AssertionError, reason="+18 %: needs desensitisation that the steroid deepens"
    )
    def test_lower_peak_at_saturating_gaba(self):
        """Wohlfarth et al. 2002: 1 uM lowers the peak at 1 mM GABA."""
        assert_between(potentiation(1000, 1000, self.HEK), 0, 1)


class TestDeltaReceptors:
    # THDOC on alpha1 beta3 delta has its own affinity, and the measurement its own maximal open probability.
    THDOC = own(alpha1_beta_delta("recombinant"), K_gaba=1.73, c_gaba=0.0339, K_allo=0.20)

    def test_potentiation_at_saturating_gaba(self):
        """Mol Pharmacol 2014;86:20, alpha4 beta2 delta: 6.7-fold (4.9 to 11) by 1 uM on 50 uM GABA."""
        assert_between(potentiation(50, 1000, alpha4_beta_delta("recombinant")), 4.9, 11)

    def test_potentiation_by_30_nM_thdoc(self):
        """Wohlfarth et al. 2002: more than +150 %."""
        for gaba in (gaba_ec50(self.THDOC), 10, 1000):
            assert_between(potentiation(gaba, 30, self.THDOC), 2.5, np.inf)

    def test_efficacy_not_affinity(self):
        """Wohlfarth et al. 2002: no change of the EC50, taken as less than 15 %."""
        assert_between(gaba_ec50(self.THDOC, 30) / gaba_ec50(self.THDOC), 0.85, 1.15)

    def test_potentiation_by_1_uM_thdoc_at_saturating_gaba(self):
        """Wohlfarth et al. 2002: more than +800 %."""
        assert_between(potentiation(1000, 1000, self.THDOC), 9, np.inf)


@pytest.mark.parametrize(
    "allo, low, high",
    [
        pytest.param(75, 1.25, 1.5, id="Cooper 1999, 75 nM"),
        miss(50, 1.25, 1.5, reason="1.237 at the lower end of Cooper's concentrations"),
        miss(100, 1.25, 1.5, reason="1.506 at the upper end of Cooper's concentrations"),
        miss(2000, 5, 8, reason="4.36: M = 5 reaches Harrison's range for alphaxalone only in the limit"),
    ],
)
def test_ipsc_decay(allo, low, high):
    assert_between(float(decay_factor(allo, alpha1_beta_gamma2())), low, high)


@pytest.mark.parametrize("allo, printed", [(50, "1.24"), (100, "1.51")])
def test_ipsc_decay_law(allo, printed):
    assert_prints_as(float(decay_factor(allo, alpha1_beta_gamma2())), printed)


def test_weak_rectification():
    """Ransom, Wu & Richerson 2010: 29 over 15 pS/pF, 1.9 +/- .4."""
    assert_between(float(rectification_factor(-40, "weak", -80)), 1.5, 2.3)


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
