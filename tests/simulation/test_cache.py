"""The folder of binaries: one process builds, damage is noticed, what is used stays, and what is not ours too."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import allotone
from allotone import InputError
from allotone.errors import MachineError
from allotone.network.definition import Definition
from allotone.simulation import cache, compiler
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run
from allotone.simulation.scratch import run_folder

NETWORK = 'title = "x"\ntime_step = "0.1 ms"\n[populations.few]\nsize = 3\nneuron = "conductance_lif"\n'
# Like the program of a user who simulates that network; prints the folder of its binary.
BUILD = f"""
import tomllib
from allotone.network.definition import Definition
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run
from allotone.simulation.execute import execute
plan = plan_run(Definition.from_data(tomllib.loads({NETWORK!r})), duration_s=0.01)
binary = compile_plan(plan, show_progress=True)
execute(binary, plan)
print(binary.folder)
"""
HOLD = """
import sys
from pathlib import Path
from allotone.simulation import cache
print(cache.hold(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""
needs_mounts = pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode != 0,
    reason="needs to mount a disk of its own",
)
COMPILING = "compiling this network's structure"


def process(script, root, *arguments, before=()):
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(allotone.__file__).parents[1]),
        "ALLOTONE_CACHE": str(root),
    }
    return subprocess.Popen(
        [*before, sys.executable, "-c", script, *map(str, arguments)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def mounted(mount, script, root):
    """A process that sees the machine with something mounted, which nobody else sees."""
    return process(script, root, before=["unshare", "-Urm", "sh", "-c", f'{mount} && exec "$@"', "sh"])


def finished(started):
    """What a process printed, in which nothing may have gone wrong."""
    printed, complaints = started.communicate(timeout=600)
    assert started.returncode == 0, complaints
    return printed.strip(), complaints


def entry(root, digit, used=0.0, size=1000):
    """A sealed entry that was used at a time."""
    folder = root / (digit * 32)
    folder.mkdir(parents=True)
    (folder / "main").write_bytes(b"\x7fELF" + bytes(size))
    (folder / "main").chmod(0o755)
    (folder / "manifest.json").write_text("{}")
    (folder / "build.json").write_text(json.dumps({"device": "allotone"}))
    cache.seal(folder, "3 few", "g++ 12")
    os.utime(folder / cache.SEAL, (used, used))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A cache that four processes filled at once, and what each of them said."""
    root = tmp_path_factory.mktemp("built")
    said = [finished(one) for one in [process(BUILD, root) for _ in range(4)]]
    return root, said


def test_of_four_processes_one_builds(built):
    root, said = built
    assert sum(COMPILING in complaints for _, complaints in said) == 1
    assert len({folder for folder, _ in said}) == 1
    (found,) = cache.entries(root)
    assert str(found.folder) == said[0][0] and found.network == "3 few" and found.size > 10_000
    assert not list(root.glob("allotone-*")) and not list(root.glob(".allotone-*"))


def test_a_damaged_binary_is_built_again(built):
    root, said = built
    main = Path(said[0][0]) / "main"
    content = bytearray(main.read_bytes())
    content[len(content) // 2] ^= 1
    main.write_bytes(content)
    folder, complaints = finished(process(BUILD, root))
    assert COMPILING in complaints and folder == said[0][0]
    assert main.read_bytes() != content
    assert COMPILING not in finished(process(BUILD, root))[1]


@needs_mounts
def test_a_cache_that_can_only_be_read_serves_what_it_has(built):
    root, said = built
    mount = f"mount --bind {root} {root} && mount -o remount,bind,ro {root}"
    assert finished(mounted(mount, BUILD, root)) == (said[0][0], "")
    refused = mounted(mount, BUILD.replace("conductance_lif", "adex"), root)
    assert "Read-only file system; set ALLOTONE_CACHE to a folder that can be written to" in refused.communicate()[1]
    assert refused.returncode != 0


@needs_mounts
def test_a_full_disk_is_named(tmp_path):
    refused = mounted(f"mount -t tmpfs -o size=64k none {tmp_path}", BUILD, tmp_path)
    complaints = refused.communicate()[1]
    assert f"MachineError: the compile cache '{tmp_path}' is on a full disk (" in complaints
    assert "allotone cache --clear" in complaints and refused.returncode != 0


def test_folders_of_killed_builders_go_with_the_next_clearing(tmp_path):
    script = f"""
import os, signal
from allotone.simulation.scratch import run_folder
with run_folder({str(tmp_path)!r}) as folder:
    open(folder + "/source", "w").close()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert process(script, tmp_path).wait() == -signal.SIGKILL
    with run_folder(str(tmp_path)) as mine:
        (left,) = set(tmp_path.iterdir()) - {Path(mine)} or {None}
        assert left is None, "the first folder of a process removes what killed ones left"
        assert process(script, tmp_path).wait() == -signal.SIGKILL
        assert len(list(tmp_path.iterdir())) == 2
        cache.trim(tmp_path, 0)
        assert list(tmp_path.iterdir()) == [Path(mine)]


def replace(name, content):
    return lambda folder: (folder / name).write_bytes(content)


DAMAGE = {
    "no program": lambda folder: (folder / "main").unlink(),
    "a truncated program": lambda folder: os.truncate(folder / "main", 500),
    "another program": replace("main", b"\x7fELF" + bytes(999) + b"x"),
    "a program that cannot be run": lambda folder: (folder / "main").chmod(0o644),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "a garbled manifest": replace("manifest.json", b"{"),
    "another record of the build": replace("build.json", b"{}"),
    "no seal": lambda folder: (folder / cache.SEAL).unlink(),
    "a garbled seal": replace(cache.SEAL, b"\xff"),
    "a seal of nothing": replace(cache.SEAL, b'{"files": {}}'),
    "a seal that is a list": replace(cache.SEAL, b"[]"),
    "a file in place of the folder": lambda folder: (shutil.rmtree(folder), folder.write_text("mine")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_noticed_and_replaced(tmp_path, damage):
    folder = entry(tmp_path, "a")
    assert cache.hold(folder)
    cache.release(folder)
    damage(folder)
    assert not cache.hold(folder)
    cache.entries(tmp_path)
    with run_folder(str(tmp_path)) as temporary:
        cache.put(entry(Path(temporary), "a"), folder, Path(temporary))
    assert cache.hold(folder)
    cache.release(folder)


def test_used_last_stays_longest(tmp_path):
    for used, digit in enumerate("abcd"):
        entry(tmp_path, digit, used=1000.0 + used)
    one = cache.entries(tmp_path)[0].size
    assert [found.folder.name[0] for found in cache.entries(tmp_path)] == ["d", "c", "b", "a"]
    # Whoever asks for the oldest makes it the newest.
    assert cache.hold(tmp_path / ("a" * 32))
    cache.release(tmp_path / ("a" * 32))
    assert [found.folder.name[0] for found in cache.trim(tmp_path, 2 * one)] == ["b", "c"]
    assert [found.folder.name[0] for found in cache.entries(tmp_path)] == ["a", "d"]
    assert cache.trim(tmp_path, 2 * one) == []


def test_what_a_living_process_uses_stays(tmp_path):
    folder = entry(tmp_path, "a")
    user = process(HOLD, tmp_path, folder)
    assert user.stdout.readline() == "True\n"
    assert cache.trim(tmp_path, 0) == [] and cache.hold(folder)
    # This process uses it too now, and still does when the other one has ended.
    user.communicate("")
    assert cache.trim(tmp_path, 0) == []
    cache.release(folder)
    assert [found.folder for found in cache.trim(tmp_path, 0)] == [folder] and not folder.exists()


def test_what_leads_nowhere_goes_and_what_is_being_built_stays(tmp_path):
    from filelock import FileLock

    names = {digit: digit * 32 for digit in "abcdef"}
    entry(tmp_path, "a")
    assert cache.hold(tmp_path / names["a"])
    (tmp_path / f"{names['b']}.structure").write_text(names["a"])
    (tmp_path / f"{names['c']}.structure").write_text(names["d"])
    (tmp_path / f"{names['e']}.allotone-removed").mkdir()
    for digit in "abcdf":
        (tmp_path / f"{names[digit]}.lock").touch()
    with FileLock(tmp_path / f"{names['f']}.lock"):
        cache.trim(tmp_path, 0)
    kept = {
        f"{names['a']}",
        f"{names['a']}.lock",
        f"{names['b']}.structure",
        f"{names['b']}.lock",
        f"{names['f']}.lock",
    }
    assert {path.name for path in tmp_path.iterdir()} == kept
    cache.release(tmp_path / names["a"])


def test_a_note_is_believed_only_if_it_names_an_entry(tmp_path):
    note = tmp_path / f"{'b' * 32}.structure"
    assert cache.noted(note) is None
    for text in ("", "..", "../" + "a" * 32, "a" * 31, "a" * 33):
        note.write_text(text)
        assert cache.noted(note) is None
    note.write_bytes(b"\xff\xfe")
    assert cache.noted(note) is None
    note.write_text("a" * 32)
    assert cache.noted(note) == tmp_path / ("a" * 32)


def test_limit_of_the_size(monkeypatch):
    monkeypatch.delenv("ALLOTONE_CACHE_SIZE", raising=False)
    assert cache.limit() == 2_000_000_000
    monkeypatch.setenv("ALLOTONE_CACHE_SIZE", "500")
    assert cache.limit() == 500_000_000
    for text in ("0", "-1", "2 GB", "1e3", "x"):
        monkeypatch.setenv("ALLOTONE_CACHE_SIZE", text)
        with pytest.raises(InputError, match=f"^ALLOTONE_CACHE_SIZE: '{text}' is not a whole number of MB above 0"):
            cache.limit()


def test_a_build_keeps_the_folder_within_its_limit(built, tmp_path, monkeypatch):
    plan = plan_run(Definition.from_data(tomllib.loads(NETWORK)), duration_s=0.01)
    for digit in "abc":
        entry(tmp_path, digit, used=time.time() - 100, size=700_000)
    monkeypatch.setenv("ALLOTONE_CACHE", str(tmp_path))
    monkeypatch.setenv("ALLOTONE_CACHE_SIZE", "2")
    monkeypatch.setattr("allotone.simulation.compile._built", {})
    # What was built elsewhere spares the compiler here; its own entry is what goes last.
    folder = shutil.copytree(cache.entries(built[0])[0].folder, tmp_path / cache.entries(built[0])[0].folder.name)
    assert compile_plan(plan).folder == folder
    left = cache.entries(tmp_path)
    assert left[0].folder == folder and sum(found.size for found in left) <= 2_000_000 and len(left) > 1
    cache.release(folder)


def test_another_processor_is_another_binary(built, monkeypatch, tmp_path):
    """What was built for one is not even looked at on the other."""
    monkeypatch.setenv("ALLOTONE_CACHE", str(shutil.copytree(built[0], tmp_path / "copy")))
    monkeypatch.setattr("allotone.simulation.compile._built", {})
    plan = plan_run(Definition.from_data(tomllib.loads(NETWORK)), duration_s=0.01)
    here = compiler.compiler()
    monkeypatch.setattr(
        "allotone.simulation.compile.compiler", lambda: compiler.Compiler(**vars(here) | {"processor": "x"})
    )
    monkeypatch.setattr("allotone.simulation.compile.make", lambda *_: (_ for _ in ()).throw(MachineError("compiles")))
    with pytest.raises(MachineError, match="compiles"):
        compile_plan(plan)


@pytest.mark.parametrize(
    ("said", "kind", "number"),
    [
        ("g++ (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.", "gcc", (12, 2, 0)),
        ("g++ (GCC) 8.5.0 20210514 (Red Hat 8.5.0-22)\nFree Software Foundation", "gcc", (8, 5, 0)),
        ("x86_64-conda-linux-gnu-c++ (conda-forge gcc 13.3.0-1) 13.3.0\nFree Software Foundation", "gcc", (13, 3, 0)),
        ("Ubuntu clang version 14.0.0-1ubuntu1.1\nTarget: x86_64-pc-linux-gnu", "clang", (14, 0, 0)),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "clang", (15, 0, 0)),
        ("icpx 2024", "other", ()),
        ("", "other", ()),
    ],
)  # fmt: skip
def test_compilers_are_known_by_what_they_say(said, kind, number):
    assert compiler.identify(said) == (kind, number)
