"""Rate constants of the kinetic schemes as printed, and what an independent calculation made of them."""

import math
from collections.abc import Callable
from functools import partial

from ...receptors.kinetics import peak, peak_ec50, steady_state
from ...receptors.schemes import Scheme, jones_westbrook, nieus_alpha1, nieus_alpha6
from ..checks import Check, check
from ..data import rows
from ..targets import PRINTED, published, within

SCHEMES = {"jw_": jones_westbrook, "nieus_a1_": nieus_alpha1, "nieus_a6_": nieus_alpha6}
# The mechanism file of the second source says a and b where we say alpha and beta.
NAMES = {"a1": "alpha1", "b1": "beta1", "a2": "alpha2", "b2": "beta2"}
# Independent calculations: peak EC50 (uM), largest peak, open probability at .2 uM held for ever, each with half a unit
# of its last digit.
COMPUTED = {
    "jw_": ((106, 0.5), (0.185, 5e-4), None),
    "nieus_a1_": ((31, 0.5), (0.27, 5e-3), (2.9e-4, 5e-6)),
    "nieus_a6_": ((1.6, 0.05), (0.73, 5e-3), (0.067, 5e-4)),
}

DECLARED = {
    "jw_peak_ec50": "unexplained",
}


def checks() -> list[Check]:
    """All of them are input."""
    return [*_printed(), *_computed()]


def _printed() -> list[Check]:
    return [
        check(
            key, "input", scheme.__name__, partial(_rate, scheme, key.removeprefix(prefix)), published(key, PRINTED),
            items=(12,),
        )
        for prefix, scheme in SCHEMES.items()
        for key in _keys(prefix)
    ]  # fmt: skip


def _keys(prefix: str) -> list[str]:
    return [key for key in rows("pharmacology") if key.startswith(prefix) and key != "jw_1mM_peak"]


def _rate(scheme: Callable[[], Scheme], name: str) -> float:
    """A rate constant by its printed name; 0 where the scheme does without the transition."""
    found = {rate.name: rate.value for rate in scheme().rates}
    return found.get(NAMES.get(name, name), 0.0)


def _computed() -> list[Check]:
    measures = (
        ("peak_ec50", "uM", peak_ec50, "GABA EC50 of the peak"),
        ("peak_maximum", "Po", lambda scheme: peak(scheme, 10.0, math.inf), "open probability at the largest peak"),
        ("ambient", "Po", lambda scheme: steady_state(scheme, 2e-4), "open probability in .2 uM GABA held for ever"),
    )
    return [
        check(
            " ".join(_keys(prefix)), "input", scheme.__name__,
            lambda measure=measure, scheme=scheme: measure(scheme()),
            within(one[0] - one[1], one[0] + one[1], unit, "computed apart from this code", one[0]),
            name=f"{prefix}{name}", quantity=f"{quantity} (independent calculation)", items=(12,),
            declared=DECLARED.get(f"{prefix}{name}", ""),
        )
        for prefix, scheme in SCHEMES.items()
        for (name, unit, measure, quantity), one in zip(measures, COMPUTED[prefix])
        if one is not None
    ]  # fmt: skip
