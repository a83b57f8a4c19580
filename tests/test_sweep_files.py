"""A sweep on disk is whole or not there, tells holes from numbers, and does not show how its points were grouped."""

import errno
import io
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray

from allotone.errors import InputError
from allotone.results import (
    Column,
    Counts,
    Layout,
    Part,
    PointResult,
    compose_part,
    container,
    kind_of,
    netcdf,
    read_attributes,
    read_part,
    read_parts,
    read_progress,
    read_run,
    read_table,
    sweep_file,
    write_part,
    write_sweep,
)

SHA = "0123456789abcdef" * 4
DOSE, SIZE = "medium.allopregnanolone", "populations.pv.size"
BANDS = np.array(["delta", "theta", "γ"])
COLUMNS = {
    "pv_mean_rate": Column("Hz", "spikes per agent and second"),
    "pv_band_power": Column("Hz2", "integral of the PSD", ("band",), {"band": (BANDS, "")}),
    "pv_spectrum": Column("Hz", "PSD", ("frequency",), {"frequency": (np.arange(0, 9, 2.0), "Hz")}),
    "pv_lfp_spectrum": Column("pA2", "PSD", ("frequency",), {"frequency": (np.arange(3.0), "Hz")}),
    "pv_agent_rate": Column("Hz", "per agent", ("pv_agent",)),
    "pv_agent_isi_cv": Column("1", "per agent", ("pv_agent",)),
    f"{DOSE}_effective": Column("nM", "as the run used it"),
}
SIZES = (3, 7, 5)  # agents, along the second axis
LAYOUT = Layout(
    {DOSE: 4, SIZE: 3, "seed": 2},
    {
        DOSE: ((DOSE,), [0.0, 0.1, 30.0, 100.0], "nM"),
        SIZE: ((SIZE,), list(SIZES), "1"),
        "seed": (("seed",), [0, 2**31 - 1], "1"),
        "label": ((DOSE,), ["none", "trace", "physiological", "µ-high"], "1"),
    },
    {"sweep_sha256": SHA, "definition": json.dumps({"note": "x" * 70_000}), "workers": 2, "duration_s": 0.1},
)
SHAPE = (4, 3, 2)
FAILED = {5: "InputError: µ is 0", 11: "the worker died"}
MISSING = {8, 23}


