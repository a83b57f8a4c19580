"""Routes of allopregnanolone and progesterone: the equations solved right, and levels as published."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from allotone.concentration import pharmacokinetics, progesterone
from allotone.concentration.kinds import NOT_GIVEN, Word
from allotone.concentration.steroids import to_ng_per_mL, to_nM
from allotone.errors import InputError
from allotone.units import number_in

KIND = {kind.name: kind for kind in (*pharmacokinetics.KINDS, *progesterone.KINDS)}
AMOUNTS = {
    "infusion": pharmacokinetics.infusion_amounts,
    "bolus": pharmacokinetics.bolus_amounts,
    "oral_progesterone": progesterone.oral_amounts,
    "vaginal_progesterone": progesterone.vaginal_amounts,
    "transdermal_progesterone": progesterone.transdermal_amounts,
}
SIXTY_HOURS = 30 * 4 + 60 * 20 + 90 * 28 + 60 * 4 + 30 * 4
CONSTANT = {"regimen": "constant", "rate": 60.0, "duration": 5.0}
IM_MOUSE = {"model": "mouse", "dose": 3.0, "bioavailability": 0.97}


def values(name, **given):
    parameters = KIND[name].parameters.items()
    defaults = {
        key: one.default if isinstance(one, Word) else number_in(one.default, one.unit)
        for key, one in parameters
        if one.default.partition(" ")[0] != NOT_GIVEN
    }
    return defaults | given


def plasma(name, times, **given):
    return KIND[name].evaluate(values(name, **given), np.atleast_1d(np.asarray(times, dtype=float)))


def ng_per_mL(name, times, **given):
    return to_ng_per_mL(plasma(name, times, **given))


def of_progesterone(name, times, **given):
    return KIND[name].progesterone(values(name, **given), np.atleast_1d(np.asarray(times, dtype=float)))


CASES = {
    "brexanolone": ("infusion", {}),
    "constant": ("infusion", CONSTANT),
    "bolus": ("bolus", {"count": 3.0, "interval": 2.0}),
    "muscle": ("bolus", {"absorption_rate": 0.4, "count": 2.0}),
    "mouse": ("bolus", IM_MOUSE),
    "mouse muscle": ("bolus", IM_MOUSE | {"absorption_rate": 284.0}),
    "oral": ("oral_progesterone", {"count": 3.0, "interval": 12.0}),
    "vaginal": ("vaginal_progesterone", {"count": 3.0, "interval": 12.0}),
    "transdermal": ("transdermal_progesterone", {"duration": 48.0}),
}
every_case = pytest.mark.parametrize(("name", "given"), CASES.values(), ids=CASES.keys())


def given_until(name, given, times):
    """Dose given by some times, in the unit of the amounts."""
    v = values(name, **given)
    if name == "infusion":
        starts, rates = [0, 4, 24, 52, 56, 60], [30, 60, 90, 60, 30]
        if v["regimen"] == "constant":
            starts, rates = [0, v["duration"]], [v["rate"]]
        return sum(rate * np.clip(times - a, 0, b - a) for a, b, rate in zip(starts, starts[1:], rates))
    if name == "transdermal_progesterone":
        return v["dose"] / 24 * np.clip(times, 0, v["duration"]) / 314.46e-6 / 65
    doses = sum(times >= v.get("lag", 0) + dose * v["interval"] for dose in range(int(v["count"])))
    if name == "bolus":
        return doses * v["dose"] * v["bioavailability"]
    return doses * v["dose"] / 314.46e-6 / 65 * v.get("allopregnanolone_yield", 1.0)


@every_case
def test_what_is_given_is_in_a_compartment_or_eliminated(name, given):
    times = np.linspace(0, 300, 601)
    amounts = AMOUNTS[name](values(name, **given), times)
    assert amounts.sum(axis=0) == pytest.approx(given_until(name, given, times), rel=1e-6)


@pytest.mark.parametrize(("name", "given"), [case for key, case in CASES.items() if key != "brexanolone"])
def test_doubling_the_dose_doubles_the_level_exactly(name, given):
    times = np.linspace(0, 100, 301)
    key = "rate" if name == "infusion" else "dose"
    once, twice = (plasma(name, times, **given | {key: n * values(name, **given)[key]}) for n in (1, 2))
    assert once.max() > 0
    np.testing.assert_array_equal(twice, 2 * once)


@every_case
def test_times_in_any_order_and_singly_give_the_same(name, given):
    times = np.array([60.0, 0.0, 3.7, -1.0, 24.0, 0.5, 52.0, 1e3])
    together = plasma(name, times, **given)
    np.testing.assert_allclose([plasma(name, time, **given)[0] for time in times], together, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(
        plasma(name, np.sort(times), **given), together[np.argsort(times)], rtol=1e-12, atol=1e-15
    )
    assert together[times < 0] == 0
    assert (together >= 0).all()


@every_case
def test_a_course_jumps_or_bends_at_its_breaks_and_nowhere_else(name, given):
    def bend(times):
        before, now, after = (plasma(name, times + shift, **given) for shift in (-1e-4, 0, 1e-4))
        return np.abs(after - 2 * now + before)

    at_breaks = bend(np.array(KIND[name].breaks(values(name, **given))))
    elsewhere = bend(np.arange(0.0123, 80.0, 0.25))
    assert at_breaks.min() > 20 * elsewhere.max()


def compare_with_solver(right_hand_side, edges, name, given, volume, to_level=lambda level: level):
    """Integrate A' = f(t, A) between edges and compare A[0] / volume with the closed form."""
    state = np.zeros(3)
    for start, end in zip(edges, edges[1:]):
        times = np.linspace(start, end, 20)
        run = solve_ivp(right_hand_side, (start, end), state, "DOP853", args=((start + end) / 2,), t_eval=times,
                        rtol=1e-11, atol=1e-13)  # fmt: skip
        state = run.y[:, -1]
        np.testing.assert_allclose(plasma(name, times, **given), to_level(run.y[0] / volume), rtol=1e-7, atol=1e-9)


def two_compartments(a, rate=0.0, absorbed=0.0):
    central, peripheral, depot = a
    return [
        rate + absorbed * depot - (1.124 + 0.13) / 1.5 * central + 0.13 / 1.5 * peripheral,
        0.13 / 1.5 * central - 0.13 / 1.5 * peripheral,
        -absorbed * depot,
    ]


def test_infusion_agrees_with_a_numerical_solver():
    edges = [0, 4, 24, 52, 56, 60, 100]

    def f(t, a, middle):
        return two_compartments(a, rate=dict(zip(edges, [30, 60, 90, 60, 30, 0]))[max(e for e in edges if e < middle)])

    compare_with_solver(f, edges, "infusion", {}, 1.5, to_nM)


@pytest.mark.parametrize("ka", [0.4, 1.1237])
def test_absorbed_bolus_agrees_with_a_numerical_solver(ka):
    times = np.linspace(0, 30, 40)
    run = solve_ivp(lambda t, a: two_compartments(a, absorbed=ka), (0, 30), [0, 0, 50.0], "DOP853", t_eval=times,
                    rtol=1e-11, atol=1e-13)  # fmt: skip
    np.testing.assert_allclose(plasma("bolus", times, absorption_rate=ka), to_nM(run.y[0] / 1.5), rtol=1e-7, atol=1e-9)


def test_bolus_into_a_vein_agrees_with_a_numerical_solver():
    times = np.linspace(0, 30, 40)
    run = solve_ivp(
        lambda t, a: two_compartments(a), (0, 30), [50.0, 0, 0], "DOP853", t_eval=times, rtol=1e-11, atol=1e-13
    )
    np.testing.assert_allclose(plasma("bolus", times), to_nM(run.y[0] / 1.5), rtol=1e-7)


def test_oral_progesterone_agrees_with_a_numerical_solver():
    times = np.linspace(0.5, 24, 40)
    swallowed = 200 / 314.46 * 1e6 / 65 * 0.010
    run = solve_ivp(lambda t, a: two_compartments(a, absorbed=0.4), (0.5, 24), [0, 0, swallowed], "DOP853", t_eval=times,
                    rtol=1e-11, atol=1e-13)  # fmt: skip
    np.testing.assert_allclose(plasma("oral_progesterone", times), run.y[0] / 1.5, rtol=1e-7, atol=1e-9)


def test_auc_of_the_60_hours_is_dose_over_clearance():
    times = np.linspace(0, 400, 8001)
    auc = np.trapezoid(ng_per_mL("infusion", times), times)
    assert auc == pytest.approx(SIXTY_HOURS / 1.124, rel=5e-3)
    # 95 % interval in 12 lactating women, the study reported in Wald et al. 2022, doi:10.1007/s40262-022-01155-w.
    assert 3309.1 < auc < 4219.1


def test_levels_and_peak_of_the_60_hours():
    # 52 and 79 ng/mL are ascribed to the label of Zulresso and not verified; V1 was chosen with them in view.
    assert ng_per_mL("infusion", [24, 52]) == pytest.approx([52, 79], rel=0.1)
    # Peak 89.7 (74.19-108.39) ng/mL at 47.8-55.8 h: Wald et al. 2022, doi:10.1007/s40262-022-01155-w.
    times = np.linspace(0, 72, 721)
    level = ng_per_mL("infusion", times)
    assert 74.19 < level.max() < 108.39
    assert 47.8 <= times[level.argmax()] <= 55.8


def half_life(name, first, last, **given):
    early, late = plasma(name, [first, last], **given)
    return (last - first) * np.log(2) / np.log(early / late)


def test_terminal_half_life_from_the_curve():
    # Label of Zulresso: 9 h; 9.8-13.1 h in 12 lactating women.
    assert 8.5 < half_life("infusion", 100, 120) < 13.1
    assert half_life("bolus", 1, 1.5, **IM_MOUSE) == pytest.approx(16 / 60, rel=1e-6)
    assert half_life("vaginal_progesterone", 100, 120) == pytest.approx(13.7, rel=1e-6)
    assert half_life("transdermal_progesterone", 60, 80, duration=24.0) == pytest.approx(12.0, rel=1e-6)


def test_constant_infusion_ends_at_rate_over_clearance_and_stops():
    given = CONSTANT | {"duration": 200.0}
    assert ng_per_mL("infusion", 200, **given) == pytest.approx(60 / 1.124, rel=1e-6)
    assert plasma("infusion", 500, **given) < 1e-6


def test_mouse_has_its_measured_peak():
    # 645 ng/mL at 60 s after 3 mg/kg into the muscle: Zolkowska et al. 2018, doi:10.1111/epi.13999.
    times = np.linspace(0, 600, 1201) / 3600
    level = ng_per_mL("bolus", times, absorption_rate=284.0, **IM_MOUSE)
    assert level.max() == pytest.approx(645, rel=1e-3)
    assert times[level.argmax()] * 3600 == pytest.approx(60, abs=1)


def test_a_number_given_replaces_that_of_the_model():
    given = {"clearance": 20.0}
    assert half_life("bolus", 1, 1.5, **IM_MOUSE, **given) == pytest.approx(16 / 60 * 11.2299 / 20, rel=1e-4)
    assert plasma("bolus", 0, V1=3.0) == pytest.approx(to_nM(0.05 * 1000 / 3.0))


def test_repeated_doses_are_the_sum_of_single_ones():
    times = np.linspace(0, 72, 289)
    for name in ("bolus", "oral_progesterone", "vaginal_progesterone"):
        single = sum(plasma(name, times - shift) for shift in (0, 12, 24))
        np.testing.assert_allclose(plasma(name, times, count=3.0, interval=12.0), single, rtol=1e-9, atol=1e-12)


def test_oral_progesterone_peaks_early_and_with_as_much_allopregnanolone_as_progesterone():
    times = np.linspace(0, 24, 481)
    level = plasma("oral_progesterone", times)
    assert 1.5 < times[level.argmax()] < 6
    assert level.max() == pytest.approx(16, rel=0.05)
    # In the luteal phase the ratio is 0.03-0.05 (Kimball et al. 2020, PMC6935417).
    assert level.max() / of_progesterone("oral_progesterone", times).max() >= 10 * 0.05
    # 100 mg by mass spectrometry: 2-3 ng/mL.
    half = of_progesterone("oral_progesterone", times, dose=100.0)
    assert 2 < to_ng_per_mL(half.max(), "progesterone") < 3


def test_vaginal_tablet_gives_the_progesterone_measured():
    # 31.61 nM at 6.4 h after 100 mg, 20.43 +/- 8.01 nM after 50 mg: Levy et al. 1999, doi:10.1093/humrep/14.3.606.
    times = np.linspace(0, 48, 481)
    level = of_progesterone("vaginal_progesterone", times)
    assert level.max() == pytest.approx(31.61, rel=1e-3)
    assert times[level.argmax()] == pytest.approx(6.4, abs=0.1)
    assert 12.42 < of_progesterone("vaginal_progesterone", times, dose=50.0).max() < 28.44
    np.testing.assert_allclose(plasma("vaginal_progesterone", times), 0.034 * level, rtol=1e-12)


def test_cream_hardly_raises_allopregnanolone():
    times = np.linspace(0, 1000, 1001)
    assert of_progesterone("transdermal_progesterone", 1000) == pytest.approx(2.5, rel=2e-3)
    assert 0 < plasma("transdermal_progesterone", times).max() < 0.1
    assert of_progesterone("transdermal_progesterone", 12) == pytest.approx(1.25, rel=2e-3)


def test_spread_of_subjects_is_that_of_the_printed_intervals():
    sd, t, n = KIND["infusion"].subject_sd, 2.201, 12
    assert np.exp(2 * t * sd["clearance"] / np.sqrt(n)) == pytest.approx(4219.1 / 3309.1, rel=0.01)
    draws = np.random.default_rng(1).standard_normal((600, 2)) * [sd["clearance"], sd["V2"]]
    lives = [half_life("infusion", 200, 210, clearance=1.124 * np.exp(c), V2=1.5 * np.exp(v)) for c, v in draws]
    assert 2 * t * np.std(np.log(lives)) / np.sqrt(n) == pytest.approx(np.log(13.1 / 9.8), rel=0.12)
    assert {*sd} <= {*KIND["infusion"].parameters}


@pytest.mark.parametrize(
    ("name", "given", "where", "what"),
    [
        ("infusion", {"rate": 60.0}, "rate", "nothing reads this"),
        ("infusion", {"duration": 3.0}, "duration", "nothing reads this"),
        ("infusion", {"regimen": "constant", "duration": 3.0}, "rate", "no rate"),
        ("infusion", {"regimen": "constant", "rate": 60.0}, "duration", "no duration"),
        ("bolus", {"model": "mouse", "Q": 0.5}, "Q", "one compartment"),
        ("bolus", {"bioavailability": 1.5}, "bioavailability", "at most 1"),
        ("bolus", {"count": 1.5}, "count", "whole"),
        ("oral_progesterone", {"count": 0.0}, "count", "whole"),
        ("vaginal_progesterone", {"count": 1e6}, "count", "whole"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(name, given, where, what):
    with pytest.raises(InputError, match=what) as raised:
        KIND[name].check(values(name, **given), "medium.allopregnanolone")
    assert raised.value.path == f"medium.allopregnanolone.{where}"


@every_case
def test_parameters_that_fit_are_accepted(name, given):
    if KIND[name].check:
        KIND[name].check(values(name, **given), "medium.allopregnanolone")
