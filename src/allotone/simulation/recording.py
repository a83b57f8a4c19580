"""What to record, written as VARIABLE@POPULATION:AGENTS/EVERY."""

import re
from collections.abc import Mapping

import numpy as np

from ..errors import InputError, unknown
from ..network.plan import Recording
from ..units import parse

_AGENTS = re.compile(r"^(\d+)(?:-(\d+))?$")
_FORM = re.compile(r"^(?P<variable>\w+)@(?P<population>\w+)(:(?P<agents>[\d,\-]+))?(/(?P<every>.+))?$")


def parse_recording(text: str, sizes: Mapping[str, int], time_step_s: float) -> Recording:
    """A recording from text such as "v@pv:0-9/0.5ms"; without agents all, without interval every 0.5 ms.

    Raises
    ------
    InputError
        Not of that form, an unknown population, an agent out of range, an interval below the time step.
    """
    match = _FORM.match(text.strip())
    if not match:
        raise InputError(
            "record", f"'{text}' is not of the form VARIABLE@POPULATION:FIRST-LAST/EVERY, such as v@pv:0-9/0.5ms"
        )
    population = match["population"]
    if population not in sizes:
        raise unknown("record", "population", population, sizes)
    agents: list[int] = []
    for part in (match["agents"] or f"0-{sizes[population] - 1}").split(","):
        ends = _AGENTS.match(part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (0, -1)
        if last < first:
            raise InputError("record", f"'{part}' in '{text}' is not an agent or FIRST-LAST")
        agents += range(first, last + 1)
    if not agents or max(agents) >= sizes[population]:
        raise InputError("record", f"'{text}' names agents outside 0 to {sizes[population] - 1}")
    every = float(np.asarray(parse(match["every"] or "0.5 ms", "record", "s")))
    if every < time_step_s * (1 - 1e-9):
        raise InputError("record", f"'{match['every']}' is shorter than the time step of {time_step_s * 1e3:g} ms")
    return Recording(population, match["variable"], sorted(set(agents)), every)
