"""Dentate gyrus (`dentate_gyrus`): how many granule cells an input recruits, and how well they tell two inputs apart."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...network.definition import Definition
from ...simulation.batch import run_all
from ...simulation.network import Network
from ...units import magnitude, parse
from ..checks import Check, check, estimate
from ..data import row_of
from ..targets import above, below, printed
from .robustness import robust

NETWORK = "dentate_gyrus"
DURATION = "1.31 s"
# Two sets of 40 active entorhinal cells of 400 that share 32: input distance 0.20.
PATTERNS = (tuple(range(40)), tuple(range(8, 48)))
INPUT_DISTANCE = 0.2
AS_PUBLISHED = {
    "projections.noise_to_gc.block.kind": "magnesium_inverted",
    **{
        f"projections.{name}.block.slope": "13.888888888888889 mV"
        for name in ("ec_to_gc_nmda", "mc_to_gc_nmda", "noise_to_gc")
    },
}
NO_MOSSY_OUTPUT = {
    f"projections.mc_to_{target}_{receptor}.amplitude_factor": 0.0
    for target in ("gc", "bc")
    for receptor in ("ampa", "nmda")
}
INHIBITORY = ("bc_to_gc", "hipp_to_gc")
SCALED = (
    *(f"{path}_{receptor}" for path in ("gc_to_mc", "mc_to_gc", "mc_to_bc") for receptor in ("ampa", "nmda")),
    "hipp_to_gc",
)
_TONIC = "populations.gc.tonic.delta"
SEEDS_A, SEEDS_B = 20, 4


def active_cells(run: Any) -> np.ndarray:
    """Which granule cells fired at least once, array (cells,) of bool."""
    active = np.zeros(run.sizes["gc"], dtype=bool)
    active[run.spikes["gc"].node_ids] = True
    return active


def output_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Population distance f1 of two patterns of active cells, arrays (cells,) of bool.

    Cells in which they differ over twice the active cells of the larger one (analysis of ModelDB 206397, after Chavlis et
    al. 2017, doi:10.1002/hipo.22675): 0 for the same cells, 1 for as many others; NaN where none is active.
    """
    larger = max(first.sum(), second.sum())
    return float((first != second).sum() / (2 * larger)) if larger else float("nan")


def recruited(
    networks: Mapping[Any, Network], seeds: int, patterns: int = 1, show_progress: bool = True
) -> dict[Any, np.ndarray]:
    """Active granule cells of each network, arrays (seeds, patterns, cells) of bool.

    A seed is one network with its contacts; each pattern comes to it as spike trains of its own, and all networks get the
    same.
    """
    points = []
    for network in networks.values():
        for pattern in range(patterns):
            shown = network.override({"populations.ec.neuron.agents": PATTERNS[pattern]})
            points += [
                (
                    shown,
                    {"duration": DURATION, "network_seed": seed, "noise_seed": 2 * seed + pattern, "statistics": ()},
                )
                for seed in range(seeds)
            ]
    found = iter(run_all(points, keep=active_cells, show_progress=show_progress))
    return {
        name: np.array([[next(found) for _ in range(seeds)] for _ in range(patterns)]).swapaxes(0, 1)
        for name in networks
    }


def resized(network: Network, share: float) -> Network:
    """The network with this share of all cells but the entorhinal ones.

    Where fewer cells mean fewer contacts on each, their weights are larger by as much.
    """
    schema = network.definition.schema
    cells = ("gc", "bc", "mc", "hipp", "noise_bc", "noise_mc", "noise_hipp")
    values: dict[str, Any] = {
        f"populations.{name}.size": round(share * schema.populations[name].size) for name in cells
    }
    for name in SCALED:
        weight, unit = schema.projections[name].weight.split()
        values[f"projections.{name}.weight"] = f"{float(weight) / share:.6g} {unit}"
    return network.override(values)


