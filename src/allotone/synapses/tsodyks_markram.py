"""Short-term depression and facilitation of a contact by its own spikes."""

from ..parameters import Parameter
from .model import PlasticityLines, PlasticityModel

_SOURCE = "Tsodyks, Pawelzik & Markram 1998, doi:10.1162/089976698300017502"
_ORIGIN = f"assumed: a depressing contact of the order in {_SOURCE}"


def _lines(values: dict[str, str]) -> PlasticityLines:
    recovery = "dx_available/dt = (1 - x_available)/tau_recovery : 1 (event-driven)"
    if float(values["tau_facilitation"].split()[0]) == 0:
        return PlasticityLines((recovery,), "", "x_available", "x_available -= U*x_available", {"x_available": "1"})
    return PlasticityLines(
        (recovery, "du_release/dt = -u_release/tau_facilitation : 1 (event-driven)"),
        "u_release += U*(1 - u_release)",
        # Over U, so that the weight stays the conductance of a contact at rest.
        "u_release*x_available/U",
        "x_available -= u_release*x_available",
        {"x_available": "1"},
    )


MODEL = PlasticityModel(
    name="tsodyks_markram",
    title="Depression by depletion, facilitation by residual release; the weight is that of a contact at rest",
    source=_SOURCE,
    parameters={
        "U": Parameter("0.5", "share of resources that a spike at rest releases", _ORIGIN),
        "tau_recovery": Parameter("500 ms", "recovery of resources", _ORIGIN),
        "tau_facilitation": Parameter("0 ms", "decay of facilitation; 0 is none", _ORIGIN),
    },
    lines=_lines,
    highest={"U": 1.0},
    may_be_zero=("tau_facilitation",),
)
