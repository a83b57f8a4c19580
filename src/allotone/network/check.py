"""What the schema alone cannot see: names, models' own parameters and values that must agree with each other."""

import re
from typing import Any

import numpy as np
from brian2 import Equations

from .. import neurons, receptors, synapses
from ..concentration import canonical_schedule
from ..errors import InputError, suggest, unknown
from ..neurons import CellModel
from ..units import CANONICAL_UNIT, get_dimensions, parse
from .fields import canonical, canonical_spread, conductance_units, to_cell_unit
from .schema import NeighbourDelay, Population, Projection, Schema

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
OTHER_RECEPTORS = ("ampa",)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")


def seconds(text: str) -> float:
    """SI value of a canonical text."""
    return float(np.asarray(parse(text)))


def is_gaba_a(projection: Projection) -> bool:
    """Whether the steroid can act on this projection."""
    return projection.receptor in receptors.SUBTYPES


def cell_model(schema: Schema, population: Population) -> CellModel:
    """The membrane model of a population, from the definition itself or from the package."""
    if population.neuron in schema.models:
        return CellModel.from_dict(schema.models[population.neuron])
    return neurons.MODELS[population.neuron]


def complete(schema: Schema) -> Schema:
    """The schema with every default written out, after all checks that span more than one value.

    Raises
    ------
    InputError
        With the dotted path of the first value that does not fit.
    """
    if seconds(schema.time_step) <= 0:
        raise InputError("time_step", f"'{schema.time_step}' is not above 0; expected e.g. '0.05 ms'")
    if not schema.populations:
        raise InputError("populations", "the network is empty; define at least one population")
    for kind in ("populations", "projections"):
        for name in getattr(schema, kind):
            _check_name(f"{kind}.{name}", name)
    medium = schema.medium.model_copy(
        update={"allopregnanolone": canonical_schedule(schema.medium.allopregnanolone, "medium.allopregnanolone")}
    )
    projections = {name: _complete_projection(schema, name) for name in schema.projections}
    schema = schema.model_copy(update={"medium": medium, "projections": projections})
    populations = {name: _complete_population(schema, name) for name in schema.populations}
    return schema.model_copy(update={"populations": populations})


def _check_name(path: str, name: str) -> None:
    if not _IDENTIFIER.match(name):
        raise InputError(path, f"'{name}' is not a name; use letters, digits and underscores, beginning with a letter")


def _complete_population(schema: Schema, name: str) -> Population:
    population, path = schema.populations[name], f"populations.{name}"
    if not isinstance(population.neuron, str):
        for key in ("parameters", "initial", "reversal", "drive", "tonic"):
            if getattr(population, key):
                raise InputError(
                    f"{path}.{key}", f"nothing reads this: '{name}' is a source of spikes, without a membrane"
                )
        _check_source(population, path)
        return population
    if population.neuron not in schema.models and population.neuron not in neurons.MODELS:
        raise unknown(f"{path}.neuron", "cell model", population.neuron, {**neurons.MODELS, **schema.models})
    model = cell_model(schema, population)
    if seconds(schema.time_step) > seconds_of(model.largest_time_step) * (1 + 1e-9):
        raise InputError(
            "time_step",
            f"'{schema.time_step}' is too coarse for the cell model '{model.name}' of '{name}'; "
            f"expected at most {model.largest_time_step}",
        )
    for drive_name, drive in population.drive.items():
        _check_drive(f"{path}.drive.{drive_name}", drive_name, drive, population, model, seconds(schema.time_step))
    for tonic_name, tonic in population.tonic.items():
        _check_name(f"{path}.tonic.{tonic_name}", tonic_name)
        receptors.receptor(tonic.receptor, tonic.preparation, path=f"{path}.tonic.{tonic_name}")
        if seconds(tonic.reference.gaba) == 0:
            raise InputError(
                f"{path}.tonic.{tonic_name}.reference.gaba", "no GABA evokes no current to refer to; give more than 0"
            )
        _check_area(f"{path}.tonic.{tonic_name}.conductance", tonic.conductance, model.conductance_unit, model)
    return population.model_copy(
        update={
            "parameters": _complete_parameters(f"{path}.parameters", population.parameters, model),
            "initial": _complete_initial(f"{path}.initial", schema, name, model),
            "reversal": _complete_reversal(f"{path}.reversal", schema, name),
        }
    )


