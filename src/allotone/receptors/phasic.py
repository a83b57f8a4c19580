"""Prolongation of the inhibitory postsynaptic current by allopregnanolone, as a number and as Brian2 text."""

import numpy as np

from .gating import non_negative
from .subtypes import Receptor

DECAY = ("decay_max", "decay_ec50", "decay_hill")


def decay_factor(allopregnanolone, receptor: Receptor) -> np.ndarray:
    """Decay time constant of the IPSC over that without steroid; the peak is unchanged.

    1 + (M - 1) A^n/(A^n + E^n), with M = decay_max, E = decay_ec50 and n = decay_hill. The law is empirical, from
    IPSCs in THDOC (Cooper et al. 1999, doi:10.1111/j.1469-7793.1999.00437.x) and alphaxalone (Harrison et al. 1987,
    doi:10.1523/JNEUROSCI.07-02-00604.1987). It acts on the weighted decay: where there are two components, on the
    slow one, for the fast one is unaffected (Zhu & Vicini 1997). It is not derived from `open_probability`: at 100 nM
    it gives 1.5, where the tonic fold of the recombinant gamma2 receptor is 4.5. Dentate granule cells at P20 show no
    change at 100 nM (Cooper et al. 1999) and need a larger decay_ec50.

    Parameters
    ----------
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM.

    Returns
    -------
    numpy.ndarray
        Shape of `allopregnanolone`, dimensionless, 1 or more.

    Raises
    ------
    InputError
        Another dimension than concentration, or a negative or not finite value.
    """
    allo_uM = non_negative(allopregnanolone, "nM", "allopregnanolone") / 1000
    relative = (allo_uM / receptor.decay_ec50.value) ** receptor.decay_hill.value
    return 1 + (receptor.decay_max.value - 1) * (1 - 1 / (1 + relative))


def decay_factor_expression(allo: str, prefix: str) -> str:
    """`decay_factor` as a Brian2 expression.

    Parameters
    ----------
    allo : str
        Variable or expression of dimension concentration.
    prefix : str
        The variables `<prefix>_decay_max`, `_decay_ec50` and `_decay_hill` must exist; see `constants` with `DECAY`.
    """
    relative = f"(({allo})/{prefix}_decay_ec50)**{prefix}_decay_hill"
    return f"(1 + ({prefix}_decay_max - 1)*(1 - 1/(1 + {relative})))"
