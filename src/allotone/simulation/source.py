"""Changes of the C++ that Brian2 writes: faster, with the same numbers; where the text is another, it stays as it is."""

import re
from pathlib import Path

# Agents looked at together: few enough that a block without a spike is common.
_BLOCK = 64
_CLOCK_READING = "current = std::clock();\n        elapsed_realtime = (double)(current - start)/(1 * CLOCKS_PER_SEC);"
_THRESHOLD = re.compile(
    r"    for\(size_t _idx=0; _idx<N; _idx\+\+\)\n    \{\n(?P<condition>.*?)"
    r"        if\(_cond\) \{\n(?P<spike>.*?)\n        \}\n    \}\n",
    re.DOTALL,
)


def improve(folder: Path) -> None:
    """Change a source tree in place."""
    _change(folder / "network.cpp", drop_clock_readings)
    for path in sorted((folder / "code_objects").glob("*_spike_thresholder_codeobject.cpp")):
        _change(path, scan_in_blocks)


def drop_clock_readings(text: str) -> str:
    """Brian2 2.9 asks the system for the processor time after every step, which nobody reads; later versions do not."""
    return text.replace(_CLOCK_READING, "elapsed_realtime = 0;") if text.count(_CLOCK_READING) == 1 else text


def scan_in_blocks(text: str) -> str:
    """A threshold that asks of many agents at once whether any spikes: a loop without a branch, which is vectorised."""
    found = _THRESHOLD.findall(text)
    if len(found) != 1:
        return text
    condition, spike = found[0]
    if "(_vectorisation_idx)" in condition:
        # It draws random numbers, and looking twice would draw twice.
        return text
    loop = "for(size_t _idx=_block; _idx<_end; _idx++)"
    blocks = f"""    for(size_t _block=0; _block<N; _block+={_BLOCK})
    {{
        const size_t _end = _block + {_BLOCK} < N ? _block + {_BLOCK} : N;
        int _any = 0;
        {loop}
        {{
{condition}            _any |= (_cond != 0);
        }}
        if(!_any) continue;
        {loop}
        {{
{condition}        if(_cond) {{
{spike}
        }}
        }}
    }}
"""
    return _THRESHOLD.sub(lambda match: blocks, text)


def _change(path: Path, change) -> None:
    text = path.read_text()
    changed = change(text)
    if changed != text:
        path.write_text(changed)
