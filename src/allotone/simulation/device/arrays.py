"""Every array of a program as a static one: its place is known, nothing overlaps, and loops may run past its end."""

import re

from brian2.codegen.generators.cpp_generator import c_data_type as brian_type

# Loops in blocks read and write a last block in full, so every array ends on a multiple of this many elements.
PADDING = 64


def wide(text: str) -> str:
    """C++ with truth values of 64 bits: beside one of 8 the compiler takes 64 agents at once, more than registers hold."""
    return re.sub(r"\bchar\b", "int64_t", text)


def c_data_type(dtype) -> str:
    """C++ type of an array's elements in our programs."""
    return wide(brian_type(dtype))


def declarations(device, arange_arrays: list) -> str:
    """C++ that declares a device's arrays and the function that gives them their first values."""
    dynamic = {**device.dynamic_arrays, **device.dynamic_arrays_2d}
    lines = ["static RandomGenerator _random_generators[1];"]
    start = []
    first = {name: place for variable, name, place in arange_arrays}
    for variable, name in sorted(device.arrays.items(), key=lambda item: item[1]):
        if variable in dynamic:
            continue
        lines += _declared(c_data_type(variable.dtype), name, variable.size, device.static_arrays.get(name))
        if name in first:
            start.append(f"for (int i = 0; i < {variable.size}; i++) {name}[i] = {first[name]} + i;")
    for variable, name in sorted(device.dynamic_arrays.items(), key=lambda item: item[1]):
        lines.append(f"static std::vector<{c_data_type(variable.dtype)}> {name};")
        if variable.size:
            start.append(f"{name}.resize({variable.size});")
        if name in first:
            start.append(f"for (int i = 0; i < {variable.size}; i++) {name}[i] = {first[name]} + i;")
    for variable, name in sorted(device.dynamic_arrays_2d.items(), key=lambda item: item[1]):
        lines.append(f"static DynamicArray2D<{c_data_type(variable.dtype)}> {name};")
    known = {*device.arrays.values(), *dynamic.values()}
    for name, values in sorted(device.static_arrays.items()):
        if name not in known:
            lines += _declared(c_data_type(values.dtype), name, values.size, values)
    body = "\n".join(f"    {line}" for line in start)
    return "\n".join([*lines, f"static void brian_start()\n{{\n{body}\n}}"])


def _declared(kind: str, name: str, size: int, values=None) -> list[str]:
    padded = size if size < 2 else -(-size // PADDING) * PADDING
    given = (
        "" if values is None or not values.any() else f" = {{{', '.join(_number(value) for value in values.tolist())}}}"
    )
    return [f"alignas(64) static {kind} {name}[{max(padded, 1)}]{given};", f"static const int _num_{name} = {size};"]


def _number(value: float | int | bool) -> str:
    return value.hex() if isinstance(value, float) else str(int(value))
