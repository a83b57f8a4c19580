"""Checks of networks: what each rests on and how it is graded, the page that was written, and a few run for real."""

import importlib
import json
import math
import re
import sys
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from allotone import Network
from allotone.cli import main
from allotone.published import networks, rows, scoreboard
from allotone.published.checks import (
    COMPUTED_ASKED,
    DECLARED,
    MET,
    MISS,
    REPORTED,
    ROLES,
    STALE,
    Board,
    Estimate,
    Result,
    check,
    estimate,
)
from allotone.published.data import row_of
from allotone.published.render import table_of
from allotone.published.targets import above, below, unbounded, within

TABLE = rows("networks")
ROBUSTNESS = ("half_dt", "double_size")


@pytest.fixture(scope="module")
def by_room():
    return {room: checks for (_, room), checks in scoreboard.checks_of(["networks"]).items()}


@pytest.fixture(scope="module")
def checks(by_room):
    return [one for checks in by_room.values() for one in checks]


def is_robustness(one):
    return one.name.partition(".")[2].startswith(ROBUSTNESS)


class TestRooms:
    def test_nothing_runs_before_a_check_is_simulated(self, monkeypatch):
        def run(*_, **__):
            raise AssertionError("a network was run")

        monkeypatch.setattr(Network, "run", run)
        for room in networks.ROOMS:
            monkeypatch.delitem(sys.modules, f"{networks.__name__}.{room}", raising=False)
            assert importlib.import_module(f".{room}", networks.__name__).checks(), room

    def test_names_are_unique(self, checks):
        everywhere = [one.name for found in scoreboard.checks_of().values() for one in found]
        assert [name for name, count in Counter(everywhere).items() if count > 1] == []
        assert not set(networks.ROOMS) & set(scoreboard.GROUPS)

    def test_every_row_has_a_check_or_a_reason_to_have_none(self, checks):
        used = {key for one in checks for key in one.keys}
        assert TABLE.keys() - used == networks.CONTEXT.keys()
        assert all(len(reason) > 20 for reason in networks.CONTEXT.values())

    def test_every_computed_value_is_graded_within_its_own_bounds(self, checks):
        own = {one.name: one for one in checks if one.name == one.keys[0]}
        for key, row in TABLE.items():
            if row.status == "computed":
                one = own[key]
                assert one.role in ("re-implementation", "calibration") and not one.reported, key
                assert (one.target.low, one.target.high) == (row.low, row.high), key

    def test_role_fits_what_is_known_of_the_rows(self, checks):
        wrong = []
        for one in checks:
            first, *others = (row_of(key).status for key in one.keys)
            if "recalled" in (first, *others) and not one.reported:
                wrong.append((one.name, "a recalled value has a verdict"))
            if one.role == "re-implementation" and first != "computed" and not is_robustness(one):
                wrong.append((one.name, "re-implemented, and not computed"))
            if one.role == "prediction" and first == "computed":
                wrong.append((one.name, "a computed value is no prediction of the model"))
        assert wrong == []

    def test_reasons_are_given_in_words(self, checks):
        reasons = {one.name: one.declared or one.reported for one in checks if one.declared or one.reported}
        assert [name for name, reason in reasons.items() if len(reason.split()) < 4] == []
        assert [one.name for one in checks if one.declared and one.reported] == []
        graded = [one for one in checks if not one.reported]
        assert [one.name for one in graded if one.target == unbounded(one.target.unit, one.target.value)] == []

    def test_every_room_shows_what_half_the_step_does(self, by_room):
        for room, found in by_room.items():
            robustness = [one for one in found if is_robustness(one)]
            assert any(".half_dt" in one.name for one in robustness), room
            for one in robustness:
                assert one.role == "re-implementation" and math.isfinite(one.target.high), one.name


# Of a check these cells are known without a run.
STILL = ("room", "published", "unit", "parameter set", "keys", "quantity", "bounds")


def tables_of(page):
    """Rows of the page's tables of checks, as dicts, with the role whose heading they stand under."""
    found, role, columns = [], "", ()
    for line in page.splitlines():
        if line.startswith("## "):
            role, columns = line.removeprefix("## ").rstrip("s").lower(), ()
        elif line.startswith("| ") and role in ROLES:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            cells = [cell.replace("\\_", "_").replace("\\|", "|").replace("&lt;", "<") for cell in cells]
            if not columns:
                columns = tuple(cells)
            elif set(cells) != {"---"}:
                found.append(dict(zip(columns, cells), role=role))
    return found


