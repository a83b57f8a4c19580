"""Published and fitted parameter sets of GABA-A receptor subtypes, one function each."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from brian2 import Quantity

from ..errors import InputError, unknown
from ..units import magnitude, parse
from .numbers import Number, Receptor, Subunit, own_number, without_range

PREPARATIONS = ("slice", "recombinant", "native", "insensitive")

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
_GIELEN = "desensitisation extent 79.8 %, alpha1 beta2 gamma2L, oocytes, Gielen et al. 2015, doi:10.1038/ncomms7829"
_DEEPENED = (
    "peak at 1 mM GABA falls with 1 uM THDOC, alpha1 beta3 gamma2L, Wohlfarth et al. 2002 "
    "(doi:10.1523/JNEUROSCI.22-05-01541.2002): a sign only, which any value above .06 gives; small, for they saw "
    "the extent of desensitisation little changed"
)


def _from_ec50(K: float, ec50: tuple[float, float, float], source: str) -> Number:
    """K_gaba in uM from the GABA EC50 (value, low, high) in uM, to which it is proportional at fixed L and c."""
    value, low, high = ec50
    return Number(K, "uM", K * low / value, K * high / value, "fitted", f"GABA EC50 {value:g} uM, {source}")


_L_GAMMA2 = without_range(9000, "1", "measured", f"picrotoxin on constitutive activity, {_CONCATEMER}")
_L_DELTA = without_range(
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

_Q0 = {
    "gamma2": Number(4.65, "1", 3.6, 6.3, "fitted", f"(1 - f)/(f P_max), f .202 and P_max .85: {_GIELEN}"),
    "delta": without_range(
        2, "1", "assumed", f"hardly any desensitisation by GABA alone, and its appearance in 1 uM steroid: {_WOHLFARTH}"
    ),
}
_q = {
    "gamma2": without_range(0.2, "1", "assumed", _DEEPENED),
    "delta": without_range(0, "1", "assumed", "a constant Q already lets desensitisation appear with the steroid"),
}


def _steroid(subunit: Subunit, preparation: str) -> dict[str, Number]:
    """The steroid's numbers, which are all that a preparation decides, and those of desensitisation.

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
        "Q0": _Q0[subunit],
        "q": _q[subunit],
        "K_q": without_range(0.4, "uM", "assumed", "the affinity of resting gamma2 receptors, recombinant"),
    }
    if preparation == "slice":
        numbers["K_allo"] = _SLICE_K_ALLO[subunit]
        numbers["c_allo"] = without_range(0.46, "1", "fitted", _RECALLED_SLICE)
    elif preparation == "native":
        numbers["K_allo"] = Number(0.05, "uM", 0.02, 0.1, "assumed", _GRANULE_CELL)
    elif preparation == "insensitive":
        numbers["c_allo"] = numbers["decay_max"] = without_range(1, "1", "assumed", _NO_EFFECT)
        numbers["q"] = without_range(0, "1", "assumed", _NO_EFFECT)
    return numbers


