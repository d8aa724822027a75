"""The phase table that a question asks for: a dataset, with the user's phases, without others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.arguments import check_arguments
from ..core.composition import Composition
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
    ion: str | None = None,
    asked: Sequence[Composition] | None = None,
) -> tuple[PhaseTable, list[str]]:
    """Load a dataset, merge the user's phases into it, and take phases out.

    Parameters
    ----------
    name : str, optional
        Name or path of a dataset; the default if left out.
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
    ion : str, optional
        Working ion of the question, whose metal cannot be taken out.
    asked : sequence of Composition, optional
        What the question is about, where it is known: what to take out has to bear on it.

    Returns
    -------
    table : PhaseTable
    notices : list of str
        What was added, replaced or assumed, for the user to read.

    Raises
    ------
    DataError, EntriesError, SourceError
    """
    check_arguments(open_table, locals())
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
    out = [resolve(formula) for formula in listed]
    without = table.exclude([composition.formula for composition in out])
    _check_exclusion(table, out, ion, asked)
    return without, notices


def _check_exclusion(
    table: PhaseTable,
    out: Sequence[Composition],
    ion: str | None,
    asked: Sequence[Composition] | None,
) -> None:
    """Refuse to take out what no answer would miss: it would be recorded as if it had mattered.

    Raises
    ------
    DataError
    """
    about = () if asked is None else asked
    in_system = {ion, *(e for composition in about for e in composition.elements)}
    own = {composition.reduced_formula for composition in about}
    matters = False
    for composition in out:
        if composition.elements == (ion,):
            raise DataError(
                f"cannot exclude {ion}: voltages are against its metal, which is there at 0 V; "
                "leave it out"
            )
        others = [e for e in composition.elements if e not in in_system]
        if asked is not None and others:
            raise DataError(
                f"to exclude {composition.formula} changes nothing: nothing that was asked about "
                f"holds {', '.join(others)}; leave it out"
            )
        row = table.index(composition.reduced_formula)
        # One above the hull comes down to it when others are taken out with it.
        matters |= asked is None or composition.reduced_formula in own
        matters |= row is not None and bool(table.competing[row])
    if out and not matters:
        names = ", ".join(composition.formula for composition in out)
        raise DataError(
            f"to exclude {names} changes nothing: above the hull, it takes part in no equilibrium; "
            "leave it out"
        )
