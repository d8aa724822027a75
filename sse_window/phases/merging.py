"""Adding the phases of one table to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import DataError
from ..core.tolerances import ENERGY_eV_per_atom
from .columns import PROPERTIES, filled
from .table import PhaseTable

__all__ = ["Merged", "merge"]

Column = npt.NDArray[Any]

_NAMED = 8
"""Phases that are named in the provenance of every result."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Result of :func:`merge`.

    Attributes
    ----------
    table : PhaseTable
    added : tuple of str
        Formulas that the table did not hold before.
    replaced : tuple of str
        Formulas whose energy is now another one.
    not_taken : tuple of str
        Formulas whose energy was higher than the one in the table.
    messages : tuple of str
        The same in words, with the energies; and elements that are new to the table.
    """

    table: PhaseTable
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    not_taken: tuple[str, ...]
    messages: tuple[str, ...]


def merge(table: PhaseTable, others: PhaseTable, *, replace_existing: bool = False) -> Merged:
    """Add the phases of `others`, such as a user's, to a table.

    A phase that the table holds already is replaced where the other energy is lower, or where
    told; it keeps properties (band gap, volume) for which `others` has no value. Elements stay at
    0. What is added competes; where a competing phase gets a higher energy, phases above it may
    come down to the hull, so that all compete. Energies above hull that the change may have
    touched become nan: not computed.

    Parameters
    ----------
    table, others : PhaseTable
        The provenance of `others` becomes an addition to that of `table`.
    replace_existing : bool
        Replace phases by higher energies too.

    Returns
    -------
    Merged

    Raises
    ------
    DataError
        If an element of `others` has an energy other than 0.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> mine = PhaseTable.from_formulas({"Li2S": -1.3, "Li3PS4": -0.95})
    >>> merged = merge(table, mine)
    >>> merged.added, merged.not_taken
    (('Li3PS4',), ('Li2S',))
    >>> merged.messages
    ('Li2S: -1.3000 eV/atom in user is above -1.4000 in user: not taken',)
    """
    rows, dropped, outcome = _compare(table, others, replace_existing)
    new = others.select(np.array(rows, dtype=np.intp))
    raised = bool(
        (table.competing[dropped] & _higher(table, new)[dropped]).any() if dropped else False
    )
    source = others.provenance
    addition = (
        f"{source.name} (sha256 {source.sha256[:12]}): {len(outcome.added)} phases added, "
        f"{len(outcome.replaced)} replaced, {len(outcome.not_taken)} not taken"
        f"{_named(outcome.not_taken)}"
    )
    additions = (*table.provenance.additions, addition, *source.additions)
    kept = replace(
        table,
        e_above_hull=np.where(_touched(table, new), np.nan, table.e_above_hull),
        competing=table.competing | raised,
        provenance=replace(table.provenance, additions=additions),
    ).select(np.setdiff1d(np.arange(len(table)), dropped))
    taken = replace(
        new,
        e_above_hull=np.where(np.diff(new.offsets) == 1, 0.0, np.nan),
        competing=np.ones(len(new), bool),
        properties=_inherited(table, new),
    )
    return replace(outcome, table=kept.joined(taken))


def _named(formulas: tuple[str, ...]) -> str:
    """The first of some phases by name, in brackets."""
    shown = ", ".join(formulas[:_NAMED]) + (" ..." if len(formulas) > _NAMED else "")
    return f" ({shown}: higher than in the dataset)" if formulas else ""


def _compare(
    table: PhaseTable, others: PhaseTable, replace_existing: bool
) -> tuple[list[int], list[int], Merged]:
    """Rows of `others` to take, rows of `table` to drop, and what to say about it."""
    ours, theirs = table.provenance.name, others.provenance.name
    taken: list[int] = []
    dropped: list[int] = []
    lists: dict[str, list[str]] = {"added": [], "replaced": [], "not_taken": [], "messages": []}
    for row, formula in enumerate(others.formulas.tolist()):
        energy = float(others.formation_energy_per_atom[row])
        old = table.index(formula)
        if others.offsets[row + 1] - others.offsets[row] == 1:
            if abs(energy) > ENERGY_eV_per_atom:
                raise DataError(
                    f"{theirs}: the element {formula} has {energy:g} eV/atom, but elements are the "
                    "reference at 0: leave it out"
                )
            if old is None:
                taken.append(row)
                lists["messages"].append(
                    f"{formula} joins at 0 eV/atom; {ours} holds no phases of this element, so "
                    "only those that were added compete"
                )
            continue
        if old is None:
            taken.append(row)
            lists["added"].append(formula)
            continue
        present = float(table.formation_energy_per_atom[old])
        if abs(energy - present) <= ENERGY_eV_per_atom:
            continue
        lower = energy < present
        side = "below" if lower else "above"
        what = f"{formula}: {energy:.4f} eV/atom in {theirs} is {side} {present:.4f} in {ours}"
        if lower or replace_existing:
            taken.append(row)
            dropped.append(old)
            lists["replaced"].append(formula)
            lists["messages"].append(f"{what}: replaced")
        else:
            lists["not_taken"].append(formula)
            lists["messages"].append(f"{what}: not taken")
    outcome = Merged(
        table, *(tuple(lists[k]) for k in ("added", "replaced", "not_taken", "messages"))
    )
    return taken, dropped, outcome


def _higher(table: PhaseTable, new: PhaseTable) -> npt.NDArray[np.bool_]:
    """Phases of the table whose new energy is higher."""
    higher = np.zeros(len(table), bool)
    for formula, energy in zip(
        new.formulas.tolist(), new.formation_energy_per_atom.tolist(), strict=True
    ):
        old = table.index(formula)
        if old is not None:
            higher[old] = energy > table.formation_energy_per_atom[old]
    return higher


def _touched(table: PhaseTable, new: PhaseTable) -> npt.NDArray[np.bool_]:
    """Phases that hold all elements of one of the new compounds."""
    touched = np.zeros(len(table), bool)
    present = table.matrix(new.elements) > 0.0
    of_new = new.matrix(new.elements) > 0.0
    for elements in np.unique(of_new[:, np.diff(new.offsets) > 1], axis=1).T:
        touched |= present[elements].all(axis=0)
    return touched


def _inherited(table: PhaseTable, new: PhaseTable) -> dict[str, Column]:
    """Columns of the new phases; values that a replacement lacks come from what it replaces."""
    previous = [table.index(formula) for formula in new.formulas.tolist()]
    columns = {}
    for name in dict.fromkeys([*table.properties, *new.properties]):
        old, added = table.properties.get(name), new.properties.get(name)
        numbers = any(column is not None and column.dtype.kind == "f" for column in (old, added))
        column = filled(added, len(new), numbers=numbers)
        known = PROPERTIES.get(name)
        if old is not None and not (known and known.of_one_calculation):
            for row, source in enumerate(previous):
                if source is not None and (
                    np.isnan(column[row]) if numbers else column[row] is None
                ):
                    column[row] = old[source]
        columns[name] = column
    return columns
