"""From plasma to the brain to the receptor: each map against its definition and an independent solution."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from allotone import InputError, exposure, schedule
from allotone.concentration import MAPS, BrainCourse, PlasmaCourse

KP, KE0_PER_H, C_LOC, F_EFF, FU = 3.0, 5.4, 15.0, 0.067, 0.01
HOURS = np.linspace(0, 60, 61)


@pytest.mark.parametrize("level", [0.0, 0.5, 2.0, 16.0, 50.0, 248.0, 1400.0])
def test_levels_at_rest(level):
    held = f"constant:compartment=plasma,concentration={level}nM"
    expected = {
        "nominal": level,
        "free": FU * level,
        "tissue": KP * level + C_LOC,
        "anchored": F_EFF * (KP * level + C_LOC),
    }
    assert set(expected) == set(MAPS)
    for name, value in expected.items():
        assert schedule(held, map=name).receptor([0.0, 5.0]).values == pytest.approx(value, rel=1e-12)


class TestBrain:
    def test_against_an_independent_solution(self):
        course = schedule("infusion")
        plasma = course.plasma(np.linspace(0, 60, 60_001)).values

        def slope(hour, brain):
            return KE0_PER_H * (KP * np.interp(hour, np.linspace(0, 60, 60_001), plasma) + C_LOC - brain)

        solved = solve_ivp(slope, (0, 60), [C_LOC], t_eval=HOURS, method="DOP853", rtol=1e-8, max_step=0.1)
        np.testing.assert_allclose(course.brain(HOURS).values, solved.y[0], rtol=2e-6)

    def test_a_step_of_plasma_relaxes_with_ke0(self):
        course = schedule("step:compartment=plasma,before=0nM,after=10nM,onset=1h")
        hours = np.array([0.5, 1.0, 1.1, 1.5, 4.0])
        expected = C_LOC + KP * 10 * -np.expm1(-KE0_PER_H * np.maximum(hours - 1, 0))
        np.testing.assert_allclose(course.brain(hours).values, expected, rtol=1e-7)

    def test_it_does_not_matter_where_one_looks_first(self):
        course = schedule("infusion")
        np.testing.assert_allclose(course.brain([30.0, 31.0]).values, course.brain(HOURS).values[[30, 31]], rtol=1e-7)
        late = schedule("infusion:at=30h")
        np.testing.assert_allclose(late.brain([0.0, 1.0]).values, course.brain(HOURS).values[[30, 31]], rtol=1e-7)

    def test_linear_in_dose_above_what_the_brain_makes(self):
        one, two = (schedule(f"{factor}*infusion").brain(HOURS).values - C_LOC for factor in (1, 2))
        np.testing.assert_allclose(two, 2 * one, rtol=1e-6, atol=1e-6)

    def test_own_synthesis_scales_with_the_enzymes(self):
        blocked = schedule("biosynthesis:inhibitor=block,progesterone=0nM")
        early, late = schedule("biosynthesis:progesterone=0nM").brain([0.0]).values, blocked.brain([48.0]).values
        assert late[0] < 0.05 * early[0]

    def test_parameters_act(self):
        base = schedule("infusion").brain([24.0]).values[0]
        assert schedule("infusion", Kp=6).brain([24.0]).values[0] == pytest.approx(2 * base - C_LOC, rel=1e-7)
        assert schedule("infusion", C_loc="0 nmol/kg").brain([24.0]).values[0] == pytest.approx(base - C_LOC, rel=1e-7)
        slow = schedule("infusion", ke0="0.001 /min").brain([24.0]).values[0]
        assert slow < 0.9 * base


class TestExposure:
    def test_by_hand_it_is_what_a_schedule_does(self):
        course, way = schedule("infusion"), exposure("anchored")
        hours = np.linspace(0, 60, 2401)
        plasma = course.plasma(hours)
        brain = way.brain(plasma)
        assert isinstance(brain, BrainCourse)
        np.testing.assert_allclose(brain.values[::40], course.brain(hours).values[::40], rtol=3e-3)
        np.testing.assert_allclose(way.receptor(brain).values, F_EFF * brain.values, rtol=1e-12)
        np.testing.assert_allclose(way.receptor(plasma).values, F_EFF * brain.values, rtol=1e-12)

    def test_one_measured_value_is_taken_as_a_level(self):
        assert exposure("anchored").receptor(PlasmaCourse(0.0, 2.0)).values == pytest.approx([F_EFF * 21])

    def test_maps_without_a_brain(self):
        level = PlasmaCourse([0.0, 1.0], [2.0, 4.0])
        assert exposure("nominal").receptor(level).values.tolist() == [2, 4]
        assert exposure("free", fu=0.02).receptor(level).values == pytest.approx([0.04, 0.08])
        with pytest.raises(InputError, match="does not pass through the brain"):
            exposure("nominal").brain(level)

    def test_from_the_brain(self):
        assert exposure("anchored", "brain").receptor(BrainCourse(0.0, 100.0)).values == pytest.approx([6.7])
        assert exposure("tissue", "brain").receptor(BrainCourse(0.0, 100.0)).values.tolist() == [100]
        with pytest.raises(InputError, match="starts in plasma"):
            exposure("nominal", "brain")

    def test_what_is_wrong_is_said(self):
        for make, sentence in (
            (lambda: exposure("anchoredd"), "unknown map 'anchoredd'; did you mean 'anchored'?"),
            (lambda: exposure("free", Kp=3), "unknown number of the map 'free' 'Kp'"),
            (lambda: exposure("anchored", f_eff=-1), "-1 is not of at least 0"),
            (lambda: exposure("anchored", ke0="0 /min"), "'0 /min' is not above 0"),
            (lambda: exposure("anchored").receptor(5.0), "expected a PlasmaCourse or BrainCourse"),
            (lambda: PlasmaCourse([0.0, 0.0], [1.0, 1.0]), "not increasing"),
            (lambda: PlasmaCourse([0.0, 1.0], [1.0]), "shape"),
            (lambda: PlasmaCourse([0.0, 1.0], [1.0, -1.0]), "negative"),
        ):
            with pytest.raises(InputError) as refused:
                make()
            assert sentence in str(refused.value)
