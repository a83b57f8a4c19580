"""GABA-B receptor that opens potassium channels through a G-protein, after pulses of transmitter."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel
from .transmitter_pulse import PULSE, pulse_lines

_SOURCE = "Destexhe & Sejnowski 1995, doi:10.1073/pnas.92.21.9515; ModelDB 3343"
_ORIGIN = f"fitted: by its authors to GABA-B currents ({_SOURCE})"

PARAMETERS = {
    "alpha": Parameter("0.045 /ms", "activation rate at full transmitter", _ORIGIN, minimum="above 0"),
    "beta": Parameter("0.0012 /ms", "deactivation rate of the receptor", _ORIGIN, minimum="above 0"),
    "production": Parameter("0.18 /ms", "production rate of G-protein", _ORIGIN, minimum="above 0"),
    "removal": Parameter("0.034 /ms", "removal rate of G-protein", _ORIGIN, minimum="above 0"),
    "K_d": Parameter("100", "fourth power of the G-protein at half opening", _ORIGIN, minimum="above 0"),
}


def gate_lines(name: str, transmitter: str) -> tuple[str, ...]:
    """Source equations of the receptor, its G-protein and ``gate_<name>`` for an expression of transmitter, 0 to 1."""
    return (
        f"dr_{name}/dt = alpha_{name}*{transmitter}*(1 - r_{name}) - beta_{name}*r_{name} : 1",
        f"dq_{name}/dt = production_{name}*r_{name} - removal_{name}*q_{name}            : 1",
        f"gate_{name} = q_{name}**4/(q_{name}**4 + K_d_{name})                           : 1",
    )


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    pulse, arrival, each_step = pulse_lines(name)
    return SynapseLines(
        source=(*gate_lines(name, f"present_{name}"), *pulse),
        target=(f"g_{name} : {unit}",),
        contact=(f"g_{name}_post = {weight}*gate_{name}_pre : {unit} (summed)",),
        arrival=arrival,
        each_step=each_step,
    )


MODEL = SynapseModel(
    name="gaba_b",
    title="Slow potassium conductance through a G-protein after pulses of transmitter; the weight is reached at full gate",
    source=_SOURCE,
    parameters={**PARAMETERS, "pulse": PULSE},
    lines=_lines,
    gate="source",
    event_driven=False,
    pulsed_gate=True,
)
