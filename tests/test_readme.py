"""Every command and every line of Python in the README works as printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from allotone import Network, nM, read_run
from allotone.cli import main


def blocks(checkout, language, page="README.md"):
    text = (checkout / page).read_text()
    return [block for found, block in re.findall(r"```(\w*)\n(.*?)```", text, flags=re.DOTALL) if found == language]


def test_python_example(checkout, tmp_path):
    (block,) = blocks(checkout, "python")
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rates, agents = done.stdout.splitlines()
    assert rates.count("Hz") == 2 and int(agents.split()[0]) > 1000 and agents.endswith("S/(m^2)")


def test_shell_commands(checkout, tmp_path, monkeypatch, capsys):
    commands = [line for block in blocks(checkout, "") for line in block.splitlines() if "allotone" in line]
    assert len(commands) == 10
    (tmp_path / "results").mkdir()
    monkeypatch.chdir(tmp_path)
    printed = {}
    for command in commands:
        program, *words = shlex.split(command)
        assert program == ".venv/bin/allotone"
        assert main(words) == 0, f"{command}\n{capsys.readouterr().err}"
        printed[words[0]] = capsys.readouterr().out
        assert printed[words[0]]
    assert (tmp_path / "results" / "raster.png").stat().st_size > 10_000
    levels = [float(line.split(",")[1]) for line in printed["concentration"].splitlines()[2:]]
    course = read_run(tmp_path / "results" / "infusion.h5").allopregnanolone
    assert course.map == "anchored" and float(course.concentration[0] / nM) == pytest.approx(levels[2], rel=1e-4)


def test_make_has_the_two_commands(checkout):
    targets = re.findall(r"^(\w+):", (checkout / "Makefile").read_text(), flags=re.MULTILINE)
    named = [
        line.split()[1] for block in blocks(checkout, "") for line in block.splitlines() if line.startswith("make")
    ]
    assert named == ["demo", "test"] and set(named) <= set(targets)


def test_what_ci_runs_is_told_to_a_newcomer(checkout):
    run = re.findall(r"^make (\w+)$", (checkout / ".ci" / "run").read_text(), flags=re.MULTILINE)
    readme, targets = (checkout / "README.md").read_text(), (checkout / "Makefile").read_text()
    assert run == ["test"]
    assert all(f"make {name}`" in readme and f"\n{name}: " in targets for name in run)


def test_paths_the_readme_names_are_real(checkout):
    links = re.findall(r"\]\(((?!http)[^)]+)\)", (checkout / "README.md").read_text())
    assert links and all((checkout / Path(link)).exists() for link in links), links
    assert os.access(checkout / ".ci" / "run", os.X_OK)


def test_your_own_network_and_cell_model(checkout, tmp_path):
    page = "docs/your_own.md"
    (tmp_path / "leaky.py").write_text(blocks(checkout, "python", page)[0])
    own, axons, extended = blocks(checkout, "toml", page)
    (tmp_path / "my_network.toml").write_text(own)
    trains = '[populations.trains]\nsize = 5\nneuron = { kind = "poisson_source", rate = "10 Hz" }\n'
    (tmp_path / "axons.toml").write_text(own + trains + axons)
    (tmp_path / "extended.toml").write_text(extended)
    for command in blocks(checkout, "", page)[0].splitlines():
        words = shlex.split(command)
        done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    rates = [float(read_run(tmp_path / name).statistics["cells"].mean_rate) for name in ("without.h5", "with.h5")]
    assert rates[0] > 1.2 * rates[1] > 0
    trace = read_run(tmp_path / "step.h5").traces["cells"][0]
    before, after = (np.asarray(trace.values)[slice(*part)].mean() for part in ((100, 190), (210, 400)))
    assert after > 2 * before
    assert Network.load(tmp_path / "axons.toml").definition.schema.projections["nmda"].block["slope"] == "16.0 mV"
    definition = Network.load(tmp_path / "extended.toml").definition
    assert definition.schema.populations["pv"].reversal == {"E_gaba": "-60.0 mV"}
    assert definition.schema.projections["gap_junctions"].connect.reach == 4


def test_receptors_in_a_users_own_brian2_model(checkout, tmp_path):
    (block,) = blocks(checkout, "python", "docs/brian2.md")
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    without, with_steroid, tonic = done.stdout.splitlines()
    assert 5 < float(with_steroid.split()[2]) < 0.6 * float(without.split()[2])
    assert 2.4 < float(tonic.split("x")[1]) < 3.2
