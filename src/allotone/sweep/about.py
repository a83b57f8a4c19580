"""What a sweep says about itself, as plain data: enough to know it again and to count its points without its network."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class About:
    """The plain data of a `Description`, which need not be understood to be counted."""

    data: Mapping[str, Any]

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: equal for equal sweeps."""
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()

    @cached_property
    def size(self) -> int:
        """Number of points: settings times seeds."""
        lengths = [len(axis["values"]) for axis in self.data["design"]["axes"]]
        # Outside of a grid all axes move together.
        settings = math.prod(lengths) if self.data["design"]["kind"] == "grid" else lengths[0]
        return settings * len(self.data["seeds"])
