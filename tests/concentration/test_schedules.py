"""Schedules as users write them: shapes, sums, scalings, files, and every way to get them wrong."""

import numpy as np
import pytest
from brian2 import ms, nmolar, second
from hypothesis import given, settings
from hypothesis import strategies as st

from allotone import InputError, Schedule, constant, schedule, table
from allotone.concentration import SCHEDULES, Evaluator, canonical_schedule, read_schedule_file, to_ng_per_mL, to_nM
from allotone.concentration.kinds import Word
from allotone.units import quantity

hour = 3600 * second

HOURS = np.array([0.0, 0.5, 1.0, 2.0, 5.0, 23.0, 24.0, 30.0])


def receptor(text, hours=HOURS, **parameters):
    return schedule(text, **parameters).receptor(hours).values


class TestShapes:
    def test_constant(self):
        assert receptor("30nM").tolist() == [30.0] * HOURS.size

    def test_step_has_the_new_value_at_its_onset(self):
        assert receptor("step:before=1nM,after=9nM,onset=1h").tolist() == [1, 1, 9, 9, 9, 9, 9, 9]

    def test_ramp(self):
        found = receptor("ramp:before=10nM,after=30nM,onset=1h,duration=2h")
        np.testing.assert_allclose(found, [10, 10, 10, 20, 30, 30, 30, 30], rtol=1e-12)

    def test_a_ramp_of_seconds(self):
        found = receptor("ramp:before=0nM,after=100nM,duration=2s", np.array([0, 0.5, 1.0, 2.0, 3.0]) / 3600)
        np.testing.assert_allclose(found, [0, 25, 50, 100, 100], rtol=1e-9)

    def test_pulses(self):
        found = receptor("pulses:baseline=1nM,peak=5nM,onset=1h,width=90min,interval=23h,count=2")
        assert found.tolist() == [1, 1, 5, 5, 1, 1, 5, 1]

    def test_table_passes_through_its_points_and_never_beyond_its_neighbours(self):
        course = table([0, 1, 2, 3] * hour, [0, 10, 10, 40] * nmolar)
        assert course.receptor([0, 1, 2, 3]).values == pytest.approx([0, 10, 10, 40], abs=1e-12)
        between = course.receptor(np.linspace(1, 2, 50)).values
        assert between == pytest.approx(10, abs=1e-9)
        rising = course.receptor(np.linspace(2, 3, 50)).values
        assert (np.diff(rising) > 0).all()

    def test_at_moves_the_start_of_the_run(self):
        np.testing.assert_array_equal(receptor("step:onset=2h,at=1h"), receptor("step:onset=1h"))

    def test_a_term_may_begin_later_than_the_run(self):
        both = schedule("menopause + infusion:at=-5h").plasma(HOURS).values
        alone = schedule("menopause").plasma(HOURS).values
        np.testing.assert_array_equal(both[:5], alone[:5])
        np.testing.assert_allclose((both - alone)[5:], schedule("infusion").plasma(HOURS[5:] - 5).values, rtol=1e-12)

    @pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"table"}))
    def test_every_schedule_is_the_same_at_single_times_and_in_any_order(self, name):
        course = Evaluator(schedule(name))
        hours = np.array([30.0, 0.0, 7.3, 24.0, 1.0])
        together = course.native(hours)
        assert np.isfinite(together).all() and (together >= 0).all()
        np.testing.assert_allclose(together, [course.native(np.array([one]))[0] for one in hours], rtol=1e-12)

    @pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"table"}))
    def test_every_schedule_changes_by_leaps_only_where_it_says_so(self, name):
        course = Evaluator(schedule(name))
        span = SCHEDULES[name].span_h
        fine = np.linspace(0, span, 20_001)
        values, breaks = course.native(fine), np.array([*course.breaks(), -1e9])
        steep = np.abs(np.diff(values)) > 0.02 * values.max()
        for left, right in zip(fine[:-1][steep], fine[1:][steep]):
            closer = course.native(np.linspace(left, right, 1001))
            if np.abs(np.diff(closer)).max() < 0.02 * values.max():
                continue
            assert ((breaks >= left - 1e-9) & (breaks <= right + 1e-9)).any(), (
                f"{name} leaps between {left} and {right} h"
            )

    @pytest.mark.parametrize("name", sorted(SCHEDULES))
    def test_every_number_says_where_it_comes_from(self, name):
        for key, one in SCHEDULES[name].parameters.items():
            kinds = ("measured", "fitted", "assumed")
            assert one.origin.split(":")[0].strip() in kinds, f"{name}.{key}: {one.origin}"
            assert one.meaning
            if isinstance(one, Word):
                assert one.default in one.choices


