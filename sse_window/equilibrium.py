"""The parametric linear program behind every equilibrium; arrays in and out, no chemistry.

Phase amounts x >= 0 that conserve the elements (A x = b) and minimise (c + t d) x for a scalar
parameter t. The optimum is piecewise linear and concave in t, and its optimal vertices are the
phase equilibria. :func:`LinearProgram.trace` follows them exactly from one breakpoint to the next:
at a breakpoint the optimal face is known, and the vertex of that face with the smallest slope d x
is the one that stays optimal beyond it. Nothing is sampled.

The same program answers both questions of this package:

- open to an ion at voltage t: c is the formation energy and d the charge of the ions held, both
  per non-ion atom, so that the optimum is the grand potential;
- pseudo-binary mixing: the fraction u of the first composition becomes a variable with cost -t,
  and as t rises from minus to plus infinity the optimal u steps through every kink of the convex
  reaction energy (its Legendre transform). See :func:`mixing_program`.

Degenerate vertices (compositions on tie-lines) are the rule. Entering ties are settled by Bland's
rule as soon as the simplex method stalls, and equilibria of equal energy by the order of the
columns, so that equal questions get equal answers everywhere. A method that does not end, or a
program without a solution, raises :class:`~sse_window.errors.EquilibriumError`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .errors import EquilibriumError
from .tolerances import AMOUNT, BREAKPOINT, PIVOT, RATIO, SLOPE, FACE_eV

__all__ = ["LinearProgram", "Segment", "Vertex", "mixing_program"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

_PIVOTS_PER_ROW = 400
"""A vertex is reached in a few pivots per row; a hundred times that is a method that cycles."""

_UPDATES = 12
"""An inverse is computed afresh after so many updates, and before anything is read off it."""

_WEAK_PIVOT = 1e-3
"""Dividing by a pivot below this would lose digits that the tolerances rely on: start afresh."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """An optimal vertex.

    Attributes
    ----------
    columns : ndarray of int, shape (m,)
        Phases with a positive amount, ascending.
    amounts : ndarray of float, shape (m,)
        Their amounts.
    cost, slope : float
        c x and d x: the objective at parameter t is ``cost + t * slope``.
    basis : ndarray of int, shape (k,)
        Basic columns, to start a neighbouring question from.
    """

    columns: IntArray
    amounts: FloatArray
    cost: float
    slope: float
    basis: IntArray

    def value(self, t: float) -> float:
        """Objective at parameter `t`; at an infinite `t` the slope has to be zero."""
        return self.cost + t * self.slope if self.slope else self.cost


@dataclass(frozen=True, slots=True)
class Segment:
    """The interval of the parameter in which one vertex is optimal."""

    low: float
    high: float
    vertex: Vertex


class _Basis:
    """k columns that span the rows, with the inverse of the matrix they make; changed in place."""

    __slots__ = ("_all", "_updates", "columns", "inverse")

    def __init__(
        self, all_columns: FloatArray, columns: IntArray, inverse: FloatArray | None = None
    ) -> None:
        self._all = all_columns  # one column of the program per row
        self.columns = columns.copy()
        self._updates = 0
        self.inverse = self._fresh() if inverse is None else inverse.copy()

    def _fresh(self) -> FloatArray:
        return np.asarray(np.linalg.inv(self._all[self.columns].T), dtype=np.float64)

    def exchange(self, row: int, entering: int, direction: FloatArray) -> None:
        """Let column `entering`, which is `direction` in terms of the basis, take a row's place."""
        self.columns[row] = entering
        self._updates += 1
        pivot = direction[row]
        if self._updates > _UPDATES or abs(pivot) < _WEAK_PIVOT:
            self.refresh()
            return
        pivot_row = self.inverse[row] / pivot
        self.inverse -= direction[:, None] * pivot_row
        self.inverse[row] = pivot_row

    def refresh(self) -> None:
        """Take the rounding of updates out of the inverse."""
        if self._updates:
            self.inverse = self._fresh()
            self._updates = 0


