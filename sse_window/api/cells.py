"""What cells are built of: coatings, stacks of layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..cells.coating_search import CoatingSearch, finished, with_well_known
from ..cells.coatings import question
from ..cells.stacks import StackResult
from ..cells.stacks import stack as stacked
from ..core.arguments import check_arguments
from ..phases.table import PhaseTable
from ..runs.coating_candidates import evaluated, evaluated_resumably
from ..runs.lists import read_list
from ..runs.selection import select_phases
from .inputs import CompositionLike, PhasesLike, formula_of, formulas_of, path_of
from .phases import table_of

__all__ = ["coatings", "stack"]


def coatings(
    electrolyte: CompositionLike,
    electrode: CompositionLike,
    ion: str = "Li",
    *,
    candidates: Any = None,
    among: str | Path | None = None,
    elements: str | None = None,
    voltage_range_V: tuple[float, float] | None = None,
    details: int = 20,
    phases: PhasesLike = None,
    progress: Callable[[int, int], None] | None = None,
    output: Path | None = None,
    write: Callable[[CoatingSearch], None] | None = None,
    resume: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    **thresholds: Any,
) -> CoatingSearch:
    """Coatings between an electrolyte and an electrode, by rank.

    Parameters
    ----------
    electrolyte, electrode : str, Composition, or pymatgen Composition, Structure or entry
        Names or formulas.
    ion : str
    candidates : one or several of the same, optional
        Names or formulas; else those of `among`, else every compound with `elements`, else every
        compound of the dataset that holds the ion. Well-known coatings are always among them.
    among : str or Path, optional
        A list of formulas, one a line, or a CSV or Parquet file.
    elements : str, optional
        Such as ``"Li & O"``.
    voltage_range_V : tuple of float, optional
        Overrides the operating range of the electrode.
    details : int
        Reactions and interphases are worked out for this many of the best, and for the well-known
        coatings.
    phases : PhaseTable, str, Path, pymatgen entries or PhaseDiagram, optional
        A table, or the name or path of a dataset.
    progress : callable, optional
        Told how many candidates are finished, and of how many.
    output : Path, optional
        Keep finished candidates beside this file until `write` has been called.
    write : callable, optional
        Takes the search, and writes it down.
    resume : bool
        Go on with the candidates that an earlier run has kept beside `output`.
    jobs, scheduler : optional
        Processes on this machine, or a Dask cluster.
    **thresholds
        Fields of :class:`~sse_window.cells.coating_filters.CoatingFilters` to change.

    Returns
    -------
    CoatingSearch

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> found = coatings("LPSCl", "NMC811", candidates=["LiF", "Li3PO4"], phases="mp-legacy")
    >>> found.results[0].coating, found.results[0].status
    ('LiF', 'accepted')
    """
    check_arguments(coatings, locals())
    table = table_of(phases)
    asked = question(
        table,
        formula_of(electrolyte, "electrolyte"),
        formula_of(electrode, "electrode"),
        ion,
        voltage_range_V=voltage_range_V,
    )
    if thresholds:
        asked = replace(asked, filters=replace(asked.filters, **thresholds))
    listed: Sequence[str]
    if candidates is None:
        listed = _candidates(table, ion, among, elements)
    else:
        listed = formulas_of(candidates, "candidates")
    formulas = with_well_known(asked, listed)
    shared: dict[str, Any] = {"jobs": jobs, "scheduler": scheduler, "progress": progress}
    if output is None:
        found = evaluated(asked, formulas, **shared)
        result = finished(asked, found, details=details)
        if write is not None:
            write(result)
        return result
    with evaluated_resumably(asked, formulas, output, resume=resume, **shared) as found:
        result = finished(asked, found, details=details)
        if write is not None:
            write(result)
    return result


def _candidates(
    table: PhaseTable, ion: str, among: str | Path | None, elements: str | None
) -> Sequence[str]:
    if among is not None:
        return read_list(path_of(among, "among")).formulas
    return select_phases(table, elements or ion).formulas


def stack(
    layers: Sequence[CompositionLike],
    ion: str = "Li",
    *,
    suggest: bool = False,
    phases: PhasesLike = None,
) -> StackResult:
    """Contacts of a stack of layers from the negative to the positive electrode.

    Parameters
    ----------
    layers : sequence of str
        Names or formulas: electrode, one or more electrolytes or coatings, electrode.
    ion : str
    suggest : bool
        Look for a further layer at the worst contact and at the worst junction.
    phases : PhaseTable, str, Path, pymatgen entries or PhaseDiagram, optional
        A table, or the name or path of a dataset.

    Returns
    -------
    StackResult

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> result = stack(["Li", "LPSCl", "Li3InCl6", "NMC811"], phases="mp-legacy")
    >>> junction = result.contacts[1]
    >>> round(junction.reaction_energy_eV_per_atom, 3), round(junction.gap_V, 2)
    (-0.105, 0.48)
    """
    check_arguments(stack, locals())
    return stacked(table_of(phases), formulas_of(layers, "layers"), ion, suggest=suggest)
