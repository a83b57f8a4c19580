"""Child process that writes the C++ of one plan: Brian2's device is global, so it is driven in a process of its own.

Reads a plan as JSON from standard input and writes the source tree and `manifest.json` into the folder given.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
from brian2 import check_units, implementation, prefs, second, set_device
from brian2.core.variables import DynamicArrayVariable
from brian2.devices import get_device

from ..network.build import Assembly, assemble
from ..network.plan import Contacts, Draw, Group, Plan, Recording
from .compile import ANSWER_ONLY
from .source import improve

# A duration that appears in the generated code exactly once, where the argument then takes its place.
_MARK_S = 12345.0


_PROGRESS_EVERY_S = 20e-3
_ARGUMENTS_FILE = "arguments"


@implementation(
    "cpp",
    """
    double report_progress(double t) {
        static FILE *file = fopen((brian::results_dir + "progress").c_str(), "wb");
        static pid_t parent = getppid();
        // Whoever asked is gone: nobody would read the answer.
        if (getppid() != parent) exit(1);
        if (file) {
            rewind(file);
            fwrite(&t, sizeof(double), 1, file);
            fflush(file);
        }
        return t;
    }
    """,
    headers=["<unistd.h>"],
)
@check_units(t=second, result=second)
def report_progress(t):
    """Time of the run, written where the calling process can follow it; only the compiled form exists."""
    raise NotImplementedError


class _BinaryHooks:
    """Hooks that write into the binary's main function."""

    def __init__(self, device):
        self.device = device

    def array(self, variable) -> str:
        return "brian::" + self.device.get_array_name(variable, access_data=False)

    def arguments(self, assembly: Assembly) -> None:
        self.run = assembly.groups["run"]
        self.device.apply_run_args()

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


def generate(plan: Plan, folder: Path, flags: list[str]) -> None:
    """Write the source tree of a plan and its manifest."""
    # The user's own preferences (precision, threads) would make another binary under the same name.
    prefs.reset_to_defaults()
    prefs.codegen.cpp.extra_compile_args = flags
    # Denormal conductances of a silent network would slow the run down; this flushes them to zero.
    prefs.codegen.cpp.extra_link_args = ["-ffast-math"]
    prefs.logging.file_log = False
    set_device("cpp_standalone", build_on_run=False)
    device = get_device()
    hooks = _BinaryHooks(device)
    assembly = assemble(plan, hooks)
    assembly.groups["run"].run_regularly(
        "progress = report_progress(t)", dt=_PROGRESS_EVERY_S * second, when="start", name="run_progress"
    )
    network = assembly.network
    hooks.reseed("noise_seed", zlib.crc32(b"noise"))
    before = len(device.main_queue)
    network.run(_MARK_S * second, namespace={"report_progress": report_progress})
    _sort_clock_resets(device.main_queue, before)
    _pass_duration(device, hooks.array(assembly.groups["run"].variables["duration"]))
    manifest, wanted = _manifest(device, assembly)
    arguments = [_variable(assembly, name) for name in manifest["arguments"]]
    device.insert_code("before_end", _answer(hooks, device, arguments, wanted))
    device.build(directory=str(folder), compile=False, run=False)
    improve(folder)
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


