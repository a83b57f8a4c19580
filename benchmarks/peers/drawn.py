"""A network of ours, its agents and contacts drawn, as arrays from which another simulator can build the same."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brian2
import numpy as np

from allotone import Network
from allotone.network.check import cell_model
from allotone.network.fields import si

# Drawing and one time step do not pay for compiling them.
brian2.prefs.codegen.target = "numpy"

NETWORKS = Path(__file__).parents[1] / "networks"


@dataclass(frozen=True)
class Contacts:
    """Contacts of one projection, all arrays of shape (contacts,).

    Attributes
    ----------
    source, target : array of int
        Agents, counted from 0.
    weight : array
        Conductance of each contact, S or S/m2 as the cell model has it.
    delay : array
        Seconds; empty for contacts that pass no spikes.
    onset : float
        Seconds from which on the contacts conduct.
    """

    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    delay: np.ndarray
    onset: float


@dataclass(frozen=True)
class Drawn:
    """What one seed made of a definition, in SI units.

    Attributes
    ----------
    schema : object
        Typed access to the definition.
    cells : dict of str to dict of str to array (size,)
        Initial values and parameters of each population's agents; what follows from allopregnanolone as it is at the
        start.
    contacts : dict of str to Contacts
    """

    schema: Any
    cells: dict[str, dict[str, np.ndarray]]
    contacts: dict[str, Contacts]

    @property
    def size(self) -> int:
        """Number of cells of all populations."""
        return sum(population.size for population in self.schema.populations.values())

    def area_m2(self, population: str) -> float:
        """Membrane of one cell."""
        return si(cell_model(self.schema, self.schema.populations[population]).area)

    def g_tonic(self, population: str, rectification: str) -> np.ndarray:
        """Tonic conductance at its reference voltage, array (size,), S or S/m2 as the cell model has it.

        Raises
        ------
        SystemExit
            It rectifies otherwise than the caller's mechanism does.
        """
        found = self.schema.populations[population].tonic["delta"].rectification
        if found != rectification:
            raise SystemExit(
                f"rectification '{found}' of {population} is not in this script; expected '{rectification}'"
            )
        cells = self.cells[population]
        return cells["tonic_delta_density"] * cells["tonic_delta_conductance"] * cells["tonic_delta_fold"]


def draw(name: str | Path, settings: Mapping[str, Any], seconds: float, seed: int) -> Drawn:
    """Draw the agents and contacts of a shipped network or of a file, with other values at some dotted paths.

    Raises
    ------
    SystemExit
        Allopregnanolone changes during the run, which no other simulator is told.
    """
    network = Network.load(name).override(settings)
    schema = network.definition.schema
    if schema.medium.allopregnanolone["schedule"] != "constant":
        raise SystemExit(f"{name}: allopregnanolone changes during the run; expected a constant concentration")
    built = network.build(f"{seconds} s", seed)
    groups = {population: built[f"pop_{population}"] for population in schema.populations}
    first = {population: group.get_states(units=False) for population, group in groups.items()}
    contacts = {projection: _contacts(schema, projection, built) for projection in schema.projections}
    # What all agents share and what changes slowly has its value after the first step.
    built.run(si(schema.time_step) * brian2.second)
    cells = {}
    for population, group in groups.items():
        later = group.get_states(units=False)
        cells[population] = {
            key: np.broadcast_to(value if np.ndim(value) else later[key], len(group))
            for key, value in first[population].items()
        }
    return Drawn(schema, cells, contacts)


def _contacts(schema: Any, name: str, built: brian2.Network) -> Contacts:
    synapses, projection = built[f"proj_{name}"], schema.projections[name]
    source, target = np.asarray(synapses.i[:]), np.asarray(synapses.j[:])
    weight = np.broadcast_to(synapses.get_states(["weight"], units=False)["weight"], len(source))
    if projection.weight_per == "target":
        weight = weight / np.bincount(target)[target]
    delay = np.empty(0)
    if synapses._pathways:
        delay = np.broadcast_to(np.asarray(synapses.delay), len(source))
    return Contacts(source, target, weight, delay, float(np.asarray(synapses.onset)))


def answer(run: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Read what is asked as JSON from standard input, run it, and write the JSON that came of it to standard output."""
    asked = {"seconds": 1.0, "seed": 1, "threads": 1} | json.load(sys.stdin)
    # Simulators print greetings, partly below Python; the answer stays alone on standard output.
    output = os.dup(1)
    os.dup2(2, 1)
    found = run(asked)
    with os.fdopen(output, "w") as file:
        json.dump(found, file)
