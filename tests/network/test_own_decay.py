"""A decay time constant that each agent draws, in the compiled binary against its closed form."""

import numpy as np
import pytest
from small_network import changed

from allotone import InputError, Network
from allotone.network.definition import Definition
from allotone.network.describe import describe
from allotone.network.planning import Settings, make_plan
from allotone.receptors import alpha1_beta_gamma2, decay_factor
from allotone.results import read_run, write_run
from allotone.sweep.axis import Axis
from allotone.sweep.effective import effective_values

STEP_MS, RISE_MS, WEIGHT_S = 0.1, 0.5, 2e-9
# A spread so wide between its clips that half the agents draw the one and half the other.
FIVE_OR_TWENTY = {"mean": "12.5 ms", "sd": "1e6 ms", "min": "5 ms", "max": "20 ms"}
ONE_SPIKE = {"source": "train", "target": "cells", "connect": {"rule": "all_to_all"}, "weight": "2 nS"}
GABA, AMPA = {"receptor": "alpha1_beta_gamma2"}, {"receptor": "ampa", "reversal": "0 mV"}
NETWORK = {
    "title": "One spike onto cells with receptors of their own",
    "time_step": "0.1 ms",
    "populations": {
        "train": {"size": 1, "neuron": {"kind": "spike_file", "path": "", "spikes": [[0, 10.0]]}},
        "cells": {
            "size": 1000, "neuron": "conductance_lif", "parameters": {"v_threshold": "900 mV"},
            "reversal": {"E_gaba": "-75 mV"},
        },
    },
    # What all cells share comes last, where Brian2 would refuse it after what each cell has.
    "projections": {
        "wave": {
            **ONE_SPIKE, **GABA, "decay_factor": 2.0,
            "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": {"mean": "4 ms", "cv": 0.2}},
        },
        "jump": {**ONE_SPIKE, **GABA, "synapse": {"kind": "exponential", "tau_decay": FIVE_OR_TWENTY}},
        "fast": {
            **ONE_SPIKE, **AMPA,
            "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": {"mean": "3 ms", "cv": 0.1}},
        },
        "one": {
            **ONE_SPIKE, **GABA, "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": "5 ms"}
        },
    },
    "effects": {
        "longer": {
            "path": "projections.fast.synapse.tau_decay", "maximum": 2.0, "ec50": "100 nM", "hill": 1.0,
            "evidence": {"min": "1 nM", "max": "1 uM"}, "source": "assumed: for this test",
        }
    },
}  # fmt: skip
SPREAD = ("wave", "jump", "fast")
RECORD = [
    *(f"g_{name}@cells/0.1ms" for name in (*SPREAD, "one")),
    *(f"tau_decay_{name}@cells/0.1ms" for name in SPREAD),
]  # fmt: skip
WAVE, JUMP, FAST = (f"projections.{name}.synapse.tau_decay" for name in SPREAD)


class Observed:
    """One run: conductances and acting decays (time, agents) from the spike on, and decays (agents,) as drawn, in ms."""

    def __init__(self, allopregnanolone="0 nM", **changes):
        definition = Definition.from_data(NETWORK).override(changes)
        self.run = Network(definition).run("0.06 s", seed=3, allopregnanolone=allopregnanolone, record=RECORD)
        traces = {trace.variable: np.asarray(trace.values) for trace in self.run.traces["cells"]}
        first = int(np.flatnonzero(traces["g_jump"][:, 0])[0])
        self.g = {name: traces[f"g_{name}"][first:] for name in (*SPREAD, "one")}
        self.acting_ms = {name: traces[f"tau_decay_{name}"][first:] * 1e3 for name in SPREAD}
        agents = self.run.agents["cells"]
        self.drawn_ms = {name: np.asarray(agents[f"projections.{name}.synapse.tau_decay"]) * 1e3 for name in SPREAD}


def times_ms(values):
    return STEP_MS * np.arange(len(values))[:, np.newaxis]


def two_exponentials(times, decay_ms):
    """Difference of exponentials with peak 1."""
    to_peak = decay_ms * RISE_MS / (decay_ms - RISE_MS) * np.log(decay_ms / RISE_MS)
    peak = np.exp(-to_peak / decay_ms) - np.exp(-to_peak / RISE_MS)
    return (np.exp(-times / decay_ms) - np.exp(-times / RISE_MS)) / peak


@pytest.fixture(scope="module")
def without():
    return Observed()


@pytest.fixture(scope="module")
def under():
    return Observed("100 nM")