def alpha1_beta_gamma2(preparation: str = "slice") -> Receptor:
    """Synaptic receptor of most cells, as expressed in HEK293 cells.

    GABA: EC50 11.6 uM of alpha1 beta2 gamma2L under ultrafast application (NeuroReport, authors not shown); P_max .85
    is assumed, just below the 0.9 of the Forman group 2011 (PMC3108180). Steroid: Chisari et al. 2009, second-hand.
    """
    return Receptor(
        name="alpha1_beta_gamma2", preparation=preparation, subunit="gamma2", role="synaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(20.8, (11.6, 10.7, 12.5), "alpha1 beta2 gamma2L, HEK293, ultrafast application, NeuroReport"),
        c_gaba=without_range(0.00443, "1", "assumed", f"maximal open probability .85, just below {_FORMAN}"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha1_beta_gamma2_concatemer(preparation: str = "slice") -> Receptor:
    """Synaptic receptor of known stoichiometry, in Xenopus oocytes.

    GABA: EC50 34 uM and L 9000, Akk and Steinbach group (doi:10.1124/mol.117.110569, recalled), with P_max 0.9 of the
    Forman group 2011 (PMC3108180). Steroid: Chisari et al. 2009, second-hand.
    """
    return Receptor(
        name="alpha1_beta_gamma2_concatemer", preparation=preparation, subunit="gamma2", role="synaptic", L=_L_GAMMA2,
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
        name=name, preparation=preparation, subunit="gamma2", role="synaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(23, (13, 8.75, 17.42), f"mean of alpha2 and alpha3 beta3 gamma2, {_MORTENSEN}"),
        c_gaba=without_range(0.00443, "1", "assumed", "as in alpha1 beta gamma2"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha5_beta_gamma2(preparation: str = "slice") -> Receptor:
    """Extrasynaptic receptor of hippocampal pyramidal cells.

    GABA: EC50 1.4 uM of alpha5 beta3 gamma2, Mortensen, Patel & Smart 2012 (doi:10.3389/fncel.2012.00001, recalled);
    P_max .80 is assumed. Steroid as in `alpha1_beta_gamma2`, an assumption.
    """
    return Receptor(
        name="alpha5_beta_gamma2", preparation=preparation, subunit="gamma2", role="extrasynaptic", L=_L_GAMMA2,
        K_gaba=_from_ec50(2.06, (1.4, 0.98, 1.82), f"alpha5 beta3 gamma2, {_MORTENSEN}"),
        c_gaba=without_range(0.00527, "1", "assumed", "maximal open probability .80"),
        **_steroid("gamma2", preparation),
    )  # fmt: skip


def alpha4_beta_delta(preparation: str = "slice") -> Receptor:
    """Extrasynaptic receptor of dentate granule cells and thalamocortical cells.

    GABA: EC50 1.0 uM (0.35 to 1.7), Karim et al. 2012, oocytes. P_max .12 and the steroid's affinity: 6.7-fold by 1 uM
    at saturating GABA, Mol Pharmacol 2014;86:20 (doi:10.1124/mol.114.092791).
    """
    return Receptor(
        name="alpha4_beta_delta", preparation=preparation, subunit="delta", role="extrasynaptic", L=_L_DELTA,
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
        name="alpha1_beta_delta", preparation=preparation, subunit="delta", role="extrasynaptic", L=_L_DELTA,
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
        name="alpha6_beta_delta", preparation=preparation, subunit="delta", role="extrasynaptic", L=_L_DELTA,
        K_gaba=_from_ec50(0.088, (0.17, 0.119, 0.221), f"alpha6 beta3 delta, {_MORTENSEN}"),
        c_gaba=without_range(0.020, "1", "assumed", "maximal open probability .20"),
        **_steroid("delta", preparation),
    )  # fmt: skip


SUBTYPES: dict[str, Callable[[str], Receptor]] = {
    subtype.__name__: subtype
    for subtype in (
        alpha1_beta_gamma2, alpha1_beta_gamma2_concatemer, alpha2_beta_gamma2, alpha3_beta_gamma2,
        alpha5_beta_gamma2, alpha4_beta_delta, alpha1_beta_delta, alpha6_beta_delta,
    )
}  # fmt: skip


def receptor(
    name: str,
    preparation: str = "slice",
    path: str = "",
    *,
    potency_ratio: float | str | None = None,
    parameters: Mapping[str, str | float | Quantity] | None = None,
) -> Receptor:
    """The parameter set of a subtype in a preparation, with the user's own numbers in place of some.

    Parameters
    ----------
    name : str
        A key of `SUBTYPES`.
    preparation : {"slice", "recombinant", "native", "insensitive"}
    path : str
        Where the receptor stands in a network; errors name `path`.receptor, `path`.preparation and so on.
    potency_ratio : float, optional
        K_allo of delta receptors over that of gamma2 ones in the same preparation, for delta subtypes only. Below 1 the
        steroid prefers delta receptors, 1 is no preference (Lu, Zorumski & Mennerick 2020, doi:10.3389/fnmol.2020.00006);
        the literature spans 0.3 to 1. Each class has its own number unless given. What it multiplies is the shipped number
        of gamma2 receptors, also where a network gives some of them a K_allo of their own.
    parameters : mapping, optional
        From a name in `PARAMETERS` to text with a unit or a Quantity; to a plain number where it has no unit.

    Raises
    ------
    InputError
        Unknown subtype, preparation or parameter, with the nearest name; a value of another dimension, not positive, not
        finite or outside its meaning; a steroid's number for an insensitive receptor; a potency ratio where it says
        nothing: for a gamma2 or insensitive receptor, or besides K_allo.
    """
    inside = f"{path}." if path else ""
    if name not in SUBTYPES:
        raise unknown(f"{inside}receptor", "receptor", name, SUBTYPES)
    if preparation not in PREPARATIONS:
        raise unknown(f"{inside}preparation", "preparation", preparation, PREPARATIONS)
    found = SUBTYPES[name](preparation)
    where = f"{inside}receptor_parameters" if path else "parameters"
    own = {key: own_number(found, key, value, f"{where}.{key}") for key, value in (parameters or {}).items()}
    if potency_ratio is not None:
        own["K_allo"] = _from_potency_ratio(found, potency_ratio, "K_allo" in own)
    try:
        return replace(found, **own)
    except InputError as error:
        raise InputError(f"{where}.{error.path}", error.message) from None


def _from_potency_ratio(found: Receptor, potency_ratio, given_too: bool) -> Number:
    """K_allo of a delta receptor from that of gamma2 receptors in the same preparation."""
    path = "potency_ratio"
    if found.subunit != "delta":
        raise InputError(path, f"nothing reads this for '{found.name}'; it is for delta receptors, so drop it here")
    if found.preparation == "insensitive":
        raise InputError(path, "nothing reads this, for the preparation 'insensitive' has no steroid effect; drop it")
    if given_too:
        raise InputError(path, "K_allo is given as well, and both say the same; give one of them")
    ratio = float(magnitude(parse(potency_ratio, path, "1"), "1"))
    if ratio <= 0:
        raise InputError(path, f"{ratio:g} is not above 0; expected about 0.3 to 1")
    K_uM = ratio * _steroid("gamma2", found.preparation)["K_allo"].value
    return without_range(K_uM, "uM", "assumed", f"potency_ratio {ratio:g} of gamma2 receptors, set by the user")
