"""What the checks of populations and of projections share: names, membrane models and areas."""

import re
from typing import Any

from .. import neurons, receptors
from ..errors import InputError
from ..neurons import CellModel
from .fields import to_cell_unit
from .schema import Population, Projection, Schema

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")


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
