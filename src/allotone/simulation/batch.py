"""Many runs on all cores: each is a process of its own, so their order and number change nothing in any of them."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from ..progress import Progress
from ..results import Run
from .network import Network
from .serve import kept, stop_all


def run_all(
    points: Sequence[tuple[Network, dict[str, Any]]],
    keep: Callable[[Run], Any] = lambda run: run,
    workers: int | None = None,
    show_progress: bool = True,
) -> list[Any]:
    """What is kept of each run, in the order of the points.

    Parameters
    ----------
    points : sequence of (Network, dict)
        Networks with the keyword arguments of `Network.run`.
    keep : callable
        From a run to what should stay in memory; by default all of it.
    workers : int, optional
        Runs at a time; by default one for each core.

    Raises
    ------
    InputError, SimulationError
        As `Network.run`, of the first point that fails; those not yet started are given up.
    """
    found: list[Any] = [None] * len(points)
    with (
        kept(),
        ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool,
        Progress("runs", len(points), "runs", show_progress) as bar,
    ):
        tasks = {
            pool.submit(lambda network, settings: keep(network.run(**settings)), network, settings): index
            for index, (network, settings) in enumerate(points)
        }
        try:
            for done, task in enumerate(as_completed(tasks), start=1):
                found[tasks[task]] = task.result()
                bar.update(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            # A thread may be about to start one more.
            while not all(task.done() for task in tasks):
                stop_all()
                time.sleep(0.05)
            raise
    return found
