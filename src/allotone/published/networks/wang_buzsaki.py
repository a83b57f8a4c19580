"""Wang and Buzsaki's interneurons: a cell's rate against current, and synchrony against gates and connectivity.

With fewer inputs than cells the contacts are drawn with a probability and the weight is divided by their expected number,
so that cells differ in the inhibition they receive: with the same number on every cell (as `fixed_indegree` draws) all of
them stay synchronous down to 20 inputs.
"""

import functools

import numpy as np

from ...simulation.batch import run_all
from ...simulation.network import Network
from ..checks import Check, check, estimate
from ..targets import above, below
from .robustness import robust
from .runs import over_seeds, statistic

SEEDS = 4
TOTAL_WEIGHT = 0.1  # mS/cm2
# uA/cm2, by the end of the key.
CURRENTS = {
    "0p16": 0.16, "0p17": 0.17, "0p2": 0.2, "0p3": 0.3, "0p5": 0.5, "1": 1, "2": 2, "3": 3, "5": 5, "10": 10, "20": 20,
}  # fmt: skip
NEAR_RHEOBASE = np.linspace(0.155, 0.175, 9).round(4)  # uA/cm2
INPUTS = (10, 20, 40, 60, 80, 100)
POPULATION, PROJECTION = "populations.interneurons", "projections.interneurons_to_interneurons"
AMPLITUDE = f"{POPULATION}.drive.current.amplitude"
NAME = "wang_buzsaki_1996"
CELL = f"{NAME} without synapses, 1.5 s, intervals after 0.5 s"
COUNTED = f"{NAME}, 1.5 s, counted over the last 0.5 s"


def checks() -> list[Check]:
    """Single cell, rheobase, the networks of figure 3, coherence against the number of inputs, and robustness."""
    return [*_cell(), *_network(), *_inputs(), *_robustness()]


@functools.cache
def single_cell() -> dict[float, float]:
    """Rate of the intervals (Hz) by current (uA/cm2)."""
    silent = Network.load(NAME).override({f"{PROJECTION}.weight": "0 mS/cm2"})
    settings = {"duration": "1.5 s", "discard": "0.5 s", "seed": 1, "statistics": ("mean_rate",)}
    currents = sorted({*CURRENTS.values(), *NEAR_RHEOBASE.tolist()})
    points = [(silent.override({AMPLITUDE: f"{current} uA/cm2"}), settings) for current in currents]
    return dict(zip(currents, run_all(points, keep=interval_rate)))


def interval_rate(run) -> float:
    """Rate of the intervals after the discarded time, mean over cells, Hz; 0 where no cell fires twice."""
    spikes = run.spikes["interneurons"]
    after = np.asarray(spikes.times) >= np.asarray(run.discard)
    times, cells = np.asarray(spikes.times)[after], np.asarray(spikes.node_ids)[after]
    rates = [1 / np.diff(times[cells == cell]).mean() for cell in np.flatnonzero(np.bincount(cells) > 1)]
    return float(np.mean(rates)) if rates else 0.0


def rheobase() -> float:
    """Current halfway between the largest that is silent and the smallest that is not, uA/cm2."""
    firing = np.array([single_cell()[current] > 0 for current in NEAR_RHEOBASE.tolist()])
    first = int(np.argmax(firing))
    return float(NEAR_RHEOBASE[first - 1 : first + 1].mean()) if first > 0 and firing[first:].all() else np.nan


@functools.cache
def in_network() -> dict[str, dict[str, np.ndarray]]:
    """Rate (Hz) and kappa of each case, arrays (seeds,)."""
    network = Network.load(NAME)
    cases = {"all to all": network}
    for phi, current in ((3.33, 1.2), (2.0, 1.4)):
        cases[f"phi {phi:g}"] = network.override({f"{POPULATION}.parameters.phi": phi, AMPLITUDE: f"{current} uA/cm2"})
    cases |= {f"{inputs} inputs": sparse(network, inputs) for inputs in INPUTS}
    cases["half step"] = network.override({"time_step": "0.025 ms"})
    cases["double size"] = network.override({f"{POPULATION}.size": 200})
    names = ("mean_rate", "coherence_kappa")
    settings = {"duration": "1.5 s", "discard": "1 s", "statistics": names}
    return over_seeds(cases, statistic("interneurons", *names), SEEDS, **settings)


