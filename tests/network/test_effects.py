"""Effects on other targets: any number of a network as a function of concentration, its limits and its evidence."""

import copy

import numpy as np
import pytest

from allotone import InputError, Network, read_run, write_run
from allotone.concentration import Evaluator, schedule
from allotone.network.definition import Definition
from allotone.network.describe import describe
from allotone.network.effects import law
from allotone.receptors import effect_factor
from allotone.simulation import run as running
from allotone.simulation.run import plan_run

EVIDENCE = {"min": "1 nM", "max": "10 uM"}
SOURCE = "assumed: a test"


def own(path, maximum=1.5, ec50="200 nM", hill=1.3):
    return {"path": path, "maximum": maximum, "ec50": ec50, "hill": hill, "evidence": EVIDENCE, "source": SOURCE}


CELL = {
    "title": "Cells without a GABA-A receptor", "time_step": "0.1 ms",
    "populations": {
        "cells": {
            "size": 3, "neuron": "conductance_lif", "parameters": {"v_threshold": "900 mV"},
            "initial": {"v": "E_leak"},
            "drive": {"step": {"kind": "current", "amplitude": {"mean": "50 pA", "cv": 0.2}}},
        }
    },
    "effects": {
        "leak": own("populations.cells.parameters.g_leak"),
        "rest": own("populations.cells.parameters.E_leak", maximum=0.9),
        "drive": own("populations.cells.drive.step.amplitude", maximum=0.4),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def cell():
    return Definition.from_data(CELL)


# Equal in all runs of these cells, so that they share a binary.
RECORD = ["v@cells/1ms", "I_leak@cells/1ms", "I_drive_step@cells/1ms"]


def factor(definition, name, allo_nM):
    return effect_factor(allo_nM, law(definition.schema, name))


class TestChangingConcentration:
    SCHEDULE = "ramp:before=20nM,after=800nM,onset=100ms,duration=200ms"

    @pytest.fixture(scope="class")
    def run(self, cell):
        return Network(cell).run("400 ms", allopregnanolone=self.SCHEDULE, record=RECORD)

    def test_each_number_follows_its_law(self, cell, run):
        traces = {trace.variable: np.asarray(trace.values) for trace in run.traces["cells"]}
        allo = Evaluator(schedule(self.SCHEDULE)).receptor(np.arange(400) * 1e-3 / 3600)[:, None]
        E_leak = -60e-3 * factor(cell, "rest", allo)
        I_leak = 10e-9 * factor(cell, "leak", allo) * (traces["v"] - E_leak)
        # The run's table bends within one of its steps where the ramp begins and ends.
        np.testing.assert_allclose(traces["I_leak"][1:], I_leak[1:], rtol=1e-3, atol=1e-16)
        drawn = np.asarray(run.agents["cells"]["drive.step.amplitude"])
        assert np.ptp(drawn) > 0
        np.testing.assert_allclose(
            traces["I_drive_step"][1:], (drawn * factor(cell, "drive", allo))[1:], rtol=1e-3
        )  # fmt: skip

    def test_initial_values_read_it_too(self, cell, run):
        v = next(np.asarray(trace.values) for trace in run.traces["cells"] if trace.variable == "v")
        np.testing.assert_allclose(v[0], -60e-3 * factor(cell, "rest", 20), rtol=1e-9)

    def test_without_the_effects_there_is_nothing_to_read_the_steroid(self, cell):
        bare = cell.override({"effects": {}, "medium.allopregnanolone": "30 nM"})
        with pytest.raises(InputError, match=r"^medium\.allopregnanolone: nothing reads this"):
            plan_run(bare, duration_s=0.1)


EVERYTHING = {
    "title": "One of every kind of number", "time_step": "0.1 ms",
    "medium": {"allopregnanolone": "300 nM"},
    "populations": {
        "cells": {
            "size": 4, "neuron": "adex", "parameters": {"refractory_period": "3 ms"},
            "reversal": {"E_gaba": {"mean": "-72 mV", "sd": "2 mV"}},
            "drive": {
                "step": {"kind": "current", "amplitude": {"mean": "600 pA", "cv": 0.1}},
                "noise": {
                    "kind": "ornstein_uhlenbeck", "mean": "4 nS", "sd": "1 nS", "tau": "5 ms", "reversal": "0 mV",
                },
                "input": {
                    "kind": "poisson", "rate": "200 Hz", "weight": "1 nS", "tau_decay": "5 ms", "reversal": "0 mV",
                },
            },
            "tonic": {"delta": {"receptor": "alpha4_beta_delta", "conductance": {"mean": "1 nS", "cv": 0.3}}},
        },
        "train": {
            "size": 2,
            "neuron": {"kind": "spike_file", "path": "", "spikes": [[n, 10.0 + 17 * k + n] for k in range(15) for n in (0, 1)]},
        },
        "trains": {"size": 20, "neuron": {"kind": "poisson_source", "rate": "20 Hz"}},
    },
    "projections": {
        "excitation": {
            "source": "train", "target": "cells", "receptor": "ampa", "reversal": "0 mV",
            "weight": {"mean": "4 nS", "cv": 0.3}, "connect": {"rule": "all_to_all"},
            "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": "4 ms"},
            "plasticity": {"kind": "tsodyks_markram", "U": 0.4, "tau_recovery": "100 ms", "tau_facilitation": "50 ms"},
        },
        "inhibition": {
            "source": "train", "target": "cells", "receptor": "alpha1_beta_gamma2", "weight": "3 nS",
            "connect": {"rule": "all_to_all"}, "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms"},
        },
        "more": {
            "source": "trains", "target": "cells", "receptor": "ampa", "reversal": "-10 mV", "weight": "1 nS",
            "connect": {"rule": "all_to_all"}, "synapse": {"kind": "exponential"}, "weight_per": "target",
        },
        "coupling": {
            "source": "cells", "target": "cells", "synapse": {"kind": "gap_junction"}, "weight": "0.5 nS",
            "connect": {"rule": "neighbours", "reach": 1, "undirected": True},
        },
    },
}  # fmt: skip
PATHS = [
    *(
        f"populations.cells.parameters.{key}"
        for key in ("g_leak", "C_m", "a", "tau_w", "Delta_T", "v_reset", "b", "refractory_period")
    ),
    "populations.cells.reversal.E_gaba",
    "populations.cells.drive.step.amplitude",
    *(f"populations.cells.drive.noise.{key}" for key in ("mean", "sd", "tau")),
    *(f"populations.cells.drive.input.{key}" for key in ("rate", "weight", "tau_decay")),
    "populations.cells.tonic.delta.conductance",
    "populations.cells.tonic.delta.density",
    "populations.trains.neuron.rate",
    "projections.excitation.weight",
    "projections.excitation.amplitude_factor",
    *(f"projections.excitation.plasticity.{key}" for key in ("U", "tau_recovery", "tau_facilitation")),
    *(f"projections.excitation.synapse.{key}" for key in ("tau_rise", "tau_decay")),
    "projections.inhibition.weight",
    "projections.inhibition.synapse.tau_decay",
    "projections.inhibition.decay_factor",
    "projections.more.weight",
    "projections.more.reversal",
    "projections.coupling.weight",
]


