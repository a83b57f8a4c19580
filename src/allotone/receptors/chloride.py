"""Reversal potential of GABA-A receptors from chloride and bicarbonate, as a number and as Brian2 text."""

import numpy as np
from brian2 import Quantity
from brian2.units.constants import faraday_constant, gas_constant

from ..errors import InputError
from ..units import quantity
from .numbers import non_negative

# Thermal voltage per kelvin, R/F.
_VOLT_PER_KELVIN = float(np.asarray(gas_constant / faraday_constant))


def reversal_potential(
    chloride_in,
    chloride_out=130.0,
    bicarbonate_in=15.0,
    bicarbonate_out=25.0,
    permeability_ratio=0.2,
    temperature=310.15,
) -> Quantity:
    """Reversal potential of the GABA-A current by the Goldman-Hodgkin-Katz equation for its two anions.

    E = (R T/F) ln((Cl_in + p HCO3_in)/(Cl_out + p HCO3_out)). The permeability ratio p of 0.2 is Bormann, Hamill &
    Sakmann 1987 (doi:10.1113/jphysiol.1987.sp016493, recalled; 0.18 to 0.25, and 0.44 in newborns), bicarbonate
    Kaila 1994 (doi:10.1016/0301-0082(94)90049-3, recalled).

    Parameters
    ----------
    chloride_in, chloride_out, bicarbonate_in, bicarbonate_out : array or Quantity
        Inside and outside the cell; plain numbers are mM. Broadcast against each other.
    permeability_ratio : array
        Of bicarbonate over chloride, dimensionless.
    temperature : array or Quantity
        Plain numbers are K.

    Returns
    -------
    Quantity
        Voltage, shape of the arguments broadcast.

    Raises
    ------
    InputError
        Another dimension; a negative or not finite value; no anion on one side, or no temperature.
    """
    given = {
        "chloride_in": (chloride_in, "mM"),
        "chloride_out": (chloride_out, "mM"),
        "bicarbonate_in": (bicarbonate_in, "mM"),
        "bicarbonate_out": (bicarbonate_out, "mM"),
        "permeability_ratio": (permeability_ratio, "1"),
        "temperature": (temperature, "K"),
    }
    numbers = {name: non_negative(value, unit, name) for name, (value, unit) in given.items()}
    p = numbers["permeability_ratio"]
    inside = numbers["chloride_in"] + p * numbers["bicarbonate_in"]
    outside = numbers["chloride_out"] + p * numbers["bicarbonate_out"]
    for name, total, unit in (
        ("chloride_in", inside, "mM"),
        ("chloride_out", outside, "mM"),
        ("temperature", numbers["temperature"], "K"),
    ):
        if (total == 0).any():
            raise InputError(name, f"0 {unit} has no reversal potential; give more than 0 {unit}")
    thermal_mV = 1000 * _VOLT_PER_KELVIN * numbers["temperature"]
    return quantity(thermal_mV * np.log(inside / outside), "mV")


def reversal_expression(
    chloride_in: str = "chloride_in",
    chloride_out: str = "chloride_out",
    bicarbonate_in: str = "bicarbonate_in",
    bicarbonate_out: str = "bicarbonate_out",
    permeability_ratio: str = "permeability_ratio",
    temperature: str = "temperature",
) -> str:
    """`reversal_potential` as a Brian2 expression of these variables, which must exist in their units."""
    inside = f"(({chloride_in}) + ({permeability_ratio})*({bicarbonate_in}))"
    outside = f"(({chloride_out}) + ({permeability_ratio})*({bicarbonate_out}))"
    return f"({_VOLT_PER_KELVIN!r}*volt/kelvin*({temperature})*log({inside}/{outside}))"
