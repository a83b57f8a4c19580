"""What a user is told about bad input: the path, the value, what was expected; exit code 2 and nothing written."""

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from brian2 import mV
from small_network import REMOVED, as_toml, changed

from allotone import InputError, Network
from allotone.cli import main

POPULATION = "populations.cells."
DRIVE = "populations.cells.drive."
TONIC = "populations.cells.tonic.delta."
INHIBITION = "projections.inhibition."
EXCITATION = "projections.excitation."
SCHEDULE = "medium.allopregnanolone"
NAN, INF = math.nan, math.inf
A_TIME, A_CONCENTRATION = "expected a time such as '1 ms'", "expected a concentration such as '1 nM'"
A_CONDUCTANCE = "expected a conductance such as '1 nS' or a conductance per area such as '1 mS/cm2'"
A_CURRENT = "expected a current such as '1 pA' or a current per area such as '1 uA/cm2'"
A_RULE = (
    "is missing; give one of probability, fixed_indegree, one_to_one, all_to_all, neighbours, ring_gaussian, "
    "line_gaussian, line_mirrored, clusters, same_as"
)
A_DRIVE = "is missing; give one of current, pulse, poisson, ornstein_uhlenbeck"
NOT_A_TABLE = "is not a table with keys and values"
COUPLING = {
    "source": "cells", "target": "cells", "synapse": {"kind": "gap_junction"}, "weight": "1 nS",
    "connect": {"rule": "neighbours", "reach": 2, "undirected": True},
}  # fmt: skip
GRADED = {
    "source": "trains", "target": "cells", "receptor": "ampa", "reversal": "0 mV", "synapse": {"kind": "graded"},
    "connect": {"rule": "all_to_all"}, "weight": "1 nS",
}  # fmt: skip


def ring(**changes):
    return {"rule": "ring_gaussian", "sigma": 2, "reach": 3, **changes}


