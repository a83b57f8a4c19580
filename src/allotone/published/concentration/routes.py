"""Progesterone swallowed, vaginal and through the skin: its own level and that of the allopregnanolone made of it."""

import math

import numpy as np

from ...concentration import to_ng_per_mL
from ..checks import Check, check
from ..data import row_of
from ..targets import RELATIVE, mean_of, published, unbounded, within
from .curves import plasma, progesterone
from .intravenous import RECALLED

DAY_H = np.linspace(0.0, 24.0, 1201)
ORAL, VAGINAL, CREAM = "oral_progesterone", "vaginal_progesterone", "transdermal_progesterone"
# Long after the beginning of a daily treatment.
RUNNING_H = 24.0 * 14 + DAY_H
# For the expected range of a few women: groups of simulated ones.
WOMEN, GROUPS = 8, 25
IMMUNOASSAY = (
    "by immunoassay, which reads metabolites as progesterone; the default, as much progesterone as allopregnanolone, is for "
    "assays that do not"
)


def checks() -> list[Check]:
    """Oral allopregnanolone, oral progesterone, and the two routes that pass the liver by."""
    return [*_oral(), *_oral_progesterone(), *_others()]


def _oral() -> list[Check]:
    return [
        *(
            check(key, role, f"{ORAL}, {dose}", lambda dose=dose: _peak(ORAL, dose), reported=RECALLED)
            for key, role, dose in (
                ("op4_200_allo", "calibration", "200 mg"), ("op4_100_allo", "calibration", "100 mg"),
            )
        ),
        check("op4_metab_tmax", "calibration", f"{ORAL}, 200 mg", _time_of_peak, items=("P5",)),
        check(
            "op4_metab_tmax", "calibration", f"{ORAL}, 200 mg", _time_of_peak, within(1.5, 6.0, "h", "set beforehand"),
            name="op4_allo_tmax", quantity="peak of allopregnanolone after an oral dose", items=("P5",),
        ),
        check(
            "op4_20bid ratio_ALLO_P4_lut", "input", f"{ORAL}, 200 mg; menstrual_cycle, mid-luteal", _over_luteal_ratio,
            within(10.0, math.inf, "fold", "set beforehand"), name="op4_ratio",
            quantity="allopregnanolone over progesterone after swallowing it, over that ratio in the luteal phase", items=("P5",),
        ),
        *(
            check(
                key, "prediction", f"{ORAL}, 20 mg; menopause", lambda course=course: _above_endogenous(course),
                published(key, RELATIVE),
                declared="the yield was fitted to a recalled level, the endogenous area to a tabulated progesterone"
                f"{and_ratio}: neither is of these women",
            )
            for key, course, and_ratio in (
                ("op4_20_auc_allo", plasma, " and another laboratory's ratio"), ("op4_20_auc_p4", progesterone, ""),
            )
        ),
    ]  # fmt: skip


def _oral_progesterone() -> list[Check]:
    def peak(dose: str) -> float:
        return float(to_ng_per_mL(progesterone(ORAL, DAY_H, dose=dose).max(), "progesterone"))

    ends = row_of("op4_300_range")
    spread = ends.high / ends.low
    return [
        *(
            check(key, "prediction", f"{ORAL}, 200 mg", lambda: peak("200 mg"), declared=IMMUNOASSAY)
            for key in ("op4_200_P4_maxson", "op4_200_P4_label")
        ),
        check(
            "op4_100_P4_LCMS", "prediction", f"{ORAL}, 100 mg", lambda: peak("100 mg"),
            reported="the range is that of a review over several studies; and what it comes to here is a recalled level of "
            "allopregnanolone, to which the yield was fitted, so that to meet it would say nothing",
        ),
        check(
            "op4_300_range", "calibration", f"{ORAL}, {GROUPS} groups of {WOMEN} simulated women", _range_of_women,
            within(0.8 * spread, 1.2 * spread, "fold", RELATIVE, spread),
            quantity=f"P4 Cmax after 300 mg oral, highest over lowest of {WOMEN} women",
            declared="the spread is assumed to be the part between women; the range has that of one woman's days in it too",
        ),
    ]  # fmt: skip


def _others() -> list[Check]:
    auc = row_of("td_80_auc").value
    return [
        check(
            "vag_100", "calibration", f"{VAGINAL}, 100 mg", lambda: _peak_progesterone(VAGINAL, "100 mg"), mean_of("vag_100", 50),
        ),
        check(
            "vag_50", "prediction", f"{VAGINAL}, 50 mg", lambda: _peak_progesterone(VAGINAL, "50 mg"), mean_of("vag_50", 50),
            declared="the schedule is proportional to dose and was fitted to 100 mg, of which 50 mg gave two thirds and not half",
        ),
        check(
            "vag_allo", "prediction", f"{VAGINAL}, 400 mg", lambda: _peak(VAGINAL, "400 mg"), unbounded("nM"),
            quantity="allopregnanolone at its peak after 400 mg vaginal", reported="the levels of the study's groups were not seen",
        ),
        check(
            "td_40", "calibration", f"{CREAM}, 40 mg/day for two weeks", lambda: float(progesterone(CREAM, RUNNING_H).max()),
            published("td_40", RELATIVE),
        ),
        check(
            "td_40", "calibration", f"{CREAM}, 40 mg/day for two weeks", lambda: float(plasma(CREAM, RUNNING_H).max()),
            within(-math.inf, 0.1, "nM", "set beforehand"), name="td_40.allopregnanolone",
            quantity="rise of allopregnanolone on 40 mg/d cream", items=("P5",),
        ),
        check(
            "td_80_auc", "prediction", f"{CREAM}, 80 mg/day for two weeks", _daily_area,
            within(0.8 * auc, 1.2 * auc, "ng*h/mL", RELATIVE, auc),
            declared="another cream in other women, from which a third reached the blood; the default follows the first",
        ),
    ]  # fmt: skip


def _peak(name: str, dose: str) -> float:
    return float(plasma(name, DAY_H, dose=dose).max())


def _peak_progesterone(name: str, dose: str) -> float:
    return float(progesterone(name, DAY_H, dose=dose).max())


def _time_of_peak() -> float:
    return float(DAY_H[plasma(ORAL, DAY_H).argmax()])


def _over_luteal_ratio() -> float:
    luteal = plasma("menstrual_cycle", [0.0], day=21)[0] / progesterone("menstrual_cycle", [0.0], day=21)[0]
    return float(plasma(ORAL, [2.0])[0] / progesterone(ORAL, [2.0])[0] / luteal)


def _above_endogenous(course) -> float:
    """Area of the first 12 h that 20 mg add to that of a woman after menopause, %."""
    hours = DAY_H[DAY_H <= 12.0]
    return 100 * float(
        np.trapezoid(course(ORAL, hours, dose="20 mg"), hours) / np.trapezoid(course("menopause", hours), hours)
    )


def _range_of_women() -> float:
    """Expected highest over lowest of a group, from the mean of its logarithm."""
    peaks = [progesterone(ORAL, [2.0], dose="300 mg", subject=1 + woman)[0] for woman in range(GROUPS * WOMEN)]
    logarithms = np.log(np.reshape(peaks, (GROUPS, WOMEN)))
    return float(np.exp(np.mean(np.ptp(logarithms, axis=1))))


def _daily_area() -> float:
    level = to_ng_per_mL(progesterone(CREAM, RUNNING_H, dose="80 mg/day"), "progesterone")
    return float(np.trapezoid(level, RUNNING_H))
