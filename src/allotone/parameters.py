"""One number of a model: its default, what it means, where it comes from, and how low it may go."""

from dataclasses import dataclass

BY_UNIT = "by unit"


@dataclass(frozen=True)
class Parameter:
    """A default as text with a unit, its meaning, and its origin: measured, fitted (to what) or assumed (why).

    Attributes
    ----------
    minimum : 0, "above 0" or None
        Smallest value it may take, None for any. Left out, the unit decides: capacitances are above 0, times and
        conductances at least 0, all else is free.
    """

    default: str
    meaning: str
    origin: str
    minimum: int | str | None = BY_UNIT

    @property
    def unit(self) -> str:
        """Unit of the default, which fixes the dimension of every value given for this parameter."""
        return self.default.split(" ", 1)[1] if " " in self.default else "1"
