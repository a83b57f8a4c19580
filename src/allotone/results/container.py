"""Files that are ours or are refused, and that appear whole or not at all."""

import contextlib
import errno
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import h5py

from ..errors import InputError

RUN_SCHEMA = "allotone-run-1"
SWEEP_SCHEMA = "allotone-sweep-1"
PART_SCHEMA = "allotone-part-1"
_SCHEMAS = {"run": RUN_SCHEMA, "sweep": SWEEP_SCHEMA, "part": PART_SCHEMA}
_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too big",
}


def kind_of(path: str | Path) -> str:
    """What a complete file of ours holds: 'run', 'sweep' or 'part' (some points of a sweep under way).

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
    known = re.fullmatch(r"allotone-(run|sweep|part)-(\d+)", schema) if isinstance(schema, str) else None
    if known is None:
        raise InputError(where, "was not written by allotone (no `schema` of ours); expected a run or a sweep")
    newest = int(_SCHEMAS[known[1]].rsplit("-", 1)[1])
    if int(known[2]) > newest:
        raise InputError(where, f"was written by a newer allotone ('{schema}'); update allotone to read it")
    if not file.attrs.get("complete", 0):
        raise InputError(where, "is incomplete: its writing was interrupted; make it again")
    return known[1]


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A new file, open under a temporary name, that takes the place of `path` when it is whole and on the disk.

    Raises
    ------
    InputError
        The folder is missing or the disk is full: what lay at `path` is as it was, and nothing is left behind.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = _FULL.get(error.errno, error.strerror or str(error))
        raise InputError(str(path), f"could not be written: {reason}; nothing was left there") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    # A power cut could undo the renaming; file systems that cannot be asked for more refuse.
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_whole(content: io.BytesIO, path: str | Path) -> None:
    """Put a composed file on disk in one step: a temporary name, flushed, then renamed.

    Raises
    ------
    InputError
        The folder is missing or the disk is full, or what lies at `path` is not ours; nothing is left behind.
    """
    refuse_foreign(Path(path))
    with replacing(path) as file:
        file.write(content.getbuffer())


@contextlib.contextmanager
def streamed(path: str | Path) -> Iterator[tuple[h5py.File, Callable[[], None]]]:
    """A new HDF5 file that is written as it grows, for what may not fit into memory; `write_whole` in all else.

    Yields
    ------
    file : h5py.File
    check : function
        To be called between writes: raises the OSError of a write that failed.

    Raises
    ------
    InputError
        As `write_whole`.
    """
    refuse_foreign(Path(path))
    with replacing(path) as file:
        sink = _Sink(file.raw)
        try:
            # The oldest format that holds the content: other programs link older versions of HDF5.
            with h5py.File(sink, "w", libver=("earliest", "v110")) as composed:
                yield composed, sink.check
        finally:
            sink.check()


class _Sink:
    """A file to HDF5, which cannot close one that it failed to write.

    After the first error what is written is held in memory, so that HDF5 reads back what it wrote and comes to its end.
    """

    def __init__(self, raw: io.RawIOBase):
        self._raw, self._error, self._position = raw, None, 0
        self._held: list[tuple[int, bytes]] = []

    def check(self) -> None:
        if self._error is not None:
            raise self._error

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = offset + (0, self._position, self._end())[whence]
        return self._position

    def write(self, data) -> int:
        rest = memoryview(data).cast("B")
        length = len(rest)
        while rest:
            if self._error is None:
                try:
                    self._raw.seek(self._position)
                    done = self._raw.write(rest) or 0
                    self._position += done
                    rest = rest[done:]
                    continue
                except OSError as error:
                    self._error = error
            self._held.append((self._position, bytes(rest)))
            self._position += len(rest)
            break
        return length

    def read(self, size: int) -> bytes:
        buffer = bytearray(size)
        return bytes(buffer[: self.readinto(buffer)])

    def readinto(self, buffer) -> int:
        view, first = memoryview(buffer).cast("B"), self._position
        self._raw.seek(first)
        done = 0
        while done < len(view) and (more := self._raw.readinto(view[done:])):
            done += more
        if self._held:
            view[done:] = bytes(len(view) - done)
            for start, data in self._held:
                low, high = max(start, first), min(start + len(data), first + len(view))
                if low < high:
                    view[low - first : high - first] = data[low - start : high - start]
            done = max(done, min(len(view), self._end() - first))
        self._position += done
        return done

    def truncate(self, size: int) -> int:
        if self._error is None:
            try:
                self._raw.truncate(size)
            except OSError as error:
                self._error = error
        return size

    def flush(self) -> None:
        """Nothing is held back here while the disk has room."""

    def _end(self) -> int:
        return max([self._raw.seek(0, io.SEEK_END), *(start + len(data) for start, data in self._held)])


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


def check_output(path: str | Path, suffixes: tuple[str, ...], option: str = "--output") -> None:
    """InputError, in the name of `option`, if nothing could be written at `path`: known before anything long begins."""
    path = Path(path)
    if not path.name.endswith(suffixes):
        raise InputError(option, f"'{path}' does not end in {' or '.join(suffixes)}")
    try:
        path.exists()
    except OSError as error:
        raise InputError(option, f"'{path}' cannot be a file here: {error.strerror}; give another name") from None
    if not path.parent.is_dir():
        raise InputError(option, f"there is no folder '{path.parent}'; make it first")
    if not os.access(path.parent, os.W_OK):
        raise InputError(option, f"the folder '{path.parent}' cannot be written to; choose another")
    refuse_foreign(path)
