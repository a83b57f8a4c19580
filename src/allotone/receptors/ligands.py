"""Other ligands of the receptor, by the same energetics as GABA and allopregnanolone; one function each.

To add one, write a function from a `Receptor` to a `Ligand`, a `Block` or None (where the receptor has no site for it),
and put it into `LIGANDS` under its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import InputError, unknown
from .numbers import Number, Origin, Receptor, non_negative, without_range

Site = Literal["gaba", "steroid", "benzodiazepine"]

# How many sites of each kind a receptor has, all alike and independent.
SITES: dict[Site, int] = {"gaba": 2, "steroid": 2, "benzodiazepine": 1}


@dataclass(frozen=True)
class Ligand:
    """What a ligand of one of the receptor's sites does there. Ligands of one site compete for it.

    The energies of gating and the empirical laws of `phasic` and of desensitisation are separate facts, for a ligand as
    for allopregnanolone.
    """

    site: Site
    K: Number  # dissociation constant from the resting receptor, uM
    c: Number  # dissociation constant, open over resting: below 1 opens, 1 only occupies the site
    potency: Number | None = None  # steroids: over allopregnanolone's in the empirical laws; None only competes
    decay_max: Number | None = None  # benzodiazepines: IPSC decay at saturation over that without; None only competes

    def __post_init__(self):
        if self.site not in SITES:
            raise unknown("ligand", "site", self.site, SITES)
        if not (self.K.value > 0 and self.c.value > 0):
            raise InputError("ligand", f"K {self.K.value:g} uM, c {self.c.value:g}: both must be above 0")


@dataclass(frozen=True)
class Block:
    """A non-competitive block, which leaves a share 1 - maximum x/(x + ic50) of the open probability."""

    ic50: Number  # concentration of half the block, uM
    maximum: Number  # share that is blocked at saturation, 0 to 1

    def __post_init__(self):
        if not (self.ic50.value > 0 and self.maximum.value <= 1):
            raise InputError(
                "ligand",
                f"ic50 {self.ic50.value:g} uM, maximum {self.maximum.value:g}: the first must be above 0, "
                "the second at most 1",
            )


Bound = list[tuple[Ligand | Block | None, np.ndarray]]


def bind(ligands: Mapping[str, object] | None, receptor: Receptor) -> Bound:
    """Each ligand as it acts on the receptor, None where it has no site there, with its concentration in uM.

    Parameters
    ----------
    ligands : mapping, optional
        From a name in `LIGANDS` to an array of uM or a Quantity.

    Raises
    ------
    InputError
        No mapping, an unknown name, another dimension than concentration, or a negative or not finite value.
    """
    bound = []
    for name, concentration in _by_name(ligands).items():
        if name not in LIGANDS:
            raise unknown("ligands", "ligand", name, LIGANDS)
        bound.append((LIGANDS[name](receptor), non_negative(concentration, "uM", f"ligands.{name}")))
    return bound


def _by_name(ligands: Mapping[str, object] | None) -> Mapping[str, object]:
    """The ligands as they were given, none if nothing was; InputError for what does not give each a concentration."""
    if ligands is None or isinstance(ligands, Mapping):
        return ligands or {}
    raise InputError(
        "ligands", f"{ligands!r} names no concentrations; expected a mapping such as {{'thip': 1.0}}, in uM"
    )


def without_agonists(ligands: Mapping[str, object] | None, receptor: Receptor) -> dict[str, object]:
    """The ligands but for those that bind where GABA does."""
    return {
        name: concentration
        for name, concentration in _by_name(ligands).items()
        if name not in LIGANDS or getattr(LIGANDS[name](receptor), "site", None) != "gaba"
    }


def closed_factor(site: Site, own: tuple[np.ndarray, Number, Number] | None, bound: Bound) -> np.ndarray | float:
    """Factor by which the ligands of a site multiply the odds of being closed; 1 without any.

    [(1 + sum x/K)/(1 + sum x/(K c))]^n over the ligands of the site, with n from `SITES`.

    Parameters
    ----------
    own : tuple, optional
        Concentration in uM, K and c of the site's own ligand: GABA or allopregnanolone.
    """
    there = [] if own is None else [own]
    there += [(uM, ligand.K, ligand.c) for ligand, uM in _at(site, bound)]
    resting = 1 + sum(uM / K.value for uM, K, _ in there)
    opened = 1 + sum(uM / (K.value * c.value) for uM, K, c in there)
    return (resting / opened) ** SITES[site]


def _at(site: Site, bound: Bound) -> list[tuple[Ligand, np.ndarray]]:
    return [(ligand, uM) for ligand, uM in bound if isinstance(ligand, Ligand) and ligand.site == site]


def unblocked(bound: Bound) -> np.ndarray:
    """Share of the open probability that the blocks leave, 0 to 1; independent blocks multiply.

    Shape of all concentrations broadcast, also of those that do nothing here.
    """
    share = _ones(bound)
    for block, uM in bound:
        if isinstance(block, Block):
            share = share * (1 - block.maximum.value * uM / (uM + block.ic50.value))
    return share


def _ones(bound: Bound) -> np.ndarray:
    return np.ones(np.broadcast_shapes(*(uM.shape for _, uM in bound)))


def allopregnanolone_equivalent(allo_uM: np.ndarray, bound: Bound) -> np.ndarray:
    """Allopregnanolone in uM that does in the empirical laws what all steroids together do.

    Active steroids add by their potency; one without potency of its own competes, so that 1 + x/K times more of the
    others is needed (Gaddum).
    """
    active, competition = allo_uM, 1.0
    for ligand, uM in _at("steroid", bound):
        if ligand.potency is None:
            competition = competition + uM / ligand.K.value
        else:
            active = active + ligand.potency.value * uM
    return active / competition


def benzodiazepine_decay_factor(bound: Bound) -> np.ndarray:
    """Decay of the IPSC over that without, by ligands of the benzodiazepine site.

    1 + sum (decay_max - 1) times the share of sites that each occupies; shape as of `unblocked`.
    """
    here = [(ligand, uM / ligand.K.value) for ligand, uM in _at("benzodiazepine", bound)]
    free = 1 + sum(relative for _, relative in here)
    longer = sum((one.decay_max.value - 1) * relative / free for one, relative in here if one.decay_max is not None)
    return _ones(bound) + longer


def _times(base: Number, ratio: float, low: float, high: float, origin: Origin, source: str) -> Number:
    """A number known as a multiple, `low` to `high`, of that of the site's own ligand, which it follows."""
    return Number(base.value * ratio, base.unit, base.value * low, base.value * high, origin, source)


