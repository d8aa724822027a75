"""Results back from a file: rows of `screen`, records of `window` and `pair`, in any format."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.errors import DataError
from ..results.schema import COATING, SCHEMA, STACK, Column, known_columns, label_and_unit
from .records_as_rows import Row, flat_row

__all__ = ["Results", "read_results"]

SUFFIXES = (".parquet", ".csv", ".jsonl", ".json")

_PASSED = "ok"
_ANSWERS = (_PASSED, "accepted", "borderline", "rejected")
"""What a status says of a row that has an answer."""

_EXACT = 2**53
"""Whole numbers from here on are names: a double, all that JavaScript has, cannot hold them."""

_OF_EVERY_RECORD = ("schema", "version", "dataset", "options")
"""Keys of an envelope that say something of each of its records."""

_METADATA = "sse_window."

_OF_ANALYSES = ("chemical_", "electrochemical_", "spread_", "additive")
"""Columns that the program adds on request; too many to be shown from the start."""

_LAST = 1000
"""Place of a column behind those of the schema."""

_MOST_FURTHER = 8
"""Further columns that the table shows from the start; the others are a click away."""


@dataclass(frozen=True)
class Results:
    """Rows of one file, ready to be shown.

    Attributes
    ----------
    source : str
        Name of the file.
    sha256 : str
        Hash of the file.
    kind : str
        ``window``, ``pair``, ``coating`` or ``stack``.
    columns : tuple of Column
        Known ones in their order, then the others in that of the file.
    rows : tuple of dict
        Values are None, bool, int, finite float or str.
    steps : tuple
        The steps that a row carries, None where it carries none.
    products : tuple
        The interphase products that a row carries, None where it carries none.
    failures : tuple of str or None
        Message of each row that failed.
    options : tuple of dict
        The different sets of options that the results were computed with, as far as the file says.
    """

    source: str
    sha256: str
    kind: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    steps: tuple[Any, ...]
    products: tuple[Any, ...]
    failures: tuple[str | None, ...]
    options: tuple[Row, ...]


def read_results(path: str | Path) -> Results:
    """Read results of `screen`, `window` or `pair`.

    Parameters
    ----------
    path : str or Path
        A ``.parquet``, ``.csv``, ``.jsonl`` or ``.json`` file.

    Returns
    -------
    Results

    Raises
    ------
    DataError
        If the file cannot be read or holds something else.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("formula,oxidation_potential_V,batch\\nLi3PS4,2.4,7\\nLi2O,,8\\n")
    >>> results = read_results(path)
    >>> results.rows[1]
    {'formula': 'Li2O', 'oxidation_potential_V': None, 'batch': 8}
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(f"cannot read {path}: give results as {', '.join(SUFFIXES)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from None
    reader = {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl, ".json": _json}[suffix]
    records, names, options = reader(content, path)
    return _results(records, names, options, path, hashlib.sha256(content).hexdigest())


Records = tuple[list[dict[str, Any]], list[str], Row]
"""Records, names of their columns, and options that hold for all of them."""


def _parquet(content: bytes, path: Path) -> Records:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(content))
        records: list[dict[str, Any]] = table.to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{path} is no readable Parquet file: {_one_line(error)}") from None
    names = table.column_names
    if len(set(names)) < len(names):
        raise DataError(f"{path} holds two columns of one name: rename one")
    return records, names, _said_in_metadata(table.schema.metadata or {}, path)


def _said_in_metadata(metadata: Mapping[bytes, bytes], path: Path) -> Row:
    """What the program wrote about the whole file: its options, and the list that it answers."""
    said: Row = {}
    for key, value in metadata.items():
        name = key.decode("utf-8", "replace")
        if name.startswith(_METADATA):
            said[name.removeprefix(_METADATA)] = _parsed(
                value.decode("utf-8", "replace"), f"{path}, metadata {name}"
            )
    _check_record(said, str(path))
    plan = said.get("plan")
    options = plan if isinstance(plan, dict) else {}
    named = {"list": said["source"]} if said.get("source") else {}
    return {key: value for key, value in (options | named).items() if value not in (None, [])}


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8"
        ) from None


