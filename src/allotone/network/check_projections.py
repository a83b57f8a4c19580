"""Checks of a projection: its ends, synapse, receptor, delay and connection rule."""

from typing import Any

from .. import receptors, synapses
from ..errors import InputError, unknown
from .check import cell_model, check_area, complete_numbers, is_gaba_a, known_receptor, parsed, phasic_receptor
from .fields import above_zero, canonical, canonical_spread, lowest, si, stated
from .rules import NeighbourDelay
from .schema import Population, Projection, Schema

OTHER_RECEPTORS = ("ampa", "nmda", "gaba_b")
_WITH_NEIGHBOURS = ("neighbours", "ring_gaussian", "line_gaussian", "line_mirrored")


def complete_projection(schema: Schema, name: str) -> Projection:
    """A projection with its synapse's defaults written out; InputError for what does not fit its ends."""
    projection, path = schema.projections[name], f"projections.{name}"
    for end in ("source", "target"):
        if getattr(projection, end) not in schema.populations:
            raise unknown(f"{path}.{end}", "population", getattr(projection, end), schema.populations)
    source, target = schema.populations[projection.source], schema.populations[projection.target]
    if not isinstance(target.neuron, str):
        raise InputError(f"{path}.target", f"'{projection.target}' is a source of spikes; it has no synapses")
    kind = str(projection.synapse.get("kind", ""))
    if kind not in synapses.MODELS:
        raise unknown(f"{path}.synapse.kind", "synapse model", kind, synapses.MODELS)
    model = synapses.MODELS[kind]
    _check_added_names(path, name, schema, model)
    update = {
        "synapse": {"kind": kind, **_complete_synapse(f"{path}.synapse", projection, model, si(schema.time_step))},
        "plasticity": _complete_plasticity(f"{path}.plasticity", projection, model),
        "block": _complete_block(f"{path}.block", projection),
    }
    update |= _complete_receptor(path, projection, kind)
    if model.pulsed_gate:
        _check_arrival(path, projection, source)
    elif not model.event_driven:
        if not isinstance(source.neuron, str):
            needed = "cells that carry its gate" if model.kinetic else "a membrane potential"
            raise InputError(f"{path}.source", f"a {kind} synapse needs {needed}, '{projection.source}' has none")
        if projection.delay != "0.0 ms":
            raise InputError(f"{path}.delay", f"nothing reads this: a {kind} synapse has no delay; leave it out")
    if kind == "gap_junction":
        if projection.source != projection.target or not getattr(projection.connect, "undirected", False):
            raise InputError(f"{path}.connect", "a gap junction couples a population to itself with undirected = true")
        if projection.decay_factor != 1.0:
            raise InputError(f"{path}.decay_factor", "nothing reads this: a gap junction does not decay")
        if projection.weight_per == "target":
            raise InputError(
                f"{path}.weight_per",
                "a gap junction's contacts are drawn once for both directions, so no target has a number of its own; "
                "give the weight of one contact",
            )
    elif getattr(projection.connect, "undirected", False):
        raise InputError(f"{path}.connect.undirected", "only a gap junction is undirected")
    _check_connect(f"{path}.connect", schema, name)
    _check_delay(f"{path}.delay", schema, projection)
    target_model = cell_model(schema, target)
    check_area(f"{path}.weight", projection.weight, target_model.conductance_unit, target_model)
    return projection.model_copy(update=update)


def _check_added_names(path: str, name: str, schema: Schema, model: synapses.SynapseModel) -> None:
    """What a projection called `name` adds to its two populations must not be there already."""
    lines = model.lines(name, "siemens", "weight")
    added = {
        "target": {*parsed("\n".join(lines.target)).names, *(f"{letter}_{name}" for letter in "gIE")},
        "source": set(parsed("\n".join(lines.source)).names),
    }
    added[model.gate] |= {f"{key}_{name}" for key in model.parameters}
    for end, names in added.items():
        population = schema.populations[getattr(schema.projections[name], end)]
        if not isinstance(population.neuron, str):
            continue
        cell = cell_model(schema, population)
        taken = {*parsed(f"{cell.equations}\nI_input : 1").names, *cell.parameters}
        clash = names & (taken | {"E_gaba", "g_tonic", "g_phasic", "I_synaptic"})
        if clash or name.startswith(("tonic_", "drive_")):
            reason = (
                f"the cell model '{cell.name}' or the network already has a {min(clash)}" if clash else "it is reserved"
            )
            raise InputError(path, f"a projection cannot be called '{name}': {reason}; choose another name")


