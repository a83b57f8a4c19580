"""The three quantities that are all called "nM": total in plasma, total in the brain, and what the receptor sees."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from brian2 import Quantity

from ..errors import InputError
from ..units import magnitude, quantity


@dataclass(frozen=True, eq=False)
class _Course:
    """A concentration over time; arithmetic between kinds is refused by not existing.

    Parameters
    ----------
    times : Quantity, array (times,)
        Increasing; plain numbers are hours.
    concentration : Quantity, array (times,)
        In the unit of the compartment; plain numbers are taken to be in it.

    Raises
    ------
    InputError
        Shapes that differ, times that do not increase, or a value that is negative or not finite.
    """

    times: Quantity
    concentration: Quantity

    compartment: ClassVar[str]
    unit: ClassVar[str]

    def __post_init__(self):
        hours = np.atleast_1d(magnitude(self.times, "h", "times"))
        values = np.atleast_1d(magnitude(self.concentration, self.unit, "concentration"))
        if hours.ndim != 1 or hours.shape != values.shape:
            raise InputError("concentration", f"has shape {values.shape}, the times {hours.shape}; give one for each")
        if not np.isfinite(hours).all() or (np.diff(hours) <= 0).any():
            raise InputError("times", "are not increasing finite numbers; sort them and drop repeats")
        if not (np.isfinite(values).all() and (values >= 0).all()):
            raise InputError("concentration", "holds a value that is negative or not finite; expected 0 or more")
        object.__setattr__(self, "times", quantity(hours, "h"))
        object.__setattr__(self, "concentration", quantity(values, self.unit))

    @property
    def hours(self) -> np.ndarray:
        """Times in hours, array (times,)."""
        return magnitude(self.times, "h")

    @property
    def values(self) -> np.ndarray:
        """Concentration in the unit of the compartment, array (times,)."""
        return magnitude(self.concentration, self.unit)


class PlasmaCourse(_Course):
    """Total allopregnanolone in plasma, nM: what clinical papers report; more than 99 % of it is bound to protein."""

    compartment = "plasma"
    unit = "nM"


class BrainCourse(_Course):
    """Total allopregnanolone in brain tissue, nmol/kg."""

    compartment = "brain"
    unit = "nmol/kg"


class ReceptorCourse(_Course):
    """Allopregnanolone at the receptor, nM: the bath concentration with the same effect. Never measured in vivo."""

    compartment = "receptor"
    unit = "nM"
