"""Local synthesis: allopregnanolone that the spikes of a population make, in a binary and in Brian2's own loop."""

import copy
import json

import brian2
import numpy as np
import pytest

from allotone import InputError, Network
from allotone.errors import SimulationError
from allotone.network.definition import Definition
from allotone.network.describe import describe
from allotone.network.effects import law
from allotone.receptors import effect_factor
from allotone.simulation import execute
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run

AGENTS, DURATION_S, TAU_S = 20, 2.0, 0.25
EVIDENCE = {"min": "1 nM", "max": "10 uM"}
LOCAL = "medium.local_synthesis"


def population(**more):
    return {
        "size": AGENTS, "neuron": "conductance_lif", "reversal": {"E_gaba": "-75 mV"},
        "drive": {"current": {"kind": "current", "amplitude": {"mean": "260 pA", "cv": 0.1}}}, **more,
    }  # fmt: skip


NETWORK = {
    "title": "Tonic inhibition by what the cells make themselves", "time_step": "0.1 ms",
    "medium": {
        "allopregnanolone": "ramp:before=10nM,after=40nM,duration=2s",
        "local_synthesis": {"population": "cells", "gain": "4 nM/Hz", "tau": "250 ms", "initial": "20 nM"},
    },
    "populations": {
        "cells": population(tonic={"delta": {"receptor": "alpha4_beta_delta", "conductance": "1 nS"}}),
        # They read it through an effect alone.
        "others": {**population(), "size": 3, "reversal": {}},
    },
    "effects": {
        "leak": {
            "path": "populations.others.parameters.g_leak", "maximum": 1.5, "ec50": "100 nM", "hill": 1.2,
            "evidence": EVIDENCE, "source": "assumed: a test",
        },
    },
}  # fmt: skip
RECORD = [
    "allopregnanolone_local@cells:0/10ms", "allopregnanolone_local@others:0/10ms", "allopregnanolone@others:0/10ms",
    "effect_leak@others:0/10ms",
]  # fmt: skip


def without(raw):
    raw = copy.deepcopy(raw)
    del raw["medium"]["local_synthesis"]
    return raw


def made_by(spike_times_s, at_s, gain_nM, initial_nM=0.0, agents=AGENTS):
    """Solution of the law for given spikes: each adds gain/(tau N), and all of it decays."""
    since = at_s[:, None] - spike_times_s
    kicks = np.where(since > 0, np.exp(-since.clip(0) / TAU_S), 0).sum(axis=1)
    return initial_nM * np.exp(-at_s / TAU_S) + gain_nM / (TAU_S * agents) * kicks


@pytest.fixture(scope="module")
def network():
    return Network(Definition.from_data(NETWORK))


@pytest.fixture(scope="module")
def run(network):
    return network.run(f"{DURATION_S} s", seed=2, record=RECORD)


@pytest.fixture(scope="module")
def traces(run):
    """Arrays (times,), concentrations in nM, by variable and population."""
    found = {
        (trace.variable, name): np.asarray(trace.values)[:, 0]
        for name, several in run.traces.items()
        for trace in several
    }
    return {key: values if key[0].startswith("effect") else values * 1e6 for key, values in found.items()}


class TestLaw:
    TIMES = np.arange(200) * 10e-3

    def test_is_the_integral_of_the_spikes_of_the_same_run(self, run, traces):
        spikes = np.asarray(run.spikes["cells"].times)
        assert spikes.size > 200
        expected = made_by(spikes, self.TIMES, gain_nM=4, initial_nM=20)
        local = traces["allopregnanolone_local", "cells"]
        assert local[0] == pytest.approx(20)
        assert local.max() > 40
        np.testing.assert_allclose(local, expected, rtol=0.01)

    def test_settles_at_gain_times_rate(self, run, traces):
        spikes = np.asarray(run.spikes["cells"].times)
        rate = np.sum(spikes > 1) / (AGENTS * (DURATION_S - 1))
        assert traces["allopregnanolone_local", "cells"][100:].mean() == pytest.approx(4 * rate, rel=0.03)

    def test_every_population_reads_the_same(self, traces):
        np.testing.assert_array_equal(
            traces["allopregnanolone_local", "cells"], traces["allopregnanolone_local", "others"]
        )

    def test_adds_to_the_schedule(self, traces):
        total = 10 + 30 * self.TIMES / DURATION_S + traces["allopregnanolone_local", "others"]
        np.testing.assert_allclose(traces["allopregnanolone", "others"], total, rtol=1e-9)

    def test_effects_follow_the_sum(self, network, traces):
        factor = effect_factor(traces["allopregnanolone", "others"], law(network.definition.schema, "leak"))
        np.testing.assert_allclose(traces["effect_leak", "others"], factor, rtol=1e-9)

    def test_the_time_course_of_a_run_is_the_schedule(self, run):
        np.testing.assert_allclose(np.asarray(run.allopregnanolone.concentration)[[0, -1]] * 1e6, [10, 40])


