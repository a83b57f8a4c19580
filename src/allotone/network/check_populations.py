"""Checks of a population: its cell model's parameters, initial values, reversal potential, drives and receptors."""

from typing import Any

from brian2 import Equations

from .. import neurons, receptors
from ..errors import InputError, unknown
from ..neurons import CellModel
from ..units import CANONICAL_UNIT, dimension_of, get_dimensions, parse, same_dimension
from .check import (
    cell_model,
    check_area,
    check_name,
    complete_numbers,
    is_gaba_a,
    known_receptor,
    parsed,
    tonic_receptor,
)
from .fields import above_zero, canonical, canonical_spread, conductance_units, si
from .schema import Population, Schema, Tonic

CHLORIDE = {
    "chloride_in": "mM",
    "chloride_out": "mM",
    "bicarbonate_in": "mM",
    "bicarbonate_out": "mM",
    "permeability_ratio": "1",
    "temperature": "K",
}
CHLORIDE_DEFAULTS = {
    "chloride_out": "130 mM", "bicarbonate_in": "15 mM", "bicarbonate_out": "25 mM", "permeability_ratio": "0.2",
    "temperature": "310.15 K",
}  # fmt: skip


def check_neuron(schema: Schema, name: str) -> None:
    """InputError if a population's cell model is not known, or the time step is too coarse for it."""
    population = schema.populations[name]
    if not isinstance(population.neuron, str):
        return
    if population.neuron not in schema.models and population.neuron not in neurons.MODELS:
        raise unknown(
            f"populations.{name}.neuron", "cell model", population.neuron, {**neurons.MODELS, **schema.models}
        )
    model = cell_model(schema, population)
    if si(schema.time_step) > si(model.largest_time_step) * (1 + 1e-9):
        raise InputError(
            "time_step",
            f"'{schema.time_step}' is too coarse for the cell model '{model.name}' of '{name}'; "
            f"expected at most {model.largest_time_step}",
        )


def complete_population(schema: Schema, name: str) -> Population:
    """A population with its cell model's defaults written out; InputError for what does not fit it."""
    population, path = schema.populations[name], f"populations.{name}"
    if not isinstance(population.neuron, str):
        for key in ("parameters", "initial", "reversal", "drive", "tonic"):
            if getattr(population, key):
                raise InputError(
                    f"{path}.{key}", f"nothing reads this: '{name}' is a source of spikes, without a membrane"
                )
        _check_source(population, path, si(schema.time_step))
        return population
    model = cell_model(schema, population)
    for drive_name, drive in population.drive.items():
        _check_drive(f"{path}.drive.{drive_name}", drive_name, drive, population, model, si(schema.time_step))
    tonics = {}
    for tonic_name, tonic in population.tonic.items():
        check_name(f"{path}.tonic.{tonic_name}", tonic_name)
        tonics[tonic_name] = _complete_tonic(f"{path}.tonic.{tonic_name}", schema, tonic)
        check_area(f"{path}.tonic.{tonic_name}.conductance", tonic.conductance, model.conductance_unit, model)
    return population.model_copy(
        update={
            "parameters": _complete_parameters(f"{path}.parameters", population.parameters, model),
            "initial": _complete_initial(f"{path}.initial", schema, name, model),
            "reversal": _complete_reversal(f"{path}.reversal", schema, name),
            "tonic": tonics,
        }
    )


def _complete_tonic(path: str, schema: Schema, tonic: Tonic) -> Tonic:
    receptor = known_receptor(tonic.receptor, tonic.preparation, path)
    numbers = complete_numbers(
        f"{path}.receptor_parameters", tonic.receptor_parameters, receptor, receptors.GATING, "a tonic conductance"
    )
    tonic = tonic.model_copy(update={"receptor_parameters": numbers})
    if si(tonic.reference.gaba) == 0:
        raise InputError(f"{path}.reference.gaba", "no GABA evokes no current to refer to; give more than 0")
    receptors.check_reference(
        tonic_receptor(schema, tonic, path),
        receptors.ReferenceState(tonic.reference.gaba, tonic.reference.allopregnanolone, tonic.reference.voltage),
        f"{path}.reference.gaba",
    )
    if tonic.polarity_switch != "none":
        receptors.check_polarity(receptor, f"{path}.polarity_switch")
    return tonic


