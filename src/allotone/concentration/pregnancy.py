"""Allopregnanolone in plasma over pregnancy, delivery and the days after it."""

import functools
from collections.abc import Callable

import numpy as np

from ..errors import InputError
from ..parameters import Parameter
from .kinds import ScheduleKind, Values
from .steroids import to_nM

_HOURS_PER_WEEK = 168.0
# ng/mL by week of gestation: weeks 5, 9 and 32 by competitive protein binding, Johansson 1969, doi:10.1530/acta.0.0610607;
# at term Teoh et al. 1973, doi:10.1111/j.1479-828x.1973.tb02309.x, here put at week 40.
_PROGESTERONE_BY_WEEK = {5.0: 24.8, 9.0: 16.7, 32.0: 125.2, 40.0: 180.5}
_FIRST_WEEK, _TERM_WEEK = min(_PROGESTERONE_BY_WEEK), max(_PROGESTERONE_BY_WEEK)
# nM: follicular median of 85 women, Anckaert et al. 2021, doi:10.1016/j.plabm.2021.e00211.
_PROGESTERONE_BASELINE = 0.212
# h: at most 5 min at first once the placenta is out, Short & Eton 1959. That 0.6 of it goes so fast is assumed, as for
# allopregnanolone; the slow half-life is fitted to 19.1 nM on day 3, Nappi et al. 2001, doi:10.1016/s0029-7844(00)01112-1.
_PROGESTERONE_FALL = {"fast_fraction": 0.6, "fast_half_life": 5 / 60, "slow_half_life": 20.0}


@functools.cache
def _progesterone_by_week() -> Callable[[np.ndarray], np.ndarray]:
    # Slow to import, and few runs need it.
    from scipy.interpolate import PchipInterpolator

    levels = to_nM(list(_PROGESTERONE_BY_WEEK.values()), "progesterone")
    return PchipInterpolator(list(_PROGESTERONE_BY_WEEK), levels)


def _week(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Week of gestation, no later than delivery."""
    return np.minimum(values["week"] + np.asarray(times_h, dtype=float) / _HOURS_PER_WEEK, values["delivery"])


def _remaining(fall: Values, values: Values, times_h: np.ndarray) -> np.ndarray:
    """Share of the excess over the baseline that is left, 1 until delivery."""
    hours = np.asarray(times_h, dtype=float) - _delivery_h(values)
    fast, since = fall["fast_fraction"], np.maximum(hours, 0.0)
    return fast * np.exp2(-since / fall["fast_half_life"]) + (1 - fast) * np.exp2(-since / fall["slow_half_life"])


def _delivery_h(values: Values) -> float:
    return (values["delivery"] - values["week"]) * _HOURS_PER_WEEK


def _pregnancy(values: Values, times_h: np.ndarray) -> np.ndarray:
    """Total plasma allopregnanolone, nM: baseline + (term - baseline)/(1 + exp(-(week - midpoint)/width)) until delivery.

    Then the excess over the baseline falls as two exponentials. Postpartum depression is no other course: 13 studies of
    2509 women found no difference in allopregnanolone (Schoretsanitis et al. 2024, doi:10.1038/s41380-024-02747-7); how
    fast receptors recover may differ. On day 3 this gives 0.6 nM, less than the 2.3 +/- 1.0 measured in euthymic women and
    the 1.1 +/- 0.4 in those with blues (Nappi et al. 2001, doi:10.1016/s0029-7844(00)01112-1), whose assay was not read: an
    immunoassay would read more.
    """
    # The logistic function as a hyperbolic tangent, which does not overflow.
    rise = 0.5 * (1 + np.tanh((_week(values, times_h) - values["midpoint"]) / (2 * values["width"])))
    excess = (values["term"] - values["baseline"]) * rise
    return values["baseline"] + excess * _remaining(values, values, times_h)


def _progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    level = _progesterone_by_week()(np.clip(_week(values, times_h), _FIRST_WEEK, _TERM_WEEK))
    return _PROGESTERONE_BASELINE + (level - _PROGESTERONE_BASELINE) * _remaining(_PROGESTERONE_FALL, values, times_h)


def _check(values: Values, path: str) -> None:
    for key in ("week", "delivery"):
        if values[key] < _FIRST_WEEK:
            raise InputError(
                f"{path}.{key}", f"week {values[key]:g} is before week {_FIRST_WEEK:g}, with which the data begin; give a later "
                "one, or take 'menstrual_cycle'",
            )  # fmt: skip
    if values["fast_fraction"] > 1:
        raise InputError(f"{path}.fast_fraction", f"{values['fast_fraction']:g} is above 1; give a share from 0 to 1")


_FALL = (
    "the main part goes within the first hour, Klak et al. 2003, Physiol Res 52:211; the numbers are read from no curve, and with "
    "them 48 % of the excess goes in that hour"
)

KINDS = (
    ScheduleKind(
        "pregnancy",
        "women by week of pregnancy, and after delivery; the same in postpartum depression",
        "plasma",
        {
            "week": Parameter("36.0", "week of gestation at schedule time 0; after `delivery`, of the post-partum", "assumed: late"),
            "delivery": Parameter("40.0", "week of delivery; for none, one after the last that is asked", "assumed: at term"),
            "baseline": Parameter("0.5 nM", "level outside pregnancy", "assumed: recalled follicular values are 0.1 to 1.5 nM"),
            "term": Parameter(
                "50 nM", "level that the rise tends to; from 30 to 150 nM is claimed",
                "assumed: the upper end of third-trimester means of pregnanolone isomers, of which it is the most abundant, Hill "
                "et al. 2007, J Steroid Biochem Mol Biol 105:166",
            ),
            "midpoint": Parameter(
                "24.0", "week of half the rise", "assumed: it rises from week 10 to 36, Pearson Murphy et al. 2001, Gynecol "
                "Endocrinol 15, whose values were not read",
            ),
            "width": Parameter("4.5", "weeks in which the rise grows e-fold at first", "assumed: as the midpoint", minimum="above 0"),
            "fast_fraction": Parameter("0.6", "share that falls fast after delivery", f"assumed: {_FALL}"),
            "fast_half_life": Parameter("0.5 h", "half-life of the fast share", f"assumed: {_FALL}", minimum="above 0"),
            "slow_half_life": Parameter(
                "9.5 h", "half-life of the slow share",
                "assumed: as of brexanolone, 9 h on its label and 9.8 to 13.1 h in 12 women (AJOG 2019, abstract 850)",
                minimum="above 0",
            ),
        },
        _pregnancy,
        breaks=lambda values: [_delivery_h(values)],
        check=_check,
        progesterone=_progesterone,
        steroids={"baseline": "allopregnanolone", "term": "allopregnanolone"},
        span_h=5 * _HOURS_PER_WEEK,
    ),
)  # fmt: skip
