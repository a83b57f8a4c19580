"""Servers are shared by runs that follow each other, never by two at a time, and are gone when nobody needs them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from allotone import Network, SimulationError, run_all
from allotone.simulation import execute, serve
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run

SHORT = {"duration": "0.05 s"}


@pytest.fixture(scope="module")
def network():
    return Network.load("pv_gamma")


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The folder in which the servers' own ones lie."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(execute, "scratch_folder", lambda: str(folder))
    return folder


@pytest.fixture
def started(monkeypatch):
    """Servers in the order in which they were started."""
    found = []

    class Noted(serve.Server):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            found.append(self)

    monkeypatch.setattr(serve, "Server", Noted)
    return found


def spikes(run):
    return np.asarray(run.spikes["pv"].times).tolist(), run.spikes["pv"].node_ids.tolist()


def test_a_single_run_leaves_nothing(network, scratch, started):
    first, second = network.run(**SHORT, seed=1), network.run(**SHORT, seed=1)
    assert spikes(first) == spikes(second) and len(first.spikes["pv"].times)
    assert len(started) == 2 and all(one.process.returncode is not None for one in started)
    assert list(scratch.iterdir()) == []


def test_runs_that_follow_each_other_share_a_server_and_nothing_else(network, scratch, started):
    alone = [spikes(network.run(**SHORT, seed=seed)) for seed in (1, 2)]
    started.clear()
    with serve.kept():
        assert [spikes(network.run(**SHORT, seed=seed)) for seed in (1, 2, 1, 2)] == alone * 2
        assert len(started) == len(list(scratch.iterdir())) == 1
    assert started[0].process.returncode is not None and list(scratch.iterdir()) == []


def test_as_many_servers_as_workers(network, scratch, started):
    points = [(network, {**SHORT, "seed": seed}) for seed in range(12)]
    run_all(points, workers=3, show_progress=False)
    assert 1 <= len(started) <= 3 and list(scratch.iterdir()) == []


def test_after_a_failure_another_server_takes_over(network, scratch, started):
    bad = network.override({"populations.pv.drive.current.amplitude": {"mean": "1e12 uA/cm2", "cv": 0.1}})
    with serve.kept():
        good = spikes(network.run(**SHORT, seed=1))
        with pytest.raises(SimulationError, match="membrane potential"):
            bad.run(**SHORT)
        assert spikes(network.run(**SHORT, seed=1)) == good
    assert len(started) == 2 and list(scratch.iterdir()) == []


def test_the_price_of_a_run_is_measured_in_the_binary(network):
    runs = [network.run(duration) for duration in ("0.01 s", "1 s")]
    loops = [run.provenance["loop_seconds"] for run in runs]
    assert 0 < loops[0] < loops[1] < runs[1].provenance["wall_seconds"]
    assert all(1e6 < run.provenance["memory_bytes"] < 1e9 for run in runs if Path("/proc/self/statm").exists())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_an_end_without_closing_anything_ends_the_server_and_its_run(network):
    plan = plan_run(network.definition, duration_s=0.05)
    script = (
        "import os, sys, tempfile, threading, time; from allotone import Network\n"
        "from allotone.simulation import serve\n"
        "network = Network.load('pv_gamma')\n"
        "threading.Thread(target=network.run, args=('2000 s',), daemon=True).start()\n"
        "while not serve.running: time.sleep(0.01)\n"
        "(one,) = serve.running\n"
        "children = f'/proc/{one.process.pid}/task/{one.process.pid}/children'\n"
        "while not open(children).read(): time.sleep(0.01)\n"
        "print(one.process.pid, open(children).read(), flush=True)\n"
        "os._exit(0)\n"
    )
    compile_plan(plan)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2, done.stderr
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_server_that_was_killed_while_it_waited_fails_one_run(network, scratch, started):
    with serve.kept():
        good = spikes(network.run(**SHORT, seed=1))
        os.kill(started[0].process.pid, signal.SIGKILL)
        with pytest.raises(SimulationError, match="exit code -9"):
            network.run(**SHORT, seed=1)
        assert spikes(network.run(**SHORT, seed=1)) == good
    assert list(scratch.iterdir()) == []


def test_no_more_servers_wait_than_may(network, scratch, started, monkeypatch):
    monkeypatch.setattr(serve, "_MOST_IDLE", 1)
    binary = compile_plan(plan_run(network.definition, duration_s=0.05))
    with serve.kept():
        with serve.server(binary.folder, str(scratch)), serve.server(binary.folder, str(scratch)):
            assert len(serve.running) == 2
        assert [one.process.returncode is None for one in started].count(True) == 1
    assert list(scratch.iterdir()) == []
