"""The competing phases of one chemical system as a linear program, closed or open to an ion."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition, format_amount
from ..core.ions import charge_of
from ..core.parametric_lp import LinearProgram, Segment, Vertex
from ..core.record import Record
from ..core.tolerances import AMOUNT, ENERGY_eV_per_atom
from ..phases.table import PhaseTable

__all__ = [
    "ChemicalSystem",
    "OpenEquilibria",
    "PhaseEnergy",
    "Product",
    "balanced_reaction",
    "energy_from_open",
    "open_equilibria",
    "phase_energy",
]

FloatArray = npt.NDArray[np.float64]

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

    Energies and amounts inside are per conserved atom (all atoms where closed, non-ion atoms where
    open), which keeps the program well scaled for any composition.

    Parameters
    ----------
    table : PhaseTable
    elements : iterable of str
        Elements of the question; the working ion may be among them.
    ion : str, optional
        Open to this working ion; None for a closed system.

    Raises
    ------
    UnknownElementsError
        If the table lacks an element or the ion.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> system = ChemicalSystem(table, ["P", "S"], ion="Li")
    >>> low, *_ = system.trace(parse("Li3PS4"))
    >>> [(p.formula, round(p.amount, 9)) for p in system.products(low.vertex, parse("Li3PS4"))]
    [('Li2S', 4.0), ('Li3P', 1.0)]
    """

    def __init__(self, table: PhaseTable, elements: Iterable[str], ion: str | None = None) -> None:
        wanted = set(elements) | ({ion} if ion else set())
        self.ion = ion
        self.charge = charge_of(ion) if ion else 0
        table.require(sorted(wanted))
        self.elements: tuple[str, ...] = tuple(sorted(wanted - {ion}))
        rows = table.competing_within(wanted)
        k = len(self.elements)
        atoms = table.matrix([*self.elements, *([ion] if ion else [])], rows)
        conserved = atoms[:k].sum(axis=0)
        # The metal itself is the reservoir; it conserves nothing and is no column.
        kept = (conserved > 0.0).nonzero()[0]
        rows, atoms = rows[kept], atoms[:, kept]
        self.conserved: FloatArray = conserved[kept]
        self._table, self._rows = table, rows
        self._formulas: list[str] = table.formulas[rows].tolist()
        self._conserved: list[float] = self.conserved.tolist()
        self.matrix: FloatArray = atoms[:k] / self.conserved
        self.cost: FloatArray = (
            table.formation_energy_per_atom[rows] * atoms.sum(axis=0) / self.conserved
        )
        self.slope: FloatArray = (
            self.charge * atoms[k] / self.conserved if ion else np.zeros(len(rows))
        )
        self.program = LinearProgram(self.matrix, self.cost, self.slope)

    def __len__(self) -> int:
        """Number of phases."""
        return len(self._formulas)

    @cached_property
    def phases(self) -> PhaseTable:
        """The phases themselves."""
        return self._table.select(self._rows)

    @classmethod
    def of(
        cls, table: PhaseTable, elements: Iterable[str], ion: str | None = None
    ) -> ChemicalSystem:
        """The chemical system, set up once per table."""
        wanted = frozenset(elements)
        return table.derived(("system", wanted, ion), lambda: cls(table, wanted, ion))

    def conserved_atoms(self, composition: Composition) -> float:
        """Conserved atoms per formula unit as typed."""
        return sum(composition.amount(element) for element in self.elements)

    def vector(self, composition: Composition) -> FloatArray:
        """Fractions of the conserved elements, shape (len(elements),), sum 1."""
        amounts = np.array([composition.amount(element) for element in self.elements])
        return np.asarray(amounts / amounts.sum(), dtype=np.float64)

    def equilibrium(self, composition: Composition, voltage_V: float = 0.0) -> Vertex:
        """Phase equilibria of a composition, at a voltage where the system is open."""
        return self.program.solve(self.vector(composition), voltage_V)

    def trace(
        self, composition: Composition, low_V: float = 0.0, high_V: float = np.inf
    ) -> list[Segment]:
        """Phase equilibria of a composition over a range of voltages."""
        return self.program.trace(self.vector(composition), low_V, high_V)

    def descending(self, composition: Composition) -> Iterator[Segment]:
        """The segments of :meth:`trace` from the highest voltage down to 0 V, one by one.

        Each is worked out when it is asked for: most compounds are stable near the upper end of
        their voltage profile, and what is wanted is found after a few.
        """
        mirrored = self.program.repriced(self.cost, -self.slope)
        for segment in mirrored.ascending(self.vector(composition), -math.inf, 0.0):
            v = segment.vertex
            vertex = Vertex(v.held, v.cost, 0.0 - v.slope, v.basis)
            yield Segment(0.0 - segment.high, 0.0 - segment.low, vertex)

    def products(self, vertex: Vertex, composition: Composition) -> tuple[Product, ...]:
        """Phases of a vertex with amounts per formula unit of `composition` as typed."""
        return self.products_of(vertex, self.conserved_atoms(composition))

    def products_of(self, vertex: Vertex, conserved_atoms: float) -> tuple[Product, ...]:
        """Phases of a vertex that holds this many conserved atoms."""
        n = len(self._formulas)  # columns beyond are the sides of a mixture
        return tuple(
            Product(self._formulas[column], amount * conserved_atoms / self._conserved[column])
            for column, amount in vertex.held
            if column < n
        )


