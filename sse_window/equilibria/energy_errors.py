"""Random errors of formation energies, and the phases that can compete under them.

Every compound gets an independent Gaussian error of 0.02 eV/atom; elements are the reference and
exact. Formation energies of ternary from binary oxides then scatter by 0.024 eV/atom, as computed
ones do about measured ones [1]_.

Where more is known than one number, :class:`ErrorModel` takes the spread of every phase, of which a
part may be shared by all phases of a class: compounds of one anion are off together.

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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import SSEWindowError
from ..core.parametric_lp import LinearProgram
from ..phases.table import PhaseTable
from .chemical_system import ChemicalSystem
from .phase_energies import phase_energy

__all__ = ["DRAWS", "PLAIN", "SEED", "DrawnPhase", "DrawnPhases", "ErrorModel", "PhaseSpread"]

FloatArray = npt.NDArray[np.float64]

SIGMA_eV_per_atom = 0.02
"""Standard deviation of the error of a compound."""

_LARGEST_ERROR_eV_per_atom = 1.0
"""Formation energies of most compounds are no larger."""
_MOST_DRAWS = 1_000_000
"""Quantiles of more gain no digit that the error of the energies would not drown."""
DRAWS = 200
"""The median is then good to a tenth of the standard deviation, a probability to 0.035."""

SEED = 2012
"""The year of the reference; results say which seed they were made with."""


@dataclass(frozen=True, slots=True, eq=False)
class PhaseSpread:
    """Standard deviations of the errors of the phases of a table.

    Attributes
    ----------
    own_eV_per_atom : ndarray of float, shape (n,)
        Of the part that is independent of all other phases.
    shared_eV_per_atom : ndarray of float, shape (n,)
        Of the part that is one and the same for all phases of a class.
    classes : sequence of n str
        Class of each phase; no matter where the shared part is 0.
    """

    own_eV_per_atom: FloatArray
    shared_eV_per_atom: FloatArray
    classes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """Random errors of formation energies: how large, how many draws, from which seed.

    Attributes
    ----------
    sigma_eV_per_atom : float
        Standard deviation for compounds; elements have no error.
    draws, seed : int
    spread : callable, optional
        From a table to the :class:`PhaseSpread` of its phases, where they differ or hang together;
        `sigma_eV_per_atom` is then what the results call their typical error.

    Raises
    ------
    SSEWindowError
        If there is no draw, the seed is negative, or the standard deviation negative or no number.
    """

    sigma_eV_per_atom: float = SIGMA_eV_per_atom
    draws: int = DRAWS
    seed: int = SEED
    spread: Callable[[PhaseTable], PhaseSpread] | None = None

    def __post_init__(self) -> None:
        if self.draws < 1:
            raise SSEWindowError(f"{self.draws} draws: at least 1 is needed")
        if self.draws > _MOST_DRAWS:
            raise SSEWindowError(f"{self.draws} draws: at most {_MOST_DRAWS} are of use")
        sigma = self.sigma_eV_per_atom
        if not (np.isfinite(sigma) and sigma >= 0.0):
            raise SSEWindowError(f"energy error of {sigma} eV/atom: give a number >= 0")
        if sigma > _LARGEST_ERROR_eV_per_atom:
            raise SSEWindowError(
                f"energy error of {sigma:g} eV/atom: were meV meant? give {sigma / 1000.0:g}"
            )
        if self.seed < 0:
            raise SSEWindowError(f"seed {self.seed}: give a whole number >= 0")

    @property
    def kind(self) -> str:
        """What the errors are, in words."""
        return "independent" if self.spread is None else "by class, shared within it"

    def errors(self, table: PhaseTable) -> FloatArray:
        """Random errors of the formation energies of a table.

        Parameters
        ----------
        table : PhaseTable

        Returns
        -------
        ndarray of float, shape (draws, n)
            [eV/atom], columns in the order of the table.

        Examples
        --------
        >>> small = PhaseTable.from_formulas({"Li2S": -1.4})
        >>> large = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3})
        >>> model = ErrorModel(draws=3)
        >>> a, b = model.errors(small), model.errors(large)
        >>> bool((a[:, small.index("Li2S")] == b[:, large.index("Li2S")]).all())
        True
        >>> float(abs(a[:, small.index("S")]).max())
        0.0
        """
        compounds = np.flatnonzero(np.diff(table.offsets) > 1)
        errors = np.zeros((self.draws, len(table)))
        for row in compounds:
            errors[:, row] = self._stream(str(table.formulas[row]))
        if self.spread is None:
            return errors * self.sigma_eV_per_atom
        spread = self.spread(table)
        errors *= spread.own_eV_per_atom
        shared: dict[str, FloatArray] = {}
        for row in compounds[spread.shared_eV_per_atom[compounds] > 0.0]:
            name = spread.classes[row]
            if name not in shared:
                shared[name] = self._stream(f"class {name}")
            errors[:, row] += shared[name] * spread.shared_eV_per_atom[row]
        return errors

    def _stream(self, name: str) -> FloatArray:
        return _generator(self.seed, name).standard_normal(self.draws)


PLAIN = ErrorModel()
"""One independent error of the same size for every compound."""


def _generator(seed: int, name: str) -> np.random.Generator:
    """Stream of one phase or class; a cryptographic hash: Python's own differs in every run."""
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])


class DrawnPhases:
    """Phases over a set of elements with their errors, draw by draw.

    Parameters
    ----------
    table : PhaseTable
    elements : iterable of str
    model : ErrorModel

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
    >>> drawn = DrawnPhases(table, ["Li", "S"], ErrorModel(seed=1))
    >>> drawn.table.formulas.tolist(), drawn.errors.shape
    (['Li', 'Li2S', 'LiS4', 'S'], (200, 4))
    """

    def __init__(self, table: PhaseTable, elements: Iterable[str], model: ErrorModel) -> None:
        self._all = table.within(elements)
        self._all_errors = model.errors(self._all)
        highest = self._all_errors[:, self._all.competing].max(axis=1, initial=0.0)
        relative = (self._all_errors - highest[:, np.newaxis]).min(axis=0)
        # Where the energy above hull is not known (nan) no comparison holds, and the phase stays.
        above = self._all.e_above_hull + relative > 0.0
        kept = np.flatnonzero(self._all.competing | ~above)
        self.table = self._all.select(kept).all_competing()
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


@dataclass(frozen=True, slots=True, eq=False)
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
