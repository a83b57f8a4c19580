"""Checks of effects on other targets: the number each multiplies, and the law by which it does."""

import re
from typing import Any

from .. import receptors
from ..errors import InputError, unknown
from .check import check_name
from .fields import si
from .schema import Schema

# Numbers that the equations read while a network runs; all others are compiled in, drawn once, or times of an event.
_CHANGEABLE = re.compile(
    r"populations\.\w+\.(parameters\.\w+|reversal\.E_gaba|neuron\.rate|tonic\.\w+\.(conductance|density)"
    r"|drive\.\w+\.(amplitude|rate|weight|tau_decay|mean|sd|tau|reversal))"
    r"|projections\.\w+\.(weight|amplitude_factor|decay_factor|reversal|synapse\.\w+|plasticity\.\w+)"
)
_OWN = ("maximum", "ec50", "hill", "evidence", "source")


def check_effect(schema: Schema, data: dict[str, Any], name: str) -> None:
    """InputError if an effect names no number that can change during a run, or no whole law.

    Parameters
    ----------
    data : dict
        The completed schema as plain data.
    """
    effect, path = schema.effects[name], f"effects.{name}"
    check_name(path, name)
    for other in schema.effects:
        if other in {f"{name}_{number}" for number in (*receptors.LAW, "initial", "change")}:
            raise InputError(
                f"effects.{other}", f"this is what a number of effects.{name} is called; choose another name"
            )
    _check_path(f"{path}.path", effect.path, data)
    if effect.effect is not None:
        receptors.effect(effect.effect, f"{path}.effect")
        for key in _OWN:
            if getattr(effect, key):
                raise InputError(
                    f"{path}.{key}",
                    f"nothing reads this: the effect '{effect.effect}' has its own; leave out one of them",
                )
        return
    for key in _OWN:
        if not getattr(effect, key) and getattr(effect, key) != 0:
            raise InputError(
                f"{path}.{key}",
                f"is missing; give {', '.join(_OWN)} of a law of your own, or effect = one of "
                f"{', '.join(receptors.EFFECTS)}",
            )
    if effect.hill == 0 or si(effect.ec50) == 0:
        key = "hill" if effect.hill == 0 else "ec50"
        raise InputError(f"{path}.{key}", f"'{getattr(effect, key)}' is not above 0; give a larger value")
    if si(effect.evidence.min) > si(effect.evidence.max):
        raise InputError(
            f"{path}.evidence", f"min '{effect.evidence.min}' is above max '{effect.evidence.max}'; exchange them"
        )


def _check_path(where: str, path: str, data: dict[str, Any]) -> None:
    """InputError unless `path` leads to a number, or a distribution over agents, that a run can change."""
    node, done = data, []
    for key in path.split("."):
        if not isinstance(node, dict) or key not in node:
            known = node if isinstance(node, dict) else {}
            raise unknown(where, "name in " + (".".join(done) or "the definition") + ":", key, known)
        if "distribution" in node:
            raise InputError(where, f"'{path}' is part of a distribution; name the whole, '{'.'.join(done)}'")
        node, done = node[key], [*done, key]
    if not _CHANGEABLE.fullmatch(path):
        raise InputError(
            where,
            f"'{path}' cannot change during a run: it is compiled in, drawn once, or not a number of the network; name a "
            "cell parameter, E_gaba, a drive's or source's strength, a tonic conductance or density, or a projection's "
            "weight, factor, reversal, synapse or plasticity parameter",
        )
    if node is None or (isinstance(node, str) and not re.match(r"[-+.\d]", node)):
        raise InputError(where, f"'{path}' is {node!r}, not a number; name another value")
