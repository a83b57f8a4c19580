"""Files that are ours or are refused, and that appear whole or not at all."""

import contextlib
import errno
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import h5py

from ..errors import InputError

RUN_SCHEMA = "allotone-run-1"
SWEEP_SCHEMA = "allotone-sweep-1"
_SCHEMAS = {"run": RUN_SCHEMA, "sweep": SWEEP_SCHEMA}
_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too big",
}


def kind_of(path: str | Path) -> str:
    """What a complete file of ours holds: 'run' or 'sweep'.

    Raises
    ------
    InputError
        The file is missing, is not ours, is truncated or incomplete, or comes from a newer version.
    """
    with opened(path) as (_, kind):
        return kind


@contextlib.contextmanager
def opened(path: str | Path, kind: str | None = None) -> Iterator[tuple[h5py.File, str]]:
    """A complete file of ours, open for reading, and its kind; whatever is wrong with it is an InputError.

    Parameters
    ----------
    path : str or Path
    kind : str, optional
        'run' or 'sweep': the only kind that will do.
    """
    where = os.fspath(path)
    if not Path(path).is_file():
        raise InputError(where, "there is no such file; give the path of a file that `run` or `sweep` wrote")
    try:
        readable = h5py.is_hdf5(path)
        with open(path, "rb"):
            pass
    except OSError as error:
        raise InputError(where, f"cannot be read: {error.strerror}") from error
    if not readable:
        raise InputError(where, "is not an HDF5 file; expected one that `run` or `sweep` wrote")
    try:
        with h5py.File(path, "r") as file:
            found = _check(file, where)
            if kind not in (None, found):
                raise InputError(where, f"holds a {found}; expected a {kind}")
            yield file, found
    except (OSError, KeyError, RuntimeError) as error:
        raise InputError(where, f"is truncated or damaged ({error}); make it again") from error


def _check(file: h5py.File, where: str) -> str:
    schema = file.attrs.get("schema")
    known = re.fullmatch(r"allotone-(run|sweep)-(\d+)", schema) if isinstance(schema, str) else None
    if known is None:
        raise InputError(where, "was not written by allotone (no `schema` of ours); expected a run or a sweep")
    newest = int(_SCHEMAS[known[1]].rsplit("-", 1)[1])
    if int(known[2]) > newest:
        raise InputError(where, f"was written by a newer allotone ('{schema}'); update allotone to read it")
    if not file.attrs.get("complete", 0):
        raise InputError(where, "is incomplete: its writing was interrupted; make it again")
    return known[1]


def write_whole(content: io.BytesIO, path: str | Path) -> None:
    """Put a composed file on disk in one step: a temporary name, flushed, then renamed.

    Files are composed in memory because HDF5 cannot close a file that it failed to write.

    Raises
    ------
    InputError
        The folder is missing or the disk is full, or what lies at `path` is not ours; nothing is left behind.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    refuse_foreign(path)
    try:
        with open(temporary, "wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = _FULL.get(error.errno, error.strerror or str(error))
        raise InputError(str(path), f"could not be written: {reason}; nothing was left there") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def refuse_foreign(path: Path) -> None:
    """InputError if something that is not ours lies where a file is to be written."""
    if path.is_dir():
        raise InputError(str(path), "is a folder; expected the name of a file to write")
    if not path.exists():
        return
    schema = None
    with contextlib.suppress(OSError, RuntimeError), h5py.File(path, "r") as file:
        schema = file.attrs.get("schema")
    if not (isinstance(schema, str) and schema.startswith("allotone-")):
        raise InputError(str(path), "is already there and is not a file of allotone; give another name or remove it")
