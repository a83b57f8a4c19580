"""Allopregnanolone that the body makes from progesterone through 5alpha-dihydroprogesterone, by the activity of enzymes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..parameters import Parameter
from ..units import number_in
from . import hormones, reductase
from .kinds import NOT_GIVEN, ScheduleKind, Values, Word
from .linear_chain import Stage, Supply, course
from .steroids import to_ng_per_mL, to_nM

_MILEWICH = "Milewich et al. 1977, doi:10.1210/jcem-45-4-617, plasma of women through the cycle"
_DONG = "Dong et al. 2001, doi:10.1073/pnas.051628598, frontal cortex of mice"
_LOSS = (
    f"fitted: to the 10 to 20 % of allopregnanolone left 30 min after a block of 5alpha-reductase, {_DONG}; the same for both "
    "steroids is assumed. Of 5alpha-DHP it leaves 3.5 %, and 10 to 20 % were seen"
)


@dataclass(frozen=True)
class _Enzymes:
    """Of a state, relative to normal: both activities, and the turnover of the whole chain."""

    a5: float = 1.0
    a3: float = 1.0
    turnover: float = 1.0


# 1/h: a slower chain would remember what the schedules do not know.
_SLOWEST = 0.02
_STATES = {"normal": _Enzymes(), "isolation": _Enzymes(a5=0.3, turnover=0.6), "ssri": _Enzymes(a3=2.0)}


def _stage(values: Values, supply: Supply, enzymes: _Enzymes, kr: float) -> Stage:
    converted, lost = values["k3"] * enzymes.a3, values["kA"] + kr
    return Stage(enzymes.turnover * np.array([[-values["kD"], kr], [converted, -lost]]), supply)


_Substrate = Callable[[Values, np.ndarray], np.ndarray]
_Stages = Callable[[Values, _Substrate], tuple[Stage, Stage, float]]


def _steady(values: Values, times_h: np.ndarray) -> np.ndarray:
    """A substrate that does not change, of which 1 ng/mL of 5alpha-DHP is made per hour."""
    return np.ones(np.shape(times_h))


def _precursors(values: Values, times_h: np.ndarray) -> np.ndarray:
    """5alpha-DHP that normal 5alpha-reductase makes of progesterone and of all else, ng/mL/h."""
    progesterone = to_ng_per_mL(_progesterone(values, times_h), "progesterone")
    return values["kD"] * values["D_basal"] + values["k5"] * progesterone


def _biosynthesis(values: Values, substrate: _Substrate) -> tuple[Stage, Stage, float]:
    state = _STATES[values["state"]]
    enzymes = _Enzymes(values["a5"] * state.a5, values["a3"] * state.a3, state.turnover)
    given = {key: values[key] for key in reductase.PARAMETERS if key in values}
    onset = values.get("onset", 0.0)

    def untreated(times_h):
        return enzymes.a5 * substrate(values, times_h)

    def treated(times_h):
        since = times_h - onset
        return untreated(times_h) * reductase.activity(since, values["inhibitor"], values["enzyme"], **given)

    before, after = (_stage(values, supply, enzymes, values["kr"]) for supply in (untreated, treated))
    return before, after, np.inf if values["inhibitor"] == "none" else onset


def _progestin(values: Values, substrate: _Substrate) -> tuple[Stage, Stage, float]:
    compound = values["compound"]
    a5 = values.get("a5", _NORETHINDRONE) if compound == "norethindrone" else 1.0
    before = _stage(values, lambda times_h: substrate(values, times_h), _Enzymes(), values["kr"])
    after = _stage(
        values,
        lambda times_h: a5 * substrate(values, times_h),
        _Enzymes(),
        0.0 if compound == "medroxyprogesterone" else values["kr"],
    )
    return before, after, values["onset"]


def _plasma(stages: _Stages):
    """Total allopregnanolone in plasma, nM, of a kind with these stages."""

    def evaluate(values: Values, times_h: np.ndarray) -> np.ndarray:
        return to_nM(course(*stages(values, _precursors), times_h)[1])

    return evaluate


def _local(stages: _Stages):
    """Synthesis in the brain relative to normal enzymes on the same substrate, of a kind with these stages.

    The level at which conversion of the brain's own 5alpha-DHP balances loss. Allopregnanolone itself follows it with the
    brain's rate of loss, which the way from plasma to the brain adds: added twice, a block would act at half the speed.
    """

    def balance(stage: Stage) -> float:
        return stage.matrix[1, 0] / -stage.matrix[1, 1]

    def evaluate(values: Values, times_h: np.ndarray) -> np.ndarray:
        before, after, onset = stages(values, _steady)
        normal = _stage(values, lambda hours: np.ones(np.shape(hours)), _Enzymes(), values["kr"])
        substance = course(before, after, onset, times_h)[0]
        usual = np.linalg.solve(-normal.matrix, [1.0, 0.0])[0]
        return substance * np.where(times_h < onset, balance(before), balance(after)) / (usual * balance(normal))

    return evaluate


def chain(values: Values, times_h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """5alpha-DHP and allopregnanolone in plasma, ng/mL, each array (times,), by the parameters of `biosynthesis`.

    dD/dt = a5 (sD + k5 P) - kD D + kr A and dA/dt = k3 a3 D - (kA + kr) A with sD = kD D_basal and P in ng/mL; a5 and a3 are
    the products of what is given, of the state and, from the onset on, of the inhibitor. Steady levels can be compared with
    women; the rates are of mouse cortex, so that what happens within hours of a change is no course of human plasma. kD is
    held: a3 and k3 take nothing from 5alpha-DHP.
    """
    dihydroprogesterone, allopregnanolone = course(
        *_biosynthesis(values, _precursors), np.asarray(times_h, dtype=float)
    )
    return dihydroprogesterone, allopregnanolone


_FOLLICULAR = Parameter(
    f"{NOT_GIVEN} nM",
    "progesterone in plasma; 0.6 nM, follicular, unless given",
    "assumed: the follicular level at which the menstrual cycle's conversion to allopregnanolone is anchored; the median of 85 "
    "women is 0.21 nM, 0.62 the 95th percentile, Anckaert et al. 2021, doi:10.1016/j.plabm.2021.e00211",
    minimum=0,
)
_FOLLICULAR_NM = 0.6
_NORETHINDRONE = 0.5
_CYCLE = next(kind for kind in hormones.KINDS if kind.name == "menstrual_cycle")
_CYCLE_VALUES = {
    key: one.default if isinstance(one, Word) else number_in(one.default, one.unit)
    for key, one in _CYCLE.parameters.items()
    if one.default.partition(" ")[0] != NOT_GIVEN
}


def _progesterone(values: Values, times_h: np.ndarray) -> np.ndarray:
    if values.get("source") == "menstrual_cycle":
        return _CYCLE.progesterone(_CYCLE_VALUES | {"day": values.get("day", _CYCLE_VALUES["day"])}, times_h)
    return np.full(np.shape(times_h), values.get("progesterone", _FOLLICULAR_NM))


def _check_rates(stages: _Stages, values: Values, path: str) -> None:
    before, after, _ = stages(values, _steady)
    for stage in (before, after):
        if stage.matrix[1, 0] > -stage.matrix[0, 0] * (1 + 1e-12):
            raise InputError(
                f"{path}.k3",
                "more 5alpha-DHP would turn into allopregnanolone than is lost; keep k3 times a3 at most kD",
            )
        if stage.rates[0] < _SLOWEST:
            raise InputError(
                f"{path}.kA", f"the chain takes longer than {1 / _SLOWEST:g} h to settle; give faster kD, kA or k3"
            )


def _check_biosynthesis(values: Values, path: str) -> None:
    source = values["source"]
    for key, reader in (("progesterone", "constant"), ("day", "menstrual_cycle")):
        if key in values and source != reader:
            raise InputError(
                f"{path}.{key}", f"nothing reads this with source '{source}'; leave it out or take '{reader}'"
            )
    given = {key: values[key] for key in reductase.PARAMETERS if key in values}
    reductase.check(values["inhibitor"], values["enzyme"], given, path)
    if "onset" in values and values["inhibitor"] == "none":
        raise InputError(f"{path}.onset", "nothing begins without an inhibitor: state, a5 and a3 hold all the time")
    _check_rates(_biosynthesis, values, path)


def _check_progestin(values: Values, path: str) -> None:
    if "a5" in values and values["compound"] != "norethindrone":
        raise InputError(
            f"{path}.a5", f"nothing reads this with '{values['compound']}'; leave it out or take 'norethindrone'"
        )
    _check_rates(_progestin, values, path)


_RATES = {
    "D_basal": Parameter(
        "0.145 ng/mL",
        "5alpha-DHP without progesterone, sD / kD",
        f"fitted: intercept of 5alpha-DHP on progesterone, {_MILEWICH}",
        minimum=0,
    ),
    "k5": Parameter(
        "0.94 /h",
        "5alpha-DHP made of plasma progesterone",
        f"fitted: kD times the slope of 5alpha-DHP on progesterone, 0.14 (0.10 to 0.18), {_MILEWICH}",
        minimum=0,
    ),
    "k3": Parameter(
        "1.8 /h",
        "part of the loss of 5alpha-DHP that is reduced to allopregnanolone",
        "fitted: to allopregnanolone of 0.27 of 5alpha-DHP, 0.037 nM for each nM of progesterone; serum gives 0.034 (0.02 to "
        "0.06), Kimball et al. 2020, doi:10.1016/j.psyneuen.2019.104512",
        minimum="above 0",
    ),
    "kD": Parameter("6.7 /h", "loss of 5alpha-DHP, its reduction to allopregnanolone included", _LOSS, minimum="above 0"),
    "kA": Parameter("6.7 /h", "loss of allopregnanolone, other than back to 5alpha-DHP", _LOSS, minimum="above 0"),
    "kr": Parameter(
        "0 /h",
        "oxidation of allopregnanolone back to 5alpha-DHP",
        "assumed: none, since AKR1C enzymes reduce in living cells, Steckelbroeck et al. 2004, doi:10.1074/jbc.M313308200; "
        "other enzymes do oxidise, how fast is not known",
        minimum=0,
    ),
}  # fmt: skip
_ONSET_ORIGIN = "assumed: neutral default"

KINDS = (
    ScheduleKind(
        "biosynthesis",
        "what enzymes make of plasma progesterone, in a state and under an inhibitor of 5alpha-reductase; its steady levels can be "
        "used, not how it moves in human plasma within hours, for its rates are of mouse cortex",
        "plasma",
        {
            "source": Word(
                ("constant", "menstrual_cycle"), "progesterone: one level, or that of the menstrual cycle",
                "assumed: one level, which shows the enzymes alone",
            ),
            "progesterone": _FOLLICULAR,
            "day": Parameter(
                NOT_GIVEN, "day of the menstrual cycle at schedule time 0; 21 unless given", "assumed: mid-luteal", minimum=0
            ),
            "state": Word(
                tuple(_STATES),
                "of the enzymes, all the time: isolation makes 0.3 and turns over 0.6 of normal, which leaves half the level; "
                "ssri doubles a3 and so the level, for kD is held and conversion takes nothing from 5alpha-DHP; if it did, the level "
                "would be 1.58 of normal",
                f"fitted: isolation, cortex -50 % and synthesis 30 % after 6 weeks, {_DONG}, from which turnover follows; assumed: "
                "ssri, 1.5 to 3 at most, from a Km 10 to 30 times lower, Griffin & Mellon 1999, doi:10.1073/pnas.96.23.13512, "
                "not found again by Trauger et al. 2002 (from memory)",
            ),
            "a5": Parameter("1.0", "activity of 5alpha-reductase, all the time", "assumed: 1 is normal", minimum=0),
            "a3": Parameter("1.0", "activity of 3alpha-reduction, all the time", "assumed: 1 is normal", minimum=0),
            "inhibitor": reductase.INHIBITOR,
            "enzyme": reductase.ENZYME,
            **reductase.PARAMETERS,
            "onset": Parameter(
                f"{NOT_GIVEN} h", "schedule time at which the inhibitor begins; 0 unless given", _ONSET_ORIGIN, minimum=0
            ),
            **_RATES,
        },
        _plasma(_biosynthesis),
        breaks=lambda values: [] if values["inhibitor"] == "none" else [values.get("onset", 0.0)],
        check=_check_biosynthesis,
        local_synthesis=_local(_biosynthesis),
        progesterone=_progesterone,
        steroids={"progesterone": "progesterone"},
        span_h=6.0,
    ),
    ScheduleKind(
        "progestin",
        "a progestin instead of progesterone: it yields no allopregnanolone, and what is there is the body's own; how it moves "
        "within hours is of mouse cortex, as in biosynthesis",
        "plasma",
        {
            "compound": Word(
                ("levonorgestrel", "medroxyprogesterone", "norethindrone"),
                "levonorgestrel leaves the enzymes alone, medroxyprogesterone stops the oxidation back to 5alpha-DHP (without "
                "effect at kr = 0), norethindrone inhibits 5alpha-reductase",
                "measured: medroxyprogesterone inhibits 5alpha-reductase little and norethindrone appreciably, Krause & Karavolas "
                "1978, doi:10.1016/s0039-128x(78)80047-6; assumed: a complete stop of the oxidation, and nothing of levonorgestrel",
            ),
            "progesterone": Parameter(
                _FOLLICULAR.default, _FOLLICULAR.meaning,
                f"assumed: ovulation is suppressed throughout; {_FOLLICULAR.origin.removeprefix('assumed: ')}", minimum=0,
            ),
            "a5": Parameter(
                NOT_GIVEN, f"activity of 5alpha-reductase under norethindrone; {_NORETHINDRONE} unless given",
                "assumed: half, for 'appreciably'; no number was found", minimum=0,
            ),
            "onset": Parameter("0 h", "schedule time at which it acts in full", _ONSET_ORIGIN),
            **_RATES,
        },
        _plasma(_progestin),
        breaks=lambda values: [values["onset"]],
        check=_check_progestin,
        local_synthesis=_local(_progestin),
        progesterone=_progesterone,
        steroids={"progesterone": "progesterone"},
        span_h=6.0,
    ),
)  # fmt: skip
