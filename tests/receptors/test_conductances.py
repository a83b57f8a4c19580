"""What open probability, tonic fold, decay factor and reversal potential must do at every concentration."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from brian2 import mV, mvolt
from brian2.units.fundamentalunits import have_same_dimensions
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from allotone.errors import InputError
from allotone.receptors import (
    PREPARATIONS,
    SUBTYPES,
    Number,
    ReferenceState,
    decay_factor,
    direct_open_probability,
    open_probability,
    receptor,
    receptor_table,
    rectification_expression,
    rectification_factor,
    reversal_potential,
    tonic_fold,
)
from allotone.units import nM, uM

RECEPTORS = [receptor(name, preparation) for name in SUBTYPES for preparation in PREPARATIONS]
SENSITIVE = [subtype for subtype in RECEPTORS if subtype.preparation != "insensitive"]
INSENSITIVE = [subtype for subtype in RECEPTORS if subtype.preparation == "insensitive"]
GABA_UM = np.geomspace(0.01, 1000, 11)[:, None]
ALLO_NM = np.append(0, np.geomspace(0.1, 1e5, 13))

any_receptor = st.sampled_from(RECEPTORS)
sensitive = st.sampled_from(SENSITIVE)
gaba_uM = st.floats(0.01, 1000)
allo_nM = st.floats(0.1, 1e4)
share = st.floats(0, 1)


@given(any_receptor, gaba_uM, allo_nM, share)
def test_fold_is_exactly_one_in_the_reference_state(subtype, gaba, allo, phi):
    reference = ReferenceState(gaba=gaba * uM, allopregnanolone=allo * nM)
    assert tonic_fold(reference.gaba, reference.allopregnanolone, subtype, reference, phi) == 1


@pytest.mark.parametrize("parameters", [{"L": 1e-20}, {"c_gaba": 1 - 1e-16}, {"K_gaba": "1e12 uM"}])
def test_a_receptor_that_gaba_does_not_open_has_no_fold(parameters):
    with pytest.raises(InputError) as error:
        tonic_fold(0.2, 100, receptor("alpha4_beta_delta", parameters=parameters))
    assert error.value.path == "reference.gaba"


def test_the_default_reference_is_ambient_gaba_without_steroid():
    assert tonic_fold(0.16, 0, receptor("alpha4_beta_delta")) == 1
    assert tonic_fold(0.16, 0, receptor("alpha4_beta_delta"), ReferenceState(gaba="0.1 uM")) > 1.1


@given(any_receptor, share)
def test_without_gaba_the_constitutive_share_is_left(subtype, phi):
    assert tonic_fold(0, 0, subtype, constitutive_fraction=phi) == phi


def test_the_constitutive_share_follows_direct_gating():
    subtype = receptor("alpha4_beta_delta")
    expected = 0.3 * direct_open_probability(500, subtype) / direct_open_probability(0, subtype)
    assert_allclose(tonic_fold(0, 500, subtype, constitutive_fraction=0.3), expected, rtol=1e-14)


@pytest.mark.parametrize("subtype", INSENSITIVE, ids=lambda subtype: subtype.name)
def test_insensitive_means_exactly_no_effect(subtype):
    without = open_probability(GABA_UM, 0, subtype)
    assert_array_equal(open_probability(GABA_UM, ALLO_NM, subtype), np.broadcast_to(without, (11, 14)))
    assert_array_equal(tonic_fold(0.16, ALLO_NM, subtype, constitutive_fraction=0.2), 1)
    assert_array_equal(decay_factor(ALLO_NM, subtype), 1)


@pytest.mark.parametrize("name", SUBTYPES)
def test_a_preparation_decides_the_steroid_alone(name):
    without = [open_probability(GABA_UM, 0, receptor(name, preparation)) for preparation in PREPARATIONS]
    for other in without[1:]:
        assert_array_equal(other, without[0])


@given(sensitive, gaba_uM, allo_nM, share)
def test_more_steroid_more_of_everything(subtype, gaba, allo, phi):
    more = allo * 1.05
    assert open_probability(gaba, more, subtype) > open_probability(gaba, allo, subtype)
    assert direct_open_probability(more, subtype) > direct_open_probability(allo, subtype)
    assert decay_factor(more, subtype) > decay_factor(allo, subtype)


@given(any_receptor, gaba_uM, allo_nM)
def test_more_gaba_more_open_up_to_one(subtype, gaba, allo):
    assert open_probability(gaba, allo, subtype) < open_probability(gaba * 1.05, allo, subtype) < 1


@given(sensitive, gaba_uM.filter(lambda gaba: gaba <= 1), allo_nM)
def test_tonic_fold_rises_with_steroid_at_ambient_gaba(subtype, gaba, allo):
    assert tonic_fold(gaba, allo * 1.05, subtype) > tonic_fold(gaba, allo, subtype)


@pytest.mark.parametrize("subtype", SENSITIVE, ids=lambda subtype: f"{subtype.name}-{subtype.preparation}")
def test_limits(subtype):
    assert open_probability(0, 0, subtype) == 1 / (1 + subtype.L.value)
    assert_allclose(open_probability(1e9, 0, subtype), subtype.maximal_open_probability, rtol=1e-4)
    assert_allclose(
        direct_open_probability(1e12, subtype), 1 / (1 + subtype.L.value * subtype.c_allo.value**2), rtol=1e-4
    )
    assert_allclose(decay_factor([0, 500, 1e12], subtype), [1, 3, 5], rtol=1e-6)


def test_far_below_the_ec50_the_fold_is_that_of_the_steroid_alone():
    """Then subtypes with the same steroid numbers cannot be told apart."""
    folds = [
        tonic_fold(0.001, 100, receptor(name), ReferenceState(gaba="1 nM")) for name in SUBTYPES if "delta" in name
    ]
    closed = ((1 + 0.1 / 0.19) / (1 + 0.1 / (0.19 * 0.46))) ** 2
    assert_allclose(folds, 1 / closed, rtol=0.01)


@pytest.mark.parametrize("kind", ["none", "weak", "strong"])
def test_rectification_is_one_at_its_reference_and_bounded(kind):
    v = np.array([-1000, -130, -70, -20, 10, 60])
    factor = rectification_factor(v, kind)
    assert factor[2] == 1
    assert np.isfinite(factor).all() and (factor >= 0).all() and (np.diff(factor) >= 0).all()


@pytest.mark.parametrize("v", [-20, 10])
def test_strong_rectification_has_no_hole_where_a_rate_is_zero_over_zero(v):
    around = rectification_factor(np.array([v - 1e-4, v, v + 1e-4]), "strong")
    assert_allclose(around[1], (around[0] + around[2]) / 2, rtol=1e-9)


def test_quantities_and_plain_numbers_agree():
    subtype = receptor("alpha4_beta_delta")
    plain = tonic_fold(GABA_UM, ALLO_NM, subtype)
    assert plain.shape == (11, 14) and type(plain) is np.ndarray
    assert_allclose(tonic_fold(GABA_UM * uM, ALLO_NM * nM, subtype), plain, rtol=1e-12)
    assert_allclose(open_probability(200 * nM, 0.1 * uM, subtype), open_probability(0.2, 100, subtype), rtol=1e-12)
    assert_allclose(
        rectification_factor(-40 * mV, "weak", -80 * mV), rectification_factor(-40, "weak", -80), rtol=1e-12
    )
    assert have_same_dimensions(reversal_potential([5, 6]), mvolt)


def test_reversal_potential_is_that_of_chloride_alone_without_bicarbonate():
    nernst_mV = -61.54 * np.log10(130 / 10)
    assert_allclose(reversal_potential(10, permeability_ratio=0) / mV, nernst_mV, atol=0.01)


@given(st.floats(1, 100), st.floats(0, 0.5))
def test_bicarbonate_depolarises_below_its_own_potential(chloride_in, ratio):
    """Bicarbonate reverses at -13.7 mV here, and each anion pulls towards its own potential."""
    chloride, both, bicarbonate = (
        float(reversal_potential(chloride_in, permeability_ratio=p) / mV) for p in (0, ratio, 1e12)
    )
    assert min(chloride, bicarbonate) - 1e-9 <= both <= max(chloride, bicarbonate) + 1e-9


def test_table_has_the_columns_of_the_command_line():
    subtype = receptor("alpha4_beta_delta", "recombinant")
    table = receptor_table(subtype, [0, 0.2], [0, 30, 100] * nM)
    assert ",".join(table) == "gaba_uM,allopregnanolone_nM,open_probability,fold,direct_open_probability,decay_factor"
    assert_array_equal(table["gaba_uM"], [0, 0, 0, 0.2, 0.2, 0.2])
    assert_allclose(table["allopregnanolone_nM"], [0, 30, 100] * 2, rtol=1e-12)
    assert_array_equal(table["fold"][[0, 3]], 1)
    assert_allclose(table["fold"][5], table["open_probability"][5] / table["open_probability"][3], rtol=1e-14)
    assert_array_equal(table["direct_open_probability"][:3], table["open_probability"][:3])
    assert_allclose(table["decay_factor"], decay_factor([0, 30, 100] * 2, subtype), rtol=1e-12)


@pytest.mark.parametrize("subtype", RECEPTORS, ids=lambda subtype: f"{subtype.name}-{subtype.preparation}")
def test_every_number_has_a_source_and_a_range(subtype):
    numbers = {name: value for name, value in vars(subtype).items() if isinstance(value, Number)}
    assert len(numbers) == 11
    for name, number in numbers.items():
        assert number.low <= number.value <= number.high, name
        assert len(number.source) > 10, name
    assert subtype.name in SUBTYPES and subtype.preparation in PREPARATIONS
    with pytest.raises(FrozenInstanceError):
        subtype.L = numbers["L"]


DELTA = receptor("alpha4_beta_delta")


@pytest.mark.parametrize(
    "call, path, words",
    [
        (lambda: receptor("alpha4_beta_dleta", path="projections.a"), "projections.a.receptor", "'alpha4_beta_delta'"),
        (lambda: receptor("alpha4_beta_delta", "slise", "projections.a"), "projections.a.preparation", "'slice'"),
        (lambda: SUBTYPES["alpha4_beta_delta"]("natve"), "preparation", "'native'"),
        (lambda: open_probability(-0.1, 0, DELTA), "gaba", "-0.1 uM"),
        (lambda: open_probability(0.1, [0, np.nan], DELTA), "allopregnanolone", "nan nM"),
        (lambda: open_probability(0.1, 30 * mV, DELTA), "allopregnanolone", "voltage"),
        (lambda: decay_factor(np.inf, DELTA), "allopregnanolone", "inf nM"),
        (lambda: tonic_fold(0.1, 0, DELTA, constitutive_fraction=1.2), "constitutive_fraction", "0 to 1"),
        (lambda: ReferenceState(gaba="0 uM"), "reference.gaba", "more than 0 uM"),
        (lambda: ReferenceState(gaba="30 ms"), "reference.gaba", "concentration"),
        (lambda: ReferenceState(allopregnanolone=-1 * nM), "reference.allopregnanolone", "negative"),
        (lambda: rectification_factor(-60, "week"), "rectification", "'weak'"),
        (lambda: rectification_expression("stong"), "rectification", "'strong'"),
        (lambda: rectification_factor(30 * nM, "weak"), "v", "concentration"),
        (lambda: reversal_potential(-5), "chloride_in", "-5.0 mM"),
        (lambda: reversal_potential(0, bicarbonate_in=0), "chloride_in", "more than 0 mM"),
        (lambda: reversal_potential(5, temperature=0), "temperature", "more than 0 K"),
        (lambda: replace(DELTA.L, value=-1.0), "receptor number", "0 or more"),
        (lambda: replace(DELTA, L=replace(DELTA.L, value=0.0, low=0.0)), "L", "more than 0"),
        (lambda: replace(DELTA.L, value=1.0), "receptor number", "range"),
        (lambda: replace(DELTA.L, unit="uMM"), "receptor number", "'uM'"),
        (lambda: replace(DELTA.L, origin="mesured"), "receptor number", "'measured'"),
    ],
)
def test_bad_input_is_told_where_and_what(call, path, words):
    with pytest.raises(InputError) as raised:
        call()
    assert raised.value.path == path
    assert words in raised.value.message
