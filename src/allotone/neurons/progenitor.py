"""Neural progenitor: no spikes, high input resistance, L-type calcium current and a pool of intracellular calcium."""

from ..parameters import Parameter
from .model import CellModel

# Medians of doublecortin-positive cells of the adult dentate gyrus, nearly all of them immature.
_PASSIVE = "PMC6391573 table 1, doi:10.1523/JNEUROSCI.3303-17.2018"
# 0.2 nS at -40 mV and a peak of 2.6 nS, reached at +10 mV: the Boltzmann curve with 98 % of its maximum there.
_POTASSIUM = (
    "fitted: to the delayed rectifier of subventricular precursors, J Neurophysiol 1999;81:95 (authors not shown)"
)
_L_TYPE = "CaV1.3 of a striatal cell model, ModelDB 121060"
_POOL = "Egger & Stroh 2009, doi:10.1113/jphysiol.2009.174540: dendrites of olfactory granule cells"

MODEL = CellModel(
    name="progenitor",
    title="Neural progenitor or newborn neuron with an L-type calcium current and a calcium pool",
    source="Fukuda et al. 2003, doi:10.1523/JNEUROSCI.23-28-09357.2003 (such cells); each number names its own source",
    # Both activations follow the potential at once: they need under 1 ms (calcium) and about 10 ms (potassium), and
    # what acts here lasts seconds. Without the delayed rectifier the window of the L-type current would run away.
    equations="""
        dv/dt = (I_input - I_leak - I_CaL - I_K)/C_m             : volt       # membrane potential
        I_leak = g_leak*(v - E_leak)                             : amp        # leak current, outward
        I_CaL = g_CaL*m_inf**2*h*f_calcium*(v - E_Ca)            : amp        # L-type calcium current, outward
        I_K = g_K*n_inf*(v - E_K)                                : amp        # delayed rectifier, outward
        m_inf = 1/(1 + exp(-(v - v_m)/k_m))                      : 1          # L-type activation
        dh/dt = (h_inf - h)/tau_h                                : 1          # L-type inactivation by voltage
        h_inf = 1/(1 + exp((v - v_h)/k_h))                       : 1
        f_calcium = K_calcium/(K_calcium + calcium)              : 1          # L-type inactivation by calcium
        n_inf = 1/(1 + exp(-(v - v_n)/k_n))                      : 1          # activation of the delayed rectifier
        dcalcium/dt = J_calcium - (calcium - calcium_rest)/tau_calcium : mmolar  # free calcium of the cytosol
        J_calcium = -I_CaL/(2*96485.33*coulomb/mole*(1 + kappa)*pi*diameter**3/6) : mmolar/second  # influx
    """,
    parameters={
        "C_m": Parameter("5.5 pF", "membrane capacitance", f"measured: {_PASSIVE}", minimum="above 0"),
        "g_leak": Parameter(
            "0.19 nS",
            "leak conductance",
            f"fitted: to an input resistance of 3.5 GOhm ({_PASSIVE}) with the tonic conductance of neural_progenitor",
            minimum=0,
        ),
        "E_leak": Parameter(
            "-75 mV",
            "leak reversal potential",
            f"fitted: to a resting potential of -65 mV ({_PASSIVE}) with 25 mM chloride and that tonic conductance",
        ),
        "g_CaL": Parameter(
            "0.5 nS",
            "L-type conductance",
            "assumed: at most 60 pA or 11 pA/pF at 0 mV; none was found for progenitors. 0 is nifedipine",
            minimum=0,
        ),
        "E_Ca": Parameter("120 mV", "calcium reversal potential", "assumed: below Nernst's 140 mV, as is customary"),
        "v_m": Parameter("-33 mV", "half-activation of the L-type current", f"fitted: {_L_TYPE}"),
        "k_m": Parameter("6.7 mV", "slope of its activation", f"fitted: {_L_TYPE}", minimum="above 0"),
        "v_h": Parameter("-13.4 mV", "half-inactivation of the L-type current", f"fitted: {_L_TYPE}"),
        "k_h": Parameter("11.9 mV", "slope of its inactivation", f"fitted: {_L_TYPE}", minimum="above 0"),
        "tau_h": Parameter(
            "14.8 ms", "time constant of its inactivation by voltage", f"fitted: {_L_TYPE}", minimum="above 0"
        ),
        "K_calcium": Parameter(
            "1 uM",
            "calcium that halves the L-type current",
            "assumed: that of hippocampal models after Jaffe et al. 1994, as in lca.mod of soltesz-lab/dentate on GitHub",
            minimum="above 0",
        ),
        "g_K": Parameter("2.6 nS", "delayed-rectifier conductance", _POTASSIUM, minimum=0),
        "v_n": Parameter("-20.5 mV", "half-activation of the delayed rectifier", _POTASSIUM),
        "k_n": Parameter("7.8 mV", "slope of its activation", _POTASSIUM, minimum="above 0"),
        "E_K": Parameter("-90 mV", "potassium reversal potential", "assumed: as in most cell models"),
        "diameter": Parameter(
            "13.2 um", "diameter of a sphere", "assumed: that of 5.5 pF at 1 uF/cm2", minimum="above 0"
        ),
        "kappa": Parameter("85", "calcium bound to buffers over free calcium", f"measured: {_POOL}", minimum=0),
        "tau_calcium": Parameter(
            "1 s",
            "time constant of removal of calcium",
            f"assumed: slower in a soma than the 0.2 s of {_POOL}",
            minimum="above 0",
        ),
        "calcium_rest": Parameter("50 nM", "free calcium at rest", f"measured: {_POOL}", minimum=0),
        "v_spike": Parameter(
            "0 mV", "potential whose upward crossing counts as a spike", "assumed: above what GABA can reach"
        ),
    },
    threshold="v > v_spike",
    refractory="v > v_spike",
    initial={"v": "-65 mV", "h": "h_inf", "calcium": "calcium_rest"},
    area="550 um2",
    method="rk4",
    largest_time_step="0.2 ms",
)
