"""Summary of a screening for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from ..results.formats import columns_of
from .layout import rows_table

if TYPE_CHECKING:
    from ..runs.screening import Summary

__all__ = ["screening_summary"]

_REASONS = 5

_IDENTITY = ("electrolyte", "electrode", "electrode_state")
_MUTUAL = "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom"
_TOTAL = _MUTUAL.replace("mutual", "total")
_ALONE = (
    "total: mixing adds nothing there, as against a metal; the energy is that of the electrolyte "
    "alone"
)


def screening_summary(summary: Summary) -> Iterator[RenderableType]:
    """What became of a run, and the first rows of its file.

    Parameters
    ----------
    summary : Summary

    Yields
    ------
    rich renderables
    """
    rows = [dict(zip(summary.columns, row, strict=True)) for row in summary.first_rows]
    if rows:
        alone = [row for row in rows if row.get(_MUTUAL) == 0.0 and (row.get(_TOTAL) or 0.0) < 0.0]
        for row in alone:
            row[_MUTUAL] = f"{row[_TOTAL]:.3f} total"
        shown = [column.key for column in columns_of(rows)]
        if "electrolyte" in shown:
            shown.remove("formula")  # the same
        yield rows_table(rows, [*shown, "status"], sum(key in shown for key in _IDENTITY) or 1)
        if alone:
            yield Text(_ALONE, style="dim")
    if summary.written > len(summary.first_rows):
        yield Text(f"... and {summary.written - len(summary.first_rows)} more")
    file = "" if summary.output is None else f"{summary.output}: "
    yield Text(
        f"{file}{summary.written} rows of {summary.rows}, "
        f"{summary.items} compositions or pairs in {summary.seconds:.1f} s"
        + (f", {summary.resumed} of them kept from an earlier run" if summary.resumed else "")
    )
    if summary.failed:
        yield Text(f"{summary.failed} rows have no answer:")
        for message, count in summary.reasons[:_REASONS]:
            yield Text(f"  {count} x {message}")
        if len(summary.reasons) > _REASONS:
            of_file = "" if summary.output is None else f" of {summary.output}"
            yield Text(f"  ... see the column 'message'{of_file}")
