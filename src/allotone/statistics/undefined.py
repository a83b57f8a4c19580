"""NaN where a statistic is undefined, without warnings."""

import numpy as np


def divide(numerator, denominator) -> np.ndarray:
    """Quotient of two arrays or numbers, NaN where the denominator is 0."""
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)


def mean_of_defined(values: np.ndarray) -> float:
    """Mean of the values that are not NaN, NaN when none is left."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else np.nan
