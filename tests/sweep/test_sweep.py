"""A sweep gives what its single runs give, however it was carried out."""

import json

import numpy as np
import pytest
from small import AXES, DENSITY, DOSE, assert_same, cells, content

from allotone import Definition, InputError, Network, SimulationError, Sweep
from allotone.results import read_run, read_table
from allotone.simulation.run import plan_run
from allotone.sweep import Axis, collect, execution, jobs, status, zipped
from allotone.sweep.jobs import make_job
from allotone.sweep.store import parts_folder

TIMES = {"duration": "0.3 s", "discard": "0.1 s"}


def sweep(axes=AXES, seeds=2, **others):
    return Sweep(cells(), axes, seeds=seeds, **{**TIMES, **others})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sweeps")


@pytest.fixture(scope="module")
def undisturbed(folder):
    path = folder / "undisturbed.h5"
    sweep().run(path, workers=1, show_progress=False)
    return path


def test_each_point_is_the_run_of_its_setting_and_seed(undisturbed):
    table = read_table(undisturbed)
    assert dict(table.sizes) == {DOSE: 3, DENSITY: 2, "seed": 2, "band": 6}
    assert table[DOSE].attrs["units"] == "nM"
    for place in ((0, 0, 0), (2, 1, 1), (1, 0, 1)):
        dose, density, seed = (AXES[DOSE][place[0]], AXES[DENSITY][place[1]], place[2])
        run = cells(**{DENSITY: density}).run(allopregnanolone=dose, seed=seed, **TIMES)
        for name, one in run.statistics["cells"].items():
            if one.dimensions in ((), ("band",)):
                assert np.array_equal(table[f"cells_{name}"].values[place], one.value, equal_nan=True), name
    assert len(np.unique(table["cells_isi_cv"].values)) == 12


def test_what_the_runs_used_is_read_back(undisturbed):
    table = read_table(undisturbed)
    assert np.array_equal(table[f"{DENSITY}_effective"].values[0, :, 0], [0.5, 1.0])
    assert np.array_equal(table[f"{DOSE}_effective"].values[:, 1, 1], [0, 30, 100])
    assert table["mean_allopregnanolone"].attrs["units"] == "nM"
    assert np.array_equal(table["mean_allopregnanolone"], table[f"{DOSE}_effective"])


def test_the_file_says_what_it_is(undisturbed):
    table = content(undisturbed)
    assert (table["status"] == 0).all() and (table["error"] == "").all()
    told = json.loads(table.attrs["sweep"])
    assert told["seeds"] == [0, 1] and told["duration_s"] == 0.3 and "brian2" in told["code"]
    assert json.loads(table.attrs["definition"])["title"] == "Twenty cells that inhibit each other"
    assert not parts_folder(undisturbed).exists()


@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_nothing(folder, undisturbed, workers):
    path = folder / f"{workers}_workers.h5"
    sweep().run(path, workers=workers, show_progress=False)
    assert_same(path, undisturbed)


def test_helper_processes_change_nothing(folder, undisturbed, monkeypatch):
    monkeypatch.setattr(execution, "_LONG_S", 0)
    monkeypatch.setattr(execution, "MOST_THREADS", 1)
    path = folder / "helpers.h5"
    sweep().run(path, workers=2, show_progress=False)
    assert_same(path, undisturbed)


def test_the_order_of_points_changes_nothing(folder, undisturbed, monkeypatch):
    handed_out = execution.run_points

    def shuffled(description, missing, *others, **named):
        missing = np.random.default_rng(3).permutation(missing).tolist()
        return handed_out(description, missing, *others, **named)

    monkeypatch.setattr("allotone.sweep.carry_out.run_points", shuffled)
    path = folder / "shuffled.h5"
    sweep().run(path, workers=2, show_progress=False)
    assert_same(path, undisturbed)


def test_shards_are_collected_to_the_same_file(folder, undisturbed):
    path = folder / "shards.h5"
    for number in (3, 1):
        assert sweep().run(path, shard=(number, 3), show_progress=False) is None
    assert not path.exists()
    state = status(path)
    assert (state.total, state.done, state.missing, state.running) == (12, 8, 4, False)
    counts = collect(path)
    assert (counts.done, counts.missing) == (8, 4)
    holes = read_table(path)
    assert int((holes["status"] == 2).sum()) == 4
    assert np.isnan(holes["cells_mean_rate"].values[holes["status"].values == 2]).all()
    sweep().run(path, shard=(2, 3), show_progress=False)
    assert collect(path).missing == 0
    assert_same(path, undisturbed)
    assert not parts_folder(path).exists()


