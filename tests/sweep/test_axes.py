"""Axes of a sweep, from Python and as the command line writes them."""

import json

import numpy as np
import pytest
from brian2 import Mohm, mV, nS, volt
from hypothesis import given
from hypothesis import strategies as st

from allotone import InputError, constant, nM, schedule, uM
from allotone import table as schedule_table
from allotone.network.definition import Definition
from allotone.sweep.axis import Axis, identity, overlap, parse_axis
from allotone.units import parse
from allotone.values import parse_list, parse_value, parse_values

ALLO = "medium.allopregnanolone"
TABLE = schedule_table([0, 1], ["1 nM", "2 nM"])


def same_labels(found, expected):
    return (found.tolist() if isinstance(found, np.ndarray) else found) == expected


@pytest.mark.parametrize(
    ("given", "values", "labels", "unit"),
    [
        ([0, 10, 30] * nM, ("0.0 nM", "10.0 nM", "30.0 nM"), [0.0, 10.0, 30.0], "nM"),
        ([30 * nM, 0.1 * uM], ("30.0 nM", "100.0 nM"), [30.0, 100.0], "nM"),
        (["0 nM", "30nM"], ("0.0 nM", "30.0 nM"), [0.0, 30.0], "nM"),
        (["0.03 uM", "0.1 µM"], ("0.03 uM", "0.1 uM"), [0.03, 0.1], "uM"),
        (["0.03 uM", "100 nM"], ("0.03 uM", "100.0 nM"), [30.0, 100.0], "nM"),
        (["2 mg/kg", "300 ug/kg"], ("2.0 mg/kg", "300.0 ug/kg"), [2.0, 0.3], "mg/kg"),
        ([-75 * mV, "-0.0 mV"], ("-75.0 mV", "0.0 mV"), [-75.0, 0.0], "mV"),
        (range(100, 400, 100), (100, 200, 300), [100, 200, 300], "1"),
        (["5", "0.5", 1 * nS / nS], (5, 0.5, 1.0), [5.0, 0.5, 1.0], "1"),
        (np.array([1, 2]), (1, 2), [1, 2], "1"),
        ([2**70, 1], (2**70, 1), [2.0**70, 1.0], "1"),
        ([True, np.False_, "true"], (True, False, True), ["true", "false", "true"], "1"),
        (np.array(["regular", "irregular"]), ("regular", "irregular"), ["regular", "irregular"], "1"),
        (["0 nM", "infusion:at=24h"], ("0.0 nM", "infusion:at=24h"), ["0 nM", "infusion:at=24h"], "1"),
        ([1, "word", 0.5], (1, "word", 0.5), ["1", "word", "0.5"], "1"),
        (["30 nM", "10 ng/mL"], ("30.0 nM", "10.0 ng/mL"), ["30 nM", "10 ng/mL"], "1"),
        ([{"chloride_in": "8 mM"}], ({"chloride_in": "8 mM"},), ["chloride_in=8 mM"], "1"),
        ([{"a": [1 * nM, 2]}], ({"a": ["1.0 nM", 2]},), ['{"a": ["1.0 nM", 2]}'], "1"),
    ],
)
def test_values_and_labels(given, values, labels, unit):
    axis = Axis("some.path", given)
    assert (axis.paths, axis.name) == (("some.path",), "some.path")
    assert axis.values == values
    assert [type(one) for one in axis.values] == [type(one) for one in values]
    found, found_unit = axis.labels()
    assert same_labels(found, labels)
    assert found_unit == unit
    assert axis.is_numeric == isinstance(labels[0], int | float)
    assert Axis(axis.paths, json.loads(json.dumps(axis.values)), axis.name) == axis


def test_whole_numbers_keep_being_whole():
    assert Axis("p", [1, 2]).labels()[0].dtype.kind == "i"
    assert Axis("p", [1, 2.0]).labels()[0].dtype.kind == "f"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (constant(30 * nM), "30 nM"),
        (schedule("infusion"), "infusion"),
        (schedule("infusion", at="24 h"), "infusion:at=24 h"),
        (schedule("menopause + infusion"), "menopause + infusion"),
        (schedule("0.5*infusion"), "infusion:factor=0.5"),
        (schedule("menopause + infusion", at="3 h"), None),
        (TABLE, None),
        ({"schedule": "nonsense"}, None),
    ],
)
def test_a_schedule_is_labelled_as_a_user_writes_it(given, text):
    axis = Axis(ALLO, [given])
    assert axis.values == (dict(given),)
    (label,), unit = axis.labels()
    assert unit == "1"
    if text is None:
        assert json.loads(label) == given
    else:
        assert label == text
        assert schedule(label) == given


