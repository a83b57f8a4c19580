"""Reduced pyramidal cell of Traub and Miles, in the form of Ermentrout and Kopell."""

from ..parameters import Parameter
from .model import CellModel

_SOURCE = (
    "Traub & Miles 1991, Neuronal Networks of the Hippocampus, reduced by Ermentrout & Kopell 1998, "
    "doi:10.1073/pnas.95.3.1259; numbers as in Olufsen et al. 2003, doi:10.1023/A:1021124317706; recalled"
)
_ORIGIN = f"fitted: by its authors to hippocampal pyramidal cells ({_SOURCE})"

MODEL = CellModel(
    name="traub_miles",
    title="Pyramidal cell with sodium and delayed-rectifier currents and no adaptation",
    source=_SOURCE,
    # The 1e-7 mV in alpha_m, beta_m and alpha_n keeps their removable singularities (0/0) away from round potentials.
    equations="""
        dv/dt = (I_input - I_leak - I_Na - I_K)/C_m      : volt            # membrane potential
        I_leak = g_leak*(v - E_leak)                     : amp/meter**2    # leak current, outward
        I_Na = g_Na*m_inf**3*h*(v - E_Na)                : amp/meter**2    # sodium current, outward
        I_K = g_K*n**4*(v - E_K)                         : amp/meter**2    # delayed rectifier, outward
        m_inf = alpha_m/(alpha_m + beta_m)               : 1
        dh/dt = alpha_h*(1 - h) - beta_h*h               : 1               # sodium inactivation
        dn/dt = alpha_n*(1 - n) - beta_n*n               : 1               # potassium activation
        h_inf = alpha_h/(alpha_h + beta_h)               : 1
        n_inf = alpha_n/(alpha_n + beta_n)               : 1
        alpha_m = 0.32*(v/mV + 54.0000001)/(1 - exp(-(v/mV + 54.0000001)/4))/ms   : hertz
        beta_m = 0.28*(v/mV + 27.0000001)/(exp((v/mV + 27.0000001)/5) - 1)/ms     : hertz
        alpha_h = 0.128*exp(-(v/mV + 50)/18)/ms          : hertz
        beta_h = 4/(1 + exp(-(v/mV + 27)/5))/ms          : hertz
        alpha_n = 0.032*(v/mV + 52.0000001)/(1 - exp(-(v/mV + 52.0000001)/5))/ms  : hertz
        beta_n = 0.5*exp(-(v/mV + 57)/40)/ms             : hertz
    """,
    parameters={
        "C_m": Parameter("1 uF/cm2", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("0.1 mS/cm2", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-67 mV", "leak reversal potential", _ORIGIN),
        "g_Na": Parameter("100 mS/cm2", "sodium conductance", _ORIGIN, minimum=0),
        "E_Na": Parameter("50 mV", "sodium reversal potential", _ORIGIN),
        "g_K": Parameter("80 mS/cm2", "potassium conductance", _ORIGIN, minimum=0),
        "E_K": Parameter("-100 mV", "potassium reversal potential", _ORIGIN),
        "v_spike": Parameter("0 mV", "potential whose upward crossing counts as a spike", "assumed: mid-spike"),
    },
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial={
        "v": {"distribution": "uniform", "min": "-70 mV", "max": "-55 mV"},
        "h": "h_inf",
        "n": "n_inf",
    },
    current_unit="uA/cm2",
    area="20000 um2",
    method="rk4",
    largest_time_step="0.03 ms",
)
