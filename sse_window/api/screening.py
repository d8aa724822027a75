"""The question of many compositions or pairs at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..core.arguments import check_arguments
from ..core.errors import DataError
from ..core.files import is_file
from ..equilibria.tolerance import TOLERANCE_eV_per_atom
from ..results.files import Choice
from ..runs import screening
from ..runs.lists import read_list
from ..runs.screening import Progress, Summary
from ..runs.selection import Selection, select_phases
from .inputs import PhasesLike, formulas_of, range_of
from .phases import table_of

__all__ = ["screen"]


def screen(
    candidates: Any,
    output: str | Path,
    ion: str = "Li",
    *,
    elements: str | None = None,
    max_e_above_hull: float | None = None,
    electrodes: Any = (),
    voltage_range_V: tuple[float, float] | None = None,
    steps: bool = False,
    tolerance_eV_per_atom: float = TOLERANCE_eV_per_atom,
    where: str | None = None,
    sort: str | None = None,
    top: int | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    phases: PhasesLike = None,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Stability windows, or reactions with electrodes, of many compositions, into a file.

    Parameters
    ----------
    candidates : composition, sequence of compositions, path, or None
        Compositions in hand, or a file that lists them.
    output : str or Path
        A ``.parquet``, ``.csv`` or ``.jsonl`` file.
    ion : str
    elements : str, optional
        In place of candidates every compound of the dataset with these elements: ``"Li & S"``.
    max_e_above_hull : float, optional
        With elements: how far above the hull compounds may lie [eV/atom].
    electrodes : composition or sequence of compositions
        Pair every composition with each of them.
    voltage_range_V : tuple of float, optional
        Operating range of the electrodes, in place of their own.
    steps : bool
        Keep the steps of every voltage profile, as JSON.
    tolerance_eV_per_atom : float
    where, sort, top : optional
        Which rows are written, and in which order: see :class:`~sse_window.results.files.Choice`.
    jobs, scheduler, resume, progress : optional
        See :func:`sse_window.runs.screening.screen`.
    phases : see :func:`~sse_window.api.stability_window`

    Returns
    -------
    Summary

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> import tempfile
    >>> output = Path(tempfile.mkdtemp()) / "windows.csv"
    >>> screen(["LGPS", "LLZO"], output, phases="mp-legacy").written
    2
    """
    check_arguments(screen, locals())
    table = table_of(phases)
    if (candidates is None) == (elements is None):
        raise DataError("screen: give either candidates, or elements such as 'Li & S'")
    selection = (
        select_phases(table, elements, max_e_above_hull)
        if elements is not None
        else _listed(candidates)
    )
    plan = screening.Plan(
        ion,
        formulas_of(electrodes, "electrodes"),
        None if voltage_range_V is None else range_of(voltage_range_V, "voltage_range_V"),
        steps,
        (),
        float(tolerance_eV_per_atom),
    )
    return screening.screen(
        table,
        selection,
        output,
        plan,
        jobs=jobs,
        scheduler=scheduler,
        resume=resume,
        choice=Choice(where, sort, top),
        on_progress=progress,
    )


def _listed(candidates: Any) -> Selection:
    """Compositions in hand; a file where the text is the name of one."""
    if isinstance(candidates, Path) or (isinstance(candidates, str) and is_file(candidates)):
        return read_list(candidates)
    return Selection(formulas_of(candidates, "candidates"))
