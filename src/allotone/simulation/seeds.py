"""Seeds of a run, derived from one."""

import numpy as np

from ..errors import InputError
from ..network.numbers import LARGEST


def derive_seeds(seed: int, network_seed: int | None = None, noise_seed: int | None = None) -> tuple[int, int]:
    """Network seed (agents, contacts, initial values) and noise seed (during the run) of a seed.

    Raises
    ------
    InputError
        A seed that is not a whole number from 0 to 2**31 - 1.
    """
    optional = {
        name: value for name, value in (("network_seed", network_seed), ("noise_seed", noise_seed)) if value is not None
    }
    for name, value in {"seed": seed, **optional}.items():
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not (whole and 0 <= value <= LARGEST):
            raise InputError(name, f"{value!r} is out of range; expected a whole number from 0 to {LARGEST}")
    derived = np.random.SeedSequence(int(seed)).generate_state(2) >> 1
    return (
        int(derived[0] if network_seed is None else network_seed),
        int(derived[1] if noise_seed is None else noise_seed),
    )
