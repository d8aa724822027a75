"""Energies above the convex hull of a whole table of phases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.errors import DataError, EquilibriumError
from ..core.parametric_lp import LinearProgram
from ..core.tolerances import ENERGY_eV_per_atom
from .table import PhaseTable

__all__ = ["energies_above_hull"]

FloatArray = npt.NDArray[np.float64]
Task: TypeAlias = tuple[FloatArray, FloatArray, int]
Run: TypeAlias = Callable[[Callable[[Task], FloatArray], Iterable[Task]], Iterable[FloatArray]]


def energies_above_hull(table: PhaseTable, run: Run = map) -> FloatArray:
    """Energy of every phase above the phases of the table that its atoms could form instead.

    Closed system: all elements are conserved. A phase on the hull has exactly 0.0.

    Parameters
    ----------
    table : PhaseTable
        With its elements. Every phase of it competes, whatever ``table.competing`` says.
    run : callable
        ``map``, or a parallel replacement that keeps the order, such as ``Pool.imap``.

    Returns
    -------
    ndarray of float, shape (n,)
        [eV/atom], >= 0.

    Raises
    ------
    DataError
        If an element of a phase is not itself in the table.

    Notes
    -----
    Chemical systems are taken from few elements to many. A phase can only decompose into phases
    made of its own elements, that is of its chemical system and the subsystems. Of a subsystem
    only the phases on the hull need compete: a phase above it can be replaced by its own
    decomposition products, which hold the same atoms and cost less, so no optimum contains it.
    These phases are known by the time they are needed, and few: each phase is one small linear
    program.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS": -0.9, "Li3S": -1.2})
    >>> dict(zip(table.formulas.tolist(), energies_above_hull(table).round(3).tolist()))
    {'Li': 0.0, 'Li2S': 0.0, 'Li3S': 0.0, 'LiS': 0.15, 'S': 0.0}
    """
    systems = _systems(table)
    above = np.zeros(len(table))
    on_hull: dict[int, list[int]] = {}
    for size in sorted({mask.bit_count() for mask in systems}):
        level = [mask for mask in systems if mask.bit_count() == size]
        if size > 1:
            _check_elements(level, on_hull, table)
        results = run(_above_own_hull, _tasks(table, level, systems, on_hull))
        for mask, result in zip(level, results, strict=True):
            rows = systems[mask]
            above[rows] = result
            on_hull[mask] = [row for row, e in zip(rows, result, strict=True) if e == 0.0]
    return above


def _systems(table: PhaseTable) -> dict[int, list[int]]:
    """Rows of every chemical system, which is written as a bit per element."""
    systems: dict[int, list[int]] = {}
    numbers = table.numbers.tolist()
    offsets = table.offsets.tolist()
    for row in range(len(table)):
        mask = 0
        for number in numbers[offsets[row] : offsets[row + 1]]:
            mask |= 1 << number
        systems.setdefault(mask, []).append(row)
    return systems


def _check_elements(level: list[int], on_hull: dict[int, list[int]], table: PhaseTable) -> None:
    for mask in level:
        for number in _members(mask):
            if 1 << number not in on_hull:
                raise DataError(
                    f"dataset {table.provenance.name!r} holds compounds of the element with atomic "
                    f"number {number}, but not the element: add it at 0 eV/atom"
                )


def _members(mask: int) -> list[int]:
    return [number for number in range(mask.bit_length()) if mask >> number & 1]


def _tasks(
    table: PhaseTable,
    level: list[int],
    systems: dict[int, list[int]],
    on_hull: dict[int, list[int]],
) -> Iterator[Task]:
    """(matrix of atom fractions, energies, how many of the last columns are asked for)."""
    fractions = table.amounts / np.repeat(table.atoms, np.diff(table.offsets))
    position = np.zeros(int(table.numbers.max(initial=0)) + 1, dtype=np.intp)
    for mask in level:
        members = _members(mask)
        position[members] = np.arange(len(members))
        rows: list[int] = []
        part = (mask - 1) & mask
        while part:
            rows += on_hull.get(part, ())
            part = (part - 1) & mask
        rows.sort()
        rows += systems[mask]
        matrix = np.zeros((len(members), len(rows)))
        for column, row in enumerate(rows):
            entries = slice(table.offsets[row], table.offsets[row + 1])
            matrix[position[table.numbers[entries]], column] = fractions[entries]
        yield matrix, table.formation_energy_per_atom[rows], len(systems[mask])


def _above_own_hull(task: Task) -> FloatArray:
    matrix, energy, asked = task
    program = LinearProgram(matrix, energy)
    columns = range(matrix.shape[1] - asked, matrix.shape[1])
    above = np.array([energy[c] - program.solve(matrix[:, c]).cost for c in columns])
    # The program may choose the phase itself, so that less than zero can only be rounding.
    if above.min() < -ENERGY_eV_per_atom:
        raise EquilibriumError(f"an energy above hull of {above.min()} eV/atom: please report it")
    return np.where(above <= ENERGY_eV_per_atom, 0.0, above)
