"""Windows, energies above hull and reaction energies of many compositions at once, as arrays.

The same equilibria as those of single questions (:mod:`~sse_window.equilibria.windows`,
:mod:`~sse_window.equilibria.mixtures`), without text and without an object per result: microseconds
each where the core is compiled. Parts of a long list may be asked for one after the other; memory
grows with the part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.contacts import COLUMNS, Contacts
from ..core.elements import ATOMIC_NUMBER
from ..core.ions import charge_of
from ..core.profiles import Profiles, closed_minima
from ..core.systems import System
from ..core.tolerances import ION_CONTENT, ENERGY_eV_per_atom
from ..phases.composition_arrays import CompositionArrays, competing_phases
from ..phases.table import PhaseTable
from .tolerance import TOLERANCE_eV_per_atom

__all__ = [
    "PairEnergies",
    "Partner",
    "WindowArrays",
    "hull_energies",
    "pair_energies",
    "windows",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class WindowArrays:
    """Stability windows of many compositions; each array has one value per composition.

    Where there is no answer all numbers are nan, and `problems` says why.

    Attributes
    ----------
    reduction_potential_V, oxidation_potential_V : ndarray
        The upper one is infinite where there is no limit.
    window_width_V : ndarray
    tolerance_low_V, tolerance_high_V : ndarray
        The tolerance window; infinite where there is no upper limit.
    decomposition_energy_0V_eV_per_atom : ndarray
        E_D against the metal, <= 0.
    hull_energy_eV_per_atom : ndarray
        Energy of the closed equilibria.
    e_above_hull_eV_per_atom : ndarray
        nan where the composition is not in the table and none was given.
    rows : ndarray of int
        Row of the phase in the table, -1 where there is none.
    no_width : ndarray of bool
        No interval has the ion content of the composition: both limits are the voltage of a step.
    reduction_ion_exchange, oxidation_ion_exchange : ndarray
        Ions taken up per formula unit just beyond each limit; nan where nothing happens.
    reduction_segment, oxidation_segment : ndarray of int
        Segment of `profiles` beyond each limit, -1 where there is none.
    profiles : Profiles
        All steps, from the highest voltage down, with the phases that they hold: see
        :class:`~sse_window.core.profiles.Profiles`. The metal of the ion itself has no steps.
    problems : mapping of int to str
    """

    reduction_potential_V: FloatArray
    oxidation_potential_V: FloatArray
    window_width_V: FloatArray
    tolerance_low_V: FloatArray
    tolerance_high_V: FloatArray
    decomposition_energy_0V_eV_per_atom: FloatArray
    hull_energy_eV_per_atom: FloatArray
    e_above_hull_eV_per_atom: FloatArray
    rows: IntArray
    no_width: BoolArray
    reduction_ion_exchange: FloatArray
    oxidation_ion_exchange: FloatArray
    reduction_segment: IntArray
    oxidation_segment: IntArray
    profiles: Profiles
    problems: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def decomposition_energy_0V_on_hull_eV_per_atom(self) -> FloatArray:
        """E_D at 0 V less the energy above hull."""
        own = np.nan_to_num(self.e_above_hull_eV_per_atom)
        return np.minimum(self.decomposition_energy_0V_eV_per_atom + own, 0.0)

    def products(self, segment: int) -> list[tuple[int, float]]:
        """Rows of the phases of a segment, and their formula units per formula unit."""
        begin = self.profiles.held_first[segment]
        return [
            (int(self.profiles.held_row[i]), float(self.profiles.held_amount[i]))
            for i in range(begin, begin + self.profiles.held_length[segment])
        ]


def hull_energies(table: PhaseTable, compositions: CompositionArrays) -> FloatArray:
    """Energies of the closed equilibria of many compositions.

    Parameters
    ----------
    table : PhaseTable
    compositions : CompositionArrays

    Returns
    -------
    ndarray, shape (n,)
        [eV/atom]; nan where no combination of phases makes the composition. The energy of a phase
        less this is its energy above hull.

    Raises
    ------
    UnknownElementsError
        If the table lacks an element.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> series = CompositionArrays.of_matrix(["Li", "S"], [[2.0, 1.0], [4.0, 1.0]])
    >>> hull_energies(table, series).round(4).tolist()
    [-1.4, -0.84]
    """
    compositions.require(table)
    out = np.full(len(compositions), np.nan)
    closed_minima(
        System(competing_phases(table)),
        *_arrays(compositions),
        *compositions.sets,
        compositions.by_system,
        out,
    )
    return out


def windows(
    table: PhaseTable,
    compositions: CompositionArrays,
    ion: str = "Li",
    *,
    e_above_hull: npt.ArrayLike | None = None,
    tolerance_eV_per_atom: float = TOLERANCE_eV_per_atom,
    rows: IntArray | None = None,
) -> WindowArrays:
    """Stability windows of many compositions.

    Parameters
    ----------
    table : PhaseTable
    compositions : CompositionArrays
    ion : str
        Working ion.
    e_above_hull : array_like, optional
        Energies above hull to assume [eV/atom]; nan and left out mean that of the table.
    tolerance_eV_per_atom : float
        Driving force that the tolerance window bears.
    rows : ndarray of int, optional
        Rows of the compositions in the table, -1 where they have none; sought if left out.

    Returns
    -------
    WindowArrays

    Raises
    ------
    UnknownElementsError
        If the table lacks an element, or the ion.

    Examples
    --------
    >>> table = PhaseTable.from_formulas(
    ...     {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}
    ... )
    >>> asked = CompositionArrays.of_matrix(["Li", "P", "S"], [[3.0, 1.0, 4.0], [2.0, 0.0, 1.0]])
    >>> found = windows(table, asked)
    >>> found.reduction_potential_V.round(5).tolist()
    [1.84, 0.0]
    >>> found.oxidation_potential_V.round(5).tolist()
    [2.18333, 2.1]
    >>> reduced = found.reduction_segment[0]
    >>> [(table.formulas[row], round(amount, 9)) for row, amount in found.products(reduced)]
    [('Li2S', 4.0), ('P', 1.0)]
    """
    charge = float(charge_of(ion))
    compositions.require(table, ion)
    profiles = _profiles(table, compositions, ion, charge)
    n = len(compositions)
    rows = compositions.rows_in(table) if rows is None else rows
    above, hull, energy = _energies(table, compositions, profiles, e_above_hull, rows)
    first, length = np.asarray(profiles.first), np.asarray(profiles.length)
    size = profiles.segments
    low, high, cost, slope = (
        np.asarray(values)[:size]
        for values in (profiles.low, profiles.high, profiles.cost, profiles.slope)
    )
    conserved, content = np.asarray(profiles.conserved), np.asarray(profiles.content)
    asked = compositions.by_system[length[compositions.by_system] > 0]
    owner = np.repeat(asked, length[asked])
    held, own = slope / charge, content[owner] / conserved[owner]
    exchange = np.where(
        np.abs(held - own) <= ION_CONTENT, 0.0, held * conserved[owner] - content[owner]
    )
    # Segments of one composition stand together, from the highest voltage down.
    starts = first[asked]
    places = np.arange(size)

    def last(which: BoolArray) -> IntArray:
        out = np.full(n, -1, dtype=np.intp)
        if len(starts):
            out[asked] = np.maximum.reduceat(np.where(which, places, -1), starts)
        return out

    def topmost(which: BoolArray) -> IntArray:
        out = np.full(n, -1, dtype=np.intp)
        if len(starts):
            found = np.minimum.reduceat(np.where(which, places, size), starts)
            out[asked] = np.where(found < size, found, -1)
        return out

    inside = last(exchange == 0.0)
    oxidised, reduced = last(exchange < 0.0), topmost(exchange > 0.0)
    metal = np.zeros(n, bool)
    metal[[i for i in np.flatnonzero(length == 0) if i not in profiles.problems]] = True
    step = (inside < 0) & (oxidised >= 0)
    bottom, top = np.full(n, np.nan), np.full(n, np.nan)
    bottom[inside >= 0], top[inside >= 0] = low[inside[inside >= 0]], high[inside[inside >= 0]]
    bottom[step] = top[step] = low[oxidised[step]]
    bottom[metal] = top[metal] = 0.0
    at_zero = np.full(n, np.nan)
    lowest = first[asked] + length[asked] - 1
    at_zero[asked] = (cost[lowest] * conserved[asked] - energy[asked]) / compositions.atoms[asked]
    at_zero[metal] = -np.nan_to_num(above[metal])
    rate = charge * exchange / compositions.atoms[owner] if size else exchange
    tolerance_low, tolerance_high = bottom.copy(), top.copy()
    tolerance_low[asked] = _walked(low, high, rate, starts, tolerance_eV_per_atom, bottom[asked])
    tolerance_high[asked] = -_walked(
        -high[::-1],
        -low[::-1],
        -rate[::-1],
        (size - starts - length[asked])[::-1],
        tolerance_eV_per_atom,
        -top[asked][::-1],
    )[::-1]
    tolerance_high[metal] = tolerance_eV_per_atom / charge  # nothing but ions: E_D(V) = -z V
    ends = [np.full(n, np.nan), np.full(n, np.nan)]
    for values, segment in zip(ends, (reduced, oxidised), strict=True):
        values[segment >= 0] = exchange[segment[segment >= 0]]
    ends[1][metal] = -content[metal]
    return WindowArrays(
        reduction_potential_V=bottom,
        oxidation_potential_V=top,
        window_width_V=np.where(np.isinf(top), np.inf, top - np.where(np.isinf(top), 0.0, bottom)),
        tolerance_low_V=tolerance_low,
        tolerance_high_V=tolerance_high,
        decomposition_energy_0V_eV_per_atom=np.minimum(at_zero, 0.0),
        hull_energy_eV_per_atom=hull,
        e_above_hull_eV_per_atom=above,
        rows=rows,
        no_width=step,
        reduction_ion_exchange=ends[0],
        oxidation_ion_exchange=ends[1],
        reduction_segment=reduced,
        oxidation_segment=oxidised,
        profiles=profiles,
        problems=profiles.problems,
    )


def _walked(
    low: FloatArray,
    high: FloatArray,
    rate: FloatArray,
    starts: IntArray,
    tolerance: float,
    end: FloatArray,
) -> FloatArray:
    """Voltages at which the tolerance is used up, going down from the lower end of the window.

    `rate` is the slope of the driving force within a segment [eV/(V atom)]; only where it is
    above 0 is anything used.
    """
    size = len(rate)
    if not size:
        return end
    counted = rate > 0.0
    with np.errstate(invalid="ignore"):
        used = np.where(counted, rate * (high - low), 0.0)
    used = np.where(np.isfinite(used), used, np.inf)
    lengths = np.diff(np.append(starts, size))
    out = end.copy()
    finite = np.where(np.isinf(used), 0.0, used)
    total = np.cumsum(finite)
    before = total - finite - np.repeat(total[starts] - finite[starts], lengths)
    reached = counted & (before + used >= tolerance)
    found = np.minimum.reduceat(np.where(reached, np.arange(size), size), starts)
    there = found < size
    at = found[there]
    left = np.maximum(tolerance - before[at], 0.0)
    out[there] = high[at] - left / rate[at]
    # Where it is never used up, the lowest voltage at which anything is.
    bottom = np.minimum.reduceat(np.where(counted, low, np.inf), starts)
    out[~there] = np.minimum(out[~there], bottom[~there])
    return out


class Partner(NamedTuple):
    """What compositions are brought in contact with.

    Attributes
    ----------
    composition : Composition
    voltage_range_V : tuple of float
        Range over which the open reaction is sought.
    e_above_hull : float or None
        Energy above hull to assume [eV/atom]; None is that of the table.
    """

    composition: Composition
    voltage_range_V: tuple[float, float] = (0.0, 0.0)
    e_above_hull: float | None = None


@dataclass(frozen=True, eq=False)
class PairEnergies:
    """Worst reaction energies of compositions with partners; arrays of shape (n, partners).

    Closed energies are per atom of the mixture, open ones per atom of it other than the ion; all
    are <= 0, or nan where there is no answer. The worst over the range is that of the lowest
    voltage among equals. `x` is the fraction of the composition, in atoms; nan where nothing
    reacts.

    Attributes
    ----------
    chemical_total_eV_per_atom, chemical_mutual_eV_per_atom, chemical_mutual_x : ndarray
    low_total_eV_per_nonion_atom, low_mutual_eV_per_nonion_atom : ndarray
        At the lower end of the voltage range.
    high_total_eV_per_nonion_atom, high_mutual_eV_per_nonion_atom : ndarray
    worst_total_eV_per_nonion_atom, worst_total_V : ndarray
    worst_mutual_eV_per_nonion_atom, worst_mutual_V, worst_mutual_x : ndarray
    problems : mapping of (int, int) to str
    """

    chemical_total_eV_per_atom: FloatArray
    chemical_mutual_eV_per_atom: FloatArray
    chemical_mutual_x: FloatArray
    low_total_eV_per_nonion_atom: FloatArray
    low_mutual_eV_per_nonion_atom: FloatArray
    high_total_eV_per_nonion_atom: FloatArray
    high_mutual_eV_per_nonion_atom: FloatArray
    worst_total_eV_per_nonion_atom: FloatArray
    worst_total_V: FloatArray
    worst_mutual_eV_per_nonion_atom: FloatArray
    worst_mutual_V: FloatArray
    worst_mutual_x: FloatArray
    problems: Mapping[tuple[int, int], str]


def pair_energies(
    table: PhaseTable,
    compositions: CompositionArrays,
    partners: Sequence[Partner],
    ion: str = "Li",
    *,
    e_above_hull: npt.ArrayLike | None = None,
    known: WindowArrays | None = None,
) -> PairEnergies:
    """Worst reaction energies of every composition with every partner.

    Parameters
    ----------
    table : PhaseTable
    compositions : CompositionArrays
    partners : sequence of Partner
        Electrodes in each state, an electrolyte, a coating ...
    ion : str
        Working ion.
    e_above_hull : array_like, optional
        As of :func:`windows`.
    known : WindowArrays, optional
        Windows of the same compositions in the same table, where they are there already.

    Returns
    -------
    PairEnergies

    Raises
    ------
    UnknownElementsError
        If the table lacks an element, or the ion.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas(
    ...     {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}
    ... )
    >>> asked = CompositionArrays.of([parse("Li2S")])
    >>> found = pair_energies(table, asked, [Partner(parse("P2S5"), (1.97, 2.15))])
    >>> found.chemical_mutual_eV_per_atom.round(5).tolist(), found.chemical_mutual_x.tolist()
    ([[-0.03125]], [[0.5625]])
    >>> found.worst_mutual_V.round(4).tolist()
    [[1.9733]]
    """
    charge = float(charge_of(ion))
    others = CompositionArrays.of([partner.composition for partner in partners])
    for side in (compositions, others):
        side.require(table, ion)
    assumed = [np.nan if p.e_above_hull is None else p.e_above_hull for p in partners]
    sides = []
    for side, lifts in ((compositions, e_above_hull), (others, assumed)):
        there = known if side is compositions else None
        profiles = there.profiles if there else _profiles(table, side, ion, charge)
        rows = there.rows if there else side.rows_in(table)
        sides.append((profiles, _energies(table, side, profiles, lifts, rows)[2]))
    (first, energy0), (second, energy1) = sides
    contacts = Contacts(
        first,
        second,
        _arrays(compositions),
        _arrays(others),
        compositions.sets,
        others.sets,
        ATOMIC_NUMBER[ion],
        charge,
    )
    out = np.full((len(compositions), len(partners), len(COLUMNS)), np.nan)
    ranges = np.array([p.voltage_range_V for p in partners], dtype=np.float64).reshape(-1, 2)
    low, high = np.ascontiguousarray(ranges.T)
    problems = contacts.all(energy0, energy1, low, high, compositions.by_system, out)
    names = [field.name for field in fields(PairEnergies)]
    columns = {name: np.ascontiguousarray(out[:, :, c]) for c, name in enumerate(names[:-1])}
    return PairEnergies(**columns, problems=problems)


def _arrays(compositions: CompositionArrays) -> tuple[IntArray, IntArray, FloatArray]:
    return compositions.offsets, compositions.numbers, compositions.amounts


def _profiles(
    table: PhaseTable, compositions: CompositionArrays, ion: str, charge: float
) -> Profiles:
    profiles = Profiles(competing_phases(table), len(compositions))
    profiles.trace(
        *_arrays(compositions),
        *compositions.sets,
        compositions.by_system,
        ATOMIC_NUMBER[ion],
        charge,
        True,
    )
    return profiles


def _energies(
    table: PhaseTable,
    compositions: CompositionArrays,
    profiles: Profiles,
    e_above_hull: npt.ArrayLike | None,
    rows: IntArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Energies above hull and of the hull per atom, and as a phase per formula unit."""
    hull = np.asarray(profiles.hull) / compositions.atoms
    above = np.full(len(rows), np.nan)
    known = rows >= 0
    excess = table.formation_energy_per_atom[rows[known]] - hull[known]
    above[known] = np.where(excess > ENERGY_eV_per_atom, excess, 0.0)
    if e_above_hull is not None:
        assumed = np.broadcast_to(np.asarray(e_above_hull, dtype=np.float64), above.shape)
        above = np.where(np.isnan(assumed), above, assumed)
    energy = (hull + np.nan_to_num(above, nan=0.0)) * compositions.atoms
    above[np.isnan(hull)] = math.nan
    return above, hull, np.ascontiguousarray(energy)
