"""The same definition and seed give the same spikes, whatever else happens; every value arrives."""

import os
import subprocess
import sys

import brian2
import numpy as np
import pytest
from brian2 import mV, second

from allotone import InputError, Network, nM, read_run, run_all
from allotone.cli import main
from allotone.simulation.compile import cache_folder

SHORT = {"duration": "0.3 s", "discard": "0.1 s"}


@pytest.fixture(scope="module")
def network():
    return Network.load("pv_gamma")


@pytest.fixture(scope="module")
def run(network):
    return network.run(**SHORT, seed=5, allopregnanolone="30 nM")


def same_spikes(first, second):
    return all(
        np.array_equal(np.asarray(first.spikes[name].times), np.asarray(second.spikes[name].times))
        and np.array_equal(first.spikes[name].node_ids, second.spikes[name].node_ids)
        for name in first.spikes
    )


def test_same_seed_same_spikes_and_another_seed_others(network, run):
    assert len(run.spikes["pv"].node_ids) > 500
    assert same_spikes(run, network.run(**SHORT, seed=5, allopregnanolone="30 nM"))
    assert not same_spikes(run, network.run(**SHORT, seed=6, allopregnanolone="30 nM"))
    assert not same_spikes(run, network.run(**SHORT, seed=5, allopregnanolone="31 nM"))


def test_same_spikes_from_the_shell_in_a_rebuilt_cache(run, tmp_path):
    output = tmp_path / "run.h5"
    command = [sys.executable, "-m", "allotone", "run", "pv_gamma", "--duration", "0.3s", "--discard", "0.1s"]
    environment = {**os.environ, "ALLOTONE_CACHE": str(tmp_path / "cache"), "PYTHONHASHSEED": "77"}
    done = subprocess.run(
        [*command, "--seed", "5", "--allo", "30nM", "-o", str(output)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "compiling" in done.stderr
    other = read_run(output)
    assert same_spikes(run, other)
    assert other.definition_sha256 == run.definition_sha256


def test_number_and_order_of_workers_change_nothing(network):
    points = [(network, {**SHORT, "seed": seed, "allopregnanolone": dose * nM}) for seed in (1, 2) for dose in (0, 100)]
    two = run_all(points, workers=2, show_progress=False)
    one = run_all(points[::-1], workers=1, show_progress=False)[::-1]
    assert all(same_spikes(a, b) for a, b in zip(one, two))
    assert not same_spikes(two[0], two[1])


def test_a_failing_point_stops_the_batch(network):
    with pytest.raises(InputError, match="seed"):
        run_all([(network, {**SHORT, "seed": -1})], show_progress=False)


def test_network_and_noise_seed_are_told_apart(network, run):
    derived = network.run(**SHORT, allopregnanolone="30 nM", network_seed=run.network_seed, noise_seed=1)
    # The network has no noise: only agents and contacts depend on a seed.
    assert same_spikes(run, derived)
    assert derived.noise_seed == 1 and derived.network_seed == run.network_seed


def test_each_drawn_value_has_its_own_stream(network, run):
    wider = network.override({"populations.pv.tonic.delta.conductance.cv": 0.4}).run(**SHORT, seed=5)
    drive, tonic = "drive.current.amplitude", "tonic.delta.conductance"
    assert np.array_equal(wider.agents["pv"][drive], run.agents["pv"][drive])
    mean = np.asarray(network.run(**SHORT, seed=5).agents["pv"][tonic])
    assert np.asarray(wider.agents["pv"][tonic]).std() == pytest.approx(2 * mean.std(), rel=0.05)


def test_agents_are_drawn_as_the_definition_says(run):
    drive = np.asarray(run.agents["pv"]["drive.current.amplitude"]) / 0.01
    assert drive.mean() == pytest.approx(1, abs=4 * 0.1 / np.sqrt(200))
    assert drive.std() == pytest.approx(0.1, rel=4 / np.sqrt(400))
    onset = np.asarray(run.agents["pv"]["drive.current.onset"]) * 1e3
    assert 0 <= onset.min() and onset.max() <= 50 and onset.mean() == pytest.approx(25, abs=4 * 50 / np.sqrt(12 * 200))


def test_duration_is_an_argument_and_runs_share_their_beginning(network, run):
    longer = network.run("0.4 s", seed=5, allopregnanolone="30 nM")
    times = np.asarray(longer.spikes["pv"].times)
    assert np.array_equal(times[times < 0.3 - 1e-9], np.asarray(run.spikes["pv"].times))
    assert times.max() > 0.3


SUMS = ("mean_rate", "synchrony_chi", "mean_g_tonic", "mean_g_phasic", "tonic_phasic_ratio", "lfp_proxy")
# As test_cli.py records, so that both share a binary.
RECORD = ("v@pv/1ms", "g_tonic@pv/1ms", "g_phasic@pv/1ms", "h@pv:3,7-9/2ms")


@pytest.fixture(scope="module")
def summed(network):
    return network.run(**SHORT, seed=5, allopregnanolone="30 nM", statistics=SUMS, record=RECORD)


@pytest.fixture(scope="module")
def traces(summed):
    return {trace.variable: trace for trace in summed.traces["pv"]}


def test_requested_sums_never_alter_spikes_and_agree_with_traces(run, summed, traces):
    assert same_spikes(run, summed)
    assert list(summed.statistics["pv"]) == list(SUMS)
    late = np.asarray(traces["v"].times) >= 0.1 - 1e-9
    v = np.asarray(traces["v"].values)[late]
    chi = np.sqrt(v.mean(axis=1).var() / v.var(axis=0).mean())
    # Sums are taken at the end of a time step, traces at its beginning.
    assert summed.statistics["pv"].synchrony_chi == pytest.approx(chi, rel=0.02)
    for name in ("g_tonic", "g_phasic"):
        expected = np.asarray(traces[name].values)[late].mean() / 10
        assert float(summed.statistics["pv"][f"mean_{name}"].value) == pytest.approx(expected, rel=0.02)
        assert summed.statistics["pv"][f"mean_{name}"].unit == "mS/cm2"


def test_the_first_recorded_tonic_conductance_is_the_one_that_acts(traces):
    values = np.asarray(traces["g_tonic"].values)
    assert values[0].mean() == pytest.approx(values[1:3].mean(), rel=0.1)


def test_recorded_agents_and_interval(traces):
    gate = traces["h"]
    assert gate.node_ids.tolist() == [3, 7, 8, 9]
    assert gate.values.shape == (150, 4)
    assert np.diff(np.asarray(gate.times)) == pytest.approx(2e-3)
    assert 0 < np.asarray(gate.values).min() < np.asarray(gate.values).max() < 1
    v = traces["v"].values
    assert v.shape == (300, 200) and v.dim == mV.dim and -0.1 < np.asarray(v).min()


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("v", "not of the form"),
        ("v@pvv:0-3", "did you mean 'pv'"),
        ("vv@pv:0-3", "unknown variable of 'pv' 'vv'"),
        ("v@pv:0-300", "outside 0 to 199"),
        ("v@pv:0-3/0.01ms", "shorter than the time step"),
    ],
)
def test_recordings_that_cannot_be(network, record, sentence):
    with pytest.raises(InputError, match=sentence):
        network.run(**SHORT, record=[record])


