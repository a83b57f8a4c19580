"""Values of each agent that change more slowly than the step, kept from one step to the next instead of computed again.

Brian2 takes out of the loop what is common to all agents. What an agent's own time constant makes of it, such as
`exp(-dt/tau)`, stays inside, though the time constant changes once a millisecond or never.
"""

import re
from collections.abc import Iterable

from .functions import Function, vector_calls
from .powers import closing

# Functions that cost much more than to read their value.
_CALL = re.compile(r"\b(?:exp|log|pow|_brian_pow|sqrt|tanh|_exprel)\(")
_READ = re.compile(r"^const double (?P<name>\w+) = (?P<array>_ptr\w+)\[_idx\];$", re.MULTILINE)
_SHARED = re.compile(r"^const \w+ (?P<name>\w+) = (?P<value>.*);$", re.MULTILINE)
_WRITTEN = re.compile(r"(_ptr\w+)\[[^\]]+\]\s*(?:[-+*/]?=(?!=)|\+\+)")
_NAME = re.compile(r"\b[A-Za-z_]\w*\b(?!\()")


def keep_slow_values(functions: dict[str, Function], steps: Iterable[tuple[str, str]]) -> list[str]:
    """Let the loops of `functions` read what they would compute again.

    Parameters
    ----------
    functions : dict
        By name; changed in place.
    steps : iterable of (str, str)
        Clock and name of each that runs during the loop over time.

    Returns
    -------
    list of str
        Declarations that these loops need.
    """
    clocks = {name: clock for clock, name in steps}
    writers: dict[str, list[Function]] = {}
    for name in clocks:
        function = functions[name]
        for array in set(_WRITTEN.findall("\n".join(function.bodies))):
            writers.setdefault(array, []).append(function)
    versions: dict[str, None] = {}
    for name, clock in clocks.items():
        function = functions[name]
        if function.kind != "stateupdate" or not function.in_blocks:
            continue
        often = {f"_ptr_array_{clock}_t", f"_ptr_array_{clock}_timestep"}
        often |= {array for array, who in writers.items() if any(clocks[writer.name] == clock for writer in who)}
        for array in _keep(function, set(writers), often):
            versions[array] = None
            for writer in writers[array]:
                writer.after.add(f"_version{array}++;")
    return [f"static int64_t _version{array} = 0;" for array in versions]


def _keep(function: Function, changed: set[str], often: set[str]) -> set[str]:
    """Change one function; the arrays, of those changed during a run, that what it keeps was computed from."""
    vector, scalar = function.code.vector, function.code.scalar
    reads = {match["name"]: match["array"] for match in _READ.finditer(vector) if match["array"] not in often}
    steady: set[str] = set()
    for match in _SHARED.finditer(scalar):
        if all(
            name in steady or (name.startswith("_ptr") and name not in often) for name in _NAME.findall(match["value"])
        ):
            steady.add(match["name"])
    kept: dict[str, str] = {}
    place = 0
    while call := _CALL.search(vector, place):
        end = closing(vector, call.end())
        text = vector[call.start() : end]
        names = set(_NAME.findall(text))
        place = call.end()
        if names & reads.keys() and names <= reads.keys() | steady:
            read = f"{kept.setdefault(text, f'_kept_{len(kept)}')}[_idx]"
            vector = vector[: call.start()] + read + vector[end:]
            place = call.start() + len(read)
    if not kept:
        return set()
    names = set().union(*(_NAME.findall(text) for text in kept))
    own = {name: reads[name] for name in sorted(names & reads.keys())}
    changing = set(own.values()) & changed
    function.code.vector = vector
    function.code.scalar = f"{scalar}\n{_renewal(kept, own, changing, sorted(names & steady), function.places)}"
    return changing


def _renewal(kept: dict[str, str], own: dict[str, str], changing: set[str], shared: list[str], places: int) -> str:
    """C++ that computes what is kept, if anything that it was computed from has changed."""
    # Never of no length.
    given = ["0.0", *shared, *(f"(double) _version{array}" for array in sorted(changing))]
    return "\n".join(
        [
            *(f"alignas(64) static double {name}[{places}];" for name in kept.values()),
            f"static double _given_before[{len(given)}];",
            "static bool _is_kept = false;",
            f"const double _given[] = {{{', '.join(given)}}};",
            "if (!_is_kept || memcmp(_given, _given_before, sizeof _given))\n{",
            "_is_kept = true;",
            "memcpy(_given_before, _given, sizeof _given);",
            f"for (int _idx = 0; _idx < {places}; _idx++)\n{{",
            *(f"const double {name} = {array}[_idx];" for name, array in own.items()),
            *(f"{name}[_idx] = {vector_calls(text)};" for text, name in kept.items()),
            "}\n}",
        ]
    )
