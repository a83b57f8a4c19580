"""Where schedules could mislead: narrow features in plasma, names in sums, odd text, numbers that no body has."""

import numpy as np
import pytest
from brian2 import nmolar, second
from scipy.integrate import solve_ivp

from allotone import InputError, exposure, schedule, table
from allotone.concentration import BrainCourse, Evaluator, PlasmaCourse

A = "medium.allopregnanolone"
KP, KE0_PER_H, C_LOC, F_EFF = 3.0, 5.4, 15.0, 0.067
hour = 3600 * second
# A peak of 12 minutes in six weeks.
NARROW_H, NARROW_NM = np.array([0, 499.9, 500, 500.1, 1000]), np.array([1, 1, 1000, 1, 1.0])
AFTER_H = np.array([499.9, 500.0, 500.1, 500.2, 500.5])


def brain_by_solver(given, times_h, before_h=8.0):
    """The brain's total, solved from one break of plasma to the next by a general solver from rest long before."""
    course = Evaluator(schedule(given))
    start, stop = times_h[0] - before_h, times_h[-1]

    def supply(at_h):
        return KP * course.native(np.array([at_h]))[0] + C_LOC * course.synthesis(np.array([at_h]))[0]

    edges = [start, *sorted(one for one in set(course.breaks()) if start < one < stop), stop]
    state, found = supply(start), np.empty(times_h.size)
    for begin, end in zip(edges[:-1], edges[1:]):
        solved = solve_ivp(
            lambda at_h, x, end=end: KE0_PER_H * (supply(min(at_h, end - 1e-10)) - x), (begin, end), [state],
            method="DOP853", rtol=1e-10, atol=1e-10, max_step=0.3, dense_output=True,
        )  # fmt: skip
        inside = (times_h > begin) & (times_h <= end)
        found[inside] = solved.sol(times_h[inside])[0] if inside.any() else 0
        state = solved.y[0, -1]
    return found


