"""Connection rules as Brian2 connect arguments whose numbers stay arguments of the binary."""

from .plan import Contacts, Plan
from .rules import NeighbourDelay
from .schema import Projection

_RING_DISTANCE = "(abs(i - j) + (N_pre - 2*abs(i - j))*int(2*abs(i - j) > N_pre))"
_LINE_DISTANCE = "abs(i - j)"


def connect_arguments(plan: Plan, contacts: Contacts, projection: Projection, recurrent: bool) -> dict[str, str]:
    """Keyword arguments of ``Synapses.connect`` for a rule; its numbers are added to the plan.

    No self-connection and no double contact arises unless the rule says so.
    """
    # Each part of a generator (range, expression, condition) has numbers of its own: Brian2's C++ declares twice what
    # two parts share.
    rule = projection.connect

    def number(name, value, unit="1"):
        plan.parameter(contacts, name, unit, value)

    others_only = recurrent and not getattr(rule, "self_connections", False)
    match rule.rule:
        case "probability":
            number("probability", rule.probability)
            if others_only:
                return {"j": "k + int(k >= i) for k in sample(N_post - 1, p=probability)"}
            return {"p": "probability"}
        case "fixed_indegree":
            number("indegree", rule.indegree)
            if others_only:
                return {"i": "k + int(k >= j) for k in sample(N_pre - 1, size=indegree)"}
            return {"i": "k for k in sample(N_pre, size=indegree)"}
        case "one_to_one":
            return {"j": "i"}
        case "all_to_all":
            return {"condition": "i != j"} if others_only else {"condition": "True"}
        case "neighbours":
            number("reach", rule.reach)
            number("probability", rule.probability)
            if rule.undirected:
                return {"j": "(i + k) % N_post for k in sample(1, reach + 1, p=probability)"}
            number("candidates", 2 * rule.reach)
            return {
                "j": "(i + N_post + k - reach + int(k >= reach)) % N_post for k in sample(candidates, p=probability)"
            }
        case "ring_gaussian" | "line_gaussian":
            number("reach", rule.reach)
            number("sigma", rule.sigma)
            number("probability_max", rule.probability_max)
            near = "rand() < probability_max*exp(-k**2/(2*sigma**2))"
            if others_only:
                near += " and k != 0"
            if rule.rule == "ring_gaussian":
                return {"j": f"(i + N_post + k) % N_post for k in range(-reach, reach + 1) if {near}"}
            return {"j": f"i + k for k in range(-reach, reach + 1) if i + k >= 0 and i + k < N_post and {near}"}
        case "line_mirrored":
            number("reach", rule.reach)
            mirrored = "abs(i + k + int(i + k < 0)) - int(i + k >= N_post)*(2*(i + k - N_post) + 1)"
            # A step over the end may also lead back to the cell itself.
            others = f" if {mirrored} != i" if others_only else ""
            return {"j": f"{mirrored} for k in range(-reach, reach + 1){others}"}
        case "clusters":
            number("source_cells", rule.source_cells)
            number("target_cells", rule.target_cells)
            number("cells_in_range", rule.target_cells)
            number("probability", rule.probability)
            chosen = "rand() < probability"
            if others_only:
                number("cells_in_cluster", rule.target_cells)
                chosen += " and k != i % cells_in_cluster"
            return {"j": f"(i // source_cells)*target_cells + k for k in range(cells_in_range) if {chosen}"}
    raise AssertionError(f"no connection rule {rule.rule}")


def delay_expression(plan: Plan, contacts: Contacts, delay, rule: str, path: str) -> None:
    """Set the contacts' delay: one value shared by all (`delay` empty), or an expression for each contact."""
    if isinstance(delay, str):
        plan.spread(contacts, "delay_value", delay, f"{path}.delay")
        return
    if isinstance(delay, NeighbourDelay):
        plan.spread(contacts, "delay_base", delay.base, f"{path}.delay.base")
        plan.spread(contacts, "delay_per_neighbour", delay.per_neighbour, f"{path}.delay.per_neighbour")
        ring = rule in ("neighbours", "ring_gaussian")
        contacts.delay = f"delay_base + delay_per_neighbour*{_RING_DISTANCE if ring else _LINE_DISTANCE}"
        return
    draw = plan.draw(contacts, "delay", "delay", delay, f"{path}.delay", floor=0.0, unit="second")
    contacts.delay = draw.expression
