"""A simulation that goes numerically wrong, or did not use what it was given, is a failed run with a reason."""

import copy
import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from allotone import Network, SimulationError
from allotone.cli import main
from allotone.network.medium import TABLE
from allotone.simulation import execute as execution
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run
from allotone.simulation.serve import kept

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


def handing_over(monkeypatch, change):
    """Let the binary be handed something else than what the plan says."""
    serve = execution._serve
    monkeypatch.setattr(execution, "_serve", lambda one, request, *rest: serve(one, change(request), *rest))


def test_value_that_did_not_arrive(plan, binary, scratch, monkeypatch):
    place = binary.manifest["arguments"].index("pop_growing.growth")

    def change(request):
        other = request.copy()
        other[1 + place] = -0.07
        return other

    handing_over(monkeypatch, change)
    with pytest.raises(
        SimulationError, match=r"^pop_growing.growth was handed over as 0.001, but the simulation used -0.07"
    ):
        execution.execute(binary, plan)
    assert list(scratch.iterdir()) == []


def test_request_in_the_order_of_another_binary(plan, binary, scratch):
    manifest = copy.deepcopy(binary.manifest)
    manifest["arguments"].reverse()
    with pytest.raises(SimulationError, match="^the simulation failed: the request is that of another binary"):
        execution.execute(dataclasses.replace(binary, manifest=manifest), plan)


@pytest.mark.parametrize("count", [-1, 1])
def test_request_of_another_length(plan, binary, scratch, monkeypatch, count):
    handing_over(monkeypatch, lambda request: np.resize(request, request.size + count))
    with pytest.raises(SimulationError, match="^the simulation failed: the request is that of another binary"):
        execution.execute(binary, plan)


def test_time_course_that_did_not_arrive(plan, binary, scratch, monkeypatch):
    # The run uses a table that the plan does not say.
    request = execution._request

    def of_another_table(binary, plan):
        return request(binary, dataclasses.replace(plan, arrays={TABLE: [2 * value for value in plan.arrays[TABLE]]}))

    monkeypatch.setattr(execution, "_request", of_another_table)
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
        ("exit 0", "the simulation failed: exit code 0"),
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


def test_truncated_output(plan, binary, scratch, monkeypatch):
    blocks = execution._blocks

    def cut(path):
        os.truncate(path, os.path.getsize(path) - 8)
        return blocks(path)

    monkeypatch.setattr(execution, "_blocks", cut)
    with pytest.raises(SimulationError, match=r"^the simulation wrote \d+ bytes of an answer of \d+$"):
        execution.execute(binary, plan)
    assert os.listdir(scratch) == []


@pytest.mark.parametrize("content", [b"", b"short", b"\x05" + bytes(7), b"\xff" * 16, bytes(8) + b"more"])
def test_answer_that_is_none(tmp_path, content):
    (tmp_path / "answer").write_bytes(content)
    with pytest.raises(SimulationError, match="the simulation wrote"):
        execution._blocks(str(tmp_path / "answer"))
    assert list(tmp_path.iterdir()) == []


def test_answer_of_an_earlier_run_is_not_taken_for_this_one(plan, binary, scratch):
    with kept():
        execution.execute(binary, plan)
        assert [path.name for path in scratch.glob("*/answer")] == []
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []
