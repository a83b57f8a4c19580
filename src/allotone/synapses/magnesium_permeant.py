"""Block of NMDA channels by magnesium that leaves its site to either side of the membrane."""

from ..parameters import Parameter
from .model import BlockModel

_SOURCE = "Schwartz et al. 2012, doi:10.1523/JNEUROSCI.6098-11.2012; code of OpenSourceBrain/GranCellRothmanIf"
_ORIGIN = f"fitted: by its authors to NMDA currents of granule cells ({_SOURCE})"

_PARAMETERS = {
    "magnesium": Parameter("1 mM", "concentration outside", "measured: solution of the recordings", minimum=0),
    "outwards": Parameter("2.07 mM", "rate of leaving outwards over that of binding, at 0 mV", _ORIGIN, "above 0"),
    "inwards": Parameter("0.015 mM", "rate of leaving inwards over that of binding, at 0 mV", _ORIGIN, minimum=0),
    "depth": Parameter("0.35", "share of the field between outside and each barrier of the site", _ORIGIN, minimum=0),
    "permeation": Parameter("0.53", "share of the field on the way inwards", _ORIGIN, minimum=0),
    "v_thermal": Parameter(
        "13.277 mV", "RT/2F of a divalent ion", "computed: at 35 degrees C, the temperature of the source", "above 0"
    ),
}


def _factor(name: str) -> str:
    in_field = f"v/v_thermal_{name}"
    leaving = f"(outwards_{name}*exp(depth_{name}*{in_field}) + inwards_{name}*exp(-permeation_{name}*{in_field}))"
    return f"{leaving}/({leaving} + magnesium_{name}*exp(-depth_{name}*{in_field}))"


MODEL = BlockModel(
    name="magnesium_permeant",
    title="Magnesium block of one site that is left to both sides, and so is incomplete at negative potentials",
    source=_SOURCE,
    parameters=_PARAMETERS,
    factor=_factor,
)
