"""What a cell model is: equations with units, parameters with defaults and origin, threshold, reset, time step."""

from dataclasses import asdict, dataclass, field
from typing import Any

from ..parameters import BY_UNIT, Parameter
from ..units import CANONICAL_UNIT, dimension_of

_LEAST = {"pF": "above 0", "uF/cm2": "above 0", "ms": 0, "nS": 0, "mS/cm2": 0}


def least(parameter: Parameter) -> int | str | None:
    """The minimum of a parameter: 0, "above 0" or None, by its unit where it says nothing itself."""
    if parameter.minimum == BY_UNIT:
        return _LEAST.get(CANONICAL_UNIT[dimension_of(parameter.unit)])
    return parameter.minimum


@dataclass(frozen=True)
class CellModel:
    """A membrane model of one compartment.

    The equations use ``I_input``, the sum of every current into the cell (drive, synapses, tonic receptors and
    gap junctions, positive inwards), which the network provides in `current_unit`.

    Attributes
    ----------
    equations : str
        Brian2 equations, one unit a line; they define ``v``.
    parameters : dict of str to Parameter
        Everything the equations, threshold and reset leave open.
    threshold, reset, refractory : str
        Brian2 expressions or statements; an empty `reset` or `refractory` means none.
    initial : dict of str to str or dict
        Initial value of each state variable: a quantity, a distribution, or an expression of the other variables.
    current_unit : str
        "pA" for a whole cell, "uA/cm2" for a membrane patch. Conductances then are in nS or mS/cm2.
    area : str
        Membrane area by which mS/cm2 becomes nS; empty for a whole-cell model without one.
    largest_time_step : str
        Largest time step at which the model is sound.
    method : str
        Brian2 integration method.
    """

    name: str
    title: str
    source: str
    equations: str
    parameters: dict[str, Parameter]
    threshold: str
    largest_time_step: str
    reset: str = ""
    refractory: str = ""
    initial: dict[str, Any] = field(default_factory=dict)
    current_unit: str = "pA"
    area: str = ""
    method: str = "exponential_euler"

    @property
    def conductance_unit(self) -> str:
        """Unit of conductances: nS for a whole cell, mS/cm2 for a membrane patch."""
        return {"pA": "nS", "uA/cm2": "mS/cm2"}[self.current_unit]

    def to_dict(self) -> dict[str, Any]:
        """Plain data from which `from_dict` makes the same model."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "CellModel":
        """The model of `to_dict`."""
        parameters = {name: Parameter(**parameter) for name, parameter in data["parameters"].items()}
        return cls(**{**data, "parameters": parameters})
