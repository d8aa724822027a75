"""Many compositions or pairs at once, as Python shows them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..api.inputs import PhasesLike
from ..api.screening import screen as asked
from ..core.errors import DataError
from ..core.record import Record
from ..html_report.reading import read_results
from ..results.rows import Row
from ..runs.screening import Summary
from .shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = ["Screening", "screen"]


@dataclass(frozen=True)
class _Found(Record):
    """What a run has found: its summary, and its rows, whatever becomes of their file."""

    summary: Summary
    kept: tuple[Row, ...]


class Screening(Shown, _Found):
    """The rows of a run, as it wrote them to its file."""

    def to_dict(self) -> dict[str, Any]:
        """Numbers of the run, and its rows."""
        said = self.summary
        return {
            "items": said.items, "rows": said.rows, "failed": said.failed,
            "written": said.written, "reasons": [list(reason) for reason in said.reasons],
            "results": self._rows(self),
        }  # fmt: skip

    def _said(self) -> str:
        said = self.summary
        failed = f", {said.failed} of them without an answer" if said.failed else ""
        return f"{said.written} rows of {said.items} compositions or pairs{failed}"

    @staticmethod
    def _rows(part: _Found) -> list[Row]:
        return list(part.kept)

    @staticmethod
    def _tables(parts: Sequence[_Found]) -> list[RenderableType]:
        from ..terminal import screening_summary

        return list(screening_summary(parts[0].summary))

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[_Found]) -> None:
        from ..plots.on_axes import draw_rows

        draw_rows(ax, Screening._rows(parts[0]))


def screen(
    candidates: Any = None,
    ion: str = "Li",
    *,
    output: str | Path | None = None,
    phases: PhasesLike = None,
    **asked_too: Any,
) -> Screening:
    """Stability windows, or reactions with electrodes, of many compositions.

    Parameters
    ----------
    candidates : composition, sequence of compositions, or path, optional
        Text, Composition, or what pymatgen makes; a list, a pandas Series; or a file that lists
        them. Left out where `elements` says which of the dataset.
    ion : str
    output : str or Path, optional
        Also keep the rows in this .parquet, .csv or .jsonl file, and finished ones beside it while
        the run goes on, for `resume`.
    phases : see :func:`~sse_window.api.stability_window`
    **asked_too
        See :func:`sse_window.api.screening.screen`.

    Returns
    -------
    Screening

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`; a DataError for `resume` without `output`.

    Examples
    --------
    >>> found = screen(["LGPS", "Li3PS4", "Xx"], phases="mp-legacy")
    >>> found
    <Screening 3 rows of 3 compositions or pairs, 1 of them without an answer>
    >>> found.to_frame()["oxidation_potential_V"].round(2).tolist()
    [2.29, 2.36, nan]
    """
    if output is not None:
        summary = asked(candidates, output, ion, phases=phases, **asked_too)
        return Screening(summary, read_results(output).rows)
    if asked_too.get("resume"):
        raise DataError("resume needs an output: give the file of the run that was interrupted")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        summary = asked(candidates, file, ion, phases=phases, **asked_too)
        return Screening(replace(summary, output=None), read_results(file).rows)
