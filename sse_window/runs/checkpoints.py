"""Finished rows of a long run, kept on disk as they come, so that none is lost or done twice.

A checkpoint is a text file beside the output. Its first line says which run it belongs to; each
further line holds the rows of one finished item, as JSON, and which part it is of the items that
were finished together. Each ends in a checksum. Lines are only ever appended. A process that dies
in the middle of one leaves a torn last line, which is dropped when the run goes on; so are lines
that do not have their checksum. Items that were finished together count together: if the line of
one is missing, all of them are done again, as together their last digits come out the same.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import json
import os
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TypeAlias

from ..core.errors import DataError, OutputError
from ..core.files import shown
from ..core.locks import lock_open_file

__all__ = ["Checkpoint", "checkpoint_of"]

Rows: TypeAlias = Sequence[Sequence[Any]]

_KIND = "sse-window checkpoint 4"
_SYNC_INTERVAL_s = 2.0
"""Rows of this long may be lost where the machine itself fails; a killed process loses none."""

_SHOWN = 60
"""Characters of a value in a message."""

_SUFFIX = ".checkpoint"

_LONGEST_NAME = 255
"""Bytes in the name of a file on the file systems in use."""


def checkpoint_of(output: Path) -> Path:
    """Where the checkpoint of an output file lies.

    Examples
    --------
    >>> checkpoint_of(Path("results.parquet")).name
    'results.parquet.checkpoint'
    """
    name = os.fsencode(output.name)
    if len(name) + len(_SUFFIX) > _LONGEST_NAME:
        return output.with_name(f"{hashlib.sha256(name).hexdigest()}{_SUFFIX}")
    return output.with_name(f"{output.name}{_SUFFIX}")


class Checkpoint:
    """Rows of finished items in a file; a context manager that closes it.

    Parameters
    ----------
    path : Path
    identity : mapping of str to JSON value
        What decides the rows, by name: rows of another identity are never mixed with these.
    resume : bool
        Go on with the rows that are there.

    Attributes
    ----------
    done : dict of int to int
        Position of the line of each finished item.
    damaged : int
        Lines that do not have their checksum; their items, and those that were finished together
        with them, count as not finished.

    Raises
    ------
    OutputError
        If the file cannot be written, another process writes it, or it holds rows and `resume` is
        not set.
    DataError
        If it is damaged, or belongs to another run.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "out.csv.checkpoint"
    >>> with Checkpoint(path, {"ion": "Li"}) as checkpoint:
    ...     checkpoint.append([(3, [["Li2S", 2.1]])])
    >>> with Checkpoint(path, {"ion": "Li"}, resume=True) as checkpoint:
    ...     sorted(checkpoint.done), checkpoint.rows(3)
    ([3], [['Li2S', 2.1]])
    """

    def __init__(self, path: Path, identity: Mapping[str, Any], *, resume: bool = False) -> None:
        self.path = path
        self.done: dict[int, int] = {}
        self.damaged = 0
        self._synced = time.monotonic()
        # Through JSON and back, as it will be read again.
        identity = json.loads(json.dumps(identity))
        try:
            # Appending keeps what another process may have written since.
            self._file: BinaryIO = open(path, "a+b", buffering=0)  # noqa: SIM115, PTH123
        except OSError as error:
            raise _cannot_write(path, error) from None
        self._lines: BinaryIO = open(path, "rb")  # noqa: SIM115, PTH123
        self._end = 0
        try:
            self._lock()
            there = self._read()
            if self.done and not resume:
                raise OutputError(
                    f"{shown(path)} holds finished rows of a run that was interrupted: go on with "
                    "--resume, or delete that file to start anew"
                )
            if self.done:
                self._check(there, identity)
            else:
                self._end = 0
                self._write(_line({"kind": _KIND, "identity": identity}))
        except BaseException:
            self._release()
            raise

    def _lock(self) -> None:
        if lock_open_file(self._file) is False:
            raise OutputError(
                f"{shown(self.path)} is being written by another run: wait for it, or give another "
                "-o"
            )

    def _read(self) -> dict[str, Any]:
        """Find the finished items and the end of the last whole line; the identity they have."""
        first = self._lines.readline()
        if first and not first.startswith(b'{"kind":"sse-window checkpoint'):
            raise DataError(f"{shown(self.path)} is no checkpoint of sse-window: give another -o")
        if not first.endswith(b"\n"):
            return {}  # empty, or torn while it was begun
        if not first.startswith(_line_begin({"kind": _KIND})):
            raise DataError(f"{shown(self.path)} was written by another version: delete it")
        try:
            identity = dict(_entry(first)["identity"])
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{shown(self.path)} is damaged in line 1: delete it to start anew"
            ) from None
        self._end = len(first)
        together: dict[int, int] = {}
        for line in self._lines:
            if not line.endswith(b"\n"):
                break  # torn
            try:
                entry = _entry(line)
                part, parts = entry["part"]
                if part == 0:
                    together.clear()  # of a process that died before its last part
                if part == len(together):
                    together[int(entry["item"])] = self._end
                if len(together) == parts:
                    self.done |= together
                    together.clear()
            except (ValueError, KeyError, TypeError):
                self.damaged += 1
                together.clear()
            self._end += len(line)
        return identity

    def _check(self, there: Mapping[str, Any], identity: Mapping[str, Any]) -> None:
        for name in [*identity, *there]:
            if there.get(name) != identity.get(name):
                key, was, now = _difference(name, there.get(name), identity.get(name))
                raise DataError(
                    f"{shown(self.path)} holds rows of another run: {key} was {was}, now {now}; "
                    "repeat that run's options, or delete the file to start anew"
                )

    def append(self, finished: Iterable[tuple[int, Rows]]) -> None:
        """Add the rows of items that were finished together.

        Parameters
        ----------
        finished : iterable of (int, rows)
            Position of each item in the run, once, and its rows; values are JSON, null for
            unknown.

        Raises
        ------
        OutputError
            If the disk is full or the file system refuses; what was there before stays whole.
        """
        together = dict(finished)
        lines, positions, position = [], {}, self._end
        for part, (item, rows) in enumerate(together.items()):
            line = _line({"item": item, "part": [part, len(together)], "rows": rows})
            lines.append(line)
            positions[item] = position
            position += len(line)
        self._write(b"".join(lines))
        self.done |= positions
        if time.monotonic() - self._synced >= _SYNC_INTERVAL_s:
            self.sync()

    def _write(self, data: bytes) -> None:
        try:
            if self._file.seek(0, os.SEEK_END) != self._end:
                self._file.truncate(self._end)  # a torn line
            written = 0
            while written < len(data):
                written += self._file.write(data[written:])
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self._end)
            raise _cannot_write(self.path, error) from None
        self._end += len(data)

    def sync(self) -> None:
        """Make sure that all rows are on the disk itself.

        Raises
        ------
        OutputError
            If the disk refuses.
        """
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _cannot_write(self.path, error) from None
        self._synced = time.monotonic()

    def rows(self, item: int) -> list[list[Any]]:
        """Rows of a finished item.

        Raises
        ------
        KeyError
            If the item is not finished.
        DataError
            If its line was changed since it was written.
        """
        self._lines.seek(self.done[item])
        try:
            return list(_entry(self._lines.readline())["rows"])
        except (ValueError, TypeError, KeyError):
            raise DataError(
                f"{shown(self.path)} was changed during the run: run again with --resume"
            ) from None

    def close(self) -> None:
        """Release the file, with everything on the disk."""
        if not self._file.closed:
            try:
                self.sync()
            finally:
                self._release()

    def _release(self) -> None:
        self._file.close()
        self._lines.close()

    def remove(self) -> None:
        """Close and delete the file: its rows have become the output."""
        self.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Checkpoint:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and not self.done:
            self.remove()  # nothing was finished that the file could keep
        else:
            self.close()


def _line(entry: Mapping[str, Any]) -> bytes:
    text = _json(entry)
    return b"%b %08x\n" % (text, zlib.crc32(text))


def _line_begin(entry: Mapping[str, Any]) -> bytes:
    return _json(entry)[:-1]


def _json(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, allow_nan=False, separators=(",", ":")).encode("ascii")


def _entry(line: bytes) -> dict[str, Any]:
    """What a line holds.

    Raises
    ------
    ValueError
        If it does not have its checksum.
    """
    text, _, checksum = line.rstrip(b"\n").rpartition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        raise ValueError("a line without its checksum")
    entry: dict[str, Any] = json.loads(text)
    return entry


def _difference(key: str, was: Any, now: Any) -> tuple[str, str, str]:
    """Name of the first value that differs, and both as JSON around the place where they do."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in [*now, *was]:
            if was.get(name) != now.get(name):
                return _difference(f"{key}.{name}", was.get(name), now.get(name))
    before, after = (json.dumps(value, ensure_ascii=False) for value in (was, now))
    begin = 0
    if max(len(before), len(after)) > _SHOWN:
        alike = itertools.takewhile(
            lambda pair: pair[0] == pair[1], zip(before, after, strict=False)
        )
        begin = max(sum(1 for _ in alike) - _SHOWN // 3, 0)
    return key, _around(before, begin), _around(after, begin)


def _around(text: str, begin: int) -> str:
    shown = text[begin : begin + _SHOWN]
    return f"{'...' if begin else ''}{shown}{'...' if begin + _SHOWN < len(text) else ''}"


def _cannot_write(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(
            f"cannot write {shown(path)}: {reason}; rows so far are kept, free some space and run "
            "again with --resume"
        )
    return OutputError(f"cannot write {shown(path)}: {reason}")
