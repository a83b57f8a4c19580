"""How much a population fires: rates of agents and their spread."""

import numpy as np

from .registry import Inputs, Result, statistic

_TEXTBOOK = "Dayan and Abbott 2001, Theoretical Neuroscience, MIT Press, section 1.2"


def _agent_rates(inputs: Inputs) -> np.ndarray:
    return inputs.trains.counts / inputs.trains.duration_s


@statistic(
    "mean_rate",
    unit="Hz",
    description="spikes per agent and second, over all agents",
    source=_TEXTBOOK,
    silent=0.0,
)
def mean_rate(inputs: Inputs) -> float:
    """Mean firing rate over all agents, silent ones included, Hz; 0 in silence."""
    return inputs.trains.mean_rate_hz


@statistic(
    "rate_sd",
    unit="Hz",
    description="standard deviation of the firing rate over all agents",
    source=_TEXTBOOK,
    silent=0.0,
)
def rate_sd(inputs: Inputs) -> float:
    """Standard deviation of the rate over agents, Hz, divided by their number: they are the whole population."""
    return _agent_rates(inputs).std()


@statistic(
    "active_fraction",
    unit="1",
    description="fraction of agents with at least one spike",
    source="definition: agents with a spike over all agents",
    silent=0.0,
)
def active_fraction(inputs: Inputs) -> float:
    """Fraction of agents with at least one spike in the window; 0 in silence."""
    return np.count_nonzero(inputs.trains.counts) / inputs.trains.size


@statistic(
    "agent_rate",
    unit="Hz",
    description="firing rate of each agent",
    source=_TEXTBOOK,
    dimensions=("agent",),
    silent=0.0,
)
def agent_rate(inputs: Inputs) -> Result:
    """Firing rate of each agent, array (agents,), Hz; 0 for a silent one."""
    return Result(_agent_rates(inputs), {"agent": (np.arange(inputs.trains.size), "")})