def _csv(content: bytes, path: Path) -> Records:
    known = known_columns()
    reader = csv.reader(io.StringIO(_text(content, path), newline=""), strict=True)
    try:
        header = next(reader, [])
        if len(set(header)) < len(header):
            raise DataError(f"{path} holds two columns of one name: rename one")
        lines = []
        for fields in reader:
            if not fields:
                continue
            if len(fields) != len(header):
                raise DataError(
                    f"{path}, line {reader.line_num}: {len(fields)} fields where the header has "
                    f"{len(header)}: the file is damaged or cut off"
                )
            lines.append(fields)
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}") from None
    columns: list[list[Any]] = []
    for place, name in enumerate(header):
        texts = [fields[place] for fields in lines]
        columns.append([t or None for t in texts] if name in known else _typed(texts))
    return [dict(zip(header, row, strict=True)) for row in zip(*columns, strict=True)], header, {}


def _typed(texts: Sequence[str]) -> list[Any]:
    """A column that the program does not know: numbers if it holds nothing else, else text."""
    numbers = [_plain_number(text) for text in texts]
    if any(isinstance(number, (int, float)) for number in numbers) and "" not in numbers:
        return numbers
    words = {text.lower() for text in texts if text}
    if words and words <= {"true", "false"}:
        return [text.lower() == "true" if text else None for text in texts]
    return [text or None for text in texts]


def _plain_number(text: str) -> int | float | str | None:
    """The number; None for nothing or nan; an empty text for anything else."""
    bare = text.strip()
    if not bare or bare.lower() == "nan":
        return None
    # A leading zero is part of a name such as 007, and Python's own 1_000 is no number in a file.
    digits = bare.lstrip("+-")
    if "_" in bare or (len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()):
        return ""
    try:
        number = float(bare)
    except ValueError:
        return ""
    if not math.isfinite(number):
        return ""
    if not digits.isdecimal():
        return number
    return int(bare) if abs(number) < _EXACT else ""


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is no JSON: {_one_line(error)}") from None


def _jsonl(content: bytes, path: Path) -> Records:
    records = []
    for number, line in enumerate(_text(content, path).split("\n"), start=1):
        if line.strip():
            record = _parsed(line, f"{path}, line {number},")
            _check_record(record, f"{path}, line {number}")
            records.append(record)
    return records, _names(records), {}


def _json(content: bytes, path: Path) -> Records:
    envelope = _parsed(_text(content, path), str(path))
    results = envelope.get("results") if isinstance(envelope, dict) else None
    if not isinstance(results, list) or "schema" not in envelope:
        raise DataError(
            f"{path} holds no results of sse-window: its JSON has no 'schema' with 'results'"
        )
    head = {key: value for key, value in envelope.items() if key in _OF_EVERY_RECORD}
    for number, record in enumerate(results, start=1):
        _check_record(record, f"{path}, result {number}")
    records = [{**head, **record} for record in results]
    _check_record(head, str(path))
    return records, _names(records), {}


def _check_record(record: Any, where: str) -> None:
    if not isinstance(record, dict):
        raise DataError(f"{where} is not a record, but {json.dumps(record)[:40]}")
    schema = record.get("schema", SCHEMA)
    if schema != SCHEMA:
        raise DataError(
            f"{where} has the schema {str(schema)[:40]!r}, not {SCHEMA}: "
            "use the version of sse-window that wrote it"
        )


def _names(records: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for record in records for key in record))


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _results(
    records: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    options: Row,
    path: Path,
    sha256: str,
) -> Results:
    flat = [flat_row(entry) for record in records for entry in _entries(record)]
    found = list(dict.fromkeys(key for entry in flat for key in entry.row))
    kind = _kind([*names, *found], path)
    # A column without a value in any row is still a column of the file.
    found += [name for name in names if not flat and name not in found]
    columns = _columns(found, [entry.row for entry in flat], kind)
    cleaners = [(column.key, _cleaner(column)) for column in columns]
    rows = []
    for number, entry in enumerate(flat, start=1):
        try:
            rows.append({key: clean(entry.row.get(key)) for key, clean in cleaners})
        except _NotANumberError as problem:
            raise DataError(f"{path}, row {number}: {problem}") from None
    said = [options, *(entry.options for entry in flat)]
    different = {json.dumps(entry, sort_keys=True, default=str): entry for entry in said}
    return Results(
        source=path.name,
        sha256=sha256,
        kind=kind,
        columns=columns,
        rows=tuple(rows),
        steps=tuple(entry.steps for entry in flat),
        products=tuple(entry.products for entry in flat),
        failures=tuple(_failure(row) for row in rows),
        options=tuple(given for given in different.values() if given),
    )


