"""A schema with every default written out, after all checks that span more than one value."""

from typing import Any

from ..concentration import schedule
from ..errors import InputError
from .check import check_name, potency_ratio
from .check_effects import check_effect
from .check_populations import check_neuron, complete_population
from .check_projections import complete_projection
from .fields import si
from .local_synthesis import check_local_synthesis
from .schema import Schema


def complete(schema: Schema) -> Schema:
    """The schema with every default written out, after all checks that span more than one value.

    Raises
    ------
    InputError
        With the dotted path of the first value that does not fit.
    """
    if si(schema.time_step) <= 0:
        raise InputError("time_step", f"'{schema.time_step}' is not above 0; expected e.g. '0.05 ms'")
    if not schema.populations:
        raise InputError("populations", "the network is empty; define at least one population")
    for kind in ("populations", "projections"):
        for name in getattr(schema, kind):
            check_name(f"{kind}.{name}", name)
    for name in schema.populations:
        check_neuron(schema, name)
    if schema.medium.local_synthesis is not None:
        check_local_synthesis(schema)
    schema = with_schedule(schema, schema.medium.allopregnanolone)
    projections = {name: complete_projection(schema, name) for name in schema.projections}
    used = {population.neuron for population in schema.populations.values() if isinstance(population.neuron, str)}
    models = {name: model for name, model in schema.models.items() if name in used}
    schema = schema.model_copy(update={"projections": projections, "models": models})
    populations = {name: complete_population(schema, name) for name in schema.populations}
    schema = schema.model_copy(update={"populations": populations})
    if schema.receptors.potency_ratio is not None:
        _check_potency_ratio(schema)
    data = schema.model_dump(mode="json") if schema.effects else {}
    for name in schema.effects:
        check_effect(schema, data, name)
    return schema


def with_schedule(schema: Schema, given: Any) -> Schema:
    """The schema under another schedule; InputError for what is wrong with it."""
    canonical = dict(schedule(given, "medium.allopregnanolone"))
    return schema.model_copy(update={"medium": schema.medium.model_copy(update={"allopregnanolone": canonical})})


def _check_potency_ratio(schema: Schema) -> None:
    tonics = {
        f"populations.{name}.tonic.{key}": tonic
        for name, population in schema.populations.items()
        for key, tonic in population.tonic.items()
    }
    if all(potency_ratio(schema, tonic) is None for tonic in tonics.values()):
        given = [
            f"{path}.receptor_parameters.K_allo" for path in tonics if "K_allo" in tonics[path].receptor_parameters
        ]
        raise InputError(
            "receptors.potency_ratio",
            "nothing reads this: the network has no tonic delta receptor on which the steroid acts and whose K_allo is "
            + (f"left open, for {given[0]} gives it; leave out one of them" if given else "left open; leave it out"),
        )