class LinearProgram:
    """min (c + t d) x subject to A x = b, x >= 0.

    Parameters
    ----------
    matrix : ndarray, shape (k, n)
        A: a column per phase, a row per conserved element, columns of the order of one.
    cost, slope : ndarray, shape (n,)
        c and d.

    Notes
    -----
    Revised simplex method with an explicit inverse of the k x k basis, k at most the number of
    elements. It is updated at a pivot and computed afresh for every vertex that is returned or
    passed on a trace, so that nothing drifts. Where no column holds one element alone (the pure
    element was excluded) an artificial column starts the method and is driven out first; if it
    cannot be, the program is infeasible.

    Examples
    --------
    Two elements; one compound in the middle at -1 is what an equal mixture becomes, until its
    rising cost makes the elements (columns 0 and 1) cheaper at t = 1.

    >>> import numpy as np
    >>> program = LinearProgram(
    ...     np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]),
    ...     np.array([0.0, 0.0, -1.0]),
    ...     np.array([0.0, 0.0, 1.0]),
    ... )
    >>> [(s.low, s.high, s.vertex.columns.tolist()) for s in program.trace([0.5, 0.5], 0.0, 5.0)]
    [(0.0, 1.0, [2]), (1.0, 5.0, [0, 1])]
    """

    def __init__(
        self,
        matrix: npt.ArrayLike,
        cost: npt.ArrayLike,
        slope: npt.ArrayLike | None = None,
    ) -> None:
        columns = np.asarray(matrix, dtype=np.float64)
        rows, n = columns.shape
        self.n = n
        # One column of A per row of this array, for they are what is picked. The last ones are
        # artificial: unit columns that never enter a basis.
        self._columns = np.concatenate([columns.T, np.eye(rows)])
        self._order = np.concatenate([np.arange(1.0, n + 1.0) / max(n, 1), np.zeros(rows)])
        self._real = np.arange(n + rows) < n
        start = self._unit_columns(columns)
        diagonal = 1.0 / self._columns[start, np.arange(rows)]
        self._start = _Basis(self._columns, start, np.diag(diagonal))
        self._price(cost, slope)

    def _price(self, cost: npt.ArrayLike, slope: npt.ArrayLike | None) -> None:
        # Rows: c, d. Artificial columns cost nothing.
        self._objectives = np.zeros((2, len(self._real)))
        self._objectives[0, : self.n] = cost
        if slope is not None:
            self._objectives[1, : self.n] = slope
        if not np.isfinite(self._objectives).all():
            raise EquilibriumError("an energy of a phase is not a finite number")
        self._cost, self._slope = self._objectives

    def repriced(self, cost: npt.ArrayLike, slope: npt.ArrayLike | None = None) -> LinearProgram:
        """The same constraints at another cost: a vertex of one is a start for the other.

        Parameters
        ----------
        cost, slope : ndarray, shape (n,)

        Returns
        -------
        LinearProgram
        """
        other = copy(self)
        other._price(cost, slope)
        return other

    def _unit_columns(self, matrix: FloatArray) -> IntArray:
        """For each row a column that holds this row alone: the element, else the artificial one."""
        start = np.arange(self.n, self.n + len(matrix))
        single = np.flatnonzero(np.count_nonzero(matrix, axis=0) == 1)
        for column in single[::-1]:
            row = int(np.flatnonzero(matrix[:, column])[0])
            if matrix[row, column] > 0.0:
                start[row] = column
        return start

    def solve(self, b: npt.ArrayLike, t: float = 0.0, start: IntArray | None = None) -> Vertex:
        """Optimal vertex at one value of the parameter.

        Parameters
        ----------
        b : array_like, shape (k,)
            Amounts of the conserved elements, all >= 0, of the order of one.
        t : float
            Parameter. Where `t` is a breakpoint, the vertex that holds beyond it is returned.
        start : ndarray of int, optional
            Basis of a vertex found before for the same `b`.

        Returns
        -------
        Vertex

        Raises
        ------
        EquilibriumError
            If no combination of columns makes `b`, or the method does not end.
        """
        b = np.asarray(b, dtype=np.float64)
        objectives = (self._cost + t * self._slope, self._slope, self._order)
        basis = self._feasible(b, start)
        self._lexicographic(b, basis, objectives, self._real)
        return self._vertex(b, basis)

    def trace(
        self,
        b: npt.ArrayLike,
        low: float,
        high: float,
        start: IntArray | None = None,
    ) -> list[Segment]:
        """All optimal vertices between two values of the parameter, in ascending order.

        Parameters
        ----------
        b : array_like, shape (k,)
            Amounts of the conserved elements, all >= 0, of the order of one.
        low, high : float
            Ends of the parameter; either may be infinite.
        start : ndarray of int, optional
            Basis of a vertex found before for the same `b`.

        Returns
        -------
        list of Segment
            Contiguous, non-empty, covering [low, high].

        Raises
        ------
        EquilibriumError
            If no combination of columns makes `b`, or the method does not end.
        """
        b = np.asarray(b, dtype=np.float64)
        objectives = (
            (-self._slope, self._cost, self._order)
            if np.isneginf(low)
            else (self._cost + low * self._slope, self._slope, self._order)
        )
        basis = self._feasible(b, start)
        self._lexicographic(b, basis, objectives, self._real)
        segments: list[Segment] = []
        t = low
        for _ in range(_PIVOTS_PER_ROW * len(b)):
            vertex = self._vertex(b, basis)
            prices = self._objectives[:, basis.columns] @ basis.inverse
            cost, slope = self._objectives - prices @ self._columns.T
            slope[basis.columns] = 0.0
            falling = (self._real & (slope < -SLOPE)).nonzero()[0]
            t_next, entering = math.inf, -1
            if len(falling):
                breakpoints = cost[falling] / -slope[falling]
                first = int(breakpoints.argmin())
                t_next, entering = max(t, float(breakpoints[first])), int(falling[first])
            _append(segments, t, min(t_next, high), vertex)
            if t_next >= high:
                return segments
            face = self._real & (cost + t_next * slope <= FACE_eV)
            face[basis.columns] = self._real[basis.columns]
            self._cross(b, basis, face, entering)
            t = t_next
        raise EquilibriumError(
            f"the trace of {self.n} phases over {len(b)} elements did not end; please report the "
            "composition and dataset"
        )

    def _cross(self, b: FloatArray, basis: _Basis, face: BoolArray, entering: int) -> None:
        """Move to the vertex of the face at a breakpoint that is optimal beyond it."""
        if np.count_nonzero(face) > np.count_nonzero(basis.columns < self.n) + 1:
            self._lexicographic(b, basis, (self._slope, self._order), face)
            return
        # One column alone can enter, and nothing on the face is better once it has.
        direction = basis.inverse @ self._columns[entering]
        row, _ = self._leaving(basis, basis.inverse @ b, direction, bland=False)
        basis.exchange(row, entering, direction)

    def _vertex(self, b: FloatArray, basis: _Basis) -> Vertex:
        basis.refresh()
        held = sorted(
            (column, amount)
            for column, amount in zip(
                basis.columns.tolist(), (basis.inverse @ b).tolist(), strict=True
            )
            if amount > AMOUNT and column < self.n
        )
        columns = np.array([column for column, _ in held], dtype=np.intp)
        amounts = np.array([amount for _, amount in held])
        cost, slope = (self._objectives[:, columns] @ amounts).tolist()
        return Vertex(columns, amounts, cost, slope, basis.columns.copy())

    def _feasible(self, b: FloatArray, start: IntArray | None) -> _Basis:
        """A basis that makes `b` without artificial columns at a positive amount."""
        if start is not None:
            return _Basis(self._columns, start)
        basis = _Basis(self._columns, self._start.columns, self._start.inverse)
        artificial = basis.columns >= self.n
        if not artificial.any() or not b[artificial].any():
            return basis
        self._optimise(b, basis, (~self._real).astype(np.float64), self._real)
        basis.refresh()
        if np.any((basis.inverse @ b)[basis.columns >= self.n] > AMOUNT):
            raise EquilibriumError(
                "no combination of the phases has this composition; was an element excluded?"
            )
        return basis

    def _lexicographic(
        self, b: FloatArray, basis: _Basis, objectives: Sequence[FloatArray], allowed: BoolArray
    ) -> None:
        """Minimise objectives in order of importance, each over the optimal face of the last."""
        for objective in objectives:
            reduced = self._optimise(b, basis, objective, allowed)
            allowed = allowed & (reduced <= FACE_eV)
            if np.count_nonzero(allowed) <= np.count_nonzero(basis.columns < self.n):
                break

    def _optimise(
        self, b: FloatArray, basis: _Basis, cost: FloatArray, allowed: BoolArray
    ) -> FloatArray:
        """Primal simplex method from a feasible basis; the reduced costs at the optimum.

        They are infinite where a column is not allowed to enter.
        """
        barred = np.where(allowed, cost, np.inf)
        stalled = 0
        for _ in range(_PIVOTS_PER_ROW * len(b)):
            prices = cost[basis.columns] @ basis.inverse
            reduced = barred - self._columns @ prices
            reduced[basis.columns] = 0.0
            bland = stalled > len(b)
            entering = int((reduced < -FACE_eV).argmax() if bland else reduced.argmin())
            if reduced[entering] >= -FACE_eV:
                return reduced
            direction = basis.inverse @ self._columns[entering]
            row, step = self._leaving(basis, basis.inverse @ b, direction, bland)
            stalled = stalled + 1 if step <= RATIO else 0
            basis.exchange(row, entering, direction)
        raise EquilibriumError(
            f"the equilibrium of {self.n} phases over {len(b)} elements did not converge; please "
            "report the composition and dataset"
        )

    def _leaving(
        self, basis: _Basis, x: FloatArray, direction: FloatArray, bland: bool
    ) -> tuple[int, float]:
        """Row that leaves the basis, and the step; an artificial column leaves before it grows."""
        # A dozen numbers at most: plain floats are several times faster than arrays.
        columns = basis.columns.tolist()
        rates = direction.tolist()
        steps = []
        for column, amount, rate in zip(columns, x.tolist(), rates, strict=True):
            if column >= self.n and amount <= AMOUNT and abs(rate) > PIVOT:
                steps.append(0.0)
            else:
                steps.append(max(amount, 0.0) / rate if rate > PIVOT else math.inf)
        step = min(steps)
        if step == math.inf:
            raise EquilibriumError("the energy is unbounded: an energy in the table is not finite")
        tied = [row for row, other in enumerate(steps) if other <= step + RATIO]
        if len(tied) == 1:
            return tied[0], step
        if bland:
            return min(tied, key=columns.__getitem__), step
        return max(tied, key=lambda row: abs(rates[row])), step