class TestRuns:
    def test_agents_draw_mean_and_cv(self, without):
        for name, mean_ms, cv in (("wave", 8.0, 0.2), ("fast", 3.0, 0.1)):
            drawn = without.drawn_ms[name]
            # Four standard errors of 1000 agents.
            assert abs(drawn.mean() / mean_ms - 1) < 4 * cv / np.sqrt(1000)
            assert abs(drawn.std() / drawn.mean() / cv - 1) < 4 / np.sqrt(2000)
        assert abs(np.corrcoef(without.drawn_ms["wave"], without.drawn_ms["fast"])[0, 1]) < 4 / np.sqrt(1000)

    def test_each_agent_decays_with_its_own(self, without):
        drawn = without.drawn_ms["jump"]
        np.testing.assert_allclose(np.unique(drawn), [5.0, 20.0], rtol=1e-12)
        assert 400 < (drawn == drawn.min()).sum() < 600
        expected = WEIGHT_S * np.exp(-times_ms(without.g["jump"]) / drawn)
        np.testing.assert_allclose(without.g["jump"], expected, rtol=1e-6)

    @pytest.mark.parametrize("name", ["wave", "fast"])
    @pytest.mark.parametrize("observed", ["without", "under"])
    def test_the_weight_is_the_peak_of_each(self, observed, name, request):
        found = request.getfixturevalue(observed)
        times = times_ms(found.g[name])[1:]
        expected = WEIGHT_S * two_exponentials(times, found.acting_ms[name][0])
        np.testing.assert_allclose(found.g[name][1:], expected, rtol=1e-6)

    def test_steroid_prolongs_all_by_one_factor(self, without, under):
        factor = float(decay_factor("100 nM", alpha1_beta_gamma2()))
        assert factor > 1.1
        for name, expected in (("wave", factor), ("jump", factor), ("fast", 1.5)):
            np.testing.assert_array_equal(under.drawn_ms[name], without.drawn_ms[name])
            np.testing.assert_allclose(without.acting_ms[name][0], without.drawn_ms[name], rtol=1e-12)
            np.testing.assert_allclose(under.acting_ms[name] / without.acting_ms[name], expected, rtol=1e-12)
        expected = WEIGHT_S * np.exp(-times_ms(under.g["jump"]) / under.drawn_ms["jump"] / factor)
        np.testing.assert_allclose(under.g["jump"], expected, rtol=1e-6)

    def test_while_steroid_rises_each_follows_it(self):
        ramp = {"schedule": "ramp", "before": "0 nM", "after": "100 nM", "duration": "60 ms"}
        found = Observed(ramp)
        acting, g = found.acting_ms["jump"], found.g["jump"]
        folds = acting / found.drawn_ms["jump"]
        assert folds[-1].min() - folds[0].max() > 0.1
        np.testing.assert_allclose(folds, np.repeat(folds[:, :1], 1000, axis=1), rtol=1e-12)
        np.testing.assert_allclose(g[1:] / g[:-1], np.exp(-STEP_MS / acting[:-1]), rtol=1e-12)

    def test_a_shared_decay_beside_them_stays_shared(self, under):
        expected = WEIGHT_S * two_exponentials(
            times_ms(under.g["one"]), 5.0 * float(decay_factor("100 nM", alpha1_beta_gamma2()))
        )
        np.testing.assert_allclose(under.g["one"][1:], np.repeat(expected[1:], 1000, axis=1), rtol=1e-6)

    def test_no_agent_draws_less_than_the_rise_or_the_step(self):
        wide = {f"{WAVE}.cv": 5.0, JUMP: {"mean": "0.2 ms", "sd": "2 ms", "max": "20 ms"}}
        observed = Observed(**wide)
        wave, jump = observed.drawn_ms["wave"], observed.drawn_ms["jump"]
        # Of these spreads nearly half lie below 0.
        assert (wave == wave.min()).mean() > 0.3 and 1 < wave.min() / RISE_MS < 1.05
        assert (jump == jump.min()).mean() > 0.3 and np.isclose(jump.min(), STEP_MS, rtol=1e-12)
        expected = WEIGHT_S * two_exponentials(times_ms(observed.g["wave"])[1:], wave)
        np.testing.assert_allclose(observed.g["wave"][1:], expected, rtol=1e-6)

    def test_a_result_on_disk_has_what_each_drew(self, without, tmp_path):
        write_run(without.run, tmp_path / "run.h5")
        read = read_run(tmp_path / "run.h5").agents["cells"]
        assert read.keys() == {WAVE, JUMP, FAST}
        np.testing.assert_allclose(np.asarray(read[WAVE]) * 1e3, without.drawn_ms["wave"], rtol=1e-12)


