"""Everything that schedules are held against: doses, hormonal states, enzymes, and what of plasma a receptor sees.

What allopregnanolone then does to a network is not here: that needs runs, which the experiments make.
"""

from ..checks import Check
from . import brain, enzymes, hormones, intravenous, pregnancy, receptor, routes


def checks() -> list[Check]:
    """Checks of this group, room by room."""
    rooms = (intravenous, brain, routes, hormones, pregnancy, enzymes, receptor)
    return [one for room in rooms for one in room.checks()]