class TestRun:
    def test_the_same_seed_gives_the_same_spikes(self, network, run):
        again = network.run(f"{DURATION_S} s", seed=2, record=RECORD)
        for name in ("cells", "others"):
            np.testing.assert_array_equal(np.asarray(again.spikes[name].times), np.asarray(run.spikes[name].times))
            np.testing.assert_array_equal(again.spikes[name].node_ids, run.spikes[name].node_ids)

    def test_more_gain_less_firing(self, network, run):
        gains = ["0.001 nM/Hz", "20 nM/Hz"]
        low, high = (
            network.override({f"{LOCAL}.gain": gain}).run(f"{DURATION_S} s", seed=2, record=RECORD) for gain in gains
        )
        rates = [float(one.statistics["cells"].mean_rate) for one in (low, run, high)]
        assert rates[0] > rates[1] + 1 > rates[2] + 2

    def test_what_did_not_arrive_is_found(self, network, monkeypatch):
        plan = plan_run(network.definition, duration_s=DURATION_S, record=RECORD)
        binary = compile_plan(plan)
        execute.execute(binary, plan)
        bounds = execute.final_bounds
        monkeypatch.setattr(execute, "final_bounds", lambda *given: tuple(1.2 * bound for bound in bounds(*given)))
        with pytest.raises(SimulationError, match=r"local synthesis added .* nM: the time course did not arrive"):
            execute.execute(binary, plan)


class TestBrian2Loop:
    def test_a_spike_of_a_source_adds_gain_over_tau_and_agents(self):
        raw = copy.deepcopy(NETWORK)
        raw["populations"]["trains"] = {
            "size": 4,
            "neuron": {"kind": "spike_file", "path": "", "spikes": [[0, 10.05], [3, 30.05], [1, 30.05]]},
        }
        raw["medium"]["local_synthesis"] |= {"population": "trains", "gain": "100 nM/Hz", "initial": "0 nM"}
        target, brian2.prefs.codegen.target = brian2.prefs.codegen.target, "numpy"
        try:
            built = Network(Definition.from_data(raw)).build("60 ms", seed=1)
            monitor = brian2.StateMonitor(built["pop_cells"], "allopregnanolone_local", record=[0], dt=1 * brian2.ms)
            built.add(monitor)
            built.run(60 * brian2.ms)
        finally:
            brian2.prefs.codegen.target = target
        local, times = np.asarray(monitor.allopregnanolone_local)[0] * 1e6, np.asarray(monitor.t)
        assert not local[:11].any()
        assert local[11] == pytest.approx(100 / (TAU_S * 4), rel=0.01)
        expected = made_by(np.array([10.05, 30.05, 30.05]) * 1e-3, times, gain_nM=100, agents=4)
        np.testing.assert_allclose(local, expected, rtol=0.01)


class TestPlan:
    def test_a_network_without_it_has_the_structure_that_it_had(self):
        structure = json.loads(plan_run(Definition.from_data(without(NETWORK)), duration_s=1).structure)
        assert set(structure) == {
            "time_step", "groups", "contacts", "recordings", "with_sums", "arrays", "argument_names",
        }  # fmt: skip
        assert "local" not in json.dumps(structure)

    def test_it_adds_lines_and_changes_none(self, network):
        bare = json.loads(plan_run(Definition.from_data(without(NETWORK)), duration_s=1).structure)
        structure = json.loads(plan_run(network.definition, duration_s=1).structure)
        assert structure.pop("local_synthesis") == "cells"
        for group, other in zip(structure["groups"], bare["groups"]):
            for key in ("equations", "slow"):
                group[key] = [line for line in group[key] if line in other[key]]
        structure["argument_names"] = [one for one in structure["argument_names"] if "local_synthesis" not in one]
        assert structure == bare

    def test_its_numbers_are_not_compiled_in(self, network):
        other = network.override({f"{LOCAL}.gain": "1 nM/Hz", f"{LOCAL}.tau": "10 min", f"{LOCAL}.initial": "5 nM"})
        one, two = (plan_run(given.definition, duration_s=1) for given in (network, other))
        assert one.structure == two.structure
        assert one.arguments["pop_cells.local_synthesis_gain"] == pytest.approx(4e-6)
        assert two.arguments["pop_cells.local_synthesis_tau"] == 600

    def test_an_effect_must_be_legal_wherever_spikes_may_lead(self):
        raw = copy.deepcopy(NETWORK)
        raw["projections"] = {
            "recurrent": {
                "source": "cells", "target": "cells", "receptor": "alpha1_beta_gamma2",
                "synapse": {"kind": "exponential", "tau_decay": "5 ms"}, "weight": "1 nS",
                "connect": {"rule": "all_to_all"},
                "plasticity": {
                    "kind": "tsodyks_markram", "U": 0.8, "tau_recovery": "100 ms", "tau_facilitation": "100 ms",
                },
            }
        }  # fmt: skip
        raw["effects"]["release"] = raw["effects"]["leak"] | {
            "path": "projections.recurrent.plasticity.U",
            "ec50": "1 uM",
        }
        plan_run(Definition.from_data(without(raw)), duration_s=DURATION_S)
        with pytest.raises(
            InputError, match=r"^effects\.release: at 40040 nM allopregnanolone its factor .* is too much"
        ):
            plan_run(Definition.from_data(raw), duration_s=DURATION_S)


