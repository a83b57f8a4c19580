"""Workloads B and F in NEURON: Wang-Buzsaki cells that inhibit each other, with gap junctions in F.

Reads {"workload": "B" or "F", "seconds", "seed", "time_step_ms"} as JSON from standard input. The channels are compiled with
`nrnivmodl` at the first call, into the user's cache, for CoreNEURON, which vectorises over cells.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from drawn import NETWORKS, Contacts, Drawn, answer, draw

MECHANISMS = Path(__file__).parent / "neuron_mod"
# With these the loops over cells vectorise, their exponentials too.
FLAGS = "-O3 -march=native -ffast-math"
DIFFERS = (
    "CoreNEURON integrates with Crank-Nicolson, sodium activation and the other side of gap junctions held over a step, and "
    "gates by exponential Euler, instead of Runge-Kutta 4: less accurate; same cells, contacts and initial values"
)
PER_CM2, MV, MS = 1e-4, 1e3, 1e3  # S/cm2, mV and ms in one SI unit


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Time the loop; the drawing of agents and contacts belongs to the building."""
    if asked["workload"] not in ("B", "F"):
        raise SystemExit(f"workload {asked['workload']} is not in this script; expected B or F")
    if asked["threads"] != 1:
        raise SystemExit(f"{asked['threads']} threads are not in this script; expected 1")
    folder = _mechanisms()
    os.environ["CORENEURONLIB"] = str(folder / "libcorenrnmech.so")
    from neuron import coreneuron, h

    h.nrn_load_dll(str(folder / "libnrnmech.so"))
    coreneuron.enable, coreneuron.verbose = True, 0
    start = time.perf_counter()
    time_step_ms = asked.get("time_step_ms", 0.05)
    file = NETWORKS / "wb200.toml" if asked["workload"] == "B" else "pv_gamma"
    drawn = draw(file, {"time_step": f"{time_step_ms} ms"}, asked["seconds"], asked["seed"])
    # As fast as the default, backward Euler, and nearer to the solution.
    h.dt, h.secondorder = time_step_ms, 2
    context = h.ParallelContext()
    cells = Cells(h, context, drawn)
    times, agents = h.Vector(), h.Vector()
    context.spike_record(-1, times, agents)
    context.set_maxstep(10)
    # Potentials stay as drawn; gates begin at their steady state.
    h.finitialize()
    built = time.perf_counter()
    # Each call hands the cells over to CoreNEURON and back, which is no part of the loop.
    context.psolve(time_step_ms)
    one_step = time.perf_counter()
    context.psolve(asked["seconds"] * MS)
    end = time.perf_counter()
    return {
        "loop_s": (end - one_step) - (one_step - built),
        "build_s": built - start,
        "rate_hz": len(times) / len(cells.sections) / asked["seconds"],
        "differs": DIFFERS,
    }


class Cells:
    """One population of NEURON sections with its contacts; they must stay referred to while NEURON runs."""

    def __init__(self, h: Any, context: Any, drawn: Drawn):
        ((name, population),) = drawn.schema.populations.items()
        self.h, self.area_m2 = h, drawn.area_m2(name)
        self.values = drawn.cells[name] | {"g_tonic": drawn.g_tonic(name, "weak")}
        self.sections = [h.Section(f"cell_{agent}") for agent in range(population.size)]
        for agent, section in enumerate(self.sections):
            self._membrane(agent, section)
            context.set_gid2node(agent, context.id())
            source = h.NetCon(section(0.5)._ref_v, None, sec=section)
            source.threshold = self.values["v_spike"][agent] * MV
            context.cell(agent, source)
        self.points = []
        for name, projection in drawn.schema.projections.items():
            make = self._gaps if projection.synapse["kind"] == "gap_junction" else self._inhibition
            make(context, name, drawn.contacts[name])

    def _membrane(self, agent: int, section: Any) -> None:
        values = {key: value[agent] for key, value in self.values.items()}
        # A cylinder as long as wide has the area of a sphere.
        section.L = section.diam = np.sqrt(self.area_m2 * 1e12 / np.pi)
        section.cm = values["C_m"] * 1e2
        section.insert("wb")
        section.insert("tonic")
        wb, tonic = section(0.5).wb, section(0.5).tonic
        wb.g_leak, wb.E_leak = values["g_leak"] * PER_CM2, values["E_leak"] * MV
        wb.g_Na, wb.E_Na = values["g_Na"] * PER_CM2, values["E_Na"] * MV
        wb.g_K, wb.E_K = values["g_K"] * PER_CM2, values["E_K"] * MV
        wb.phi = values["phi"]
        wb.drive, wb.onset = values["drive_current_amplitude"] * 0.1, values["drive_current_onset"] * MS
        tonic.g_tonic, tonic.E_gaba = values["g_tonic"] * PER_CM2, values["E_gaba"] * MV
        tonic.v_ref = values["tonic_delta_v_ref"] * MV
        section.v = values["v"] * MV

    def _microsiemens(self, contacts: Contacts) -> np.ndarray:
        return contacts.weight * self.area_m2 * 1e6

    def _inhibition(self, context: Any, name: str, contacts: Contacts) -> None:
        points = [self.h.Inhibition(section(0.5)) for section in self.sections]
        for agent, point in enumerate(points):
            for key in ("tau_rise", "tau_decay"):
                setattr(point, key, self.values[f"{key}_{name}"][agent] * MS)
            point.peak = self.values[f"peak_{name}"][agent]
            point.E_gaba, point.onset = self.values["E_gaba"][agent] * MV, contacts.onset * MS
        self.points += points
        for source, target, weight, delay in zip(
            contacts.source, contacts.target, self._microsiemens(contacts), contacts.delay
        ):
            contact = context.gid_connect(int(source), points[target])
            contact.weight[0], contact.delay = weight, delay * MS
            self.points.append(contact)

    def _gaps(self, context: Any, name: str, contacts: Contacts) -> None:
        for agent, section in enumerate(self.sections):
            context.source_var(section(0.5)._ref_v, agent, sec=section)
        for pair in zip(contacts.source, contacts.target, self._microsiemens(contacts)):
            for here, there in (pair[:2], pair[1::-1]):
                gap = self.h.Gap(self.sections[here](0.5))
                gap.conductance, gap.onset = pair[2], contacts.onset * MS
                context.target_var(gap, gap._ref_v_other, int(there))
                self.points.append(gap)
        context.setup_transfer()


def _mechanisms() -> Path:
    """Folder of the compiled channels, made at the first call."""
    files = sorted(MECHANISMS.glob("*.mod"))
    digest = hashlib.sha256("".join([FLAGS, *(file.read_text() for file in files)]).encode()).hexdigest()[:16]
    folder = Path(platformdirs.user_cache_dir("allotone")) / f"neuron-{digest}"
    library = folder / "x86_64" / "libnrnmech.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        nrnivmodl = Path(sys.executable).parent / "nrnivmodl"
        subprocess.run([nrnivmodl, "-coreneuron", "-incflags", FLAGS, MECHANISMS], cwd=folder, check=True, stdout=2)
    return library.parent


if __name__ == "__main__":
    answer(run)
