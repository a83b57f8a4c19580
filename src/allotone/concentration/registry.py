"""All named schedules."""

from . import biosynthesis, estrous, hormones, pharmacokinetics, pregnancy, progesterone, shapes, stress
from .kinds import ScheduleKind

_ROOMS = (shapes, pharmacokinetics, progesterone, hormones, pregnancy, estrous, biosynthesis, stress)

SCHEDULES: dict[str, ScheduleKind] = {kind.name: kind for room in _ROOMS for kind in room.KINDS}
