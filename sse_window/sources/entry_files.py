"""Reading a user's file into rows of plain values; what they mean is decided elsewhere.

Whatever a file holds, only :class:`~sse_window.core.errors.EntriesError` comes out, naming the
file, the line or entry, and the reason.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ..core.errors import EntriesError
from ..core.files import shown
from .headings import FORMULA, meaning_of
from .packed_files import LARGEST_bytes, file_bytes

__all__ = ["Row", "read_csv", "read_json", "read_parquet", "read_xlsx", "refuse"]

_SEPARATORS = ",;\t|"


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


def read_csv(path: Path) -> list[Row]:
    """Rows of a text file: UTF-8, a header line, values between commas, semicolons, tabs or bars.

    Empty lines, and those that begin with ``#``, are ignored. Where values are not separated by
    commas, a number may have a decimal comma. A first column without a name is an index, and left
    out.

    Raises
    ------
    EntriesError
        If it is not such a file, has no rows, or a row has more or fewer values than the header.
    """
    text = _text(path)
    separator = _separator(text)
    lines = io.StringIO(text, newline="")
    # A comment stays as an empty line, so that the others keep their numbers.
    said = ("\n" if line.lstrip().startswith("#") else line for line in lines)
    reader = csv.reader(said, strict=True, delimiter=separator)
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
                    f"{shown(path)}, {place}: {len(stripped)} values for {len(header)} columns "
                    f"({', '.join(header):.200}); a value that holds a separator needs quotes"
                )
            if separator != ",":
                stripped = [_decimal_point(value) for value in stripped]
            pairs = zip(header, stripped, strict=True)
            rows.append(Row(place, {name: value or None for name, value in pairs if name}))
    except csv.Error as error:
        raise EntriesError(
            f"{shown(path)}, line {reader.line_num}: unreadable as CSV ({error})"
        ) from None
    if not rows:
        problem = "no phases in it" if header else "the file is empty"
        raise EntriesError(f"{shown(path)}: {problem}")
    return rows


def _separator(text: str) -> str:
    """What separates values: that by which the header holds a formula, else the most frequent."""
    header = next(
        (x for x in text.splitlines() if x.strip() and not x.lstrip().startswith("#")), ""
    )
    for separator in _SEPARATORS:
        names = next(csv.reader([header], delimiter=separator), [])
        if len(names) > 1 and any(meaning_of(name) == FORMULA for name in names):
            return separator
    return max(_SEPARATORS, key=header.count)


def _decimal_point(value: str) -> str:
    """A number with a decimal comma as one with a point."""
    before, comma, after = value.partition(",")
    digits = before.lstrip("+-").isdigit() and after[:1].isdigit()
    return f"{before}.{after}" if comma and digits and "," not in after else value


def _text(path: Path) -> str:
    data = file_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise EntriesError(
            f"{shown(path)}, line {line}: not UTF-8 text: save it as UTF-8"
        ) from None


def _header(path: Path, names: list[str], line: int) -> list[str]:
    """Names of columns; a first one without a name stays empty."""
    place = f"{shown(path)}, line {line}"
    for number, name in enumerate(names):
        if not name and (number > 0 or len(names) == 1):
            raise EntriesError(f"{place}: a column without a name")
        if names.count(name) > 1:
            raise EntriesError(f"{place}: two columns named {name!r:.60}")
    if names[0] == "Unnamed: 0":  # so pandas calls an index that it has read back
        return ["", *names[1:]]
    return names


def read_parquet(path: Path) -> list[Row]:
    """Rows of a Parquet file.

    Raises
    ------
    EntriesError
        If it is none, is empty, or too large.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(file_bytes(path)))
        groups = range(file.metadata.num_row_groups)
        size = sum(file.metadata.row_group(i).total_byte_size for i in groups)
        if size > LARGEST_bytes or file.metadata.num_rows > LARGEST_bytes // 100:
            raise EntriesError(f"{shown(path)}: more than {LARGEST_bytes // 2**20} MB: divide it")
        listed = file.read().to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:120]
        raise EntriesError(f"{shown(path)}: unreadable as Parquet ({reason})") from None
    if not listed:
        raise EntriesError(f"{shown(path)}: no phases in it")
    return [Row(f"row {i}", _without_index(values)) for i, values in enumerate(listed, start=1)]


def _without_index(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: None if value != value else value
        for name, value in values.items()
        if not name.startswith("__index_level_")
    }


def read_xlsx(path: Path) -> list[Row]:
    """Rows of the first sheet of an Excel file; values, not formulas.

    Raises
    ------
    EntriesError
        If it is none, is empty or too large, or openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise EntriesError(
            f"{shown(path)}: reading it needs openpyxl: install it with 'pip install openpyxl', or "
            "save the file as CSV"
        ) from None
    data = io.BytesIO(file_bytes(path))
    try:
        with zipfile.ZipFile(data) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_bytes:
                raise EntriesError(
                    f"{shown(path)}: more than {LARGEST_bytes // 2**20} MB when it is unpacked"
                )
        book = openpyxl.load_workbook(data, read_only=True, data_only=True)
        table = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except EntriesError:
        raise
    except Exception as error:  # openpyxl raises what it meets
        raise EntriesError(
            f"{shown(path)}: unreadable as an Excel file ({type(error).__name__})"
        ) from None
    filled = [(i, row) for i, row in enumerate(table, start=1) if any(v is not None for v in row)]
    if len(filled) < 2:
        raise EntriesError(f"{shown(path)}: no phases in its first sheet")
    (line, names), *rows = filled
    header = _header(path, ["" if n is None else str(n).strip() for n in names], line)
    return [
        Row(f"row {i}", {n: _cell(v) for n, v in zip(header, row, strict=False) if n})
        for i, row in rows
    ]


def _cell(value: Any) -> Any:
    return value.strip() or None if isinstance(value, str) else value


def read_json(path: Path) -> Any:
    """Values of a JSON file, or a list of those of a file of JSON lines.

    Raises
    ------
    EntriesError
        If it is no JSON, or an object in it gives one name twice.
    """
    text = _text(path)
    if not text.strip():
        raise EntriesError(f"{shown(path)}: the file is empty")
    try:
        try:
            return json.loads(text, object_pairs_hook=_unique)
        except json.JSONDecodeError as error:
            values = _json_lines(text, error)
            if values is None:
                raise
            return values
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise EntriesError(f"{shown(path)}, {place}: no JSON ({error.msg})") from None
    except _TwiceError as error:
        raise EntriesError(f"{shown(path)}: an object gives {error.args[0]!r:.40} twice") from None
    except ValueError as error:  # an integer of thousands of digits
        raise EntriesError(f"{shown(path)}: no JSON ({error})") from None
    except RecursionError:
        raise EntriesError(f"{shown(path)}: lists or objects nested too deeply") from None


def _json_lines(text: str, error: json.JSONDecodeError) -> list[Any] | None:
    """Values of lines, if the first line is one as a whole."""
    if error.msg != "Extra data" or text[: error.pos].count("\n") == 0:
        return None
    values = []
    begin = 0
    # Only line feeds: other ends of lines may stand in texts.
    for line in text.split("\n"):
        if line.strip():
            try:
                values.append(json.loads(line, object_pairs_hook=_unique))
            except json.JSONDecodeError as inner:
                raise json.JSONDecodeError(inner.msg, text, begin + inner.pos) from None
        begin += len(line) + 1
    return values


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
    raise EntriesError(f"{shown(path)}, {place}: {reason}; nothing of the file was taken")
