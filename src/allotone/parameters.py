"""One number of a model: its default, what it means, and where it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """A default as text with a unit, its meaning, and its origin: measured, fitted (to what) or assumed (why)."""

    default: str
    meaning: str
    origin: str

    @property
    def unit(self) -> str:
        """Unit of the default, which fixes the dimension of every value given for this parameter."""
        return self.default.split(" ", 1)[1] if " " in self.default else "1"
