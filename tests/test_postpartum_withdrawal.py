"""Delivery: levels and receptors against their equations solved anew, and which changes of the network follow."""

import contextlib
import io

import numpy as np
import postpartum_withdrawal as experiment
import pytest
from scipy.integrate import solve_ivp

from allotone import paired_change, read_table
from allotone.receptors.regulation_presets import mouse_dentate


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The table of `--quick` as it was written, and the lines that were printed."""
    output, printed = tmp_path_factory.mktemp("postpartum") / "new" / "table", io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert experiment.main(["--quick", "--output", str(output)]) == 0
    assert output.with_suffix(".png").stat().st_size > 10_000
    return read_table(output.with_suffix(".h5")), printed.getvalue().splitlines()


def plasma_nM(hour):
    """Logistic rise to delivery, then two exponentials."""
    excess = 49.5 / (1 + np.exp(-(40 + min(hour, 0) / 168 - 24) / 4.5))
    since = max(hour, 0)
    return 0.5 + excess * (0.6 * 2 ** (-since / 0.5) + 0.4 * 2 ** (-since / 9.5))


def infused_nM(hour):
    """30, 60, 90, 60, 30 ug/kg/h into 1.5 L/kg beside 1.5 L/kg, clearance 1.124 and exchange 0.13 L/h/kg."""

    def slope(time, amounts):
        central, peripheral = amounts
        rate = 30 if time < 4 else 60 if time < 24 else 90 if time < 52 else 60 if time < 56 else 30 if time < 60 else 0
        back = 0.13 / 1.5 * peripheral
        return [rate - (1.124 + 0.13) / 1.5 * central + back, 0.13 / 1.5 * central - back]

    solved = solve_ivp(slope, (0, hour), [0, 0], rtol=1e-8, max_step=0.25)
    return solved.y[0, -1] / 1.5 * 1000 / 318.5


def test_levels_are_those_of_pregnancy_and_of_the_infusion(quick):
    plasma = quick[0]["plasma"]
    for hour in (-24, 4, 72):
        assert float(plasma.sel(condition="preset", time=hour)) == pytest.approx(plasma_nM(hour), rel=1e-6)
    with_infusion = float(plasma.sel(condition="slow + infusion", time=72))
    assert with_infusion == pytest.approx(plasma_nM(72) + infused_nM(48), rel=2e-3)
    assert plasma.sel(condition="slow + infusion", time=[-24, 4]).isnull().all()


@pytest.mark.parametrize("recovery, tau", [("preset", 12.0), ("slow", 168 / np.log(2))])
def test_receptors_follow_their_equation(quick, recovery, tau):
    n = {name: number.value for name, number in mouse_dentate().numbers.items()}

    def settled(u):
        cycle, pregnancy = (u**4 / (u**4 + n[K] ** 4) for K in ("K_cycle", "K_pregnancy"))
        return 1 + n["delta_rise"] * cycle - n["delta_fall"] * pregnancy

    def slope(hour, delta):
        return (settled(plasma_nM(hour) / 5) - delta) / tau

    solved = solve_ivp(slope, (-24, 72), [settled(plasma_nM(-24) / 5)], t_eval=[4, 72], rtol=1e-8, max_step=0.1)
    density = quick[0]["tonic_density"].sel(condition=recovery, time=[4, 72])
    np.testing.assert_allclose(density, (solved.y[0] / settled(1)) ** n["tonic_exponent"], rtol=3e-3)
    pregnant = float(quick[0]["tonic_density"].sel(condition=recovery, time=-24))
    # 19.7 over 39.8 pA in pregnant and virgin mice.
    assert pregnant == pytest.approx(19.7 / 39.8, rel=0.15)


def test_fast_receptors_overshoot_and_an_infusion_takes_them_away():
    density = experiment.courses()["tonic_density"]
    assert float(density.sel(condition="preset").max()) > 1.1
    assert float(density.sel(condition="slow").max()) < 0.8
    assert float(density.sel(condition="preset + infusion").min()) < 0.4


def test_gamma_follows_the_receptors(quick):
    gamma = quick[0]["pv_peak_frequency"]
    late = gamma.sel(time=-24)
    assert (late.sel(condition="slow") == late.sel(condition="preset")).all()
    assert (late.sel(condition="slow") - late.sel(condition="no regulation") > 0.5).all()
    after = gamma.sel(time=4)
    assert (after.sel(condition="slow") - after.sel(condition="preset") > 0.3).all()
    assert (gamma.sel(condition="slow + infusion", time=72) < gamma.sel(condition="slow", time=72) - 1).all()


def test_after_an_infusion_less_is_open_than_in_pregnancy():
    tonic = experiment.courses()["tonic_conductance"].sel(condition="preset + infusion")
    lowest = float(tonic.sel(time=slice(84, None)).min())
    assert lowest < 0.5 and float(tonic.sel(time=96)) > 1


def test_what_f_eff_decides(quick):
    change = quick[0]["pv_peak_frequency_by_f_eff"].sel(recovery="slow").diff("f_eff_time")
    assert (change.sel(f_eff=0.22) > change.sel(f_eff=0.022) + 0.3).all()


def test_what_is_printed_follows_from_the_table(quick):
    table, lines = quick
    assert table.attrs["size"] == "quick" and lines[0].startswith("Quick size")
    assert lines[1:-1] == experiment.findings(table)
    assert f"plasma {plasma_nM(-24):.1f} / {plasma_nM(4):.1f} / {plasma_nM(72):.1f} nM" in lines[1]
    flat = table.assign(pv_peak_frequency=0 * table["pv_peak_frequency"] + 34.0)
    told = experiment.findings(flat)[3]
    assert told.count("no change at all") == 3
    assert "not borne out" in experiment.findings(flat)[4]
    gamma = table["pv_peak_frequency"]
    lagging = gamma + (gamma["condition"] == "slow") * (gamma["time"] == 4) * 5.0
    assert "not borne out" not in experiment.findings(table.assign(pv_peak_frequency=lagging))[4]
    below = gamma.sel(condition="slow + infusion", time=72) - gamma.sel(condition="no regulation", time=72)
    healthy = lines[10].split("healthy baseline: ")[1]
    assert f"slow + infusion at 72 h {paired_change(below).text('Hz')}" in healthy
    assert len(experiment.draw(table, experiment.courses()).axes) == 5


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
