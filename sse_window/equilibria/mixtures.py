"""Reactions of compositions in contact: mixing in any ratio, closed or open to reservoirs.

Inside, the mixing fraction u counts conserved atoms (all atoms where closed, non-ion atoms where
open), because energies per conserved atom are exactly linear in u between unmixed phases; results
give x, the fraction of the electrolyte counted in all atoms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..core.composition import Composition
from ..core.parametric_lp import FloatArray, Minima, Vertex, mixing_program
from ..core.record import Record
from ..core.tolerances import AMOUNT, BREAKPOINT, ENERGY_eV_per_atom
from ..phases.table import PhaseTable
from .chemical_system import (
    ChemicalSystem,
    Product,
    balanced_reaction,
    open_equilibria,
    phase_energy,
)
from .remarks import side_notes
from .reservoirs import metal

__all__ = [
    "Interface",
    "Minimum",
    "MixingPoint",
    "MixingReaction",
    "Mixture",
    "WorstEnergies",
    "WorstReaction",
    "distinct_between",
]

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
    fractions : tuple of float
        Of every side, in atoms, in the order of the mixture; empty where nothing reacts. Not part
        of the record.
    """

    reaction_energy: float
    x_electrolyte: float | None
    reaction: str
    products: tuple[Product, ...]
    voltage_V: float | None = None
    fractions: tuple[float, ...] = field(default=(), metadata={"record": False}, repr=False)

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
class Minimum:
    """Most negative energy of any mixture, relative to sides with given energies.

    Attributes
    ----------
    energy : float
        [eV per conserved atom], <= 0.
    vertex : Vertex
        Phases, and beyond the columns of the system the fractions of the sides.
    fractions : list of float
        Of the sides that conserve something, in conserved atoms, sum 1.
    """

    energy: float
    vertex: Vertex
    fractions: list[float]


class Mixture:
    """Any number of compositions in one chemical system, at energies that may change.

    A side that conserves nothing (the metal that the system is open to, a gas) changes no mixture,
    and is left out of the program.

    Parameters
    ----------
    system : ChemicalSystem
    compositions : sequence of Composition
    counted : sequence of float, optional
        Atoms per formula unit of each side that energies are counted by; the conserved ones if
        left out. A side with none is left out of the program too.

    Attributes
    ----------
    kept : list of int
        Sides that conserve something.
    """

    def __init__(
        self,
        system: ChemicalSystem,
        compositions: Sequence[Composition],
        counted: Sequence[float] | None = None,
    ) -> None:
        self.system = system
        self.compositions = tuple(compositions)
        conserved = list(counted or map(system.conserved_atoms, compositions))
        self.kept = [i for i, atoms in enumerate(conserved) if atoms > 0.0]
        # Two or three sides: plain floats are faster than arrays.
        self._sides = [compositions[i] for i in self.kept]
        self.conserved = [conserved[i] for i in self.kept]
        self.vectors = [system.vector(side) for side in self._sides]
        if counted is not None:
            self.vectors = [
                vector * (system.conserved_atoms(side) / atoms)
                for vector, side, atoms in zip(
                    self.vectors, self._sides, self.conserved, strict=True
                )
            ]
        self._minima: Minima | None = None

    def given(self, energies: Sequence[float], parameter: float) -> list[float]:
        """Energies of the kept sides as phases [eV per conserved atom].

        Parameters
        ----------
        energies : sequence of float
            Of every side, per formula unit as typed [eV].
        parameter : float
            Voltage or temperature.
        """
        return [
            self.system.open_energy(self.compositions[i], energies[i], parameter) / atoms
            for i, atoms in zip(self.kept, self.conserved, strict=True)
        ]

    def most_negative(self, cost: FloatArray, unmixed: Sequence[float]) -> Minimum:
        """Min over the fractions u of energy(u) - sum u_i e_i: a single program.

        Parameters
        ----------
        cost : ndarray of float, shape (len(system),)
            Energies of the phases of the system [eV per conserved atom].
        unmixed : sequence of float
            e_i of the kept sides [eV per conserved atom].

        Returns
        -------
        Minimum
        """
        if self._minima is None:
            program, b = mixing_program(self.system.matrix, self.system.cost, self.vectors)
            self._minima = Minima(program, b)
        gains = [unmixed[-1] - energy for energy in unmixed]
        vertex = self._minima.at(np.concatenate([cost, gains]))
        energy = vertex.cost - float(unmixed[-1])
        return Minimum(
            0.0 if energy > -ENERGY_eV_per_atom else energy, vertex, self.fractions(vertex)
        )

    def cost(self, parameter: float) -> FloatArray:
        """Energies of the phases at a voltage or temperature [eV per conserved atom]."""
        return np.asarray(self.system.cost + parameter * self.system.slope)

    def fractions(self, vertex: Vertex) -> list[float]:
        """Fractions u of the kept sides in conserved atoms, sum 1."""
        n = len(self.system)
        fractions = [0.0] * len(self.kept)
        for column, amount in vertex.held:
            if column >= n:
                fractions[column - n] = amount
        total = sum(fractions)
        return [u / total for u in fractions]

    def in_atoms(self, fractions: Sequence[float]) -> tuple[float, ...]:
        """Fractions of all sides counted in all atoms, from those in conserved atoms."""
        weights = [0.0] * len(self.compositions)
        for i, u, side, atoms in zip(
            self.kept, fractions, self._sides, self.conserved, strict=True
        ):
            weights[i] = u * side.atoms / atoms
        total = sum(weights)
        return tuple(weight / total for weight in weights)

    def reaction(
        self, vertex: Vertex, fractions: Sequence[float]
    ) -> tuple[str, tuple[Product, ...], dict[str, float]]:
        """Reaction as text, products, and what is taken up from the reservoirs.

        All per formula unit of the first side that takes part.
        """
        system = self.system
        # Formula units per conserved atom of the mixture.
        units = [u / atoms for u, atoms in zip(fractions, self.conserved, strict=True)]
        scale = 1.0 / next(amount for amount in units if amount > 0.0)
        reactants = [
            (side.formula, amount * scale)
            for side, amount in zip(self._sides, units, strict=True)
            if amount > 0.0
        ]
        products = system.products_of(vertex, scale)
        given = {
            element: scale
            * sum(a * side.amount(element) for a, side in zip(units, self._sides, strict=True))
            for element in system.potentials
        }
        exchange = system.exchange(vertex, scale, given)
        return balanced_reaction(reactants, products, exchange), products, exchange


