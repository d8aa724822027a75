"""Records of `window` and `pair` as the flat rows that a table of results holds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..results.records import products_text

__all__ = ["FlatRecord", "Row", "flat_row"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FlatRecord:
    """A record taken apart: what a row can hold, and what it cannot.

    Attributes
    ----------
    row : dict
        Columns as :func:`~sse_window.results.records.window_row` and
        :func:`~sse_window.results.records.pair_row` name them.
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
    for key, value in record.items():
        if key in ("schema", "energies_over_range") or (key == "steps" and value is None):
            continue
        if key == "version" and in_envelope:
            row.setdefault("program_version", value)
        elif key == "options" and (given := _options(value)) is not None:
            options = {name: entry for name, entry in given.items() if entry not in (None, [])}
        elif key == "steps" and (said := _said_steps(value)) is not None:
            steps = said
        elif isinstance(value, Mapping) and key == "interphase":
            products = _products(value.get("products"))
            row |= _interphase(value)
        elif isinstance(value, Mapping) and key in _NESTED:
            row |= _NESTED[key](key, value)
        elif isinstance(value, list) and key == "electrochemical":
            row |= _electrochemical(value)
        elif isinstance(value, list) and key == "voltage_range_V" and len(value) == 2:
            row["voltage_low_V"], row["voltage_high_V"] = value
        elif key not in _NOTHING_BESIDE or value is not None:
            row[key] = _cell(value)
    return FlatRecord(row, steps, products, options)


# Null in a record where a row has several columns, or none.
_NOTHING_BESIDE = {
    *("reduction", "oxidation", "interphase", "chemical", "additive", "dataset"),
    *("redox_elements", "sensitivity", "uncertainty", "spread"),
}


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


def _dataset(_: str, value: Mapping[str, Any]) -> Row:
    return {f"dataset_{key}": _cell(entry) for key, entry in value.items() if key != "systems"}


def _limit(side: str, value: Mapping[str, Any]) -> Row:
    row: Row = {}
    if "reaction" in value:
        row[f"{side}_reaction"] = value["reaction"]
    products = value.get("products")
    if isinstance(products, list):
        try:
            row[f"{side}_products"] = products_text(products)
        except (KeyError, TypeError, ValueError, AttributeError):
            row[f"{side}_products"] = _cell(products)
    if isinstance(value.get("gases"), list):
        row[f"{side}_gases"] = " ".join(map(str, value["gases"])) or None
    return row


def _mixing(prefix: str, value: Mapping[str, Any]) -> Row:
    """Both reactions of a pair at one condition."""
    row: Row = {}
    for sort in ("total", "mutual"):
        reaction = value.get(sort)
        if isinstance(reaction, Mapping):
            for key, entry in reaction.items():
                if key != "products" and not (key == "voltage_V" and entry is None):
                    row[f"{prefix}_{sort}_{key}"] = _cell(entry)
    return row


def _electrochemical(value: list[Any]) -> Row:
    row: Row = {}
    for entry in value:
        if isinstance(entry, Mapping):
            row |= _mixing(f"electrochemical_{entry.get('at')}", entry)
    return row


def _interphase(value: Mapping[str, Any]) -> Row:
    row = {
        f"interphase_{key}": _cell(value.get(key)) for key in ("class", "label", "reason", "flags")
    }
    condition, reaction = value.get("condition"), value.get("reaction")
    if condition and reaction:
        row["interphase_reaction"] = f"{reaction} ({condition})"
    return row


def _additive(_: str, value: Mapping[str, Any]) -> Row:
    return {
        key if key == "additive" else f"additive_{key}": entry
        for key, entry in _plain(value).items()
    }


def _redox_elements(_: str, value: Mapping[str, Any]) -> Row:
    return {f"{side}_element": found.get("element") for side, found in _sides(value)}


def _sensitivity(_: str, value: Mapping[str, Any]) -> Row:
    row: Row = {}
    for side, found in _sides(value):
        row[f"{side}_limiting_phase"] = found.get("limiting_phase")
        row[f"{side}_potential_without_it_V"] = found.get("voltage_without_V")
    return row


def _uncertainty(_: str, value: Mapping[str, Any]) -> Row:
    row: Row = {}
    for side, found in _sides(value):
        for key in ("median_V", "percentile_16_V", "percentile_84_V"):
            row[f"{side}_{key}"] = found.get(key)
    for name, found in value.items():
        if name.startswith(("chemical_", "electrochemical_")) and isinstance(found, Mapping):
            row |= {f"{name}_{key}": entry for key, entry in _plain(found).items()}
    return row


def _spread(_: str, value: Mapping[str, Any]) -> Row:
    return {
        key if key.startswith(("reduction_", "oxidation_")) else f"spread_{key}": entry
        for key, entry in _plain(value).items()
    }


def _sides(value: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    found = [(side, value.get(side)) for side in ("reduction", "oxidation")]
    return [(side, entry) for side, entry in found if isinstance(entry, Mapping)]


def _plain(value: Mapping[str, Any]) -> Row:
    return {k: v for k, v in value.items() if not isinstance(v, (Mapping, list, tuple))}


_NESTED = {
    "dataset": _dataset,
    "reduction": _limit,
    "oxidation": _limit,
    "chemical": _mixing,
    "additive": _additive,
    "redox_elements": _redox_elements,
    "sensitivity": _sensitivity,
    "uncertainty": _uncertainty,
    "spread": _spread,
}


def _options(value: Any) -> Mapping[str, Any] | None:
    """Options of a record: an object, or that object as the text of a flat column."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return None  # a column of the user's that is called so
    return value if isinstance(value, Mapping) else None