def scaled(value, by):
    if isinstance(value, dict):
        return {key: one if key in ("distribution", "cv") else scaled(one, by) for key, one in value.items()}
    if isinstance(value, str):
        number, _, unit = value.partition(" ")
        return f"{float(number) * by!r} {unit}".strip()
    return value * by


def at(definition, path):
    node = definition.data
    for key in path.split("."):
        node = node[key]
    return node


def test_a_constant_effect_is_another_value_of_the_number():
    """Every kind of number at once: the run with effects against the run with the multiplied numbers, spike by spike."""
    bare = Definition.from_data(EVERYTHING)
    maxima = {path: 1.1 + 0.01 * n for n, path in enumerate(PATHS)} | {"projections.more.reversal": 0.9}
    effects = {f"e{n}": own(path, maximum=maxima[path]) for n, path in enumerate(PATHS)}
    with_effects = bare.override({"effects": effects})
    values = {}
    for n, path in enumerate(PATHS):
        by = float(factor(with_effects, f"e{n}", 300))
        assert abs(by - 1) > 0.03
        values[path] = scaled(at(bare, path), by)
    one, other, none = (
        Network(definition).run("400 ms", seed=3, record="v@cells/1ms")
        for definition in (with_effects, bare.override(values), bare)
    )
    # The number of spikes is enough for the agreement to mean something, and the effects change them.
    assert one.spikes["cells"].times.size > 20 and one.spikes["trains"].times.size > 50
    assert not np.array_equal(one.spikes["cells"].times, none.spikes["cells"].times)
    for population in ("cells", "trains"):
        np.testing.assert_array_equal(one.spikes[population].node_ids, other.spikes[population].node_ids)
        np.testing.assert_array_equal(one.spikes[population].times, other.spikes[population].times)
    # What is evaluated before the slow clock first ticks is left out.
    mine, its = (np.asarray(run.traces["cells"][0].values)[1:] for run in (one, other))
    np.testing.assert_allclose(mine, its, rtol=1e-6)


