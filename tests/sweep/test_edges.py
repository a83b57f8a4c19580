"""What would lose, mix or invent points of a sweep without a word."""

import errno
import shutil
import time
import tomllib
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from small import CELLS, DENSITY, DOSE, assert_same, cells

from allotone import Definition, InputError, Network, Sweep
from allotone.cli import main
from allotone.errors import MachineError
from allotone.results import Column, Part, PointResult, compose_part
from allotone.sweep import Axis, collect, execution, jobs, local, status, zipped
from allotone.sweep.local import WorkerDied
from allotone.sweep.store import Store, parts_folder

TIMES = {"duration": "0.05 s"}
QUIET = {"workers": 1, "show_progress": False}


def sweep(axes=None, **others):
    return Sweep(cells(), axes or {DENSITY: [0.5, 1.0, 2.0, 3.0]}, **{**TIMES, **others})


class Pretended:
    """A worker whose points take two milliseconds, and which some of them end."""

    capacity = 1

    def __init__(self, deadly):
        self.deadly = set(deadly)

    def submit(self, job):
        points = [point for setting in job["settings"] for point, _ in setting["points"]]
        answer = Future()
        if self.deadly & set(points):
            answer.set_exception(WorkerDied("signal 9"))
            return answer
        seconds = 0.002 * len(points)
        results = [PointResult(point, "", {"rate": np.float64(point)}) for point in points]
        part = compose_part(Part(job["sweep_sha256"], results, {"rate": Column("Hz", "rate")}, seconds))
        answer.set_result(execution.Answer(part, points, 0, seconds))
        return answer

    def stop(self):
        """Nothing runs."""

    def close(self):
        """Nothing runs."""


def test_whole_numbers_written_with_a_point_are_the_same_sweep(tmp_path):
    whole, real = (sweep({DENSITY: values}, seeds=2) for values in ([0, 1], [0.0, 1.0]))
    whole.run(tmp_path / "x.h5", shard=(1, 2), **QUIET)
    before = sorted(parts_folder(tmp_path / "x.h5").glob("*.h5"))
    # Either is right: it is the same sweep and goes on, or another one and is refused; parts are never thrown away.
    try:
        real.run(tmp_path / "x.h5", shard=(1, 2), **QUIET)
    except InputError as error:
        assert "another sweep" in str(error)
    assert sorted(parts_folder(tmp_path / "x.h5").glob("*.h5")) == before


def test_a_part_that_cannot_be_read_just_now_is_not_thrown_away(tmp_path, monkeypatch):
    path = tmp_path / "x.h5"
    sweep().run(path, shard=(1, 2), **QUIET)
    before = sorted(parts_folder(path).glob("*.h5"))
    read = Path.read_bytes

    def broken(self):
        if self.parent == parts_folder(path):
            raise OSError(errno.EIO, "Input/output error")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(InputError, match="cannot be read"):
        collect(path)
    monkeypatch.undo()
    assert sorted(parts_folder(path).glob("*.h5")) == before


@pytest.mark.parametrize("other", ["collect", "shard", "sweep"])
def test_nobody_takes_the_folder_from_a_shard_at_work(tmp_path, monkeypatch, other):
    path, executed, meanwhile = tmp_path / "x.h5", jobs.execute, []

    def failing(*_):
        raise MachineError("no room")

    def disturbed(*arguments):
        if not meanwhile:
            meanwhile.append(other)
            monkeypatch.setattr(jobs, "execute", failing if other == "shard" else executed)
            try:
                if other == "collect":
                    collect(path)
                else:
                    sweep().run(path, shard=(2, 2) if other == "shard" else None, **QUIET)
            except (InputError, MachineError):
                # It may be refused.
                pass
            monkeypatch.setattr(jobs, "execute", executed)
        return executed(*arguments)

    monkeypatch.setattr(jobs, "execute", disturbed)
    sweep().run(path, shard=(1, 2), **QUIET)
    assert meanwhile
    sweep().run(path, **QUIET)
    sweep().run(tmp_path / "undisturbed.h5", **QUIET)
    assert_same(path, tmp_path / "undisturbed.h5")


