"""Activity of 5alpha-reductase under its inhibitors, relative to none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, unknown
from ..parameters import Parameter
from ..units import number_in
from .kinds import NOT_GIVEN, Word

_AZZOLINA = "Azzolina et al. 1997, doi:10.1016/s0960-0760(97)00002-2, recombinant rat enzyme"
_SPAN = "Span et al. 1999, J Urol 161:332, prostate after 6 months of 5 mg/day"
_MARTINEZ = "Martinez et al. 2016, doi:10.1038/npp.2015.246"

# Those of `PARAMETERS` among them may be replaced by the user.
NUMBERS = {
    "Ki_type_1": Parameter(
        "10.2 nM", "finasteride on rat type 1, reversible", f"measured: 8.9 to 11.5, {_AZZOLINA}", minimum="above 0"
    ),
    "Ki_type_2": Parameter(
        "1.19 nM", "finasteride on rat type 2, first step", f"measured: 1.09 to 1.29, {_AZZOLINA}", minimum="above 0"
    ),
    "k_inact": Parameter(
        "0.00162 /s", "inactivation of occupied rat type 2", f"measured: 0.0014 to 0.00184, {_AZZOLINA}", minimum=0
    ),
    "fold_dose": Parameter(
        "5 mg/day",
        "finasteride at which the two folds hold",
        f"measured: {_SPAN}; that at other doses the fold above 1 grows in proportion is assumed",
        minimum="above 0",
    ),
    "fold_type_1": Parameter("3.0", "fold by which finasteride inhibits human type 1", f"measured: {_SPAN}"),
    "fold_type_2": Parameter("100.0", "fold by which finasteride inhibits human type 2", f"measured: {_SPAN}"),
    "type_1_share": Parameter(
        "0.9",
        "share of type 1 in the 5alpha-reduction of progesterone in people",
        "assumed: the brain holds mainly type 1; 0.9 leaves 0.30 of the activity under 5 mg/day of finasteride",
        minimum=0,
    ),
    "enzyme_turnover": Parameter(
        "0.0144 /h",
        "rate at which inactivated rat type 2 is replaced",
        "assumed: half-life of 2 days, as many proteins of the endoplasmic reticulum have; no measurement was found",
        minimum=0,
    ),
    "inhibitor_half_life": Parameter(
        "35 days",
        "half-life with which dutasteride accumulates",
        "assumed: 3 to 5 weeks in men, label of Avodart, from memory; by it 28 days reach 43 % of the steady level",
        minimum="above 0",
    ),
    "half_dose": Parameter(
        "0.35 mg/day",
        "steady dose of dutasteride that halves the reduction of progesterone",
        "fitted: after 28 days of dosing 2.5 mg/day leaves a quarter of the luteal rise of allopregnanolone ('prevented') and "
        f"0.5 mg/day more than half ('not prevented'), {_MARTINEZ}; the two shares are our reading of these words",
        minimum="above 0",
    ),
}  # fmt: skip


def _optional(number: Parameter, reader: str) -> Parameter:
    """The parameter by which a number that only `reader` reads may be replaced."""
    meaning = f"{number.meaning}; {number.default} unless given, read by {reader}"
    return Parameter(f"{NOT_GIVEN} {number.unit}", meaning, number.origin, number.minimum)


PARAMETERS = {
    "inhibitor_dose": Parameter(
        f"{NOT_GIVEN} mg/day",
        "daily dose in people, read by finasteride and dutasteride",
        "assumed: the user's; for finasteride a fold was found at 5 mg/day alone, and other doses follow the law of a reversible "
        "inhibitor that acts at once",
        minimum=0,
    ),
    "inhibitor_concentration": Parameter(
        f"{NOT_GIVEN} nM", "at the enzyme from the onset on, read by finasteride on a rat enzyme", "assumed: the user's", minimum=0
    ),
    "type_1_share": _optional(NUMBERS["type_1_share"], "finasteride in people"),
    "enzyme_turnover": _optional(NUMBERS["enzyme_turnover"], "finasteride on rat_type_2"),
    "inhibitor_half_life": _optional(NUMBERS["inhibitor_half_life"], "dutasteride"),
    "half_dose": _optional(NUMBERS["half_dose"], "dutasteride"),
}  # fmt: skip
INHIBITOR = Word(
    ("none", "finasteride", "dutasteride", "block"),
    "what acts on 5alpha-reductase from the onset on; block leaves no activity",
    "assumed: no inhibitor unless asked for",
)
ENZYME = Word(
    ("human", "rat_type_1", "rat_type_2"),
    "what finasteride meets: both types in people, by dose, or a recombinant rat enzyme, by concentration",
    "assumed: people, whose hormones the schedules describe",
)


def _number(given: Mapping[str, float], key: str, unit: str) -> float:
    """A number in `unit`, which is that of its default wherever it may be given."""
    return given.get(key, number_in(NUMBERS[key].default, unit))


def _finasteride_human(given: Mapping[str, float], since_h: np.ndarray) -> np.ndarray:
    # Assumed reversible and at once, so that the fold above 1 grows in proportion to the dose; both types act side by side.
    doses = given["inhibitor_dose"] / _number(given, "fold_dose", "mg/day")
    left = [1 / (1 + (_number(given, key, "1") - 1) * doses) for key in ("fold_type_1", "fold_type_2")]
    share = _number(given, "type_1_share", "1")
    return np.full(np.shape(since_h), share * left[0] + (1 - share) * left[1])


def _finasteride_rat_type_1(given: Mapping[str, float], since_h: np.ndarray) -> np.ndarray:
    return np.full(np.shape(since_h), 1 / (1 + given["inhibitor_concentration"] / _number(given, "Ki_type_1", "nM")))


def _finasteride_rat_type_2(given: Mapping[str, float], since_h: np.ndarray) -> np.ndarray:
    occupied = given["inhibitor_concentration"] / (given["inhibitor_concentration"] + _number(given, "Ki_type_2", "nM"))
    turnover = _number(given, "enzyme_turnover", "/h")
    inactivation = occupied * _number(given, "k_inact", "/h")
    total = turnover + inactivation
    # Solution of dE/dt = turnover (1 - E) - inactivation E from 1; with neither it stays there.
    lost = inactivation / total * -np.expm1(-total * since_h) if total else np.zeros(np.shape(since_h))
    # Enzyme that finasteride occupies, though not yet inactivated, reduces no progesterone.
    return (1 - lost) * (1 - occupied)


def _dutasteride(given: Mapping[str, float], since_h: np.ndarray) -> np.ndarray:
    accumulated = -np.expm1(-np.log(2) * since_h / (24 * _number(given, "inhibitor_half_life", "days")))
    return 1 / (1 + given["inhibitor_dose"] * accumulated / _number(given, "half_dose", "mg/day"))


@dataclass(frozen=True)
class Law:
    """Activity (given, hours since the onset) -> array (times,), what must be given for it and what may."""

    activity: Callable[[Mapping[str, float], np.ndarray], np.ndarray]
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


LAWS = {
    ("none", "human"): Law(lambda given, since_h: np.ones(np.shape(since_h))),
    ("block", "human"): Law(lambda given, since_h: np.zeros(np.shape(since_h))),
    ("finasteride", "human"): Law(_finasteride_human, ("inhibitor_dose",), ("type_1_share",)),
    ("finasteride", "rat_type_1"): Law(_finasteride_rat_type_1, ("inhibitor_concentration",)),
    ("finasteride", "rat_type_2"): Law(_finasteride_rat_type_2, ("inhibitor_concentration",), ("enzyme_turnover",)),
    ("dutasteride", "human"): Law(_dutasteride, ("inhibitor_dose",), ("inhibitor_half_life", "half_dose")),
}


def check(inhibitor: str, enzyme: str, given: Mapping[str, float], path: str) -> None:
    """Refuse what an inhibitor does not read, and what it lacks.

    Raises
    ------
    InputError
        Unknown inhibitor, an enzyme that only finasteride has been measured on, a missing dose or concentration, a number that
        nothing reads, that is negative or not finite, a share above 1.
    """
    inhibitors = {name for name, _ in LAWS}
    if inhibitor not in inhibitors:
        raise unknown(f"{path}.inhibitor", "inhibitor", inhibitor, inhibitors)
    if (inhibitor, enzyme) not in LAWS:
        raise InputError(
            f"{path}.enzyme",
            f"nothing reads '{enzyme}' with inhibitor '{inhibitor}'; leave it out, or take finasteride",
        )
    law = LAWS[inhibitor, enzyme]
    for key in law.needs:
        if key not in given:
            raise InputError(
                f"{path}.{key}", f"{inhibitor} on {enzyme} enzyme needs it; give e.g. '5{PARAMETERS[key].default}'"
            )
    for key, number in given.items():
        if key not in law.needs + law.reads:
            raise InputError(
                f"{path}.{key}", f"nothing reads this with inhibitor '{inhibitor}' on {enzyme} enzyme; leave it out"
            )
        above = PARAMETERS[key].minimum == "above 0"
        if not 0 <= number < np.inf or (above and number == 0):
            raise InputError(f"{path}.{key}", f"{number:g} is not {'above 0' if above else 'at least 0'} and finite")
    if given.get("type_1_share", 0) > 1:
        raise InputError(f"{path}.type_1_share", f"{given['type_1_share']:g} is above 1; give a share from 0 to 1")


def activity(since_h, inhibitor: str = "none", enzyme: str = "human", **given: float) -> np.ndarray:
    """Activity of 5alpha-reductase relative to no inhibitor, array (times,).

    Parameters
    ----------
    since_h : array (times,)
        Hours since the inhibitor began; 1 before.
    inhibitor : {"none", "finasteride", "dutasteride", "block"}
    enzyme : {"human", "rat_type_1", "rat_type_2"}
    given
        Some of `PARAMETERS`, in the units of these.

    Raises
    ------
    InputError
        As `check`.
    """
    check(inhibitor, enzyme, given, "activity")
    since = np.asarray(since_h, dtype=float)
    return np.where(since < 0, 1.0, LAWS[inhibitor, enzyme].activity(given, np.maximum(since, 0.0)))