# Where, what, and the sentence; a sentence that begins with another path stands on its own.
FILE_CASES = [
    # Names
    ("titel", "x", "unknown key 'titel'; did you mean 'title'?"),
    (POPULATION + "siz", 3, "unknown key 'siz'; did you mean 'size'?"),
    (DRIVE + "current.amplitud", "1 pA", "unknown key 'amplitud'; did you mean 'amplitude'?"),
    (DRIVE + "current.tau", "1 ms", "unknown key 'tau'; known: agents, amplitude, kind, onset"),
    (DRIVE + "current.amplitude.maen", "1 pA", "unknown key of a distribution; did you mean 'mean'?"),
    (DRIVE + "current.amplitude.distribution", "normale", "unknown distribution 'normale'; did you mean 'normal'?"),
    (DRIVE + "current.kind", "curent", "unknown kind of drive 'curent'; did you mean 'current'?"),
    (DRIVE + "current.kind", REMOVED, A_DRIVE),
    (DRIVE + "current", {}, f"{DRIVE}current.kind: {A_DRIVE}"),
    (POPULATION + "neuron", "adx", "unknown cell model 'adx'; did you mean 'adex'?"),
    (POPULATION + "neuron", "mine.py", "there is no cell model file '{folder}/mine.py'"),
    (POPULATION + "neuron", {"kind": "poison_source"},
     POPULATION + "neuron.kind: unknown kind of source 'poison_source'; did you mean 'poisson_source'?"),
    (POPULATION + "parameters.g_lek", "1 nS", "unknown parameter of 'conductance_lif' 'g_lek'; did you mean 'g_leak'?"),
    (POPULATION + "initial.u", "1 mV", "unknown state variable 'u'; known: g_excitation, v"),
    (POPULATION + "initial.v", "I_leak", "unknown variable in mV 'I_leak'; did you mean 'E_leak'?"),
    (POPULATION + "initial.g_inhibition", "1 nS", "unknown state variable 'g_inhibition'; known: g_excitation, v"),
    (TONIC + "receptor", "alpha4_beta_delt", "unknown receptor 'alpha4_beta_delt'; did you mean 'alpha4_beta_delta'?"),
    (TONIC + "preparation", "slise", "unknown preparation 'slise'; did you mean 'slice'?"),
    (TONIC + "rectification", "weka", "unknown rectification 'weka'; did you mean 'weak'?"),
    (INHIBITION + "receptor", "alpha1_gamma2", "unknown receptor 'alpha1_gamma2'; did you mean 'alpha1_beta_gamma2'?"),
    (INHIBITION + "preparation", "slise", "unknown preparation 'slise'; did you mean 'slice'?"),
    (INHIBITION + "source", "cell", "unknown population 'cell'; did you mean 'cells'?"),
    (INHIBITION + "target", "nobody", "unknown population 'nobody'; known: cells, trains"),
    (INHIBITION + "synapse.kind", "expnential", "unknown synapse model 'expnential'; did you mean 'exponential'?"),
    (INHIBITION + "synapse.tau_decy", "1 ms",
     "unknown parameter of 'biexponential' 'tau_decy'; did you mean 'tau_decay'?"),
    (INHIBITION + "plasticity.kind", "tsodyks", "unknown plasticity 'tsodyks'; did you mean 'tsodyks_markram'?"),
    (INHIBITION + "plasticity.U", 0.5, "unknown parameter of plasticity 'none' 'U'; none is known here"),
    (INHIBITION + "connect.rule", "fixed_indgree", "unknown connection rule 'fixed_indgree'; did you mean 'fixed_indegree'?"),
    (INHIBITION + "connect.rule", REMOVED, A_RULE),
    (INHIBITION + "connect.probability", 0.1, "unknown key 'probability'; known: indegree, rule, self_connections"),
    (INHIBITION + "weight_per", "contcat", "unknown way to count 'contcat'; did you mean 'contact'?"),
    (INHIBITION + "connect", {"rule": "same_as", "projection": "excitatio"},
     INHIBITION + "connect.projection: unknown projection 'excitatio'; did you mean 'excitation'?"),
    (INHIBITION + "connect", {"rule": "same_as", "projection": "inhibition"},
     INHIBITION + "connect.projection: 'inhibition' names itself; name another projection"),
    (INHIBITION + "connect", {"rule": "same_as", "projection": "excitation"},
     INHIBITION + "connect.projection: 'excitation' is not a drawn projection between the same populations"),
    (SCHEDULE, "stp:after=3nM", SCHEDULE + ".schedule: unknown schedule 'stp'; did you mean 'step'?"),
    (SCHEDULE, "step:aftr=3nM", SCHEDULE + ".aftr: unknown parameter of schedule 'step'; did you mean 'after'?"),
    (SCHEDULE, "step:after", "'after' in 'step:after' has no value; write NAME:key=value,key=value"),
    (SCHEDULE, "infsion", SCHEDULE + ".schedule: unknown schedule 'infsion'; did you mean 'infusion'?"),
    (SCHEDULE, "infinity nM", "'infinity nM' is not a finite number with a unit; expected a concentration such as '1 nM'"),
    (SCHEDULE, "step:before=1nM,before=2nM", "'before' is given twice in 'step:before=1nM,before=2nM'; give it once"),
    (DRIVE + "9th", {"kind": "current", "amplitude": "1 pA"},
     "'9th' is not a name; use letters, digits and underscores, beginning with a letter"),
    ("projections.leak", COUPLING,
     "a projection cannot be called 'leak': the cell model 'conductance_lif' or the network already has a E_leak; "
     "choose another name"),
    # What is missing, or of another form
    ("title", REMOVED, "is missing; give it a value"),
    ("time_step", REMOVED, "is missing; give it a value"),
    ("populations", REMOVED, "is missing; give it a value"),
    (POPULATION + "size", REMOVED, "is missing; give it a value"),
    (INHIBITION + "weight", REMOVED, "is missing; give it a value"),
    (DRIVE + "current.amplitude", REMOVED, "is missing; give it a value"),
    (TONIC + "receptor", REMOVED, "is missing; give it a value"),
    ("populations.trains.neuron.rate", REMOVED, "is missing; give it a value"),
    ("projections.excitation", {}, EXCITATION + "source: is missing; give it a value"),
    (EXCITATION + "reversal", REMOVED, "is missing; a synapse with the receptor 'ampa' needs one"),
    (POPULATION + "reversal", REMOVED, "GABA-A receptors need a reversal potential; give E_gaba or chloride_in"),
    (POPULATION + "reversal", {"chloride_out": "130 mM"},
     "give E_gaba, or chloride_in with what else should differ from its default"),
    ("populations", {}, "the network is empty; define at least one population"),
    ("title", 3, "3 is not text in quotes"),
    ("source", 3, "3 is not a list"),
    ("medium", 3, f"3 {NOT_A_TABLE}"),
    ("populations", 3, f"3 {NOT_A_TABLE}"),
    ("populations.cells", "x", f"'x' {NOT_A_TABLE}"),
    (POPULATION + "parameters", "x", f"'x' {NOT_A_TABLE}"),
    (DRIVE + "current", "200 pA", f"'200 pA' {NOT_A_TABLE}"),
    (INHIBITION + "connect", 3, f"3 {NOT_A_TABLE}"),
    (INHIBITION + "connect", {}, f"{INHIBITION}connect.rule: {A_RULE}"),
    (POPULATION + "neuron", 3, "3 is not the name of a cell model, a Python file or a table with a kind of source"),
    (INHIBITION + "connect.self_connections", "yes", "'yes' is neither true nor false"),
    (SCHEDULE, {"schedule": "table", "times": 3, "concentrations": [1]},
     SCHEDULE + ".times: 3 is not a list; give one value for each point of the table"),
    (SCHEDULE, {"schedule": "table", "times": ["0 s"], "concentrations": ["1 nM"]},
     "a table has 1 times and 1 concentrations; expected two or more pairs"),
    (SCHEDULE, {"schedule": "table", "times": ["1 s", "0 s"], "concentrations": ["1 nM", "2 nM"]},
     SCHEDULE + ".times: the times of a table do not increase; sort them and drop repeats"),
    ("models", {"conductance_lif": {"name": "x"}},
     "models.conductance_lif: is not what a definition stores of a cell model; name its Python file"),
    # Units
    ("medium.gaba", "30 ms", f"'30 ms' is a time; {A_CONCENTRATION}"),
    ("medium.gaba", 0.16, f"0.16 has no unit; {A_CONCENTRATION}"),
    ("medium.gaba", "1 uMM", "'1 uMM' has the unknown unit 'uMM'; did you mean 'uM'?"),
    (SCHEDULE, "30 ms", f"'30 ms' is a time; {A_CONCENTRATION}"),
    (SCHEDULE, 30, f"30 has no unit; {A_CONCENTRATION}"),
    (SCHEDULE, "step:after=3", f"{SCHEDULE}.after: '3' has no unit; {A_CONCENTRATION}"),
    ("time_step", 0.05, f"0.05 has no unit; {A_TIME}"),
    (INHIBITION + "weight", 1, f"1 has no unit; {A_CONDUCTANCE}"),
    (INHIBITION + "weight", "1 mV", f"'1 mV' is a voltage; {A_CONDUCTANCE}"),
    (INHIBITION + "delay", "1 mV", f"'1 mV' is a voltage; {A_TIME}"),
    (TONIC + "conductance", "1 pA", f"'1 pA' is a current; {A_CONDUCTANCE}"),
    (TONIC + "density", "1 nS", "'1 nS' is a conductance; expected a plain number"),
    (TONIC + "reference.voltage", "1 nM", "'1 nM' is a concentration; expected a voltage such as '1 mV'"),
    (DRIVE + "current.amplitude", 200, f"200 has no unit; {A_CURRENT}"),
    (DRIVE + "noise.mean", "1 pA", "'1.0 pA' does not fit: with a reversal it is a conductance, such as '1 nS'"),
    (DRIVE + "noise.reversal", REMOVED,
     DRIVE + "noise.mean: '1.0 nS' does not fit: without a reversal it is a current, such as '1 pA'"),
    (POPULATION + "parameters.g_leak", "1 mS/cm2",
     "'1 mS/cm2' is a conductance per area; expected a conductance such as '1 nS'"),
    # Signs and ranges
    (POPULATION + "size", 0, "0 is out of range; expected a whole number of at least 1, at most 2147483647"),
    (POPULATION + "size", -3, "-3 is out of range; expected a whole number of at least 1, at most 2147483647"),
    (POPULATION + "size", 10**12, "1000000000000 is out of range; expected a whole number of at least 1, at most 2147483647"),
    (POPULATION + "size", 2.5, "2.5 is not whole; expected a whole number of at least 1"),
    (POPULATION + "size", True, "True is not a number; expected a whole number of at least 1"),
    ("medium.gaba", "-1 uM", "'-1 uM' is negative; expected a value of at least 0"),
    (SCHEDULE, "-3 nM", "'-3 nM' is negative; expected a value of at least 0"),
    (SCHEDULE, {"schedule": "table", "times": ["0 s", "1 s"], "concentrations": ["-1 nM", "2 nM"]},
     SCHEDULE + ".concentrations: '-1 nM' is negative; expected a value of at least 0"),
    (TONIC + "conductance", "-1 nS", "'-1 nS' is negative; expected a value of at least 0"),
    (TONIC + "density", -1, "-1 is negative; expected a value of at least 0"),
    (TONIC + "constitutive_fraction", 1.1, "1.1 is out of range; expected a number from 0 to 1"),
    (TONIC + "reference.gaba", "0 nM", "no GABA evokes no current to refer to; give more than 0"),
    (INHIBITION + "weight", "-1 nS", "'-1 nS' is negative; expected a value of at least 0"),
    (INHIBITION + "synapse.tau_decay", "-1 ms", "'-1 ms' is negative; expected a value of at least 0"),
    (INHIBITION + "synapse.tau_decay", "0 ms", "'0.0 ms' is not above 0; give a larger value"),
    (INHIBITION + "synapse.tau_decay", "0.4 ms",
     INHIBITION + "synapse.tau_rise: '0.5 ms' is not below tau_decay (0.4 ms); "
     "for equal or reversed time constants use another waveform"),
    (INHIBITION + "decay_factor", 0.1,
     INHIBITION + "synapse.tau_rise: '0.5 ms' is not below tau_decay (5.0 ms times decay_factor 0.1); "
     "for equal or reversed time constants use another waveform"),
    (INHIBITION + "decay_factor", 0, "0.0 is out of range; expected a number above 0"),
    (INHIBITION + "amplitude_factor", -1, "-1.0 is out of range; expected a number of at least 0"),
    (INHIBITION + "onset", "-1 ms", "'-1 ms' is negative; expected a value of at least 0"),
    (EXCITATION + "connect.probability", 1.1, "1.1 is out of range; expected a number from 0 to 1"),
    (EXCITATION + "connect.probability", -0.1, "-0.1 is out of range; expected a number from 0 to 1"),
    (EXCITATION + "connect.probability", "half", "'half' is not a number; expected a number from 0 to 1"),
    (INHIBITION + "connect.indegree", 10, "10 is above the 9 possible sources in 'cells'"),
    (INHIBITION + "connect.indegree", -1, "-1 is out of range; expected a whole number of at least 0, at most 2147483647"),
    (EXCITATION + "connect", {"rule": "fixed_indegree", "indegree": 6},
     EXCITATION + "connect.indegree: 6 is above the 5 possible sources in 'trains'"),
    (EXCITATION + "connect", {"rule": "one_to_one"}, "the rule 'one_to_one' needs populations of one size, not 5 and 10"),
    (INHIBITION + "connect", ring(reach=5),
     INHIBITION + "connect.reach: 5 neighbours on each side meet round a ring of 10 agents"),
    (INHIBITION + "connect", {"rule": "line_mirrored", "reach": 10},
     INHIBITION + "connect.reach: 10 neighbours exceed a line of 10 agents"),
    (INHIBITION + "connect", ring(sigma=0), INHIBITION + "connect.sigma: 0.0 is out of range; expected a number above 0"),
    (INHIBITION + "connect", {"rule": "clusters", "source_cells": 3, "target_cells": 3},
     "10 sources in clusters of 3 and 10 targets in clusters of 3 do not make the same number of whole clusters"),
    (POPULATION + "parameters.C_m", "0 pF", "'0.0 pF' is not above 0; give a larger value"),
    (POPULATION + "parameters.C_m", {"mean": "200 pF", "cv": 0.5},
     "a spread that reaches down to 0 draws values that cannot be; give a min above 0"),
    (POPULATION + "parameters.refractory_period", "-1 ms", "'-1 ms' is negative; expected a value of at least 0"),
    (POPULATION + "initial.g_excitation", "-1 nS", "'-1 nS' is negative; expected a value of at least 0"),
    (POPULATION + "reversal", {"chloride_in": "-8 mM"},
     POPULATION + "reversal.chloride_in: '-8 mM' is negative; expected a value of at least 0"),
    (POPULATION + "reversal", {"chloride_in": "0 mM", "bicarbonate_in": "0 mM"},
     POPULATION + "reversal.chloride_in: 0 mM has no reversal potential; give more than 0 mM"),
    (POPULATION + "reversal", {"chloride_in": "8 mM", "temperature": "0 K"},
     POPULATION + "reversal.temperature: 0 K has no reversal potential; give more than 0 K"),
    (DRIVE + "current.amplitude.cv", -0.1, "-0.1 is negative; expected a value of at least 0"),
    (DRIVE + "current.amplitude.sd", "1 pA", f"{DRIVE}current.amplitude: both sd and cv are given; give one of them"),
    (DRIVE + "current.amplitude.mean", REMOVED, DRIVE + "current.amplitude: a normal distribution needs a mean"),
    (DRIVE + "current.amplitude", {"mean": "1 pA", "min": "0 pA"},
     "min and max clip a spread, but there is none; give sd or cv"),
    (DRIVE + "current.amplitude", {"distribution": "uniform", "min": "2 pA", "max": "1 pA"},
     "min '2 pA' is above max '1 pA'"),
    (DRIVE + "current.amplitude", {"distribution": "lognormal", "mean": "-1 pA", "cv": 1},
     DRIVE + "current.amplitude.mean: '-1 pA' is not positive, which a lognormal distribution needs"),
    (DRIVE + "current.agents", [10], "there is no agent 10; expected 0 to 9"),
    (DRIVE + "current.agents", [1, 1], "agent 1 is named twice; name each once"),
    (DRIVE + "current.agents", [], "names no agent; leave it out for all of them"),
    (DRIVE + "current.agents", [-1],
     DRIVE + "current.agents.0: -1 is out of range; expected a whole number of at least 0, at most 2147483647"),
    (DRIVE + "current.agents", 3, "3 is not a list"),
    (DRIVE + "pulse", {"kind": "pulse", "amplitude": "1 pA", "duration": "0 ms"},
     DRIVE + "pulse.duration: '0.0 ms' is shorter than the time step of 0.05 ms"),
    (DRIVE + "pulse", {"kind": "pulse", "amplitude": "1 pA", "duration": "5 ms", "period": "2 ms"},
     DRIVE + "pulse.period: '2.0 ms' is shorter than the pulse itself (5.0 ms)"),
    (DRIVE + "input.rate", "-1 Hz", "'-1 Hz' is negative; expected a value of at least 0"),
    (DRIVE + "input.inputs", 0, "0 is out of range; expected a whole number of at least 1, at most 2147483647"),
    (DRIVE + "input.tau_decay", "0.01 ms", "'0.01 ms' is shorter than the time step of 0.05 ms"),
    (DRIVE + "noise.tau", "0 ms", "'0.0 ms' is shorter than the time step of 0.05 ms"),
    ("populations.trains.neuron.active_fraction", 1.5, "1.5 is out of range; expected a number from 0 to 1"),
    ("populations.trains.neuron.rate", "1e5 Hz",
     "'100000.0 Hz' is more than one spike in a time step; expected at most 20000 Hz"),
    ("populations.trains.neuron.duration", "0 ms", "'0.0 ms' is not above 0; leave it out for no end"),
    # Time step and delays
    ("time_step", "0 ms", "'0.0 ms' is not above 0; expected e.g. '0.05 ms'"),
    ("time_step", "-1 ms", "'-1 ms' is negative; expected a value of at least 0"),
    ("time_step", "1 ms",
     "'1.0 ms' is too coarse for the cell model 'conductance_lif' of 'cells'; expected at most 0.2 ms"),
    (INHIBITION + "synapse.tau_rise", "0.01 ms",
     "'0.01 ms' is shorter than the time step of 0.05 ms; make the time step smaller or the time constant longer"),
    (INHIBITION + "delay", "-1 ms", "'-1 ms' is negative; expected a value of at least 0"),
    (INHIBITION + "delay", "0.01 ms",
     "'0.01 ms' lies between 0 and the time step; give 0 ms or at least the time step, 0.05 ms"),
    (INHIBITION + "delay", {"distribution": "uniform", "min": "0 ms", "max": "1 ms"},
     INHIBITION + "delay.min: a spread of delays reaches below the time step; give a min of at least 0.05 ms"),
    (INHIBITION + "delay", {"mean": "1 ms", "sd": "0.1 ms"},
     INHIBITION + "delay.min: a spread of delays reaches below the time step; give a min of at least 0.05 ms"),
    (INHIBITION + "delay", {"base": "1 ms"}, INHIBITION + "delay.per_neighbour: is missing; give it a value"),
    # Nothing reads it
    (INHIBITION + "delay", {"base": "1 ms", "per_neighbour": "0.1 ms"},
     INHIBITION + "delay.per_neighbour: nothing reads this: the rule 'fixed_indegree' has no neighbours"),
    (INHIBITION + "reversal", "0 mV",
     "nothing reads this: a GABA-A receptor reverses at populations.cells.reversal; leave it out"),
    (EXCITATION + "preparation", "slice", "nothing reads this: allopregnanolone does not act on 'ampa'"),
    (POPULATION + "reversal.chloride_in", "8 mM", "nothing reads this: E_gaba is given; leave out one of them"),
    ("populations.trains.parameters", {"C_m": "1 pF"},
     "nothing reads this: 'trains' is a source of spikes, without a membrane"),
    ("populations.trains.reversal", {"E_gaba": "-70 mV"},
     "nothing reads this: 'trains' is a source of spikes, without a membrane"),
    ("populations.idle", {"size": 1, "neuron": "adex", "reversal": {"E_gaba": "-70 mV"}},
     "populations.idle.reversal: nothing reads this: 'idle' has no GABA-A receptors, tonic or synaptic"),
    (INHIBITION + "target", "trains", "'trains' is a source of spikes; it has no synapses"),
    ("projections.coupling", {**COUPLING, "delay": "1 ms"},
     "projections.coupling.delay: nothing reads this: a gap_junction synapse has no delay; leave it out"),
    ("projections.coupling", {**COUPLING, "decay_factor": 2},
     "projections.coupling.decay_factor: nothing reads this: a gap junction does not decay"),
    ("projections.coupling", {**COUPLING, "receptor": "ampa"},
     "projections.coupling.receptor: nothing reads this: a gap junction has no receptor; leave it out"),
    ("projections.coupling", {**COUPLING, "connect": {"rule": "neighbours", "reach": 2}},
     "projections.coupling.connect: a gap junction couples a population to itself with undirected = true"),
    ("projections.coupling", {**COUPLING, "weight_per": "target"},
     "projections.coupling.weight_per: a gap junction's contacts are drawn once for both directions, so no target has a "
     "number of its own; give the weight of one contact"),
    (INHIBITION + "connect", {"rule": "neighbours", "reach": 2, "undirected": True},
     INHIBITION + "connect.undirected: only a gap junction is undirected"),
    ("projections.slow", GRADED,
     "projections.slow.source: a graded synapse needs a membrane potential, 'trains' has none"),
]  # fmt: skip

