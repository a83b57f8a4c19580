"""EC50, Hill coefficient and potentiation against closed forms and the printed table."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from allotone.errors import InputError
from allotone.receptors import (
    SUBTYPES,
    gaba_ec50,
    gaba_for_fold,
    gaba_for_share,
    gaba_hill,
    open_probability,
    potentiation,
    receptor,
    steroid_ec50,
    steroid_hill,
    tonic_fold,
)
from allotone.units import nM, uM

PRINTED_HILL = {"gamma2": 1.4, "delta": 1.2}


@pytest.mark.parametrize("name", SUBTYPES)
@pytest.mark.parametrize("ligands", [None, {"thip": 0.5, "thdoc": 0.1, "zolpidem": 0.1, "pregnenolone_sulfate": 5.0}])
def test_gaba_ec50_in_closed_form(name, ligands):
    """The concentration at which the closed factor of the GABA site has the value that half the effect needs."""
    subtype = receptor(name, "recombinant")
    without, most = open_probability([0, 1e12], 100, subtype, ligands)
    ec50 = gaba_ec50(subtype, 100, ligands)
    assert_allclose(open_probability(ec50, 100, subtype, ligands), (without + most) / 2, rtol=1e-6)
    if ligands is None:
        K, c = subtype.K_gaba.value, subtype.c_gaba.value
        ratio = np.sqrt((2 / (without + most) - 1) / (1 / without - 1))
        assert_allclose(ec50, (1 - ratio) / (ratio / (K * c) - 1 / K), rtol=1e-6)


@pytest.mark.parametrize("name", SUBTYPES)
def test_hill_coefficients_of_the_printed_table(name):
    printed = 1.5 if name.endswith("concatemer") else PRINTED_HILL["delta" if name.endswith("delta") else "gamma2"]
    assert abs(gaba_hill(receptor(name)) - printed) <= 0.05


def test_a_hill_curve_has_its_own_coefficient():
    """A receptor that opens with both sites bound or not at all, far below K: the coefficient is 2."""
    steep = receptor("alpha1_beta_gamma2", parameters={"L": 1e6, "c_gaba": 1e-8})
    assert_allclose(gaba_hill(steep), 2, atol=5e-3)


def test_the_steroid_shifts_a_full_agonist_and_hardly_a_partial_one():
    shifts = [
        gaba_ec50(one, 300 * nM) / gaba_ec50(one)
        for one in (receptor("alpha1_beta_gamma2", "recombinant"), receptor("alpha1_beta_delta", "recombinant"))
    ]
    assert shifts[0] < 0.3 < shifts[1]


def test_steroid_ec50():
    subtype = receptor("alpha1_beta_gamma2_concatemer", "recombinant")
    assert_allclose(steroid_ec50(subtype, 2), 0.6258, rtol=1e-3)
    assert_allclose(steroid_ec50(subtype, 2 * uM), steroid_ec50(subtype, 2), rtol=1e-9)
    # K alone scales the curve of a steroid.
    doubled = receptor("alpha1_beta_gamma2_concatemer", "recombinant", parameters={"K_allo": "0.8 uM"})
    assert_allclose(steroid_ec50(doubled, 2), 2 * steroid_ec50(subtype, 2), rtol=1e-6)


def test_gaba_for_a_share_is_the_inverse_of_the_curve():
    subtype = receptor("alpha1_beta_gamma2", "recombinant")
    without, most = open_probability([0, 1e9], 30, subtype)
    shares = [0.1, 0.5, 0.9]
    evoked = open_probability([gaba_for_share(subtype, share, 30) for share in shares], 30, subtype)
    assert_allclose((evoked - without) / (most - without), shares, rtol=1e-6)


def test_gaba_for_a_fold_is_the_inverse_of_the_fold():
    subtype = receptor("alpha4_beta_delta")
    assert_allclose(gaba_for_fold(subtype, 1), 0.16, rtol=1e-6)
    assert_allclose(tonic_fold(gaba_for_fold(subtype, 3.5), 0, subtype), 3.5, rtol=1e-9)


def test_steroid_hill_spans_a_tenth_to_nine_tenths_of_the_effect():
    subtype = receptor("alpha1_beta_gamma2_concatemer", "recombinant")
    hill, ec50 = steroid_hill(subtype, 2, "alfaxalone"), steroid_ec50(subtype, 2, "alfaxalone")
    without, half, most = (float(open_probability(2, 0, subtype, {"alfaxalone": uM})) for uM in (0, ec50, 1e9))
    assert_allclose(half, (without + most) / 2, rtol=1e-6)
    # A Hill curve with these two numbers is not far from the model between them.
    for factor in (0.3, 3):
        effect = float(open_probability(2, 0, subtype, {"alfaxalone": factor * ec50})) - without
        assert_allclose(effect / (most - without), factor**hill / (1 + factor**hill), atol=0.03)


def test_potentiation_refers_to_gaba_alone():
    subtype = receptor("alpha4_beta_delta")
    ligands = {"zolpidem": 1.0, "pregnenolone_sulfate": 13.0}
    expected = open_probability([0.1, 1], 100, subtype, ligands) / open_probability([0.1, 1], 0, subtype)
    assert_allclose(potentiation([0.1, 1], 100, subtype, ligands), expected, rtol=1e-15)


@pytest.mark.parametrize(
    "call, path, words",
    [
        (lambda: steroid_ec50(receptor("alpha4_beta_delta", "insensitive"), 1), "allopregnanolone", "no EC50"),
        (lambda: steroid_ec50(receptor("alpha4_beta_delta"), 1, "zolpidem"), "zolpidem", "no EC50"),
        (
            lambda: steroid_ec50(receptor("alpha4_beta_delta"), 1, "isoallopregnanolone"),
            "isoallopregnanolone",
            "no EC50",
        ),
        (lambda: steroid_ec50(receptor("alpha4_beta_delta"), 1, "thodc"), "ligand", "'thdoc'"),
        (lambda: gaba_ec50(receptor("alpha4_beta_delta"), -1), "allopregnanolone", "negative"),
        (lambda: gaba_for_share(receptor("alpha4_beta_delta"), 1), "share", "no share"),
        (lambda: gaba_for_fold(receptor("alpha4_beta_delta"), 30), "fold", "less than 12.28"),
        (lambda: gaba_for_fold(receptor("alpha4_beta_delta"), 0), "fold", "more than 0"),
    ],
)
def test_bad_input_is_told_where_and_what(call, path, words):
    with pytest.raises(InputError) as raised:
        call()
    assert raised.value.path == path
    assert words in raised.value.message
