"""What to screen: a list that someone wrote, or the phases of a dataset by their elements."""

from __future__ import annotations

import csv
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.elements import ATOMIC_NUMBER
from ..core.errors import DataError, FormulaError
from ..phases.table import PhaseTable

__all__ = ["Selection", "matching", "read_list", "select_phases"]

BoolArray: TypeAlias = npt.NDArray[np.bool_]

_FORMULA_COLUMNS = ("formula", "electrolyte")
_ELECTRODE_COLUMN = "electrode"

_SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon"}
_SEPARATOR_OF = {".csv": ",", ".tsv": "\t"}

_LONGEST = 300
"""Words of an expression; all elements with operators are fewer, and brackets nest less deep."""


@dataclass(frozen=True)
class Selection:
    """Compositions in the order in which their results are wanted.

    Attributes
    ----------
    formulas : tuple of str
        Names or formulas as typed; not looked at yet.
    electrodes : tuple of str or None
        An electrode for each formula, where the list names pairs.
    columns : mapping of str to sequence
        Further columns, one value per formula (None where there is none), carried through.
    source : str
        Where they come from, for messages.
    """

    formulas: tuple[str, ...]
    electrodes: tuple[str, ...] | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    source: str = "list"

    def __len__(self) -> int:
        return len(self.formulas)


