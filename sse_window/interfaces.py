"""Reactions of two compositions in contact: pseudo-binary mixing, closed or open to the ion.

Inside, the mixing fraction u counts conserved atoms (all atoms where closed, non-ion atoms where
open), because energies per conserved atom are exactly linear in u between unmixed phases; results
give x, the fraction of the electrolyte counted in all atoms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .chemical_system import ChemicalSystem, Product, balanced_reaction, phase_energy
from .composition import Composition
from .equilibrium import IntArray, LinearProgram, Vertex, mixing_program
from .phases import PhaseTable
from .record import Record
from .tolerances import AMOUNT, BREAKPOINT, ENERGY_eV_per_atom

__all__ = ["Interface", "MixingPoint", "MixingReaction", "WorstReaction"]

NO_REACTION = "no reaction"


@dataclass(frozen=True, slots=True)
class MixingReaction(Record):
    """Reaction at one mixing fraction.

    Attributes
    ----------
    reaction_energy : float
        [eV per conserved atom of the mixture], <= 0. The key of the record names the unit.
    x_electrolyte : float or None
        Fraction of the electrolyte, in atoms; None where nothing reacts.
    reaction : str
        Balanced, per formula unit of the electrolyte (of the electrode where there is none).
    products : tuple of Product
        Amounts in the same unit.
    voltage_V : float or None
        None in a closed system.
    """

    reaction_energy: float
    x_electrolyte: float | None
    reaction: str
    products: tuple[Product, ...]
    voltage_V: float | None = None

    def to_dict(self) -> dict[str, object]:
        """The record; the energy is keyed by its unit."""
        plain = Record.to_dict(self)
        unit = "atom" if self.voltage_V is None else "nonion_atom"
        return {f"reaction_energy_eV_per_{unit}": plain.pop("reaction_energy"), **plain}


@dataclass(frozen=True, slots=True)
class WorstReaction(Record):
    """Most negative reaction of a pair at one condition.

    Attributes
    ----------
    total : MixingReaction
        Relative to the two phases as given, with their own energies above hull.
    mutual : MixingReaction
        Relative to each side's own equilibrium at the same condition: what mixing adds.
    """

    total: MixingReaction
    mutual: MixingReaction


@dataclass(frozen=True, slots=True)
class MixingPoint(Record):
    """One kink of the reaction energy along the mixing line.

    Attributes
    ----------
    x_electrolyte : float
        Fraction of the electrolyte, in atoms.
    total, mutual : float
        Reaction energies [eV per conserved atom].
    reaction : str
    products : tuple of Product
    """

    x_electrolyte: float
    total: float
    mutual: float
    reaction: str
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the pair: a composition with its energies as a phase."""

    composition: Composition
    energy: float  # per formula unit as typed, as given
    note: str | None


