"""The experiment on alpha by potentiated synapses, made small: its directions, its sentences and its figure."""

import alpha_by_potentiation as experiment
import numpy as np
import pytest

from allotone import read_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("alpha") / "alpha.h5"


@pytest.fixture(scope="module")
def table(path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "CONDITIONS", {"peak x1": experiment.CONDITIONS["peak x1"]})
        patch.setattr(experiment, "DISCARD_S", 0.35)
        # The whole step again, which needs no other binary: the scoreboard looks at half of it.
        patch.setattr(experiment, "HALF_STEP", "0.01 ms")
        return experiment.alpha_by_potentiation(
            path, factors=(1.0, 3.0), doses_nM=(100,), checked=(1.0, 3.0), seeds=2, duration_s=0.6, show_progress=False
        )


def test_both_factors_together_make_alpha(table):
    rate = table["tc_mean_rate"]
    assert (rate.sel(amplitude_factor=1) == 0).all()
    both = table.sel(amplitude_factor=3, decay_factor=3)
    assert (both["tc_mean_rate"] > 10).all() and (both["tc_active_windows"] == 1).all()
    assert (np.abs(both["tc_peak_frequency"] - 10.5) < 3).all()
    assert experiment.sustained(table).sel(amplitude_factor=3, decay_factor=3)


def test_decay_alone_leaves_the_cells_silent(table):
    assert (table["dose_tc_mean_rate"] == 0).all() and table["dose_tc_peak_frequency"].isnull().all()


def test_same_step_gives_the_same(table):
    whole = table["tc_mean_rate"].sel(amplitude_factor=3, decay_factor=3)
    np.testing.assert_array_equal(table["half_step_tc_mean_rate"].sel(factor=3), whole)
    assert experiment.step_change(table, "mean_rate", 3.0).text("Hz") == "no change at all"


def test_sentences_and_figure_show_the_table(path, table):
    there = read_table(path)
    for name in table.data_vars:
        np.testing.assert_array_equal(there[name], table[name])
    lines = experiment.findings(there)
    assert "fire at 0.00 Hz after 1 s" in lines[0]
    assert f"at {int(experiment.sustained(table).sum())} of 4 settings" in lines[1]
    assert "no change at all at x1" in lines[-1]
    axes = experiment.draw(there).axes
    silent, alpha = (line.get_ydata() for line in axes[3].lines[:2])
    assert silent[-25:].max() == 0 and alpha[-25:].max() > alpha.min()