class TestSumsAndScalings:
    def test_a_sum_is_the_sum(self):
        both = schedule("menopause + infusion + 0.5*oral_progesterone")
        parts = [schedule(one).plasma(HOURS).values for one in ("menopause", "infusion", "oral_progesterone")]
        np.testing.assert_allclose(both.plasma(HOURS).values, parts[0] + parts[1] + 0.5 * parts[2], rtol=1e-12)
        assert list(both["terms"]) == ["menopause", "infusion", "oral_progesterone"]

    def test_operators_say_the_same_as_text(self):
        made = schedule("menopause") + 2 * schedule("infusion:at=3h")
        assert dict(made) == dict(schedule("menopause + 2*infusion:at=3h"))

    def test_the_same_schedule_twice_has_two_names(self):
        assert list(schedule("infusion + infusion:at=5h + infusion")["terms"]) == [
            "infusion",
            "infusion_2",
            "infusion_3",
        ]

    def test_a_sum_of_a_sum_is_flat(self):
        assert len((schedule("menopause + infusion") + schedule("bolus"))["terms"]) == 3

    def test_the_whole_sum_can_be_moved_and_scaled(self):
        base = schedule("menopause + infusion")
        moved = schedule({**base, "at": "5 h", "factor": 3})
        np.testing.assert_allclose(moved.plasma(HOURS).values, 3 * base.plasma(HOURS + 5).values, rtol=1e-12)

    def test_constants_at_the_receptor_add(self):
        assert receptor("10nM + 0.5*40nM + step:onset=1h,after=1nM")[[0, -1]] == pytest.approx([30, 31])

    def test_terms_of_a_sum_have_one_compartment(self):
        with pytest.raises(InputError, match="one compartment.*menopause: plasma, constant: receptor"):
            schedule("menopause + 30nM")

    def test_different_ways_do_not_add(self):
        with pytest.raises(InputError, match="different ways"):
            schedule("menopause:map=free") + schedule("infusion")


class TestUnits:
    def test_the_molar_mass_is_that_of_each_steroid(self):
        assert float(to_nM(1.0)) == pytest.approx(3.140, rel=1e-3)
        assert float(to_nM(1.0, "progesterone")) == pytest.approx(3.180, rel=1e-3)
        with pytest.raises(InputError, match="did you mean 'progesterone'"):
            to_nM(1.0, "progestrone")

    @given(st.floats(1e-6, 1e6), st.sampled_from(["allopregnanolone", "progesterone"]))
    def test_there_and_back(self, value, steroid):
        assert float(to_ng_per_mL(to_nM(value, steroid), steroid)) == pytest.approx(value, rel=1e-14)

    def test_plasma_in_ng_per_mL_is_plasma_in_nM(self):
        by_mass = schedule("constant:compartment=plasma,concentration=50ng/mL")
        assert by_mass.plasma(0).values[0] == pytest.approx(to_nM(50.0), rel=1e-14)
        same = schedule({"schedule": "constant", "compartment": "plasma", "concentration": by_mass["concentration"]})
        assert dict(same) == dict(by_mass)

    @pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"table"}))
    def test_the_canonical_form_is_its_own(self, name):
        canonical = canonical_schedule(name)
        assert canonical_schedule(canonical) == canonical

    @settings(max_examples=50, deadline=None)
    @given(st.floats(0, 1e5), st.sampled_from(["s", "min", "h", "day", "ms"]))
    def test_a_time_survives_being_written(self, number, unit):
        chosen = canonical_schedule(f"infusion:at={number!r}{unit}")
        assert canonical_schedule(chosen) == chosen

    def test_quantities_and_text_are_one(self):
        assert dict(constant(30 * nmolar)) == dict(schedule("30 nM"))
        assert dict(schedule("infusion", at=24 * hour)) == dict(schedule("infusion:at=24h"))
        assert dict(schedule("step", onset=200 * ms)) == dict(schedule("step:onset=0.2s"))

    def test_brain_and_plasma_cannot_be_mistaken(self):
        course = schedule("infusion")
        plasma, brain = course.plasma([1.0]), course.brain([1.0])
        with pytest.raises(TypeError):
            plasma + brain
        with pytest.raises(InputError, match="expected nM"):
            type(plasma)(brain.times, brain.concentration)


