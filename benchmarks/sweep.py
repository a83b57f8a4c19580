"""E: how long sweeps take, against hand-written C++ and the loop that a Brian2 user writes; and ten thousand small points.

What is compared is measured in turn, in processes of their own, after a round that is not timed: compiled code is found in the
caches of Brian2 and of allotone.
"""

import itertools
import math
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence

import limits
import report
from report import Bar

POPULATIONS = ("excitatory", "inhibitory")
# Beyond these, networks fall silent, which would flatter whoever is the faster then.
DOSES_NM = (0, 10, 30, 50, 70, 100, 200, 300)
DENSITIES = (0, 0.5, 0.75, 1)
SEEDS = 2
EXCITATORY, INHIBITORY = 800, 200
_INSIDE = "without imports, s"
POINTS = list(itertools.product(DOSES_NM, DENSITIES, range(SEEDS)))


def coba(doses_nM: Sequence[float], densities: Sequence[float], seeds: int) -> dict:
    """A sweep of `coba_driven` with 1000 neurons."""
    both = [f"populations.{population}.tonic.delta.density" for population in POPULATIONS]
    return {
        "network": "coba_driven",
        "settings": {"populations.excitatory.size": EXCITATORY, "populations.inhibitory.size": INHIBITORY},
        "axes": [
            {"name": "dose", "paths": ["medium.allopregnanolone"], "values": [f"{dose} nM" for dose in doses_nM]},
            {"name": "density", "paths": both, "values": list(densities)},
        ],
        "seeds": seeds,
        "duration": "1 s",
        "statistics": ["mean_rate"],
    }


def ring(doses: int, densities: int, seeds: int) -> dict:
    """A sweep of `pv_gamma` with 50 neurons."""
    density = "populations.pv.tonic.delta.density"
    return {
        "network": "pv_gamma",
        "settings": {
            "populations.pv.size": 50,
            "projections.pv_to_pv.connect.reach": 20,
            # Points are short: coupled from the start.
            "projections.pv_to_pv.onset": "0 ms",
            "projections.gap_junctions.onset": "0 ms",
        },
        "axes": [
            {"name": "dose", "paths": ["medium.allopregnanolone"], "values": [f"{2 * k} nM" for k in range(doses)]},
            {"name": "density", "paths": [density], "values": [round(2 * k / densities, 4) for k in range(densities)]},
        ],
        "seeds": seeds,
        "duration": "100 ms",
        "statistics": ["mean_rate"],
    }


def measure(rounds: int) -> tuple[list[Bar], list[str]]:
    """Lines of the summary and sections of the page: 64 points of 1000 neurons, 1 s each."""
    physics, asked, hand = _physics(), coba(DOSES_NM, DENSITIES, SEEDS), _hand_points()
    ways = {"loop": _loop, "sweep": lambda number: _sweep(asked)[0], "hand": lambda number: _by_hand(hand)}
    took = {name: [] for name in ways}
    for number in range(rounds):
        for name in list(ways)[:: 1 if number % 2 else -1]:
            took[name].append(ways[name](number))
    rows = []
    for name in took["loop"][0]:
        loop, sweep = ([one[name] for one in took[way]] for way in ("loop", "sweep"))
        ratios = [theirs / ours for theirs, ours in zip(loop, sweep)]
        rows.append([name, report.spread(loop, ".1f"), report.spread(sweep), report.spread(ratios, ".1f")])
    inside = [(sweep[_INSIDE], loop[_INSIDE]) for sweep, loop in zip(took["sweep"], took["loop"])]
    bars = [
        Bar("E", "wall / hand C++ on all cores", [ours / hand for (ours, _), hand in zip(inside, took["hand"])], 1.35),
        Bar("E", "loop in Brian2 / wall", [theirs / ours for ours, theirs in inside], 25, at_least=True),
    ]
    note = (
        f"{len(DOSES_NM)} doses x {len(DENSITIES)} delta densities x {SEEDS} seeds, `mean_rate`. The loop: runtime mode, one "
        "process, code compiled before; a round times a first point, which loads the code, and then one of each dose, and "
        f"reckons all others at their mean. The sweep: all points, with the HDF5 file, {report.cores()} at a time. Both "
        f"bars take the line `{_INSIDE[:-3]}`. Hand C++, all points in {report.cores()} processes, contacts drawn anew for "
        f"each point, needs {report.spread(took['hand'])} s."
    )
    head = ["", "loop in Brian2", "sweep", "ratio"]
    title = f"## E: {len(POINTS)} points of `coba_driven`, 1000 neurons, 1 s each"
    return bars, ["\n\n".join([title, note, report.table(head, rows), physics])]


def _hand_points() -> list[list[str]]:
    """Arguments of the hand-written program for each core: seed, inhibitory decay and tonic conductances of its points."""
    from allotone import decay_factor, receptor, tonic_fold

    def point(number: int, dose_nM: float, density: float) -> list[str]:
        folds = [
            float(tonic_fold(0.16, dose_nM, receptor(f"{name}_beta_delta", "slice"))) for name in ("alpha4", "alpha1")
        ]
        tau_s = 10e-3 * float(decay_factor(dose_nM, receptor("alpha1_beta_gamma2", "slice")))
        return [str(number), *(repr(value) for value in (tau_s, *(density * 1e-9 * fold for fold in folds)))]

    points = [point(number, dose, density) for number, (dose, density, _) in enumerate(POINTS)]
    return [list(itertools.chain(*points[core :: report.cores()])) for core in range(report.cores())]


