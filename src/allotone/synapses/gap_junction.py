"""Electrical coupling between two cells of one population."""

from .model import SynapseLines, SynapseModel


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    current = unit.replace("siemens", "amp")
    # A contact is drawn once and conducts both ways; Brian2 sums each direction into a variable of its own.
    return SynapseLines(
        target=(
            f"I_{name} = I_forward_{name} + I_backward_{name} : {current}",
            f"I_forward_{name} : {current}",
            f"I_backward_{name} : {current}",
        ),
        contact=(
            f"I_forward_{name}_post = {weight}*(v_pre - v_post) : {current} (summed)",
            f"I_backward_{name}_pre = {weight}*(v_post - v_pre) : {current} (summed)",
        ),
    )


MODEL = SynapseModel(
    name="gap_junction",
    title="Ohmic coupling in both directions",
    source="Bartos et al. 2002, doi:10.1073/pnas.192233099",
    parameters={},
    lines=_lines,
    event_driven=False,
)
