"""Tonic GABA-A conductance relative to its reference state, as numbers and as Brian2 text."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from brian2 import Quantity

from ..errors import InputError, unknown
from ..units import magnitude, parse
from .gating import (
    direct_open_probability,
    direct_open_probability_expression,
    open_probability,
    open_probability_expression,
)
from .ligands import without_agonists
from .numbers import Receptor

RECTIFICATIONS = ("none", "weak", "strong")


@dataclass(frozen=True)
class ReferenceState:
    """The state at which a tonic conductance has its stated value.

    Parameters
    ----------
    gaba : str or Quantity
        Ambient GABA; above 0, for the conductance it evokes is the unit of the fold.
    allopregnanolone : str or Quantity
        At the receptor. 0 is an assumption: slices contain endogenous steroid.
    voltage : str or Quantity

    Raises
    ------
    InputError
        A missing unit, another dimension, no GABA or a negative concentration.
    """

    gaba: Quantity | str = "0.16 uM"
    allopregnanolone: Quantity | str = "0 nM"
    voltage: Quantity | str = "-70 mV"

    def __post_init__(self):
        for name, unit in (("gaba", "uM"), ("allopregnanolone", "nM"), ("voltage", "mV")):
            object.__setattr__(self, name, parse(getattr(self, name), f"reference.{name}", unit))
        if not magnitude(self.gaba, "uM") > 0:
            raise InputError("reference.gaba", f"{self.gaba} evokes no conductance to refer to; give more than 0 uM")
        if magnitude(self.allopregnanolone, "nM") < 0:
            raise InputError("reference.allopregnanolone", f"{self.allopregnanolone} is negative; give 0 nM or more")


def check_reference(receptor: Receptor, reference: ReferenceState, path: str = "reference.gaba") -> None:
    """InputError unless GABA evokes in the reference state what rounding cannot drown: the fold is divided by it."""
    direct = direct_open_probability(reference.allopregnanolone, receptor)
    if not open_probability(reference.gaba, reference.allopregnanolone, receptor) - direct > 1e-9 * direct:
        raise InputError(
            path,
            f"{reference.gaba} evokes no conductance to refer to with this receptor; give more, or change its numbers",
        )


def tonic_fold(
    gaba,
    allopregnanolone,
    receptor: Receptor,
    reference: ReferenceState | None = None,
    constitutive_fraction: float = 0.0,
    ligands: Mapping[str, object] | None = None,
) -> np.ndarray:
    """Tonic conductance over that in the reference state, at the reference voltage.

    (1 - phi) [P(G,A) - P(0,A)]/[P(G_ref,A_ref) - P(0,A_ref)] + phi P(0,A)/P(0,A_ref), where P is the open probability
    and phi the share of the reference current that needs no GABA: up to 0.8 in dentate granule cells by
    Wlodarczyk et al. 2013 (J Neurosci 33:3905). Exactly 1 in the reference state and phi without GABA and extra
    steroid. Far below the GABA EC50 it is about 1/F_allo, whatever the subtype's response to GABA.

    With other ligands X, of which X0 are those that do not bind where GABA does, the evoked part is P(G,A,X) - P(0,A,X0)
    and the constitutive one P(0,A,X0): what an agonist such as THIP opens needs an agonist, and so belongs to the evoked
    part, also where there is no GABA. Modulators and blocks act on both parts. The reference state has no ligands.

    Parameters
    ----------
    gaba : array or Quantity
        Ambient GABA; plain numbers are uM.
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM. Broadcast against `gaba`.
    reference : ReferenceState, optional
        0.16 uM GABA without steroid unless given.
    constitutive_fraction : float
        phi, 0 to 1.
    ligands : mapping, optional
        From a name in `LIGANDS` to an array (plain numbers are uM) or Quantity; broadcast as well.

    Returns
    -------
    numpy.ndarray
        Shape of all broadcast, dimensionless.

    Raises
    ------
    InputError
        Another dimension than concentration, a negative or not finite value, an unknown ligand, phi outside 0 to 1, or a
        reference state in which GABA evokes nothing.
    """
    reference = reference or ReferenceState()
    check_reference(receptor, reference)
    if not 0 <= constitutive_fraction <= 1:
        raise InputError("constitutive_fraction", f"{constitutive_fraction} is not a share; expected 0 to 1")
    direct = direct_open_probability(allopregnanolone, receptor, without_agonists(ligands, receptor))
    direct_ref = direct_open_probability(reference.allopregnanolone, receptor)
    evoked = open_probability(gaba, allopregnanolone, receptor, ligands) - direct
    evoked_ref = open_probability(reference.gaba, reference.allopregnanolone, receptor) - direct_ref
    return (1 - constitutive_fraction) * (evoked / evoked_ref) + constitutive_fraction * (direct / direct_ref)


def tonic_fold_expression(gaba: str, allo: str, prefix: str) -> str:
    """`tonic_fold` as a Brian2 expression.

    Parameters
    ----------
    gaba, allo : str
        Variables or expressions of dimension concentration.
    prefix : str
        Besides the names of `open_probability_expression`, the concentrations `<prefix>_gaba_ref` and
        `<prefix>_allo_ref` and the share `<prefix>_phi` must exist.
    """
    gaba_ref, allo_ref = f"{prefix}_gaba_ref", f"{prefix}_allo_ref"
    direct = direct_open_probability_expression(allo, prefix)
    direct_ref = direct_open_probability_expression(allo_ref, prefix)
    evoked = f"({open_probability_expression(gaba, allo, prefix)} - {direct})"
    evoked_ref = f"({open_probability_expression(gaba_ref, allo_ref, prefix)} - {direct_ref})"
    return f"((1 - {prefix}_phi)*({evoked}/{evoked_ref}) + {prefix}_phi*({direct}/{direct_ref}))"


def rectification_factor(v, kind: str, v_ref=-70.0) -> np.ndarray:
    """Tonic conductance at a voltage over that at the reference voltage.

    "weak" is a Boltzmann curve through the two conductances of Ransom, Wu & Richerson 2010
    (doi:10.1523/JNEUROSCI.0290-10.2010), 15 and 29 pS/pF at -80 and -40 mV; it stays bounded where their straight line
    turns negative. "strong" is the steady-state activation of the tonic mechanism that names Pavlov et al. 2009, about
    31-fold between the same voltages. "none" is 1.

    Parameters
    ----------
    v, v_ref : array or Quantity
        Membrane and reference potential; plain numbers are mV.
    kind : {"none", "weak", "strong"}

    Returns
    -------
    numpy.ndarray
        Shape of both broadcast, dimensionless.

    Raises
    ------
    InputError
        Unknown kind, or another dimension than voltage.
    """
    v_mV, v_ref_mV = magnitude(v, "mV", "v"), magnitude(v_ref, "mV", "v_ref")
    if kind == "weak":
        return (1 + np.exp(-(v_ref_mV + 72.7) / 25)) / (1 + np.exp(-(v_mV + 72.7) / 25))
    if kind == "strong":
        return (1 + _closing_over_opening(v_ref_mV)) / (1 + _closing_over_opening(v_mV))
    if kind == "none":
        return np.ones(np.broadcast_shapes(v_mV.shape, v_ref_mV.shape))
    raise unknown("rectification", "rectification", kind, RECTIFICATIONS)


def _closing_over_opening(v_mV: np.ndarray) -> np.ndarray:
    """Ratio of the rates b = 20 y/(1 - e^-y), y = -.08 (v - 10), and a = 50 x/(1 - e^-x), x = .1 (v + 20)."""
    from scipy.special import exprel

    # x/(1 - e^-x) = 1/exprel(-x), which is defined at x = 0.
    return 0.4 * exprel(-(v_mV + 20) / 10) / exprel((v_mV - 10) / 12.5)


def rectification_expression(kind: str, v: str = "v", v_ref: str = "(-70*mV)") -> str:
    """`rectification_factor` as a Brian2 expression.

    Parameters
    ----------
    kind : {"none", "weak", "strong"}
    v, v_ref : str
        Variables or expressions of dimension voltage.

    Raises
    ------
    InputError
        Unknown kind.
    """
    if kind == "weak":
        return f"((1 + exp(-(({v_ref}) + 72.7*mV)/(25*mV)))/(1 + exp(-(({v}) + 72.7*mV)/(25*mV))))"
    if kind == "strong":
        return f"((1 + {_closing_over_opening_expression(v_ref)})/(1 + {_closing_over_opening_expression(v)}))"
    if kind == "none":
        return "1"
    raise unknown("rectification", "rectification", kind, RECTIFICATIONS)


def _closing_over_opening_expression(v: str) -> str:
    return f"0.4*exprel(-(({v}) + 20*mV)/(10*mV))/exprel((({v}) - 10*mV)/(12.5*mV))"
