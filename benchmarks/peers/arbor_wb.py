"""Workload B in Arbor: Wang-Buzsaki cells that inhibit each other.

Reads {"workload": "B", "seconds", "seed", "time_step_ms", "threads"} as JSON from standard input. The channels are compiled
with `arbor-build-catalogue` at the first call, into the user's cache.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import arbor
import numpy as np
import platformdirs
from arbor import units
from drawn import NETWORKS, Drawn, answer, draw

MECHANISMS = Path(__file__).parent / "arbor_mod"
DIFFERS = (
    "Arbor integrates with backward Euler, sodium activation held over a step, and gates by exponential Euler, instead of "
    "Runge-Kutta 4: less accurate; vectors of AVX2, which its wheel is made for; same cells, contacts and initial values"
)
PER_CM2, MV, MS = 1e-4, 1e3, 1e3  # S/cm2, mV and ms in one SI unit


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Time the loop; the drawing of agents and contacts belongs to the building."""
    if asked["workload"] != "B":
        raise SystemExit(f"workload {asked['workload']} is not in this script; expected B")
    catalogue = arbor.load_catalogue(_catalogue())
    start = time.perf_counter()
    time_step_ms = asked.get("time_step_ms", 0.05)
    drawn = draw(NETWORKS / "wb200.toml", {"time_step": f"{time_step_ms} ms"}, asked["seconds"], asked["seed"])
    cells = Cells(drawn, catalogue)
    context = arbor.context(threads=asked["threads"])
    # Arbor vectorises within groups of cells: one for each thread.
    hint = arbor.partition_hint(cpu_group_size=-(-cells.size // asked["threads"]))
    groups = arbor.partition_load_balance(cells, context, {arbor.cell_kind.cable: hint})
    simulation = arbor.simulation(cells, context, groups)
    simulation.record(arbor.spike_recording.all)
    build_s, start = time.perf_counter() - start, time.perf_counter()
    simulation.run(asked["seconds"] * units.s, time_step_ms * units.ms)
    loop_s = time.perf_counter() - start
    rate_hz = len(simulation.spikes()) / cells.size / asked["seconds"]
    return {"loop_s": loop_s, "build_s": build_s, "rate_hz": rate_hz, "differs": DIFFERS}


class Cells(arbor.recipe):
    """One population with one inhibitory projection onto itself."""

    def __init__(self, drawn: Drawn, catalogue: Any):
        super().__init__()
        ((name, population),) = drawn.schema.populations.items()
        ((self.projection, self.contacts),) = drawn.contacts.items()
        self.size, self.area_m2 = population.size, drawn.area_m2(name)
        self.values = drawn.cells[name] | {"g_tonic": drawn.g_tonic(name, "weak")}
        # Each of two exponentials has the weight of a contact times what makes their difference peak at it.
        scale = self._shared(f"peak_{self.projection}") * self.area_m2 * 1e6
        self.incoming = [[] for _ in range(self.size)]
        for contact, target in enumerate(self.contacts.target):
            self.incoming[target].append(
                arbor.connection(
                    (int(self.contacts.source[contact]), "spike"),
                    "inhibition",
                    self.contacts.weight[contact] * scale,
                    self.contacts.delay[contact] * MS * units.ms,
                )
            )
        self.properties = arbor.neuron_cable_properties()
        self.properties.catalogue.extend(catalogue, "")

    def _shared(self, key: str, unit: float = 1.0) -> float:
        """A number that all agents have in common, in another unit."""
        values = self.values[key]
        if np.ptp(values):
            raise SystemExit(f"{key} differs between agents; expected one value for all")
        return float(values[0]) * unit

    def num_cells(self) -> int:
        """Number of cells."""
        return self.size

    def cell_kind(self, gid: int) -> Any:
        """All are membranes."""
        return arbor.cell_kind.cable

    def global_properties(self, kind: Any) -> Any:
        """Ours and Arbor's mechanisms."""
        return self.properties

    def connections_on(self, gid: int) -> list[Any]:
        """Contacts onto a cell."""
        return self.incoming[gid]

    def cell_description(self, gid: int) -> Any:
        """One compartment: a cylinder as long as wide, which has the area of a sphere."""
        radius = np.sqrt(self.area_m2 * 1e12 / np.pi) / 2
        tree = arbor.segment_tree()
        tree.append(arbor.mnpos, arbor.mpoint(-radius, 0, 0, radius), arbor.mpoint(radius, 0, 0, radius), tag=1)
        values = {key: float(value[gid]) for key, value in self.values.items()}
        if values["drive_current_onset"]:
            raise SystemExit("a drive that begins later is not in this script; expected an onset of 0 ms")
        decor = arbor.decor()
        decor.set_property(Vm=values["v"] * MV * units.mV, cm=values["C_m"] * units.F / units.m2)
        decor.paint("(all)", arbor.density(self._wb(), drive=values["drive_current_amplitude"] * 0.1))
        decor.paint("(all)", arbor.density(self._tonic(), g_tonic=values["g_tonic"] * PER_CM2))
        decor.place("(root)", arbor.synapse(self._inhibition()), "inhibition")
        decor.place("(root)", arbor.threshold_detector(values["v_spike"] * MV * units.mV), "spike")
        return arbor.cable_cell(tree, decor, arbor.label_dict(), arbor.cv_policy_single())

    def _wb(self) -> str:
        numbers = {key: self._shared(key, PER_CM2) for key in ("g_leak", "g_Na", "g_K")}
        numbers |= {key: self._shared(key, MV) for key in ("E_leak", "E_Na", "E_K")}
        return _name("wb", numbers | {"phi": self._shared("phi")})

    def _tonic(self) -> str:
        return _name("tonic", {"E_gaba": self._shared("E_gaba", MV), "v_ref": self._shared("tonic_delta_v_ref", MV)})

    def _inhibition(self) -> str:
        taus = {key: self._shared(f"{key}_{self.projection}", MS) for key in ("tau_rise", "tau_decay")}
        return _name("inhibition", taus | {"E_gaba": self._shared("E_gaba", MV)})


def _name(mechanism: str, numbers: dict[str, float]) -> str:
    """Arbor's name for a mechanism with other values of its global parameters."""
    return f"{mechanism}/{','.join(f'{key}={value!r}' for key, value in numbers.items())}"


def _catalogue() -> Path:
    """The compiled channels, made at the first call."""
    texts = [file.read_text() for file in sorted(MECHANISMS.glob("*.mod"))]
    digest = hashlib.sha256("".join([arbor.__version__, *texts]).encode()).hexdigest()[:16]
    folder = Path(platformdirs.user_cache_dir("allotone")) / f"arbor-{digest}"
    library = folder / "peers-catalogue.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        home = Path(arbor.__file__).parent
        tool, compiler = home / "bin" / "arbor-build-catalogue", os.environ.get("CXX") or shutil.which("g++")
        command = [sys.executable, tool, "peers", MECHANISMS, "--prefix", home, "--cxx", compiler]
        subprocess.run(command, cwd=folder, check=True, stdout=2)
    return library


if __name__ == "__main__":
    answer(run)
