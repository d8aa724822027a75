"""Stacks of layers as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .layout import Grid, grid, notes_text, number, provenance_line

if TYPE_CHECKING:
    from ..cells.stacks import StackResult, Suggestion

__all__ = ["stack_tables"]


def stack_tables(result: StackResult) -> list[RenderableType]:
    """Layers with their windows, every contact with its reaction, the verdict, suggestions.

    Parameters
    ----------
    result : StackResult

    Returns
    -------
    list of rich renderables
    """
    layers = grid("layer", "composition", "stable or operated (V)")
    layers.columns[1].justify = "left"
    for layer in result.layers:
        if layer.voltage_range_V is not None:
            low, high = layer.voltage_range_V
            span = f"{low:.2f} - {high:.2f}" if high > low else f"{low:.2f}"
        else:
            ends = (layer.reduction_potential_V, layer.oxidation_potential_V)
            span = f"{number(ends[0], 2)} - {number(ends[1], 2, none='no limit')}"
        layers.add_row(escape(layer.name), escape(layer.composition), span)
    contacts = grid("contact", "E\neV/atom", "common window\nV", "apart\nV", "class")
    reactions = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    reactions.add_column("contact", overflow="fold")
    reactions.add_column("closed reaction; why the class", overflow="fold")
    for contact in result.contacts:
        interphase = contact.interphase
        contacts.add_row(
            escape(contact.title),
            f"{contact.reaction_energy_eV_per_atom:.3f}",
            "none" if contact.overlap_V is None else _span(contact.overlap_V),
            number(contact.gap_V, 2, none=""),
            "unknown" if interphase.interphase_class is None else str(interphase.interphase_class),
        )
        reactions.add_row(escape(contact.title), escape(f"{contact.reaction}; {interphase.reason}"))
    shown: list[RenderableType] = [
        layers,
        contacts,
        reactions,
        Text(f"verdict (by class, then energy): {result.verdict}"),
    ]
    shown += [
        _suggested([s for s in result.suggestions if s.between == between])
        for between in dict.fromkeys(suggestion.between for suggestion in result.suggestions)
    ]
    return [*shown, *notes_text(result.notes), provenance_line(result.dataset)]


def _span(span: tuple[float, float | None]) -> str:
    low, high = span
    return f"{low:.2f} on" if high is None else f"{low:.2f} - {high:.2f}"


def _suggested(suggestions: Sequence[Suggestion]) -> Table:
    first = suggestions[0]
    a, b = first.between.split(" | ")
    table = grid(
        "layer", f"E with {a}\neV/atom", f"E with {b}\neV/atom", "window apart\nV",
        title=f"Between {first.between} ({first.without_eV_per_atom:.3f} eV/atom without)",
    )  # fmt: skip
    for suggestion in suggestions:
        table.add_row(
            escape(suggestion.layer),
            f"{suggestion.with_a_eV_per_atom:.3f}",
            f"{suggestion.with_b_eV_per_atom:.3f}",
            number(suggestion.gap_V, 2, none="overlaps"),
        )
    return table
