"""Well-known names as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from .layout import Grid, grid

if TYPE_CHECKING:
    from ..results.answers import KnownName

__all__ = ["name_tables"]

_TITLES = {
    "electrolyte": "Electrolytes",
    "electrode": "Electrodes, discharged and charged",
    "coating": "Coatings",
    "additive": "Additives and binders",
}


def name_tables(found: Sequence[KnownName]) -> list[RenderableType]:
    """One table per kind, with composition, operating range and source."""
    shown: list[RenderableType] = []
    for kind, title in _TITLES.items():
        known = [each for each in found if each.kind == kind]
        if known:
            shown.append(_electrodes(known, title) if kind == "electrode" else _plain(known, title))
    if any(each.source_checked is False for each in found):
        shown.append(Text("* reference from memory: look it up before citing it"))
    return shown or [Text("no name of this kind")]


def _table(title: str, *columns: str) -> Grid:
    table = grid(*columns, title=title)
    # Sources are sentences: they wrap, where numbers must not.
    table.columns[-1].no_wrap = False
    table.columns[-1].justify = "left"
    return table


def _plain(known: Sequence[KnownName], title: str) -> Grid:
    table = _table(title, "name", "composition", "source")
    for each in known:
        table.add_row(_spellings(each), escape(each.composition), escape(each.source))
    return table


def _electrodes(known: Sequence[KnownName], title: str) -> Grid:
    table = _table(title, "name", "ion", "compositions", "range (V)", "source")
    for each in known:
        assert each.voltage_range_V is not None
        states = [each.discharged or "", each.charged or ""]
        low, high = each.voltage_range_V
        table.add_row(
            _spellings(each),
            each.ion,
            escape("\n".join(dict.fromkeys(states))),
            f"{low:g}-{high:g}" if high > low else f"{low:g}",
            escape(each.source) + ("" if each.source_checked else " *"),
        )
    return table


def _spellings(known: KnownName) -> str:
    return escape(", ".join((known.name, *known.aliases)))