def test_a_finished_sweep_is_left_alone(undisturbed):
    before = undisturbed.stat()
    sweep().run(undisturbed, show_progress=False)
    assert undisturbed.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"duration": "0.4 s"}, r"duration_s is 0.3 there and 0.4 here"),
        ({"seeds": 3}, r"seeds is .* there and .* here"),
        ({"axes": {DOSE: ["0 nM", "40 nM"]}}, "design"),
    ],
)
def test_another_sweep_at_the_same_path_is_refused(undisturbed, other, named):
    before = undisturbed.read_bytes()
    with pytest.raises(InputError, match=named):
        sweep(**other).run(undisturbed, show_progress=False)
    assert undisturbed.read_bytes() == before


def test_an_axis_that_changes_nothing_is_refused_before_anything_is_written(folder):
    path = folder / "idle.h5"
    idle = Sweep(cells(), {"medium.allopregnanolone": ["0 nM", "9 nM"], "title": ["a", "b"]}, **TIMES)
    with pytest.raises(InputError, match="axes.title: changes nothing"):
        idle.run(path, show_progress=False)
    assert not path.exists() and not parts_folder(path).exists()


def test_an_unknown_path_is_named_with_its_neighbour(folder):
    with pytest.raises(InputError, match="did you mean 'density'"):
        sweep({"populations.cells.tonic.delta.densty": [0, 1]}).run(folder / "x.h5", show_progress=False)
    assert not parts_folder(folder / "x.h5").exists()


def test_points_that_fail_are_recorded_and_the_others_go_on(folder):
    path = folder / "failing.h5"
    amplitude = "populations.cells.drive.current.amplitude.mean"
    # Without a refractory period a million times the current drives every cell at each time step.
    network = cells(**{"populations.cells.parameters.refractory_period": "0 ms"})
    failing = Sweep(network, {amplitude: ["300 pA", "300 uA", "400 pA"]}, seeds=2, **TIMES)
    table = failing.run(path, show_progress=False)
    assert table["status"].values.tolist() == [[0, 0], [1, 1], [0, 0]]
    assert "fires at" in str(table["error"].values[1, 0])
    assert np.isnan(table["cells_mean_rate"].values[1]).all()
    assert np.isfinite(table["cells_mean_rate"].values[[0, 2]]).all()
    before = path.stat().st_mtime_ns
    failing.run(path, show_progress=False)
    assert path.stat().st_mtime_ns == before
    state = status(path)
    assert (state.done, state.failed, state.missing) == (4, 2, 0) and sum(state.reasons.values()) == 2
    again = failing.run(path, retry_failed=True, show_progress=False)
    assert path.stat().st_mtime_ns != before
    assert again.identical(table)


def test_structural_axes_are_built_once_each_and_padded(folder):
    path = folder / "sizes.h5"
    table = sweep({"populations.cells.size": [10, 20]}, statistics=["mean_rate", "agent_rate"]).run(
        path, show_progress=True
    )
    rates = table["cells_agent_rate"]
    assert rates.dims == ("populations.cells.size", "seed", "cells_agent") and rates.sizes["cells_agent"] == 20
    assert np.isnan(rates.values[0, :, 10:]).all() and np.isfinite(rates.values[1]).all()
    assert np.array_equal(table["populations.cells.size_effective"].values[:, 0], [10, 20])


def test_a_structure_that_cannot_be_compiled_fails_alone(folder, monkeypatch, capsys):
    compiled, tried = jobs.compile_plan, []

    def refused(plan, *others):
        if plan.groups[0].size == 19:
            tried.append(plan)
            raise SimulationError("compilation failed: no such thing")
        return compiled(plan, *others)

    monkeypatch.setattr(jobs, "compile_plan", refused)
    table = sweep({"populations.cells.size": [19, 20]}).run(folder / "uncompiled.h5", show_progress=False)
    assert table["status"].values.tolist() == [[1, 1], [0, 0]] and len(tried) == 1
    assert "no such thing" in str(table["error"].values[0, 1])
    assert "points of one structure will fail" in capsys.readouterr().err
    with pytest.raises(SimulationError, match="no such thing"):
        sweep({"populations.cells.size": [19]}).run(folder / "nothing.h5", show_progress=False)
    assert not parts_folder(folder / "nothing.h5").exists()


