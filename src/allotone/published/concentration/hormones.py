"""Progesterone and allopregnanolone over the menstrual cycle, after menopause, and in cycling rodents."""

import math

import numpy as np

from ...concentration import to_ng_per_mL
from ..checks import Check, check
from ..targets import RELATIVE, published, rises, unbounded, unchanged, within
from .curves import default, plasma, progesterone
from .intravenous import DERIVED, RECALLED

CYCLE = "menstrual_cycle"
# Days from the LH peak: first of two days of the table that the cycle is read from, and bins that are usual
# (Stricker et al. 2006, doi:10.1515/CCLM.2006.160).
CYCLE_DAYS = np.arange(-14.0, 14.0, 0.1)
EARLY_FOLLICULAR, MID_LUTEAL = np.arange(-14.0, -5.9, 0.1), np.arange(5.0, 9.1, 0.1)
FOLLICULAR, LUTEAL = np.arange(-14.0, 0.0, 0.1), np.arange(1.0, 14.0, 0.1)
LH_DAY = 14.0
PERCENTILES = (
    "the source gives the 5th and 95th percentile of women, which are no error of a median; and which days from LH count as "
    "its phase, which the value depends on, is a choice"
)


def checks() -> list[Check]:
    """Progesterone by day; allopregnanolone by progesterone; both in other states."""
    return [*_progesterone(), *_ratios(), *_levels(), *_states()]


def _progesterone() -> list[Check]:
    def over(days: np.ndarray) -> np.ndarray:
        return _of_cycle(progesterone, days)

    return [
        check(
            "biomd494_P4max", "input", CYCLE, lambda: float(to_ng_per_mL(over(CYCLE_DAYS).max(), "progesterone")),
            published("biomd494_P4max", RELATIVE),
        ),
        check(
            "biomd494_P4max", "input", CYCLE, lambda: float(CYCLE_DAYS[over(CYCLE_DAYS).argmax()]),
            within(5.0, 8.0, "d", "set beforehand"), name="biomd494_peak_day",
            quantity="peak of progesterone, days after the LH peak", items=("P6",),
        ),
        check(
            "biomd494_P4min", "input", CYCLE, lambda: float(to_ng_per_mL(over(CYCLE_DAYS).min(), "progesterone")),
            published("biomd494_P4min", RELATIVE),
        ),
        check("biomd494_T", "input", CYCLE, lambda: default(CYCLE, "length", "days")),
        check(
            "P4_foll", "prediction", f"{CYCLE}, median before LH", lambda: float(np.median(over(FOLLICULAR))),
            declared="the cycle is that of a model, whose progesterone never falls below 0.59 nM: about the 95th percentile of these "
            "women, and an error of their median would be narrower",
        ),
        check("P4_ov", "prediction", f"{CYCLE}, day of LH", lambda: float(over(np.array([0.0]))[0]), reported=PERCENTILES),
        check(
            "P4_lut", "prediction", f"{CYCLE}, median after LH", lambda: float(np.median(over(LUTEAL))), reported=PERCENTILES
        ),
    ]  # fmt: skip


def _ratios() -> list[Check]:
    return [
        check("drv_P4_to_ALLO_offset", "input", CYCLE, lambda: _line()[1], reported=DERIVED),
        check("drv_P4_to_ALLO_slope", "input", CYCLE, lambda: _line()[0], reported=DERIVED),
        check(
            "ratio_ALLO_P4_foll", "calibration", f"{CYCLE}, where progesterone is 0.6 nM", lambda: _mass_ratio(0.6), items=("P6",)
        ),
        check(
            "ratio_ALLO_P4_mid", "prediction", f"{CYCLE}, day of LH",
            lambda: _mass_ratio(float(_of_cycle(progesterone, np.array([0.0]))[0])),
            declared="in the model whose cycle it is progesterone begins to rise after the LH peak only; at the 1.8 nM that other "
            "women had at ovulation the line from progesterone gives 0.14",
        ),
        check(
            "ratio_ALLO_P4_lut", "calibration", f"{CYCLE}, at the peak of progesterone",
            lambda: _mass_ratio(float(_of_cycle(progesterone, CYCLE_DAYS).max())), items=("P6",),
        ),
        *(
            check(
                "ratio_ALLO_P4_lut", "calibration", f"{CYCLE}, where progesterone is above 25 nM", lambda of=of: of(_luteal_ratios()),
                within(0.03, 0.05, "mass ratio", "set beforehand"), name=f"ratio_ALLO_P4_lut.{of.__name__}",
                quantity=f"serum ALLO/progesterone ratio, luteal, {word}", items=("P6",),
            )
            for of, word in ((min, "lowest"), (max, "highest"))
        ),
        check(
            "ratio_ALLO_P4_lut ratio_ALLO_P4_foll", "calibration", CYCLE, _luteal_over_follicular,
            within(4.0, 10.0, "fold", "set beforehand"), name="ALLO_luteal_over_follicular",
            quantity="allopregnanolone, mid-luteal over early follicular", items=("P6",),
        ),
    ]  # fmt: skip


