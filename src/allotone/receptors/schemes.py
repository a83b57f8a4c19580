"""Published kinetic schemes of GABA-A receptors: states, rate constants, and which of them a steroid changes."""

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from ..errors import InputError, unknown
from .numbers import Number, Origin

Kind = Literal["binding", "unbinding", "opening", "closing", "desensitisation", "resensitisation"]

# p: a steroid that divides closing by x multiplies entry into desensitisation by x^p.
DESENSITISATION_EXPONENT = Number(
    0.2, "1", 0.2, 1.0, "fitted",
    "to the unchanged amplitude of IPSCs, Cooper et al. 1999 (doi:10.1111/j.1469-7793.1999.00437.x), with the scheme "
    "jones_westbrook; 1 lowers it, but lowers at 100 nM the current at 1 mM GABA too, as Zhu & Vicini 1997 "
    "(doi:10.1523/JNEUROSCI.17-11-04022.1997) saw in patches",
)  # fmt: skip


@dataclass(frozen=True)
class Rate:
    """One transition of a scheme.

    Attributes
    ----------
    name : str
        Of the rate constant; two transitions may share one.
    kind : {"binding", "unbinding", "opening", "closing", "desensitisation", "resensitisation"}
    start, end : str
        States.
    sites : int
        GABA sites that may bind or unbind here, which multiply the rate constant.
    value : float
        Rate constant, /ms; of a binding, /ms/mM.
    origin : {"measured", "fitted", "assumed"}
    source : str
        Author, year and preparation; for an assumption, why.

    Raises
    ------
    InputError
        Unknown kind or origin, not positive or not finite, or no transition.
    """

    name: str
    kind: Kind
    start: str
    end: str
    sites: int
    value: float
    origin: Origin
    source: str

    def __post_init__(self):
        if self.kind not in get_args(Kind):
            raise unknown(self.name, "kind of rate", self.kind, get_args(Kind))
        if self.origin not in get_args(Origin):
            raise unknown(self.name, "origin", self.origin, get_args(Origin))
        if not 0 < self.value < math.inf:
            raise InputError(self.name, f"{self.value} {self.unit} is not positive; leave the transition out instead")
        if self.sites < 1 or self.start == self.end:
            raise InputError(self.name, f"{self.sites} sites from {self.start} to {self.end} is no transition")

    @property
    def unit(self) -> str:
        """Unit of the rate constant."""
        return "/ms/mM" if self.kind == "binding" else "/ms"


