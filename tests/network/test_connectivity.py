"""Every connection rule against its definition, in Brian2's own loop and in the compiled binary alike."""

import tempfile
from collections import Counter
from pathlib import Path

import brian2
import numpy as np
import pytest

from allotone import Network
from allotone.network.definition import Definition
from allotone.network.plan import Recording
from allotone.simulation import execute as execution
from allotone.simulation import protocol
from allotone.simulation.compile import compile_plan
from allotone.simulation.run import plan_run
from allotone.simulation.serve import server

A, B, C = 120, 60, 50
SYNAPSE = {"receptor": "ampa", "reversal": "0 mV", "synapse": {"kind": "exponential"}, "weight": "0 nS"}


def projection(source, target, connect, **changes):
    return {"source": source, "target": target, **SYNAPSE, "connect": connect, **changes}


def spread(**changes):
    return {"rule": "ring_gaussian", "sigma": 6, "probability_max": 0.8, "reach": 20, **changes}


LONG = {"kind": "exponential", "tau_decay": "1e6 ms"}
PER_NEIGHBOUR = {"base": "0.5 ms", "per_neighbour": "0.2 ms"}
RAW = {
    "title": "One projection of every rule",
    "time_step": "0.1 ms",
    "populations": {
        # A cell model with a parameter k, the name that the rules count with.
        "a": {"size": A, "neuron": "izhikevich"},
        "b": {"size": B, "neuron": "conductance_lif"},
        "c": {"size": C, "neuron": {"kind": "spike_file", "path": "", "spikes": [[i, 1.0] for i in range(C)]}},
    },
    "projections": {
        "pairs": projection("a", "b", {"rule": "probability", "probability": 0.3}),
        "pairs_within": projection("a", "a", {"rule": "probability", "probability": 0.2}),
        "pairs_and_self": projection("a", "a", {"rule": "probability", "probability": 0.2, "self_connections": True}),
        "indegree": projection("a", "b", {"rule": "fixed_indegree", "indegree": 13}),
        "indegree_within": projection("a", "a", {"rule": "fixed_indegree", "indegree": 17}),
        "indegree_all": projection("a", "a", {"rule": "fixed_indegree", "indegree": A, "self_connections": True}),
        "one": projection("a", "a", {"rule": "one_to_one"}),
        "others": projection("b", "b", {"rule": "all_to_all"}),
        "everything": projection("b", "b", {"rule": "all_to_all", "self_connections": True}),
        "near": projection("a", "a", {"rule": "neighbours", "reach": 5, "probability": 0.5}),
        "nearest": projection("a", "a", {"rule": "neighbours", "reach": 3}, delay=PER_NEIGHBOUR),
        "ring": projection("a", "a", spread(self_connections=True), delay=PER_NEIGHBOUR),
        "ring_others": projection("a", "a", spread()),
        "line": projection("a", "a", spread(rule="line_gaussian"), delay=PER_NEIGHBOUR),
        "mirrored": projection("a", "a", {"rule": "line_mirrored", "reach": 10}),
        "mirrored_others": projection("a", "a", {"rule": "line_mirrored", "reach": 10, "self_connections": False}),
        "clusters": projection("a", "b", {"rule": "clusters", "source_cells": 12, "target_cells": 6}),
        "clusters_within": projection(
            "a", "a", {"rule": "clusters", "source_cells": 10, "target_cells": 10, "probability": 0.5}
        ),
        "copy": projection("a", "a", {"rule": "same_as", "projection": "ring"}, delay=PER_NEIGHBOUR),
        "copy_indegree": projection("a", "a", {"rule": "same_as", "projection": "indegree_within"}, delay="1.5 ms"),
        "coupling": {
            "source": "a", "target": "a", "synapse": {"kind": "gap_junction"}, "weight": "0 nS",
            "connect": {"rule": "neighbours", "reach": 4, "probability": 0.5, "undirected": True},
        },
        "spread_delay": projection(
            "c", "b", {"rule": "probability", "probability": 0.5},
            delay={"distribution": "lognormal", "mean": "2 ms", "cv": 0.3, "min": "1 ms", "max": "3 ms"},
        ),
        "total": projection(
            "c", "b", {"rule": "probability", "probability": 0.3}, weight="2 nS", weight_per="target", synapse=LONG
        ),
        "each": projection("c", "b", {"rule": "same_as", "projection": "total"}, weight="2 nS", synapse=LONG),
    },
}  # fmt: skip
TIME_STEP_S, DURATION_S = 1e-4, 3e-3


