"""Progesterone to 5alpha-DHP to allopregnanolone, inhibitors of the first step, isolation, and acute stress."""

import math

import numpy as np

from ...concentration import schedule, to_ng_per_mL
from ...concentration.biosynthesis import chain
from ...concentration.evaluate import values_of
from ...concentration.reductase import activity
from ..checks import Check, check
from ..data import row_of
from ..targets import PRINTED, RELATIVE, ROUNDING, falls, published, unbounded, within
from .curves import brain, default, plasma, progesterone, receptor
from .intravenous import DERIVED

CHAIN, STRESS = "biosynthesis", "acute_stress"
BLOCK = {"inhibitor": "block"}
HALF_AN_HOUR = [0.0, 0.5]
LEFT = within(0.10, 0.20, "fraction", "set beforehand: what the source saw")
MINUTES = np.arange(0.0, 121.0)
# Of the second cycle after day 1: at least 28 days on the inhibitor.
FOLLICULAR_DAYS, LUTEAL_DAYS = np.arange(28.0, 36.0, 0.5), np.arange(47.0, 51.1, 0.5)
# Far above Ki, so that all of the enzyme is occupied.
SATURATING_NM = 1e7


def checks() -> list[Check]:
    """The chain at rest; a block and inhibitors; isolation; stress."""
    return [*_chain(), *_inhibitors(), *_states()]


def _chain() -> list[Check]:
    low, high = (row_of("DHP_lut_peak").low, row_of("DHP_lut_peak").high)
    return [
        check("DHP_foll", "calibration", f"{CHAIN}, progesterone 0.11 ng/mL", lambda: _dihydroprogesterone(0.11), items=("P10",)),
        *(
            check(
                "DHP_lut_peak", "calibration", f"{CHAIN}, progesterone {level} ng/mL", lambda level=level: _dihydroprogesterone(level),
                within(0.9 * end, 1.1 * end, "ng/mL", "10 % about an end of the source's range, set beforehand", end),
                name=f"DHP_lut_peak.{word}", quantity=f"plasma 5a-DHP, {word} end of the luteal peaks", items=("P10",),
            )
            for word, level, end in (("lower", 8.6, low), ("upper", 19.9, high))
        ),
        check(
            "drv_DHP_slope", "input", CHAIN, lambda: (_dihydroprogesterone(10.0) - _dihydroprogesterone(0.0)) / 10.0, reported=DERIVED,
        ),
        *(
            check(
                f"ratio_ALLO_P4_{phase}", "calibration", f"{CHAIN}, {told}", lambda given=given: _mass_ratio(given),
                name=f"ratio_ALLO_P4_{phase}.chain", declared=declared,
            )
            for phase, told, given, declared in (
                (
                    "foll", "progesterone 0.6 nM", {"progesterone": "0.6 nM"},
                    "what is made without progesterone follows 5alpha-DHP's intercept and comes to 0.12 nM, less than the 0.19 nM "
                    "that the cycle's line was given",
                ),
                ("lut", "source menstrual_cycle, day 19.5", {"source": "menstrual_cycle", "day": 19.5}, ""),
            )
        ),
    ]  # fmt: skip


def _inhibitors() -> list[Check]:
    return [
        check(
            "drv_k_brain", "calibration", f"{CHAIN}, block", lambda: _left(plasma(CHAIN, HALF_AN_HOUR, **BLOCK)), LEFT,
            quantity="allopregnanolone left 30 min after a block of 5alpha-reductase", items=("P9",),
        ),
        check(
            "drv_k_brain", "calibration", f"{CHAIN}, block, map anchored", lambda: _left(brain(CHAIN, HALF_AN_HOUR, **BLOCK)), LEFT,
            name="drv_k_brain.brain", quantity="brain allopregnanolone left 30 min after a block of 5alpha-reductase", items=("P9",),
            declared="the brain loses it at the rate at which it equilibrates with plasma, 5.4 /h from other mice, and not at the "
            "6.7 /h that was fitted",
        ),
        check(
            "drv_k_brain", "calibration", f"{CHAIN}, block", lambda: _left(_chain_of(HALF_AN_HOUR, **BLOCK)[0]), LEFT,
            name="drv_k_brain.dhp", quantity="5a-DHP left 30 min after a block of 5alpha-reductase",
            declared="one rate for both steroids in series leaves less of the first when it leaves 15 % of the second; pools that do "
            "not mix, or a floor, are not in the chain",
        ),
        check("fin_rat1", "input", "rat_type_1", lambda: _ki("rat_type_1")),
        check("fin_rat2_Ki", "input", "rat_type_2", lambda: _ki("rat_type_2")),
        check("fin_rat2_k3", "input", "rat_type_2", _inactivation),
        *(
            check(
                "fin_prostate", "input", f"human, type_1_share {share}", lambda share=share: _fold(share),
                within(fold * (1 - 1e-9), fold * (1 + 1e-9), "fold", PRINTED, fold), name=f"fin_prostate.type_{kind}",
                quantity=f"fold inhibition after 5 mg/d: type {kind}",
            )
            for kind, share, fold in ((1, 1.0, 3.0), (2, 0.0, 100.0))
        ),
        check(
            "fin_1mg", "construction", f"{CHAIN}, finasteride 1 mg/day", lambda: _change("finasteride", "1 mg/day"), falls(ROUNDING),
            quantity="allopregnanolone of men on finasteride 1 mg/d",
        ),
        check(
            "fin_spindle_null", "prediction", f"{CHAIN}, finasteride 5 mg/day, map anchored", _change_at_receptor,
            unbounded("change"), items=("N2",), quantity="allopregnanolone at the receptor on finasteride",
            reported="spindles did not differ, which needs a network; what it would have to bear is shown",
        ),
        *(
            check(
                "dut_dose_eff", "calibration", f"{CHAIN} over the cycle, dutasteride {dose} mg/day from day 1",
                lambda dose=dose: _luteal_rise_left(f"{dose} mg/day"), within(low, high, "fraction", "less or more than half"),
                name=f"dut_dose_eff.{dose}mg", quantity=f"luteal rise of allopregnanolone that is left on {dose} mg/d: {word}",
            )
            for dose, low, high, word in ((2.5, -math.inf, 0.5, "blocked"), (0.5, 0.5, math.inf, "not blocked"))
        ),
        check(
            "allo_backox", "prediction", CHAIN, _back_oxidised, unbounded("%", row_of("allo_backox").value),
            reported="read second-hand, without its time; the default has no way back, for no rate was found",
        ),
    ]  # fmt: skip