def tonic(conductance_nS: float, reversal_mV: float = -75) -> dict[str, Any]:
    """Overrides that give granule cells a tonic conductance without voltage dependence."""
    return {
        f"{_TONIC}.density": 1.0,
        f"{_TONIC}.conductance": f"{conductance_nS} nS",
        f"{_TONIC}.reversal": f"{reversal_mV} mV",
        f"{_TONIC}.rectification": "none",
    }


def _inhibition(key: str, factor: float) -> dict[str, float]:
    return {f"projections.{name}.{key}": factor for name in INHIBITORY}


def _input(rate_Hz: float) -> dict[str, str]:
    return {"populations.ec.neuron.rate": f"{rate_Hz} Hz"}


# Overrides by the key of the row that they belong to.
CASES_A = {
    "dg_a_control": {},
    "dg_a_no_mc": NO_MOSSY_OUTPUT,
    "dg_a_tonic_0p05": tonic(0.05),
    "dg_a_tonic_0p1": tonic(0.1),
    "dg_a_tonic_0p2": tonic(0.2),
    "dg_a_gaba_x1p5": _inhibition("amplitude_factor", 1.5),
}
CASES_B = {
    "dg_b_control": {},
    "dg_b_no_mc": NO_MOSSY_OUTPUT,
    "dg_b_tonic_0p1": tonic(0.1),
    "dg_b_tonic_0p2": tonic(0.2),
    "dg_b_tonic_0p3": tonic(0.3),
    "dg_b_tonic_0p5": tonic(0.5),
    "dg_b_tonic_0p8": tonic(0.8),
    "dg_b_tonic_0p3_e60": tonic(0.3, -60),
    "dg_b_gaba_x2": _inhibition("amplitude_factor", 2.0),
    "dg_b_gaba_tau_x2": _inhibition("decay_factor", 2.0),
    "dg_b_ec_30": _input(30),
    "dg_b_ec_60": _input(60),
}
# Conductance in nS of the rows that must fall with it.
TONICS = {f"dg_b_tonic_0p{tenths}": tenths / 10 for tenths in (1, 2, 3, 5, 8)}
DISTANCES = {
    "dg_b_f1_control": "dg_b_control",
    "dg_b_f1_tonic_0p8": "dg_b_tonic_0p8",
    "dg_b_f1_no_mc": "dg_b_no_mc",
    "dg_b_f1_ec_60": "dg_b_ec_60",
}


@functools.cache
def bare() -> Network:
    """The network as the rows were computed: no tonic conductance, no conduction delays, input for 1 s.

    At the file's step of 0.05 ms, where spikes of entorhinal cells and of the background open their gates within 4 % as far
    as forward Euler does at the rows' 0.1 ms. At 0.1 ms the exponential Euler method opens the fastest twice as much too far.
    """
    network = Network.load(NETWORK)
    values = {"populations.ec.neuron.duration": "1 s", f"{_TONIC}.density": 0.0}
    with_delay = (
        name for name, one in network.definition.schema.projections.items() if not one.source.startswith("noise")
    )
    return network.override(values | {f"projections.{name}.delay": "0 ms" for name in with_delay})


@functools.cache
def _as_published() -> dict[str, np.ndarray]:
    """Percentage of granule cells that are active in each case of variant A, arrays (seeds,)."""
    network = bare().override(AS_PUBLISHED)
    found = recruited({key: network.override(values) for key, values in CASES_A.items()}, SEEDS_A)
    return {key: 100 * active[:, 0].mean(axis=1) for key, active in found.items()}


@functools.cache
def _corrected() -> dict[str, np.ndarray]:
    """Active granule cells in each case of variant B, arrays (seeds, patterns, cells)."""
    cases = {key: bare().override(values) for key, values in CASES_B.items()}
    cases |= {"half step": bare().override({"time_step": "0.025 ms"}), "half size": resized(bare(), 0.5)}
    paired = {key: cases.pop(key) for key in DISTANCES.values()}
    return recruited(paired, SEEDS_B, patterns=2) | recruited(cases, SEEDS_B)


def _percent(key: str) -> np.ndarray:
    return 100 * _corrected()[key][:, 0].mean(axis=1)


