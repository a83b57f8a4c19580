"""What a published value demands of a simulated one: the spread its source gives, or a convention that stands here."""

import math
from dataclasses import dataclass
from typing import Literal

from .data import row_of

# For values that were printed without an error. Each was set before the board was first computed.
CONVENTIONS = {
    # Laboratories differ by more for one receptor: 11.6, 26, 34 and 36 uM for alpha1 beta gamma2.
    "EC50 within a factor of 1.5": (1 / 1.5, 1.5),
    # What the acceptance value of the concatemer's EC50 allows; taken for time constants, slopes, shares and the like.
    "within 20 %": (0.8, 1.2),
    # A number that the model takes as it is printed.
    "as printed": (1 - 1e-9, 1 + 1e-9),
}
EC50, RELATIVE, PRINTED = CONVENTIONS
SPREAD = "spread of the source"
STANDARD_ERROR = "standard error: the source's standard deviation over the root of n"

# "Not detectable", "none found": twice 10 %, a usual standard error of a mean current in slices.
UNDETECTABLE = 0.2
# An EC50 that "did not change", and an amplitude that "did not change", as the acceptance values have them.
EC50_UNCHANGED = 0.15
AMPLITUDE_UNCHANGED = 0.05
# A sign that was reported stood out from the scatter of a recording, in which less than 5 % is not seen: as above.
DETECTABLE = AMPLITUDE_UNCHANGED
# What is left of a zero.
ROUNDING = 1e-6
SIGN = "sign"


@dataclass(frozen=True)
class Target:
    """A published value and the bounds within which a simulated one meets it.

    Attributes
    ----------
    value : float or None
        None where only bounds or a sign are known.
    low, high : float
        Infinite where there is none.
    unit : str
    bounds : str
        Where the bounds come from.
    """

    value: float | None
    low: float
    high: float
    unit: str
    bounds: str

    def met(self, simulated: float) -> bool:
        """Whether a simulated value lies within the bounds; NaN does not."""
        return self.low <= simulated <= self.high

    def error(self, simulated: float) -> tuple[float, Literal["spread", "relative"]] | None:
        """Distance from the value in units of the spread on that side, or relative to it.

        Of a range without a value, relative to its nearer end, and 0 within; None for signs and one-sided bounds.
        """
        if self.value is None:
            if not (math.isfinite(self.low) and math.isfinite(self.high)):
                return None
            nearest = min(max(simulated, self.low), self.high)
            return (simulated / nearest - 1, "relative") if nearest != 0 else None
        spread = (self.high if simulated > self.value else self.low) - self.value
        if self.bounds in (SPREAD, STANDARD_ERROR) and math.isfinite(spread) and spread != 0:
            return (simulated - self.value) / abs(spread), "spread"
        return (simulated / self.value - 1, "relative") if self.value != 0 else None


def published(key: str, without_error: str | None = None) -> Target:
    """The target of one row.

    Parameters
    ----------
    without_error : str, optional
        Which of `CONVENTIONS` stands in for a spread the row does not have; needed then, and only then.

    Raises
    ------
    ValueError
        A row with a spread and a convention, or with neither.
    """
    row = row_of(key)
    if (row.low is None and row.high is None) != (without_error is not None):
        raise ValueError(f"'{key}' needs either a spread of its own or a convention")
    if without_error is not None:
        edges = [row.value * factor for factor in CONVENTIONS[without_error]]
        return Target(row.value, min(edges), max(edges), row.unit or "1", without_error)
    low = -math.inf if row.low is None else row.low
    high = math.inf if row.high is None else row.high
    bound = row.value == low and high == math.inf
    return Target(None if bound else row.value, low, high, row.unit or "1", SPREAD)


def mean_of(key: str, n: int) -> Target:
    """The mean of `n` subjects of a row whose spread is their standard deviation: within one standard error."""
    row = row_of(key)
    down, up = ((edge - row.value) / math.sqrt(n) for edge in (row.low, row.high))
    return Target(row.value, row.value + down, row.value + up, row.unit, STANDARD_ERROR)


def printed(key: str) -> Target:
    """The value of a row that is put in, whatever spread its source gives."""
    value = row_of(key).value
    low, high = (value * factor for factor in CONVENTIONS[PRINTED])
    return Target(value, low, high, row_of(key).unit, PRINTED)


def within(low: float, high: float, unit: str, bounds: str, value: float | None = None) -> Target:
    """A target with bounds that no single row has; `bounds` says where they come from."""
    return Target(value, low, high, unit, bounds)


def unbounded(unit: str, value: float | None = None) -> Target:
    """A target that is shown and not graded."""
    return Target(value, -math.inf, math.inf, unit, "not graded")


def span(key: str) -> Target:
    """The range that a row gives, where its value is an end of it and no centre."""
    row = row_of(key)
    return Target(None, row.low, row.high, row.unit, "range of the source")


def ratio(numerator: str, denominator: str) -> Target:
    """The ratio of two rows measured independently: their relative spreads are added in quadrature."""
    above, below = row_of(numerator), row_of(denominator)
    value = above.value / below.value
    down = math.hypot(1 - above.low / above.value, below.high / below.value - 1)
    up = math.hypot(above.high / above.value - 1, 1 - below.low / below.value)
    return Target(value, value * (1 - down), value * (1 + up), "fold", SPREAD)


def rises(least: float = DETECTABLE) -> Target:
    """A relative change that must be positive, and large enough to be seen: at least `least`."""
    return Target(None, least, math.inf, "change", SIGN)


def falls(least: float = DETECTABLE) -> Target:
    """A relative change that must be negative, and large enough to be seen: at least `least`."""
    return Target(None, -math.inf, -least, "change", SIGN)


def above(unit: str) -> Target:
    """A difference that must be positive: of an estimate, its whole interval."""
    return Target(None, ROUNDING, math.inf, unit, SIGN)


def below(unit: str) -> Target:
    """A difference that must be negative: of an estimate, its whole interval."""
    return Target(None, -math.inf, -ROUNDING, unit, SIGN)


def unchanged(tolerance: float = UNDETECTABLE) -> Target:
    """A relative change that must not be there."""
    return Target(0.0, -tolerance, tolerance, "change", f"no change, taken as within {tolerance:.0%}")
