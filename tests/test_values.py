"""Lists of values and progress as the command line writes them."""

import io

import pytest

from allotone import InputError
from allotone.progress import Progress
from allotone.values import parse_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("30nM", ["30.0 nM"]),
        ("0,10,30,100nM", ["0.0 nM", "10.0 nM", "30.0 nM", "100.0 nM"]),
        ("0, 10 nM", ["0.0 nM", "10.0 nM"]),
        ("-75,-65,-55 mV", ["-75.0 mV", "-65.0 mV", "-55.0 mV"]),
        ("0:30:10 nM", ["0.0 nM", "10.0 nM", "20.0 nM", "30.0 nM"]),
        ("0:35:10 nM", ["0.0 nM", "10.0 nM", "20.0 nM", "30.0 nM"]),
        ("-55:-75:-10 mV", ["-55.0 mV", "-65.0 mV", "-75.0 mV"]),
        ("0:1:0.1", [f"{tenth / 10}" for tenth in range(11)]),
        ("log:1:1000:4 nM", ["1.0 nM", "10.0 nM", "100.0 nM", "1000.0 nM"]),
        ("1e-3,2E2 uM", ["0.001 uM", "200.0 uM"]),
    ],
)
def test_forms(text, values):
    assert parse_values(text, "axis") == values


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not a list of values"),
        ("nM", "not a list of values"),
        ("1,,2 nM", "not a number"),
        ("1:2 nM", "not a range"),
        ("1:2:3,4 nM", "not a range"),
        ("0:10:-1 nM", "does not lead"),
        ("0:10:0 nM", "does not lead"),
        ("log:0:10:3 nM", "above 0"),
        ("log:1:10:1 nM", "at least 2"),
        ("1,2", "no unit"),
        ("1,2 ms", "is a time"),
        ("1,2 nm", "unknown unit"),
    ],
)
def test_what_is_refused(text, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        parse_values(text, "--allo", "nM")
    assert str(refused.value).startswith("--allo: ")


def test_progress_is_silent_at_first_and_plain_in_a_log(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("allotone.progress.time.monotonic", lambda: now[0])
    log = io.StringIO()
    with Progress("simulating", 10.0, "s", stream=log) as progress:
        now[0] += 1.9
        progress.update(1.0)
        assert log.getvalue() == ""
        now[0] += 0.1
        progress.update(2.0)
        now[0] += 5.0
        progress.update(5.0)
        now[0] += 5.0
        progress.update(8.0)
    assert log.getvalue().splitlines() == [
        "simulating: 2 of 10 s after 2 s, 8 s left",
        "simulating: 8 of 10 s after 12 s, 3 s left",
    ]