class Interface:
    """Electrolyte and electrode in contact.

    Parameters
    ----------
    table : PhaseTable
    electrolyte, electrode : Composition
        Either may be the working ion's metal, contain none of it, or equal the other.
    ion : str
        Working ion.
    electrolyte_e_above_hull, electrode_e_above_hull : float, optional
        Energies above hull to assume [eV/atom].

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the pair, or the ion.

    References
    ----------
    Richards, Miara, Wang, Kim, Ceder, Chem. Mater. 2016, 28, 266,
    doi:10.1021/acs.chemmater.5b04082

    Examples
    --------
    >>> from sse_window.composition import parse
    >>> table = PhaseTable.from_formulas(
    ...     {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}
    ... )
    >>> pair = Interface(table, parse("Li2S"), parse("P2S5"))
    >>> worst = pair.chemical().total
    >>> round(worst.reaction_energy, 5), round(worst.x_electrolyte, 4), worst.reaction
    (-0.03125, 0.5625, 'Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4')
    >>> at = pair.electrochemical(2.15)
    >>> round(at.total.reaction_energy, 6), round(at.mutual.reaction_energy, 6)
    (-0.05, -0.02)
    """

    def __init__(
        self,
        table: PhaseTable,
        electrolyte: Composition,
        electrode: Composition,
        ion: str = "Li",
        *,
        electrolyte_e_above_hull: float | None = None,
        electrode_e_above_hull: float | None = None,
    ) -> None:
        elements = {*electrolyte.elements, *electrode.elements}
        self.ion = ion
        self.table = table.within(elements | {ion})
        self.table.require(sorted(elements | {ion}))
        first = phase_energy(self.table, electrolyte, electrolyte_e_above_hull)
        second = phase_energy(self.table, electrode, electrode_e_above_hull)
        self.sides = (
            _Side(electrolyte, first.energy, first.note),
            _Side(electrode, second.energy, second.note),
        )
        self.notes = tuple(note for note in (first.note, second.note) if note)
        self._closed = _Mixture(ChemicalSystem(self.table, elements), self.sides)
        self._open = _Mixture(ChemicalSystem(self.table, elements, ion), self.sides)

    def chemical(self) -> WorstReaction:
        """Worst reaction with no exchange of ions, per atom of the mixture."""
        return self._closed.worst(None)

    def electrochemical(self, voltage_V: float) -> WorstReaction:
        """Worst reaction open to the ion at a voltage, per non-ion atom of the mixture."""
        return self._open.worst(voltage_V)

    def chemical_curve(self) -> list[MixingPoint]:
        """Every kink of the closed reaction energy, from electrode (x = 0) to electrolyte (1)."""
        return self._closed.curve(None)

    def electrochemical_curve(self, voltage_V: float) -> list[MixingPoint]:
        """Every kink of the open reaction energy at a voltage."""
        return self._open.curve(voltage_V)

    def transitions_V(self, low_V: float, high_V: float) -> list[float]:
        """Voltages in a range at which the phase equilibria of either side alone change.

        Together with the two ends they hold the worst total and the worst mutual reaction over the
        range: at fixed mixing fraction the grand potential of the mixture is concave in V, and that
        of the unmixed sides is linear between their own transitions.

        Parameters
        ----------
        low_V, high_V : float

        Returns
        -------
        list of float
            Ascending, ends not included.
        """
        return self._open.transitions(low_V, high_V)