def seconds_of(text: str) -> float:
    """SI value of a text that a model file wrote."""
    return float(np.asarray(parse(text)))


def _check_source(population: Population, path: str) -> None:
    source = population.neuron
    for node_id, time_ms in getattr(source, "spikes", ()):
        if node_id >= population.size or not 0 <= time_ms < np.inf:
            raise InputError(
                f"{path}.neuron.spikes",
                f"the spike of agent {node_id} at {time_ms} ms does not fit; expected agents 0 to "
                f"{population.size - 1} and times of at least 0",
            )


def _complete_parameters(path: str, given: dict[str, Any], model: CellModel) -> dict[str, Any]:
    for key in given:
        if key not in model.parameters:
            raise unknown(f"{path}.{key}", f"parameter of '{model.name}'", key, model.parameters)
    completed = {}
    for key, parameter in model.parameters.items():
        positive = parameter.unit in ("ms", "pF", "uF/cm2", "nS", "mS/cm2") and not parameter.default.startswith("-")
        value = canonical_spread(
            given.get(key, parameter.default), (parameter.unit,), 0 if positive else None, f"{path}.{key}"
        )
        if key in ("C_m",) or key.startswith("tau_"):
            if isinstance(value, str) and seconds(value) <= 0:
                raise InputError(f"{path}.{key}", f"'{value}' is not above 0")
        completed[key] = value
    return completed


def _complete_initial(path: str, schema: Schema, name: str, model: CellModel) -> dict[str, Any]:
    equations = Equations(_with_input(model))
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
        elif isinstance(value, str) and value in equations.names:
            completed[key] = value
        else:
            unit = CANONICAL_UNIT[equations.dimensions[key]]
            completed[key] = canonical_spread(value, (unit,), None, f"{path}.{key}")
    return completed


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
    return {
        key: (canonical_spread if key == "chloride_in" else canonical)(
            {**CHLORIDE_DEFAULTS, **given}[key], (unit,), 0, f"{path}.{key}"
        )
        for key, unit in CHLORIDE.items()
    }


def _check_area(path: str, value: Any, unit: str, model: CellModel) -> None:
    for text in [value] if isinstance(value, str) else [v for k, v in value.items() if k not in ("distribution", "cv")]:
        to_cell_unit(0.0, text, unit, model.area, path)


def _check_drive(path: str, name: str, drive, population: Population, model: CellModel, time_step: float) -> None:
    _check_name(path, name)
    for index in drive.agents or ():
        if index >= population.size:
            raise InputError(f"{path}.agents", f"there is no agent {index}; expected 0 to {population.size - 1}")
    if drive.kind in ("current", "pulse"):
        _check_area(f"{path}.amplitude", drive.amplitude, model.current_unit, model)
    if drive.kind == "pulse" and drive.period is not None and seconds(drive.period) < seconds(drive.duration):
        raise InputError(f"{path}.period", f"'{drive.period}' is shorter than the pulse itself ({drive.duration})")
    if drive.kind == "poisson":
        _check_area(f"{path}.weight", drive.weight, model.conductance_unit, model)
    if drive.kind in ("poisson", "ornstein_uhlenbeck"):
        key = "tau_decay" if drive.kind == "poisson" else "tau"
        if seconds(getattr(drive, key)) < time_step:
            raise InputError(f"{path}.{key}", f"'{getattr(drive, key)}' is shorter than the time step")
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
            _check_area(f"{path}.{key}", text, unit, model)