class TestPage:
    @pytest.fixture(scope="class")
    def page(self, checkout):
        return (checkout / "docs" / "scoreboard_networks.md").read_text(encoding="utf-8")

    def test_every_check_of_every_room_is_on_it_as_it_is_now(self, page, by_room):
        expected = Board(tuple(Result(one, 0.0, "networks", room=room) for room, of in by_room.items() for one in of))
        shown = {cells["id"].strip("`"): cells for cells in tables_of(page)}
        assert shown.keys() == {one.check.name for one in expected.results}, "run make scoreboard"
        for cells in table_of(expected):
            still = {name: cells[name].strip() for name in ("role", *STILL)}
            assert {name: shown[cells["id"]].get(name, "") for name in still} == still, "run make scoreboard"

    def test_reasons_on_it_are_those_given_now(self, page, checks):
        shown = {cells["id"].strip("`"): cells["verdict"] for cells in tables_of(page)}
        for one in checks:
            assert (shown[one.name] == REPORTED) == bool(one.reported), one.name
            assert (shown[one.name] == DECLARED) == bool(one.declared), one.name
            if reason := one.declared or one.reported:
                assert f"- `{one.name}`: {reason}" in page, one.name

    def test_nothing_on_it_is_missed_in_silence_or_declared_in_vain(self, page):
        assert [cells["id"] for cells in tables_of(page) if cells["verdict"] in (MISS, STALE)] == []

    def test_headline_is_that_of_its_tables(self, page):
        (headline,) = re.findall(r"```text\n(.*?)\n```", page, flags=re.DOTALL)
        table = tables_of(page)
        for role in ROLES:
            verdicts = [cells["verdict"] for cells in table if cells["role"] == role]
            told = re.search(rf"^{role}s: (\d+) of (\d+) met", headline, re.M)
            graded = [verdict for verdict in verdicts if verdict != REPORTED]
            assert (told is not None) == bool(verdicts), role
            assert told is None or tuple(map(int, told.groups())) == (graded.count(MET), len(graded)), role

    def test_enough_of_the_computed_values_are_met(self, page):
        computed = [key for key, row in TABLE.items() if row.status == "computed"]
        shown = {cells["id"].strip("`"): cells for cells in tables_of(page)}
        fitted = [key for key in computed if shown[key]["role"] == "calibration"]
        met = sum(shown[key]["verdict"] == MET for key in computed if key not in fitted)
        assert f"computed values: {met} of {len(computed) - len(fitted)} met" in page
        # Those that something was fitted to count as missed here.
        assert met >= COMPUTED_ASKED * len(computed)


def made(simulated, target, name="coba_rate", role="re-implementation", **more):
    return check("coba_rate", role, "coba_tonic", lambda: simulated, target, name=name, **more)


RATE = within(18.3, 20, "Hz", "spread of the source", 19.1)


class TestEstimate:
    def test_interval_is_students(self):
        values = np.array([18.0, 19.0, 20.0, 23.0])
        found = estimate(values)
        half = stats.t.ppf(0.975, 3) * values.std(ddof=1) / 2
        assert (found.mean, found.count) == (20, 4)
        assert (found.low, found.high) == pytest.approx((20 - half, 20 + half))

    def test_one_run_has_no_interval_and_none_that_fails_a_number(self):
        assert estimate(3.0) == Estimate(3, 3, 3, 1)
        assert math.isnan(estimate([1.0, math.nan]).mean)
        assert Result.of(made(estimate([19, math.nan]), RATE)).verdict == MISS

    @pytest.mark.parametrize(
        ("values", "target", "verdict"),
        [
            ([1.0, 1.1, 0.9], above("Hz"), MET),
            ([-1.0, 0.1, 1.2], above("Hz"), MISS),
            ([-1.0, -1.1, -0.9], above("Hz"), MISS),
            ([-1.0, -1.1, -0.9], below("Hz"), MET),
            ([0.0, 0.0, 0.0], below("Hz"), MISS),
            # A value is met by the mean, however wide the interval.
            ([15.0, 23.0], RATE, MET),
            ([20.4, 20.5], RATE, MISS),
        ],
    )
    def test_a_direction_needs_the_whole_interval_and_a_value_its_mean(self, values, target, verdict):
        assert Result.of(made(estimate(values), target)).verdict == verdict


class TestBoard:
    def test_computed_values_are_counted_by_the_check_of_their_name(self):
        board = Board(
            (
                Result.of(made(19.0, RATE)),
                Result.of(made(25.0, RATE, name="coba_isi_cv", declared="why")),
                Result.of(made(19.0, RATE, name="coba.half_dt")),
            )
        )  # fmt: skip
        assert board.computed() == (1, 1)
        other = replace(board.results[1], check=replace(board.results[1].check, keys=("coba_isi_cv",)))
        board = Board((*board.results, other))
        assert board.headline().splitlines()[0] == "computed values: 1 of 2 met, 50% (80% asked)"
        assert board.data()["computed"] == {"met": 1, "graded": 2}

    def test_seen_values_are_no_computed_ones(self):
        one = check("feng_gamma", "prediction", "bla", lambda: 60.0)
        assert Board((Result.of(one),)).headline().startswith("predictions: 1 of 1")


