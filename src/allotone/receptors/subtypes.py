"""Published and fitted parameter sets of GABA-A receptor subtypes, one function each."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from ..errors import InputError, unknown
from ..units import UNITS

Origin = Literal["measured", "fitted", "assumed"]
Role = Literal["synaptic", "extrasynaptic"]
PREPARATIONS = ("slice", "recombinant", "native", "insensitive")


@dataclass(frozen=True)
class Number:
    """One number of a receptor: value and range in `unit`, how it was obtained, and from what.

    Parameters
    ----------
    value, low, high : float
        In `unit`; `low` and `high` span what the sources allow, and equal `value` where no range was found.
    unit : str
        A unit of `allotone.units.UNITS`.
    origin : {"measured", "fitted", "assumed"}
    source : str
        Author, year, DOI and preparation; for an assumption, why.

    Raises
    ------
    InputError
        Not positive, not finite, or outside its own range; an unknown unit or origin.
    """

    value: float
    unit: str
    low: float
    high: float
    origin: Origin
    source: str

    def __post_init__(self):
        if self.unit not in UNITS:
            raise unknown("receptor number", "unit", self.unit, UNITS)
        if self.origin not in get_args(Origin):
            raise unknown("receptor number", "origin", self.origin, get_args(Origin))
        if not (0 < self.value < math.inf and self.low <= self.value <= self.high):
            raise InputError(
                "receptor number",
                f"{self.value} {self.unit} is not a positive number within its range {self.low} to {self.high}; "
                "correct the value or the range",
            )


@dataclass(frozen=True)
class Receptor:
    """A GABA-A receptor: two-state co-agonist gating, and the law by which a steroid prolongs its IPSC.

    Without ligand the receptor is open with probability 1/(1 + L); open, it binds GABA and steroid 1/c times more
    tightly. The decay numbers are those of a synaptic current, and matter only where the receptor carries one.
    """

    name: str
    preparation: str
    role: Role
    L: Number  # closed over open receptors without ligand, 1
    K_gaba: Number  # dissociation constant of GABA from the resting receptor, uM
    c_gaba: Number  # dissociation constant of GABA, open over resting, 1
    K_allo: Number  # dissociation constant of the steroid from the resting receptor, uM
    c_allo: Number  # dissociation constant of the steroid, open over resting; 1 is no effect
    decay_max: Number  # IPSC decay at saturating steroid over that without; 1 is no effect
    decay_ec50: Number  # steroid concentration of half that effect, uM
    decay_hill: Number  # Hill coefficient of that effect, 1

    @property
    def maximal_open_probability(self) -> float:
        """Open probability at saturating GABA without steroid, P_max."""
        return 1 / (1 + self.L.value * self.c_gaba.value**2)


_CONCATEMER = "alpha1 beta2 gamma2L concatemer, oocytes, Akk and Steinbach group, doi:10.1124/mol.117.110569 (recalled)"
_FORMAN = "0.9 in alpha1 beta2 gamma2L, Forman group 2011, Can J Anaesth (PMC3108180)"
_MORTENSEN = "HEK293, Mortensen, Patel & Smart 2012, doi:10.3389/fncel.2012.00001 (recalled)"
_SATURATING = "6.7-fold by 1 uM on 50 uM GABA, alpha4 beta2 delta, Mol Pharmacol 2014, doi:10.1124/mol.114.092791"
_WOHLFARTH = "THDOC on alpha1 beta3 delta, Wohlfarth, Bianchi & Macdonald 2002, doi:10.1523/JNEUROSCI.22-05-01541.2002"
_CHISARI = "EC50 0.6 uM at 2 uM GABA, alpha1 beta2 gamma2L, oocytes, Chisari et al. 2009 (PMC2724350, second-hand)"
_ALFAXALONE = (
    "value of alfaxalone, from its shift of L (doi:10.1124/mol.117.110569, recalled) and its open probability "
    "(Shin, Germann, Steinbach & Akk 2017, PMC5635521); none was found for allopregnanolone"
)
_RECALLED_SLICE = "calibrated to a recalled tonic fold of about 2 at 100 nM in dentate granule cells; low confidence"
_GRANULE_CELL = (
    "EC50 21 nM, isolated dentate granule cells, Mtchedlishvili & Kapur (PMC2895320, authors recalled); "
    "their GABA EC50 of 18 to 47 uM says gamma2, so the transfer to other subtypes is an assumption"
)
_COOPER = "IPSC decay +25 to +50 % in 50 to 100 nM THDOC, Cooper et al. 1999, doi:10.1111/j.1469-7793.1999.00437.x"
_HARRISON = "IPSC decay 5 to 8-fold in alphaxalone, Harrison et al. 1987, doi:10.1523/JNEUROSCI.07-02-00604.1987"
_NO_EFFECT = "no effect of the steroid, which is what this preparation means"


def _without_range(value: float, unit: str, origin: Origin, source: str) -> Number:
    return Number(value, unit, value, value, origin, source)


def _from_ec50(K: float, ec50: tuple[float, float, float], source: str) -> Number:
    """K_gaba in uM from the GABA EC50 (value, low, high) in uM, to which it is proportional at fixed L and c."""
    value, low, high = ec50
    return Number(K, "uM", K * low / value, K * high / value, "fitted", f"GABA EC50 {value:g} uM, {source}")


_L_GAMMA2 = _without_range(9000, "1", "measured", f"picrotoxin on constitutive activity, {_CONCATEMER}")
_L_DELTA = _without_range(
    1e4, "1", "assumed",
    "no spontaneous activity of alpha4 beta3 delta, Patel, Mortensen & Smart 2014, doi:10.1111/bph.12514",
)  # fmt: skip

_RECOMBINANT_K_ALLO = {
    "gamma2": Number(0.40, "uM", 0.03, 0.6, "fitted", _CHISARI),
    "delta": Number(0.25, "uM", 0.05, 0.4, "fitted", f"{_SATURATING}; {_WOHLFARTH}"),
}
_SLICE_K_ALLO = {
    "gamma2": Number(0.30, "uM", 0.03, 0.6, "fitted", _RECALLED_SLICE),
    "delta": Number(0.19, "uM", 0.05, 0.4, "fitted", _RECALLED_SLICE),
}


def _steroid(subunit: Literal["gamma2", "delta"], preparation: str) -> dict[str, Number]:
    """The steroid's numbers, which are all that a preparation decides.

    `recombinant` is for receptor figures: larger than slices report. `slice` is for networks, `native` takes its affinity
    from isolated neurons, and `insensitive` is a receptor that the steroid does not touch (a knock-in).

    Raises
    ------
    InputError
        Unknown preparation.
    """
    if preparation not in PREPARATIONS:
        raise unknown("preparation", "preparation", preparation, PREPARATIONS)
    numbers = {
        "K_allo": _RECOMBINANT_K_ALLO[subunit],
        "c_allo": Number(0.15, "1", 0.1, 0.25, "assumed", _ALFAXALONE),
        "decay_max": Number(5, "1", 4, 8, "fitted", _HARRISON),
        "decay_ec50": Number(0.5, "uM", 0.3, 0.8, "fitted", _COOPER),
        "decay_hill": Number(1.2, "1", 1, 1.5, "fitted", _COOPER),
    }
    if preparation == "slice":
        numbers["K_allo"] = _SLICE_K_ALLO[subunit]
        numbers["c_allo"] = _without_range(0.46, "1", "fitted", _RECALLED_SLICE)
    elif preparation == "native":
        numbers["K_allo"] = Number(0.05, "uM", 0.02, 0.1, "assumed", _GRANULE_CELL)
    elif preparation == "insensitive":
        numbers["c_allo"] = numbers["decay_max"] = _without_range(1, "1", "assumed", _NO_EFFECT)
    return numbers


def alpha1_beta_gamma2(preparation: str = "slice") -> Receptor:
    """Synaptic receptor of most cells, as expressed in HEK293 cells.

    GABA: EC50 11.6 uM of alpha1 beta2 gamma2L under ultrafast application (NeuroReport, authors not shown); P_max .85
    is assumed, just below the 0.9 of the Forman group 2011 (PMC3108180). Steroid: Chisari et al. 2009, second-hand.
    """
    return Receptor(
        name="alpha1_beta_gamma2", preparation=preparation, role="synaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(20.8, (11.6, 10.7, 12.5), "alpha1 beta2 gamma2L, HEK293, ultrafast application, NeuroReport"),
        c_gaba=_without_range(0.00443, "1", "assumed", f"maximal open probability .85, just below {_FORMAN}"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha1_beta_gamma2_concatemer(preparation: str = "slice") -> Receptor:
    """Synaptic receptor of known stoichiometry, in Xenopus oocytes.

    GABA: EC50 34 uM and L 9000, Akk and Steinbach group (doi:10.1124/mol.117.110569, recalled), with P_max 0.9 of the
    Forman group 2011 (PMC3108180). Steroid: Chisari et al. 2009, second-hand.
    """
    return Receptor(
        name="alpha1_beta_gamma2_concatemer", preparation=preparation, role="synaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(79.7, (34, 26, 42), _CONCATEMER),
        c_gaba=Number(0.00351, "1", 0.003, 0.0042, "fitted", f"maximal open probability {_FORMAN}"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha2_beta_gamma2(preparation: str = "slice") -> Receptor:
    """Synaptic receptor of axon initial segments and forebrain principal cells.

    GABA: EC50 13.4 and 12.5 uM of alpha2 and alpha3 beta3 gamma2, taken as one 13 uM, Mortensen, Patel & Smart 2012
    (doi:10.3389/fncel.2012.00001, recalled). P_max and steroid as in `alpha1_beta_gamma2`, an assumption.
    """
    return _alpha2_or_3("alpha2_beta_gamma2", preparation)


def alpha3_beta_gamma2(preparation: str = "slice") -> Receptor:
    """Synaptic receptor of the reticular thalamus and the developing brain.

    The numbers of `alpha2_beta_gamma2`: one EC50 of 13 uM stands for both, Mortensen, Patel & Smart 2012
    (doi:10.3389/fncel.2012.00001, recalled).
    """
    return _alpha2_or_3("alpha3_beta_gamma2", preparation)


def _alpha2_or_3(name: str, preparation: str) -> Receptor:
    return Receptor(
        name=name, preparation=preparation, role="synaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(23, (13, 8.75, 17.42), f"mean of alpha2 and alpha3 beta3 gamma2, {_MORTENSEN}"),
        c_gaba=_without_range(0.00443, "1", "assumed", "as in alpha1 beta gamma2"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha5_beta_gamma2(preparation: str = "slice") -> Receptor:
    """Extrasynaptic receptor of hippocampal pyramidal cells.

    GABA: EC50 1.4 uM of alpha5 beta3 gamma2, Mortensen, Patel & Smart 2012 (doi:10.3389/fncel.2012.00001, recalled);
    P_max .80 is assumed. Steroid as in `alpha1_beta_gamma2`, an assumption.
    """
    return Receptor(
        name="alpha5_beta_gamma2", preparation=preparation, role="extrasynaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(2.06, (1.4, 0.98, 1.82), f"alpha5 beta3 gamma2, {_MORTENSEN}"),
        c_gaba=_without_range(0.00527, "1", "assumed", "maximal open probability .80"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha4_beta_delta(preparation: str = "slice") -> Receptor:
    """Extrasynaptic receptor of dentate granule cells and thalamocortical cells.

    GABA: EC50 1.0 uM (0.35 to 1.7), Karim et al. 2012, oocytes. P_max .12 and the steroid's affinity: 6.7-fold by 1 uM
    at saturating GABA, Mol Pharmacol 2014;86:20 (doi:10.1124/mol.114.092791).
    """
    return Receptor(
        name="alpha4_beta_delta", preparation=preparation, role="extrasynaptic", L=_L_DELTA,
        K_gaba=_from_ec50(0.48, (1.0, 0.35, 1.7), "alpha4 beta2 delta, oocytes, Karim et al. 2012, Biochem Pharmacol"),
        c_gaba=Number(0.0271, "1", 0.0238, 0.03, "fitted", f"maximal open probability .12 (.10 to .15): {_SATURATING}"),
        **_steroid("delta", preparation),
    )  # fmt: skip


def alpha1_beta_delta(preparation: str = "slice") -> Receptor:
    """Extrasynaptic receptor of parvalbumin interneurons.

    GABA: EC50 3.7 uM of alpha1 beta3 delta, Mortensen, Patel & Smart 2012 (doi:10.3389/fncel.2012.00001, recalled).
    P_max .10 (.08 to .11): Wohlfarth, Bianchi & Macdonald 2002 (doi:10.1523/JNEUROSCI.22-05-01541.2002).
    """
    return Receptor(
        name="alpha1_beta_delta", preparation=preparation, role="extrasynaptic", L=_L_DELTA,
        K_gaba=_from_ec50(1.75, (3.7, 2.59, 4.81), f"alpha1 beta3 delta, {_MORTENSEN}"),
        c_gaba=Number(0.030, "1", 0.0284, 0.0339, "fitted", f"maximal open probability .10 (.08 to .11): {_WOHLFARTH}"),
        **_steroid("delta", preparation),
    )  # fmt: skip


def alpha6_beta_delta(preparation: str = "slice") -> Receptor:
    """Extrasynaptic receptor of cerebellar granule cells.

    GABA: EC50 0.17 uM of alpha6 beta3 delta, Mortensen, Patel & Smart 2012 (doi:10.3389/fncel.2012.00001, recalled);
    P_max .20 is assumed. Steroid as in `alpha4_beta_delta`, an assumption: it may as well be `insensitive`.
    """
    return Receptor(
        name="alpha6_beta_delta", preparation=preparation, role="extrasynaptic", L=_L_DELTA,
        K_gaba=_from_ec50(0.088, (0.17, 0.119, 0.221), f"alpha6 beta3 delta, {_MORTENSEN}"),
        c_gaba=_without_range(0.020, "1", "assumed", "maximal open probability .20"),
        **_steroid("delta", preparation),
    )  # fmt: skip


SUBTYPES: dict[str, Callable[[str], Receptor]] = {
    subtype.__name__: subtype
    for subtype in (
        alpha1_beta_gamma2, alpha1_beta_gamma2_concatemer, alpha2_beta_gamma2, alpha3_beta_gamma2,
        alpha5_beta_gamma2, alpha4_beta_delta, alpha1_beta_delta, alpha6_beta_delta,
    )
}  # fmt: skip


def receptor(name: str, preparation: str = "slice", path: str = "") -> Receptor:
    """The parameter set of a subtype in a preparation.

    Parameters
    ----------
    name : str
        A key of `SUBTYPES`.
    preparation : {"slice", "recombinant", "native", "insensitive"}
    path : str
        Where the receptor stands; errors name `path`.receptor or `path`.preparation.

    Raises
    ------
    InputError
        Unknown subtype or preparation, with the nearest name.
    """
    inside = f"{path}." if path else ""
    if name not in SUBTYPES:
        raise unknown(f"{inside}receptor", "receptor", name, SUBTYPES)
    if preparation not in PREPARATIONS:
        raise unknown(f"{inside}preparation", "preparation", preparation, PREPARATIONS)
    return SUBTYPES[name](preparation)