def _check_source(population: Population, path: str, time_step: float) -> None:
    source = population.neuron
    if source.kind == "poisson_source":
        if source.duration is not None and si(source.duration) <= 0:
            raise InputError(f"{path}.neuron.duration", f"'{source.duration}' is not above 0; leave it out for no end")
        if source.agents is not None:
            _check_agents(f"{path}.neuron.agents", source.agents, population.size)
            if source.active_fraction != 1:
                raise InputError(
                    f"{path}.neuron.active_fraction",
                    "nothing reads this: agents says which of them fire; leave out one",
                )
        rates = [source.rate] if isinstance(source.rate, str) else [source.rate.get("mean"), source.rate.get("max")]
        for rate in filter(None, rates):
            # One spike a step is the most that a source can send.
            if si(rate) * time_step > 1:
                raise InputError(
                    f"{path}.neuron.rate",
                    f"'{rate}' is more than one spike in a time step; expected at most {1 / time_step:g} Hz",
                )
        return
    seen = set()
    for node_id, time_ms in source.spikes:
        if node_id >= population.size:
            raise InputError(
                f"{path}.neuron.spikes", f"there is no agent {node_id}; expected 0 to {population.size - 1}"
            )
        # As Brian2 puts a time into a step.
        step = (node_id, int((time_ms * 1e-3 + 1e-3 * time_step) / time_step))
        if step in seen:
            raise InputError(
                f"{path}.neuron.spikes",
                f"agent {node_id} spikes twice in the time step at {time_ms:g} ms; drop one of the two",
            )
        seen.add(step)


def _complete_parameters(path: str, given: dict[str, Any], model: CellModel) -> dict[str, Any]:
    for key in given:
        if key not in model.parameters:
            raise unknown(f"{path}.{key}", f"parameter of '{model.name}'", key, model.parameters)
    completed = {}
    for key, parameter in model.parameters.items():
        minimum, where = neurons.least(parameter), f"{path}.{key}"
        value = canonical_spread(
            given.get(key, parameter.default), (parameter.unit,), None if minimum is None else 0, where
        )
        completed[key] = above_zero(value, where) if minimum == "above 0" else value
    return completed


def _complete_initial(path: str, schema: Schema, name: str, model: CellModel) -> dict[str, Any]:
    equations = parsed(_with_input(model))
    states = set(equations.diff_eq_names)
    conductances = {
        f"g_{key}": model.conductance_unit
        for key, projection in schema.projections.items()
        if projection.target == name and projection.synapse["kind"] == "exponential"
    }
    given = schema.populations[name].initial
    for key in given:
        if key not in states and key not in conductances:
            raise unknown(f"{path}.{key}", "state variable", key, states | set(conductances))
    completed = {}
    for key, value in {**model.initial, **given}.items():
        if key in conductances:
            completed[key] = canonical_spread(value, (conductances[key],), 0, f"{path}.{key}")
            continue
        unit = CANONICAL_UNIT[equations.dimensions[key]]
        if isinstance(value, str) and value.isidentifier():
            follows = _variables_in(unit, model, equations) - {key}
            if value not in follows:
                raise unknown(f"{path}.{key}", f"variable in {unit}", value, follows)
            completed[key] = value
        else:
            completed[key] = canonical_spread(value, (unit,), None, f"{path}.{key}")
    return completed


def _variables_in(unit: str, model: CellModel, equations: Equations) -> set[str]:
    """Variables and parameters of a cell model that have the dimension of `unit`."""
    wanted = dimension_of(unit)
    given = {key for key, parameter in model.parameters.items() if same_dimension(dimension_of(parameter.unit), wanted)}
    known = {key for key, dimension in equations.dimensions.items() if same_dimension(dimension, wanted)}
    return given | known - {"I_input"}


def _with_input(model: CellModel) -> str:
    unit = {"pA": "amp", "uA/cm2": "amp/meter**2"}[model.current_unit]
    return f"{model.equations}\nI_input : {unit}"


