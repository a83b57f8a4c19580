"""Hill function, and the factor that follows it from 1 to a maximum, as numbers and as Brian2 text."""

import numpy as np


def hill_function(x, half, hill: float) -> float | np.ndarray:
    """Share x^hill/(x^hill + half^hill) of a saturating effect, 0 to 1, in the shape of `x`; `half` in its unit."""
    return 1 - 1 / (1 + (x / half) ** hill)


def hill_factor(x, maximum: float, half, hill: float) -> float | np.ndarray:
    """Factor 1 + (maximum - 1) x^hill/(x^hill + half^hill): 1 without x, `maximum` at saturation."""
    return 1 + (maximum - 1) * hill_function(x, half, hill)


def hill_factor_expression(x: str, maximum: str, half: str, hill: str) -> str:
    """`hill_factor` as a Brian2 expression of these variables or expressions."""
    return f"(1 + ({maximum} - 1)*(1 - 1/(1 + (({x})/{half})**{hill})))"
