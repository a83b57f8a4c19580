"""A plan: Brian2 text and values of a network as plain data, its structure apart from its numbers.

Two plans of one structure run on one compiled binary; everything in `arguments` is handed to it.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import InputError
from .fields import si, unit_of

# Stand-ins for "no bound": an infinite literal is undefined under fast-math.
_UNBOUNDED = 1e30
_NOISE = re.compile(r"\bxi(_\w+)?\b|\b(rand|randn|poisson|binomial\w*)\s*\(")


@dataclass
class Draw:
    """An initial assignment; `stream` names its own random stream, empty where nothing random is drawn."""

    variable: str
    expression: str
    stream: str = ""


@dataclass
class Group:
    """One population as a Brian2 group."""

    name: str
    population: str
    size: int
    kind: str = "cells"
    method: str = "euler"
    equations: list[str] = field(default_factory=list)
    threshold: str = ""
    reset: str = ""
    refractory: str = ""
    draws: list[Draw] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    in_medium: bool = False
    each_step: list[tuple[str, str]] = field(default_factory=list)
    agents: dict[str, str] = field(default_factory=dict)
    spikes: list[tuple[int, float]] = field(default_factory=list)


@dataclass
class Contacts:
    """One projection as a Brian2 Synapses object."""

    name: str
    source: str
    target: str
    equations: list[str]
    on_pre: str
    connect: dict[str, str]
    stream: str
    delay: str = ""
    draws: list[Draw] = field(default_factory=list)


@dataclass
class Recording:
    """A state variable recorded from some agents every `every` seconds."""

    population: str
    variable: str
    agents: list[int]
    every: float


@dataclass
class Plan:
    """Everything that makes a binary (`structure`) and everything handed to it (`arguments`, `arrays`)."""

    time_step: float
    groups: list[Group] = field(default_factory=list)
    contacts: list[Contacts] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    with_sums: bool = False
    # Population whose spikes make allopregnanolone; empty where none does.
    local_synthesis: str = ""
    arguments: dict[str, float | int] = field(default_factory=dict)
    arrays: dict[str, list[float]] = field(default_factory=dict)
    # Owner and variable that hold the value of a dotted path; says nothing that is not in the groups and contacts.
    paths: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def structure(self) -> str:
        """JSON of what is compiled in; equal for plans that share a binary."""
        data = dict(vars(self))
        del data["arguments"], data["paths"]
        if not self.local_synthesis:
            del data["local_synthesis"]
        data["arrays"] = sorted(data["arrays"])
        data["argument_names"] = sorted(self.arguments)
        return json.dumps(data, sort_keys=True, default=vars)

    @property
    def has_noise(self) -> bool:
        """Whether anything random happens during the run, rather than before it."""
        texts = [text for owner in [*self.groups, *self.contacts] for text in owner.equations]
        for group in self.groups:
            texts += [group.threshold, group.reset, group.refractory, *group.slow]
            texts += [text for step in group.each_step for text in step]
        texts += [contacts.on_pre for contacts in self.contacts]
        return any(_NOISE.search(text) for text in texts)

    def parameter(self, owner: Group | Contacts, variable: str, unit: str, value: float | int, path: str = "") -> None:
        """Add a number that the whole population or projection shares; `path` is where the definition has it."""
        kind = "integer" if isinstance(value, int) else unit
        owner.equations.append(f"{variable} : {kind} (shared, constant)")
        self.arguments[f"{owner.name}.{variable}"] = value
        if path:
            self.paths[path] = (owner.name, variable)

    def per_agent(self, group: Group, variable: str, values: list[float]) -> None:
        """Add given numbers, one an agent."""
        group.equations.append(f"{variable} : 1 (constant)")
        self.arrays[f"{group.name}.{variable}"] = values

    def spread(
        self, owner: Group | Contacts, variable: str, value: Any, path: str, convert=None, floor=None, unit=""
    ) -> None:
        """Add a number that may be a distribution over agents (or contacts).

        Parameters
        ----------
        value : str or dict
            Canonical text or distribution of the definition.
        path : str
            Dotted path, which names the random stream.
        convert : callable (float, str) -> float, optional
            From the SI value of a text to the cell's own kind of unit.
        floor : float, optional
            Lower clip of a quantity that cannot be negative.
        unit : str
            Brian2 unit after conversion; that of the text if empty.
        """
        if isinstance(value, str):
            self.parameter(owner, variable, unit or unit_of(value), _number(value, convert), path)
            return
        self.paths[path] = (owner.name, variable)
        some = next(text for key, text in value.items() if key not in ("distribution", "cv"))
        flag = "constant" if isinstance(owner, Group) else ""
        unit = unit or unit_of(some)
        owner.equations.append(f"{variable} : {unit}" + (f" ({flag})" if flag else ""))
        owner.draws.append(self.draw(owner, variable, variable, value, path, convert, floor, unit))
        if isinstance(owner, Group):
            # A projection's numbers lie with its target, whose other projections have the same ones.
            owner.agents[path.removeprefix(f"populations.{owner.population}.")] = variable

    def draw(self, owner, variable, prefix, value, path, convert=None, floor=None, unit="") -> Draw:
        """The assignment that draws a distribution (or sets a plain value); its numbers become arguments."""
        if isinstance(value, str):
            self.parameter(owner, f"{prefix}_value", unit or unit_of(value), _number(value, convert))
            return Draw(variable, f"{prefix}_value")
        numbers = {
            key: _number(text, convert if key != "cv" else None) for key, text in value.items() if key != "distribution"
        }
        low = max(numbers.get("min", -_UNBOUNDED), floor if floor is not None else -_UNBOUNDED)
        high = numbers.get("max", _UNBOUNDED)
        self.parameter(owner, f"{prefix}_min", unit, low)
        self.parameter(owner, f"{prefix}_max", unit, high)
        if value["distribution"] == "uniform":
            return Draw(variable, f"{prefix}_min + ({prefix}_max - {prefix}_min)*rand()", path)
        if value["distribution"] == "linear":
            if isinstance(owner, Contacts):
                raise InputError(
                    path, "a linear distribution goes over agents, and these are contacts; give another one"
                )
            # One agent alone has the first value.
            return Draw(variable, f"{prefix}_min + ({prefix}_max - {prefix}_min)*i/(N - 1.0 + int(N == 1))")
        mean = numbers["mean"]
        sd = numbers["sd"] if "sd" in numbers else abs(mean) * numbers["cv"]
        if value["distribution"] == "normal":
            self.parameter(owner, f"{prefix}_mean", unit, mean)
            self.parameter(owner, f"{prefix}_sd", unit, sd)
            return Draw(variable, f"clip({prefix}_mean + {prefix}_sd*randn(), {prefix}_min, {prefix}_max)", path)
        # From the values as given: a factor of 0 on the weight leaves no ratio.
        cv = si(value["sd"]) / si(value["mean"]) if "sd" in value else numbers["cv"]
        sigma = float(np.sqrt(np.log1p(cv**2)))
        self.parameter(owner, f"{prefix}_median", unit, mean * float(np.exp(-(sigma**2) / 2)))
        self.parameter(owner, f"{prefix}_sigma", "1", sigma)
        return Draw(variable, f"clip({prefix}_median*exp({prefix}_sigma*randn()), {prefix}_min, {prefix}_max)", path)

    def multiply(self, owner: Group | Contacts, variable: str, factors: list[str]) -> None:
        """Make a variable what it was, now called `<variable>_without_effect`, times variables that its owner knows."""
        base = f"{variable}_without_effect"
        place = next(n for n, line in enumerate(owner.equations) if line.split(":")[0].strip() == variable)
        kind = owner.equations[place].partition(":")[2].strip()
        unit, _, flags = kind.partition(" (")
        shared = " (shared)" if isinstance(owner, Group) and flags.startswith("shared") else ""
        owner.equations[place] = f"{base} : {kind}"
        owner.equations.append(f"{variable} = {'*'.join([base, *factors])} : {unit}{shared}")
        if f"{owner.name}.{variable}" in self.arguments:
            self.arguments[f"{owner.name}.{base}"] = self.arguments.pop(f"{owner.name}.{variable}")
        for draw in owner.draws:
            if draw.variable == variable:
                draw.variable = base
        if isinstance(owner, Group):
            owner.agents = {path: base if drawn == variable else drawn for path, drawn in owner.agents.items()}


def _number(text: str, convert=None) -> float:
    value = si(text)
    return convert(value, text) if convert else value
