"""Reactions of compositions in contact: mixing in any ratio, closed or open to reservoirs.

Inside, the mixing fraction u counts conserved atoms (all atoms where closed, non-ion atoms where
open), because energies per conserved atom are exactly linear in u between unmixed phases; results
give x, the fraction of the electrolyte counted in all atoms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..core.composition import Composition
from ..core.parametric_lp import FloatArray, Minima, Vertex, mixing_program
from ..core.record import Record
from ..core.tolerances import BREAKPOINT, ENERGY_eV_per_atom
from .chemical_system import ChemicalSystem, Product, balanced_reaction

__all__ = [
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
