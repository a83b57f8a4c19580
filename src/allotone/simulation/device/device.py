"""The device: a subclass of Brian2's C++ stand-alone device that writes one program of our own form."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.devices.device import all_devices

from .arrays import declarations
from .functions import Function, constants, supports
from .kept import keep_slow_values
from .schedule import Schedule
from .unread import drop_unread_refractoriness

NAME = "allotone"
# A clock that nothing runs at ticks all the same.
_ADDED = re.compile(r"\w+\.add\(&(?P<clock>\w+), (?:_run_(?P<name>\w+)|NULL)\);")
_RUN = re.compile(r"\w+\.run\((?P<duration>.+), NULL, [^,]*\);")
_CLEARED = re.compile(r"\w+\.clear\(\);")
_HEADERS = ("runtime.h", "exponential.h", "noise.h")


class CodeObject(CPPStandaloneCodeObject):
    """A code object rendered by our templates; by Brian2's own where we have none, which is in what runs once."""

    templater = CPPStandaloneCodeObject.templater.derive("allotone.simulation.device")


class Device(CPPStandaloneDevice):
    """Writes `main.cpp`, the whole program; the caller compiles it.

    Slots of `insert_code` are those of Brian2's device, and arrays have the same names in the same namespace. One
    network, run once: what a plan is. Stores, profiling, threads and reports are not supported.
    """

    def code_object_class(self, codeobj_class=None, fallback_pref=None):
        """Our code objects instead of Brian2's."""
        return CodeObject if codeobj_class in (None, CPPStandaloneCodeObject) else codeobj_class

    def generate_objects_source(self, writer, arange_arrays, synapses, static_array_specs, networks, timed_arrays):
        """Note what the arrays are."""
        self._declarations = declarations(self, arange_arrays)

    def generate_main_source(self, writer):
        """Write the program."""
        schedule = self._take_schedule()
        functions = {
            codeobj.name: Function(codeobj, constants(self, codeobj)) for codeobj in self.code_objects.values()
        }
        schedule.join_thresholds(functions)
        drop_unread_refractoriness(functions, schedule.steps)
        versions = keep_slow_values(functions, schedule.steps)
        namespaces, includes = supports(functions.values())
        texts = [text for function in functions.values() for text in function.texts()]
        streams = [function.stream for function in functions.values() if function.stream]
        captured = []
        super().generate_main_source(SimpleNamespace(write=lambda name, text: captured.append(text)))
        pathways = [
            f"static Pathway {path.name}({self.dynamic_arrays[path.synapse_sources]}, {path.source.start});"
            for synapses in sorted(self.synapses, key=lambda synapses: synapses.name)
            for path in synapses._pathways
        ]
        parts = [
            *(f'#include "{name}"' for name in _HEADERS), *includes, "namespace brian\n{", self._declarations, *pathways,
            *versions, *namespaces, *texts, schedule.text(streams), "}", captured[0],
        ]  # fmt: skip
        writer.write("main.cpp", "\n".join(parts) + "\n")

    def _take_schedule(self) -> Schedule:
        """What runs each step, taken out of the queue of what the main function does once."""
        schedule = Schedule(sorted(self.clocks, key=lambda clock: clock.name))
        for kind, content in self.main_queue:
            if kind != "run_network":
                continue
            kept = []
            for line in content[1]:
                if added := _ADDED.fullmatch(line):
                    if added["name"]:
                        schedule.add(added["clock"], added["name"])
                elif run := _RUN.fullmatch(line):
                    kept.append(f"_run_network({run['duration']});")
                elif not _CLEARED.fullmatch(line) and line != "set_from_command_line(args);":
                    kept.append(line)
            content[1][:] = kept
        return schedule

    def generate_codeobj_source(self, writer):
        """Nothing: all is in the program."""

    def generate_network_source(self, writer, compiler):
        """Nothing: all is in the program."""

    def generate_synapses_classes_source(self, writer):
        """Nothing: all is in the program."""

    def generate_run_source(self, writer):
        """Nothing: all is in the program."""

    def generate_makefile(self, writer, *arguments, **keywords):
        """Nothing: one source, one call of the compiler."""

    def copy_source_files(self, writer, directory):
        """Put our headers beside the program."""
        for name in _HEADERS:
            shutil.copy(Path(__file__).with_name(name), directory)


all_devices[NAME] = Device()
