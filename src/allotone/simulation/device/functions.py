"""Code objects as C++ functions: their constants, their supporting code, and the loops over agents in blocks."""

import re
import zlib
from collections.abc import Iterable
from types import SimpleNamespace

from brian2.codegen.generators.cpp_generator import CPPCodeGenerator, CPPNodeRenderer
from brian2.core.variables import ArrayVariable, Constant, DynamicArrayVariable
from brian2.utils.stringtools import stripped_deindented_lines

from .arrays import PADDING, c_data_type, wide
from .powers import share_exponentials

# What beginning a block costs, in agents.
_BLOCK_COST = 8
_LANES = 8
_WHOLE_REMAINDER = re.compile(r"_brian_mod|_brian_floordiv|%")
# Templates of ours, of what runs in the loop over time.
_OURS = ("stateupdate", "threshold", "reset", "synapses", "synapses_push_spikes", "spikemonitor", "statemonitor",
         "summed_variable")  # fmt: skip
# A comment with the name of the loop that follows, which is one that matters for speed.
LOOP_MARK = "// loop of "
# What Brian2 puts before every function: remainders and divisions as in Python.
_UNIVERSAL = "\n".join(stripped_deindented_lines(CPPCodeGenerator.universal_support_code))
_DRAWN = re.compile(r"_(?P<kind>rand|randn)\((?:_vectorisation_idx|-1)\)")
_POISSON = re.compile(r"_poisson\((?P<mean>[^;]+?), _vectorisation_idx\)")


def vector_calls(text: str) -> str:
    """C++ of a loop in blocks with the functions that we have for several agents at once."""
    return re.sub(r"\bexp\(", "vector_exp(", text)


