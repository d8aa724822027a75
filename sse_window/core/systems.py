"""Linear programs of many sets of elements from one set of phases; arrays only.

A set of elements is a pair of whole numbers, one bit per atomic number: see :data:`WORD`. Ordinary
Python, compiled where there is a C compiler: see :mod:`~sse_window.core.simplex`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from . import row_operations
from .errors import EquilibriumError
from .simplex import COMPILED, Tableau

__all__ = ["WORD", "Phases", "System", "element_words"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

WORD = 60
"""Elements per whole number: atomic number z is bit (z - 1) % 60 of number (z - 1) // 60."""

_COMPILED = COMPILED
_BITS = WORD
_NUMBERS = 128
"""More than there are atomic numbers."""

_ENUMERATED = 11
"""Elements up to which every subset is looked up; beyond, all phases are gone through."""


def element_words(numbers: IntArray, offsets: IntArray) -> tuple[IntArray, IntArray]:
    """Sets of elements of compositions that stand one after the other.

    Parameters
    ----------
    numbers : ndarray of int
        Atomic numbers.
    offsets : ndarray of int, shape (n + 1,)
        Composition i holds ``numbers[offsets[i]:offsets[i + 1]]``, at least one.

    Returns
    -------
    low, high : ndarray of int, shape (n,)

    Examples
    --------
    >>> element_words(np.array([1, 3, 62]), np.array([0, 2, 3]))
    (array([5, 0]), array([0, 2]))
    """
    word, bit = np.divmod(np.asarray(numbers, dtype=np.intp) - 1, WORD)
    values = np.left_shift(np.intp(1), bit)
    starts = offsets[: len(offsets) - 1]
    if not len(starts):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    low, high = (np.bitwise_or.reduceat(np.where(word == w, values, 0), starts) for w in (0, 1))
    return low, high


class Phases:
    """Phases that may compete, found by their elements.

    Parameters
    ----------
    offsets, numbers, amounts : ndarray
        Compositions: phase i holds the atomic numbers ``numbers[offsets[i]:offsets[i + 1]]``.
    energies : ndarray, shape (n,)
        Formation energies [eV/atom], finite.
    rows : ndarray of int
        Phases that compete, ascending.
    rank : ndarray of int, shape (128,)
        Order of the elements in a program, by atomic number.

    Attributes
    ----------
    found : ndarray of int
        Rows that were found last; ascending.
    """

    def __init__(
        self,
        offsets: IntArray,
        numbers: IntArray,
        amounts: FloatArray,
        energies: FloatArray,
        rows: IntArray,
        rank: IntArray,
    ) -> None:
        numbers = np.ascontiguousarray(numbers, dtype=np.intp)
        offsets = np.ascontiguousarray(offsets, dtype=np.intp)
        if not (np.isfinite(energies).all() and np.isfinite(amounts).all()):
            raise EquilibriumError("an energy of a phase is not a finite number")
        if len(numbers) and not 0 < numbers.min() <= numbers.max() <= 2 * WORD:
            raise EquilibriumError("an atomic number is out of range")
        self.offsets: IntArray = offsets
        self.numbers: IntArray = numbers
        self.amounts: FloatArray = np.ascontiguousarray(amounts, dtype=np.float64)
        self.energies: FloatArray = np.ascontiguousarray(energies, dtype=np.float64)
        self.rank: IntArray = np.ascontiguousarray(rank, dtype=np.intp)
        lows, highs = element_words(numbers, offsets)
        rows = np.asarray(rows, dtype=np.intp)
        order = np.lexsort((rows, lows[rows], highs[rows]))
        rows = np.ascontiguousarray(rows[order])
        lows, highs = lows[rows], highs[rows]
        new = np.ones(len(rows), bool)
        new[1:] = (np.diff(lows) != 0) | (np.diff(highs) != 0)
        begins = np.flatnonzero(new).astype(np.intp)
        self._rows: IntArray = rows
        self._lows: IntArray = np.ascontiguousarray(lows[begins])
        self._highs: IntArray = np.ascontiguousarray(highs[begins])
        self._begins: IntArray = np.append(begins, len(rows)).astype(np.intp)
        self._sets = len(begins)
        size = 16
        while size < 2 * self._sets:
            size *= 2
        self._slots = size - 1
        self._table: IntArray = np.full(size, -1, dtype=np.intp)
        for place in range(self._sets if COMPILED else 0):
            slot = self._slot(self._lows[place], self._highs[place])
            self._table[slot] = place
        self._found_array: IntArray = np.zeros(max(len(rows), 1), dtype=np.intp)
        self.found: IntArray = self._found_array

    def _slot(self, low: int, high: int) -> int:
        """Where a set of elements stands in the table, or would."""
        slot = ((low % 1000003) * 8191 + (high % 999983) * 131071) & self._slots
        while True:
            place = self._table[slot]
            if place < 0 or (self._lows[place] == low and self._highs[place] == high):
                return slot
            slot = (slot + 1) & self._slots

    def within(self, low: int, high: int) -> int:
        """Find the phases made of no other elements than these; how many there are."""
        if not _COMPILED:
            return row_operations.within(
                low, high, self._lows, self._highs, self._begins, self._rows, self.found
            )
        count = 0
        members = self._members(low) + self._members(high)
        if members <= _ENUMERATED:
            part_high = high
            while True:
                part_low = low
                while True:
                    if part_low or part_high:
                        place = self._table[self._slot(part_low, part_high)]
                        if place >= 0:
                            count = self._take(place, count)
                    if part_low == 0:
                        break
                    part_low = (part_low - 1) & low
                if part_high == 0:
                    break
                part_high = (part_high - 1) & high
        else:
            for place in range(self._sets):
                if (self._lows[place] & ~low) | (self._highs[place] & ~high) == 0:
                    count = self._take(place, count)
        self._found_array[:count].sort()
        return count

    def _take(self, place: int, count: int) -> int:
        for i in range(self._begins[place], self._begins[place + 1]):
            self.found[count] = self._rows[i]
            count += 1
        return count

    def _members(self, word: int) -> int:
        count = 0
        while word:
            word &= word - 1
            count += 1
        return count


