"""Designs of a sweep: grids, zipped axes, tables, and what is drawn."""

import itertools
import json
import warnings

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allotone import InputError, constant, nM, schedule
from allotone.sweep.axis import Axis
from allotone.sweep.design import (
    Design,
    Range,
    as_design,
    grid,
    latin_hypercube,
    parse_design,
    sobol,
    table,
    zipped,
)
from allotone.sweep.sampling import parse_range
from allotone.units import number_in, parse

ALLO = "medium.allopregnanolone"
DOSE = Axis(ALLO, [0, 30, 100] * nM, "allo")
EXPECTED_LATIN = [
    [0.100321817521, "9.41888159542 nM"],
    [0.451627155934, "5.599325378 nM"],
    [0.967712959012, "0.624739037653 nM"],
]
EXPECTED_SOBOL = [
    [0.28616916202, "1.62635304034 nM"],
    [0.581783348694, "9.3796419166 nM"],
    [0.837916142307, "3.23108434677 nM"],
]
SIZE = Axis(("populations.e.size", "populations.i.size"), [100, 200], "size")


def test_a_grid():
    design = grid([DOSE, SIZE])
    assert design.dimensions == {"allo": 3, "size": 2}
    assert design.size == 6
    assert design.setting(0) == {ALLO: "0.0 nM", "populations.e.size": 100, "populations.i.size": 100}
    assert design.setting(3) == {ALLO: "30.0 nM", "populations.e.size": 200, "populations.i.size": 200}
    (along, labels, unit), (_, sizes, _) = design.coordinates().values()
    assert (along, labels.tolist(), unit) == (("allo",), [0, 30, 100], "nM")
    assert sizes.tolist() == [100, 200]
    for beyond in (-1, 6):
        with pytest.raises(IndexError):
            design.setting(beyond)


def test_nothing_varied_is_one_setting():
    for nothing in (None, {}, []):
        design = as_design(nothing)
        assert (design.dimensions, design.size, design.setting(0), design.coordinates()) == ({}, 1, {}, {})
        assert Design.from_data(design.data()) == design


def test_zipped_axes_lie_along_the_points():
    design = zipped([DOSE, Axis("populations.e.size", [100, 200, 100])])
    assert design.dimensions == {"point": 3}
    assert [design.setting(point)["populations.e.size"] for point in range(3)] == [100, 200, 100]
    coordinates = design.coordinates()
    assert list(coordinates) == ["point", "allo", "populations.e.size"]
    assert {along for along, _, _ in coordinates.values()} == {("point",)}
    assert coordinates["point"][1].tolist() == [0, 1, 2]


def test_every_way_to_give_axes():
    by_path = {ALLO: [0, 30] * nM, "a.b": ["x", "y"]}
    axes = [Axis(path, values) for path, values in by_path.items()]
    assert as_design(by_path) == as_design(axes) == grid(by_path) == grid(axes)
    assert zipped(by_path) == zipped(axes)
    design = zipped(axes)
    assert as_design(design) is design


value_lists = st.one_of(
    st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=4, unique=True),
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4, unique=True),
    st.lists(
        st.sampled_from(["a", "b", "true", "infusion:at=3h", "30 nM", "1 uM"]), min_size=1, max_size=4, unique=True
    ),
    st.lists(
        st.sampled_from([{"a": "1 nM"}, {"b": 2}, {"schedule": "infusion"}]), min_size=1, max_size=3, unique_by=str
    ),
)


@given(st.lists(value_lists, max_size=3))
def test_the_settings_of_a_grid_are_the_product(lists):
    axes = [Axis(f"path.{place}", values) for place, values in enumerate(lists)]
    design = grid(axes)
    found = [tuple(design.setting(index).values()) for index in range(design.size)]
    assert found == list(itertools.product(*(axis.values for axis in axes)))
    assert Design.from_data(json.loads(json.dumps(design.data()))) == design


@given(st.integers(1, 6), st.data())
def test_the_settings_of_zipped_axes_are_their_rows(length, data):
    numbers = data.draw(st.lists(st.integers(), min_size=length, max_size=length, unique=True))
    words = data.draw(st.lists(st.sampled_from("abc"), min_size=length, max_size=length))
    design = zipped({"a.n": numbers, "a.w": words})
    assert [tuple(design.setting(index).values()) for index in range(design.size)] == list(zip(numbers, words))
    assert Design.from_data(json.loads(json.dumps(design.data()))) == design


