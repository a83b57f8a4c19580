"""Drives as Brian2 text: constant and pulsed current, Poisson and Ornstein-Uhlenbeck conductance."""

from collections.abc import Callable

import numpy as np

from .fields import si
from .plan import Draw, Group, Plan


def add_drive(
    plan: Plan, group: Group, name: str, drive, path: str, units: tuple[str, str], convert: Callable
) -> list[str]:
    """Add one named drive to a group.

    Parameters
    ----------
    units : (str, str)
        Brian2 units of conductance and current in this cell model.
    convert : callable (text, "nS" or "pA" kind, path) -> callable
        Conversion to the cell's own kind of unit.

    Returns
    -------
    list of str
        Inward currents to be summed into the cell's input.
    """
    siemens, ampere = units
    prefix = f"drive_{name}"
    plan.spread(group, f"{prefix}_onset", drive.onset, f"{path}.onset", floor=0.0)
    on = f"int(t >= {prefix}_onset)"
    if drive.agents is not None:
        chosen = np.zeros(group.size)
        chosen[drive.agents] = 1.0
        plan.per_agent(group, f"{prefix}_chosen", chosen.tolist())
        on = f"{prefix}_chosen*{on}"

    def shared(variable, key, unit, kind=None):
        text = getattr(drive, key)
        value = convert(kind, f"{path}.{key}")(si(text), text) if kind else si(text)
        plan.parameter(group, variable, unit, value, f"{path}.{key}")

    if drive.kind in ("current", "pulse"):
        amplitude = f"{prefix}_amplitude"
        plan.spread(
            group, amplitude, drive.amplitude, f"{path}.amplitude", convert("current", f"{path}.amplitude"), unit=ampere
        )
        if drive.kind == "pulse":
            shared(f"{prefix}_duration", "duration", "second")
            # In whole steps: remainders of times lose or double a step by rounding.
            since = f"timestep(t - {prefix}_onset, dt)"
            if drive.period is not None:
                shared(f"{prefix}_period", "period", "second")
                since = f"({since} % timestep({prefix}_period, dt))"
            on = f"{on}*int({since} < timestep({prefix}_duration, dt))"
        group.equations.append(f"I_{prefix} = {amplitude}*{on} : {ampere}")
        return [f"I_{prefix}"]

    if drive.kind == "poisson":
        plan.parameter(group, f"{prefix}_rate", "hertz", si(drive.rate) * drive.inputs, f"{path}.rate")
        shared(f"{prefix}_weight", "weight", siemens, "conductance")
        shared(f"{prefix}_tau", "tau_decay", "second")
        shared(f"{prefix}_reversal", "reversal", "volt")
        group.equations.append(f"dg_{prefix}/dt = -g_{prefix}/{prefix}_tau : {siemens}")
        group.each_step.append((f"g_{prefix} += {prefix}_weight*poisson({prefix}_rate*dt*{on})", "synapses"))
        return [f"g_{prefix}*({prefix}_reversal - v)"]

    unit, kind = (ampere, "current") if drive.reversal is None else (siemens, "conductance")
    shared(f"{prefix}_mean", "mean", unit, kind)
    shared(f"{prefix}_sd", "sd", unit, kind)
    shared(f"{prefix}_tau", "tau", "second")
    group.equations.append(f"x_{prefix} : {unit}")
    # Exact update of the process over one step, begun in its stationary state.
    group.draws.append(Draw(f"x_{prefix}", f"{prefix}_mean + {prefix}_sd*randn()", path))
    update = (
        f"x_{prefix} = {prefix}_mean + (x_{prefix} - {prefix}_mean)*exp(-dt/{prefix}_tau)"
        f" + {prefix}_sd*sqrt(1 - exp(-2*dt/{prefix}_tau))*randn()"
    )
    group.each_step.append((update, "start"))
    if drive.reversal is None:
        return [f"x_{prefix}*{on}"]
    shared(f"{prefix}_reversal", "reversal", "volt")
    group.equations.append(f"g_{prefix} = clip(x_{prefix}, 0*{siemens}, 1e30*{siemens})*{on} : {siemens}")
    return [f"g_{prefix}*({prefix}_reversal - v)"]
