"""Thalamocortical relay cell with T, H and calcium currents."""

from ..parameters import Parameter
from . import traub_rates
from .model import CellModel

_DESTEXHE = "Destexhe et al. 1996, doi:10.1152/jn.1996.76.3.2049; ModelDB 3343"
_CHING = (
    "Soplata et al. 2017, doi:10.1371/journal.pcbi.1005879, after Ching et al. 2010, doi:10.1073/pnas.1017069108; "
    "their mechanism files, asoplata/propofol-coupling-2017-mechanisms on GitHub"
)
_BOTH = f"fitted: by its authors to relay cells ({_CHING}; the same in {_DESTEXHE})"


def _differs(other: str, why: str = "fitted: by its authors to relay cells") -> str:
    """Origin of a default of Ching's model where Destexhe's has another number."""
    return f"{why} ({_CHING}; {other} in {_DESTEXHE})"


MODEL = CellModel(
    name="thalamocortical",
    title="Thalamocortical relay cell with T-type calcium current, calcium-regulated H current and potassium leak",
    source=f"{_CHING}; {_DESTEXHE}",
    # T activation follows the potential at once. H channels open (c_1 to o_1) and are then locked open by a protein
    # (o_1 to o_2 = 1 - c_1 - o_1), of which p_0 is the share without calcium.
    equations=f"""
        dv/dt = (I_input - I_leak - I_K_leak - I_Na - I_K - I_T - I_H)/C_m : volt  # membrane potential
        I_leak = g_leak*(v - E_leak)                 : amp/meter**2    # leak current, outward
        I_K_leak = g_K_leak*(v - E_K)                : amp/meter**2    # potassium leak, outward
        {traub_rates.EQUATIONS.strip()}
        I_T = g_T*m_T**2*h_T*(v - E_T)               : amp/meter**2    # T-type calcium current, outward
        m_T = 1/(1 + exp(-(v + shift_T + 57*mV)/(6.2*mV)))    : 1      # T activation
        dh_T/dt = (h_T_inf - h_T)/tau_h_T            : 1               # T inactivation
        h_T_inf = 1/(1 + exp((v + shift_T + 81*mV)/(4*mV)))   : 1
        tau_h_T = (30.8 + (211.4 + exp((v + shift_T + 113.2*mV)/(5*mV)))/(1 + exp((v + shift_T + 84*mV)/(3.2*mV))))*ms/phi_h_T : second
        E_T = nernst_slope*log(calcium_out/calcium)  : volt            # reversal potential of calcium
        dcalcium/dt = J_calcium - (calcium - calcium_rest)/tau_calcium : mmolar  # calcium under the membrane
        J_calcium = -clip(I_T, -1*amp/cm**2, 0*amp/cm**2)/(2*96489*coulomb/mole*depth) : mmolar/second  # influx
        I_H = g_H*(o_1 + g_increase*(1 - c_1 - o_1))*(v - E_H) : amp/meter**2    # H current, outward
        dc_1/dt = -opening                           : 1               # H channels closed
        do_1/dt = f_opening*opening + k_4*(1 - c_1 - o_1 - p_lock/p_half*o_1) : 1  # H channels open and not locked
        dp_0/dt = k_2*(1 - p_0 - (calcium/calcium_half)**4*p_0) : 1    # protein without calcium
        p_lock = f_bound + (1 - 2*f_bound)*p_0       : 1               # protein that locks H channels
        opening = (h_H_inf*c_1 - (1 - h_H_inf)*o_1)/tau_H     : hertz
        h_H_inf = 1/(1 + exp((v + 75*mV)/(5.5*mV)))  : 1               # open share without the protein
        tau_H = (20 + 1000/(exp((v + 71.5*mV)/(14.2*mV)) + exp(-(v + 89*mV)/(11.6*mV))))*ms : second
        o_1_inf = 1/(1/h_H_inf + (f_bound + (1 - 2*f_bound)*p_0_inf)/p_half) : 1
        c_1_inf = (1 - h_H_inf)/h_H_inf*o_1_inf      : 1
        p_0_inf = 1/(1 + (calcium/calcium_half)**4)  : 1
    """,
    parameters={
        "C_m": Parameter("1 uF/cm2", "membrane capacitance", _BOTH, minimum="above 0"),
        "g_leak": Parameter("0.01 mS/cm2", "leak conductance", _BOTH, minimum=0),
        "E_leak": Parameter("-70 mV", "leak reversal potential", _BOTH),
        "g_K_leak": Parameter(
            "0.0172 mS/cm2", "potassium leak conductance", _differs("3 or 5 nS, 0.0104 or 0.0173 mS/cm2,"), minimum=0
        ),
        "g_Na": Parameter("90 mS/cm2", "sodium conductance", _BOTH, minimum=0),
        "E_Na": Parameter("50 mV", "sodium reversal potential", _BOTH),
        "v_traub_Na": Parameter("-35 mV", "origin of the sodium rates", _differs("-25 mV")),
        "g_K": Parameter("10 mS/cm2", "delayed-rectifier conductance", _BOTH, minimum=0),
        "E_K": Parameter("-100 mV", "potassium reversal potential", _BOTH),
        "v_traub_K": Parameter("-25 mV", "origin of the potassium rates", _BOTH),
        "g_T": Parameter("2 mS/cm2", "T-type conductance", _BOTH, minimum=0),
        "shift_T": Parameter("2 mV", "shift of T gating by surface charge", _BOTH),
        "phi_h_T": Parameter(
            "3.73",
            "speed of T inactivation against 24 degC",
            _differs("3.737, a q10 of 3 at 36 degC,"),
            minimum="above 0",
        ),
        "nernst_slope": Parameter(
            "13.2706 mV", "RT/2F", _differs("13.3202 mV", "assumed: with 96846 for F"), minimum="above 0"
        ),
        "calcium_out": Parameter("2 mM", "calcium outside", _BOTH, minimum="above 0"),
        "calcium_rest": Parameter("0.00024 mM", "calcium under the membrane at rest", _BOTH, minimum="above 0"),
        "tau_calcium": Parameter("5 ms", "time constant of removal of calcium", _BOTH, minimum="above 0"),
        "depth": Parameter("1 um", "depth of the shell that calcium enters", _BOTH, minimum="above 0"),
        "g_H": Parameter("0.005 mS/cm2", "H conductance", _differs("0.015 or 0.02 mS/cm2"), minimum=0),
        "E_H": Parameter("-43 mV", "H reversal potential", _differs("-40 mV")),
        "g_increase": Parameter("2", "conductance of a locked H channel over that of an open one", _BOTH, minimum=0),
        "k_2": Parameter("0.0004 /ms", "rate at which the protein loses calcium", _BOTH, minimum=0),
        "calcium_half": Parameter("0.002 mM", "calcium that binds to half of the protein", _BOTH, minimum="above 0"),
        "k_4": Parameter("0.001 /ms", "rate at which locked H channels are released", _BOTH, minimum=0),
        "p_half": Parameter(
            "0.01", "share of the protein that locks half of the open channels", _BOTH, minimum="above 0"
        ),
        "f_opening": Parameter(
            "0",
            "1: what leaves the closed state becomes open; 0: the equation of the open state leaves that out",
            _differs("1", "assumed: as their file has it"),
            minimum=0,
        ),
        "f_bound": Parameter(
            "0",
            "1: the protein with calcium locks H channels; 0: the protein without calcium does",
            _differs("1", "assumed: as their file has it"),
            minimum=0,
        ),
        "v_spike": Parameter("0 mV", "potential whose upward crossing counts as a spike", "assumed: mid-spike"),
    },
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial={
        "v": "-65 mV",
        **traub_rates.INITIAL,
        "h_T": "h_T_inf",
        "calcium": "calcium_rest",
        "c_1": "c_1_inf",
        "o_1": "o_1_inf",
        "p_0": "p_0_inf",
    },
    current_unit="uA/cm2",
    area="28953 um2",
    method="rk4",
    largest_time_step="0.05 ms",
)
