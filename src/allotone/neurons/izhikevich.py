"""Izhikevich cell in its dimensional form, with capacitance and currents."""

from ..parameters import Parameter
from .model import CellModel

_SOURCE = "Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, chapter 8"
_ORIGIN = f"fitted: regular-spiking pyramidal cell ({_SOURCE}), recalled"

MODEL = CellModel(
    name="izhikevich",
    title="Izhikevich cell (quadratic integrate-and-fire with recovery)",
    source=_SOURCE,
    equations="""
        dv/dt = (k*(v - v_rest)*(v - v_threshold) - u + I_input)/C_m : volt  # membrane potential
        du/dt = a*(b*(v - v_rest) - u)                               : amp   # recovery current
    """,
    parameters={
        "C_m": Parameter("100 pF", "membrane capacitance", _ORIGIN, minimum="above 0"),
        "k": Parameter("0.7 nS/mV", "steepness of the quadratic current", _ORIGIN, minimum="above 0"),
        "v_rest": Parameter("-60 mV", "resting potential", _ORIGIN),
        "v_threshold": Parameter("-40 mV", "instantaneous threshold", _ORIGIN),
        "v_peak": Parameter("35 mV", "spike cut-off", _ORIGIN),
        "v_reset": Parameter("-50 mV", "potential after a spike", _ORIGIN),
        "a": Parameter("0.03 /ms", "rate of recovery", _ORIGIN, minimum=0),
        "b": Parameter("-2 nS", "voltage dependence of recovery", _ORIGIN, minimum=None),
        "d": Parameter("100 pA", "recovery current added by a spike", _ORIGIN),
    },
    threshold="v > v_peak",
    reset="v = v_reset; u += d",
    initial={"v": "-60 mV", "u": "0 pA"},
    area="10000 um2",
    # The right-hand side is quadratic in v: exponential Euler does not apply.
    method="rk2",
    largest_time_step="0.1 ms",
)