class TestBrain:
    @pytest.mark.parametrize(
        ("given", "times_h"),
        [
            ("infusion", [0.0, 0.5, 4, 5, 24, 52.5, 60, 61]),
            ("bolus:model=mouse,dose=3mg/kg,absorption_rate=284/h", [0.001, 0.01, 0.05, 0.3, 2]),
            ("oral_progesterone:count=2", [0.0, 0.6, 2, 24.4, 24.6, 26]),
            ("pulses:compartment=plasma,count=3,width=1h,interval=2h", [0.0, 0.5, 1, 1.5, 2, 4.5, 7]),
            ("biosynthesis:inhibitor=block", [0.0, 0.1, 0.5, 1, 2]),
            ("menopause + infusion:at=3h", [0.0, 0.5, 1, 2]),
        ],
    )
    def test_against_a_general_solver(self, given, times_h):
        times_h = np.array(times_h)
        np.testing.assert_allclose(schedule(given).brain(times_h).values, brain_by_solver(given, times_h), rtol=1e-8)

    def test_a_narrow_peak_of_plasma_is_not_stepped_over(self):
        course = table(NARROW_H * hour, NARROW_NM * nmolar, "plasma")
        expected = brain_by_solver(course, AFTER_H)
        assert expected.max() > 900
        np.testing.assert_allclose(course.brain(AFTER_H).values, expected, rtol=1e-7)
        # Neither when much else is asked for, nor for measured arrays.
        np.testing.assert_allclose(course.brain(np.append(0, AFTER_H)).values[1:], expected, rtol=1e-7)
        both = np.union1d(NARROW_H, AFTER_H)
        measured = exposure("anchored").brain(course.plasma(both)).values
        np.testing.assert_allclose(measured[np.isin(both, AFTER_H)][[0, 1, 2]], expected[[0, 1, 2]], rtol=1e-3)

    def test_a_value_does_not_depend_on_what_else_is_asked(self):
        course, times_h = schedule("infusion + oral_progesterone:count=3"), np.linspace(0, 60, 7)
        together = course.brain(times_h).values
        np.testing.assert_allclose(together, [course.brain(one).values[0] for one in times_h], rtol=1e-13)
        np.testing.assert_allclose(together, course.brain(np.linspace(0, 60, 601)).values[::100], rtol=1e-13)

    @pytest.mark.parametrize("given", ["table + infusion", "table + biosynthesis", "table + perimenopause"])
    def test_a_table_that_begins_with_the_run_is_at_rest_there(self, given):
        rows = {
            "schedule": "table",
            "compartment": "plasma",
            "times": ["2 h", "9 h"],
            "concentrations": ["4 nM", "8 nM"],
        }
        other = given.removeprefix("table + ")
        course = schedule({"schedule": "sum", "terms": {"rows": rows, "other": other}, "at": "2 h"})
        start = KP * course.plasma(0.0).values + C_LOC
        np.testing.assert_allclose(course.brain(0.0).values, start, rtol=1e-12)
        np.testing.assert_allclose(course.brain([0.0, 1.0]).values[0], start, rtol=1e-12)

    @pytest.mark.parametrize("ke0", ["1e-300", "1e-6", "1e5", "1e300"])
    def test_a_rate_that_no_brain_has(self, ke0):
        with pytest.raises(InputError, match=r"schedule.ke0: .* /min is not from 0.0001 to 10000 /min"):
            schedule(f"infusion:ke0={ke0}/min").brain(0.0)

    @pytest.mark.parametrize("per_min", [1e-4, 1e4])
    def test_the_slowest_and_the_fastest_rate(self, per_min):
        found = schedule(f"step:compartment=plasma,after=10nM,before=0nM,ke0={per_min!r}/min").brain([1.0, 50.0]).values
        np.testing.assert_allclose(found, C_LOC + KP * 10 * -np.expm1(-60 * per_min * np.array([1, 50])), rtol=1e-9)

    def test_a_map_from_the_brain_takes_no_plasma(self):
        for name in ("anchored", "tissue"):
            with pytest.raises(InputError, match="starts in the brain, and this is plasma"):
                exposure(name, "brain").receptor(PlasmaCourse(0.0, 248.0))
        assert exposure("anchored").receptor(BrainCourse(0.0, 100.0)).values == pytest.approx([100 * F_EFF])

    def test_a_map_past_the_brain_is_told_with_its_path(self):
        with pytest.raises(InputError, match="^schedule: the map 'free' does not pass through the brain"):
            schedule("infusion:map=free").brain(0.0)


class TestSums:
    def test_no_term_replaces_another(self):
        late = schedule({"schedule": "sum", "terms": {"infusion_2": "infusion:at=5h"}})
        both, times_h = late + schedule("infusion") + schedule("infusion:at=9h"), np.array([0.0, 1, 5])
        assert list(both["terms"]) == ["infusion_2", "infusion", "infusion_3"]
        parts = [schedule(f"infusion:at={at}h").plasma(times_h).values for at in (5, 0, 9)]
        np.testing.assert_allclose(both.plasma(times_h).values, sum(parts), rtol=1e-12)

    def test_a_sum_may_hold_sums_with_an_at_and_a_factor_each(self):
        inner = {"schedule": "sum", "terms": {"a": "infusion:at=1h", "b": "menopause"}, "at": "2 h", "factor": 3}
        outer = schedule({"schedule": "sum", "terms": {"in": inner, "c": "0.5*bolus"}, "at": "4 h", "factor": 2})
        times_h = np.array([0.0, 1, 30])
        infusion, rest, bolus = (schedule(name).plasma(times_h + shift).values for name, shift in
                                 (("infusion", 7), ("menopause", 0), ("bolus", 4)))  # fmt: skip
        np.testing.assert_allclose(outer.plasma(times_h).values, 2 * (3 * (infusion + rest) + 0.5 * bolus), rtol=1e-12)
        assert dict(schedule(dict(outer))) == dict(outer)

    @pytest.mark.parametrize("two", [2, 2.0, np.float64(2), np.int64(2), np.array(2.0), "2"])
    def test_any_number_scales_from_either_side(self, two):
        course = schedule("infusion")
        assert (course * two)["factor"] == (two * course)["factor"] == "2.0"

    @pytest.mark.parametrize("wrong", [2 * nmolar, None, "two", np.array([1, 2]), -1, np.nan, True])
    def test_what_is_no_number_does_not(self, wrong):
        with pytest.raises(InputError, match="^schedule.factor: "):
            schedule("infusion") * wrong

    def test_a_table_that_is_no_schedule_is_not_added(self):
        with pytest.raises(InputError, match="is missing; give one of"):
            schedule("infusion") + {}
        assert len((schedule("infusion") + {"schedule": "sum", "terms": {"a": "menopause"}})["terms"]) == 2


