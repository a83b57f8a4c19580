"""What a synapse model is: the lines it adds to the target, the source and the contacts of a projection."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..parameters import Parameter


@dataclass(frozen=True)
class SynapseLines:
    """Brian2 text of one projection, as its synapse model writes it.

    Attributes
    ----------
    target, source, contact : tuple of str
        Equation lines for the target population, the source population and the contacts.
    on_pre : str
        What a presynaptic spike does; empty for a model without spikes.
    slow : tuple of str
        Statements on the slow clock, for what follows from the modulated time constants.
    reset : str
        What a spike of a source cell does to that cell itself.
    arrival : str
        What a spike does to the gates that its own cell carries, once the delay is over (`<variable>_post`).
    each_step : tuple of (str, str)
        Statements in the source population at every time step, and when in the step.
    """

    target: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    on_pre: str = ""
    slow: tuple[str, ...] = ()
    reset: str = ""
    arrival: str = ""
    each_step: tuple[tuple[str, str], ...] = ()

    def with_own_decay(self) -> "SynapseLines":
        """The same for target cells of which each has a decay time constant of its own: all that follows from it is its own."""
        return replace(self, target=tuple(line.removesuffix(" (shared)") for line in self.target))


@dataclass(frozen=True)
class SynapseModel:
    """A synaptic waveform.

    Attributes
    ----------
    lines : callable (name, unit, weight) -> SynapseLines
        Text for a projection called `name` whose conductances have the Brian2 unit `unit`; `weight` is the expression
        of one contact's conductance. It finds each parameter as ``<parameter>_<name>`` and provides the conductance
        ``g_<name>`` (for a gap junction the inward current ``I_<name>``) in the target.
    decay : str
        The parameter that allopregnanolone prolongs; empty where there is none.
    gate : str
        "target" or "source": the population that carries the parameters. Each agent of a target may have a decay of its
        own; variables of the target lines that are shared must then be no more than what `slow` makes of it.
    event_driven : bool
        Whether contacts pass spikes, and so may have a delay.
    pulsed_gate : bool
        Whether the gate is in the source and moves at its spikes: there may be a delay, and the source need not have a
        membrane.
    order : tuple of (str, str)
        Pairs of parameters of which the first must be the smaller.
    kinetic : bool
        Whether the parameters are the rates of a GABA-A receptor's kinetic scheme, which no other receptor may have:
        instead of a time constant, allopregnanolone then changes ``decay_fold_<name>``, and the network computes what the
        scheme makes of it.
    """

    name: str
    title: str
    source: str
    parameters: dict[str, Parameter]
    lines: Callable[[str, str, str], SynapseLines]
    decay: str = ""
    gate: str = "target"
    event_driven: bool = True
    pulsed_gate: bool = False
    order: tuple[tuple[str, str], ...] = ()
    kinetic: bool = False


@dataclass(frozen=True)
class BlockModel:
    """A block of the open channel by voltage.

    Attributes
    ----------
    factor : callable (name) -> str
        Share of the conductance that is left, as an expression of the target's ``v`` and of the parameters, which it
        finds as ``<parameter>_<name>``.
    """

    name: str
    title: str
    source: str
    parameters: dict[str, Parameter]
    factor: Callable[[str], str]


@dataclass(frozen=True)
class PlasticityLines:
    """Brian2 text of what a contact's own spikes do to it.

    Attributes
    ----------
    contact : tuple of str
        Equation lines of the contacts.
    before, after : str
        Statements at a presynaptic spike, around the synapse's own.
    release : str
        Factor on the weight at that spike.
    initial : dict of str to str
        Initial values at rest.
    """

    contact: tuple[str, ...]
    before: str
    release: str
    after: str
    initial: dict[str, str]


@dataclass(frozen=True)
class PlasticityModel:
    """Short-term plasticity of contacts that pass spikes; `lines` takes the parameters as canonical text."""

    name: str
    title: str
    source: str
    parameters: dict[str, Parameter]
    lines: Callable[[dict[str, str]], PlasticityLines]
    highest: dict[str, float] = field(default_factory=dict)
    may_be_zero: tuple[str, ...] = ()
