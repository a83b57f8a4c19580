"""The Brian2 text of each receptor function against the function on arrays."""

import numpy as np
import pytest
from brian2 import BrianObjectException, Network, NeuronGroup, ms, prefs
from numpy.testing import assert_allclose

from allotone.receptors import (
    DECAY,
    PREPARATIONS,
    SUBTYPES,
    ReferenceState,
    constants,
    decay_factor,
    decay_factor_expression,
    direct_open_probability,
    direct_open_probability_expression,
    open_probability,
    open_probability_expression,
    receptor,
    rectification_expression,
    rectification_factor,
    reversal_expression,
    reversal_potential,
    tonic_fold,
    tonic_fold_expression,
)
from allotone.units import quantity

GABA_UM, ALLO_NM = (
    grid.ravel() for grid in np.meshgrid(np.append(0, np.geomspace(0.01, 100, 7)), [0, 1, 30, 100, 3e4])
)
V_MV = np.append(np.linspace(-120, 60, 61), [-20.0, 10.0])


@pytest.fixture(autouse=True)
def numpy_target():
    before = prefs.codegen.target
    prefs.codegen.target = "numpy"
    yield
    prefs.codegen.target = before


def evaluate(expressions, unit, namespace, **variables):
    """Values of expressions over the agents of a group, after one step in which Brian2 checks their units.

    Parameters
    ----------
    expressions : list of str
    unit : str                         Brian2 unit of all of them
    variables : (str, array (agents,)) Brian2 unit and values in base units

    Returns
    -------
    list of array (agents,)            in the order of the expressions, in base units
    """
    lines = [f"{name} : {of} (constant)" for name, (of, _) in variables.items()]
    lines += [f"y{n} : {unit}" for n in range(len(expressions))]
    size = len(next(iter(variables.values()))[1])
    group = NeuronGroup(size, "\n".join(lines), namespace=namespace)
    for name, (_, values) in variables.items():
        setattr(group, f"{name}_", values)
    group.run_regularly("\n".join(f"y{n} = {one}" for n, one in enumerate(expressions)), dt=1 * ms)
    Network(group).run(1 * ms)
    return [np.asarray(getattr(group, f"y{n}_")[:]) for n in range(len(expressions))]


def concentrations():
    return {
        "gaba": ("mmolar", np.asarray(quantity(GABA_UM, "uM"))),
        "allo": ("mmolar", np.asarray(quantity(ALLO_NM, "nM"))),
    }


@pytest.mark.parametrize("name", SUBTYPES)
@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_gating_and_fold(name, preparation):
    subtype = receptor(name, preparation)
    namespace = constants(subtype, "tonic_a") | {
        "tonic_a_gaba_ref": quantity(0.2, "uM"),
        "tonic_a_allo_ref": quantity(5, "nM"),
        "tonic_a_phi": 0.25,
    }
    reference = ReferenceState(gaba="0.2 uM", allopregnanolone="5 nM")
    expected = {
        open_probability_expression("gaba", "allo", "tonic_a"): open_probability(GABA_UM, ALLO_NM, subtype),
        direct_open_probability_expression("allo", "tonic_a"): direct_open_probability(ALLO_NM, subtype),
        tonic_fold_expression("gaba", "allo", "tonic_a"): tonic_fold(GABA_UM, ALLO_NM, subtype, reference, 0.25),
    }
    for simulated, values in zip(evaluate([*expected], "1", namespace, **concentrations()), expected.values()):
        assert_allclose(simulated, values, rtol=1e-12)


@pytest.mark.parametrize("preparation", ["slice", "insensitive"])
def test_decay(preparation):
    subtype = receptor("alpha1_beta_gamma2", preparation)
    namespace = constants(subtype, "phasic_a", DECAY)
    (simulated,) = evaluate([decay_factor_expression("allo", "phasic_a")], "1", namespace, **concentrations())
    assert_allclose(simulated, decay_factor(ALLO_NM, subtype), rtol=1e-12)


