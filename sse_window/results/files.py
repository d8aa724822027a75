"""The final file of a run: which of its rows, in which order, as Parquet, CSV or JSON lines.

Rows are read twice, a part at a time: once to choose and sort them, once to write them. Memory does
not grow with their number but for the values that they are sorted by.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from ..core.errors import DataError
from ..core.files import replacing
from .arrow_columns import arrow_array, arrow_type
from .columns import no_column
from .row_filter import Condition, condition
from .rows import csv_cell
from .schema import SCHEMA, Kind

__all__ = ["SUFFIXES", "Choice", "choose", "write_rows"]

SUFFIXES = (".parquet", ".csv", ".jsonl")
"""Endings of the files that rows are written to."""

Row: TypeAlias = Sequence[Any]
Place: TypeAlias = tuple[int, int]  # item, and which of its rows

_PART = 4096
"""Rows that are held at a time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows and columns are wanted, and in which order.

    Attributes
    ----------
    where : str or None
        Condition on the columns, see :mod:`~sse_window.results.row_filter`. Where it cannot be
        told, it does not hold.
    sort : str or None
        Column to sort by, ascending; with ``-`` before it, descending. Null comes last, rows that
        are alike keep their order.
    top : int or None
        Only so many rows.
    columns : tuple of str or None
        Only these columns, in this order.
    """

    where: str | None = None
    sort: str | None = None
    top: int | None = None
    columns: tuple[str, ...] | None = None

    def check(self, columns: Mapping[str, Kind]) -> None:
        """Find out before a long run whether the columns have what is asked for.

        Raises
        ------
        DataError
            If the condition cannot be read, or names a column that does not exist.

        Examples
        --------
        >>> Choice(where="band_gap > 1").check({"formula": "text"})
        Traceback (most recent call last):
        ...
        sse_window.core.errors.DataError: --where 'band_gap > 1': no column 'band_gap'; columns:
        formula
        """
        if self.where is not None:
            self._condition(columns)
        if self.sort is not None and self._sort_column not in columns:
            raise DataError(f"--sort {self.sort}: {no_column(self._sort_column, columns)}")
        for name in self.columns or ():
            if name not in columns:
                raise DataError(f"--columns {name}: {no_column(name, columns)}")
        if self.top is not None and self.top < 1:
            raise DataError(f"--top {self.top}: give the number of rows to keep, at least 1")

    @property
    def _sort_column(self) -> str:
        return (self.sort or "").removeprefix("-")

    def _condition(self, columns: Mapping[str, Kind]) -> Condition:
        return (lambda _: True) if self.where is None else condition(self.where, columns)


def choose(
    rows_of: Callable[[int], Sequence[Row]],
    items: Iterable[int],
    columns: Mapping[str, Kind],
    choice: Choice,
) -> list[Place]:
    """Places of the rows that are wanted, in order.

    Parameters
    ----------
    rows_of : callable
        Rows of one item, each with the values of all columns.
    items : iterable of int
        In order.
    columns : mapping of str to kind
    choice : Choice

    Returns
    -------
    list of (item, row)

    Raises
    ------
    DataError
        If the condition cannot be read.
    """
    names = list(columns)
    wanted = choice._condition(columns)
    by = names.index(choice._sort_column) if choice.sort else None
    places: list[Place] = []
    keys: list[Any] = []
    for item in items:
        for i, row in enumerate(rows_of(item)):
            if wanted(row):
                places.append((item, i))
                if by is not None:
                    keys.append(row[by])
    if by is not None:
        places = _sorted(places, keys, descending=(choice.sort or "").startswith("-"))
    return places[: choice.top]


def _sorted(places: Sequence[Place], keys: Sequence[Any], *, descending: bool) -> list[Place]:
    known = [i for i, key in enumerate(keys) if key is not None]
    unknown = [i for i, key in enumerate(keys) if key is None]
    # Reversed sorting keeps the order of equal keys, too.
    order = sorted(known, key=lambda i: keys[i], reverse=descending)
    return [places[i] for i in [*order, *unknown]]


def write_rows(
    path: Path,
    rows: Iterable[Row],
    columns: Mapping[str, Kind],
    metadata: Mapping[str, Any] | None = None,
) -> int:
    """Write rows to a file that appears whole or not at all.

    Parameters
    ----------
    path : Path
        Ends in one of :data:`SUFFIXES`.
    rows : iterable of sequence
        Values of all columns; None is null.
    columns : mapping of str to kind
    metadata : mapping, optional
        What else there is to know, kept where the format has a place for it (Parquet).

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    OutputError
        If the file system refuses.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> write_rows(path, [["Li2S", None]], {"formula": "text", "window_width_V": "number"})
    1
    >>> path.read_text()
    'formula,window_width_V\\nLi2S,\\n'
    """
    writer = {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl}[path.suffix.lower()]
    written = 0
    everything = iter(rows)
    with replacing(path) as temporary:
        with writer(temporary, columns, metadata or {}) as write:
            while part := list(islice(everything, _PART)):
                write(part)
                written += len(part)
        # What the rows came from may be deleted as soon as this file is there.
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
    return written


Write: TypeAlias = Callable[[Sequence[Row]], None]


@contextmanager
def _csv(path: Path, columns: Mapping[str, Kind], _: Mapping[str, Any]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        yield lambda rows: writer.writerows([csv_cell(value) for value in row] for row in rows)


@contextmanager
def _jsonl(path: Path, columns: Mapping[str, Kind], _: Mapping[str, Any]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:

        def write(rows: Sequence[Row]) -> None:
            for row in rows:
                record = {"schema": SCHEMA, **dict(zip(columns, row, strict=True))}
                file.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")

        yield write


@contextmanager
def _parquet(
    path: Path, columns: Mapping[str, Kind], metadata: Mapping[str, Any]
) -> Iterator[Write]:
    import pyarrow
    from pyarrow import parquet

    said = {f"sse_window.{key}": json.dumps(value) for key, value in metadata.items()}
    schema = pyarrow.schema([(name, arrow_type(kind)) for name, kind in columns.items()], said)

    def write(rows: Sequence[Row]) -> None:
        arrays = [
            arrow_array(column, kind)
            for column, kind in zip(zip(*rows, strict=True), columns.values(), strict=True)
        ]
        file.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

    with parquet.ParquetWriter(path, schema, compression="zstd") as file:
        yield write
