"""Leaky integrate-and-fire cell with conductance synapses."""

from ..parameters import Parameter
from .model import CellModel

_SOURCE = "Brette et al. 2007, doi:10.1007/s10827-007-0038-6"
_ORIGIN = f"assumed: standard benchmark value ({_SOURCE}), recalled"

MODEL = CellModel(
    name="conductance_lif",
    title="Leaky integrate-and-fire cell with conductance synapses",
    source=_SOURCE,
    equations="""
        dv/dt = (I_input - I_leak)/C_m  : volt (unless refractory)  # membrane potential
        I_leak = g_leak*(v - E_leak)    : amp                       # leak current, outward
    """,
    parameters={
        "C_m": Parameter("200 pF", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("10 nS", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-60 mV", "leak reversal potential", _ORIGIN),
        "v_threshold": Parameter("-50 mV", "spike threshold", _ORIGIN),
        "v_reset": Parameter("-60 mV", "potential after a spike", _ORIGIN),
        "refractory_period": Parameter("5 ms", "absolute refractory period", _ORIGIN, minimum=0),
    },
    threshold="v > v_threshold",
    reset="v = v_reset",
    refractory="refractory_period",
    initial={"v": "-60 mV"},
    area="20000 um2",
    largest_time_step="0.2 ms",
)
