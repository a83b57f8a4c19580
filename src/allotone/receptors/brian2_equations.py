"""Receptor equations for a Brian2 user's own NeuronGroup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from brian2 import DEFAULT_FUNCTIONS, DEFAULT_UNITS, DimensionMismatchError, Equations, Quantity, get_dimensions, second
from brian2.equations.equations import EquationError
from brian2.parsing.expressions import parse_expression_dimensions

from ..errors import InputError
from ..units import base_unit, dimension_of, kind_of, parse, quantity
from .gating import GATING, constants
from .numbers import Receptor
from .phasic import DECAY, decay_factor_expression
from .subtypes import receptor as find_receptor
from .tonic import ReferenceState, check_reference, rectification_expression, tonic_fold_expression

_CURRENT_UNITS = {"nS": "pA", "mS/cm2": "uA/cm2"}
_CONDUCTANCE_UNITS = tuple(_CURRENT_UNITS)


@dataclass(frozen=True)
class ReceptorEquations:
    """Equation lines of one receptor, the constants they use, and what the neuron has to provide.

    Attributes
    ----------
    name : str
        Ends every name that is added.
    kind : {"tonic", "phasic"}
    lines : tuple of str
    namespace : dict of str to Quantity or float
    needs : dict of str to str
        Variables of the neuron, each with a unit of its dimension.
    defaults : dict of str to float
        Dimensionless variables that the neuron may have, with their values where it has not.
    """

    name: str
    kind: str
    lines: tuple[str, ...]
    namespace: dict[str, Any]
    needs: dict[str, str]
    defaults: dict[str, float]

    def add_to(self, equations: str | Equations, namespace: Mapping[str, Any] | None = None) -> tuple[Equations, dict]:
        """A neuron's equations and namespace with this receptor in them.

        Parameters
        ----------
        equations : str or Equations
            Those of the neuron, in which `I_<kind>_<name>` (inward positive) or `g_<kind>_<name>` acts. A tonic
            conductance is multiplied by `density_<name>`, dimensionless, where there is one.
        namespace : mapping, optional
            Constants and functions of the neuron; what the receptor needs may be among them.

        Returns
        -------
        tuple of Equations and dict
            For `NeuronGroup(N, equations, namespace=namespace, ...)`.

        Raises
        ------
        InputError
            Equations that cannot be read; a variable that is missing or has another dimension; a constant that is not one
            finite number, or negative where that has no meaning; a name that is taken; a current that nothing uses; a
            conductance of the whole cell where the neuron counts per area, or the reverse.
        """
        try:
            own = equations if isinstance(equations, Equations) else Equations(equations)
        except (EquationError, SyntaxError, TypeError) as error:
            raise InputError("equations", f"cannot be read: {' '.join(str(error).split())}") from None
        given, outer = dict(namespace or {}), dict(namespace or {})
        for variable, value in self.defaults.items():
            if variable not in own.names:
                outer.setdefault(variable, value)
        for variable, unit in {**self.needs, **dict.fromkeys(self.defaults, "1")}.items():
            _check(variable, unit, own, outer)
        added = Equations("\n".join(self.lines))
        for taken in sorted((added.names | self.namespace.keys()) & (own.names | given.keys())):
            raise InputError(
                taken, f"the neuron has this name already; give this receptor another one than '{self.name}'"
            )
        current, conductance = f"I_{self.kind}_{self.name}", f"g_{self.kind}_{self.name}"
        if not own.identifiers & {current, conductance}:
            raise InputError(
                current, "nothing in the equations uses it, so the receptor would do nothing; add it to dv/dt"
            )
        self._check_kind(own, outer, current, conductance)
        return own + added, outer | self.namespace

    def _check_kind(self, own: Equations, outer: dict[str, Any], current: str, conductance: str) -> None:
        """InputError where the equations fit a conductance of the other kind, per area or of the whole cell, alone."""
        mine = Equations("\n".join(self.lines)).dimensions[conductance]
        unit = next(unit for unit in _CONDUCTANCE_UNITS if dimension_of(unit) == mine)
        other = next(one for one in _CONDUCTANCE_UNITS if one != unit)
        known = {**DEFAULT_FUNCTIONS, **DEFAULT_UNITS, **outer, "t": 1 * second, "dt": 1 * second}
        known |= {name: Quantity(1, dim=dimension) for name, dimension in own.dimensions.items()}
        for equation in own.values():
            uses = equation.identifiers & {current, conductance}
            # Names from outside are not known here; Brian2 checks those equations when it builds the group.
            if not uses or not equation.identifiers <= known.keys() | uses:
                continue

            def fits(kind: str, equation=equation) -> bool:
                signals = {current: quantity(1, _CURRENT_UNITS[kind]), conductance: quantity(1, kind)}
                found = parse_expression_dimensions(equation.expr.code, known | signals)
                return found == (
                    equation.dim / second.dim if equation.type == "differential equation" else equation.dim
                )

            if not _holds(fits, unit) and _holds(fits, other):
                raise InputError(
                    "conductance" if self.kind == "tonic" else "conductance_unit",
                    f"{unit} makes {current} a current in {_CURRENT_UNITS[unit]}, but the equation of "
                    f"{equation.varname} needs one in {_CURRENT_UNITS[other]}; give a conductance in {other}",
                )


def _holds(fits: Callable[[str], bool], kind: str) -> bool:
    try:
        return fits(kind)
    except (DimensionMismatchError, SyntaxError, TypeError):
        return False


def _check(variable: str, unit: str, own: Equations, outer: dict[str, Any]) -> None:
    """InputError unless the neuron has the variable, of the dimension of `unit`; a constant, with a value it can have."""
    kind, line = kind_of(dimension_of(unit)), f"{variable} : {base_unit(unit)}"
    if variable in own.names:
        found = own.dimensions[variable]
    elif variable not in outer:
        raise InputError(
            variable, f"the receptor needs this {kind}; add '{line}' to the equations, or its value to the namespace"
        )
    elif callable(outer[variable]):
        line = line.replace(":", "= NAME(t) :")
        raise InputError(variable, f"is a function; call it something else, and write '{line}' in the equations")
    elif isinstance(outer[variable], str):
        raise InputError(variable, f"'{outer[variable]}' is text, which equations cannot read; give a Quantity")
    else:
        found = get_dimensions(outer[variable])
    if found != dimension_of(unit):
        raise InputError(variable, f"is a {kind_of(found)}; the receptor needs a {kind}, as in '{line}'")
    # What the equations declare has its values later, where nothing here can see them.
    if variable not in own.names:
        value = parse(outer[variable], variable, unit)
        if unit != "mV" and float(np.asarray(value)) < 0:
            raise InputError(variable, f"{value} is negative; give 0 or more")


def tonic_receptor(
    receptor: str | Receptor,
    preparation: str | None = None,
    *,
    conductance: Quantity | str,
    name: str | None = None,
    rectification: str = "none",
    reference: ReferenceState | None = None,
    constitutive_fraction: float = 0.0,
) -> ReceptorEquations:
    """Tonic conductance g_tonic_<name> and its current I_tonic_<name> = g (E_gaba - v), inward positive.

    The neuron provides `v`, `E_gaba`, `gaba` and `allopregnanolone`. The fold against the reference state and the
    rectification are held over each time step, so that the membrane equation stays linear.

    Parameters
    ----------
    receptor : str or Receptor
        A key of `SUBTYPES`, or a parameter set with your own numbers, from `allotone.receptor`.
    preparation : {"slice", "recombinant", "native", "insensitive"}, optional
        "slice" unless given; a parameter set has its own.
    conductance : Quantity or str
        At the reference state and density 1, of the whole cell or per area.
    name : str, optional
        "delta" or "gamma2", after the subtype, unless given.
    rectification : {"none", "weak", "strong"}
    reference, constitutive_fraction
        As in `tonic_fold`.

    Raises
    ------
    InputError
        An unknown receptor, preparation or rectification; a conductance that is none; a share outside 0 to 1; a
        reference state in which GABA evokes nothing.
    """
    found, name = _named(receptor, preparation, name)
    value = parse(conductance, "conductance", _CONDUCTANCE_UNITS)
    if float(np.asarray(value)) < 0:
        raise InputError("conductance", f"{value} is negative; give 0 or more")
    if not 0 <= constitutive_fraction <= 1:
        raise InputError("constitutive_fraction", f"{constitutive_fraction} is not a share; expected 0 to 1")
    reference = reference or ReferenceState()
    check_reference(found, reference)
    prefix, siemens, ampere = f"tonic_{name}", *_units(value)
    factor = rectification_expression(rectification, "v", f"{prefix}_v_ref")
    rectified = "" if rectification == "none" else f"*{prefix}_rectification"
    namespace = constants(found, prefix, GATING) | {
        f"{prefix}_conductance": value,
        f"{prefix}_gaba_ref": reference.gaba,
        f"{prefix}_allo_ref": reference.allopregnanolone,
        f"{prefix}_phi": float(constitutive_fraction),
    }
    lines = [
        f"{prefix}_fold = {tonic_fold_expression('gaba', 'allopregnanolone', prefix)} : 1 (constant over dt)",
        f"g_{prefix} = density_{name}*{prefix}_conductance*{prefix}_fold{rectified} : {siemens}",
        f"I_{prefix} = g_{prefix}*(E_gaba - v) : {ampere}",
    ]
    if rectified:
        namespace[f"{prefix}_v_ref"] = reference.voltage
        lines.append(f"{prefix}_rectification = {factor} : 1 (constant over dt)")
    needs = {"v": "mV", "E_gaba": "mV", "gaba": "nM", "allopregnanolone": "nM"}
    return ReceptorEquations(name, "tonic", tuple(lines), namespace, needs, {f"density_{name}": 1.0})


def phasic_receptor(
    receptor: str | Receptor,
    preparation: str | None = None,
    *,
    tau_decay: Quantity | str,
    conductance_unit: str = "nS",
    name: str | None = None,
) -> ReceptorEquations:
    """Synaptic conductance g_phasic_<name>, to which the user's synapses add, and I_phasic_<name>, inward positive.

    It decays with the time constant tau_decay_<name> = tau_decay * `decay_factor`, held over each time step. The neuron
    provides `v`, `E_gaba` and `allopregnanolone`; a synapse does ``g_phasic_<name>_post += w``.

    Parameters
    ----------
    receptor, preparation, name
        As in `tonic_receptor`.
    tau_decay : Quantity or str
        Decay time constant without the steroid.
    conductance_unit : {"nS", "mS/cm2"}
        Kind of the weights: of the whole cell or per area.

    Raises
    ------
    InputError
        An unknown receptor, preparation or unit; a time constant that is not a time above 0.
    """
    found, name = _named(receptor, preparation, name)
    tau = parse(tau_decay, "tau_decay", "ms")
    if not float(np.asarray(tau)) > 0:
        raise InputError("tau_decay", f"{tau} is not above 0; give a time constant such as '10 ms'")
    if conductance_unit not in _CONDUCTANCE_UNITS:
        raise InputError("conductance_unit", f"'{conductance_unit}' is not one of {', '.join(_CONDUCTANCE_UNITS)}")
    prefix, siemens, ampere = f"phasic_{name}", *_units(quantity(1, conductance_unit))
    factor = decay_factor_expression("allopregnanolone", prefix)
    lines = (
        f"dg_{prefix}/dt = -g_{prefix}/tau_decay_{name} : {siemens}",
        f"tau_decay_{name} = {prefix}_tau_decay*{factor} : second (constant over dt)",
        f"I_{prefix} = g_{prefix}*(E_gaba - v) : {ampere}",
    )
    namespace = constants(found, prefix, DECAY) | {f"{prefix}_tau_decay": tau}
    needs = {"v": "mV", "E_gaba": "mV", "allopregnanolone": "nM"}
    return ReceptorEquations(name, "phasic", lines, namespace, needs, {})


def _named(receptor: str | Receptor, preparation: str | None, name: str | None) -> tuple[Receptor, str]:
    if isinstance(receptor, str):
        receptor = find_receptor(receptor, preparation or "slice")
    elif preparation is not None:
        raise InputError(
            "preparation", f"nothing reads it, for this parameter set is of '{receptor.preparation}'; drop it"
        )
    name = receptor.subunit if name is None else name
    if not (isinstance(name, str) and name.isascii() and name.isidentifier()) or name.endswith("_"):
        raise InputError("name", f"'{name}' cannot end the names of variables; give letters, digits and underscores")
    return receptor, name


def _units(conductance: Quantity) -> tuple[str, str]:
    """Units of a conductance and of its current, as equation lines end in them."""
    unit = next(unit for unit in _CONDUCTANCE_UNITS if get_dimensions(conductance) == dimension_of(unit))
    return base_unit(unit), base_unit(_CURRENT_UNITS[unit])
