"""The switch of Shen et al. 2007: signs on arrays, and the Brian2 text against them."""

import numpy as np
import pytest
from brian2 import Network as Brian2Network
from brian2 import NeuronGroup, ms, mV, prefs

from allotone import InputError, nM, receptor, tonic_fold
from allotone.receptors import SUBTYPES, check_polarity, polarity_expression, polarity_factor
from allotone.units import quantity


@pytest.mark.parametrize("preparation", ["slice", "recombinant"])
@pytest.mark.parametrize("gaba_uM", [0.01, 0.16, 1.0])
@pytest.mark.parametrize(("E_gaba_mV", "sign"), [(-70, -1), (-30, 1)])
def test_sign_of_the_change_by_30_nM_at_minus_50_mV(preparation, gaba_uM, E_gaba_mV, sign):
    subtype = receptor("alpha4_beta_delta", preparation)
    before, after = (
        tonic_fold(gaba_uM, nM_, subtype) * polarity_factor(-50, E_gaba_mV, nM_) * (-50 - E_gaba_mV) for nM_ in (0, 30)
    )
    assert np.sign(abs(after) - abs(before)) == sign


def test_what_the_function_is():
    assert polarity_factor(-50, -70, 0) == 1
    # Half of what is taken away, where the current is 0.
    assert polarity_factor(-70, -70, 10) == pytest.approx(1 - 0.9 * 0.5 * 0.5)
    assert polarity_factor(-50, -70, 1e6) == pytest.approx(0.1, rel=1e-3)
    assert polarity_factor(-50, -30, 1e6) == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(polarity_factor(-50 * mV, -70 * mV, 30 * nM), polarity_factor(-50, -70, 30))
    allo = np.geomspace(0.1, 1e4, 50)
    assert np.all(np.diff(polarity_factor(-50, -70, allo)) < 0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((-50, -70, -1), "allopregnanolone: .* negative or not finite"),
        ((np.nan, -70, 30), "v: nan mV is not finite"),
        ((-50, [-70, np.inf], 30), "E_gaba: inf mV is not finite"),
        ((-50, 3 * ms, 30), "E_gaba: .* is a time; expected mV"),
    ],
)
def test_bad_input(arguments, sentence):
    with pytest.raises(InputError, match=f"^{sentence}"):
        polarity_factor(*arguments)


@pytest.mark.filterwarnings("error")
def test_voltages_far_outside_a_cell():
    np.testing.assert_allclose(polarity_factor([-1e4, 1e4], -70, 1e6), [1, 0.1], rtol=1e-4)


def test_declared_limit_in_recombinant():
    """Above some 65 nM the assumed size no longer outweighs the potentiation there: documented, not wanted."""
    subtype = receptor("alpha4_beta_delta", "recombinant")
    ratio = tonic_fold(0.16, [60, 70], subtype) * polarity_factor(-50, -70, [60, 70])
    assert ratio[0] < 1 < ratio[1]


@pytest.mark.parametrize("name", sorted(set(SUBTYPES) - {"alpha4_beta_delta"}))
def test_only_alpha4_has_the_residue(name):
    with pytest.raises(InputError, match=r"polarity_switch: .*R353"):
        check_polarity(receptor(name))


def test_not_where_the_steroid_does_nothing():
    check_polarity(receptor("alpha4_beta_delta"))
    with pytest.raises(InputError, match="insensitive"):
        check_polarity(receptor("alpha4_beta_delta", "insensitive"))


def test_brian2_text():
    before, prefs.codegen.target = prefs.codegen.target, "numpy"
    try:
        v, E, allo = (
            grid.ravel() for grid in np.meshgrid([-1e4, -90, -70, -68, -50, 0], [-80, -70, -30], [0, 1, 30, 1e3])
        )
        lines = "v : volt (constant)\nE : volt (constant)\nA : mmolar (constant)\ny : 1"
        group = NeuronGroup(v.size, lines)
        group.v, group.E, group.A = v * mV, E * mV, quantity(allo, "nM")
        group.run_regularly(f"y = {polarity_expression('v', 'E', 'A')}", dt=1 * ms)
        Brian2Network(group).run(1 * ms)
        np.testing.assert_allclose(np.asarray(group.y[:]), polarity_factor(v, E, allo), rtol=1e-12)
    finally:
        prefs.codegen.target = before
