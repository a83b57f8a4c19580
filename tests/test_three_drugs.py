"""Three drugs in one network, made small: what each acts on, its controls, and that matched doses match."""

import re

import numpy as np
import pytest
import three_drugs as experiment
from scipy.stats import t as student

from allotone import Network, decay_factor, read_table, receptor, tonic_fold

GAMMA2, DELTA = receptor("alpha1_beta_gamma2"), receptor("alpha4_beta_delta")


@pytest.fixture(scope="module")
def network():
    return Network.load("principal_pv")


@pytest.fixture(scope="module")
def table():
    return experiment.three_drugs(levels=(0, 3, 5), seeds=2, duration="1.5 s", show_progress=False)


def test_each_drug_acts_where_it_should(network):
    folds, decays = experiment.factors(network, "allopregnanolone", 100)
    assert folds["populations.principal.tonic.delta"] == pytest.approx(float(tonic_fold(0.16, 100, DELTA)), rel=1e-12)
    assert decays["projections.pv_to_pv"] == pytest.approx(float(decay_factor(100, GAMMA2)), rel=1e-12)
    folds, decays = experiment.factors(network, "zolpidem", 500)
    assert set(folds.values()) == {1.0} and min(decays.values()) > 1.3
    folds, decays = experiment.factors(network, "THIP", 1000)
    assert set(decays.values()) == {1.0} and min(folds.values()) > 1.5
    expected = float(tonic_fold(0.16, 0, DELTA, ligands={"thip": 1.0}))
    assert folds["populations.principal.tonic.delta"] == pytest.approx(expected, rel=1e-12)


def test_drugs_multiply_what_is_there(network):
    richer = network.override({"medium.gaba": "0.4 uM"})
    treated = experiment.treated(richer, "THIP", 1000).definition.schema
    expected = float(tonic_fold(0.4, 0, DELTA, ligands={"thip": 1.0}) / tonic_fold(0.4, 0, DELTA))
    assert float(treated.populations["principal"].tonic["delta"].density) == pytest.approx(expected, rel=1e-12)
    slow = network.override({"projections.pv_to_pv.decay_factor": 2.0})
    treated = experiment.treated(slow, "zolpidem", 1000).definition.schema
    expected = 2 * float(decay_factor(0, GAMMA2, {"zolpidem": 1.0}))
    assert treated.projections["pv_to_pv"].decay_factor == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("drug", "receptors"), [("zolpidem", "gamma2 insensitive"), ("allopregnanolone", "recombinant")]
)
def test_nothing_to_act_on_leaves_the_definition_as_it_was(network, drug, receptors):
    dose = 1000 if drug == "zolpidem" else 0
    assert experiment.treated(network, drug, dose, receptors).definition.sha256 == network.definition.sha256


def test_controls_take_the_effect_away(table):
    rate = table["pv_mean_rate"]
    thip = rate.sel(drug="THIP", receptors="delta knock-out")
    np.testing.assert_array_equal(thip.sel(level=5), thip.sel(level=0))
    zolpidem = rate.sel(drug="zolpidem", receptors="gamma2 insensitive")
    np.testing.assert_array_equal(zolpidem.sel(level=5), zolpidem.sel(level=0))
    assert not table["principal_mean_g_tonic"].sel(receptors="delta knock-out").any()


def test_tonic_conductance_follows_the_fold(table, network):
    """Within 6 %, for the conductance also rectifies with the mean potential."""
    g_tonic = table["principal_mean_g_tonic"].sel(receptors="wild type").mean("seed")
    for drug in experiment.DOSES_NM:
        folds, _ = experiment.factors(network, drug, experiment.DOSES_NM[drug][5])
        found = float(g_tonic.sel(drug=drug, level=5) / g_tonic.sel(drug=drug, level=0))
        assert found == pytest.approx(folds["populations.principal.tonic.delta"], rel=0.06)


