"""Allopregnanolone made from progesterone that is swallowed, or that passes the liver by."""

from math import log

import numpy as np

from ..parameters import Parameter
from .compartments import CENTRAL, DEPOT, solve
from .kinds import NOT_GIVEN, ScheduleKind, Values
from .pharmacokinetics import DISPOSITION, REPEATS, check_repeats, dose_times
from .steroids import MOLAR_MASS

_LEVY = "Levy et al. 1999, doi:10.1093/humrep/14.3.606"
_BODY_WEIGHT = Parameter("65 kg", "body weight", "assumed: a woman", minimum="above 0")

# Progesterone that enters the blood without passing the gut and the liver becomes allopregnanolone as the ovary's does.
_SLOPE = Parameter(
    "0.034",
    "plasma allopregnanolone per progesterone, molar",
    "fitted: to the ratios of the two over the cycle in Kimball et al. 2020, PMC6935417; 0.02-0.06",
    minimum=0,
)


def _nmol_per_kg(values: Values) -> float:
    return 1e6 * values["dose"] / MOLAR_MASS["progesterone"] / values["body_weight"]


def _oral_doses(values: Values) -> tuple[float, ...]:
    return dose_times(values, first=values["lag"])


def oral_amounts(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Allopregnanolone after oral progesterone, nmol/kg, array (compartments and eliminated, times)."""
    doses = _oral_doses(values)
    disposition = (values[name] for name in DISPOSITION)
    course = solve(*disposition, values["ka"], DEPOT, doses, amounts=(1.0,) * len(doses))
    return _nmol_per_kg(values) * values["allopregnanolone_yield"] * course.amounts(times_h)


def _oral(values: Values, times_h: np.ndarray) -> np.ndarray:
    return oral_amounts(values, times_h)[CENTRAL] / values["V1"]


def _oral_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    return values["progesterone_ratio"] * _oral(values, times_h)


def vaginal_amounts(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Progesterone after vaginal tablets, nmol/kg, array (compartments and eliminated, times)."""
    doses = dose_times(values)
    clearance = log(2) / values["half_life"] * values["volume"]
    course = solve(clearance, values["volume"], 1.0, 0.0, values["ka"], DEPOT, doses, amounts=(1.0,) * len(doses))
    return _nmol_per_kg(values) * course.amounts(times_h)


def _vaginal_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    return vaginal_amounts(values, times_h)[CENTRAL] / values["volume"]


def _vaginal(values: Values, times_h: np.ndarray) -> np.ndarray:
    return values["allopregnanolone_slope"] * _vaginal_progesterone(values, times_h)


def _transdermal_volume(values: Values) -> float:
    return values["clearance"] * values["half_life"] / log(2)


def _transdermal_starts(values: Values) -> tuple[float, ...]:
    return (0.0, values["duration"]) if "duration" in values else (0.0,)


def transdermal_amounts(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Progesterone from a daily cream, nmol/kg, array (compartments and eliminated, times)."""
    starts, volume = _transdermal_starts(values), _transdermal_volume(values)
    rates = (1.0, 0.0)[: len(starts)]
    course = solve(values["clearance"], volume, 1.0, 0.0, 0.0, CENTRAL, starts, rates=rates)
    return _nmol_per_kg(values) / 24 * course.amounts(times_h)


def _transdermal_progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    return transdermal_amounts(values, times_h)[CENTRAL] / _transdermal_volume(values)


def _transdermal(values: Values, times_h: np.ndarray) -> np.ndarray:
    return values["allopregnanolone_slope"] * _transdermal_progesterone(values, times_h)


KINDS = (
    ScheduleKind(
        "oral_progesterone",
        "micronised progesterone swallowed: the gut and the liver make allopregnanolone of it; above endogenous",
        "plasma",
        {
            "dose": Parameter("200 mg", "each dose", "assumed: the common one", minimum=0),
            "body_weight": _BODY_WEIGHT,
            **REPEATS,
            "lag": Parameter("0.5 h", "time before absorption begins", "assumed: a capsule that has to dissolve"),
            "ka": Parameter(
                "0.4 /h",
                "absorption and first pass together",
                "assumed: peak at 2 h, as that of metabolites at 2-6 h (Arafat et al. 1988, Am J Obstet Gynecol 159:1203)",
                minimum="above 0",
            ),
            "allopregnanolone_yield": Parameter(
                "0.010",
                "molecules of allopregnanolone in plasma per molecule of progesterone swallowed",
                "fitted: to a peak of about 16 nM after 200 mg, attributed to the literature but not found in a paper; "
                "0.005-0.05. It is likely too high: the one area that was seen, +196 % over 12 h after 20 mg (Andreen et al. "
                "2006, Maturitas 54:238, assay not read), would take about a third of it above the level of `menopause`",
                minimum=0,
            ),
            "progesterone_ratio": Parameter(
                "1.0",
                "plasma progesterone per allopregnanolone, molar",
                "measured: about the same concentration of both (Andreen et al. 2006, Maturitas 54:238, assay not read); "
                "immunoassays read several times more progesterone, metabolites among it",
                minimum=0,
            ),
            **DISPOSITION,
        },
        _oral,
        breaks=_oral_doses,
        check=check_repeats,
        progesterone=_oral_progesterone,
        # Peaks of progesterone after 300 mg ran from 15.7 to 626 ng/mL in 8 women (McAuley et al. 1996,
        # doi:10.1002/j.1875-9114.1996.tb02977.x): ln(626/15.7) = 3.7, over the 2.85 sd that a range of 8 has, is 1.3,
        # of one woman's doses as well as between women; 0.8 is assumed for the part between women.
        subject_sd={"allopregnanolone_yield": 0.8},
        span_h=24.0,
    ),
    ScheduleKind(
        "vaginal_progesterone",
        "vaginal tablets of progesterone, which pass the liver by; above endogenous",
        "plasma",
        {
            "dose": Parameter("100 mg", "each dose", f"measured: given in {_LEVY}", minimum=0),
            "body_weight": _BODY_WEIGHT,
            **REPEATS,
            "ka": Parameter(
                "0.355 /h",
                "absorption",
                f"fitted: to a peak at 6.4 h, given the half-life ({_LEVY})",
                minimum="above 0",
            ),
            "half_life": Parameter(
                "13.7 h", "terminal half-life of progesterone", f"measured: {_LEVY}, 100 mg", minimum="above 0"
            ),
            "volume": Parameter(
                "112 L/kg",
                "volume of distribution over bioavailability",
                f"fitted: to a peak of 31.61 nM after 100 mg ({_LEVY}), at the default body weight; 50 mg gave 20.43 nM, "
                "more than half, which a dose-proportional model cannot",
                minimum="above 0",
            ),
            "allopregnanolone_slope": _SLOPE,
        },
        _vaginal,
        breaks=dose_times,
        check=check_repeats,
        progesterone=_vaginal_progesterone,
        # Peak of Levy et al. 1999, 31.61 (sd 12.62) nM in 50 women: sqrt(ln(1 + 0.40^2)).
        subject_sd={"volume": 0.38},
        span_h=72.0,
    ),
    ScheduleKind(
        "transdermal_progesterone",
        "a daily progesterone cream, as a steady input, which hardly reaches the blood; above endogenous",
        "plasma",
        {
            "dose": Parameter(
                "40 mg/day",
                "applied per day",
                "measured: given in Vashisht et al. 2005, doi:10.1080/09513590500128583",
                minimum=0,
            ),
            "body_weight": _BODY_WEIGHT,
            "duration": Parameter(
                f"{NOT_GIVEN} h", "length of the treatment; left out, endless", "assumed: the user's", minimum="above 0"
            ),
            "clearance": Parameter(
                "32.6 L/h/kg",
                "clearance of progesterone over bioavailability",
                "fitted: to 2.5 nM at 40 mg/day (Vashisht et al. 2005, doi:10.1080/09513590500128583) at the default body "
                "weight; 80 mg/day of another cream gave 12.39 ng*h/mL in 24 h, a mean of 1.6 nM, a third of what follows "
                "(Du et al. 2013, doi:10.1097/GME.0b013e31828d39a2)",
                minimum="above 0",
            ),
            "half_life": Parameter(
                "12 h",
                "half-life of the rise and fall",
                "assumed: hours, as the peak at 8-9 h after an application (Du et al. 2013, "
                "doi:10.1097/GME.0b013e31828d39a2); no curve after the first one was found",
                minimum="above 0",
            ),
            "allopregnanolone_slope": _SLOPE,
        },
        _transdermal,
        breaks=_transdermal_starts,
        progesterone=_transdermal_progesterone,
        span_h=72.0,
    ),
)
