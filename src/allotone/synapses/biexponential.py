"""Synapse whose conductance is a difference of two exponentials with a given peak."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    rise, decay = f"tau_rise_{name}", f"tau_decay_{name}"
    # Time from onset to peak of exp(-t/decay) - exp(-t/rise).
    to_peak = f"({decay}*{rise}/({decay} - {rise})*log({decay}/{rise}))"
    return SynapseLines(
        target=(
            f"g_{name} = decaying_{name} - rising_{name}          : {unit}",
            f"ddecaying_{name}/dt = -decaying_{name}/{decay}      : {unit}",
            f"drising_{name}/dt = -rising_{name}/{rise}           : {unit}",
            f"peak_{name}                                         : 1 (shared)",
        ),
        # Scaled at the spike, so that a longer decay leaves the peak and conductances already flowing unchanged.
        slow=(f"peak_{name} = 1/(exp(-{to_peak}/{decay}) - exp(-{to_peak}/{rise}))",),
        on_pre=f"decaying_{name}_post += {weight}*peak_{name}_post; rising_{name}_post += {weight}*peak_{name}_post",
    )


MODEL = SynapseModel(
    name="biexponential",
    title="Exponential rise and decay, weight is the peak conductance",
    source="Bartos et al. 2002, doi:10.1073/pnas.192233099",
    parameters={
        "tau_rise": Parameter(
            "0.16 ms", "rise time constant", "measured: Bartos et al. 2002, basket-cell pairs", minimum="above 0"
        ),
        "tau_decay": Parameter(
            "1.8 ms", "decay time constant", "measured: Bartos et al. 2002, CA1 basket cells", minimum="above 0"
        ),
    },
    lines=_lines,
    decay="tau_decay",
    order=(("tau_rise", "tau_decay"),),
)
