"""The competing phases of one chemical system as a linear program, closed or open to reservoirs."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..core.caches import Cache
from ..core.composition import Composition, format_amount, parse
from ..core.parametric_lp import LinearProgram, Segment, Vertex
from ..core.record import Record
from ..core.tolerances import AMOUNT, ENERGY_eV_per_atom
from ..phases.table import PhaseTable
from .reservoirs import Reservoir, metal, open_to
from .tolerance import check_e_above_hull

__all__ = [
    "ABSENT",
    "ChemicalSystem",
    "OpenEquilibria",
    "PhaseEnergy",
    "Product",
    "absent_note",
    "balanced_reaction",
    "basis_of",
    "energy_from_open",
    "open_equilibria",
    "phase_energy",
]

FloatArray = npt.NDArray[np.float64]
Value = TypeVar("Value", float, FloatArray)

ABSENT = "phase equilibria of the composition"
"""What the window of a composition without a phase is the window of."""

_SAME_CONTENT = 1e-12
"""Ion contents that differ by rounding only [ions per conserved atom]."""

_SAME_ENERGY_eV = 1e-11
"""Energies that differ by rounding only [eV per conserved atom]."""


@dataclass(frozen=True, slots=True)
class Product(Record):
    """A phase and its amount, in formula units of `formula`."""

    formula: str
    amount: float


class ChemicalSystem:
    """Phases over a set of elements, and their equilibria.

    Energies and amounts inside are per conserved atom (all atoms where closed, those of elements
    that no reservoir holds where open), which keeps the program well scaled for any composition.

    Parameters
    ----------
    table : PhaseTable
    elements : iterable of str
        Elements of the question; those of the reservoirs may be among them.
    *reservoirs : Reservoir
        What the system is open to; none for a closed system.
    rates : ndarray of float, shape (len(table),), optional
        How fast the energies of the phases change with the parameter along which equilibria are
        traced [eV/atom per unit]: minus their entropies, where that is the temperature.

    Attributes
    ----------
    elements : tuple of str
        The conserved ones.
    ion : str or None
        Working ion to whose metal the system is open; then the parameter is the voltage.
    charge : int
        Its charge number; 0 without.

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the question or of a reservoir.
    FormulaError
        If reservoirs fix something twice.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> system = ChemicalSystem(table, ["P", "S"], metal("Li"))
    >>> low, *_ = system.trace(parse("Li3PS4"))
    >>> [(p.formula, round(p.amount, 9)) for p in system.products(low.vertex, parse("Li3PS4"))]
    [('Li2S', 4.0), ('Li3P', 1.0)]
    """

    def __init__(
        self,
        table: PhaseTable,
        elements: Iterable[str],
        *reservoirs: Reservoir,
        rates: FloatArray | None = None,
    ) -> None:
        self.reservoirs = reservoirs
        self._open = open_to(reservoirs)
        self.potentials = self._open.elements
        species = [parse(reservoir.formula) for reservoir in self._open.species]
        wanted = {*elements, *self.potentials, *(e for gas in species for e in gas.elements)}
        ions = [reservoir for reservoir in reservoirs if reservoir.ion_charge]
        self.ion: str | None = ions[0].formula if ions else None
        self.charge: int = ions[0].ion_charge if ions else 0
        table.require(sorted(wanted))
        self.elements: tuple[str, ...] = tuple(sorted(wanted - set(self.potentials)))
        rows = table.competing_within(wanted)
        if species:
            own = {gas.reduced_formula for gas in species}
            rows = rows[[formula not in own for formula in table.formulas[rows].tolist()]]
        k = len(self.elements)
        atoms = table.matrix([*self.elements, *self.potentials], rows)
        conserved = atoms[:k].sum(axis=0)
        # What holds open elements only is in the reservoirs: it conserves nothing.
        kept = (conserved > 0.0).nonzero()[0]
        rows, atoms = rows[kept], atoms[:, kept]
        self.conserved: FloatArray = conserved[kept]
        self._table, self._rows = table, rows
        self._formulas: list[str] = table.formulas[rows].tolist()
        self._conserved: list[float] = self.conserved.tolist()
        self.matrix: FloatArray = atoms[:k] / self.conserved
        self.open_matrix: FloatArray = atoms[k:] / self.conserved
        self.cost: FloatArray = table.formation_energy_per_atom[rows] * atoms.sum(axis=0)
        self.cost /= self.conserved
        self.slope: FloatArray = np.zeros(len(rows))
        if rates is not None:
            self.slope += rates[rows] * atoms.sum(axis=0) / self.conserved
        for open_atoms, potential in zip(self.open_matrix, self.potentials.values(), strict=True):
            self.cost -= potential.value * open_atoms
            self.slope -= potential.rate * open_atoms
        if species:
            self._add_species(species)
        self.program = LinearProgram(self.matrix, self.cost, self.slope)

    def _add_species(self, species: Sequence[Composition]) -> None:
        """Two columns for each molecule that is exchanged as a whole: given off, and taken up."""
        for gas, reservoir in zip(species, self._open.species, strict=True):
            given_off = np.array([gas.amount(element) for element in self.elements]) / gas.atoms
            for sign in (1.0, -1.0):
                self.matrix = np.column_stack([self.matrix, sign * given_off])
                self.cost = np.append(self.cost, sign * reservoir.potential.value / gas.atoms)
                self.slope = np.append(self.slope, sign * reservoir.potential.rate / gas.atoms)

    def __len__(self) -> int:
        """Number of columns: phases, and molecules that are exchanged as a whole."""
        return len(self.cost)

    @cached_property
    def phases(self) -> PhaseTable:
        """The phases themselves."""
        return self._table.select(self._rows)

    @classmethod
    def of(
        cls, table: PhaseTable, elements: Iterable[str], *reservoirs: Reservoir
    ) -> ChemicalSystem:
        """The chemical system, set up once per table."""
        wanted = frozenset(elements)
        kept = table.attached(_Systems)
        return kept.of((wanted, reservoirs), lambda: cls(table, wanted, *reservoirs))

    def conserved_atoms(self, composition: Composition) -> float:
        """Conserved atoms per formula unit as typed."""
        return sum(composition.amount(element) for element in self.elements)

    def scale(self, composition: Composition) -> float:
        """Atoms per formula unit that its energies are counted by: the conserved ones.

        The metal of the ion conserves nothing and is counted by its own atoms.
        """
        return self.conserved_atoms(composition) or composition.atoms

    def vector(self, composition: Composition) -> FloatArray:
        """Fractions of the conserved elements, shape (len(elements),), sum 1."""
        amounts = np.array([composition.amount(element) for element in self.elements])
        return np.asarray(amounts / amounts.sum(), dtype=np.float64)

    def equilibrium(
        self,
        composition: Composition,
        parameter: float = 0.0,
        start: Sequence[int] | None = None,
    ) -> Vertex:
        """Phase equilibria of a composition, at a voltage (or temperature) where it is open."""
        if not self.conserved_atoms(composition):
            there, gone = self._alone()
            return there if parameter <= 0.0 else gone
        return self.program.solve(self.vector(composition), parameter, start)

    def trace(
        self,
        composition: Composition,
        low: float = 0.0,
        high: float = np.inf,
        *,
        program: LinearProgram | None = None,
        start: Sequence[int] | None = None,
    ) -> list[Segment]:
        """Phase equilibria of a composition over a range of the parameter.

        Parameters
        ----------
        composition : Composition
        low, high : float
        program : LinearProgram, optional
            That of the system at other energies.
        start : sequence of int, optional
            Basis of a vertex found before.

        Returns
        -------
        list of Segment
        """
        if not self.conserved_atoms(composition):
            there, gone = self._alone()
            return [Segment(0.0, 0.0, there), Segment(0.0, math.inf, gone)]
        return (program or self.program).trace(self.vector(composition), low, high, start)

    def _alone(self) -> tuple[Vertex, Vertex]:
        """The metal is its own reservoir: there at 0 V, dissolved without limit above."""
        return Vertex((), 0.0, float(self.charge), ()), Vertex((), 0.0, 0.0, ())

    def descending(self, composition: Composition) -> Iterator[Segment]:
        """The segments of :meth:`trace` from the highest voltage down to 0 V, one by one.

        Each is worked out when it is asked for: most compounds are stable near the upper end of
        their voltage profile, and what is wanted is found after a few.
        """
        if not self.conserved_atoms(composition):
            yield from reversed(self.trace(composition))
            return
        mirrored = self.program.repriced(self.cost, -self.slope)
        for segment in mirrored.ascending(self.vector(composition), -math.inf, 0.0):
            v = segment.vertex
            vertex = Vertex(v.held, v.cost, 0.0 - v.slope, v.basis)
            yield Segment(0.0 - segment.high, 0.0 - segment.low, vertex)

    def ions(self, vertex: Vertex, composition: Composition) -> float:
        """Working ions that a vertex holds per formula unit of `composition` as typed."""
        return vertex.slope / self.charge * self.scale(composition)

    def open_energy(self, composition: Composition, energy: float, parameter: Value) -> Value:
        """Energy of a phase less the potentials of its open elements [eV per formula unit].

        Parameters
        ----------
        composition : Composition
        energy : float
            Formation energy per formula unit as typed [eV].
        parameter : float or ndarray
            Voltage, where the system is open to the ion.
        """
        held = energy + 0.0 * parameter
        for element, potential in self.potentials.items():
            n = composition.amount(element)
            held = held - potential.value * n - potential.rate * parameter * n
        return held

    def decomposition_energy(
        self, composition: Composition, energy: float, equilibrium: Value, parameter: Value
    ) -> Value:
        """E_D = [Phi_eq - (E - sum mu n)] / atoms, what a phase gains by falling apart [eV/atom].

        Parameters
        ----------
        composition : Composition
        energy : float
            Formation energy of the phase, per formula unit as typed [eV].
        equilibrium : float or ndarray
            Grand potential of its equilibria [eV per conserved atom].
        parameter : float or ndarray
            Voltage, where the system is open to the ion.

        Returns
        -------
        float or ndarray
            Per atom of the composition, <= 0.
        """
        held = self.open_energy(composition, energy, parameter)
        return (equilibrium * self.scale(composition) - held) / composition.atoms

    def products(self, vertex: Vertex, composition: Composition) -> tuple[Product, ...]:
        """Phases of a vertex with amounts per formula unit of `composition` as typed."""
        if self.ion and vertex.slope and not self.conserved_atoms(composition):
            return (Product(self.ion, composition.amount(self.ion)),)
        return self.products_of(vertex, self.conserved_atoms(composition))

    def products_of(self, vertex: Vertex, conserved_atoms: float) -> tuple[Product, ...]:
        """Phases of a vertex that holds this many conserved atoms."""
        n = len(self._formulas)  # columns beyond are the sides of a mixture
        return tuple(
            Product(self._formulas[column], amount * conserved_atoms / self._conserved[column])
            for column, amount in vertex.held
            if column < n
        )

    def exchange(
        self, vertex: Vertex, conserved_atoms: float, given: Mapping[str, float]
    ) -> dict[str, float]:
        """Formula units taken up from each reservoir (> 0) or given off to it.

        Parameters
        ----------
        vertex : Vertex
        conserved_atoms : float
            That it holds.
        given : mapping of str to float
            Atoms of the open elements that the reactants bring.

        Returns
        -------
        dict of str to float
        """
        if not self.reservoirs:
            return {}
        phases = vertex.columns < len(self._formulas)
        held = self.open_matrix[:, vertex.columns[phases]] @ vertex.amounts[phases]
        atoms = {
            element: float(x) * conserved_atoms - given.get(element, 0.0)
            for element, x in zip(self.potentials, held, strict=True)
        }
        taken = self._open.exchanged(atoms)
        amounts = dict(vertex.held)
        for i, reservoir in enumerate(self._open.species):
            off, up = (amounts.get(len(self._formulas) + 2 * i + side, 0.0) for side in (0, 1))
            units = (up - off) * conserved_atoms / parse(reservoir.formula).atoms
            taken[reservoir.formula] = units
        return taken


class _Systems(Cache[ChemicalSystem]):
    """Chemical systems of a table, by elements and reservoirs."""


@dataclass(frozen=True)
class OpenEquilibria:
    """Phase equilibria of one composition alone at every voltage.

    Attributes
    ----------
    system : ChemicalSystem
        Open to the ion, of the elements of the composition.
    composition : Composition
        The metal of the ion too: it is there at 0 V, and dissolves above.
    segments : tuple of Segment
        From 0 V upwards without end.
    """

    system: ChemicalSystem
    composition: Composition
    segments: tuple[Segment, ...]

    @cached_property
    def voltages(self) -> list[float]:
        """Where each segment begins; from the second on, where the equilibria change."""
        return [segment.low for segment in self.segments]

    def at(self, voltage_V: float) -> Vertex:
        """Equilibrium at a voltage >= 0; at a step the one above it."""
        if voltage_V <= 0.0:
            return self.segments[0].vertex
        return self.segments[bisect_right(self.voltages, voltage_V) - 1].vertex

    def closed_energy(self) -> float | None:
        """See :func:`energy_from_open`."""
        return energy_from_open(self.system, self.composition, self.segments)

    def value(self, voltage_V: float) -> float:
        """Grand potential at a voltage >= 0 [eV per conserved atom]."""
        return self.at(voltage_V).value(voltage_V)

    def decomposition_energy(self, energy: float, voltage_V: float) -> float:
        """E_D at a voltage, of a phase of this energy [eV per formula unit]; in eV/atom."""
        value = self.value(voltage_V)
        return self.system.decomposition_energy(self.composition, energy, value, voltage_V)


class _Traces(Cache[OpenEquilibria]):
    """Equilibria of compositions alone in a table, by composition and ion."""


def open_equilibria(table: PhaseTable, composition: Composition, ion: str) -> OpenEquilibria:
    """Phase equilibria of a composition at every voltage, worked out once per table.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    ion : str

    Returns
    -------
    OpenEquilibria

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the composition, or the ion.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> [round(v, 3) for v in open_equilibria(table, parse("Li3PS4"), "Li").voltages]
    [0.0, 1.2, 1.84, 2.533]
    """

    def make() -> OpenEquilibria:
        system = ChemicalSystem.of(table, composition.elements, metal(ion))
        return OpenEquilibria(system, composition, tuple(system.trace(composition)))

    return table.attached(_Traces).of((composition, ion), make)


@dataclass(frozen=True, slots=True)
class PhaseEnergy:
    """Energy that a composition has as a phase.

    Attributes
    ----------
    energy : float
        Formation energy per formula unit as typed [eV].
    e_above_hull : float or None
        [eV/atom]; None for a composition that is not in the table.
    in_dataset : bool
    basis : str
        What a stability window of this composition is the window of.
    note : str or None
        Said beside every result that rests on an assumed energy.
    """

    energy: float
    e_above_hull: float | None
    in_dataset: bool
    basis: str
    note: str | None = None


def phase_energy(
    table: PhaseTable,
    composition: Composition,
    e_above_hull: float | None = None,
    hull: float | None = None,
) -> PhaseEnergy:
    """Energy of a composition as a phase: from the table, else on the hull.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    e_above_hull : float, optional
        Take the phase to lie this far above the hull [eV/atom], whatever the table says.
    hull : float, optional
        Energy of the closed equilibria of the composition [eV/atom], where it is known.

    Returns
    -------
    PhaseEnergy

    Raises
    ------
    FormulaError
        If the energy above hull is negative, or so high that it must be in meV.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> round(phase_energy(table, parse("Li4S2")).energy, 9)
    -8.4
    >>> phase_energy(table, parse("Li4S")).basis
    'phase equilibria of the composition'
    """
    if hull is None:
        hull = ChemicalSystem.of(table, composition.elements).equilibrium(composition).cost
    row = table.index(composition.reduced_formula)
    if e_above_hull is not None:
        check_e_above_hull(e_above_hull)
        basis = ABSENT if row is None else basis_of(e_above_hull)
        note = f"energy above hull of {composition.formula} set to {e_above_hull:g} eV/atom"
        energy = (hull + e_above_hull) * composition.atoms
        return PhaseEnergy(energy, e_above_hull, row is not None, basis, note)
    if row is None:
        note = absent_note(composition.formula)
        return PhaseEnergy(hull * composition.atoms, None, False, ABSENT, note)
    own = float(table.formation_energy_per_atom[row])
    above = max(own - hull, 0.0)
    above = above if above > ENERGY_eV_per_atom else 0.0
    return PhaseEnergy((hull + above) * composition.atoms, above, True, basis_of(above))


def energy_from_open(
    system: ChemicalSystem, composition: Composition, segments: Sequence[Segment]
) -> float | None:
    """Energy of the closed equilibria of a composition, from its open ones [eV/atom].

    Within the window of the composition the open equilibria hold as many ions as it does, and are
    the closed ones. Where its ion content lies inside a step, so does its energy: on the line
    between the two vertices that are both optimal at the voltage of the step (duality).

    Parameters
    ----------
    system : ChemicalSystem
        Open to an ion.
    composition : Composition
    segments : sequence of Segment
        Equilibria of the composition in ascending order, those around its ion content among them.

    Returns
    -------
    float or None
        None where the segments do not tell, because a step was too narrow to be kept.
    """
    assert system.ion is not None
    conserved = system.scale(composition)
    content = system.charge * composition.amount(system.ion) / conserved
    for segment in segments:
        if abs(segment.vertex.slope - content) <= _SAME_CONTENT:
            return segment.vertex.cost * conserved / composition.atoms
    for below, above in itertools.pairwise(segments):
        rich, poor = below.vertex, above.vertex
        if rich.slope > content > poor.slope:
            share = (content - poor.slope) / (rich.slope - poor.slope)
            energy = share * rich.cost + (1.0 - share) * poor.cost
            # What a mixture costs cannot be less, and no voltage makes it more.
            least = poor.value(above.low) - above.low * content
            if energy - least <= _SAME_ENERGY_eV:
                return energy * conserved / composition.atoms
    return None


def absent_note(formula: str) -> str:
    """What is said of a composition without a phase."""
    return f"{formula} is not in the dataset: taken on the hull"


def basis_of(e_above_hull: float) -> str:
    """What the window of a phase of the table is the window of."""
    stable = e_above_hull <= ENERGY_eV_per_atom
    return "stable phase" if stable else "metastable phase put on the hull"


def balanced_reaction(
    reactants: Sequence[tuple[str, float]],
    products: Sequence[Product],
    exchange: Mapping[str, float] | None = None,
) -> str:
    """Reaction as text; what is taken up from a reservoir stands left, what is released right.

    Parameters
    ----------
    reactants : sequence of (str, float)
    products : sequence of Product
    exchange : mapping of str to float, optional
        Formula units taken up from each reservoir; < 0 released.

    Examples
    --------
    >>> products = [Product("Li2S", 4.0), Product("Li3P", 1.0)]
    >>> balanced_reaction([("Li3PS4", 1.0)], products, {"Li": 8.0})
    'Li3PS4 + 8 Li -> 4 Li2S + Li3P'
    """
    left = [(amount, formula) for formula, amount in reactants]
    right = [(product.amount, product.formula) for product in products]
    for formula, uptake in (exchange or {}).items():
        if uptake > AMOUNT:
            left.append((uptake, formula))
        if uptake < -AMOUNT:
            right.append((-uptake, formula))
    return f"{_sum(left)} -> {_sum(right)}"


def _sum(terms: Sequence[tuple[float, str]]) -> str:
    return " + ".join(f"{format_amount(amount)} {formula}".strip() for amount, formula in terms)
