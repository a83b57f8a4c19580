"""Two steroids, each made from the one before and lost at a constant rate, under any supply of the first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Supply = Callable[[np.ndarray], np.ndarray]

# The past that counts, in time constants, and the nodes in each stretch of it.
_FORGOTTEN = 36.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_LONGEST_STRETCH_H = 12.0
_TIMES_AT_ONCE = 2000


@dataclass(frozen=True)
class Stage:
    """The chain in one state: dx/dt = matrix x + (supply, 0), x being the amounts of both.

    Attributes
    ----------
    matrix : array (2, 2)
        Rates, /h: losses on the diagonal, conversions of one into the other beside it.
    supply : callable, times in hours, array (times,) -> array (times,)
        What is made of the first, per hour.
    """

    matrix: np.ndarray
    supply: Supply

    @property
    def rates(self) -> tuple[float, float]:
        """Slower and faster rate, /h; both are real, for neither steroid inhibits the other."""
        (a, b), (c, d) = self.matrix
        spread = np.sqrt(((a - d) / 2) ** 2 + b * c)
        return float(-(a + d) / 2 - spread), float(-(a + d) / 2 + spread)

    def decay(self, start: np.ndarray, hours: np.ndarray) -> np.ndarray:
        """What is left after `hours`, array (2, ...), of `start` when nothing is supplied."""
        slow, fast = self.rates
        slowly, gap = np.exp(-slow * hours), (fast - slow) * hours
        # Finite also where both rates are one.
        between = np.divide(-np.expm1(-gap), gap, out=np.ones_like(gap), where=gap > 0)
        start = start.reshape(2, *[1] * (np.ndim(hours) - start.ndim + 1), *start.shape[1:])
        towards = np.tensordot(self.matrix, start, 1) + slow * start
        return slowly * (start + hours * between * towards)

    def made(self, times_h: np.ndarray, since_h: np.ndarray) -> np.ndarray:
        """What is there, array (2, times), of all that was supplied in the last `since_h` hours, array (times,).

        Gauss-Legendre quadrature of decay(supply) over stretches of the past that double in length, which is exact to rounding
        for a supply that is smooth in each: one time costs no more than its own past, in whatever order times are asked for.
        """
        slow, fast = self.rates
        edges, width = [0.0], 1 / fast
        while edges[-1] < _FORGOTTEN / slow:
            edges.append(edges[-1] + width)
            width = min(2 * width, _LONGEST_STRETCH_H)
        parts = []
        for times, since in zip(*(_pieces(one) for one in (times_h, since_h))):
            ends = np.minimum(edges, since[:, None])
            half = np.diff(ends)[..., None] / 2
            ago = ends[:, :-1, None] + half * (1 + _NODES)
            supply = self.supply((times[:, None, None] - ago).ravel()).reshape(ago.shape)
            parts.append(np.sum(self.decay(np.array([1.0, 0.0]), ago) * supply * half * _WEIGHTS, axis=(2, 3)))
        return np.concatenate(parts, axis=1)


def _pieces(array: np.ndarray) -> list[np.ndarray]:
    return np.array_split(array, max(1, -(-array.size // _TIMES_AT_ONCE)))


def course(before: Stage, after: Stage, onset: float, times_h: np.ndarray) -> np.ndarray:
    """Both steroids, array (2, times); before `onset` the chain follows what it was supplied with for ever."""
    first, where = np.unique(np.minimum(times_h, onset), return_inverse=True)
    until_then = before.made(first, np.full(first.shape, np.inf))[:, where]
    since = np.maximum(times_h - onset, 0.0)
    if not since.any():
        return until_then
    return after.decay(until_then, since) + after.made(times_h, since)
