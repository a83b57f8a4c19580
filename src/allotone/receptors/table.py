"""Dose-response of a receptor as the columns of a CSV file."""

import numpy as np

from .gating import direct_open_probability, open_probability
from .numbers import Receptor, non_negative
from .phasic import decay_factor


def receptor_table(receptor: Receptor, gaba, allopregnanolone) -> dict[str, np.ndarray]:
    """What each concentration of steroid does at each concentration of GABA.

    Parameters
    ----------
    gaba, allopregnanolone : array or Quantity
        Shape (n,) and (m,), or one value; plain numbers are uM and nM.

    Returns
    -------
    dict of str to numpy.ndarray
        Columns of length n m, GABA outer: `gaba_uM`, `allopregnanolone_nM`, `open_probability`, `fold` (open
        probability over that at the same GABA without steroid), `direct_open_probability` (without GABA) and
        `decay_factor` (of the IPSC over that without steroid).

    Raises
    ------
    InputError
        Another dimension than concentration, or a negative or not finite value.
    """
    gaba_uM = np.ravel(non_negative(gaba, "uM", "gaba"))
    allo_nM = np.ravel(non_negative(allopregnanolone, "nM", "allopregnanolone"))
    gaba_uM, allo_nM = np.repeat(gaba_uM, allo_nM.size), np.tile(allo_nM, gaba_uM.size)
    probability = open_probability(gaba_uM, allo_nM, receptor)
    return {
        "gaba_uM": gaba_uM,
        "allopregnanolone_nM": allo_nM,
        "open_probability": probability,
        "fold": probability / open_probability(gaba_uM, 0.0, receptor),
        "direct_open_probability": direct_open_probability(allo_nM, receptor),
        "decay_factor": decay_factor(allo_nM, receptor),
    }