NUMBERS = [
    "time_step", "medium.gaba", SCHEDULE, POPULATION + "size", POPULATION + "parameters.v_threshold",
    POPULATION + "initial.v", POPULATION + "reversal.E_gaba", DRIVE + "current.amplitude", DRIVE + "current.amplitude.cv",
    DRIVE + "noise.sd", DRIVE + "input.rate", TONIC + "density", TONIC + "constitutive_fraction",
    TONIC + "reference.gaba", "populations.trains.neuron.rate", INHIBITION + "weight", INHIBITION + "delay",
    INHIBITION + "synapse.tau_decay", INHIBITION + "connect.indegree", INHIBITION + "amplitude_factor",
    INHIBITION + "decay_factor", INHIBITION + "onset", EXCITATION + "connect.probability", EXCITATION + "reversal",
]  # fmt: skip


class Folder:
    """A folder to run in, whose content must stay as it is."""

    def __init__(self, path, capsys):
        self.path, self.capsys = path, capsys
        (path / "out").mkdir()

    def content(self):
        return {file.relative_to(self.path): file.stat().st_mtime_ns for file in self.path.rglob("*") if file.is_file()}

    def refused(self, *arguments, code=2):
        """The sentence with which a command is refused, everything else about a refusal checked."""
        before = self.content()
        assert main([str(argument) for argument in arguments]) == code
        printed = self.capsys.readouterr()
        assert printed.out == ""
        assert "Traceback" not in printed.err
        assert self.content() == before
        assert printed.err.startswith("allotone: ")
        return printed.err.removeprefix("allotone: ").rstrip("\n")


