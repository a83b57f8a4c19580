"""Allopregnanolone of the rat cortex after an acute stress."""

import numpy as np

from ..parameters import Parameter
from .kinds import ScheduleKind, Values

_BARBACCIA = "Barbaccia et al. 1996, doi:10.1159/000126953, 1 min of CO2, handling-habituated rats"


def _acute_stress(values: Values, times_h: np.ndarray) -> np.ndarray:
    """C0 (1 + rise ((t / t_peak) e^(1 - t / t_peak))^2): flat at the onset and at the peak, nearly over after 4 t_peak."""
    x = np.maximum(60 * (times_h - values["onset"]) / values["t_peak"], 0.0)
    return values["C0"] * (1 + values["rise"] * (x * np.exp(1 - x)) ** 2)


KINDS = (
    ScheduleKind(
        "acute_stress",
        "a brief acute stress in rats: the cortex, which the adrenals and the brain's own synthesis fill",
        "brain",
        {
            "C0": Parameter(
                "9.4 nmol/kg",
                "cortex at rest",
                "assumed: the least that is compatible with more than 3 ng/g in the cortex of adrenalectomised rats, Purdy et "
                "al. 1991, doi:10.1073/pnas.88.10.4553; of intact rats no value was read, and theirs is likely higher",
                minimum="above 0",
            ),
            "rise": Parameter(
                "2.0",
                "rise at the peak, relative to rest; swimming raises cortex 4- to 20-fold within 5 min (Purdy et al. 1991)",
                f"measured: +200 %, {_BARBACCIA}",
                minimum=0,
            ),
            "t_peak": Parameter(
                "30 min", "time of the peak after the onset", f"measured: {_BARBACCIA}", minimum="above 0"
            ),
            "onset": Parameter("0 h", "schedule time of the stress", "assumed: neutral default"),
        },
        _acute_stress,
        breaks=lambda values: [values["onset"]],
        span_h=3.0,
    ),
)
