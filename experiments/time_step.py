"""Whether halving the time step changes what a shipped network reports.

Question
    Is the time step of each shipped network small enough that no statistic of its firing depends on it?

Networks
    `pv_gamma`, `wang_buzsaki_1996`, `coba_tonic`, `coba_driven`, `principal_pv` and `crh_neuron`, as shipped.
    `neural_progenitor` does not spike.

Design
    Each network at its own time step and at half of it, and at neighbouring steps with their halves, with the same
    seeds: 2 s, of which the first 0.5 s are discarded. A seed draws the same agents, contacts and initial state at every
    step, but chaotic networks decorrelate within some 100 ms, so that single seeds cannot be compared beyond that. With
    24 seeds a difference of one standard deviation is 3.5 standard errors: chance alone gives it once in 2000 statistics.

Read-out
    Every population statistic that is one number: its mean over seeds at both steps, their difference, the standard
    deviation over seeds (root mean square of the two) and the standard error of the difference of independent means.
    A statistic passes if the difference is at most that standard deviation. Where seeds agree to within a thousandth,
    as in a synchronous network without heterogeneity, a passing difference is at most 1 % of the value. A variation of
    intervals smaller than one time step over the mean interval is not resolved, nor, where all seeds count the same
    number, one spike more or less of every agent: no difference within these counts. A seed in which a population is
    silent at either step (`coba_tonic` can die in its start-up) is left out of both and counted.
"""

import argparse
import itertools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from allotone import InputError, Network, run_all
from allotone.statistics import STATISTICS
from allotone.units import parse

STEPS = {
    "pv_gamma": ("0.05 ms", "0.025 ms"),
    "wang_buzsaki_1996": ("0.05 ms", "0.02 ms"),
    "coba_tonic": ("0.1 ms",),
    "coba_driven": ("0.1 ms",),
    "principal_pv": ("0.1 ms",),
    "crh_neuron": ("0.05 ms",),
}
SCALARS = tuple(name for name, one in STATISTICS.items() if one.needs == "spikes" and not one.dimensions)
NO_SPREAD = 1e-3  # standard deviation over seeds, relative to the value, below which there is no spread to compare with
RELATIVE_BOUND = 0.01  # largest relative difference where there is none
OF_INTERVALS = ("isi_cv", "cv2", "lv")  # no finer than the time step over the mean interval
OF_COUNTS = ("mean_rate", "fano_factor")  # where all seeds count the same, no finer than one spike of every agent


@dataclass(frozen=True)
class Comparison:
    """One statistic of one population at a time step and at half of it."""

    network: str
    time_step_ms: float
    population: str
    statistic: str
    unit: str
    coarse: np.ndarray  # (seed,)   those that fire at both steps
    fine: np.ndarray  # (seed,)
    resolution: float  # what the time step or the window itself blurs
    silent: tuple[int, int] = (0, 0)  # seeds left out because the population is silent at the step, at half of it

    @property
    def difference(self) -> float:
        """Mean over seeds at half the step less that at the step."""
        return float(self.fine.mean() - self.coarse.mean())

    @property
    def sd(self) -> float:
        """Standard deviation over seeds, root mean square of both steps."""
        return float(np.sqrt((self.coarse.var(ddof=1) + self.fine.var(ddof=1)) / 2))

    @property
    def standard_error(self) -> float:
        """Of the difference, were the runs at both steps independent."""
        return self.sd * np.sqrt(2 / self.coarse.size)

    @property
    def relative(self) -> float:
        """Difference relative to the value at half the step; 0 where both are 0."""
        value = abs(float(self.fine.mean()))
        return abs(self.difference) / value if value else float(np.sign(abs(self.difference)))

    @property
    def has_spread(self) -> bool:
        """Whether seeds differ enough to compare the difference with."""
        return self.sd > max(NO_SPREAD * abs(float(self.fine.mean())), self.resolution)

    @property
    def passes(self) -> bool:
        """Whether halving the step changes the statistic by no more than its spread over seeds."""
        spread = self.sd if self.has_spread else RELATIVE_BOUND * abs(float(self.fine.mean()))
        return abs(self.difference) <= max(spread, self.resolution)


def compare(
    name: str, steps: Sequence[str], seeds=24, duration="2 s", discard="0.5 s", show_progress=True
) -> list[Comparison]:
    """Every scalar statistic of a network at each of some time steps and at half of it."""
    network = Network.load(name)
    coarse_ms = [float(np.asarray(parse(step, "time_step", "ms"))) * 1e3 for step in steps]
    all_ms = sorted({round(step / part, 9) for step in coarse_ms for part in (1, 2)})
    settings = {"duration": duration, "discard": discard, "statistics": SCALARS}
    points = [
        (network.override({"time_step": f"{step} ms"}), {**settings, "seed": seed})
        for step in all_ms
        for seed in range(seeds)
    ]
    runs = iter(run_all(points, keep=lambda run: run.statistics, show_progress=show_progress))
    found = {step: [next(runs) for _ in range(seeds)] for step in all_ms}

    def values(step, population, statistic):
        return np.array([float(one[population][statistic].value) for one in found[round(step, 9)]])

    window_s = float(np.asarray(parse(duration, "duration", "s") - parse(discard, "discard", "s")))
    comparisons = []
    for step, population in itertools.product(coarse_ms, found[all_ms[0]][0]):
        rates = np.array([values(one, population, "mean_rate") for one in (step, step / 2)])
        fires, silent = (rates > 0).all(axis=0), tuple(int(n) for n in (rates == 0).sum(axis=1))
        for key in SCALARS:
            pair = values(step, population, key)[fires], values(step / 2, population, key)[fires]
            resolution = _resolution(
                key, step * 1e-3, rates[:, fires].mean(), window_s, agree=bool(np.ptp(pair, axis=1).max() == 0)
            )
            comparisons.append(Comparison(name, step, population, key, STATISTICS[key].unit, *pair, resolution, silent))
    return comparisons


