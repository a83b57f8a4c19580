"""What a named schedule is: its parameters, the quantity it describes, and that quantity as a function of time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..parameters import Parameter

Compartment = Literal["receptor", "brain", "plasma"]
Values = Mapping[str, Any]
Course = Callable[[Values, np.ndarray], np.ndarray]

# Default of a parameter that may be left out, and is then not among the values; a blank and its unit may follow.
NOT_GIVEN = ""


@dataclass(frozen=True)
class Word:
    """A parameter that is one of some words, the first of which is the default."""

    choices: tuple[str, ...]
    meaning: str
    origin: str

    @property
    def default(self) -> str:
        """The word taken when none is given."""
        return self.choices[0]


@dataclass(frozen=True)
class ScheduleKind:
    """A named time course of allopregnanolone.

    Every function takes `values`: each parameter as a number in the unit of its default, or as its word; and schedule
    times in hours, array (times,), in any order.

    Attributes
    ----------
    compartment : {"plasma", "brain", "receptor"} or None
        What the course is a concentration in; None where a parameter `compartment` says it.
    parameters : Mapping of str to Parameter or Word
    evaluate : callable (values, times_h) -> array (times,)
        Total plasma or receptor concentration, nM, or brain total, nmol/kg. At a jump it has the value after it.
    breaks : callable (values) -> sequence of float
        Schedule times, h, at which the course jumps or bends; an infinite series is given as far as it matters.
    check : callable (values, path), optional
        Raises InputError where parameters contradict each other.
    local_synthesis : callable (values, times_h) -> array (times,), optional
        Synthesis in the brain relative to its normal rate; 1 where there is none.
    progesterone : callable (values, times_h) -> array (times,), optional
        Total progesterone in plasma, nM, where the kind has one.
    per_weight : tuple of str
        Doses and rates per body weight that may also be given absolutely, together with `body_weight`.
    steroids : Mapping of str to str
        Steroid of a concentration that may be given in ng/mL.
    subject_sd : Mapping of str to float
        Between-subject standard deviation of the logarithm of a parameter; each such kind has a parameter `subject`.
    span_h : float
        How long a stretch shows what it does.
    """

    name: str
    meaning: str
    compartment: Compartment | None
    parameters: Mapping[str, Parameter | Word]
    evaluate: Course
    breaks: Callable[[Values], Sequence[float]] = lambda values: ()
    check: Callable[[Values, str], None] | None = None
    local_synthesis: Course | None = None
    progesterone: Course | None = None
    per_weight: tuple[str, ...] = ()
    steroids: Mapping[str, str] = field(default_factory=dict)
    subject_sd: Mapping[str, float] = field(default_factory=dict)
    span_h: float = 24.0