def result(point):
    """What a point gives: numbers that no other point and no decimal text has; an agent axis as long as its axis says."""
    if point in FAILED:
        return PointResult(point, FAILED[point])
    rng, size = np.random.default_rng(point), SIZES[point // 2 % 3]
    values = {
        "pv_mean_rate": np.array(rng.random()),
        "pv_band_power": rng.random(3),
        "pv_spectrum": rng.random(5),
        "pv_lfp_spectrum": rng.random(3),
        "pv_agent_rate": rng.random(size),
        "pv_agent_isi_cv": np.where(rng.random(size) < 0.5, np.nan, rng.random(size)),
        f"{DOSE}_effective": np.array(LAYOUT.coordinates[DOSE][1][point // 6]),
    }
    return PointResult(point, "", values)


def part(points, columns=COLUMNS, seconds=0.25):
    results = [result(point) for point in points]
    return Part(SHA, results, {} if all(one.error for one in results) else columns, seconds)


def present():
    return [point for point in range(24) if point not in MISSING]


def whole(path, groups=None, layout=LAYOUT):
    """A sweep file from parts that went over the disk's format; each group of points is one part."""
    contents = [compose_part(part(group)) for group in groups or [present()]]

    def parts():
        for content in contents:
            there = path.with_suffix(".part")
            there.write_bytes(content)
            yield read_part(there, SHA)
            there.unlink()

    return write_sweep(path, layout, parts)


def content(path):
    """All that a file holds, references as the names they lead to."""
    with h5py.File(path) as file:

        def plain(value):
            if isinstance(value, h5py.Reference):
                return file[value].name
            if isinstance(value, np.ndarray) and value.dtype.kind in "OV":
                return [plain(one) for one in value.ravel()]
            if isinstance(value, np.void):
                return [plain(one) for one in value.tolist()]
            return (str(value.dtype), value.tolist()) if isinstance(value, np.ndarray | np.generic) else value

        def attributes(of):
            return {name: plain(value) for name, value in of.attrs.items()}

        found = {"/": attributes(file)}
        for name, dataset in file.items():
            values = dataset[()]
            values = values.tolist() if dataset.dtype.kind == "O" else values.tobytes()
            found[name] = (str(dataset.dtype), dataset.shape, dataset.chunks, dataset.compression, values)
            found[f"{name}@"] = attributes(dataset)
        return found


def test_every_value_of_a_part_comes_back(tmp_path):
    path = tmp_path / "part.h5"
    given = part([11, 4, 2])
    write_part(compose_part(given), path)
    found = read_part(path, SHA)
    assert (found.sweep_sha256, found.seconds, kind_of(path)) == (SHA, 0.25, "part")
    assert [one.point for one in found.points] == [11, 4, 2]
    assert [one.error for one in found.points] == [FAILED[11], "", ""]
    assert found.points[0].values == {}
    for theirs, ours in list(zip(given.points, found.points))[1:]:
        assert set(ours.values) == set(theirs.values)
        for name, value in theirs.values.items():
            assert ours.values[name].dtype == np.float64
            padded = np.full(7 if "agent" in name else value.shape, np.nan)
            padded[tuple(map(slice, value.shape))] = value
            np.testing.assert_array_equal(ours.values[name], padded)
    for name, column in COLUMNS.items():
        ours = found.columns[name]
        assert (ours.unit, ours.description, ours.dimensions) == (column.unit, column.description, column.dimensions)
        for dimension, (labels, unit) in column.coordinates.items():
            assert ours.coordinates[dimension][0].dtype == labels.dtype
            assert (ours.coordinates[dimension][0].tolist(), ours.coordinates[dimension][1]) == (
                labels.tolist(),
                unit or "1",
            )
    points, failed, seconds = read_progress(path, SHA)
    assert (points.tolist(), failed.tolist(), seconds) == ([11, 4, 2], [True, False, False], 0.25)


def test_a_part_in_which_every_point_failed(tmp_path):
    write_part(compose_part(part([11, 5])), tmp_path / "part.h5")
    found = read_part(tmp_path / "part.h5", SHA)
    assert [(one.point, one.error) for one in found.points] == [(11, FAILED[11]), (5, FAILED[5])]
    assert found.columns == {}
    assert read_progress(tmp_path / "part.h5", SHA)[1].all()


def test_a_reason_that_is_no_proper_text_is_kept_as_far_as_it_goes(tmp_path):
    strange = Part(SHA, [PointResult(0, "gcc\0: \udcff?")], {}, 1.0)
    write_part(compose_part(strange), tmp_path / "part.h5")
    assert read_part(tmp_path / "part.h5", SHA).points[0].error == "gcc?: ??"
    write_sweep(tmp_path / "x.h5", LAYOUT, lambda: [strange])
    assert read_table(tmp_path / "x.h5").error.values.flat[0] == "gcc?: ??"


@pytest.mark.parametrize(
    ("values", "column", "said"),
    [
        ({"b": np.zeros(2)}, COLUMNS["pv_band_power"], "'b', .* no column"),
        ({"a": np.zeros(2)}, COLUMNS["pv_band_power"], r"'a' have the shape \(2,\)"),
        ({"a": np.zeros(())}, COLUMNS["pv_agent_rate"], r"'a' have the shape \(\)"),
        ({"a": np.zeros(2)}, Column("1", "", ("band",), {"edge": (np.zeros(2), "Hz")}), "'edge' labels none"),
    ],
)
def test_values_that_do_not_fit_their_column_are_refused(values, column, said):
    with pytest.raises(ValueError, match=said):
        compose_part(Part(SHA, [PointResult(0, "", values)], {"a": column}, 1.0))


@pytest.mark.parametrize("read", [read_part, read_progress])
def test_a_part_cut_anywhere_is_refused(tmp_path, read):
    path, bytes_ = tmp_path / "part.h5", compose_part(part(range(12)))
    for length in {*range(0, len(bytes_), 61), *range(len(bytes_) - 40, len(bytes_))}:
        path.write_bytes(bytes_[:length])
        with pytest.raises(InputError):
            read(path, SHA)


@pytest.mark.parametrize("read", [read_part, read_progress])
def test_a_part_with_any_byte_changed_is_refused(tmp_path, read):
    path, bytes_ = tmp_path / "part.h5", compose_part(part(range(4)))
    for place in {*range(80), *range(80, len(bytes_), 17)}:
        path.write_bytes(bytes_[:place] + bytes([bytes_[place] ^ 0x55]) + bytes_[place + 1 :])
        with pytest.raises(InputError):
            read(path, SHA)


@pytest.mark.parametrize("read", [read_part, read_progress])
def test_a_part_that_is_not_of_this_sweep_or_none_at_all_is_refused(tmp_path, read):
    path = tmp_path / "part.h5"
    write_part(compose_part(part([0])), path)
    with pytest.raises(InputError, match="belongs to another sweep"):
        read(path, "f" * 64)
    path.write_bytes(path.read_bytes().replace(b"allotone-part-1", b"allotone-part-2"))
    with pytest.raises(InputError, match="newer"):
        read(path, SHA)
    whole(tmp_path / "x.h5")
    with pytest.raises(InputError, match="no part of a sweep"):
        read(tmp_path / "x.h5", SHA)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read(tmp_path / "y.h5", SHA)


def test_the_table_opens_in_xarray_with_every_value_in_its_place(tmp_path):
    path = tmp_path / "x.h5"
    assert whole(path) == Counts(done=20, failed=2, missing=2)
    with xarray.open_dataset(path, engine="h5netcdf") as table:
        assert table.pv_agent_rate.dims == (DOSE, SIZE, "seed", "pv_agent")
        assert set(table.coords) == {
            DOSE, SIZE, "seed", "label", "band", "pv_spectrum_frequency", "pv_lfp_spectrum_frequency"
        }  # fmt: skip
        for name, (along, labels, unit) in LAYOUT.coordinates.items():
            assert (table[name].values.tolist(), table[name].attrs["units"]) == (list(labels), unit)
            assert table[name].dims == along
        assert table.band.values.tolist() == BANDS.tolist()
        assert table.pv_spectrum_frequency.values.tolist() == [0, 2, 4, 6, 8]
        assert table.status.dtype == np.uint8
        assert table.status.attrs["flag_meanings"].split()[2] == "missing"
        assert table.status.attrs["flag_values"].tolist() == [0, 1, 2]
        assert {variable.attrs["units"] for variable in table.variables.values()} == {"1", "Hz", "Hz2", "pA2", "nM"}
        for point in range(24):
            at = dict(zip(LAYOUT.dimensions, np.unravel_index(point, SHAPE)))
            one, expected = table.isel(at), result(point)
            assert int(one.status) == (2 if point in MISSING else 1 if point in FAILED else 0)
            assert str(one.error.values) == ("" if point in MISSING else expected.error)
            for name in COLUMNS:
                found = one[name].values
                value = np.array(np.nan) if point in MISSING or expected.error else expected.values[name]
                if "agent" in name:
                    assert found.shape == (7,)
                    assert np.isnan(found[value.size :]).all()
                    found = found[: value.size]
                np.testing.assert_array_equal(found, np.broadcast_to(value, found.shape))
        assert table.pv_mean_rate.sel({DOSE: 30, SIZE: 7, "seed": 0}) == result(14).values["pv_mean_rate"]
        assert table.pv_mean_rate.attrs["description"] == "spikes per agent and second"


def test_read_table_and_the_attributes(tmp_path):
    path = tmp_path / "x.h5"
    whole(path)
    table = read_table(path)
    assert table.attrs == read_attributes(path) == dict(LAYOUT.attributes)
    assert [type(value) for value in read_attributes(path).values()] == [
        type(LAYOUT.attributes[name]) for name in read_attributes(path)
    ]
    assert float(table.pv_mean_rate[0, 0, 1]) == result(1).values["pv_mean_rate"]
    assert table.to_dataframe().shape[0] == 24 * 3 * 5 * 3 * 7
    assert table[["pv_mean_rate", "status", "error"]].to_dataframe().status.value_counts().to_dict() == {
        0: 20,
        1: 2,
        2: 2,
    }
    with pytest.raises(InputError, match="holds a sweep; expected a run"):
        read_run(path)


def test_plain_h5py_reads_it(tmp_path):
    path = tmp_path / "x.h5"
    whole(path)
    with h5py.File(path) as file:
        assert [one.label or one[0].name for one in file["pv_agent_rate"].dims] == [
            f"/{name}" for name in (*LAYOUT.dimensions, "pv_agent")
        ]
        np.testing.assert_array_equal(file["pv_band_power"][0, 1, 1], result(3).values["pv_band_power"])
        assert file["error"].asstr()[0, 2, 1] == FAILED[5]
        assert file["label"].asstr()[3] == "µ-high"
        assert all(isinstance(found.attrs["units"], str) for found in file.values())
        for found in file.values():
            assert (found.compression, found.shuffle) == (("gzip", True) if found.chunks else (None, False))


@pytest.mark.parametrize(
    "groups",
    [
        [[point] for point in present()[::-1]],
        [present()[17:], present()[:5], present()[5:17]],
        [np.random.default_rng(1).permutation(present())[place::3].tolist() for place in range(3)],
        [[5, 11], [point for point in present() if point not in FAILED], [5], [0, 1, 2]],
    ],
    ids=["one by one, backwards", "three pieces", "shuffled", "some twice"],
)
@pytest.mark.parametrize("in_memory", [True, False])
def test_the_file_does_not_show_how_points_came(tmp_path, monkeypatch, groups, in_memory):
    whole(tmp_path / "x.h5")
    if not in_memory:
        monkeypatch.setattr(sweep_file, "_IN_MEMORY", 0)
    whole(tmp_path / "y.h5", groups)
    assert content(tmp_path / "x.h5") == content(tmp_path / "y.h5")
    assert sorted(os.listdir(tmp_path)) == ["x.h5", "y.h5"]


def test_chunks_and_blocks_of_many_make_no_difference(tmp_path, monkeypatch):
    whole(tmp_path / "x.h5")
    expected = read_table(tmp_path / "x.h5")
    for limit in (1, 2, 7, 30):
        monkeypatch.setattr(netcdf, "CHUNK", limit)
        whole(tmp_path / "y.h5", [present()[9:], present()[:9]])
        with h5py.File(tmp_path / "y.h5") as file:
            assert np.prod(file["pv_agent_rate"].chunks) <= limit
        assert read_table(tmp_path / "y.h5").identical(expected)
        parts = list(read_parts(tmp_path / "y.h5", SHA))
        write_sweep(tmp_path / "z.h5", LAYOUT, lambda parts=parts: parts)
        assert content(tmp_path / "z.h5") == content(tmp_path / "y.h5")


def test_a_finished_file_taken_apart_and_put_together_is_the_same(tmp_path):
    path = tmp_path / "x.h5"
    whole(path)
    before = content(path)
    parts = list(read_parts(path, SHA))
    assert sorted(one.point for some in parts for one in some.points) == present()
    for number, some in enumerate(parts):
        write_part(compose_part(some), tmp_path / f"{number}.part")
    again = [read_part(tmp_path / f"{number}.part", SHA) for number in range(len(parts))]
    assert write_sweep(path, LAYOUT, lambda: again) == Counts(20, 2, 2)
    assert content(path) == before
    with pytest.raises(InputError, match="is another sweep"):
        next(read_parts(path, "f" * 64))


def test_points_that_failed_before_and_are_done_now_fill_their_holes(tmp_path, monkeypatch):
    path = tmp_path / "x.h5"
    whole(path)
    old = list(read_parts(path, SHA))
    monkeypatch.setattr(sys.modules[__name__], "FAILED", {})
    new = part([11, 5])
    for parts in ([*old, new], [new, *old]):
        assert write_sweep(path, LAYOUT, lambda parts=parts: parts) == Counts(22, 0, 2)
        found = read_table(path)
        assert float(found.pv_mean_rate[1, 2, 1]) == result(11).values["pv_mean_rate"]
        assert set(found.error.values.flat) == {""}


def test_sweeps_without_any_result_are_tables_too(tmp_path):
    path = tmp_path / "x.h5"
    assert write_sweep(path, LAYOUT, lambda: []) == Counts(0, 0, 24)
    assert (read_table(path).status == 2).all()
    assert list(read_parts(path, SHA)) == []
    assert whole(path, [[11], [5]]) == Counts(0, 2, 22)
    assert set(read_table(path).data_vars) == {"status", "error"}


def test_a_population_that_some_points_lack_and_another_labelling_of_its_own(tmp_path):
    columns = COLUMNS | {"som_mean_rate": COLUMNS["pv_mean_rate"]}
    extra = PointResult(0, "", {**result(0).values, "som_mean_rate": np.array(7.0)})
    write_sweep(tmp_path / "x.h5", LAYOUT, lambda: [part([1, 2]), Part(SHA, [extra], columns, 1.0)])
    found = read_table(tmp_path / "x.h5").som_mean_rate.values
    assert found[0, 0, 0] == 7
    assert np.isnan(found.ravel()[1:]).all()
    band = COLUMNS["pv_band_power"]
    changed = {"pv_band_power": Column(band.unit, band.description, band.dimensions, {"band": (BANDS[::-1], "")})}
    with pytest.raises(ValueError, match="'pv_band_power'"):
        write_sweep(tmp_path / "x.h5", LAYOUT, lambda: [part([1]), part([2], COLUMNS | changed)])


def test_truth_values_and_points_without_a_grid(tmp_path):
    layout = Layout(
        {"point": 3, "seed": 2},
        {
            "point": (("point",), [0, 1, 2], "1"),
            "blocked": (("point",), [True, False, True], "1"),
            "dose": (("point",), [0.5, 1.5, 2.5], "nM"),
            "seed": (("seed",), [4, 5], "1"),
        },
        {"sweep_sha256": SHA},
    )
    whole(tmp_path / "x.h5", [range(5)], layout)
    table = read_table(tmp_path / "x.h5")
    assert set(table.pv_mean_rate.coords) == {"point", "blocked", "dose", "seed"}
    assert (table.blocked.dtype, table.blocked.values.tolist()) == (bool, [True, False, True])


@pytest.mark.parametrize(
    ("dimensions", "coordinates", "said"),
    [
        ({"pv_mean_rate": 24, "seed": 1}, {}, "two things .* called 'pv_mean_rate'"),
        ({"status": 24, "seed": 1}, {}, "called 'status'"),
        ({"a": 24, "seed": 1}, {"a": (("a",), [1, 2], "1")}, r"labels of 'a' have the shape \(2,\); expected \(24,\)"),
    ],
)
def test_what_would_make_a_wrong_table_is_refused(tmp_path, dimensions, coordinates, said):
    with pytest.raises(ValueError, match=said):
        whole(tmp_path / "x.h5", layout=Layout(dimensions, coordinates, {"sweep_sha256": SHA}))
    assert os.listdir(tmp_path) == []


def test_an_axis_called_like_a_dimension_of_a_statistic(tmp_path):
    whole(tmp_path / "x.h5", layout=Layout({"band": 24, "seed": 1}, {}, {"sweep_sha256": SHA}))
    assert read_table(tmp_path / "x.h5").pv_band_power.dims == ("band", "seed", "pv_band_power_band")


def test_parts_that_change_between_the_passes_give_no_file(tmp_path):
    passes = iter([[part([0, 1, 2])], [part([0, 2])]])
    with pytest.raises(InputError, match="while its parts change"):
        write_sweep(tmp_path / "x.h5", LAYOUT, lambda: next(passes))
    assert os.listdir(tmp_path) == []


def test_a_file_of_someone_else_is_left_alone(tmp_path):
    path = tmp_path / "x.h5"
    path.write_text("a thesis")
    with pytest.raises(InputError, match="not a file of allotone"):
        whole(path)
    assert path.read_text() == "a thesis"
    with pytest.raises(InputError, match="could not be written"):
        write_part(b"", tmp_path / "none" / "part.h5")


class Failing(io.FileIO):
    """A disk that is full from the n-th write on."""

    writes, full_from = 0, None

    def write(self, data):
        Failing.writes += 1
        if Failing.full_from is not None and Failing.writes > Failing.full_from:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(memoryview(data)[:4096])


def open_in_hdf5():
    return h5py.h5f.get_obj_count(h5py.h5f.OBJ_ALL, h5py.h5f.OBJ_FILE)


@pytest.fixture
def failing(monkeypatch):
    def opening(path, mode):
        return io.BufferedRandom(Failing(path, mode)) if "w" in mode else open(path, mode)

    monkeypatch.setattr(container, "open", opening, raising=False)
    monkeypatch.setattr(Failing, "writes", 0)
    monkeypatch.setattr(Failing, "full_from", None)


@pytest.mark.parametrize("write", [whole, lambda path: write_part(compose_part(part(range(24))), path)])
def test_a_disk_that_fills_up_at_any_write_changes_nothing(tmp_path, failing, write):
    path = tmp_path / "x.h5"
    write(path)
    old, writes, open_files = path.read_bytes(), Failing.writes, open_in_hdf5()
    assert writes >= 2
    for there in (True, False):
        if not there:
            path.unlink()
        for full_from in range(0, writes, max(1, writes // 40)):
            Failing.writes, Failing.full_from = 0, full_from
            with pytest.raises(InputError, match="the disk is full"):
                write(path)
            assert [one.read_bytes() for one in tmp_path.iterdir() if one.suffix != ".part"] == [old] * there
            # HDF5 has let go of the file that it could not write.
            assert open_in_hdf5() == open_files


def in_a_process(code):
    """What a script prints as JSON that has these tests as `tests`, in a process of its own."""
    script = f"import json, sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nimport test_sweep_files as tests\n"
    done = subprocess.run([sys.executable, "-c", script + textwrap.dedent(code)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_file_that_may_grow_no_further_changes_nothing(tmp_path):
    """The limit of the operating system, for parts, for sweeps sorted in memory and for sweeps sorted on disk."""
    outcomes = in_a_process(f"""
        import os, resource
        from pathlib import Path
        from allotone.errors import InputError
        folder, outcomes = Path({str(tmp_path)!r}), []
        content = tests.compose_part(tests.part(range(24)))
        some = [tests.part(tests.present())]
        def write(path):
            if path.name == "part.h5":
                tests.write_part(content, path)
            else:
                tests.write_sweep(path, tests.LAYOUT, lambda: some)
        for name, memory in (("part.h5", 2**24), ("x.h5", 2**24), ("x.h5", 0)):
            tests.sweep_file._IN_MEMORY = memory
            for there in (True, False):
                path = folder / name
                write(path)
                old = path.read_bytes()
                if not there:
                    path.unlink()
                for limit in range(0, len(old), max(1, len(old) // 25)):
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
                    said = ""
                    try:
                        write(path)
                    except InputError as error:
                        said = error.message
                    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                    outcomes.append([said, [one.read_bytes() for one in folder.iterdir()] == [old] * there])
                if there:
                    path.unlink()
        print(json.dumps(outcomes))
    """)
    assert len(outcomes) > 150
    assert all("the file is too big" in said and untouched for said, untouched in outcomes), outcomes
    assert os.listdir(tmp_path) == []


def test_memory_does_not_grow_with_the_points(tmp_path):
    """20 000 points of 500 agents, 80 MB, written and read back; measured as what the process had at its peak."""
    found = in_a_process(f"""
        import resource
        import numpy as np
        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        columns = {{"pv_agent_rate": tests.COLUMNS["pv_agent_rate"], "pv_mean_rate": tests.COLUMNS["pv_mean_rate"]}}
        def part(first, size):
            rates = np.random.default_rng(first).integers(0, 20, (size, 500)) / 2
            points = [
                tests.PointResult(first + row, "", {{"pv_agent_rate": one, "pv_mean_rate": one.mean()}})
                for row, one in enumerate(rates)
            ]
            return tests.Part(tests.SHA, points, columns, 1.0)
        path = {str(tmp_path / "x.h5")!r}
        small, layout = (tests.Layout({{"a": size, "seed": 8}}, {{}}, {{"sweep_sha256": tests.SHA}}) for size in (13, 2500))
        tests.write_sweep(path, small, lambda: [part(0, 100)])
        before = peak()
        counts = tests.write_sweep(path, layout, lambda: (part(first, 100) for first in range(19900, -1, -100)))
        written = peak()
        sums, points = 0.0, 0
        for one in tests.read_parts(path, tests.SHA):
            points += len(one.points)
            sums += sum(result.values["pv_agent_rate"].mean() - result.values["pv_mean_rate"] for result in one.points)
        print(json.dumps([counts.done, points, sums, written - before, peak() - before]))
    """)
    assert found[:3] == [20_000, 20_000, 0.0]
    assert max(found[3:]) < 50
