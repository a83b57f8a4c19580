"""Runs that checks of networks rest on: each network over seeds, on all cores, once in a process."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...simulation.batch import run_all
from ...simulation.network import Network


def over_seeds(
    networks: Mapping[Any, Network], read: Callable[[Any], Mapping[str, float]], seeds: int, **settings
) -> dict[Any, dict[str, np.ndarray]]:
    """What `read` finds in the runs of each network.

    Parameters
    ----------
    networks : mapping
        Networks by whatever tells them apart.
    read : callable (run) -> mapping of str to float
        Called for every run as it comes back, so that no run is kept.
    seeds : int
        Runs of each network, with the seeds 0, 1, ... throughout, so that two networks make pairs.
    settings
        Of `Network.run`, such as duration and discard.

    Returns
    -------
    dict
        For each network what was read, arrays (seeds,).
    """
    points = [(network, {**settings, "seed": seed}) for network in networks.values() for seed in range(seeds)]
    found = iter(run_all(points, keep=read))
    table = {}
    for name in networks:
        of_seeds = [next(found) for _ in range(seeds)]
        table[name] = {key: np.array([float(one[key]) for one in of_seeds]) for key in of_seeds[0]}
    return table


def statistic(population: str, *names: str) -> Callable[[Any], dict[str, float]]:
    """A `read` that takes single numbers of one population, each in its own unit."""
    return lambda run: {name: float(run.statistics[population][name].value) for name in names}