def _append(segments: list[Segment], low: float, high: float, vertex: Vertex) -> None:
    if high - low <= BREAKPOINT and segments:
        return
    if segments:
        last = segments[-1]
        same = np.array_equal(last.vertex.columns, vertex.columns) and bool(
            np.abs(last.vertex.amounts - vertex.amounts).max(initial=0.0) <= AMOUNT
        )
        # A step that is too narrow to tell was skipped: its neighbours meet at its upper end.
        low = last.low if same else low
        if same:
            segments.pop()
        elif last.high != low:
            segments[-1] = Segment(last.low, low, last.vertex)
    segments.append(Segment(low, high, vertex))


def mixing_program(
    matrix: FloatArray,
    cost: FloatArray,
    sides: Sequence[FloatArray],
    energies: Sequence[float] | None = None,
) -> tuple[LinearProgram, FloatArray]:
    """Program of mixing two or more compositions in fractions that are variables.

    With u_i the fraction of side i, the last one 1 - sum u_i >= 0, and e_i its energy: minimise
    c x - sum u_i (e_i - e_last) - t u_0 subject to A x = sum u_i b_i. At t = 0 the optimum is the
    most negative reaction energy of any mixture, plus e_last. For two sides, as t goes from minus
    to plus infinity, u_0 steps from 0 to 1 through every kink of the convex c x (u_0).

    Parameters
    ----------
    matrix : ndarray, shape (k, n)
    cost : ndarray, shape (n,)
    sides : sequence of m ndarray, shape (k,)
        Compositions, normalised to the same total.
    energies : sequence of m float, optional
        Energies of the unmixed sides; all equal if left out.

    Returns
    -------
    program : LinearProgram
        Column n + i is u_i; the last column is the fraction of the last side.
    b : ndarray, shape (k + 1,)
        Right-hand side to trace or solve it with.

    Examples
    --------
    >>> import numpy as np
    >>> matrix = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
    >>> ends = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    >>> program, b = mixing_program(matrix, np.array([0.0, 0.0, -1.0]), ends)
    >>> [(s.low, s.vertex.columns.tolist()) for s in program.trace(b, -np.inf, np.inf)]
    [(-inf, [1, 4]), (-2.0, [2, 3, 4]), (2.0, [0, 3])]
    """
    rows, n = matrix.shape
    m = len(sides)
    last = sides[-1]
    extended = np.zeros((rows + 1, n + m))
    extended[:rows, :n] = matrix
    for i, side in enumerate(sides[:-1]):
        extended[:rows, n + i] = last - side
    extended[rows, n:] = 1.0
    gains = np.zeros(m) if energies is None else np.asarray(energies) - energies[-1]
    slope = np.zeros(n + m)
    slope[n] = -1.0
    program = LinearProgram(extended, np.concatenate([cost, -gains]), slope)
    return program, np.concatenate([last, [1.0]])
