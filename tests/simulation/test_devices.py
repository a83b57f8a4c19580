"""Our device against Brian2's own: the same spikes without noise, the same statistics with it."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import ks_2samp

from allotone import InputError, Network
from allotone.network.definition import Definition
from allotone.network.files import shipped
from allotone.simulation.compile import compile_plan
from allotone.simulation.compiler import Compiler
from allotone.simulation.device import choice
from allotone.simulation.device.choice import OURS, STOCK
from allotone.simulation.device.functions import block_size
from allotone.simulation.make import vectorised
from allotone.simulation.run import plan_run

DURATION = "0.2 s"
SEEDS = range(24)
# Chance of one false alarm among all comparisons of distributions here: below 1e-4.
LEAST_P = 1e-6


def plan_of(name):
    return plan_run(Network.load(name).definition, duration_s=0.1)


# Brian2's own device takes a quarter of a minute to compile one; gates in the source are in the network below.
COMPARED = (
    "coba_tonic", "crh_neuron", "neural_progenitor", "principal_pv", "pv_gamma", "wang_buzsaki_1996",
)  # fmt: skip
QUIET = [name for name in COMPARED if not plan_of(name).has_noise]
NOISY = [name for name in COMPARED if name not in QUIET]

# What the shipped networks have none of, with sizes that fill no block.
OTHERS = {
    "title": "One of most things",
    "time_step": "0.1 ms",
    "medium": {"allopregnanolone": {"schedule": "ramp", "before": "0 nM", "after": "100 nM", "duration": "0.1 s"}},
    "populations": {
        "adex": {
            "size": 37, "neuron": "adex", "reversal": {"E_gaba": "-70 mV"},
            "drive": {"current": {"kind": "current", "amplitude": "700 pA"}},
        },
        "trio": {"size": 3, "neuron": "conductance_lif", "drive": {"current": {"kind": "current", "amplitude": "400 pA"}}},
        "lif": {
            "size": 9,
            "neuron": "conductance_lif",
            "reversal": {"E_gaba": "-75 mV"},
            "drive": {"pulses": {"kind": "pulse", "amplitude": "400 pA", "duration": "20 ms", "period": "50 ms"}},
            "tonic": {"delta": {"receptor": "alpha4_beta_delta", "conductance": {"mean": "1 nS", "cv": 0.3}}},
        },
        "izhikevich": {"size": 130, "neuron": "izhikevich"},
        "trains": {"size": 5, "neuron": {"kind": "spike_file", "path": "", "spikes": [[i, 5.0 + i] for i in range(5)]}},
    },
    "projections": {
        "delays": {
            "source": "adex", "target": "lif", "receptor": "ampa", "reversal": "0 mV", "weight": {"mean": "3 nS", "cv": 0.5},
            "synapse": {"kind": "exponential"}, "connect": {"rule": "fixed_indegree", "indegree": 11},
            "delay": {"mean": "2 ms", "cv": 0.3, "min": "0.5 ms"},
        },
        "depressing": {
            "source": "lif", "target": "adex", "receptor": "alpha1_beta_gamma2", "weight": "4 nS",
            "synapse": {"kind": "biexponential", "tau_rise": "0.5 ms", "tau_decay": "6 ms"},
            "connect": {"rule": "probability", "probability": 0.4}, "delay": "1 ms",
            "plasticity": {"kind": "tsodyks_markram", "U": 0.5, "tau_recovery": "100 ms"},
        },
        "gap": {
            "source": "lif", "target": "lif", "synapse": {"kind": "gap_junction"}, "weight": "0.5 nS",
            "connect": {"rule": "neighbours", "reach": 2, "undirected": True},
        },
        "pulsed": {
            "source": "trio", "target": "adex", "receptor": "alpha1_beta_gamma2", "weight": "6 nS", "delay": "0.7 ms",
            "synapse": {"kind": "transmitter_pulse"}, "connect": {"rule": "probability", "probability": 0.6},
        },
        "g_protein": {
            "source": "izhikevich", "target": "trio", "receptor": "gaba_b", "reversal": "-95 mV", "weight": "2 nS",
            "synapse": {"kind": "gaba_b", "K_d": 0.001}, "connect": {"rule": "all_to_all"},
        },
        "blocked": {
            "source": "adex", "target": "trio", "receptor": "nmda", "reversal": "0 mV", "weight": "0.1 nS", "delay": "2 ms",
            "synapse": {"kind": "saturating", "tau_decay": "50 ms"}, "block": {"kind": "magnesium"},
            "connect": {"rule": "probability", "probability": 0.5},
        },
        "afferents": {
            "source": "trains", "target": "izhikevich", "receptor": "ampa", "reversal": "0 mV", "weight": "30 nS",
            "synapse": {"kind": "exponential"}, "connect": {"rule": "probability", "probability": 0.5}, "delay": "1 ms",
        },
    },
}  # fmt: skip


def others():
    return Network(Definition.from_data(OTHERS))


def on_both(monkeypatch, network, **asked):
    """The same run by each device."""
    runs = []
    for device in ("fast", "stock"):
        monkeypatch.setenv("ALLOTONE_DEVICE", device)
        runs.append(network.run(**asked))
    assert [run.provenance["device"] for run in runs] == [OURS, STOCK]
    return runs


def assert_same(ours, stock):
    for population, spikes in stock.spikes.items():
        np.testing.assert_array_equal(ours.spikes[population].node_ids, spikes.node_ids)
        np.testing.assert_array_equal(np.asarray(ours.spikes[population].times), np.asarray(spikes.times))
    for population, drawn in stock.agents.items():
        for path, values in drawn.items():
            np.testing.assert_array_equal(np.asarray(ours.agents[population][path]), np.asarray(values))


@pytest.mark.parametrize("name", QUIET)
def test_without_noise_spikes_are_the_same(monkeypatch, name):
    ours, stock = on_both(monkeypatch, Network.load(name), duration=DURATION, seed=3, allopregnanolone="50 nM")
    assert_same(ours, stock)
    if name != "neural_progenitor":
        assert sum(spikes.node_ids.size for spikes in stock.spikes.values()) > 100


def test_other_kinds_of_cells_and_contacts_are_the_same(monkeypatch):
    record = ["v@adex:0-36/1ms", "g_tonic@lif:0-8/1ms", "v@izhikevich:100-129/1ms"]
    record += [
        f"g_{name}@{cells}/1ms"
        for name, cells in (("pulsed", "adex:0-36"), ("g_protein", "trio:0-2"), ("blocked", "trio:0-2"))
    ]
    asked = {
        "duration": DURATION,
        "seed": 1,
        "record": record,
        "statistics": ["mean_rate", "mean_g_tonic", "synchrony_chi"],
    }
    ours, stock = on_both(monkeypatch, others(), **asked)
    assert_same(ours, stock)
    for population, traces in stock.traces.items():
        for one, other in zip(ours.traces[population], traces, strict=True):
            assert np.ptp(np.asarray(other.values)) > 0, one.variable
            np.testing.assert_allclose(np.asarray(one.values), np.asarray(other.values), rtol=1e-9, atol=1e-12)
    for population, statistics in stock.statistics.items():
        for name, statistic in statistics.items():
            same = ours.statistics[population][name]
            np.testing.assert_allclose(np.asarray(same.quantity), np.asarray(statistic.quantity), rtol=1e-9)
    assert all(stock.spikes[population].node_ids.size for population in OTHERS["populations"])


MEMBRANE = "dv/dt = (I_input - g_leak*(v - E_leak) - w)/C_m : volt"
PARAMETERS = {"C_m": "150 pF", "g_leak": "8 nS", "E_leak": "-70 mV", "v_th": "-50 mV", "v_r": "-65 mV"}
OWN_CELLS = {
    # Both what changes the state and the threshold take something out of their loops.
    "two_invariants": (
        [f"{MEMBRANE} (unless refractory)", "dw/dt = (exp((v + 60*mV)/(k*7))*b - w)/tau : amp"],
        {"k": "1 mV", "b": "3 pA", "tau": "20 ms", "vx": "2 mV", "ref": "2 ms"},
        {"threshold": "v > v_th*1.01 + 3*vx", "refractory": "ref*2", "reset": "v = v_r"},
    ),
    # The remainder by an agent's own number of steps: that of no agent is 0.
    "remainder": (
        [MEMBRANE, "w = -100*pA*int(timestep(t, dt) % timestep(tau, dt) < 50) : amp"],
        {"tau": "20 ms"},
        {"threshold": "v > v_th", "reset": "v = v_r"},
    ),
    "remainder_in_the_threshold": (
        [f"{MEMBRANE} (unless refractory)", "dw/dt = -w/(5*ms) : amp"],
        {"tau": "20 ms", "ref": "2 ms"},
        {
            "threshold": "v > v_th + mV*int(timestep(t, dt) % timestep(tau, dt) < 50)",
            "refractory": "ref",
            "reset": "v = v_r",
        },
    ),
    # An agent whose time constant is 0 decays at once.
    "at_once": (
        [MEMBRANE, "dw/dt = -w/tau : amp"],
        {"tau": "3 ms"},
        {"threshold": "v > v_th", "reset": "v = v_r; w += 20*pA"},
    ),
}


def own_cell(folder, name):
    """A cell model in a file, and a population of it."""
    equations, more, rest = OWN_CELLS[name]
    parameters = {
        key: f"Parameter({value!r}, 'x', 'assumed: for a test')" for key, value in (PARAMETERS | more).items()
    }
    initial = {"v": "-70 mV"} | ({"w": "0 pA"} if "dw/dt" in equations[1] else {})
    arguments = {"equations": "\n".join(equations), "initial": initial, **rest}
    (folder / f"{name}.py").write_text(
        "from allotone.neurons import CellModel, Parameter\n"
        f"MODEL = CellModel(name={name!r}, title='x', source='x', largest_time_step='0.5 ms',\n"
        f"    parameters={{{', '.join(f'{key!r}: {text}' for key, text in parameters.items())}}},\n"
        f"    {', '.join(f'{key}={value!r}' for key, value in arguments.items())})\n"
    )
    spread = {
        "distribution": "normal",
        "mean": more["tau"],
        "sd": more["tau"] if name == "at_once" else "4 ms",
        "min": "0 ms",
    }
    drive = {"current": {"kind": "current", "amplitude": {"mean": "250 pA", "cv": 0.2}}}
    return {"size": 37, "neuron": str(folder / f"{name}.py"), "drive": drive, "parameters": {"tau": spread}}


def test_cells_of_a_users_own_are_the_same(monkeypatch, tmp_path):
    populations = {name: own_cell(tmp_path, name) for name in OWN_CELLS}
    for name in ("remainder", "remainder_in_the_threshold"):
        populations[name]["parameters"]["tau"]["min"] = "1 ms"
    network = Network(Definition.from_data({"title": "Own", "time_step": "0.1 ms", "populations": populations}))
    ours, stock = on_both(monkeypatch, network, duration=DURATION, seed=1)
    assert_same(ours, stock)
    assert all(spikes.node_ids.size > 50 for spikes in stock.spikes.values())


def statistics_of(network):
    """Values of each statistic of each population, one a seed."""
    found = {}
    for seed in SEEDS:
        run = network.run(
            "0.5 s", discard="0.1 s", seed=seed, statistics=["mean_rate", "isi_cv", "fano_factor", "rate_sd"]
        )
        for population, name in product(run.statistics, ["mean_rate", "isi_cv", "fano_factor", "rate_sd"]):
            found.setdefault((population, name), []).append(float(getattr(run.statistics[population], name)))
    return found


@pytest.mark.parametrize("name", NOISY)
def test_with_noise_statistics_are_the_same(monkeypatch, name):
    found = []
    for device in ("fast", "stock"):
        monkeypatch.setenv("ALLOTONE_DEVICE", device)
        found.append(statistics_of(Network.load(name)))
    for key, ours in found[0].items():
        ours, stock = np.array(ours), np.array(found[1][key])
        assert ks_2samp(ours[np.isfinite(ours)], stock[np.isfinite(stock)]).pvalue > LEAST_P, key


def noisy_cells(sd="0.5 nS", rate="1 kHz"):
    """Cells apart from each other, each with noise of both kinds and tonic inhibition."""
    drive = {
        "current": {"kind": "current", "amplitude": "120 pA"},
        "fluctuating": {"kind": "ornstein_uhlenbeck", "mean": "2 nS", "sd": sd, "tau": "3 ms", "reversal": "0 mV"},
        "background": {"kind": "poisson", "rate": rate, "weight": "0.2 nS", "tau_decay": "5 ms", "reversal": "0 mV"},
    }
    cells = {"size": 500, "neuron": "conductance_lif", "drive": drive}
    return Network(Definition.from_data({"title": "Noise", "time_step": "0.1 ms", "populations": {"cells": cells}}))


def samples_of(network):
    """Spike counts of each cell, and what noise drives at moments far apart."""
    recorded = ["x_drive_fluctuating", "g_drive_background", "v"]
    run = network.run("1 s", seed=4, record=[f"{name}@cells:0-499/50ms" for name in recorded])
    counts = np.bincount(run.spikes["cells"].node_ids, minlength=500)
    return {"counts": counts} | {trace.variable: np.asarray(trace.values)[2:].ravel() for trace in run.traces["cells"]}


def test_cells_with_noise_are_distributed_the_same(monkeypatch):
    found = []
    for device in ("fast", "stock"):
        monkeypatch.setenv("ALLOTONE_DEVICE", device)
        found.append(samples_of(noisy_cells()))
    for name, ours in found[0].items():
        assert ks_2samp(ours, found[1][name]).pvalue > LEAST_P, name


@pytest.mark.parametrize(
    ("changes", "noticed"), [({"sd": "0.6 nS"}, "x_drive_fluctuating"), ({"rate": "1.05 kHz"}, "g_drive_background")]
)
def test_the_comparison_would_notice(changes, noticed):
    assert ks_2samp(samples_of(noisy_cells())[noticed], samples_of(noisy_cells(**changes))[noticed]).pvalue < LEAST_P


@pytest.mark.parametrize(
    "name", sorted(shipped().keys() - {"dentate_epileptic"})
)  # which has the cells of dentate_gyrus
def test_state_updates_of_shipped_networks_are_vectorised(name):
    build = compile_plan(plan_of(name)).build
    loops = {loop: width for loop, width in build["loops"].items() if loop.endswith("stateupdater")}
    assert build["device"] == OURS and all(loops.values()), loops


def test_loops_are_found_in_what_the_compiler_says():
    program = "int x;\n// loop of a\n#pragma GCC ivdep\nfor (;;)\n{\n}\n// loop of b\nfor (;;)\n"
    said = "".join(f"main.cpp:4:9: optimized: loop vectorized using {width} byte vectors\n" for width in (64, 32))
    assert vectorised(program, said) == {"a": 64, "b": 0}


@pytest.mark.parametrize("number", [8, 9, 50, 100, 129, 1000, 3200, 200_000])
def test_blocks_cover_all_agents_and_end_within_the_padding(number):
    size = block_size(number)
    assert size % 8 == 0
    assert number <= -(-number // size) * size <= -(-number // 64) * 64


GCC = Compiler("g++", "g++ (Debian) 12.2.0", "gcc", (12, 2, 0), (), "flags\t: avx2 avx512f")


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"kind": "clang", "version": "clang version 17"}, "is not gcc"),
        ({"number": (8, 4, 0)}, "is not gcc"),
        ({"processor": "flags\t: sse4_2"}, "AVX2"),
    ],
)
def test_the_stock_device_stands_in_and_says_why(monkeypatch, changes, note):
    monkeypatch.delenv("ALLOTONE_DEVICE", raising=False)
    assert choice.choose(GCC) == choice.Choice(OURS)
    chosen = choice.choose(Compiler(**(vars(GCC) | changes)))
    assert chosen.device == STOCK and note in chosen.note


@pytest.mark.parametrize(
    ("version", "device"), [("2.8.0", STOCK), ("2.9.0", OURS), ("2.11.3", OURS), ("2.12.0", STOCK)]
)
def test_only_versions_of_brian2_that_were_tested(monkeypatch, version, device):
    monkeypatch.delenv("ALLOTONE_DEVICE", raising=False)
    monkeypatch.setattr(choice.brian2, "__version__", version)
    assert choice.choose(GCC).device == device


def test_without_glibc(monkeypatch):
    monkeypatch.delenv("ALLOTONE_DEVICE", raising=False)
    monkeypatch.setattr(choice.platform, "libc_ver", lambda: ("", ""))
    assert "glibc" in choice.choose(GCC).note


def test_an_unknown_device_is_refused(monkeypatch):
    monkeypatch.setenv("ALLOTONE_DEVICE", "gpu")
    with pytest.raises(InputError, match="'gpu' is no device; known: fast, stock"):
        choice.choose(GCC)