@pytest.fixture
def two_rooms(monkeypatch):
    """Two rooms in place of those there are; their checks."""
    checks = {
        "coba": [
            made(estimate([19.0, 19.5, 18.5]), RATE),
            made(estimate([1.0, 1.2]), above("Hz"), name="coba.more", quantity="change of the rate"),
        ],
        "pv_gamma": [check("bartos_rate_1", "re-implementation", "pv_gamma", lambda: estimate([30.0]))],
    }
    monkeypatch.setattr(scoreboard, "ROOMS", tuple(checks))
    for room, found in checks.items():
        module = SimpleNamespace(checks=lambda found=found: found)
        monkeypatch.setitem(sys.modules, f"{networks.__name__}.{room}", module)
    return checks


class TestCommand:
    def test_all_networks_with_their_intervals(self, two_rooms, capsys):
        assert main(["validate", "networks"]) == 1
        out, err = capsys.readouterr()
        lines = {line.split()[0]: " ".join(line.split()) for line in out.splitlines() if line[:4] in ("coba", "bart")}
        assert lines["coba_rate"] == "coba_rate 19.1 [18.3, 20] 19 [17.76, 20.24] n 3 -0.1 spread Hz met"
        assert lines["coba.more"].startswith("coba.more > 0 1.1 [-0.1706, 2.371] n 2 Hz miss")
        assert lines["bartos_rate_1"] == "bartos_rate_1 33.8 [31.1, 36.5] 30 1 run -1.4 spread Hz miss"
        assert "computed values: 1 of 2 met, 50%" in out
        first, *told = err.splitlines()
        assert first == "networks are run, which takes minutes: coba, pv_gamma"
        assert told == ["coba: 2 checks, 1 undeclared or stale, 0 s", "pv_gamma: 1 checks, 1 undeclared or stale, 0 s"]

    def test_one_network_by_its_name(self, two_rooms, capsys):
        assert main(["validate", "coba", "coba", "--json"]) == 1
        out, err = capsys.readouterr()
        answer = json.loads(out)
        assert [(one["id"], one["room"], one["group"]) for one in answer["checks"]] == [
            ("coba_rate", "coba", "networks"), ("coba.more", "coba", "networks"),
        ]  # fmt: skip
        assert answer["checks"][0]["runs"] == 3 and answer["checks"][0]["interval"][0] == pytest.approx(17.76, abs=0.01)
        assert err.splitlines() == ["coba: 2 checks, 1 undeclared or stale, 0 s"]

    def test_a_group_and_a_room_in_it_are_simulated_once(self, two_rooms):
        assert len(scoreboard.validate(["pv_gamma", "networks"]).results) == 3

    def test_without_a_name_it_is_everything(self, two_rooms):
        found = scoreboard.checks_of()
        assert list(found) == [("receptors", ""), ("concentration", ""), ("networks", "coba"), ("networks", "pv_gamma")]

    def test_a_network_that_is_not_there(self, two_rooms, capsys):
        assert main(["validate", "pv_gama"]) == 2
        assert "did you mean 'pv_gamma'?" in capsys.readouterr().err

    def test_page_has_only_columns_that_are_filled(self, two_rooms):
        page = scoreboard.networks_page(scoreboard.validate(["networks"]))
        first = tables_of(page)[0]
        assert "group" not in first and first["room"] == "coba" and first["interval"] == "[17.76, 20.24] n 3"
        assert "- `lemasson_gaba`: " in page and "- `coba_tau_x2`: no reason is given" in page

    def test_make_writes_it_and_fails_with_the_board(self, two_rooms, checkout, tmp_path, monkeypatch, capsys):
        monkeypatch.syspath_prepend(checkout / "docs")
        make_pages = importlib.import_module("make_pages")
        monkeypatch.setattr(make_pages, "DOCS", tmp_path)
        assert make_pages.main(["networks"]) == 1
        (page,) = tmp_path.iterdir()
        assert page.name == "scoreboard_networks.md"
        headline = capsys.readouterr().out.strip()
        assert headline.startswith("computed values: 1 of 2 met") and headline in page.read_text(encoding="utf-8")
        two_rooms["coba"].pop()
        two_rooms.pop("pv_gamma")
        monkeypatch.setattr(scoreboard, "ROOMS", ("coba",))
        assert make_pages.main(["networks"]) == 0


def test_the_single_cell_of_wang_and_buzsaki_for_real(by_room):
    """The computed values that take one binary and no seeds; all others are run by `allotone validate networks`."""
    of_cell = [
        one for one in by_room["wang_buzsaki"] if one.name.startswith(("wb_rate_0p", "wb_rate_1", "wb_rheobase"))
    ]
    found = {one.name: Result.of(one) for one in of_cell}
    assert found.keys() >= {"wb_rate_0p16", "wb_rate_0p3", "wb_rate_1", "wb_rate_10", "wb_rheobase"}
    assert {name: one.simulated for name, one in found.items() if one.verdict != MET} == {}
    assert found["wb_rate_0p16"].simulated == 0 < found["wb_rate_0p17"].simulated