class TestPlan:
    def test_without_effects_nothing_is_added(self, cells):
        assert "effect" not in plan_run(cells, duration_s=1.0).structure

    def test_another_law_needs_no_other_binary(self, cell):
        changed = cell.override({"effects.leak.maximum": 0.7, "effects.leak.ec50": "50 nM", "effects.leak.hill": 2})
        assert changed.sha256 != cell.sha256
        one, other = plan_run(cell, duration_s=1.0), plan_run(changed, duration_s=1.0)
        assert one.structure == other.structure
        assert other.arguments["pop_cells.effect_leak_ec50"] == pytest.approx(50e-6)

    def test_two_effects_on_one_number_multiply(self, cell):
        two = cell.override({"effects.more": own("populations.cells.parameters.g_leak")})
        group = plan_run(two, duration_s=1.0).groups[0]
        assert "g_leak = g_leak_without_effect*effect_leak*effect_more : siemens (shared)" in group.equations

    def test_a_shipped_law(self, cell):
        effects = {"release": {"path": "populations.cells.parameters.g_leak", "effect": "t_type_calcium"}}
        plan = plan_run(cell.override({"effects": effects}), duration_s=1.0)
        assert plan.arguments["pop_cells.effect_release_ec50"] == pytest.approx(0.01)
        assert plan.arguments["pop_cells.effect_release_maximum"] == 0

    def test_show_says_what_is_known(self, cell):
        effects = {"calcium": {"path": "populations.cells.parameters.g_leak", "effect": "t_type_calcium"}}
        text = describe(cell.override({"effects": effects}), {})
        assert "effects.calcium: a factor on populations.cells.parameters.g_leak" in text
        assert "assumed: IC50 of 5beta steroids, Todorovic et al. 2004" in text
        assert "2000 to 40000 nM, conductance of T-type calcium channels" in text
        assert "assumed: assumed: a test" not in describe(cell, {})


LEAK = "effects.leak"
G_LEAK = "populations.cells.parameters.g_leak"
CANNOT = "cannot change during a run: it is compiled in, drawn once, or not a number of the network; name a "


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("populations.cells.parameters.g_lek",
         "unknown name in populations.cells.parameters: 'g_lek'; did you mean 'g_leak'?"),
        ("populations.cell.size", "unknown name in populations: 'cell'; did you mean 'cells'?"),
        ("g_leak", "unknown name in the definition: 'g_leak'; known: "),
        ("populations.cells.size", f"'populations.cells.size' {CANNOT}"),
        ("time_step", f"'time_step' {CANNOT}"),
        ("medium.gaba", f"'medium.gaba' {CANNOT}"),
        ("populations.cells.initial.v", f"'populations.cells.initial.v' {CANNOT}"),
        ("populations.cells.drive.step.onset", f"'populations.cells.drive.step.onset' {CANNOT}"),
        ("populations.cells.parameters", f"'populations.cells.parameters' {CANNOT}"),
        ("populations.cells.drive.step.amplitude.mean",
         "'populations.cells.drive.step.amplitude.mean' is part of a distribution; name the whole, "
         "'populations.cells.drive.step.amplitude'"),
        ("populations.cells.parameters.g_leak.mean", "unknown name in populations.cells.parameters.g_leak: 'mean'"),
    ],
)  # fmt: skip
def test_paths_that_are_refused(cell, path, sentence):
    with pytest.raises(InputError) as caught:
        cell.override({f"{LEAK}.path": path})
    assert str(caught.value).startswith(f"{LEAK}.path: {sentence}")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("connect.indegree", CANNOT),
        ("delay", CANNOT),
        ("synapse.kind", "is 'biexponential', not a number; name another value"),
        ("reversal", "is None, not a number; name another value"),
    ],
)
def test_paths_of_a_projection_that_are_refused(cells, path, sentence):
    path = f"projections.inhibition.{path}"
    with pytest.raises(InputError) as caught:
        cells.override({"effects.x": own(path)})
    assert str(caught.value).startswith(f"effects.x.path: '{path}' {sentence}")


