"""The mean change between paired runs, with the interval that says whether so many pairs resolve it."""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError


@dataclass(frozen=True)
class Change:
    """A mean difference over pairs and the interval around it, in the unit of the differences.

    Attributes
    ----------
    mean : float
    low, high : float   ends of the interval; both 0 where all pairs are identical
    count : int         pairs
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def resolved(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0

    def text(self, unit: str, digits: int = 2) -> str:
        """In words: '-0.95 Hz (-1.59 to -0.31)', with 'not resolved' where it is not, or 'no change at all'."""
        if self.low == self.high == 0:
            return "no change at all"
        doubt = "" if self.resolved else ", not resolved"
        return f"{self.mean:+.{digits}f} {unit} ({self.low:+.{digits}f} to {self.high:+.{digits}f}{doubt})"


def paired_change(differences: np.ndarray, level: float = 0.95, comparisons: int = 1) -> Change:
    """Mean of paired differences with its interval by Student's t.

    Parameters
    ----------
    differences : array (pairs,)
        Of the same seed, say, under two conditions; in any unit.
    level : float
        Share of such intervals that hold the true mean.
    comparisons : int
        How many intervals are to hold `level` all together: each is wider by Bonferroni's inequality (Dunn 1961,
        doi:10.1080/01621459.1961.10482090).

    Raises
    ------
    InputError
        Fewer than 2 pairs or not a list of finite numbers, a level outside 0 to 1, comparisons that are no whole number
        above 0.
    """
    from scipy.stats import t as student

    samples = np.asarray(differences, dtype=float)
    if samples.ndim != 1 or samples.size < 2:
        raise InputError("differences", f"have the shape {samples.shape}; expected (pairs,), at least 2: add seeds")
    if not np.isfinite(samples).all():
        raise InputError("differences", "hold a value that is not finite; leave out pairs in which it is undefined")
    if not 0 < level < 1:
        raise InputError("level", f"{level!r} is no share of intervals; expected between 0 and 1, such as 0.95")
    if not isinstance(comparisons, int | np.integer) or comparisons < 1:
        raise InputError("comparisons", f"{comparisons!r} is no count; expected a whole number from 1 on")
    mean = float(samples.mean())
    # What all intervals together may miss is shared among them and their two sides.
    factor = float(student.isf((1 - level) / (2 * comparisons), samples.size - 1))
    half = factor * float(samples.std(ddof=1)) / float(np.sqrt(samples.size))
    return Change(mean, mean - half, mean + half, samples.size)
