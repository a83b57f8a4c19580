"""Child process that writes the C++ of one plan: Brian2's device is global, so it is driven in a process of its own.

Reads a plan as JSON from standard input and writes the source tree and `manifest.json` into the folder given.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    # A quarter of Brian2's import, for plotting functions that it hands on; it does without where they are missing.
    sys.modules["pylab"] = None

from brian2 import check_units, implementation, prefs, second, set_device
from brian2.codegen.generators.cpp_generator import c_data_type
from brian2.core.variables import DynamicArrayVariable
from brian2.devices import get_device

from ..network.build import Assembly, assemble
from ..network.medium import TABLE, TABLE_SIZE
from ..network.plan import Contacts, Draw, Group, Plan, Recording
from . import protocol
from .device.choice import OURS
from .device.device import NAME

# A duration that appears in the generated code exactly once, where the argument then takes its place.
_MARK_S = 12345.0
_REPORT_EVERY_S = 20e-3


@implementation("cpp", f"double report_progress(double t) {{{protocol.REPORT}}}", headers=protocol.HEADERS)
@check_units(t=second, result=second)
def report_progress(t):
    """Time of the run, said to whoever follows it; only the compiled form exists."""
    raise NotImplementedError


class _BinaryHooks:
    """Hooks that write into the binary's main function."""

    def __init__(self, device):
        self.device = device

    def array(self, variable) -> str:
        return "brian::" + self.device.get_array_name(variable, access_data=False)

    def arguments(self, assembly: Assembly) -> None:
        self.run = assembly.groups["run"]
        self.device.insert_code("main", protocol.read_request(self.targets(assembly), _layout(assembly)))
        # Otherwise the device reads its command line, where nothing stands.
        self.device.run_args_applied = True

    def targets(self, assembly: Assembly) -> list[tuple[str, int]]:
        """Arrays that the request fills, and how many of its numbers each takes."""
        each = [(name, 1) for name in _argument_names(assembly)] + _arrays(assembly)
        return [(self.target(assembly, name), size) for name, size in each]

    def target(self, assembly: Assembly, name: str) -> str:
        return f"brian::{TABLE}_values" if name == TABLE else self.array(_variable(assembly, name))

    def stream(self, assembly: Assembly, name: str) -> None:
        self.reseed("network_seed", zlib.crc32(name.encode()))

    def reseed(self, seed: str, stream: int) -> None:
        # splitmix64 of seed and stream: neighbouring seeds and names give unrelated states of the generator.
        self.device.insert_code(
            "main",
            f"""{{
            unsigned long long z = ((unsigned long long){self.array(self.run.variables[seed])}[0] << 32) + {stream}ULL
                                   + 0x9e3779b97f4a7c15ULL;
            z = (z ^ (z >> 30))*0xbf58476d1ce4e5b9ULL;
            z = (z ^ (z >> 27))*0x94d049bb133111ebULL;
            brian::_random_generators[0].seed((unsigned long)((z ^ (z >> 31)) & 0xffffffffULL));
            }}""",
        )

    def contacts(self, synapses) -> None:
        source, target = (self.array(synapses.variables[name]) for name in ("_synaptic_pre", "_synaptic_post"))
        # In the order of sources, those of one cell lie together, and its spike goes through memory once.
        self.device.insert_code(
            "main",
            f"""{{
            std::vector<int32_t> &source = {source}, &target = {target};
            if (!std::is_sorted(source.begin(), source.end())) {{
                std::vector<int32_t> place(1 + *std::max_element(source.begin(), source.end()) + 1), sorted(target.size());
                for (int32_t cell : source) place[cell + 1]++;
                for (size_t cell = 1; cell < place.size(); cell++) place[cell] += place[cell - 1];
                for (size_t contact = 0; contact < target.size(); contact++)
                    sorted[place[source[contact]]++] = target[contact];
                target.swap(sorted);
                // Each place is now where the next cell's contacts begin.
                for (size_t cell = 0, contact = 0; cell + 1 < place.size(); cell++)
                    while ((int32_t) contact < place[cell]) source[contact++] = cell;
            }}
            source.shrink_to_fit();
            target.shrink_to_fit();
            }}""",
        )

    def delay(self, assembly: Assembly, synapses) -> None:
        delays, value = (
            self.array(synapses._pathways[0].variables["delay"]),
            self.array(synapses.variables["delay_value"]),
        )
        self.device.insert_code("main", f"{delays}[0] = {value}[0];")


