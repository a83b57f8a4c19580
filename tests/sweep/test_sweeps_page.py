"""The page on sweeps does what it says, on the file that it makes."""

import re
import shlex

import h5py
import pytest

from allotone.cli import main
from allotone.sweep import status


@pytest.fixture(scope="module")
def blocks(checkout):
    return re.findall(r"```(\w*)\n(.*?)```", (checkout / "docs" / "sweeps.md").read_text(), flags=re.DOTALL)


def test_every_command_and_every_line_of_python(blocks, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    namespace, printed = {}, {}
    for language, block in blocks:
        if language == "python":
            exec(compile(block, "docs/sweeps.md", "exec"), namespace)
            printed[block] = capsys.readouterr().out
        else:
            for line in block.splitlines():
                words = shlex.split(line)
                assert words[0] == "allotone"
                assert main(words[1:]) == 0, capsys.readouterr().err
    left = {"dose.h5", "dose.png", "map.png", "shards.h5", "courses.h5", "variants.h5", "drawn.h5"}
    assert {path.name for path in tmp_path.iterdir()} == left
    assert status("shards.h5").done == 2
    with h5py.File("dose.h5") as file:
        assert file["pv_mean_rate"].shape == (4, 3, 4)
    with_xarray, with_pandas, with_h5py = (
        next(text for block, text in printed.items() if sign in block) for sign in ("open_dataset", "pandas", "h5py")
    )
    mean = re.search(r"Hz ([\d.]+)", with_xarray)[1]
    assert "('seed',)" in with_xarray and f"{float(mean):.6f}" in with_pandas
    assert "(4, 3, 4)" in with_h5py and "nM" in with_h5py


def test_the_script_for_job_arrays_holds_a_sweep_that_can_be_read(checkout, tmp_path, monkeypatch):
    text = (checkout / "docs" / "cluster" / "sweep.sbatch").read_text().replace("\\\n", " ")
    line = next(line for line in text.splitlines() if line.startswith("allotone sweep"))
    for name, value in {
        "SLURM_ARRAY_TASK_ID": "1",
        "SLURM_ARRAY_TASK_COUNT": "440",
        "SLURM_CPUS_PER_TASK": "1",
        "FILE": "x.h5",
    }.items():
        line = line.replace(f'"${name}"', value).replace(f"${name}", value)
    monkeypatch.chdir(tmp_path)
    # One share of 440 settings, as short as can be.
    words = [word.strip('"') for word in shlex.split(line)[1:]]
    words[words.index("--seeds") + 1], words[words.index("--duration") + 1] = "1", "20ms"
    words[words.index("--discard") + 1] = "0ms"
    assert main(words) == 0
    assert (status("x.h5").total, status("x.h5").done) == (440, 1)