def test_the_values_are_what_a_definition_takes():
    base = Definition.load("pv_gamma")
    for values in ([30 * nM, "infusion:at=24h", schedule("infusion")], [constant(1 * nM), TABLE]):
        for value in Axis(ALLO, values).values:
            base.override({ALLO: value})
    sizes = [
        base.override({"populations.pv.size": size}) for size in parse_axis("populations.pv.size=200:400:100").values
    ]
    assert [one.data["populations"]["pv"]["size"] for one in sizes] == [200, 300, 400]


@pytest.mark.parametrize(
    ("arguments", "path", "sentence"),
    [
        (("x", []), "axes.x", "no values"),
        (("x", 5 * nM), "axes.x", "0 dimensions"),
        (("x", [[1, 2]] * nM), "axes.x", "2 dimensions"),
        (("x", [[1, 2], [3, 4]]), "axes.x", "is no value"),
        (("x", [np.array([1, 2])]), "axes.x", "several values"),
        (("x", "1,2"), "axes.x", "not a list"),
        (("x", {"a": 1}), "axes.x", "not a list"),
        (("x", {"a", "b"}), "axes.x", "not a list"),
        (("x", 3), "axes.x", "not a list"),
        (("x", [float("nan")]), "axes.x", "not a finite number"),
        (("x", ["inf nM"]), "axes.x", "not a finite number"),
        (("x", [np.inf * nM]), "axes.x", "not a finite number"),
        (("x", [10**400]), "axes.x", "not a finite number"),
        (("x", [{"a": np.nan}]), "axes.x", "not a finite number"),
        (("x", [None]), "axes.x", "is no value"),
        (("x", [""]), "axes.x", "empty text"),
        (("x", ["10 nN"]), "axes.x", "unknown unit 'nN'"),
        (("x", [3 * volt**2 * Mohm]), "axes.x", "check its unit"),
        (("seed", [1, 2]), "axes.seed", "`seeds` in Python or --seeds"),
        ((("seed", "noise_seed"), [1, 2], "both"), "axes.both", "--seeds"),
        (("x", [1], "seed"), "axes.seed", "every sweep's file has"),
        (("x", [1], "status"), "axes.status", "every sweep's file has"),
        (("point", [1]), "axes.point", "every sweep's file has"),
        (("x", [1], "a/b"), "axes.a/b", "cannot name"),
        (("x", [1], ""), "axes.", "cannot name"),
        (("x", [1], " a"), "axes. a", "cannot name"),
        (("x", [1], "."), "axes..", "cannot name"),
        (("x", [1], 3), "axes.3", "cannot name"),
        ((("x", "y"), [1]), "axes", "name them"),
        (((), [1]), "axes.", "moves nothing"),
        (("a..b", [1]), "axes.a..b", "not a dotted path"),
        ((3, [1]), "axes.3", "not a dotted path"),
        ((("a.b", "a.b"), [1], "n"), "axes.n", "twice"),
        ((("a.*.c", "a.b.c"), [1], "n"), "axes.n", "twice"),
        (("noise_seed", [1.0]), "axes.noise_seed", "no seed"),
        (("noise_seed", [True]), "axes.noise_seed", "no seed"),
        (("network_seed", [2**31]), "axes.network_seed", "no seed"),
        (("network_seed", [-1]), "axes.network_seed", "no seed"),
    ],
)
def test_what_is_refused(arguments, path, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        Axis(*arguments)
    assert refused.value.path == path


def test_seeds_of_parts_of_a_run_are_axes():
    assert Axis(("network_seed", "noise_seed"), np.arange(3), "both").values == (0, 1, 2)
    assert Axis("noise_seed", [2**31 - 1]).values == (2**31 - 1,)


@pytest.mark.parametrize(
    ("one", "other", "may_be_same"),
    [
        ("a.b", "a.b", True),
        ("a.*", "a.b", True),
        ("*.b", "a.*", True),
        ("a.*.c", "a.b.d", False),
        ("medium.allopregnanolone", "medium.allopregnanolone.map", False),
        ("a.*", "a.b.c", False),
    ],
)
def test_paths_that_can_be_the_same(one, other, may_be_same):
    assert overlap(one, other) is overlap(other, one) is may_be_same


@pytest.mark.parametrize(
    "pair",
    [("0.1 uM", "100.0 nM"), (1, 1.0), (True, "true"), ({"schedule": "infusion"}, "infusion"), ("1.0 h", "60.0 min")],
)
def test_the_same_value_written_in_two_ways(pair):
    assert identity(pair[0]) == identity(pair[1])
    assert identity(pair[0]) != identity("other")


@pytest.mark.parametrize(
    ("text", "name", "paths", "values"),
    [
        ("E:pops.*.E=-75,-65 mV", "E", ("pops.*.E",), ("-75.0 mV", "-65.0 mV")),
        ("a.b=0:30:10nM", "a.b", ("a.b",), ("0.0 nM", "10.0 nM", "20.0 nM", "30.0 nM")),
        (" n : a.b , c.d = 1,2", "n", ("a.b", "c.d"), (1, 2)),
        ("a.b=100:300:100", "a.b", ("a.b",), (100, 200, 300)),
        ("a.b=-0.3:0.3:0.1", "a.b", ("a.b",), (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)),
        ("a.b=log:1:100:3", "a.b", ("a.b",), (1, 10, 100)),
        ("a.b=log:1:10:3 µM", "a.b", ("a.b",), ("1.0 uM", "3.16227766017 uM", "10.0 uM")),
        ("a.b=1e3,2E2", "a.b", ("a.b",), (1000.0, 200.0)),
        ("a.b=1e3nM", "a.b", ("a.b",), ("1000.0 nM",)),
        ("a.b=5,0.03 uM", "a.b", ("a.b",), ("5.0 uM", "0.03 uM")),
        ("a.b=5 nM,0.03 uM", "a.b", ("a.b",), ("5.0 nM", "0.03 uM")),
        ("a.b=regular, irregular", "a.b", ("a.b",), ("regular", "irregular")),
        ("a.b=true,False", "a.b", ("a.b",), (True, False)),
        ("a.b=0.5*infusion,menopause", "a.b", ("a.b",), ("0.5*infusion", "menopause")),
        ("a.b=infusion:at=24h,map=direct", "a.b", ("a.b",), ("infusion:at=24h,map=direct",)),
        (
            "a.b=0 nM; infusion:at=1h,map=direct; menopause + infusion:at=2h",
            "a.b",
            ("a.b",),
            ("0.0 nM", "infusion:at=1h,map=direct", "menopause + infusion:at=2h"),
        ),
        ("a.b=30 nM;", "a.b", ("a.b",), ("30.0 nM",)),
        ("noise_seed=0,1", "noise_seed", ("noise_seed",), (0, 1)),
    ],
)
def test_an_axis_of_the_command_line(text, name, paths, values):
    axis = parse_axis(text)
    assert (axis.name, axis.paths, axis.values) == (name, paths, values)
    assert [type(one) for one in axis.values] == [type(one) for one in values]


@pytest.mark.parametrize(
    ("text", "path", "sentence"),
    [
        ("a.b", "--axis", "not of the form"),
        ("a.b,c.d=1", "--axis", "name them"),
        ("a.b=", "--axis a.b", "empty place"),
        ("a.b=x,,y", "--axis a.b", "empty place"),
        ("a.b=;", "--axis a.b", "empty place"),
        ("a.b=0,1O,30 nM", "--axis a.b", "unknown unit 'O'"),
        ("a.b=0:10 nM", "--axis a.b", "not a range"),
        ("a.b=nan", "--axis a.b", "not a finite number"),
        ("a.b=1e999", "--axis a.b", "not a finite number"),
        ("a.b=0:1:1e-9", "--axis a.b", "1e\\+09 values"),
        ("a.b=log:1:2:2e7", "--axis a.b", "2e\\+07 values"),
        ("a.b=0:1:1e-999999", "--axis a.b", "does not lead"),
        ("seed=1,2", "--axis seed", "--seeds"),
        (":a.b=1", "--axis", "cannot name"),
    ],
)
def test_what_the_command_line_refuses(text, path, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        parse_axis(text)
    assert refused.value.path.strip() == path


@given(
    st.integers(-1000, 1000),
    st.integers(1, 50),
    st.integers(0, 200),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from(["", "nM", " uM", " mV"]),
)
def test_a_written_range_holds_exactly_its_decimals(start, step, steps, places, up, unit):
    step = step if up else -step

    def decimal(number):
        sign, digits = "-" * (number < 0), f"{abs(number):0{places + 1}d}"
        return f"{sign}{digits[: len(digits) - places]}" + (f".{digits[len(digits) - places :]}" if places else "")

    text = f"{decimal(start)}:{decimal(start + steps * step)}:{decimal(step)}{unit}"
    expected = [float(decimal(start + index * step)) for index in range(steps + 1)]
    assert same_labels(Axis("p", parse_list(text, "p")).labels()[0], expected)
    assert [float(one.split()[0]) for one in parse_values(text, "p")] == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["nM", "uM", "mV", "h", "ug/kg/h", "mg/day"]))
def test_text_of_a_quantity_is_settled_and_stays_its_number(number, unit):
    written = f"{number!r} {unit}"
    try:
        quantity = parse(written)
    except InputError:
        with pytest.raises(InputError, match="finite"):
            parse_value(written, "p")
        return
    value = parse_value(written, "p")
    assert parse_value(value, "p") == value
    assert parse(value) == quantity
    labels, found = Axis("p", [value]).labels()
    assert (labels.tolist(), found) == ([number], unit)


@given(st.integers(-(10**12), 10**12), st.integers(-40, 40))
def test_a_quantity_and_its_text_are_one_value(digits, exponent):
    number = float(f"{digits}e{exponent}")
    assert Axis("p", [number * nM]).values == Axis("p", [f"{number!r} nM"]).values