def _by_hand(points: list[list[str]]) -> float:
    """Wall-clock seconds of the hand-written program for all points, one process a core."""
    command = [limits.program("coba"), "0", "1", str(EXCITATORY), str(INHIBITORY)]
    start = time.perf_counter()
    for process in [subprocess.Popen([*command, *some], stdout=subprocess.DEVNULL) for some in points]:
        if process.wait():
            raise SystemExit(f"{command[0]} failed with exit code {process.returncode}")
    return time.perf_counter() - start


def _loop(number: int) -> dict[str, float]:
    """What the loop over all points takes, reckoned from a few of them, one of each dose; other ones each round."""
    each = len(DENSITIES) * SEEDS
    chosen = [POINTS[each * dose + (3 * dose + number) % each] for dose in range(len(DOSES_NM))]
    wall, found = report.call("naive_loop.py", asked=[chosen[0], *chosen])

    def all_points(seconds: list[float]) -> float:
        return seconds[0] + (len(POINTS) - 1) * statistics.mean(seconds[1:])

    inside = all_points(found["seconds"])
    return _measures(wall - sum(found["seconds"]) + inside, inside, all_points(found["processor_seconds"]))


def _sweep(asked: dict) -> tuple[dict[str, float], dict]:
    """What a sweep takes, and all that its process said."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/sweep.h5"
        wall, found = report.call("sweep_process.py", "run", asked=asked | {"file": file})
        found["file_MB"] = os.path.getsize(file) / 1e6
    return _measures(wall, found["seconds"], found["processor_seconds"]), found


def _measures(wall: float, inside: float, processor: float) -> dict[str, float]:
    return {"whole process, s": wall, _INSIDE: inside, "processor time without imports, s": processor}


def _physics() -> str:
    """Mean rates of both at four settings and many seeds, which are other draws of one ensemble; fills the caches.

    Raises
    ------
    SystemExit
        Rates differ by more than 4 standard errors: one of them simulates something else.
    """
    doses, densities, seeds = (0, 300), (0, 1), 16
    settings = list(itertools.product(doses, densities))
    points = [(*setting, seed) for setting in settings for seed in range(seeds)]
    loop = report.call("naive_loop.py", asked=points)[1]["rates"]
    sweep = _sweep(coba(doses, densities, seeds))[1]["rates"]
    rows = []
    for (place, population), (number, (dose, density)) in itertools.product(
        enumerate(POPULATIONS), enumerate(settings)
    ):
        theirs = [pair[place] for pair in loop[number * seeds : (number + 1) * seeds]]
        ours = sweep[f"{population}_mean_rate"][number // len(densities)][number % len(densities)]
        rows.append([population, str(dose), str(density), *map(_mean_sd, (theirs, ours))])
        error = math.sqrt((statistics.variance(theirs) + statistics.variance(ours)) / seeds)
        if abs(statistics.mean(theirs) - statistics.mean(ours)) > 4 * error:
            raise SystemExit(f"the loop and the sweep do not simulate the same: {', '.join(rows[-1])}")
    head = ["population", "dose, nM", "density", "loop, Hz", "sweep, Hz"]
    return f"Mean rates, mean +- SD over {seeds} seeds:\n\n{report.table(head, rows)}"


def _mean_sd(values: Sequence[float]) -> str:
    return f"{statistics.mean(values):.1f} +- {statistics.stdev(values):.1f}"


def many() -> str:
    """10 000 points of a 50-neuron network: how much of the time is not simulation, memory, and the file's size."""
    variants = {
        "1250 settings x 8 seeds": ring(50, 25, 8),
        "10 000 settings x 1 seed": ring(100, 100, 1),
    }
    _sweep(ring(2, 2, 1))
    columns = [_book_keeping(asked) for asked in variants.values()]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "\n\n".join(
        [
            "## 10 000 points of 50 neurons, 100 ms each (`pv_gamma`, reach 20)",
            f"{report.cores()} points at a time. The binary's time is processor time of its process, the mean of 100 points "
            "spread over the sweep, as many at a time as in the sweep, measured before it and after. Book-keeping is the "
            "share of wall x workers in which no binary computed, imports included; stricter, in which none stepped through "
            "time: its start, its drawing of agents and contacts and its writing are then book-keeping too. By processor "
            "time, without imports, it hardly depends on what else the machine does.",
            report.table(["", *variants], rows),
        ]
    )


def _book_keeping(asked: dict) -> dict[str, str]:
    """What a sweep took, and which share of it was no simulation."""
    workers = report.cores()
    alone = [report.call("sweep_process.py", "binary", asked=asked | {"workers": workers})[1]]
    measured, found = _sweep(asked)
    wall = measured["whole process, s"]
    alone.append(report.call("sweep_process.py", "binary", asked=asked | {"workers": workers})[1])
    whole, step = (statistics.mean(one[kind] for one in alone) for kind in ("seconds", "step_seconds"))
    points = asked["seeds"] * math.prod(len(axis["values"]) for axis in asked["axes"])
    shares = [1 - seconds * points / (wall * workers) for seconds in (whole, whole - step)]
    return {
        "wall, s": f"{wall:.1f}",
        "points/s": f"{points / wall:.0f}",
        "binary, ms a point": f"{1e3 * whole:.1f}",
        "of which steps, ms": f"{1e3 * (whole - step):.1f}",
        "book-keeping": f"{shares[0]:.0%}",
        "book-keeping, stricter": f"{shares[1]:.0%}",
        "book-keeping, by processor time": f"{1 - whole * points / found['processor_seconds']:.0%}",
        "main process, peak MB": f"{found['peak_MB']:.0f}",
        "file, MB": f"{found['file_MB']:.2f}",
    }
