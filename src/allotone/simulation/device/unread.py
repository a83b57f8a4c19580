"""Whether each agent is refractory: Brian2 computes it every step and stores it, mostly for nobody."""

import re
from collections.abc import Iterable

from .functions import Function

_STORED = re.compile(r"^(?P<array>_ptr\w+_not_refractory)\[_idx\] = not_refractory;\n?", re.MULTILINE)
_COMPUTED = re.compile(r"^not_refractory = (?P<value>[^;]*);", re.MULTILINE)


def drop_unread_refractoriness(functions: dict[str, Function], steps: Iterable[tuple[str, str]]) -> None:
    """Leave it in a register where only the threshold in the same loop asks for it: memory is what such loops wait for.

    Parameters
    ----------
    functions : dict
        By name; changed in place.
    steps : iterable of (str, str)
        Clock and name of each that runs during the loop over time.
    """
    running = [functions[name] for _, name in steps]
    for function in running:
        if function.threshold is None:
            continue
        stored, computed = _STORED.search(function.code.vector), _COMPUTED.search(function.code.vector)
        if not (stored and computed):
            continue
        array = f"{stored['array']}["
        # A condition on the state may hold refractoriness up, and then asks what it was.
        others = [other for other in running if other is not function]
        if "not_refractory" in computed["value"] or any(array in text for other in others for text in other.bodies):
            continue
        read = re.compile(rf"^(?:const )?int64_t not_refractory = {re.escape(array)}_idx\];$", re.MULTILINE)
        function.code.vector = read.sub("int64_t not_refractory;", _STORED.sub("", function.code.vector))
        function.threshold.code.vector = read.sub("", function.threshold.code.vector)
        function.threshold.code.spike = function.threshold.code.spike.replace(f"{array}_idx] = false;", "")