@pytest.mark.parametrize(
    ("make", "path", "sentence"),
    [
        (lambda: grid({"x": ["0.1 uM", "100 nM"]}), "axes.x", "'0.1 uM' and '100.0 nM' are the same"),
        (lambda: grid({"x": [1, 2, 1.0]}), "axes.x", "1 and 1.0 are the same"),
        (lambda: grid({"x": [constant(30 * nM), "30 nM"]}), "axes.x", "are the same"),
        (lambda: grid([Axis("a.b", [1], "n"), Axis("a.c", [1], "n")]), "axes.n", "two axes have this name"),
        (lambda: grid([Axis("a.b", [1], "n"), Axis("a.c", [1], "n_effective")]), "axes.n_effective", "another name"),
        (lambda: grid({"a.*": [1], "a.c": [2]}), "axes.a.c", "moves on the axis 'a.\\*' too"),
        (lambda: zipped([Axis("a.b", [1], "n"), Axis("a.b", [2], "m")]), "axes.m", "moves on the axis 'n' too"),
        (lambda: zipped({"a": [1, 2], "b": [1, 2, 3]}), "axes", "'a' has 2 values and 'b' 3"),
        (lambda: zipped({}), "axes", "no axes"),
        (lambda: zipped({"a": [1, 2, 1], "b": ["1 h", "2 h", "60 min"]}), "axes", "rows 1 and 3 are the same"),
        (lambda: as_design(Axis("a", [1])), "axes", "no list of Axis"),
        (lambda: as_design({"a": Axis("a", [1])}), "axes.a", "not a list"),
        (lambda: as_design(["a=1"]), "axes", "no list of Axis"),
        (lambda: table([{"a": 1}, {"a": 2, "b": 3}]), "axes", "rows 1 and 2 differ in b"),
        (lambda: table([]), "axes", "no table"),
        (lambda: table(5), "axes", "no table"),
        (lambda: table({"a [nN]": [1]}), "axes", "unknown unit 'nN'"),
        (lambda: table({"a [nM]": ["1 nM"]}), "axes.a", "unknown unit"),
        (lambda: table({"a [nM]": 3}), "axes.a", "not a list of numbers"),
        (lambda: table({3: [1]}), "axes", "cannot head a column"),
        (lambda: table(pandas.DataFrame([[1, 2]], columns=["a", "a"])), "axes.a", "moves on the axis 'a' too"),
        (lambda: table(pandas.DataFrame({"a": [1.0, np.nan]})), "axes.a", "not a finite number"),
    ],
)
def test_what_is_refused(make, path, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        make()
    assert refused.value.path == path


def test_a_path_below_another_is_one_of_its_own():
    design = grid({ALLO: [schedule("infusion")], f"{ALLO}.map": ["anchored", "direct"]})
    assert design.setting(1)[f"{ALLO}.map"] == "direct"


def test_a_table_can_be_written_in_five_ways(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text(
        "# doses of the pilot\n"
        f'{ALLO} [nM],"size:populations.e.size,populations.i.size",a.word\n'
        '0,100,regular\n\n30.5, 200 ,true\n1e2,100,"infusion:at=1h,map=direct"\n',
        encoding="utf-8-sig",
    )
    sizes, words = [100, 200, 100], ["regular", True, "infusion:at=1h,map=direct"]
    heads = [f"{ALLO} [nM]", "size:populations.e.size,populations.i.size", "a.word"]
    columns = [[0, 30.5, 100.0], sizes, words]
    ways = [
        table(file),
        table(str(file)),
        table(dict(zip(heads, columns))),
        table([dict(zip(heads, row)) for row in zip(*columns)]),
        table(pandas.DataFrame(dict(zip(heads, columns)))),
        parse_design(str(file), []),
    ]
    assert all(design == ways[0] for design in ways)
    assert table({ALLO: [0, 30.5, 100] * nM, heads[1]: sizes, "a.word": words}) == ways[0]
    assert ways[0].dimensions == {"point": 3}
    assert ways[0].setting(1) == {ALLO: "30.5 nM", "populations.e.size": 200, "populations.i.size": 200, "a.word": True}
    assert Design.from_data(json.loads(json.dumps(ways[0].data()))) == ways[0]


@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        ("a.b,c.d\n1,2\n3\n", ", line 3", "1 field\\(s\\); expected 2"),
        ("a.b [nM],c.d\n1,2\n# note\nx,2\n", ", line 4, a.b [nM]", "'x nM' is not a finite number"),
        ("a.b [nM],c.d\n1,2\n3 nM,2\n", ", line 3, a.b [nM]", "unknown unit"),
        ("a.b,c.d\n1,\n", ", line 2, c.d", "empty text"),
        ("a.b,c.d\n1,3 nN\n", ", line 2, c.d", "unknown unit 'nN'"),
        ("a.b [nN]\n1\n", "", "unknown unit 'nN'"),
        ("a.b;c.d\n1;2\n", "", "separate them by commas"),
        ("a.b,c.d\n", "", "no rows"),
        ("", "", "no rows"),
        ('a.b\n"1\n', "", "not a CSV file"),
    ],
)
def test_what_is_refused_in_a_file(tmp_path, content, place, sentence):
    file = tmp_path / "points.csv"
    file.write_text(content)
    with pytest.raises(InputError, match=sentence) as refused:
        table(file)
    assert refused.value.path == f"{file}{place}"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        table(tmp_path / "none.csv")


