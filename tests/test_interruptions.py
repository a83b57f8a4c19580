"""What is stopped in the middle is never taken for done, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from allotone import Network, SimulationError, run_all
from allotone.cli import main
from allotone.simulation import execute, serve
from allotone.simulation.compile import cache_folder

LONG = {"duration": "2000 s"}


# They look at processes and folders of the whole machine.
pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def network():
    found = Network.load("pv_gamma")
    found.run("0.2 s")
    return found


def scratch():
    return set(Path(execute.scratch_folder() or "/tmp").glob("allotone-*"))


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def run_of(server) -> int:
    """Pid of the process that runs what its server was asked for."""
    pid = server.process.pid
    until(lambda: Path(f"/proc/{pid}/task/{pid}/children").read_text())
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for child processes in /proc")
@pytest.mark.parametrize("whom", ["run", "server"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_binary_that_was_stopped_is_a_failed_run(network, whom, number):
    pids = []

    def stop():
        until(lambda: serve.running)
        (server,) = serve.running
        pids.extend([run_of(server), server.process.pid])
        time.sleep(0.2)
        os.kill(pids[0] if whom == "run" else pids[1], number)

    helper = threading.Thread(target=stop)
    helper.start()
    with pytest.raises(SimulationError, match=f"the simulation failed: exit code -{number}$"):
        network.run(**LONG)
    helper.join()
    assert not serve.running
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_a_run_that_ended_early_is_a_failed_run(network, monkeypatch):
    handed = execute._serve
    monkeypatch.setattr(execute, "_check_arrival", lambda *_: None)

    def shorter(one, request, *rest):
        # The duration is the only such number.
        return handed(one, np.where(request == 0.5, 0.3, request), *rest)

    monkeypatch.setattr(execute, "_serve", shorter)
    with pytest.raises(SimulationError, match=r"stopped at 0\.3 of 0\.5 s"):
        network.run("0.5 s")


def test_an_interrupted_batch_stops_its_runs_at_once(network, tmp_path):
    script = tmp_path / "batch.py"
    script.write_text(
        "from allotone import Network, run_all\n"
        "network = Network.load('pv_gamma')\n"
        "run_all([(network, {'duration': '2000 s', 'seed': seed}) for seed in range(4)], workers=2)\n"
    )
    before = scratch()
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until(lambda: len(scratch() - before) == 2)
    time.sleep(0.5)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)
    assert time.monotonic() - started < 5
    assert process.returncode != 0
    until(lambda: scratch() <= before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_line_ends_with_130_and_leaves_nothing(network, tmp_path, number):
    before = scratch()
    command = [
        sys.executable,
        "-m",
        "allotone",
        "run",
        "pv_gamma",
        "--duration",
        "2000s",
        "-o",
        str(tmp_path / "run.h5"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: scratch() - before)
    time.sleep(0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130, errors
    assert "interrupted; nothing was written" in errors and "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
    until(lambda: scratch() <= before)


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps to see processes")
def test_a_simulation_does_not_outlive_its_caller(network, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "allotone", "run", "pv_gamma", "--duration", "2000s", "-o", str(tmp_path / "run.h5")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def simulations():
        listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True).stdout.splitlines()
        return [line for line in listed if str(cache_folder()) in line and line.endswith("/main")]

    others = simulations()
    until(lambda: len(simulations()) > len(others))
    time.sleep(0.5)
    process.kill()
    process.wait()
    until(lambda: len(simulations()) == len(others))


def test_what_a_killed_process_left_goes_with_the_next_ones_first_run(network, tmp_path):
    def start(duration):
        script = (
            "from allotone import Network; from allotone.simulation import execute\n"
            f"execute.scratch_folder = lambda: {str(tmp_path)!r}\n"
            f"Network.load('pv_gamma').run({duration!r})\n"
        )
        return subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)

    def folders():
        return set(tmp_path.glob("allotone-*"))

    killed = start("2000 s")
    until(folders, 60)
    left = folders()
    living = start("2000 s")
    until(lambda: folders() - left, 60)
    used = folders() - left
    killed.kill()
    killed.wait()
    assert folders() == left | used and len(left) == len(used) == 1
    assert start("0.2 s").wait(timeout=60) == 0
    assert folders() == used and living.poll() is None
    living.send_signal(signal.SIGINT)
    living.wait(timeout=20)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_ends_the_others(network):
    bad = network.override({"populations.pv.drive.current.amplitude": {"mean": "1e12 uA/cm2", "cv": 0.1}})
    started = time.monotonic()
    with pytest.raises(SimulationError):
        run_all([(network, LONG), (bad, {"duration": "0.2 s"})], workers=2, show_progress=False)
    assert time.monotonic() - started < 20
    assert not serve.running


def test_a_cache_that_cannot_be_used_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ALLOTONE_CACHE", str(tmp_path / "file"))
    network_file = tmp_path / "network.toml"
    network_file.write_text(
        'title = "x"\ntime_step = "0.1 ms"\n[populations.a]\nsize = 3\nneuron = "conductance_lif"\n'
    )
    assert main(["run", str(network_file), "--duration", "0.1s", "-o", str(tmp_path / "run.h5")]) == 2
    error = capsys.readouterr().err
    assert "ALLOTONE_CACHE" in error and str(tmp_path / "file") in error and "Traceback" not in error
    assert not (tmp_path / "run.h5").exists()


def test_an_output_that_cannot_be_written_is_refused_before_the_run(tmp_path, capsys, monkeypatch):
    (tmp_path / "foreign.h5").write_text("mine")
    (tmp_path / "folder.h5").mkdir()
    monkeypatch.setattr("allotone.simulation.run.simulate", lambda *a, **k: pytest.fail("the run was begun"))
    for name, sentence in (("foreign.h5", "not a file of allotone"), ("folder.h5", "is a folder")):
        assert main(["run", "pv_gamma", "--duration", "1s", "-o", str(tmp_path / name)]) == 2
        assert sentence in capsys.readouterr().err


def test_preferences_of_the_user_do_not_change_the_binary(tmp_path):
    settings = tmp_path / "home" / ".brian"
    settings.mkdir(parents=True)
    (settings / "user_preferences").write_text("[core]\ndefault_float_dtype = float32\n")
    script = (
        "from allotone import Network; import sys\n"
        "run = Network.load('pv_gamma').run('0.2 s', seed=1)\n"
        "print(run.definition_sha256, len(run.spikes['pv'].times), float(run.spikes['pv'].times[-1]))\n"
    )

    def printed(home):
        environment = {**os.environ, "HOME": str(home), "ALLOTONE_CACHE": str(tmp_path / f"cache-{Path(home).name}")}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert printed(tmp_path / "home") == printed(tmp_path / "elsewhere")
