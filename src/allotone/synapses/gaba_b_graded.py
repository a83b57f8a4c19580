"""GABA-B receptor whose transmitter follows the presynaptic potential."""

from ..parameters import Parameter
from . import gaba_b
from .model import SynapseLines, SynapseModel

_ORIGIN = "assumed: by Ching et al. 2010, doi:10.1073/pnas.1017069108"


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    return SynapseLines(
        source=(
            *gaba_b.gate_lines(name, f"release_{name}"),
            f"release_{name} = 1/(1 + exp(-(v - v_half_{name})/slope_{name})) : 1",
        ),
        target=(f"g_{name} : {unit}",),
        contact=(f"g_{name}_post = {weight}*gate_{name}_pre : {unit} (summed)",),
    )


MODEL = SynapseModel(
    name="gaba_b_graded",
    title="Slow potassium conductance through a G-protein, transmitter as a sigmoid of the presynaptic potential",
    source=gaba_b.MODEL.source,
    parameters={
        **gaba_b.PARAMETERS,
        "v_half": Parameter("0 mV", "presynaptic potential of half release", _ORIGIN, minimum=None),
        "slope": Parameter("2 mV", "steepness of release", _ORIGIN, minimum="above 0"),
    },
    lines=_lines,
    gate="source",
    event_driven=False,
)
