"""A figure as a file: by its suffix, the same bytes each time, whole or not at all."""

import contextlib
import io
import os
from pathlib import Path

from matplotlib.figure import Figure

from ..errors import InputError
from .style import styled

# Without the date, which would make every file differ from the last.
_METADATA = {"png": {}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}


@styled
def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as png (200 dpi), pdf or svg, replacing what lies at `path`.

    Raises
    ------
    InputError
        Another suffix, or a file that cannot be written; nothing half-written is left.
    """
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in _METADATA:
        raise InputError(str(path), f"'{path.suffix}' is not a kind of figure; end the name in .png, .pdf or .svg")
    content = io.BytesIO()
    figure.savefig(content, format=suffix, metadata=_METADATA[suffix])
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.getbuffer())
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(str(path), f"could not be written: {error.strerror}; nothing was left there") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
