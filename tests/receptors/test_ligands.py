"""Other ligands of the receptor: the data each was fitted to, what they leave alone, and how a user adds one."""

import csv
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from allotone.errors import InputError
from allotone.receptors import (
    LIGANDS,
    PREPARATIONS,
    SUBTYPES,
    Block,
    Ligand,
    Number,
    decay_factor,
    direct_open_probability,
    gaba_ec50,
    open_probability,
    potentiation,
    receptor,
    steady_state_open_probability,
    steroid_ec50,
    tonic_fold,
)
from allotone.units import nM, uM

STEROIDS = ("thdoc", "alfaxalone", "isoallopregnanolone")
DELTA = receptor("alpha4_beta_delta")
GAMMA2 = receptor("alpha1_beta_gamma2")
CONCATEMER = receptor("alpha1_beta_gamma2_concatemer", "recombinant")

KEYS = """
    tonic_vb_wt tonic_vb_d0 thip1_vb_wt thip1_vb_d0 zolp_phasic_dgc ps_ic50_dgc_ad thdoc_ec50_a1b2g2L_oo
    alfax_ec50_a1b2g2L_oo mwc_Leff_alf1 desens_ext_a1b2g2L_oo thdoc1000_a1b3g2_sat
""".split()
with (files("allotone") / "published" / "pharmacology.csv").open(encoding="utf-8") as file:
    SEEN = {row["key"]: row["value"] for row in csv.DictReader(file) if row["status"] == "seen"}
VALUES = {key: float(SEEN[key]) for key in KEYS}


def number(value, unit="1"):
    return Number(value, unit, value, value, "assumed", "a ligand of this test")


def test_thip_adds_what_it_adds_in_the_thalamus():
    """Calibration: 1 uM on slices of wild-type and delta-deficient mice; the delta current is the difference."""
    delta = VALUES["tonic_vb_wt"] - VALUES["tonic_vb_d0"]
    by_thip = VALUES["thip1_vb_wt"] - VALUES["thip1_vb_d0"]
    assert_allclose(tonic_fold(0.16, 0, DELTA, ligands={"thip": 1.0}) - 1, by_thip / delta, rtol=0.02)
    rest = VALUES["thip1_vb_d0"] / VALUES["tonic_vb_d0"]
    assert_allclose(tonic_fold(0.16, 0, GAMMA2, ligands={"thip": 1.0}) - 1, rest, rtol=0.02)


@pytest.mark.parametrize("name", SUBTYPES)
def test_thip_outdoes_gaba_at_delta_receptors_only(name):
    subtype = receptor(name)
    efficacy = direct_open_probability(0, subtype, {"thip": 1e9}) / subtype.maximal_open_probability
    assert 1.4 < efficacy < 1.7 if subtype.subunit == "delta" else 0.7 < efficacy < 0.9
    assert_array_equal(decay_factor([0, 100], subtype, {"thip": 3.0}), decay_factor([0, 100], subtype))


def test_what_thip_opens_needs_no_gaba_but_is_not_constitutive():
    assert tonic_fold(0, 0, DELTA, ligands={"thip": 1.0}) > 1
    assert tonic_fold(0.16, 0, DELTA, constitutive_fraction=1, ligands={"thip": 1.0}) == 1
    assert_allclose(
        tonic_fold(0.16, 0, DELTA, constitutive_fraction=0.4, ligands={"thip": 1.0}),
        0.4 + 0.6 * tonic_fold(0.16, 0, DELTA, ligands={"thip": 1.0}),
    )


def test_zolpidem_prolongs_and_spares_the_tonic_current():
    """Calibration: +66 % of phasic charge by 0.5 uM in granule cells, tonic current unchanged."""
    charge = 1 + VALUES["zolp_phasic_dgc"] / 100
    assert_allclose(decay_factor(0, GAMMA2, {"zolpidem": 0.5}), charge, rtol=0.01)
    for name in ("alpha4_beta_delta", "alpha1_beta_delta", "alpha6_beta_delta", "alpha5_beta_gamma2"):
        assert tonic_fold(0.16, 0, receptor(name), ligands={"zolpidem": 0.5}) == 1


def test_zolpidem_at_cortical_synapses():
    """Not used in the fit: 163 +/- 14 % of duration in 10 uM, Perrais & Ropert 1999, J Neurosci 19:578."""
    assert 1.49 <= decay_factor(0, GAMMA2, {"zolpidem": 10.0}) <= 1.77


