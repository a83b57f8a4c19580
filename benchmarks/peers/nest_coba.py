"""Workloads A and C in NEST: `coba_driven` with the agents and contacts that we draw, as `iaf_cond_exp`; C has noise.

Reads {"workload": "A" or "C", "seconds", "seed", "time_step_ms", "threads"} as JSON from standard input.
"""

import time
from typing import Any

import numpy as np
from drawn import NETWORKS, Drawn, answer, draw

DIFFERS = (
    "NEST integrates with adaptive Runge-Kutta-Fehlberg 4(5) to an error of 1e-3 (mV, nS) a step instead of exponential "
    "Euler, so more accurately; tonic conductance folded into the leak; same cells, contacts and initial values"
)
NOISE_DIFFERS = (
    "; the Ornstein-Uhlenbeck conductance, which NEST lacks, is Poisson input of the same mean and SD, "
    "which decays like excitatory synapses"
)
SIEMENS, VOLT, SECOND, AMPERE, FARAD = 1e9, 1e3, 1e3, 1e12, 1e12  # NEST's nS, mV, ms, pA and pF in one SI unit


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Time the loop; the drawing of agents and contacts belongs to the building."""
    import nest

    if asked["workload"] not in ("A", "C"):
        raise SystemExit(f"workload {asked['workload']} is not in this script; expected A or C")
    noisy = asked["workload"] == "C"
    start = time.perf_counter()
    time_step_ms = asked.get("time_step_ms", 0.1)
    file = NETWORKS / "coba_noise.toml" if noisy else "coba_driven"
    drawn = draw(file, {"time_step": f"{time_step_ms} ms"}, asked["seconds"], asked["seed"])
    nest.verbosity = nest.VerbosityLevel.ERROR
    # NEST knows no seed 0.
    nest.set(resolution=time_step_ms, local_num_threads=asked["threads"], rng_seed=asked["seed"] + 1)
    populations = {
        name: nest.Create("iaf_cond_exp", population.size, _cells(drawn, name))
        for name, population in drawn.schema.populations.items()
    }
    recorder = nest.Create("spike_recorder")
    for cells in populations.values():
        nest.Connect(cells, recorder)
    for name, projection in drawn.schema.projections.items():
        _connect(nest, drawn, name, populations[projection.source], populations[projection.target])
    if noisy:
        for name, cells in populations.items():
            _add_noise(nest, drawn, name, cells)
    nest.Prepare()
    build_s, start = time.perf_counter() - start, time.perf_counter()
    nest.Run(asked["seconds"] * SECOND)
    loop_s = time.perf_counter() - start
    nest.Cleanup()
    rate_hz = recorder.n_events / drawn.size / asked["seconds"]
    return {"loop_s": loop_s, "build_s": build_s, "rate_hz": rate_hz, "differs": DIFFERS + NOISE_DIFFERS * noisy}


def _cells(drawn: Drawn, population: str) -> dict[str, np.ndarray]:
    """Parameters and initial state of a population, each of shape (size,)."""
    cells = drawn.cells[population]
    excitatory, inhibitory = f"excitatory_to_{population}", f"inhibitory_to_{population}"
    g_tonic = drawn.g_tonic(population, "none")
    g_leak = cells["g_leak"] + g_tonic
    return {
        "C_m": cells["C_m"] * FARAD,
        "g_L": g_leak * SIEMENS,
        "E_L": (cells["g_leak"] * cells["E_leak"] + g_tonic * cells["E_gaba"]) / g_leak * VOLT,
        "I_e": cells["drive_current_amplitude"] * AMPERE,
        "V_th": cells["v_threshold"] * VOLT,
        "V_reset": cells["v_reset"] * VOLT,
        "t_ref": cells["refractory_period"] * SECOND,
        "E_ex": cells[f"E_{excitatory}"] * VOLT,
        "E_in": cells["E_gaba"] * VOLT,
        "tau_syn_ex": cells[f"tau_decay_{excitatory}"] * SECOND,
        "tau_syn_in": cells[f"tau_decay_{inhibitory}"] * SECOND,
        "V_m": cells["v"] * VOLT,
        "g_ex": cells[f"g_{excitatory}"] * SIEMENS,
        "g_in": cells[f"g_{inhibitory}"] * SIEMENS,
    }


def _connect(nest: Any, drawn: Drawn, projection: str, source: Any, target: Any) -> None:
    """Make the contacts of a projection."""
    contacts = drawn.contacts[projection]
    # A negative weight is what tells NEST that a contact is inhibitory.
    sign = -1 if drawn.schema.projections[projection].source == "inhibitory" else 1
    nest.Connect(
        source.global_id[0] + contacts.source,
        target.global_id[0] + contacts.target,
        "one_to_one",
        {"weight": sign * contacts.weight * SIEMENS, "delay": contacts.delay * SECOND},
    )


def _add_noise(nest: Any, drawn: Drawn, population: str, target: Any) -> None:
    """Give every cell Poisson input of its own, for the background and in place of the fluctuating conductance."""
    cells = {key: value[0] for key, value in drawn.cells[population].items()}
    tau = cells[f"tau_decay_excitatory_to_{population}"]
    if cells["drive_background_tau"] != tau:
        raise SystemExit(f"drive.background of {population} decays unlike its excitatory synapses, which NEST gives it")
    # Mean and SD of shot noise: rate weight tau, and weight sqrt(rate tau/2).
    mean, sd = cells["drive_fluctuating_mean"], cells["drive_fluctuating_sd"]
    weight = 2 * sd**2 / mean
    inputs = ((cells["drive_background_rate"], cells["drive_background_weight"]), (mean / (weight * tau), weight))
    # A shorter delay than that of the contacts would make NEST exchange spikes more often.
    delay = drawn.contacts[f"excitatory_to_{population}"].delay.min() * SECOND
    for rate, weight in inputs:
        generator = nest.Create("poisson_generator", params={"rate": rate})
        nest.Connect(generator, target, "all_to_all", {"weight": weight * SIEMENS, "delay": delay})


if __name__ == "__main__":
    answer(run)
