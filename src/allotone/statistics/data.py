"""What statistics are computed from: the spikes of one population, and sums over its state."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..errors import InputError

# Agents whose numbers fit into 16 bits.
_FEW = 2**16


class OccupiedBins(NamedTuple):
    """Spike counts in bins of equal width, only where an agent has at least one spike; sorted by (agent, bin)."""

    node_ids: np.ndarray  # int64 (occupied,)
    bins: np.ndarray  # int64 (occupied,)   index of the bin, from 0
    counts: np.ndarray  # int64 (occupied,)   spikes of that agent in that bin, at least 1
    number: int  # whole bins in the window


@dataclass(frozen=True, eq=False)
class SpikeTrains:
    """Spikes of one population inside the analysed window [start_step, stop_step), sorted by (agent, step).

    Raises
    ------
    InputError
        Empty population or window, time step not positive, an agent or a step out of range, spikes not sorted
        (`from_times` sorts them).
    """

    node_ids: np.ndarray  # int (spikes,)
    steps: np.ndarray  # int64 (spikes,)   time in integer simulation steps
    size: int  # number of agents, silent ones included
    start_step: int
    stop_step: int
    time_step_s: float

    def __post_init__(self):
        _check_window(self.size, self.start_step, self.stop_step, self.time_step_s)
        if np.shape(self.node_ids) != np.shape(self.steps):
            raise InputError(
                "node_ids", f"{np.size(self.node_ids)} agents for {np.size(self.steps)} spikes; give one each"
            )
        if not self.steps.size:
            return
        _check_agents(self.node_ids, self.size)
        if self.steps.min() < self.start_step or self.steps.max() >= self.stop_step:
            raise InputError("steps", "spikes outside the analysed window; SpikeTrains.from_times drops them")
        step_up, agent_up = np.diff(self.steps), np.diff(self.node_ids)
        if np.any(agent_up < 0) or np.any(step_up[agent_up == 0] < 0):
            raise InputError("steps", "spikes are not sorted by (agent, step); SpikeTrains.from_times sorts them")

    @classmethod
    def from_times(cls, node_ids, times_s, *, size, start_s, stop_s, time_step_s) -> "SpikeTrains":
        """Spike trains from spike times in any order; times are rounded to the nearest step.

        Parameters
        ----------
        node_ids : int array (spikes,)
            Agent of each spike, 0 to size - 1.
        times_s : array (spikes,)
            Time of each spike, s.
        size : int
            Number of agents, silent ones included.
        start_s, stop_s : float
            Analysed window, s, rounded to steps; spikes outside [start, stop) are dropped.
        time_step_s : float
            Simulation time step, s.

        Raises
        ------
        InputError
            As the class; also a time that is not finite and an agent that is not an integer.
        """
        node_ids, times_s = np.asarray(node_ids), np.asarray(times_s, dtype=float)
        if node_ids.size and node_ids.dtype.kind not in "iu":
            raise InputError("node_ids", f"agents of type {node_ids.dtype}; expected integers from 0 to size - 1")
        if node_ids.shape != times_s.shape:
            raise InputError("node_ids", f"{node_ids.size} agents for {times_s.size} spike times; give one each")
        # A sum is finite where all of it is, and takes one pass without another array.
        if not math.isfinite(start_s + stop_s + time_step_s + float(times_s.sum())):
            raise InputError("times_s", "a spike time, the window or the time step is not finite; expected seconds")
        if time_step_s <= 0:
            raise InputError("time_step_s", f"{time_step_s} s; expected a positive time step")
        start, stop = round(start_s / time_step_s), round(stop_s / time_step_s)
        _check_window(size, start, stop, time_step_s)
        steps = times_s / time_step_s
        np.rint(steps, out=steps)
        in_order = bool(np.all(steps[1:] >= steps[:-1]))
        inside = slice(*np.searchsorted(steps, [start, stop])) if in_order else (steps >= start) & (steps < stop)
        agents, steps = node_ids[inside], steps[inside].astype(np.int64)
        if agents.size:
            _check_agents(agents, size)
        if in_order and size <= _FEW:
            # Spikes that come in order of time need their agents sorted alone, and small numbers sort fastest.
            order = np.argsort(agents.astype(np.uint16), kind="stable")
            agents, steps = agents[order].astype(np.int64), steps[order]
        else:
            # One integer per spike sorts many times faster than a lexical sort of two arrays.
            together = np.sort(agents.astype(np.int64) * (stop - start) + (steps - start))
            agents, offsets = np.divmod(together, stop - start)
            steps = offsets + start
        return cls._of_sorted(agents, steps, int(size), start, stop, float(time_step_s))

    @classmethod
    def _of_sorted(cls, node_ids, steps, size, start_step, stop_step, time_step_s) -> "SpikeTrains":
        """Spike trains of what is known to be in order and in range: looking again takes as long as sorting."""
        made = object.__new__(cls)
        vars(made).update(
            node_ids=node_ids,
            steps=steps,
            size=size,
            start_step=start_step,
            stop_step=stop_step,
            time_step_s=time_step_s,
        )
        return made

    @property
    def duration_s(self) -> float:
        """Length of the analysed window, s."""
        return (self.stop_step - self.start_step) * self.time_step_s

    @property
    def mean_rate_hz(self) -> float:
        """Spikes per agent and second, over all agents, Hz."""
        return self.steps.size / (self.size * self.duration_s)

    @cached_property
    def counts(self) -> np.ndarray:
        """Spikes of each agent, int array (size,)."""
        return np.bincount(self.node_ids, minlength=self.size)

    @cached_property
    def intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """Agent, int array (intervals,), and length in steps, int array (intervals,), of every interspike interval."""
        same_agent = self.node_ids[1:] == self.node_ids[:-1]
        return self.node_ids[1:][same_agent], np.diff(self.steps)[same_agent]

    def population_counts(self, width_s: float) -> tuple[np.ndarray, float]:
        """Spikes of the population in each whole bin, int array (bins,), and the width used, s.

        The width is rounded to whole steps, at least one; a last bin that is not whole is left out.
        """
        width, number = self._whole_bins(width_s)
        bins = (self.steps - self.start_step) // width
        return np.bincount(bins, minlength=number + 1)[:number], width * self.time_step_s

    def occupied_bins(self, width_s: float) -> OccupiedBins:
        """Spikes of each agent in each whole bin, with the rounding of `population_counts`."""
        width, number = self._whole_bins(width_s)
        bins = (self.steps - self.start_step) // width
        whole = bins < number
        node_ids, bins = self.node_ids[whole], bins[whole]
        first = np.ones(bins.size, dtype=bool)
        first[1:] = (np.diff(node_ids) != 0) | (np.diff(bins) != 0)
        counts = np.diff(np.flatnonzero(first), append=bins.size)
        return OccupiedBins(node_ids[first], bins[first], counts, number)

    def _whole_bins(self, width_s: float) -> tuple[int, int]:
        width = max(1, round(width_s / self.time_step_s))
        return width, (self.stop_step - self.start_step) // width


def _check_agents(node_ids: np.ndarray, size: int) -> None:
    lowest, highest = node_ids.min(), node_ids.max()
    if lowest < 0 or highest >= size:
        worst = lowest if lowest < 0 else highest
        raise InputError("node_ids", f"agent {worst} is not in a population of {size}; expected 0 to {size - 1}")


def _check_window(size, start_step, stop_step, time_step_s):
    if size < 1:
        raise InputError("size", f"{size} agents; expected at least 1")
    if not time_step_s > 0:
        raise InputError("time_step_s", f"{time_step_s} s; expected a positive time step")
    if stop_step <= start_step:
        raise InputError(
            "stop_s", f"the window from step {start_step} to {stop_step} is empty; make stop later than start"
        )


@dataclass(frozen=True, eq=False)
class PopulationSums:
    """What the simulation adds up over the analysed window on its own clock, in SI base units.

    Raises
    ------
    InputError
        Arrays whose lengths do not fit each other, or no tick.
    """

    tick_s: float  # interval of the clock, s
    v_mean: np.ndarray  # (ticks,)   mean over agents of the membrane potential, V
    v_sum: np.ndarray  # (agents,)  sum over ticks of v, V
    v_square_sum: np.ndarray  # (agents,)  sum over ticks of v squared, V2
    g_tonic_sum: np.ndarray  # (agents,)  sum over ticks of the tonic conductance
    g_phasic_sum: np.ndarray  # (agents,)  sum over ticks of the phasic conductance
    lfp_proxy: np.ndarray  # (ticks,)   mean over agents of |excitatory| + |inhibitory| synaptic current
    conductance_unit: str  # "nS" or "mS/cm2"
    current_unit: str  # "pA" or "uA/cm2"

    def __post_init__(self):
        if not self.tick_s > 0 or self.ticks < 1:
            raise InputError("sums", f"{self.ticks} ticks of {self.tick_s} s; run for at least one tick")
        if np.shape(self.lfp_proxy) != np.shape(self.v_mean):
            raise InputError(
                "sums", f"lfp_proxy has {np.size(self.lfp_proxy)} ticks, v_mean has {self.ticks}; give as many"
            )
        lengths = {np.size(a) for a in (self.v_sum, self.v_square_sum, self.g_tonic_sum, self.g_phasic_sum)}
        if len(lengths) > 1:
            raise InputError("sums", f"sums per agent of lengths {sorted(lengths)}; give one value per agent in each")
        for name, unit, known in (
            ("conductance_unit", self.conductance_unit, ("nS", "mS/cm2")),
            ("current_unit", self.current_unit, ("pA", "uA/cm2")),
        ):
            if unit not in known:
                raise InputError(f"sums.{name}", f"'{unit}'; expected '{known[0]}' or '{known[1]}'")

    @property
    def ticks(self) -> int:
        """Number of ticks summed over."""
        return np.size(self.v_mean)
