"""Synapse whose gate lies in the source cell and saturates with repeated release."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel

_SOURCE = "ModelDB 206397, code of Danielson et al. 2016, doi:10.1016/j.neuron.2016.12.019"
_ORIGIN = f"assumed: by {_SOURCE}"


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    return SynapseLines(
        source=(
            f"ds_{name}/dt = alpha_{name}*x_{name}*(1 - s_{name}) - s_{name}/tau_decay_{name} : 1",
            f"dx_{name}/dt = -x_{name}/tau_rise_{name}                                        : 1",
        ),
        target=(f"g_{name} : {unit}",),
        contact=(f"g_{name}_post = {weight}*s_{name}_pre : {unit} (summed)",),
        arrival=f"x_{name}_post = clip(x_{name}_post + jump_{name}_post, 0, x_max_{name}_post)",
    )


MODEL = SynapseModel(
    name="saturating",
    title="Released transmitter opens a gate that cannot pass 1; the weight is reached at full gate",
    source=_SOURCE,
    parameters={
        "alpha": Parameter("1 /ms", "opening rate at one unit of transmitter", _ORIGIN, minimum="above 0"),
        "tau_rise": Parameter("0.5 ms", "decay time constant of the transmitter", _ORIGIN, minimum="above 0"),
        "tau_decay": Parameter("5 ms", "decay time constant of the gate", _ORIGIN, minimum="above 0"),
        "jump": Parameter("1", "transmitter that a spike adds", _ORIGIN, minimum=0),
        "x_max": Parameter(
            "1000000", "most transmitter there may be; 1 where a spike sets it to 1", _ORIGIN, minimum=0
        ),
    },
    lines=_lines,
    decay="tau_decay",
    gate="source",
    event_driven=False,
    pulsed_gate=True,
)
