"""Axes whose values are drawn: ranges, filled by a Latin hypercube or a Sobol sequence."""

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..values import parse_ends
from .axis import Axis, from_option, split_head

METHODS = ("latin_hypercube", "sobol")
_MOST = 1_000_000


@dataclass(frozen=True)
class Range:
    """Paths that move together, and the interval that their values are drawn from.

    Parameters
    ----------
    paths : str or sequence of str
    low, high : quantity, text with a unit, or number
        The ends, of one dimension.
    name : str, optional
        Of the axis; several paths need one.
    log : bool
        Whether the logarithm is what is filled evenly.
    whole : bool
        Whether the values are integers, both ends included.

    Raises
    ------
    InputError
        Ends that are no numbers of one dimension, are the wrong way round, are not above 0 where `log`, or are not whole
        where `whole`; and as `Axis`.
    """

    paths: tuple[str, ...]
    low: Any
    high: Any
    name: str | None = None
    log: bool = False
    whole: bool = False

    def __post_init__(self):
        ends = Axis(self.paths, [self.low, self.high], self.name)
        where, (low, high) = f"axes.{ends.name}", ends.values
        if not ends.is_numeric:
            raise InputError(where, f"{low!r} and {high!r} are not two numbers of one kind; give both the same unit")
        numbers = ends.labels()[0]
        if numbers[0] >= numbers[1]:
            raise InputError(where, f"the low end {low!r} is not below the high end {high!r}; turn them round")
        if self.log and numbers[0] <= 0:
            raise InputError(where, f"the low end {low!r} of a logarithmic range is not above 0; give a larger one")
        if self.whole and not (isinstance(low, int) and isinstance(high, int)):
            raise InputError(where, f"{low!r} and {high!r} are not whole numbers; give whole ones without a unit")
        for key, value in {"paths": ends.paths, "name": ends.name, "low": low, "high": high}.items():
            object.__setattr__(self, key, value)

    def at(self, fractions: np.ndarray) -> Axis:
        """The axis at places in the range, array (values,), from 0, the low end, to 1.

        Values have 12 digits, so that their text is exactly their number, and the same on every machine.
        """
        (low, high), unit = Axis(self.paths, [self.low, self.high], self.name).labels()
        # As many places for the last integer as for every other one.
        start, end = (float(low), float(high) + 1) if self.whole else (float(low), float(high))
        if self.log:
            found = np.exp(math.log(start) + fractions * (math.log(end) - math.log(start)))
        else:
            found = start + fractions * (end - start)
        if self.whole:
            values = [min(max(math.floor(one), self.low), self.high) for one in found.tolist()]
        else:
            values = [min(max(float(f"{one:.12g}"), start), end) for one in found.tolist()]
        return Axis(self.paths, values if unit == "1" else [f"{one!r} {unit}" for one in values], self.name)

    def data(self) -> dict[str, Any]:
        """Plain data."""
        ends = {"low": self.low, "high": self.high, "log": self.log, "whole": self.whole}
        return {"name": self.name, "paths": list(self.paths), **ends}


def draw(method: str, ranges: Sequence[Range], count: int, seed: int) -> list[Axis]:
    """An axis of `count` values for each range, by a method of `METHODS`.

    Raises
    ------
    InputError
        No range, or a count or seed that cannot be.
    """
    if isinstance(ranges, Range) or not ranges or not all(isinstance(one, Range) for one in ranges):
        raise InputError(
            "axes", "there is nothing to draw; give ranges: a list of Range(path, low, high), or PATH=low:high"
        )
    for name, value, least, most in (("count", count, 1, _MOST), ("seed", seed, 0, math.inf)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
            limit = f", at most {most}" if most < math.inf else ""
            raise InputError(name, f"{value!r} cannot be; expected a whole number of at least {least}{limit}")
    places = _places(method, len(ranges), int(count), int(seed))
    return [one.at(column) for one, column in zip(ranges, places.T)]


def parse_range(text: str, option: str = "--axis") -> Range:
    """The range that ``[NAME:]PATH[,PATH...]=low:high`` says, then a unit.

    ``log:low:high`` draws evenly in the logarithm, ``whole:low:high`` integers, ``log:whole:low:high`` both.

    Raises
    ------
    InputError
        Not of this form, or as `Range`; errors begin with `option` and the axis' name.
    """
    head, equals, written = text.partition("=")
    if not equals:
        raise InputError(option, f"'{text}' is not of the form [NAME:]PATH[,PATH...]=low:high")
    with from_option(option):
        name, paths = split_head(head)
        ends, kinds = written.strip(), set()
        while (kind := ends.partition(":")[0]) in ("log", "whole"):
            kinds.add(kind)
            ends = ends.removeprefix(f"{kind}:")
        low, high = parse_ends(ends, f"axes.{name or paths[0]}")
        return Range(paths, low, high, name, log="log" in kinds, whole="whole" in kinds)


def _places(method: str, dimensions: int, count: int, seed: int) -> np.ndarray:
    """Points of the unit cube, array (count, dimensions)."""
    # Slow to import, and no other design needs it.
    from scipy.stats import qmc

    engine = {"latin_hypercube": qmc.LatinHypercube, "sobol": qmc.Sobol}[method]
    # SciPy called it seed before 1.15; a generator, unlike a number, gives the same points under both names.
    keyword = "rng" if "rng" in inspect.signature(engine).parameters else "seed"
    sampler = engine(dimensions, **{keyword: np.random.default_rng(seed)})
    if method == "sobol":
        # The beginning of a balanced sample: the same points as asked for, and nothing to be warned of.
        return sampler.random_base2((count - 1).bit_length())[:count]
    return sampler.random(count)
