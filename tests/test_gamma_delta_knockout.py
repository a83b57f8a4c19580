"""Loss of delta receptors and the steroid, made small: the three claims, what undoes them, and the contrasts."""

import gamma_delta_knockout as experiment
import numpy as np
import pytest

from allotone import read_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("gamma_delta_knockout") / "knockout.h5"


@pytest.fixture(scope="module")
def table(path):
    preparations = {name: experiment.PREPARATIONS[name] for name in ("slice", "synapses insensitive")}
    return experiment.gamma_delta_knockout(
        path, densities=(0.0, 0.5, 1.0), reversals_mV=(-75,), preparations=preparations, seeds=2, duration="1.1 s",
        workers=1, show_progress=False,
    )  # fmt: skip


def of(table, name, preparation="slice"):
    """An effect on the gamma frequency, Hz, array (seed,)."""
    found = experiment.effect(experiment.rhythm(table)["gamma_frequency"], name)
    return found.sel(preparation=preparation, E_gaba=-75).values


def test_claims(table):
    loss, interaction, half = experiment.CLAIMS
    assert (of(table, loss) > 1).all()
    assert (of(table, interaction) < 0).all()
    # The steroid slows gamma through the synapses too, so that fewer receptors do not make up for it.
    assert (of(table, half) < -2).all()
    assert (np.abs(of(table, half, "synapses insensitive")) < 0.5).all()
    assert (of(table, "100 nM, main effect") < of(table, "100 nM, main effect", "synapses insensitive")).all()


def test_without_receptors_or_steroid_only_what_is_left_acts(table):
    frequency = table["pv_peak_frequency"].sel(E_gaba=-75)
    np.testing.assert_array_equal(*(frequency.sel(allopregnanolone=0, preparation=p) for p in table["preparation"]))
    untouched = frequency.sel(density=0, preparation="synapses insensitive")
    np.testing.assert_array_equal(*(untouched.sel(allopregnanolone=dose) for dose in (0, 100)))


def test_every_effect_is_a_contrast_and_reads_a_made_up_table_right(table):
    assert all(abs(sum(weights.values())) < 1e-12 for weights in experiment.EFFECTS.values())
    frequency = experiment.rhythm(table)["gamma_frequency"]
    dose, density = frequency["allopregnanolone"] / 100, frequency["density"]
    made_up = 50 - 2 * dose - 3 * density - 4 * dose * density + 0 * frequency
    expected = (3, -4, -2 - 1.5 - 2 + 3, 3 + 2, -2 - 2)
    for name, value in zip(experiment.EFFECTS, expected, strict=True):
        np.testing.assert_allclose(experiment.effect(made_up, name), value)


def test_few_cells_make_no_rhythm(table):
    silenced = table.assign(pv_active_fraction=0.1 * table["pv_active_fraction"].where(table["density"] == 1, 10))
    assert np.isnan(of(silenced, "interaction")).all()
    assert any("undefined (too few cells fire)" in line for line in experiment.findings(silenced))


def test_sentences_and_figure(path, table):
    there = read_table(path)
    lines = experiment.findings(there)
    assert f"-75 mV {of(table, experiment.CLAIMS[0]).mean():+.2f} Hz (" in lines[1] and lines[1].startswith("(a)")
    assert f"-75 mV {of(table, 'interaction').mean():+.2f} Hz (" in lines[2]
    assert any(line.startswith("synapses insensitive, -75 mV") for line in lines)
    figure = experiment.draw(there)
    drawn = figure.axes[0].lines[0].get_ydata()
    expected = table["pv_peak_frequency"].sel(preparation="slice", E_gaba=-75, allopregnanolone=0).mean("seed")
    np.testing.assert_allclose(drawn, expected)