@dataclass(frozen=True)
class OpenEquilibria:
    """Phase equilibria of one composition alone at every voltage.

    Attributes
    ----------
    system : ChemicalSystem
        Open to the ion, of the elements of the composition.
    segments : tuple of Segment
        From 0 V upwards without end.
    """

    system: ChemicalSystem
    segments: tuple[Segment, ...]

    @cached_property
    def voltages(self) -> list[float]:
        """Where each segment begins; from the second on, where the equilibria change."""
        return [segment.low for segment in self.segments]

    def at(self, voltage_V: float) -> Vertex:
        """Equilibrium at a voltage >= 0; at a step the one above it."""
        return self.segments[bisect_right(self.voltages, voltage_V) - 1].vertex

    def closed_energy(self, composition: Composition) -> float | None:
        """See :func:`energy_from_open`."""
        return energy_from_open(self.system, composition, self.segments)

    def value(self, voltage_V: float) -> float:
        """Grand potential at a voltage >= 0 [eV per conserved atom]."""
        return self.at(voltage_V).value(voltage_V)


def open_equilibria(table: PhaseTable, composition: Composition, ion: str) -> OpenEquilibria:
    """Phase equilibria of a composition at every voltage, worked out once per table.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
        Not the metal of the ion alone: that is the reservoir.
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
        system = ChemicalSystem.of(table, composition.elements, ion)
        return OpenEquilibria(system, tuple(system.trace(composition)))

    return table.derived(("open", composition, ion), make)


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
    absent = "phase equilibria of the composition"
    if e_above_hull is not None:
        basis = absent if row is None else _basis(e_above_hull)
        note = f"energy above hull of {composition.formula} set to {e_above_hull:g} eV/atom"
        energy = (hull + e_above_hull) * composition.atoms
        return PhaseEnergy(energy, e_above_hull, row is not None, basis, note)
    if row is None:
        note = f"{composition.formula} is not in the dataset: taken on the hull"
        return PhaseEnergy(hull * composition.atoms, None, False, absent, note)
    own = float(table.formation_energy_per_atom[row])
    above = max(own - hull, 0.0)
    above = above if above > ENERGY_eV_per_atom else 0.0
    return PhaseEnergy((hull + above) * composition.atoms, above, True, _basis(above))


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
    conserved = system.conserved_atoms(composition)
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


def _basis(e_above_hull: float) -> str:
    stable = e_above_hull <= ENERGY_eV_per_atom
    return "stable phase" if stable else "metastable phase put on the hull"


def balanced_reaction(
    reactants: Sequence[tuple[str, float]],
    products: Sequence[Product],
    ion: str | None = None,
    ion_uptake: float = 0.0,
) -> str:
    """Reaction as text; ions taken up stand left, ions released right.

    Examples
    --------
    >>> balanced_reaction([("Li3PS4", 1.0)], [Product("Li2S", 4.0), Product("Li3P", 1.0)], "Li", 8)
    'Li3PS4 + 8 Li -> 4 Li2S + Li3P'
    """
    left = [(amount, formula) for formula, amount in reactants]
    right = [(product.amount, product.formula) for product in products]
    if ion and ion_uptake > AMOUNT:
        left.append((ion_uptake, ion))
    if ion and ion_uptake < -AMOUNT:
        right.append((-ion_uptake, ion))
    return f"{_sum(left)} -> {_sum(right)}"


def _sum(terms: Sequence[tuple[float, str]]) -> str:
    return " + ".join(f"{format_amount(amount)} {formula}".strip() for amount, formula in terms)