def _power(base: Number, energy: float, low: float, high: float, origin: Origin, source: str) -> Number:
    """The c of a ligand whose energy of opening is `energy`, `low` to `high`, times that of the site's own ligand."""
    return Number(base.value**energy, base.unit, base.value**high, base.value**low, origin, source)


_CHISARI = "alpha1 beta2 gamma2L, oocytes, 2 uM GABA, Chisari et al. 2009 (PMC2724350, second-hand)"
_COOPER = "the law's EC50 was measured with THDOC, Cooper et al. 1999, doi:10.1111/j.1469-7793.1999.00437.x"
_VB = (
    "THIP in thalamic slices of wild-type and delta-deficient mice, Herd et al. 2009, Eur J Neurosci (authors recalled)"
)


def thdoc(receptor: Receptor) -> Ligand:
    """Tetrahydrodeoxycorticosterone, the steroid of stress.

    At gamma2 receptors 2.17 times less potent than allopregnanolone (EC50 1.3 against 0.6 uM, Chisari et al. 2009); at
    delta ones K .20 uM where allopregnanolone has .25, by Wohlfarth, Bianchi & Macdonald 2002
    (doi:10.1523/JNEUROSCI.22-05-01541.2002). The efficacy of allopregnanolone is assumed. K is a multiple and c a
    power of allopregnanolone's at the same receptor, so that preparations and changed numbers carry over. In the empirical
    laws both are equally potent: that of the IPSC was measured with THDOC and is used for allopregnanolone unchanged.
    """
    if receptor.subunit == "delta":
        wohlfarth = "K .20 uM: more than +800 % by 1 uM, Wohlfarth et al. 2002, doi:10.1523/JNEUROSCI.22-05-01541.2002"
        K = _times(receptor.K_allo, 0.8, 0.8, 0.8, "fitted", wohlfarth)
    else:
        K = _times(receptor.K_allo, 2.17, 2.17, 2.17, "measured", f"EC50 1.3 over 0.6 uM, {_CHISARI}")
    c = _power(
        receptor.c_allo, 1, 1, 1, "assumed", "efficacy of allopregnanolone; both are full modulators of the same class"
    )
    potency = without_range(
        1, "1", "assumed", f"that of allopregnanolone, for {_COOPER}, and is used for both unchanged"
    )
    return Ligand("steroid", K, c, potency=potency)