class Contacts:
    """Source, target and delay (ms) of a projection's contacts; g is the final conductance of its targets, nS."""

    def __init__(self, pre, post, delay, g):
        self.pre, self.post, self.delay, self.g = np.asarray(pre, int), np.asarray(post, int), delay, g
        self.pairs = Counter(zip(self.pre.tolist(), self.post.tolist()))


def compiled(definition, **seeds):
    """Contacts of every projection as the binary drew them."""
    traces = [
        Recording(one.target, f"g_{name}", list(range(definition.schema.populations[one.target].size)), TIME_STEP_S)
        for name, one in definition.schema.projections.items()
        if one.synapse["kind"] != "gap_junction"
    ]
    plan = plan_run(definition, duration_s=DURATION_S, record=traces, **seeds)
    binary = compile_plan(plan)
    with server(binary.folder, tempfile.gettempdir()) as one:
        Path(one.folder, protocol.CONTACTS).touch()
        blocks = execution._serve(one, execution._request(binary, plan), DURATION_S, False)
    recorded = execution._read(binary, plan, blocks).recordings
    final = {trace.variable: np.asarray(found)[-1] for trace, (_, found) in zip(traces, recorded)}
    drawn = {}
    for name, entries in binary.manifest["contacts"].items():
        found = {key: execution._load(blocks, entry) for key, entry in entries.items()}
        name = name.removeprefix("proj_")
        delay, g = found.get("delay"), final.get(f"g_{name}")
        drawn[name] = Contacts(
            found["source"], found["target"], None if delay is None else delay * 1e3, None if g is None else g * 1e9
        )
    return drawn


def runtime(definition):
    """Contacts of every projection in Brian2's own loop."""
    before = brian2.prefs.codegen.target
    brian2.prefs.codegen.target = "numpy"
    try:
        net = Network(definition).build("1 s", seed=3)
        net.run(DURATION_S * brian2.second)
        drawn = {}
        for name, one in definition.schema.projections.items():
            synapses, cells = net[f"proj_{name}"], net[f"pop_{one.target}"]
            is_coupling = one.synapse["kind"] == "gap_junction"
            delay = None if is_coupling else np.atleast_1d(np.asarray(synapses.delay[:] / brian2.ms))
            g = None if is_coupling else np.asarray(getattr(cells, f"g_{name}") / brian2.nS)
            drawn[name] = Contacts(synapses.i[:], synapses.j[:], delay, g)
        return drawn
    finally:
        brian2.prefs.codegen.target = before


@pytest.fixture(scope="module")
def definition():
    return Definition.from_data(RAW)


@pytest.fixture(scope="module")
def compiled_contacts(definition):
    return compiled(definition, seed=1)


@pytest.fixture(scope="module", params=["compiled", "runtime"])
def contacts(request, definition):
    return request.getfixturevalue("compiled_contacts") if request.param == "compiled" else runtime(definition)


def assert_binomial(count, trials, probability):
    """A count within five standard deviations of its expectation."""
    assert abs(count - trials * probability) <= 5 * np.sqrt(trials * probability * (1 - probability)), (count, trials)


def single(one):
    """No contact twice."""
    return max(one.pairs.values()) == 1


