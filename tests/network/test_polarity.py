"""The switch of Shen et al. 2007 in a network: the binary against the function, the signs reported, and who may have it."""

import numpy as np
import pytest

from allotone import InputError, Network, receptor, tonic_fold
from allotone.network.definition import Definition
from allotone.network.describe import describe
from allotone.receptors import ReferenceState, polarity_factor, rectification_factor
from allotone.simulation.run import plan_run

SWITCHED = {"receptor": "alpha4_beta_delta", "conductance": "1 nS", "polarity_switch": "shen_2007"}
NETWORK = {
    "title": "Cells of many reversal potentials", "time_step": "0.1 ms", "medium": {"gaba": "0.3 uM"},
    "populations": {
        "cells": {
            "size": 50, "neuron": "conductance_lif", "parameters": {"v_threshold": "900 mV", "E_leak": "-50 mV"},
            "initial": {"v": {"distribution": "uniform", "min": "-95 mV", "max": "-40 mV"}},
            "reversal": {"E_gaba": {"distribution": "uniform", "min": "-75 mV", "max": "-25 mV"}},
            "tonic": {
                "slice": {**SWITCHED, "rectification": "weak"},
                "recombinant": {**SWITCHED, "preparation": "recombinant"},
                "plain": {**SWITCHED, "polarity_switch": "none"},
            },
        }
    },
}  # fmt: skip
TONIC = "populations.cells.tonic"


def simulate(definition, allopregnanolone, **changes):
    """Traces (time, agents) by variable, in SI units, and what agents drew."""
    run = Network(definition.override(changes)).run(
        "100 ms", allopregnanolone=allopregnanolone,
        record=["v@cells/1ms", *(f"g_tonic_{name}@cells/1ms" for name in ("slice", "recombinant", "plain"))],
    )  # fmt: skip
    return {trace.variable: np.asarray(trace.values) for trace in run.traces["cells"]}, run.agents["cells"]


@pytest.fixture(scope="module")
def definition():
    return Definition.from_data(NETWORK)


@pytest.mark.parametrize("schedule", ["0 nM", "30 nM", "step:before=5nM,after=200nM,onset=50ms"])
def test_a_run_is_the_function(definition, schedule):
    traces, agents = simulate(definition, schedule)
    times = np.arange(100)
    levels = {"0 nM": (0, 0), "30 nM": (30, 30)}.get(schedule, (5, 200))
    allo = np.where(times < 50, *levels)[:, None]
    v, E_gaba = traces["v"] * 1e3, np.asarray(agents["reversal.E_gaba"]) * 1e3
    factor = polarity_factor(v, E_gaba, allo)
    # Cells pass their reversal potential on their way.
    assert np.any(v < E_gaba - 5) and np.any(v > E_gaba + 5)
    settled = (times > 0) & (np.abs(times - 50) > 1)
    for name, switch, rectification in (
        ("slice", factor, rectification_factor(v, "weak")), ("recombinant", factor, 1), ("plain", 1, 1),
    ):  # fmt: skip
        subtype = receptor("alpha4_beta_delta", "recombinant" if name == "recombinant" else "slice")
        expected = 1e-9 * tonic_fold(0.3, allo, subtype) * switch * rectification * np.ones_like(v)
        np.testing.assert_allclose(traces[f"g_tonic_{name}"][settled], expected[settled], rtol=1e-9)


@pytest.mark.parametrize(("E_gaba", "sign"), [("-70 mV", -1), ("-30 mV", 1)])
def test_sign_of_what_30_nM_does_at_minus_50_mV(definition, E_gaba, sign):
    held = {
        "populations.cells.reversal.E_gaba.min": E_gaba, "populations.cells.reversal.E_gaba.max": E_gaba,
        "populations.cells.initial.v.min": "-50 mV", "populations.cells.initial.v.max": "-50 mV",
        "populations.cells.parameters.g_leak": "10 uS",
    }  # fmt: skip
    currents = {}
    for allopregnanolone in ("0 nM", "30 nM"):
        traces, _ = simulate(definition, allopregnanolone, **held)
        assert np.all(np.abs(traces["v"] + 50e-3) < 0.1e-3)
        driving = np.abs(traces["v"][-1, 0] - float(E_gaba.split()[0]) * 1e-3)
        currents[allopregnanolone] = {
            name: traces[f"g_tonic_{name}"][-1, 0] * driving for name in ("slice", "recombinant", "plain")
        }
    for name in ("slice", "recombinant"):
        assert np.sign(currents["30 nM"][name] - currents["0 nM"][name]) == sign
    # Without the switch the same receptor gains either way.
    assert currents["30 nM"]["plain"] > 1.1 * currents["0 nM"]["plain"]


def test_the_stated_conductance_is_that_of_the_reference_state(definition):
    """At 30 nM and -50 mV for agents of any reversal potential, and relative to there elsewhere."""
    reference = {"gaba": "0.3 uM", "allopregnanolone": "30 nM", "voltage": "-50 mV"}
    held = {
        "populations.cells.initial.v.min": "-50 mV", "populations.cells.initial.v.max": "-50 mV",
        "populations.cells.parameters.g_leak": "1 S",
        **{f"{TONIC}.{name}.reference": reference for name in ("slice", "recombinant", "plain")},
    }  # fmt: skip
    traces, agents = simulate(definition, "30 nM", **held)
    E_gaba = np.asarray(agents["reversal.E_gaba"]) * 1e3
    assert np.ptp(polarity_factor(-50, E_gaba, 30)) > 0.6
    for name in ("slice", "recombinant", "plain"):
        np.testing.assert_allclose(traces[f"g_tonic_{name}"][1:], 1e-9, rtol=1e-6)
    traces, _ = simulate(definition, "100 nM", **held)
    switch = polarity_factor(-50, E_gaba, 100) / polarity_factor(-50, E_gaba, 30)
    subtype = receptor("alpha4_beta_delta")
    fold = tonic_fold(0.3, 100, subtype, ReferenceState("0.3 uM", "30 nM"))
    np.testing.assert_allclose(traces["g_tonic_slice"][-1], 1e-9 * fold * switch, rtol=1e-6)


def test_off_unless_asked_for(definition):
    assert definition.data["populations"]["cells"]["tonic"]["plain"]["polarity_switch"] == "none"
    off = definition.override({f"{TONIC}.{name}.polarity_switch": "none" for name in ("slice", "recombinant")})
    assert "polarity" not in plan_run(off, duration_s=0.1).structure
    assert "Shen" not in describe(off, {})
    lines = [" ".join(line.split()) for line in describe(definition, {}).splitlines()]
    assert lines[-4] == "polarity_switch shen_2007"
    assert lines[-3].startswith("reduction 0.9 (0.83 to 1) assumed: only the sign at 30 nM was seen, Shen et al. 2007")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"polarity_switch": "shen"}, "polarity_switch: unknown polarity switch 'shen'; did you mean 'shen_2007'"),
        ({"receptor": "alpha1_beta_delta"}, r"polarity_switch: 'alpha1_beta_delta' has no such switch: .*R353"),
        ({"receptor": "alpha5_beta_gamma2"}, r"polarity_switch: 'alpha5_beta_gamma2' has no such switch: .*R353"),
        (
            {"preparation": "insensitive"},
            "polarity_switch: an insensitive receptor is one that the steroid does not touch",
        ),
    ],
)
def test_who_may_have_it(definition, values, sentence):
    path = f"{TONIC}.slice"
    with pytest.raises(InputError, match=rf"^{path.replace('.', chr(92) + '.')}\.{sentence}"):
        definition.override({f"{path}.{key}": value for key, value in values.items()})
