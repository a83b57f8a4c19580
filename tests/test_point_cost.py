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
from allotone.simulation import execute, scratch, source
from allotone.simulation.compile import ANSWER_ONLY, compile_plan
from allotone.simulation.run import plan_run


@pytest.fixture(scope="module")
def network():
    return Network.load("pv_gamma")


def files(manifest):
    """Every file that a manifest names."""
    if isinstance(manifest, dict):
        named = {manifest["file"]} if isinstance(manifest.get("file"), str) else set()
        return named.union(*(files(entry) for entry in manifest.values()))
    return set().union(*(files(entry) for entry in manifest)) if isinstance(manifest, list) else set()


def test_the_binary_writes_what_is_read_and_no_more(network, monkeypatch):
    plan = plan_run(network.definition, duration_s=0.01)
    binary, written = compile_plan(plan), []
    read = execute._read

    def listing(binary, plan, folder):
        written.extend(os.listdir(folder))
        return read(binary, plan, folder)

    monkeypatch.setattr(execute, "_read", listing)
    execute.execute(binary, plan)
    handed_over = {f"{name}.in" for name in plan.arrays} | {ANSWER_ONLY, scratch._LOCK}
    assert set(written) == files(binary.manifest) | handed_over | {"progress"}


def test_thresholds_are_scanned_in_blocks_and_text_that_is_another_stays(network):
    folder = compile_plan(plan_run(network.definition, duration_s=0.01)).folder
    changed = (folder / "code_objects" / "pop_pv_spike_thresholder_codeobject.cpp").read_text()
    assert changed.count("_block") > 5 and changed.count("if(_cond) {") == 1
    assert "std::clock();\n        elapsed_realtime" not in (folder / "network.cpp").read_text()
    for text in ("", changed, changed.replace("_block", "_idx")):
        assert source.scan_in_blocks(text) == source.drop_clock_readings(text) == text


def test_a_threshold_that_draws_is_looked_at_once():
    loop = """    for(size_t _idx=0; _idx<N; _idx++)
    {
        const char _cond = CONDITION;

        if(_cond) {
            spikes[_count++] = _idx;
        }
    }
"""
    plain = loop.replace("CONDITION", "v[_idx] > v_threshold")
    drawn = loop.replace("CONDITION", "_rand(_vectorisation_idx) < rate*dt")
    assert "_block" in source.scan_in_blocks(plain)
    assert source.scan_in_blocks(drawn) == drawn


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
    once = {"compiler", "_processor", "_generator", "versions", "code_version"}
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