def sparse(network: Network, inputs: int) -> Network:
    """The network with so many inputs to a cell on average, and the total weight kept."""
    connect = {"rule": "probability", "probability": inputs / 100, "self_connections": True}
    values = {"connect": connect, "weight": f"{TOTAL_WEIGHT / inputs} mS/cm2", "weight_per": "contact"}
    return network.override({f"{PROJECTION}.{key}": value for key, value in values.items()})


def _rate(case: str) -> np.ndarray:
    return in_network()[case]["mean_rate"]


def _kappa(case: str) -> np.ndarray:
    return in_network()[case]["coherence_kappa"]


def _synchrony_frequency() -> float:
    run = Network.load(NAME).run("2 s", discard="1 s", seed=1, statistics=("peak_frequency",))
    return float(run.statistics["interneurons"]["peak_frequency"].value)


def _cell() -> list[Check]:
    rates = [
        check(
            f"wb_rate_{end}", "re-implementation", f"{CELL}, {current} uA/cm2",
            lambda current=current: single_cell()[current],
        )
        for end, current in CURRENTS.items()
    ]  # fmt: skip
    return [*rates, check("wb_rheobase", "re-implementation", CELL, rheobase)]


def _network() -> list[Check]:
    figure, twice = f"{COUNTED}, phi 5, 1 uA/cm2", f"{COUNTED}, phi 2, 1.4 uA/cm2"
    return [
        check("wb_network_rate", "re-implementation", figure, lambda: estimate(_rate("all to all"))),
        check("wb_network_kappa", "re-implementation", figure, lambda: estimate(_kappa("all to all"))),
        check(
            "wb_rate_phi_3p33", "re-implementation", f"{COUNTED}, phi 3.33, 1.2 uA/cm2",
            lambda: estimate(_rate("phi 3.33")),
        ),
        check("wb_kappa_phi_2", "re-implementation", twice, lambda: estimate(_kappa("phi 2"))),
        check(
            "wb_kappa_phi_2 wb_network_kappa", "re-implementation", twice,
            lambda: estimate(_kappa("phi 2") - _kappa("all to all")), below("1"), name="wb_kappa_phi_2.less",
            quantity="kappa with slower gates less that with fast ones",
        ),
        check(
            "wb_gamma_band", "prediction", f"{NAME}, 2 s, spectrum of the second one", _synchrony_frequency,
            quantity="frequency of synchrony",
        ),
    ]  # fmt: skip


def _inputs() -> list[Check]:
    values = [
        check(
            f"wb_kappa_{inputs}_inputs", "re-implementation", f"{COUNTED}, contacts with probability {inputs / 100:g}",
            lambda inputs=inputs: estimate(_kappa(f"{inputs} inputs")),
        )
        for inputs in INPUTS
    ]  # fmt: skip
    rises = [
        check(
            f"wb_kappa_{more}_inputs wb_kappa_{less}_inputs", "re-implementation", COUNTED,
            lambda less=less, more=more: estimate(_kappa(f"{more} inputs") - _kappa(f"{less} inputs")), above("1"),
            name=f"wb_kappa.from_{less}_to_{more}_inputs", quantity=f"change in kappa from {less} to {more} inputs",
        )
        for less, more in ((40, 60), (60, 80), (80, 100))
    ]  # fmt: skip
    return values + rises


def _robustness() -> list[Check]:
    changes = (
        ("half_dt", "half step", "time step 0.025 for 0.05 ms"),
        ("double_size", "double size", "200 for 100 cells, total weight kept"),
    )
    return [
        robust(
            f"wb_network_{word}", f"wang_buzsaki.{change}_{word}", f"change in {word}, {text}", COUNTED,
            lambda case=case, read=read: (read("all to all"), read(case)),
        )
        for change, case, text in changes
        for word, read in (("rate", _rate), ("kappa", _kappa))
    ]  # fmt: skip
