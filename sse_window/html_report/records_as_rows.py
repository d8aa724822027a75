"""Records of the JSON output as the flat rows that a table of results holds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..results.rows import Row, cell, holds
from ..results.rows import row as row_of
from ..results.schema import COATING, ORIGIN, PAIR, STACK, WINDOW, Column, known_columns

__all__ = ["FlatRecord", "Row", "flat_row"]


@cache
def _nested() -> dict[str, tuple[Column, ...]]:
    """Columns by the key of the record under which they lie deeper."""
    found: dict[str, dict[str, Column]] = {}
    for column in (*WINDOW, *PAIR, *COATING, *STACK):
        if column not in ORIGIN and column.path and column.path != column.key:
            found.setdefault(column.steps[0], {}).setdefault(column.key, column)
    return {head: tuple(columns.values()) for head, columns in found.items()}


@dataclass(frozen=True, slots=True)
class FlatRecord:
    """A record taken apart: what a row can hold, and what it cannot.

    Attributes
    ----------
    row : dict
        Columns as :mod:`sse_window.results.schema` names them.
    steps, products : object
        As the record holds them; None where it does not.
    options : dict
    """

    row: Row
    steps: Any
    products: Any
    options: Row


def flat_row(record: Mapping[str, Any]) -> FlatRecord:
    """Flatten a record; a row that is flat already passes through.

    Parameters
    ----------
    record : mapping
        A row, or a record of the JSON contract with the keys of its envelope.

    Returns
    -------
    FlatRecord

    Examples
    --------
    >>> flat_row({"formula": "Li3N", "oxidation": {"gases": ["N2"]}, "batch": 7}).row
    {'formula': 'Li3N', 'oxidation_gases': 'N2', 'batch': 7}
    """
    row: Row = {}
    steps = products = None
    options: Row = {}
    in_envelope = isinstance(record.get("dataset"), Mapping)
    if in_envelope:
        row |= row_of(record, [column for column in ORIGIN if holds(record, column.steps)])
    for key, value in record.items():
        if key in _LEFT_OUT or (key == "steps" and value is None):
            continue
        if in_envelope and key in ("version", "dataset"):
            continue
        if key == "options" and (given := _options(value)) is not None:
            options = {name: entry for name, entry in given.items() if entry not in (None, [])}
        elif key == "steps" and (said := _said_steps(value)) is not None:
            steps = said
        elif key in _nested() and isinstance(value, (Mapping, list)):
            if key == "interphase":
                products = _products(value.get("products")) if isinstance(value, Mapping) else None
            row |= _known(key, value)
        elif key not in _nested() or value is not None:
            column = known_columns().get(key)
            row[key] = cell(value, column) if column and isinstance(value, list) else _cell(value)
    return FlatRecord(row, steps, products, options)


_LEFT_OUT = ("schema", "energies_over_range", "elsewhere")
"""What no row holds, whatever the format that it comes from."""


def _known(key: str, value: Any) -> Row:
    """What the schema knows of an entry of the record, as far as the entry says something of it."""
    columns = [c for c in _nested()[key] if holds({key: value}, c.steps)]
    return row_of({key: value}, columns)


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and all(isinstance(v, (str, int, float)) for v in value):
        separator = "; " if any(isinstance(entry, str) for entry in value) else ", "
        return separator.join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in value) or None
    if isinstance(value, (list, tuple, Mapping)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value if isinstance(value, (str, int, float)) or value is None else str(value)


def _products(value: Any) -> list[Row] | None:
    if not isinstance(value, list):
        return None
    return [
        {key: _finite(product.get(key)) for key in _OF_A_PRODUCT}
        for product in value
        if isinstance(product, Mapping)
    ]


_OF_A_PRODUCT = ("formula", "amount", "electronic", "ionic", "volume_fraction", "reason", "source")


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _said_steps(value: Any) -> list[Any] | None:
    """Steps as a list, or as the JSON that a cell of a table holds."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, list) else None


def _options(value: Any) -> Mapping[str, Any] | None:
    """Options of a record: an object, or that object as the text of a flat column."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return None  # a column of the user's that is called so
    return value if isinstance(value, Mapping) else None
