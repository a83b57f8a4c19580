"""Networks at many settings and seeds: designs, execution on many cores or machines, and resuming after any end."""

from .axis import Axis
from .carry_out import collect
from .design import Design, Range, grid, latin_hypercube, sobol, table, zipped
from .state import status
from .sweep import Sweep

__all__ = [
    "Axis",
    "Design",
    "Range",
    "Sweep",
    "collect",
    "grid",
    "latin_hypercube",
    "sobol",
    "status",
    "table",
    "zipped",
]