@pytest.mark.parametrize(
    "name, share_of_ec50, ec50_uM, most",
    [("alpha1_beta_gamma2", 1 / 4, 0.033, 1.89), ("alpha2_beta_gamma2", 1 / 8, 0.195, 2.36)],
)
def test_zolpidem_potentiates(name, share_of_ec50, ec50_uM, most):
    """Calibration: Purkinje and striatal neurons, Neuropharmacology 1996;35:137."""
    subtype = receptor(name)
    gaba = share_of_ec50 * gaba_ec50(subtype)
    assert_allclose(steroid_ec50(subtype, gaba, "zolpidem"), ec50_uM, rtol=0.03)
    assert_allclose(potentiation(gaba, 0, subtype, {"zolpidem": 1e6}) - 1, most, rtol=0.04)


def test_pregnenolone_sulfate_blocks_as_measured():
    ic50_uM = VALUES["ps_ic50_dgc_ad"]
    for subtype, allo in ((DELTA, 0), (GAMMA2, 300)):
        left = potentiation(5, allo, subtype, {"pregnenolone_sulfate": [ic50_uM, 1e9]}) / potentiation(5, allo, subtype)
        assert_allclose(left, [1 - 0.855 / 2, 1 - 0.855], rtol=1e-6)
        assert_allclose(steroid_ec50(subtype, 5, "pregnenolone_sulfate"), ic50_uM, rtol=1e-6)
        assert decay_factor(allo, subtype, {"pregnenolone_sulfate": 13.0}) == decay_factor(allo, subtype)


def test_a_block_acts_on_both_parts_of_a_tonic_current():
    blocked = tonic_fold(0.16, 0, DELTA, constitutive_fraction=0.3, ligands={"pregnenolone_sulfate": 13.0})
    assert_allclose(blocked, 1 - 0.855 / 2, rtol=1e-12)


def test_thdoc():
    """Calibration: EC50 1.3 uM in oocytes; at delta its own affinity, .20 uM."""
    assert_allclose(steroid_ec50(CONCATEMER, 2, "thdoc"), VALUES["thdoc_ec50_a1b2g2L_oo"], rtol=0.05)
    assert_allclose(LIGANDS["thdoc"](receptor("alpha1_beta_delta", "recombinant")).K.value, 0.20, rtol=1e-12)


def test_thdoc_on_the_receptor_of_wohlfarth():
    """The ligand gives what the parameter set of THDOC in the acceptance tests gives."""
    numbers = {"K_gaba": "1.73 uM", "c_gaba": 0.0339}
    subtype = receptor("alpha1_beta_delta", "recombinant", parameters=numbers)
    as_steroid = receptor("alpha1_beta_delta", "recombinant", parameters=numbers | {"K_allo": "0.2 uM"})
    gaba = np.array([0.1, 10, 1000])
    assert_allclose(
        open_probability(gaba, 0, subtype, {"thdoc": 0.03}), open_probability(gaba, 30, as_steroid), rtol=1e-12
    )


def test_alfaxalone():
    """Calibration: L 606 +/- 160 in 1 uM, from the open probability without GABA."""
    ligand = LIGANDS["alfaxalone"](CONCATEMER)
    assert_allclose([ligand.K.value, ligand.c.value], [0.96, 0.152], rtol=1e-3)
    effective_L = 1 / direct_open_probability(0, CONCATEMER, {"alfaxalone": 1.0}) - 1
    assert_allclose(effective_L, VALUES["mwc_Leff_alf1"], rtol=0.02)


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason="1.5 uM: K comes from a laboratory that disagrees threefold"
)
def test_alfaxalone_in_the_oocytes_of_chisari():
    measured = VALUES["alfax_ec50_a1b2g2L_oo"]
    assert measured / 1.5 <= steroid_ec50(CONCATEMER, 2, "alfaxalone") <= measured * 1.5


def test_isoallopregnanolone_does_nothing_by_itself():
    for subtype in (DELTA, GAMMA2):
        assert_allclose(potentiation(0.16, 0, subtype, {"isoallopregnanolone": 10.0}), 1, rtol=1e-12)
        assert decay_factor(0, subtype, {"isoallopregnanolone": 10.0}) == 1


