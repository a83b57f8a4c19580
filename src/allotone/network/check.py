"""What the checks of populations and of projections share: names, receptors, membrane models and areas."""

import re
from functools import lru_cache
from typing import Any

from brian2 import Equations

from .. import neurons, receptors
from ..errors import InputError
from ..neurons import CellModel
from ..receptors import Receptor
from ..receptors.numbers import number_of
from .fields import above_zero, canonical, to_cell_unit
from .schema import Population, Projection, Schema, Tonic

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")


@lru_cache(maxsize=256)
def parsed(text: str) -> Equations:
    """Brian2 equations of a text, which the definitions of a sweep share."""
    return Equations(text)


def is_gaba_a(projection: Projection) -> bool:
    """Whether the steroid can act on this projection."""
    return projection.receptor in receptors.SUBTYPES


def cell_model(schema: Schema, population: Population) -> CellModel:
    """The membrane model of a population, from the definition itself or from the package."""
    if population.neuron in schema.models:
        try:
            return CellModel.from_dict(schema.models[population.neuron])
        except (TypeError, KeyError, AttributeError):
            raise InputError(
                f"models.{population.neuron}", "is not what a definition stores of a cell model; name its Python file"
            ) from None
    return neurons.MODELS[population.neuron]


def check_name(path: str, name: str) -> None:
    """InputError if a name cannot stand in an equation."""
    if not _IDENTIFIER.match(name):
        raise InputError(path, f"'{name}' is not a name; use letters, digits and underscores, beginning with a letter")


def check_area(path: str, value: Any, unit: str, model: CellModel) -> None:
    """InputError if a value is of the other kind (per area, whole cell) and the cell model has no area."""
    for text in [value] if isinstance(value, str) else [v for k, v in value.items() if k not in ("distribution", "cv")]:
        to_cell_unit(0.0, text, unit, model.area, path)


def known_receptor(
    name: str, preparation: str, path: str = "", potency_ratio: float | None = None, parameters: dict | None = None
) -> Receptor:
    """The receptor of `receptors.receptor`, made once for all definitions that have it; its errors name `path`."""
    given = parameters or {}
    try:
        return _made(name, preparation, potency_ratio, tuple(given.items()))
    except (InputError, TypeError):
        return receptors.receptor(name, preparation, path, potency_ratio=potency_ratio, parameters=given)


@lru_cache(maxsize=256)
def _made(name: str, preparation: str, potency_ratio: float | None, parameters: tuple) -> Receptor:
    return receptors.receptor(name, preparation, potency_ratio=potency_ratio, parameters=dict(parameters))


def potency_ratio(schema: Schema, tonic: Tonic) -> float | None:
    """The network's ratio where it says something: about a delta receptor with a steroid effect and no K_allo of its own."""
    receptor = known_receptor(tonic.receptor, tonic.preparation)
    leaves_open = receptor.preparation != "insensitive" and "K_allo" not in tonic.receptor_parameters
    return schema.receptors.potency_ratio if receptor.subunit == "delta" and leaves_open else None


def tonic_receptor(schema: Schema, tonic: Tonic, path: str = "") -> Receptor:
    """The receptor of a tonic conductance with what the network says about its numbers."""
    return known_receptor(
        tonic.receptor, tonic.preparation, path, potency_ratio(schema, tonic), tonic.receptor_parameters
    )


def phasic_receptor(projection: Projection, path: str = "") -> Receptor:
    """The receptor of a GABA-A projection with what the network says about its numbers."""
    return known_receptor(projection.receptor, projection.preparation, path, None, projection.receptor_parameters)


def complete_numbers(path: str, given: dict[str, Any], receptor: Receptor, read: tuple[str, ...], reader: str) -> dict:
    """Canonical text of a receptor's numbers; InputError for one that is not there, or that `reader` does not read."""
    completed = {}
    for key, value in given.items():
        where = f"{path}.{key}"
        unit = number_of(receptor, key, where).unit
        if key not in read:
            raise InputError(where, f"nothing reads this: {reader} reads only {', '.join(read)}; leave it out")
        completed[key] = above_zero(canonical(value, (unit,), 0, where), where)
    return completed
