"""Energies above the convex hull of a whole table of phases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..core.elements import SYMBOLS
from ..core.errors import DataError, EquilibriumError
from ..core.profiles import closed_minima
from ..core.systems import System
from ..core.tolerances import ENERGY_eV_per_atom
from .composition_arrays import CompositionArrays, competing_phases
from .table import PhaseTable

__all__ = ["energies_above_hull"]


_AT_ONCE = 500
"""Phases between two looks at who waits: the compiled core hears no interrupt meanwhile."""


def energies_above_hull(
    table: PhaseTable, progress: Callable[[int, int], None] | None = None
) -> npt.NDArray[np.float64]:
    """Energy of every phase above the phases of the table that its atoms could form instead.

    Closed system: all elements are conserved. A phase on the hull has exactly 0.0.

    Parameters
    ----------
    table : PhaseTable
        With its elements. Every phase of it competes, whatever ``table.competing`` says.
    progress : callable, optional
        Called with the number of phases that are done, and of all.

    Returns
    -------
    ndarray of float, shape (n,)
        [eV/atom], >= 0.

    Raises
    ------
    DataError
        If an element of a phase is not itself in the table.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS": -0.9, "Li3S": -1.2})
    >>> dict(zip(table.formulas.tolist(), energies_above_hull(table).round(3).tolist()))
    {'Li': 0.0, 'Li2S': 0.0, 'Li3S': 0.0, 'LiS': 0.15, 'S': 0.0}
    """
    everything = replace(table, competing=np.ones(len(table), bool))
    compositions = CompositionArrays.of_phases(table)
    missing = set(table.numbers.tolist()) - set(
        table.numbers[table.offsets[:-1][np.diff(table.offsets) == 1]].tolist()
    )
    if missing:
        raise DataError(
            f"dataset {table.provenance.name!r} holds compounds of "
            f"{', '.join(SYMBOLS[z - 1] for z in sorted(missing))}, but not the element: add it at "
            "0 eV/atom"
        )
    hull = np.full(len(table), np.nan)
    problems: dict[int, str] = {}
    system, order = System(competing_phases(everything)), compositions.by_system
    for begin in range(0, len(order), _AT_ONCE):
        problems |= closed_minima(
            system,
            compositions.offsets,
            compositions.numbers,
            compositions.amounts,
            *compositions.sets,
            order[begin : begin + _AT_ONCE],
            hull,
        )
        if progress is not None:
            progress(min(begin + _AT_ONCE, len(order)), len(order))
    for row, problem in problems.items():
        raise EquilibriumError(f"{table.formulas[row]}: {problem}")
    above = table.formation_energy_per_atom - hull
    # The program may choose the phase itself, so that less than zero can only be rounding.
    if above.min(initial=0.0) < -ENERGY_eV_per_atom:
        raise EquilibriumError(f"an energy above hull of {above.min()} eV/atom: please report it")
    return np.where(above <= ENERGY_eV_per_atom, 0.0, above)
