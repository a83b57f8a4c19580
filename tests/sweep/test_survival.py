"""A sweep that is killed, filled up or interrupted at any moment goes on and ends as if nothing had been."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from small import CELLS, DENSITY, DOSE, assert_same

from allotone.cli import main
from allotone.errors import MachineError
from allotone.results import read_part, read_table
from allotone.sweep import jobs, status
from allotone.sweep.store import about_parts, parts_folder

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for child processes in /proc")

# 60 points of about a tenth of a second.
SWEEP = [
    "sweep", "cells.toml", "--axis", f"{DOSE}=0,10,30,100,300nM", "--axis", f"{DENSITY}=0.5,1", "--seeds", "6",
    "--duration", "10s", "--discard", "1s",
]  # fmt: skip


class Commands:
    """Commands in a folder, each a process of its own that may be killed."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "cells.toml").write_text(CELLS)
        script = Path(__file__).with_name("commands.py")
        self.server = subprocess.Popen(
            [sys.executable, str(script)], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = None

    def start(self, *arguments, **others) -> int:
        """Pid of a command under way."""
        if self.pid is not None:
            # Left by a test that failed.
            kill(self.pid)
            self.end()
        asked = {"arguments": arguments, "log": str(self.folder / "log"), **others}
        (self.folder / "log").unlink(missing_ok=True)
        self.server.stdin.write(json.dumps(asked) + "\n")
        self.server.stdin.flush()
        self.pid = self._told("started")
        return self.pid

    def end(self) -> int:
        """Exit code of the command under way, once it has ended; -9 where it was killed."""
        self.pid = None
        return self._told("ended")

    def _told(self, what) -> int:
        word, number = self.server.stdout.readline().split()
        assert word == what
        return int(number)

    def run(self, *arguments, **others) -> int:
        self.start(*arguments, **others)
        return self.end()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            name_and_rest = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(name_and_rest[1]) == pid:
            found.append(int(entry.parent.name))
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    found = Commands(tmp_path_factory.mktemp("survival"))
    yield found
    found.server.stdin.close()
    found.server.wait(timeout=20)


@pytest.fixture(scope="module")
def undisturbed(commands):
    assert commands.run(*SWEEP, "-j", "2", "-o", "undisturbed.h5") == 0, commands.log
    return commands.folder / "undisturbed.h5"


def kept(path: Path) -> int:
    """Points that the parts hold, every one of which can be read."""
    if about_parts(path) is None:
        return 0
    sha256 = read_sha256(path)
    return sum(len(read_part(part, sha256).points) for part in parts_folder(path).glob("*.h5"))


def read_sha256(path):
    from allotone.sweep.carry_out import find

    return find(path).sha256


def test_killed_twenty_times_it_ends_as_if_undisturbed(commands, undisturbed):
    path, rng = commands.folder / "killed.h5", np.random.default_rng(11)
    command = [*SWEEP, "-j", "2", "-o", path.name]
    kills, workers_killed, before, parts = 0, 0, 0, 0
    while kills < 20:
        # A worker is a simulation's process or, in one of five commands, the helper that plans and reads.
        helpers = kills % 5 == 4
        pid = commands.start(*command, helpers=helpers)
        if helpers:
            until(lambda pid=pid: any("helper" in line for line in map(command_line, children(pid))))
            time.sleep(rng.uniform(0, 2))
        elif rng.random() < 0.7:
            more = parts + rng.integers(1, 3)
            until(lambda more=more: len(list(parts_folder(path).glob("*.h5"))) >= more)
        time.sleep(rng.uniform(0, 0.1))
        if kills % 2 and (found := children(pid)):
            worker_died = kill(found[rng.integers(len(found))])
            kills += worker_died
            workers_killed += worker_died
            time.sleep(rng.uniform(0, 0.1))
        assert kill(pid), f"finished after {kills} kills: {commands.log}"
        kills += 1
        assert commands.end() == -signal.SIGKILL, commands.log
        assert not path.exists()
        parts, now = len(list(parts_folder(path).glob("*.h5"))), kept(path)
        assert now >= before
        before = now
    assert workers_killed >= 3 and 0 < before < 60
    assert commands.run(*command) == 0, commands.log
    assert_same(path, undisturbed)
    assert not parts_folder(path).exists()


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_disk_that_is_full_loses_nothing(commands, undisturbed, at):
    path = commands.folder / f"full_{at}.h5"
    command = [*SWEEP, "-j", "1", "-o", path.name]
    # The first file that is written says what the sweep is, the others are parts.
    assert commands.run(*command, fail_at=at) == 2
    assert "could not be written" in commands.log and "Traceback" not in commands.log
    assert not path.exists()
    assert not list(commands.folder.glob("**/*.tmp"))
    if at == 1:
        assert not parts_folder(path).exists()
    else:
        assert status(path).done == kept(path) > 0 if at > 2 else kept(path) == 0
    if at == 4:
        assert commands.run(*command) == 0, commands.log
        assert_same(path, undisturbed)


def test_no_room_for_a_simulation_is_no_failure_of_its_point(commands, tmp_path, monkeypatch):
    from small import cells

    from allotone import Sweep

    sweep = Sweep(cells(), {DENSITY: [0.5, 1.0]}, seeds=2, duration="0.3 s")
    executed, calls = jobs.execute, []

    def full(*arguments):
        calls.append(1)
        if len(calls) > 2:
            raise MachineError("the folder for what a simulation writes: no space left on device")
        return executed(*arguments)

    monkeypatch.setattr(jobs, "execute", full)
    with pytest.raises(MachineError, match="no space left"):
        sweep.run(tmp_path / "x.h5", workers=1, show_progress=False)
    state = status(tmp_path / "x.h5")
    assert (state.failed, state.running) == (0, False) and state.done < 4
    monkeypatch.setattr(jobs, "execute", executed)
    table = sweep.run(tmp_path / "x.h5", workers=1, show_progress=False)
    assert (table["status"] == 0).all()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("helpers", [False, True])
def test_an_interrupted_sweep_says_how_to_go_on(commands, undisturbed, number, helpers):
    path = commands.folder / f"interrupted_{number}_{helpers}.h5"
    command = [*SWEEP, "-j", "2", "-o", path.name]
    pid = commands.start(*command, helpers=helpers)
    until(lambda: list(parts_folder(path).glob("*.h5")))
    if helpers:
        until(lambda: any("helper" in line for line in map(command_line, children(pid))))
    time.sleep(0.3)
    asked = time.monotonic()
    os.kill(pid, number)
    assert commands.end() == 130, commands.log
    assert time.monotonic() - asked < 2
    assert "of 60 points are kept" in commands.log and "the same command goes on" in commands.log
    assert "Traceback" not in commands.log
    assert children(pid) == []
    assert commands.run("status", path.name) == 1
    assert "not running" in commands.log
    assert kept(path) > 0


def test_two_commands_at_once_do_not_share_a_file(commands, undisturbed, monkeypatch, capsys):
    path = commands.folder / "twice.h5"
    command = [*SWEEP, "-j", "1", "-o", path.name]
    pid = commands.start(*command)
    until(lambda: list(parts_folder(path).glob("*.h5")))
    assert status(path).running
    monkeypatch.chdir(commands.folder)
    assert main(command) == 2
    assert "another process is at work" in capsys.readouterr().err
    kill(pid)
    commands.end()
    assert not status(path).running


def test_a_part_that_was_damaged_is_done_again(commands, undisturbed):
    path = commands.folder / "damaged.h5"
    command = [*SWEEP, "-j", "2", "-o", path.name]
    pid = commands.start(*command)
    until(lambda: len(list(parts_folder(path).glob("*.h5"))) > 1)
    kill(pid)
    commands.end()
    part = sorted(parts_folder(path).glob("*.h5"))[0]
    part.write_bytes(part.read_bytes()[:-200])
    assert commands.run(*command) == 0, commands.log
    assert "its points are done again" in commands.log
    assert_same(path, undisturbed)
    assert int((read_table(path)["status"] == 0).sum()) == 60
