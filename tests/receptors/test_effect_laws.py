"""Laws of effects on other targets: the function, its Brian2 text, and what the shipped ones say of themselves."""

import numpy as np
import pytest
from brian2 import Network as Brian2Network
from brian2 import NeuronGroup, ms, prefs

from allotone import InputError, nM
from allotone.receptors import EFFECTS, effect, effect_constants, effect_expression, effect_factor
from allotone.units import quantity

ALLO_NM = np.array([0, 1, 100, 2e3, 1e4, 1e6])


@pytest.mark.parametrize("name", EFFECTS)
def test_a_law(name):
    law = effect(name)
    assert law.name == name
    assert effect_factor(0, law) == 1
    assert effect_factor(law.ec50.value * 1e3, law) == pytest.approx((1 + law.maximum.value) / 2)
    assert effect_factor(1e12, law) == pytest.approx(law.maximum.value, abs=1e-3)
    np.testing.assert_array_equal(effect_factor(ALLO_NM * nM, law), effect_factor(ALLO_NM, law))
    with pytest.raises(InputError, match="allopregnanolone: .* negative or not finite"):
        effect_factor(np.nan, law)


@pytest.mark.parametrize("name", EFFECTS)
def test_its_text(name):
    law = effect(name)
    before, prefs.codegen.target = prefs.codegen.target, "numpy"
    try:
        group = NeuronGroup(ALLO_NM.size, "A : mmolar (constant)\ny : 1", namespace=effect_constants(law, "x"))
        group.A = quantity(ALLO_NM, "nM")
        group.run_regularly(f"y = {effect_expression('A', 'x')}", dt=1 * ms)
        Brian2Network(group).run(1 * ms)
        np.testing.assert_allclose(np.asarray(group.y[:]), effect_factor(ALLO_NM, law), rtol=1e-12)
    finally:
        prefs.codegen.target = before


@pytest.mark.parametrize("name", EFFECTS)
def test_no_shipped_law_claims_more_than_it_knows(name):
    """No allopregnanolone curve was seen for any of them, and nothing below 2 uM."""
    law = effect(name)
    assert {number.origin for number in (law.maximum, law.ec50, law.hill)} == {"assumed"}
    assert 2000 <= law.evidence_nM[0] <= law.evidence_nM[1]


def test_signs_of_what_was_seen():
    assert effect_factor(2000, effect("presynaptic_release")) > 1
    assert effect_factor(2000, effect("t_type_calcium")) < 1
    # An upper bound that a physiological concentration does not notice.
    assert effect_factor(300, effect("nmda")) == pytest.approx(1, abs=0.01)


def test_unknown():
    with pytest.raises(InputError, match="effect: unknown effect 't_type'; did you mean 't_type_calcium'"):
        effect("t_type")
