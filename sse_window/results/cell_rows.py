"""Flat rows of what cells are built of: names, coatings, stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..facts.names import KnownName

__all__ = ["name_row"]

Row = dict[str, Any]


def name_row(known: KnownName) -> Row:
    """Flat row of a name; aliases in one field, the range in two."""
    row = known.to_dict()
    low, high = row.pop("voltage_range_V") or (None, None)
    row["aliases"] = "; ".join(known.aliases) or None
    return {**row, "voltage_low_V": low, "voltage_high_V": high}
