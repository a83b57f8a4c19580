"""What the page on concentrations shows: tables and single numbers, computed by the package."""

from collections.abc import Iterable, Mapping

import numpy as np
from receptor_tables import short, table

from allotone.concentration import MAPS, MOLAR_MASS, NUMBERS, SCHEDULES, exposure, schedule, to_ng_per_mL, to_nM
from allotone.concentration.canonical import AT, BODY_WEIGHT, DEFAULT_MAP, FACTOR, SUBJECT
from allotone.concentration.kinds import NOT_GIVEN, ScheduleKind, Word
from allotone.concentration.reductase import activity
from allotone.network.local_synthesis import ORIGIN as LOCAL_SYNTHESIS_ORIGIN
from allotone.network.medium import FROZEN_BELOW, SLOW_CLOCK_S, TABLE_SIZE
from allotone.parameters import Parameter
from allotone.published.data import row_of
from allotone.receptors import ReferenceState, receptor, tonic_fold
from allotone.units import magnitude, number_in

RECEPTOR, PREPARATION = "alpha4_beta_delta", "slice"
# The range that the default of f_eff states.
F_EFF = {"low": 0.022, "high": 0.22}
RUN_S = 10.0
_CHANGES = (
    "menstrual_cycle:day=26",
    "pregnancy:week=40",
    "infusion:at=24h",
    "infusion:at=1min",
    "oral_progesterone:at=40min",
    "acute_stress:at=5min",
    "bolus:at=30s",
)
_PLACE = {"plasma": "A total in plasma.", "brain": "A total in the brain.", "receptor": "At the receptor."}


def values() -> dict[str, str]:
    """Every placeholder of the page with what stands there."""
    states = _states()
    levels = {name: _levels(text) for name, text in states.items()}
    return {**_single_numbers(levels), **_tables(states, levels)}


def _states() -> dict[str, str]:
    """Schedule of each state, as text."""
    return {
        "men": _constant("ALLO_men"),
        "women, follicular phase": "menstrual_cycle:day=7",
        "women, luteal phase": "menstrual_cycle:day=21",
        "after menopause": "menopause",
        "swallowed progesterone, highest": "oral_progesterone:dose=200mg",
        "third trimester": "pregnancy:week=36",
        "brexanolone, highest": "infusion:at=52h",
        "lost consciousness": _constant("elta_cp50_bolus"),
    }


def _constant(key: str) -> str:
    """A published plasma level as a schedule."""
    known = row_of(key)
    return f"constant:compartment=plasma,concentration={known.value:g}{known.unit}"


