"""From a plan to Brian2 objects, on whatever device is active."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from brian2 import (
    Clock,
    Network,
    NeuronGroup,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    mmolar,
    ms,
    mV,
    second,
    seed,
)

from .local_synthesis import SPIKE_COUNT
from .medium import SLOW_CLOCK_S, TABLE, TABLE_SIZE
from .plan import Contacts, Group, Plan


class Hooks(Protocol):
    """What differs between a binary and Brian2's own loop: when values arrive, and where randomness comes from."""

    def arguments(self, assembly: "Assembly") -> None:
        """From here on every parameter has its value."""

    def stream(self, assembly: "Assembly", name: str) -> None:
        """Random numbers that follow come from this stream of the network seed."""

    def contacts(self, synapses: Synapses) -> None:
        """A projection's contacts have been made, and nothing of theirs has been drawn."""

    def delay(self, assembly: "Assembly", synapses: Synapses) -> None:
        """Give the one delay of all contacts its value."""


@dataclass
class Assembly:
    """The Brian2 objects of a network, by the names of the plan."""

    plan: Plan
    groups: dict[str, Any] = field(default_factory=dict)
    synapses: dict[str, Synapses] = field(default_factory=dict)
    spike_monitors: dict[str, SpikeMonitor] = field(default_factory=dict)
    state_monitors: list[StateMonitor] = field(default_factory=list)
    sums: dict[str, StateMonitor] = field(default_factory=dict)
    others: list[Any] = field(default_factory=list)
    table: TimedArray | None = None
    step_clock: Clock | None = None

    def owner(self, name: str) -> Any:
        """The group or projection a plan calls `name`."""
        return self.groups.get(name) or self.synapses[name]

    @property
    def network(self) -> Network:
        """A `brian2.Network` of every object."""
        objects = [*self.groups.values(), *self.synapses.values(), *self.spike_monitors.values()]
        return Network(*objects, *self.state_monitors, *self.sums.values(), *self.others)


def assemble(plan: Plan, hooks: Hooks) -> Assembly:
    """Make the Brian2 objects of a plan.

    Returns
    -------
    Assembly
        Ready to run: values set, agents and contacts drawn (or the code for it generated).
    """
    assembly = Assembly(plan)
    clock, slow = Clock(plan.time_step * second, name="step_clock"), Clock(SLOW_CLOCK_S * second, name="slow_clock")
    table = TimedArray(np.zeros(TABLE_SIZE) * mmolar, dt=1 * second, name=TABLE)
    namespace = {TABLE: table, "ms": ms, "mV": mV}
    assembly.table, assembly.step_clock = table, clock
    for group in plan.groups:
        assembly.groups[group.name] = _make_group(group, plan, clock, slow, namespace)
    for contacts in plan.contacts:
        assembly.synapses[contacts.name] = _make_synapses(contacts, assembly, clock, namespace)
    _add_monitors(assembly, slow)
    _link_spike_count(assembly)
    hooks.arguments(assembly)
    for group in plan.groups:
        for draw in group.draws:
            if draw.stream:
                hooks.stream(assembly, draw.stream)
            setattr(assembly.groups[group.name], draw.variable, draw.expression)
    for contacts in plan.contacts:
        _connect(contacts, assembly, hooks)
    return assembly


def _make_group(group: Group, plan: Plan, clock: Clock, slow: Clock, namespace: dict) -> Any:
    if group.kind == "spikes":
        indices, times = zip(*group.spikes) if group.spikes else ((), ())
        return SpikeGeneratorGroup(
            group.size, np.array(indices, int), np.array(times) * ms, clock=clock, name=group.name
        )
    equations = "\n".join(group.equations)
    if plan.with_sums and group.kind == "cells":
        equations += "\n" + _sum_equations(group)
    made = NeuronGroup(
        group.size,
        equations,
        threshold=group.threshold or None,
        reset=group.reset or None,
        refractory=group.refractory or False,
        method=group.method if group.kind == "cells" or "/dt =" in equations else None,
        clock=clock,
        name=group.name,
        namespace=namespace,
    )
    if group.slow:
        # Before any recording of the same instant.
        made.run_regularly("\n".join(group.slow), clock=slow, when="start", order=-1, name=f"slow_{group.name}")
    for number, (code, when) in enumerate(group.each_step):
        made.run_regularly(code, clock=clock, when=when, name=f"step_{number}_{group.name}")
    return made


def _make_synapses(contacts: Contacts, assembly: Assembly, clock: Clock, namespace: dict) -> Synapses:
    keywords = {}
    if contacts.on_pre:
        keywords["on_pre"] = contacts.on_pre
        if not contacts.delay:
            # One value for all contacts; the true one is put in its place when the arguments have arrived.
            keywords["delay"] = 0 * second
    return Synapses(
        assembly.groups[contacts.source],
        assembly.groups[contacts.target],
        "\n".join(contacts.equations),
        clock=clock,
        name=contacts.name,
        namespace=namespace,
        **keywords,
    )


