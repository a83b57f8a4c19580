"""Adaptive exponential integrate-and-fire cell."""

from ..parameters import Parameter
from .model import CellModel

_SOURCE = "Brette & Gerstner 2005, doi:10.1152/jn.00686.2005"
_ORIGIN = f"fitted: to a detailed pyramidal-cell model ({_SOURCE}), recalled"

MODEL = CellModel(
    name="adex",
    title="Adaptive exponential integrate-and-fire cell",
    source=_SOURCE,
    # The exponential is held over one step so that the rest stays linear in v; the cut-off at v_spike bounds it.
    equations="""
        dv/dt = (I_input + I_spike - I_leak - w)/C_m                 : volt (unless refractory)  # membrane potential
        dw/dt = (a*(v - E_leak) - w)/tau_w                           : amp                       # adaptation current
        I_leak = g_leak*(v - E_leak)                                 : amp                       # leak current, outward
        I_spike = g_leak*Delta_T*exp((clip(v, -1*volt, v_spike) - v_threshold)/Delta_T) : amp (constant over dt)
    """,
    parameters={
        "C_m": Parameter("281 pF", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "g_leak": Parameter("30 nS", "leak conductance", _ORIGIN, minimum=0),
        "E_leak": Parameter("-70.6 mV", "leak reversal potential", _ORIGIN),
        "v_threshold": Parameter("-50.4 mV", "potential at which the spike current takes off", _ORIGIN),
        "Delta_T": Parameter("2 mV", "sharpness of the spike onset", _ORIGIN, minimum="above 0"),
        "v_spike": Parameter("-40 mV", "potential at which a spike is counted and the cell is reset", _ORIGIN),
        "v_reset": Parameter("-70.6 mV", "potential after a spike", _ORIGIN),
        "a": Parameter("4 nS", "adaptation by subthreshold voltage", _ORIGIN, minimum=None),
        "b": Parameter("80.5 pA", "adaptation by a spike", _ORIGIN, minimum=None),
        "tau_w": Parameter("144 ms", "time constant of adaptation", _ORIGIN, minimum="above 0"),
        "refractory_period": Parameter(
            "0 ms", "absolute refractory period", "assumed: the original has none", minimum=0
        ),
    },
    threshold="v > v_spike",
    reset="v = v_reset; w += b",
    refractory="refractory_period",
    initial={"v": "-70.6 mV", "w": "0 pA"},
    area="28100 um2",
    largest_time_step="0.1 ms",
)