@pytest.fixture
def folder(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ALLOTONE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path, capsys)


@pytest.fixture
def network(folder, cells_raw):
    path = folder.path / "network.toml"
    path.write_text(as_toml(cells_raw))
    return path


@pytest.mark.parametrize(("path", "value", "sentence"), FILE_CASES)
def test_wrong_value_in_a_file(folder, cells_raw, path, value, sentence):
    file = folder.path / "network.toml"
    file.write_text(as_toml(changed(cells_raw, path, value)))
    said = folder.refused("run", file, "--duration", "1 s", "-o", "out/run.h5")
    sentence = sentence.replace("{folder}", str(folder.path))
    own_path = sentence.split(": ")[0].count(" ") == 0 and "." in sentence.split(": ")[0] and ": " in sentence
    assert said == (sentence if own_path else f"{path}: {sentence}")


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_number_that_is_not_finite_in_a_file(folder, cells_raw, path, value):
    file = folder.path / "network.toml"
    raw = changed(cells_raw, path, value)
    file.write_text(as_toml(raw))
    said = folder.refused("run", file, "--duration", "1 s", "-o", "out/run.h5")
    assert said.startswith(f"{path}: {value!r} is not a finite number; expected ")


@pytest.mark.parametrize("path", NUMBERS)
def test_number_that_overflows_on_the_command_line(folder, network, path):
    unit = {"size": "", "cv": "", "density": "", "constitutive_fraction": "", "indegree": "", "amplitude_factor": "",
            "decay_factor": "", "probability": "", "time_step": "ms", "delay": "ms", "tau_decay": "ms", "onset": "ms",
            "gaba": "nM", "allopregnanolone": "nM", "rate": "Hz", "amplitude": "pA"}  # fmt: skip
    last = path.split(".")[-1]
    default = "nS" if last in ("sd", "weight") else "mV"
    value = f"1e999 {unit.get(last, default)}".strip()
    said = folder.refused("run", network, "--duration", "1 s", "--set", f"{path}={value}", "-o", "out/run.h5")
    assert said.startswith(f"{path}: ")
    assert "is not a finite number; expected " in said


