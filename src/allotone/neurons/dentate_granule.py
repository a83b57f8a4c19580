"""Leaky integrate-and-fire granule cell with an afterhyperpolarisation."""

from ..parameters import Parameter
from .model import CellModel

_SOURCE = "ModelDB 206397, code of Danielson et al. 2017, doi:10.1016/j.neuron.2016.12.019"
_ORIGIN = f"fitted: by its authors to dentate granule cells ({_SOURCE})"

MODEL = CellModel(
    name="dentate_granule",
    title="Leaky integrate-and-fire granule cell with an afterhyperpolarisation",
    source=_SOURCE,
    equations="""
        dv/dt = (I_input - I_leak - I_ahp)/C_m             : volt (unless refractory)  # membrane potential
        dI_ahp/dt = (g_ahp*(v - E_leak) - I_ahp)/tau_ahp   : amp                       # afterhyperpolarisation, outward
        I_leak = g_leak*(v - E_leak)                       : amp                       # leak current, outward
    """,
    parameters={
        "C_m": Parameter("80 pF", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("2.57 nS", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-87 mV", "leak reversal potential", _ORIGIN),
        "v_threshold": Parameter("-56 mV", "spike threshold", _ORIGIN),
        "v_reset": Parameter("-74 mV", "potential after a spike", _ORIGIN),
        "refractory_period": Parameter("20 ms", "absolute refractory period", _ORIGIN, minimum=0),
        "g_ahp": Parameter("0.2 nS", "afterhyperpolarisation by subthreshold voltage", _ORIGIN, minimum=0),
        "b_ahp": Parameter("45 pA", "afterhyperpolarisation by a spike", _ORIGIN, minimum=0),
        "tau_ahp": Parameter("45 ms", "time constant of the afterhyperpolarisation", _ORIGIN, minimum="above 0"),
    },
    threshold="v > v_threshold",
    reset="v = v_reset; I_ahp += b_ahp",
    refractory="refractory_period",
    initial={"v": "-87 mV", "I_ahp": "0 pA"},
    largest_time_step="0.1 ms",
)