WRONG = [
    ("", f"{A}: '' names no schedule"),
    (":at=3h", f"{A}: ':at=3h' names no schedule"),
    (" + infusion", f"{A}: '' names no schedule"),
    ("infusion + ", f"{A}: '' names no schedule"),
    ("infusion +", f"{A}: 'infusion +' is no sum; write one schedule, ' + ' with blanks and the next one"),
    ("+", f"{A}: '+' is no sum"),
    ("infusion+menopause", f"{A}: 'infusion+menopause' is no sum"),
    ("infusion*2", f"{A}: 'infusion*2' is no scaling; write NUMBER*SCHEDULE with one number of at least 0"),
    ("2*", f"{A}: '2*' is no scaling"),
    ("-1*infusion", f"{A}: '-1*infusion' is no scaling"),
    ("2*3*infusion", f"{A}: '2*3*infusion' is no scaling"),
    ("1e400*infusion", f"{A}.factor: '1e400' is not a finite number"),
    ("1e400 nM", f"{A}: '1e400 nM' is not a finite number"),
    ("infusion:schedule=bolus", f"{A}.schedule: 'infusion:schedule=bolus' names two schedules"),
    ("ïnfusion", f"{A}.schedule: unknown schedule 'ïnfusion'; did you mean 'infusion'?"),
    ({"schedule": "infusion", 3: 4}, f"{A}.3: unknown parameter of schedule 'infusion'"),
    ({"schedule": "sum", "terms": {"a.b": "infusion"}}, f"{A}.terms: 'a.b' cannot name a term"),
    ({"schedule": "sum", "terms": {"*": "infusion"}}, f"{A}.terms: '*' cannot name a term"),
    ({"schedule": "sum", "terms": {"": "infusion"}}, f"{A}.terms: '' cannot name a term"),
    ("pulses:count=1e9,compartment=plasma", f"{A}.count: 1e+09 is not a whole number of pulses; expected 1 to 100000"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sentence"), WRONG, ids=lambda one: str(one)[:40])
def test_what_is_wrong_is_said(given, sentence):
    with pytest.raises(InputError) as refused:
        schedule(given, A)
    assert str(refused.value).startswith(sentence)


def test_signs_and_exponents_are_no_sums():
    assert dict(schedule("+30nM + 1e+1nM")["terms"]["constant_2"])["concentration"] == "10.0 nM"


@pytest.mark.parametrize("times", [[], [np.nan], [np.inf], [[0.0, 1.0]], None], ids=str)
@pytest.mark.parametrize("what", ["plasma", "brain", "receptor", "progesterone", "relative_synthesis"])
def test_times_that_are_none(what, times):
    with pytest.raises(InputError, match="^times: "):
        getattr(schedule("menstrual_cycle"), what)(times)


@pytest.mark.parametrize("at", ["1e7 h", "1e20 h", "1e300 h"])
def test_a_thousand_years_away_is_refused(at):
    with pytest.raises(InputError, match="more than a thousand years away"):
        schedule("infusion", at=at).receptor([0.0, 1.0])
    assert schedule("infusion", at="5e6 h").receptor([0.0]).values == pytest.approx([0.067 * 15])
