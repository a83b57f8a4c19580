"""The Brian2 text of each receptor function against the function on arrays."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, ms, prefs
from numpy.testing import assert_allclose

from allotone.receptors import (
    PREPARATIONS,
    SUBTYPES,
    ReferenceState,
    constants,
    direct_open_probability,
    direct_open_probability_expression,
    open_probability,
    open_probability_expression,
    receptor,
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


def evaluate(expression, unit, namespace, **variables):
    """Values of an expression over the agents of a group, after one step in which Brian2 checks its units.

    `variables` are name = (Brian2 unit as text, array in base units).
    """
    lines = [f"{name} : {of} (constant)" for name, (of, _) in variables.items()]
    size = len(next(iter(variables.values()))[1])
    group = NeuronGroup(size, "\n".join([*lines, f"y : {unit}"]), namespace=namespace)
    for name, (_, values) in variables.items():
        setattr(group, f"{name}_", values)
    group.run_regularly(f"y = {expression}", dt=1 * ms)
    Network(group).run(1 * ms)
    return np.asarray(group.y_[:])


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
    for expression, expected in (
        (open_probability_expression("gaba", "allo", "tonic_a"), open_probability(GABA_UM, ALLO_NM, subtype)),
        (direct_open_probability_expression("allo", "tonic_a"), direct_open_probability(ALLO_NM, subtype)),
        (tonic_fold_expression("gaba", "allo", "tonic_a"), tonic_fold(GABA_UM, ALLO_NM, subtype, reference, 0.25)),
    ):
        assert_allclose(evaluate(expression, "1", namespace, **concentrations()), expected, rtol=1e-12)