class TestFiles:
    @pytest.mark.parametrize(
        ("header", "compartment"),
        [
            ("time_h,receptor_nM", "receptor"),
            ("time_min,brain_nmol_per_kg", "brain"),
            ("time_day,plasma_nM", "plasma"),
            ("time_s,plasma_ng_per_mL", "plasma"),
        ],
    )
    def test_the_header_says_compartment_and_units(self, tmp_path, header, compartment):
        path = tmp_path / "measured.csv"
        path.write_text(f"# by hand\n{header},note\n0,1,a\n10,20,b\n30,5,c\n")
        course = schedule(str(path))
        unit = header.split(",")[0].removeprefix("time_")
        hours = np.asarray(quantity([0, 10, 30], unit)) / 3600
        own = getattr(course, compartment)(hours).values
        expected = np.array([1.0, 20.0, 5.0])
        np.testing.assert_allclose(own, to_nM(expected) if "ng_per" in header else expected, rtol=1e-9)
        assert course.compartment == compartment

    @pytest.mark.parametrize(
        "given", ["{}:at=5h", "0.5*{}", "menopause + {}", {"schedule": "sum", "terms": {"mine": "{}"}}]
    )
    def test_a_file_may_stand_wherever_a_schedule_does(self, tmp_path, given):
        path = tmp_path / "mine.csv"
        path.write_text("time_h,plasma_nM\n0,10\n40,10\n")
        filled = (
            str(path).join(given.split("{}")) if isinstance(given, str) else {**given, "terms": {"mine": str(path)}}
        )
        level = {"0.5*{}": 5.0, "menopause + {}": 10 + schedule("menopause").plasma(0).values[0]}
        expected = level.get(given if isinstance(given, str) else "", 10.0)
        assert schedule(filled).plasma([1.0, 30.0]).values == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("time_h;plasma_nM\n0;1\n", "separates its columns by ';'"),
            ("time_h,plasma_nM\n0,1\n1,<0.1\n", "row 3 of '.*bad.csv', plasma_nM: '<0.1 nM' is not a finite number"),
        ],
    )
    def test_a_file_that_is_wrong_says_where(self, tmp_path, text, sentence):
        (tmp_path / "bad.csv").write_text(text)
        with pytest.raises(InputError, match=sentence):
            schedule(str(tmp_path / "bad.csv"))

    def test_two_units_for_one_thing(self, tmp_path):
        path = tmp_path / "two.csv"
        path.write_text("time_h,plasma_nM,plasma_ng_per_mL\n0,1,2\n1,1,2\n")
        with pytest.raises(InputError, match="plasma_nM and plasma_ng_per_mL: two units for one thing"):
            read_schedule_file(path, "here")


