"""What the page on concentrations shows: tables and single numbers, computed by the package."""

from collections.abc import Iterable, Mapping

import numpy as np
from receptor_tables import short, table

from allotone.concentration import MAPS, MOLAR_MASS, NUMBERS, SCHEDULES, exposure, schedule, to_ng_per_mL, to_nM
from allotone.concentration.canonical import AT, BODY_WEIGHT, DEFAULT_MAP, FACTOR, SUBJECT
from allotone.concentration.kinds import NOT_GIVEN, ScheduleKind, Word
from allotone.concentration.reductase import NUMBERS as REDUCTASE
from allotone.concentration.reductase import activity
from allotone.network.local_synthesis import ORIGIN as LOCAL_SYNTHESIS_ORIGIN
from allotone.network.medium import FROZEN_BELOW, SLOW_CLOCK_S, TABLE_SIZE
from allotone.parameters import Parameter
from allotone.published.data import row_of
from allotone.receptors import ReferenceState, receptor, tonic_fold
from allotone.receptors.regulation_presets import REGULATIONS
from allotone.units import magnitude, number_in

RECEPTOR, PREPARATION = "alpha4_beta_delta", "slice"
# The ranges that the defaults of f_eff and C_loc state.
F_EFF = {"low": 0.022, "high": 0.22}
C_LOC = {"none": 0.0, "most": 20.0}
# L/kg, of the 3 that both volumes have.
V1_RANGE = (0.5, 2.5)
# Whose plasma the experiment on the menstrual cycle takes as 1.
FOLLICULAR_DAY = 9.0
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
    return {**_single_numbers(levels), **_cycle(levels), **_disposition(), **_enzymes(), **_tables(states, levels)}


def _states() -> dict[str, str]:
    """Schedule of each state, as text."""
    return {
        "men": _constant("ALLO_men"),
        "women, follicular phase": "menstrual_cycle:day=7",
        "women, luteal phase, median": f"menstrual_cycle:day=21,progesterone_peak={row_of('P4_lut').value:g}nM",
        "women, luteal phase, default": "menstrual_cycle:day=21",
        "after menopause": "menopause",
        "swallowed progesterone, highest": "oral_progesterone:dose=200mg",
        "third trimester": "pregnancy:week=36",
        "brexanolone, highest": "infusion:at=52h",
        "half open their eyes, eltanolone": _constant("elta_cp50_bolus"),
    }


def _constant(key: str) -> str:
    """A published plasma level as a schedule."""
    known = row_of(key)
    return f"constant:compartment=plasma,concentration={known.value:g}{known.unit}"


def _single_numbers(levels: dict[str, dict[str, float]]) -> dict[str, str]:
    brexanolone = levels["brexanolone, highest"]
    births = SCHEDULES["pregnancy"].parameters["delivery"].default
    after = schedule("pregnancy", week=births).plasma([0.0, 1.0, 72.0]).values
    excess = after - _default_of("pregnancy", "baseline")
    stress = schedule("acute_stress").brain([0.0, 0.5]).values
    hours = np.linspace(0.0, 12.0, 1201)
    tablet, own = (schedule(text).plasma(hours).values for text in ("oral_progesterone:dose=20mg", "menopause"))
    area = 100 * np.trapezoid(tablet, hours) / np.trapezoid(own, hours)
    too_high = area / row_of("op4_20_auc_allo").value
    pregnancy = _default_of("pregnancy", "term") / REGULATIONS["mouse_dentate"]().levels["pregnant"].value
    woman = schedule("menstrual_cycle", day=FOLLICULAR_DAY, progesterone_peak=f"{row_of('P4_lut').value} nM")
    follicular = woman.plasma([0.0]).values[0]
    return {
        "one_ng": f"{float(to_nM(1.0)):.3f} nM",
        "one_ng_progesterone": f"{float(to_nM(1.0, 'progesterone')):.3f} nM",
        "steroids": ", ".join(f"{name} {mass:g} g/mol" for name, mass in MOLAR_MASS.items()),
        "default_map": f"`{DEFAULT_MAP}`",
        "f_eff_low": f"`f_eff = {F_EFF['low']:g}`",
        "f_eff_high": f"`f_eff = {F_EFF['high']:g}`",
        "equilibration": f"{np.log(2) / number_in(NUMBERS['ke0'].default, '/min'):.1f} min",
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
        "oral_area": f"{area:.0f} %",
        "oral_too_high": f"{too_high:.1f} times",
        "oral_yield": f"{_default_of('oral_progesterone', 'allopregnanolone_yield') / too_high:.4f}",
        "scale_pregnancy": f"{pregnancy:g} nM",
        "scale_cycle": f"{follicular:.2f} nM",
        "scale_apart": f"x{pregnancy / follicular:.0f}",
        "oral_peak": f"{levels['swallowed progesterone, highest']['plasma']:.0f} nM",
        "day_3": f"{after[2]:.1f} nM",
        "first_hour": f"{100 * (1 - excess[1] / excess[0]):.0f} %",
        "stress_peak": f"x{stress[1] / stress[0]:.1f}",
    }


