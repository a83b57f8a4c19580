"""Magnesium term that multiplies the NMDA conductance, as the code of one published network has it by mistake."""

from .magnesium import MODEL as MAGNESIUM
from .model import BlockModel

MODEL = BlockModel(
    name="magnesium_inverted",
    title="Magnesium term multiplied by instead of divided by: hyperpolarisation opens; for reproduction alone",
    source="ModelDB 206397, background input of granule cells",
    parameters=MAGNESIUM.parameters,
    factor=lambda name: f"(1 + ratio_{name}*exp(-v/slope_{name}))",
)
