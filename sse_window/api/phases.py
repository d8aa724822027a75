"""What answers rest on: datasets, names, measured energies, and the check against pymatgen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..core.errors import SSEWindowError
from ..facts.electrodes import electrodes
from ..facts.electrodes import find as electrode
from ..facts.names import known_names
from ..facts.names import resolve as composition
from ..phases.table import PhaseTable
from ..sources import datasets
from ..sources.datasets import DEFAULT, PACKAGED, available, load, provenance_of
from ..sources.opening import open_table
from .inputs import CompositionLike, PhasesLike, formula_of, formulas_of, phases_of

if TYPE_CHECKING:
    from ..equilibria.crosscheck import Comparison
    from ..phases.accuracy import AnionAccuracy
    from ..sources.materials_project import FetchReport
    from ..sources.user_entries import ImportReport

__all__ = [
    "DEFAULT",
    "PACKAGED",
    "accuracy",
    "available",
    "composition",
    "electrode",
    "electrodes",
    "fetch",
    "import_dataset",
    "known_names",
    "load",
    "open_table",
    "provenance_of",
    "sources_of",
    "verify",
]


@lru_cache(maxsize=2)
def _packaged(name: str) -> PhaseTable:
    return datasets.load(name)


def table_of(phases: PhasesLike = None, exclude: Any = ()) -> PhaseTable:
    """The table that a question means.

    Parameters
    ----------
    phases : PhaseTable, str, Path, entries, PhaseDiagram or None
        See :func:`~sse_window.api.inputs.phases_of`; None is the packaged Materials Project table.
    exclude : compositions
        Phases to take out.

    Returns
    -------
    PhaseTable
    """
    left_out = formulas_of(exclude, "exclude")
    given = phases_of(phases)
    if isinstance(given, PhaseTable):
        return given.exclude(left_out)
    name = str(given) if given is not None else datasets.DEFAULT
    # A packaged table never changes; what users fetched, imported or wrote may.
    table = _packaged(name) if name in datasets.PACKAGED else datasets.load(name)
    return table.exclude(left_out)


def fetch(
    systems_or_formulas: Iterable[str] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> FetchReport:
    """Fetch chemical systems into the dataset ``mp``.

    See :func:`sse_window.sources.materials_project.fetch` for the options.
    """
    from ..sources import materials_project

    return materials_project.fetch(systems_or_formulas, progress=progress, **options)


def import_dataset(path: str | Path, name: str, **options: Any) -> ImportReport:
    """Make a dataset of its own from a file of phases.

    See :func:`sse_window.sources.user_entries.import_dataset` for the options.
    """
    from ..sources import user_entries

    return user_entries.import_dataset(path, name, **options)


def accuracy(
    phases: PhasesLike = None, by: Literal["class", "element"] = "class"
) -> tuple[AnionAccuracy, ...]:
    """Formation energies of a dataset against measured enthalpies.

    See :func:`sse_window.phases.accuracy.accuracy`.
    """
    from ..phases import accuracy as measured

    return measured.accuracy(table_of(phases), by)


def verify(formula: CompositionLike, ion: str = "Li", *, phases: PhasesLike = None) -> Comparison:
    """Voltage profile and energy above hull of a composition against those of pymatgen.

    See :func:`sse_window.equilibria.crosscheck.compare_window`.
    """
    from ..equilibria import crosscheck

    return crosscheck.compare_window(table_of(phases), composition(formula_of(formula)), ion)


def sources_of(name: str) -> Mapping[str, Any]:
    """Name and sources of a dataset, as far as they are known here.

    Parameters
    ----------
    name : str
        As a result names its dataset, or a path.

    Returns
    -------
    mapping
        ``name`` and ``sources``.
    """
    try:
        return provenance_of(name)
    except SSEWindowError:
        return {"name": name, "sources": ()}
