"""A file of phases as a dataset of its own, which is then asked for by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ..core.errors import DataError
from ..core.files import shown
from ..core.tolerances import ENERGY_eV_per_atom
from ..phases.hulls import energies_above_hull
from ..phases.table import PhaseTable
from .datasets import user_file, write, writing
from .user_entries import as_table, read_entries

__all__ = ["ImportReport", "import_dataset"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import wrote.

    Attributes
    ----------
    table : PhaseTable
    path : Path
    phases : int
        Compounds; elements are not counted.
    messages : tuple of str
    """

    table: PhaseTable
    path: Path
    phases: int
    messages: tuple[str, ...]


def import_dataset(
    path: str | Path,
    name: str,
    *,
    dataset: PhaseTable | None = None,
    corrections: str | None = None,
    allow_mixed: bool = False,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Make a dataset of its own from a file of phases.

    Parameters
    ----------
    path : str or Path
        As for :func:`~sse_window.sources.user_entries.read_entries`.
    name : str
        By which the dataset is then asked for.
    dataset : PhaseTable, optional
        For energies above hull, and for elements that were not calculated. Its phases do not
        become part of the new dataset.
    corrections, allow_mixed
        As for :func:`~sse_window.sources.user_entries.read_entries`.
    overwrite : bool
        Replace a dataset of this name.
    progress : callable, optional
        Called with the number of phases whose energy above hull is known, and of all.

    Returns
    -------
    ImportReport

    Raises
    ------
    DataError
        If the name is taken or cannot be used.
    EntriesError
        If the file cannot be taken in; nothing was written then.
    OutputError
        If the dataset cannot be written.
    """
    if name == "mp":
        raise DataError(f"the name {name!r} is that of another source: choose another name")
    target = user_file(name)
    _check_free(name, target, overwrite)
    path = Path(path)
    entries = read_entries(path, dataset=dataset, corrections=corrections, allow_mixed=allow_mixed)
    table = as_table(entries, dataset)
    above = energies_above_hull(table, progress)
    imported = f"imported {datetime.now(UTC).date().isoformat()}"
    table = replace(
        table,
        e_above_hull=above,
        competing=above <= ENERGY_eV_per_atom,
        provenance=replace(table.provenance, name=name, date=imported, sha256=""),
    )
    source = {"name": shown(path.name), "sha256": entries.sha256, "rows": len(entries)}
    with writing(target):
        _check_free(name, target, overwrite)
        written = write(table, target, sources=[source])
    return ImportReport(replace(table, provenance=written), target, len(entries), entries.messages)


def _check_free(name: str, target: Path, overwrite: bool) -> None:
    if target.with_suffix(".json").exists() and not overwrite:
        raise DataError(f"a dataset {name!r} exists: choose another name, or --overwrite it")
