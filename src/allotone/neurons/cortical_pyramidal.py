"""Cortical pyramidal cell whose M current adapts its firing."""

from ..parameters import Parameter
from . import traub_rates
from .model import CellModel

SOURCE = "Destexhe 1998, doi:10.1523/JNEUROSCI.18-21-09099.1998; ModelDB 234233"
_ORIGIN = f"fitted: by its authors to regular-spiking pyramidal cells ({SOURCE})"

MODEL = CellModel(
    name="cortical_pyramidal",
    title="Pyramidal cell with sodium, delayed-rectifier and M currents",
    source=SOURCE,
    equations=f"""
        dv/dt = (I_input - I_leak - I_Na - I_K - I_M)/C_m : volt       # membrane potential
        I_leak = g_leak*(v - E_leak)                 : amp/meter**2    # leak current, outward
        {traub_rates.EQUATIONS.strip()}
        I_M = g_M*m_M*(v - E_K)                      : amp/meter**2    # M current, outward
        dm_M/dt = (m_M_inf - m_M)/tau_m_M            : 1               # M activation
        m_M_inf = 1/(1 + exp(-(v + 35*mV)/(10*mV)))  : 1
        tau_m_M = tau_M/(3.3*exp((v + 35*mV)/(20*mV)) + exp(-(v + 35*mV)/(20*mV))) : second
    """,
    parameters={
        "C_m": Parameter("1 uF/cm2", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("0.1 mS/cm2", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-70 mV", "leak reversal potential", _ORIGIN),
        "g_Na": Parameter("50 mS/cm2", "sodium conductance", _ORIGIN, minimum=0),
        "E_Na": Parameter("50 mV", "sodium reversal potential", _ORIGIN),
        "v_traub_Na": Parameter("-55 mV", "origin of the sodium rates", _ORIGIN),
        "g_K": Parameter("5 mS/cm2", "delayed-rectifier conductance", _ORIGIN, minimum=0),
        "E_K": Parameter("-100 mV", "potassium reversal potential", _ORIGIN),
        "v_traub_K": Parameter("-55 mV", "origin of the potassium rates", _ORIGIN),
        "g_M": Parameter("0.07 mS/cm2", "M conductance", _ORIGIN, minimum=0),
        "tau_M": Parameter("1000 ms", "scale of the time constant of M activation", _ORIGIN, minimum="above 0"),
        "v_spike": Parameter("0 mV", "potential whose upward crossing counts as a spike", "assumed: mid-spike"),
    },
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial={"v": "-70 mV", **traub_rates.INITIAL, "m_M": "m_M_inf"},
    current_unit="uA/cm2",
    area="28953 um2",
    method="rk4",
    largest_time_step="0.05 ms",
)