def test_competition_does_not_explain_the_human_antagonism():
    """Half the concentration of allopregnanolone, which antagonises it in people, takes less than 1 % here."""
    ligands = {"isoallopregnanolone": 0.05}
    tonic = (tonic_fold(0.16, 100, DELTA, ligands=ligands) - 1) / (tonic_fold(0.16, 100, DELTA) - 1)
    phasic = (decay_factor(100, GAMMA2, ligands) - 1) / (decay_factor(100, GAMMA2) - 1)
    assert 0.99 < tonic < 1 and 0.99 < phasic < 1


@pytest.mark.parametrize("name", SUBTYPES)
def test_an_insensitive_receptor_feels_no_steroid(name):
    subtype = receptor(name, "insensitive")
    ligands = dict.fromkeys(STEROIDS, 2.0)
    assert_array_equal(
        open_probability([0, 0.2, 50], 300, subtype, ligands), open_probability([0, 0.2, 50], 0, subtype)
    )
    assert_array_equal(decay_factor([0, 300], subtype, ligands), 1)
    steady = steady_state_open_probability
    assert_array_equal(steady([0.2, 50], 300, subtype, ligands), steady([0.2, 50], 0, subtype))


def test_a_preparation_and_changed_numbers_carry_over_to_other_steroids():
    for preparation in ("slice", "recombinant", "native"):
        ours, theirs = receptor("alpha4_beta_delta", preparation), LIGANDS["thdoc"]
        assert_allclose(theirs(ours).K.value / ours.K_allo.value, 0.8)
        assert theirs(ours).c.value == ours.c_allo.value
    assert_allclose(theirs(receptor("alpha4_beta_delta", parameters={"K_allo": "1 uM"})).K.value, 0.8)


@pytest.mark.parametrize("ligand", LIGANDS)
def test_every_number_has_a_source_and_a_range(ligand):
    for name in SUBTYPES:
        for preparation in PREPARATIONS:
            found = LIGANDS[ligand](receptor(name, preparation))
            for one in vars(found).values() if found else ():
                assert not isinstance(one, Number) or (one.low <= one.value <= one.high and len(one.source) > 10)


@pytest.mark.parametrize("ligand", LIGANDS)
def test_shapes_broadcast_even_where_a_ligand_does_nothing(ligand):
    gaba, allo, doses = np.array([0.1, 1.0])[:, None, None], np.array([0, 30, 100])[:, None], np.array([0.0, 1, 2, 3])
    for subtype in (DELTA, GAMMA2):
        for function in (open_probability, steady_state_open_probability, potentiation):
            arguments = (subtype, {ligand: doses})
            assert function(gaba, allo, *arguments).shape == (2, 3, 4)
        assert tonic_fold(gaba, allo, subtype, ligands={ligand: doses}).shape == (2, 3, 4)
        assert decay_factor(allo, subtype, {ligand: doses}).shape == (3, 4)
        assert direct_open_probability(0, subtype, {ligand: doses}).shape == (4,)


def test_plain_numbers_are_uM():
    expected = tonic_fold(0.16, 0, DELTA, ligands={"thip": 1.0})
    for one in (1 * uM, 1000 * nM):
        assert_allclose(tonic_fold(0.16, 0, DELTA, ligands={"thip": one}), expected, rtol=1e-12)


def test_a_user_adds_a_ligand_with_one_function(monkeypatch):
    """A silent ligand of the benzodiazepine site, which takes zolpidem's place."""

    def flumazenil(receptor):
        return Ligand("benzodiazepine", number(0.002, "uM"), number(1))

    monkeypatch.setitem(LIGANDS, "flumazenil", flumazenil)
    without, agonist = open_probability(3, 0, GAMMA2), open_probability(3, 0, GAMMA2, {"zolpidem": 0.5})
    with_both = open_probability(3, 0, GAMMA2, {"zolpidem": 0.5, "flumazenil": 1e4})
    assert agonist > 1.5 * without and abs(with_both / without - 1) < 1e-4
    assert_allclose(decay_factor(0, GAMMA2, {"zolpidem": 0.5, "flumazenil": 1e4}), 1, atol=1e-4)
    assert_allclose(open_probability(3, 0, GAMMA2, {"flumazenil": 5.0}), without, rtol=1e-12)


STEADY = steady_state_open_probability


