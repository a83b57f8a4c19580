"""Every command and every line of Python in the README works as printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path


def blocks(checkout, language):
    text = (checkout / "README.md").read_text()
    return [block for found, block in re.findall(r"```(\w*)\n(.*?)```", text, flags=re.DOTALL) if found == language]


def test_python_example(checkout, tmp_path):
    (block,) = blocks(checkout, "python")
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rates, agents = done.stdout.splitlines()
    assert rates.count("Hz") == 2 and int(agents.split()[0]) > 1000 and agents.endswith("S/(m^2)")


def test_shell_commands(checkout, tmp_path):
    commands = [line for block in blocks(checkout, "") for line in block.splitlines() if "allotone" in line]
    assert len(commands) == 5
    (tmp_path / "results").mkdir()
    for command in commands:
        words = shlex.split(command)
        assert words[0] == ".venv/bin/allotone"
        done = subprocess.run(
            [sys.executable, "-m", "allotone", *words[1:]], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout
    assert (tmp_path / "results" / "raster.png").stat().st_size > 10_000


def test_make_has_the_two_commands(checkout):
    targets = re.findall(r"^(\w+):", (checkout / "Makefile").read_text(), flags=re.MULTILINE)
    named = [
        line.split()[1] for block in blocks(checkout, "") for line in block.splitlines() if line.startswith("make")
    ]
    assert named == ["demo", "test"] and set(named) <= set(targets)


def test_paths_the_readme_names_are_real(checkout):
    links = re.findall(r"\]\(((?!http)[^)]+)\)", (checkout / "README.md").read_text())
    assert links and all((checkout / Path(link)).exists() for link in links), links
    assert os.access(checkout / ".ci" / "run", os.X_OK)
