"""What only looks is quick: it imports no Brian2, and a simulation imports only what it needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import allotone
from allotone import Axis, Network, Sweep, nM, zipped
from allotone.cli import contents
from allotone.network.definition import Definition
from allotone.network.files import shipped
from allotone.results import write_sweep
from allotone.sweep.about import About

SLOW = {"brian2", "sympy", "scipy", "xarray", "h5netcdf", "matplotlib", "pydantic", "pandas", "tqdm"}
# Runs a command and then says which modules it imported.
WATCHED = """
import json, sys
from allotone.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as exit:
    code = exit.code
print()
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def imported(script, *arguments, **environment):
    """The last line that a script prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(allotone.__file__).parents[1]), **environment},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def sweep_file(tmp_path_factory):
    """A file of a sweep none of whose points was computed."""
    path = tmp_path_factory.mktemp("sweep") / "sweep.h5"
    network = Network.load("pv_gamma")
    description = Sweep(network, {"medium.allopregnanolone": [0, 30] * nM}, seeds=2, duration="1 s").describe()
    write_sweep(path, description.layout(), lambda: [])
    return path


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["list"], ["list", "receptors", "--json"], ["cache"], ["cache", "--clear"], ["run", "--help"]],
    ids=" ".join,
)
def test_what_only_looks_imports_nothing_slow(arguments, tmp_path):
    code, modules = imported(WATCHED, *arguments, ALLOTONE_CACHE=str(tmp_path))
    assert code == 0 and not {*SLOW, "h5py", "numpy"} & set(modules)


def test_status_imports_nothing_slow(sweep_file):
    code, modules = imported(WATCHED, "status", sweep_file)
    # Points are missing and nothing runs.
    assert code == 1 and not SLOW & set(modules)


@pytest.mark.parametrize(
    ("axes", "size"),
    [
        (None, 4),
        ({"noise_seed": [1, 2, 3]}, 12),
        (zipped([Axis("noise_seed", [1, 2]), Axis("time_step", ["1 us", "2 us"])]), 8),
    ],
    ids=["one setting", "grid", "zipped"],
)
def test_a_sweep_is_counted_and_known_without_its_network(axes, size):
    description = Sweep(Network.load("pv_gamma"), axes, seeds=4, duration="1 s").describe()
    about = About(json.loads(json.dumps(description.data)))
    assert about.size == description.size == size and about.sha256 == description.sha256


def test_importing_the_package_imports_nothing_slow():
    modules = imported("import allotone, json, sys; print(json.dumps(sorted(sys.modules)))")
    assert not {*SLOW, "numpy"} & set(modules)


def test_a_simulation_imports_neither_files_nor_tables():
    script = """
import brian2, json, sys
before = set(sys.modules)
from allotone import Network
Network.load("coba_driven")
print(json.dumps(sorted({name.split(".")[0] for name in set(sys.modules) - before})))
"""
    assert not {"h5py", "h5netcdf", "xarray", "pandas", "scipy", "filelock", "tqdm"} & set(imported(script))


def test_the_list_is_that_of_the_package():
    message = "write it again: python -m allotone.cli.contents"
    assert contents.shipped() == contents.registered(), message
    assert [list(found) for found in contents.shipped().values()] == [list(f) for f in contents.registered().values()]


def test_titles_of_networks_are_those_of_their_definitions(capsys):
    from allotone.cli import main

    assert main(["list", "networks", "--json"]) == 0
    titles = json.loads(capsys.readouterr().out)["networks"]
    assert titles == {name: Definition.load(name).schema.title for name in shipped()}


@pytest.mark.parametrize("names", [allotone.__all__, allotone.results.__all__, allotone.sweep.__all__], ids=str)
def test_every_public_name_is_there(names):
    package = {id(one.__all__): one for one in (allotone, allotone.results, allotone.sweep)}[id(names)]
    for name in names:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing
