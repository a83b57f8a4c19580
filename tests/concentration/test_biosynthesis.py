"""Biosynthesis: published levels, the chain against independent solutions, its enzymes under inhibitors, refused input."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import solve_ivp

from allotone.concentration import biosynthesis, hormones, reductase
from allotone.concentration.kinds import NOT_GIVEN, Word
from allotone.concentration.steroids import to_ng_per_mL, to_nM
from allotone.errors import InputError
from allotone.units import number_in

KINDS = {kind.name: kind for kind in biosynthesis.KINDS}
CYCLE = next(kind for kind in hormones.KINDS if kind.name == "menstrual_cycle")
CASES = {
    "constant": {},
    "cycle": {"source": "menstrual_cycle", "day": 12.0},
    "block": {"inhibitor": "block", "onset": 1.0, "progesterone": 30.0},
    "dutasteride in the cycle": {
        "source": "menstrual_cycle", "day": 14.0, "inhibitor": "dutasteride", "inhibitor_dose": 2.5, "onset": 3.0,
    },
    "rat type 2 with oxidation": {
        "inhibitor": "finasteride", "enzyme": "rat_type_2", "inhibitor_concentration": 1.0, "onset": 0.5, "kr": 2.0,
    },
    "isolation": {"state": "isolation", "source": "menstrual_cycle", "kr": 1.0, "kA": 3.0},
    "ssri": {"state": "ssri", "a5": 0.7, "a3": 1.2},
}  # fmt: skip
STATE = {"normal": (1, 1, 1), "isolation": (0.3, 1, 0.6), "ssri": (1, 2, 1)}


def defaults(kind):
    return {
        key: one.default if isinstance(one, Word) else number_in(one.default, one.unit)
        for key, one in kind.parameters.items()
        if one.default.partition(" ")[0] != NOT_GIVEN
    }


def values(name="biosynthesis", **given):
    complete = defaults(KINDS[name]) | given
    KINDS[name].check(complete, name)
    return complete


def allopregnanolone(hours, name="biosynthesis", **given):
    return KINDS[name].evaluate(values(name, **given), np.asarray(hours, dtype=float))


def synthesis(hours, name="biosynthesis", **given):
    return KINDS[name].local_synthesis(values(name, **given), np.asarray(hours, dtype=float))


def fluxes(v, hours, d, a):
    """Written again from the equations: what is made of precursors, lost of D, converted, oxidised and lost of A."""
    a5, a3, turnover = np.multiply(STATE[v["state"]], (v["a5"], v["a3"], 1))
    since = hours - v.get("onset", 0.0)
    given = {key: v[key] for key in reductase.PARAMETERS if key in v}
    p = to_ng_per_mL(KINDS["biosynthesis"].progesterone(v, hours), "progesterone")
    made = a5 * reductase.activity(since, v["inhibitor"], v["enzyme"], **given) * (v["kD"] * v["D_basal"] + v["k5"] * p)
    lost_d, lost_a = turnover * v["kD"] * d, turnover * v["kA"] * a
    return made, lost_d, turnover * v["k3"] * a3 * d, turnover * v["kr"] * a, lost_a


# What was published


@pytest.mark.parametrize("progesterone, low, high", [(0.11, 0.16, 0.16), (8.6, 1.4, 1.4), (19.9, 2.8, 2.8)])
def test_dihydroprogesterone_of_the_cycle(progesterone, low, high):
    """Milewich et al. 1977: 0.16 ng/mL in the follicular phase, 1.4 to 2.8 at the luteal peak."""
    d, _ = biosynthesis.chain(values(progesterone=float(to_nM(progesterone, "progesterone"))), np.zeros(1))
    assert 0.9 * low < d[0] < 1.1 * high
    assert d[0] == pytest.approx(0.145 + 0.14 * progesterone, rel=0.01)


def test_block_of_5alpha_reductase():
    """Dong et al. 2001: 10 to 20 % of allopregnanolone after 30 min."""
    left = allopregnanolone([0.5], inhibitor="block") / allopregnanolone([-1], inhibitor="block")
    assert 0.1 < left[0] < 0.2
    rate = 6.7
    assert left[0] == pytest.approx((1 + rate * 0.5) * np.exp(-rate * 0.5), rel=1e-9)


def test_dihydroprogesterone_falls_further_than_was_seen():
    """Dong et al. 2001 saw 10 to 20 % of it too, which one chain cannot give together with the test above: a known miss."""
    d, _ = biosynthesis.chain(values(inhibitor="block"), np.array([-1, 0.5]))
    assert d[1] / d[0] == pytest.approx(np.exp(-6.7 * 0.5), rel=1e-9) and d[1] / d[0] < 0.1


def test_social_isolation_halves_the_level():
    """Dong et al. 2001: both steroids at half, made at 0.3 of the normal rate."""
    normal, isolated = (biosynthesis.chain(values(state=state), np.zeros(1)) for state in ("normal", "isolation"))
    assert_allclose(np.divide(isolated, normal), 0.5, rtol=1e-12)
    assert_allclose(synthesis([0, 9], state="isolation"), 0.5)
    made = [fluxes(values(state=s), np.zeros(1), *x) for s, x in (("normal", normal), ("isolation", isolated))]
    for step in (0, 2):
        assert made[1][step] / made[0][step] == pytest.approx(0.3)


def test_plasma_agrees_with_the_menstrual_cycle():
    """Two conversions from different sources: 5alpha-DHP of Milewich et al. 1977, allopregnanolone of Kimball et al. 2020."""
    hours = np.arange(0, 28) * 24.0
    ours = allopregnanolone(hours, source="menstrual_cycle", day=1.0)
    theirs = CYCLE.evaluate(defaults(CYCLE) | {"day": 1.0}, hours)
    luteal = theirs > 1.0
    assert luteal.sum() >= 7
    assert_allclose(ours[luteal], theirs[luteal], rtol=0.1)
    assert_allclose(ours, theirs, rtol=0.4)


def test_finasteride_in_people_is_a_partial_block():
    """Span et al. 1999: type 1 by 3, type 2 by 100, and between them by the share of type 1."""
    share = {0.0: 1 / 100, 1.0: 1 / 3, 0.9: 0.301}
    for type_1, left in share.items():
        given = {"inhibitor": "finasteride", "inhibitor_dose": 5.0, "type_1_share": type_1}
        assert reductase.activity([9.0], **given)[0] == pytest.approx(left)
        assert_allclose(synthesis([48.0], **given), left, rtol=1e-9)
    assert reductase.activity([9.0], "finasteride", inhibitor_dose=5.0)[0] == pytest.approx(0.301)
    doses = [reductase.activity([9.0], "finasteride", inhibitor_dose=dose)[0] for dose in (0.0, 0.2, 1.0, 5.0)]
    assert doses[0] == 1 and (np.diff(doses) < 0).all()


def test_finasteride_on_rat_type_1_is_reversible():
    """Azzolina et al. 1997: Ki 10.2 nM."""
    levels = [0.0, 10.2, 102.0]
    left = [reductase.activity([0, 50], "finasteride", "rat_type_1", inhibitor_concentration=one) for one in levels]
    assert_allclose(left, [[1, 1], [0.5, 0.5], [1 / 11, 1 / 11]], rtol=1e-12)


def test_finasteride_on_rat_type_2_inactivates_it():
    """Azzolina et al. 1997: k_inact 0.00162 /s, a half-life of 7 min at saturation, 1.37e6 /M/s far below Ki."""
    given = {"inhibitor": "finasteride", "enzyme": "rat_type_2", "enzyme_turnover": 0.0}
    hours = np.array([0.0, 7 / 60, 1.0])
    saturated = reductase.activity(hours, inhibitor_concentration=1.19e6, **given)
    half_life_min = -np.log(2) * 60 * (hours[2] - hours[0]) / np.log(saturated[2] / saturated[0])
    assert half_life_min == pytest.approx(7.0, rel=0.03)
    dilute = reductase.activity(hours, inhibitor_concentration=0.001, **given)
    per_M_s = -np.log(dilute[2] / dilute[0]) / 3600 / 1e-12
    assert per_M_s == pytest.approx(1.37e6, rel=0.01)


@pytest.mark.parametrize("concentration", [0.1, 1.19, 30.0])
def test_mechanism_based_kinetics_against_an_ode(concentration):
    ki, k, turnover = 1.19, 0.00162 * 3600, 0.3
    occupied = concentration / (concentration + ki)
    hours = np.linspace(0, 8, 33)
    solved = solve_ivp(
        lambda _, e: turnover * (1 - e) - k * e * occupied, (0, 8), [1.0], t_eval=hours, rtol=1e-11, atol=1e-13
    )
    ours = reductase.activity(
        hours, "finasteride", "rat_type_2", inhibitor_concentration=concentration, enzyme_turnover=turnover
    )
    assert_allclose(ours, solved.y[0] * (1 - occupied), rtol=1e-8)


def test_dutasteride_prevents_the_luteal_rise_at_one_dose_of_two():
    """Martinez et al. 2016: 2.5 mg/day prevents it, 0.5 does not; after four weeks, what the dose was fitted to."""
    left = {dose: reductase.activity([28 * 24.0], "dutasteride", inhibitor_dose=dose)[0] for dose in (0.5, 2.5)}
    assert left[2.5] < 0.26 and left[0.5] > 0.6
    day = np.array([0, 17.0]) * 24
    rise = {}
    for dose in (0.0, 0.5, 2.5):
        given = {"source": "menstrual_cycle", "day": 4.0, "inhibitor": "dutasteride", "inhibitor_dose": dose}
        rise[dose] = np.diff(allopregnanolone(day + 28.1 * 24, **given))[0]
    assert rise[2.5] < 0.3 * rise[0.0] and rise[0.5] > 0.5 * rise[0.0]


def test_dutasteride_accumulates():
    weeks = np.array([0, 1, 5, 500.0])
    lost = 1 / reductase.activity(weeks * 168, "dutasteride", inhibitor_dose=1.0) - 1
    assert_allclose(lost / lost[-1], 1 - 0.5 ** (weeks / 5), atol=1e-12)


# The chain against independent solutions


@pytest.mark.parametrize("given", CASES.values(), ids=CASES)
def test_chain_against_an_ode_that_began_long_before(given):
    v, hours = values(**given), np.linspace(0, 30, 61)

    def slope(hour, x):
        made, lost_d, converted, oxidised, lost_a = fluxes(v, np.array([hour]), *x)
        return [(made - lost_d + oxidised)[0], converted - oxidised - lost_a]

    onset = v.get("onset", 0.0)
    before = solve_ivp(
        slope, (-40, onset - 1e-9), [0.1, 0.1], method="LSODA", rtol=1e-10, atol=1e-13, max_step=0.5, dense_output=True
    )
    after = solve_ivp(
        slope, (onset, 30), before.y[:, -1], method="LSODA", rtol=1e-10, atol=1e-13, max_step=0.5, dense_output=True
    )
    expected = np.where(hours < onset, before.sol(hours), after.sol(hours))
    assert_allclose(biosynthesis.chain(v, hours), expected, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("given", CASES.values(), ids=CASES)
def test_mass_balance(given):
    v = values(**given)
    start, stop = v.get("onset", 0.0), 24.0
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(start, stop, 200)
    half = np.diff(edges) / 2
    hours = (edges[:-1, None] + half[:, None] * (1 + nodes)).ravel()
    made, lost_d, converted, oxidised, lost_a = (
        float(np.sum(flux.reshape(half.size, -1) * weights * half[:, None]))
        for flux in fluxes(v, hours, *biosynthesis.chain(v, hours))
    )
    d, a = np.diff(biosynthesis.chain(v, np.array([start, stop])), axis=1)[:, 0]
    through = max(made, lost_d)
    assert d == pytest.approx(made - lost_d + oxidised, abs=1e-6 * through)
    assert a == pytest.approx(converted - oxidised - lost_a, abs=1e-6 * through)


def test_steady_state():
    progesterone = np.array([0.0, 0.6, 50.0, 570.0])
    for one in progesterone:
        d, a = biosynthesis.chain(values(progesterone=one), np.array([0.0, 1e4]))
        assert_allclose(d, 0.145 + 0.94 / 6.7 * to_ng_per_mL(one, "progesterone"), rtol=1e-12)
        assert_allclose(a / d, 1.8 / 6.7, rtol=1e-12)
        assert np.ptp(a) == 0


def test_allopregnanolone_is_linear_in_progesterone():
    levels = [allopregnanolone([0.3], inhibitor="block", progesterone=p)[0] for p in (0.0, 10.0, 20.0, 500.0)]
    assert levels[3] - levels[0] == pytest.approx(50 * (levels[1] - levels[0]), rel=1e-9)
    assert levels[2] - levels[1] == pytest.approx(levels[1] - levels[0], rel=1e-9)


@pytest.mark.parametrize("given", CASES.values(), ids=CASES)
def test_order_and_number_of_times_change_nothing(given):
    v = values(**given)
    hours = np.random.default_rng(1).uniform(-3, 700, 40)
    for function in (KINDS["biosynthesis"].evaluate, KINDS["biosynthesis"].local_synthesis):
        together = function(v, hours)
        assert_array_equal(together[::-1], function(v, hours[::-1]))
        assert_allclose(together, [function(v, np.array([one]))[0] for one in hours], rtol=1e-13)
        assert np.isfinite(together).all() and (together >= 0).all()


def test_many_times_at_once_are_as_few():
    hours = np.linspace(0, 600, 4501)
    v = values(source="menstrual_cycle")
    assert_allclose(biosynthesis.chain(v, hours)[1][::500], biosynthesis.chain(v, hours[::500])[1], rtol=1e-13)


def test_onset_delays_what_the_inhibitor_does():
    given = {"inhibitor": "finasteride", "inhibitor_dose": 5.0}
    hours = np.array([-2, 0.5, 4.0])
    assert_allclose(allopregnanolone(hours + 7, onset=7.0, **given), allopregnanolone(hours, **given), rtol=1e-12)
    assert list(KINDS["biosynthesis"].breaks(values(onset=7.0, **given))) == [7.0]
    assert list(KINDS["biosynthesis"].breaks(values())) == []


def test_rates_that_are_nearly_or_exactly_one_agree():
    close = allopregnanolone([0.5], inhibitor="block", kA=6.7 * (1 + 1e-9))
    assert_allclose(close, allopregnanolone([0.5], inhibitor="block"), rtol=1e-7)


def test_local_synthesis_does_not_follow_the_ovary():
    assert_allclose(synthesis(np.arange(0, 700, 50), source="menstrual_cycle"), 1.0, rtol=1e-12)
    assert_allclose(synthesis([-1, 0], inhibitor="block"), 1.0, rtol=1e-12)
    assert synthesis([0.5], inhibitor="block") == pytest.approx(np.exp(-6.7 * 0.5), rel=1e-9)
    assert synthesis([24.0], inhibitor="block")[0] < 1e-12
    assert_allclose(synthesis([0.0], state="ssri"), 2.0, rtol=1e-12)


def test_progesterone_is_the_one_given_or_the_cycles():
    hours = np.array([0.0, 100.0])
    assert_array_equal(KINDS["biosynthesis"].progesterone(values(progesterone=7.0), hours), [7, 7])
    v = values(source="menstrual_cycle", day=3.0)
    assert_array_equal(
        KINDS["biosynthesis"].progesterone(v, hours), CYCLE.progesterone(defaults(CYCLE) | {"day": 3.0}, hours)
    )


# Progestins


def test_progestins_yield_no_allopregnanolone():
    (endogenous,) = allopregnanolone([5.0], progesterone=0.6)
    for compound in ("levonorgestrel", "medroxyprogesterone"):
        assert_allclose(allopregnanolone([-1, 5.0], "progestin", compound=compound), endogenous, rtol=1e-12)
        assert_allclose(synthesis([-1, 5.0], "progestin", compound=compound), 1.0, rtol=1e-12)


def test_medroxyprogesterone_stops_the_oxidation():
    given = {"compound": "medroxyprogesterone", "kr": 3.0}
    kept, lost = (
        allopregnanolone([24.0], "progestin", **given | more)[0] for more in ({}, {"compound": "levonorgestrel"})
    )
    assert kept == pytest.approx(allopregnanolone([24.0], "progestin")[0]) and lost < 0.8 * kept
    assert synthesis([24.0], "progestin", **given)[0] == pytest.approx(kept / lost)


def test_norethindrone_inhibits():
    assert_allclose(synthesis([24.0], "progestin", compound="norethindrone"), 0.5, rtol=1e-9)
    assert_allclose(synthesis([24.0], "progestin", compound="norethindrone", a5=0.8), 0.8, rtol=1e-9)
    level = allopregnanolone([-1, 24.0], "progestin", compound="norethindrone")
    assert level[1] / level[0] == pytest.approx(0.5)


# What is refused


@pytest.mark.parametrize(
    "given, where",
    [
        ({"progesterone": 1.0, "source": "menstrual_cycle"}, "progesterone"),
        ({"day": 21.0}, "day"),
        ({"inhibitor": "finasteride"}, "inhibitor_dose"),
        ({"inhibitor": "dutasteride", "inhibitor_dose": 1.0, "type_1_share": 0.5}, "type_1_share"),
        ({"inhibitor": "finasteride", "inhibitor_dose": 1.0, "type_1_share": 1.5}, "type_1_share"),
        ({"inhibitor": "finasteride", "enzyme": "rat_type_1", "inhibitor_dose": 1.0}, "inhibitor_concentration"),
        (
            {"inhibitor": "finasteride", "inhibitor_dose": 1.0, "inhibitor_concentration": 1.0},
            "inhibitor_concentration",
        ),
        ({"inhibitor": "dutasteride", "inhibitor_dose": 1.0, "enzyme": "rat_type_1"}, "enzyme"),
        ({"inhibitor_dose": 5.0}, "inhibitor_dose"),
        ({"enzyme": "rat_type_2"}, "enzyme"),
        ({"onset": 1.0}, "onset"),
        ({"a3": 4.0}, "k3"),
        ({"kA": 1e-3}, "kA"),
    ],
)
def test_refused(given, where):
    with pytest.raises(InputError) as caught:
        values(**given)
    assert caught.value.path == f"biosynthesis.{where}"


def test_refused_of_progestins_and_plain_arrays():
    with pytest.raises(InputError, match=r"progestin\.a5"):
        values("progestin", a5=0.5)
    for given, told in (
        ({"inhibitor": "finastride"}, "did you mean 'finasteride'"),
        ({"inhibitor": "dutasteride", "inhibitor_dose": -1.0}, "at least 0"),
        ({"inhibitor": "dutasteride", "inhibitor_dose": np.nan}, "finite"),
        ({"inhibitor": "dutasteride", "inhibitor_dose": 1.0, "half_dose": 0.0}, "above 0"),
        ({"inhibitor": "block", "Ki_type_1": 1.0}, "nothing reads"),
    ):
        with pytest.raises(InputError, match=told):
            reductase.activity([0.0], **given)


def test_origins_are_told():
    parameters = [*reductase.NUMBERS.values()] + [one for kind in KINDS.values() for one in kind.parameters.values()]
    assert all(one.origin.startswith(("measured: ", "fitted: ", "assumed: ")) for one in parameters)
