"""Lists of compositions or pairs that someone wrote: text, CSV, JSON, Parquet."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.errors import DataError
from ..core.files import shown
from .selection import Selection

__all__ = ["read_list"]

_FORMULA_COLUMNS = ("formula", "electrolyte")
_ELECTRODE_COLUMN = "electrode"

_SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon"}
_SEPARATOR_OF = {".csv": ",", ".tsv": "\t"}

_LONGEST_HEADER = 100_000
"""Characters; a line that is longer names no columns."""


def read_list(path: str | Path, column: str | None = None) -> Selection:
    """Read formulas, or pairs, from a file.

    Parameters
    ----------
    path : str or Path
        A ``.parquet``, ``.json``, ``.jsonl`` or ``.csv`` file with a column ``formula`` (or
        ``electrolyte``) and possibly ``electrode``; any other file is text with one formula a line,
        ``#`` beginning a comment, or such a CSV. Values of a CSV are separated by the commas, tabs
        or semicolons of its header. JSON is a list of formulas or of objects, or an object of
        columns. ``-`` is standard input, text or CSV.
    column : str, optional
        Column of the formulas, where it has another name.

    Returns
    -------
    Selection

    Raises
    ------
    DataError
        If the file cannot be read, has no such column, or holds nothing to screen.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "list.csv"
    >>> _ = path.write_text("formula,batch\\nLGPS,7\\nLi3PS4,\\n")
    >>> selection = read_list(path)
    >>> selection.formulas, dict(selection.columns)
    (('LGPS', 'Li3PS4'), {'batch': [7, None]})
    """
    name = "standard input" if str(path) == "-" else shown(path)
    suffix = Path(path).suffix.lower()
    names = _FORMULA_COLUMNS if column is None else (column,)
    if suffix == ".parquet":
        selection = _from_columns(_parquet_columns(Path(path), name), name, names)
    elif suffix in (".json", ".jsonl", ".ndjson"):
        selection = _from_columns(_json_columns(_text(path, name), name, names[0]), name, names)
    else:
        text = _text(path, name)
        usual = _SEPARATOR_OF.get(suffix) or (None if column is None else ",")
        separator = _separator(text, usual or ",", names) or usual
        if separator:
            selection = _from_columns(_csv_columns(text, name, separator, names), name, names)
        else:
            selection = Selection(tuple(_lines(text)), source=name)
    if not selection.formulas:
        raise DataError(f"nothing to screen in {name}: give one formula a line, such as Li3PS4")
    return selection


def _text(path: str | Path, name: str) -> str:
    if str(path) == "-" and sys.stdin is None:  # so Python says that it was closed
        raise DataError("cannot read standard input: it is closed; name a file, or pipe a list in")
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot read {name}: {reason}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"cannot read {name}: byte {error.start} is not UTF-8 text; save it as UTF-8"
        ) from None


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        formula = line.split("#", 1)[0].strip()
        if formula:
            yield formula


def _separator(text: str, usual: str, names: Sequence[str]) -> str | None:
    """What separates columns, if the first line that says something names those of a list."""
    first = next(iter(_said(text)), "")
    if len(first) > _LONGEST_HEADER:
        return None
    for separator in (usual, *_SEPARATORS):
        header = next(csv.reader([first], delimiter=separator), [])
        if any(name.strip() in names for name in header):
            return separator
    return None


def _said(text: str) -> list[str]:
    """Lines of a CSV file from the first that is neither empty nor a comment; ends are kept."""
    lines = text.splitlines(keepends=True)
    begin = next((i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), 0)
    return lines[begin:]


def _csv_columns(
    text: str, name: str, separator: str, names: Sequence[str]
) -> dict[str, list[Any]]:
    try:
        rows = [row for row in csv.reader(_said(text), delimiter=separator, strict=True) if row]
    except csv.Error as error:
        raise DataError(f"cannot read {name} as CSV: {error}") from None
    if not rows:
        return {"formula": []}
    header = [column.strip() for column in rows[0]]
    for column in header:
        if header.count(column) > 1:
            raise DataError(f"{name}: the column {column!r} stands there twice: rename one")
    columns: dict[str, list[Any]] = {column: [] for column in header}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(header):
            raise DataError(
                f"{name}: row {number} has {len(row)} fields, the header {len(header)}; "
                f"put fields that hold a {_SEPARATORS[separator]} in quotation marks"
            )
        for column, value in zip(header, row + [""] * (len(header) - len(row)), strict=True):
            columns[column].append(value)
    texts = (*names, _ELECTRODE_COLUMN)
    return {
        column: values if column in texts else _typed(values) for column, values in columns.items()
    }


def _typed(texts: Sequence[str]) -> list[Any]:
    """A column of a CSV file as numbers or truth values where all of it reads as such."""
    present = [text for text in texts if text.strip()]
    for kind in (_whole, _number, _truth):
        if present and all(kind(text) is not None for text in present):
            return [kind(text) if text.strip() else None for text in texts]
    return [text or None for text in texts]


# 007 is a label, and so are digits that a number would not keep.
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14}|(0|[1-9]\d*)?\.\d*)([eE][-+]?\d{1,3})?")


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text.strip()) else None


def _number(text: str) -> float | None:
    if not _DECIMAL.fullmatch(text.strip()) or not any(c.isdigit() for c in text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.strip().lower())


def _json_columns(text: str, name: str, column: str) -> dict[str, list[Any]]:
    try:
        try:
            values = json.loads(text)
        except json.JSONDecodeError:
            # One value a line; a single line that is wrong fails again.
            values = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise DataError(f"cannot read {name} as JSON: {error!s:.120}") from None
    if isinstance(values, dict) and isinstance(values.get("results"), list):
        values = values["results"]
    if isinstance(values, dict):
        if not all(isinstance(items, list) for items in values.values()):
            values = [values]
        elif len({len(items) for items in values.values()}) > 1:
            raise DataError(f"{name}: its columns have different lengths")
        else:
            return {key: [_plain(item) for item in items] for key, items in values.items()}
    if not isinstance(values, list):
        raise DataError(f"{name} is no list of formulas")
    columns: dict[str, list[Any]] = {}
    for number, value in enumerate(values):
        row = {column: value} if isinstance(value, str) else value
        if not isinstance(row, dict):
            raise DataError(f"{name}: item {number + 1} is neither a formula nor an object")
        for key in row:
            columns.setdefault(key, [None] * number)
        for key, items in columns.items():
            items.append(_plain(row.get(key)))
    return columns or {column: []}


def _parquet_columns(path: Path, name: str) -> dict[str, list[Any]]:
    import pyarrow
    from pyarrow import parquet

    try:
        # ParquetFile and not read_table, which would load pyarrow.dataset and with it pandas.
        table = parquet.ParquetFile(path).read()
        columns = {key: _without_zone(table[key]).to_pylist() for key in table.column_names}
    except FileNotFoundError:
        raise DataError(f"cannot read {name}: no such file") from None
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:120]
        raise DataError(f"cannot read {name} as Parquet: {reason}") from None
    return {key: [_plain(value) for value in values] for key, values in columns.items()}


def _without_zone(column: Any) -> Any:
    """A column of times in UTC: what a zone is called may be unknown here."""
    import pyarrow

    if not pyarrow.types.is_timestamp(column.type):
        return column
    return column.cast(pyarrow.timestamp("us"), safe=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _from_columns(
    columns: Mapping[str, Sequence[Any]], name: str, names: Sequence[str]
) -> Selection:
    key = next((column for column in names if column in columns), None)
    if key is None:
        raise DataError(
            f"{name} has no column {' or '.join(map(repr, names))}; its columns are "
            f"{', '.join(columns) or 'none':.300}: name that of the formulas with --column"
        )
    electrodes = columns.get(_ELECTRODE_COLUMN)
    taken = {key, _ELECTRODE_COLUMN}
    return Selection(
        formulas=tuple("" if value is None else str(value).strip() for value in columns[key]),
        electrodes=None
        if electrodes is None
        else tuple("" if value is None else str(value).strip() for value in electrodes),
        columns={column: values for column, values in columns.items() if column not in taken},
        source=name,
    )