@pytest.mark.parametrize("value", [np.nan, np.float64("inf"), np.nan * mV, np.array(np.inf) * mV])
def test_number_that_is_not_finite_from_python(cells, value):
    with pytest.raises(InputError, match=r"^populations\.cells\.parameters\.v_reset: .* is not a finite number"):
        Network(cells).override({"populations.cells.parameters.v_reset": value})


def test_array_where_one_value_belongs(cells):
    with pytest.raises(InputError, match=r"v_reset: .* holds 2 values; expected one, a voltage such as '1 mV'"):
        Network(cells).override({"populations.cells.parameters.v_reset": [-60, -50] * mV})


COMMAND_CASES = [
    (["--duration", "100"], "duration: '100' has no unit; expected a time such as '1 s'"),
    (["--duration", "nan s"], "duration: 'nan s' is not a finite number with a unit; expected a time such as '1 s'"),
    (["--duration=-1s"], "duration: '-1s' is negative; expected a time of at least 0"),
    (["--duration", "0s"], "duration: 0 s is not above discard, 0 s; simulate longer or discard less"),
    (["--duration", "1s", "--discard", "1s"], "duration: 1 s is not above discard, 1 s; simulate longer or discard less"),
    (["--duration", "1s", "--seed", "-1"], "seed: -1 is out of range; expected a whole number from 0 to 2147483647"),
    (["--duration", "1s", "--seed", str(2**31)],
     "seed: 2147483648 is out of range; expected a whole number from 0 to 2147483647"),
    (["--duration", "1s", "--noise-seed", "-4"],
     "noise_seed: -4 is out of range; expected a whole number from 0 to 2147483647"),
    (["--duration", "1s", "--allo", "30ms"], f"{SCHEDULE}: '30ms' is a time; {A_CONCENTRATION}"),
    (["--duration", "1s", "--allo", "nix.csv"],
     f"{SCHEDULE}: the schedule file 'nix.csv' cannot be read: No such file or directory"),
    (["--duration", "1s", "--set", "populations.cells.siz=3"],
     "populations.cells.siz: unknown name in populations.cells: 'siz'; did you mean 'size'?"),
    (["--duration", "1s", "--set", "populations.cel.size=3"],
     "populations.cel.size: unknown name in populations: 'cel'; did you mean 'cells'?"),
    (["--duration", "1s", "--set", "populations.*.tonic.dleta.density=2"],
     "populations.*.tonic.dleta.density: unknown name in populations.*.tonic: 'dleta'; did you mean 'delta'?"),
    (["--duration", "1s", "--set", "populations.cells.size"],
     "--set: 'populations.cells.size' is not of the form PATH=VALUE"),
    (["--duration", "1s", "--set", "populations.cells.size.mean=3"],
     "populations.cells.size.mean: 'mean' does not exist: the value above it is 10, not a table"),
    (["--duration", "1s", "--dt", "0ms"], "time_step: '0.0 ms' is not above 0; expected e.g. '0.05 ms'"),
    (["--duration", "1s", "--dt", "0.5ms"],
     "time_step: '0.5 ms' is too coarse for the cell model 'conductance_lif' of 'cells'; expected at most 0.2 ms"),
    (["--duration", "0.01ms"], "duration: 1e-05 s is shorter than one time step of 5e-05 s"),
    (["--duration", "1s", "--record", "v@cell:0"], "record: unknown population 'cell'; did you mean 'cells'?"),
    (["--duration", "1s", "--record", "v@cells:99"], "record: 'v@cells:99' names agents outside 0 to 9"),
    (["--duration", "1s", "--record", "g_tonc@cells:1"],
     "record: unknown variable of 'cells' 'g_tonc'; did you mean 'g_tonic'?"),
    (["--duration", "1s", "--record", "v"],
     "record: 'v' is not of the form VARIABLE@POPULATION:FIRST-LAST/EVERY, such as v@pv:0-9/0.5ms"),
    (["--duration", "1s", "--record", "v@cells/0.01ms"],
     "record: '0.01ms' is shorter than the time step of 0.05 ms"),
    (["--duration", "1s", "--statistic", "mean_rat"],
     "statistics: unknown statistic 'mean_rat'; did you mean 'mean_rate'?"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "sentence"), COMMAND_CASES)
