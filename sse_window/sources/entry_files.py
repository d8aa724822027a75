"""Reading a user's CSV or JSON file into rows of plain values; what they mean is decided elsewhere.

Whatever a file holds, only :class:`~sse_window.core.errors.EntriesError` comes out, naming the
file, the line or entry, and the reason.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ..core.errors import EntriesError

__all__ = ["Row", "file_bytes", "read_csv", "read_json", "refuse", "sha256_of"]

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table or object of a list.

    Attributes
    ----------
    place : str
        ``"line 3"`` or ``"entry 2"``.
    values : mapping of str to object
        Text in CSV, anything in JSON; None where empty.
    """

    place: str
    values: Mapping[str, Any]


def file_bytes(path: Path) -> bytes:
    """Content of a file, unpacked if it is a gzip archive.

    Raises
    ------
    EntriesError
        If the file cannot be read or is a damaged archive.
    """
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise EntriesError(f"{path}: damaged gzip archive: pack it again") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EntriesError(f"cannot read {path}: {reason}") from None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as it lies on disk.

    Raises
    ------
    EntriesError
        If it cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise EntriesError(f"cannot read {path}: {error.strerror or error}") from None


def read_csv(path: Path) -> list[Row]:
    """Rows of a CSV file: UTF-8, a header line, values separated by commas.

    Empty lines, and those that begin with ``#``, are ignored.

    Raises
    ------
    EntriesError
        If it is not such a file, has no rows, or a row has more or fewer values than the header.
    """
    lines = io.StringIO(_text(path), newline="")
    # A comment stays as an empty line, so that the others keep their numbers.
    said = ("\n" if line.lstrip().startswith("#") else line for line in lines)
    reader = csv.reader(said, strict=True)
    rows: list[Row] = []
    header: list[str] | None = None
    try:
        for values in reader:
            stripped = [value.strip() for value in values]
            if not any(stripped):
                continue
            if header is None:
                header = _header(path, stripped, reader.line_num)
                continue
            place = f"line {reader.line_num}"
            if len(stripped) != len(header):
                raise EntriesError(
                    f"{path}, {place}: {len(stripped)} values for {len(header)} columns "
                    f"({', '.join(header)}); a value that holds a comma needs quotes"
                )
            pairs = zip(header, stripped, strict=True)
            rows.append(Row(place, {name: value or None for name, value in pairs}))
    except csv.Error as error:
        raise EntriesError(f"{path}, line {reader.line_num}: unreadable as CSV ({error})") from None
    if not rows:
        raise EntriesError(f"{path}: no phases in it" if header else f"{path}: the file is empty")
    return rows


def _text(path: Path) -> str:
    data = file_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise EntriesError(f"{path}, line {line}: not UTF-8 text: save it as UTF-8") from None


def _header(path: Path, names: list[str], line: int) -> list[str]:
    place = f"{path}, line {line}"
    if len(names) == 1:
        for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if separator in names[0]:
                raise EntriesError(
                    f"{place}: values are separated by {called}: separate them by commas, with "
                    "points in decimal numbers"
                )
    for name in names:
        if not name:
            raise EntriesError(f"{place}: a column without a name")
        if names.count(name) > 1:
            raise EntriesError(f"{place}: two columns named {name!r}")
    return names


def read_json(path: Path) -> Any:
    """Values of a JSON file, plain or packed with gzip.

    Raises
    ------
    EntriesError
        If it is no JSON, or an object in it gives one name twice.
    """
    text = _text(path)
    if not text.strip():
        raise EntriesError(f"{path}: the file is empty")
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise EntriesError(f"{path}, {place}: no JSON ({error.msg})") from None
    except _TwiceError as error:
        raise EntriesError(f"{path}: an object gives {error.args[0]!r:.40} twice") from None
    except ValueError as error:  # an integer of thousands of digits
        raise EntriesError(f"{path}: no JSON ({error})") from None
    except RecursionError:
        raise EntriesError(f"{path}: lists or objects nested too deeply") from None


class _TwiceError(Exception):
    """A name that stands twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise _TwiceError(name)
        values[name] = value
    return values


def refuse(path: Path, place: str, reason: str) -> NoReturn:
    """Raise the error of one row.

    Raises
    ------
    EntriesError
    """
    raise EntriesError(f"{path}, {place}: {reason}; nothing of the file was taken")
