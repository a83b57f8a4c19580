"""Gain and offset of granule cells, made small: directions, release of their synapses against its source, sentences."""

import gain_and_offset
import numpy as np
import pytest

from allotone import Network, read_table
from allotone.published.networks.granule_cell import Hill, hill, rheobase, step_slope
from allotone.synapses import PLASTICITIES

CONDITIONS = {name: gain_and_offset.CONDITIONS[name] for name in ("0 nS", "0.438 nS", "0.438 nS, 300 nM")}
# Amplitude of the source in nS, and what a spike at rest releases of it.
AMPLITUDES = {
    "ampa_direct_fast": (3.724, 0.1249),
    "ampa_direct_slow": (0.3033, 0.1249),
    "ampa_spillover_fast": (0.2487, 0.2792),
    "ampa_spillover_middle": (0.2799, 0.2792),
    "ampa_spillover_slow": (0.1268, 0.2792),
    "nmda_fast": (17.0, 0.0322),
    "nmda_slow": (2.645, 0.0322),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("gain_and_offset") / "gain.h5"


@pytest.fixture(scope="module")
def table(path):
    return gain_and_offset.gain_and_offset(
        path, mossy_rates=(30, 70, 110, 180), conditions=CONDITIONS, seeds=3, duration="1.5 s", show_progress=False
    )


def test_steps_are_shifted_and_mossy_fibres_divided(table):
    more, most = (table.sel(condition=name) for name in ("0.438 nS", "0.438 nS, 300 nM"))
    none = table.sel(condition="0 nS")
    assert none["rheobase"] < more["rheobase"] < most["rheobase"]
    # Threshold less reversal potential of the leak, times the leak: 42.3 pA, and the next step of the grid.
    assert none["rheobase"] == 45
    assert (abs(table["step_slope"] / none["step_slope"] - 1) < 0.2).all()
    assert (most["gain"] < more["gain"]).all() and (more["gain"] < none["gain"]).all()
    assert (most["half_maximal_rate"] > more["half_maximal_rate"]).all()
    assert float(most["gc_mean_g_tonic"]) > 2 * float(more["gc_mean_g_tonic"]) == pytest.approx(0.876)


def test_sentences_say_so(table):
    first, *_, last = gain_and_offset.findings(table)
    assert first.startswith("0 nS to 0.438 nS (0.00 to 0.44 nS). Steps of current: rheobase +15 pA")
    assert "gain -" in first and "not resolved" not in first
    assert last.startswith("Of 2 rises in tonic conductance, 2 shift") and "and 2 lower the gain" in last


def test_table_lies_in_the_file_and_the_figure_shows_it(table, path):
    there = read_table(path)
    assert there["gc_mean_rate"].attrs["units"] == "Hz" and there["step_current"].attrs["units"] == "pA"
    np.testing.assert_array_equal(there["gain"], table["gain"])
    steps, fibres = gain_and_offset.draw(there).axes[:2]
    np.testing.assert_array_equal(steps.lines[0].get_ydata(), table["gc_step_rate"].sel(condition="0 nS"))
    assert max(len(line.get_xdata()) for line in fibres.lines if line.get_marker() == "D") == 10


def test_one_seed_is_refused(capsys):
    assert gain_and_offset.main(["--seeds", "1"]) == 2
    assert "give at least 2" in capsys.readouterr().err


def test_numbers_are_read_from_curves():
    curve = Hill(300.0, 80.0, 3.0)
    rates = np.array([10, 30, 60, 100, 150, 200])
    found = hill(rates, curve.at(rates))
    assert (found.maximum, found.half, found.exponent) == pytest.approx((300, 80, 3), rel=1e-4)
    ends = np.array([0.05, 0.75])
    at_ends = np.interp(300 * ends, curve.at(np.linspace(1, 300, 100_000)), np.linspace(1, 300, 100_000))
    assert found.gain == pytest.approx(np.diff(300 * ends)[0] / np.diff(at_ends)[0], rel=1e-3)
    currents = np.arange(0, 100, 5.0)
    line = np.where(currents > 40, 4 * currents, 0)
    assert (rheobase(currents, line), step_slope(currents, line)) == (45, 4)


def of_source(times, U, recovery, facilitation):
    """What each spike of a fibre releases, by the code of the source: release first, then depletion and facilitation."""
    shares, R, u, last = [], 1.0, U, -np.inf
    for time in times:
        R, u = 1 - (1 - R) * np.exp(-(time - last) / recovery), U + (u - U) * np.exp(-(time - last) / facilitation)
        shares.append(R * u)
        R, u, last = R * (1 - u), u + U * (1 - u), time
    return shares


def of_plasticity(lines, times, U, recovery, facilitation):
    """The same by the statements of our plasticity, over what a spike at rest releases."""
    shares, state, last = [], {"x_available": 1.0, "u_release": 0.0, "U": U}, -np.inf
    for time in times:
        state["x_available"] = 1 - (1 - state["x_available"]) * np.exp(-(time - last) / recovery)
        state["u_release"] *= np.exp(-(time - last) / facilitation)
        exec(lines.before, {}, state)
        shares.append(eval(lines.release, {}, state))
        exec(lines.after, {}, state)
        last = time
    return shares


def test_a_fibre_releases_what_the_source_says():
    projections = Network.load("granule_cell").definition.data["projections"]
    for name, (amplitude, release) in AMPLITUDES.items():
        assert float(projections[name]["weight"].split()[0]) == pytest.approx(amplitude * release, rel=1e-6), name
        assert projections[name]["plasticity"]["U"] == str(release)
    times = np.cumsum(np.random.default_rng(1).exponential(12.0, 40))
    lines = PLASTICITIES["tsodyks_markram"].lines(projections["nmda_fast"]["plasticity"])
    numbers = (0.0322, 236.1, 6.394)
    expected = np.array(of_source(times, *numbers)) / 0.0322
    assert expected.max() > 1.2 and expected.min() < 0.8
    np.testing.assert_allclose(of_plasticity(lines, times, *numbers), expected)