def _complete_projection(schema: Schema, name: str) -> Projection:
    projection, path = schema.projections[name], f"projections.{name}"
    for end in ("source", "target"):
        if getattr(projection, end) not in schema.populations:
            raise unknown(f"{path}.{end}", "population", getattr(projection, end), schema.populations)
    source, target = schema.populations[projection.source], schema.populations[projection.target]
    if not isinstance(target.neuron, str):
        raise InputError(f"{path}.target", f"'{projection.target}' is a source of spikes; it has no synapses")
    kind = projection.synapse.get("kind", "")
    if kind not in synapses.MODELS:
        raise unknown(f"{path}.synapse.kind", "synapse model", str(kind), synapses.MODELS)
    model = synapses.MODELS[kind]
    if projection.plasticity != {"kind": "none"}:
        given = str(projection.plasticity.get("kind", ""))
        raise InputError(f"{path}.plasticity.kind", f"unknown plasticity '{given}'; {suggest(given, ['none'])}")
    update = {"synapse": {"kind": kind, **_complete_synapse(f"{path}.synapse", projection.synapse, model)}}
    update |= _complete_receptor(path, projection, kind)
    if not model.event_driven:
        if not isinstance(source.neuron, str):
            raise InputError(
                f"{path}.source", f"a {kind} synapse needs a membrane potential, '{projection.source}' has none"
            )
        if projection.delay != "0.0 ms":
            raise InputError(f"{path}.delay", f"nothing reads this: a {kind} synapse has no delay; leave it out")
    if kind == "gap_junction":
        if projection.source != projection.target or not getattr(projection.connect, "undirected", False):
            raise InputError(f"{path}.connect", "a gap junction couples a population to itself with undirected = true")
        if projection.decay_factor != 1.0:
            raise InputError(f"{path}.decay_factor", "nothing reads this: a gap junction does not decay")
    elif getattr(projection.connect, "undirected", False):
        raise InputError(f"{path}.connect.undirected", "only a gap junction is undirected")
    _check_delay(f"{path}.delay", projection, seconds(schema.time_step))
    _check_connect(f"{path}.connect", schema, name)
    if target.neuron in neurons.MODELS or target.neuron in schema.models:
        target_model = cell_model(schema, target)
        _check_area(f"{path}.weight", projection.weight, target_model.conductance_unit, target_model)
    return projection.model_copy(update=update)


def _complete_synapse(path: str, given: dict[str, Any], model: synapses.SynapseModel) -> dict[str, str]:
    for key in given:
        if key != "kind" and key not in model.parameters:
            raise unknown(f"{path}.{key}", f"parameter of '{model.name}'", key, model.parameters)
    completed = {}
    for key, parameter in model.parameters.items():
        minimum = None if parameter.unit == "mV" and key != "slope" else 0
        completed[key] = canonical(given.get(key, parameter.default), (parameter.unit,), minimum, f"{path}.{key}")
        if minimum == 0 and seconds(completed[key]) == 0:
            raise InputError(f"{path}.{key}", f"'{completed[key]}' is not above 0")
    for smaller, larger in model.order:
        if seconds(completed[smaller]) >= seconds(completed[larger]):
            raise InputError(
                f"{path}.{smaller}",
                f"'{completed[smaller]}' is not below {larger} ({completed[larger]}); "
                "for equal or reversed time constants use another waveform",
            )
    return completed


def _complete_receptor(path: str, projection: Projection, kind: str) -> dict[str, Any]:
    if kind == "gap_junction":
        for key in ("receptor", "preparation", "reversal"):
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
        receptors.receptor(projection.receptor, preparation, path=path)
        return {"preparation": preparation}
    if projection.receptor not in OTHER_RECEPTORS:
        raise unknown(f"{path}.receptor", "receptor", projection.receptor, [*OTHER_RECEPTORS, *receptors.SUBTYPES])
    if projection.preparation:
        raise InputError(
            f"{path}.preparation", f"nothing reads this: allopregnanolone does not act on '{projection.receptor}'"
        )
    if projection.reversal is None:
        raise InputError(
            f"{path}.reversal", f"is missing; a synapse with the receptor '{projection.receptor}' needs one"
        )
    return {}


def _check_delay(path: str, projection: Projection, time_step: float) -> None:
    delay = projection.delay
    texts = [delay] if isinstance(delay, str) else []
    if isinstance(delay, NeighbourDelay):
        texts = [delay.base]
        if projection.connect.rule in ("one_to_one", "all_to_all", "probability", "fixed_indegree", "clusters"):
            raise InputError(path, f"per_neighbour needs a rule with neighbours, not '{projection.connect.rule}'")
    for text in texts:
        if 0 < seconds(text) < time_step * (1 - 1e-9):
            raise InputError(
                path,
                f"'{text}' lies between 0 and the time step ({time_step * 1e3:g} ms); give 0 ms or at least one step",
            )


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
        if other is None or connect.projection == name:
            raise unknown(f"{path}.projection", "projection", connect.projection, set(schema.projections) - {name})
        if (other.source, other.target) != (projection.source, projection.target) or other.connect.rule == "same_as":
            raise InputError(
                f"{path}.projection", f"'{connect.projection}' is not a drawn projection between the same populations"
            )
