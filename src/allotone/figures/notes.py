"""What stands above a panel: on the left the values at which a table was looked at, on the right what is not whole."""

import textwrap

from matplotlib import rcParams
from matplotlib.axes import Axes

from .against import level
from .style import MUTED

_PER_LINE = 44  # letters across a single column


def fixed(values) -> str:
    """'at density 0.5, E gaba −75 mV' for a table of which one value of some axes was selected; else nothing."""
    chosen = {name: one for name, one in values.coords.items() if one.ndim == 0}
    texts = [f"{_last(name)} {level(one.item(), one.attrs.get('units', '1'))}" for name, one in chosen.items()]
    return f"at {', '.join(texts)}" if texts else ""


def write_above(ax: Axes, left: str, notes: list[str]) -> None:
    """Write `left` on the left and notes, a line each, on the right below it: a single column has no room beside."""
    small = {"color": MUTED, "fontsize": rcParams["legend.fontsize"]}
    if left:
        ax.set_title(textwrap.fill(left, _PER_LINE) + "\n" * len(notes), loc="left", **small)
    if notes:
        ax.set_title("\n".join(notes), loc="right", **small)


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1].replace("_", " ")
