"""What a concentration-response experiment reads off a receptor: EC50, Hill coefficient, potentiation, ambient GABA."""

from collections.abc import Callable, Mapping

import numpy as np

from ..errors import InputError, unknown
from .gating import open_probability
from .ligands import LIGANDS
from .numbers import Receptor
from .tonic import ReferenceState, tonic_fold

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
    return gaba_for_share(receptor, 0.5, allopregnanolone, ligands)


def gaba_for_share(
    receptor: Receptor, share: float, allopregnanolone=0.0, ligands: Mapping[str, object] | None = None
) -> float:
    """Concentration of GABA in uM that evokes a share of what a saturating one does: EC10 with a share of 0.1.

    Parameters
    ----------
    share : float
        Between 0 and 1.
    allopregnanolone, ligands
        As in `gaba_ec50`.

    Raises
    ------
    InputError
        As `gaba_ec50`; or a share that is none.
    """
    return _concentration_of(
        lambda gaba: float(open_probability(gaba, allopregnanolone, receptor, ligands)), "gaba", share
    )


def gaba_for_fold(receptor: Receptor, fold: float, reference: ReferenceState | None = None) -> float:
    """Ambient GABA in uM at which the tonic conductance is `fold` times that in the reference state, without steroid.

    Parameters
    ----------
    fold : float
        Above 0, and less than saturating GABA gives.
    reference : ReferenceState, optional
        As in `tonic_fold`.

    Raises
    ------
    InputError
        As `tonic_fold`; or a fold that no ambient GABA gives.
    """
    most = float(tonic_fold(_SATURATION, 0.0, receptor, reference))
    if not 0 < fold < most:
        raise InputError("fold", f"no ambient GABA gives {fold:g}; expected more than 0 and less than {most:.4g}")
    return _solve(lambda gaba: float(tonic_fold(gaba, 0.0, receptor, reference)), fold)


def gaba_hill(receptor: Receptor, allopregnanolone=0.0, ligands: Mapping[str, object] | None = None) -> float:
    """Hill coefficient of the GABA curve between 10 and 90 % of its effect: log 81 over log(EC90/EC10).

    Arguments and errors as in `gaba_ec50`.
    """
    low, high = (gaba_for_share(receptor, share, allopregnanolone, ligands) for share in (0.1, 0.9))
    return float(np.log(81) / np.log(high / low))


def steroid_ec50(receptor: Receptor, gaba, ligand: str = "allopregnanolone") -> float:
    """Concentration in uM at which a ligand does half of what it does at saturation to the response to GABA.

    Parameters
    ----------
    gaba : float or Quantity
        Constant along the curve; a plain number is uM. With 0 it is the EC50 of direct gating.
    ligand : str
        "allopregnanolone" or a name in `LIGANDS`.

    Raises
    ------
    InputError
        As `open_probability`; or the ligand changes nothing.
    """
    return _concentration_of(_dose_response(receptor, gaba, ligand), ligand)


def steroid_hill(receptor: Receptor, gaba, ligand: str = "allopregnanolone") -> float:
    """Hill coefficient of what a ligand does to the response to GABA, between 10 and 90 % of its effect.

    Arguments and errors as in `steroid_ec50`.
    """
    response = _dose_response(receptor, gaba, ligand)
    low, high = (_concentration_of(response, ligand, share) for share in (0.1, 0.9))
    return float(np.log(81) / np.log(high / low))


def _dose_response(receptor: Receptor, gaba, ligand: str) -> Callable[[float], float]:
    """Open probability as a function of a ligand's concentration in uM."""
    if ligand == "allopregnanolone":
        return lambda uM: float(open_probability(gaba, 1000 * uM, receptor))
    if ligand not in LIGANDS:
        raise unknown("ligand", "ligand", ligand, ["allopregnanolone", *LIGANDS])
    return lambda uM: float(open_probability(gaba, 0.0, receptor, {ligand: uM}))


def _concentration_of(response: Callable[[float], float], name: str, share: float = 0.5) -> float:
    """Concentration in uM at which a response has gone a share of its way from none to a saturating concentration."""
    if not 0 < share < 1:
        raise InputError("share", f"{share} is no share of a maximum that a concentration gives; expected 0 to 1")
    without, most = response(0.0), response(_SATURATION)
    if np.isclose(without, most, rtol=1e-9):
        raise InputError(name, f"no concentration of {name} changes the open probability here, so there is no EC50")
    return _solve(response, without + share * (most - without))


def _solve(response: Callable[[float], float], aim: float) -> float:
    """Concentration in uM at which a monotonic response has a value."""
    from scipy.optimize import brentq

    logarithm = brentq(lambda log: response(np.exp(log)) - aim, np.log(_NOTHING), np.log(_SATURATION), xtol=1e-12)
    return float(np.exp(logarithm))


def potentiation(gaba, allopregnanolone, receptor: Receptor, ligands: Mapping[str, object] | None = None) -> np.ndarray:
    """Current with the steroid and `ligands` over that by GABA alone: ratio of open probabilities.

    Arguments, shape and errors as in `open_probability`.
    """
    return open_probability(gaba, allopregnanolone, receptor, ligands) / open_probability(gaba, 0.0, receptor)