def _single_numbers(levels: dict[str, dict[str, float]]) -> dict[str, str]:
    infusion = schedule("infusion").plasma([24.0, 52.0, 100.0, 110.0]).values
    disposition = {
        key: number_in(parameter.default, parameter.unit) for key, parameter in SCHEDULES["infusion"].parameters.items()
        if key in ("clearance", "V1", "V2")
    }  # fmt: skip
    label = row_of("brx_V_label").value
    follicular, luteal = (levels[f"women, {name} phase"] for name in ("follicular", "luteal"))
    brexanolone = levels["brexanolone, highest"]
    births = SCHEDULES["pregnancy"].parameters["delivery"].default
    stress = schedule("acute_stress").brain([0.0, 0.5]).values
    finasteride = activity([0.0], "finasteride", inhibitor_dose=5.0)
    return {
        "one_ng": f"{float(to_nM(1.0)):.3f} nM",
        "one_ng_progesterone": f"{float(to_nM(1.0, 'progesterone')):.3f} nM",
        "steroids": ", ".join(f"{name} {mass:g} g/mol" for name, mass in MOLAR_MASS.items()),
        "default_map": f"`{DEFAULT_MAP}`",
        "f_eff_low": f"`f_eff = {F_EFF['low']:g}`",
        "f_eff_high": f"`f_eff = {F_EFF['high']:g}`",
        "equilibration": f"{np.log(2) / number_in(NUMBERS['ke0'].default, '/min'):.1f} min",
        "luteal_nominal": f"x{luteal['nominal'] / follicular['nominal']:.1f}",
        "luteal_anchored": f"x{luteal['anchored'] / follicular['anchored']:.2f}",
        "luteal_fold_nominal": _fold(luteal["nominal"]),
        "luteal_fold_anchored": _fold(luteal["anchored"]),
        "follicular_fold_anchored": _fold(follicular["anchored"]),
        "brexanolone_free": f"{brexanolone['free']:.1f} nM",
        "brexanolone_fold_free": _fold(brexanolone["free"]),
        "brexanolone_fold_anchored": _fold(brexanolone["anchored"]),
        "receptor": f"`{RECEPTOR}` (`{PREPARATION}`)",
        "ambient": f"{float(magnitude(ReferenceState().gaba, 'uM')):g} µM",
        "frozen_below": f"{100 * FROZEN_BELOW:g} %",
        "run": f"{RUN_S:g} s",
        "table_points": str(TABLE_SIZE),
        "slow_clock": f"{1e3 * SLOW_CLOCK_S:g} ms",
        "local_synthesis_origin": LOCAL_SYNTHESIS_ORIGIN,
        "anaesthesia": f"{1000 * row_of('brain_EC50_anaesth').value:g} nmol/kg",
        "cortex": f"{float(to_nM(row_of('PFC_ctrl').value)):.1f} nmol/kg",
        "cycle_highest": f"{schedule('menstrual_cycle', day=0).plasma(np.arange(0.0, 28 * 24.0)).values.max():.2f} nM",
        "assay_fold": _fold(float(to_nM(row_of("ALLO_ctrl_d26").value))),
        "assay_schedule": f"{schedule('menstrual_cycle:day=26').plasma([0.0]).values[0]:.2f} nM",
        "assay_radio": f"{float(to_nM(row_of('ALLO_ctrl_d26').value)):.1f} nM",
        "c24": f"{float(to_ng_per_mL(infusion[0])):.1f} ng/mL",
        "c52": f"{float(to_ng_per_mL(infusion[1])):.1f} ng/mL",
        "half_life": f"{10.0 / np.log2(infusion[2] / infusion[3]):.1f} h",
        "volumes": f"{disposition['V1'] + disposition['V2']:g} L/kg",
        "one_compartment": f"{np.log(2) * label / disposition['clearance']:.1f} h",
        "oral_peak": f"{levels['swallowed progesterone, highest']['plasma']:.0f} nM",
        "day_3": f"{schedule('pregnancy', week=births).plasma([72.0]).values[0]:.1f} nM",
        "stress_peak": f"x{stress[1] / stress[0]:.1f}",
        "finasteride_left": f"{100 * float(finasteride[0]):.0f} %",
    }


def _tables(states: dict[str, str], levels: dict[str, dict[str, float]]) -> dict[str, str]:
    return {
        "maps": table(
            ("map", "what it says", "numbers, from plasma", "numbers, from the brain"),
            ((f"`{one.name}`", one.meaning, _names(one.from_plasma), _names(one.from_brain)) for one in MAPS.values()),
        ),
        "map_numbers": _parameters(NUMBERS),
        "states": table(
            ("state", "written as", "plasma, nM", "brain, nmol/kg", "`anchored`, nM (range)", "`nominal`, nM", "`free`, nM"),
            (
                (
                    name, f"`{states[name]}`", short(one["plasma"]), short(one["brain"]),
                    f"{short(one['anchored'])} ({short(one['low'])} to {short(one['high'])})",
                    short(one["nominal"]), short(one["free"]),
                )
                for name, one in levels.items()
            ),
        ),
        "folds": table(
            ("state", "`anchored` (range)", "`nominal`", "`free`"),
            (
                (
                    name, f"{_fold(one['anchored'])} ({_fold(one['low'])} to {_fold(one['high'])})",
                    _fold(one["nominal"]), _fold(one["free"]),
                )
                for name, one in levels.items()
            ),
        ),
        "changes": _changes(),
        "shared": _parameters({"at": AT, "factor": FACTOR, "subject": SUBJECT, "body_weight": BODY_WEIGHT}),
        "schedules": _schedules(),
    }  # fmt: skip