A = "medium.allopregnanolone"
WRONG = [
    ("-3nM", f"{A}: '-3nM' is negative; expected a value of at least 0"),
    ("nan nM", f"{A}: 'nan nM' is not a finite number with a unit; expected a concentration such as '1 nM'"),
    ("30", f"{A}: '30' has no unit; expected a concentration such as '1 nM'"),
    ("30 h", f"{A}: '30 h' is a time; expected a concentration such as '1 nM'"),
    ("50 ng/mL", f"{A}: '50 ng/mL' is how plasma is measured, and this is at the receptor, in nM; for a plasma level write "
     "constant:compartment=plasma,concentration=50ng/mL"),
    ("constant:compartment=brain,concentration=5ng/mL", f"{A}: '5ng/mL' is how plasma is measured, and this is in the brain"),
    ("infusin", f"{A}.schedule: unknown schedule 'infusin'; did you mean 'infusion'?"),
    ("infusion:clearence=1 L/h/kg", f"{A}.clearence: unknown parameter of schedule 'infusion'; did you mean 'clearance'?"),
    ("infusion:clearance=0 L/h/kg", f"{A}.clearance: '0 L/h/kg' is not above 0; expected more"),
    ("infusion:at=24", f"{A}.at: '24' has no unit; expected a time such as '1 h'"),
    ("infusion:map=fre", f"{A}.map: unknown map 'fre'; did you mean 'free'?"),
    ("infusion:map=free,Kp=3", f"{A}.Kp: nothing reads this under the map 'free'; anchored, tissue would"),
    ("30nM + 5nM + step:map=free", f"{A}.terms.step.map: the way to the receptor is the whole sum's; give it there"),
    ("step:map=anchored", f"{A}.map: 'anchored' has nothing to do: the schedule is at the receptor already"),
    ("step:f_eff=1", f"{A}.f_eff: nothing reads this: the schedule is at the receptor already"),
    ("acute_stress:map=free", f"{A}.map: 'free' starts in plasma, and the schedule is in the brain; take anchored or tissue"),
    ("bolus:dose=10mg", f"{A}.dose: '10.0 mg' needs a body weight; add body_weight=65kg, or give it in mg/kg"),
    ("bolus:dose=1mg/kg,body_weight=60kg", f"{A}.body_weight: nothing reads this: every dose is given per kg already"),
    ("bolus:dose=3", f"{A}.dose: '3' has not the unit it needs; expected e.g. '1 mg/kg'"),
    ("infusion:subject=1.5", f"{A}.subject: '1.5' is not a subject; give 0 for the typical one, or a whole number"),
    ("pulses:count=1.5", f"{A}.count: 1.5 is not a whole number of pulses"),
    ("pulses:width=2h,interval=1h,count=2", f"{A}.width: pulses of 2 h every 1 h overlap"),
    ("infusion:at", f"{A}: 'at' in 'infusion:at' has no value; write NAME:key=value,key=value"),
    ("infusion:at=1h,at=2h", f"{A}: 'at' is given twice"),
    ("2*infusion:factor=3", f"{A}.factor: '2*infusion:factor=3' scales twice"),
    ({"schedule": "table", "times": ["0 h", "2 h", "1 h"], "concentrations": ["1 nM"] * 3},
     f"{A}.times: the times of a table do not increase; sort them and drop repeats"),
    ({"schedule": "table", "compartment": "plasma", "times": ["0 h", "1 h"], "concentrations": ["1 nM", "1 ng/mL"]},
     f"{A}.concentrations: two units in one table: '1 nM' and '1 ng/mL'; give all its values in one"),
    ({"schedule": "sum", "terms": {}}, f"{A}.terms: {{}} is not a table of schedules; give each term a name"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sentence"), WRONG, ids=lambda one: str(one)[:40])
def test_what_is_wrong_is_said(given, sentence):
    with pytest.raises(InputError) as refused:
        schedule(given, A)
    assert str(refused.value).startswith(sentence)


def test_numbers_of_a_map_that_somebody_chose_are_never_dropped():
    with pytest.raises(InputError, match="f_eff: nothing reads this under the map 'nominal'"):
        schedule("infusion:f_eff=0.03", map="nominal")
    with pytest.raises(InputError, match="f_eff: nothing reads this under the map 'nominal'"):
        schedule(schedule("infusion:f_eff=0.03"), map="nominal")
    assert schedule(schedule("infusion:Kp=4"), map="tissue")["Kp"] == "4.0"


def test_bare_numbers_are_no_concentrations():
    with pytest.raises(InputError, match="'160' has no unit; expected a concentration"):
        table([0, 24], [160, 120])
    assert table([0, 24], ["160 nM", "120 nM"]).receptor(24).values == pytest.approx([120])


def test_a_table_is_never_extrapolated():
    course = table([0, 10] * second, [1, 2] * nmolar)
    course.receptor([0, 10 / 3600])
    with pytest.raises(InputError, match="covers 0 to 10 s, the run needs 0 to 11 s"):
        course.receptor([0, 11 / 3600])


def test_subjects_differ_and_are_the_same_every_time():
    typical, first, again, second_one = (
        schedule(f"infusion:subject={number}").plasma([24.0]).values[0] for number in (0, 1, 1, 2)
    )
    assert first == again != second_one
    assert typical == schedule("infusion").plasma([24.0]).values[0] != first
    levels = np.array([schedule("infusion", subject=n).plasma([24.0]).values[0] for n in range(1, 301)])
    sd = SCHEDULES["infusion"].subject_sd["clearance"]
    # At the plateau the level goes as 1/clearance.
    assert np.log(levels).std() == pytest.approx(sd, rel=0.2)
    assert np.median(levels) == pytest.approx(typical, rel=0.06)


def test_a_schedule_is_a_mapping_that_a_network_takes():
    course = schedule("infusion:at=24h", map="tissue")
    assert isinstance(course, Schedule) and course.map == "tissue" and "f_eff" not in course
    assert dict(schedule(course)) == dict(course)
    assert dict(schedule(course, map="free"))["fu"] == "0.01"
