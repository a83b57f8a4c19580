"""Reticular thalamic cell whose T current fills a pool of calcium that sets its reversal potential."""

from dataclasses import replace

from ..parameters import Parameter
from . import reticular

_ORIGIN = f"fitted: by its authors to reticular cells ({reticular.DESTEXHE})"
_NUMBERS = {"shift_T": "2 mV", "phi_m_T": "3.003", "phi_h_T": "3.003"}

MODEL = replace(
    reticular.MODEL,
    name="reticular_calcium",
    title="Reticular thalamic cell with T-type calcium current and a pool of calcium",
    source=reticular.DESTEXHE,
    equations=f"""{reticular.EQUATIONS}
        E_T = nernst_slope*log(calcium_out/calcium)  : volt            # reversal potential of calcium
        dcalcium/dt = J_calcium - (calcium - calcium_rest)/tau_calcium : mmolar  # calcium under the membrane
        J_calcium = -clip(I_T, -1*amp/cm**2, 0*amp/cm**2)/(2*96489*coulomb/mole*depth) : mmolar/second  # influx
    """,
    parameters={
        name: replace(parameter, default=_NUMBERS.get(name, parameter.default), origin=_ORIGIN)
        for name, parameter in reticular.PARAMETERS.items()
    }
    | {
        "nernst_slope": Parameter("13.3202 mV", "RT/2F", "measured: constants, at 36 degC", minimum="above 0"),
        "calcium_out": Parameter("2 mM", "calcium outside", _ORIGIN, minimum="above 0"),
        "calcium_rest": Parameter("0.00024 mM", "calcium under the membrane at rest", _ORIGIN, minimum="above 0"),
        "tau_calcium": Parameter("5 ms", "time constant of removal of calcium", _ORIGIN, minimum="above 0"),
        "depth": Parameter("1 um", "depth of the shell that calcium enters", _ORIGIN, minimum="above 0"),
    },
    initial={**reticular.INITIAL, "calcium": "calcium_rest"},
)