def test_the_callers_device_and_clock_are_not_touched(network):
    device, time_step = brian2.get_device(), brian2.defaultclock.dt
    network.run(**SHORT)
    assert brian2.get_device() is device and brian2.defaultclock.dt == time_step


@pytest.mark.alone
def test_a_script_without_main_guard_works(run, tmp_path):
    binaries = set(cache_folder().iterdir())
    script = tmp_path / "statistics.py"  # named like a standard module that must not be shadowed in helpers
    script.write_text(
        "from brian2 import second\nfrom allotone import Network, nM\n"
        "run = Network.load('pv_gamma').run(0.2*second, allopregnanolone=100*nM, seed=1)\n"
        "print('rate', run.statistics['pv'].mean_rate)\n"
    )
    done = subprocess.run([sys.executable, "-P", str(script)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("rate ") and done.stdout.count("rate") == 1
    # Another process, with other addresses and hashes, finds the same binary by its content.
    assert set(cache_folder().iterdir()) == binaries


def test_brians_own_loop_draws_from_the_same_ensemble(network):
    brian2.prefs.codegen.target = "numpy"
    built = network.build("0.4 s", seed=1)
    built.run(0.4 * second, namespace={})
    monitor = next(found for found in built.objects if found.name == "spikes_pv")
    there = np.sum(np.asarray(monitor.t) >= 0.2) / (200 * 0.2)
    rates = [float(network.run("0.4 s", discard="0.2 s", seed=seed).statistics["pv"].mean_rate) for seed in range(6)]
    assert there == pytest.approx(np.mean(rates), abs=5 * np.std(rates) + 0.5)


def test_command_line_and_python_write_the_same_statistics(run, tmp_path, capsys):
    output = tmp_path / "run.h5"
    code = main(
        [
            "run",
            "pv_gamma",
            "--duration",
            "0.3s",
            "--discard",
            "0.1 s",
            "--allo",
            "30nM",
            "--seed",
            "5",
            "-o",
            str(output),
        ]
    )
    assert code == 0 and "written to" in capsys.readouterr().out
    there = read_run(output)
    for name, statistic in run.statistics["pv"].items():
        np.testing.assert_array_equal(there.statistics["pv"][name].value, statistic.value)