def block_size(number: int) -> int:
    """Agents that are updated before their threshold is looked at, few enough to stay in the nearest cache.

    A multiple of the lanes, so chosen that few blocks leave few places over; they end within the arrays' padding.
    """
    sizes = range(_LANES, PADDING + 1, _LANES)
    return min(sizes, key=lambda size: -(-number // size) * (size + _BLOCK_COST))


def constants(device, codeobj) -> list[str]:
    """Declarations of what a code object's text takes for granted: sizes, constants, and where growing arrays lie."""
    lines = []
    for key, variable in codeobj.variables.items():
        if isinstance(variable, DynamicArrayVariable):
            if variable.ndim == 1:
                dynamic, name = device.dynamic_arrays[variable], device.arrays[variable]
                lines.append(f"{c_data_type(variable.dtype)}* const {name} = {dynamic}.data();")
                lines.append(f"const size_t _num{key} = {dynamic}.size();")
        elif isinstance(variable, ArrayVariable):
            lines.append(f"const size_t _num{key} = {variable.size};")
        elif isinstance(variable, Constant):
            value = CPPNodeRenderer().render_expr(repr(variable.value))
            lines.append(f"const {c_data_type(variable.dtype)} {key} = {value};")
    return list(dict.fromkeys(lines))


def supports(functions: Iterable["Function"]) -> tuple[list[str], list[str]]:
    """Supporting code, each text once in a namespace that its functions then know, and the headers asked for."""
    namespaces, headers = {}, {}
    for function in functions:
        if function.supporting:
            function.namespace = namespaces.setdefault(function.supporting, f"support_{len(namespaces)}")
        headers |= dict.fromkeys(line.strip() for line in function.code.headers.splitlines() if line.strip())
    texts = [f"namespace {name}\n{{\n{text}\n}}" for text, name in namespaces.items()]
    return [_UNIVERSAL, *texts], list(headers)


class Function:
    """One code object; `texts` are its C++ functions."""

    def __init__(self, codeobj, constant_lines: list[str]):
        self.codeobj, self.name = codeobj, codeobj.name
        self.code = SimpleNamespace(**{key: wide(text) for key, text in codeobj.code.items()})
        self.kind = codeobj.template_name
        self.constants = constant_lines
        # What the text calls beyond what every text may; the namespace where that stands.
        self.supporting = self.code.support.replace(_UNIVERSAL, "").strip()
        self.namespace = ""
        # The threshold that is looked at in the same loop.
        self.threshold: Function | None = None
        self.joined = False
        # Statements that end it.
        self.after: set[str] = set()
        # Name of its stream of random numbers during the run, if it draws any.
        self.stream = ""

    def join(self, threshold: "Function") -> None:
        """Look at a threshold in this loop."""
        self.threshold, threshold.joined = threshold, True
        # Both texts number what they take out of their loops from 1 on.
        for key in ("scalar", "vector"):
            text = getattr(threshold.code, key)
            setattr(threshold.code, key, re.sub(r"\b_lio_(?=\d)", "_threshold_lio_", text))

    @property
    def number(self) -> int | None:
        """How many agents a loop has, where that is fixed and every array it goes along can be overrun."""
        text = self.code.number.strip() if self.kind == "stateupdate" else "N"
        if text != "N":
            return None
        along = (name for name, index in self.codeobj.variable_indices.items() if index == "_idx")
        variables = self.codeobj.variables
        if any(isinstance(variables.get(name), DynamicArrayVariable) for name in along):
            return None
        return int(variables["N"].get_value())

    @property
    def bodies(self) -> list[str]:
        """The C++ of what it does, that of a joined threshold included."""
        own = list(vars(self.code).values())
        return own + self.threshold.bodies if self.threshold else own

    @property
    def in_blocks(self) -> bool:
        """Whether its loop goes over agents in blocks, of which the last one goes on into the padding."""
        if self.number is None or self.number < _LANES:
            return False
        # The padding holds zeros, and the remainder of an integer by zero would end the program.
        return not _WHOLE_REMAINDER.search(self.code.vector)

    @property
    def places(self) -> int:
        """Agents in all blocks, those of the padding included."""
        size = block_size(self.number)
        return -(-self.number // size) * size

    def texts(self) -> list[str]:
        """C++ of the function that runs, and of the one before the run."""
        texts = []
        for block in self.codeobj.before_after_blocks:
            texts.append(self._function(f"_{block}_{self.name}", getattr(self.code, f"{block}_cpp_file")))
        if self.joined:
            return texts
        match self.kind:
            case "stateupdate":
                body = self._update()
            case "threshold":
                body = f"{_single_draws(self.code.scalar)}\n{_scan(self.name, self, None)}"
            case kind if kind in _OURS:
                body = _single_draws(self.code.cpp_file)
            case _:
                # What runs once before the first step draws from the generator of the agents and contacts.
                body = self.code.cpp_file
        if "(_noise" in body:
            self.stream = f"_noise_{self.name}"
            texts.append(f"static noise::Stream {self.stream} = {{0, {zlib.crc32(self.name.encode())}u}};")
            body = body.replace("(_noise", f"({self.stream}")
        return [*texts, self._function(f"_run_{self.name}", "\n".join([body, *sorted(self.after)]))]

    def _function(self, name: str, body: str) -> str:
        own = [self, self.threshold] if self.threshold else [self]
        given = dict.fromkeys(line for function in own for line in function.constants)
        pointers = dict.fromkeys(
            line for function in own for line in function.code.pointers.splitlines() if line.strip()
        )
        space = [f"using namespace {self.namespace};"] if self.namespace else []
        lines = [*space, *given, *pointers]
        if self.kind in _OURS:
            lines.append("const size_t _vectorisation_idx = -1;")
        return f"static __attribute__((noinline)) void {name}()\n{{\n" + "\n".join(lines) + f"\n{body}\n}}"

    def _update(self) -> str:
        """The loop over agents; with the threshold in it where that was joined."""
        scalar = _single_draws(self.code.scalar)
        if not self.in_blocks:
            loop = f"const int _N = {self.code.number.strip()};\nfor (int _idx = 0; _idx < _N; _idx++)\n{{\n"
            return f"{scalar}\n{loop}{_single_draws(self.code.vector)}\n}}"
        if not self.threshold and not _statements(self.code.vector):
            return scalar
        vector = share_exponentials(vector_calls(self.code.vector), self.code.scalar, self.constants)
        fills, vector = _block_draws(vector, self.code.scalar, block_size(self.number))
        return f"{scalar}\n{_scan(self.name, self.threshold, (fills, vector), self.number)}"


def _statements(text: str) -> bool:
    """Whether C++ does anything."""
    return any(line.strip() for line in text.splitlines())


def _block_draws(vector: str, scalar: str, size: int, prefix: str = "") -> tuple[list[str], str]:
    """Statements that fill blocks of random numbers, their names after a prefix, and the loop's text reading them."""
    fills = []

    def fill(kind: str, more: str = "") -> str:
        name = f"{prefix}_{kind}_{len(fills)}"
        fills.append(f"alignas(64) static double {name}[{size}];\nnoise::{kind}(_noise, {more}{name}, {size});")
        return f"{name}[_place]"

    def poisson(match):
        mean = match["mean"]
        if not re.search(rf"\b{re.escape(mean)} =", scalar):
            return f"noise::poisson1(_noise, {mean})"
        table = f"{prefix}_table_{len(fills)}"
        fills.append(f"static noise::Poisson {table};")
        return fill("poisson", f"{table}, {mean}, ")

    vector = _POISSON.sub(poisson, vector)
    names = {"rand": "uniform", "randn": "normal"}
    return fills, _DRAWN.sub(lambda match: fill(names[match["kind"]]), vector)


def _single_draws(text: str) -> str:
    """Text with numbers of a run's noise drawn one by one."""
    text = _POISSON.sub(lambda match: f"noise::poisson1(_noise, {match['mean']})", text)
    names = {"rand": "uniform1", "randn": "normal1"}
    return _DRAWN.sub(lambda match: f"noise::{names[match['kind']]}(_noise)", text)


def _scan(
    name: str, threshold: Function | None, update: tuple[list[str], str] | None, number: int | None = None
) -> str:
    """C++ that updates agents block by block, if there is something to update, and looks for those above threshold."""
    number = number or threshold.number
    size = block_size(number) if update or threshold.in_blocks else number
    fills, vector = update or ([], "")
    lines = []
    if threshold:
        drawn, condition = _block_draws(threshold.code.vector, threshold.code.scalar, size, "_threshold")
        fills = [*fills, *drawn]
        if update:
            lines.append(f"{{\n{_single_draws(threshold.code.scalar)}")
        lines += [f"int32_t *_events = {threshold.code.events.strip()};", "int32_t _count = 0;"]
    loop = f"for (int _place = 0; _place < {size}; _place++)\n{{\nconst int _idx = _block + _place;"
    lines.append(f"for (int _block = 0; _block < {-(-number // size) * size}; _block += {size})\n{{")
    lines += fills
    if threshold:
        lines += [f"alignas(64) static int64_t _above[{size}];", "int64_t _any = 0;"]
    lines += [f"{LOOP_MARK}{name.removesuffix('_codeobject')}", "#pragma GCC ivdep", loop, vector]
    if threshold:
        lines.append(f"{{\n{condition}\n_above[_place] = _cond;\n_any |= _cond;\n}}")
    lines.append("}")
    if threshold:
        lines += [
            "if (!_any) continue;",
            "const int32_t _first = _count;",
            f"const int _end = {number} - _block < {size} ? {number} - _block : {size};",
            # Without a branch, which would be guessed wrong.
            "for (int _place = 0; _place < _end; _place++)\n{",
            "_events[_count] = _block + _place;\n_count += _above[_place] != 0;\n}",
        ]
        if _statements(threshold.code.spike):
            lines.append(
                "for (int32_t _event = _first; _event < _count; _event++)\n{\nconst int _idx = _events[_event];"
            )
            lines.append(f"{threshold.code.spike}\n}}")
    lines.append("}")
    if threshold:
        lines.append(f"_events[{number}] = _count;" + ("\n}" if update else ""))
    return "\n".join(lines)
