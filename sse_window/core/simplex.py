"""A linear program in terms of one basis, and the primal simplex method on it; arrays only."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .errors import EquilibriumError
from .tolerances import AMOUNT, PIVOT, RATIO, FACE_eV

__all__ = ["Tableau"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

_PIVOTS_PER_ROW = 400
"""A vertex is reached in a few pivots per row; a hundred times that is a method that cycles."""

_GROWTH = 1e4
"""Growth of rounding errors by pivots, at which the tableau is computed afresh from the basis. They
stay below this times 1e-16, which is far below every tolerance."""


class Tableau:
    """Columns, right-hand side and objectives of a program in terms of a basis; changed in place.

    Parameters
    ----------
    columns : ndarray, shape (n + k, k)
        Columns of the constraints, one per row of this array; the last k are artificial unit
        columns, which never enter a basis.
    objectives : ndarray, shape (m, n + k)
        Costs of the columns; the first may be minimised, then the second over its optimal face, and
        so on.
    b : ndarray, shape (k,)
        Right-hand side.
    basis : list of int
        k columns that make `b` with amounts >= 0.
    body : ndarray, shape (k, n), optional
        The columns in terms of the basis, where that is known.

    Attributes
    ----------
    body : ndarray, shape (k + m, n + 1)
        Rows of the basis, the last column holding their amounts; then reduced costs, the last
        column holding minus the objective.

    Notes
    -----
    A pivot changes all of it by one outer product. With a dozen rows and some hundred columns that
    costs less than working with an inverse of the basis, and leaves the amounts and the reduced
    costs of all objectives at hand.
    """

    __slots__ = ("_b", "_columns", "_growth", "_objectives", "basis", "body", "k", "n")

    def __init__(
        self,
        columns: FloatArray,
        objectives: FloatArray,
        b: FloatArray,
        basis: list[int],
        body: FloatArray | None = None,
    ) -> None:
        self.k = len(b)
        self.n = len(columns) - self.k
        self._columns = columns
        self._objectives = objectives
        self._b = b
        self.basis = basis
        self.body = np.empty((self.k + len(objectives), self.n + 1))
        self._growth = 1.0
        if body is None:
            self.refresh()
            return
        self.body[: self.k, : self.n] = body
        # A body that is known has one element in each row: the diagonal of its basis.
        self.body[: self.k, self.n] = b / columns[basis, np.arange(self.k)]
        self._reduce()

    def refresh(self) -> None:
        """Compute everything from the basis again."""
        k, n = self.k, self.n
        inverse = np.linalg.inv(self._columns[self.basis].T)
        self.body[:k, :n] = inverse @ self._columns[:n].T
        self.body[:k, n] = inverse @ self._b
        for row, column in enumerate(self.basis):
            if column < n:
                self.body[:k, column] = 0.0
                self.body[row, column] = 1.0
        self._reduce()

    def reprice(self, objectives: FloatArray) -> None:
        """Take other objectives, as many as before; the basis stays."""
        self._objectives = objectives
        growth = self._growth
        self._reduce()
        self._growth = growth

    def recombine(self, combination: FloatArray) -> None:
        """Replace the objectives by linear combinations of them, as many as before."""
        self._objectives = combination @ self._objectives
        self.body[self.k :] = combination @ self.body[self.k :]

    def polish(self) -> None:
        """Compute amounts and objectives from the basis alone, however it was reached."""
        amounts = np.linalg.solve(self._columns[self.basis].T, self._b)
        self.body[: self.k, self.n] = amounts
        self.body[self.k :, self.n] = -self._objectives[:, self.basis] @ amounts

    def _reduce(self) -> None:
        k, n = self.k, self.n
        costs = self._objectives
        self.body[k:] = -costs[:, self.basis] @ self.body[:k]
        self.body[k:, :n] += costs[:, :n]
        self._growth = 1.0

    @property
    def real(self) -> int:
        """How many columns of the basis are not artificial."""
        return sum(column < self.n for column in self.basis)

    @property
    def amounts(self) -> list[float]:
        """Amounts of the columns of the basis."""
        amounts: list[float] = self.body[: self.k, self.n].tolist()
        return amounts

    def objective(self, objective: int) -> float:
        """Value of an objective at the basis."""
        return 0.0 - float(self.body[self.k + objective, self.n])

    def minimise(self, objectives: Sequence[int], allowed: IntArray | None = None) -> None:
        """Minimise objectives in order of importance, each over the optimal face of the last.

        Parameters
        ----------
        objectives : sequence of int
        allowed : ndarray of int, optional
            Columns that may enter, those of the basis among them; all real ones if left out.

        Raises
        ------
        EquilibriumError
            If the method does not end, or an objective has no least value.
        """
        for objective in objectives:
            reduced = self._optimise(self.k + objective, allowed)
            face = (reduced <= FACE_eV).nonzero()[0]
            allowed = face if allowed is None else allowed[face]
            if len(allowed) <= self.real:
                return

    def _optimise(self, row: int, allowed: IntArray | None) -> FloatArray:
        """Reach the least value of one objective; reduced costs of the allowed columns there."""
        stalled = 0
        for _ in range(_PIVOTS_PER_ROW * self.k):
            costs = self.body[row, : self.n]
            reduced = costs if allowed is None else costs[allowed]
            bland = stalled > self.k
            place = int((reduced < -FACE_eV).argmax() if bland else reduced.argmin())
            if reduced[place] >= -FACE_eV:
                return reduced
            step = self.enter(place if allowed is None else int(allowed[place]), bland=bland)
            stalled = stalled + 1 if step <= RATIO else 0
        raise EquilibriumError(
            f"the equilibrium of {self.n} phases over {self.k} elements did not converge; please "
            "report the composition and dataset"
        )

    def enter(self, column: int, *, bland: bool = False) -> float:
        """Let a column enter the basis; the amount it enters with.

        Where the amounts of several columns vanish together, the largest pivot is taken, or with
        Bland's rule the first column.

        Raises
        ------
        EquilibriumError
            If nothing limits the amount.
        """
        # A dozen numbers at most: plain floats are several times faster than arrays.
        rates: list[float] = self.body[: self.k, column].tolist()
        tied: list[int] = []
        step = math.inf
        for row, (basic, amount, rate) in enumerate(
            zip(self.basis, self.amounts, rates, strict=True)
        ):
            if rate > PIVOT:
                ratio = amount / rate if amount > 0.0 else 0.0
            elif basic >= self.n and rate < -PIVOT:
                ratio = math.inf
            else:
                continue
            if basic >= self.n and amount <= AMOUNT:
                ratio = 0.0  # an artificial column leaves before it grows
            if ratio < step - RATIO:
                tied = [row]
            elif ratio <= step + RATIO:
                tied.append(row)
            step = min(step, ratio)
        if step == math.inf:
            raise EquilibriumError("the energy is unbounded: an energy in the table is not finite")
        if len(tied) == 1:
            row = tied[0]
        elif bland:
            row = min(tied, key=self.basis.__getitem__)
        else:
            row = max(tied, key=lambda row: abs(rates[row]))
        self._growth *= 1.0 + max(map(abs, rates)) / abs(rates[row])
        self.basis[row] = column
        if self._growth > _GROWTH:
            self.refresh()
        else:
            pivot_row = self.body[row] / rates[row]
            self.body -= self.body[:, column, None] * pivot_row
            self.body[row] = pivot_row
        return step
