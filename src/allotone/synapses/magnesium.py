"""Block of NMDA channels by magnesium, which depolarisation relieves."""

from ..parameters import Parameter
from .model import BlockModel

_SOURCE = "Jahr & Stevens 1990, doi:10.1523/JNEUROSCI.10-09-03178.1990"
_ORIGIN = f"fitted: to NMDA currents in 1 mM magnesium ({_SOURCE}), recalled"

_PARAMETERS = {
    "ratio": Parameter("0.2801120448179272", "blocked over open channels at 0 mV, 1/3.57", _ORIGIN, minimum=0),
    "slope": Parameter("16.129032258064516 mV", "steepness, one over 0.062 /mV", _ORIGIN, minimum="above 0"),
}

MODEL = BlockModel(
    name="magnesium",
    title="Magnesium block of one site",
    source=_SOURCE,
    parameters=_PARAMETERS,
    factor=lambda name: f"1/(1 + ratio_{name}*exp(-v/slope_{name}))",
)
