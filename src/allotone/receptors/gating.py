"""Open probability of a GABA-A receptor with two GABA and two steroid sites, as numbers and as Brian2 text."""

from collections.abc import Mapping

import numpy as np
from brian2 import Quantity

from ..units import quantity
from .ligands import Bound, allopregnanolone_equivalent, bind, closed_factor, unblocked
from .numbers import Receptor, check_broadcast, non_negative

GATING = ("L", "K_gaba", "c_gaba", "K_allo", "c_allo")


def open_probability(
    gaba, allopregnanolone, receptor: Receptor, ligands: Mapping[str, object] | None = None
) -> np.ndarray:
    """Peak open probability, without desensitisation.

    Monod-Wyman-Changeux with two independent sites each for GABA and for steroids: P = 1/(1 + L F_gaba F_allo), and
    F(x) = ((1 + x/K)/(1 + x/(K c)))^2, where K is the dissociation constant of the resting receptor and c that of the
    open over the resting one. GABA and alfaxalone combine so in concatemeric receptors (Akk and Steinbach group,
    doi:10.1124/mol.117.110569, recalled). The model cannot lower a current: a full agonist's EC50 always falls with
    the steroid, and the peak at saturating GABA always rises.

    Other ligands that share a site compete there, F = ((1 + sum x/K)/(1 + sum x/(K c)))^n; a third site, that of the
    benzodiazepines, adds its energy to the others (its F multiplies); a block multiplies P.

    Parameters
    ----------
    gaba : array or Quantity
        Plain numbers are uM.
    allopregnanolone : array or Quantity
        At the receptor; plain numbers are nM. Broadcast against `gaba`.
    ligands : mapping, optional
        From a name in `LIGANDS` to an array (plain numbers are uM) or Quantity; broadcast as well.

    Returns
    -------
    numpy.ndarray
        Shape of all broadcast, dimensionless.

    Raises
    ------
    InputError
        Another dimension than concentration, a negative or not finite value, an unknown ligand, or shapes that do not
        broadcast.
    """
    bound = bind(ligands, receptor)
    concentrations = _concentrations(gaba, allopregnanolone, ligands, bound)
    return unblocked(bound) / (1 + _closed_over_open(*concentrations, receptor, bound))


def direct_open_probability(
    allopregnanolone, receptor: Receptor, ligands: Mapping[str, object] | None = None
) -> np.ndarray:
    """Open probability without GABA, by the steroid and `ligands` alone, THIP included where it is among them.

    Arguments and errors as in `open_probability`.
    """
    return open_probability(0.0, allopregnanolone, receptor, ligands)


def steady_state_open_probability(
    gaba, allopregnanolone, receptor: Receptor, ligands: Mapping[str, object] | None = None
) -> np.ndarray:
    """Open probability at equilibrium with a desensitised state.

    P_ss = 1/(1 + L F_gaba F_allo + Q) with Q = Q0 (1 + q A/(A + K_q)), desensitised over open receptors, which the
    steroid may deepen. Other steroids count as the allopregnanolone they are equivalent to. This is what a slow
    application approaches after seconds; a "peak" measured so lies between it and `open_probability`. With a constant Q it
    still rises with the steroid at saturating GABA; only a deepening (q above 0) makes it fall there, as it does for
    gamma2 receptors.

    Networks use `open_probability`: a synapse is too fast for this state, and ambient GABA opens so few receptors that it
    would lower the tonic fold of 100 nM by 2 % for alpha4 beta delta in slices. Where ambient GABA opens many it matters:
    11 % for alpha6 beta delta in slices, 35 % with the recombinant numbers.

    Arguments, shape and errors as in `open_probability`.
    """
    bound = bind(ligands, receptor)
    gaba_uM, allo_uM = _concentrations(gaba, allopregnanolone, ligands, bound)
    equivalent_uM = allopregnanolone_equivalent(allo_uM, bound)
    deepening = receptor.q.value * equivalent_uM / (equivalent_uM + receptor.K_q.value)
    desensitised = receptor.Q0.value * (1 + deepening)
    return unblocked(bound) / (1 + _closed_over_open(gaba_uM, allo_uM, receptor, bound) + desensitised)


def _concentrations(
    gaba, allopregnanolone, ligands: Mapping[str, object] | None, bound: Bound
) -> tuple[np.ndarray, np.ndarray]:
    """GABA and allopregnanolone in uM; InputError unless they and the ligands broadcast."""
    gaba_uM = non_negative(gaba, "uM", "gaba")
    allo_uM = non_negative(allopregnanolone, "nM", "allopregnanolone") / 1000
    others = {f"ligands.{name}": uM for name, (_, uM) in zip(ligands or (), bound)}
    check_broadcast({"gaba": gaba_uM, "allopregnanolone": allo_uM} | others)
    return gaba_uM, allo_uM


def _closed_over_open(gaba_uM: np.ndarray, allo_uM: np.ndarray, receptor: Receptor, bound: Bound) -> np.ndarray:
    """Odds of being closed; the energies of the sites add, so that their factors multiply."""
    return (
        receptor.L.value
        * closed_factor("gaba", (gaba_uM, receptor.K_gaba, receptor.c_gaba), bound)
        * closed_factor("steroid", (allo_uM, receptor.K_allo, receptor.c_allo), bound)
        * closed_factor("benzodiazepine", None, bound)
    )


def constants(receptor: Receptor, prefix: str, names: tuple[str, ...] = GATING) -> dict[str, Quantity]:
    """The numbers that an expression of this receptor needs, under the names it uses.

    Parameters
    ----------
    prefix : str
        That of the expression.
    names : tuple of str
        `GATING` for open probability and tonic fold, `DECAY` for the decay factor.
    """
    numbers = {name: getattr(receptor, name) for name in names}
    return {f"{prefix}_{name}": quantity(number.value, number.unit) for name, number in numbers.items()}


def open_probability_expression(gaba: str, allo: str, prefix: str) -> str:
    """`open_probability` as a Brian2 expression.

    Parameters
    ----------
    gaba, allo : str
        Variables or expressions of dimension concentration.
    prefix : str
        The variables `<prefix>_L`, `_K_gaba`, `_c_gaba`, `_K_allo` and `_c_allo` must exist; see `constants`.
    """
    closed_gaba = _closed_factor_expression(gaba, f"{prefix}_K_gaba", f"{prefix}_c_gaba")
    closed_allo = _closed_factor_expression(allo, f"{prefix}_K_allo", f"{prefix}_c_allo")
    return f"(1/(1 + {prefix}_L*{closed_gaba}*{closed_allo}))"


def direct_open_probability_expression(allo: str, prefix: str) -> str:
    """`direct_open_probability` as a Brian2 expression; the names are those of `open_probability_expression`."""
    closed_allo = _closed_factor_expression(allo, f"{prefix}_K_allo", f"{prefix}_c_allo")
    return f"(1/(1 + {prefix}_L*{closed_allo}))"


def _closed_factor_expression(concentration: str, K: str, c: str) -> str:
    return f"((1 + ({concentration})/{K})/(1 + ({concentration})/({K}*{c})))**2"
