"""Two-state receptor opened by a pulse of transmitter after each spike of the source cell."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel

_SOURCE = "Destexhe, Mainen & Sejnowski 1994, doi:10.1162/neco.1994.6.1.14; ModelDB 3343"
_ORIGIN = f"fitted: by its authors to synaptic currents ({_SOURCE})"

PULSE = Parameter("0.3 ms", "time transmitter is there, in whole steps", f"assumed: by {_SOURCE}", "above 0")


def pulse_lines(name: str) -> tuple[tuple[str, ...], str, tuple[tuple[str, str], ...]]:
    """Source equations of ``present_<name>`` (1 while there is transmitter), what a spike does, and a statement a step."""
    return (
        (f"transmitter_{name} : 1", f"present_{name} : 1"),
        # In whole steps: a difference of times loses one by rounding.
        f"transmitter_{name}_post = timestep(pulse_{name}_post, dt)",
        ((f"present_{name} = int(transmitter_{name} > 0.5)\ntransmitter_{name} -= present_{name}", "end"),),
    )


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    pulse, arrival, each_step = pulse_lines(name)
    return SynapseLines(
        source=(
            f"ds_{name}/dt = alpha_{name}*present_{name}*(1 - s_{name}) - s_{name}/tau_decay_{name} : 1",
            *pulse,
        ),
        target=(f"g_{name} : {unit}",),
        contact=(f"g_{name}_post = {weight}*s_{name}_pre : {unit} (summed)",),
        arrival=arrival,
        each_step=each_step,
    )


MODEL = SynapseModel(
    name="transmitter_pulse",
    title="Receptor with one closed and one open state and a pulse of transmitter; the weight is reached at full gate",
    source=_SOURCE,
    parameters={
        "alpha": Parameter("0.47 /ms", "opening rate while transmitter is there", _ORIGIN, minimum="above 0"),
        "tau_decay": Parameter(
            "5.5555555555555555 ms", "decay time constant, one over beta", _ORIGIN, minimum="above 0"
        ),
        "pulse": PULSE,
    },
    lines=_lines,
    decay="tau_decay",
    gate="source",
    event_driven=False,
    pulsed_gate=True,
)