def test_ranges_are_filled_evenly():
    ranges = [
        Range(ALLO, 10 * nM, "1 uM", log=True),
        Range(("a.x", "a.y"), "-70 mV", "-50 mV", "E"),
        Range("a.n", 3, 9, whole=True),
        Range("a.f", 0, 1),
    ]
    design = latin_hypercube(ranges, 7, seed=5)
    (_, dose, unit), (_, potential, _), (_, number, _), (_, fraction, _) = list(design.coordinates().values())[1:]
    assert unit == "nM"
    assert sorted(number.tolist()) == list(range(3, 10))
    assert sorted(np.floor(7 * np.log(dose / 10) / np.log(100)).tolist()) == list(range(7))
    assert sorted(np.floor(7 * (potential + 70) / 20).tolist()) == list(range(7))
    assert sorted(np.floor(7 * fraction).tolist()) == list(range(7))
    assert design.setting(2)["a.x"] == design.setting(2)["a.y"]
    assert design.data()["ranges"][0] == {
        "name": ALLO, "paths": [ALLO], "low": "10.0 nM", "high": "1.0 uM", "log": True, "whole": False
    }  # fmt: skip
    assert {key: design.data()[key] for key in ("kind", "count", "seed")} == {
        "kind": "latin_hypercube",
        "count": 7,
        "seed": 5,
    }


def test_the_same_seed_draws_the_same_on_every_version_of_scipy():
    """The numbers are those of SciPy 1.13 to 1.18, with the argument `seed` and with `rng`."""
    ranges = [Range("a", 0, 1), Range("b", "0 nM", "10 nM")]
    rows = [list(latin_hypercube(ranges, 3, seed=1).setting(point).values()) for point in range(3)]
    assert rows == EXPECTED_LATIN
    rows = [list(sobol(ranges, 3, seed=1).setting(point).values()) for point in range(3)]
    assert rows == EXPECTED_SOBOL
    assert latin_hypercube(ranges, 3, seed=1) != latin_hypercube(ranges, 3, seed=2)


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 60), st.integers(0, 2**40), st.booleans())
def test_a_latin_hypercube_has_one_setting_in_each_stratum(dimensions, count, seed, log):
    low, high = (0.5, 512.0) if log else (-3.0, 7.0)
    design = latin_hypercube([Range(f"a.{place}", low, high, log=log) for place in range(dimensions)], count, seed)
    for axis in design.axes:
        values = axis.labels()[0]
        places = np.log(values / low) / np.log(high / low) if log else (values - low) / (high - low)
        assert sorted(np.floor(count * places).astype(int).tolist()) == list(range(count))
    assert Design.from_data(json.loads(json.dumps(design.data()))) == design


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 2**40))
def test_sobol_is_balanced_for_powers_of_two(dimensions, exponent, seed):
    count = 2**exponent
    design = sobol([Range(f"a.{place}", "0 mV", "8 mV") for place in range(dimensions)], count, seed)
    for axis in design.axes:
        places = axis.labels()[0] / 8
        assert sorted(np.floor(count * places).astype(int).tolist()) == list(range(count))


def test_any_count_of_sobol_without_a_warning():
    ranges = [Range("a", 0, 1), Range("b", 0, 1)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        many, few = (sobol(ranges, count, seed=3) for count in (64, 37))
        latin_hypercube(ranges, 37)
    assert [few.setting(point) for point in range(37)] == [many.setting(point) for point in range(37)]


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(0, 1000))
def test_drawn_values_lie_in_the_range_and_are_their_text(low, width, seed):
    (axis,) = latin_hypercube([Range("a", f"{low!r} mV", f"{low + width!r} mV")], 9, seed).axes
    for text in axis.values:
        number = number_in(text, "mV")
        assert low <= number <= low + width
        assert number in (low, low + width) or number == float(f"{number:.12g}")
        parse(text)