def plan_from_json(text: str) -> Plan:
    """The plan of `Plan` written as JSON by `dataclasses.asdict`."""
    data = json.loads(text)

    def draws(item):
        return {**item, "draws": [Draw(**draw) for draw in item["draws"]]}

    data["groups"] = [Group(**draws(group)) for group in data["groups"]]
    data["contacts"] = [Contacts(**draws(contacts)) for contacts in data["contacts"]]
    data["recordings"] = [Recording(**recording) for recording in data["recordings"]]
    return Plan(**data)


def generate(plan: Plan, folder: Path, device_name: str) -> None:
    """Write the source tree of a plan, as a device of `device.choice` forms it, and its manifest."""
    # The user's own preferences (precision, threads) would make another binary under the same name.
    prefs.reset_to_defaults()
    # Denormal conductances of a silent network would slow the run down; this flushes them to zero.
    prefs.codegen.cpp.extra_link_args = ["-ffast-math"]
    # Of what stands in `main`, which is where the protocol does.
    prefs.codegen.cpp.headers = ["<algorithm>", "<vector>", *protocol.HEADERS]
    # A signal ends a run, and never makes a shorter one of it.
    prefs.core.stop_on_keyboard_interrupt = False
    prefs.logging.file_log = False
    set_device(NAME if device_name == OURS else "cpp_standalone", build_on_run=False)
    device = get_device()
    hooks = _BinaryHooks(device)
    for slot, code in (
        ("before_start", protocol.SERVE),
        ("after_start", protocol.ENTER),
        ("before_network_run", protocol.BEGIN_LOOP),
        ("after_network_run", protocol.END_LOOP),
    ):
        device.insert_code(slot, code)
    assembly = assemble(plan, hooks)
    assembly.groups["run"].run_regularly(
        "progress = report_progress(t)", dt=_REPORT_EVERY_S * second, when="start", name="run_progress"
    )
    network = assembly.network
    hooks.reseed("noise_seed", zlib.crc32(b"noise"))
    before = len(device.main_queue)
    network.run(_MARK_S * second, namespace={"report_progress": report_progress})
    _sort_clock_resets(device.main_queue, before)
    _pass_duration(device, hooks.array(assembly.groups["run"].variables["duration"]))
    manifest, wanted = _manifest(assembly)
    tables, blocks = zip(*(_block(hooks, number, *one) for number, one in enumerate(wanted)))
    device.insert_code("before_end", "\n".join(filter(None, tables)))
    device.insert_code("before_end", protocol.write_answer(hooks.targets(assembly), _layout(assembly), blocks))
    device.build(directory=str(folder), compile=False, run=False)
    (folder / "manifest.json").write_text(json.dumps(manifest, sort_keys=True, indent=1))


def _sort_clock_resets(queue: list, first: int) -> None:
    """Put the clocks' resets in the order of their names; Brian2 takes them from a set, in the order of addresses."""
    places = [index for index in range(first, len(queue)) if queue[index][0] == "set_by_single_value"]
    for index, entry in zip(places, sorted(queue[index] for index in places)):
        queue[index] = entry


def _pass_duration(device, array: str) -> None:
    """Put the argument in the place of the marked duration."""
    changed = 0
    for kind, content in device.main_queue:
        if kind == "run_network":
            changed += sum(f"{_MARK_S!r}" in line for line in content[1])
            content[1][:] = [line.replace(f"{_MARK_S!r}", f"{array}[0]") for line in content[1]]
    if changed != 1:
        raise RuntimeError(f"the run's duration stands {changed} times in the generated code, expected once")


