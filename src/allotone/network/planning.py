"""From a definition and the settings of a run to a plan."""

import json
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..errors import InputError, unknown
from ..units import quantity
from .check import parsed
from .definition import Definition, Keyed
from .effects import add_effects
from .fields import si
from .local_synthesis import add_local_synthesis, reachable
from .medium import TABLE, concentration_table
from .plan import Group, Plan, Recording
from .populations import Membrane, add_initial, plan_cells, plan_source
from .projections import plan_projection
from .schema import Schema

RUN = "run"


@dataclass(frozen=True)
class Settings:
    """What a run adds to a definition, all in SI units.

    Attributes
    ----------
    recordings : tuple of Recording
        Traces to keep.
    with_sums : bool
        Whether the binary keeps the sums that conductance and voltage statistics need.
    """

    duration_s: float
    discard_s: float = 0.0
    network_seed: int = 0
    noise_seed: int = 0
    recordings: tuple[Recording, ...] = ()
    with_sums: bool = False


def make_plan(definition: Definition, settings: Settings) -> Plan:
    """The Brian2 text and values of one run.

    Raises
    ------
    InputError
        The concentration schedule does not cover the run or acts on nothing, or a recording names what is not there.
    """
    schema = definition.schema
    # Effects and local synthesis change groups, which then cannot be shared.
    alone = schema.effects or schema.medium.local_synthesis is not None
    plan = _plan_rest(schema, settings) if alone else _of_shared_rest(definition, settings)
    table = concentration_table(schema.medium.allopregnanolone, settings.duration_s)
    add_effects(plan, definition, reachable(schema, table), settings.duration_s)
    if schema.medium.local_synthesis is not None:
        add_local_synthesis(plan, schema)
    if any(group.in_medium for group in plan.groups):
        plan.arrays[TABLE] = np.asarray(quantity(table, "nM")).tolist()
    elif table.any():
        raise InputError(
            "medium.allopregnanolone",
            "nothing reads this: the network has no GABA-A receptor of a known subtype and no effect",
        )
    plan.recordings = [_checked(recording, plan) for recording in settings.recordings]
    return plan


def _of_shared_rest(definition: Definition, settings: Settings) -> Plan:
    """As `_plan_rest`, with groups and contacts that the runs at all doses share; nobody changes them."""
    data = definition.data
    medium = {key: value for key, value in data["medium"].items() if key != "allopregnanolone"}
    schema = definition.schema.model_copy(
        update={"medium": definition.schema.medium.model_copy(update={"allopregnanolone": None})}
    )
    # Known by all of it but the schedule, which it does not have.
    rest = Keyed(json.dumps({**data, "medium": medium}), schema)
    shared = _shared_rest(rest, replace(settings, recordings=()))
    return replace(shared, arguments=dict(shared.arguments), arrays=dict(shared.arrays))


@lru_cache(maxsize=64)
def _shared_rest(rest: Keyed, settings: Settings) -> Plan:
    return _plan_rest(rest.content, settings)


def _plan_rest(schema: Schema, settings: Settings) -> Plan:
    """All of a plan that does not follow from the schedule."""
    plan = Plan(si(schema.time_step), with_sums=settings.with_sums)
    membranes: dict[str, Membrane] = {}
    for name, population in schema.populations.items():
        if isinstance(population.neuron, str):
            membranes[name] = plan_cells(plan, schema, name, settings.duration_s)
        else:
            plan_source(plan, schema, name)
    for name in schema.projections:
        plan_projection(plan, schema, name, membranes, settings.duration_s)
    for name, membrane in membranes.items():
        membrane.close()
        add_initial(plan, membrane, schema.populations[name], f"populations.{name}")
        if settings.with_sums:
            plan.parameter(membrane.group, "discard", "second", settings.discard_s)
    run = Group(RUN, "", 1, kind="settings", equations=["progress : second (shared)"])
    plan.groups.append(run)
    plan.parameter(run, "duration", "second", settings.duration_s)
    plan.parameter(run, "network_seed", "1", int(settings.network_seed))
    plan.parameter(run, "noise_seed", "1", int(settings.noise_seed))
    return plan


def _checked(recording: Recording, plan: Plan) -> Recording:
    groups = {group.population: group for group in plan.groups if group.kind == "cells"}
    if recording.population not in groups:
        raise unknown("record", "population", recording.population, groups)
    group = groups[recording.population]
    known = parsed("\n".join(group.equations)).names
    if recording.variable not in known:
        raise unknown("record", f"variable of '{recording.population}'", recording.variable, known)
    for agent in recording.agents:
        if agent >= group.size:
            raise unknown("record", f"agent of '{recording.population}'", str(agent), [f"0 to {group.size - 1}"])
    return recording