def _connect(contacts: Contacts, assembly: Assembly, hooks: Hooks) -> None:
    synapses = assembly.synapses[contacts.name]
    hooks.stream(assembly, contacts.stream)
    synapses.connect(**contacts.connect)
    hooks.contacts(synapses)
    for draw in contacts.draws:
        if draw.stream:
            hooks.stream(assembly, draw.stream)
        setattr(synapses, draw.variable, draw.expression)
    if contacts.delay:
        hooks.stream(assembly, f"{contacts.stream}.delay")
        synapses.delay = contacts.delay
    elif contacts.on_pre:
        hooks.delay(assembly, synapses)


def _add_monitors(assembly: Assembly, slow: Clock) -> None:
    plan = assembly.plan
    for group in plan.groups:
        if group.kind != "settings":
            assembly.spike_monitors[group.population] = SpikeMonitor(
                assembly.groups[group.name], name=f"spikes_{group.population}"
            )
    for number, recording in enumerate(plan.recordings):
        assembly.state_monitors.append(
            StateMonitor(
                assembly.groups[f"pop_{recording.population}"],
                recording.variable,
                record=np.array(recording.agents),
                dt=recording.every * second,
                name=f"recording_{number}",
            )
        )
    if plan.with_sums:
        for group in plan.groups:
            if group.kind == "cells":
                _add_sums(assembly, group, slow)


def _link_spike_count(assembly: Assembly) -> None:
    """Let the groups read how many spikes the population that drives local synthesis has had."""
    plan = assembly.plan
    if plan.local_synthesis:
        for group in plan.groups:
            if group.in_medium:
                monitor = assembly.spike_monitors[plan.local_synthesis]
                assembly.groups[group.name].variables.add_reference(SPIKE_COUNT, monitor, "N")


def _unit_line(group: Group, variable: str) -> str:
    """Unit of a variable as its equation line states it."""
    line = next(line for line in group.equations if line.startswith(f"{variable} ="))
    return line.rsplit(":", 1)[1].strip()


def _sum_equations(group: Group) -> str:
    siemens = _unit_line(group, "g_tonic")
    return f"""
        v_sum : volt
        v_square_sum : volt**2
        g_tonic_sum : {siemens}
        g_phasic_sum : {siemens}
    """


def _add_sums(assembly: Assembly, group: Group, slow: Clock) -> None:
    """Sums on the slow clock for conductance and voltage statistics; they read the state and never change it."""
    cells, ampere = assembly.groups[group.name], _unit_line(group, "I_synaptic")
    cells.run_regularly(
        """
        v_sum += v*int(t >= discard)
        v_square_sum += v**2*int(t >= discard)
        g_tonic_sum += g_tonic*int(t >= discard)
        g_phasic_sum += g_phasic*int(t >= discard)
        """,
        clock=slow,
        when="end",
        name=f"sums_{group.name}",
    )
    mean = NeuronGroup(
        1, f"v_mean : volt\nlfp : {ampere}", clock=slow, name=f"mean_{group.name}", namespace={}, method="euler"
    )
    to_mean = Synapses(
        cells,
        mean,
        f"v_mean_post = v_pre/N_pre : volt (summed)\nlfp_post = I_synaptic_pre/N_pre : {ampere} (summed)",
        clock=slow,
        name=f"to_mean_{group.name}",
        namespace={},
    )
    to_mean.connect()
    assembly.others += [mean, to_mean]
    assembly.sums[group.population] = StateMonitor(
        mean, ["v_mean", "lfp"], record=True, clock=slow, when="end", name=f"means_{group.name}"
    )


class RuntimeHooks:
    """Values and randomness for Brian2's own loop; another draw of the same ensemble than the binary's."""

    def __init__(self, values: dict[str, float | int], arrays: dict[str, Sequence[float]]):
        self.values, self.arrays = values, arrays

    def arguments(self, assembly: Assembly) -> None:
        """Set every parameter."""
        for name, value in self.values.items():
            owner, variable = name.split(".")
            assembly.owner(owner).variables[variable].set_value(value)
        for name, values in self.arrays.items():
            if name == TABLE:
                assembly.table.values[:] = values
            else:
                owner, variable = name.split(".")
                assembly.owner(owner).variables[variable].set_value(np.array(values))
        seed(int(self.values["run.network_seed"]))

    def noise(self) -> None:
        """Random numbers that follow are those of the run."""
        seed(int(self.values["run.noise_seed"]))

    def stream(self, assembly: Assembly, name: str) -> None:
        """Seed Brian2 for one stream, so that projections of one stream have the same contacts."""
        entropy = [int(self.values["run.network_seed"]), zlib.crc32(name.encode())]
        seed(int(np.random.SeedSequence(entropy).generate_state(1)[0]))

    def contacts(self, synapses: Synapses) -> None:
        """Brian2 finds them in any order."""

    def delay(self, assembly: Assembly, synapses: Synapses) -> None:
        """Set the one delay of all contacts."""
        synapses.delay = assembly.plan.arguments[f"{synapses.name}.delay_value"] * second
