"""The experiment on sleep rhythms, made small: what the drugs are given to act on, the directions asked, the figure."""

import numpy as np
import pytest
import sleep_rhythms as experiment

from allotone import read_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("sleep") / "sleep.h5"


@pytest.fixture(scope="module")
def table(path):
    short = {"thalamus_tc_re": ("0.9 s", "0.3 s")}
    return experiment.sleep_rhythms(path, short, ("none", "THIP"), ("wild type",), seeds=2, show_progress=False)


def settings(drug, genotype="wild type"):
    """Densities of both tonic receptors and decay factors of both GABA-A projections."""
    schema = experiment.treated("thalamus_tc_re", drug, genotype).definition.schema
    tonic = schema.populations["tc"].tonic
    return (
        *(float(tonic[key].density) for key in ("delta", "gamma2")),
        *(schema.projections[key].decay_factor for key in ("re_to_tc", "re_to_re")),
    )


def test_each_drug_acts_where_it_binds():
    delta, gamma2, relay, reticular = settings("THIP")
    assert 4 < delta < 5.5 and 2 < gamma2 < 3 and relay == reticular == 1
    delta, gamma2, relay, reticular = settings("zolpidem")
    assert delta == 1 and 1.4 < reticular < relay < 1.8
    assert settings("allopregnanolone") == settings("none") == (1, 1, 1, 1)
    assert settings("THIP", "delta knock-out")[0] == 0


def test_the_network_bursts_in_its_sleep(table):
    asleep = table.sel(drug="none")
    assert (asleep["tc_rate"] > 2).all() and (asleep["tc_bursts"] > 0.2).all()
    assert (asleep["tc_spindle"] > asleep["tc_slow"]).all()
    assert (experiment.change(table, "rate", "THIP", "thalamus_tc_re") != 0).all()


def test_verdicts_follow_the_interval(table):
    clear = table.copy(deep=True)
    clear["tc_slow"].loc[{"drug": "THIP"}] = clear["tc_slow"].sel(drug="none") + [[1.0, 1.1]]
    assert experiment.verdict(clear, "THIP", "slow", "thalamus_tc_re") == "as published"
    clear["tc_slow"].loc[{"drug": "THIP"}] = clear["tc_slow"].sel(drug="none") - [[1.0, 1.1]]
    assert experiment.verdict(clear, "THIP", "slow", "thalamus_tc_re") == "against it"
    clear["tc_slow"].loc[{"drug": "THIP"}] = clear["tc_slow"].sel(drug="none") + [[-1.0, 1.1]]
    assert experiment.verdict(clear, "THIP", "slow", "thalamus_tc_re") == "not resolved"
    assert "THIP slow not resolved" in experiment.findings(clear)[-1]


def test_sentences_and_figure_show_the_table(path, table):
    there = read_table(path)
    np.testing.assert_array_equal(there["tc_spindle"], table["tc_spindle"])
    mean = float(table["tc_rate"].sel(drug="none").mean())
    assert f"wild type: {mean:.2f} Hz" in experiment.findings(there)[0]
    axes = experiment.draw(there).axes
    np.testing.assert_allclose(axes[2].lines[0].get_ydata(), table["tc_rate"].mean("seed").values.ravel())
