"""Synapse models, one a file; `MODELS` finds them by name."""

from . import biexponential, exponential, gap_junction, graded
from .model import SynapseLines as SynapseLines
from .model import SynapseModel as SynapseModel

MODELS: dict[str, SynapseModel] = {
    module.MODEL.name: module.MODEL for module in (exponential, biexponential, graded, gap_junction)
}