def _levels() -> list[Check]:
    day_26 = f"{CYCLE}, day 26"

    def late() -> float:
        return float(to_ng_per_mL(plasma(CYCLE, [0.0], day=26)[0]))

    return [
        check(
            "ALLO_foll", "prediction", CYCLE, lambda: float(_of_cycle(plasma, EARLY_FOLLICULAR).mean()), reported=RECALLED
        ),
        check("ALLO_luteal", "prediction", CYCLE, lambda: float(_of_cycle(plasma, MID_LUTEAL).mean()), reported=RECALLED),
        check(
            "ALLO_ctrl_d26", "prediction", day_26, late,
            reported="by radioimmunoassay, which reads ten times and more of what mass spectrometry does; no schedule is on its scale",
        ),
        check(
            "ALLO_PMS_d26", "prediction", day_26, late,
            reported="by radioimmunoassay, as the controls'; and premenstrual syndrome has no level of its own here",
        ),
        check(
            "PMDD_null_LCMS PMDD_null_1994", "prediction", CYCLE, lambda: math.nan, unbounded("change"), items=("N2",),
            quantity="premenstrual dysphoria: allopregnanolone against controls",
            reported="no difference was seen, and there is none to simulate: one schedule is both, and what differs is for "
            "receptors to say",
        ),
    ]  # fmt: skip


def _states() -> list[Check]:
    return [
        check(
            "P4_postmeno", "input", "menopause",
            lambda: float(to_ng_per_mL(progesterone("menopause", [0.0])[0], "progesterone")),
        ),
        check(
            "ratio_ALLO_P4_postmeno", "input", "menopause",
            lambda: float(
                to_ng_per_mL(plasma("menopause", [0.0])[0])
                / to_ng_per_mL(progesterone("menopause", [0.0])[0], "progesterone")
            ),
        ),
        check(
            "ALLO_postmeno_vs_foll", "prediction", f"menopause; {CYCLE}, early follicular",
            lambda: float(plasma("menopause", [0.0])[0] / _of_cycle(plasma, EARLY_FOLLICULAR).mean()) - 1, unchanged(),
            quantity="allopregnanolone after menopause against the follicular phase",
            declared="by radioimmunoassay; by mass spectrometry, which the schedule follows, it is lower than in any phase "
            "(Kimball et al. 2020)",
        ),
        check(
            "estrous_hipp", "input", "estrous_cycle, rat", _estrous_order, rises(),
            quantity="proestrus over diestrus over estrus: the smaller of the two rises, of plasma",
        ),
    ]  # fmt: skip


def _of_cycle(course, days: np.ndarray) -> np.ndarray:
    """Plasma or progesterone, nM, array (days,), by days from the LH peak."""
    return course(CYCLE, 24.0 * (days + LH_DAY), day=0)


def _line() -> tuple[float, float]:
    """Slope, nM per nM, and offset, nM, of allopregnanolone on progesterone."""
    slope, offset = np.polyfit(_of_cycle(progesterone, CYCLE_DAYS), _of_cycle(plasma, CYCLE_DAYS), 1)
    return float(slope), float(offset)


def _mass_ratio(progesterone_nM):
    """Allopregnanolone over progesterone by mass, where the cycle has so much progesterone; a number or an array."""
    slope, offset = _line()
    return to_ng_per_mL(offset + slope * progesterone_nM) / to_ng_per_mL(progesterone_nM, "progesterone")


def _luteal_ratios() -> np.ndarray:
    levels = _of_cycle(progesterone, CYCLE_DAYS)
    return _mass_ratio(levels[levels > 25.0])


def _luteal_over_follicular() -> float:
    return float(_of_cycle(plasma, MID_LUTEAL).mean() / _of_cycle(plasma, EARLY_FOLLICULAR).mean())


def _estrous_order() -> float:
    phases = [default("estrous_cycle", phase, "nM") for phase in ("proestrus", "diestrus", "estrus")]
    return min(phases[0] / phases[1], phases[1] / phases[2]) - 1