def alfaxalone(receptor: Receptor) -> Ligand:
    """Synthetic anaesthetic steroid, from which the efficacy of allopregnanolone was taken.

    K .96 uM and c .152 in recombinant gamma2 receptors, from its shift of L to 606 by 1 uM (Akk and Steinbach group,
    doi:10.1124/mol.117.110569, recalled) and its open probability (Shin, Germann, Steinbach & Akk 2017, PMC5635521).
    The model then gives an EC50 of 1.5 uM on 2 uM GABA where Chisari et al. 2009 measured 4.6, which needs a K of 2.9 uM:
    two laboratories disagree threefold. The same ratio to allopregnanolone is assumed at delta receptors.
    """
    source = "L 606 in 1 uM, doi:10.1124/mol.117.110569 (recalled), and Shin et al. 2017, PMC5635521"
    origin: Origin = "assumed" if receptor.subunit == "delta" else "fitted"
    if receptor.subunit == "delta":
        source = f"ratio to allopregnanolone as in gamma2 receptors: {source}"
    K = _times(receptor.K_allo, 2.4, 2.4, 7.35, origin, f"{source}; high end {_CHISARI}")
    potency = without_range(0.9, "1", "assumed", f"its affinity over that of THDOC, 2.17/2.4; {_COOPER}")
    return Ligand("steroid", K, _power(receptor.c_allo, 0.993, 0.993, 0.993, origin, source), potency=potency)


def isoallopregnanolone(receptor: Receptor) -> Ligand:
    """The 3 beta epimer of allopregnanolone, here a pure competitor: it occupies the steroid site without effect.

    Ki 10.5 uM is that of epipregnanolone, another 3 beta steroid, against pregnanolone in flunitrazepam binding (Kirkness
    & Turner 1992, doi:10.1016/0304-3940(92)90454-F); the transfer is an assumption. Competition at this affinity cannot
    explain that half the exposure of allopregnanolone antagonises it in people (PMID 25459890): at 100 nM of one and
    50 nM of the other it takes away less than 1 % of the effect. That antagonism is probably not competitive but a deeper
    desensitisation (Chen, Covey, Evers, authors recalled, 2022, doi:10.2174/1570159X19666211202150041), which is not
    modelled.
    """
    kirkness = "Ki of epipregnanolone, Kirkness & Turner 1992, doi:10.1016/0304-3940(92)90454-F"
    K = without_range(10.5, "uM", "assumed", f"{kirkness}, taken for its 5 alpha relative")
    return Ligand("steroid", K, without_range(1, "1", "assumed", "3 beta steroids do not potentiate"))


def pregnenolone_sulfate(receptor: Receptor) -> Block:
    """Sulfated steroid that blocks, whatever GABA and other steroids do.

    IC50 13 uM, at most 85.5 %, isolated dentate granule cells, Mtchedlishvili & Kapur (PMC2895320, authors recalled). The
    same block of delta receptors is an assumption.
    """
    source = "isolated dentate granule cells, Mtchedlishvili & Kapur, PMC2895320 (authors recalled)"
    origin: Origin = "measured"
    if receptor.subunit == "delta":
        origin, source = "assumed", f"as in gamma2 receptors: {source}"
    return Block(Number(13, "uM", 7, 19, origin, source), Number(0.855, "1", 0.82, 0.89, origin, source))


