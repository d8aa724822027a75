"""A linear program in terms of one basis, and the primal simplex method on it; arrays only.

This file is ordinary Python. Where the package was built with a C compiler it is compiled, with the
types that ``simplex.pxd`` gives its variables; everywhere else it is interpreted, and whole rows
are worked on by :mod:`~sse_window.core.row_operations`. Both do the same operations on the same
numbers in the same order and give the same bits.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from . import row_operations
from .errors import EquilibriumError
from .tolerances import AMOUNT, PIVOT, RATIO, SLOPE, FACE_eV

__all__ = ["COMPILED", "Tableau"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

COMPILED = not __file__.endswith(".py")
"""Whether this module runs as machine code."""

_COMPILED = COMPILED
_FACE, _SLOPE, _AMOUNT, _PIVOT, _RATIO = FACE_eV, SLOPE, AMOUNT, PIVOT, RATIO
_INFINITY = math.inf

_PIVOTS_PER_ROW = 400
"""A vertex is reached in a few pivots per row; a hundred times that is a method that cycles."""

_GROWTH = 1e4
"""Growth of rounding errors by pivots, at which the tableau is computed afresh from the basis. They
stay below this times 1e-16, which is far below every tolerance."""

_SINGULAR = "phases of an equilibrium depend on each other: please report composition and dataset"


class Tableau:
    """Columns, right-hand side and objectives of a program in terms of a basis.

    Parameters
    ----------
    k, n, m : int
        Rows, columns, objectives. Besides the n columns there is an artificial unit column n + i
        for every row i, which never enters a basis.

    Attributes
    ----------
    matrix : ndarray, shape (k, n)
        The columns.
    objectives : ndarray, shape (m, n + k)
        Costs of the columns; the first may be minimised, then the second over its optimal face, and
        so on.
    start, basis : ndarray of int, shape (k,)
        Unit columns to begin with; k columns that make `b` with amounts >= 0.
    b : ndarray, shape (k,)
        Right-hand side.
    body : ndarray, shape (k + m, n + 1)
        Rows of the basis, the last column holding their amounts; then reduced costs, the last
        column holding minus the objective. With a dozen rows and some hundred columns it is
        cheaper to pivot than an inverse of the basis. Arrays may be larger than these shapes.
    """

    def __init__(self, k: int, n: int, m: int) -> None:
        self.m = m
        self.growth, self.driving_out = 1.0, False
        self.matrix: FloatArray = np.zeros((0, 0))
        self.objectives: FloatArray = np.zeros((m, 0))
        self.start: IntArray = np.zeros(0, dtype=np.intp)
        self._next = _INFINITY
        self._entering = self._rows = self._width = -1
        self.resize(k, n)

    def resize(self, k: int, n: int) -> None:
        """Take another number of rows and columns; what is there becomes meaningless."""
        self.k = k
        self.n = n
        if k <= self._rows and n <= self._width:
            return
        self._rows = rows = max(k, self._rows)
        self._width = width = max(n, self._width)
        self.b: FloatArray = np.zeros(rows)
        self.basis: IntArray = np.zeros(rows, dtype=np.intp)
        self.body: FloatArray = np.zeros((rows + self.m, width + 1))
        self.face: IntArray = np.zeros(width, dtype=np.intp)
        self._square: FloatArray = np.zeros((rows, 2 * rows + 1))

    def pose(self, matrix: FloatArray, objectives: FloatArray, start: IntArray) -> None:
        """Take columns, objectives and unit columns to begin with; they are not copied."""
        self.matrix = matrix
        self.objectives = objectives
        self.start = start

    def find_units(self) -> None:
        """For each row the first column that holds this row alone: the element."""
        if not _COMPILED:
            row_operations.units(self.matrix[: self.k, : self.n], self.start[: self.k])
            return
        for r in range(self.k):
            self.start[r] = self.n + r
        for c in range(self.n - 1, -1, -1):
            held = row = 0
            for r in range(self.k):
                if self.matrix[r, c] != 0.0:
                    held, row = held + 1, r
            if held == 1 and self.matrix[row, c] > 0.0:
                self.start[row] = c

    def begin(self, b: FloatArray) -> None:
        """Go to a basis that makes `b` without artificial columns at a positive amount.

        Raises
        ------
        EquilibriumError
            If no combination of columns makes `b`.
        """
        artificial = False
        for r in range(self.k):
            self.b[r] = b[r]
            self.basis[r] = self.start[r]
            if self.start[r] >= self.n and b[r] > 0.0:
                artificial = True
        self._rows_of_units()
        if not artificial:
            self.reduce()
            return
        self.driving_out = True
        try:
            self.reduce()
            if self.n > 0:
                self._optimise(self.k, -1)
        finally:
            self.driving_out = False
        self.refresh()
        for r in range(self.k):
            if self.basis[r] >= self.n and self.body[r, self.n] > _AMOUNT:
                raise EquilibriumError(
                    "no combination of the phases has this composition; was an element excluded?"
                )

    def begin_at(self, b: FloatArray, basis: IntArray) -> None:
        """Go to a basis that is known to make `b`."""
        for r in range(self.k):
            self.b[r] = b[r]
            self.basis[r] = basis[r]
        self.refresh()

    def _rows_of_units(self) -> None:
        for r in range(self.k):
            c = self.start[r]
            unit = self.matrix[r, c] if c < self.n else 1.0
            self.body[r, self.n] = self.b[r] / unit
            if _COMPILED:
                for j in range(self.n):
                    self.body[r, j] = self.matrix[r, j] / unit
            else:
                row_operations.divide(self.matrix[r, : self.n], unit, self.body[r, : self.n])

    def refresh(self) -> None:
        """Compute everything from the basis again.

        Raises
        ------
        EquilibriumError
            If its columns depend on each other.
        """
        k, n = self.k, self.n
        self._basis_columns()
        for r in range(k):
            for j in range(k):
                self._square[r, k + j] = 1.0 if r == j else 0.0
        self._invert(2 * k)
        if not _COMPILED:
            body, inverse = self.body[:, : n + 1], self._square[:k, k : 2 * k]
            row_operations.expand(body, inverse, self.matrix[:k, :n], self.b[:k], self.basis[:k])
            self.reduce()
            return
        for r in range(k):
            factor = self._square[r, k]
            self.body[r, n] = factor * self.b[0]
            for c in range(n):
                self.body[r, c] = factor * self.matrix[0, c]
            for j in range(1, k):
                factor = self._square[r, k + j]
                self.body[r, n] += factor * self.b[j]
                for c in range(n):
                    self.body[r, c] += factor * self.matrix[j, c]
        for r in range(k):
            c = self.basis[r]
            if c < n:
                for j in range(k):
                    self.body[j, c] = 0.0
                self.body[r, c] = 1.0
        self.reduce()

    def _basis_columns(self) -> None:
        for j in range(self.k):
            c = self.basis[j]
            for r in range(self.k):
                unit = 1.0 if c - self.n == r else 0.0
                self._square[r, j] = self.matrix[r, c] if c < self.n else unit

    def _invert(self, wide: int) -> None:
        """Gauss-Jordan elimination of the first columns of the square."""
        if not _COMPILED:
            if not row_operations.invert(self._square[: self.k, :wide]):
                raise EquilibriumError(_SINGULAR)
            return
        k = self.k
        for column in range(k):
            place, largest = column, abs(self._square[column, column])
            for r in range(column + 1, k):
                if abs(self._square[r, column]) > largest:
                    place, largest = r, abs(self._square[r, column])
            if not largest > 0.0:
                raise EquilibriumError(_SINGULAR)
            if place != column:
                for j in range(wide):
                    swapped = self._square[column, j]
                    self._square[column, j] = self._square[place, j]
                    self._square[place, j] = swapped
            pivot = self._square[column, column]
            for j in range(wide):
                self._square[column, j] = self._square[column, j] / pivot
            for r in range(k):
                factor = self._square[r, column]
                if r == column or factor == 0.0:
                    continue
                for j in range(wide):
                    self._square[r, j] -= factor * self._square[column, j]

    def reduce(self) -> None:
        """Compute the rows of the objectives from those of the basis."""
        k, n = self.k, self.n
        self.growth = 1.0
        if self.driving_out:
            self._reduce_artificial()
            return
        if not _COMPILED:
            body = self.body[: k + self.m, : n + 1]
            row_operations.reduce(body, self.objectives, self.basis[:k])
            return
        for i in range(self.m):
            for c in range(n + 1):
                self.body[k + i, c] = 0.0
            for r in range(k):
                factor = self.objectives[i, self.basis[r]]
                if factor == 0.0:
                    continue
                for c in range(n + 1):
                    self.body[k + i, c] += factor * self.body[r, c]
            for c in range(n):
                self.body[k + i, c] = self.objectives[i, c] - self.body[k + i, c]
            self.body[k + i, n] = -self.body[k + i, n]

    def _reduce_artificial(self) -> None:
        """The first objective is the amount of artificial columns."""
        for c in range(self.n + 1):
            total = 0.0
            for r in range(self.k):
                if self.basis[r] >= self.n:
                    total += self.body[r, c]
            self.body[self.k, c] = -total
            for i in range(1, self.m):
                self.body[self.k + i, c] = 0.0

    def reprice(self) -> None:
        """Take the objectives anew, which have changed; the basis stays."""
        growth = self.growth
        self.reduce()
        self.growth = growth

    def turn(self) -> None:
        """Make of the first two objectives f, g the objectives g, -f."""
        for c in range(self.n + 1):
            first = self.body[self.k, c]
            self.body[self.k, c] = self.body[self.k + 1, c]
            self.body[self.k + 1, c] = -first

    def polish(self) -> None:
        """Compute amounts and objectives from the basis alone, however it was reached."""
        k, n = self.k, self.n
        self._basis_columns()
        for r in range(k):
            self._square[r, k] = self.b[r]
        self._invert(k + 1)
        for r in range(k):
            self.body[r, n] = self._square[r, k]
        for i in range(self.m):
            total = 0.0
            for r in range(k):
                total += self.objectives[i, self.basis[r]] * self.body[r, n]
            self.body[k + i, n] = -total

    def real(self) -> int:
        """How many columns of the basis are not artificial."""
        count = 0
        for r in range(self.k):
            if self.basis[r] < self.n:
                count += 1
        return count

    def objective(self, i: int) -> float:
        """Value of an objective at the basis.

        Raises
        ------
        EquilibriumError
            If it is no finite number.
        """
        value = 0.0 - float(self.body[self.k + i, self.n])
        if not -_INFINITY < value < _INFINITY:
            raise EquilibriumError("the energy of an equilibrium is not a finite number")
        return value

    def minimise(self, first: int, end: int, count: int = -1) -> None:
        """Minimise objectives in order of importance, each over the optimal face of the last.

        Parameters
        ----------
        first, end : int
            Objectives from the first up to, but not with, the last.
        count : int
            Columns that may enter are the first so many of `face`, those of the basis among them;
            all real ones if negative.

        Raises
        ------
        EquilibriumError
            If the method does not end, or an objective has no least value.
        """
        for i in range(first, end):
            self._optimise(self.k + i, count)
            if i + 1 == end:
                return
            count = self._optimal_face(self.k + i, count)
            if count <= self.real():
                return

    def _optimal_face(self, row: int, count: int) -> int:
        """Keep the columns that cost nothing; how many there are."""
        if not _COMPILED:
            allowed = None if count < 0 else self.face[:count]
            return row_operations.face(self.body[row, : self.n], allowed, _FACE, self.face)
        kept = 0
        if count < 0:
            for c in range(self.n):
                if self.body[row, c] <= _FACE:
                    self.face[kept] = c
                    kept += 1
            return kept
        for i in range(count):
            c = self.face[i]
            if self.body[row, c] <= _FACE:
                self.face[kept] = c
                kept += 1
        return kept

    def _optimise(self, row: int, count: int) -> None:
        """Reach the least value of one objective."""
        stalled = 0
        for _ in range(_PIVOTS_PER_ROW * self.k):
            bland = stalled > self.k
            column = self._best(row, count, bland)
            if column < 0:
                return
            step = self.enter(column, bland)
            stalled = stalled + 1 if step <= _RATIO else 0
        raise EquilibriumError(
            f"the equilibrium of {self.n} phases over {self.k} elements did not converge; please "
            "report the composition and dataset"
        )

    def _best(self, row: int, count: int, bland: bool) -> int:
        """Column to enter: the one of least reduced cost, or by Bland's rule the first below 0."""
        if not _COMPILED:
            allowed = None if count < 0 else self.face[:count]
            return row_operations.entering(self.body[row, : self.n], allowed, -_FACE, bland)
        best, least = -1, -_FACE
        if count < 0:
            for c in range(self.n):
                if self.body[row, c] < least:
                    least = float(self.body[row, c])
                    best = c
                    if bland:
                        return best
            return best
        for i in range(count):
            c = int(self.face[i])
            if self.body[row, c] < least:
                least = self.body[row, c]
                best = c
                if bland:
                    return best
        return best

    def enter(self, column: int, bland: bool) -> float:
        """Let a column enter the basis; the amount it enters with.

        Where the amounts of several columns vanish together, the largest pivot is taken, or with
        Bland's rule the first column.

        Raises
        ------
        EquilibriumError
            If nothing limits the amount.
        """
        k, n = self.k, self.n
        row = -1
        step = _INFINITY
        chosen = largest = 0.0
        for r in range(k):
            rate = float(self.body[r, column])
            size = abs(rate)
            if size > largest:
                largest = size
            artificial = self.basis[r] >= n
            if rate > _PIVOT:
                amount = float(self.body[r, n])
                ratio = amount / rate if amount > 0.0 else 0.0
                if artificial and amount <= _AMOUNT:
                    ratio = 0.0  # an artificial column leaves before it grows
            elif artificial and rate < -_PIVOT:
                ratio = 0.0 if self.body[r, n] <= _AMOUNT else _INFINITY
            else:
                continue
            if ratio < step - _RATIO:
                better = True
            elif ratio <= step + _RATIO:
                better = row < 0 or (self.basis[r] < self.basis[row] if bland else size > chosen)
            else:
                better = False
            if better:
                row = r
                chosen = size
            if ratio < step:
                step = ratio
        if step == _INFINITY:
            raise EquilibriumError("the energy is unbounded: an energy in the table is not finite")
        self.growth *= 1.0 + largest / chosen
        self.basis[row] = column
        if self.growth > _GROWTH:
            self.refresh()
        else:
            self._eliminate(row, column)
        return step

    def _eliminate(self, row: int, column: int) -> None:
        if not _COMPILED:
            body = self.body[: self.k + self.m, : self.n + 1]
            row_operations.eliminate(body, row, column)
            return
        pivot = self.body[row, column]
        for c in range(self.n + 1):
            self.body[row, c] = self.body[row, c] / pivot
        for r in range(self.k + self.m):
            factor = self.body[r, column]
            if r == row or factor == 0.0:
                continue
            for c in range(self.n + 1):
                self.body[r, c] -= factor * self.body[row, c]

    def breakpoint_above(self) -> float:
        """Rise of the parameter at which the first column may enter; infinite if none ever does.

        The objective is the first one plus the parameter times the second.
        """
        if not _COMPILED:
            cost, slope = self.body[self.k, : self.n], self.body[self.k + 1, : self.n]
            self._next, self._entering = row_operations.first_breakpoint(cost, slope, -_SLOPE)
            return self._next
        self._next, self._entering = _INFINITY, -1
        for c in range(self.n):
            falling = self.body[self.k + 1, c]
            if falling < -_SLOPE:
                at = self.body[self.k, c] / -falling
                if at < self._next:
                    self._next, self._entering = at, c
        return self._next

    def cross(self, rise: float) -> None:
        """Go to the vertex that is optimal beyond the breakpoint, which lies at this rise."""
        if _COMPILED:
            count = 0
            for c in range(self.n):
                if self.body[self.k, c] + rise * self.body[self.k + 1, c] <= _FACE:
                    self.face[count] = c
                    count += 1
        else:
            cost, slope = self.body[self.k, : self.n], self.body[self.k + 1, : self.n]
            count = row_operations.face_beyond(cost, slope, rise, _FACE, self.face)
        if count <= self.real() + 1:
            # One column alone can enter, and nothing on the face is better once it has.
            self.enter(self._entering, False)
        else:
            self.minimise(1, 3, count)