@dataclass(frozen=True)
class Scheme:
    """A continuous-time Markov model of one receptor; it starts, and ends without GABA, in the state named first.

    A steroid multiplies closing by 1/x and entry into desensitisation by x^p, where p is `desensitisation_exponent`.
    Its default was fitted with `jones_westbrook`, see `DESENSITISATION_EXPONENT`.

    Raises
    ------
    InputError
        No opening, a negative exponent, a resting state that is left without GABA, or a state that never returns to it.
    """

    name: str
    source: str
    rates: tuple[Rate, ...]
    desensitisation_exponent: float = DESENSITISATION_EXPONENT.value

    def __post_init__(self):
        path, rest = f"scheme '{self.name}'", self.states[0]
        if not any(rate.kind == "opening" for rate in self.rates):
            raise InputError(path, "has no opening; name the transitions into open states 'opening'")
        if not 0 <= self.desensitisation_exponent < math.inf:
            raise InputError(path, f"desensitisation_exponent {self.desensitisation_exponent} is not 0 or more")
        if any(rate.start == rest and rate.kind != "binding" for rate in self.rates):
            raise InputError(path, f"leaves {rest} without GABA; the first state must be left by binding alone")
        steps = np.eye(len(self.states)) + (self.matrix(0.0) > 0)
        returns = np.linalg.matrix_power(steps, len(self.states))[:, 0] > 0
        if not returns.all():
            stuck = self.states[int(np.argmin(returns))]
            raise InputError(path, f"never returns from {stuck} to {rest} without GABA; add the transition back")

    def with_rates(self, **values: float) -> "Scheme":
        """The scheme with other rate constants of these names, /ms, of a binding /ms/mM; their origin is the user's.

        Raises
        ------
        InputError
            A name this scheme does not have, or a value that is no rate.
        """
        known = {rate.name: rate.value for rate in self.rates}
        for name in values.keys() - known:
            raise unknown(f"scheme '{self.name}'", "rate", name, known)
        changed = {name: value for name, value in values.items() if value != known[name]}
        own = {"origin": "assumed", "source": "set by the user"}
        rates = (replace(r, value=changed[r.name], **own) if r.name in changed else r for r in self.rates)
        return replace(self, rates=tuple(rates))

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states, the resting one first."""
        return tuple(dict.fromkeys(state for rate in self.rates for state in (rate.start, rate.end)))

    @property
    def conducting(self) -> np.ndarray:
        """1 for open states, 0 for others, shape (states,)."""
        ends = {rate.end for rate in self.rates if rate.kind == "opening"}
        return np.array([float(state in ends) for state in self.states])

    def matrix(self, gaba_mM: float, x: float = 1.0) -> np.ndarray:
        """Rates from each state (row) to each other (column), /ms, shape (states, states); rows sum to 0."""
        index = {state: number for number, state in enumerate(self.states)}
        factor = {"binding": gaba_mM, "closing": 1 / x, "desensitisation": x**self.desensitisation_exponent}
        rates = np.zeros((len(index), len(index)))
        for rate in self.rates:
            rates[index[rate.start], index[rate.end]] += rate.sites * rate.value * factor.get(rate.kind, 1.0)
        return rates - np.diag(rates.sum(axis=1))


# Two GABA sites: a receptor with one or two GABA may open or desensitise, and D1 may bind the second GABA to become D2.
_TWO_SITES = (
    ("kon", "binding", "C0", "C1", 2),
    ("koff", "unbinding", "C1", "C0", 1),
    ("kon", "binding", "C1", "C2", 1),
    ("koff", "unbinding", "C2", "C1", 2),
    ("beta1", "opening", "C1", "O1", 1),
    ("alpha1", "closing", "O1", "C1", 1),
    ("beta2", "opening", "C2", "O2", 1),
    ("alpha2", "closing", "O2", "C2", 1),
    ("d1", "desensitisation", "C1", "D1", 1),
    ("r1", "resensitisation", "D1", "C1", 1),
    ("d2", "desensitisation", "C2", "D2", 1),
    ("r2", "resensitisation", "D2", "C2", 1),
    ("d3", "desensitisation", "C2", "D3", 1),
    ("r3", "resensitisation", "D3", "C2", 1),
    ("d1d2", "binding", "D1", "D2", 1),
    ("r1r2", "unbinding", "D2", "D1", 1),
)


def _two_sites(name: str, source: str, exponent: float, **values: float) -> Scheme:
    """The scheme that has these of the transitions above."""
    rates = tuple(Rate(*step, values[step[0]], "fitted", source) for step in _TWO_SITES if step[0] in values)
    return Scheme(name, source, rates, exponent)


def jones_westbrook(desensitisation_exponent: float = DESENSITISATION_EXPONENT.value) -> Scheme:
    """Synaptic receptor of hippocampal neurons with slow and fast desensitised states.

    Topology of Jones & Westbrook 1995 (Neuron 15:181) without the step from D1 to D2; rates of Mozrzymas et al. 2003 as
    listed in the legend of PMC2474663, figure 3, which names neither preparation nor temperature nor the factor 2 of the
    first binding: that is assumed, for two equal sites. Without closed loops it is microscopically reversible whatever
    its rates.

    Parameters
    ----------
    desensitisation_exponent : float
        p: entry into desensitisation is multiplied by x^p where closing is divided by x. The default of 0.2 was fitted
        with this scheme to the unchanged amplitude of IPSCs (Cooper et al. 1999), and leaves it within 1.3 % up to a
        fivefold decay; with 1 it falls by 13 % where the decay is 1.5 times as long.
    """
    return _two_sites(
        "jones_westbrook",
        "Mozrzymas et al. 2003, in PMC2474663, figure 3",
        desensitisation_exponent,
        kon=6,  # /ms/mM  binding
        koff=1,  # /ms  unbinding
        beta1=0.15,  # /ms  opening with one GABA
        alpha1=1.5,  # /ms  closing
        d1=0.045,  # /ms  desensitisation with one GABA
        r1=0.014,  # /ms  recovery
        beta2=3,  # /ms  opening with two GABA
        alpha2=0.4,  # /ms  closing
        d2=12,  # /ms  desensitisation with two GABA
        r2=0.07,  # /ms  recovery
    )


_NIEUS = "IPSCs of cerebellar granule cells at 30 C, Nieus (Pavia), GABA__granule.mod of dbbs-lab/dbbs-mod-collection"


def nieus_alpha1(desensitisation_exponent: float = DESENSITISATION_EXPONENT.value) -> Scheme:
    """Alpha1 receptor of the cerebellar glomerulus, inside the synapse, at 30 C.

    Nieus (Pavia), after Pugh & Raman 2005; topology as the mechanism file writes it, where alpha is called a, beta b and
    D3 DA2f. The file sets the step from D1 to D2 to 0, so that no loop is left and reversibility is given.

    The default exponent was fitted with `jones_westbrook`, not here: the peak of the IPSC stays where the decay is 1.5
    times as long, and rises by 40 % where it is 3.8 times as long.
    """
    return _two_sites(
        "nieus_alpha1",
        _NIEUS,
        desensitisation_exponent,
        kon=17.7,  # /ms/mM  binding
        koff=2,  # /ms  unbinding
        beta1=0.03,  # /ms  opening with one GABA
        alpha1=0.4144,  # /ms  closing
        beta2=10,  # /ms  opening with two GABA
        alpha2=1.0002,  # /ms  closing
        d1=3.3e-4,  # /ms  desensitisation with one GABA
        r1=7e-4,  # /ms  recovery
        d2=3.4898,  # /ms  slow desensitisation with two GABA
        r2=0.14208,  # /ms  recovery
        d3=21.703,  # /ms  fast desensitisation with two GABA
        r3=0.97325,  # /ms  recovery
    )


def nieus_alpha6(desensitisation_exponent: float = DESENSITISATION_EXPONENT.value) -> Scheme:
    """Alpha6 receptor of the cerebellar glomerulus, outside the synapse, at 30 C.

    Source and topology as `nieus_alpha1`. In the file GABA reaches it by diffusion alone, so a pulse of 1 mM is not its
    natural stimulus. The published rates break microscopic reversibility: round C1, C2, D2, D1 their product is a tenth
    of that of the way back, so the scheme cycles at rest in GABA, which a receptor without a source of energy cannot.

    The default exponent was fitted with `jones_westbrook`, not here: the peak of the IPSC rises by 6 % where the decay is
    1.5 times as long, and by 17 % where it is 3.8 times as long.
    """
    return _two_sites(
        "nieus_alpha6",
        _NIEUS,
        desensitisation_exponent,
        kon=54.8,  # /ms/mM  binding
        koff=0.31061,  # /ms  unbinding
        beta1=0.03,  # /ms  opening with one GABA
        alpha1=0.06,  # /ms  closing
        beta2=10,  # /ms  opening with two GABA
        alpha2=0.4,  # /ms  closing
        d1=0.86042,  # /ms  desensitisation with one GABA
        r1=0.040001,  # /ms  recovery
        d2=2.7012,  # /ms  slow desensitisation with two GABA
        r2=0.4316,  # /ms  recovery
        d3=15,  # /ms  fast desensitisation with two GABA
        r3=7.4132,  # /ms  recovery
        d1d2=24.2,  # /ms/mM  second GABA on the desensitised receptor
        r1r2=0.091668,  # /ms  its unbinding
    )
