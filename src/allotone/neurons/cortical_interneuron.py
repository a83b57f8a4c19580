"""Fast-spiking cortical interneuron beside the pyramidal cell with an M current."""

from ..parameters import Parameter
from . import traub_rates
from .cortical_pyramidal import SOURCE
from .model import CellModel

_ORIGIN = f"fitted: by its authors to fast-spiking interneurons ({SOURCE})"

MODEL = CellModel(
    name="cortical_interneuron",
    title="Cortical interneuron with sodium and delayed-rectifier currents",
    source=SOURCE,
    equations=f"""
        dv/dt = (I_input - I_leak - I_Na - I_K)/C_m  : volt            # membrane potential
        I_leak = g_leak*(v - E_leak)                 : amp/meter**2    # leak current, outward
        {traub_rates.EQUATIONS.strip()}
    """,
    parameters={
        "C_m": Parameter("1 uF/cm2", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("0.15 mS/cm2", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-70 mV", "leak reversal potential", _ORIGIN),
        "g_Na": Parameter("50 mS/cm2", "sodium conductance", _ORIGIN, minimum=0),
        "E_Na": Parameter("50 mV", "sodium reversal potential", _ORIGIN),
        "v_traub_Na": Parameter("-55 mV", "origin of the sodium rates", _ORIGIN),
        "g_K": Parameter("10 mS/cm2", "delayed-rectifier conductance", _ORIGIN, minimum=0),
        "E_K": Parameter("-100 mV", "potassium reversal potential", _ORIGIN),
        "v_traub_K": Parameter("-55 mV", "origin of the potassium rates", _ORIGIN),
        "v_spike": Parameter("0 mV", "potential whose upward crossing counts as a spike", "assumed: mid-spike"),
    },
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial={"v": "-70 mV", **traub_rates.INITIAL},
    current_unit="uA/cm2",
    area="14103 um2",
    method="rk4",
    largest_time_step="0.05 ms",
)