def test_designs_that_are_no_grid_have_points(folder):
    table = sweep(zipped({DOSE: ["0 nM", "50 nM", "100 nM"], DENSITY: [0.0, 0.5, 1.0]})).run(
        folder / "zipped.h5", show_progress=False
    )
    assert table["cells_mean_rate"].dims == ("point", "seed")
    assert table[DOSE].dims == ("point",) and table[DOSE].values.tolist() == [0, 50, 100]


def test_schedules_in_files_are_taken_along(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "measured.csv").write_text("time_s,receptor_nM\n0,10\n1,90\n")
    asked = sweep({DOSE: ["measured.csv", "40 nM"]}, seeds=1)
    first = asked.describe()
    assert "measured.csv" in str(first.design.axes[0].labels()[0])
    table = asked.run(folder / "measured.h5", show_progress=False)
    # From 0.1 to 0.3 s the line goes from 18 to 34 nM.
    assert table["mean_allopregnanolone"].values.ravel() == pytest.approx([26, 40])
    (tmp_path / "measured.csv").write_text("time_s,receptor_nM\n0,10\n1,80\n")
    with pytest.raises(InputError, match="another sweep"):
        sweep({DOSE: ["measured.csv", "40 nM"]}, seeds=1).run(folder / "measured.h5", show_progress=False)


def test_names_that_the_table_needs_are_refused(folder):
    for name in ("cells_mean_rate", "band", "mean_allopregnanolone"):
        with pytest.raises(InputError, match=f"axes.{name}: the table has"):
            sweep([Axis(DENSITY, [0, 1], name=name)]).run(folder / "x.h5", show_progress=False)


def test_a_job_compiles_what_was_built_beforehand():
    network = Network.load("coba_driven")
    description = Sweep(network, {DOSE: ["0 nM", "30 nM"]}, **TIMES).describe()
    job = make_job(description, [0], 6)
    plans = [
        plan_run(definition, duration_s=0.3, discard_s=0.1)
        for definition in (network.definition, Definition.from_data(json.loads(job["definition"])))
    ]
    assert plans[0].structure == plans[1].structure and plans[0].arguments == plans[1].arguments


def test_variants_move_several_values_under_one_name(folder):
    weight, density = "projections.inhibition.weight", DENSITY
    variants = {"as it is": {}, "knock-out": {density: 0.0}, "both": {density: 0.0, weight: "2 nS"}}
    path = folder / "variants.h5"
    table = sweep([Axis.of_variants("variant", variants)]).run(path, show_progress=False)
    assert table["variant"].values.tolist() == list(variants) and "variant_effective" not in table
    for place, values in enumerate(variants.values()):
        run = cells(**values).run(seed=1, **TIMES)
        assert table["cells_isi_cv"].values[place, 1] == run.statistics["cells"]["isi_cv"].value
    assert collect(path).done == 6


def test_seeds_of_network_and_noise_are_axes_too(folder):
    table = sweep([Axis("network_seed", [1, 2]), Axis("noise_seed", [5, 6, 7])], seeds=1).run(
        folder / "seeds.h5", show_progress=False
    )
    run = cells().run(seed=0, network_seed=2, noise_seed=6, **TIMES)
    assert table["cells_mean_rate"].values[1, 1, 0] == run.statistics["cells"]["mean_rate"].value
    assert table["noise_seed_effective"].values[0, :, 0].tolist() == [5, 6, 7]


def test_runs_are_kept_on_request(folder):
    path = folder / "kept.h5"
    table = sweep({DENSITY: [0.5, 1.0]}).run(path, keep_runs=True, show_progress=False)
    run = read_run(folder / "kept.h5.runs" / "000003.h5")
    assert run.seed == 1 and run.definition["populations"]["cells"]["tonic"]["delta"]["density"] == "1.0"
    assert run.statistics["cells"]["mean_rate"].value == table["cells_mean_rate"].values[1, 1]
