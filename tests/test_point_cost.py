"""A point of a sweep costs little beside its simulation: nothing is done again, written or kept without need."""

import errno
import fcntl
import importlib
import json
import os
import pkgutil

import pytest

import allotone.network
import allotone.simulation
from allotone import InputError, Network, units
from allotone.network import check
from allotone.network.fields import canonical
from allotone.simulation import execute, protocol, scratch
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run
from allotone.simulation.serve import server


@pytest.fixture(scope="module")
def network():
    return Network.load("pv_gamma")


def blocks(manifest):
    """Every block that a manifest names."""
    if isinstance(manifest, dict):
        named = {manifest["block"]} if "block" in manifest else set()
        return named.union(*(blocks(entry) for entry in manifest.values()))
    return set().union(*(blocks(entry) for entry in manifest)) if isinstance(manifest, list) else set()


def test_the_binary_writes_what_is_read_and_no_more(network, monkeypatch):
    plan = plan_run(network.definition, duration_s=0.01)
    binary, written, read = compile_plan(plan), [], execute._blocks

    def listing(path):
        written.extend(os.listdir(os.path.dirname(path)))
        return read(path)

    monkeypatch.setattr(execute, "_blocks", listing)
    execute.execute(binary, plan)
    assert sorted(written) == sorted([protocol.REQUEST, protocol.ANSWER, protocol.PRINTED, scratch._LOCK])
    with server(binary.folder, scratch.scratch_folder() or "/tmp") as one:
        found = execute._serve(one, execute._request(binary, plan), 0.01, False)
    named = sorted(blocks(binary.manifest))
    assert named == list(range(protocol.FIRST_BLOCK, len(found)))
    drawn = blocks(binary.manifest["contacts"])
    assert drawn and not any(found[place].size for place in drawn)


def test_a_changed_number_reads_no_equations_again(network, monkeypatch):
    changes = [
        {"medium.allopregnanolone": f"{dose} nM", "projections.pv_to_pv.weight": "1e-4 mS/cm2"} for dose in (1, 2)
    ]
    plan_run(network.override(changes[0]).definition, duration_s=0.01)
    monkeypatch.setattr(check, "Equations", lambda text: pytest.fail(f"read again: {text}"))
    plan_run(network.override(changes[1]).definition, duration_s=0.01)


def test_every_memory_has_an_end():
    kept = []
    for package in (allotone.network, allotone.simulation):
        for found in pkgutil.iter_modules(package.__path__):
            kept += vars(importlib.import_module(f"{package.__name__}.{found.name}")).items()
    # Each of these is one thing of the machine or of the installation.
    once = {"compiler", "_generator", "_say", "versions", "code_version"}
    sizes = {
        name: value.cache_parameters()["maxsize"]
        for name, value in [*kept, *vars(units).items()]
        if hasattr(value, "cache_parameters") and name not in once
    }
    assert {"si", "parsed", "same_dimension"} <= sizes.keys()
    assert all(size is not None and size <= 4096 for size in sizes.values()), sizes


def test_a_text_read_before_is_wrong_where_it_does_not_fit():
    assert canonical("30 ms", ("ms",), 0, "here") == "30.0 ms"
    for path in ("first", "second"):
        with pytest.raises(InputError, match="'30 ms' is a time; expected a concentration") as refused:
            canonical("30 ms", ("nM",), 0, path)
        assert refused.value.path == path


def test_a_definition_holds_nothing_of_what_it_was_given(network):
    amplitude = {"distribution": "normal", "mean": "1 uA/cm2", "sd": "0.1 uA/cm2"}
    before = network.definition.json
    changed = network.override({"populations.pv.drive.current.amplitude": amplitude}).definition
    after = changed.json
    amplitude["mean"] = "2 uA/cm2"
    assert json.dumps(changed.data, sort_keys=True, separators=(",", ":")) == after != before
    assert network.definition.json == before


@pytest.fixture
def left_behind(tmp_path, monkeypatch):
    """A folder of a run whose process is gone."""
    monkeypatch.setattr(scratch, "_swept", set())
    folder = tmp_path / f"{scratch._PREFIX}killed"
    folder.mkdir()
    (folder / scratch._LOCK).touch()
    (folder / "arguments").write_bytes(b"of a run")
    return folder


def test_a_folder_that_nobody_locks_is_swept_once_a_process(left_behind, tmp_path):
    with scratch.run_folder(str(tmp_path)) as folder:
        assert os.listdir(tmp_path) == [os.path.basename(folder)]
        left_behind.mkdir()
        (left_behind / scratch._LOCK).touch()
        with scratch.run_folder(str(tmp_path)):
            assert left_behind.exists()
    assert list(tmp_path.iterdir()) == [left_behind]


def test_a_folder_in_use_is_left_alone(left_behind, tmp_path):
    with open(left_behind / scratch._LOCK) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with scratch.run_folder(str(tmp_path)):
            assert left_behind.exists()


def test_of_other_users_and_without_locks_nothing_is_swept(left_behind, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: os.stat(left_behind).st_uid + 1)
        with scratch.run_folder(str(tmp_path)):
            assert left_behind.exists()
    scratch._swept.clear()

    def unsupported(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with scratch.run_folder(str(tmp_path)) as folder:
        assert left_behind.exists() and os.path.isdir(folder)
    assert list(tmp_path.iterdir()) == [left_behind]