class System:
    """Phases over a set of elements as a linear program, closed or open to one element.

    Energies and amounts are per conserved atom: all atoms where closed, all but those of the open
    element where open.

    Parameters
    ----------
    phases : Phases

    Attributes
    ----------
    k, n : int
        Conserved elements, phases.
    elements : ndarray of int
        Atomic numbers of the conserved elements, in the order of the rows of the program.
    rows : ndarray of int
        Phases that are the columns.
    conserved : ndarray
        Conserved atoms per formula unit of each.
    matrix : ndarray
        Columns of the program, at least of shape (k, n).
    objectives, falling, highest : ndarray
        Cost, charge, order of the columns; cost, minus the charge, order; and charge, cost, order:
        for a voltage that rises, that falls, and that is infinitely high.
    """

    def __init__(self, phases: Phases) -> None:
        self.phases = phases
        self.k = self.n = 0
        self.ion = 0
        self.charge = 0.0
        self.elements: IntArray = np.zeros(_NUMBERS, dtype=np.intp)
        self._place: IntArray = np.zeros(_NUMBERS, dtype=np.intp)
        self._low = self._high = -1
        self._height = self._width = 0
        self._reserve(4, 64)

    def _reserve(self, k: int, n: int) -> None:
        if k <= self._height and n <= self._width:
            return
        self._height = height = max(k, self._height)
        self._width = width = max(n, 2 * self._width)
        self.rows: IntArray = np.zeros(width, dtype=np.intp)
        self.conserved: FloatArray = np.zeros(width)
        self.matrix: FloatArray = np.zeros((height, width))
        self.objectives: FloatArray = np.zeros((3, width + height))
        self.falling: FloatArray = np.zeros((3, width + height))
        self.highest: FloatArray = np.zeros((3, width + height))
        self.start: IntArray = np.zeros(height, dtype=np.intp)

    def over(self, low: int, high: int, ion: int, charge: float) -> None:
        """Take another set of elements.

        Parameters
        ----------
        low, high : int
            The set.
        ion : int
            Atomic number of an element to which the system is open; 0 where it is closed.
        charge : float
            That of the ion.
        """
        one = 1  # as wide as a set
        if 0 < ion <= _BITS:
            low |= one << (ion - 1)
        elif ion:
            high |= one << (ion - 1 - _BITS)
        if low == self._low and high == self._high and ion == self.ion:
            return
        self.ion = ion
        self.charge = charge
        self._low = low
        self._high = high
        self._order_elements()
        phases = self.phases
        count = phases.within(low, high)
        self._reserve(self.k, count)
        n = 0
        for i in range(count):
            row = phases.found[i]
            begin, end = phases.offsets[row], phases.offsets[row + 1]
            conserved = ions = 0.0
            for j in range(begin, end):
                if phases.numbers[j] == ion:
                    ions = phases.amounts[j]
                else:
                    conserved += phases.amounts[j]
            if conserved == 0.0:
                continue  # the metal of the ion is the reservoir, and no column
            for r in range(self.k):
                self.matrix[r, n] = 0.0
            for j in range(begin, end):
                if phases.numbers[j] != ion:
                    self.matrix[self._place[phases.numbers[j]], n] = phases.amounts[j] / conserved
            self.rows[n] = row
            self.conserved[n] = conserved
            self.objectives[0, n] = phases.energies[row] * (conserved + ions) / conserved
            self.objectives[1, n] = charge * ions / conserved
            n += 1
        self.n = n
        for c in range(n + self.k):
            real = c < n
            cost = self.objectives[0, c] if real else 0.0
            held = self.objectives[1, c] if real else 0.0
            order = (c + 1.0) / n if real else 0.0
            self.objectives[0, c] = self.falling[0, c] = self.highest[1, c] = cost
            self.objectives[1, c] = self.highest[0, c] = held
            self.falling[1, c] = -held
            self.objectives[2, c] = self.falling[2, c] = self.highest[2, c] = order

    def _order_elements(self) -> None:
        """List the conserved elements by their rank."""
        k = 0
        for z in range(1, 2 * _BITS + 1):
            word = self._low if z <= _BITS else self._high
            if z == self.ion or not (word >> ((z - 1) % _BITS)) & 1:
                continue
            i = k
            while i > 0 and self.phases.rank[self.elements[i - 1]] > self.phases.rank[z]:
                self.elements[i] = self.elements[i - 1]
                i -= 1
            self.elements[i] = z
            k += 1
        self.k = k
        for r in range(k):
            self._place[self.elements[r]] = r

    def pose(self, tableau: Tableau) -> None:
        """Hand the program to a tableau of three objectives, at a rising voltage from 0 V."""
        tableau.resize(self.k, self.n)
        tableau.pose(self.matrix, self.objectives, self.start)
        tableau.find_units()

    def vector(
        self, numbers: IntArray, amounts: FloatArray, begin: int, end: int, out: FloatArray
    ) -> float:
        """Write fractions of the conserved elements of a composition; its conserved atoms."""
        total = 0.0
        for r in range(self.k):
            out[r] = 0.0
        for j in range(begin, end):
            if numbers[j] != self.ion:
                out[self._place[numbers[j]]] = amounts[j]
        for r in range(self.k):
            total += out[r]
        if total > 0.0:
            for r in range(self.k):
                out[r] = out[r] / total
        return total