def on_ring(one, size=A):
    distance = np.abs(one.pre - one.post)
    return np.minimum(distance, size - distance)


def test_probability(contacts):
    assert single(contacts["pairs"])
    assert_binomial(contacts["pairs"].pre.size, A * B, 0.3)
    within = contacts["pairs_within"]
    assert single(within) and not np.any(within.pre == within.post)
    assert_binomial(within.pre.size, A * (A - 1), 0.2)
    # The gap that the missing self-connection leaves moves nothing: both sides of the diagonal are alike.
    assert_binomial(np.sum(within.pre < within.post), A * (A - 1) // 2, 0.2)
    assert_binomial(np.sum(within.post == A - 1), A - 1, 0.2)
    with_self = contacts["pairs_and_self"]
    assert single(with_self)
    assert_binomial(np.sum(with_self.pre == with_self.post), A, 0.2)


def test_fixed_indegree(contacts):
    assert single(contacts["indegree"])
    assert set(np.bincount(contacts["indegree"].post, minlength=B)) == {13}
    # Every source is as likely: the out-degree is binomial.
    outdegree = np.bincount(contacts["indegree"].pre, minlength=A)
    assert outdegree.size == A
    assert outdegree.var() == pytest.approx(B * 13 / A * (1 - 13 / A), rel=0.6)
    within = contacts["indegree_within"]
    assert single(within) and not np.any(within.pre == within.post)
    assert set(np.bincount(within.post, minlength=A)) == {17}
    everything = contacts["indegree_all"]
    assert single(everything) and everything.pre.size == A * A


def test_one_to_one_and_all_to_all(contacts):
    assert contacts["one"].pairs == Counter((i, i) for i in range(A))
    assert contacts["others"].pairs == Counter((i, j) for i in range(B) for j in range(B) if i != j)
    assert contacts["everything"].pairs == Counter((i, j) for i in range(B) for j in range(B))


def test_neighbours(contacts):
    nearest = contacts["nearest"]
    assert nearest.pairs == Counter((i, (i + k) % A) for i in range(A) for k in (-3, -2, -1, 1, 2, 3))
    near = contacts["near"]
    assert single(near)
    distance = on_ring(near)
    assert (distance.min(), distance.max()) == (1, 5)
    for k in range(1, 6):
        assert_binomial(np.sum(distance == k), 2 * A, 0.5)


def test_gap_junctions_are_drawn_once(contacts):
    coupling = contacts["coupling"]
    assert max(Counter(frozenset(pair) for pair in coupling.pairs.elements()).values()) == 1
    distance = on_ring(coupling)
    assert (distance.min(), distance.max()) == (1, 4)
    for k in range(1, 5):
        assert_binomial(np.sum(distance == k), A, 0.5)


def gaussian(distance):
    return 0.8 * np.exp(-(distance**2) / (2 * 6**2))


def test_ring_gaussian(contacts):
    for name, nearest in (("ring", 0), ("ring_others", 1)):
        one = contacts[name]
        assert single(one)
        distance = on_ring(one)
        assert distance.min() == nearest
        assert distance.max() <= 20
        for k in range(nearest, 21):
            assert_binomial(np.sum(distance == k), A if k == 0 else 2 * A, gaussian(k))
    # The ring has no seam: as many contacts lead over the end as its length says.
    seam = contacts["ring"]
    crossing = np.abs(seam.pre - seam.post) > A / 2
    expected = [(2 * k, gaussian(k)) for k in range(1, 21)]
    mean, variance = sum(n * p for n, p in expected), sum(n * p * (1 - p) for n, p in expected)
    assert abs(crossing.sum() - mean) < 5 * np.sqrt(variance)


def test_line_gaussian_has_open_ends(contacts):
    line = contacts["line"]
    distance = np.abs(line.pre - line.post)
    assert single(line)
    assert (distance.min(), distance.max() <= 20) == (1, True)
    for k in range(1, 21):
        assert_binomial(np.sum(distance == k), 2 * (A - k), gaussian(k))


def test_line_with_mirrored_ends(contacts):
    expected = Counter()
    for i in range(A):
        for j in range(i - 10, i + 11):
            expected[i, -j - 1 if j < 0 else 2 * A - 1 - j if j >= A else j] += 1
    assert contacts["mirrored"].pairs == expected
    # Every cell has as many contacts, those at the ends some twice.
    assert set(np.bincount(contacts["mirrored"].pre)) == {21}
    # Also where a contact over the end is mirrored back to its own cell.
    others = Counter({(i, j): number for (i, j), number in expected.items() if i != j})
    assert contacts["mirrored_others"].pairs == others


def test_clusters(contacts):
    assert contacts["clusters"].pairs == Counter((i, j) for i in range(A) for j in range(B) if i // 12 == j // 6)
    within = contacts["clusters_within"]
    assert single(within) and not np.any(within.pre == within.post)
    assert np.array_equal(within.pre // 10, within.post // 10)
    assert_binomial(within.pre.size, A * 9, 0.5)


def test_same_as_shares_every_contact(contacts):
    if contacts["ring"].pairs != contacts["copy"].pairs:
        pytest.fail("the copy has other contacts")
    assert contacts["copy_indegree"].pairs == contacts["indegree_within"].pairs


def test_delays(contacts):
    for name in ("nearest", "ring", "copy"):
        one = contacts[name]
        np.testing.assert_allclose(one.delay, 0.5 + 0.2 * on_ring(one), rtol=1e-12)
    line = contacts["line"]
    np.testing.assert_allclose(line.delay, 0.5 + 0.2 * np.abs(line.pre - line.post), rtol=1e-12)
    np.testing.assert_allclose(np.unique(contacts["copy_indegree"].delay), [1.5], rtol=1e-12)
    np.testing.assert_array_equal(np.unique(contacts["pairs"].delay), [0.0])
    drawn = contacts["spread_delay"].delay
    assert drawn.size == contacts["spread_delay"].pre.size
    assert drawn.min() >= 1 and drawn.max() <= 3
    # A lognormal of this mean and cv, clipped at the two ends, which each hold some.
    rng = np.random.default_rng(0)
    sigma = np.sqrt(np.log(1 + 0.3**2))
    expected = np.clip(2 * np.exp(sigma * rng.standard_normal(100_000) - sigma**2 / 2), 1, 3)
    assert drawn.mean() == pytest.approx(expected.mean(), abs=5 * expected.std() / np.sqrt(drawn.size))
    assert np.mean(drawn == drawn.max()) == pytest.approx(np.mean(expected == 3), abs=0.03)


def test_weight_per_target_is_a_total(contacts):
    number = np.bincount(contacts["total"].post, minlength=B)
    reached = number > 0
    left = np.exp(-(DURATION_S - 1e-3) / 1e3)
    np.testing.assert_allclose(contacts["total"].g[reached], 2 * left, rtol=1e-6)
    np.testing.assert_allclose(contacts["each"].g, 2 * left * number, rtol=1e-6)


def test_streams_are_apart(definition, compiled_contacts):
    """Another value of one projection, or another noise seed, leaves the contacts of the others as they were."""
    other = compiled(definition.override({"projections.pairs.connect.probability": 0.6}), seed=1)
    assert other["pairs"].pairs != compiled_contacts["pairs"].pairs
    for name in definition.schema.projections:
        if name != "pairs":
            assert other[name].pairs == compiled_contacts[name].pairs, name
    noise = compiled(definition, seed=1, noise_seed=77)
    assert all(noise[name].pairs == compiled_contacts[name].pairs for name in noise)
    network = compiled(definition, seed=2)
    assert network["indegree"].pairs != compiled_contacts["indegree"].pairs
    assert network["ring"].pairs != compiled_contacts["ring"].pairs
