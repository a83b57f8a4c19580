"""Molar masses of steroids and their inhibitors: ng/mL to nM and back."""

import numpy as np

from ..errors import unknown

# g/mol. Allopregnanolone: label of Zulresso, section 11 (FDA 2019); the others follow from their formulas.
MOLAR_MASS = {
    "allopregnanolone": 318.5,
    "progesterone": 314.46,
    "dihydroprogesterone": 316.48,
}


def to_nM(ng_per_mL, steroid: str = "allopregnanolone") -> np.ndarray:
    """Concentration in nM of a mass concentration in ng/mL, array of any shape.

    Raises
    ------
    InputError
        Unknown steroid, with the nearest name.
    """
    return np.asarray(ng_per_mL, dtype=float) * 1000.0 / _molar_mass(steroid)


def to_ng_per_mL(nM, steroid: str = "allopregnanolone") -> np.ndarray:
    """Mass concentration in ng/mL of a concentration in nM, array of any shape; errors as in `to_nM`."""
    return np.asarray(nM, dtype=float) * _molar_mass(steroid) / 1000.0


def _molar_mass(steroid: str) -> float:
    if steroid not in MOLAR_MASS:
        raise unknown("steroid", "steroid", steroid, MOLAR_MASS)
    return MOLAR_MASS[steroid]
