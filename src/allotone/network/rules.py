"""Rules by which projections connect their populations, and delays, as a network file gives them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from .fields import Strict, canonical_spread, quantity
from .numbers import YesNo, number, whole

Fraction = number(0, 1)
Count = whole(0)
Positive = whole(1)
Time = quantity("ms", minimum=0)


class Probability(Strict):
    """Every pair with the same probability; `self_connections` matters within one population only."""

    rule: Literal["probability"]
    probability: Fraction
    self_connections: YesNo = False


class FixedIndegree(Strict):
    """As many contacts on every target, no source twice; `self_connections` matters within one population only."""

    rule: Literal["fixed_indegree"]
    indegree: Count
    self_connections: YesNo = False


class OneToOne(Strict):
    """Agent i to agent i."""

    rule: Literal["one_to_one"]


class AllToAll(Strict):
    """Every source to every target; `self_connections` matters within one population only."""

    rule: Literal["all_to_all"]
    self_connections: YesNo = False


class Neighbours(Strict):
    """On a ring, the `reach` nearest on each side, each with `probability`."""

    rule: Literal["neighbours"]
    reach: Positive
    probability: Fraction = 1.0
    undirected: YesNo = False


class RingGaussian(Strict):
    """On a ring, Gaussian in the distance in neighbours; `self_connections` matters within one population only."""

    rule: Literal["ring_gaussian"]
    sigma: number(0, above=True)
    probability_max: Fraction = 1.0
    reach: Positive
    self_connections: YesNo = False


class LineGaussian(RingGaussian):
    """As `ring_gaussian`, on a line with open ends; `self_connections` matters within one population only."""

    rule: Literal["line_gaussian"]


class LineMirrored(Strict):
    """On a line, all within `reach`, mirrored at the ends (some then double); `self_connections`: within one population."""

    rule: Literal["line_mirrored"]
    reach: Positive
    self_connections: YesNo = True


class Clusters(Strict):
    """All to all within clusters of cells; `self_connections` matters within one population only."""

    rule: Literal["clusters"]
    source_cells: Positive
    target_cells: Positive
    probability: Fraction = 1.0
    self_connections: YesNo = False


class SameAs(Strict):
    """The contacts of another projection between the same populations."""

    rule: Literal["same_as"]
    projection: str


Connect = Annotated[
    Probability | FixedIndegree | OneToOne | AllToAll | Neighbours | RingGaussian | LineGaussian | LineMirrored
    | Clusters | SameAs,
    Field(discriminator="rule"),
]  # fmt: skip


class NeighbourDelay(Strict):
    """A delay that grows with the distance in neighbours."""

    base: Time
    per_neighbour: Time


def _delay(value):
    if isinstance(value, NeighbourDelay):
        return value
    if isinstance(value, dict) and {"base", "per_neighbour"} & value.keys():
        return NeighbourDelay.model_validate(value)
    return canonical_spread(value, ("ms",), 0)


Delay = Annotated[Any, BeforeValidator(_delay)]