@pytest.mark.parametrize(
    ("make", "path", "sentence"),
    [
        (lambda: Range("a", 2, 1), "axes.a", "not below"),
        (lambda: Range("a", "1 nM", "1 nM"), "axes.a", "not below"),
        (lambda: Range("a", "1 nM", "1 mV"), "axes.a", "one kind"),
        (lambda: Range("a", 0, "1 mV"), "axes.a", "one kind"),
        (lambda: Range("a", "x", "y"), "axes.a", "one kind"),
        (lambda: Range("a", 0, 1, log=True), "axes.a", "not above 0"),
        (lambda: Range("a", 0, 1.5, whole=True), "axes.a", "not whole"),
        (lambda: Range("a", "1 nM", "2 nM", whole=True), "axes.a", "not whole"),
        (lambda: Range(("a", "b"), 0, 1), "axes", "name them"),
        (lambda: latin_hypercube([Range("noise_seed", 0, 5)], 3), "axes.noise_seed", "no seed"),
        (lambda: latin_hypercube([], 3), "axes", "nothing to draw"),
        (lambda: latin_hypercube(Range("a", 0, 1), 3), "axes", "nothing to draw"),
        (lambda: latin_hypercube([("a", 0, 1)], 3), "axes", "nothing to draw"),
        (lambda: latin_hypercube([Range("a", 0, 1)], 0), "count", "at least 1"),
        (lambda: sobol([Range("a", 0, 1)], 2.0), "count", "at least 1"),
        (lambda: sobol([Range("a", 0, 1)], 4, -1), "seed", "at least 0"),
        (lambda: sobol([Range("a", 1, 2, whole=True)], 4), "axes", "are the same; draw fewer"),
    ],
)
def test_what_cannot_be_drawn(make, path, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        make()
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b=0:10 nM", Range("a.b", "0 nM", "10 nM")),
        (" n : a.b , c.d = 1e-3:1uM", Range(("a.b", "c.d"), "0.001 uM", "1 uM", "n")),
        ("a.b=log:1:1000 nM", Range("a.b", "1 nM", "1000 nM", log=True)),
        ("a.b=-70:-50mV", Range("a.b", "-70 mV", "-50 mV")),
        ("a.b=0:1", Range("a.b", 0, 1)),
        ("a.b=whole:10:200", Range("a.b", 10, 200, whole=True)),
        ("a.b=log:whole:10:200", Range("a.b", 10, 200, log=True, whole=True)),
    ],
)
def test_a_range_of_the_command_line(text, expected):
    assert parse_range(text) == expected


def test_a_design_of_the_command_line():
    axes = ["x:a.b=0,10 nM", "c.d=1,2"]
    x, c = Axis("a.b", [0, 10] * nM, "x"), Axis("c.d", [1, 2])
    assert parse_design("grid", axes) == grid([x, c])
    assert parse_design("grid", []) == grid([])
    assert parse_design("zip", axes) == zipped([x, c])
    ranges = [Range("a.b", "0 nM", "10 nM", "x"), Range("c.d", 1, 2)]
    texts = ["x:a.b=0:10 nM", "c.d=1:2"]
    assert parse_design("latin_hypercube:5", texts) == latin_hypercube(ranges, 5)
    assert parse_design("sobol:8:3", texts) == sobol(ranges, 8, seed=3)


@pytest.mark.parametrize(
    ("kind", "axes", "path", "sentence"),
    [
        ("gird", [], "--design", "did you mean 'grid'"),
        ("grid:3", [], "--design", "unknown design"),
        ("sobol", ["a=0:1"], "--design", "sobol:COUNT:SEED"),
        ("sobol:x", ["a=0:1"], "--design", "sobol:COUNT:SEED"),
        ("sobol:8:1:2", ["a=0:1"], "--design", "sobol:COUNT:SEED"),
        ("sobol:0", ["a=0:1"], "count", "at least 1"),
        ("sobol:8", [], "--axis", "nothing to draw"),
        ("sobol:8", ["a=0,1"], "--axis a", "low:high"),
        ("sobol:8", ["a=0:1:2"], "--axis a", "low:high"),
        ("sobol:8", ["a.b"], "--axis", "low:high"),
        ("sobol:8", ["a=1:0 nM"], "--axis a", "not below"),
        ("zip", ["a=1,2", "b=1"], "--axis", "'a' has 2 values and 'b' 1"),
        ("zip", [], "--axis", "no axes"),
        ("grid", ["a=1,2", "a=3"], "--axis a", "moves on the axis 'a' too"),
        ("grid", ["a=1,1"], "--axis a", "same value"),
        ("points.csv", ["a=1"], "--axis", "drop one"),
        ("none.csv", [], "none.csv", "No such file"),
    ],
)
def test_what_the_command_line_refuses(kind, axes, path, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        parse_design(kind, axes)
    assert refused.value.path == path
