"""Figures of runs and tables; the only package that imports matplotlib."""

from .dose import dose
from .raster import raster
from .save import save
from .spectrum import spectrum
from .traces import traces

__all__ = ["dose", "raster", "save", "spectrum", "traces"]
