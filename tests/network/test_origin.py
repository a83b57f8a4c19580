"""`show` names the true source of every value: the comment on its line, the model, or the schema."""

import re

import pytest

from allotone.cli import main
from allotone.network.definition import Definition
from allotone.network.origin import DEFAULT, file_comments, origin_of, origins

FILE = """
title = "Cells"
time_step = "0.05 ms"   # coarse enough
[medium]
allopregnanolone = "step:after=30nM"                   # infusion protocol
[populations.cells]
size = 10
neuron = "conductance_lif"
parameters = { g_leak = "3 nS" }                       # my "patch" data
reversal = { chloride_in = "8 mM" }   # imaging # two dyes
"initial" = { v = '-61 mV' }  # 'quoted # key'
[populations.cells.drive.current]
kind = "current"
amplitude = { mean = "200 pA", cv = 0.1 }              # rheobase
agents = [
  0,
  1,
]
[populations.cells.tonic.delta]
receptor = "alpha4_beta_delta"
conductance = "1 nS"   # fluctuation analysis
[projections.inhibition]
source = "cells"
target = "cells"
receptor = "alpha1_beta_gamma2"
synapse = { kind = "biexponential", tau_rise = "0.5 ms" }   # averaged traces
plasticity = { kind = "tsodyks_markram", U = 0.3 }
connect.rule = "probability"
connect.probability = 0.5  # pairs
weight = "1 nS"
"""
CELLS = "populations.cells."
INHIBITION = "projections.inhibition."


def shown(folder, text=FILE, values=None):
    """Origin of a path as `show` prints it for a file and values of the command line."""
    (folder / "network.toml").write_text(text)
    definition = Definition.load(folder / "network.toml")
    comments = file_comments(str(folder / "network.toml"))
    if values:
        definition = definition.override(values)
        comments |= dict.fromkeys(values, "set on the command line")
    found = origins(definition, comments)
    return lambda path: origin_of(path, found)


def test_values_of_the_file(tmp_path):
    origin = shown(tmp_path)
    for path, comment in {
        "time_step": "coarse enough",
        CELLS + "size": "network file",
        CELLS + "parameters.g_leak": 'my "patch" data',
        CELLS + "reversal.chloride_in": "imaging # two dyes",
        CELLS + "initial.v": "'quoted # key'",
        CELLS + "drive.current.amplitude": "rheobase",
        CELLS + "drive.current.agents": "network file",
        CELLS + "tonic.delta.conductance": "fluctuation analysis",
        INHIBITION + "synapse.tau_rise": "averaged traces",
        INHIBITION + "plasticity.U": "network file",
        INHIBITION + "connect.rule": "network file",
        INHIBITION + "connect.probability": "pairs",
        "medium.allopregnanolone.after": "infusion protocol",
        "medium.allopregnanolone.onset": "assumed: neutral default",
    }.items():
        assert origin(path) == comment, path


def test_defaults_beside_them(tmp_path):
    origin = shown(tmp_path)
    assert "Brette et al. 2007" in origin(CELLS + "parameters.C_m")
    assert "Bartos et al. 2002" in origin(INHIBITION + "synapse.tau_decay")
    assert "Tsodyks" in origin(INHIBITION + "plasticity.tau_recovery")
    for path in (
        "medium.gaba",
        CELLS + "reversal.chloride_out",
        CELLS + "drive.current.onset",
        CELLS + "tonic.delta.density",
        INHIBITION + "connect.self_connections",
    ):
        assert origin(path) == DEFAULT, path


def test_values_of_the_command_line(tmp_path):
    origin = shown(
        tmp_path,
        values={
            "populations.*.parameters.C_m": "150 pF",
            "medium.allopregnanolone": "20 nM",
            CELLS + "drive.current.amplitude": "100 pA",
            CELLS + "tonic.delta.conductance.cv": 0.2,
            CELLS + "drive.current.agents.1": 3,
        },
    )
    for path in (
        CELLS + "parameters.C_m",
        "medium.allopregnanolone.schedule",
        "medium.allopregnanolone.concentration",
        CELLS + "drive.current.amplitude",
    ):
        assert origin(path) == "set on the command line", path
    assert origin(CELLS + "parameters.g_leak") == 'my "patch" data'
    assert origin(CELLS + "tonic.delta.conductance") == "fluctuation analysis; set on the command line"


def test_a_spread_about_a_default_names_both(tmp_path):
    values = {CELLS + "parameters.g_leak.cv": 0.1, CELLS + "parameters.v_threshold.sd": "1 mV"}
    origin = shown(tmp_path, values=values)
    assert origin(CELLS + "parameters.g_leak") == 'my "patch" data; set on the command line'
    assert re.fullmatch("assumed: .*; set on the command line", origin(CELLS + "parameters.v_threshold"))


def test_what_a_file_extends(tmp_path):
    (tmp_path / "base.toml").write_text(FILE)
    child = """
    extends = "base.toml"
    [populations.cells]
    parameters = { g_leak = "4 nS", E_leak = "-61 mV" }
    reversal = { E_gaba = "-70 mV" }   # gramicidin
    [populations.cells.tonic.delta]
    conductance = { mean = "2 nS", cv = 0.1 }   # other slices
    [projections.inhibition]
    synapse = { kind = "exponential" }   # simpler
    """
    inner = tmp_path / "inner"
    inner.mkdir()
    origin = shown(inner, child.replace("base.toml", "../base.toml"))
    assert origin(CELLS + "parameters.g_leak") == "network file"
    assert origin(CELLS + "reversal.E_gaba") == "gramicidin"
    assert origin(CELLS + "tonic.delta.conductance") == "other slices"
    assert origin(CELLS + "drive.current.amplitude") == "rheobase"
    assert origin(INHIBITION + "synapse.kind") == "simpler"
    # The base's comment went with the waveform that it was about.
    assert "order of an AMPA current" in origin(INHIBITION + "synapse.tau_decay")


def test_show_prints_them(tmp_path, capsys):
    (tmp_path / "network.toml").write_text(FILE)
    assert main(["show", str(tmp_path / "network.toml"), "--set", "populations.*.size=7"]) == 0
    lines = {line.split(" ")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines[CELLS + "size"].endswith(" set on the command line")
    assert lines[CELLS + "parameters.g_leak"].endswith('my "patch" data')
    assert lines[INHIBITION + "connect.self_connections"].endswith(DEFAULT)


@pytest.mark.parametrize("name", ["pv_gamma", "coba_driven"])
def test_every_comment_of_a_shipped_network_stands_somewhere(name):
    definition, comments = Definition.load(name), file_comments(name)
    found = origins(definition, comments)
    assert {comment for comment in comments.values() if comment} <= set(found.values())
