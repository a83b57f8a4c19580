"""G: what a synaptic event and a synapse cost while a network grows at 80 contacts on each neuron."""

import statistics

import contenders
import loops
import report
from contenders import Contender
from report import Bar

# Neurons, and the simulated seconds that make a loop long enough to be timed.
SIZES = {1_000: 10.0, 4_000: 4.0, 16_000: 1.0, 64_000: 0.2, 200_000: 0.1}
CONTACTS, FEW = 80, 2
_NOTE = (
    "`coba_driven` with 64 excitatory and 16 inhibitory contacts on each neuron, and with 1 and 1. All weights are a "
    "billionth of the usual ones, so that neurons fire at one rate with and without contacts, driven and out of step with "
    "each other; an event costs the same work whatever its weight, zero included, which is why the loop with hardly any "
    "contacts is taken off and not one with weights of zero. Events: spikes times contacts."
)


def measure(rounds: int) -> tuple[list[Bar], list[str]]:
    """Lines of the summary and sections of the page."""
    pairs = {size: [_network(size, seconds, many) for many in (True, False)] for size, seconds in SIZES.items()}
    contenders.race([one for pair in pairs.values() for one in pair], rounds)
    costs = {size: _event_ns(size, *pair) for size, pair in pairs.items()}
    held = {size: _bytes(size, *pair) for size, pair in pairs.items()}
    growth = [big / small for big, small in zip(costs[200_000], costs[4_000])]
    bars = [
        Bar("G", "event at 200 000 / at 4000 neurons", growth, 2),
        Bar("G", "bytes a synapse, 200 000 neurons", held[200_000], 16),
    ]
    rows = []
    for size, (full, bare) in pairs.items():
        loop_s, bare_s = (statistics.median(found["loop_s"] for found in one.found) for one in (full, bare))
        rates = [f"{statistics.mean(found['rate_hz'] for found in one.found):.1f}" for one in (full, bare)]
        seconds = f"{SIZES[size]:g}"
        rows.append(
            [
                str(size),
                seconds,
                f"{loop_s:.3f}",
                f"{bare_s:.3f}",
                *rates,
                report.spread(costs[size]),
                report.spread(held[size]),
            ]
        )
    head = ["neurons", "s", "loop, s", "loop with 2 contacts, s", "Hz", "Hz with 2", "ns an event", "bytes a synapse"]
    return bars, ["\n\n".join(["## G: growth at a fixed number of contacts", _NOTE, report.table(head, rows)])]


def _network(size: int, seconds: float, many: bool) -> Contender:
    settings = {"populations.excitatory.size": size * 4 // 5, "populations.inhibitory.size": size // 5}
    for kind, contacts in (("excitatory", 64), ("inhibitory", 16)):
        for target in ("excitatory", "inhibitory"):
            path = f"projections.{kind}_to_{target}"
            settings |= {f"{path}.amplitude_factor": 1e-9, f"{path}.connect.indegree": contacts if many else 1}
    return contenders.ours(str(loops.NETWORKS / "coba_growth.toml"), seconds, settings, "fast")


def _event_ns(size: int, full: Contender, bare: Contender) -> list[float]:
    """Nanoseconds an event, in each round."""
    costs = []
    for with_all, with_few in zip(full.found, bare.found):
        neurons = size * SIZES[size]
        events = neurons * (with_all["rate_hz"] * CONTACTS - with_few["rate_hz"] * FEW)
        costs.append(1e9 * (with_all["loop_s"] - with_few["loop_s"]) / events)
    return costs


def _bytes(size: int, full: Contender, bare: Contender) -> list[float]:
    """Resident bytes that a synapse adds after construction, in each round."""
    added = (one["memory_bytes"] - two["memory_bytes"] for one, two in zip(full.found, bare.found))
    return [number / size / (CONTACTS - FEW) for number in added]
