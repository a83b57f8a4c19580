"""The strict schema of a network file: which keys there are and what kind of value each takes."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from ..errors import InputError, unknown
from ..receptors import POLARITY_SWITCHES, RECTIFICATIONS
from .fields import Strict, quantity, spread
from .numbers import number, word
from .rules import Connect, Count, Delay, Fraction, Positive, Time


def _one_or_many(value):
    return [value] if isinstance(value, str) else value


Factor = number(0)
Sources = Annotated[list[str], BeforeValidator(_one_or_many)]


class LocalSynthesis(Strict):
    """Allopregnanolone that the spikes of a population make, at the receptors of all agents.

    `gain` is the steady rise for each Hz of the population's mean rate, `tau` the time constant of synthesis and loss, and
    `initial` the rise at t = 0.
    """

    population: str
    gain: quantity("nM/Hz", minimum=0)
    tau: Time
    initial: quantity("nM", minimum=0) = "0.0 nM"


class Medium(Strict):
    """What all agents share. `allopregnanolone` is a schedule at the receptor, to which `local_synthesis` adds."""

    gaba: quantity("nM", minimum=0) = "160.0 nM"
    allopregnanolone: Any = "0.0 nM"
    local_synthesis: LocalSynthesis | None = None


class Receptors(Strict):
    """What holds for every receptor.

    `potency_ratio` is K_allo of delta receptors over the shipped K_allo of gamma2 ones in the same preparation, also where
    `receptor_parameters` give some gamma2 receptors another; a delta receptor's own K_allo comes before the ratio.
    """

    potency_ratio: number(0, above=True) | None = None


class Evidence(Strict):
    """Lowest and highest concentration at which an effect was seen."""

    min: quantity("nM", minimum=0)
    max: quantity("nM", minimum=0)


class Effect(Strict):
    """A factor that the steroid puts on the number at `path`: a shipped law by name, or one of its own."""

    path: str
    effect: str | None = None
    maximum: number(0) | None = None
    ec50: quantity("nM", minimum=0) | None = None
    hill: number(0, above=True) | None = None
    evidence: Evidence | None = None
    source: Sources = []


class CurrentDrive(Strict):
    """A constant current into each agent from `onset` on."""

    kind: Literal["current"]
    amplitude: spread("pA", "uA/cm2")
    onset: spread("ms", minimum=0) = "0.0 ms"
    agents: list[Count] | None = None


class PulseDrive(Strict):
    """A current from `onset` for `duration`, again after every `period` if one is given."""

    kind: Literal["pulse"]
    amplitude: spread("pA", "uA/cm2")
    onset: spread("ms", minimum=0) = "0.0 ms"
    duration: Time
    period: Time | None = None
    agents: list[Count] | None = None


class PoissonDrive(Strict):
    """Independent Poisson input to each agent: `inputs` trains of `rate`, exponential conductance."""

    kind: Literal["poisson"]
    rate: quantity("Hz", minimum=0)
    inputs: Positive = 1
    weight: quantity("nS", "mS/cm2", minimum=0)
    tau_decay: Time
    reversal: quantity("mV")
    onset: spread("ms", minimum=0) = "0.0 ms"
    agents: list[Count] | None = None


class OrnsteinUhlenbeckDrive(Strict):
    """A conductance (with `reversal`) or current that fluctuates about `mean` with `sd` and time constant `tau`."""

    kind: Literal["ornstein_uhlenbeck"]
    mean: quantity("pA", "uA/cm2", "nS", "mS/cm2")
    sd: quantity("pA", "uA/cm2", "nS", "mS/cm2", minimum=0)
    tau: Time
    reversal: quantity("mV") | None = None
    onset: spread("ms", minimum=0) = "0.0 ms"
    agents: list[Count] | None = None


Drive = Annotated[CurrentDrive | PulseDrive | PoissonDrive | OrnsteinUhlenbeckDrive, Field(discriminator="kind")]


class Reference(Strict):
    """The state at which a tonic conductance has its stated value."""

    gaba: quantity("nM", minimum=0) = "160.0 nM"
    allopregnanolone: quantity("nM", minimum=0) = "0.0 nM"
    voltage: quantity("mV") = "-70.0 mV"


class Tonic(Strict):
    """One kind of extrasynaptic receptor on every agent of a population.

    `reversal` is for receptors on a part of the cell with chloride of its own; left out, it is that of the population.
    """

    receptor: str
    preparation: str = "slice"
    receptor_parameters: dict[str, Any] = {}
    conductance: spread("nS", "mS/cm2", minimum=0)
    reversal: quantity("mV") | None = None
    reference: Reference = Reference()
    density: spread("1", minimum=0) = "1.0"
    rectification: word("rectification", *RECTIFICATIONS) = "none"
    polarity_switch: word("polarity switch", *POLARITY_SWITCHES) = "none"
    constitutive_fraction: Fraction = 0.0


class PoissonSource(Strict):
    """A population that fires as independent Poisson trains: all `agents`, or those named, or a drawn `active_fraction`."""

    kind: Literal["poisson_source"]
    rate: spread("Hz", minimum=0)
    active_fraction: Fraction = 1.0
    agents: list[Count] | None = None
    onset: Time = "0.0 ms"
    duration: Time | None = None


class SpikeFile(Strict):
    """A population that fires at given times: `spikes`, or a CSV file `node_id,time_ms` at `path`, read once into them."""

    kind: Literal["spike_file"]
    path: str = ""
    spikes: list[tuple[Count, number(0)]] = []


_SOURCES = {"poisson_source": PoissonSource, "spike_file": SpikeFile}


def _neuron(value):
    if isinstance(value, dict):
        kind = str(value.get("kind", ""))
        if kind not in _SOURCES:
            raise unknown(".kind", "kind of source", kind, _SOURCES)
        return _SOURCES[kind].model_validate(value)
    if not isinstance(value, str | PoissonSource | SpikeFile):
        raise InputError(
            "", f"{value!r} is not the name of a cell model, a Python file or a table with a kind of source"
        )
    return value


Neuron = Annotated[str | PoissonSource | SpikeFile, BeforeValidator(_neuron)]


class Population(Strict):
    """Agents of one kind. `neuron` is a cell model's name, a Python file that defines one, or a source of spikes."""

    size: Positive
    neuron: Neuron
    parameters: dict[str, Any] = {}
    initial: dict[str, Any] = {}
    reversal: dict[str, Any] = {}
    drive: dict[str, Drive] = {}
    tonic: dict[str, Tonic] = {}


