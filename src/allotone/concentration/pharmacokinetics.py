"""Allopregnanolone given into a vein or a muscle: brexanolone's infusion, any other one, and boluses."""

from collections.abc import Mapping
from math import exp, log

import numpy as np

from ..errors import InputError
from ..parameters import Parameter
from ..units import number_in
from .compartments import CENTRAL, DEPOT, solve
from .kinds import NOT_GIVEN, ScheduleKind, Values, Word
from .steroids import to_nM

_WALD = "Wald et al. 2022, doi:10.1007/s40262-022-01155-w"
_TWO = f"two compartments as in {_WALD}; their sizes were not found in print"

# Of allopregnanolone in women, in two compartments: one of 3 L/kg would have a half-life of 1.9 h, not the 9-11 h seen.
DISPOSITION = {
    "clearance": Parameter(
        "1.124 L/h/kg",
        "clearance from plasma",
        "fitted: dose over AUC, 4200 ug/kg over 3736.5 ng*h/mL (95 % interval 3309-4219) in 12 lactating women, the "
        f"study reported in {_WALD}",
        minimum="above 0",
    ),
    "V1": Parameter(
        "1.5 L/kg",
        "volume of the central compartment",
        "assumed: half of the whole volume; from 0.5 to 2.5 L/kg, with V2 and Q fitted anew to 3 L/kg and 9 h, the levels of an "
        f"infusion hardly differ, so that nothing found here fixes it; {_TWO}",
        minimum="above 0",
    ),
    "V2": Parameter(
        "1.5 L/kg",
        "volume of the peripheral compartment",
        "fitted: with V1 to a volume of distribution of 3 L/kg, label of Zulresso (FDA 2019)",
        minimum="above 0",
    ),
    "Q": Parameter(
        "0.13 L/h/kg",
        "clearance between the two compartments",
        "fitted: to a terminal half-life of 9 h, label of Zulresso (FDA 2019); the 11.3 h (9.8 to 13.1) of 12 lactating women "
        f"({_WALD}) would take 0.10",
        minimum=0,
    ),
}
_HUMAN = {name: number_in(parameter.default, parameter.unit) for name, parameter in DISPOSITION.items()}

# Mouse, 3 mg/kg into the muscle (Zolkowska et al. 2018, doi:10.1111/epi.13999, table 1): half-life 16 min, peak
# 645 ng/mL at 60 s, bioavailability 0.97. At a peak absorption and elimination balance, so that whatever the absorption
# rate the concentration there is dose * bioavailability / V1 * exp(-k t_peak).
_MOUSE_ELIMINATION = log(2) / (16 / 60)
_MOUSE_V1 = 0.97 * 3000 / 645 * exp(-_MOUSE_ELIMINATION / 60)
_MOUSE = {"clearance": _MOUSE_ELIMINATION * _MOUSE_V1, "V1": _MOUSE_V1, "V2": 1.0, "Q": 0.0}
_OF_MODEL = {"human": _HUMAN, "mouse": _MOUSE}

REPEATS = {
    "interval": Parameter("24 h", "time from one dose to the next", "assumed: once a day", minimum="above 0"),
    "count": Parameter("1.0", "number of doses", "assumed: a single dose", minimum="above 0"),
}
_MOST_DOSES = 10_000

# h and ug/kg/h.
_BREXANOLONE_STARTS = (0.0, 4.0, 24.0, 52.0, 56.0, 60.0)
_BREXANOLONE_RATES = (30.0, 60.0, 90.0, 60.0, 30.0, 0.0)


def dose_times(values: Values, first: float = 0.0) -> tuple[float, ...]:
    """Times of repeated doses, h."""
    return tuple(first + values["interval"] * dose for dose in range(int(values["count"])))


def check_repeats(values: Values, path: str) -> None:
    """InputError unless the number of doses is a whole one that can be given."""
    count = values["count"]
    if count % 1 or not 1 <= count <= _MOST_DOSES:
        raise InputError(
            f"{path}.count", f"{count!r} is not a number of doses; expected a whole one, 1 to {_MOST_DOSES}"
        )


