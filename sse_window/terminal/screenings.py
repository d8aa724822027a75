"""Summary of a screening for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from .layout import grid

if TYPE_CHECKING:
    from ..runs.screening import Summary

__all__ = ["screening_summary"]

_REASONS = 5

_COLUMNS = {
    "formula": "formula",
    "electrode": "electrode",
    "electrode_state": "state",
    "reduction_potential_V": "reduction V",
    "oxidation_potential_V": "oxidation V",
    "e_above_hull_eV_per_atom": "above hull eV/atom",
    "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom": "worst mutual eV/non-ion",
    "interphase_class": "class",
    "status": "status",
}


def screening_summary(summary: Summary) -> Iterator[RenderableType]:
    """What became of a run, and the first rows of its file.

    Parameters
    ----------
    summary : Summary

    Yields
    ------
    rich renderables
    """
    shown = [name for name in _COLUMNS if name in summary.columns]
    places = [summary.columns.index(name) for name in shown]
    if summary.first_rows:
        table = grid(*(_COLUMNS[name] for name in shown))
        for row in summary.first_rows:
            failed = row[summary.columns.index("status")] != "ok"
            cells = zip(shown, (row[place] for place in places), strict=True)
            table.add_row(*(_cell(name, value, failed) for name, value in cells))
        yield table
    if summary.written > len(summary.first_rows):
        yield Text(f"... and {summary.written - len(summary.first_rows)} more")
    yield Text(
        f"{summary.output}: {summary.written} rows of {summary.rows}, "
        f"{summary.items} compositions or pairs in {summary.seconds:.1f} s"
        + (f", {summary.resumed} of them kept from an earlier run" if summary.resumed else "")
    )
    if summary.failed:
        yield Text(f"{summary.failed} rows have no answer:")
        for message, count in summary.reasons[:_REASONS]:
            yield Text(f"  {count} x {message}")
        if len(summary.reasons) > _REASONS:
            yield Text(f"  ... see the column 'message' of {summary.output}")


def _cell(name: str, value: Any, failed: bool) -> Text:
    if value is None:
        no_limit = name == "oxidation_potential_V" and not failed
        return Text("no limit" if no_limit else "-")
    return Text(f"{value:.3f}" if isinstance(value, float) else str(value))