def read_list(path: str | Path) -> Selection:
    """Read formulas, or pairs, from a file.

    Parameters
    ----------
    path : str or Path
        A ``.parquet`` file or a ``.csv`` file with a column ``formula`` (or ``electrolyte``) and
        possibly ``electrode``; any other file is text with one formula a line, ``#`` beginning a
        comment, or such a CSV. Values of a CSV are separated by the commas, tabs or semicolons of
        its header. ``-`` is standard input, text or CSV.

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
    name = "standard input" if str(path) == "-" else str(path)
    if str(path).lower().endswith(".parquet"):
        selection = _from_columns(_parquet_columns(Path(path)), name)
    else:
        text = _text(path, name)
        usual = _SEPARATOR_OF.get(Path(name).suffix.lower())
        separator = _separator(text, usual or ",") or usual
        if separator:
            selection = _from_columns(_csv_columns(text, name, separator), name)
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
    except OSError as error:
        raise DataError(f"cannot read {name}: {error.strerror or error}") from None
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


def _separator(text: str, usual: str) -> str | None:
    """What separates columns, if the first line that says something names those of a list."""
    first = next(iter(_said(text)), "")
    for separator in (usual, *_SEPARATORS):
        header = next(csv.reader([first], delimiter=separator), [])
        if any(name.strip() in _FORMULA_COLUMNS for name in header):
            return separator
    return None


def _said(text: str) -> list[str]:
    """Lines of a CSV file from the first that is neither empty nor a comment; ends are kept."""
    lines = text.splitlines(keepends=True)
    begin = next((i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), 0)
    return lines[begin:]


def _csv_columns(text: str, name: str, separator: str) -> dict[str, list[Any]]:
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
    texts = (*_FORMULA_COLUMNS, _ELECTRODE_COLUMN)
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


def _parquet_columns(path: Path) -> dict[str, list[Any]]:
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except FileNotFoundError:
        raise DataError(f"cannot read {path}: no such file") from None
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:120]
        raise DataError(f"cannot read {path} as Parquet: {reason}") from None
    return {
        name: [_plain(value) for value in column.to_pylist()]
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _from_columns(columns: Mapping[str, Sequence[Any]], name: str) -> Selection:
    key = next((column for column in _FORMULA_COLUMNS if column in columns), None)
    if key is None:
        raise DataError(
            f"{name} has no column 'formula' or 'electrolyte'; its columns are "
            f"{', '.join(columns) or 'none'}"
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


def select_phases(
    table: PhaseTable, expression: str, max_e_above_hull: float | None = None
) -> Selection:
    """Compounds of a dataset by the elements that they hold.

    Parameters
    ----------
    table : PhaseTable
    expression : str
        Elements joined by ``&`` (and), ``|`` (or), ``!`` (not) and brackets.
    max_e_above_hull : float, optional
        Leave out phases that are known to lie higher above the hull [eV/atom].

    Returns
    -------
    Selection
        In the order of the table. Pure elements are no compounds, and are left out.

    Raises
    ------
    FormulaError
        If the expression cannot be read.
    DataError
        If no phase matches.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> select_phases(table, "Li & S & !P").formulas
    ('Li2S',)
    """
    wanted = matching(table, expression) & (np.diff(table.offsets) > 1)
    if max_e_above_hull is not None:
        wanted &= ~(table.e_above_hull > max_e_above_hull)
    if not wanted.any():
        below = "" if max_e_above_hull is None else f" within {max_e_above_hull:g} eV/atom"
        raise DataError(
            f"no compound in dataset {table.provenance.name!r} matches {expression!r}{below}"
        )
    formulas = tuple(table.formulas[np.flatnonzero(wanted)].tolist())
    return Selection(formulas, source=f"{expression} in {table.provenance.name}")


def matching(table: PhaseTable, expression: str) -> BoolArray:
    """Which phases of a table an expression of elements holds for.

    Parameters
    ----------
    table : PhaseTable
    expression : str
        As in :func:`select_phases`.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    FormulaError
        If the expression cannot be read.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> table.formulas[matching(table, "Li & (S | P)")].tolist()
    ['Li2S', 'Li3P']
    """
    return _Expression(expression, _holding(table)).value()


def _holding(table: PhaseTable) -> Callable[[str], BoolArray]:
    phase_of = np.repeat(np.arange(len(table)), np.diff(table.offsets))

    def holding(element: str) -> BoolArray:
        held = np.zeros(len(table), bool)
        held[phase_of[table.numbers == ATOMIC_NUMBER[element]]] = True
        return held

    return holding


class _Expression:
    """``|`` binds weaker than ``&``, and ``&`` weaker than ``!``."""

    def __init__(self, text: str, holding: Callable[[str], BoolArray]) -> None:
        self._text = text
        self._holding = holding
        self._tokens = re.findall(r"[A-Za-z]+|\S", text)
        self._next = 0

    def value(self) -> BoolArray:
        if len(self._tokens) > _LONGEST:
            raise FormulaError(f"an expression of more than {_LONGEST} words: shorten it")
        if not self._tokens:
            raise FormulaError("empty expression of elements: give one such as 'Li & (S | Cl)'")
        value = self._either()
        if self._next < len(self._tokens):
            raise self._error(f"expected & or | before {self._tokens[self._next]!r}")
        return value

    def _take(self, *wanted: str) -> bool:
        there = self._next < len(self._tokens) and self._tokens[self._next] in wanted
        self._next += there
        return there

    def _either(self) -> BoolArray:
        value = self._both()
        while self._take("|", "or"):
            value = value | self._both()
        return value

    def _both(self) -> BoolArray:
        value = self._single()
        while self._take("&", "and"):
            value = value & self._single()
        return value

    def _single(self) -> BoolArray:
        if self._take("!", "~", "not"):
            return ~self._single()
        if self._take("("):
            value = self._either()
            if not self._take(")"):
                raise self._error("a bracket is never closed")
            return value
        if self._next == len(self._tokens):
            raise self._error("it ends where an element should follow")
        token = self._tokens[self._next]
        if token not in ATOMIC_NUMBER:
            known = token.capitalize()
            hint = f", did you mean {known}?" if known in ATOMIC_NUMBER else ""
            raise self._error(f"{token!r} is no element{hint}")
        self._next += 1
        return self._holding(token)

    def _error(self, problem: str) -> FormulaError:
        return FormulaError(
            f"cannot read {self._text!r}: {problem}; write elements with &, |, ! and brackets, "
            "such as 'Li & (S | Cl) & !C'"
        )