class TestDefinitions:
    def test_without_a_spread_the_plan_is_that_of_one_number(self, cells_raw):
        written = changed(cells_raw, "projections.inhibition.synapse.tau_decay", {"mean": "5 ms"})
        plan, same = (make_plan(Definition.from_data(raw), Settings(1.0)) for raw in (cells_raw, written))
        assert (plan.structure, plan.arguments) == (same.structure, same.arguments)
        group = plan.groups[0]
        assert [
            " ".join(line.split()) for line in group.equations if "tau_decay_inh" in line or "peak_inh" in line
        ] == [
            "ddecaying_inhibition/dt = -decaying_inhibition/tau_decay_inhibition : siemens",
            "peak_inhibition : 1 (shared)",
            "tau_decay_inhibition_without_steroid : second (shared, constant)",
            "tau_decay_inhibition : second (shared)",
        ]
        assert [statement.partition(" = ")[0] for statement in group.slow] == [
            "allopregnanolone", "tonic_delta_fold", "tau_decay_inhibition", "peak_inhibition",
        ]  # fmt: skip
        assert not any("tau_decay" in draw.variable for draw in group.draws)

    def test_another_mean_needs_no_other_binary(self):
        definition = Definition.from_data(NETWORK)
        plans = [
            make_plan(
                definition.override({f"{WAVE}.mean": mean, "projections.wave.decay_factor": factor}), Settings(1.0)
            )
            for mean, factor in (("4 ms", 2.0), ("6 ms", 1.0))
        ]
        assert plans[0].structure == plans[1].structure
        drawn = "pop_cells.tau_decay_wave_without_steroid"
        assert [plan.arguments[f"{drawn}_mean"] for plan in plans] == pytest.approx([8e-3, 6e-3])
        assert [plan.arguments[f"{drawn}_sd"] for plan in plans] == pytest.approx([1.6e-3, 1.2e-3])

    @pytest.mark.parametrize(("path", "spread"), [(JUMP, True), (f"{JUMP}.mean", True), (JUMP, False)])
    def test_it_is_an_axis_of_a_sweep(self, path, spread):
        definition = Definition.from_data(NETWORK if spread else changed(NETWORK, JUMP, "9 ms"))
        labels, unit = Axis(path, ["8 ms", "12 ms"]).labels()
        for value, label in zip(("8 ms", "12 ms"), labels):
            point = definition.override({path: value})
            axis = {"name": "decay", "path": path, "unit": unit}
            used = effective_values([axis], point, make_plan(point, Settings(1.0)), 0.0)
            assert used["decay_effective"] == label

    def test_show_says_what_agents_draw(self):
        line = next(line for line in describe(Definition.from_data(NETWORK), {}).splitlines() if line.startswith(WAVE))
        assert "normal: mean 4.0 ms" in line and "agents: mean 4 ms, cv 0.2" in line


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (WAVE, {"mean": "0.5 ms", "cv": 0.2}, "not below tau_decay.mean .0.5 ms times decay_factor 0.5"),
        (WAVE, {"mean": "4 ms", "cv": 0.2, "min": "0.6 ms"}, "not below tau_decay.min .0.6 ms times decay_factor 0.5"),
        (JUMP, {"mean": "0.01 ms", "cv": 0.2}, "tau_decay.mean: '0.01 ms' is shorter than the time step of 0.1 ms"),
        (JUMP, {"mean": "5 ms", "cv": 0.2, "max": "0.05 ms"}, "tau_decay.max: '0.05 ms' is shorter than the time step"),
        (JUMP, {"distribution": "uniform", "min": "0 ms", "max": "9 ms"}, "tau_decay.min: '0.0 ms' is not above 0"),
        (JUMP, {"mean": "5 ms"} | {"spread": 1}, "tau_decay.spread: unknown key of a distribution"),
        (JUMP, {"mean": "5 mV", "cv": 0.2}, "tau_decay.mean"),
        ("projections.wave.synapse.tau_rise", {"mean": "0.5 ms", "cv": 0.1}, "'tau_rise' of a biexponential synapse is one"),
    ],
)  # fmt: skip
def test_spreads_that_are_refused(path, value, sentence):
    with pytest.raises(InputError, match=sentence):
        Definition.from_data(changed(changed(NETWORK, "projections.wave.decay_factor", 0.5), path, value))


@pytest.mark.parametrize(
    ("synapse", "sentence"),
    [
        ({"kind": "graded", "tau_decay": {"mean": "5 ms", "cv": 0.1}}, "of a graded synapse is one number for the whole"),
        ({"kind": "jones_westbrook", "alpha1": {"mean": "1 /ms", "cv": 0.1}}, "of a jones_westbrook synapse is one number"),
        ({"kind": "jones_westbrook", "tau_decay": {"mean": "5 ms", "cv": 0.1}}, "unknown parameter of 'jones_westbrook'"),
        ({"kind": "gap_junction", "tau_decay": {"mean": "5 ms", "cv": 0.1}}, "unknown parameter of 'gap_junction'"),
    ],
)  # fmt: skip
def test_synapses_that_have_no_decay_of_each_target(cells_raw, synapse, sentence):
    with pytest.raises(InputError, match=sentence):
        Definition.from_data(changed(cells_raw, "projections.inhibition.synapse", synapse))
