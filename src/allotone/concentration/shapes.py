"""Schedules that are a plain shape in time: constant, step, ramp, pulses and measured tables."""

import numpy as np

from ..errors import InputError
from ..parameters import Parameter
from .kinds import ScheduleKind, Values, Word

_NEUTRAL = "assumed: neutral default"
_COMPARTMENT = Word(
    ("receptor", "brain", "plasma"),
    "what it is a concentration in: nM at the receptor, nmol/kg of brain, or nM (or ng/mL) of plasma",
    _NEUTRAL,
)
_LEVELS = {
    "before": Parameter("0 nM", "concentration before", _NEUTRAL, minimum=0),
    "after": Parameter("100 nM", "concentration after", _NEUTRAL, minimum=0),
    "onset": Parameter("0 h", "schedule time of the change", _NEUTRAL),
}
_MOST_PULSES = 100_000


def _constant(values: Values, times_h: np.ndarray) -> np.ndarray:
    return np.full(np.shape(times_h), values["concentration"])


def _step(values: Values, times_h: np.ndarray) -> np.ndarray:
    return np.where(times_h < values["onset"], values["before"], values["after"])


def _ramp(values: Values, times_h: np.ndarray) -> np.ndarray:
    rise = np.clip((times_h - values["onset"]) / max(values["duration"] / 3600.0, 1e-15), 0.0, 1.0)
    return values["before"] + rise * (values["after"] - values["before"])


def _pulses(values: Values, times_h: np.ndarray) -> np.ndarray:
    since = times_h - values["onset"]
    number = np.floor(since / values["interval"])
    inside = (since >= 0) & (number < values["count"]) & (since - number * values["interval"] < values["width"])
    return np.where(inside, values["peak"], values["baseline"])


def _pulse_edges(values: Values) -> list[float]:
    starts = values["onset"] + values["interval"] * np.arange(int(values["count"]))
    return np.concatenate([starts, starts + values["width"]]).tolist()


def _check_pulses(values: Values, path: str) -> None:
    if values["count"] % 1 or values["count"] > _MOST_PULSES:
        raise InputError(
            f"{path}.count", f"{values['count']:g} is not a whole number of pulses; expected 1 to {_MOST_PULSES}"
        )
    if values["width"] > values["interval"]:
        raise InputError(
            f"{path}.width",
            f"pulses of {values['width']:g} h every {values['interval']:g} h overlap; shorten them or take 'constant'",
        )


def _table(values: Values, times_h: np.ndarray) -> np.ndarray:
    # Slow to import, and few runs need it.
    from scipy.interpolate import PchipInterpolator

    # Monotone between the points, so that no value lies outside its neighbours.
    return PchipInterpolator(values["times"], values["concentrations"])(times_h)


KINDS = (
    ScheduleKind(
        "constant",
        "the same all the time",
        None,
        {
            "concentration": Parameter("0 nM", "concentration", _NEUTRAL, minimum=0),
            "compartment": _COMPARTMENT,
        },
        _constant,
    ),
    ScheduleKind(
        "step",
        "one level, then another",
        None,
        {**_LEVELS, "compartment": _COMPARTMENT},
        _step,
        breaks=lambda values: [values["onset"]],
    ),
    ScheduleKind(
        "ramp",
        "a straight line from one level to another",
        None,
        {
            **_LEVELS,
            "duration": Parameter("1 s", "time from one to the other", _NEUTRAL),
            "compartment": _COMPARTMENT,
        },
        _ramp,
        breaks=lambda values: [values["onset"], values["onset"] + values["duration"] / 3600.0],
    ),
    ScheduleKind(
        "pulses",
        "a level that is on for a while, again and again",
        None,
        {
            "baseline": Parameter("0 nM", "concentration between the pulses", _NEUTRAL, minimum=0),
            "peak": Parameter("100 nM", "concentration during a pulse", _NEUTRAL, minimum=0),
            "onset": Parameter("0 h", "schedule time of the first pulse", _NEUTRAL),
            "width": Parameter("1 h", "how long a pulse lasts", _NEUTRAL, minimum="above 0"),
            "interval": Parameter("24 h", "from the start of one pulse to that of the next", _NEUTRAL, minimum="above 0"),
            "count": Parameter("1", "number of pulses", _NEUTRAL, minimum="above 0"),
            "compartment": _COMPARTMENT,
        },
        _pulses,
        breaks=_pulse_edges,
        check=_check_pulses,
        span_h=72.0,
    ),
    ScheduleKind(
        "table",
        "measured values, monotone interpolation, never extrapolated",
        None,
        {"compartment": _COMPARTMENT},
        _table,
        breaks=lambda values: values["times"].tolist(),
    ),
)  # fmt: skip
