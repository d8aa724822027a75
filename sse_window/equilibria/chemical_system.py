"""The competing phases of one chemical system as a linear program, closed or open to reservoirs."""

from __future__ import annotations

import math
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
from ..core.tolerances import AMOUNT
from ..phases.table import PhaseTable
from .reservoirs import Reservoir, open_to

__all__ = [
    "ChemicalSystem",
    "Product",
    "balanced_reaction",
]

FloatArray = npt.NDArray[np.float64]
Value = TypeVar("Value", float, FloatArray)


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
    >>> from sse_window.equilibria.reservoirs import metal
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

    @property
    def warm_gases(self) -> tuple[str, ...]:
        """Gases whose energies stand at a temperature, not at 0 K."""
        return self._table.provenance.warm_gases

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
