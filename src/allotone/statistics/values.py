"""Computed statistics as values with units and labels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from brian2 import Quantity

from .. import units
from ..errors import suggest


@dataclass(frozen=True, eq=False)
class Statistic:
    """One computed statistic."""

    name: str
    value: np.ndarray  # in `unit`, one axis per dimension, read-only
    unit: str
    description: str
    dimensions: tuple[str, ...] = ()
    # Along each dimension, labels and their unit ("" for none): agents from 0, names of bands, frequencies in Hz.
    coordinates: Mapping[str, tuple[np.ndarray, str]] = field(default_factory=dict)

    @property
    def quantity(self) -> Quantity | float | np.ndarray:
        """The value as a Brian2 quantity, or as a plain number or array when its unit is 1."""
        if self.unit == "1":
            return self.value if self.dimensions else float(self.value)
        return units.quantity(self.value, self.unit)


class PopulationStatistics(Mapping[str, Statistic]):
    """Read-only mapping from name to `Statistic`; as attributes, the values as Brian2 quantities."""

    def __init__(self, statistics: Mapping[str, Statistic]):
        self._statistics = dict(statistics)

    def __getitem__(self, name: str) -> Statistic:
        return self._statistics[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._statistics)

    def __len__(self) -> int:
        return len(self._statistics)

    def __getattr__(self, name: str):
        # Unpickling asks for attributes before there are any.
        computed = self.__dict__.get("_statistics", {})
        if name.startswith("_") or name not in computed:
            raise AttributeError(f"no statistic '{name}' was computed; {suggest(name, computed)}")
        return computed[name].quantity

    def __dir__(self):
        return [*super().__dir__(), *self._statistics]

    def __repr__(self) -> str:
        lines = [f"{s.name} = {s.value:.6g} {s.unit}" for s in self.values() if not s.dimensions]
        lines += [f"{s.name} {s.dimensions} {s.value.shape} {s.unit}" for s in self.values() if s.dimensions]
        return "\n".join(lines)