def test_wrong_option(folder, network, options, sentence):
    assert folder.refused("run", network, *options, "-o", "out/run.h5") == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pv_gama", "network: unknown network 'pv_gama'; did you mean 'pv_gamma'?"),
        ("nothing.toml", "network: there is no file 'nothing.toml'"),
        ("out/", "network: there is no file 'out/'"),
        ("broken.toml", "broken.toml: is not a TOML file: "),
        ("bytes.toml", "bytes.toml: is not a TOML file: "),
        ("empty.toml", "title: is missing; give it a value"),
        ("itself.toml", "extends: 'itself.toml' extends itself, by way of 1 file(s)"),
        ("first.toml", "extends: 'first.toml' extends itself, by way of 2 file(s)"),
        ("number.toml", "extends: 3 is not the name of a network or the path of a TOML file"),
        ("orphan.toml", "network: unknown network 'pv_gama'; did you mean 'pv_gamma'?"),
    ],
)
def test_wrong_network(folder, name, sentence):
    for file, text in {
        "broken.toml": b"title = ", "bytes.toml": b"\xff\xfe\x00", "empty.toml": b"",
        "itself.toml": b'extends = "itself.toml"', "first.toml": b'extends = "second.toml"',
        "second.toml": b'extends = "first.toml"', "number.toml": b"extends = 3", "orphan.toml": b'extends = "pv_gama"',
    }.items():  # fmt: skip
        (folder.path / file).write_bytes(text)
    said = folder.refused("show", name)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("nowhere/run.h5", "--output: there is no folder 'nowhere'; make it first"),
        ("out/run.txt", "--output: 'out/run.txt' does not end in .h5 or .hdf5"),
    ],
)
def test_output_that_cannot_be(folder, network, output, sentence):
    assert folder.refused("run", network, "--duration", "1 s", "-o", output) == sentence


def test_output_of_an_earlier_run_survives_a_refusal(folder, network):
    (folder.path / "out" / "run.h5").write_bytes(b"precious")
    folder.refused("run", network, "--duration", "100", "-o", "out/run.h5")
    assert (folder.path / "out" / "run.h5").read_bytes() == b"precious"


def test_schedule_that_does_not_cover_the_run(folder, network):
    (folder.path / "course.csv").write_text("time_s,receptor_nM\n0,10\n2,30\n")
    said = folder.refused("run", network, "--duration", "3 s", "--allo", "course.csv", "-o", "out/run.h5")
    assert said == (
        f"{SCHEDULE}: the schedule covers 0 to 2 s, the run needs 0 to 3 s; add values, shorten the run or move it with 'at'"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "time_s,nM\n0,1\n",
            "'course.csv' needs one of the columns receptor_nM, brain_nmol_per_kg, plasma_nM, plasma_ng_per_mL in its header",
        ),
        ("", "'course.csv' needs one of the columns time_s, time_ms, time_min, time_h, time_day in its header"),
        ("time_s,receptor_nM\n0,nan\n1,2\n", "'nan nM' is not a finite number with a unit; expected a concentration"),
        ("time_s,receptor_nM\n0,1\n1\n", "row 3 of 'course.csv' has 1 field(s); expected 2, as in its header"),
        (
            "# bath\n\ntime_s,receptor_nM\n0,1\n1,2,5\n",
            "row 5 of 'course.csv' has 3 field(s); expected 2, as in its header",
        ),
        ('time_s,receptor_nM\n0,1\n1,"2\n', "'course.csv' is not a CSV file"),
    ],
)
def test_schedule_file_that_is_wrong(folder, network, text, sentence):
    (folder.path / "course.csv").write_text(text)
    said = folder.refused("run", network, "--duration", "1 s", "--allo", "course.csv", "-o", "out/run.h5")
    assert said.startswith(SCHEDULE)
    assert sentence in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, ".path: the spike file '{file}' cannot be read: No such file or directory"),
        ("a,b\n1,2\n", ".path: '{file}' is not a CSV file with the columns node_id,time_ms"),
        ("node_id,time_ms\n0,\n", ".path: '{file}' is not a CSV file with the columns node_id,time_ms"),
        ("node_id,time_ms\n7,1\n", ".spikes: there is no agent 7; expected 0 to 4"),
        ("node_id,time_ms\n1,nan\n", ".spikes.0.1: nan is not a finite number; expected a number of at least 0"),
        ("node_id,time_ms\n1,-2\n", ".spikes.0.1: -2.0 is out of range; expected a number of at least 0"),
        (
            "node_id,time_ms\n1,2\n1,2.01\n",
            ".spikes: agent 1 spikes twice in the time step at 2.01 ms; drop one of the two",
        ),
        (
            "node_id,time_ms\n1,2\n1,2.04\n",
            ".spikes: agent 1 spikes twice in the time step at 2.04 ms; drop one of the two",
        ),
    ],
)
def test_spike_file_that_is_wrong(folder, cells_raw, text, sentence):
    file = folder.path / "spikes.csv"
    if text is not None:
        file.write_text(text)
    network = folder.path / "network.toml"
    network.write_text(
        as_toml(changed(cells_raw, "populations.trains.neuron", {"kind": "spike_file", "path": "spikes.csv"}))
    )
    said = folder.refused("run", network, "--duration", "1 s", "-o", "out/run.h5")
    assert said == "populations.trains.neuron" + sentence.replace("{file}", str(file))


