"""Prolongation of the inhibitory postsynaptic current by allopregnanolone, as a number and as Brian2 text."""

from collections.abc import Mapping

import numpy as np

from .hill import hill_factor, hill_factor_expression
from .ligands import allopregnanolone_equivalent, benzodiazepine_decay_factor, bind
from .numbers import Receptor, check_broadcast, non_negative

DECAY = ("decay_max", "decay_ec50", "decay_hill")


def decay_factor(allopregnanolone, receptor: Receptor, ligands: Mapping[str, object] | None = None) -> np.ndarray:
    """Decay time constant of the IPSC over that without steroid and other ligands; the peak is unchanged.

    1 + (M - 1) A^n/(A^n + E^n), with M = decay_max, E = decay_ec50 and n = decay_hill. The law is empirical, from
    IPSCs in THDOC (Cooper et al. 1999, doi:10.1111/j.1469-7793.1999.00437.x) and alphaxalone (Harrison et al. 1987,
    doi:10.1523/JNEUROSCI.07-02-00604.1987). It acts on the weighted decay: where there are two components, on the
    slow one, for the fast one is unaffected (Zhu & Vicini 1997). It is not derived from `open_probability`: at 100 nM
    it gives 1.5, where the tonic fold of the recombinant gamma2 receptor is 4.5. Dentate granule cells at P20 show no
    change at 100 nM (Cooper et al. 1999) and need a larger decay_ec50.

    Other steroids count as the allopregnanolone they are equivalent to, competitors divide it, and a ligand of the
    benzodiazepine site multiplies the factor by its own. THIP and pregnenolone sulfate leave it alone. THDOC counts as
    equally potent, for the EC50 measured with it is taken for allopregnanolone unchanged; for gating of gamma2 receptors
    allopregnanolone is about twice as potent as THDOC (`ligands.thdoc`), so the law may understate allopregnanolone.

    Parameters
    ----------
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM.
    ligands : mapping, optional
        From a name in `LIGANDS` to an array (plain numbers are uM) or Quantity, broadcast against the steroid.

    Returns
    -------
    numpy.ndarray
        Shape of all broadcast, dimensionless, 1 or more.

    Raises
    ------
    InputError
        Another dimension than concentration, a negative or not finite value, an unknown ligand, or shapes that do not
        broadcast.
    """
    bound = bind(ligands, receptor)
    allo_uM = non_negative(allopregnanolone, "nM", "allopregnanolone") / 1000
    others = {f"ligands.{name}": uM for name, (_, uM) in zip(ligands or (), bound)}
    check_broadcast({"allopregnanolone": allo_uM} | others)
    equivalent_uM = allopregnanolone_equivalent(allo_uM, bound)
    law = (getattr(receptor, name).value for name in DECAY)
    return hill_factor(equivalent_uM, *law) * benzodiazepine_decay_factor(bound)


def decay_factor_expression(allo: str, prefix: str) -> str:
    """`decay_factor` as a Brian2 expression.

    Parameters
    ----------
    allo : str
        Variable or expression of dimension concentration.
    prefix : str
        The variables `<prefix>_decay_max`, `_decay_ec50` and `_decay_hill` must exist; see `constants` with `DECAY`.
    """
    return hill_factor_expression(allo, *(f"{prefix}_{name}" for name in DECAY))
