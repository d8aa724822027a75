"""The phase table that a question asks for: a dataset, with the user's phases, without others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.errors import DataError
from ..facts.names import resolve
from ..phases.table import PhaseTable
from . import datasets

__all__ = ["open_table"]

LIVE = "mp"
"""Name of the dataset that is fetched from the live service."""


def open_table(
    name: str | None = None,
    *,
    entries: str | Path | Sequence[str | Path] = (),
    exclude: str | Sequence[str] = (),
    replace: bool = False,
    corrections: str | None = None,
    allow_mixed: bool = False,
    refresh: bool = False,
) -> tuple[PhaseTable, list[str]]:
    """Load a dataset, merge the user's phases into it, and take phases out.

    Parameters
    ----------
    name : str, optional
        Name or path of a dataset; the packaged Materials Project table if left out.
    entries : path or sequence of path
        Files of the user's phases.
    exclude : str or sequence of str
        Formulas or well-known names to take out of every equilibrium.
    replace : bool
        Let the user's phases replace those of lower energy, too.
    corrections : str, optional
        Correction scheme for total energies among the entries; that of the dataset if left out.
    allow_mixed : bool
        Join entries of another correction scheme all the same.
    refresh : bool
        Fetch the live dataset ``mp`` again before it is read.

    Returns
    -------
    table : PhaseTable
    notices : list of str
        What was added, replaced or assumed, for the user to read.

    Raises
    ------
    DataError, EntriesError, SourceError
    """
    notices: list[str] = []
    if refresh:
        if name != LIVE:
            raise DataError(
                f"only the dataset {LIVE!r} can be refreshed, not {name or datasets.DEFAULT!r}"
            )
        from . import materials_project

        notices += materials_project.fetch(refresh=True).messages
    table = datasets.load(name)
    for path in (entries,) if isinstance(entries, (str, Path)) else entries:
        from ..phases.merging import merge
        from . import user_entries

        read = user_entries.read_entries(
            Path(path), dataset=table, corrections=corrections, allow_mixed=allow_mixed
        )
        merged = merge(table, user_entries.as_table(read, table), replace_existing=replace)
        table = merged.table
        notices += [*read.messages, *merged.messages]
    listed = (exclude,) if isinstance(exclude, str) else exclude
    return table.exclude([resolve(formula).formula for formula in listed]), notices
