"""Random errors of formation energies, and the phases that can compete under them.

Every compound gets an independent Gaussian error of 0.02 eV/atom; elements are the reference and
exact. Formation energies of ternary from binary oxides then scatter by 0.024 eV/atom, as computed
ones do about measured ones [1]_.

The errors of a phase are seeded by its formula: they do not depend on the order or the number of
other phases, and are the same in every question asked with the same seed, so that two electrolytes
or two electrodes can be compared draw by draw.

References
----------
.. [1] Hautier, Ong, Jain, Moore, Ceder, Phys. Rev. B 2012, 85, 155208,
   doi:10.1103/PhysRevB.85.155208
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import SSEWindowError
from ..core.parametric_lp import LinearProgram
from ..phases.table import PhaseTable
from .chemical_system import ChemicalSystem, phase_energy

__all__ = ["DRAWS", "SEED", "DrawnPhase", "DrawnPhases", "SIGMA_eV_per_atom", "energy_errors"]

FloatArray = npt.NDArray[np.float64]

SIGMA_eV_per_atom = 0.02
"""Standard deviation of the error of a compound."""

DRAWS = 200
"""The median is then good to a tenth of the standard deviation, a probability to 0.035."""

SEED = 2012
"""The year of the reference; results say which seed they were made with."""


def energy_errors(
    table: PhaseTable,
    sigma_eV_per_atom: float = SIGMA_eV_per_atom,
    draws: int = DRAWS,
    seed: int = SEED,
) -> FloatArray:
    """Random errors of the formation energies of a table.

    Parameters
    ----------
    table : PhaseTable
    sigma_eV_per_atom : float
        Standard deviation for compounds; elements have no error.
    draws, seed : int

    Returns
    -------
    ndarray of float, shape (draws, n)
        [eV/atom], columns in the order of the table.

    Raises
    ------
    SSEWindowError
        If there is no draw, the seed is negative, or the standard deviation negative or no number.

    Examples
    --------
    >>> small = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> large = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3})
    >>> a, b = energy_errors(small, draws=3), energy_errors(large, draws=3)
    >>> bool((a[:, small.index("Li2S")] == b[:, large.index("Li2S")]).all())
    True
    >>> float(abs(a[:, small.index("S")]).max())
    0.0
    """
    if draws < 1:
        raise SSEWindowError(f"{draws} draws: at least 1 is needed")
    if not (np.isfinite(sigma_eV_per_atom) and sigma_eV_per_atom >= 0.0):
        raise SSEWindowError(f"energy error of {sigma_eV_per_atom} eV/atom: give a number >= 0")
    if seed < 0:
        raise SSEWindowError(f"seed {seed}: give a whole number >= 0")
    errors = np.zeros((draws, len(table)))
    for row in np.flatnonzero(np.diff(table.offsets) > 1):
        errors[:, row] = _generator(seed, str(table.formulas[row])).standard_normal(draws)
    return errors * sigma_eV_per_atom


def _generator(seed: int, formula: str) -> np.random.Generator:
    """Stream of one phase; a cryptographic hash, because Python's own differs from run to run."""
    digest = hashlib.sha256(formula.encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])


class DrawnPhases:
    """Phases over a set of elements with their errors, draw by draw.

    Parameters
    ----------
    table : PhaseTable
    elements : iterable of str
    sigma_eV_per_atom : float
    draws, seed : int

    Attributes
    ----------
    table : PhaseTable
        The phases that can be part of an equilibrium in some draw, unperturbed; all compete.
    errors : ndarray of float, shape (draws, n)
        Their errors [eV/atom].

    Notes
    -----
    A phase that lies h above the hull has decomposition products on the hull, with fractions of
    its atoms that sum to 1. In a draw it is below what these products cost only if h plus its own
    error is less than the largest error of any phase on the hull. Phases for which this is so in
    no draw are left out. The rule holds for the errors drawn, so that leaving them out changes no
    result at all; about six standard deviations above the hull remain.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS4": -0.58})
    >>> drawn = DrawnPhases(table, ["Li", "S"], 0.02, 200, 1)
    >>> drawn.table.formulas.tolist(), drawn.errors.shape
    (['Li', 'Li2S', 'LiS4', 'S'], (200, 4))
    """

    def __init__(
        self,
        table: PhaseTable,
        elements: Iterable[str],
        sigma_eV_per_atom: float,
        draws: int,
        seed: int,
    ) -> None:
        self._all = table.within(elements)
        self._all_errors = energy_errors(self._all, sigma_eV_per_atom, draws, seed)
        highest = self._all_errors[:, self._all.competing].max(axis=1, initial=0.0)
        relative = (self._all_errors - highest[:, np.newaxis]).min(axis=0)
        # Where the energy above hull is not known (nan) no comparison holds, and the phase stays.
        above = self._all.e_above_hull + relative > 0.0
        kept = np.flatnonzero(self._all.competing | ~above)
        phases = self._all.select(kept)
        self.table = phases.with_energies(phases.formation_energy_per_atom)
        self.errors: FloatArray = self._all_errors[:, kept]

    def programs(self, system: ChemicalSystem) -> Iterator[LinearProgram]:
        """The program of a chemical system made from `table`, at the energies of each draw."""
        for cost in self.costs(system):
            yield system.program.repriced(cost, system.slope)

    def costs(self, system: ChemicalSystem) -> FloatArray:
        """Costs of the columns of such a system, shape (draws, columns)."""
        rows = np.isin(self.table.formulas, system.phases.formulas)
        weights = system.phases.atoms / system.conserved
        return np.asarray(system.cost + self.errors[:, rows] * weights)

    def hull_energies(self, composition: Composition) -> FloatArray:
        """Closed equilibrium of a composition in each draw [eV/atom], shape (draws,)."""
        system = ChemicalSystem(self.table, composition.elements)
        b = system.vector(composition)
        start = system.program.solve(b).basis
        return np.array([p.solve(b, start=start).cost for p in self.programs(system)])

    def phase(self, composition: Composition, e_above_hull: float | None = None) -> DrawnPhase:
        """Energy of a composition as a phase, by the rules of `chemical_system.phase_energy`."""
        phase = phase_energy(self._all, composition, e_above_hull)
        row = self._all.index(composition.reduced_formula)
        if row is None or e_above_hull is not None:
            return DrawnPhase(None, e_above_hull or 0.0, phase.note)
        return DrawnPhase(
            phase.energy / composition.atoms + self._all_errors[:, row], 0.0, phase.note
        )


@dataclass(frozen=True, slots=True)
class DrawnPhase:
    """Energy of a composition as a phase in each draw.

    Attributes
    ----------
    own : ndarray of float, shape (draws,), or None
        With its error [eV/atom]; None where the phase is put at a distance from the hull.
    lift : float
        That distance [eV/atom].
    note : str or None
        Said beside every result that rests on an assumed energy.
    """

    own: FloatArray | None
    lift: float
    note: str | None

    def energies(self, hull: FloatArray) -> FloatArray:
        """Energy in each draw [eV/atom], given that of the hull; never below the hull."""
        return hull + self.lift if self.own is None else np.maximum(self.own, hull)