def _resolution(key: str, step_s: float, rate_hz: float, window_s: float, agree: bool) -> float:
    """Smallest difference that means anything: one time step in an interval, or one spike more of every agent."""
    if key in OF_INTERVALS:
        return step_s * rate_hz
    if key in OF_COUNTS and agree and rate_hz:
        return 1 / window_s if key == "mean_rate" else 1 / (rate_hz * window_s)
    return 0.0


def shipped_step(name: str) -> str:
    """A network's own time step."""
    return Network.load(name).definition.schema.time_step


def time_steps(seeds=24, steps: Mapping[str, Sequence[str]] = STEPS, **settings) -> list[Comparison]:
    """All comparisons of all networks; a network's own step is always among those tried."""
    comparisons = []
    for name, tried in steps.items():
        own = shipped_step(name)
        tried = [own, *(step for step in tried if parse(step) != parse(own))]
        comparisons += compare(name, tried, seeds=seeds, **settings)
    return comparisons


def of_step(comparisons: list[Comparison], name: str, time_step_ms: float) -> list[Comparison]:
    """Those of one network at one step."""
    return [one for one in comparisons if one.network == name and np.isclose(one.time_step_ms, time_step_ms)]


def markdown(comparisons: list[Comparison], seeds: int) -> str:
    """The two tables, and how they were made, as a page of the documentation."""
    lines = [
        "# Time steps",
        "",
        f"Generated by `experiments/time_step.py --output docs/time_steps.md`: {seeds} seeds, 2 s with the first 0.5 s "
        "discarded, each statistic at a time step and at half of it. A statistic passes if its means differ by no more "
        "than its standard deviation (SD) over seeds; where seeds agree to within a thousandth, marked `*`, by no more "
        "than 1 % of the value. A variation of intervals (`isi_cv`, `cv2`, `lv`) below the time step over the mean "
        "interval is not resolved and does not count, nor does one spike more of every agent where all seeds agree. "
        "SE is the standard error of the difference, were the runs independent. A seed in which a population is silent at "
        "either step is left out of both and counted.",
        "",
        "## Steps tried",
        "",
        "| network | step (ms) | | passed | failed | worst: difference in SD | silent seeds, at half |",
        "|---|---|---|---|---|---|---|",
    ]
    own = {
        name: float(np.asarray(parse(shipped_step(name)))) * 1e3 for name in {one.network: None for one in comparisons}
    }
    for name, step in dict.fromkeys((one.network, one.time_step_ms) for one in comparisons):
        rows = of_step(comparisons, name, step)
        failed = [f"{one.population} {one.statistic}" for one in rows if not one.passes]
        spread = [one for one in rows if one.has_spread]
        worst = max(spread, key=lambda one: abs(one.difference) / one.sd, default=None)
        said = f"{worst.population} {worst.statistic}: {abs(worst.difference) / worst.sd:.2f}" if worst else "no spread"
        mark = "shipped" if np.isclose(step, own[name]) else ""
        silent = "{}, {}".format(*max(one.silent for one in rows))
        passed = f"{len(rows) - len(failed)} of {len(rows)}"
        lines.append(f"| {name} | {step:g} | {mark} | {passed} | {', '.join(failed) or 'none'} | {said} | {silent} |")
    for name, step in own.items():
        lines += ["", f"## {name}: {step:g} ms and {step / 2:g} ms", ""]
        lines += [
            "| population | statistic | unit | at the step | at half | difference | relative (%) | SD | SE | passes |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for one in of_step(comparisons, name, step):
            numbers = (
                f"{one.coarse.mean():.4g} | {one.fine.mean():.4g} | {one.difference:+.2g} | {100 * one.relative:.2g}"
            )
            verdict = ("yes" if one.passes else "**no**") + ("" if one.has_spread else " *")
            spread = f"{one.sd:.2g} | {one.standard_error:.2g}"
            lines.append(f"| {one.population} | {one.statistic} | {one.unit} | {numbers} | {spread} | {verdict} |")
    return "\n".join(lines) + "\n"


def main(arguments=None) -> int:
    """Run the study; print the page or write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--output", help="Markdown file; standard output if not given")
    options = parser.parse_args(arguments)
    if options.seeds < 2:
        print(f"time_step: --seeds: {options.seeds}; a spread over seeds needs at least 2", file=sys.stderr)
        return 2
    try:
        page = markdown(time_steps(seeds=options.seeds), options.seeds)
    except InputError as error:
        print(f"time_step: {error}", file=sys.stderr)
        return 2
    if options.output:
        Path(options.output).write_text(page, encoding="utf-8")
    else:
        print(page, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