def _complete_synapse(
    path: str, projection: Projection, model: synapses.SynapseModel, time_step: float
) -> dict[str, Any]:
    given = projection.synapse
    for key in given:
        if key != "kind" and key not in model.parameters:
            raise unknown(f"{path}.{key}", f"parameter of '{model.name}'", key, model.parameters)
    completed = {}
    for key, parameter in model.parameters.items():
        lower, where = None if parameter.minimum is None else 0, f"{path}.{key}"
        value = given.get(key, parameter.default)
        may_spread = key == model.decay and model.gate == "target"
        if isinstance(value, dict) and not may_spread:
            raise InputError(
                where,
                f"'{key}' of a {model.name} synapse is one number for the whole projection; only tau_decay of an "
                "exponential or biexponential one may be spread over the agents of the target; give one value",
            )
        completed[key] = (canonical_spread if may_spread else canonical)(value, (parameter.unit,), lower, where)
        for place, text in stated(completed[key], where).items():
            if parameter.minimum == "above 0":
                above_zero(text, place)
            if key.startswith("tau_") and si(text) < time_step * (1 - 1e-9):
                raise InputError(
                    place,
                    f"'{text}' is shorter than the time step of {time_step * 1e3:g} ms; "
                    "make the time step smaller or the time constant longer",
                )
    if "pulse" in model.parameters:
        _check_pulse(f"{path}.pulse", completed["pulse"], time_step)
    for smaller, larger in model.order:
        factor = projection.decay_factor if larger == model.decay else 1.0
        for place, text in stated(completed[larger], larger).items():
            if si(completed[smaller]) >= si(text) * factor:
                scaled = text if factor == 1 else f"{text} times decay_factor {factor:g}"
                raise InputError(
                    f"{path}.{smaller}",
                    f"'{completed[smaller]}' is not below {place} ({scaled}); "
                    "for equal or reversed time constants use another waveform",
                )
    return completed


def _check_pulse(path: str, pulse: str, time_step: float) -> None:
    """InputError unless a pulse of transmitter is a whole number of time steps, with what would be one."""
    pulse_us, step_us = si(pulse) * 1e6, time_step * 1e6

    def is_whole(step: float) -> bool:
        return round(pulse_us / step) > 0 and abs(pulse_us / step - round(pulse_us / step)) <= 1e-6

    if is_whole(step_us):
        return
    steps = int(pulse_us / step_us)
    pulses = " or ".join(f"{count * time_step * 1e3:g}" for count in (steps, steps + 1) if count)
    finer = next((step for step in range(int(step_us), 0, -1) if is_whole(step)), None)
    raise InputError(
        path,
        f"'{pulse}' is no whole number of time steps of {time_step * 1e3:g} ms; give a pulse of {pulses} ms"
        + (f", or a time step of {finer / 1e3:g} ms" if finer else ""),
    )


def _complete_plasticity(path: str, projection: Projection, model: synapses.SynapseModel) -> dict[str, str]:
    kind = str(projection.plasticity.get("kind", "none"))
    if kind != "none" and kind not in synapses.PLASTICITIES:
        raise unknown(f"{path}.kind", "plasticity", kind, ["none", *synapses.PLASTICITIES])
    parameters = synapses.PLASTICITIES[kind].parameters if kind != "none" else {}
    for key in projection.plasticity:
        if key != "kind" and key not in parameters:
            raise unknown(f"{path}.{key}", f"parameter of plasticity '{kind}'", key, parameters)
    if kind == "none":
        return {"kind": kind}
    if not model.event_driven:
        reason = "releases alike at every spike" if model.kinetic or model.pulsed_gate else "passes no spikes"
        raise InputError(f"{path}.kind", f"nothing reads this: a {model.name} synapse {reason}; leave it out")
    plasticity, completed = synapses.PLASTICITIES[kind], {"kind": kind}
    for key, parameter in parameters.items():
        where = f"{path}.{key}"
        completed[key] = canonical(projection.plasticity.get(key, parameter.default), (parameter.unit,), 0, where)
        if si(completed[key]) == 0 and key not in plasticity.may_be_zero:
            raise InputError(where, f"'{completed[key]}' is not above 0; give a larger value")
        if si(completed[key]) > plasticity.highest.get(key, float("inf")):
            raise InputError(where, f"'{completed[key]}' is above {plasticity.highest[key]:g}; give a smaller value")
    return completed