def test_directions(table):
    for drug in experiment.DOSES_NM:
        assert (experiment.change(table, "pv_mean_rate", drug) < -3).all()
    for drug in ("allopregnanolone", "zolpidem"):
        assert (experiment.change(table, "principal_mean_rate", drug) < -0.1).all()
    # THIP silences interneurons too: principal cells fall only where those are spared.
    assert (experiment.change(table, "principal_mean_rate", "THIP") > -0.05).all()
    spared = experiment.change(table, "principal_mean_rate", "THIP", "PV delta insensitive")
    assert (spared < -0.15).all()


def test_matched_doses_match(table, network):
    added = table["matched_added_conductance"].values
    np.testing.assert_allclose(added, added[0], rtol=1e-6)
    largest = {drug: doses[-1] for drug, doses in experiment.DOSES_NM.items()}
    share = table["matched_dose"].values / list(largest.values())
    assert np.all((share > 0) & (share < 1.001)) and share.max() == pytest.approx(1, abs=1e-6)
    equal = experiment.matched_by_rate(table)
    rates = [one["pv_mean_rate"] for one in equal.values()]
    np.testing.assert_allclose(rates, rates[0], rtol=1e-9)
    for drug, one in equal.items():
        assert 0 < one["dose"] <= largest[drug] * (1 + 1e-9)


def test_closing_lines_and_figure(table, monkeypatch, tmp_path, capsys):
    asked = {}
    monkeypatch.setattr(experiment, "three_drugs", lambda **settings: asked.update(settings) or table.copy())
    assert experiment.main(["--quick", "--output", str(tmp_path / "new" / "drugs")]) == 0
    assert asked == {"levels": (0, 3, 5), "seeds": 2, "duration": "1.5 s"}
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("Quick size: ") and lines[1].startswith("Put in ")
    folds, _ = experiment.factors(Network.load("principal_pv"), "THIP", 3000)
    fold = folds["populations.principal.tonic.delta"]
    assert f"THIP at 3000 nM tonic conductance x{fold:.2f}, decay of IPSCs x1.00" in lines[1]
    fall = experiment.change(table, "pv_mean_rate", "zolpidem")
    assert f"{np.mean(fall):+.0f}" == f"{float(re.search('PV cells ([^ ]+) ', lines[3])[1]):+.0f}"
    assert lines[3].startswith("zolpidem, 1000 nM")
    assert not any(re.search(r"\de[+-]\d", line) for line in lines[:-1])
    fall = experiment.change(table, "pv_peak_frequency", "zolpidem")
    margin = student.ppf(0.975, 1) * fall.std(ddof=1) / np.sqrt(2)
    assert f": {experiment.judged(fall.mean(), margin)} with 2 seeds" in lines[9]
    there = read_table(tmp_path / "new" / "drugs.h5")
    assert there.attrs["size"] == "quick"
    np.testing.assert_array_equal(there["pv_peak_frequency"], table["pv_peak_frequency"])
    figure = experiment.draw(there)
    assert [ax.get_ylabel() for ax in figure.axes] == 2 * list(experiment.SHOWN.values())
    drawn = figure.axes[1].lines[0].get_ydata()
    expected = table["pv_mean_rate"].sel(drug="allopregnanolone", receptors="wild type", level=[3, 5]).mean("seed")
    np.testing.assert_allclose(drawn, expected)


@pytest.mark.parametrize(
    ("fall", "margin", "said"),
    [(-5, 1, "met"), (5, 1, "missed"), (-5, 9, "not resolved"), (5, 9, "not resolved"), (0, 0, "not resolved")],
)
def test_a_verdict_needs_an_interval_without_0(fall, margin, said):
    assert experiment.judged(fall, margin) == said


def test_one_seed_is_refused(capsys):
    assert experiment.main(["--seeds", "1"]) == 2
    assert "leaves no spread" in capsys.readouterr().err
