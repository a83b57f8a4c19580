"""Figures of runs and tables; the only package that imports matplotlib."""

from .dose import dose
from .heatmap import heatmap
from .raster import raster
from .save import save
from .slow_time import slow_time
from .spectrum import spectrum
from .style import DOUBLE_COLUMN, SINGLE_COLUMN, styled
from .traces import traces

__all__ = [
    "DOUBLE_COLUMN",
    "SINGLE_COLUMN",
    "dose",
    "heatmap",
    "raster",
    "save",
    "slow_time",
    "spectrum",
    "styled",
    "traces",
]
