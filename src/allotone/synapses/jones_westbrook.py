"""Synapse whose gate is the open probability of a kinetic scheme after a pulse of transmitter."""

from ..parameters import Parameter
from .model import SynapseLines, SynapseModel

_SOURCE = "Mozrzymas et al. 2003 for the scheme of Jones & Westbrook 1995, in PMC2474663, figure 3"
_ORIGIN = f"fitted: rate of {_SOURCE}"

# Terms of the exponential series: 1e-5 where the fastest mode loses e^-4 in a time step, the limit a network checks.
_TERMS = 18
LARGEST_MODE = 4.2
# Coefficients of log(x) in the logarithm of the prolongation.
FACTORS = 6

# From, to, and the rate over one time step in the parameters of a projection; binding only while there is transmitter.
_TRANSITIONS = (
    ("C0", "C1", "2*koff_{0}*gaba_peak_{0}/K_gaba_{0}*dt*present_{0}"),
    ("C1", "C2", "koff_{0}*gaba_peak_{0}/K_gaba_{0}*dt*present_{0}"),
    ("C1", "C0", "koff_{0}*dt"),
    ("C2", "C1", "2*koff_{0}*dt"),
    ("C1", "O1", "beta1_{0}*dt"),
    ("O1", "C1", "alpha1_{0}*dt/x_{0}"),
    ("C1", "D1", "d1_{0}*x_{0}**desensitisation_exponent_{0}*dt"),
    ("D1", "C1", "r1_{0}*dt"),
    ("C2", "O2", "beta2_{0}*dt"),
    ("O2", "C2", "alpha2_{0}*dt/x_{0}"),
    ("C2", "D2", "d2_{0}*x_{0}**desensitisation_exponent_{0}*dt"),
    ("D2", "C2", "r2_{0}*dt"),
)
_BOUND = ("C1", "C2", "O1", "O2", "D1", "D2")


def _step(name: str) -> str:
    """Statements that take the occupancies of all states one time step on.

    The exponential series of the rate matrix, nested from its last term outwards: exact to rounding for a linear
    system, where the rates (up to 40 /ms) would ask for steps of microseconds of any explicit method.
    """
    lines = [f"present_{name} = int(transmitter_{name} > 0.5)", f"transmitter_{name} -= present_{name}"]
    lines += [f"{start}_to_{end}_{name} = {rate.format(name)}" for start, end, rate in _TRANSITIONS]
    lines.append(f"C0_{name} = 1 - {' - '.join(f'{state}_{name}' for state in _BOUND)}")
    inner = {state: f"{state}_{name}" for state in ("C0", *_BOUND)}
    for term in range(_TERMS, 0, -1):
        outer = {state: f"{state}_term{term}_{name}" for state in inner}
        for state, variable in outer.items():
            gain = [f"{inner[start]}*{start}_to_{end}_{name}" for start, end, _ in _TRANSITIONS if end == state]
            loss = [f"{start}_to_{end}_{name}" for start, end, _ in _TRANSITIONS if start == state]
            change = f"{' + '.join(gain)} - {inner[state]}*({' + '.join(loss)})"
            lines.append(f"{variable} = {state}_{name} + ({change})/{term}.0")
        inner = outer
    return "\n".join([*lines, *(f"{state}_{name} = {inner[state]}" for state in _BOUND)])


def _lines(name: str, unit: str, weight: str) -> SynapseLines:
    log_fold, polynomial = f"log(decay_fold_{name})", f"factor_{FACTORS}_{name}"
    for power in range(FACTORS - 1, 0, -1):
        polynomial = f"(factor_{power}_{name} + {log_fold}*{polynomial})"
    return SynapseLines(
        source=(
            *(f"{state}_{name} : 1" for state in _BOUND),
            f"transmitter_{name} : 1",
            f"x_{name} : 1 (shared)",
            f"gate_{name} = (O1_{name} + O2_{name})/peak_{name} : 1",
        ),
        target=(f"g_{name} : {unit}",),
        contact=(f"g_{name}_post = {weight}*gate_{name}_pre : {unit} (summed)",),
        slow=(f"x_{name} = exp({log_fold}*{polynomial})",),
        # In whole steps, which the peak is computed for.
        reset=f"transmitter_{name} = timestep(pulse_{name}, dt)",
        each_step=((_step(name), "end"),),
    )


MODEL = SynapseModel(
    name="jones_westbrook",
    title="Receptor kinetics after a pulse of transmitter; the weight is the peak of one pulse without steroid",
    source=_SOURCE,
    parameters={
        "gaba_peak": Parameter("1 mM", "transmitter in the cleft", "assumed: order of 1 mM", minimum="above 0"),
        "pulse": Parameter("0.3 ms", "time it is there, in whole steps", "assumed: as in Nieus (Pavia)", "above 0"),
        "K_gaba": Parameter("166.66666666666666 uM", "koff over kon, 1/6 mM", _ORIGIN, minimum="above 0"),
        "koff": Parameter("1 /ms", "unbinding of one GABA", _ORIGIN, minimum="above 0"),
        "beta1": Parameter("0.15 /ms", "opening with one GABA", _ORIGIN, minimum="above 0"),
        "alpha1": Parameter("1.5 /ms", "its closing", _ORIGIN, minimum="above 0"),
        "d1": Parameter("0.045 /ms", "desensitisation with one GABA", _ORIGIN, minimum="above 0"),
        "r1": Parameter("0.014 /ms", "its recovery", _ORIGIN, minimum="above 0"),
        "beta2": Parameter("3 /ms", "opening with two GABA", _ORIGIN, minimum="above 0"),
        "alpha2": Parameter("0.4 /ms", "its closing", _ORIGIN, minimum="above 0"),
        "d2": Parameter("12 /ms", "desensitisation with two GABA", _ORIGIN, minimum="above 0"),
        "r2": Parameter("0.07 /ms", "its recovery", _ORIGIN, minimum="above 0"),
        "desensitisation_exponent": Parameter(
            "0.2",
            "power of x in the steroid's effect on d1 and d2",
            "fitted: to the unchanged amplitude of IPSCs, Cooper et al. 1999; range 0.2 to 1",
            minimum=0,
        ),
    },
    lines=_lines,
    gate="source",
    event_driven=False,
    kinetic=True,
)