class TestText:
    def test_show_says_that_nothing_was_measured(self, network):
        raw = copy.deepcopy(NETWORK)
        del raw["medium"]["local_synthesis"]["initial"]
        text = describe(Definition.from_data(raw), {f"{LOCAL}.gain": "set by the user"})
        line = {one.split()[0]: one for one in text.splitlines() if one.startswith(LOCAL + ".")}
        assert line[f"{LOCAL}.gain"].split(maxsplit=1)[1].split("  ")[0] == "4.0 nM/Hz"
        assert line[f"{LOCAL}.gain"].endswith("set by the user")
        assert line[f"{LOCAL}.initial"].endswith("assumed: no local synthesis before the run")
        assert "assumed: neither a gain nor a time constant was measured" in text
        assert "neither a gain" not in describe(Definition.from_data(without(NETWORK)), {})


BAD = [
    ("population", "cell", f"{LOCAL}.population: unknown population 'cell'; did you mean 'cells'?"),
    ("population", 3, f"{LOCAL}.population: 3 is not text in quotes"),
    ("gain", "-1 nM/Hz", f"{LOCAL}.gain: '-1 nM/Hz' is negative; expected a value of at least 0"),
    ("gain", "1 nM", f"{LOCAL}.gain: '1 nM' is a concentration; expected a concentration per rate such as '1 nM/Hz'"),
    ("gain", "nan nM/Hz", f"{LOCAL}.gain: 'nan nM/Hz' is not a finite number with a unit"),
    ("tau", "0 s", f"{LOCAL}.tau: '0.0 ms' is not above 0; give a larger value"),
    ("tau", "50 ms", f"{LOCAL}.tau: '50.0 ms' is too short for a concentration that is followed every 1 ms; expected at "
                     "least 100 ms"),
    ("tau", 10, f"{LOCAL}.tau: 10 has no unit; expected a time such as '1 ms'"),
    ("initial", "-1 nM", f"{LOCAL}.initial: '-1 nM' is negative"),
    ("gian", "1 nM/Hz", f"{LOCAL}.gian: unknown key 'gian'; did you mean 'gain'?"),
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize("key, value, sentence", BAD)
    def test_says_what_is_wrong(self, key, value, sentence):
        raw = copy.deepcopy(NETWORK)
        raw["medium"]["local_synthesis"][key] = value
        with pytest.raises(InputError) as error:
            Definition.from_data(raw)
        assert str(error.value).startswith(sentence)

    @pytest.mark.parametrize("key", ["population", "gain", "tau"])
    def test_nothing_unmeasured_has_a_default(self, key):
        raw = copy.deepcopy(NETWORK)
        del raw["medium"]["local_synthesis"][key]
        with pytest.raises(InputError, match=rf"{key}: is missing; give it a value"):
            Definition.from_data(raw)

    def test_no_path_below_what_is_absent(self):
        with pytest.raises(InputError, match=r"'gain' does not exist: the value above it is None"):
            Definition.from_data(without(NETWORK)).override({f"{LOCAL}.gain": "1 nM/Hz"})

    def test_a_network_that_does_not_read_it(self):
        raw = copy.deepcopy(NETWORK)
        raw["populations"]["cells"] |= {"tonic": {}, "reversal": {}}
        raw |= {"effects": {}}
        with pytest.raises(InputError, match=rf"^{LOCAL}: nothing reads this: the network has no GABA-A receptor"):
            plan_run(Definition.from_data(raw), duration_s=1)
