"""Checks of a user's cell model, so that a slip is found in it and not in generated code."""

from collections.abc import Callable

import numpy as np
from brian2 import Equations, have_same_dimensions, volt
from brian2.core.namespace import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS, DEFAULT_UNITS
from brian2.equations.equations import EquationError
from brian2.units.fundamentalunits import Quantity
from brian2.utils.stringtools import get_identifiers

from ..errors import InputError, suggest
from ..parameters import BY_UNIT, Parameter
from ..units import UNITS, base_unit, parse
from .model import CellModel, least

# What the network adds to every membrane, and what its projections call their own variables.
_PROVIDED = {"I_input": "every current into the cell"}
_TAKEN = {
    "E_gaba", "gaba", "allopregnanolone", "allopregnanolone_step", "g_tonic", "g_phasic", "I_synaptic", "weight", "onset",
    "delay", "probability", "indegree", "reach", "candidates", "sigma", "probability_max", "source_cells", "target_cells",
    "cells_in_range", "cells_in_cluster", "discard", "i", "t", "dt", "N", "xi", "lastspike", "not_refractory",
}  # fmt: skip
_TEXTS = (
    "name", "title", "source", "equations", "threshold", "reset", "refractory", "current_unit", "area", "method",
    "largest_time_step",
)  # fmt: skip
_ALWAYS = {"t", "dt", "i", "N", "lastspike", "not_refractory", "and", "or", "not", "True", "False", "rand", "randn"}


def check_model(model: CellModel, where: str) -> None:
    """InputError if a cell model does not hold together: names, units, and what its text refers to.

    Parameters
    ----------
    where : str
        Dotted path of the value that names the model's file.
    """

    def wrong(message):
        return InputError(where, f"cell model '{model.name}': {message}")

    for key in _TEXTS:
        if not isinstance(getattr(model, key), str):
            raise wrong(f"{key} is {getattr(model, key)!r}; expected text in quotes (empty for none)")
    for key in ("parameters", "initial"):
        if not isinstance(getattr(model, key), dict):
            raise wrong(f"{key} is {getattr(model, key)!r}; expected a dictionary of names and values")
    if not model.name.isidentifier():
        raise wrong("its name is not made of letters, digits and underscores; rename it")
    if model.current_unit not in ("pA", "uA/cm2"):
        raise wrong(f"current_unit is '{model.current_unit}'; expected 'pA' or 'uA/cm2'")
    parse(model.largest_time_step, f"{where}: largest_time_step of '{model.name}'", "ms")
    if model.area:
        parse(model.area, f"{where}: area of '{model.name}'", "um2")
    for name, parameter in model.parameters.items():
        _check_parameter(name, parameter, f"{where}: parameter '{name}' of '{model.name}'", wrong)
    try:
        equations = Equations(model.equations)
    except (EquationError, SyntaxError) as error:
        raise wrong(f"its equations cannot be read: {' '.join(str(error).split())}") from None
    if "v" not in equations.diff_eq_names or not have_same_dimensions(Quantity(1, dim=equations.dimensions["v"]), volt):
        raise wrong("its equations define no membrane potential; write dv/dt = ... : volt")
    if "I_input" not in equations.identifiers:
        raise wrong("its equations never use I_input, so nothing would act on the cell; add it to dv/dt")
    own = {*equations.names, *model.parameters}
    for name in sorted(own & (_TAKEN | _PROVIDED.keys())):
        raise wrong(f"the network itself uses the name '{name}'; choose another one")
    known = (
        own | _PROVIDED.keys() | _ALWAYS | DEFAULT_UNITS.keys() | DEFAULT_CONSTANTS.keys() | DEFAULT_FUNCTIONS.keys()
    )
    used = {"equations": equations.identifiers}
    used |= {key: get_identifiers(getattr(model, key)) for key in ("threshold", "reset", "refractory")}
    for place, names in used.items():
        for name in sorted(names - known):
            raise wrong(f"'{name}' in {place} is neither a variable nor a parameter; {suggest(name, own)}")
    for name in model.initial:
        if name not in equations.diff_eq_names:
            raise wrong(f"initial gives '{name}', which is not a state; {suggest(name, equations.diff_eq_names)}")


def _check_parameter(name: str, parameter: Parameter, where: str, wrong: Callable[[str], InputError]) -> None:
    """InputError if a parameter is not a Parameter, or its default or minimum cannot be what they are."""
    if not isinstance(name, str) or not name.isidentifier():
        raise wrong(f"a parameter is called {name!r}; expected a name of letters, digits and underscores, in quotes")
    if not isinstance(parameter, Parameter):
        raise wrong(f"parameter '{name}' is {parameter!r}; write Parameter(default, meaning, origin)")
    for key in ("default", "meaning", "origin"):
        if not isinstance(getattr(parameter, key), str):
            raise wrong(f"the {key} of parameter '{name}' is {getattr(parameter, key)!r}; expected text in quotes")
    if parameter.minimum not in (BY_UNIT, "above 0", 0, None):
        raise wrong(f"the minimum of parameter '{name}' is {parameter.minimum!r}; expected 0, 'above 0' or None")
    default = parse(parameter.default, where)
    if parameter.unit not in UNITS or not have_same_dimensions(default, Quantity(1, dim=UNITS[parameter.unit][1])):
        raise wrong(f"the default of parameter '{name}' is '{parameter.default}'; write a number, one space and a unit")
    try:
        base_unit(parameter.unit)
    except KeyError:
        raise wrong(
            f"parameter '{name}' is in {parameter.unit}, which cannot stand in equations; "
            "use parameters in simpler units, such as '1 ms', '1 mV' or '1 pA'"
        ) from None
    number = float(np.asarray(default))
    if (least(parameter) == 0 and number < 0) or (least(parameter) == "above 0" and number <= 0):
        limit = "above 0" if least(parameter) == "above 0" else "at least 0"
        raise wrong(
            f"the default of parameter '{name}' is '{parameter.default}', where {limit} is expected; "
            "give another default, or another minimum (None for any value)"
        )