def infusion_amounts(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Amounts during and after an infusion, ug/kg, array (compartments and eliminated, times)."""
    starts, rates, size = _BREXANOLONE_STARTS, _BREXANOLONE_RATES, 1.0
    if values["regimen"] == "constant":
        starts, rates, size = (0.0, values["duration"]), (1.0, 0.0), values["rate"]
    disposition = (values[name] for name in DISPOSITION)
    return size * solve(*disposition, 0.0, CENTRAL, starts, rates=rates).amounts(times_h)


def _infusion(values: Values, times_h: np.ndarray) -> np.ndarray:
    return to_nM(infusion_amounts(values, times_h)[CENTRAL] / values["V1"])


def _infusion_breaks(values: Values) -> tuple[float, ...]:
    return (0.0, values["duration"]) if values["regimen"] == "constant" else _BREXANOLONE_STARTS


def _check_infusion(values: Values, path: str) -> None:
    for name, example in (("rate", "60 ug/kg/h"), ("duration", "24 h")):
        if values["regimen"] == "constant" and name not in values:
            raise InputError(f"{path}.{name}", f"a constant infusion has no {name}; give one, such as '{example}'")
        if values["regimen"] != "constant" and name in values:
            raise InputError(
                f"{path}.{name}", f"nothing reads this under the regimen '{values['regimen']}'; add regimen=constant"
            )


def _bolus_model(values: Values) -> Mapping[str, float]:
    return _OF_MODEL[values["model"]] | {name: values[name] for name in DISPOSITION if name in values}


def bolus_amounts(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Amounts after boluses, mg/kg of what is absorbed, array (compartments and eliminated, times)."""
    ka = values.get("absorption_rate", 0.0)
    doses = dose_times(values)
    course = solve(*_bolus_model(values).values(), ka, DEPOT if ka else CENTRAL, doses, amounts=(1.0,) * len(doses))
    return values["dose"] * values["bioavailability"] * course.amounts(times_h)


def _bolus(values: Values, times_h: np.ndarray) -> np.ndarray:
    return to_nM(1000.0 * bolus_amounts(values, times_h)[CENTRAL] / _bolus_model(values)["V1"])


def _check_bolus(values: Values, path: str) -> None:
    check_repeats(values, path)
    if values["bioavailability"] > 1:
        raise InputError(
            f"{path}.bioavailability", f"{values['bioavailability']!r} is more than the dose; expected at most 1"
        )
    for name in ("V2", "Q"):
        if values["model"] == "mouse" and name in values:
            raise InputError(f"{path}.{name}", "nothing reads this: the mouse has one compartment; leave it out")


def _of_model(name: str) -> Parameter:
    human = DISPOSITION[name]
    mouse = ""
    if name in ("clearance", "V1"):
        mouse = (
            f"; mouse {_MOUSE[name]:.3g} {human.unit}: V1 = 0.97 * 3 mg/kg * exp(-k * 1 min) / 645 ng/mL, clearance = "
            "k * V1, k = ln 2 / 16 min (Zolkowska et al. 2018, doi:10.1111/epi.13999)"
        )
    return Parameter(
        f"{NOT_GIVEN} {human.unit}",
        f"{human.meaning}; left out, that of the model",
        f"fitted: human {human.default}, as for an infusion{mouse}",
        human.minimum,
    )


KINDS = (
    ScheduleKind(
        "infusion",
        "brexanolone for 60 h as for postpartum depression, or a constant infusion",
        "plasma",
        {
            "regimen": Word(
                ("brexanolone_60h", "constant"),
                "30, 60, 90, 60, 30 ug/kg/h for 4, 20, 28, 4, 4 h; or `rate` for `duration`",
                "measured: label of Zulresso (FDA 2019)",
            ),
            "rate": Parameter(f"{NOT_GIVEN} ug/kg/h", "rate of a constant infusion", "assumed: the user's", minimum=0),
            "duration": Parameter(
                f"{NOT_GIVEN} h", "length of a constant infusion", "assumed: the user's", minimum="above 0"
            ),
            **DISPOSITION,
        },
        _infusion,
        breaks=_infusion_breaks,
        check=_check_infusion,
        per_weight=("rate",),
        # The printed 95 % intervals, AUC 3309.1-4219.1 around 3736.5 and half-life 9.8-13.1 h around 11.3 h, lie evenly
        # about the logarithm: intervals of a geometric mean. With n = 12, sd = ln(upper/lower) / 2 / t(11) * sqrt(12),
        # 0.19 and 0.23; the half-life's is V2's, beside the part (-0.13 * 0.19) that clearance has in it.
        subject_sd={"clearance": 0.19, "V2": 0.23},
        span_h=72.0,
    ),
    ScheduleKind(
        "bolus",
        "injections into a vein or a muscle, of a woman or a mouse",
        "plasma",
        {
            "model": Word(
                ("human", "mouse"),
                "two compartments of women, or one of the mouse",
                "fitted: to women on brexanolone, as for an infusion; to mice in Zolkowska et al. 2018, doi:10.1111/epi.13999",
            ),
            "dose": Parameter(
                "0.05 mg/kg",
                "each dose",
                "measured: given to women in Timby et al. 2016, doi:10.1007/s00213-016-4258-1",
                minimum=0,
            ),
            "bioavailability": Parameter(
                "1.0",
                "share of the dose that reaches plasma",
                "assumed: into a vein; 0.97 into a muscle of the mouse (Zolkowska et al. 2018)",
                minimum=0,
            ),
            "absorption_rate": Parameter(
                f"{NOT_GIVEN} /h",
                "absorption from where it was injected; left out, at once",
                "assumed: into a vein; a peak at 60 s in the muscle of the mouse (Zolkowska et al. 2018) means 284 /h",
                minimum="above 0",
            ),
            **REPEATS,
            **{name: _of_model(name) for name in DISPOSITION},
        },
        _bolus,
        breaks=dose_times,
        check=_check_bolus,
        per_weight=("dose",),
        span_h=12.0,
    ),
)
