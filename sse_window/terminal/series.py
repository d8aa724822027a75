"""A series of compositions as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.markup import escape

from .layout import Grid, grid, notes_text, number, provenance_line

if TYPE_CHECKING:
    from ..cells.series import SeriesPoint

__all__ = ["series_tables"]


def series_tables(points: Sequence[SeriesPoint]) -> list[RenderableType]:
    """Limits of every member, what limits each piece, and reactions with electrodes."""
    table = grid("", "composition", "reduction\n(V)", "oxidation\n(V)", "above hull\n(eV/atom)", "")
    table.columns[-1].justify = "left"
    for point in points:
        w = point.window
        table.add_row(
            _place(point),
            escape(w.formula),
            f"{w.reduction_potential_V:.3f}",
            number(w.oxidation_potential_V, none="no limit"),
            number(w.e_above_hull_eV_per_atom, none="-"),
            "neighbours change" if point.phase_set_changes else "",
        )
    tables: list[RenderableType] = [table, _reactions(points)]
    if any(point.pairs for point in points):
        tables.append(_pairs(points))
    notes = [note for point in points for note in point.window.notes]
    # Most members of a series are in no table; once is enough.
    absent = sum("not in the dataset" in note for note in notes)
    kept = list(dict.fromkeys(note for note in notes if "not in the dataset" not in note))
    if absent:
        kept.append(
            f"{absent} of {len(points)} compositions are not in the dataset: taken on the hull, as "
            "mixtures of their neighbours"
        )
    return [*tables, *notes_text(kept), provenance_line(points[0].window.dataset)]


def _place(point: SeriesPoint) -> str:
    values = [f"{name} {value:g}" for name, value in point.values.items()]
    return ", ".join([*point.choices, *values])


def _reactions(points: Sequence[SeriesPoint]) -> RenderableType:
    """One line for every stretch over which the same products limit."""
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("limit", no_wrap=True)
    table.add_column("from", no_wrap=True)
    table.add_column("reaction of the first", overflow="fold")
    for side in ("reduction", "oxidation"):
        last: tuple[str, ...] | None = None
        for point in points:
            limit = getattr(point.window, side)
            products = tuple(sorted(p.formula for p in limit.products)) if limit else ()
            if products != last:
                table.add_row(side, _place(point), escape(limit.reaction) if limit else "no limit")
            last = products
    return table


def _pairs(points: Sequence[SeriesPoint]) -> RenderableType:
    table = grid(
        "", "electrode", "state", "mutual, closed\n(eV/atom)", "mutual, worst\n(eV/non-ion atom)",
        "class",
    )  # fmt: skip
    for point in points:
        for met in point.pairs:
            table.add_row(
                _place(point),
                met.electrode if met.additive is None else f"{met.electrode} + {met.additive}",
                met.electrode_state,
                f"{met.chemical_mutual_eV_per_atom:.3f}",
                f"{met.electrochemical_mutual_eV_per_nonion_atom:.3f}",
                "open" if met.interphase_class is None else str(met.interphase_class),
            )
    return table
