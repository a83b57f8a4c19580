"""The progenitor against an independent integration, and what allopregnanolone does to it: sign, block, chloride."""

import depolarising_gaba as experiment
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from allotone import Network, read_table, receptor, tonic_fold, write_table
from allotone.receptors import direct_open_probability, open_probability, rectification_factor, reversal_potential

DOSES = (0, 100, 300, 1000, 10000)
PREPARATIONS = ("slice", "recombinant", "insensitive")


@pytest.fixture(scope="module")
def response():
    return experiment.response(DOSES, (6, 15, 25), PREPARATIONS, show_progress=False)


@pytest.fixture(scope="module")
def without_gaba():
    return experiment.without_gaba((0, 1000, 10000, 100000), PREPARATIONS, show_progress=False)


@pytest.fixture(scope="module")
def time_course():
    return experiment.time_course()


@pytest.fixture(scope="module")
def table(response, without_gaba, time_course):
    return response.merge(without_gaba).merge(time_course)


def steady_calcium_gate(v, g_CaL):
    """Free calcium (nM) and L-type current (pA) at a held potential (mV), where influx and removal are equal."""
    m = 1 / (1 + np.exp(-(v + 33) / 6.7))
    h = 1 / (1 + np.exp((v + 13.4) / 11.9))
    litres = np.pi * 13.2e-5**3 / 6
    per_pA = 1e9 * 1e-12 / (2 * 96485.33 * litres * 86)

    def gap(calcium):
        current = g_CaL * m**2 * h * 1000 / (1000 + calcium) * (v - 120)
        return 50 - per_pA * current - calcium

    calcium = brentq(gap, 1, 1e6)
    return calcium, g_CaL * m**2 * h * 1000 / (1000 + calcium) * (v - 120)


def outward(v, fold, E_gaba, g_CaL=0.5, rectification=True):
    """Steady current (pA) of the cell at a potential (mV), outward positive."""
    potassium = 2.6 / (1 + np.exp(-(v + 20.5) / 7.8)) * (v + 90)
    tonic = 0.085 * fold * float(rectification_factor(v, "weak")) * (v - E_gaba)
    return 0.19 * (v + 75) + potassium + steady_calcium_gate(v, g_CaL)[1] + tonic


def E_gaba(chloride):
    return 1000 * float(np.asarray(reversal_potential(chloride)))


@pytest.mark.parametrize("preparation", ["slice", "recombinant"])
@pytest.mark.parametrize("chloride", [6, 15, 25])
@pytest.mark.parametrize("dose", [0, 300, 10000])
def test_steady_state_is_that_of_the_currents(response, dose, chloride, preparation):
    fold = float(tonic_fold(0.16, dose, receptor("alpha4_beta_delta", preparation)))
    for l_type, g_CaL in (("open", 0.5), ("blocked", 0.0)):
        v = brentq(lambda v, g=g_CaL: outward(v, fold, E_gaba(chloride), g), -100, -20)
        found = response.sel(allopregnanolone=dose, chloride_in=chloride, preparation=preparation, l_type=l_type)
        assert float(found["v"]) == pytest.approx(v, abs=0.01)
        assert float(found["calcium"]) == pytest.approx(steady_calcium_gate(v, g_CaL)[0], rel=1e-4)


def test_time_course_is_that_of_an_adaptive_solver(time_course):
    fold = {True: float(tonic_fold(0.16, 300, receptor("alpha4_beta_delta"))), False: 1.0}
    litres = np.pi * 13.2e-5**3 / 6

    def rate(t, y, E):
        v, h, calcium = y
        m = 1 / (1 + np.exp(-(v + 33) / 6.7))
        current = 0.5 * m**2 * h * 1000 / (1000 + calcium) * (v - 120)
        potassium = 2.6 / (1 + np.exp(-(v + 20.5) / 7.8)) * (v + 90)
        tonic = 0.085 * fold[t > 5000] * float(rectification_factor(v, "weak")) * (v - E)
        influx = -current * 1e-12 / (2 * 96485.33 * litres * 86) * 1e9 * 1e-3
        return [
            -(0.19 * (v + 75) + potassium + current + tonic) / 5.5,
            (1 / (1 + np.exp((v + 13.4) / 11.9)) - h) / 14.8,
            influx - (calcium - 50) / 1000,
        ]

    times = np.array([20, 200, 2000, 4900, 5500, 7000, 12000])
    for cell, chloride in (("newborn", 25), ("mature", 6)):
        start = [-65, 1 / (1 + np.exp((-65 + 13.4) / 11.9)), 50]
        solution = solve_ivp(
            rate, (0, 12000), start, t_eval=times, args=(E_gaba(chloride),), rtol=1e-8, atol=1e-8, max_step=20
        )
        recorded = time_course.sel(cell=cell).interp(time=times / 1000)
        # Recorded every 50 ms; the step of the schedule is a slope of 15 ms, within a membrane time constant.
        settled = times >= 200
        np.testing.assert_allclose(recorded["v_course"].values[settled], solution.y[0][settled], atol=0.02)
        np.testing.assert_allclose(recorded["calcium_course"].values[settled], solution.y[2][settled], atol=0.05)


def test_resting_state_is_what_the_cell_was_fitted_to():
    """-65 mV and 3.5 GOhm with 25 mM chloride; no second resting state, whatever the chloride and the steroid."""
    rest = brentq(lambda v: outward(v, 1.0, E_gaba(25)), -100, -20)
    assert rest == pytest.approx(-65, abs=0.5)
    slope_nS = (outward(rest + 0.5, 1.0, E_gaba(25)) - outward(rest - 0.5, 1.0, E_gaba(25))) / 1
    assert 1 / slope_nS == pytest.approx(3.5, abs=0.4)
    potentials = np.linspace(-95, 0, 400)
    for chloride in (5, 25, 38):
        for fold in (1.0, 5.0, 40.0):
            currents = np.array([outward(v, fold, E_gaba(chloride)) for v in potentials])
            assert np.count_nonzero(np.diff(np.sign(currents))) == 1


