"""Allopregnanolone that the spikes of one population make: it adds to the schedule at the receptor of all agents.

d(allopregnanolone_local)/dt = (gain*rate - allopregnanolone_local)/tau, with the population's mean rate.
"""

import numpy as np

from ..errors import InputError, unknown
from .fields import above_zero, si
from .medium import SLOW_CLOCK_S
from .plan import Group, Plan
from .schema import LocalSynthesis, Schema

LOCAL_SYNTHESIS = "medium.local_synthesis"
# Number of spikes so far in the population that drives it.
SPIKE_COUNT = "local_synthesis_spike_count"
ORIGIN = (
    "assumed: neither a gain nor a time constant was measured; that activity raises synthesis is known in sign alone: "
    "1 uM NMDA raises 5alpha-reduced neurosteroids in CA1 pyramidal cells (Tokuda et al. 2011, "
    "doi:10.1523/JNEUROSCI.1660-11.2011)"
)
NO_INITIAL_ORIGIN = "assumed: no local synthesis before the run"
# Spikes are counted over the slow clock's steps: with this many in a time constant the law holds within 1 %.
_FEWEST_STEPS = 100

_STEP = f"{SLOW_CLOCK_S * 1e3:g}*ms"
_RATE = f"({SPIKE_COUNT} - local_synthesis_spikes_seen)/(local_synthesis_agents*{_STEP})"
_EQUATIONS = ("allopregnanolone_local : mmolar (shared)", "local_synthesis_spikes_seen : integer (shared)")
_UPDATE = (
    # Exact for a rate that is constant within a step. Brian2 sets no shared variable before a run: the first tick does.
    f"allopregnanolone_local += (local_synthesis_gain*{_RATE} - allopregnanolone_local)"
    f"*(1 - exp(-{_STEP}/local_synthesis_tau)) + int(t == 0*ms)*local_synthesis_initial",
    f"local_synthesis_spikes_seen = {SPIKE_COUNT}",
    "allopregnanolone += allopregnanolone_local",
)


def check_local_synthesis(schema: Schema) -> None:
    """InputError if the population is not there, or a number is out of range."""
    local = schema.medium.local_synthesis
    if local.population not in schema.populations:
        raise unknown(f"{LOCAL_SYNTHESIS}.population", "population", local.population, schema.populations)
    above_zero(local.tau, f"{LOCAL_SYNTHESIS}.tau")
    shortest = _FEWEST_STEPS * SLOW_CLOCK_S
    if si(local.tau) < shortest:
        raise InputError(
            f"{LOCAL_SYNTHESIS}.tau",
            f"'{local.tau}' is too short for a concentration that is followed every {SLOW_CLOCK_S * 1e3:g} ms; "
            f"expected at least {shortest * 1e3:g} ms",
        )


def add_local_synthesis(plan: Plan, schema: Schema) -> None:
    """Add what the spikes make to the concentration of every group that reads it, before all that follows from it.

    Raises
    ------
    InputError
        No group reads it.
    """
    local = schema.medium.local_synthesis
    readers = [group for group in plan.groups if group.in_medium]
    if not readers:
        raise InputError(
            LOCAL_SYNTHESIS,
            "nothing reads this: the network has no GABA-A receptor of a known subtype and no effect; leave it out",
        )
    plan.local_synthesis = local.population
    # A copy in each group, all the same: groups share no variable, and nothing then depends on their order.
    for group in readers:
        _add(plan, group, local, schema.populations[local.population].size)


def _add(plan: Plan, group: Group, local: LocalSynthesis, agents: int) -> None:
    plan.parameter(group, "local_synthesis_gain", "mmolar*second", si(local.gain))
    plan.parameter(group, "local_synthesis_tau", "second", si(local.tau))
    plan.parameter(group, "local_synthesis_initial", "mmolar", si(local.initial))
    plan.parameter(group, "local_synthesis_agents", "1", float(agents))
    group.equations += _EQUATIONS
    # After the schedule's own value, which comes first on the slow clock.
    group.slow[1:1] = _UPDATE


def reachable(schema: Schema, table_nM: np.ndarray) -> np.ndarray:
    """Concentrations, nM, whose first is that at t = 0 and between whose extremes the run stays whatever spikes.

    Parameters
    ----------
    table_nM : array (times,)
        The schedule over the run.
    """
    local = schema.medium.local_synthesis
    if local is None:
        return table_nM
    initial = si(local.initial) * 1e6
    # No agent spikes more than once in a time step.
    most = max(initial, si(local.gain) / si(schema.time_step) * 1e6)
    return np.array([table_nM[0] + initial, table_nM.min(), table_nM.max() + most])


def final_bounds(plan: Plan, group: str, spikes: dict[str, tuple[np.ndarray, np.ndarray]]) -> tuple[float, float]:
    """Least and most, in mM, that the local part can be at the last tick of a run, from the spikes that drove it.

    Parameters
    ----------
    group : str
        The group that reads it.
    spikes : dict of str to (array (spikes,), array (spikes,))
        Node ids and times, s, of each population.
    """
    if not plan.local_synthesis:
        return 0.0, 0.0
    times = spikes[plan.local_synthesis][1]
    gain, tau, initial, agents = (
        plan.arguments[f"{group}.local_synthesis_{key}"] for key in ("gain", "tau", "initial", "agents")
    )
    since = plan.arguments["run.duration"] - np.append(times, 0.0)
    left = np.append(np.full(times.size, gain / (tau * agents)), initial) * np.exp(-since / tau)
    # The last tick lies within two steps before the end, and counts the spikes of a step as one.
    slack = SLOW_CLOCK_S / tau
    counted = since > 3 * SLOW_CLOCK_S
    return float(left[counted].sum() * np.exp(-2 * slack)), float(left.sum() * np.exp(4 * slack))
