"""A published value held against the simulator: the check, its result and verdict, and the board of all results."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .data import row_of
from .targets import SIGN, Target, published

Role = Literal["prediction", "calibration", "input", "construction", "re-implementation"]

ROLES: dict[Role, str] = {
    "prediction": "neither fitted to nor put in: the only evidence",
    "calibration": "a default was fitted to it, or to the same quantity elsewhere",
    "input": "it is a parameter, or put in with one",
    "construction": "follows from the model's form, whatever its numbers: no evidence either way",
    "re-implementation": "what an independent implementation of the same specification gives: evidence on the code alone",
}
_EVIDENCE: dict[Role, str] = {
    "prediction": "", "calibration": "; no evidence", "input": "; no evidence",
    "construction": "; no evidence either way", "re-implementation": "; evidence on the code alone",
}  # fmt: skip
MET, MISS, DECLARED, STALE, REPORTED = "met", "miss", "declared miss", "stale declaration", "reported"
FAILURES = (MISS, STALE)
# Of the computed values, the least share that must be met for a description to count as the same one.
COMPUTED_ASKED = 0.8


@dataclass(frozen=True)
class Estimate:
    """A mean over runs and its 95 % interval, in the unit of the values; the interval of one run is its value."""

    mean: float
    low: float
    high: float
    count: int


def estimate(values) -> Estimate:
    """Mean of values of several seeds (or of differences between pairs of them), with its interval by Student's t.

    Parameters
    ----------
    values : array (seeds,) or float
    """
    from ..statistics.paired import paired_change

    values = np.atleast_1d(np.asarray(values, dtype=float))
    if values.size < 2 or not np.isfinite(values).all():
        mean = float(values.mean())
        return Estimate(mean, mean, mean, values.size)
    change = paired_change(values)
    return Estimate(change.mean, change.low, change.high, change.count)


@dataclass(frozen=True)
class Check:
    """One published value and how the simulator computes it.

    Attributes
    ----------
    name : str
        Unique within the board.
    keys : tuple of str
        Rows of the tables of published values that it rests on.
    role : {"prediction", "calibration", "input", "construction", "re-implementation"}
    parameters : str
        The parameter set used.
    simulate : callable () -> float or Estimate
        In the unit of the target; where the target is a sign, a relative change or, of an estimate, any difference.
    items : tuple of int or str
        The project's acceptance values that it covers: numbers of those of receptors, names of those of concentration.
    declared : str
        Why the model is known to miss it.
    reported : str
        Why it has no verdict: a value that was only recalled, or that no parameter set claims to describe.
    """

    name: str
    keys: tuple[str, ...]
    quantity: str
    role: Role
    parameters: str
    simulate: Callable[[], "float | Estimate"]
    target: Target
    items: tuple[int | str, ...] = ()
    declared: str = ""
    reported: str = ""


def check(
    keys: str,
    role: Role,
    parameters: str,
    simulate: "Callable[[], float | Estimate]",
    target: Target | None = None,
    *,
    name: str = "",
    quantity: str = "",
    items: tuple[int | str, ...] = (),
    declared: str = "",
    reported: str = "",
) -> Check:
    """A check, of which the first of `keys` (separated by blanks) gives what is not told: name, quantity and target."""
    names = tuple(keys.split())
    quantity = quantity or row_of(names[0]).quantity
    target = target or published(names[0])
    return Check(name or names[0], names, quantity, role, parameters, simulate, target, items, declared, reported)


@dataclass(frozen=True)
class Result:
    """A check with what was simulated for it, and its interval where it is a mean over runs.

    `group` is the one it stands in, and `room` the network's within it.
    """

    check: Check
    simulated: float
    group: str = ""
    interval: Estimate | None = None
    room: str = ""

    @classmethod
    def of(cls, check: Check, group: str = "", room: str = "") -> "Result":
        """Simulate a check now."""
        found = check.simulate()
        if isinstance(found, Estimate):
            return cls(check, found.mean, group, found, room)
        return cls(check, float(found), group, room=room)

    @property
    def met(self) -> bool:
        """Whether the target is met: a sign by the whole interval, a value by the mean."""
        target = self.check.target
        if self.interval is not None and target.bounds == SIGN:
            return target.met(self.interval.low) and target.met(self.interval.high)
        return target.met(self.simulated)

    @property
    def verdict(self) -> str:
        """One of met, miss, declared miss, stale declaration (declared, and met) and reported."""
        if self.check.reported:
            return REPORTED
        if self.met:
            return STALE if self.check.declared else MET
        return DECLARED if self.check.declared else MISS

    @property
    def reason(self) -> str:
        """Why the verdict is not simply met; empty where it is."""
        return {
            MET: "",
            MISS: "missed, and not declared",
            DECLARED: self.check.declared,
            STALE: f"declared as a miss, and met; take the declaration away: {self.check.declared}",
            REPORTED: self.check.reported,
        }[self.verdict]

    def data(self) -> dict[str, object]:
        """All of it as plain data; what is not finite is None."""
        one, target = self.check, self.check.target
        distance, error_in = target.error(self.simulated) or (math.nan, None)
        return {
            "id": one.name,
            "group": self.group,
            "room": self.room,
            "keys": list(one.keys),
            "quantity": one.quantity,
            "role": one.role,
            "parameters": one.parameters,
            "published": target.value,
            "low": _finite(target.low),
            "high": _finite(target.high),
            "bounds": target.bounds,
            "simulated": _finite(self.simulated),
            "interval": None if self.interval is None else [_finite(self.interval.low), _finite(self.interval.high)],
            "runs": None if self.interval is None else self.interval.count,
            "error": _finite(distance),
            "error_in": error_in,
            "unit": target.unit,
            "verdict": self.verdict,
            "reason": self.reason,
            "items": list(one.items),
        }


@dataclass(frozen=True)
class Board:
    """All results, predictions first."""

    results: tuple[Result, ...]

    @property
    def failed(self) -> bool:
        """Whether something missed without being declared, or was declared and met."""
        return any(result.verdict in FAILURES for result in self.results)

    @property
    def groups(self) -> dict[str, "Board"]:
        """The results of each group apart."""
        names = dict.fromkeys(result.group for result in self.results)
        return {name: Board(tuple(one for one in self.results if one.group == name)) for name in names}

    def counts(self, role: Role) -> dict[str, int]:
        """Of one role: how many have a verdict, are met, declared misses, undeclared or stale, and without verdict.

        `signs` and `signs_met` are those of the graded and met ones that are signs only; the others are values or bounds.
        """
        found = [result for result in self.results if result.check.role == role]
        verdicts = [result.verdict for result in found]
        signs = [one.verdict for one in found if one.check.target.bounds == SIGN and one.verdict != REPORTED]
        return {
            "graded": sum(verdict != REPORTED for verdict in verdicts),
            "met": verdicts.count(MET),
            "signs": len(signs),
            "signs_met": signs.count(MET),
            "declared": verdicts.count(DECLARED),
            "failed": sum(verdict in FAILURES for verdict in verdicts),
            "reported": verdicts.count(REPORTED),
        }

    def computed(self) -> tuple[int, int]:
        """How many computed values are met, and how many have a verdict: of each, the check that bears its name.

        One that something was fitted to is a calibration and not among them.
        """
        graded = [one for one in self.results if one.check.role == "re-implementation" and one.verdict != REPORTED]
        own = [one for one in graded if one.check.name == one.check.keys[0]]
        verdicts = [one.verdict for one in own if row_of(one.check.name).status == "computed"]
        return verdicts.count(MET), len(verdicts)

    def headline(self) -> str:
        """Predictions, which alone are evidence, and apart from them what was fitted, put in, or could not fail.

        Of several groups each has its own: what one of them meets says nothing about the others. Roles that nothing has
        are left out.
        """
        if len(self.groups) > 1:
            return "\n".join(f"{name}\n{board.headline()}" for name, board in self.groups.items())
        lines = []
        met, graded = self.computed()
        if graded:
            lines.append(f"computed values: {met} of {graded} met, {met / graded:.0%} ({COMPUTED_ASKED:.0%} asked)")
        for role in ROLES:
            n = self.counts(role)
            if not n["graded"] + n["reported"]:
                continue
            values = f"values {n['met'] - n['signs_met']} of {n['graded'] - n['signs']}"
            split = f"{values}, signs {n['signs_met']} of {n['signs']}; " if role == "prediction" else ""
            line = f"{role}s: {n['met']} of {n['graded']} met ({split}{n['declared']} declared)"
            line += f", {n['failed']} undeclared or stale" if n["failed"] else ""
            line += f", {n['reported']} reported" if n["reported"] else ""
            lines.append(line + _EVIDENCE[role])
        return "\n".join(lines)

    def data(self) -> dict[str, object]:
        """The board as plain data, for JSON."""
        return {
            "checks": [result.data() for result in self.results],
            "computed": dict(zip(("met", "graded"), self.computed())),
            **{f"{role}s": self.counts(role) for role in ROLES},
            "groups": {name: {f"{role}s": board.counts(role) for role in ROLES} for name, board in self.groups.items()},
            "failed": self.failed,
        }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
