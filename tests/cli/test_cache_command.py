"""The commands `cache` and `doctor`, and what `show --build` says of a binary."""

import json

import pytest

from allotone.cli import main
from allotone.simulation import cache


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder with two binaries, and with files of somebody else that look like ours."""
    monkeypatch.setenv("ALLOTONE_CACHE", str(tmp_path))
    monkeypatch.delenv("ALLOTONE_CACHE_SIZE", raising=False)
    for digit, device in (("a", "allotone"), ("b", "")):
        folder = tmp_path / (digit * 32)
        folder.mkdir()
        (folder / "main").write_bytes(bytes(100_000))
        (folder / "main").chmod(0o755)
        (folder / "manifest.json").write_text("{}")
        if device:
            (folder / "build.json").write_text(json.dumps({"device": device}))
        cache.seal(folder, "3200 excitatory, 800 inhibitory", "g++ 12")
        (tmp_path / f"{digit * 32}.structure").write_text(digit * 32)
    return tmp_path


def files(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def make_foreign(root):
    """Files that only look as if they were a cache's, and a folder as the stores of other programs have."""
    (root / ("c" * 32)).mkdir()
    (root / ("c" * 32) / "main").write_text("mine")
    (root / ("d" * 32)).write_text("mine")
    (root / "allotone.json").write_text("mine")
    (root / "notes.structure").write_text("mine")
    (root / f"{'f' * 32}.structure").write_text("of a protein")
    (root / f"{'f' * 32}.lock").write_text("4711")
    (root / "photos").mkdir()
    (root / "photos" / "allotone.json").write_text("{}")
    (root / ("e" * 32)).symlink_to(root / "photos")


def test_entries_are_listed(root, capsys):
    assert main(["cache"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"2 binaries, 200 kB of 2 GB in {root}"
    first = next(line for line in lines if "a" * 32 in line)
    assert " allotone " in first and "100 kB" in first and first.endswith("3200 excitatory, 800 inhibitory")
    assert "Brian2 stand-alone C++" in next(line for line in lines if "b" * 32 in line)

    assert main(["cache", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["folder"], found["limit"]) == (str(root), 2_000_000_000)
    assert found["size"] == sum(one["size"] for one in found["binaries"])
    assert {one["compiler"] for one in found["binaries"]} == {"g++ 12"}


def test_clearing_keeps_what_is_used(root, capsys):
    assert cache.hold(root / ("a" * 32))
    assert main(["cache", "--clear"]) == 0
    said = capsys.readouterr().out
    assert "removed 1 binary, 100 kB" in said and f"1 binary, 100 kB of 2 GB in {root}" in said
    assert {path.name for path in root.iterdir()} == {"a" * 32, f"{'a' * 32}.structure"}
    cache.release(root / ("a" * 32))
    assert main(["cache", "--clear", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == 1
    assert list(root.iterdir()) == []


def test_clearing_removes_nothing_that_is_not_ours(root, capsys):
    ours = set(files(root))
    make_foreign(root)
    theirs = {path: content for path, content in files(root).items() if path not in ours}
    assert main(["cache", "--clear"]) == 0
    assert "removed 2 binaries, 200 kB" in capsys.readouterr().out
    assert files(root) == theirs and (root / ("e" * 32)).is_symlink()


def test_a_folder_that_is_not_there_or_none_is_empty(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("mine")
    for name in ("absent", "file"):
        monkeypatch.setenv("ALLOTONE_CACHE", str(tmp_path / name))
        assert main(["cache", "--clear"]) == 0
        assert capsys.readouterr().out.endswith(f"0 binaries, 0 bytes of 2 GB in {tmp_path / name}\n")
    assert (tmp_path / "file").read_text() == "mine" and not (tmp_path / "absent").exists()


def test_a_limit_that_is_none_is_refused(root, monkeypatch, capsys):
    monkeypatch.setenv("ALLOTONE_CACHE_SIZE", "much")
    assert main(["cache"]) == 2
    assert "ALLOTONE_CACHE_SIZE: 'much' is not a whole number of MB above 0" in capsys.readouterr().err


def test_doctor_finds_everything_or_says_what_to_do(root, monkeypatch, capsys):
    from allotone.simulation.compiler import compiler

    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.split()[1] == "OK" for line in lines) and any(line.startswith("device") for line in lines)
    assert any(line.endswith(compiler().version) for line in lines) and any(str(root) in line for line in lines)

    compiler.cache_clear()
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setenv("ALLOTONE_CACHE", "/dev/null/nowhere")
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    compiler.cache_clear()
    assert not found["compiler"]["ok"] and "install it (" in found["compiler"]["text"]
    assert not found["cache"]["ok"] and "set ALLOTONE_CACHE" in found["cache"]["text"]


def test_show_build_says_what_the_device_recorded(root, monkeypatch, capsys):
    from allotone.simulation import compile as compiling

    record = {
        "device": "allotone", "compiler": "g++ 12.2", "flags": ["-O3", "-march=native"], "seconds": 3.21,
        "loops": {"excitatory state": 64, "excitatory threshold": 0}, "note": "",
    }  # fmt: skip
    folder = root / ("a" * 32)
    (folder / "build.json").write_text(json.dumps(record))
    binary = compiling.Binary(folder, {}, "g++", "-O2", cache.build_record(folder))
    monkeypatch.setattr(compiling, "compile_plan", lambda plan, show_progress: binary)
    assert main(["show", "pv_gamma", "--build"]) == 0
    lines = capsys.readouterr().out.splitlines()[-7:]
    found = {name.strip(): value.strip() for name, value in (line.split("  ", 1) for line in lines)}
    assert found == {
        "device": "allotone", "compiler": "g++ 12.2", "flags": "-O3 -march=native", "built in": "3.2 s",
        "folder": str(folder), "loop excitatory state": "vectors of 64 bytes", "loop excitatory threshold": "scalar",
    }  # fmt: skip