class _Mixture:
    """The pair in one chemical system, closed or open."""

    def __init__(self, system: ChemicalSystem, sides: tuple[_Side, _Side]) -> None:
        self.system = system
        self.sides = sides
        self.conserved = [system.conserved_atoms(side.composition) for side in sides]
        # A side that is the reservoir metal conserves nothing and cannot change the mixture.
        self.mixes = all(atoms > 0.0 for atoms in self.conserved)
        self._warm: IntArray | None = None

    def _own(self, voltage: float | None) -> list[float]:
        """Energy per conserved atom of each side as given (nan for the reservoir metal)."""
        system = self.system
        energies = []
        for side, atoms in zip(self.sides, self.conserved, strict=True):
            ions = side.composition.amount(system.ion) if system.ion else 0.0
            energy = side.energy + system.charge * (voltage or 0.0) * ions
            energies.append(energy / atoms if atoms else float("nan"))
        return energies

    def _alone(self, voltage: float | None) -> list[Vertex | None]:
        """Equilibrium of each side on its own."""
        return [
            self.system.equilibrium(side.composition, voltage or 0.0) if atoms else None
            for side, atoms in zip(self.sides, self.conserved, strict=True)
        ]

    def _program(self, voltage: float | None) -> LinearProgram:
        system = self.system
        first, second = (system.vector(side.composition) for side in self.sides)
        cost = system.cost + (voltage or 0.0) * system.slope
        program, self._b = mixing_program(system.matrix, cost, first, second)
        return program

    def transitions(self, low: float, high: float) -> list[float]:
        found: list[float] = []
        for side, atoms in zip(self.sides, self.conserved, strict=True):
            if atoms and high > low:
                segments = self.system.trace(side.composition, low, high)
                found += [segment.low for segment in segments[1:]]
        distinct: list[float] = []
        for voltage in sorted(found):
            if voltage - (distinct[-1] if distinct else low) > BREAKPOINT:
                distinct.append(voltage)
        return [voltage for voltage in distinct if high - voltage > BREAKPOINT]

    def worst(self, voltage: float | None) -> WorstReaction:
        own = self._own(voltage)
        alone = self._alone(voltage)
        if not self.mixes:
            return self._with_reservoir(own, alone, voltage)
        equilibrium = [v.value(voltage or 0.0) for v in alone if v is not None]
        program = self._program(voltage)
        total = self._most_negative(program, own, voltage)
        mutual = self._most_negative(program, equilibrium, voltage)
        return WorstReaction(total, mutual)

    def _most_negative(
        self, program: LinearProgram, baseline: Sequence[float], voltage: float | None
    ) -> MixingReaction:
        """min over u of energy(u) - [u first + (1 - u) second]: one program, at t = difference."""
        first, second = baseline
        vertex = program.solve(self._b, first - second, self._warm)
        self._warm = vertex.basis
        energy = vertex.value(first - second) - second
        return self._reaction(vertex, energy, voltage)

    def _fraction(self, vertex: Vertex) -> float:
        """Fraction u of the electrolyte in conserved atoms."""
        return _clean(float(vertex.amounts[vertex.columns == len(self.system.phases)].sum()))

    def _x(self, u: float) -> float:
        """Fraction of the electrolyte counted in all atoms, from that in conserved atoms."""
        per = [
            side.composition.atoms / atoms
            for side, atoms in zip(self.sides, self.conserved, strict=True)
        ]
        return _clean(u * per[0] / (u * per[0] + (1.0 - u) * per[1]))

    def _reaction(self, vertex: Vertex, energy: float, voltage: float | None) -> MixingReaction:
        if energy > -ENERGY_eV_per_atom:
            return MixingReaction(0.0, None, NO_REACTION, (), voltage)
        u = self._fraction(vertex)
        text, products = self._balanced(vertex, u)
        return MixingReaction(energy, self._x(u), text, products, voltage)

    def _balanced(self, vertex: Vertex, u: float) -> tuple[str, tuple[Product, ...]]:
        """Reaction per formula unit of the electrolyte, or of the electrode where u = 0."""
        units = [u / self.conserved[0], (1.0 - u) / self.conserved[1]]  # per conserved atom
        scale = 1.0 / (units[0] if u > 0.0 else units[1])
        reactants = [
            (side.composition.formula, n * scale)
            for side, n in zip(self.sides, units, strict=True)
            if n > 0.0
        ]
        products = self.system.products_of(vertex, scale)
        ion = self.system.ion
        uptake = 0.0
        if ion:
            columns = vertex.columns[vertex.columns < len(self.system.phases)]
            held = self.system.slope[columns] @ vertex.amounts[: len(columns)]
            before = sum(
                side.composition.amount(ion) * n for side, n in zip(self.sides, units, strict=True)
            )
            uptake = (float(held) / self.system.charge - before) * scale
        return balanced_reaction(reactants, products, ion, uptake), products

    def _with_reservoir(
        self, own: list[float], alone: list[Vertex | None], voltage: float | None
    ) -> WorstReaction:
        """A side that is the metal: the other side's own decomposition is all that happens."""
        nothing = MixingReaction(0.0, None, NO_REACTION, (), voltage)
        for position, vertex in enumerate(alone):
            if vertex is None:
                continue
            energy = vertex.value(voltage or 0.0) - own[position]
            if energy > -ENERGY_eV_per_atom:
                break
            composition = self.sides[position].composition
            products = self.system.products(vertex, composition)
            ion = self.system.ion
            assert ion is not None
            held = vertex.slope / self.system.charge * self.conserved[position]
            text = balanced_reaction(
                [(composition.formula, 1.0)], products, ion, held - composition.amount(ion)
            )
            x = 1.0 if position == 0 else 0.0
            return WorstReaction(MixingReaction(energy, x, text, products, voltage), nothing)
        return WorstReaction(nothing, nothing)

    def curve(self, voltage: float | None) -> list[MixingPoint]:
        own = self._own(voltage)
        alone = self._alone(voltage)
        if not self.mixes:
            worst = self._with_reservoir(own, alone, voltage).total
            return [
                MixingPoint(x, worst.reaction_energy, 0.0, worst.reaction, worst.products)
                for x in (0.0, 1.0)
            ]
        base = [v.value(voltage or 0.0) for v in alone if v is not None]
        program = self._program(voltage)
        points: list[MixingPoint] = []
        for segment in program.trace(self._b, -np.inf, np.inf):
            u = self._fraction(segment.vertex)
            x = self._x(u)
            if points and x - points[-1].x_electrolyte <= AMOUNT:
                continue
            energy = segment.vertex.cost
            text, products = self._balanced(segment.vertex, u)
            total = energy - (u * own[0] + (1.0 - u) * own[1])
            mutual = energy - (u * base[0] + (1.0 - u) * base[1])
            points.append(MixingPoint(x, min(total, 0.0), min(mutual, 0.0), text, products))
        return points


def _clean(fraction: float) -> float:
    """Ends of the mixing line without rounding noise."""
    if fraction < AMOUNT:
        return 0.0
    return 1.0 if fraction > 1.0 - AMOUNT else fraction
