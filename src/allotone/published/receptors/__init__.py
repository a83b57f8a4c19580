"""Everything that GABA-A receptors are held against: GABA alone, steroids, synaptic and tonic currents, regulation."""

from ..checks import Check
from . import efficacy, gaba, phasic, rates, regulation, steroids, tonic


def checks() -> list[Check]:
    """Checks of this group, room by room."""
    return [one for room in (gaba, steroids, efficacy, phasic, tonic, regulation, rates) for one in room.checks()]
