"""Reactions of compositions in contact: pseudo-binary mixing, closed or open to the ion.

Inside, the mixing fraction u counts conserved atoms (all atoms where closed, non-ion atoms where
open), because energies per conserved atom are exactly linear in u between unmixed phases; results
give x, the fraction of the electrolyte counted in all atoms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..core.composition import Composition
from ..core.parametric_lp import FloatArray, Minima, Vertex, mixing_program
from ..core.record import Record
from ..core.tolerances import AMOUNT, BREAKPOINT, ENERGY_eV_per_atom
from ..phases.table import PhaseTable
from .chemical_system import (
    ChemicalSystem,
    OpenEquilibria,
    Product,
    balanced_reaction,
    open_equilibria,
    phase_energy,
)

__all__ = ["Interface", "MixingPoint", "MixingReaction", "WorstEnergies", "WorstReaction"]

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

    @property
    def energy_key(self) -> str:
        """Key of the energy in the record: it names the unit."""
        return f"reaction_energy_eV_per_{'atom' if self.voltage_V is None else 'nonion_atom'}"

    def to_dict(self) -> dict[str, object]:
        """The record; the energy is keyed by its unit."""
        plain = Record.to_dict(self)
        return {self.energy_key: plain.pop("reaction_energy"), **plain}


@dataclass(frozen=True, slots=True)
class WorstReaction(Record):
    """Most negative reaction of a pair at one condition.

    Attributes
    ----------
    total : MixingReaction
        Relative to the two phases as given, with their own energies above hull.
    mutual : MixingReaction
        Relative to each side's own equilibrium at the same condition: what mixing adds.
    total_at_mutual : float
        Total reaction energy at the fraction of the worst mutual reaction [eV per conserved atom].
        The worst total one is often an end point of the line, where a side decomposes on its own.
    """

    total: MixingReaction
    mutual: MixingReaction
    total_at_mutual: float

    def to_dict(self) -> dict[str, object]:
        """The record; energies are keyed by their unit."""
        unit = "atom" if self.total.voltage_V is None else "nonion_atom"
        plain = Record.to_dict(self)
        return {
            **{key: plain[key] for key in ("total", "mutual")},
            f"total_at_mutual_x_eV_per_{unit}": plain["total_at_mutual"],
        }


class WorstEnergies(NamedTuple):
    """Energies of a :class:`WorstReaction` [eV per conserved atom], <= 0."""

    total: float
    mutual: float
    total_at_mutual: float


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
    hull_energy: float  # per formula unit as typed, of its closed equilibria
    alone: OpenEquilibria | None  # None for the metal, which is its own reservoir


class Interface:
    """Electrolyte and electrode in contact.

    Parameters
    ----------
    table : PhaseTable
    electrolyte, electrode : Composition
        Either may be the working ion's metal, contain none of it, or equal the other.
    ion : str
        Working ion.
    additive : Composition, optional
        Third component, such as carbon or a coating; the worst reactions are then those of any
        mixture of the three.
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
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas(
    ...     {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}
    ... )
    >>> pair = Interface(table, parse("Li2S"), parse("P2S5"))
    >>> worst = pair.chemical().total
    >>> round(worst.reaction_energy, 5), round(worst.x_electrolyte, 4), worst.reaction
    (-0.03125, 0.5625, 'Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4')
    >>> at = pair.electrochemical(2.15)
    >>> round(at.mutual.reaction_energy, 6), round(at.total_at_mutual, 6)
    (-0.02, -0.05)

    The worst total energy belongs to the end of the line: Li2S alone, above its 2.1 V.

    >>> round(at.total.reaction_energy, 6), at.total.x_electrolyte, at.total.reaction
    (-0.1, 1.0, 'Li2S -> S + 2 Li')
    """

    def __init__(
        self,
        table: PhaseTable,
        electrolyte: Composition,
        electrode: Composition,
        ion: str = "Li",
        *,
        additive: Composition | None = None,
        electrolyte_e_above_hull: float | None = None,
        electrode_e_above_hull: float | None = None,
    ) -> None:
        compositions = [electrolyte, electrode, *([additive] if additive else [])]
        lifts = (electrolyte_e_above_hull, electrode_e_above_hull, None)
        elements = {element for composition in compositions for element in composition.elements}
        table.require(sorted(elements | {ion}))
        self.ion = ion
        self.dataset = table.provenance
        alone = [
            None if set(composition.elements) == {ion} else open_equilibria(table, composition, ion)
            for composition in compositions
        ]
        phases = [
            phase_energy(table, composition, lift, own.closed_energy(composition) if own else None)
            for composition, lift, own in zip(compositions, lifts, alone, strict=False)
        ]
        self.compositions = tuple(compositions)
        self.phase_energies = tuple(phases)
        self.notes = tuple(phase.note for phase in phases if phase.note)
        sides = [
            _Side(
                composition,
                phase.energy,
                phase.energy - (phase.e_above_hull or 0.0) * composition.atoms,
                own,
            )
            for composition, phase, own in zip(compositions, phases, alone, strict=True)
        ]
        self._closed = _Mixture(ChemicalSystem.of(table, elements), sides)
        self.open_system = ChemicalSystem.of(table, elements, ion)
        self._open = _Mixture(self.open_system, sides)

    def chemical(self) -> WorstReaction:
        """Worst reaction with no exchange of ions, per atom of the mixture."""
        return self._closed.worst(None)

    def electrochemical(self, voltage_V: float) -> WorstReaction:
        """Worst reaction open to the ion at a voltage, per non-ion atom of the mixture."""
        return self._open.worst(voltage_V)

    def electrochemical_energies(self, voltage_V: float) -> WorstEnergies:
        """Energies of :meth:`electrochemical`, without the reactions."""
        return self._open.energies(voltage_V)

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


@dataclass(frozen=True, slots=True)
class _Minimum:
    """Most negative energy of any mixture, relative to sides with given energies."""

    energy: float  # per conserved atom
    vertex: Vertex
    fractions: list[float]  # of the sides, in conserved atoms


class _Mixture:
    """The sides in one chemical system, closed or open.

    A side that is the reservoir metal conserves nothing: it changes no mixture, and is left out of
    the program.
    """

    def __init__(self, system: ChemicalSystem, sides: Sequence[_Side]) -> None:
        self.system = system
        conserved = [system.conserved_atoms(side.composition) for side in sides]
        self._kept = [i for i, atoms in enumerate(conserved) if atoms > 0.0]
        self._sides = [sides[i] for i in self._kept]
        # Two or three sides: plain floats are faster than arrays.
        self._conserved = [conserved[i] for i in self._kept]
        ion = system.ion
        self._ions = [side.composition.amount(ion) if ion else 0.0 for side in self._sides]
        self._vectors = [system.vector(side.composition) for side in self._sides]
        self._minima: Minima | None = None
        self._known: dict[float | None, tuple[_Minimum, _Minimum, float]] = {}

    def _unmixed(self, voltage: float | None) -> tuple[list[float], list[float]]:
        """Energies per conserved atom of every side, as given and in its own equilibrium."""
        potential = self.system.charge * (voltage or 0.0)
        own = [
            (side.energy + potential * ions) / atoms
            for side, ions, atoms in zip(self._sides, self._ions, self._conserved, strict=True)
        ]
        if voltage is None:
            pairs = zip(self._sides, self._conserved, strict=True)
            return own, [side.hull_energy / atoms for side, atoms in pairs]
        return own, [side.alone.value(voltage) for side in self._sides if side.alone]

    def transitions(self, low: float, high: float) -> list[float]:
        found = sorted(
            voltage
            for side in self._sides
            if side.alone
            for voltage in side.alone.voltages[1:]
            if low < voltage < high
        )
        distinct: list[float] = []
        for voltage in found:
            if voltage - (distinct[-1] if distinct else low) > BREAKPOINT:
                distinct.append(voltage)
        return [voltage for voltage in distinct if high - voltage > BREAKPOINT]

    def energies(self, voltage: float | None) -> WorstEnergies:
        if not self._kept:
            return WorstEnergies(0.0, 0.0, 0.0)
        total, mutual, at_mutual = self._worst(voltage)
        return WorstEnergies(total.energy, mutual.energy, at_mutual)

    def worst(self, voltage: float | None) -> WorstReaction:
        if not self._kept:
            nothing = MixingReaction(0.0, None, NO_REACTION, (), voltage)
            return WorstReaction(nothing, nothing, 0.0)
        total, mutual, at_mutual = self._worst(voltage)
        return WorstReaction(
            self._reaction(total, voltage), self._reaction(mutual, voltage), at_mutual
        )

    def _worst(self, voltage: float | None) -> tuple[_Minimum, _Minimum, float]:
        """Worst total and mutual mixture, and the total energy of the latter; worked out once."""
        if voltage not in self._known:
            own, alone = self._unmixed(voltage)
            total = self._most_negative(own, voltage)
            mutual = self._most_negative(alone, voltage)
            at_mutual = total.energy
            if mutual.energy < 0.0:
                at_mutual = mutual.energy + math.fsum(
                    u * (e - given)
                    for u, e, given in zip(mutual.fractions, alone, own, strict=True)
                )
            self._known[voltage] = (total, mutual, min(at_mutual, 0.0))
        return self._known[voltage]

    def _most_negative(self, unmixed: list[float], voltage: float | None) -> _Minimum:
        """Min over the fractions u of energy(u) - sum u_i e_i: a single program."""
        if self._minima is None:
            program, b = mixing_program(self.system.matrix, self.system.cost, self._vectors)
            self._minima = Minima(program, b)
        gains = [unmixed[-1] - energy for energy in unmixed]
        vertex = self._minima.at(np.concatenate([self._cost(voltage), gains]))
        energy = vertex.cost - unmixed[-1]
        return _Minimum(
            0.0 if energy > -ENERGY_eV_per_atom else energy, vertex, self._fractions(vertex)
        )

    def _reaction(self, minimum: _Minimum, voltage: float | None) -> MixingReaction:
        if minimum.energy == 0.0:
            return MixingReaction(0.0, None, NO_REACTION, (), voltage)
        text, products = self._balanced(minimum.vertex, minimum.fractions)
        return MixingReaction(minimum.energy, self._x(minimum.fractions), text, products, voltage)

    def _cost(self, voltage: float | None) -> FloatArray:
        return np.asarray(self.system.cost + (voltage or 0.0) * self.system.slope)

    def _fractions(self, vertex: Vertex) -> list[float]:
        """Fractions u of the sides in conserved atoms, sum 1."""
        n = len(self.system)
        fractions = [0.0] * len(self._kept)
        for column, amount in vertex.held:
            if column >= n:
                fractions[column - n] = amount
        total = sum(fractions)
        return [u / total for u in fractions]

    def _x(self, fractions: list[float]) -> float:
        """Fraction of the electrolyte counted in all atoms, from those in conserved atoms."""
        weights = [
            u * side.composition.atoms / atoms
            for u, side, atoms in zip(fractions, self._sides, self._conserved, strict=True)
        ]
        return weights[0] / sum(weights) if self._kept[0] == 0 else 0.0

    def _balanced(self, vertex: Vertex, fractions: list[float]) -> tuple[str, tuple[Product, ...]]:
        """Reaction per formula unit of the first side that takes part."""
        system = self.system
        # Formula units per conserved atom of the mixture.
        units = [u / atoms for u, atoms in zip(fractions, self._conserved, strict=True)]
        scale = 1.0 / next(amount for amount in units if amount > 0.0)
        reactants = [
            (side.composition.formula, amount * scale)
            for side, amount in zip(self._sides, units, strict=True)
            if amount > 0.0
        ]
        products = system.products_of(vertex, scale)
        uptake = 0.0
        if system.ion:
            phases = vertex.columns < len(system)
            held = system.slope[vertex.columns[phases]] @ vertex.amounts[phases] / system.charge
            given = sum(a * ions for a, ions in zip(units, self._ions, strict=True))
            uptake = (float(held) - given) * scale
        return balanced_reaction(reactants, products, system.ion, uptake), products

    def curve(self, voltage: float | None) -> list[MixingPoint]:
        if len(self._kept) < 2:
            worst = self.worst(voltage).total
            return [
                MixingPoint(x, worst.reaction_energy, 0.0, worst.reaction, worst.products)
                for x in (0.0, 1.0)
            ]
        own, alone = self._unmixed(voltage)
        program, b = mixing_program(self.system.matrix, self._cost(voltage), self._vectors)
        points: list[MixingPoint] = []
        for segment in program.trace(b, -np.inf, np.inf):
            u = self._fractions(segment.vertex)
            x = self._x(u)
            if points and x - points[-1].x_electrolyte <= AMOUNT:
                continue
            energy = segment.vertex.cost
            text, products = self._balanced(segment.vertex, u)
            total, mutual = (
                energy - math.fsum(a * e for a, e in zip(u, unmixed, strict=True))
                for unmixed in (own, alone)
            )
            points.append(MixingPoint(x, min(total, 0.0), min(mutual, 0.0), text, products))
        return points
