"""`wang_buzsaki_1996`: single cell and synchrony, against an independent re-implementation and the paper's abstract.

Single cells are the network's own without synapses, run for 1.5 s: the rate is that of the intervals after 0.5 s.
Networks are run for 1.5 s and counted over the last 500 ms, mean over 4 seeds; the frequency of synchrony is taken from a
whole second. With fewer inputs than cells the contacts are drawn with a probability and the weight is divided by their
expected number, so that cells differ in the inhibition they receive: with the same number on every cell (as
`fixed_indegree` draws) all of them stay synchronous down to 20 inputs.
"""

import numpy as np
import pytest
from expected import compare, over_seeds, rows

from allotone import Network, run_all

SEEDS = 4
TOTAL_WEIGHT = 0.1  # mS/cm2
CURRENTS = (0.16, 0.17, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20)  # uA/cm2
NEAR_RHEOBASE = np.linspace(0.155, 0.175, 9)  # uA/cm2
INPUTS = (10, 20, 40, 60, 80, 100)
POPULATION, PROJECTION = "populations.interneurons", "projections.interneurons_to_interneurons"
AMPLITUDE = f"{POPULATION}.drive.current.amplitude"


@pytest.fixture(scope="module")
def network():
    return Network.load("wang_buzsaki_1996")


def interval_rate(run):
    """Rate of the intervals, mean over cells, Hz; 0 where no cell fires twice."""
    after = np.asarray(run.spikes["interneurons"].times) >= np.asarray(run.discard)
    times, cells = (
        np.asarray(a)[after] for a in (run.spikes["interneurons"].times, run.spikes["interneurons"].node_ids)
    )
    rates = [1 / np.diff(times[cells == cell]).mean() for cell in np.flatnonzero(np.bincount(cells) > 1)]
    return float(np.mean(rates)) if rates else 0.0


@pytest.fixture(scope="module")
def single_cell(network):
    """Rate of the intervals (Hz) by current (uA/cm2)."""
    currents = sorted({*CURRENTS, *NEAR_RHEOBASE.round(4).tolist()})
    silent = network.override({f"{PROJECTION}.weight": "0 mS/cm2"})
    settings = {"duration": "1.5 s", "discard": "0.5 s", "seed": 1, "statistics": ("mean_rate",)}
    points = [(silent.override({AMPLITUDE: f"{current} uA/cm2"}), settings) for current in currents]
    return dict(zip(currents, run_all(points, keep=interval_rate, show_progress=False)))


def sparse(network, inputs):
    connect = {"rule": "probability", "probability": inputs / 100, "self_connections": True}
    values = {"connect": connect, "weight": f"{TOTAL_WEIGHT / inputs} mS/cm2", "weight_per": "contact"}
    return network.override({f"{PROJECTION}.{key}": value for key, value in values.items()})


@pytest.fixture(scope="module")
def in_network(network):
    """Rate (Hz) and kappa, arrays (seed,), of each case."""
    slower = {"phi 3.33 (figure 3B)": (3.33, 1.2), "phi 2 (figure 3C)": (2.0, 1.4)}
    cases = {"all to all (figure 3A)": network}
    for name, (phi, current) in slower.items():
        cases[name] = network.override({f"{POPULATION}.parameters.phi": phi, AMPLITUDE: f"{current} uA/cm2"})
    cases |= {f"with {inputs} inputs per cell": sparse(network, inputs) for inputs in INPUTS}
    statistics = ("mean_rate", "coherence_kappa")
    found = over_seeds(cases, "interneurons", SEEDS, duration="1.5 s", discard="1 s", statistics=statistics)
    rates = {f"rate {name}": values["mean_rate"] for name, values in found.items()}
    return rates | {f"kappa {name}": values["coherence_kappa"] for name, values in found.items()}


def rheobase(single_cell):
    """Current halfway between the largest that is silent and the smallest that is not, uA/cm2."""
    firing = np.array([single_cell[current] > 0 for current in NEAR_RHEOBASE.round(4).tolist()])
    first = int(np.argmax(firing))
    assert firing[first:].all() and first > 0
    return NEAR_RHEOBASE[first - 1 : first + 1].mean()


@pytest.mark.parametrize("target", rows("E01_WB96"))
def test_target(request, network, target):
    words = target.quantity.split()
    if words[0] == "single-cell":
        compare(target, request.getfixturevalue("single_cell")[float(words[3])])
    elif words[0] == "rheobase":
        compare(target, rheobase(request.getfixturevalue("single_cell")))
    elif words[0] == "frequency":
        run = network.run("2 s", discard="1 s", seed=1, statistics=("peak_frequency",))
        compare(target, run.statistics["interneurons"]["peak_frequency"].value)
    else:
        compare(target, request.getfixturevalue("in_network")[target.quantity])


def test_coherence_rises_with_the_number_of_inputs(in_network):
    """Monotone above the threshold of connectivity; below it kappa is that of independent cells, about 0.1."""
    kappa = {inputs: in_network[f"kappa with {inputs} inputs per cell"].mean() for inputs in INPUTS}
    assert kappa[40] < kappa[60] < kappa[80] < kappa[100]
    assert max(kappa[10], kappa[20], kappa[40]) < kappa[60] / 2


def test_synchrony_is_complete_only_with_fast_gates(in_network):
    assert (in_network["kappa all to all (figure 3A)"] > 2 * in_network["kappa phi 2 (figure 3C)"] - 0.05).all()
    assert (in_network["kappa phi 2 (figure 3C)"] < 0.6).all()
