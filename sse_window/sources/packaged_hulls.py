"""Phases on the hull of the packaged datasets within some elements, without reading all the rest.

A question whose answer is shown beside the same at other energies needs only the phases that can
take part: of every file five columns are read, and of the rows those on the hull.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.composition import parse
from ..core.elements import ATOMIC_NUMBER
from ..core.tolerances import ENERGY_eV_per_atom
from ..facts.packaged import data_file
from ..phases.columns import E_ABOVE_HULL, FORMATION_ENERGY
from ..phases.files import (
    list_column,
    provenance_in,
    read_columns,
    read_provenance,
    to_numpy,
)
from ..phases.repriced import base_of
from ..phases.table import PhaseTable
from .datasets import PACKAGED

__all__ = ["packaged_hulls"]

_PHASES = ("formula", "atomic_numbers", "amounts")
_ENERGIES = (FORMATION_ENERGY, E_ABOVE_HULL)


def packaged_hulls(names: Sequence[str], elements: Iterable[str]) -> list[PhaseTable]:
    """Tables of the phases on the hull, and of the elements.

    Parameters
    ----------
    names : sequence of str
        Packaged datasets.
    elements : iterable of str

    Returns
    -------
    list of PhaseTable
        One for each name, without properties; energies above hull are 0.

    Raises
    ------
    DataError
        If a packaged file is damaged.

    Examples
    --------
    >>> (table,) = packaged_hulls(["oqmd"], ["Li", "S"])
    >>> table.formulas.tolist()
    ['Li', 'Li2S', 'S']
    """
    wanted = sorted(set(elements), key=ATOMIC_NUMBER.__getitem__)
    opened: dict[str, Any] = {}
    tables = []
    for name in names:
        path = data_file(PACKAGED[name])
        base = base_of(path) or path.name
        if base not in opened:
            opened[base] = _phases(path.with_name(base), wanted)
        arrow, rows = opened[base]
        tables.append(_table(path, arrow, rows, wanted))
    return tables


def _phases(path: Path, elements: Sequence[str]) -> tuple[Any, npt.NDArray[np.intp]]:
    """Phases of a file, and which of them hold no other elements than these."""
    arrow = read_columns(path, read_provenance(path), _PHASES, only=True)
    numbers, offsets = list_column(arrow["atomic_numbers"])
    inside = np.isin(numbers, [ATOMIC_NUMBER[e] for e in elements])
    return arrow, np.flatnonzero(np.logical_and.reduceat(inside, offsets[:-1]))


def _table(
    path: Path, arrow: Any, rows: npt.NDArray[np.intp], elements: Sequence[str]
) -> PhaseTable:
    contents = read_provenance(path)
    energies = read_columns(path, contents, _ENERGIES, only=True)
    above = to_numpy(energies[E_ABOVE_HULL])[rows]
    rows = rows[above <= ENERGY_eV_per_atom]
    # One by one: the method that takes many loads pandas, which takes longer than all the rest.
    formulas = [arrow["formula"][row].as_py() for row in rows.tolist()]
    energy = to_numpy(energies[FORMATION_ENERGY])[rows]
    compositions = [parse(formula) for formula in [*formulas, *elements]]
    values = np.concatenate([energy, np.zeros(len(elements))])
    return PhaseTable.from_compositions(
        compositions, values, provenance_in(contents), e_above_hull=np.zeros(len(values))
    )