def test_a_number_that_this_network_does_not_read(cells):
    plasticity = {"kind": "tsodyks_markram", "tau_facilitation": "0 ms"}
    path = "projections.excitation.plasticity"
    one = cells.override({path: plasticity, "effects.x": own(f"{path}.tau_facilitation")})
    with pytest.raises(
        InputError, match=rf"^effects\.x\.path: nothing in this network reads '{path}\.tau_facilitation'"
    ):
        plan_run(one, duration_s=1.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"effect": "t_type"}, "effect: unknown effect 't_type'; did you mean 't_type_calcium'?"),
        ({"effect": "nmda"}, "maximum: nothing reads this: the effect 'nmda' has its own; leave out one of them"),
        ({"maximum": None}, "maximum: is missing; give maximum, ec50, hill, evidence, source of a law of your own, or"),
        (
            {"evidence": None},
            "evidence: is missing; give maximum, ec50, hill, evidence, source of a law of your own, or",
        ),
        (
            {"source": []},
            "source: is missing; give maximum, ec50, hill, evidence, source of a law of your own, or effect",
        ),
        ({"maximum": -1}, "maximum: -1.0 is out of range; expected a number of at least 0"),
        ({"hill": 0}, "hill: 0.0 is out of range; expected a number above 0"),
        ({"ec50": "0 nM"}, "ec50: '0.0 nM' is not above 0; give a larger value"),
        ({"ec50": "1 ms"}, "ec50: '1 ms' is a time; expected a concentration such as '1 nM'"),
        (
            {"evidence": {"min": "2 uM", "max": "1 uM"}},
            "evidence: min '2000.0 nM' is above max '1000.0 nM'; exchange them",
        ),
        ({"evidence": {"min": "2 uM"}}, "evidence.max: is missing; give it a value"),
        ({"size": 2}, "size: unknown key 'size'; known: ec50, effect, evidence, hill, maximum, path, source"),
    ],
)
def test_laws_that_are_refused(change, sentence):
    raw = copy.deepcopy(CELL)
    raw["effects"]["leak"] = {key: one for key, one in {**raw["effects"]["leak"], **change}.items() if one is not None}
    with pytest.raises(InputError) as caught:
        Definition.from_data(raw)
    assert str(caught.value).startswith(f"{LEAK}.{sentence}")


def test_a_name_that_cannot_stand_in_an_equation(cell):
    with pytest.raises(InputError, match=r"^effects\.1st: '1st' is not a name"):
        cell.override({"effects.1st": own(G_LEAK)})


@pytest.mark.parametrize(
    ("path", "maximum", "sentence"),
    [
        ("plasticity.U", 3, r"projections\.excitation\.plasticity\.U: '1\.19\d{,9}' is above 1; .*maximum"),
        ("synapse.tau_rise", 10, r"projections\.excitation\.synapse\.tau_rise: .* is not below tau_decay"),
        ("synapse.tau_decay", 0, r"projections\.excitation\.synapse\.tau_decay: .* is shorter than the time step"),
    ],
)
def test_a_factor_that_brings_a_number_where_it_may_not_be(path, maximum, sentence):
    raw = copy.deepcopy(EVERYTHING)
    raw["effects"] = {"x": own(f"projections.excitation.{path}", maximum=maximum)}
    one = Definition.from_data(raw)
    plan_run(one.override({"medium.allopregnanolone": "5 nM"}), duration_s=1.0)
    with pytest.raises(
        InputError, match=rf"^effects\.x: at 20000 nM allopregnanolone its factor of [\d.]+ is too much; {sentence}"
    ):
        plan_run(one.override({"medium.allopregnanolone": "20 uM"}), duration_s=1.0)


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (("plasticity.U", 2), ("plasticity.U", 2), r"projections\.excitation\.plasticity\.U: '1\..*' is above 1"),
        (
            ("synapse.tau_rise", 4),
            ("decay_factor", 0.3),
            r"projections\.excitation\.synapse\.tau_rise: .* is not below",
        ),
    ],
)
def test_factors_that_are_too_much_together(one, other, sentence):
    raw = copy.deepcopy(EVERYTHING)
    laws = {name: own(f"projections.excitation.{path}", maximum) for name, (path, maximum) in zip("ab", (one, other))}
    strong = {"medium.allopregnanolone": "20 uM"}
    for name, effect in laws.items():
        plan_run(Definition.from_data({**raw, "effects": {name: effect}}).override(strong), duration_s=1.0)
    both = Definition.from_data({**raw, "effects": laws})
    plan_run(both.override({"medium.allopregnanolone": "5 nM"}), duration_s=1.0)
    with pytest.raises(
        InputError, match=rf"^effects: at 20000 nM allopregnanolone all factors together are too much; {sentence}"
    ):
        plan_run(both.override(strong), duration_s=1.0)