def _entries(record: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """A record as it is; of a stack one for each contact."""
    contacts = record.get("contacts")
    if not (isinstance(contacts, list) and "layers" in record):
        return [record]
    whole = {key: value for key, value in record.items() if key in _OF_STACK}
    return [{**whole, "contacts": contact} for contact in contacts if isinstance(contact, Mapping)]


_OF_STACK = (*_OF_EVERY_RECORD, "working_ion", "worst_contact")


def _kind(names: Sequence[str], path: Path) -> str:
    there = set(names)
    if {"coating", "electrolyte", "electrode"} <= there:
        return "coating"
    if {"a", "b", "gap_V"} <= there:
        return "stack"
    if {"electrolyte", "electrode"} <= there:
        return "pair"
    if "formula" in there and there & {"reduction_potential_V", "oxidation_potential_V"}:
        return "window"
    if {"formula", "voltage_low_V", "ion_exchange"} <= there:
        raise DataError(
            f"{path} holds the steps of a voltage profile: give the results of "
            "'sse-window screen', 'window' or 'pair'"
        )
    raise DataError(
        f"{path} holds no results of sse-window: it has neither 'formula' with "
        "'oxidation_potential_V' nor 'electrolyte' with 'electrode'; give the results of "
        "'sse-window screen', 'window' or 'pair'"
    )


_OWN = {"coating": COATING, "stack": STACK}
"""Columns of questions in which a key means something of its own."""


def _columns(names: Sequence[str], rows: Sequence[Row], kind: str) -> tuple[Column, ...]:
    own = {column.key: column for column in _OWN.get(kind, ())}
    known = own | known_columns() | own
    columns = [column for key, column in known.items() if key in names]
    # What tells otherwise equal rows apart.
    for key in ("working_ion", "dataset_name"):
        if len({row.get(key) for row in rows if row.get(key) is not None}) > 1:
            columns = [replace(c, shown=_LAST) if c.key == key else c for c in columns]
    further = [
        _unknown_column(name, [row[name] for row in rows if row.get(name) is not None])
        for name in names
        if name not in known
    ]
    hidden = [replace(column, shown=0) for column in further[_MOST_FURTHER:]]
    columns.sort(key=lambda column: column.shown or _LAST + 1)
    return (*columns, *further[:_MOST_FURTHER], *hidden)


def _unknown_column(name: str, values: Sequence[Any]) -> Column:
    shown = 0 if name.startswith(_OF_ANALYSES) else _LAST
    if values and all(isinstance(value, bool) for value in values):
        return Column(name, name, "truth", missing="unknown", shown=shown)
    label, unit = label_and_unit(name)
    numeric = all(isinstance(v, float) or (type(v) is int and abs(v) < _EXACT) for v in values)
    if values and numeric:
        return Column(name, label, "number", unit, None, "unknown", shown=shown)
    return Column(name, name, shown=shown if values else 0)


class _NotANumberError(ValueError):
    pass


def _cleaner(column: Column) -> Callable[[Any], Any]:
    def number(value: Any) -> float | int | None:
        if value is None or value == "":
            return None
        try:
            # A class is a whole number, though a column with missing values may hold 3.0.
            exact = float(value)
        except (TypeError, ValueError, OverflowError):
            said = str(value)[:40]
            raise _NotANumberError(f"{column.key} is {said!r}, not a number") from None
        if not math.isfinite(exact):
            return None
        return int(exact) if exact.is_integer() and abs(exact) < _EXACT else exact

    def truth(value: Any) -> bool | None:
        if value is None or value == "":
            return None
        said = str(value).lower()
        if said not in ("true", "false"):
            raise _NotANumberError(f"{column.key} is {str(value)[:40]!r}, not true or false")
        return said == "true"

    def text(value: Any) -> str | None:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        return str(value) or None

    return {"number": number, "whole": number, "truth": truth}.get(column.kind, text)


def _failure(row: Row) -> str | None:
    status = row.get("status") or _PASSED
    if status in _ANSWERS:
        return None
    return str(row.get("message") or status)
