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
program without a solution, raises :class:`~sse_window.core.errors.EquilibriumError`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .errors import EquilibriumError
from .simplex import Tableau
from .trace import Trace

__all__ = ["LinearProgram", "Minima", "Segment", "Vertex", "mixing_program"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Vertex:
    """An optimal vertex.

    Attributes
    ----------
    held : tuple of (int, float)
        Columns with a positive amount, ascending, and their amounts.
    cost, slope : float
        c x and d x: the objective at parameter t is ``cost + t * slope``.
    basis : tuple of int
        Basic columns, to start a neighbouring question from.
    """

    held: tuple[tuple[int, float], ...]
    cost: float
    slope: float
    basis: tuple[int, ...]

    @cached_property
    def columns(self) -> IntArray:
        """Columns with a positive amount, ascending, shape (m,)."""
        return np.array([column for column, _ in self.held], dtype=np.intp)

    @cached_property
    def amounts(self) -> FloatArray:
        """Their amounts, shape (m,)."""
        return np.array([amount for _, amount in self.held], dtype=np.float64)

    def value(self, t: float) -> float:
        """Objective at parameter `t`; at an infinite `t` the slope has to be zero."""
        return self.cost + t * self.slope if self.slope else self.cost


@dataclass(frozen=True, slots=True)
class Segment:
    """The interval of the parameter in which one vertex is optimal."""

    low: float
    high: float
    vertex: Vertex


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
    Primal simplex method on a tableau of k rows, k at most the number of elements, which is
    computed afresh from its basis before rounding errors can count. Where no column holds one
    element alone (the pure element was excluded) an artificial column starts the method and is
    driven out first; if it cannot be, the program is infeasible.

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
        self._matrix: FloatArray = np.ascontiguousarray(matrix, dtype=np.float64)
        self.k, self.n = self._matrix.shape
        self._order = np.arange(1.0, self.n + 1.0) / max(self.n, 1)
        self._start: IntArray = np.zeros(self.k, dtype=np.intp)
        self._price(cost, slope)
        tableau = Tableau(self.k, self.n, 3)
        tableau.pose(self._matrix, self._objectives, self._start)
        tableau.find_units()

    def _price(self, cost: npt.ArrayLike, slope: npt.ArrayLike | None) -> None:
        # Rows: c, d, and the order of the columns. Artificial columns cost nothing.
        self._objectives: FloatArray = np.zeros((3, self.n + self.k))
        self._objectives[0, : self.n] = cost
        if slope is not None:
            self._objectives[1, : self.n] = slope
        self._objectives[2, : self.n] = self._order
        if not np.isfinite(self._objectives).all():
            raise EquilibriumError("an energy of a phase is not a finite number")

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

    def solve(self, b: npt.ArrayLike, t: float = 0.0, start: Sequence[int] | None = None) -> Vertex:
        """Optimal vertex at one value of the parameter.

        Parameters
        ----------
        b : array_like, shape (k,)
            Amounts of the conserved elements, all >= 0, of the order of one.
        t : float
            Parameter. Where `t` is a breakpoint, the vertex that holds beyond it is returned.
        start : sequence of int, optional
            Basis of a vertex found before for the same `b`.

        Returns
        -------
        Vertex

        Raises
        ------
        EquilibriumError
            If no combination of columns makes `b`, or the method does not end.
        """
        tableau = self._begun(b, self._at(t), start)
        tableau.minimise(0, 3)
        vertex = Trace(tableau)
        vertex.read()
        cost, slope = float(vertex.cost), float(vertex.slope)
        return Vertex(vertex.held(), cost - t * slope, slope, vertex.basis())

    def trace(
        self,
        b: npt.ArrayLike,
        low: float,
        high: float,
        start: Sequence[int] | None = None,
    ) -> list[Segment]:
        """All optimal vertices between two values of the parameter, in ascending order.

        Parameters
        ----------
        b : array_like, shape (k,)
            Amounts of the conserved elements, all >= 0, of the order of one.
        low, high : float
            Ends of the parameter; either may be infinite.
        start : sequence of int, optional
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
        return list(self.ascending(b, low, high, start))

    def ascending(
        self,
        b: npt.ArrayLike,
        low: float,
        high: float,
        start: Sequence[int] | None = None,
    ) -> Iterator[Segment]:
        """The segments of :meth:`trace` one by one, each worked out when it is asked for."""
        if math.isinf(low):
            # At first the slope alone counts, the highest one; then the cost.
            cost, slope, order = self._objectives
            tableau = self._begun(b, np.array([-slope, cost, order]), start)
            tableau.minimise(0, 3)
            tableau.objectives = self._objectives
            tableau.turn()
        else:
            tableau = self._begun(b, self._at(low), start)
            tableau.minimise(0, 3)
        trace = Trace(tableau)
        trace.over(low, high)
        while trace.advance():
            vertex = Vertex(trace.held(), float(trace.cost), float(trace.slope), trace.basis())
            yield Segment(trace.low, trace.high, vertex)

    def _at(self, t: float) -> FloatArray:
        """Objectives in order of importance: cost at a parameter, slope, order of the columns."""
        if t == 0.0:
            return self._objectives
        objectives = self._objectives.copy()
        objectives[0] += t * objectives[1]
        return objectives

    def _begun(
        self, b: npt.ArrayLike, objectives: FloatArray, start: Sequence[int] | None = None
    ) -> Tableau:
        """Tableau at a basis that makes `b`."""
        tableau = Tableau(self.k, self.n, len(objectives))
        tableau.pose(self._matrix, objectives, self._start)
        made = np.ascontiguousarray(b, dtype=np.float64)
        if made.shape != (self.k,) or not np.isfinite(made).all():
            raise EquilibriumError("an amount of an element is not a finite number")
        if start is None:
            tableau.begin(made)
        else:
            tableau.begin_at(made, np.array(start, dtype=np.intp))
        return tableau

    def minima(self, b: FloatArray) -> tuple[Tableau, FloatArray]:
        """Tableau of a cost to be given, and the order of the columns; the row of the cost."""
        objectives = np.zeros((2, self.n + self.k))
        objectives[1, : self.n] = self._order
        return self._begun(b, objectives), objectives[0, : self.n]


class Minima:
    """Optimal vertices of a program at one cost after the other, each sought from the last.

    Parameters
    ----------
    program : LinearProgram
        Its constraints count; its costs do not.
    b : ndarray, shape (k,)

    Examples
    --------
    >>> import numpy as np
    >>> program = LinearProgram(np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]), np.zeros(3))
    >>> minima = Minima(program, np.array([0.5, 0.5]))
    >>> [minima.at(np.array([0.0, 0.0, cost])).columns.tolist() for cost in (-1.0, 1.0)]
    [[2], [0, 1]]
    """

    def __init__(self, program: LinearProgram, b: FloatArray) -> None:
        self._tableau, self._cost = program.minima(b)
        self._vertex = Trace(self._tableau)

    def at(self, cost: FloatArray) -> Vertex:
        """Optimal vertex at one cost; equal ones are settled by the order of the columns.

        Raises
        ------
        EquilibriumError
            If a cost is no finite number, or the method does not end.
        """
        self._cost[:] = cost
        if not np.isfinite(self._cost).all():
            raise EquilibriumError("an energy of a phase is not a finite number")
        self._tableau.reprice()
        self._tableau.minimise(0, 2)
        self._tableau.polish()  # so that the answer does not tell what was asked before
        self._vertex.read()
        return Vertex(self._vertex.held(), float(self._vertex.cost), 0.0, self._vertex.basis())


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