def test_factors_that_are_legal_only_together():
    raw = copy.deepcopy(EVERYTHING)
    paths = ("projections.excitation.synapse.tau_rise", "projections.excitation.synapse.tau_decay")
    raw["effects"] = {name: own(path, maximum=10) for name, path in zip("ab", paths)}
    plan_run(Definition.from_data(raw).override({"medium.allopregnanolone": "20 uM"}), duration_s=1.0)


def test_effects_whose_numbers_would_be_called_alike(cell):
    with pytest.raises(InputError, match=r"^effects\.leak_hill: this is what a number of effects\.leak is called"):
        cell.override({"effects.leak_hill": own(G_LEAK)})


class TestEvidence:
    def run(self, cell, schedule):
        running._said.clear()
        return Network(cell).run("20 ms", allopregnanolone=schedule, record=RECORD)

    @pytest.mark.parametrize(
        ("schedule", "has"),
        [("20 uM", "20000 nM"), ("0.5 nM", "0.5 nM"), ("ramp:before=1uM,after=12uM,duration=20ms", "to 12000 nM")],
    )
    def test_beyond_it_a_run_warns_once_and_keeps_it(self, cell, capfd, tmp_path, schedule, has):
        wide = {"min": "0 nM", "max": "1 M"}
        one = cell.override({f"effects.{name}.evidence": wide for name in ("rest", "drive")})
        run = self.run(one, schedule)
        (warning,) = run.warnings
        assert warning.startswith("effects.leak: its evidence is at 1 to 10000 nM, the run has ")
        assert has in warning
        assert warning.endswith(f"the factor on {G_LEAK} is an extrapolation")
        Network(one).run("20 ms", allopregnanolone=schedule, record=RECORD)
        captured = capfd.readouterr()
        assert captured.err == f"allotone: warning: {warning}\n" and captured.out == ""
        write_run(run, tmp_path / "run.h5")
        assert read_run(tmp_path / "run.h5").warnings == run.warnings

    def test_what_is_built_for_brian2_warns_as_well(self, cell, capfd):
        def said():
            # Brian2 has warnings of its own about networks that are built and not run.
            return [line for line in capfd.readouterr().err.splitlines() if line.startswith("allotone:")]

        running._said.clear()
        Network(cell.override({"medium.allopregnanolone": "10 uM"})).build("20 ms")
        assert said() == []
        beyond = cell.override({"medium.allopregnanolone": "20 uM"})
        Network(beyond).build("20 ms")
        warned = said()
        assert warned[0].startswith(
            "allotone: warning: effects.leak: its evidence is at 1 to 10000 nM, the run has 20000 nM"
        )
        assert len(warned) == len(beyond.schema.effects)
        Network(beyond).build("20 ms")
        assert said() == []

    @pytest.mark.parametrize("schedule", ["0 nM", "1 nM", "10 uM", "step:before=0nM,after=50nM,onset=20ms"])
    def test_inside_it_a_run_is_silent(self, cell, capfd, tmp_path, schedule):
        run = self.run(cell, schedule)
        assert run.warnings == ()
        assert capfd.readouterr().err == ""
        write_run(run, tmp_path / "run.h5")
        assert read_run(tmp_path / "run.h5").warnings == ()

    def test_a_shipped_law_at_what_slices_are_given(self, cell, capfd):
        run = self.run(cell.override({LEAK: {"path": G_LEAK, "effect": "t_type_calcium"}}), "100 nM")
        assert run.warnings == (
            "effects.leak: its evidence is at 2000 to 40000 nM, the run has 100 nM; there the factor on "
            f"{G_LEAK} is an extrapolation",
        )
        assert run.warnings[0] in capfd.readouterr().err