MODEL = """
from allotone.neurons import CellModel, Parameter
MODEL = CellModel(name={name!r}, title="t", source="assumed: test", equations={equations!r},
    parameters={{"C_m": Parameter("100 pF", "capacitance", "assumed: test"), {more}}},
    threshold={threshold!r}, reset={reset!r}, initial={{"v": "-60 mV"}}, largest_time_step={step!r})
"""
SOUND = {
    "name": "mine",
    "equations": "dv/dt = I_input/C_m : volt",
    "threshold": "v > -50*mV",
    "reset": "v = -60*mV",
    "more": "",
    "step": "0.1 ms",
}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"equations": "dv/dt = I_input/C : volt"},
         "cell model 'mine': 'C' in equations is neither a variable nor a parameter; known: C_m, v"),
        ({"equations": "dv/dt = I_input/C_m : 1"},
         "cell model 'mine': its equations define no membrane potential; write dv/dt = ... : volt"),
        ({"equations": "dv/dt = I_input/"}, "cell model 'mine': its equations cannot be read: "),
        ({"threshold": "v > v_treshold"}, "cell model 'mine': 'v_treshold' in threshold is neither a variable nor a parameter; "),
        ({"more": '"weight": Parameter("1 nS", "w", "assumed: test")'},
         "cell model 'mine': the network itself uses the name 'weight'; choose another one"),
        ({"more": '"tau": Parameter("1 fortnight", "w", "assumed: test")'}, ": parameter 'tau' of 'mine': '1 fortnight' has"),
        ({"equations": "dv/dt = (-60*mV - v)/(10*ms) : volt"},
         "cell model 'mine': its equations never use I_input, so nothing would act on the cell; add it to dv/dt"),
        ({"more": '"tau": "5 ms"'}, "parameter 'tau' is '5 ms'; write Parameter(default, meaning, origin)"),
        ({"more": '"tau": Parameter(5, "w", "assumed: test")'}, "the default of parameter 'tau' is 5; expected text in quotes"),
        ({"more": '"tau": Parameter("5ms", "w", "assumed: test")'},
         "the default of parameter 'tau' is '5ms'; write a number, one space and a unit"),
        *[({"more": f'"q": Parameter("1 {unit}", "w", "assumed: test")'},
           f"parameter 'q' is in {unit}, which cannot stand in equations") for unit in ("J", "Hz2", "pA2", "uA2/cm4")],
        ({"more": '"tau": Parameter("5 ms", "w", "assumed: test", minimum=3)'},
         "the minimum of parameter 'tau' is 3; expected 0, 'above 0' or None"),
        ({"more": '"g": Parameter("-5 nS", "w", "assumed: test")'},
         "the default of parameter 'g' is '-5 nS', where at least 0 is expected; give another default, or another minimum"),
        ({"reset": None}, "reset is None; expected text in quotes"),
        ({"name": "adex"}, "calls its model 'adex', as one of the package is called; rename it"),
        ({"name": "my cell"}, "its name is not made of letters, digits and underscores; rename it"),
        ({"step": "1"}, "largest_time_step of 'mine': '1' has no unit; expected a time such as '1 ms'"),
        ("1/0", "does not run: division by zero"),
        ("MODEL = 3", "has no MODEL; set MODEL = CellModel(...) from allotone.neurons there"),
    ],
)  # fmt: skip
def test_cell_model_file_that_is_wrong(folder, cells_raw, change, sentence):
    text = change if isinstance(change, str) else MODEL.format(**{**SOUND, **change})
    (folder.path / "mine.py").write_text(text)
    network = folder.path / "network.toml"
    network.write_text(as_toml(changed(cells_raw, "populations.cells.neuron", "mine.py")))
    said = folder.refused("run", network, "--duration", "1 s", "-o", "out/run.h5")
    assert said.startswith("populations.cells.neuron: ")
    assert sentence in said


