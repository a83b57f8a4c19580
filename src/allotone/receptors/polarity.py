"""Fall of an outward current of alpha4 beta delta receptors in allopregnanolone, as a number and as Brian2 text."""

import numpy as np

from ..errors import InputError
from .numbers import Number, Receptor, finite, non_negative

POLARITY_SWITCHES = ("none", "shen_2007")

_SHEN = "Shen et al. 2007, doi:10.1038/nn1868"
_SIGN_ONLY = f"only the sign at 30 nM was seen, {_SHEN}"
SHEN_2007: dict[str, Number] = {
    "reduction": Number(
        0.9, "1", 0.83, 1, "assumed", f"{_SIGN_ONLY}; large enough that 30 nM lowers the current in recombinant too"
    ),
    "K_allo": Number(
        0.01, "uM", 0.001, 0.01, "assumed", f"{_SIGN_ONLY}; low enough that 30 nM lowers the current in recombinant too"
    ),
    "slope": Number(2, "mV", 0.5, 5, "assumed", "steep, but smooth for the integration; no current at its middle"),
}


def check_polarity(receptor: Receptor, path: str = "polarity_switch") -> None:
    """InputError unless the switch can act on a receptor: it needs arginine 353 of alpha4, and the steroid an effect."""
    if receptor.name != "alpha4_beta_delta":
        raise InputError(
            path,
            f"'{receptor.name}' has no such switch: it needs arginine 353 (R353) of the alpha4 subunit ({_SHEN}); "
            "use it with alpha4_beta_delta, or give 'none'",
        )
    if receptor.preparation == "insensitive":
        raise InputError(
            path, "an insensitive receptor is one that the steroid does not touch; give 'none' or another preparation"
        )


def polarity_factor(v, E_gaba, allopregnanolone) -> np.ndarray:
    """Number of alpha4 beta delta receptors that conduct over that without steroid, by the direction of the current.

    1 - r A/(A + K) S, and S = 1/(1 + exp(-(v - E_gaba)/2 mV)) is 1 where the current is outward (chloride flows in) and
    0 where it is inward. Shen et al. 2007 (doi:10.1038/nn1868) report that 30 nM lowers the current of CA1 pyramidal
    cells at puberty with E_gaba -70 and v -50 mV, raises it with E_gaba -30 mV, and does neither without delta subunits
    or R353 of alpha4. Their size was not seen: r = 0.9 and K = 10 nM are assumed, chosen so that at 30 nM the factor,
    .325, outweighs the potentiation of the open probability in `slice` (1.4-fold) and in `recombinant` (2.6-fold),
    but not in `native` (10-fold). The factor levels off at 0.1, so from about 65 nM on the outward current in
    `recombinant` is again larger than without steroid. It multiplies the expression of the receptor, never its open
    probability: no co-agonist model can lower a current. A network divides it by its value in the reference state, where
    the conductance is the stated one. One laboratory, one age, one subtype: off unless asked for.

    Parameters
    ----------
    v, E_gaba : array or Quantity
        Plain numbers are mV.
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM. All broadcast against each other.

    Returns
    -------
    numpy.ndarray
        Dimensionless, above 0.1 and at most 1.

    Raises
    ------
    InputError
        Another dimension, a value that is not finite, or a negative concentration.
    """
    allo_uM = non_negative(allopregnanolone, "nM", "allopregnanolone") / 1000
    driving_mV = finite(v, "mV", "v") - finite(E_gaba, "mV", "E_gaba")
    # The logistic function written so that no voltage overflows, here and in the text.
    outward = (1 + np.tanh(driving_mV / (2 * SHEN_2007["slope"].value))) / 2
    return 1 - SHEN_2007["reduction"].value * allo_uM / (allo_uM + SHEN_2007["K_allo"].value) * outward


def polarity_expression(v: str, E_gaba: str, allo: str) -> str:
    """`polarity_factor` as a Brian2 expression.

    Parameters
    ----------
    v, E_gaba, allo : str
        Variables or expressions of dimension voltage, voltage and concentration.
    """
    bound = f"(({allo})/(({allo}) + {SHEN_2007['K_allo'].value!r}*umolar))"
    outward = f"((1 + tanh((({v}) - ({E_gaba}))/({2 * SHEN_2007['slope'].value!r}*mV)))/2)"
    return f"(1 - {SHEN_2007['reduction'].value!r}*{bound}*{outward})"
