"""Columns beside those of the schema: what a list brings along, and what kind of value it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .schema import ORIGIN, Kind

__all__ = ["DATASET", "carried", "kind_of", "no_column", "of_kind"]

DATASET = tuple(column.key for column in ORIGIN)
"""Text columns that are the same in every row."""


def carried(columns: Mapping[str, Sequence[Any]], taken: Iterable[str]) -> dict[str, str]:
    """Names under which the further columns of a list stand in the results.

    Parameters
    ----------
    columns : mapping of str to sequence
    taken : iterable of str
        Names of result columns.

    Returns
    -------
    dict of str to str
        Name in the list to name in the results: the same, or with ``input_`` before it.

    Examples
    --------
    >>> carried({"batch": [7], "status": ["new"]}, ["formula", "status"])
    {'batch': 'batch', 'status': 'input_status'}
    """
    used = {*taken, *DATASET}
    names = {}
    for column in columns:
        name = column or "input"
        while name in used or (name != column and name in columns):
            name = f"input_{name}"
        names[column] = name
        used.add(name)
    return names


def kind_of(values: Sequence[Any]) -> Kind:
    """Kind of a column that someone else wrote.

    Examples
    --------
    >>> kind_of([1, None, 2.5]), kind_of([True, None]), kind_of([7]), kind_of([1, "a"]), kind_of([])
    ('number', 'truth', 'whole', 'text', 'text')
    """
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "truth"
    if kinds == {int}:
        return "whole" if all(abs(value) < 2**63 for value in values if value) else "text"
    return "number" if kinds and kinds <= {int, float} else "text"


def of_kind(values: Iterable[Any], kind: Kind) -> list[Any]:
    """Values as a column of one kind holds them.

    Examples
    --------
    >>> of_kind([1, None, 2.5], "number"), of_kind([1, "a", None], "text")
    ([1.0, None, 2.5], ['1', 'a', None])
    """
    make = {"text": str, "number": float, "whole": int, "truth": bool}[kind]
    return [None if value is None else make(value) for value in values]


def no_column(name: str, columns: Iterable[str]) -> str:
    """What to say of a column that does not exist.

    Examples
    --------
    >>> no_column("formule", ["formula", "status"])
    "no column 'formule', did you mean 'formula'?"
    """
    import difflib

    columns = list(columns)
    near = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
    hint = f", did you mean {near[0]!r}?" if near else f"; columns: {', '.join(columns)}"
    return f"no column {name!r}{hint}"
