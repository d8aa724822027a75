"""Records as the flat rows of a table: one way for every question and every format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..core.composition import format_amount
from ..core.record import Record, plain
from .schema import ORIGIN, Column, program_version

__all__ = ["Row", "cell", "csv_cell", "entry_rows", "holds", "origin_row", "products_text", "row"]

Row: TypeAlias = dict[str, Any]


def row(record: Record | Mapping[str, Any], columns: Sequence[Column]) -> Row:
    """One flat row: the value of every column, taken from a result or from its JSON record.

    Parameters
    ----------
    record : Record or mapping
    columns : sequence of Column
        Optional ones are left out where the record holds nothing of them.

    Returns
    -------
    dict

    Examples
    --------
    >>> from .schema import WINDOW
    >>> made = row({"formula": "Li3N", "oxidation": {"gases": ["N2"]}}, WINDOW)
    >>> made["oxidation_gases"], made["oxidation_potential_V"], "reduction_element" in made
    ('N2', None, False)
    """
    found: dict[tuple[str, ...], Any] = {(): _opened(record)}
    if isinstance(record, Record):
        found[("version",)] = program_version()
    made: Row = {}
    for column in columns:
        path = column.steps
        if column.optional and _at(found, path[:1]) is None:
            continue
        made[column.key] = cell(_at(found, path), column)
    return made


def _at(found: dict[tuple[str, ...], Any], path: tuple[str, ...]) -> Any:
    """Value at a path; what was found on the way is kept."""
    if path not in found:
        found[path] = _opened(_step(_at(found, path[:-1]), path[-1]))
    return found[path]


def holds(record: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Whether a JSON record says something at a path, if only null."""
    *way, last = path
    value: Any = record
    for key in way:
        value = _step(value, key)
    if isinstance(value, Mapping):
        return last in value
    return isinstance(value, list) and _step(value, last) is not None


def _opened(value: Any) -> Any:
    """A result whose record has other keys than its fields, as that record."""
    own = getattr(type(value), "to_dict", Record.to_dict)
    return value if own is Record.to_dict else value.to_dict()


def _step(value: Any, key: str) -> Any:
    if isinstance(value, Record):
        return value.entry(key)
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, (list, tuple)):
        if key.isdecimal():
            return value[int(key)] if int(key) < len(value) else None
        return next((entry for entry in value if _step(entry, "at") == key), None)
    return None


def cell(value: Any, column: Column) -> Any:
    """A value of a record as one cell of a column holds it.

    Parameters
    ----------
    value : object
        As the record holds it; lists become one text.
    column : Column

    Returns
    -------
    str, float, int, bool or None
    """
    value = plain(value, exact=column.unit == "S/cm")
    if isinstance(value, list):
        return _joined(value, column.separator)
    if value is None or isinstance(value, Mapping):
        return None if value is None else json.dumps(value, ensure_ascii=False)
    if column.kind == "number" and isinstance(value, int):
        return float(value)
    return value


def _joined(values: Sequence[Any], separator: str) -> str | None:
    if values and all(isinstance(value, Mapping) for value in values):
        if all({"formula", "deviation_eV_per_atom"} <= set(value) for value in values):
            return separator.join(
                f"{value['formula']} {value['deviation_eV_per_atom']:+.2f} eV/atom"
                for value in values
            )
        try:
            return products_text(values)
        except (KeyError, TypeError, ValueError, AttributeError):
            return json.dumps(values, ensure_ascii=False)
    if not all(isinstance(value, (str, int, float)) for value in values):
        return json.dumps(values, ensure_ascii=False)
    texts = (f"{v:.6g}" if isinstance(v, float) else str(v) for v in values)
    return separator.join(texts) or None


def products_text(products: Iterable[Mapping[str, Any]]) -> str | None:
    """Products of a record as one field, e.g. ``4 Li2S + Li3P``; None where there are none."""
    terms = [f"{format_amount(p['amount'])} {p['formula']}".strip() for p in products]
    return " + ".join(terms) or None


def entry_rows(record: Record, key: str, columns: Sequence[Column]) -> list[Row]:
    """One flat row per entry of a list in a record, such as the steps of a voltage profile.

    Parameters
    ----------
    record : Record
    key : str
        Of the list; the paths of `columns` go through one entry of it.
    columns : sequence of Column

    Returns
    -------
    list of dict
    """
    whole = {**record.to_dict(), "version": program_version()}
    return [row({**whole, key: entry}, columns) for entry in whole[key]]


def origin_row(dataset: Mapping[str, Any]) -> Row:
    """Columns that say where the energies of a row come from, and which program worked it out."""
    return row({"dataset": dataset, "version": program_version()}, ORIGIN)


_STARTS_A_FORMULA = frozenset("=+-@\t\r")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_cell(value: Any) -> Any:
    """A value as CSV files hold it: true and false, all digits of a number, null as nothing.

    A text that a spreadsheet would take for a formula of its own gets an apostrophe before it.

    Examples
    --------
    >>> csv_cell(True), csv_cell(0.1), csv_cell("=1+1"), csv_cell("-2"), csv_cell("Li2S")
    ('true', '0.1', "'=1+1", '-2', 'Li2S')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value[:1] in _STARTS_A_FORMULA and not _is_number(value):
        return f"'{value}"
    return repr(value) if isinstance(value, float) else value