def _block(hooks: _BinaryHooks, number: int, variable, of_contacts: bool) -> tuple[str, protocol.Block]:
    """A variable's piece of the answer; before it C++ that puts the rows of a table into one array, or nothing."""
    array, device = hooks.array(variable), hooks.device
    kind = c_data_type(variable.dtype)
    if variable not in device.dynamic_arrays_2d:
        size = f"{array}.size()" if variable in device.dynamic_arrays else f"{variable.size}"
        return "", protocol.Block(f"{size} ? &{array}[0] : 0", f"{size}*sizeof({kind})", of_contacts)
    table = f"table_{number}"
    copy = f"""std::vector<{kind}> {table};
    for (int row = 0; row < (int) {array}.n; row++)
        for (int column = 0; column < (int) {array}.m; column++) {table}.push_back({array}(row, column));"""
    return copy, protocol.Block(f"{table}.data()", f"{table}.size()*sizeof({kind})")


def _variable(assembly: Assembly, name: str):
    """The Brian2 variable of an argument's name."""
    owner, _, key = name.partition(".")
    return assembly.owner(owner).variables[key]


def _arrays(assembly: Assembly) -> list[tuple[str, int]]:
    """Names and sizes of the arrays that are handed over."""
    names = sorted(assembly.plan.arrays)
    return [(name, TABLE_SIZE if name == TABLE else int(_variable(assembly, name).size)) for name in names]


def _layout(assembly: Assembly) -> int:
    return protocol.layout_number(_argument_names(assembly), _arrays(assembly))


def _manifest(assembly: Assembly) -> tuple[dict, list]:
    """What a run hands over and reads: each thing's place, and the variables whose values follow the binary's own."""
    wanted = []

    def block(variable, of_contacts=False):
        wanted.append((variable, of_contacts))
        return {
            "block": protocol.FIRST_BLOCK + len(wanted) - 1,
            "dtype": np.dtype(variable.dtype).str,
            "dimension": [float(exponent) for exponent in variable.dim._dims],
            # How much a monitor collects is known only afterwards.
            "size": None if isinstance(variable, DynamicArrayVariable) else int(variable.size),
        }

    plan = assembly.plan
    manifest = {
        "arguments": _argument_names(assembly),
        "arrays": _arrays(assembly),
        "end": block(assembly.step_clock.variables["t"]),
        "spikes": {
            population: {name: block(monitor.variables[key]) for name, key in (("node_ids", "i"), ("times", "t"), ("number", "N"))}
            for population, monitor in assembly.spike_monitors.items()
        },
        "agents": {}, "states": {}, "recordings": [], "sums": {}, "contacts": {},
    }  # fmt: skip
    for group in plan.groups:
        variables = assembly.groups[group.name].variables if group.kind != "spikes" else {}
        manifest["agents"][group.population] = {path: block(variables[name]) for path, name in group.agents.items()}
        if group.kind == "cells":
            manifest["states"][group.population] = {"v": block(variables["v"])}
            if "allopregnanolone" in variables:
                manifest["states"][group.population]["allopregnanolone"] = block(variables["allopregnanolone"])
    for recording, monitor in zip(plan.recordings, assembly.state_monitors):
        entry = {"times": block(monitor.variables["t"]), "values": block(monitor.variables[recording.variable])}
        manifest["recordings"].append(entry)
    for population, monitor in assembly.sums.items():
        variables = assembly.groups[f"pop_{population}"].variables
        names = ("v_sum", "v_square_sum", "g_tonic_sum", "g_phasic_sum")
        manifest["sums"][population] = {name: block(variables[name]) for name in names} | {
            name: block(monitor.variables[name]) for name in ("t", "v_mean", "lfp")
        }
    for contacts in plan.contacts:
        synapses = assembly.synapses[contacts.name]
        drawn = {"source": synapses.variables["_synaptic_pre"], "target": synapses.variables["_synaptic_post"]}
        if contacts.on_pre:
            drawn["delay"] = synapses._pathways[0].variables["delay"]
        manifest["contacts"][contacts.name] = {key: block(variable, True) for key, variable in drawn.items()}
    return manifest, wanted


def _argument_names(assembly: Assembly) -> list[str]:
    """Every shared constant the network has, whether or not the plan hands over a value for it."""
    names = []
    for owner, made in (*assembly.groups.items(), *assembly.synapses.items()):
        equations = getattr(made, "equations", None) or {}
        names += [f"{owner}.{key}" for key, line in equations.items() if {"shared", "constant"} <= set(line.flags)]
    return names


if __name__ == "__main__":
    generate(plan_from_json(sys.stdin.read()), Path(sys.argv[1]), sys.argv[2])