def _levels(text: str) -> dict[str, float]:
    """Highest plasma, brain and receptor levels in half a day, by each map and by both ends of `f_eff`."""
    hours = np.linspace(0.0, 12.0, 121) if text.startswith("oral") else np.zeros(1)
    one = schedule(text)
    plasma, brain = one.plasma(hours), one.brain(hours)
    found = {
        "plasma": plasma,
        "brain": brain,
        "anchored": one.receptor(hours),
        **{end: exposure("anchored", "brain", f_eff=F_EFF[end]).receptor(brain) for end in F_EFF},
        **{name: exposure(name).receptor(plasma) for name in ("nominal", "free")},
    }
    return {name: float(course.values.max()) for name, course in found.items()}


def _fold(nanomolar: float) -> str:
    return f"{float(tonic_fold(ReferenceState().gaba, nanomolar, receptor(RECEPTOR, PREPARATION))):.2f}"


def _changes() -> str:
    hours = np.linspace(0.0, RUN_S / 3600.0, 101)
    lines = []
    for text in _CHANGES:
        one = schedule(text)
        level = one.receptor(hours).values
        share = float(np.ptp(level) / level.max())
        met = "followed" if share >= FROZEN_BELOW else "held still"
        lines.append((f"`{text}`", f"{100 * share:.2g} %", met))
    return table(("schedule", f"change in {RUN_S:g} s at the receptor", "in the run"), lines)


def _schedules() -> str:
    """A section for each named schedule."""
    seen: dict[str, tuple[Parameter | Word, str]] = {}
    return "\n\n".join(_section(kind, seen) for kind in SCHEDULES.values())


def _section(kind: ScheduleKind, seen: dict[str, tuple[Parameter | Word, str]]) -> str:
    said = [f"{kind.meaning[0].upper()}{kind.meaning[1:]}. {_PLACE.get(kind.compartment, '')}".strip()]
    if kind.name == "table":
        said.append("`times` and `concentrations` are lists, one element for each point.")
    if kind.per_weight:
        said.append(f"With `body_weight`, {_names(kind.per_weight)} may be given for the whole body.")
    if kind.steroids:
        said.append(f"May be given in ng/mL: {_names(kind.steroids)}.")
    if kind.subject_sd:
        spread = ", ".join(f"`{key}` {sd:g}" for key, sd in kind.subject_sd.items())
        said.append(f"Simulated subjects differ (standard deviation of the logarithm): {spread}.")
    return f"### `{kind.name}`\n\n{' '.join(said)}\n\n{_parameters(kind.parameters, kind.name, seen)}"


def _parameters(
    parameters: Mapping[str, Parameter | Word],
    owner: str = "",
    seen: dict[str, tuple[Parameter | Word, str]] | None = None,
) -> str:
    """Each parameter with its default; the origin of one that an earlier schedule has too is told once."""
    lines = []
    for key, one in parameters.items():
        first, where = (seen or {}).get(key, (None, ""))
        origin = f"as of `{where}`" if first == one else one.origin
        if seen is not None:
            seen.setdefault(key, (one, owner))
        lines.append((f"`{key}`", *_default(one), one.meaning, origin))
    return table(("parameter", "default", "unit", "meaning", "origin"), lines)


def _default(one: Parameter | Word) -> tuple[str, str]:
    if isinstance(one, Word):
        rest = ", ".join(f"`{word}`" for word in one.choices[1:])
        return f"`{one.default}`" + (f"; or {rest}" if rest else ""), ""
    number = one.default.partition(" ")[0]
    unit = "" if one.unit == "1" else one.unit
    return ("none" if number == NOT_GIVEN else number), unit


def _names(keys: Iterable[str] | None) -> str:
    if keys is None:
        return "does not start there"
    return ", ".join(f"`{key}`" for key in keys) or "none"
