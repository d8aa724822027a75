"""Columns of the rows of a screening: names, order, and what kind of value each holds."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

__all__ = ["DATASET", "Kind", "carried", "kind_of", "no_column", "of_kind", "result_columns"]

Kind: TypeAlias = Literal["text", "number", "whole", "truth"]

_WINDOW: dict[str, Kind] = {
    "reduced_formula": "text",
    "working_ion": "text",
    "in_dataset": "truth",
    "e_above_hull_eV_per_atom": "number",
    "window_basis": "text",
    "reduction_potential_V": "number",
    "oxidation_potential_V": "number",
    "window_width_V": "number",
    "stable_against_metal": "truth",
    "reduction_reaction": "text",
    "reduction_products": "text",
    "reduction_gases": "text",
    "oxidation_reaction": "text",
    "oxidation_products": "text",
    "oxidation_gases": "text",
}

_PAIR: dict[str, Kind] = {
    "electrolyte": "text",
    "electrolyte_composition": "text",
    "electrode": "text",
    "electrode_composition": "text",
    "electrode_state": "text",
    "voltage_low_V": "number",
    "voltage_high_V": "number",
}

_CONDITIONS = (
    ("chemical", "eV_per_atom"),
    ("electrochemical_low", "eV_per_nonion_atom"),
    ("electrochemical_high", "eV_per_nonion_atom"),
    ("electrochemical_worst", "eV_per_nonion_atom"),
)

_INTERPHASE: dict[str, Kind] = {
    "interphase_class": "whole",
    "interphase_label": "text",
    "interphase_reason": "text",
    "interphase_flags": "text",
}

_WINDOW_SPREAD: dict[str, Kind] = {
    "compared_datasets": "text",
    "reduction_spread_V": "number",
    "oxidation_spread_V": "number",
    "reduction_products_differ": "truth",
    "oxidation_products_differ": "truth",
}

_PAIR_SPREAD: dict[str, Kind] = {
    "chemical_spread_eV_per_atom": "number",
    "electrochemical_spread_eV_per_nonion_atom": "number",
    "products_differ": "truth",
}

DATASET = (
    "dataset_name",
    "dataset_date",
    "dataset_corrections",
    "dataset_sha256",
    "dataset_additions",
    "program_version",
)
"""Text columns that are the same in every row."""


def result_columns(
    *, pairs: bool, steps: bool = False, compare: Sequence[str] = ()
) -> dict[str, Kind]:
    """Columns that a screening works out, in order; those of :data:`DATASET` follow.

    Parameters
    ----------
    pairs : bool
        Pairs rather than single compositions.
    steps : bool
        With the steps of every voltage profile, as JSON.
    compare : sequence of str
        Names of further datasets that answer beside the first one.

    Returns
    -------
    dict of str to kind

    Examples
    --------
    >>> list(result_columns(pairs=False))[:3]
    ['formula', 'status', 'message']
    """
    columns: dict[str, Kind] = {"formula": "text", "status": "text", "message": "text"}
    columns |= _WINDOW
    if pairs:
        columns |= _PAIR
        for condition, unit in _CONDITIONS:
            for kind in ("total", "mutual"):
                prefix = f"{condition}_{kind}"
                columns[f"{prefix}_reaction_energy_{unit}"] = "number"
                columns[f"{prefix}_x_electrolyte"] = "number"
                if condition != "chemical":
                    columns[f"{prefix}_voltage_V"] = "number"
                columns[f"{prefix}_reaction"] = "text"
        columns |= _INTERPHASE
    if compare:
        columns |= _comparison(compare, pairs)
    columns["notes"] = "text"
    if steps:
        columns["steps"] = "text"
    return columns


def _comparison(datasets: Sequence[str], pairs: bool) -> dict[str, Kind]:
    columns: dict[str, Kind] = {}
    for name in datasets:
        columns[f"{name}_reduction_potential_V"] = "number"
        columns[f"{name}_oxidation_potential_V"] = "number"
    columns |= _WINDOW_SPREAD
    if pairs:
        for name in datasets:
            columns[f"{name}_chemical_mutual_eV_per_atom"] = "number"
            columns[f"{name}_electrochemical_mutual_eV_per_nonion_atom"] = "number"
            columns[f"{name}_interphase_class"] = "whole"
        columns |= _PAIR_SPREAD
    return columns


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
    columns = list(columns)
    near = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
    hint = f", did you mean {near[0]!r}?" if near else f"; columns: {', '.join(columns)}"
    return f"no column {name!r}{hint}"
