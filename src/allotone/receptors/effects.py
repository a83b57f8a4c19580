"""Actions of allopregnanolone on other targets than GABA-A receptors: multipliers that rise or fall with concentration."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from brian2 import Quantity

from ..errors import unknown
from ..units import quantity
from .hill import hill_factor, hill_factor_expression
from .numbers import Number, non_negative

LAW = ("maximum", "ec50", "hill")


@dataclass(frozen=True)
class Effect:
    """A factor on some number of a model: 1 without steroid, `maximum` at saturation.

    Attributes
    ----------
    name : str
    target : str
        What the evidence is about, in words, which `show` prints; it does not limit which numbers may be multiplied.
    maximum, ec50, hill : Number
        Factor at saturation (below 1 for a block), concentration of half the effect (uM), Hill coefficient.
    evidence_nM : (float, float)
        Lowest and highest concentration at which the effect was seen. Outside, the law is an extrapolation.
    """

    name: str
    target: str
    maximum: Number
    ec50: Number
    hill: Number
    evidence_nM: tuple[float, float]


def effect_factor(allopregnanolone, effect: Effect) -> np.ndarray:
    """Factor 1 + (maximum - 1) A^n/(A^n + ec50^n).

    Parameters
    ----------
    allopregnanolone : array or Quantity
        At the target; plain numbers are nM.

    Returns
    -------
    numpy.ndarray
        Shape of `allopregnanolone`, dimensionless.

    Raises
    ------
    InputError
        Another dimension than concentration, or a negative or not finite value.
    """
    allo_uM = non_negative(allopregnanolone, "nM", "allopregnanolone") / 1000
    return hill_factor(allo_uM, effect.maximum.value, effect.ec50.value, effect.hill.value)


def effect_constants(effect: Effect, prefix: str) -> dict[str, Quantity]:
    """The numbers that `effect_expression` needs, under the names it uses."""
    numbers = {name: getattr(effect, name) for name in LAW}
    return {f"{prefix}_{name}": quantity(number.value, number.unit) for name, number in numbers.items()}


def effect_expression(allo: str, prefix: str) -> str:
    """`effect_factor` as a Brian2 expression.

    Parameters
    ----------
    allo : str
        Variable or expression of dimension concentration.
    prefix : str
        The variables `<prefix>_maximum`, `_ec50` and `_hill` must exist; see `effect_constants`.
    """
    return hill_factor_expression(allo, *(f"{prefix}_{number}" for number in LAW))


_NO_CURVE = "no concentration curve was found"
_HILL = Number(1, "1", 0.5, 2, "assumed", f"one site; {_NO_CURVE}")


def presynaptic_release() -> Effect:
    """Release of GABA, raised by the depolarising GABA-A receptors of terminals.

    2 uM raises the frequency of spontaneous IPSCs of medial preoptic neurons with their terminals, rat: Haage et al.
    2002 (doi:10.1016/s0006-8993(02)03704-6), and Am J Physiol Endocrinol Metab 2002;283:E1257
    (doi:10.1152/ajpendo.00049.2002), where bumetanide or the lack of calcium blocks it. Only the sign was seen: the
    size is assumed, and it holds for terminals whose chloride is high. Where extracellular potassium is high the
    frequency falls instead; for such terminals give a `maximum` below 1 of your own.
    """
    return Effect(
        "presynaptic_release", "release from inhibitory terminals: weight, amplitude_factor, release probability U, or rate",
        maximum=Number(1.5, "1", 0.5, 2, "assumed", "only the sign at 2 uM was seen; it reverses with terminal chloride"),
        ec50=Number(1, "uM", 0.1, 2, "assumed", f"below the 2 uM that were applied; {_NO_CURVE}"),
        hill=_HILL, evidence_nM=(2000, 2000),
    )  # fmt: skip


def t_type_calcium() -> Effect:
    """T-type calcium conductance, blocked by related steroids.

    5beta-reduced steroids: IC50 2.8 to 40 uM at -90 mV, rat sensory neurons, Todorovic et al. 2004 (Mol Pharmacol 66:1223);
    epipregnanolone 2 uM, Ayoola et al. 2014. Allopregnanolone, a 5alpha steroid, is named there as a blocker, but no
    IC50 of its own was seen: the one of its relatives is an assumption.
    """
    return Effect(
        "t_type_calcium", "conductance of T-type calcium channels",
        maximum=Number(0, "1", 0, 0.5, "assumed", "complete block; its extent at saturation was not seen"),
        ec50=Number(10, "uM", 2, 40, "assumed", "IC50 of 5beta steroids, Todorovic et al. 2004; epipregnanolone 2 uM"),
        hill=_HILL, evidence_nM=(2000, 40000),
    )  # fmt: skip


def nmda() -> Effect:
    """NMDA conductance: an upper bound, the curve of a relative that acts where allopregnanolone hardly does.

    Pregnanolone sulfate: IC50 62 uM, Park-Chung et al. 1994 (recalled). Unsulfated steroids have little effect
    (recalled), so that the true factor lies between this one and 1. For AMPA receptors no number was found.
    """
    return Effect(
        "nmda", "conductance of NMDA receptors",
        maximum=Number(0, "1", 0, 1, "assumed", "complete block by the sulfate; the unsulfated steroid has little effect"),
        ec50=Number(62, "uM", 62, 62, "assumed", "IC50 of pregnanolone sulfate, Park-Chung et al. 1994 (recalled)"),
        hill=_HILL, evidence_nM=(62000, 62000),
    )  # fmt: skip


EFFECTS: dict[str, Callable[[], Effect]] = {law.__name__: law for law in (presynaptic_release, t_type_calcium, nmda)}


def effect(name: str, path: str = "effect") -> Effect:
    """A shipped law by name; InputError at `path` with the nearest name if there is none."""
    if name not in EFFECTS:
        raise unknown(path, "effect", name, EFFECTS)
    return EFFECTS[name]()
