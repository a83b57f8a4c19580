"""Reticular thalamic cell with a T current of fixed reversal potential."""

from ..parameters import Parameter
from . import traub_rates
from .model import CellModel

DESTEXHE = "Destexhe et al. 1996, doi:10.1152/jn.1996.76.3.2049; ModelDB 3343"
_CHING = (
    "Soplata et al. 2017, doi:10.1371/journal.pcbi.1005879, after Ching et al. 2010, doi:10.1073/pnas.1017069108; "
    "their mechanism files, asoplata/propofol-coupling-2017-mechanisms on GitHub"
)
_BOTH = f"fitted: by its authors to reticular cells ({_CHING}; the same in {DESTEXHE})"


def _differs(other: str) -> str:
    """Origin of a default of Ching's model where Destexhe's has another number."""
    return f"fitted: by its authors to reticular cells ({_CHING}; {other} in {DESTEXHE})"


EQUATIONS = f"""
        dv/dt = (I_input - I_leak - I_Na - I_K - I_T)/C_m : volt       # membrane potential
        I_leak = g_leak*(v - E_leak)                 : amp/meter**2    # leak current, outward
        {traub_rates.EQUATIONS.strip()}
        I_T = g_T*m_T**2*h_T*(v - E_T)               : amp/meter**2    # T-type calcium current, outward
        dm_T/dt = (m_T_inf - m_T)/tau_m_T            : 1               # T activation
        dh_T/dt = (h_T_inf - h_T)/tau_h_T            : 1               # T inactivation
        m_T_inf = 1/(1 + exp(-(v + shift_T + 50*mV)/(7.4*mV))) : 1
        h_T_inf = 1/(1 + exp((v + shift_T + 78*mV)/(5*mV)))    : 1
        tau_m_T = (3 + 1/(exp((v + shift_T + 25*mV)/(10*mV)) + exp(-(v + shift_T + 100*mV)/(15*mV))))*ms/phi_m_T : second
        tau_h_T = (85 + 1/(exp((v + shift_T + 46*mV)/(4*mV)) + exp(-(v + shift_T + 405*mV)/(50*mV))))*ms/phi_h_T : second
"""
PARAMETERS = {
    "C_m": Parameter("1 uF/cm2", "membrane capacitance", _BOTH, minimum="above 0"),
    "g_leak": Parameter("0.05 mS/cm2", "leak conductance", _BOTH, minimum=0),
    "E_leak": Parameter("-90 mV", "leak reversal potential", _BOTH),
    "g_Na": Parameter("200 mS/cm2", "sodium conductance", _BOTH, minimum=0),
    "E_Na": Parameter("50 mV", "sodium reversal potential", _BOTH),
    "v_traub_Na": Parameter("-55 mV", "origin of the sodium rates", _BOTH),
    "g_K": Parameter("20 mS/cm2", "delayed-rectifier conductance", _BOTH, minimum=0),
    "E_K": Parameter("-100 mV", "potassium reversal potential", _BOTH),
    "v_traub_K": Parameter("-55 mV", "origin of the potassium rates", _BOTH),
    "g_T": Parameter("3 mS/cm2", "T-type conductance", _BOTH, minimum=0),
    "shift_T": Parameter("4 mV", "shift of T gating by surface charge", _differs("2 mV")),
    "phi_m_T": Parameter(
        "6.81", "speed of T activation against 24 degC", _differs("3.003, a q10 of 2.5 at 36 degC,"), minimum="above 0"
    ),
    "phi_h_T": Parameter(
        "3.73",
        "speed of T inactivation against 24 degC",
        _differs("3.003, a q10 of 2.5 at 36 degC,"),
        minimum="above 0",
    ),
    "v_spike": Parameter("0 mV", "potential whose upward crossing counts as a spike", "assumed: mid-spike"),
}
INITIAL = {"v": "-75 mV", **traub_rates.INITIAL, "m_T": "m_T_inf", "h_T": "h_T_inf"}
AREA = "14264 um2"

MODEL = CellModel(
    name="reticular",
    title="Reticular thalamic cell with T-type calcium current",
    source=f"{_CHING}; {DESTEXHE}",
    equations=EQUATIONS,
    parameters=PARAMETERS
    | {"E_T": Parameter("120 mV", "calcium reversal potential", f"assumed: Nernst's at 0.00024 mM inside ({_CHING})")},
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial=INITIAL,
    current_unit="uA/cm2",
    area=AREA,
    method="rk4",
    largest_time_step="0.03 ms",
)
