"""Checks of a user's cell model, so that a slip is found in it and not in generated code."""

from brian2 import Equations, have_same_dimensions, volt
from brian2.core.namespace import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS, DEFAULT_UNITS
from brian2.equations.equations import EquationError
from brian2.units.fundamentalunits import Quantity
from brian2.utils.stringtools import get_identifiers

from ..errors import InputError, suggest
from ..units import parse
from .model import CellModel

# What the network adds to every membrane, and what its projections call their own variables.
_PROVIDED = {"I_input": "every current into the cell"}
_TAKEN = {
    "E_gaba", "gaba", "allopregnanolone", "allopregnanolone_step", "g_tonic", "g_phasic", "I_synaptic", "weight", "onset",
    "delay", "probability", "indegree", "reach", "candidates", "sigma", "probability_max", "source_cells", "target_cells",
    "cells_in_range", "cells_in_cluster", "discard", "i", "t", "dt", "N", "xi", "lastspike", "not_refractory",
}  # fmt: skip
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

    if not str(model.name).isidentifier():
        raise wrong("its name is not made of letters, digits and underscores; rename it")
    if model.current_unit not in ("pA", "uA/cm2"):
        raise wrong(f"current_unit is '{model.current_unit}'; expected 'pA' or 'uA/cm2'")
    parse(model.largest_time_step, f"{where}: largest_time_step of '{model.name}'", "ms")
    if model.area:
        parse(model.area, f"{where}: area of '{model.name}'", "um2")
    for name, parameter in model.parameters.items():
        parse(parameter.default, f"{where}: parameter '{name}' of '{model.name}'")
    try:
        equations = Equations(model.equations)
    except (EquationError, SyntaxError) as error:
        raise wrong(f"its equations cannot be read: {' '.join(str(error).split())}") from None
    if "v" not in equations.diff_eq_names or not have_same_dimensions(Quantity(1, dim=equations.dimensions["v"]), volt):
        raise wrong("its equations define no membrane potential; write dv/dt = ... : volt")
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