def test_newborn_is_depolarised_and_lets_calcium_in_and_mature_is_not(response):
    change = response - response.sel(allopregnanolone=0)
    for preparation in ("slice", "recombinant"):
        newborn = change.sel(chloride_in=25, l_type="open", preparation=preparation)
        assert (newborn["v"].diff("allopregnanolone") > 0).all()
        assert (newborn["calcium_rise"].diff("allopregnanolone") > 0).all()
        assert float(newborn["v"].sel(allopregnanolone=300)) > 5
        mature = change.sel(chloride_in=6, l_type="open", preparation=preparation)
        assert float(abs(mature["v"]).max()) < 2
        ratio = float(mature["calcium_rise"].max() / newborn["calcium_rise"].max())
        assert 0 <= ratio < 0.01
        rise = change["calcium_rise"].sel(allopregnanolone=1000, l_type="open", preparation=preparation)
        assert (rise.diff("chloride_in") > 0).all()


def test_block_of_the_current_leaves_depolarisation_without_calcium(response):
    blocked = response.sel(l_type="blocked")
    np.testing.assert_allclose(blocked["calcium"], 50, rtol=1e-9)
    depolarised = blocked["v"].sel(chloride_in=25, preparation="slice")
    assert float(depolarised.sel(allopregnanolone=300) - depolarised.sel(allopregnanolone=0)) > 5


def test_insensitive_receptors_take_the_effect_away(response):
    same = response.sel(preparation="insensitive")
    np.testing.assert_allclose(same["v"], same["v"].sel(allopregnanolone=0).broadcast_like(same["v"]), atol=1e-9)
    assert not np.any(same["calcium_rise"])


class TestWithoutGABA:
    def test_conductance_is_that_of_direct_gating(self, without_gaba):
        for preparation in ("slice", "recombinant"):
            delta = receptor("alpha4_beta_delta", preparation)
            for dose in (0, 1000, 100000):
                found = without_gaba.sel(direct_allopregnanolone=dose, preparation=preparation)
                relative = direct_open_probability(dose, delta) / open_probability(0.16, 0, delta)
                factor = rectification_factor(float(found["direct_v"]), "weak")
                assert float(found["direct_g_tonic"]) == pytest.approx(float(0.085 * relative * factor), rel=1e-6)

    def test_is_far_weaker_than_in_ambient_gaba_even_at_100_uM(self, without_gaba, response):
        ambient = response["calcium_rise"].sel(chloride_in=25, l_type="open", allopregnanolone=1000)
        for preparation in ("slice", "recombinant"):
            direct = without_gaba["direct_calcium_rise"].sel(preparation=preparation)
            assert float(direct.max()) < 0.05 * float(ambient.sel(preparation=preparation))

    def test_needs_a_constitutive_share(self):
        """With the network's own share of 0 the steroid has nothing to act on."""
        run = Network.load("neural_progenitor").override({"medium.gaba": "0 uM"}).run(
            "12 s", allopregnanolone="100000 nM", record=experiment._record("newborn"), statistics=()
        )  # fmt: skip
        assert experiment.final_state(run)["g_tonic"] == 0


def test_half_maximal_dose(response):
    assert 100 < experiment.half_maximal_dose(response, "recombinant") < 1000
    made = response.copy()
    made["calcium_rise"] = made["calcium_rise"] * 0 + made["allopregnanolone"] / (made["allopregnanolone"] + 100)
    assert experiment.half_maximal_dose(made, "slice") == pytest.approx(100, rel=0.05)


def test_chloride_of_a_reversal_potential():
    for chloride in (5.0, 38.0):
        assert experiment.chloride_for(E_gaba(chloride)) == pytest.approx(chloride, rel=1e-6)


def test_quick_run_writes_table_figure_and_lines(table, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(
        experiment, "response", lambda **few: table[["v", "calcium", "g_tonic", "calcium_rise", "E_gaba"]]
    )
    monkeypatch.setattr(
        experiment, "without_gaba", lambda: table[[f"direct_{n}" for n in (*experiment.UNITS, "calcium_rise")]]
    )
    monkeypatch.setattr(experiment, "time_course", lambda: table[[f"{n}_course" for n in experiment.UNITS]])
    assert experiment.main(["--quick", "--output", str(tmp_path / "new" / "gaba")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9
    assert lines[0].startswith("Quick size: ") and lines[1].startswith("Put in: ")
    change = table["v"].sel(preparation="slice", l_type="open", chloride_in=25)
    change = float(change.sel(allopregnanolone=300) - change.sel(allopregnanolone=0))
    assert f"{change:+.1f} / " in lines[2]
    assert "110 +- 15 nM" in lines[5] and "8 mM for -68.2 mV" in lines[7] and "recalled" in lines[7]
    there = read_table(tmp_path / "new" / "gaba.h5")
    assert there.attrs["size"] == "quick"
    np.testing.assert_array_equal(there["calcium_rise"], table["calcium_rise"])
    assert (tmp_path / "new" / "gaba.png").exists()
    write_table(there, tmp_path / "again.h5")
    labels = {ax.get_ylabel() for ax in experiment.draw(there).axes}
    assert labels == {"potential (mV)", "calcium (nM)", "calcium rise (nM)"}
