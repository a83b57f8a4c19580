"""What must hold for every receptor, concentration and ligand, and the closed form against enumerated states."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from allotone.errors import InputError
from allotone.receptors import (
    LIGANDS,
    PREPARATIONS,
    RECTIFICATIONS,
    SUBTYPES,
    Block,
    decay_factor,
    direct_open_probability,
    open_probability,
    potentiation,
    receptor,
    rectification_factor,
    regulate,
    steady_state_open_probability,
    tonic_fold,
)
from allotone.units import nM, uM

RECEPTORS = [receptor(name, preparation) for name in SUBTYPES for preparation in PREPARATIONS]
# Rounding of a few operations; every inequality below holds but for it.
ROUNDING = 1 + 1e-13

POSITIVE_MODULATORS = ("thdoc", "alfaxalone", "zolpidem")


def concentration(highest):
    """0 to `highest`, small ones as likely as large ones."""
    return st.just(0.0) | st.floats(-6, 0).map(lambda exponent: highest * 10.0**exponent)


def with_units(numbers):
    """Plain numbers as `receptor` takes them: concentrations, here in uM, with their unit."""
    return {key: one * uM if key.startswith("K_") or key == "decay_ec50" else one for key, one in numbers.items()}


@st.composite
def any_numbers(draw):
    """A receptor with any numbers that have a meaning, far beyond those of a published one."""
    numbers = {
        "L": 10 ** draw(st.floats(1, 6)),
        "K_gaba": 10 ** draw(st.floats(-3, 3)),
        "c_gaba": 10 ** draw(st.floats(-4, -0.01)),
        "K_allo": 10 ** draw(st.floats(-3, 1)),
        "c_allo": 10 ** draw(st.floats(-2, 0)),
        "decay_max": 10 ** draw(st.floats(0, 1)),
        "decay_ec50": 10 ** draw(st.floats(-2, 1)),
        "decay_hill": draw(st.floats(0.5, 3)),
        "Q0": draw(st.floats(0, 20)),
        "q": draw(st.floats(0, 5)),
        "K_q": 10 ** draw(st.floats(-3, 1)),
    }
    return receptor(draw(st.sampled_from(list(SUBTYPES))), "recombinant", parameters=with_units(numbers))


any_receptor = st.sampled_from(RECEPTORS) | any_numbers()
gaba_uM = concentration(1e3)
allo_nM = concentration(1e6)
ligand_uM = concentration(1e3)
any_ligands = st.dictionaries(st.sampled_from(list(LIGANDS)), ligand_uM)


@given(any_receptor, gaba_uM, allo_nM, any_ligands)
def test_open_probabilities_are_probabilities(subtype, gaba, allo, ligands):
    peak = open_probability(gaba, allo, subtype, ligands)
    steady = steady_state_open_probability(gaba, allo, subtype, ligands)
    assert 0 < steady <= peak < 1
    assert 0 < direct_open_probability(allo, subtype, ligands) < 1
    # Where THIP is the better agonist, GABA takes its place and closes receptors.
    assert direct_open_probability(allo, subtype, ligands) <= peak * ROUNDING or "thip" in ligands


@given(
    any_receptor, gaba_uM, allo_nM, any_ligands, st.sampled_from(RECTIFICATIONS), st.floats(-150, 80), st.floats(0, 1)
)
def test_nothing_is_ever_not_finite(subtype, gaba, allo, ligands, kind, v, phi):
    fold = tonic_fold(gaba, allo, subtype, constitutive_fraction=phi, ligands=ligands) * rectification_factor(v, kind)
    assert np.isfinite(fold) and fold > -1e-9
    decay = decay_factor(allo, subtype, ligands)
    assert np.isfinite(decay) and decay >= 1


@given(any_receptor, gaba_uM, gaba_uM, allo_nM)
def test_more_gaba_opens_more(subtype, one, other, allo):
    less, more = sorted((one, other))
    for function in (open_probability, steady_state_open_probability):
        assert function(less, allo, subtype) <= function(more, allo, subtype) * ROUNDING


@given(any_receptor, gaba_uM, ligand_uM, ligand_uM, st.sampled_from(POSITIVE_MODULATORS))
def test_a_positive_modulator_opens(subtype, gaba, one, other, name):
    less, more = sorted((one, other))
    before, after = (open_probability(gaba, 0, subtype, {name: uM}) for uM in (less, more))
    assert before <= after * ROUNDING


@given(any_receptor, gaba_uM, allo_nM, allo_nM, ligand_uM, st.sampled_from(POSITIVE_MODULATORS))
def test_allopregnanolone_adds_to_other_modulators(subtype, gaba, one, other, uM, name):
    less, more = sorted((one, other))
    for function in (open_probability, lambda _, *arguments: decay_factor(*arguments)):
        assert function(gaba, less, subtype, {name: uM}) <= function(gaba, more, subtype, {name: uM}) * ROUNDING


@given(any_receptor, allo_nM, ligand_uM, ligand_uM, st.sampled_from(POSITIVE_MODULATORS))
def test_a_positive_modulator_prolongs(subtype, allo, one, other, name):
    less, more = sorted((one, other))
    assert decay_factor(allo, subtype, {name: less}) <= decay_factor(allo, subtype, {name: more}) * ROUNDING


@given(any_receptor, gaba_uM)
def test_without_steroid_it_is_the_gaba_curve(subtype, gaba):
    L, K, c = subtype.L.value, subtype.K_gaba.value, subtype.c_gaba.value
    opened = (1 + gaba / (K * c)) ** 2
    closed = L * (1 + gaba / K) ** 2
    assert_allclose(open_probability(gaba, 0, subtype), opened / (opened + closed), rtol=1e-12)
    assert_allclose(
        open_probability(gaba, 0, subtype, dict.fromkeys(LIGANDS, 0.0)), opened / (opened + closed), rtol=1e-12
    )


@given(any_receptor, gaba_uM, gaba_uM, allo_nM)
def test_weak_gaba_is_potentiated_most(subtype, one, other, allo):
    weak, strong = sorted((one, other))
    assert potentiation(weak, allo, subtype) * ROUNDING >= potentiation(strong, allo, subtype) >= 1 / ROUNDING


@given(any_receptor, gaba_uM, allo_nM, ligand_uM, st.sampled_from(["thdoc", "alfaxalone"]), ligand_uM)
def test_a_competitor_never_adds(subtype, gaba, allo, agonist, name, competitor):
    alone, both = {name: agonist}, {name: agonist, "isoallopregnanolone": competitor}
    assert open_probability(gaba, allo, subtype, both) <= open_probability(gaba, allo, subtype, alone) * ROUNDING
    assert decay_factor(allo, subtype, both) <= decay_factor(allo, subtype, alone) * ROUNDING


@given(any_receptor, gaba_uM, allo_nM, ligand_uM)
def test_a_block_leaves_a_share(subtype, gaba, allo, blocker):
    block = LIGANDS["pregnenolone_sulfate"](subtype)
    assert isinstance(block, Block)
    free = open_probability(gaba, allo, subtype)
    left = open_probability(gaba, allo, subtype, {"pregnenolone_sulfate": blocker})
    assert (1 - block.maximum.value) * free <= left * ROUNDING and left <= free


def effective(subtype, site, ligand, uM):
    """The receptor that a constant ligand of a site makes of another: its L, and K and c of the site's own ligand."""
    resting, opened = 1 + uM / ligand.K.value, 1 + uM / (ligand.K.value * ligand.c.value)
    own = {"gaba": "gaba", "steroid": "allo"}.get(site)
    numbers = {"L": subtype.L.value * (resting / opened) ** (2 if own else 1)}
    if own:
        numbers[f"K_{own}"] = getattr(subtype, f"K_{own}").value * resting
        numbers[f"c_{own}"] = getattr(subtype, f"c_{own}").value * opened / resting
    return numbers


