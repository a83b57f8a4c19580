"""A simulation that goes numerically wrong, or did not use what it was given, is a failed run with a reason."""

import copy
import dataclasses
import os
from pathlib import Path

import pytest

from allotone import Network, SimulationError
from allotone.cli import main
from allotone.simulation import execute as execution
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run

MODEL = """
from allotone.neurons import CellModel, Parameter

MODEL = CellModel(
    name="growing",
    title="A potential that moves away from rest by itself",
    source="assumed: test",
    equations="dv/dt = growth*(v - v_rest) + I_input/C_m : volt",
    parameters={
        "growth": Parameter("1e-6 /ms", "speed of the instability", "assumed: test"),
        "v_rest": Parameter("-70 mV", "where it balances", "assumed: test"),
        "C_m": Parameter("100 pF", "capacitance", "assumed: test"),
    },
    threshold="v > 1e9*volt",
    initial={"v": "-60 mV"},
    largest_time_step="0.1 ms",
)
"""
NETWORK = """
title = "One cell that may grow, one that may fire too fast"
time_step = "0.1 ms"

[populations.growing]
size = 2
neuron = "growing.py"

[populations.firing]
size = 1
neuron = "conductance_lif"
parameters = { refractory_period = "0 ms" }
reversal = { E_gaba = "-75 mV" }

[populations.firing.drive.current]
kind = "current"
amplitude = "0 pA"

[populations.firing.tonic.delta]
receptor = "alpha4_beta_delta"
conductance = "1 nS"
"""
SETTINGS = {"duration_s": 0.1, "seed": 1}


@pytest.fixture(scope="module")
def network_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failing")
    (folder / "growing.py").write_text(MODEL)
    (folder / "network.toml").write_text(NETWORK)
    return folder / "network.toml"


@pytest.fixture(scope="module")
def plan(network_file):
    return plan_run(Network.load(network_file).override({"medium.allopregnanolone": "10 nM"}).definition, **SETTINGS)


@pytest.fixture(scope="module")
def binary(plan):
    return compile_plan(plan)


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(execution, "scratch_folder", lambda: str(folder))
    return folder


def test_the_network_itself_runs(plan, binary, scratch):
    output = execution.execute(binary, plan)
    assert output.spikes["firing"][0].size == 0
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("populations.growing.parameters.growth=100 /ms", "the membrane potential of 'growing' is not a number (first in agent 0)"),
        ("populations.growing.parameters.growth=0.1 /ms", "the membrane potential of 'growing' ran away to 220 V"),
        ("populations.firing.drive.current.amplitude=1e9 pA", "'firing' fires at 10000 Hz on average, which no neuron does"),
    ],
)  # fmt: skip
def test_numbers_that_go_wrong(binary, network_file, scratch, tmp_path, capsys, change, reason):
    code = main(["run", str(network_file), "--duration", "100 ms", "--set", change, "-o", str(tmp_path / "run.h5")])
    said = capsys.readouterr()
    assert (code, said.out) == (1, "")
    assert f"allotone: {reason}; try a smaller time step (--dt), or look for a conductance or drive" in said.err
    assert "Traceback" not in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["scratch"]
    assert list(scratch.iterdir()) == []


def test_value_that_did_not_arrive(plan, binary, scratch):
    manifest = copy.deepcopy(binary.manifest)
    arguments = manifest["arguments"]
    arguments["pop_growing.growth"] = arguments["pop_growing.v_rest"]
    with pytest.raises(
        SimulationError, match=r"^pop_growing.growth was handed over as .* but the simulation used \[-0.07\]"
    ):
        execution.execute(dataclasses.replace(binary, manifest=manifest), plan)
    assert list(scratch.iterdir()) == []


def test_time_course_that_did_not_arrive(plan, binary, scratch, monkeypatch):
    # The binary is handed a table of its own making while the plan keeps the right one.
    table = next(name for name in plan.arrays if "table" in name)
    start = execution._start

    def with_another_table(binary, plan, folder):
        other = copy.deepcopy(plan)
        other.arrays[table] = [2 * value for value in plan.arrays[table]]
        return start(binary, other, folder)

    monkeypatch.setattr(execution, "_start", with_another_table)
    with pytest.raises(
        SimulationError, match="was 20 nM in 'firing', the schedule says 10 nM: the time course did not"
    ):
        execution.execute(binary, plan)


def test_value_that_is_not_finite_never_leaves(plan, binary, scratch):
    wrong = copy.deepcopy(plan)
    wrong.arguments["pop_growing.growth"] = float("nan")
    with pytest.raises(SimulationError, match="pop_growing.growth is nan; a value that is not finite never reaches"):
        execution.execute(binary, wrong)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'Segmentation somewhere' >&2; exit 0", "the simulation failed: Segmentation somewhere"),
        ("exit 0", "the simulation left no file "),
        ("exit 3", "the simulation failed: exit code 3"),
        ("kill -9 $$", "the simulation failed: exit code -9"),
    ],
)
def test_program_that_fails(plan, binary, scratch, tmp_path, script, reason):
    folder = tmp_path / "binary"
    folder.mkdir()
    main_file = Path(folder / "main")
    main_file.write_text(f"#!/bin/sh\n{script}\n")
    main_file.chmod(0o755)
    with pytest.raises(SimulationError) as failed:
        execution.execute(dataclasses.replace(binary, folder=folder), plan)
    assert str(failed.value).startswith(reason)
    assert list(scratch.iterdir()) == []


def test_truncated_output(plan, binary, scratch, tmp_path):
    folder = tmp_path / "binary"
    folder.mkdir()
    potential = binary.manifest["states"]["growing"]["v"]["file"]
    script = folder / "main"
    script.write_text(f'#!/bin/sh\ncd "{binary.folder}" && ./main "$@" && : > "$2{potential}"\n')
    script.chmod(0o755)
    with pytest.raises(SimulationError) as failed:
        execution.execute(dataclasses.replace(binary, folder=folder), plan)
    assert str(failed.value) == f"the simulation wrote 0 of 2 values to {potential}"
    assert os.listdir(scratch) == []
