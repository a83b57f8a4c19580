"""Effects of allopregnanolone on other targets, as factors in a plan, and warnings where their evidence ends."""

from typing import Any

import numpy as np
from brian2 import Quantity, get_dimensions

from .. import receptors
from ..errors import InputError
from ..receptors import Effect
from ..receptors.numbers import without_range
from ..units import magnitude, parse, write
from .definition import Definition
from .medium import add_medium
from .plan import Group, Plan
from .populations import add_numbers
from .schema import Schema

_REMEDY = "change the number itself, the effect's maximum, or the concentration"


def law(schema: Schema, name: str) -> Effect:
    """The law of an effect of a definition: a shipped one, or the numbers of the definition itself."""
    given = schema.effects[name]
    if given.effect is not None:
        return receptors.effect(given.effect)
    source = "; ".join(given.source)
    return Effect(
        name,
        given.path,
        maximum=without_range(given.maximum, "1", "assumed", source),
        ec50=without_range(_number(given.ec50, "uM"), "uM", "assumed", source),
        hill=without_range(given.hill, "1", "assumed", source),
        evidence_nM=(_number(given.evidence.min, "nM"), _number(given.evidence.max, "nM")),
    )


def _number(text: str, unit: str) -> float:
    return float(magnitude(parse(text), unit))


def add_effects(plan: Plan, definition: Definition, table_nM: np.ndarray, duration_s: float) -> None:
    """Make each number that an effect names the product of itself and the effect's factor.

    Parameters
    ----------
    table_nM : array (times,)
        Concentration over the run.

    Raises
    ------
    InputError
        A number that this network does not use, or that an effect brings where it may not be.
    """
    schema, factors = definition.schema, {}
    for name, effect in schema.effects.items():
        if effect.path not in plan.paths:
            raise InputError(
                f"effects.{name}.path",
                f"nothing in this network reads '{effect.path}' while it runs; name another value",
            )
        factors.setdefault(tuple(plan.paths[effect.path]), []).append(name)
    if schema.effects:
        _check_extremes(definition, table_nM)
    for (owner_name, variable), names in factors.items():
        owner = next(one for one in (*plan.groups, *plan.contacts) if one.name == owner_name)
        # Contacts have no clock of their own but for spikes: their factors live in the target.
        is_group = isinstance(owner, Group)
        group = owner if is_group else next(one for one in plan.groups if one.name == owner.target)
        for name in names:
            _add_factor(plan, group, f"effect_{name}", law(schema, name), float(table_nM[0]), duration_s)
        plan.multiply(owner, variable, [f"effect_{name}{'' if is_group else '_post'}" for name in names])


def _add_factor(plan: Plan, group: Group, name: str, effect: Effect, first_nM: float, duration_s: float) -> None:
    """Give a group the variable `name`, which is the factor from the first instant on."""
    add_medium(plan, group, duration_s)
    add_numbers(plan, group, receptors.effect_constants(effect, name))
    # Initial values, which are drawn before any clock ticks, may read what is multiplied.
    plan.parameter(group, f"{name}_initial", "1", float(receptors.effect_factor(first_nM, effect)))
    group.equations += [f"{name}_change : 1 (shared)", f"{name} = {name}_initial + {name}_change : 1 (shared)"]
    # Before everything else on the slow clock, which may read it as well.
    expression = receptors.effect_expression("allopregnanolone", name)
    group.slow.insert(1, f"{name}_change = {expression} - {name}_initial")


def _check_extremes(definition: Definition, table_nM: np.ndarray) -> None:
    """InputError if the numbers, multiplied by the smallest or the largest factors of the run, are no legal ones."""
    schema = definition.schema
    for concentration in (table_nM.min(), table_nM.max()):
        factors = {name: float(receptors.effect_factor(concentration, law(schema, name))) for name in schema.effects}
        together = _error(definition, factors)
        if together is None:
            continue
        for name, factor in factors.items():
            alone = _error(definition, {name: factor})
            if alone is not None:
                raise InputError(
                    f"effects.{name}",
                    f"at {concentration:g} nM allopregnanolone its factor of {factor:.4g} is too much; {alone} ({_REMEDY})",
                )
        raise InputError(
            "effects",
            f"at {concentration:g} nM allopregnanolone all factors together are too much; {together} ({_REMEDY})",
        )


def _error(definition: Definition, factors: dict[str, float]) -> InputError | None:
    """What is wrong with a definition whose numbers are multiplied by the factors of these effects."""
    values = {}
    for name, factor in factors.items():
        path, node = definition.schema.effects[name].path, definition.data
        for key in path.split("."):
            node = node[key]
        values[path] = _scaled(values.get(path, node), factor)
    try:
        definition.override(values)
    except InputError as error:
        return error
    return None


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {key: one if key in ("distribution", "cv") else _scaled(one, factor) for key, one in value.items()}
    if not isinstance(value, str):
        return value * factor
    quantity = parse(value)
    # 12 digits: errors show the number, and the product's rounding is nothing that a user wrote.
    return write(Quantity(float(f"{float(np.asarray(quantity)) * factor:.12g}"), dim=get_dimensions(quantity)))


def evidence_warnings(schema: Schema, table_nM: np.ndarray) -> tuple[str, ...]:
    """One sentence for each effect that a run takes beyond the concentrations at which it was seen."""
    warnings = []
    for name in schema.effects:
        lowest, highest = law(schema, name).evidence_nM
        beyond = table_nM[(table_nM > 0) & ((table_nM < lowest * (1 - 1e-9)) | (table_nM > highest * (1 + 1e-9)))]
        if beyond.size:
            seen = f"{lowest:g} nM" if lowest == highest else f"{lowest:g} to {highest:g} nM"
            ran = f"{beyond.min():g} nM" if np.ptp(beyond) == 0 else f"{beyond.min():g} to {beyond.max():g} nM"
            warnings.append(
                f"effects.{name}: its evidence is at {seen}, the run has {ran}; there the factor on "
                f"{schema.effects[name].path} is an extrapolation"
            )
    return tuple(warnings)