def _complete_block(path: str, projection: Projection) -> dict[str, str]:
    kind = str(projection.block.get("kind", "none"))
    if kind != "none" and kind not in synapses.BLOCKS:
        raise unknown(f"{path}.kind", "block", kind, ["none", *synapses.BLOCKS])
    if kind != "none" and projection.receptor != "nmda":
        raise InputError(path, "nothing reads this: only NMDA receptors are blocked by voltage; leave it out")
    parameters = synapses.BLOCKS[kind].parameters if kind != "none" else {}
    for key in projection.block:
        if key != "kind" and key not in parameters:
            raise unknown(f"{path}.{key}", f"parameter of block '{kind}'", key, parameters)
    completed = {"kind": kind}
    for key, parameter in parameters.items():
        lower = None if parameter.minimum is None else 0
        where = f"{path}.{key}"
        completed[key] = canonical(projection.block.get(key, parameter.default), (parameter.unit,), lower, where)
        if parameter.minimum == "above 0":
            above_zero(completed[key], where)
    return completed


def _check_arrival(path: str, projection: Projection, source: Population) -> None:
    """InputError unless the spikes of the source can reach a gate of its own, all with one delay."""
    if not isinstance(source.neuron, str) and source.neuron.kind == "spike_file":
        raise InputError(
            f"{path}.source",
            f"'{projection.source}' gives the times of a file, which carry no gate of a {projection.synapse['kind']} "
            "synapse; use an exponential or biexponential one",
        )
    if isinstance(projection.delay, NeighbourDelay) or isinstance(projection.delay, dict):
        raise InputError(
            f"{path}.delay",
            f"all contacts of a {projection.synapse['kind']} synapse share the gate of their source; give one delay",
        )


def _complete_receptor(path: str, projection: Projection, kind: str) -> dict[str, Any]:
    if kind == "gap_junction":
        for key in ("receptor", "preparation", "receptor_parameters", "reversal"):
            if getattr(projection, key):
                raise InputError(f"{path}.{key}", "nothing reads this: a gap junction has no receptor; leave it out")
        return {}
    if not projection.receptor:
        raise InputError(
            f"{path}.receptor", f"is missing; give one of {', '.join([*OTHER_RECEPTORS, *receptors.SUBTYPES])}"
        )
    if is_gaba_a(projection):
        if projection.reversal is not None:
            raise InputError(
                f"{path}.reversal",
                f"nothing reads this: a GABA-A receptor reverses at populations.{projection.target}.reversal; leave it out",
            )
        preparation = projection.preparation or "slice"
        numbers = complete_numbers(
            f"{path}.receptor_parameters", projection.receptor_parameters,
            known_receptor(projection.receptor, preparation, path), receptors.DECAY, "a projection",
        )  # fmt: skip
        update = {"preparation": preparation, "receptor_parameters": numbers}
        phasic_receptor(projection.model_copy(update=update), path)
        return update
    if projection.receptor not in OTHER_RECEPTORS:
        raise unknown(f"{path}.receptor", "receptor", projection.receptor, [*OTHER_RECEPTORS, *receptors.SUBTYPES])
    if synapses.MODELS[kind].kinetic:
        raise InputError(
            f"{path}.receptor",
            f"'{projection.receptor}' cannot have the rates of a {kind} synapse, which are those of GABA-A receptors; "
            f"give one of {', '.join(receptors.SUBTYPES)}, or another synapse.kind",
        )
    for key in ("preparation", "receptor_parameters"):
        if getattr(projection, key):
            raise InputError(
                f"{path}.{key}", f"nothing reads this: allopregnanolone does not act on '{projection.receptor}'"
            )
    if projection.reversal is None:
        raise InputError(
            f"{path}.reversal", f"is missing; a synapse with the receptor '{projection.receptor}' needs one"
        )
    return {}


