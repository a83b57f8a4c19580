"""Synapse models, one a file: `MODELS` finds waveforms, `PLASTICITIES` short-term plasticity, `BLOCKS` channel blocks."""

from . import (
    biexponential,
    exponential,
    gaba_b,
    gaba_b_graded,
    gap_junction,
    graded,
    jones_westbrook,
    magnesium,
    magnesium_inverted,
    magnesium_permeant,
    saturating,
    transmitter_pulse,
    tsodyks_markram,
)
from .model import BlockModel as BlockModel
from .model import PlasticityLines as PlasticityLines
from .model import PlasticityModel as PlasticityModel
from .model import SynapseLines as SynapseLines
from .model import SynapseModel as SynapseModel

MODELS: dict[str, SynapseModel] = {
    module.MODEL.name: module.MODEL
    for module in (
        exponential, biexponential, saturating, graded, transmitter_pulse, gaba_b, gaba_b_graded, jones_westbrook,
        gap_junction,
    )
}  # fmt: skip

PLASTICITIES: dict[str, PlasticityModel] = {module.MODEL.name: module.MODEL for module in (tsodyks_markram,)}

BLOCKS: dict[str, BlockModel] = {
    module.MODEL.name: module.MODEL for module in (magnesium, magnesium_inverted, magnesium_permeant)
}