class TestDesensitisation:
    def test_extent_in_gamma2_receptors(self):
        """Calibration: 79.8 %, Gielen, Thomas & Smart 2015."""
        assert_allclose(
            1 - STEADY(1e6, 0, GAMMA2) / open_probability(1e6, 0, GAMMA2),
            VALUES["desens_ext_a1b2g2L_oo"] / 100,
            rtol=5e-3,
        )

    @pytest.mark.parametrize("preparation", ["slice", "recombinant", "native"])
    def test_the_steroid_lowers_the_saturating_response_of_gamma2_receptors(self, preparation):
        """Wohlfarth et al. 2002, 1 uM THDOC on 1 mM GABA: a sign; the extent of desensitisation changes little."""
        subtype, thdoc = receptor("alpha1_beta_gamma2", preparation), {"thdoc": 1.0}
        assert np.sign(STEADY(1000, 0, subtype, thdoc) / STEADY(1000, 0, subtype) - 1) == VALUES["thdoc1000_a1b3g2_sat"]
        extents = [1 - STEADY(1000, 0, subtype, one) / open_probability(1000, 0, subtype, one) for one in ({}, thdoc)]
        assert extents[0] < extents[1] < extents[0] + 0.05

    def test_it_is_the_deepening_that_lowers_it(self):
        subtype = receptor("alpha1_beta_gamma2", "recombinant", parameters={"q": 0})
        assert STEADY(1000, 1000, subtype) > STEADY(1000, 0, subtype)

    def test_it_appears_with_the_steroid_in_delta_receptors(self):
        """Steady over peak at saturating GABA falls from .83 to .39 in 1 uM, the printed values of alpha1 beta delta."""
        subtype = receptor("alpha1_beta_delta", "recombinant")
        steady_over_peak = STEADY(1e4, [0, 1000], subtype) / open_probability(1e4, [0, 1000], subtype)
        assert_allclose(steady_over_peak, [0.83, 0.39], atol=0.005)

    @pytest.mark.parametrize(
        "name, preparation, lowered",
        [
            ("alpha4_beta_delta", "slice", 0.02),
            ("alpha6_beta_delta", "slice", 0.11),
            ("alpha6_beta_delta", "recombinant", 0.35),
        ],
    )
    def test_what_the_networks_neglect(self, name, preparation, lowered):
        """The shares that the documentation of the function states, at 0.16 uM GABA and 100 nM."""
        subtype = receptor(name, preparation)
        fold = STEADY(0.16, 100, subtype) / STEADY(0.16, 0, subtype)
        assert_allclose(1 - fold / potentiation(0.16, 100, subtype), lowered, atol=0.006)

    def test_without_a_desensitised_state_it_is_the_peak(self):
        subtype = receptor("alpha1_beta_gamma2", parameters={"Q0": 0})
        assert STEADY(3, 100, subtype) == open_probability(3, 100, subtype)


@pytest.mark.parametrize(
    "call, path, words",
    [
        (lambda: open_probability(1, 0, DELTA, {"thdok": 1.0}), "ligands", "'thdoc'"),
        (lambda: open_probability(1, 0, DELTA, ["thip"]), "ligands", "expected a mapping"),
        (lambda: decay_factor(1, GAMMA2, "zolpidem"), "ligands", "expected a mapping"),
        (lambda: tonic_fold(1, 0, DELTA, ligands=["thip"]), "ligands", "expected a mapping"),
        (lambda: tonic_fold(1, 0, DELTA, ligands={"thpi": 1.0}), "ligands", "'thip'"),
        (lambda: decay_factor(0, DELTA, {"zolpidem": -1.0}), "ligands.zolpidem", "-1.0 uM"),
        (lambda: decay_factor(0, GAMMA2, {"zolpidem": np.nan}), "ligands.zolpidem", "nan uM"),
        (lambda: open_probability(1, 0, DELTA, {"thip": 1 * uM / nM * uM**2}), "ligands.thip", "expected uM"),
        (lambda: Ligand("gaba_site", number(1, "uM"), number(1)), "ligand", "'gaba'"),
        (lambda: Ligand("gaba", number(0, "uM"), number(1)), "ligand", "above 0"),
        (lambda: Block(number(1, "uM"), number(1.2)), "ligand", "at most 1"),
        (lambda: replace(DELTA.K_allo, value=-0.1), "receptor number", "0 or more"),
    ],
)
def test_bad_input_is_told_where_and_what(call, path, words):
    with pytest.raises(InputError) as raised:
        call()
    assert raised.value.path == path
    assert words in raised.value.message