def _check_delay(path: str, schema: Schema, projection: Projection) -> None:
    delay, time_step = projection.delay, si(schema.time_step)
    rule = drawn_rule(schema, projection)
    expected = f"give 0 ms or at least the time step, {time_step * 1e3:g} ms"

    def between(seconds: float) -> bool:
        return 0 < seconds < time_step * (1 - 1e-9)

    if isinstance(delay, str):
        if between(si(delay)):
            raise InputError(path, f"'{delay}' lies between 0 and the time step; {expected}")
    elif isinstance(delay, NeighbourDelay):
        if rule.rule not in _WITH_NEIGHBOURS:
            raise InputError(f"{path}.per_neighbour", f"nothing reads this: the rule '{rule.rule}' has no neighbours")
        if between(si(delay.base)):
            raise InputError(f"{path}.base", f"'{delay.base}' lies between 0 and the time step; {expected}")
        if between(si(delay.base) + si(delay.per_neighbour)):
            raise InputError(
                f"{path}.per_neighbour",
                f"'{delay.per_neighbour}' gives the nearest neighbours a delay between 0 and the time step; {expected}",
            )
    elif lowest(delay) < time_step * (1 - 1e-9):
        raise InputError(
            f"{path}.min",
            f"a spread of delays reaches below the time step; give a min of at least {time_step * 1e3:g} ms",
        )


def drawn_rule(schema: Schema, projection: Projection) -> Any:
    """The rule that draws a projection's contacts: its own, or that of the projection whose contacts it shares."""
    if projection.connect.rule == "same_as":
        return schema.projections[projection.connect.projection].connect
    return projection.connect


def _check_connect(path: str, schema: Schema, name: str) -> None:
    projection = schema.projections[name]
    connect, recurrent = projection.connect, projection.source == projection.target
    sources, targets = schema.populations[projection.source].size, schema.populations[projection.target].size
    if connect.rule == "fixed_indegree":
        most = sources - (1 if recurrent and not connect.self_connections else 0)
        if connect.indegree > most:
            raise InputError(
                f"{path}.indegree", f"{connect.indegree} is above the {most} possible sources in '{projection.source}'"
            )
    if (
        connect.rule in ("one_to_one", "neighbours", "ring_gaussian", "line_gaussian", "line_mirrored")
        and sources != targets
    ):
        raise InputError(path, f"the rule '{connect.rule}' needs populations of one size, not {sources} and {targets}")
    if connect.rule in ("neighbours", "ring_gaussian") and 2 * connect.reach >= sources:
        raise InputError(
            f"{path}.reach", f"{connect.reach} neighbours on each side meet round a ring of {sources} agents"
        )
    if connect.rule in ("line_gaussian", "line_mirrored") and connect.reach >= sources:
        raise InputError(f"{path}.reach", f"{connect.reach} neighbours exceed a line of {sources} agents")
    if connect.rule == "clusters" and (sources % connect.source_cells or targets % connect.target_cells
                                       or sources // connect.source_cells != targets // connect.target_cells):  # fmt: skip
        raise InputError(
            path,
            f"{sources} sources in clusters of {connect.source_cells} and {targets} targets in clusters of "
            f"{connect.target_cells} do not make the same number of whole clusters",
        )
    if connect.rule == "same_as":
        other = schema.projections.get(connect.projection)
        if connect.projection == name:
            raise InputError(f"{path}.projection", f"'{name}' names itself; name another projection")
        if other is None:
            raise unknown(f"{path}.projection", "projection", connect.projection, set(schema.projections) - {name})
        if (other.source, other.target) != (projection.source, projection.target) or other.connect.rule == "same_as":
            raise InputError(
                f"{path}.projection", f"'{connect.projection}' is not a drawn projection between the same populations"
            )
        if getattr(other.connect, "undirected", False):
            raise InputError(
                f"{path}.projection",
                f"the contacts of the gap junctions '{connect.projection}' are drawn once for both directions; "
                "name a projection of chemical synapses",
            )
