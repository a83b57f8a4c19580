"""Synapse models, one a file; `MODELS` finds waveforms, `PLASTICITIES` short-term plasticity by name."""

from . import biexponential, exponential, gap_junction, graded, jones_westbrook, tsodyks_markram
from .model import PlasticityLines as PlasticityLines
from .model import PlasticityModel as PlasticityModel
from .model import SynapseLines as SynapseLines
from .model import SynapseModel as SynapseModel

MODELS: dict[str, SynapseModel] = {
    module.MODEL.name: module.MODEL for module in (exponential, biexponential, graded, jones_westbrook, gap_junction)
}

PLASTICITIES: dict[str, PlasticityModel] = {module.MODEL.name: module.MODEL for module in (tsodyks_markram,)}
