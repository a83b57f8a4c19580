"""Open probability of a GABA-A receptor with two GABA and two steroid sites, as numbers and as Brian2 text."""

import numpy as np
from brian2 import Quantity

from ..errors import InputError
from ..units import magnitude, quantity
from .subtypes import Receptor

GATING = ("L", "K_gaba", "c_gaba", "K_allo", "c_allo")


def open_probability(gaba, allopregnanolone, receptor: Receptor) -> np.ndarray:
    """Peak open probability, without desensitisation.

    Monod-Wyman-Changeux with two independent sites for each ligand: P = 1/(1 + L F_gaba F_allo), and
    F(x) = ((1 + x/K)/(1 + x/(K c)))^2, where K is the dissociation constant of the resting receptor and c that of the
    open over the resting one. GABA and alfaxalone combine so in concatemeric receptors (Akk and Steinbach group,
    doi:10.1124/mol.117.110569, recalled). The model cannot lower a current: a full agonist's EC50 always falls with
    the steroid, and the peak at saturating GABA always rises.

    Parameters
    ----------
    gaba : array or Quantity
        Plain numbers are uM.
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM. Broadcast against `gaba`.

    Returns
    -------
    numpy.ndarray
        Shape of both broadcast, dimensionless.

    Raises
    ------
    InputError
        Another dimension than concentration, or a negative or not finite value.
    """
    gaba_uM = non_negative(gaba, "uM", "gaba")
    allo_uM = non_negative(allopregnanolone, "nM", "allopregnanolone") / 1000
    return 1 / (
        1
        + receptor.L.value
        * _closed_factor(gaba_uM, receptor.K_gaba.value, receptor.c_gaba.value)
        * _closed_factor(allo_uM, receptor.K_allo.value, receptor.c_allo.value)
    )


def direct_open_probability(allopregnanolone, receptor: Receptor) -> np.ndarray:
    """Open probability by the steroid alone, without GABA; arguments and errors as in `open_probability`."""
    return open_probability(0.0, allopregnanolone, receptor)


def _closed_factor(concentration_uM: np.ndarray, K_uM: float, c: float) -> np.ndarray:
    """Factor by which a ligand multiplies the odds of being closed; 1 without ligand, c^2 at saturation."""
    return ((1 + concentration_uM / K_uM) / (1 + concentration_uM / (K_uM * c))) ** 2


def non_negative(value, unit: str, path: str) -> np.ndarray:
    """Plain array of a quantity in `unit`.

    Raises
    ------
    InputError
        Another dimension, or a negative or not finite value.
    """
    number = magnitude(value, unit, path)
    bad = ~(np.isfinite(number) & (number >= 0))
    if bad.any():
        shown = "" if unit == "1" else f" {unit}"
        raise InputError(path, f"{number[bad].flat[0]}{shown} is negative or not finite; give 0{shown} or more")
    return number


def constants(receptor: Receptor, prefix: str, names: tuple[str, ...] = GATING) -> dict[str, Quantity]:
    """The numbers that an expression of this receptor needs, under the names it uses.

    Parameters
    ----------
    prefix : str
        That of the expression.
    names : tuple of str
        `GATING` for open probability and tonic fold, `DECAY` for the decay factor.
    """
    numbers = {name: getattr(receptor, name) for name in names}
    return {f"{prefix}_{name}": quantity(number.value, number.unit) for name, number in numbers.items()}


def open_probability_expression(gaba: str, allo: str, prefix: str) -> str:
    """`open_probability` as a Brian2 expression.

    Parameters
    ----------
    gaba, allo : str
        Variables or expressions of dimension concentration.
    prefix : str
        The variables `<prefix>_L`, `_K_gaba`, `_c_gaba`, `_K_allo` and `_c_allo` must exist; see `constants`.
    """
    closed_gaba = _closed_factor_expression(gaba, f"{prefix}_K_gaba", f"{prefix}_c_gaba")
    closed_allo = _closed_factor_expression(allo, f"{prefix}_K_allo", f"{prefix}_c_allo")
    return f"(1/(1 + {prefix}_L*{closed_gaba}*{closed_allo}))"


def direct_open_probability_expression(allo: str, prefix: str) -> str:
    """`direct_open_probability` as a Brian2 expression; the names are those of `open_probability_expression`."""
    closed_allo = _closed_factor_expression(allo, f"{prefix}_K_allo", f"{prefix}_c_allo")
    return f"(1/(1 + {prefix}_L*{closed_allo}))"


def _closed_factor_expression(concentration: str, K: str, c: str) -> str:
    return f"((1 + ({concentration})/{K})/(1 + ({concentration})/({K}*{c})))**2"
