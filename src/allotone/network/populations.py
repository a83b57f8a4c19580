"""One population of a definition as a planned Brian2 group: membrane, reversal, drives, tonic receptors."""

import numpy as np
from brian2.units.fundamentalunits import DIMENSIONLESS, get_dimensions

from .. import receptors
from ..neurons import CellModel
from ..units import Quantity, base_unit, parse, same_dimension
from .check import cell_model, tonic_receptor
from .drives import add_drive
from .fields import si, to_cell_unit, unit_of
from .medium import add_medium
from .plan import Draw, Group, Plan
from .schema import Population, Schema, Tonic


def group_name(population: str) -> str:
    """Name of a population's Brian2 group; the prefix keeps users' names out of Brian2's own."""
    return f"pop_{population}"


class Membrane:
    """A planned group together with what its projections need to know: units, and the currents they add."""

    def __init__(self, group: Group, model: CellModel):
        self.group, self.model = group, model
        self.siemens = base_unit(model.conductance_unit)
        self.ampere = base_unit(model.current_unit)
        self.inward: list[str] = []
        self.tonic: list[str] = []
        self.phasic: list[str] = []
        self.other_synaptic: list[str] = []

    def convert(self, kind: str, path: str):
        """Conversion of a conductance or current from either kind of unit to the cell's own."""
        unit = self.model.conductance_unit if kind == "conductance" else self.model.current_unit
        return lambda value, text: to_cell_unit(value, text, unit, self.model.area, path)

    def close(self) -> None:
        """Write the sums of currents and conductances, once every projection has added its own."""
        zero = f"0*{self.siemens}"
        add = self.group.equations.append
        add(f"g_tonic = {' + '.join(self.tonic) or zero} : {self.siemens}")
        add(f"g_phasic = {' + '.join(f'g_{name}' for name in self.phasic) or zero} : {self.siemens}")
        terms = [*self.inward, *self.other_synaptic]
        if self.phasic or self.tonic:
            terms.append("(g_phasic + g_tonic)*(E_gaba - v)")
        add(f"I_input = {' + '.join(terms) or '0*' + self.ampere} : {self.ampere}")
        inhibition = "abs(g_phasic*(E_gaba - v))" if self.phasic else f"0*{self.ampere}"
        excitation = f"abs({' + '.join(self.other_synaptic)})" if self.other_synaptic else f"0*{self.ampere}"
        add(f"I_synaptic = {excitation} + {inhibition} : {self.ampere}")


def plan_cells(plan: Plan, schema: Schema, name: str, duration_s: float) -> Membrane:
    """Add a population with a membrane to the plan, except for its synapses."""
    population, model = schema.populations[name], cell_model(schema, schema.populations[name])
    path = f"populations.{name}"
    group = Group(group_name(name), name, population.size, method=model.method)
    group.threshold, group.reset, group.refractory = model.threshold, model.reset, model.refractory
    group.equations += [line.strip() for line in model.equations.strip().splitlines()]
    plan.groups.append(group)
    membrane = Membrane(group, model)
    for key, value in population.parameters.items():
        plan.spread(group, key, value, f"{path}.parameters.{key}")
    _add_reversal(plan, group, population, path)
    for key, drive in population.drive.items():
        units = (membrane.siemens, membrane.ampere)
        currents = add_drive(plan, group, key, drive, f"{path}.drive.{key}", units, membrane.convert)
        # A drive with a reversal potential is synaptic background.
        (membrane.other_synaptic if getattr(drive, "reversal", None) else membrane.inward).extend(currents)
    if population.tonic:
        plan.parameter(group, "gaba", "mmolar", si(schema.medium.gaba))
    for key, tonic in population.tonic.items():
        add_medium(plan, group, duration_s)
        _add_tonic(plan, schema, membrane, key, tonic, f"{path}.tonic.{key}")
    return membrane


def add_initial(plan: Plan, membrane: Membrane, population: Population, path: str) -> None:
    """Initial values, those that follow from others last."""
    group, derived = membrane.group, []
    for key, value in population.initial.items():
        if isinstance(value, str) and value.isidentifier():
            derived.append(Draw(key, value))
            continue
        is_conductance = key.startswith("g_")
        convert = membrane.convert("conductance", f"{path}.initial.{key}") if is_conductance else None
        unit = membrane.siemens if is_conductance else _unit_of_state(value)
        group.draws.append(
            plan.draw(
                group,
                key,
                f"initial_{key}",
                value,
                f"{path}.initial.{key}",
                convert,
                0.0 if is_conductance else None,
                unit,
            )
        )
    group.draws += derived


def _unit_of_state(value) -> str:
    text = value if isinstance(value, str) else next(v for k, v in value.items() if k not in ("distribution", "cv"))
    return unit_of(text)


