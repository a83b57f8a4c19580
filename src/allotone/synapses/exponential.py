"""Synapse whose conductance jumps at a spike and decays exponentially."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    return SynapseLines(
        target=(f"dg_{name}/dt = -g_{name}/tau_decay_{name} : {unit}",),
        on_pre=f"g_{name}_post += {weight}",
    )


MODEL = SynapseModel(
    name="exponential",
    title="Instantaneous rise, exponential decay",
    source="Destexhe, Mainen & Sejnowski 1994, doi:10.1162/neco.1994.6.1.14",
    parameters={
        "tau_decay": Parameter("5 ms", "decay time constant", "assumed: order of an AMPA current", minimum="above 0")
    },
    lines=_lines,
    decay="tau_decay",
)
