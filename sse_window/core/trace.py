"""The vertices of a tableau that are optimal one after the other as a parameter rises.

Ordinary Python, compiled where there is a C compiler: see :mod:`~sse_window.core.simplex`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .errors import EquilibriumError
from .simplex import Tableau
from .tolerances import AMOUNT, BREAKPOINT

__all__ = ["Trace"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

_AMOUNT, _BREAKPOINT, _INFINITY = AMOUNT, BREAKPOINT, math.inf

_STEPS_PER_ROW = 400
"""A trace has a few steps per row; a hundred times that is one that does not end."""


class Trace:
    """Optimal vertices one after the other as the parameter of a tableau rises.

    Steps too narrow to tell, and vertices that are alike, are one.

    Parameters
    ----------
    tableau : Tableau
        At the optimum of its three objectives: cost at the lower end (at 0 where that is infinite),
        slope, order.
    low, high : float
        Ends of the parameter; either may be infinite.

    Attributes
    ----------
    low, high : float
        Interval of the vertex.
    cost, slope : float
        Its objective is ``cost + t * slope``.
    count : int
        Columns with a positive amount.
    """

    def __init__(self, tableau: Tableau) -> None:
        self.tableau = tableau
        self.low = self.high = self.cost = self.slope = 0.0
        self.count = 0
        # Three vertices in turn: the one that was read last, the one that is given out next, and
        # the one that is compared with it.
        self._counts: IntArray = np.zeros(3, dtype=np.intp)
        self._costs: FloatArray = np.zeros(3)
        self._slopes: FloatArray = np.zeros(3)
        self._given, self._waiting, self._fresh = 0, 1, 2
        self._rows = -1
        self._resize()
        self._base = self._at = self._end = self._waiting_low = 0.0
        self._steps = 0
        self._begun = self._to_cross = self._last = self._ended = False

    def _resize(self) -> None:
        """Hold vertices of as many rows as the tableau has."""
        k = self.tableau.k
        if k > self._rows:
            self._rows = k
            self._columns: IntArray = np.zeros((3, k), dtype=np.intp)
            self._amounts: FloatArray = np.zeros((3, k))
            self._bases: IntArray = np.zeros((3, k), dtype=np.intp)

    def over(self, low: float, high: float) -> None:
        """Begin at the lower end of a range."""
        self._resize()
        self._base = 0.0 if low == -_INFINITY else low
        self._at = low
        self._end = high
        self._steps = 0
        self._begun = self._to_cross = self._last = self._ended = False

    def advance(self) -> bool:
        """Go to the next vertex; False where there is none.

        Raises
        ------
        EquilibriumError
            If the trace does not end.
        """
        if self._ended:
            return False
        if self._last:
            return self._give_last()
        while self._steps < _STEPS_PER_ROW * self.tableau.k:
            self._steps += 1
            if self._to_cross:
                self.tableau.cross(self._at - self._base)
                self._to_cross = False
            low = self._at
            following = self._base + self.tableau.breakpoint_above()
            if following < low:
                following = low
            upper = following if following < self._end else self._end
            given = False
            if not self._begun:
                self._read()
                self._begun = True
                self._wait(low)
            elif upper - low > _BREAKPOINT:
                self._read()
                if self._alike():
                    self._wait(self._waiting_low)
                else:
                    self._give(low)
                    self._wait(low)
                    given = True
            if following >= self._end:
                self._last = True
                return True if given else self._give_last()
            self._at = following
            self._to_cross = True
            if given:
                return True
        raise EquilibriumError(
            f"the trace of {self.tableau.n} phases over {self.tableau.k} elements did not end; "
            "please report the composition and dataset"
        )

    def _give_last(self) -> bool:
        self._give(self._end)
        self._ended = True
        return True

    def _give(self, high: float) -> None:
        self._given, self._waiting = self._waiting, self._given
        self.low = self._waiting_low
        self.high = high
        self.cost = self._costs[self._given]
        self.slope = self._slopes[self._given]
        self.count = self._counts[self._given]

    def _wait(self, low: float) -> None:
        self._fresh, self._waiting = self._waiting, self._fresh
        self._waiting_low = low

    def _read(self) -> None:
        """Read the vertex of the tableau, columns ascending."""
        tableau, place = self.tableau, self._fresh
        slope = tableau.objective(1)
        self._slopes[place] = slope
        self._costs[place] = tableau.objective(0) - self._base * slope
        count = 0
        for r in range(tableau.k):
            column = tableau.basis[r]
            self._bases[place, r] = column
            amount = tableau.body[r, tableau.n]
            if amount > _AMOUNT and column < tableau.n:
                i = count
                while i > 0 and self._columns[place, i - 1] > column:
                    self._columns[place, i] = self._columns[place, i - 1]
                    self._amounts[place, i] = self._amounts[place, i - 1]
                    i -= 1
                self._columns[place, i] = column
                self._amounts[place, i] = amount
                count += 1
        self._counts[place] = count

    def _alike(self) -> bool:
        fresh, waiting = self._fresh, self._waiting
        if self._counts[fresh] != self._counts[waiting]:
            return False
        for i in range(self._counts[fresh]):
            if self._columns[fresh, i] != self._columns[waiting, i]:
                return False
            if abs(self._amounts[fresh, i] - self._amounts[waiting, i]) > _AMOUNT:
                return False
        return True

    def column(self, i: int) -> int:
        """The i-th column that the vertex holds, in ascending order."""
        return int(self._columns[self._given, i])

    def amount(self, i: int) -> float:
        """Its amount."""
        return float(self._amounts[self._given, i])

    def held(self) -> tuple[tuple[int, float], ...]:
        """Columns of the vertex, ascending, and their amounts."""
        return tuple([(self.column(i), self.amount(i)) for i in range(self.count)])

    def basis(self) -> tuple[int, ...]:
        """Basic columns of the vertex."""
        return tuple([int(self._bases[self._given, r]) for r in range(self.tableau.k)])

    def read(self) -> None:
        """Take the vertex at which the tableau stands, without going on."""
        self._resize()
        self._base = 0.0
        self._read()
        self._given, self._fresh = self._fresh, self._given
        self.cost = self._costs[self._given]
        self.slope = self._slopes[self._given]
        self.count = self._counts[self._given]