def distinct_between(values: Iterable[float], low: float, high: float) -> list[float]:
    """Values within a range in ascending order, those that are one within rounding once.

    Parameters
    ----------
    values : iterable of float
        Such as voltages at which equilibria change.
    low, high : float
        Not included.

    Returns
    -------
    list of float

    Examples
    --------
    >>> distinct_between([3.0, 1.0, 1.00000001, 2.0], 0.0, 3.0)
    [1.0, 2.0]
    """
    distinct: list[float] = []
    for value in sorted(value for value in values if low < value < high):
        if value - (distinct[-1] if distinct else low) > BREAKPOINT:
            distinct.append(value)
    return [value for value in distinct if high - value > BREAKPOINT]


class Interface:
    """Electrolyte and electrode in contact.

    Parameters
    ----------
    table : PhaseTable
    electrolyte, electrode : Composition
        Either may be the working ion's metal, contain none of it, or equal the other.
    ion : str
        Working ion.
    additives : sequence of Composition
        Further components, such as carbon or a coating; the worst reactions are then those of any
        mixture of all.
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
        additives: Sequence[Composition] = (),
        electrolyte_e_above_hull: float | None = None,
        electrode_e_above_hull: float | None = None,
    ) -> None:
        compositions = (electrolyte, electrode, *additives)
        lifts = (electrolyte_e_above_hull, electrode_e_above_hull, *[None] * len(additives))
        elements = {element for composition in compositions for element in composition.elements}
        table.require(sorted(elements | {ion}))
        self._table, self._lifts = table, lifts
        self.ion = ion
        self.compositions = compositions
        self._alone = [open_equilibria(table, composition, ion) for composition in compositions]
        self.phase_energies = tuple(
            phase_energy(table, composition, lift, own.closed_energy())
            for composition, lift, own in zip(compositions, lifts, self._alone, strict=True)
        )
        own = (phase.note for phase in self.phase_energies if phase.note)
        self.notes = (*side_notes(table, compositions, ion), *own)
        self._energies = [phase.energy for phase in self.phase_energies]
        self._hull_energies = [
            phase.energy - (phase.e_above_hull or 0.0) * composition.atoms
            for composition, phase in zip(compositions, self.phase_energies, strict=True)
        ]
        self._closed = Mixture(ChemicalSystem.of(table, elements), compositions)
        self.open_system = ChemicalSystem.of(table, elements, metal(ion))
        self._open = Mixture(self.open_system, compositions)
        self._known: dict[float | None, tuple[Minimum, Minimum, float]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Of the table only the phases of this chemical system travel with the interface."""
        elements = {self.ion, *(e for c in self.compositions for e in c.elements)}
        electrolyte, electrode, *additives = self.compositions
        made = partial(
            type(self),
            additives=tuple(additives),
            electrolyte_e_above_hull=self._lifts[0],
            electrode_e_above_hull=self._lifts[1],
        )
        return made, (self._table.within(elements), electrolyte, electrode, self.ion)

    def with_additives(self, *additives: Composition) -> Interface:
        """The same two sides with further components."""
        electrolyte, electrode = self.compositions[:2]
        return Interface(
            self._table,
            electrolyte,
            electrode,
            self.ion,
            additives=additives,
            electrolyte_e_above_hull=self._lifts[0],
            electrode_e_above_hull=self._lifts[1],
        )

    def chemical(self) -> WorstReaction:
        """Worst reaction with no exchange of ions, per atom of the mixture."""
        return self._worst(None)

    def electrochemical(self, voltage_V: float) -> WorstReaction:
        """Worst reaction open to the ion at a voltage, per non-ion atom of the mixture."""
        return self._worst(voltage_V)

    def electrochemical_energies(self, voltage_V: float) -> WorstEnergies:
        """Energies of :meth:`electrochemical`, without the reactions."""
        if not self._open.kept:
            return WorstEnergies(0.0, 0.0, 0.0)
        total, mutual, at_mutual = self._minima(voltage_V)
        return WorstEnergies(total.energy, mutual.energy, at_mutual)

    def chemical_curve(self) -> list[MixingPoint]:
        """Every kink of the closed reaction energy, from electrode (x = 0) to electrolyte (1)."""
        return self._curve(None)

    def electrochemical_curve(self, voltage_V: float) -> list[MixingPoint]:
        """Every kink of the open reaction energy at a voltage."""
        return self._curve(voltage_V)

    def transitions_V(self, low_V: float, high_V: float) -> list[float]:
        """Voltages in a range at which the phase equilibria of any side alone change.

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
        inner = (voltage for i in self._open.kept for voltage in self._alone[i].voltages[1:])
        return distinct_between(inner, low_V, high_V)

    def _mixture(self, voltage: float | None) -> Mixture:
        return self._closed if voltage is None else self._open

    def _unmixed(self, voltage: float | None) -> tuple[list[float], list[float]]:
        """Energies per conserved atom of every kept side, as given and in its own equilibrium."""
        mixture = self._mixture(voltage)
        own = mixture.given(self._energies, voltage or 0.0)
        if voltage is None:
            return own, mixture.given(self._hull_energies, 0.0)
        return own, [self._alone[i].value(voltage) for i in mixture.kept]

    def _worst(self, voltage: float | None) -> WorstReaction:
        if not self._mixture(voltage).kept:
            nothing = MixingReaction(0.0, None, NO_REACTION, (), voltage)
            return WorstReaction(nothing, nothing, 0.0)
        total, mutual, at_mutual = self._minima(voltage)
        return WorstReaction(
            self._reaction(total, voltage), self._reaction(mutual, voltage), at_mutual
        )

    def _minima(self, voltage: float | None) -> tuple[Minimum, Minimum, float]:
        """Worst total and mutual mixture, and the total energy of the latter; worked out once."""
        if voltage not in self._known:
            mixture = self._mixture(voltage)
            own, alone = self._unmixed(voltage)
            cost = mixture.cost(voltage or 0.0)
            total = mixture.most_negative(cost, own)
            mutual = mixture.most_negative(cost, alone)
            at_mutual = total.energy
            if mutual.energy < 0.0:
                at_mutual = mutual.energy + math.fsum(
                    u * (e - given)
                    for u, e, given in zip(mutual.fractions, alone, own, strict=True)
                )
            self._known[voltage] = (total, mutual, min(at_mutual, 0.0))
        return self._known[voltage]

    def _reaction(self, minimum: Minimum, voltage: float | None) -> MixingReaction:
        if minimum.energy == 0.0:
            return MixingReaction(0.0, None, NO_REACTION, (), voltage)
        mixture = self._mixture(voltage)
        text, products, _ = mixture.reaction(minimum.vertex, minimum.fractions)
        shares = mixture.in_atoms(minimum.fractions)
        return MixingReaction(minimum.energy, shares[0], text, products, voltage, shares)

    def _curve(self, voltage: float | None) -> list[MixingPoint]:
        mixture = self._mixture(voltage)
        if len(mixture.kept) < 2:
            worst = self._worst(voltage).total
            return [
                MixingPoint(x, worst.reaction_energy, 0.0, worst.reaction, worst.products)
                for x in (0.0, 1.0)
            ]
        own, alone = self._unmixed(voltage)
        cost = mixture.cost(voltage or 0.0)
        program, b = mixing_program(mixture.system.matrix, cost, mixture.vectors)
        points: list[MixingPoint] = []
        for segment in program.trace(b, -np.inf, np.inf):
            u = mixture.fractions(segment.vertex)
            x = mixture.in_atoms(u)[0]
            if points and x - points[-1].x_electrolyte <= AMOUNT:
                continue
            energy = segment.vertex.cost
            text, products, _ = mixture.reaction(segment.vertex, u)
            total, mutual = (
                energy - math.fsum(a * e for a, e in zip(u, unmixed, strict=True))
                for unmixed in (own, alone)
            )
            points.append(MixingPoint(x, min(total, 0.0), min(mutual, 0.0), text, products))
        return points
