"""Rows of the published targets as test cases, and the table of what was simulated beside what was expected."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import pytest

from allotone import Network, run_all


@dataclass(frozen=True)
class Target:
    """One row of `targets.csv`; a `computed` value comes from an independent re-implementation, not from a paper."""

    experiment: str
    quantity: str
    value: str
    low: float
    high: float
    unit: str
    source: str
    doi: str
    status: str


@dataclass(frozen=True)
class Comparison:
    """What was simulated for a target: mean over `seeds` values and their standard deviation."""

    target: Target
    simulated: float
    sd: float
    seeds: int

    @property
    def hit(self) -> bool:
        """Whether the mean lies within the target's bounds."""
        return self.target.low <= self.simulated <= self.target.high

    def __str__(self) -> str:
        target = self.target
        found = f"{self.simulated:.4g}" + (f" +- {self.sd:.2g} (n {self.seeds})" if self.seeds > 1 else "")
        expected = f"{target.value or '-'} [{target.low:g}, {target.high:g}]"
        unit, verdict = ("" if target.unit == "1" else target.unit), ("" if self.hit else "MISS")
        row = f"{target.experiment:12s} {target.quantity:66s} {found:23s} {expected:25s} {unit:6s} {target.status:8s} {verdict}"
        return row.rstrip()


HEADER = f"{'experiment':12s} {'quantity':66s} {'simulated':23s} {'expected':25s} {'unit':6s} status"
COMPARED: list[Comparison] = []


def read_targets() -> list[Target]:
    """All rows, in the order of the file."""
    path = resources.files("allotone") / "published" / "targets.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Target(**row) for row in csv.DictReader(file)]
    return [Target(**{**vars(row), "low": float(row.low), "high": float(row.high)}) for row in rows]


def over_seeds(networks: Mapping[str, Network], population: str, seeds: int, **settings) -> dict[str, dict]:
    """Statistics of one population under each name: an array (seed,) in the statistic's unit for each statistic."""
    points = [(network, {**settings, "seed": seed}) for network in networks.values() for seed in range(seeds)]
    found = iter(run_all(points, keep=lambda run: run.statistics[population], show_progress=False))
    table = {}
    for name in networks:
        of_seeds = [next(found) for _ in range(seeds)]
        table[name] = {key: np.array([float(one[key].value) for one in of_seeds]) for key in of_seeds[0]}
    return table


def rows(experiment: str, misses: Mapping[str, str] | None = None) -> list:
    """Test parameters, one a target of the experiment; those in `misses` must fail, for the reason given there."""
    targets = {target.quantity: target for target in read_targets() if target.experiment == experiment}
    misses = misses or {}
    unknown = misses.keys() - targets.keys()
    if unknown:
        raise KeyError(f"declared misses that are no targets of {experiment}: {sorted(unknown)}")
    return [
        pytest.param(target, id=quantity, marks=[_miss(misses[quantity])] if quantity in misses else [])
        for quantity, target in targets.items()
    ]


def _miss(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)


def compare(target: Target, values) -> None:
    """Assert that the mean over seeds lies within the target's bounds, and remember it for the table."""
    values = np.atleast_1d(np.asarray(values, dtype=float))
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    comparison = Comparison(target, float(values.mean()), sd, values.size)
    COMPARED.append(comparison)
    print(f"{HEADER}\n{comparison}")
    assert comparison.hit, (
        f"{target.quantity}: simulated {comparison.simulated:.4g}, expected {target.low:g} to {target.high:g}"
    )