def test_killed_while_the_parts_are_taken_away_it_is_finished(tmp_path, monkeypatch):
    path = tmp_path / "x.h5"
    with monkeypatch.context() as patch:
        patch.setattr(Store, "remove", lambda self: None)
        sweep().run(path, **QUIET)
    # Folders have no order: any file may be the first to go.
    left = parts_folder(path)
    for gone in list(left.iterdir()):
        copy = tmp_path / "y.h5"
        shutil.copy(path, copy)
        shutil.copytree(left, parts_folder(copy))
        with monkeypatch.context() as patch:
            first = parts_folder(copy) / gone.name
            patch.setattr(shutil, "rmtree", lambda *_, first=first, **__: first.unlink(missing_ok=True))
            sweep().run(copy, **QUIET)
        sweep().run(copy, **QUIET)
        assert not parts_folder(copy).exists()
        assert_same(copy, path)
        copy.unlink()


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("populations.source.neuron.path", ["spikes.csv", "other.csv"]),
        ("*.allopregnanolone", ["course.csv", "3 nM"]),
        ("medium", [{"gaba": "0.2 uM", "allopregnanolone": "course.csv"}, {"gaba": "0.3 uM"}]),
    ],
)
def test_what_lies_in_files_is_part_of_what_a_sweep_is(tmp_path, monkeypatch, path, values):
    monkeypatch.chdir(tmp_path)
    data = tomllib.loads(CELLS)
    data["populations"]["source"] = {"size": 3, "neuron": {"kind": "spike_file", "path": "other.csv"}}
    (tmp_path / "other.csv").write_text("node_id,time_ms\n1,6\n")
    found = []
    for number in (5, 9):
        (tmp_path / "spikes.csv").write_text(f"node_id,time_ms\n0,{number}\n")
        (tmp_path / "course.csv").write_text(f"time_s,receptor_nM\n0,{number}\n1,90\n")
        try:
            found.append(Sweep(Network(Definition.from_data(data)), {path: values}, **TIMES).describe().sha256)
        except InputError as error:
            # To refuse what cannot be known again is right too.
            assert ".csv" in str(error)
            found.append(number)
    assert found[0] != found[1]


def test_a_variant_that_changes_nothing_may_be_the_first_of_a_design(tmp_path):
    variants = Axis.of_variants("variant", {"as it is": {}, "knock-out": {DENSITY: 0.0}})
    table = sweep(zipped([variants, Axis(DOSE, ["0 nM", "30 nM"])])).run(tmp_path / "x.h5", **QUIET)
    assert table["variant"].values.tolist() == ["as it is", "knock-out"]


def test_names_of_variants_are_no_numbers(tmp_path):
    variants = {"1": {DENSITY: 0.5}, "2": {"projections.inhibition.weight": "2 nS"}}
    table = sweep([Axis.of_variants("variant", variants)]).run(tmp_path / "x.h5", **QUIET)
    assert "variant_effective" not in table


def test_seeds_that_nothing_reads_are_refused(tmp_path):
    with pytest.raises(InputError, match="seeds"):
        sweep([Axis("network_seed", [1, 2]), Axis("noise_seed", [5, 6])], seeds=3).run(tmp_path / "x.h5", **QUIET)


@pytest.mark.parametrize("option", [["--allo", "77nM"], ["--set", f"{DOSE}=77nM"], ["--dt", "0.2ms"]])
def test_a_value_that_an_axis_replaces_is_refused(tmp_path, monkeypatch, capsys, option):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cells.toml").write_text(CELLS)
    axis = "time_step=0.1,0.05ms" if option[0] == "--dt" else f"{DOSE}=0,30nM"
    monkeypatch.setattr("allotone.sweep.carry_out.carry_out", lambda *_, **__: pytest.fail("was not refused"))
    assert main(["sweep", "cells.toml", "--axis", axis, *option, "--duration", "50ms", "-o", "x.h5"]) == 2
    assert option[0] in capsys.readouterr().err