def tags(union: Any) -> list[str]:
    """Names of the kinds in a union that a key tells apart."""
    members, field = get_args(union)
    return [get_args(member.model_fields[field.discriminator].annotation)[0] for member in get_args(members)]


class Projection(Strict):
    """The synapses from one population to another."""

    source: str
    target: str
    receptor: str = ""
    preparation: str = ""
    receptor_parameters: dict[str, Any] = {}
    reversal: quantity("mV") | None = None
    synapse: dict[str, Any]
    block: dict[str, Any] = {"kind": "none"}
    plasticity: dict[str, Any] = {"kind": "none"}
    connect: Connect
    weight: spread("nS", "mS/cm2", minimum=0)
    weight_per: word("way to count", "contact", "target") = "contact"
    delay: Delay = "0.0 ms"
    amplitude_factor: Factor = 1.0
    decay_factor: number(0, above=True) = 1.0
    onset: Time = "0.0 ms"


class Schema(Strict):
    """A whole network file after `extends` is resolved."""

    title: str
    source: Sources = []
    time_step: quantity("ms", minimum=0)
    medium: Medium = Medium()
    receptors: Receptors = Receptors()
    models: dict[str, dict[str, Any]] = {}
    populations: dict[str, Population]
    projections: dict[str, Projection] = {}
    effects: dict[str, Effect] = {}
