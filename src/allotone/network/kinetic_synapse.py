"""Numbers of a synapse with a kinetic scheme: the unit of its gate, and rates that follow allopregnanolone."""

from functools import lru_cache

import numpy as np

from .. import receptors
from ..errors import InputError
from ..receptors import Scheme, kinetics
from ..synapses.jones_westbrook import FACTORS, LARGEST_MODE
from .check import phasic_receptor
from .fields import si, unit_of
from .medium import add_medium
from .plan import Group, Plan
from .populations import add_numbers
from .schema import Projection

# Largest error of the decay that the fit of log(x) may make.
_ACCURACY = 1e-3


def add_kinetics(plan: Plan, holder: Group, name: str, projection: Projection, duration_s: float) -> None:
    """Give the source cells of a projection its rates, the peak of an isolated pulse, and `decay_fold_<name>`.

    None of these numbers may be an effect's, for what is derived from them is fixed before the run.

    Raises
    ------
    InputError
        A time step too coarse for the rates, or a decay out of reach.
    """
    path, given = f"projections.{name}", projection.synapse
    for key, text in given.items():
        if key != "kind":
            plan.parameter(holder, f"{key}_{name}", unit_of(text), si(text))
    # SI concentrations are mM.
    gaba_mM, pulse_ms, step_ms = si(given["gaba_peak"]), si(given["pulse"]) * 1e3, plan.time_step * 1e3
    receptor = phasic_receptor(projection)
    largest = projection.decay_factor * receptor.decay_max.value
    asked = f"decay_factor {projection.decay_factor:g} times decay_max {receptor.decay_max.value:g}"
    if projection.decay_factor < 1:
        raise InputError(f"{path}.decay_factor", f"{projection.decay_factor:g} is below 1; kinetics here only prolong")
    scheme = _scheme(projection)
    try:
        factors, peak, largest_x = _derived(scheme, gaba_mM, pulse_ms, largest)
    except InputError as error:
        raise InputError(
            f"{path}.synapse", f"{asked} is too long a decay at saturating steroid: {error.message}"
        ) from None
    fastest = max(np.abs(np.linalg.eigvals(scheme.matrix(gaba_mM, x))).max() for x in (1.0, largest_x))
    if fastest * step_ms > LARGEST_MODE:
        raise InputError(
            "time_step",
            f"{step_ms:g} ms is too coarse for the rates of {path}.synapse at {asked}; "
            f"expected at most {int(1e3 * LARGEST_MODE / fastest)} us",
        )
    plan.parameter(holder, f"peak_{name}", "1", peak)
    for power, factor in enumerate(factors, start=1):
        plan.parameter(holder, f"factor_{power}_{name}", "1", factor)
    plan.parameter(holder, f"decay_factor_{name}", "1", projection.decay_factor)
    holder.equations.append(f"decay_fold_{name} : 1 (shared)")
    add_medium(plan, holder, duration_s)
    add_numbers(plan, holder, receptors.constants(receptor, f"phasic_{name}", receptors.DECAY))
    by_steroid = receptors.decay_factor_expression("allopregnanolone", f"phasic_{name}")
    holder.slow.append(f"decay_fold_{name} = decay_factor_{name}*{by_steroid}")


def _scheme(projection: Projection) -> Scheme:
    """The receptor scheme with the rates of a projection."""
    numbers = {key: si(text) for key, text in projection.synapse.items() if key != "kind"}
    per_ms = {key: value / 1e3 for key, value in numbers.items() if key[-1].isdigit() or key == "koff"}
    kon = per_ms["koff"] / numbers["K_gaba"]
    return receptors.jones_westbrook(numbers["desensitisation_exponent"]).with_rates(kon=kon, **per_ms)


@lru_cache
def _derived(scheme: Scheme, gaba_mM: float, pulse_ms: float, largest: float) -> tuple[tuple[float, ...], float, float]:
    """Coefficients of log(x) in powers of log(fold) up to `largest`, peak without steroid, and the largest x.

    Raises
    ------
    InputError
        The scheme does not reach the fold, or x is no smooth enough function of it.
    """
    peak = kinetics.peak(scheme, gaba_mM, pulse_ms)
    if largest == 1:
        return (0.0,) * FACTORS, peak, 1.0
    # First, for an error that names what was asked rather than a node of the fit.
    kinetics.steroid_factor(scheme, largest, gaba_mM, pulse_ms)
    # A fit of the ratio of logarithms, so that x is exactly 1 without steroid; at Chebyshev nodes.
    logs = np.log(largest) * (1 - np.cos(np.pi * (np.arange(FACTORS + 2) + 0.5) / (FACTORS + 2))) / 2
    ratios = np.log(kinetics.steroid_factor(scheme, np.exp(logs), gaba_mM, pulse_ms)) / logs
    factors = np.polynomial.Polynomial.fit(logs, ratios, FACTORS - 1).convert().coef
    checked = np.linspace(0, np.log(largest), 25)
    x = np.exp(checked * np.polynomial.polynomial.polyval(checked, factors))
    decays = np.array([kinetics.area_over_peak(scheme, gaba_mM, pulse_ms, factor) for factor in x])
    if np.abs(decays / decays[0] / np.exp(checked) - 1).max() > _ACCURACY:
        raise InputError(
            "", f"the decay of this scheme cannot be followed to {largest:g} times; keep nearer to defaults"
        )
    return tuple(factors.tolist()), peak, float(x[-1])
