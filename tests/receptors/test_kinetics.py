"""Kinetic schemes against their published numbers, another integration, and what a steroid is reported to do."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import allotone
from allotone import InputError
from allotone.receptors import alpha1_beta_gamma2, decay_factor, kinetics
from allotone.receptors.kinetics import (
    Rate,
    Scheme,
    area_over_peak,
    jones_westbrook,
    kinetic_effect,
    nieus_alpha1,
    nieus_alpha6,
    peak,
    peak_ec50,
    response,
    steady_state,
    steroid_factor,
)

STEP = np.inf
JONES_WESTBROOK, ALPHA1, ALPHA6 = jones_westbrook(), nieus_alpha1(), nieus_alpha6()
SCHEMES = pytest.mark.parametrize("scheme", [JONES_WESTBROOK, ALPHA1, ALPHA6], ids=lambda scheme: scheme.name)
# Entry into desensitisation deepens as much as closing slows.
DEEPENED = jones_westbrook(desensitisation_exponent=1)
STEROID_NM = np.array([0, 30, 100, 300, 1000])


def miss(*values, reason):
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason))


def assert_prints_as(simulated, printed):
    """Within half a unit of the last digit printed."""
    half_unit = 0.5 * 10.0 ** Decimal(printed).as_tuple().exponent
    assert abs(simulated - float(printed)) <= half_unit, f"simulated {simulated:.5g}, expected {printed}"


def published(prefix):
    path = Path(allotone.__file__).parent / "published" / "pharmacology.csv"
    with path.open() as file:
        rows = {row["key"].removeprefix(prefix): row for row in csv.DictReader(file) if row["key"].startswith(prefix)}
    return rows


class TestPublishedRates:
    @pytest.mark.parametrize(
        "scheme, prefix",
        [(JONES_WESTBROOK, "jw_"), (ALPHA1, "nieus_a1_"), (ALPHA6, "nieus_a6_")],
        ids=lambda value: getattr(value, "name", value),
    )
    def test_rates_are_those_of_the_table(self, scheme, prefix):
        """The table calls the rates of Nieus a (closing) and b (opening)."""
        rows = published(prefix)
        renamed = {f"{word}{n}": f"{word[0]}{n}" for word in ("alpha", "beta") for n in (1, 2)}
        table_name = {rate.name: rate.name if rate.name in rows else renamed[rate.name] for rate in scheme.rates}
        for rate in scheme.rates:
            row = rows[table_name[rate.name]]
            assert (rate.value, rate.unit) == (float(row["value"]), row["unit"])
        left_out = set(rows) - set(table_name.values()) - {"1mM_peak"}
        assert all(float(rows[name]["value"]) == 0 for name in left_out)

    def test_peak_at_1_mM(self):
        """Mozrzymas et al., PMC2474663, figure 3: 93 % of the maximum, printed to a percent."""
        row = published("jw_")["1mM_peak"]
        assert row["status"] == "seen"
        share = 100 * peak(JONES_WESTBROOK, 1, STEP) / peak(JONES_WESTBROOK, 10, STEP)
        assert abs(share - float(row["value"])) < 1

    def test_short_pulse(self):
        """The same legend: 0.1 ms of 1 mM gives less than a third of 1 ms."""
        assert peak(JONES_WESTBROOK, 1, 0.1) / peak(JONES_WESTBROOK, 1, 1) < 1 / 3

    # Computed before by other code, whose maximum and integral are not told: a check of the implementation, no data.
    @pytest.mark.parametrize(
        "value, printed",
        [
            pytest.param(lambda: peak(ALPHA1, 10, STEP), ".27", id="alpha1 maximum"),
            pytest.param(lambda: peak(ALPHA6, 10, STEP), ".73", id="alpha6 maximum"),
            pytest.param(lambda: peak_ec50(ALPHA6), "1.6", id="alpha6 EC50"),
            pytest.param(lambda: 1e4 * steady_state(ALPHA1, 2e-4), "2.9", id="alpha1 ambient"),
            pytest.param(lambda: steady_state(ALPHA6, 2e-4), ".067", id="alpha6 ambient"),
            pytest.param(lambda: peak(JONES_WESTBROOK, 10, STEP), ".185", id="Jones-Westbrook maximum"),
            pytest.param(
                lambda: 100 * float(response(JONES_WESTBROOK, 2000, 1, STEP)) / peak(JONES_WESTBROOK, 1, STEP),
                "24",
                id="Jones-Westbrook left at 1 mM",
            ),
            miss(lambda: peak_ec50(ALPHA1), "31.3", reason="31.2 with the maximum taken at 10 mM"),
            miss(lambda: peak_ec50(JONES_WESTBROOK), "106", reason="104.8"),
            miss(lambda: area_over_peak(JONES_WESTBROOK), "20", reason="20.95 over all time"),
        ],
    )
    def test_regression(self, value, printed):
        assert_prints_as(value(), printed)


def hand_written(scheme, gaba, x):
    """Right-hand side of C0, C1, C2, O1, O2, D1, D2, D3, each equation as on paper."""
    k = {"d3": 0.0, "r3": 0.0, "d1d2": 0.0, "r1r2": 0.0} | {rate.name: rate.value for rate in scheme.rates}
    a1, a2 = k["alpha1"] / x, k["alpha2"] / x
    d1, d2, d3 = (k[name] * x**scheme.desensitisation_exponent for name in ("d1", "d2", "d3"))

    def derivative(_, y):
        c0, c1, c2, o1, o2, s1, s2, s3 = y
        first, second = 2 * k["kon"] * gaba * c0 - k["koff"] * c1, k["kon"] * gaba * c1 - 2 * k["koff"] * c2
        open1, open2 = k["beta1"] * c1 - a1 * o1, k["beta2"] * c2 - a2 * o2
        slow1, slow2, fast = d1 * c1 - k["r1"] * s1, d2 * c2 - k["r2"] * s2, d3 * c2 - k["r3"] * s3
        link = k["d1d2"] * gaba * s1 - k["r1r2"] * s2
        return [
            -first, first - second - open1 - slow1, second - open2 - slow2 - fast,
            open1, open2, slow1 - link, slow2 + link, fast,
        ]  # fmt: skip

    return derivative


class TestResponse:
    @SCHEMES
    @pytest.mark.parametrize("gaba, pulse, x", [(1.0, 0.3, 1.0), (0.02, 5.0, 1.7), (10.0, 50.0, 2.5)])
    def test_against_integrated_equations(self, scheme, gaba, pulse, x):
        times = np.concatenate([np.linspace(0, pulse, 20), pulse + np.geomspace(0.01, 300, 40)])
        inside, options = times <= pulse, {"method": "LSODA", "rtol": 1e-10, "atol": 1e-13}
        on = solve_ivp(hand_written(scheme, gaba, x), (0, pulse), np.eye(8)[0], t_eval=times[inside], **options)
        off = solve_ivp(hand_written(scheme, 0, x), (pulse, times[-1]), on.y[:, -1], t_eval=times[~inside], **options)
        expected = np.concatenate([on.y[3] + on.y[4], off.y[3] + off.y[4]])
        np.testing.assert_allclose(response(scheme, times, gaba, pulse, x), expected, rtol=0, atol=1e-6)

    @SCHEMES
    def test_no_receptor_is_lost(self, scheme):
        occupancy = kinetics._occupancy(scheme, np.geomspace(1e-3, 1e4, 40), 1.0, 10.0, 2.0)
        assert occupancy.min() > -1e-12
        np.testing.assert_allclose(occupancy.sum(axis=-1), 1, atol=1e-8)

    @SCHEMES
    def test_a_long_step_reaches_the_steady_state(self, scheme):
        for gaba in (2e-4, 1.0):
            reached = float(response(scheme, 1e6, gaba, STEP, 1.5))
            assert reached == pytest.approx(steady_state(scheme, gaba, 1.5), rel=1e-5)

    @SCHEMES
    def test_area_and_peak_are_those_of_the_curve(self, scheme):
        times = np.concatenate([np.linspace(0, 5, 5001), np.geomspace(5, 20000, 10001)[1:]])
        curve = response(scheme, times, 1, 0.3, 1.5)
        assert peak(scheme, x=1.5) == pytest.approx(curve.max(), rel=1e-7)
        assert area_over_peak(scheme, x=1.5) == pytest.approx(np.trapezoid(curve, times) / curve.max(), rel=1e-4)

    def test_arrays_of_times_keep_their_shape(self):
        assert response(ALPHA1, np.ones((3, 2)), 1, 0.3).shape == (3, 2)
        assert response(ALPHA1, [], 1, 0.3).shape == (0,)


def around(scheme, *states):
    """Product of the rates round a loop over that of the way back."""
    rates, index = scheme.matrix(1.0, 1.5), [scheme.states.index(state) for state in (*states, states[0])]
    return np.prod([rates[a, b] / rates[b, a] for a, b in zip(index, index[1:])])


class TestReversibility:
    @pytest.mark.parametrize("scheme", [JONES_WESTBROOK, ALPHA1], ids=lambda scheme: scheme.name)
    def test_without_loops_every_transition_balances(self, scheme):
        rates = scheme.matrix(0.1, 1.5)
        occupancy = kinetics._occupancy(scheme, 1e6, 0.1, STEP, 1.5)
        flows = occupancy[:, None] * rates
        np.testing.assert_allclose(flows, flows.T, atol=1e-9)

    def test_the_published_alpha6_rates_cycle(self):
        assert around(ALPHA6, "C1", "C2", "D2", "D1") == pytest.approx(0.097, abs=0.001)


class TestSteroid:
    EFFECT = kinetic_effect(STEROID_NM, alpha1_beta_gamma2())
    DEEPENED_EFFECT = kinetic_effect(STEROID_NM, alpha1_beta_gamma2(), DEEPENED)

    @SCHEMES
    def test_decay_follows_the_hill_law(self, scheme):
        effect = kinetic_effect(STEROID_NM, alpha1_beta_gamma2(), scheme)
        np.testing.assert_allclose(effect["area_over_peak_fold"], decay_factor(STEROID_NM, alpha1_beta_gamma2()))
        assert all(folds[0] == 1 for folds in effect.values())

    @pytest.mark.parametrize("scheme", [JONES_WESTBROOK, DEEPENED], ids=["default", "deepened"])
    def test_steady_state_fold_at_a_decay_fold_of_1_5(self, scheme):
        x = float(steroid_factor(scheme, 1.5))
        assert 1.2 <= steady_state(scheme, 2e-4, x) / steady_state(scheme, 2e-4) <= 1.6

    def test_ipsc_amplitude(self):
        """Less than 5 % change up to 100 nM, which the exponent was fitted to."""
        np.testing.assert_array_less(np.abs(self.EFFECT["ipsc_peak_fold"][STEROID_NM <= 100] - 1), 0.05)

    def test_deepened_desensitisation_lowers_the_ipsc(self):
        """No data: faster entry into D2 competes with opening."""
        np.testing.assert_allclose(self.DEEPENED_EFFECT["ipsc_peak_fold"], [1, 0.958, 0.865, 0.731, 0.627], atol=1e-3)

    @pytest.mark.parametrize("effect", [EFFECT, DEEPENED_EFFECT], ids=["default", "deepened"])
    def test_lower_peak_at_saturating_gaba(self, effect):
        """Wohlfarth et al. 2002: 1 uM lowers the peak at 1 mM GABA, which co-agonist gating cannot."""
        assert effect["saturating_peak_fold"][-1] < 1

    @pytest.mark.parametrize(
        "effect", [miss(EFFECT, reason="+.6 %: with the fitted exponent it falls above 240 nM"), DEEPENED_EFFECT],
        ids=["default", "deepened"],
    )  # fmt: skip
    def test_lower_peak_at_saturating_gaba_in_100_nM(self, effect):
        """Zhu & Vicini 1997, in patches."""
        assert effect["saturating_peak_fold"][STEROID_NM == 100] < 1

    def test_peaks_as_found(self):
        """No data: so that a change shows; the exponent was fitted with the first scheme alone."""
        alpha1, alpha6 = (kinetic_effect(STEROID_NM, alpha1_beta_gamma2(), scheme) for scheme in (ALPHA1, ALPHA6))
        for effect, name, expected in (
            (self.EFFECT, "ipsc_peak_fold", [1, 0.999, 0.994, 0.988, 0.990]),
            (self.EFFECT, "saturating_peak_fold", [1, 1.003, 1.006, 0.997, 0.974]),
            (self.DEEPENED_EFFECT, "saturating_peak_fold", [1, 0.954, 0.854, 0.706, 0.579]),
            (alpha1, "ipsc_peak_fold", [1, 1.001, 1.006, 1.171, 1.398]),
            (alpha6, "ipsc_peak_fold", [1, 1.017, 1.055, 1.118, 1.167]),
        ):
            np.testing.assert_allclose(effect[name], expected, atol=1e-3)

    def test_slower_recovery_alone_does_not_prolong(self):
        """Receptors then stay longer in D2, but open neither more often nor longer."""
        slower = replace(
            JONES_WESTBROOK,
            rates=tuple(
                replace(rate, value=rate.value / 3) if rate.kind == "resensitisation" else rate
                for rate in JONES_WESTBROOK.rates
            ),
        )
        assert area_over_peak(slower) == pytest.approx(area_over_peak(JONES_WESTBROOK), rel=0.02)

    def test_shapes(self):
        grid = np.array([[10.0, 30.0], [100.0, 30.0]])
        assert all(folds.shape == (2, 2) for folds in kinetic_effect(grid, alpha1_beta_gamma2()).values())
        assert steroid_factor(ALPHA1, 1.0).shape == ()


def test_own_rates_are_marked_as_such():
    own = JONES_WESTBROOK.with_rates(alpha2=0.8, koff=1)
    assert {rate.name for rate in own.rates if rate.origin == "assumed"} == {"alpha2"}
    assert area_over_peak(own) < area_over_peak(JONES_WESTBROOK)
    with pytest.raises(InputError, match="unknown rate 'alpha3'; did you mean"):
        JONES_WESTBROOK.with_rates(alpha3=1)


class TestErrors:
    def test_a_decay_out_of_reach(self):
        with pytest.raises(InputError, match="1000 cannot be reached by the scheme 'jones_westbrook'.*give 1 to 47.18"):
            steroid_factor(JONES_WESTBROOK, [1.5, 1000])
        for fold in (0.5, np.nan, np.inf):
            with pytest.raises(InputError, match="cannot be reached"):
                steroid_factor(JONES_WESTBROOK, fold)

    @pytest.mark.parametrize(
        "call, message",
        [
            (lambda: response(ALPHA1, [-1], 1, 0.3), "times_ms: -1"),
            (lambda: peak(ALPHA1, -1, 0.3), "gaba_mM: -1"),
            (lambda: peak(ALPHA1, 1, np.nan), "pulse_ms: nan"),
            (lambda: peak(ALPHA1, 1, 0.3, x=0), "x: 0"),
            (lambda: area_over_peak(ALPHA1, 1, STEP), "no pulse"),
            (lambda: area_over_peak(ALPHA1, 0, 1), "no pulse"),
            (lambda: jones_westbrook(-1), "desensitisation_exponent -1"),
        ],
    )
    def test_bad_arguments(self, call, message):
        with pytest.raises(InputError, match=message):
            call()

    OPENING = Rate("beta", "opening", "C1", "O1", 1, 1.0, "assumed", "test")

    @pytest.mark.parametrize(
        "rates, message",
        [
            ((OPENING,), "leaves C1 without GABA"),
            ((replace(OPENING, kind="binding"),), "has no opening"),
            (
                (replace(OPENING, kind="binding", start="C0", end="C1"), OPENING),
                "never returns from C1 to C0 without GABA",
            ),
        ],
    )
    def test_schemes_that_are_none(self, rates, message):
        with pytest.raises(InputError, match=message):
            Scheme("own", "test", rates)

    @pytest.mark.parametrize("change", [{"value": 0.0}, {"value": np.nan}, {"kind": "closed"}, {"sites": 0}])
    def test_rates_that_are_none(self, change):
        with pytest.raises(InputError, match="beta"):
            replace(self.OPENING, **change)