def _scaled(key: str) -> np.ndarray:
    """Percentage as a ratio to the control of the same seed, times the row of the control."""
    return _percent(key) / _percent("dg_b_control") * row_of("dg_b_control").value


def _distance(key: str) -> np.ndarray:
    return np.array([output_distance(*patterns) for patterns in _corrected()[DISTANCES[key]]])


def checks() -> list[Check]:
    """Recruitment in both variants, pattern separation, the directions that they show, potencies, time step and size."""
    found = [
        check(key, "re-implementation", f"{NETWORK}, variant A, no delays", _of(_as_published, key)) for key in CASES_A
    ]
    for key in CASES_B:
        read = _percent if key == "dg_b_control" else _scaled
        protocol = "variant B, no delays" + ("" if read is _percent else ", ratio to the control")
        found.append(check(key, "re-implementation", f"{NETWORK}, {protocol}", _mean(read, key)))
    for key in DISTANCES:
        found.append(
            check(key, "re-implementation", f"{NETWORK}, variant B, input distance 0.20", _mean(_distance, key))
        )
    return [*found, *_directions(), *_potencies(), *_robustness()]


def _of(cases: Callable[[], dict[str, np.ndarray]], key: str) -> Callable:
    return lambda: estimate(cases()[key])


def _mean(read: Callable[[str], np.ndarray], key: str) -> Callable:
    return lambda: estimate(read(key))


def _directions() -> list[Check]:
    """What any parameter set must show; each a difference within seeds."""
    protocol = f"{NETWORK}, variant B, no delays"

    def one(key, name, quantity, simulate, target):
        return check(
            key, "re-implementation", protocol, lambda: estimate(simulate()), target,
            name=f"{key}.{name}", quantity=quantity,
        )  # fmt: skip

    return [
        one(
            "dg_b_no_mc", "rises", "change in active granule cells by the loss of mossy-cell output",
            lambda: _percent("dg_b_no_mc") - _percent("dg_b_control"), above("%"),
        ),
        *(
            one(
                key, "falls", "change in active granule cells by this tonic conductance",
                lambda key=key: _percent(key) - _percent("dg_b_control"), below("%"),
            )
            for key in TONICS
        ),
        one(
            "dg_b_tonic_0p8", "trend", "slope of active granule cells over the tonic conductance, 0 to 0.8 nS",
            lambda: np.polyfit(list(TONICS.values()), np.array([_percent(key) for key in TONICS]), 1)[0], below("%/nS"),
        ),
        one(
            "dg_b_f1_control", "separates", "output distance less the input distance",
            lambda: _distance("dg_b_f1_control") - INPUT_DISTANCE, above("1"),
        ),
    ]  # fmt: skip


def _potencies() -> list[Check]:
    """What the experiments put in."""

    def put_in(key):
        values = {
            f"projections.{name}.receptor_parameters.decay_ec50": f"{row_of(key).value} nM" for name in INHIBITORY
        }
        definition: Definition = Network.load(NETWORK).override(values).definition
        given = definition.schema.projections[INHIBITORY[0]].receptor_parameters["decay_ec50"]
        return float(magnitude(parse(given), "nM"))

    return [
        check(
            key, "input", f"{NETWORK}, EC50 of the prolongation of inhibitory currents", lambda key=key: put_in(key),
            printed(key),
        )
        for key in ("dgc_ec50_control", "dgc_ec50_epileptic")
    ]  # fmt: skip


def _robustness() -> list[Check]:
    parameters = f"{NETWORK}, variant B, no delays"
    return [
        robust(
            "dg_b_control", "dentate.half_dt", "change in active granule cells, time step 0.025 for 0.05 ms", parameters,
            lambda: (_percent("dg_b_control"), _percent("half step")),
        ),
        robust(
            "dg_b_control", "dentate.double_size",
            "change in active granule cells, the file's size for half of it at twice the weights", parameters,
            lambda: (_percent("half size"), _percent("dg_b_control")),
        ),
    ]  # fmt: skip
