"""Many compositions as arrays, for questions that are asked of all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.caches import Cache
from ..core.composition import Composition
from ..core.elements import ATOMIC_NUMBER, SYMBOLS
from ..core.systems import Phases, element_words
from ..core.tolerances import ATOM_FRACTION
from .table import PhaseTable

__all__ = ["CompositionArrays", "competing_phases"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class CompositionArrays:
    """Compositions one after the other.

    Attributes
    ----------
    offsets : ndarray of int, shape (n + 1,)
        Composition i holds the elements ``numbers[offsets[i]:offsets[i + 1]]``, at least one.
    numbers : ndarray of int
        Atomic numbers.
    amounts : ndarray of float
        Atoms of each per formula unit, above 0.

    Examples
    --------
    >>> series = CompositionArrays.of_matrix(["Li", "S"], np.array([[2.0, 1.0], [0.0, 1.0]]))
    >>> series.offsets.tolist(), series.numbers.tolist(), series.atoms.tolist()
    ([0, 2, 3], [3, 16, 16], [3.0, 1.0])
    """

    offsets: IntArray
    numbers: IntArray
    amounts: FloatArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def of(cls, compositions: Sequence[Composition]) -> CompositionArrays:
        """From parsed compositions."""
        numbers = [ATOMIC_NUMBER[e] for c in compositions for e in c.amounts]
        amounts = [x for c in compositions for x in c.amounts.values()]
        lengths = [len(c.amounts) for c in compositions]
        return cls._of(lengths, np.array(numbers, np.intp), np.array(amounts, np.float64))

    @classmethod
    def of_phases(cls, table: PhaseTable, rows: IntArray | None = None) -> CompositionArrays:
        """The compositions of phases of a table, per reduced formula unit."""
        chosen = table if rows is None else table.select(rows)
        return cls(
            np.ascontiguousarray(chosen.offsets, dtype=np.intp),
            chosen.numbers.astype(np.intp),
            np.ascontiguousarray(chosen.amounts, dtype=np.float64),
        )

    @classmethod
    def of_matrix(cls, elements: Sequence[str], amounts: npt.ArrayLike) -> CompositionArrays:
        """From amounts of the same elements in every composition.

        Parameters
        ----------
        elements : sequence of k str
        amounts : array_like, shape (n, k)
            Atoms per formula unit; what is not above 0 is absent.
        """
        dense = np.asarray(amounts, dtype=np.float64)
        there = dense > 0.0
        numbers = np.array([ATOMIC_NUMBER[element] for element in elements], dtype=np.intp)
        tiled = np.broadcast_to(numbers, dense.shape)
        return cls._of(there.sum(axis=1), tiled[there], dense[there])

    @classmethod
    def _of(
        cls, lengths: npt.ArrayLike, numbers: IntArray, amounts: FloatArray
    ) -> CompositionArrays:
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp)
        return cls(offsets, np.ascontiguousarray(numbers), np.ascontiguousarray(amounts))

    def part(self, begin: int, end: int) -> CompositionArrays:
        """Compositions from one place up to, but not with, another."""
        offsets = self.offsets[begin : end + 1]
        inside = slice(offsets[0], offsets[-1])
        return CompositionArrays(offsets - offsets[0], self.numbers[inside], self.amounts[inside])

    @cached_property
    def atoms(self) -> FloatArray:
        """Atoms per formula unit, shape (n,)."""
        return np.add.reduceat(self.amounts, self.offsets[:-1]) if len(self) else np.zeros(0)

    @cached_property
    def sets(self) -> tuple[IntArray, IntArray]:
        """Elements of each: see :func:`~sse_window.core.systems.element_words`."""
        low, high = element_words(self.numbers, self.offsets)
        return np.ascontiguousarray(low), np.ascontiguousarray(high)

    @cached_property
    def by_system(self) -> IntArray:
        """Order in which those of one chemical system stand together."""
        low, high = self.sets
        return np.lexsort((low, high)).astype(np.intp)

    def require(self, table: PhaseTable, ion: str | None = None) -> None:
        """Check that a table holds their elements.

        Raises
        ------
        UnknownElementsError
            If it lacks one, or the ion, or holds only chemical systems that were fetched.
        """
        asked = [ion] if ion else []
        if not table.provenance.systems:
            table.require([*(SYMBOLS[z - 1] for z in np.unique(self.numbers)), *asked])
            return
        for members in self._systems():
            begin, end = self.offsets[members[0]], self.offsets[members[0] + 1]
            table.require([*(SYMBOLS[z - 1] for z in self.numbers[begin:end]), *asked])

    def _systems(self) -> list[IntArray]:
        """Places of the compositions of each chemical system."""
        low, high = (words[self.by_system] for words in self.sets)
        cuts = np.flatnonzero((np.diff(low) != 0) | (np.diff(high) != 0)) + 1
        return np.split(self.by_system, cuts) if len(self) else []

    @cached_property
    def _fractions(self) -> FloatArray:
        """Atom fractions of the elements of each, by atomic number."""
        owner = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        order = np.lexsort((self.numbers, owner))
        return np.asarray(self.amounts[order] / self.atoms[owner])

    def rows_in(self, table: PhaseTable) -> IntArray:
        """Row of the phase of each composition in a table; -1 where there is none.

        Parameters
        ----------
        table : PhaseTable

        Returns
        -------
        ndarray of int, shape (n,)

        Examples
        --------
        >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
        >>> series = CompositionArrays.of_matrix(["Li", "S"], [[4.0, 2.0], [1.0, 1.0]])
        >>> series.rows_in(table).tolist()
        [1, -1]
        """
        found = np.full(len(self), -1, dtype=np.intp)
        known = table.attached(_KnownPhases).of(None, lambda: _KnownPhases.made(table))
        phases, rows_of = known
        low, high = self.sets
        for members in self._systems():
            rows = np.array(rows_of.get((int(low[members[0]]), int(high[members[0]])), []), np.intp)
            if not len(rows):
                continue
            size = np.arange(self.offsets[members[0] + 1] - self.offsets[members[0]])
            ours = self._fractions[self.offsets[members][:, None] + size]
            theirs = phases._fractions[phases.offsets[rows][:, None] + size]
            apart = np.abs(ours[:, None] - theirs).max(axis=2)
            nearest = apart.argmin(axis=1)
            same = apart[np.arange(len(members)), nearest] <= ATOM_FRACTION
            found[members[same]] = rows[nearest[same]]
        return found


class _KnownPhases(Cache[tuple[CompositionArrays, dict[tuple[int, int], list[int]]]]):
    """The phases of a table as arrays, and their rows by their sets of elements."""

    @staticmethod
    def made(table: PhaseTable) -> tuple[CompositionArrays, dict[tuple[int, int], list[int]]]:
        phases = CompositionArrays.of_phases(table)
        rows_of: dict[tuple[int, int], list[int]] = {}
        for row, key in enumerate(zip(*(words.tolist() for words in phases.sets), strict=True)):
            rows_of.setdefault(key, []).append(row)
        return phases, rows_of


class _Competing(Cache[Phases]):
    """The competing phases of a table."""


def competing_phases(table: PhaseTable) -> Phases:
    """The competing phases of a table, found by their elements; made once per table."""
    return table.attached(_Competing).of(None, lambda: _phases(table))


def _phases(table: PhaseTable) -> Phases:
    rank = np.zeros(128, dtype=np.intp)
    for place, symbol in enumerate(sorted(SYMBOLS)):
        rank[ATOMIC_NUMBER[symbol]] = place
    return Phases(
        table.offsets,
        table.numbers.astype(np.intp),
        table.amounts,
        table.formation_energy_per_atom,
        table.competing.nonzero()[0],
        rank,
    )