@given(
    st.sampled_from([one for one in RECEPTORS if one.preparation != "insensitive"]),
    gaba_uM,
    allo_nM,
    st.sampled_from(["thdoc", "alfaxalone", "isoallopregnanolone", "zolpidem"]),
    ligand_uM,
)
def test_a_constant_ligand_is_another_receptor(subtype, gaba, allo, name, uM):
    ligand = LIGANDS[name](subtype)
    numbers = {} if ligand is None else effective(subtype, ligand.site, ligand, uM)
    other = receptor(subtype.name, subtype.preparation, parameters=with_units(numbers))
    assert_allclose(open_probability(gaba, allo, subtype, {name: uM}), open_probability(gaba, allo, other), rtol=1e-11)


@given(st.sampled_from(RECEPTORS), gaba_uM, allo_nM, concentration(10.0))
def test_constant_thip_is_another_receptor(subtype, gaba, allo, uM):
    numbers = effective(subtype, "gaba", LIGANDS["thip"](subtype), uM)
    # Beside more of a better agonist GABA is an antagonist, which no receptor's own numbers may say.
    assume(numbers["c_gaba"] < 1)
    other = receptor(subtype.name, subtype.preparation, parameters=with_units(numbers))
    assert_allclose(
        open_probability(gaba, allo, subtype, {"thip": uM}), open_probability(gaba, allo, other), rtol=1e-11
    )


