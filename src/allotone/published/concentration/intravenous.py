"""Molar masses, brexanolone's infusion in women, and a bolus in women and mice."""

import math

import numpy as np

from ...concentration import to_ng_per_mL, to_nM
from ..checks import Check, check
from ..data import row_of
from ..targets import PRINTED, RELATIVE, published, within
from .curves import default, half_life, plasma

REGIMEN = "brx_sched_1 brx_sched_2 brx_sched_3 brx_sched_4 brx_sched_5"
STEP_HOURS = (4, 20, 28, 4, 4)
# Long after both the fast phase and the infusion.
TERMINAL_H = (150.0, 200.0)
INFUSION_H = np.concatenate([np.linspace(0.0, 72.0, 1441), np.linspace(72.0, 300.0, 457)[1:]])
MOUSE = {"model": "mouse", "dose": "3 mg/kg", "bioavailability": 0.97, "absorption_rate": "284 /h"}
MOUSE_H = np.concatenate([np.linspace(0.0, 0.1, 361), np.linspace(0.1, 4.0, 469)[1:]])
RECALLED = "recalled, not read"
DERIVED = "computed here from published values: it is the default itself, and no source's number"


def checks() -> list[Check]:
    """Units; area, levels and half-life of the infusion; mouse plasma."""
    return [*_units(), *_infusion(), *_levels(), *_mouse()]


def _units() -> list[Check]:
    return [
        check(
            key, "input", f"molar mass of {steroid}", lambda steroid=steroid: float(to_nM(1.0, steroid)),
            within(0.999 * nM, 1.001 * nM, "nM", "0.1 %, set beforehand", nM), quantity=f"1 ng/mL of {steroid}", items=("U1",),
        )
        for key, steroid, nM in (("mw_allo", "allopregnanolone", 3.140), ("mw_p4", "progesterone", 3.180))
    ]  # fmt: skip


def _infusion() -> list[Check]:
    dose = sum(row_of(key).value * hours for key, hours in zip(REGIMEN.split(), STEP_HOURS))
    return [
        check(
            REGIMEN, "input", "infusion", lambda: _area() * default("infusion", "clearance", "L/h/kg"),
            within(0.995 * dose, 1.005 * dose, "ug/kg", "0.5 %, set beforehand", dose), name="brx_dose",
            quantity="dose over 60 h: area under the curve times clearance", items=("P1",),
        ),
        check("brx_auc", "calibration", "infusion", _area, items=("P1",)),
        check("drv_brx_CL", "input", "infusion", lambda: default("infusion", "clearance", "L/h/kg"), reported=DERIVED),
        check(
            "brx_CL_label", "prediction", "infusion", lambda: default("infusion", "clearance", "L/h/kg"),
            published("brx_CL_label", RELATIVE), reported=RECALLED,
        ),
        check(
            "brx_thalf_label", "calibration", "infusion", _terminal, published("brx_thalf_label", RELATIVE), items=("P3",)
        ),
        check(
            "brx_thalf_1b", "calibration", "infusion", _terminal, items=("P3",),
            declared="one half-life cannot be that of the label and of this study, 9 and 11.3 h; the default is the label's",
        ),
        check(
            "brx_thalf_label brx_thalf_1b", "calibration", "infusion", _terminal,
            within(8.5, 13.1, "h", "set beforehand: from the label, rounded, to the upper end of the study"), name="brx_thalf",
            quantity="terminal half-life, label and study together", items=("P3",),
        ),
        check(
            "brx_sched_2 brx_sched_1", "construction", "infusion, constant for 4 h", _doubled,
            within(2 - 1e-9, 2 + 1e-9, "fold", "exactly, set beforehand", 2.0), name="brx_doubled",
            quantity="level after 4 h at 60 over that at 30 ug/kg/h", items=("P3",),
        ),
        check(
            "brx_V_label", "calibration", "bolus", _steady_state_volume, published("brx_V_label", RELATIVE),
            quantity="volume of distribution, of the label; at steady state here",
        ),
    ]  # fmt: skip


def _levels() -> list[Check]:
    def level(hour: float) -> float:
        return float(to_ng_per_mL(plasma("infusion", [hour]))[0])

    def average() -> float:
        return float(np.mean(to_ng_per_mL(plasma("infusion", np.arange(24.5, 52.0)))))

    study = [
        check("brx_cmax_1b", "calibration", "infusion", lambda: level(52.0)),
        check(
            "brx_cavg_1b", "calibration", "infusion, from 24 to 52 h", average,
            reported="over which hours the average was taken is not said; from 24 to 52 h, at the highest rate, is a reading",
        ),
    ]  # fmt: skip
    label = [
        check(
            key, "calibration", "infusion", lambda hour=hour: level(hour),
            within(0.9 * row_of(key).value, 1.1 * row_of(key).value, "ng/mL", "10 %, set beforehand", row_of(key).value),
            items=("P2",), reported=RECALLED,
        )
        for key, hour in (("brx_css60_label", 24), ("brx_css90_label", 52))
    ]  # fmt: skip
    timby = check(
        "timby_conc", "prediction", "bolus, 0.09 mg/kg at once", lambda: float(plasma("bolus", [0.0], dose="0.09 mg/kg")[0]),
        reported=f"{RECALLED}; the dose was cumulative",
    )  # fmt: skip
    milk = check(
        "brx_milk_lod", "prediction", "infusion", lambda: float(to_ng_per_mL(plasma("infusion", [60.0 + 72.0]))[0]),
        within(-math.inf, 5.0, "ng/mL", "set by the source, of milk"), quantity="level in plasma 3 d after the infusion",
        reported="milk, which no schedule describes; plasma is shown",
    )  # fmt: skip
    return [*study, *label, timby, milk]


def _mouse() -> list[Check]:
    parameters = "bolus, mouse, 3 mg/kg into the muscle"
    return [
        check(
            "mouse_cmax_pl mouse_F", "calibration", parameters,
            lambda: float(to_ng_per_mL(plasma("bolus", MOUSE_H, **MOUSE).max())), published("mouse_cmax_pl", RELATIVE),
        ),
        check(
            "mouse_thalf", "input", parameters, lambda: 60 * half_life("bolus", 1.0, 2.0, **MOUSE),
            published("mouse_thalf", PRINTED),
        ),
        check(
            "mouse_auc_pl", "calibration", parameters,
            lambda: 60 * float(to_ng_per_mL(np.trapezoid(plasma("bolus", MOUSE_H, **MOUSE), MOUSE_H))),
            published("mouse_auc_pl", RELATIVE), quantity="plasma AUC0-inf, of the course whose peak and half-life were put in",
        ),
    ]  # fmt: skip


def _area() -> float:
    """Area under the curve of the infusion, for ever, ng*h/mL."""
    curve = to_ng_per_mL(plasma("infusion", INFUSION_H))
    return float(np.trapezoid(curve, INFUSION_H) + curve[-1] * _terminal() / math.log(2))


def _terminal() -> float:
    return half_life("infusion", *TERMINAL_H)


def _doubled() -> float:
    levels = [
        plasma("infusion", [4.0], regimen="constant", rate=f"{rate} ug/kg/h", duration="4 h")[0] for rate in (60, 30)
    ]
    return float(levels[0] / levels[1])


def _steady_state_volume() -> float:
    """Clearance times mean residence time after a bolus, L/kg."""
    curve = to_ng_per_mL(plasma("bolus", INFUSION_H, dose="1 mg/kg"))
    area, moment = np.trapezoid(curve, INFUSION_H), np.trapezoid(INFUSION_H * curve, INFUSION_H)
    return float(1000.0 * moment / area**2)