def _answer(hooks: _BinaryHooks, device, arguments: list, wanted: list) -> str:
    """C++ that ends the program with what a run reads, where Brian2 would write every array there is.

    Whoever wants no more puts the file `ANSWER_ONLY` into the folder; without it all arrays are written.
    """
    values = ", ".join(f"(double) {hooks.array(variable)}[0]" for variable in arguments)
    lines = [
        f'if (std::ifstream(brian::results_dir + "{ANSWER_ONLY}").is_open()) {{',
        "std::ofstream file;",
        "auto begin = [&file](const std::string &name) {",
        "file.close();",
        "file.clear();",
        "file.open(brian::results_dir + name, std::ios::out | std::ios::binary);",
        'if (!file.is_open()) std::cout << "Error writing output file " << name << "." << std::endl;',
        "};",
        f'begin("{_ARGUMENTS_FILE}");',
        f"const double values[] = {{{values}}};",
        "file.write(reinterpret_cast<const char*>(values), sizeof(values));",
    ]
    for variable in wanted:
        array = hooks.array(variable)
        lines.append(f'begin("{device.get_array_filename(variable)}");')
        if variable in device.dynamic_arrays_2d:
            lines += [
                f"for (int row = 0; row < (int) {array}.n; row++)",
                f"if ({array}.m > 0)",
                f"file.write(reinterpret_cast<const char*>(&{array}(row, 0)), {array}.m*sizeof({array}(0, 0)));",
            ]
            continue
        size = f"{array}.size()" if variable in device.dynamic_arrays else f"{variable.size}"
        lines.append(
            f"if ({size} > 0) file.write(reinterpret_cast<const char*>(&{array}[0]), {size}*sizeof({array}[0]));"
        )
    return "\n".join([*lines, "file.close();", "return 0;", "}"])


def _variable(assembly: Assembly, name: str):
    """The Brian2 variable of an argument's name."""
    owner, _, key = name.partition(".")
    return assembly.owner(owner).variables[key]


def _manifest(device, assembly: Assembly) -> tuple[dict, list]:
    """What the binary writes for a run to read: where each thing is, and the variables that get a file of their own."""
    wanted = []

    def file(variable):
        wanted.append(variable)
        return {
            "file": device.get_array_filename(variable),
            "dtype": np.dtype(variable.dtype).str,
            "dimension": [float(exponent) for exponent in variable.dim._dims],
            # How much a monitor collects is known only afterwards.
            "size": None if isinstance(variable, DynamicArrayVariable) else int(variable.size),
        }

    plan, names = assembly.plan, _argument_names(assembly)
    manifest = {
        "arguments": {name: place for place, name in enumerate(names)},
        "used": {"file": _ARGUMENTS_FILE, "dtype": "<f8", "size": len(names)},
        "end": file(assembly.step_clock.variables["t"]),
        "spikes": {
            population: {name: file(monitor.variables[key]) for name, key in (("node_ids", "i"), ("times", "t"), ("number", "N"))}
            for population, monitor in assembly.spike_monitors.items()
        },
        "agents": {}, "states": {}, "recordings": [], "sums": {},
    }  # fmt: skip
    for group in plan.groups:
        variables = assembly.groups[group.name].variables if group.kind != "spikes" else {}
        manifest["agents"][group.population] = {path: file(variables[name]) for path, name in group.agents.items()}
        if group.kind == "cells":
            manifest["states"][group.population] = {"v": file(variables["v"])}
            if "allopregnanolone" in variables:
                manifest["states"][group.population]["allopregnanolone"] = file(variables["allopregnanolone"])
    for recording, monitor in zip(plan.recordings, assembly.state_monitors):
        entry = {"times": file(monitor.variables["t"]), "values": file(monitor.variables[recording.variable])}
        manifest["recordings"].append(entry)
    for population, monitor in assembly.sums.items():
        variables = assembly.groups[f"pop_{population}"].variables
        names = ("v_sum", "v_square_sum", "g_tonic_sum", "g_phasic_sum")
        manifest["sums"][population] = {name: file(variables[name]) for name in names} | {
            name: file(monitor.variables[name]) for name in ("t", "v_mean", "lfp")
        }
    return manifest, wanted


def _argument_names(assembly: Assembly) -> list[str]:
    """Every shared constant the network has, whether or not the plan hands over a value for it."""
    names = []
    for owner, made in (*assembly.groups.items(), *assembly.synapses.items()):
        equations = getattr(made, "equations", None) or {}
        names += [f"{owner}.{key}" for key, line in equations.items() if {"shared", "constant"} <= set(line.flags)]
    return names


if __name__ == "__main__":
    generate(plan_from_json(sys.stdin.read()), Path(sys.argv[1]), json.loads(sys.argv[2]))
