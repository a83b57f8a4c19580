"""Synapse whose gate follows the presynaptic potential."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel

_ORIGIN = "assumed: by Wang & Buzsaki 1996"


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    return SynapseLines(
        source=(
            f"ds_{name}/dt = alpha_{name}*release_{name}*(1 - s_{name}) - s_{name}/tau_decay_{name} : 1",
            f"release_{name} = 1/(1 + exp(-(v - v_half_{name})/slope_{name}))                       : 1",
        ),
        target=(f"g_{name} : {unit}",),
        contact=(f"g_{name}_post = {weight}*s_{name}_pre : {unit} (summed)",),
    )


MODEL = SynapseModel(
    name="graded",
    title="Transmitter released as a sigmoid of the presynaptic potential; the weight is reached at full gate",
    source="Wang & Buzsaki 1996, doi:10.1523/JNEUROSCI.16-20-06402.1996",
    parameters={
        "alpha": Parameter("12 /ms", "opening rate at full release", _ORIGIN, minimum="above 0"),
        "tau_decay": Parameter("10 ms", "decay time constant", _ORIGIN, minimum="above 0"),
        "v_half": Parameter("0 mV", "presynaptic potential of half release", _ORIGIN, minimum=None),
        "slope": Parameter("2 mV", "steepness of release", _ORIGIN, minimum="above 0"),
    },
    lines=_lines,
    decay="tau_decay",
    gate="source",
    event_driven=False,
)
