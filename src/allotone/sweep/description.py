"""What a sweep is: everything that decides its numbers, and by which it is known again."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError
from ..network.definition import Definition
from ..network.numbers import LARGEST
from ..results import Layout
from ..simulation.provenance import code_version, versions
from ..statistics import STATISTICS
from ..units import quantity, write
from .about import About
from .axis import SEED_PATHS
from .content import check_names, standing_alone
from .design import Design

# A year of computing at three seconds a point.
_MOST_POINTS = 10_000_000


@dataclass(frozen=True)
class Description:
    """A definition, the settings it is run at, and how; plain data that workers and later calls understand.

    Attributes
    ----------
    definition : dict             canonical data of the network
    design : Design
    seeds : tuple of int
    duration_s, discard_s : float
    statistics : tuple of str     names
    code : dict                   versions that the numbers depend on
    """

    definition: Mapping[str, Any]
    design: Design
    seeds: tuple[int, ...]
    duration_s: float
    discard_s: float
    statistics: tuple[str, ...]
    code: Mapping[str, str]

    @classmethod
    def of(
        cls,
        definition: Definition,
        design: Design,
        seeds: int | Iterable[int],
        duration_s: float,
        discard_s: float,
        statistics: str | Iterable[str] | None,
    ) -> "Description":
        """The sweep as it is asked for with this version of the code.

        Raises
        ------
        InputError
            No seeds, a seed out of range or given twice.
        """
        asked = [statistics] if isinstance(statistics, str) else statistics
        names = default_statistics() if asked is None else tuple(sorted(set(asked)))
        design = standing_alone(design)
        check_names(design, definition.schema.populations, names)
        given = _seeds(seeds)
        moved = {path for axis in design.axes for path in axis.paths}
        if len(given) > 1 and moved.issuperset(SEED_PATHS):
            raise InputError("seeds", f"nothing reads {len(given)} of them: axes give both seeds; leave one")
        if design.size * len(given) > _MOST_POINTS:
            raise InputError(
                "axes", f"make {design.size * len(given)} points, above {_MOST_POINTS:.0e}; give fewer values"
            )
        return cls(definition.data, design, given, duration_s, discard_s, names, code_version())

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Description":
        """What `data` gave."""
        return cls(
            data["definition"],
            Design.from_data(data["design"]),
            tuple(data["seeds"]),
            data["duration_s"],
            data["discard_s"],
            tuple(data["statistics"]),
            data["code"],
        )

    @cached_property
    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "code": dict(self.code),
            "duration_s": self.duration_s,
            "discard_s": self.discard_s,
            "seeds": list(self.seeds),
            "statistics": list(self.statistics),
            "definition": self.definition,
            "design": self.design.data(),
        }

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: equal for equal sweeps."""
        return About(self.data).sha256

    @property
    def size(self) -> int:
        """Number of points: settings times seeds."""
        return self.design.size * len(self.seeds)

    def point(self, number: int) -> tuple[int, int]:
        """Setting and seed of a point."""
        setting, place = divmod(number, len(self.seeds))
        return setting, self.seeds[place]

    def layout(self) -> Layout:
        """How the table of all points lies in its file."""
        own = {
            "sweep": json.dumps(self.data, sort_keys=True),
            "sweep_sha256": self.sha256,
            "definition": json.dumps(self.definition),
            "definition_sha256": hashlib.sha256(
                json.dumps(self.definition, sort_keys=True, separators=(",", ":")).encode()
            ).hexdigest(),
            "design": json.dumps(self.design.data()),
            "duration": write(quantity(self.duration_s, "s")),
            "discard": write(quantity(self.discard_s, "s")),
            **versions(),
        }
        return Layout(
            {**self.design.dimensions, "seed": len(self.seeds)},
            {**self.design.coordinates(), "seed": (("seed",), list(self.seeds), "1")},
            own,
        )


def split(setting: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The values of a setting that belong to the definition, and those that are seeds."""
    seeds = {path: setting[path] for path in SEED_PATHS if path in setting}
    return {path: value for path, value in setting.items() if path not in seeds}, seeds


def default_statistics() -> tuple[str, ...]:
    """Statistics that need spikes alone and are one number, or one for each band: a table stays small."""
    return tuple(
        sorted(name for name, one in STATISTICS.items() if one.needs == "spikes" and one.dimensions in ((), ("band",)))
    )


def difference(ours: Any, theirs: Any, path: str = "") -> str | None:
    """The first place in which two descriptions differ, as 'PATH: theirs there, ours here'; None if there is none."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key in dict.fromkeys([*ours, *theirs]):
            below = f"{path}.{key}".lstrip(".")
            if (key in ours) != (key in theirs):
                return f"{below} is {'not ' if key in ours else ''}there and {'' if key in ours else 'not '}here"
            found = difference(ours[key], theirs[key], below)
            if found:
                return found
        return None
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = (difference(one, other, f"{path}.{place}") for place, (one, other) in enumerate(zip(ours, theirs)))
        return next((found for found in pairs if found), None)
    # 1, 1.0 and true are equal, and give different hashes.
    return (
        None if json.dumps(ours) == json.dumps(theirs) else f"{path} is {_short(theirs)} there and {_short(ours)} here"
    )


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 80 else f"{text[:60]}... ({len(value)} in all)"


def _seeds(seeds: int | Iterable[int]) -> tuple[int, ...]:
    if isinstance(seeds, int | np.integer) and not isinstance(seeds, bool):
        if not 1 <= seeds <= _MOST_POINTS:
            raise InputError("seeds", f"{seeds} is no number of seeds; give at least 1, or a list of seeds")
        return tuple(range(int(seeds)))
    try:
        found = tuple(int(seed) if seed == int(seed) else seed for seed in seeds)
    except (TypeError, ValueError):
        raise InputError("seeds", f"{seeds!r} is neither a whole number nor a list of them") from None
    for seed in found:
        if not isinstance(seed, int) or not 0 <= seed <= LARGEST:
            raise InputError("seeds", f"{seed!r} is out of range; expected whole numbers from 0 to {LARGEST}")
    if not found or len(set(found)) < len(found):
        raise InputError("seeds", f"{list(found)} names {'no seed' if not found else 'a seed twice'}; give each once")
    return found