def _cycle(levels: dict[str, dict[str, float]]) -> dict[str, str]:
    """What the step from the follicular to the luteal phase is at the receptor."""
    follicular, median, luteal = (
        levels[f"women, {name}"] for name in ("follicular phase", "luteal phase, median", "luteal phase, default")
    )
    corners = [(f_eff, C_loc) for f_eff in F_EFF.values() for C_loc in C_LOC.values()]
    rises = [_tonic(_at(luteal, *corner)) / _tonic(_at(follicular, *corner)) for corner in corners]
    default, none = (_default_of("", "f_eff"), _default_of("", "C_loc")), (1.0, C_LOC["none"])
    return {
        "default_peak": f"{_default_of('menstrual_cycle', 'progesterone_peak'):.1f} nM",
        "luteal_nominal": f"x{luteal['nominal'] / follicular['nominal']:.1f}",
        "luteal_fold_nominal": _fold(luteal["nominal"]),
        "luteal_most": f"{100 * (max(rises) - 1):.1f} %",
        **{
            f"{name}_anchored{suffix}": f"x{_at(one, *numbers) / _at(follicular, *numbers):.2g}"
            for name, one in (("luteal", luteal), ("median", median))
            for suffix, numbers in (("", default), ("_none", none))
        },
    }


def _disposition() -> dict[str, str]:
    """What of brexanolone's compartments the levels of an infusion decide."""
    before, after = schedule("infusion").plasma([100.0, 110.0]).values
    half_life = 10.0 / np.log2(before / after)
    found = [_infusion_and_bolus(V1, half_life) for V1 in np.linspace(*V1_RANGE, 9)]
    c24s, c52s, boluses = (to_ng_per_mL(np.array(one)) for one in zip(*found))
    return {
        "half_life": f"{half_life:.1f} h",
        "one_compartment": f"{np.log(2) * row_of('brx_V_label').value / _default_of('infusion', 'clearance'):.1f} h",
        "V1_low": f"`V1 = {V1_RANGE[0]:g}`",
        "V1_high": f"`{V1_RANGE[1]:g} L/kg`",
        "c24_range": f"{c24s.min():.1f} to {c24s.max():.1f} ng/mL",
        "c52_range": f"{c52s.min():.1f} to {c52s.max():.1f} ng/mL",
        "bolus_range": f"x{boluses.max() / boluses.min():.1f}",
    }


def _infusion_and_bolus(V1: float, half_life: float) -> tuple[float, float, float]:
    """Plasma at the end of the two high rates, and a minute after a bolus, nM, with `Q` that keeps the half-life."""
    clearance, V = _default_of("infusion", "clearance"), _default_of("infusion", "V1") + _default_of("infusion", "V2")
    rate = float(np.log(2) / half_life)
    # The slower root of the two-compartment model's characteristic equation, solved for Q.
    Q = rate * (clearance - rate * V1) * (V - V1) / (clearance - rate * V)
    numbers = {"V1": f"{V1:g} L/kg", "V2": f"{V - V1:g} L/kg", "Q": f"{Q:.9g} L/h/kg"}
    infusion = schedule("infusion", **numbers).plasma([24.0, 52.0]).values
    return *infusion, schedule("bolus", **numbers).plasma([1 / 60]).values[0]


def _enzymes() -> dict[str, str]:
    """What inhibitors and states of the enzymes leave."""
    kD, k3 = (_default_of("biosynthesis", key) for key in ("kD", "k3"))
    normal, ssri = (schedule("biosynthesis", state=state).plasma([0.0]).values[0] for state in ("normal", "ssri"))
    doubled = ssri / normal
    blocked = schedule("biosynthesis", inhibitor="block").plasma([-1.0, 0.5]).values
    half_life = number_in(REDUCTASE["inhibitor_half_life"].default, "days")
    return {
        "finasteride_left": f"{100 * float(activity([0.0], 'finasteride', inhibitor_dose=5.0)[0]):.0f} %",
        "dutasteride_half_life": f"{half_life:g} days",
        "dutasteride_28": f"{100 * (1 - 2 ** (-28 / half_life)):.0f} %",
        "ssri": f"x{doubled:.1f}",
        # Loss other than by conversion stays, conversion doubles.
        "ssri_depleting": f"x{doubled * kD / (kD + (doubled - 1) * k3):.2f}",
        "block_left": f"{100 * blocked[1] / blocked[0]:.0f} %",
    }


def _tables(states: dict[str, str], levels: dict[str, dict[str, float]]) -> dict[str, str]:
    return {
        "local": _local(levels),
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


def _local(levels: dict[str, dict[str, float]]) -> str:
    """Table of the levels at the receptor at the ends of what `C_loc` may be, and of both numbers."""
    made, f_eff = _default_of("", "C_loc"), _default_of("", "f_eff")
    heads = (f"`C_loc = {C_LOC['none']:g}`", f"`{made:g}`, the default", f"`{C_LOC['most']:g}`")
    return table(
        ("state", *heads, "share of `C_loc` in the default", "range by both `f_eff` and `C_loc`"),
        (
            (
                name, *(short(_at(one, f_eff, C_loc)) for C_loc in (C_LOC["none"], made, C_LOC["most"])),
                f"{100 * made / one['brain']:.0f} %",
                f"{short(_at(one, F_EFF['low'], C_LOC['none']))} to {short(_at(one, F_EFF['high'], C_LOC['most']))}",
            )
            for name, one in levels.items()
        ),
    )  # fmt: skip


def _at(one: dict[str, float], f_eff: float, C_loc: float) -> float:
    """At the receptor, nM; the brain adds what it makes to what plasma brings."""
    return f_eff * (one["brain"] - _default_of("", "C_loc") + C_loc)


def _default_of(name: str, key: str) -> float:
    """Number of a default, of a schedule or, without a name, of the maps."""
    parameter = SCHEDULES[name].parameters[key] if name else NUMBERS[key]
    return number_in(parameter.default, parameter.unit)


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
    return f"{_tonic(nanomolar):.2f}"


def _tonic(nanomolar: float) -> float:
    return float(tonic_fold(ReferenceState().gaba, nanomolar, receptor(RECEPTOR, PREPARATION)))


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