@pytest.mark.parametrize(
    ("end", "synapse", "taken"),
    [
        ("target", "exponential", "tau_decay_x"),
        ("target", "biexponential", "decaying_x"),
        ("target", "biexponential", "rising_x"),
        ("target", "biexponential", "peak_x"),
        ("source", "graded", "alpha_x"),
        ("source", "graded", "s_x"),
        ("source", "graded", "release_x"),
    ],
)
def test_projection_whose_synapse_adds_what_a_cell_model_has(cells_raw, end, synapse, taken):
    from allotone.network.definition import Definition
    from allotone.neurons import MODELS, Parameter

    model = MODELS["conductance_lif"]
    rich = replace(
        model, name="rich", parameters={**model.parameters, taken: Parameter("1", "another thing", "assumed: test")}
    )
    raw = changed(cells_raw, "models", {"rich": rich.to_dict()})
    raw = changed(raw, "populations.rich", {"size": 1, "neuron": "rich"})
    ends = {"source": "cells", "target": "cells", end: "rich"}
    one = {**GRADED, **ends, "synapse": {"kind": synapse}}
    Definition.from_data(changed(raw, "projections.other", one))
    with pytest.raises(InputError, match=rf"^projections\.x: .* the cell model 'rich' or .* has a {taken}; choose"):
        Definition.from_data(changed(raw, "projections.x", one))


def test_contacts_of_gap_junctions_are_not_those_of_a_synapse(cells_raw):
    from allotone.network.definition import Definition

    raw = changed(cells_raw, "projections.coupling", COUPLING)
    with pytest.raises(
        InputError, match=r"^projections\.inhibition\.connect\.projection: the contacts of the gap junctions"
    ):
        Definition.from_data(changed(raw, INHIBITION + "connect", {"rule": "same_as", "projection": "coupling"}))


LIMITS = [
    ("adex", "a", "-2 nS", None),
    ("adex", "b", "-10 pA", None),
    ("adex", "g_leak", "-1 nS", "negative"),
    ("adex", "Delta_T", "0 mV", "above 0"),
    ("adex", "Delta_T", "-1 mV", "negative"),
    ("adex", "tau_w", "0 ms", "above 0"),
    ("adex", "refractory_period", "0 ms", None),
    ("izhikevich", "b", "5 nS", None),
    ("izhikevich", "b", "-5 nS", None),
    ("izhikevich", "k", "0 nS/mV", "above 0"),
    ("izhikevich", "k", "-1 nS/mV", "negative"),
    ("wang_buzsaki", "phi", 0, "above 0"),
    ("wang_buzsaki", "phi", -5, "negative"),
    ("wang_buzsaki", "g_Na", "-1 mS/cm2", "negative"),
]


@pytest.mark.parametrize(("model", "key", "value", "sentence"), LIMITS)
def test_how_low_a_parameter_may_go(model, key, value, sentence):
    from allotone.network.definition import Definition

    raw = {
        "title": "t", "time_step": "0.05 ms",
        "populations": {"cells": {"size": 1, "neuron": model, "parameters": {key: value}}},
    }  # fmt: skip
    if sentence is None:
        Definition.from_data(raw)
        return
    with pytest.raises(InputError, match=rf"^populations\.cells\.parameters\.{key}: .*{sentence}"):
        Definition.from_data(raw)


def test_two_cell_models_of_one_name(folder, cells_raw):
    for file, step in (("a.py", "0.1 ms"), ("b.py", "0.2 ms")):
        (folder.path / file).write_text(MODEL.format(**{**SOUND, "step": step}))
    raw = changed(cells_raw, "populations.cells.neuron", "a.py")
    raw = changed(raw, "populations.others", {"size": 1, "neuron": "b.py"})
    (folder.path / "network.toml").write_text(as_toml(raw))
    said = folder.refused("show", "network.toml")
    assert said == "populations.others.neuron: two different cell models are called 'mine'; rename one of them"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["plot", "nothing.h5", "-o", "out/x.png"],
         "nothing.h5: there is no such file; give the path of a file that `run` or `sweep` wrote"),
        (["plot", "other.h5", "-o", "out/x.png"],
         "other.h5: is not an HDF5 file; expected one that `run` or `sweep` wrote"),
        (["receptor", "alpha4_beta_delt"],
         "receptor: unknown receptor 'alpha4_beta_delt'; did you mean 'alpha4_beta_delta'?"),
        (["receptor", "alpha4_beta_delta", "--preparation", "slise"],
         "preparation: unknown preparation 'slise'; did you mean 'slice'?"),
        (["receptor", "alpha4_beta_delta", "--allo", "10 ms"], f"--allo: '10.0 ms' is a time; {A_CONCENTRATION}"),
        (["receptor", "alpha4_beta_delta", "--gaba", "1"],
         "--gaba: '1.0' has no unit; expected a concentration such as '1 uM'"),
    ],
)  # fmt: skip
def test_other_commands(folder, arguments, sentence):
    (folder.path / "other.h5").write_bytes(b"not ours")
    assert folder.refused(*arguments) == sentence


def _subprocess(folder, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "allotone", *map(str, arguments)],
        cwd=folder.path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "ALLOTONE_CACHE": str(folder.path / "cache"), **environment},
    )  # fmt: skip


def test_compiler_that_is_missing(folder, network):
    before = folder.content()
    tools = folder.path / "tools"
    tools.mkdir()
    done = _subprocess(folder, "run", network, "--duration", "1 s", "-o", "out/run.h5", PATH=str(tools))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("allotone: compiler: 'g++' was not found, and simulations are compiled; install it (")
    assert "apt install g++ make" in done.stderr
    assert folder.content() == before


def test_refusal_of_a_process_is_one_sentence_on_standard_error(folder, network):
    before = folder.content()
    done = _subprocess(folder, "run", network, "--duration", "1 s", "--set", "medium.gaba=30 ms", "-o", "out/run.h5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"allotone: medium.gaba: '30 ms' is a time; {A_CONCENTRATION}\n"
    assert folder.content() == before


@pytest.mark.parametrize("seed", [-1, 2**31, 1.5, "1"])
def test_seed_from_python(cells, seed):
    with pytest.raises(InputError, match=r"^seed: .* expected a whole number from 0 to 2147483647"):
        Network(cells).run("10 ms", seed=seed)


def test_every_shipped_network_is_sound():
    from allotone.network.definition import Definition
    from allotone.network.files import shipped

    assert {"pv_gamma", "coba_tonic"} <= shipped().keys()
    for name, path in shipped().items():
        assert Definition.load(name) == Definition.load(Path(path))
