"""Inhibitors of 5alpha-reductase: levels against their steady states, and effects of the size that the model can show."""

import contextlib
import io

import numpy as np
import pytest
import reductase_inhibition as experiment

from allotone import paired_change, read_table, schedule

NM_PER_NG_ML = 1000 / 318.5
FOLLICULAR, LUTEAL = 24 * 35.1, 24 * 48.1


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The table of `--quick` as it was written, and the lines that were printed."""
    output, printed = tmp_path_factory.mktemp("reductase") / "new" / "table", io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert experiment.main(["--quick", "--output", str(output)]) == 0
    assert output.with_suffix(".png").stat().st_size > 10_000
    return read_table(output.with_suffix(".h5")), printed.getvalue().splitlines()


def steady_nM(progesterone_nM):
    """0.27 of a 5alpha-DHP of 0.145 + 0.14 P, ng/mL."""
    return 1.8 / 6.7 * (0.145 + 0.94 / 6.7 * progesterone_nM * 314.46 / 1000) * NM_PER_NG_ML


def test_plasma_is_the_chain_at_the_progesterone_of_the_day(quick):
    plasma = quick[0]["cycle_plasma"].sel(condition="untreated")
    for hour in (FOLLICULAR, LUTEAL):
        progesterone = schedule("menstrual_cycle", day=1).progesterone([hour - 24]) / (1e-9 * 1e3)
        found = float(plasma.sel(cycle_time=hour, method="nearest"))
        assert found == pytest.approx(steady_nM(float(progesterone[0])), rel=0.02)


@pytest.mark.parametrize("dose", [0.5, 2.5])
def test_dutasteride_scales_plasma_and_brain_by_what_it_leaves_of_the_enzyme(quick, dose):
    table = quick[0]
    for name in ("plasma", "brain"):
        values = table[f"cycle_{name}"].sel(cycle_time=LUTEAL, method="nearest")
        share = float(values.sel(condition=f"{dose} mg/day") / values.sel(condition="untreated"))
        accumulated = 1 - 2 ** (-19 / 35)
        assert share == pytest.approx(1 / (1 + dose * accumulated / 0.35), rel=0.01)
    assert (share < 1 / 3) == (dose == 2.5)


def test_men_lose_the_tone_that_finasteride_takes_from_the_brain(quick):
    brain = quick[0]["men_brain"].sel(men_time=4)
    untreated = 3 * steady_nM(0.6) + 15
    left = {"finasteride": 0.9 / 3 + 0.1 / 100, "isolation": 0.5, "SSRI": 2}
    for state, share in left.items():
        assert float(brain.sel(state=state)) == pytest.approx(share * untreated, rel=1e-3)
    assert float(quick[0]["men_brain"].sel(state="block", men_time=-0.5)) == pytest.approx(untreated, rel=1e-3)
    assert float(brain.sel(state="block")) < 1e-6 * untreated


def test_rat_enzymes_are_inhibited_at_their_constants(quick):
    curve = quick[0]["rat_synthesis"]
    doses = curve["inhibitor_concentration"].values
    type_1 = curve.sel(enzyme="rat type 1", hour=24)
    np.testing.assert_allclose(type_1, 1 / (1 + doses / 10.2), rtol=1e-6)
    occupied = doses / (doses + 1.19)
    # In 24 h with a turnover that is itself slower, the enzyme has come near the balance of inactivation and renewal.
    balance = 0.0144 / (0.0144 + 3600 * 0.00162 * occupied) * (1 - occupied)
    strong = doses > 0.1
    np.testing.assert_allclose(curve.sel(enzyme="rat type 2", hour=24)[strong], balance[strong], rtol=0.15, atol=1e-4)


def test_a_more_sensitive_network_is_slower_and_dutasteride_speeds_it_up(quick):
    gamma = quick[0]["cycle_pv_peak_frequency"].sel(cycle_time=LUTEAL, method="nearest")
    sensitive = gamma.sel(condition="untreated, f_eff x 3.3")
    assert (sensitive < gamma.sel(condition="untreated")).all()
    assert (gamma.sel(condition="2.5 mg/day, f_eff x 3.3") > sensitive).all()
    assert (abs(gamma.sel(condition="2.5 mg/day") / gamma.sel(condition="untreated") - 1) < 0.01).all()


def test_equal_concentrations_are_equal_runs(quick):
    gamma = quick[0]["men_pv_peak_frequency"]
    for state in ("isolation", "SSRI"):
        assert (gamma.sel(state=state, men_time=-0.5) == gamma.sel(state=state, men_time=4)).all()
    assert (gamma.sel(state="block", men_time=-0.5) == gamma.sel(state="finasteride", men_time=-0.5)).all()


def test_what_is_printed_follows_from_the_table(quick):
    table, lines = quick
    assert table.attrs["size"] == "quick" and lines[0].startswith("Quick size")
    assert lines[1:-1] == experiment.findings(table)
    assert "15.4 nmol/kg untreated, 4.6 under finasteride" in lines[5]
    assert "tissue 15.4 to 4.6" in lines[6]
    gamma = table["men_pv_peak_frequency"]
    # Without its own synthesis the brain has Kp and f_eff times plasma; finasteride leaves 0.301.
    plasma = 0.067 * 3 * steady_nM(0.6)
    assert f"0 nmol/kg {plasma:.2g} to {0.301 * plasma:.2g} nM" in lines[7]
    louder = table.assign(men_pv_peak_frequency=gamma + (gamma["men_time"] > 0) * (gamma["state"] == "finasteride"))
    less = gamma.sel(state="finasteride", men_time=4) + 1 - gamma.sel(state="block", men_time=4)
    assert f"less a full block: {paired_change(less).text('Hz', 3)}" in experiment.findings(louder)[8]
    assert len(experiment.draw(table).axes) == 9


def test_one_seed_has_no_spread_and_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "at least 2" in capsys.readouterr().err
