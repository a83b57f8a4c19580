"""Thalamic cells against their equations written again and solved by SciPy, whose steps adapt."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from allotone import Network
from allotone.neurons import MODELS

DURATION_MS = 300.0
UNCOUPLED = {f"projections.{name}.weight": "0 mS/cm2" for name in ("tc_to_re", "re_to_tc", "re_to_tc_slow", "re_to_re")}
# Both start with a burst, because their T currents are not inactivated, and go on with single spikes. The H current is
# large enough to move them.
DRIVEN = {
    "populations.tc.drive.current.amplitude": "2 uA/cm2",
    "populations.tc.parameters.g_H": "0.05 mS/cm2",
    "populations.re.parameters.E_leak": "-50 mV",
}
STARTS = {
    "tc": {"v": -65, "m": 0.1, "h": 0.6, "n": 0.05, "h_T": 0.4, "calcium": 5e-5, "c_1": 0.3, "p_0": 0.3},
    "re": {"v": -75, "m": 0.1, "h": 0.6, "n": 0.4, "m_T": 0.1, "h_T": 0.4},
}
UNITS = {"v": " mV", "calcium": " mM"}
DESTEXHE = {
    "v_traub_Na": "-25 mV", "g_K_leak": "0.010362 mS/cm2", "phi_h_T": 3.737, "nernst_slope": "13.3202 mV",
    "E_H": "-40 mV", "f_opening": 1, "f_bound": 1,
}  # fmt: skip


def fast(v, v_Na, v_K, g_Na, g_K, m, h, n):
    """Sodium and potassium current (uA/cm2) and the change of the gates (/ms)."""
    a, b = v - v_Na, v - v_K
    change = [
        0.32 * (13 - a) / np.expm1((13 - a) / 4) * (1 - m) - 0.28 * (a - 40) / np.expm1((a - 40) / 5) * m,
        0.128 * np.exp((17 - a) / 18) * (1 - h) - 4 / (1 + np.exp((40 - a) / 5)) * h,
        0.032 * (15 - b) / np.expm1((15 - b) / 5) * (1 - n) - 0.5 * np.exp((10 - b) / 40) * n,
    ]
    return g_Na * m**3 * h * (v - 50) + g_K * n**4 * (v + 100), change


def relay(v, m, h, n, h_t, calcium, closed, free, opened, destexhe):
    """Change of all states, per ms; potentials in mV, calcium in mM."""
    v_Na, k_leak, phi, slope, e_h = (
        (-25, 0.010362, 3.737, 13.3202, -40) if destexhe else (-35, 0.0172, 3.73, 13.2706, -43)
    )
    fast_current, fast_gates = fast(v, v_Na, -25, 90, 10, m, h, n)
    u, locked = v + 2, 1 - closed - opened
    t_current = 2 / (1 + np.exp(-(u + 57) / 6.2)) ** 2 * h_t * (v - slope * np.log(2 / calcium))
    tau = (30.8 + (211.4 + np.exp((u + 113.2) / 5)) / (1 + np.exp((u + 84) / 3.2))) / phi
    h_current = 0.05 * (opened + 2 * locked) * (v - e_h)
    steady = 1 / (1 + np.exp((v + 75) / 5.5))
    tau_h = 20 + 1000 / (np.exp((v + 71.5) / 14.2) + np.exp(-(v + 89) / 11.6))
    alpha, beta = steady / tau_h, (1 - steady) / tau_h
    d_opened = 0.001 * locked - 0.001 * ((1 - free if destexhe else free) / 0.01) * opened
    d_opened += alpha * closed - beta * opened if destexhe else 0
    return [
        2 - 0.01 * (v + 70) - k_leak * (v + 100) - fast_current - t_current - h_current,
        *fast_gates,
        (1 / (1 + np.exp((u + 81) / 4)) - h_t) / tau,
        max(-10 * t_current / (2 * 96489), 0) + (0.00024 - calcium) / 5,
        beta * opened - alpha * closed,
        0.0004 * (1 - free) - 0.0004 * (calcium / 0.002) ** 4 * free,
        d_opened,
    ]


def reticular(v, m, h, n, m_t, h_t):
    """As `relay`."""
    fast_current, fast_gates = fast(v, -55, -55, 200, 20, m, h, n)
    u = v + 4
    tau_m = (3 + 1 / (np.exp((u + 25) / 10) + np.exp(-(u + 100) / 15))) / 6.81
    tau_h = (85 + 1 / (np.exp((u + 46) / 4) + np.exp(-(u + 405) / 50))) / 3.73
    return [
        -0.05 * (v + 50) - fast_current - 3 * m_t**2 * h_t * (v - 120),
        *fast_gates,
        (1 / (1 + np.exp(-(u + 50) / 7.4)) - m_t) / tau_m,
        (1 / (1 + np.exp((u + 78) / 5)) - h_t) / tau_h,
    ]


CASES = {
    "ching": ("tc", {}, lambda t, y: relay(*y, destexhe=False)),
    "destexhe": (
        "tc",
        {f"populations.tc.parameters.{name}": value for name, value in DESTEXHE.items()},
        lambda t, y: relay(*y, destexhe=True),
    ),
    "reticular": ("re", {}, lambda t, y: reticular(*y)),
}


@pytest.mark.parametrize("case", CASES)
def test_spikes_fall_where_the_equations_put_them(case):
    """From the same initial state, every spike within 0.1 ms."""
    population, values, change = CASES[case]
    # Ranges of no width, so that the network is the one that other tests compile.
    starts = {
        f"populations.{population}.initial.{name}.{end}": f"{value}{UNITS.get(name, '')}" if name in UNITS else value
        for name, value in STARTS[population].items()
        for end in ("min", "max")
    }
    network = Network.load("thalamus_tc_re").override(UNCOUPLED | DRIVEN | starts | values)
    spikes = network.run(f"{DURATION_MS} ms").spikes[population]
    found = np.asarray(spikes.times)[np.asarray(spikes.node_ids) == 0] * 1e3

    def crossing(t, y):
        return y[0]

    crossing.direction = 1
    start = [*STARTS[population].values(), *([0.0] if population == "tc" else [])]
    solved = solve_ivp(change, (0, DURATION_MS), start, method="LSODA", rtol=1e-7, atol=1e-9, events=crossing)
    assert found.size == solved.t_events[0].size > 5
    np.testing.assert_allclose(found, solved.t_events[0], atol=0.1)


def test_pool_of_the_reticular_cell_is_that_of_the_relay_cell():
    """The two models describe calcium in the same words, and what differs from the cell without a pool is E_T alone."""
    lines = {
        name: {line.split("#")[0].strip() for line in MODELS[name].equations.splitlines()} - {""}
        for name in ("thalamocortical", "reticular", "reticular_calcium")
    }
    pool = lines["reticular_calcium"] - lines["reticular"]
    assert len(pool) == 3 and pool < lines["thalamocortical"] and lines["reticular"] < lines["reticular_calcium"]