@pytest.mark.parametrize("subtype", RECEPTORS, ids=lambda subtype: f"{subtype.name}-{subtype.preparation}")
@pytest.mark.parametrize("gaba, allo", [(0, 0), (0.16, 0), (0.16, 100), (0, 3000), (5, 30), (1000, 1000), (1000, 1e6)])
def test_closed_form_against_the_stationary_state_of_the_scheme(subtype, gaba, allo):
    """18 states, closed or open with 0 to 2 GABA and 0 to 2 steroid bound, reached from each other by single steps.

    Each step has a forward and a backward rate; the probabilities are carried along a tree of steps by detailed balance,
    and must then balance in all the other steps, and make the rate matrix's derivative 0.
    """
    L, A = subtype.L.value, allo / 1000
    K = {0: (subtype.K_gaba.value, subtype.K_allo.value)}
    K[1] = (K[0][0] * subtype.c_gaba.value, K[0][1] * subtype.c_allo.value)
    states = list(itertools.product((0, 1), range(3), range(3)))
    index = {state: at for at, state in enumerate(states)}
    rates = np.zeros((18, 18))
    for is_open, g, a in states:
        here = index[is_open, g, a]
        if g < 2:
            rates[here, index[is_open, g + 1, a]] = (2 - g) * gaba
            rates[index[is_open, g + 1, a], here] = (g + 1) * K[is_open][0]
        if a < 2:
            rates[here, index[is_open, g, a + 1]] = (2 - a) * A
            rates[index[is_open, g, a + 1], here] = (a + 1) * K[is_open][1]
        if not is_open:
            rates[here, index[1, g, a]] = 1.0
            rates[index[1, g, a], here] = L * subtype.c_gaba.value**g * subtype.c_allo.value**a
    weights = {0: 1.0}
    while len(weights) < 18:
        for one, other in itertools.product(range(18), repeat=2):
            if one in weights and other not in weights and rates[other, one] > 0:
                weights[other] = weights[one] * rates[one, other] / rates[other, one]
    p = np.array([weights[at] for at in range(18)]) / sum(weights.values())
    flow = p[:, None] * rates
    assert_allclose(flow, flow.T, rtol=1e-12)
    assert_allclose(flow.sum(axis=0), flow.sum(axis=1), rtol=1e-12)
    probability = sum(p[index[state]] for state in states if state[0])
    assert_allclose(probability, open_probability(gaba, allo, subtype), rtol=1e-12)