def test_only_the_point_that_ends_its_worker_fails(tmp_path):
    description = sweep({DENSITY: [place / 10 for place in range(1, 81)]}).describe()
    store = Store(tmp_path / "x.h5", description)
    with store.open():
        execution.run_points(description, range(80), Pretended({37, 79}), store, show_progress=False)
        found = store.progress()
    assert found.failed == {37, 79} and len(found.done) == 78


def test_a_job_is_short_though_later_points_take_longer(tmp_path, monkeypatch):
    sizes, run_job = [], jobs.run_job

    def point(job, definition, binary, plan, number, *_):
        time.sleep(0.001 if number < 40 else 0.1)
        return PointResult(number, "", {})

    def counted(*arguments):
        answer = run_job(*arguments)
        sizes.append(sum(number >= 40 for number in answer.points))
        return answer

    monkeypatch.setattr(jobs, "_point", point)
    monkeypatch.setattr(local, "run_job", counted)
    monkeypatch.setattr(execution, "_JOB_S", 0.2)
    sweep({DENSITY: [place / 100 for place in range(80)]}).run(tmp_path / "x.h5", **QUIET)
    # Not above four times what a job shall take.
    assert sum(sizes) == 40 and max(sizes) <= 8


def test_a_full_scratch_folder_is_no_failure_of_its_points(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("allotone.simulation.serve.run_folder", full)
    with pytest.raises(MachineError):
        sweep().run(tmp_path / "x.h5", **QUIET)
    assert not (tmp_path / "x.h5").exists() and not parts_folder(tmp_path / "x.h5").exists()


def test_concentration_that_spikes_add_is_not_left_out(tmp_path):
    network = cells(**{"medium.local_synthesis": {"population": "cells", "gain": "5 nM/Hz", "tau": "0.2 s"}})
    table = Sweep(network, {DENSITY: [0.5, 1.0]}, duration="0.1 s").run(tmp_path / "x.h5", **QUIET)
    # The schedule says 0 nM throughout, and the cells met tens of nM.
    assert not (table["mean_allopregnanolone"] == 0).any()


@pytest.mark.parametrize("command", ["sweep", "status"])
def test_a_file_in_place_of_the_folder_is_named(tmp_path, capsys, command):
    parts_folder(tmp_path / "x.h5").write_text("mine")
    (tmp_path / "cells.toml").write_text(CELLS)
    rest = [str(tmp_path / "cells.toml"), "--axis", f"{DENSITY}=0,1", "-o"] if command == "sweep" else []
    assert main([command, *rest, str(tmp_path / "x.h5")]) == 2
    assert "x.h5.parts" in capsys.readouterr().err
    assert parts_folder(tmp_path / "x.h5").read_text() == "mine"


def test_status_counts_past_a_damaged_part(tmp_path, monkeypatch):
    path, executed = tmp_path / "x.h5", jobs.execute
    monkeypatch.setattr(jobs, "execute", lambda *_: 1 / 0)
    sweep().run(path, shard=(1, 2), **QUIET)
    monkeypatch.setattr(jobs, "execute", executed)
    sweep().run(path, shard=(2, 2), **QUIET)
    damaged = next(parts_folder(path).glob("0000001*.h5"))
    damaged.write_bytes(damaged.read_bytes()[:-50])
    state = status(path)
    assert (state.done, state.failed, state.missing) == (1, 2, 1) and sum(state.reasons.values()) == 2


def test_files_of_others_beside_a_sweep_stay(tmp_path):
    for name in ("x.h5.notes.tmp", "x.h5.old.h5.77.tmp"):
        (tmp_path / name).write_text("mine")
    sweep().run(tmp_path / "x.h5", **QUIET)
    assert (tmp_path / "x.h5.notes.tmp").exists() and (tmp_path / "x.h5.old.h5.77.tmp").exists()
