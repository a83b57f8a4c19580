"""Membrane models, one a file; `MODELS` finds them by name."""

import importlib.util
from pathlib import Path

from ..errors import InputError
from ..parameters import Parameter as Parameter
from . import (
    adex,
    conductance_lif,
    cortical_interneuron,
    cortical_pyramidal,
    dentate_granule,
    izhikevich,
    progenitor,
    reticular,
    reticular_calcium,
    thalamocortical,
    traub_miles,
    wang_buzsaki,
)
from .check import check_model
from .model import CellModel as CellModel
from .model import least as least

MODELS: dict[str, CellModel] = {
    module.MODEL.name: module.MODEL
    for module in (
        conductance_lif,
        adex,
        cortical_interneuron,
        cortical_pyramidal,
        dentate_granule,
        izhikevich,
        progenitor,
        traub_miles,
        wang_buzsaki,
        reticular,
        reticular_calcium,
        thalamocortical,
    )
}


def load_file(path: Path, where: str) -> CellModel:
    """The `MODEL` of a user's Python file.

    Raises
    ------
    InputError
        The file is not there, does not run, names no `CellModel` called MODEL, or one that does not hold together.
    """
    if not path.is_file():
        raise InputError(where, f"there is no cell model file '{path}'")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(where, f"the cell model file '{path}' does not run: {error}") from error
    model = getattr(module, "MODEL", None)
    if not isinstance(model, CellModel):
        raise InputError(where, f"'{path}' has no MODEL; set MODEL = CellModel(...) from allotone.neurons there")
    check_model(model, where)
    if model.name in MODELS:
        raise InputError(where, f"'{path}' calls its model '{model.name}', as one of the package is called; rename it")
    return model
