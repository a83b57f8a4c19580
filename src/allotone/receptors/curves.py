"""What a concentration-response experiment reads off a receptor: EC50, Hill coefficient, potentiation."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import brentq

from ..errors import InputError, unknown
from .gating import open_probability
from .ligands import LIGANDS
from .numbers import Receptor

# uM, far outside of what acts on any receptor; the EC50 is looked for in between.
_NOTHING, _SATURATION = 1e-9, 1e9


def gaba_ec50(receptor: Receptor, allopregnanolone=0.0, ligands: Mapping[str, object] | None = None) -> float:
    """Concentration of GABA in uM that evokes half of what a saturating one does, over what is open without GABA.

    Parameters
    ----------
    allopregnanolone, ligands
        One value each, constant along the curve; plain numbers are nM and uM, as in `open_probability`.

    Raises
    ------
    InputError
        As `open_probability`; or GABA changes nothing.
    """
    return _concentration_of(lambda gaba: float(open_probability(gaba, allopregnanolone, receptor, ligands)), "gaba")


def gaba_hill(receptor: Receptor, allopregnanolone=0.0, ligands: Mapping[str, object] | None = None) -> float:
    """Hill coefficient of the GABA curve between 10 and 90 % of its effect: log 81 over log(EC90/EC10).

    Arguments and errors as in `gaba_ec50`.
    """

    def response(gaba):
        return float(open_probability(gaba, allopregnanolone, receptor, ligands))

    return float(
        np.log(81) / np.log(_concentration_of(response, "gaba", 0.9) / _concentration_of(response, "gaba", 0.1))
    )


def steroid_ec50(receptor: Receptor, gaba, ligand: str = "allopregnanolone") -> float:
    """Concentration in uM at which a ligand does half of what it does at saturation to the response to GABA.

    Parameters
    ----------
    gaba : float or Quantity
        Constant along the curve; a plain number is uM.
    ligand : str
        "allopregnanolone" or a name in `LIGANDS`.

    Raises
    ------
    InputError
        As `open_probability`; or the ligand changes nothing.
    """
    if ligand == "allopregnanolone":
        return _concentration_of(lambda uM: float(open_probability(gaba, 1000 * uM, receptor)), ligand)
    if ligand not in LIGANDS:
        raise unknown("ligand", "ligand", ligand, ["allopregnanolone", *LIGANDS])
    return _concentration_of(lambda uM: float(open_probability(gaba, 0.0, receptor, {ligand: uM})), ligand)


def _concentration_of(response: Callable[[float], float], name: str, share: float = 0.5) -> float:
    """Concentration in uM at which a response has gone a share of its way from none to a saturating concentration."""
    without, most = response(0.0), response(_SATURATION)
    if np.isclose(without, most, rtol=1e-9):
        raise InputError(name, f"no concentration of {name} changes the open probability here, so there is no EC50")
    aim = without + share * (most - without)
    logarithm = brentq(lambda log: response(np.exp(log)) - aim, np.log(_NOTHING), np.log(_SATURATION), xtol=1e-12)
    return float(np.exp(logarithm))


def potentiation(gaba, allopregnanolone, receptor: Receptor, ligands: Mapping[str, object] | None = None) -> np.ndarray:
    """Current with the steroid and `ligands` over that by GABA alone: ratio of open probabilities.

    Arguments, shape and errors as in `open_probability`.
    """
    return open_probability(gaba, allopregnanolone, receptor, ligands) / open_probability(gaba, 0.0, receptor)
