"""Phases on the hull of the packaged datasets within some elements, without reading all the rest.

A question whose answer is shown beside the same at other energies needs only the phases that can
take part: of every file five columns are read, and of the rows those on the hull.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

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
from ..phases.reference import with_elements
from ..phases.repriced import base_of
from ..phases.table import PhaseTable
from .datasets import PACKAGED
from .kept import kept

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
    tables = []
    for name in names:
        path = data_file(PACKAGED[name])
        hull = kept(path, "hull", partial(_hull, path))
        tables.append(hull.within(wanted))
    return tables


def _hull(path: Path) -> PhaseTable:
    """The phases of a file that are on the hull, and the elements."""
    contents = read_provenance(path)
    base = base_of(path)
    whole = path if base is None else path.with_name(base)
    phases = read_columns(whole, read_provenance(whole), _PHASES, only=True)
    energies = read_columns(path, contents, _ENERGIES, only=True)
    numbers, offsets = list_column(phases["atomic_numbers"])
    above = to_numpy(energies[E_ABOVE_HULL])
    table = PhaseTable(
        formulas=to_numpy(phases["formula"]),
        offsets=offsets.astype(np.intp),
        numbers=numbers.astype(np.uint8),
        amounts=list_column(phases["amounts"])[0].astype(np.float64),
        formation_energy_per_atom=to_numpy(energies[FORMATION_ENERGY]).astype(np.float64),
        e_above_hull=above,
        competing=above <= ENERGY_eV_per_atom,
        provenance=provenance_in(contents),
    )
    return with_elements(table.competitors())
