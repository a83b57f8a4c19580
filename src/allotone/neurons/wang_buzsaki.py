"""Fast-spiking interneuron of Wang and Buzsaki."""

from ..parameters import Parameter
from .model import CellModel

_SOURCE = "Wang & Buzsaki 1996, doi:10.1523/JNEUROSCI.16-20-06402.1996; ModelDB 26997"
_ORIGIN = f"fitted: by its authors to hippocampal fast-spiking interneurons ({_SOURCE})"

MODEL = CellModel(
    name="wang_buzsaki",
    title="Fast-spiking interneuron with sodium and delayed-rectifier currents",
    source=_SOURCE,
    # The 1e-7 mV in alpha_m and alpha_n keeps their removable singularities (0/0) away from round potentials.
    equations="""
        dv/dt = (I_input - I_leak - I_Na - I_K)/C_m      : volt            # membrane potential
        I_leak = g_leak*(v - E_leak)                     : amp/meter**2    # leak current, outward
        I_Na = g_Na*m_inf**3*h*(v - E_Na)                : amp/meter**2    # sodium current, outward
        I_K = g_K*n**4*(v - E_K)                         : amp/meter**2    # delayed rectifier, outward
        m_inf = alpha_m/(alpha_m + beta_m)               : 1
        dh/dt = phi*(alpha_h*(1 - h) - beta_h*h)         : 1               # sodium inactivation
        dn/dt = phi*(alpha_n*(1 - n) - beta_n*n)         : 1               # potassium activation
        h_inf = alpha_h/(alpha_h + beta_h)               : 1
        n_inf = alpha_n/(alpha_n + beta_n)               : 1
        alpha_m = 0.1*(v/mV + 35.0000001)/(1 - exp(-0.1*(v/mV + 35.0000001)))/ms  : hertz
        beta_m = 4*exp(-(v/mV + 60)/18)/ms               : hertz
        alpha_h = 0.07*exp(-(v/mV + 58)/20)/ms           : hertz
        beta_h = 1/(1 + exp(-0.1*(v/mV + 28)))/ms        : hertz
        alpha_n = 0.01*(v/mV + 34.0000001)/(1 - exp(-0.1*(v/mV + 34.0000001)))/ms : hertz
        beta_n = 0.125*exp(-(v/mV + 44)/80)/ms           : hertz
    """,
    parameters={
        "C_m": Parameter("1 uF/cm2", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("0.1 mS/cm2", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-65 mV", "leak reversal potential", _ORIGIN),
        "g_Na": Parameter("35 mS/cm2", "sodium conductance", _ORIGIN, minimum=0),
        "E_Na": Parameter("55 mV", "sodium reversal potential", _ORIGIN),
        "g_K": Parameter("9 mS/cm2", "potassium conductance", _ORIGIN, minimum=0),
        "E_K": Parameter("-90 mV", "potassium reversal potential", _ORIGIN),
        "phi": Parameter("5", "speed of the gates", _ORIGIN, minimum="above 0"),
        "v_spike": Parameter("0 mV", "potential whose upward crossing counts as a spike", "assumed: mid-spike"),
    },
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial={
        "v": {"distribution": "uniform", "min": "-70 mV", "max": "-50 mV"},
        "h": "h_inf",
        "n": "n_inf",
    },
    current_unit="uA/cm2",
    area="10000 um2",
    method="rk4",
    largest_time_step="0.06 ms",
)
