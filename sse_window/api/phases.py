"""What answers rest on: datasets, names, measured energies, and the check against pymatgen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..core.composition import Composition
from ..core.errors import SSEWindowError
from ..facts.electrodes import electrodes
from ..facts.electrodes import find as electrode
from ..facts.names import known_names
from ..facts.names import resolve as composition
from ..phases.table import PhaseTable
from ..sources import datasets
from ..sources.datasets import DEFAULT, PACKAGED, available, load, provenance_of
from ..sources.opening import open_table

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


def table_of(phases: PhaseTable | str | Path | None, exclude: Sequence[str] = ()) -> PhaseTable:
    """The table that a question means.

    Parameters
    ----------
    phases : PhaseTable, str, Path or None
        A table, or the name or path of a dataset; None is the packaged Materials Project table.
    exclude : sequence of str
        Phases to take out.

    Returns
    -------
    PhaseTable
    """
    if isinstance(phases, PhaseTable):
        return phases.exclude(exclude)
    name = str(phases) if phases is not None else datasets.DEFAULT
    # A packaged table never changes; what users fetched, imported or wrote may.
    table = _packaged(name) if name in datasets.PACKAGED else datasets.load(name)
    return table.exclude(exclude)


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
    phases: PhaseTable | str | Path | None = None, by: Literal["class", "element"] = "class"
) -> tuple[AnionAccuracy, ...]:
    """Formation energies of a dataset against measured enthalpies.

    See :func:`sse_window.phases.accuracy.accuracy`.
    """
    from ..phases import accuracy as measured

    return measured.accuracy(table_of(phases), by)


def verify(
    formula: str | Composition, ion: str = "Li", *, phases: PhaseTable | str | Path | None = None
) -> Comparison:
    """Voltage profile and energy above hull of a composition against those of pymatgen.

    See :func:`sse_window.equilibria.crosscheck.compare_window`.
    """
    from ..equilibria import crosscheck

    asked = composition(formula) if isinstance(formula, str) else formula
    return crosscheck.compare_window(table_of(phases), asked, ion)


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