@pytest.mark.parametrize("kind", ["none", "weak", "strong"])
@pytest.mark.parametrize("v_ref_mV", [-70, -50])
def test_rectification(kind, v_ref_mV):
    variables = {"v": ("volt", V_MV / 1000), "v_ref": ("volt", np.full(V_MV.size, v_ref_mV / 1000))}
    (simulated,) = evaluate([rectification_expression(kind, "v", "v_ref")], "1", {}, **variables)
    assert_allclose(simulated, rectification_factor(V_MV, kind, v_ref_mV), rtol=1e-12)


def test_rectification_refers_to_minus_70_mV_unless_told():
    (simulated,) = evaluate([rectification_expression("weak")], "1", {}, v=("volt", V_MV / 1000))
    assert_allclose(simulated, rectification_factor(V_MV, "weak"), rtol=1e-12)


def test_reversal_potential():
    anions = {
        "chloride_in": np.linspace(3, 40, 20),
        "chloride_out": np.linspace(120, 140, 20),
        "bicarbonate_in": np.linspace(12, 16, 20),
        "bicarbonate_out": np.linspace(26, 22, 20),
    }
    others = {"permeability_ratio": np.linspace(0, 0.44, 20), "temperature": np.linspace(295, 311, 20)}
    # Brian2's base unit of concentration is mmolar, so that the numbers in mM go in as they are.
    variables = {name: ("mmolar", values) for name, values in anions.items()}
    variables |= {
        "permeability_ratio": ("1", others["permeability_ratio"]),
        "temperature": ("kelvin", others["temperature"]),
    }
    (simulated,) = evaluate([reversal_expression()], "volt", {}, **variables)
    assert_allclose(simulated, np.asarray(reversal_potential(**anions, **others)), rtol=1e-12)


def test_arguments_may_be_sums():
    subtype = receptor("alpha4_beta_delta")
    namespace = constants(subtype, "a") | {
        "a_gaba_ref": quantity(0.16, "uM"), "a_allo_ref": quantity(0, "nM"), "a_phi": 0.0, "more": quantity(50, "nM"),
    }  # fmt: skip
    folds = [tonic_fold_expression("gaba + more", "allo + more", "a")]
    (simulated,) = evaluate(folds, "1", namespace, **concentrations())
    assert_allclose(simulated, tonic_fold(GABA_UM + 0.05, ALLO_NM + 50, subtype), rtol=1e-12)
    decay = constants(subtype, "a", DECAY) | {"more": quantity(50, "nM")}
    (simulated,) = evaluate([decay_factor_expression("allo + more", "a")], "1", decay, **concentrations())
    assert_allclose(simulated, decay_factor(ALLO_NM + 50, subtype), rtol=1e-12)
    kinds = ("weak", "strong")
    rectifications = [rectification_expression(kind, "v - 10*mV", "-60*mV - 10*mV") for kind in kinds]
    for kind, simulated in zip(kinds, evaluate(rectifications, "1", {}, v=("volt", V_MV / 1000))):
        assert_allclose(simulated, rectification_factor(V_MV - 10, kind, -70), rtol=1e-12)


@pytest.mark.parametrize(
    "expression, unit",
    [
        (open_probability_expression("gaba", "v", "a"), "1"),
        (open_probability_expression("gaba", "allo", "a"), "mmolar"),
        (rectification_expression("strong", "allo"), "1"),
        (rectification_expression("weak", "allo"), "1"),
    ],
)
def test_wrong_units_are_refused(expression, unit):
    variables = concentrations() | {"v": ("volt", np.full(GABA_UM.size, -0.06))}
    with pytest.raises(BrianObjectException):
        evaluate([expression], unit, constants(receptor("alpha4_beta_delta"), "a"), **variables)


def test_no_number_is_handed_over_that_the_expression_does_not_use():
    subtype = receptor("alpha4_beta_delta")
    fold, decay = tonic_fold_expression("gaba", "allo", "a"), decay_factor_expression("allo", "a")
    assert all(name in fold for name in constants(subtype, "a"))
    assert all(name in decay for name in constants(subtype, "a", DECAY))