_PURKINJE = "neonatal rat neurons, 1 uM GABA, Neuropharmacology 1996, doi:10.1016/0028-3908(95)00158-1"


def zolpidem(receptor: Receptor) -> Ligand | None:
    """Hypnotic at the benzodiazepine site; none on delta receptors, and it fails to bind alpha5 ones.

    Affinity and efficacy: EC50 33 nM and +189 % in Purkinje cells (alpha1), 195 nM and +236 % in striatal ones (taken for
    alpha2 and alpha3), on 1 uM GABA where the GABA EC50 is 4 and 8 uM (Neuropharmacology 1996;35:137,
    doi:10.1016/0028-3908(95)00158-1), fitted at the same fraction of the EC50. No binding at alpha5: Crestani et al. 2000
    (doi:10.1038/sj.bjp.0703717, authors recalled). The prolongation is fitted to +66 % of phasic charge by 0.5 uM in
    dentate granule cells, whose tonic current did not change (Nusser & Mody 2002, J Neurophysiol 87:2624), with the
    affinity of alpha1; that 10 uM lengthens cortical IPSCs to 163 +/- 14 % (Perrais & Ropert 1999, J Neurosci 19:578) was
    not used.
    """
    alpha = receptor.name.split("_")[0]
    if receptor.subunit == "delta" or alpha not in _ZOLPIDEM:
        return None
    K, ec50, most, cells = _ZOLPIDEM[alpha]
    nusser = "+66 % of phasic charge by 0.5 uM, dentate granule cells, Nusser & Mody 2002, J Neurophysiol 87:2624"
    return Ligand(
        "benzodiazepine",
        without_range(K, "uM", "fitted", f"EC50 {ec50} nM in {cells}, {_PURKINJE}"),
        without_range(0.28, "1", "fitted", f"{most} in {cells}, {_PURKINJE}"),
        decay_max=without_range(1.71, "1", "fitted", nusser),
    )


_ZOLPIDEM = {
    "alpha1": (0.040, 33, "+189 %", "Purkinje cells"),
    "alpha2": (0.21, 195, "+236 %", "striatal neurons"),
    "alpha3": (0.21, 195, "+236 %", "striatal neurons"),
}


def thip(receptor: Receptor) -> Ligand:
    """Gaboxadol: at delta receptors an agonist of higher efficacy than GABA, at gamma2 ones a weak partial one.

    Fitted to thalamic slices: 1 uM adds 309 pA to a tonic current of 92 pA, and without delta 18 pA to 13 pA (Herd et al.
    2009, Eur J Neurosci, authors recalled), so that the delta part gains 291 on 79 pA; alpha4 beta delta and alpha1 beta
    gamma2, at 0.16 uM ambient GABA. The efficacies at saturation are assumed: 1.6 of GABA's at delta (Brown et al. 2002,
    doi:10.1038/sj.bjp.0704795, recalled) and 0.8 at gamma2. IPSCs are not affected. K is a multiple and c a power of
    GABA's at the same receptor.
    """
    if receptor.subunit == "delta":
        K = _times(receptor.K_gaba, 3.5, 1.6, 9.2, "fitted", f"+291 pA on 79 pA by 1 uM, {_VB}")
        brown = "1.6 (1.2 to 2.2) of the maximum of GABA, Brown et al. 2002, doi:10.1038/sj.bjp.0704795 (recalled)"
        c = _power(receptor.c_gaba, 1.076, 1.03, 1.14, "assumed", brown)
    else:
        K = _times(receptor.K_gaba, 4.9, 2.3, 11.8, "fitted", f"+18 pA on 13 pA by 1 uM without delta, {_VB}")
        c = _power(receptor.c_gaba, 0.91, 0.81, 1, "assumed", "0.8 (0.5 to 1) of the maximum of GABA: partial agonist")
    return Ligand("gaba", K, c)


LIGANDS: dict[str, Callable[[Receptor], Ligand | Block | None]] = {
    ligand.__name__: ligand for ligand in (thdoc, alfaxalone, pregnenolone_sulfate, isoallopregnanolone, zolpidem, thip)
}