def plan_source(plan: Plan, schema: Schema, name: str) -> None:
    """Add a population that is a source of spikes to the plan."""
    population = schema.populations[name]
    source, path = population.neuron, f"populations.{name}.neuron"
    group = Group(group_name(name), name, population.size)
    plan.groups.append(group)
    if source.kind == "spike_file":
        group.kind = "spikes"
        group.spikes = list(source.spikes)
        return
    group.kind, group.method = "poisson", "exponential_euler"
    plan.spread(group, "rate", source.rate, f"{path}.rate", floor=0.0, unit="hertz")
    if source.agents is None:
        plan.parameter(group, "active_fraction", "1", source.active_fraction)
        group.equations.append("active : 1 (constant)")
        group.draws.append(Draw("active", "int(rand() < active_fraction)", f"{path}.active_fraction"))
    else:
        plan.per_agent(group, "active", [float(agent in source.agents) for agent in range(group.size)])
    # Projections have an onset of their own, and Brian2 allows one variable of a name.
    plan.parameter(group, "emission_onset", "second", si(source.onset))
    window = "int(t >= emission_onset)"
    if source.duration is not None:
        plan.parameter(group, "emission", "second", si(source.duration))
        window += "*int(t < emission_onset + emission)"
    group.threshold = f"rand() < rate*active*dt*{window}"


def _add_reversal(plan: Plan, group: Group, population: Population, path: str) -> None:
    reversal = population.reversal
    if "E_gaba" in reversal:
        plan.spread(group, "E_gaba", reversal["E_gaba"], f"{path}.reversal.E_gaba")
    elif reversal:
        constants = {key: text for key, text in reversal.items() if key != "chloride_in"}
        if isinstance(reversal["chloride_in"], str):
            potential = receptors.reversal_potential(**{key: parse(text) for key, text in reversal.items()})
            plan.parameter(group, "E_gaba", "volt", float(np.asarray(potential)))
            return
        for key, text in constants.items():
            plan.parameter(group, key, unit_of(text), si(text))
        plan.spread(group, "chloride_in", reversal["chloride_in"], f"{path}.reversal.chloride_in", floor=1e-6)
        group.equations.append("E_gaba : volt (constant)")
        group.draws.append(Draw("E_gaba", receptors.reversal_expression()))
        group.agents["reversal.E_gaba"] = "E_gaba"


def _add_tonic(plan: Plan, schema: Schema, membrane: Membrane, name: str, tonic: Tonic, path: str) -> None:
    group, prefix = membrane.group, f"tonic_{name}"
    add_numbers(plan, group, receptors.constants(tonic_receptor(schema, tonic, path), prefix, receptors.GATING))
    reference, E_gaba = tonic.reference, "E_gaba"
    if tonic.reversal is not None:
        E_gaba = f"{prefix}_reversal"
        plan.parameter(group, E_gaba, "volt", si(tonic.reversal), f"{path}.reversal")
    plan.parameter(group, f"{prefix}_gaba_ref", "mmolar", si(reference.gaba))
    plan.parameter(group, f"{prefix}_allo_ref", "mmolar", si(reference.allopregnanolone))
    plan.parameter(group, f"{prefix}_phi", "1", tonic.constitutive_fraction)
    plan.spread(
        group, f"{prefix}_conductance", tonic.conductance, f"{path}.conductance",
        membrane.convert("conductance", f"{path}.conductance"), floor=0.0, unit=membrane.siemens,
    )  # fmt: skip
    plan.spread(group, f"{prefix}_density", tonic.density, f"{path}.density", floor=0.0)
    group.equations.append(f"{prefix}_fold : 1 (shared)")
    group.slow.append(f"{prefix}_fold = {receptors.tonic_fold_expression('gaba', 'allopregnanolone', prefix)}")
    conductance = f"{prefix}_density*{prefix}_conductance*{prefix}_fold"
    if tonic.rectification != "none" or tonic.polarity_switch != "none":
        plan.parameter(group, f"{prefix}_v_ref", "volt", si(reference.voltage))
    if tonic.rectification != "none":
        factor = receptors.rectification_expression(tonic.rectification, "v", f"{prefix}_v_ref")
        # Held over one step: a conductance that depends on v would make the membrane equation nonlinear.
        group.equations.append(f"{prefix}_rectification = {factor} : 1 (constant over dt)")
        conductance += f"*{prefix}_rectification"
    if tonic.polarity_switch != "none":
        factor = receptors.polarity_expression("v", E_gaba, "allopregnanolone")
        # Each agent has its own E_gaba, and all have the stated conductance in the reference state.
        at_reference = receptors.polarity_expression(f"{prefix}_v_ref", E_gaba, f"{prefix}_allo_ref")
        group.equations.append(f"{prefix}_polarity = {factor}/{at_reference} : 1 (constant over dt)")
        conductance += f"*{prefix}_polarity"
    group.equations.append(f"g_{prefix} = {conductance} : {membrane.siemens}")
    membrane.tonic.append(f"g_{prefix}")
    if tonic.reversal is not None:
        # All inhibition is driven towards E_gaba; this is the difference.
        membrane.inward.append(f"g_{prefix}*({E_gaba} - E_gaba)")


def add_numbers(plan: Plan, group: Group, numbers: dict[str, Quantity]) -> None:
    """Make a receptor's or an effect's numbers parameters of a group, so that another one needs no other binary."""
    for variable, value in numbers.items():
        unit = "1" if same_dimension(get_dimensions(value), DIMENSIONLESS) else "mmolar"
        plan.parameter(group, variable, unit, float(np.asarray(value)))