@pytest.mark.parametrize("name", SUBTYPES)
@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_closed_form_with_all_ligands_against_enumerated_site_states(name, preparation):
    """Every site by itself: empty or with one of its ligands; weights are products of x/K, times 1/c where open."""
    subtype = receptor(name, preparation)
    gaba, allo = 0.7, 0.2
    ligands = {"thdoc": 0.3, "alfaxalone": 0.5, "isoallopregnanolone": 8.0, "zolpidem": 0.1, "thip": 2.0}
    bound = {name: LIGANDS[name](subtype) for name in ligands}
    choices = {"gaba": [(gaba, subtype.K_gaba, subtype.c_gaba)], "steroid": [(allo, subtype.K_allo, subtype.c_allo)]}
    choices["benzodiazepine"] = []
    for name, ligand in bound.items():
        if ligand is not None:
            choices[ligand.site].append((ligands[name], ligand.K, ligand.c))
    sites = [choices["gaba"]] * 2 + [choices["steroid"]] * 2 + [choices["benzodiazepine"]]
    weight = {False: 0.0, True: 0.0}
    for is_open in weight:
        for occupied in itertools.product(*([None, *there] for there in sites)):
            here = 1.0 if is_open else subtype.L.value
            for site in occupied:
                if site is not None:
                    uM, K, c = site
                    here *= uM / K.value / (c.value if is_open else 1)
            weight[is_open] += here
    assert_allclose(
        open_probability(gaba, 1000 * allo, subtype, ligands), weight[True] / sum(weight.values()), rtol=1e-12
    )


@pytest.mark.parametrize(
    "call, path, words",
    [
        (
            lambda one: tonic_fold([0.1, 0.2], [1, 2, 3], one),
            "allopregnanolone",
            "(3,) does not broadcast with (2,) of gaba",
        ),
        (lambda one: open_probability(0.1, [1, 2, 3], one, {"thip": [1, 2]}), "ligands.thip", "of allopregnanolone"),
        (lambda one: decay_factor([1, 2, 3], one, {"zolpidem": [1, 2]}), "ligands.zolpidem", "of allopregnanolone"),
        (lambda one: tonic_fold(0.16, "100", one), "allopregnanolone", "has no unit"),
        (lambda one: tonic_fold(0.16, "100 ms", one), "allopregnanolone", "expected a concentration"),
        (lambda one: tonic_fold(0.16, ["much"], one), "allopregnanolone", "'much' is not a finite number"),
        (
            lambda one: tonic_fold(0.16, [[1], [1, 2]], one),
            "allopregnanolone",
            "is not a number or an array of numbers",
        ),
        (lambda one: regulate([0.0], ["pregnant"], "mouse_dentate"), "exposure", "'pregnant' is not a finite number"),
    ],
)
def test_arguments_that_cannot_be_read_are_named(call, path, words):
    with pytest.raises(InputError) as error:
        call(receptor("alpha4_beta_delta"))
    assert error.value.path == path and words in error.value.message


def test_a_concentration_may_be_text():
    one = receptor("alpha4_beta_delta")
    assert_allclose(tonic_fold("0.16 uM", "0.1 uM", one), tonic_fold(0.16, 100, one), rtol=1e-14)


@pytest.mark.parametrize("doses", [[10 * nM, 20 * nM], ("10 nM", "0.02 uM"), [10 * nM, "20 nM"]], ids=str)
def test_a_list_of_concentrations_keeps_their_units(doses):
    one = receptor("alpha4_beta_delta")
    assert_allclose(tonic_fold(0.16, doses, one), tonic_fold(0.16, [10, 20], one), rtol=1e-12)
    with pytest.raises(InputError, match="expected a concentration"):
        tonic_fold(0.16, [10 * nM, "3 ms"], one)