def _states() -> list[Check]:
    def isolated() -> float:
        levels = [plasma(CHAIN, [0.0], state=state)[0] for state in ("isolation", "normal")]
        return 100 * float(levels[0] / levels[1] - 1)

    def stressed() -> np.ndarray:
        return brain(STRESS, MINUTES / 60) / brain(STRESS, [0.0])[0]

    return [
        check("iso_level", "calibration", f"{CHAIN}, state isolation", isolated, published("iso_level", RELATIVE)),
        check(
            "co2_peak", "input", STRESS, lambda: float(stressed()[30]), within(2.7, 3.3, "fold", "10 %, set beforehand", 3.0),
            quantity="cortex ALLO 30 min after 1 min of CO2, over basal", items=("P8",),
        ),
        check(
            "co2_tpeak", "input", STRESS, lambda: float(MINUTES[stressed().argmax()]), published("co2_tpeak", RELATIVE)
        ),
        check(
            "swim_fold", "prediction", STRESS, lambda: float(stressed().max()),
            reported="another stress, and another steroid with it; the schedule is that of CO2, and its rise is a parameter",
        ),
    ]  # fmt: skip


def _chain_of(hours, **parameters) -> tuple[np.ndarray, np.ndarray]:
    """5alpha-DHP and allopregnanolone, ng/mL, each array (times,)."""
    return chain(values_of(schedule(CHAIN, **parameters)), np.asarray(hours))


def _dihydroprogesterone(progesterone_ng_per_mL: float) -> float:
    return float(_chain_of([0.0], progesterone=f"{progesterone_ng_per_mL} ng/mL")[0][0])


def _mass_ratio(given: dict) -> float:
    level, precursor = plasma(CHAIN, [0.0], **given)[0], progesterone(CHAIN, [0.0], **given)[0]
    return float(to_ng_per_mL(level) / to_ng_per_mL(precursor, "progesterone"))


def _left(course: np.ndarray) -> float:
    return float(course[1] / course[0])


def _ki(enzyme: str) -> float:
    """From the share of activity that 10 nM of finasteride leaves at once, nM."""
    left = float(activity([0.0], "finasteride", enzyme, inhibitor_concentration=10.0)[0])
    return 10.0 * left / (1 - left)


def _inactivation() -> float:
    """Rate at which occupied enzyme is lost, /s, where none is replaced."""
    given = {"inhibitor_concentration": SATURATING_NM, "enzyme_turnover": 0.0}
    course = activity([0.0, 0.1], "finasteride", "rat_type_2", **given)
    return float(np.log(course[0] / course[1]) / 360.0)


def _fold(type_1_share: float) -> float:
    return 1 / float(activity([0.0], "finasteride", "human", inhibitor_dose=5.0, type_1_share=type_1_share)[0])


def _change(inhibitor: str, dose: str) -> float:
    level = plasma(CHAIN, [0.0, 24.0], inhibitor=inhibitor, inhibitor_dose=dose)
    return float(level[1] / level[0]) - 1


def _change_at_receptor() -> float:
    level = receptor(CHAIN, [0.0, 24.0], inhibitor="finasteride", inhibitor_dose="5 mg/day")
    return float(level[1] / level[0]) - 1


def _luteal_rise_left(dose: str) -> float:
    def rise(**given) -> float:
        follicular, luteal = (
            plasma(CHAIN, 24.0 * days, source="menstrual_cycle", day=1, **given).mean()
            for days in (FOLLICULAR_DAYS, LUTEAL_DAYS)
        )
        return float(luteal - follicular)

    return rise(inhibitor="dutasteride", inhibitor_dose=dose) / rise()


def _back_oxidised() -> float:
    kr, kA = (default(CHAIN, key, "/h") for key in ("kr", "kA"))
    return 100 * kr / (kr + kA)
