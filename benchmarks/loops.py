"""The loop over time steps: our networks against hand-written C++, Brian2's own modes and other simulators."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import contenders
import report
from contenders import Contender
from report import Bar

NETWORKS = report.HERE / "networks"
_SLOW = 2  # rounds of those who take seconds


@dataclass(frozen=True)
class Race:
    """One network and those who simulate it; `bar` is for our loop over the hand-written one."""

    workload: str
    title: str
    note: str
    some: Sequence[Contender]
    bar: float | None
    against_brian2: float | None = None


def races(workload: str) -> list[Race]:
    """What there is to measure of workload A, B, C, D or F."""
    if workload == "B":
        return [_interneurons(time_step_ms, seconds) for time_step_ms, seconds in ((0.01, 0.5), (0.05, 2.0))]
    return [{"A": _plain, "C": _noise, "D": _spread, "F": _gap_junctions}[workload]()]


def measure(workload: str, rounds: int) -> tuple[list[Bar], list[str]]:
    """Lines of the summary and sections of the page."""
    bars, sections = [], []
    for race in races(workload):
        contenders.race(race.some, rounds)
        bars += _bars(race)
        sections.append(_section(race))
    return bars, sections


def _bars(race: Race) -> list[Bar]:
    by_name = {one.name: one for one in race.some}
    us, bars = by_name["allotone"], []
    for name in ("hand C++", "hand C++, own exp"):
        if name in by_name:
            bars.append(Bar(race.workload, f"loop / {name}", contenders.ratios(us, by_name[name]), race.bar))
    for name in ("Brian2 stand-alone, as it comes", "Brian2 runtime", "NEST", "NEURON", "Arbor"):
        if name in by_name:
            ratios, asked = contenders.ratios(by_name[name], us), name.startswith("Brian2 stand-alone")
            bars.append(
                Bar(race.workload, f"{name} / loop", ratios, race.against_brian2 if asked else None, at_least=True)
            )
    return bars


def _section(race: Race) -> str:
    base, rows = race.some[0], []
    for one in race.some:
        loops, rates = ([answer[what] for answer in one.found] for what in ("loop_s", "rate_hz"))
        ratios = contenders.ratios(one, base)
        rows.append([one.name, report.spread(loops, ".4f"), report.spread(ratios), f"{statistics.mean(rates):.1f}"])
    differs = [f"{one.name}: {one.found[0]['differs']}." for one in race.some if "differs" in one.found[0]]
    # Ours falls back to Brian2's device where something is missing, which the name would not say.
    devices = [f"{one.name} on {one.found[0]['device']}" for one in race.some if "device" in one.found[0]]
    differs.append(f"Devices: {'; '.join(devices)}.")
    head = ["", "loop, s", f"over {base.name}", "mean rate, Hz"]
    return "\n\n".join([f"## {race.workload}: {race.title}", race.note, report.table(head, rows), *differs])


def _both(network: str, seconds: float, **settings: str) -> list[Contender]:
    return [contenders.ours(network, seconds, settings, device) for device in ("fast", "stock")]


def _hand(program: str, seconds: float, *arguments: float) -> list[Contender]:
    return [contenders.limit(program, seconds, *arguments, inline_exp=own) for own in (False, True)]


_HAND = (
    "Hand C++ has arrays of state, contacts by source in 16 bits, one vectorised loop over state, threshold and refractory "
    "period in blocks of 64 neurons, in double precision with the C library's vector exp; `own exp` has a polynomial of its "
    "own in its place. All have the same integrator and time step; contacts and initial values are other draws of one "
    "ensemble."
)


def _plain() -> Race:
    seconds = 2.0
    some = [
        *_hand("coba", seconds, 3200, 800),
        *_both("coba_driven", seconds),
        contenders.brian2_standalone("A", seconds),
        contenders.brian2_runtime("A", seconds),
        *contenders.peer("nest", "nest_coba.py", "A", seconds, _SLOW),
    ]
    title = f"`coba_driven`, 4000 neurons, dt 0.1 ms, {seconds:g} s"
    return Race("A", title, _HAND, some, 1.10, 4)


def _interneurons(time_step_ms: float, seconds: float) -> Race:
    file, step = str(NETWORKS / "wb200.toml"), {"time_step": f"{time_step_ms} ms"}
    some = [
        *_hand("wb", seconds, time_step_ms),
        *_both(file, seconds, **step),
        contenders.brian2_standalone("B", seconds, time_step_ms=time_step_ms),
    ]
    if time_step_ms == 0.05:
        some.append(contenders.brian2_runtime("B", seconds, time_step_ms=time_step_ms))
    for package in ("neuron", "arbor"):
        some += contenders.peer(package, f"{package}_wb.py", "B", seconds, _SLOW, time_step_ms=time_step_ms)
    note = (
        "Runge-Kutta 4, as the cell model has it. Hand C++ needs two exponentials a stage where the model has six, since "
        "rates share their slopes, which our device finds too, and no stages for the synapses, which are linear, which it "
        "does not."
    )
    title = f"`wb200`, 200 Wang-Buzsaki cells, dt {time_step_ms} ms, {seconds:g} s"
    return Race(f"B, {time_step_ms} ms", title, note, some, 1.4)


def _noise() -> Race:
    seconds = 1.0
    some = [
        *_hand("noise", seconds),
        *_both(str(NETWORKS / "coba_noise.toml"), seconds),
        contenders.brian2_standalone("C", seconds),
        *contenders.peer("nest", "nest_coba.py", "C", seconds, _SLOW),
    ]
    note = (
        "Every neuron has an Ornstein-Uhlenbeck conductance, renewed each time step, and a Poisson background. Hand C++ has "
        "Philox 4x32-10, normals by Box and Muller from 52 bits, and Poisson numbers by a table; Brian2 has the Mersenne "
        "twister, and its user a binomial `PoissonInput`."
    )
    return Race("C", f"A with noise on every neuron, {seconds:g} s", note, some, 1.6)


def _spread() -> Race:
    seconds = 1.0
    some = [
        *_hand("spread", seconds),
        *_both(str(NETWORKS / "coba_spread.toml"), seconds),
        contenders.brian2_standalone("D", seconds),
    ]
    note = (
        "Tonic density and inhibitory decay are each neuron's own, and allopregnanolone rises from 0 to 100 nM. Hand C++ "
        "works out once a millisecond what the steroid does, the decay's exponential for each neuron among it."
    )
    return Race("D", f"A with spread and rising steroid, {seconds:g} s", note, some, 1.35)


def _gap_junctions() -> Race:
    seconds = 2.0
    some = [
        *_both("pv_gamma", seconds),
        contenders.brian2_standalone("F", seconds),
        *contenders.peer("neuron", "neuron_wb.py", "F", seconds, _SLOW, time_step_ms=0.05),
    ]
    title = f"`pv_gamma` with gap junctions, 200 cells, dt 0.05 ms, {seconds:g} s"
    return Race("F", title, "There is no hand-written program for this one.", some, None)