def _complete_reversal(path: str, schema: Schema, name: str) -> dict[str, Any]:
    given = schema.populations[name].reversal
    inhibited = bool(schema.populations[name].tonic) or any(
        projection.target == name and is_gaba_a(projection) for projection in schema.projections.values()
    )
    if not given:
        if inhibited:
            raise InputError(path, "GABA-A receptors need a reversal potential; give E_gaba or chloride_in")
        return {}
    if not inhibited:
        raise InputError(path, f"nothing reads this: '{name}' has no GABA-A receptors, tonic or synaptic")
    if "E_gaba" in given:
        for key in given:
            if key != "E_gaba":
                raise InputError(f"{path}.{key}", "nothing reads this: E_gaba is given; leave out one of them")
        return {"E_gaba": canonical_spread(given["E_gaba"], ("mV",), None, f"{path}.E_gaba")}
    for key in given:
        if key not in CHLORIDE:
            raise unknown(f"{path}.{key}", "key", key, [*CHLORIDE, "E_gaba"])
    if "chloride_in" not in given:
        raise InputError(path, "give E_gaba, or chloride_in with what else should differ from its default")
    completed = {
        key: (canonical_spread if key == "chloride_in" else canonical)(
            {**CHLORIDE_DEFAULTS, **given}[key], (unit,), 0, f"{path}.{key}"
        )
        for key, unit in CHLORIDE.items()
    }
    numbers = {key: parse(text) for key, text in completed.items() if isinstance(text, str)}
    try:
        # Agents that draw their chloride draw more than none.
        receptors.reversal_potential(**{"chloride_in": parse("1 mM"), **numbers})
    except InputError as error:
        raise InputError(f"{path}.{error.path}", error.message) from None
    return completed


def _check_drive(path: str, name: str, drive, population: Population, model: CellModel, time_step: float) -> None:
    check_name(path, name)
    if drive.agents is not None:
        _check_agents(f"{path}.agents", drive.agents, population.size)
    if drive.kind in ("current", "pulse"):
        check_area(f"{path}.amplitude", drive.amplitude, model.current_unit, model)
    if drive.kind == "pulse":
        if si(drive.duration) < time_step * (1 - 1e-9):
            raise InputError(f"{path}.duration", f"'{drive.duration}' is shorter than the {_step(time_step)}")
        if drive.period is not None and si(drive.period) < si(drive.duration):
            raise InputError(f"{path}.period", f"'{drive.period}' is shorter than the pulse itself ({drive.duration})")
    if drive.kind == "poisson":
        check_area(f"{path}.weight", drive.weight, model.conductance_unit, model)
    if drive.kind in ("poisson", "ornstein_uhlenbeck"):
        key = "tau_decay" if drive.kind == "poisson" else "tau"
        if si(getattr(drive, key)) < time_step:
            raise InputError(f"{path}.{key}", f"'{getattr(drive, key)}' is shorter than the {_step(time_step)}")
    if drive.kind == "ornstein_uhlenbeck":
        unit = model.current_unit if drive.reversal is None else model.conductance_unit
        for key in ("mean", "sd"):
            text = getattr(drive, key)
            if get_dimensions(parse(text)) not in {get_dimensions(parse(f"1 {u}")) for u in conductance_units(unit)}:
                given = (
                    "without a reversal it is a current"
                    if drive.reversal is None
                    else "with a reversal it is a conductance"
                )
                raise InputError(f"{path}.{key}", f"'{text}' does not fit: {given}, such as '1 {unit}'")
            check_area(f"{path}.{key}", text, unit, model)


def _check_agents(path: str, agents: list[int], size: int) -> None:
    if not agents:
        raise InputError(path, "names no agent; leave it out for all of them")
    for index in agents:
        if index >= size:
            raise InputError(path, f"there is no agent {index}; expected 0 to {size - 1}")
        if agents.count(index) > 1:
            raise InputError(path, f"agent {index} is named twice; name each once")


def _step(time_step: float) -> str:
    return f"time step of {time_step * 1e3:g} ms"
