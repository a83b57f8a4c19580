"""Whether what is read out of a network depends on its time step or size, beyond its own scatter over seeds."""

from collections.abc import Callable

import numpy as np

from ..checks import Check, check, estimate
from ..targets import within

SHARE = 0.05
BOUNDS = "the 95 % interval over seeds or 5 % of the read-out, whichever is larger, is 1"


def robust(key: str, name: str, quantity: str, parameters: str, runs: Callable[[], tuple], declared: str = "") -> Check:
    """A check that a read-out, in whatever unit, stays what it is when the network is changed.

    Parameters
    ----------
    key : str
        Row of the read-out.
    name, quantity, parameters : str
        Of the check; `quantity` says what was changed.
    runs : callable () -> (array (seeds,), array (seeds,))
        The read-out of the network as it is, and of the changed one.
    """
    target = within(-1, 1, "1", BOUNDS)
    return check(
        key, "re-implementation", parameters, lambda: difference(*runs()), target,
        name=name, quantity=quantity, declared=declared,
    )  # fmt: skip


def difference(plain: np.ndarray, changed: np.ndarray) -> float:
    """Difference of two means over the larger of the first one's half interval and 5 % of it."""
    found = estimate(plain)
    return (float(np.mean(changed)) - found.mean) / max(found.high - found.mean, SHARE * abs(found.mean))
