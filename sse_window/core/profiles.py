"""Phase equilibria of many compositions over the voltage of one open element; arrays only.

Ordinary Python, compiled where there is a C compiler: see :mod:`~sse_window.core.simplex`.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .errors import EquilibriumError
from .simplex import Tableau
from .systems import Phases, System
from .tolerances import ION_CONTENT, ROUNDING, ROUNDING_eV
from .trace import Trace

__all__ = ["Profiles", "closed_minima"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Number = TypeVar("Number", np.float64, np.intp)

_CONTENT = ION_CONTENT
_INFINITY = math.inf
_NAN = math.nan
_SAME_CONTENT = ROUNDING
_SAME_ENERGY = ROUNDING_eV


class Profiles:
    """Segments of the voltage profiles of compositions, from the highest voltage down.

    Parameters
    ----------
    phases : Phases
    count : int
        Compositions.

    Attributes
    ----------
    first, length : ndarray of int, shape (count,)
        Composition i has the segments ``first[i]`` to ``first[i] + length[i] - 1``.
    conserved, content : ndarray, shape (count,)
        Atoms other than the ion, and ions, per formula unit as given.
    hull : ndarray, shape (count,)
        Energy of the closed equilibria [eV per formula unit]; nan where there is no answer.
    problems : dict of int to str
        Compositions without an answer, and why.
    low, high : ndarray, one value per segment
        Ends of the voltage.
    cost, slope : ndarray
        The grand potential at voltage V is ``cost + V * slope`` [eV per conserved atom]; the slope
        is the charge of the ions held.
    held_first, held_length : ndarray of int
        Segment j holds the phases ``held_first[j]`` to ``held_first[j] + held_length[j] - 1`` of
        the following two.
    held_row : ndarray of int
        Row of a phase.
    held_amount : ndarray
        Its formula units per formula unit of the composition.
    """

    def __init__(self, phases: Phases, count: int) -> None:
        self.phases = phases
        self._open = System(phases)
        self._closed = System(phases)
        self._tableau = Tableau(1, 1, 3)
        self._trace = Trace(self._tableau)
        self._b: FloatArray = np.zeros(256)
        self.first: IntArray = np.zeros(count, dtype=np.intp)
        self.length: IntArray = np.zeros(count, dtype=np.intp)
        self.conserved: FloatArray = np.zeros(count)
        self.content: FloatArray = np.zeros(count)
        self.hull: FloatArray = np.full(count, np.nan)
        self.problems: dict[int, str] = {}
        self.segments = 0
        self.held = 0
        self._room = self._held_room = 0
        self.low: FloatArray = np.zeros(0)
        self.high: FloatArray = np.zeros(0)
        self.cost: FloatArray = np.zeros(0)
        self.slope: FloatArray = np.zeros(0)
        self.held_first: IntArray = np.zeros(0, dtype=np.intp)
        self.held_length: IntArray = np.zeros(0, dtype=np.intp)
        self.held_row: IntArray = np.zeros(0, dtype=np.intp)
        self.held_amount: FloatArray = np.zeros(0)
        self._make_room(4 * count + 16, 16 * count + 64)

    def _make_room(self, segments: int, held: int) -> None:
        if segments > self._room:
            self._room = segments
            self.low = _longer(self.low, segments)
            self.high = _longer(self.high, segments)
            self.cost = _longer(self.cost, segments)
            self.slope = _longer(self.slope, segments)
            self.held_first = _longer(self.held_first, segments)
            self.held_length = _longer(self.held_length, segments)
        if held > self._held_room:
            self._held_room = held
            self.held_row = _longer(self.held_row, held)
            self.held_amount = _longer(self.held_amount, held)

    def trace(
        self,
        offsets: IntArray,
        numbers: IntArray,
        amounts: FloatArray,
        lows: IntArray,
        highs: IntArray,
        order: IntArray,
        ion: int,
        charge: float,
        all_steps: bool,
    ) -> None:
        """Work out the profiles of compositions.

        Parameters
        ----------
        offsets, numbers, amounts : ndarray
            Compositions, as those of :class:`~sse_window.core.systems.Phases`.
        lows, highs : ndarray of int
            Their sets of elements.
        order : ndarray of int
            Compositions in the order in which to take them: the same sets one after the other.
        ion : int
            Atomic number.
        charge : float
        all_steps : bool
            Down to 0 V; else only to the first segment that takes up ions.
        """
        for at in range(len(order)):
            i = order[at]
            self.first[i] = self.segments
            try:
                self._one(offsets, numbers, amounts, lows[i], highs[i], i, ion, charge, all_steps)
            except EquilibriumError as error:
                self.length[i] = 0
                self.segments = self.first[i]
                self.problems[int(i)] = str(error)

    def _one(
        self,
        offsets: IntArray,
        numbers: IntArray,
        amounts: FloatArray,
        low: int,
        high: int,
        i: int,
        ion: int,
        charge: float,
        all_steps: bool,
    ) -> None:
        system, trace, tableau = self._open, self._trace, self._tableau
        begin, end = offsets[i], offsets[i + 1]
        content = 0.0
        for j in range(begin, end):
            if numbers[j] == ion:
                content = amounts[j]
        self.content[i] = content
        if end - begin == 1 and numbers[begin] == ion:
            self.hull[i] = 0.0  # the metal, which is the reservoir
            return
        system.over(low, high, ion, charge)
        system.pose(tableau)
        conserved = system.vector(numbers, amounts, begin, end, self._b)
        self.conserved[i] = conserved
        # The highest voltage first: there the content of ions alone counts, the lowest one.
        tableau.pose(system.matrix, system.highest, system.start)
        tableau.begin(self._b)
        tableau.minimise(0, 3, -1)
        tableau.pose(system.matrix, system.falling, system.start)
        tableau.turn()
        trace.over(-_INFINITY, 0.0)
        own = content / conserved
        while trace.advance():
            self._keep(trace, system, i, conserved)
            held = -trace.slope / charge
            if not all_steps and held - own > _CONTENT:
                break
        energy = self._from_open(i, charge * content / conserved)
        if energy != energy:
            self.hull[i] = self._closed_energy(offsets, numbers, amounts, low, high, i)
        else:
            self.hull[i] = energy * conserved

    def _keep(self, trace: Trace, system: System, i: int, conserved: float) -> None:
        """Write down the vertex at which a trace stands."""
        if self.segments + 1 > self._room or self.held + trace.count > self._held_room:
            self._make_room(2 * self._room, 2 * self._held_room + trace.count)
        at = self.segments
        # In terms of the voltage, which falls as the parameter rises.
        self.low[at] = 0.0 - trace.high
        self.high[at] = 0.0 - trace.low
        self.cost[at] = trace.cost
        self.slope[at] = 0.0 - trace.slope
        self.held_first[at] = self.held
        self.held_length[at] = trace.count
        for j in range(trace.count):
            column = trace.column(j)
            self.held_row[self.held] = system.rows[column]
            amount = trace.amount(j) * conserved / system.conserved[column]
            self.held_amount[self.held] = amount
            self.held += 1
        self.segments += 1
        self.length[i] += 1

    def _from_open(self, i: int, content: float) -> float:
        """Energy of the closed equilibria from the open ones [eV per conserved atom]; or nan.

        Where the open equilibria hold as many ions as the composition they are the closed ones.
        Inside a step the energy lies on the line between the two vertices that are both optimal at
        the voltage of the step (duality).
        """
        begin, end = self.first[i], self.first[i] + self.length[i]
        for j in range(begin, end):
            if abs(self.slope[j] - content) <= _SAME_CONTENT:
                return float(self.cost[j])
        for j in range(begin, end - 1):
            poor, rich = self.slope[j], self.slope[j + 1]
            if rich > content > poor:
                share = (content - poor) / (rich - poor)
                energy = share * self.cost[j + 1] + (1.0 - share) * self.cost[j]
                voltage = self.low[j]
                least = self.cost[j] + voltage * poor - voltage * content
                if energy - least <= _SAME_ENERGY:
                    return float(energy)
        return _NAN

    def _closed_energy(
        self,
        offsets: IntArray,
        numbers: IntArray,
        amounts: FloatArray,
        low: int,
        high: int,
        i: int,
    ) -> float:
        """Energy of the closed equilibria [eV per formula unit]."""
        system, tableau = self._closed, self._tableau
        system.over(low, high, 0, 0.0)
        system.pose(tableau)
        atoms = system.vector(numbers, amounts, offsets[i], offsets[i + 1], self._b)
        tableau.begin(self._b)
        tableau.minimise(0, 3, -1)
        return tableau.objective(0) * atoms


def closed_minima(
    system: System,
    offsets: IntArray,
    numbers: IntArray,
    amounts: FloatArray,
    lows: IntArray,
    highs: IntArray,
    order: IntArray,
    out: FloatArray,
) -> dict[int, str]:
    """Energies of the closed equilibria of compositions.

    Parameters
    ----------
    system : System
    offsets, numbers, amounts, lows, highs, order : ndarray
        As of :meth:`Profiles.trace`.
    out : ndarray
        Where to write them [eV/atom]; nan where there is no answer.

    Returns
    -------
    dict of int to str
        Compositions without an answer, and why.
    """
    tableau = Tableau(1, 1, 3)
    b = np.zeros(256)
    problems: dict[int, str] = {}
    for at in range(len(order)):
        i = order[at]
        out[i] = _NAN
        try:
            system.over(lows[i], highs[i], 0, 0.0)
            system.pose(tableau)
            system.vector(numbers, amounts, offsets[i], offsets[i + 1], b)
            tableau.begin(b)
            tableau.minimise(0, 1, -1)
            out[i] = tableau.objective(0)
        except EquilibriumError as error:
            problems[int(i)] = str(error)
    return problems


def _longer(values: npt.NDArray[Number], length: int) -> npt.NDArray[Number]:
    """The same values in an array of another length."""
    there = np.asarray(values)
    out = np.zeros(length, dtype=there.dtype)
    out[: len(there)] = there
    return out
