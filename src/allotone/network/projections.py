"""One projection of a definition as planned Brian2 contacts, with its conductance in the target."""

from dataclasses import replace

from .. import receptors, synapses
from .check import is_gaba_a, phasic_receptor
from .connectivity import connect_arguments, delay_expression
from .fields import si, unit_of
from .kinetic_synapse import add_kinetics
from .medium import add_medium
from .plan import Contacts, Draw, Group, Plan
from .populations import Membrane, add_numbers, group_name
from .schema import Projection, Schema

# Shortest decay that is drawn, over the rise: at 1 the peak of their difference is nothing over nothing.
_ABOVE_RISE = 1.01


def plan_projection(plan: Plan, schema: Schema, name: str, membranes: dict[str, Membrane], duration_s: float) -> None:
    """Add a projection to the plan and its current to the target's membrane."""
    projection, path = schema.projections[name], f"projections.{name}"
    target, model = membranes[projection.target], synapses.MODELS[projection.synapse["kind"]]
    contacts = Contacts(
        f"proj_{name}", group_name(projection.source), group_name(projection.target), [], "", {}, f"{path}.connect"
    )
    plan.contacts.append(contacts)

    scale = projection.amplitude_factor
    convert = target.convert("conductance", f"{path}.weight")
    plan.spread(
        contacts, "weight", projection.weight, f"{path}.weight", lambda value, text: convert(value, text) * scale,
        floor=0.0, unit=target.siemens,
    )  # fmt: skip
    plan.paths[f"{path}.amplitude_factor"] = plan.paths[f"{path}.weight"]
    plan.parameter(contacts, "onset", "second", si(projection.onset))
    weight = "weight/N_incoming" if projection.weight_per == "target" else "weight"
    weight += "*int(t >= onset)"
    if projection.plasticity["kind"] == "none":
        lines = model.lines(name, target.siemens, weight)
        contacts.on_pre = lines.on_pre
    else:
        plasticity = _add_plasticity(plan, contacts, projection, path)
        lines = model.lines(name, target.siemens, f"{weight}*{plasticity.release}")
        contacts.on_pre = "\n".join(filter(None, (plasticity.before, lines.on_pre, plasticity.after)))
    if isinstance(projection.synapse.get(model.decay), dict):
        lines = lines.with_own_decay()
    contacts.equations += lines.contact
    target.group.equations += lines.target
    source = next(group for group in plan.groups if group.name == contacts.source)
    holder = target.group if model.gate == "target" else source
    holder.equations += lines.source
    if model.kinetic:
        add_kinetics(plan, holder, name, projection, duration_s)
    else:
        for key, text in projection.synapse.items():
            if key != "kind" and key != model.decay:
                plan.parameter(holder, f"{key}_{name}", unit_of(text), si(text), f"{path}.synapse.{key}")
    if model.decay:
        _add_decay(plan, holder, name, projection, model, duration_s)
        plan.paths[f"{path}.decay_factor"] = plan.paths[f"{path}.synapse.{model.decay}"]
    holder.slow += lines.slow
    _shared_first(holder)
    holder.reset = "\n".join(filter(None, (holder.reset, lines.reset)))
    holder.each_step += lines.each_step

    if model.name == "gap_junction":
        target.inward.append(f"I_{name}")
    elif is_gaba_a(projection):
        target.phasic.append(name)
    else:
        plan.parameter(target.group, f"E_{name}", "volt", si(projection.reversal), f"{path}.reversal")
        block = _add_block(plan, target.group, projection, name, path)
        target.other_synaptic.append(f"g_{name}{block}*(E_{name} - v)")
    _add_contacts(plan, schema, contacts, name, path)
    if lines.arrival:
        _add_arrival(plan, contacts, lines.arrival, projection, path)


