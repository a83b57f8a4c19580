"""`ping`: its pyramidal cell against an independent integration, and what paces the rhythm."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from allotone import Network, run_all
from allotone.units import magnitude

WEIGHTS = [f"projections.{name}.weight" for name in ("pn_to_pv", "pv_to_pn", "pv_to_pv")]
DURATION_MS = 400
CURRENT = 1.4  # uA/cm2
START = -62.0  # mV


@pytest.fixture(scope="module")
def runs():
    """One unconnected network of identical cells, the network as it is, and with a decay of inhibition twice as long."""
    network = Network.load("ping")
    alone = network.override({
        **dict.fromkeys(WEIGHTS, "0 mS/cm2"),
        "populations.pn.drive.current.amplitude.cv": 0,
        "populations.pn.initial.v": {"distribution": "uniform", "min": f"{START} mV", "max": f"{START} mV"},
    })  # fmt: skip
    slow = network.override({f"projections.pv_to_{target}.decay_factor": 2 for target in ("pn", "pv")})
    settings = {"duration": f"{DURATION_MS} ms", "discard": "100 ms", "seed": 3}
    return run_all([(one, settings) for one in (alone, network, slow)], show_progress=False)


def derivative(_, state):
    """Membrane equations of the cell, written anew: v (mV), h, n, by time (ms)."""
    v, h, n = state

    def linoid(x, scale):
        return scale * x / np.expm1(x) if abs(x) > 1e-9 else scale

    opening, closing = linoid(-(v + 54) / 4, 1.28), linoid((v + 27) / 5, 1.4)
    m = opening / (opening + closing)
    outward = 0.1 * (v + 67) + 100 * m**3 * h * (v - 50) + 80 * n**4 * (v + 100)
    return (
        CURRENT - outward,
        0.128 * np.exp(-(v + 50) / 18) * (1 - h) - 4 / (1 + np.exp(-(v + 27) / 5)) * h,
        linoid(-(v + 52) / 5, 0.16) * (1 - n) - 0.5 * np.exp(-(v + 57) / 40) * n,
    )


def steady(position):
    """Steady state of a gate at the start: where its derivative, linear in it, is 0."""
    at = [derivative(0, (START, gate, gate))[position] for gate in (0.0, 1.0)]
    return at[0] / (at[0] - at[1])


def test_the_pyramidal_cell_fires_when_its_equations_say(runs):
    def spike(_, state):
        return state[0]

    spike.direction = 1
    solution = solve_ivp(
        derivative, (0, DURATION_MS), (START, steady(1), steady(2)), events=spike, rtol=1e-7, atol=1e-9, method="LSODA"
    )
    expected = solution.t_events[0]
    spikes = runs[0].spikes["pn"]
    times = magnitude(spikes.times, "ms")[spikes.node_ids == 0]
    assert times.size == expected.size > 15
    # Spikes are counted at the end of a step of 0.02 ms; a difference in rate of 0.1 % would add up to 0.4 ms.
    np.testing.assert_allclose(times, expected, atol=0.1)


def test_cells_fire_together_once_a_cycle_and_inhibition_paces_them(runs):
    alone, network, slow = (run.statistics for run in runs)
    frequency = float(network["pv"]["peak_frequency"].value)
    assert frequency == pytest.approx(float(network["pv"]["mean_rate"].value), rel=0.05)
    assert frequency == pytest.approx(float(network["pn"]["mean_rate"].value), rel=0.05)
    assert float(alone["pv"]["mean_rate"].value) == 0
    assert float(slow["pv"]["peak_frequency"].value) < 0.85 * frequency < 0.85 * float(alone["pn"]["mean_rate"].value)
