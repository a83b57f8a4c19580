"""Drives, receptors, synapses and cell models of the compiled binary against formulas and independent integration."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.interpolate import PchipInterpolator

from allotone import Network, decay_factor, nM, receptor, tonic_fold
from allotone.network.definition import Definition
from allotone.receptors import ReferenceState, rectification_factor, reversal_potential
from allotone.simulation.run import plan_run

SIZE = 400
QUIET = {"v_threshold": "900 mV"}
TONIC = {
    "delta": {
        "receptor": "alpha4_beta_delta", "conductance": {"mean": "1 nS", "cv": 0.3}, "density": 0.7,
        "rectification": "weak", "reference": {"gaba": "0.2 uM", "allopregnanolone": "3 nM", "voltage": "-60 mV"},
    },
    "alpha5": {
        "receptor": "alpha5_beta_gamma2", "preparation": "recombinant", "conductance": "0.5 nS",
        "rectification": "strong", "constitutive_fraction": 0.3,
    },
    "plain": {"receptor": "alpha1_beta_delta", "preparation": "insensitive", "conductance": "0.4 nS"},
}  # fmt: skip
SYNAPTIC = {"source": "file", "target": "targets", "connect": {"rule": "all_to_all"}, "weight": "2 nS", "delay": "1 ms"}
BENCH = {
    "title": "One of every drive, receptor and waveform",
    "time_step": "0.1 ms",
    "populations": {
        "cells": {
            "size": SIZE, "neuron": "conductance_lif", "parameters": QUIET,
            "initial": {"v": {"distribution": "uniform", "min": "-90 mV", "max": "-50 mV"}},
            "reversal": {"chloride_in": {"mean": "8 mM", "cv": 0.2, "min": "2 mM"}},
            "tonic": TONIC,
            "drive": {
                "steady": {
                    "kind": "current", "amplitude": {"mean": "100 pA", "sd": "10 pA"}, "agents": [0, 7],
                    "onset": "50 ms",
                },
                "pulses": {
                    "kind": "pulse", "amplitude": "70 pA", "onset": "20 ms", "duration": "5 ms", "period": "30 ms",
                    "agents": [3],
                },
                "once": {"kind": "pulse", "amplitude": "60 pA", "onset": "40 ms", "duration": "10 ms", "agents": [4]},
                "input": {
                    "kind": "poisson", "rate": "100 Hz", "inputs": 5, "weight": "0.3 nS", "tau_decay": "5 ms",
                    "reversal": "0 mV",
                },
                "late": {
                    "kind": "poisson", "rate": "500 Hz", "weight": "0.3 nS", "tau_decay": "5 ms", "reversal": "0 mV",
                    "onset": "500 ms", "agents": [1, 2],
                },
                "conductance": {
                    "kind": "ornstein_uhlenbeck", "mean": "5 nS", "sd": "1 nS", "tau": "5 ms", "reversal": "-20 mV",
                },
                "current": {"kind": "ornstein_uhlenbeck", "mean": "20 pA", "sd": "40 pA", "tau": "10 ms"},
            },
        },
        "targets": {
            "size": 2, "neuron": "conductance_lif", "parameters": QUIET, "reversal": {"chloride_in": "8 mM"},
            "initial": {"g_jump": "3 nS"},
        },
        "held": {"size": 1, "neuron": "conductance_lif", "parameters": QUIET, "initial": {"v": "E_leak"}},
        "ring": {
            "size": 3, "neuron": "conductance_lif", "parameters": QUIET,
            "drive": {"current": {"kind": "current", "amplitude": "100 pA", "agents": [0]}},
        },
        "file": {
            "size": 2, "neuron": {"kind": "spike_file", "path": "", "spikes": [[0, 20.0], [1, 700.0], [1, 800.05]]}
        },
        "source": {
            "size": 500,
            "neuron": {
                "kind": "poisson_source", "rate": "40 Hz", "active_fraction": 0.6, "onset": "100 ms",
                "duration": "500 ms",
            },
        },
    },
    "projections": {
        "wave": {
            **SYNAPTIC, "receptor": "alpha1_beta_gamma2",
            "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": "5 ms"},
        },
        "halved": {
            **SYNAPTIC, "receptor": "alpha1_beta_gamma2", "amplitude_factor": 0.5, "decay_factor": 2.0,
            "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": "5 ms"},
        },
        "jump": {
            **SYNAPTIC, "receptor": "alpha2_beta_gamma2", "preparation": "recombinant",
            "synapse": {"kind": "exponential", "tau_decay": "8 ms"},
        },
        "unmoved": {
            **SYNAPTIC, "receptor": "alpha1_beta_gamma2", "preparation": "insensitive",
            "synapse": {"kind": "exponential", "tau_decay": "8 ms"},
        },
        "ampa": {
            **SYNAPTIC, "receptor": "ampa", "reversal": "0 mV", "synapse": {"kind": "exponential", "tau_decay": "3 ms"}
        },
        "late": {
            **SYNAPTIC, "receptor": "ampa", "reversal": "0 mV", "onset": "750 ms",
            "synapse": {"kind": "exponential", "tau_decay": "3 ms"},
        },
        "smooth": {
            "source": "held", "target": "targets", "receptor": "alpha1_beta_gamma2", "weight": "6 nS",
            "connect": {"rule": "all_to_all"},
            "synapse": {"kind": "graded", "alpha": "0.1 /ms", "tau_decay": "10 ms", "v_half": "-60 mV", "slope": "2 mV"},
        },
        "coupling": {
            "source": "ring", "target": "ring", "synapse": {"kind": "gap_junction"}, "weight": "5 nS",
            "connect": {"rule": "neighbours", "reach": 1, "undirected": True},
        },
    },
}  # fmt: skip
WAVES = ("wave", "halved", "jump", "unmoved", "ampa", "late", "smooth")
RECORD = [
    *(f"{variable}@cells/1ms" for variable in (
        "v", "g_tonic", "g_tonic_delta", "g_tonic_alpha5", "g_tonic_plain", "g_drive_input", "g_drive_late",
        "x_drive_conductance", "x_drive_current", "I_drive_steady", "I_drive_pulses", "I_drive_once",
    )),
    *(f"g_{name}@targets:0/0.1ms" for name in WAVES),
    "v@ring/1ms",
]  # fmt: skip


class Bench:
    """One run of the bench: traces (time, agents) by population and variable, in SI units."""

    def __init__(self, definition, **changes):
        self.definition = definition.override(changes)
        self.run = Network(self.definition).run("1 s", seed=5, record=RECORD)
        found = {(name, t.variable): t for name, traces in self.run.traces.items() for t in traces}
        self.times = {key: np.asarray(t.times) for key, t in found.items()}
        self.traces = {key: np.asarray(t.values) for key, t in found.items()}

    def __getitem__(self, key):
        return self.traces[key]

    def agents(self, path):
        return np.asarray(self.run.agents["cells"][path])


@pytest.fixture(scope="module")
def bench_definition():
    return Definition.from_data(BENCH)


@pytest.fixture(scope="module")
def bench(bench_definition):
    return Bench(bench_definition)


@pytest.fixture(scope="module")
def bench_in_steroid(bench_definition):
    return Bench(bench_definition, **{"medium.allopregnanolone": 400 * nM, "medium.gaba": "0.5 uM"})


class TestDrives:
    def test_current_of_some_agents_from_an_onset(self, bench):
        trace, times = bench["cells", "I_drive_steady"], bench.times["cells", "I_drive_steady"]
        amplitude = bench.agents("drive.steady.amplitude")
        expected = np.zeros((times.size, SIZE))
        for agent in (0, 7):
            expected[times >= 0.05 - 1e-9, agent] = amplitude[agent]
        np.testing.assert_allclose(trace, expected, rtol=1e-12)
        assert amplitude.mean() == pytest.approx(100e-12, abs=5 * 10e-12 / np.sqrt(SIZE))
        assert amplitude.std() == pytest.approx(10e-12, rel=5 / np.sqrt(2 * SIZE))

    def test_pulses(self, bench):
        times = np.rint(bench.times["cells", "I_drive_pulses"] * 1e3)
        expected = 70e-12 * ((times >= 20) & ((times - 20) % 30 < 5))
        # A sample on an edge may fall to either side by rounding; inside and outside the pulse it may not.
        inside = ~np.isin((times - 20) % 30, (0, 5))
        np.testing.assert_allclose(bench["cells", "I_drive_pulses"][inside, 3], expected[inside], rtol=1e-12)
        once = 60e-12 * ((times >= 40) & (times < 50))
        inside = ~np.isin(times, (40, 50))
        np.testing.assert_allclose(bench["cells", "I_drive_once"][inside, 4], once[inside], rtol=1e-12)
        others = np.delete(bench["cells", "I_drive_pulses"], 3, axis=1)
        assert not np.any(others)

    def test_poisson_conductance_by_campbells_theorem(self, bench):
        rate, weight, tau = 500.0, 0.3e-9, 5e-3
        settled = bench["cells", "g_drive_input"][100:]
        # The sum over discrete steps exceeds the integral by half a step in tau, 1 %.
        assert settled.mean() == pytest.approx(rate * weight * tau, rel=0.02)
        assert settled.var() == pytest.approx(rate * weight**2 * tau / 2, rel=0.04)

    def test_poisson_conductance_of_some_agents_from_an_onset(self, bench):
        trace = bench["cells", "g_drive_late"]
        assert not np.any(trace[:500])
        assert not np.any(np.delete(trace, (1, 2), axis=1))
        assert np.all(trace[530:, [1, 2]].mean(axis=0) > 0)

    @pytest.mark.parametrize(
        ("name", "mean", "sd", "tau_ms"), [("conductance", 5e-9, 1e-9, 5), ("current", 20e-12, 40e-12, 10)]
    )
    def test_ornstein_uhlenbeck(self, bench, name, mean, sd, tau_ms):
        x = bench["cells", f"x_drive_{name}"]
        # Independent samples: agents times duration over twice the time constant.
        error = 1 / np.sqrt(SIZE * 1000 / (2 * tau_ms))
        assert x.mean() == pytest.approx(mean, abs=5 * sd * error)
        assert x.std() == pytest.approx(sd, rel=5 * error)
        # Stationary from the first step on.
        assert x[0].std() == pytest.approx(sd, rel=5 / np.sqrt(2 * SIZE))
        z = x - x.mean()
        for lag in (1, tau_ms, 3 * tau_ms):
            assert (z[:-lag] * z[lag:]).mean() / z.var() == pytest.approx(np.exp(-lag / tau_ms), abs=5 * error)
        # Agents are independent of each other.
        assert np.corrcoef(z[:, 0], z[:, 1])[0, 1] == pytest.approx(0, abs=5 / np.sqrt(1000 / (2 * tau_ms)))


class TestSources:
    def test_spike_file(self, bench):
        spikes = bench.run.spikes["file"]
        np.testing.assert_array_equal(spikes.node_ids, [0, 1, 1])
        np.testing.assert_allclose(np.asarray(spikes.times), [0.02, 0.7, 0.8], atol=0.051e-3)

    def test_poisson_source(self, bench):
        spikes = bench.run.spikes["source"]
        times = np.asarray(spikes.times)
        assert times.min() >= 0.1 and times.max() < 0.6
        active = np.unique(spikes.node_ids).size
        # 20 expected spikes each: an active agent is silent once in 5e8.
        assert abs(active - 300) <= 5 * np.sqrt(500 * 0.6 * 0.4)
        assert abs(times.size - active * 20) <= 5 * np.sqrt(active * 20)
        intervals = np.concatenate([np.diff(times[spikes.node_ids == agent]) for agent in range(500)])
        # Exponential, cut by the window of 20 mean intervals: cv a little below 1.
        assert intervals.std() / intervals.mean() == pytest.approx(1, abs=0.06)


def expected_tonic(bench, name, allopregnanolone):
    tonic = bench.definition.schema.populations["cells"].tonic[name]
    reference = ReferenceState(tonic.reference.gaba, tonic.reference.allopregnanolone, tonic.reference.voltage)
    gaba = float(bench.definition.schema.medium.gaba.split(" ")[0]) / 1e3
    fold = tonic_fold(
        gaba, allopregnanolone, receptor(tonic.receptor, tonic.preparation), reference, tonic.constitutive_fraction
    )
    v = bench["cells", "v"] * 1e3
    conductance = bench.agents("tonic.delta.conductance") if name == "delta" else _si(tonic.conductance)
    reference_mV = float(tonic.reference.voltage.split(" ")[0])
    factor = rectification_factor(v, tonic.rectification, reference_mV)
    return np.reshape(fold, (-1, 1)) * conductance * float(tonic.density) * factor


def _si(text):
    return float(text.split(" ")[0]) * 1e-9


class TestReceptors:
    @pytest.mark.parametrize(("name", "allo"), [("bench", 0.0), ("bench_in_steroid", 400.0)])
    def test_tonic_conductance(self, request, name, allo):
        one = request.getfixturevalue(name)
        total = 0.0
        # The first sample is taken before the slow clock has ticked once.
        for kind in ("delta", "alpha5", "plain"):
            expected = expected_tonic(one, kind, allo)
            np.testing.assert_allclose(one["cells", f"g_tonic_{kind}"][1:], expected[1:], rtol=1e-9)
            total = total + expected
        np.testing.assert_allclose(one["cells", "g_tonic"][1:], total[1:], rtol=1e-9)
        assert np.ptp(one["cells", "v"]) > 20e-3

    def test_tonic_conductance_under_a_step(self, bench_definition):
        one = Bench(bench_definition, **{"medium.allopregnanolone": "step:before=10nM,after=200nM,onset=500ms"})
        times = np.arange(1000)
        expected = expected_tonic(one, "delta", np.where(times < 500, 10.0, 200.0))
        # The step is a slope between two points of the table, 1 ms apart.
        away = (np.abs(times - 500) > 3) & (times > 0)
        np.testing.assert_allclose(one["cells", "g_tonic_delta"][away], expected[away], rtol=1e-9)

    def test_tonic_conductance_under_a_table(self, bench_definition):
        table = {"schedule": "table", "times": ["0 s", "0.4 s", "2 s"], "concentrations": ["0 nM", "80 nM", "80 nM"]}
        one = Bench(bench_definition, **{"medium.allopregnanolone": table})
        expected = expected_tonic(one, "delta", PchipInterpolator([0, 0.4, 2], [0, 80, 80])(np.arange(1000) / 1e3))
        # The slow clock holds a value for 1 ms, in which the concentration moves by up to 0.3 nM.
        np.testing.assert_allclose(one["cells", "g_tonic_delta"][1:], expected[1:], rtol=5e-3)
        np.testing.assert_allclose(one["cells", "g_tonic_delta"][410:], expected[410:], rtol=1e-9)

    def test_reversal_potential_from_chloride(self, bench):
        chloride = bench.agents("reversal.chloride_in")
        np.testing.assert_allclose(bench.agents("reversal.E_gaba"), np.asarray(reversal_potential(chloride)), rtol=1e-9)
        # Brian2 measures concentrations in mol/m3, which is mM.
        assert chloride.min() >= 2
        assert chloride.mean() == pytest.approx(8, abs=5 * 1.6 / np.sqrt(SIZE))
        plan = plan_run(bench.definition, duration_s=1.0)
        assert plan.arguments["pop_targets.E_gaba"] == pytest.approx(
            float(np.asarray(reversal_potential(8.0))), rel=1e-12
        )

    def test_initial_values(self, bench):
        v = bench["cells", "v"][0]
        assert v.min() >= -90e-3 and v.max() <= -50e-3
        assert v.mean() == pytest.approx(-70e-3, abs=5 * 40e-3 / np.sqrt(12 * SIZE))
        assert bench["targets", "g_jump"][0, 0] == pytest.approx(3e-9, rel=1e-12)


STEROID = {"bench": 0.0, "bench_in_steroid": 400.0}
# Where the conductance of the spike of 20 ms, delayed by 1 ms, is looked at; in steps of 0.1 ms.
ARRIVAL = 210


@pytest.mark.parametrize("name", STEROID)
class TestSynapses:
    def decay(self, trace, first, last):
        """Time constant (s) of a decay between two samples."""
        return (last - first) * 1e-4 / np.log(trace[first] / trace[last])

    @pytest.mark.parametrize(("wave", "peak", "tau"), [("wave", 2e-9, 5e-3), ("halved", 1e-9, 10e-3)])
    def test_biexponential(self, request, name, wave, peak, tau):
        g = request.getfixturevalue(name)["targets", f"g_{wave}"][:, 0]
        expected = tau * decay_factor(STEROID[name], receptor("alpha1_beta_gamma2"))
        assert not np.any(g[: ARRIVAL + 1])
        # Sampled every 0.1 ms, the top is met within a thousandth.
        assert g[: ARRIVAL + 500].max() == pytest.approx(peak, rel=1e-3)
        assert self.decay(g, ARRIVAL + 150, ARRIVAL + 300) == pytest.approx(expected, rel=1e-6)
        rise = expected * 0.5e-3 / (expected - 0.5e-3) * np.log(expected / 0.5e-3)
        assert (g[: ARRIVAL + 500].argmax() - ARRIVAL) * 1e-4 == pytest.approx(rise, abs=0.2e-3)

    def test_exponential(self, request, name):
        bench = request.getfixturevalue(name)
        factor = decay_factor(STEROID[name], receptor("alpha2_beta_gamma2", "recombinant"))
        for wave, tau in (("jump", 8e-3 * factor), ("unmoved", 8e-3), ("ampa", 3e-3)):
            g = bench["targets", f"g_{wave}"][:, 0]
            added = g[1:] - g[:-1] * np.exp(-1e-4 / tau)
            assert added[: ARRIVAL + 20].argmax() == ARRIVAL
            assert added[ARRIVAL] == pytest.approx(2e-9, rel=1e-6)
            assert self.decay(g, ARRIVAL + 20, ARRIVAL + 60) == pytest.approx(tau, rel=1e-6)

    def test_onset_of_a_projection(self, request, name):
        g = request.getfixturevalue(name)["targets", "g_late"][:, 0]
        assert not np.any(g[:8000])
        assert g[8000:].max() == pytest.approx(2e-9, rel=0.04)

    def test_graded(self, request, name):
        g = request.getfixturevalue(name)["targets", "g_smooth"][-1, 0]
        opening, closing = 0.1 * 0.5, 1 / (10 * decay_factor(STEROID[name], receptor("alpha1_beta_gamma2")))
        assert g == pytest.approx(6e-9 * opening / (opening + closing), rel=1e-4)

    def test_gap_junctions_conduct_both_ways(self, request, name):
        v = request.getfixturevalue(name)["ring", "v"][-1]
        g_leak, g_gap = 10e-9, 5e-9
        matrix = (g_leak + 2 * g_gap) * np.eye(3) - g_gap * (np.ones((3, 3)) - np.eye(3))
        np.testing.assert_allclose(v + 60e-3, np.linalg.solve(matrix, [100e-12, 0, 0]), rtol=1e-4)


SINGLE = {
    "title": "Single cells under a constant current",
    "time_step": "0.02 ms",
    "populations": {
        "lif": {"size": 1, "neuron": "conductance_lif"},
        "adex": {"size": 1, "neuron": "adex"},
        "izhikevich": {"size": 1, "neuron": "izhikevich"},
        "wang_buzsaki": {"size": 1, "neuron": "wang_buzsaki", "initial": {"v": "-64 mV"}},
    },
}  # fmt: skip
AMPLITUDE = {"lif": "150 pA", "adex": "800 pA", "izhikevich": "100 pA", "wang_buzsaki": "1 uA/cm2"}


@pytest.fixture(scope="module")
def single_cells():
    raw = {**SINGLE, "populations": {k: dict(v) for k, v in SINGLE["populations"].items()}}
    for name, amplitude in AMPLITUDE.items():
        raw["populations"][name]["drive"] = {"step": {"kind": "current", "amplitude": amplitude}}
    run = Network(Definition.from_data(raw)).run("200 ms")
    return {name: np.asarray(spikes.times) * 1e3 for name, spikes in run.spikes.items()}


def integrate(rate, start, threshold, reset, until=200.0):
    """Spike times (ms) by an adaptive solver that stops at each crossing."""

    def crossing(t, y):
        return y[0] - threshold

    crossing.terminal, crossing.direction = True, 1
    times, t, y = [], 0.0, np.array(start, float)
    while t < until:
        solution = solve_ivp(rate, (t, until), y, events=crossing, method="LSODA", rtol=1e-9, atol=1e-9, max_step=0.5)
        if solution.t_events[0].size == 0:
            break
        t, y = solution.t_events[0][0], reset(solution.y_events[0][0])
        times.append(t)
    return np.array(times)


class TestCells:
    """Units of the independent integration: ms, mV, pA, nS, pF."""

    def test_leaky_integrate_and_fire(self, single_cells):
        times = single_cells["lif"]
        tau, target, refractory = 20.0, 15.0, 5.0
        interval = tau * np.log(target / (target - 10.0))
        assert times[0] == pytest.approx(interval, abs=0.04)
        np.testing.assert_allclose(np.diff(times), interval + refractory, atol=0.06)

    def test_adex(self, single_cells):
        def rate(t, y):
            v, w = y
            spike = 30 * 2 * np.exp((min(v, -40) + 50.4) / 2)
            return [(800 + spike - 30 * (v + 70.6) - w) / 281, (4 * (v + 70.6) - w) / 144]

        expected = integrate(rate, [-70.6, 0], -40, lambda y: np.array([-70.6, y[1] + 80.5]))
        assert expected.size >= 5
        assert single_cells["adex"].size == expected.size
        # Each interval ends with the step in which the cut-off is passed.
        np.testing.assert_allclose(np.diff(single_cells["adex"]), np.diff(expected), atol=0.1, rtol=2e-3)

    def test_izhikevich(self, single_cells):
        def rate(t, y):
            v, u = y
            return [(0.7 * (v + 60) * (v + 40) - u + 100) / 100, 0.03 * (-2 * (v + 60) - u)]

        expected = integrate(rate, [-60, 0], 35, lambda y: np.array([-50, y[1] + 100]))
        assert expected.size >= 3
        assert single_cells["izhikevich"].size == expected.size
        np.testing.assert_allclose(np.diff(single_cells["izhikevich"]), np.diff(expected), atol=0.1, rtol=2e-3)

    def test_wang_buzsaki(self, single_cells):
        start = [-64.0, *steady_gates(-64.0)]
        # It goes on through the spike: upward crossings count, and none is reset.
        expected = integrate(wang_buzsaki, start, 0.0, lambda y: y + np.array([1e-6, 0, 0]))
        assert single_cells["wang_buzsaki"].size == expected.size >= 8
        np.testing.assert_allclose(np.diff(single_cells["wang_buzsaki"]), np.diff(expected), atol=0.04)


def rates(v):
    """Opening and closing rates (1/ms) of m, h and n."""
    return (
        -0.1 * (v + 35) / np.expm1(-0.1 * (v + 35)), 4 * np.exp(-(v + 60) / 18),
        0.07 * np.exp(-(v + 58) / 20), 1 / (1 + np.exp(-0.1 * (v + 28))),
        -0.01 * (v + 34) / np.expm1(-0.1 * (v + 34)), 0.125 * np.exp(-(v + 44) / 80),
    )  # fmt: skip


def steady_gates(v):
    _, _, a_h, b_h, a_n, b_n = rates(v)
    return a_h / (a_h + b_h), a_n / (a_n + b_n)


def wang_buzsaki(t, y):
    v, h, n = y
    a_m, b_m, a_h, b_h, a_n, b_n = rates(v)
    current = 1 - 0.1 * (v + 65) - 35 * (a_m / (a_m + b_m)) ** 3 * h * (v - 55) - 9 * n**4 * (v + 90)
    return [current, 5 * (a_h * (1 - h) - b_h * h), 5 * (a_n * (1 - n) - b_n * n)]