def _add_block(plan: Plan, group: Group, projection: Projection, name: str, path: str) -> str:
    """Factor that a block by voltage puts on the conductance, empty where there is none."""
    if projection.block["kind"] == "none":
        return ""
    for key, text in projection.block.items():
        if key != "kind":
            plan.parameter(group, f"{key}_{name}", unit_of(text), si(text), f"{path}.block.{key}")
    factor = synapses.BLOCKS[projection.block["kind"]].factor(name)
    # Held over one step: a conductance that depends on v would make the membrane equation nonlinear.
    group.equations.append(f"block_{name} = {factor} : 1 (constant over dt)")
    return f"*block_{name}"


def _add_arrival(plan: Plan, contacts: Contacts, statement: str, projection: Projection, path: str) -> None:
    """Let the spikes of the source arrive, after the delay, at the gates that the source itself carries."""
    own = replace(
        contacts, name=f"{contacts.name}_arrival", target=contacts.source, equations=[], on_pre=statement,
        connect={"j": "i"}, stream=f"{path}.arrival", delay="", draws=[],
    )  # fmt: skip
    plan.contacts.append(own)
    delay_expression(plan, own, projection.delay, "one_to_one", path)


def _add_plasticity(plan: Plan, contacts: Contacts, projection: Projection, path: str) -> synapses.PlasticityLines:
    """Short-term plasticity of the contacts: its variables and what it does at a spike."""
    values = {key: text for key, text in projection.plasticity.items() if key != "kind"}
    lines = synapses.PLASTICITIES[projection.plasticity["kind"]].lines(values)
    for key, text in values.items():
        if any(key in line for line in (*lines.contact, lines.before, lines.release, lines.after)):
            plan.parameter(contacts, key, unit_of(text), si(text), f"{path}.plasticity.{key}")
    contacts.equations += lines.contact
    contacts.draws += [Draw(variable, value) for variable, value in lines.initial.items()]
    return lines


def _add_decay(
    plan: Plan, holder: Group, name: str, projection: Projection, model: synapses.SynapseModel, duration_s: float
) -> None:
    """The decay time constant, one or each agent's own: fixed, or prolonged by the steroid on the slow clock."""
    key, factor = model.decay, projection.decay_factor
    variable, path = f"{key}_{name}", f"projections.{name}.synapse.{key}"
    rise = max((si(projection.synapse[smaller]) for smaller, larger in model.order if larger == key), default=0.0)
    shortest = max(plan.time_step * factor, _ABOVE_RISE * rise)

    by_steroid = is_gaba_a(projection)
    if by_steroid:
        add_medium(plan, holder, duration_s)
        add_numbers(plan, holder, receptors.constants(phasic_receptor(projection), f"phasic_{name}", receptors.DECAY))
    plan.spread(
        holder, f"{variable}_without_steroid" if by_steroid else variable, projection.synapse[key], path,
        lambda value, _: value * factor, floor=shortest, unit="second",
    )  # fmt: skip
    if by_steroid:
        flag = "" if isinstance(projection.synapse[key], dict) else " (shared)"
        holder.equations.append(f"{variable} : second{flag}")
        prolonged = receptors.decay_factor_expression("allopregnanolone", f"phasic_{name}")
        holder.slow.append(f"{variable} = {variable}_without_steroid*({prolonged})")


def _shared_first(group: Group) -> None:
    """Order the statements on the slow clock as Brian2 takes them: what all agents share before what each has."""
    shared = {line.partition(":")[0].strip() for line in group.equations if line.endswith("(shared)")}
    group.slow.sort(key=lambda statement: statement.partition(" = ")[0] not in shared)


def _add_contacts(plan: Plan, schema: Schema, contacts: Contacts, name: str, path: str) -> None:
    projection = schema.projections[name]
    drawn = projection
    if projection.connect.rule == "same_as":
        # The same rule on the same random stream gives the same contacts.
        other = projection.connect.projection
        drawn, contacts.stream = schema.projections[other], f"projections.{other}.connect"
    recurrent = projection.source == projection.target
    contacts.connect = connect_arguments(plan, contacts, drawn, recurrent)
    if synapses.MODELS[projection.synapse["kind"]].event_driven:
        delay_expression(plan, contacts, projection.delay, drawn.connect.rule, path)
