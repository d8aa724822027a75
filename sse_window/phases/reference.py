"""Elements in their reference state: the zero of formation energies."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np

from ..core.composition import parse
from ..core.elements import ATOMIC_NUMBER, SYMBOLS
from ..core.errors import DataError
from ..core.tolerances import ENERGY_eV_per_atom
from ..facts.packaged import data_file
from .columns import column_of
from .table import PhaseTable

__all__ = ["noted", "with_elements"]


def with_elements(table: PhaseTable) -> PhaseTable:
    """Join the elements of all phases in their reference state, at 0 eV/atom.

    Parameters
    ----------
    table : PhaseTable

    Returns
    -------
    PhaseTable
        Elements that were missing are added, with the volumes and gaps of ``elements.csv``. An
        element above 0 (a metastable form) is put to 0, and ``provenance.additions`` says so.

    Raises
    ------
    DataError
        If an element lies below its reference state.

    Examples
    --------
    >>> bare = PhaseTable.from_formulas({"Li2S": -1.4}, elements=False)
    >>> with_elements(bare).formulas.tolist()
    ['Li', 'Li2S', 'S']
    """
    table = _at_reference(table)
    single = np.flatnonzero(np.diff(table.offsets) == 1)
    there = set(table.numbers[table.offsets[single]].tolist())
    new = [symbol for symbol in table.elements if ATOMIC_NUMBER[symbol] not in there]
    if not new:
        return table
    known = _element_properties()
    names = {name for properties in known.values() for name in properties} & set(table.properties)
    zeros = np.zeros(len(new))
    elements = PhaseTable.from_compositions(
        [parse(symbol) for symbol in new],
        zeros,
        table.provenance,
        e_above_hull=zeros,
        properties={
            name: column_of(name, [known.get(symbol, {}).get(name) for symbol in new])
            for name in names
        },
    )
    return table.joined(elements)


def _at_reference(table: PhaseTable) -> PhaseTable:
    single = np.flatnonzero(np.diff(table.offsets) == 1)
    energy = table.formation_energy_per_atom[single]
    below = single[energy < -ENERGY_eV_per_atom]
    if len(below):
        row = below[0]
        raise DataError(
            f"{table.formulas[row]} lies at {table.formation_energy_per_atom[row]:.4f} eV/atom in "
            f"dataset {table.provenance.name!r}, but elements are the zero of formation energies: "
            "give energies relative to the most stable form of each element"
        )
    above = single[energy != 0.0]
    if not len(above):
        return table
    energies, hull = table.formation_energy_per_atom.copy(), table.e_above_hull.copy()
    energies[above] = hull[above] = 0.0
    competing = table.competing.copy()
    competing[above] = True
    lifted = single[energy > ENERGY_eV_per_atom]
    table = replace(
        table, formation_energy_per_atom=energies, e_above_hull=hull, competing=competing
    )
    if not len(lifted):
        return table
    names = ", ".join(table.formulas[lifted].tolist())
    return noted(table, f"elements put to their reference state, 0 eV/atom: {names}")


def noted(table: PhaseTable, note: str) -> PhaseTable:
    """The table with a further remark among the additions of its provenance."""
    given = table.provenance
    return replace(table, provenance=replace(given, additions=(*given.additions, note)))


def _element_properties() -> dict[str, dict[str, float | str | None]]:
    path = data_file("elements.csv")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        known: dict[str, dict[str, float | str | None]] = {}
        for row in rows:
            if row["symbol"] not in SYMBOLS:
                raise ValueError(f"no element {row['symbol']!r}")
            known[row["symbol"]] = {
                name: (text if name.endswith("_source") else float(text)) if text else None
                for name, text in row.items()
                if name != "symbol"
            }
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise DataError(f"{path} is damaged ({error}): install sse-window again") from None
    return known
