"""The amygdala under the steroid, made small: directions of rates and gamma, where receptors act, what is printed."""

import itertools

import bla_states
import numpy as np
import pytest

from allotone import Network, read_table


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("bla_states") / "bla.h5"


@pytest.fixture(scope="module")
def table(path):
    return bla_states.bla_states(
        path, doses_nM=(0, 100), seeds=2, duration="1.2 s", discard="0.2 s", show_progress=False
    )


def test_steroid_slows_pv_cells_and_weakens_gamma_in_every_genotype(table):
    for genotype in bla_states.GENOTYPES:
        rate = bla_states.at(table["pv_mean_rate"], genotype)
        assert (rate.sel(allopregnanolone=100) < rate.sel(allopregnanolone=0)).all()
        for signal in bla_states.SIGNALS:
            assert bla_states.change_dB(table, signal, "gamma", genotype, 100).mean() < 0


def test_every_genotype_is_another_network_and_shares_its_seed(table):
    rate = table["pv_mean_rate"]
    genotypes = [bla_states.at(rate, name).values for name in bla_states.GENOTYPES]
    assert all((one != other).any() for one, other in itertools.combinations(genotypes, 2))
    network = Network.load("bla")
    run = network.run(duration="1.2 s", discard="0.2 s", seed=1, record=bla_states.RECORDED)
    assert float(rate.sel(allopregnanolone=0, density=1.0, principal_density=1.0, seed=1)) == float(
        run.statistics["pv"]["mean_rate"].value
    )


def test_band_powers_are_those_of_the_spectrum(table):
    """The band's integral of the spectrum that is kept, whose lines are 1 Hz apart: half of those at its borders."""
    spectrum = table["lfp_spectrum"]
    for band, (low, high) in bla_states.BANDS.items():
        inside = spectrum.sel(frequency=slice(low, high))
        power = inside.sum("frequency") - (inside.sel(frequency=low) + inside.sel(frequency=high)) / 2
        np.testing.assert_allclose(table["lfp_proxy"].sel(band=band), power, rtol=1e-6)


def test_rate_of_principal_cells_counts_every_spike_once():
    run = Network.load("bla").run(duration="50 ms", seed=1, record=bla_states.RECORDED)
    spikes = sum(run.spikes[name].node_ids.size for name in bla_states.PRINCIPAL)
    counted = bla_states._rate(run, bla_states.PRINCIPAL, 0.0, 0.05).sum() * 800 * bla_states.TICK_S
    assert spikes > 0 and counted == pytest.approx(spikes)


def test_table_findings_and_figure(path, table):
    there = read_table(path)
    for name in table.data_vars:
        np.testing.assert_array_equal(there[name], table[name])
    assert [there[name].attrs["units"] for name in bla_states.SIGNALS] == ["pA2", "Hz2", "Hz2"]
    lines = bla_states.findings(there)
    rate = float(bla_states.at(table["pv_mean_rate"], "wild type").sel(allopregnanolone=0).mean())
    assert f"pv {rate:.2f} Hz -" in lines[0]
    theta = bla_states.change_dB(table, "lfp_proxy", "theta", "no δ", 100).mean()
    assert f"no δ {theta:+.2f} dB" in lines[1]
    assert "published gamma 50 to 70 Hz" in lines[-2]
    figure = bla_states.draw(there)
    assert [ax.get_title("left") for ax in figure.axes[3:6]] == ["2–6 Hz", "6–12 Hz; published: up, by δ", "30–80 Hz"]
    drawn = figure.axes[5].containers[0].lines[0].get_ydata()
    np.testing.assert_allclose(drawn[1], bla_states.change_dB(table, "lfp_proxy", "gamma", "wild type", 100).mean())
