"""Reaction energies of many pairs of compositions, closed and over a range of voltage; arrays only.

Ordinary Python, compiled where there is a C compiler: see :mod:`~sse_window.core.simplex`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .errors import EquilibriumError
from .profiles import Profiles
from .simplex import Tableau
from .systems import System
from .tolerances import BREAKPOINT, ENERGY_eV_per_atom
from .trace import Trace

__all__ = ["COLUMNS", "Contacts"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

COLUMNS = (
    "chemical_total",
    "chemical_mutual",
    "chemical_mutual_x",
    "low_total",
    "low_mutual",
    "high_total",
    "high_mutual",
    "worst_total",
    "worst_total_V",
    "worst_mutual",
    "worst_mutual_V",
    "worst_mutual_x",
)
"""What :meth:`Contacts.energies` writes: closed [eV/atom], then open [eV per conserved atom]."""

_NAN = math.nan
_NONE = ENERGY_eV_per_atom
_BREAKPOINT = BREAKPOINT


class Contacts:
    """Mixtures of two compositions, each taken from voltage profiles that are known.

    Parameters
    ----------
    first, second : Profiles
        Of all steps.
    first_compositions, second_compositions : tuple of ndarray
        Offsets, numbers and amounts of the compositions of each.
    first_sets, second_sets : tuple of ndarray
        Their sets of elements, as two arrays.
    ion : int
        Atomic number.
    charge : float
    """

    def __init__(
        self,
        first: Profiles,
        second: Profiles,
        first_compositions: tuple[IntArray, IntArray, FloatArray],
        second_compositions: tuple[IntArray, IntArray, FloatArray],
        first_sets: tuple[IntArray, IntArray],
        second_sets: tuple[IntArray, IntArray],
        ion: int,
        charge: float,
    ) -> None:
        self.first = first
        self.second = second
        self._offsets0, self._numbers0, self._amounts0 = first_compositions
        self._offsets1, self._numbers1, self._amounts1 = second_compositions
        self._lows0, self._highs0 = first_sets
        self._lows1, self._highs1 = second_sets
        self.ion = ion
        self.charge = charge
        self._closed = System(first.phases)
        self._open = System(first.phases)
        self._tableau = Tableau(1, 1, 2)
        self._vertex = Trace(self._tableau)
        self._b0: FloatArray = np.zeros(256)
        self._b1: FloatArray = np.zeros(256)
        self._x = 0.0
        self._conserved0 = self._conserved1 = self._atoms0 = self._atoms1 = 0.0
        self._height = self._width = 0
        self._reserve(4, 64)
        self._voltages: FloatArray = np.zeros(64)
        self._totals: FloatArray = np.zeros(64)
        self._mutuals: FloatArray = np.zeros(64)
        self._fractions: FloatArray = np.zeros(64)

    def _reserve(self, k: int, n: int) -> None:
        if k <= self._height and n <= self._width:
            return
        self._height = height = max(k, self._height)
        self._width = width = max(n, 2 * self._width)
        self._matrix: FloatArray = np.zeros((height, width))
        self._costs: FloatArray = np.zeros((2, width + height))
        self._start: IntArray = np.zeros(height, dtype=np.intp)

    def energies(
        self,
        i: int,
        j: int,
        energy0: float,
        energy1: float,
        low_V: float,
        high_V: float,
        out: FloatArray,
    ) -> None:
        """Energies of one pair.

        Parameters
        ----------
        i, j : int
            Which of the first and of the second compositions.
        energy0, energy1 : float
            Their energies as phases [eV per formula unit].
        low_V, high_V : float
            Range of the voltage.
        out : ndarray, shape (12,)
            See :data:`COLUMNS`; nan where nothing reacts and there is no fraction.

        Raises
        ------
        EquilibriumError
            If a program has no answer.
        """
        first, second = self.first, self.second
        low, high = self._lows0[i] | self._lows1[j], self._highs0[i] | self._highs1[j]
        for c in range(12):
            out[c] = _NAN
        system = self._closed
        system.over(low, high, 0, 0.0)
        self._mix(system, i, j)
        self._atoms0, self._atoms1 = self._conserved0, self._conserved1
        self._begin(system, 0.0)
        out[0] = self._least(system, 0.0, energy0 / self._conserved0, energy1 / self._conserved1)
        out[1] = self._least(
            system, 0.0, first.hull[i] / self._conserved0, second.hull[j] / self._conserved1
        )
        out[2] = self._x
        count = self._transitions(i, j, low_V, high_V)
        if first.length[i] and second.length[j]:
            system = self._open
            system.over(low, high, self.ion, self.charge)
            self._mix(system, i, j)
            self._begin(system, low_V)
            for v in range(count):
                voltage = self._voltages[v]
                own0 = self._given(first, i, energy0, voltage)
                own1 = self._given(second, j, energy1, voltage)
                self._totals[v] = self._least(system, voltage, own0, own1)
                alone0 = self._alone(first, i, voltage)
                alone1 = self._alone(second, j, voltage)
                self._mutuals[v] = self._least(system, voltage, alone0, alone1)
                self._fractions[v] = self._x
        else:
            self._against_metal(i, j, energy0, energy1, count)
        out[3], out[4] = self._totals[0], self._mutuals[0]
        out[5], out[6] = self._totals[count - 1], self._mutuals[count - 1]
        worst = self._lowest(self._totals, count)
        out[7], out[8] = self._totals[worst], self._voltages[worst]
        worst = self._lowest(self._mutuals, count)
        out[9], out[10], out[11] = (
            self._mutuals[worst],
            self._voltages[worst],
            self._fractions[worst],
        )

    def _against_metal(self, i: int, j: int, energy0: float, energy1: float, count: int) -> None:
        """The metal conserves nothing and changes no mixture: the other side is alone."""
        for v in range(count):
            voltage = self._voltages[v]
            energy = 0.0
            if self.first.length[i]:
                energy = self._alone(self.first, i, voltage)
                energy -= self._given(self.first, i, energy0, voltage)
            elif self.second.length[j]:
                energy = self._alone(self.second, j, voltage)
                energy -= self._given(self.second, j, energy1, voltage)
            self._totals[v] = 0.0 if energy > -_NONE else energy
            self._mutuals[v] = 0.0
            self._fractions[v] = _NAN

    def _given(self, profiles: Profiles, i: int, energy: float, voltage: float) -> float:
        """Energy of a phase as given [eV per conserved atom]."""
        held = self.charge * voltage * profiles.content[i]
        return float((energy + held) / profiles.conserved[i])

    def _alone(self, profiles: Profiles, i: int, voltage: float) -> float:
        """Grand potential of a composition alone; at a step the vertex above it."""
        begin = profiles.first[i]
        at = begin + profiles.length[i] - 1
        while at > begin and profiles.low[at - 1] <= voltage:
            at -= 1
        return float(profiles.cost[at] + voltage * profiles.slope[at])

    def _lowest(self, values: FloatArray, count: int) -> int:
        """The lowest value; of those that are equal the first."""
        best = values[0]
        for v in range(1, count):
            if values[v] < best:
                best = values[v]
        at = 0
        while values[at] > best + _NONE:
            at += 1
        return at

    def _transitions(self, i: int, j: int, low: float, high: float) -> int:
        """Write down the ends of a range and where either side alone changes within."""
        needed = self.first.length[i] + self.second.length[j] + 2
        if needed > len(self._voltages):
            self._voltages = np.zeros(2 * needed)
            self._totals = np.zeros(2 * needed)
            self._mutuals = np.zeros(2 * needed)
            self._fractions = np.zeros(2 * needed)
        count = 1
        self._voltages[0] = low
        count = self._insert(self.first, i, low, high, count)
        count = self._insert(self.second, j, low, high, count)
        kept = 1
        for v in range(1, count):
            voltage = self._voltages[v]
            apart = voltage - self._voltages[kept - 1] > _BREAKPOINT
            if apart and high - voltage > _BREAKPOINT:
                self._voltages[kept] = voltage
                kept += 1
        if high > low:
            self._voltages[kept] = high
            kept += 1
        return kept

    def _insert(self, profiles: Profiles, i: int, low: float, high: float, count: int) -> int:
        """Sort the steps of a profile into the voltages."""
        begin = profiles.first[i]
        # The last segment begins at 0 V, which is no step.
        for at in range(begin, begin + profiles.length[i] - 1):
            voltage = profiles.low[at]
            if low < voltage < high:
                v = count
                while v > 1 and self._voltages[v - 1] > voltage:
                    self._voltages[v] = self._voltages[v - 1]
                    v -= 1
                self._voltages[v] = voltage
                count += 1
        return count

    def _mix(self, system: System, i: int, j: int) -> None:
        """Columns of the phases, and of the fractions of the two sides."""
        n, k = system.n, system.k
        self._conserved0 = system.vector(
            self._numbers0, self._amounts0, self._offsets0[i], self._offsets0[i + 1], self._b0
        )
        self._conserved1 = system.vector(
            self._numbers1, self._amounts1, self._offsets1[j], self._offsets1[j + 1], self._b1
        )
        self._reserve(k + 1, n + 2)
        for r in range(k):
            for c in range(n):
                self._matrix[r, c] = system.matrix[r, c]
            self._matrix[r, n] = self._b1[r] - self._b0[r]
            self._matrix[r, n + 1] = 0.0
        for c in range(n):
            self._matrix[k, c] = 0.0
        self._matrix[k, n] = self._matrix[k, n + 1] = 1.0
        self._b1[k] = 1.0
        for c in range(n + k + 3):
            self._costs[0, c] = 0.0
            self._costs[1, c] = (c + 1.0) / (n + 2) if c < n + 2 else 0.0

    def _begin(self, system: System, voltage: float) -> None:
        self._price(system, voltage, 0.0, 0.0)
        self._tableau.resize(system.k + 1, system.n + 2)
        self._tableau.pose(self._matrix, self._costs, self._start)
        self._tableau.find_units()
        self._tableau.begin(self._b1)

    def _price(self, system: System, voltage: float, energy0: float, energy1: float) -> None:
        n = system.n
        for c in range(n):
            self._costs[0, c] = system.objectives[0, c] + voltage * system.objectives[1, c]
        self._costs[0, n] = energy1 - energy0
        self._costs[0, n + 1] = 0.0

    def _least(self, system: System, voltage: float, energy0: float, energy1: float) -> float:
        """Most negative energy of any mixture, against sides of these energies."""
        self._price(system, voltage, energy0, energy1)
        self._tableau.reprice()
        self._tableau.minimise(0, 2, -1)
        self._tableau.polish()  # so that the answer does not tell what was asked before
        vertex = self._vertex
        vertex.read()
        energy = vertex.cost - energy1
        self._x = _NAN
        if energy > -_NONE:
            return 0.0
        fraction0 = fraction1 = 0.0
        for c in range(vertex.count):
            if vertex.column(c) == system.n:
                fraction0 = vertex.amount(c)
            elif vertex.column(c) == system.n + 1:
                fraction1 = vertex.amount(c)
        # Counted in all atoms, as results give it.
        atoms0 = fraction0 * self._atoms0 / self._conserved0
        atoms1 = fraction1 * self._atoms1 / self._conserved1
        self._x = atoms0 / (atoms0 + atoms1)
        return energy

    def all(
        self,
        energies0: FloatArray,
        energies1: FloatArray,
        lows: FloatArray,
        highs: FloatArray,
        order: IntArray,
        out: FloatArray,
    ) -> dict[tuple[int, int], str]:
        """Energies of every first composition with every second one.

        Parameters
        ----------
        energies0, energies1 : ndarray
            Energies as phases [eV per formula unit].
        lows, highs : ndarray
            Range of the voltage for every second composition.
        order : ndarray of int
            First compositions, in the order in which to take them.
        out : ndarray, shape (first, second, 12)

        Returns
        -------
        dict of (int, int) to str
            Pairs without an answer, and why; their values are nan.
        """
        problems: dict[tuple[int, int], str] = {}
        for j in range(len(energies1)):
            for at in range(len(order)):
                i = order[at]
                try:
                    if energies0[i] != energies0[i] or energies1[j] != energies1[j]:
                        raise EquilibriumError("the equilibria of one side are not known")
                    self.energies(i, j, energies0[i], energies1[j], lows[j], highs[j], out[i, j])
                except EquilibriumError as error:
                    problems[(int(i), int(j))] = str(error)
                    out[i, j, :] = _NAN
        return problems
