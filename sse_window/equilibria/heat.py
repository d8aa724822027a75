"""Equilibria against temperature, open to gases: of compositions alone, and of their mixtures.

In each piece of temperature every energy is linear (:mod:`~sse_window.phases.gibbs`), so that the
temperature is the parameter of the same exact trace that the voltage is elsewhere. The worst mutual
reaction of a mixture is traced too: the energy of each side in its own equilibrium is linear
between the temperatures at which that equilibrium changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.composition import Composition, parse
from ..core.errors import FormulaError
from ..core.parametric_lp import Segment, Vertex, mixing_program
from ..core.tolerances import AMOUNT, TEMPERATURE_K, ENERGY_eV_per_atom
from ..phases.gibbs import HotPhases
from .chemical_system import ChemicalSystem, Product, balanced_reaction
from .mixtures import Mixture, distinct_between
from .reservoirs import Potential, Reservoir

__all__ = ["HotReaction", "HotSystem", "Solid"]


@dataclass(frozen=True, slots=True)
class Solid:
    """A condensed substance in excess that is a reservoir, such as carbon.

    Attributes
    ----------
    formula : str
    potential : Potential
        Per formula unit, against the temperature.
    """

    formula: str
    potential: Potential


@dataclass(frozen=True, slots=True)
class HotReaction:
    """What happens within one range of temperature.

    Attributes
    ----------
    temperature_K, energy : tuple of float
        Knots of the energy [eV per non-gas atom], <= 0, from one end of the range to the other;
        straight in between.
    reaction : str or None
        None where nothing happens.
    products : tuple of Product
        Per formula unit of the first side that takes part.
    exchange : mapping of str to float
        Gases taken up (> 0) or given off, in the same unit.
    nongas_atoms : float
        Non-gas atoms that the reaction turns over, in the same unit.
    """

    temperature_K: tuple[float, ...]
    energy: tuple[float, ...]
    reaction: str | None
    products: tuple[Product, ...]
    exchange: Mapping[str, float]
    nongas_atoms: float

    @property
    def low_K(self) -> float:
        """Lower end of the range."""
        return self.temperature_K[0]

    @property
    def high_K(self) -> float:
        """Upper end of the range."""
        return self.temperature_K[-1]

    def at(self, temperature_K: float) -> float:
        """Energy at a temperature of the range."""
        return float(np.interp(temperature_K, self.temperature_K, self.energy))

    def crossing(self, level: float) -> tuple[float, float] | None:
        """Lowest temperature of the range at which the energy falls to a level, and its slope.

        None where it is below the level from the start, or never.
        """
        knots = zip(self.temperature_K, self.energy, strict=True)
        for (t0, e0), (t1, e1) in itertools.pairwise(knots):
            if e0 > level >= e1:
                slope = (e1 - e0) / (t1 - t0)
                return t0 + (level - e0) / slope, slope
        return None


class HotSystem:
    """Phases of some elements over a range of temperature, open to an atmosphere.

    Parameters
    ----------
    phases : HotPhases
    elements : iterable of str
        Of the question.
    pressures_bar : mapping of str to float
        Gases that are exchanged, and their pressures.
    low_K, high_K : float
    solids : sequence of Solid
        Further reservoirs.

    Raises
    ------
    DataError
        If nothing is known of a gas in this range of temperature.
    FormulaError
        If gases turn into each other, so that their pressures are not independent.
    UnknownElementsError
        If an element has no phase.
    """

    def __init__(
        self,
        phases: HotPhases,
        elements: Iterable[str],
        pressures_bar: Mapping[str, float],
        low_K: float,
        high_K: float,
        solids: Sequence[Solid] = (),
    ) -> None:
        self.phases = phases
        self.gas_elements = {
            element
            for formula in (*pressures_bar, *(solid.formula for solid in solids))
            for element in parse(formula).elements
        }
        self._systems: list[tuple[float, float, ChemicalSystem]] = []
        for piece in phases.pieces(low_K, high_K):
            table, rates = phases.at(piece, pressures_bar)
            reservoirs = [
                Reservoir(formula, Potential(*phases.linear(formula, piece, pressure)))
                for formula, pressure in pressures_bar.items()
            ]
            reservoirs += [Reservoir(solid.formula, solid.potential) for solid in solids]
            system = ChemicalSystem(table, elements, *reservoirs, rates=rates)
            self._systems.append((*piece, system))

    def nongas_atoms(self, composition: Composition) -> float:
        """Atoms of elements that no gas of the atmosphere holds, per formula unit as typed."""
        return sum(n for e, n in composition.amounts.items() if e not in self.gas_elements)

    def alone(
        self, composition: Composition, energy: float, entropy: float = 0.0
    ) -> list[HotReaction]:
        """Decomposition of one composition over the range, in ascending order.

        Parameters
        ----------
        composition : Composition
        energy, entropy : float
            Of the phase, per formula unit as typed [eV, eV/K].

        Returns
        -------
        list of HotReaction
        """
        nongas = self._nongas([composition])
        found: list[HotReaction] = []

        def gain(system: ChemicalSystem, vertex: Vertex, t: float) -> float:
            own = system.open_energy(composition, energy - t * entropy, t)
            return (vertex.value(t) * system.conserved_atoms(composition) - own) / nongas

        for low, high, system in self._systems:
            conserved = system.conserved_atoms(composition)
            given = {e: composition.amount(e) for e in system.potentials}
            for segment in _trace(system, composition, low, high):
                ends = (segment.low, segment.high)
                products = system.products(segment.vertex, composition)
                exchange = system.exchange(segment.vertex, conserved, given)
                stays = [p.formula for p in products] == [composition.reduced_formula]
                text = None
                if not stays or any(abs(amount) > AMOUNT for amount in exchange.values()):
                    text = balanced_reaction([(composition.formula, 1.0)], products, exchange)
                found.append(
                    HotReaction(
                        ends,
                        (
                            gain(system, segment.vertex, ends[0]),
                            gain(system, segment.vertex, ends[1]),
                        ),
                        text,
                        products,
                        exchange,
                        nongas,
                    )
                )
        return _merged(found)

    def mutual(self, compositions: Sequence[Composition]) -> list[HotReaction]:
        """Worst mutual reaction of a mixture over the range, in ascending order.

        Parameters
        ----------
        compositions : sequence of Composition

        Returns
        -------
        list of HotReaction
            Relative to each side in its own equilibrium at the same temperature and pressures.
        """
        self._nongas(compositions)
        found: list[HotReaction] = []
        for low, high, system in self._systems:
            mixture = self._mixture(system, compositions)
            if len(mixture.kept) < 2:
                found.append(_nothing(low, high))
                continue
            traces = [_trace(system, compositions[i], low, high) for i in mixture.kept]
            inner = [segment.low for trace in traces for segment in trace[1:]]
            bounds = [low, *distinct_between(inner, low, high), high]
            for a, b in itertools.pairwise(bounds):
                found += self._mixed(mixture, [_at(trace, (a + b) / 2) for trace in traces], a, b)
        return _merged(found)

    def _mixture(self, system: ChemicalSystem, compositions: Sequence[Composition]) -> Mixture:
        """The sides, with energies counted per non-gas atom."""
        return Mixture(system, compositions, [self.nongas_atoms(c) for c in compositions])

    def _mixed(
        self, mixture: Mixture, vertices: Sequence[Vertex], low: float, high: float
    ) -> list[HotReaction]:
        """Trace between two temperatures at which no side changes by itself."""
        system = mixture.system
        alone = [_per_nongas(mixture, i, vertex) for i, vertex in enumerate(vertices)]
        program, b = mixing_program(system.matrix, system.cost, mixture.vectors)
        last = alone[-1]
        program = program.repriced(
            np.concatenate([system.cost, [last.cost - v.cost for v in alone]]),
            np.concatenate([system.slope, [last.slope - v.slope for v in alone]]),
        )
        segments = (
            program.trace(b, low, high)
            if high > low
            else [Segment(low, high, program.solve(b, low))]
        )
        found = []
        for segment in segments:
            vertex, u = segment.vertex, mixture.fractions(segment.vertex)
            energies = [vertex.value(t) - last.value(t) for t in (segment.low, segment.high)]
            text, products, exchange = mixture.reaction(vertex, u)
            if min(energies) > -ENERGY_eV_per_atom:
                found.append(_nothing(segment.low, segment.high))
                continue
            # Formula units per non-gas atom of the mixture.
            units = [share / atoms for share, atoms in zip(u, mixture.conserved, strict=True)]
            first = next(n for n in units if n > 0.0)
            found.append(
                HotReaction(
                    (segment.low, segment.high),
                    tuple(min(energy, 0.0) for energy in energies),
                    text,
                    products,
                    exchange,
                    1.0 / first,
                )
            )
        return found

    def total(
        self, compositions: Sequence[Composition], energies: Sequence[float], temperature_K: float
    ) -> float:
        """Worst energy of the mixture relative to the sides as given [eV per non-gas atom].

        Parameters
        ----------
        compositions : sequence of Composition
        energies : sequence of float
            Gibbs energies of the sides at this temperature, per formula unit as typed [eV].
        temperature_K : float
        """
        _, _, system = next(s for s in self._systems if temperature_K <= s[1])
        mixture = self._mixture(system, compositions)
        if not mixture.kept:
            return 0.0
        given = mixture.given(energies, temperature_K)
        return mixture.most_negative(mixture.cost(temperature_K), given).energy

    def mutual_without(
        self, compositions: Sequence[Composition], temperature_K: float, element: str
    ) -> float:
        """Worst mutual energy where no new phase with an element may form.

        Phases of each side's own equilibrium stay.

        Parameters
        ----------
        compositions : sequence of Composition
        temperature_K : float
        element : str

        Returns
        -------
        float
            [eV per non-gas atom]
        """
        _, _, system = next(s for s in self._systems if temperature_K <= s[1])
        mixture = self._mixture(system, compositions)
        if len(mixture.kept) < 2:
            return 0.0
        alone = [system.equilibrium(compositions[i], temperature_K) for i in mixture.kept]
        own = {column for vertex in alone for column, _ in vertex.held}
        kept = np.arange(len(system))
        if element in system.elements:
            holds = system.matrix[system.elements.index(element)] > 0.0
            kept = kept[~holds | np.isin(kept, sorted(own))]
        energies = [
            _per_nongas(mixture, i, vertex).value(temperature_K) for i, vertex in enumerate(alone)
        ]
        program, b = mixing_program(
            system.matrix[:, kept], mixture.cost(temperature_K)[kept], mixture.vectors, energies
        )
        return min(program.solve(b).cost - energies[-1], 0.0)

    def _nongas(self, compositions: Sequence[Composition]) -> float:
        atoms = sum(self.nongas_atoms(composition) for composition in compositions)
        if atoms <= 0.0:
            names = " and ".join(composition.formula for composition in compositions)
            raise FormulaError(
                f"{names} holds nothing but elements of the atmosphere: energies are counted per "
                "atom of the others"
            )
        return atoms


def _per_nongas(mixture: Mixture, i: int, vertex: Vertex) -> Vertex:
    """Energies of a kept side alone, from those per conserved atom."""
    side = mixture.compositions[mixture.kept[i]]
    factor = mixture.system.conserved_atoms(side) / mixture.conserved[i]
    return replace(vertex, cost=vertex.cost * factor, slope=vertex.slope * factor)


def _trace(
    system: ChemicalSystem, composition: Composition, low: float, high: float
) -> list[Segment]:
    if high > low:
        return system.trace(composition, low, high)
    return [Segment(low, high, system.equilibrium(composition, low))]


def _at(trace: Sequence[Segment], temperature: float) -> Vertex:
    return next(segment.vertex for segment in trace if temperature <= segment.high)


def _nothing(low: float, high: float) -> HotReaction:
    return HotReaction((low, high), (0.0, 0.0), None, (), {}, 0.0)


def _merged(found: Sequence[HotReaction]) -> list[HotReaction]:
    """Neighbours with the same reaction as one; ranges too narrow to tell are left out."""
    merged: list[HotReaction] = []
    for each in found:
        last = merged[-1] if merged else None
        if last is not None and last.reaction == each.reaction:
            merged[-1] = replace(
                last,
                temperature_K=(*last.temperature_K, *each.temperature_K[1:]),
                energy=(*last.energy, *each.energy[1:]),
            )
        elif last is None or each.high_K - each.low_K > TEMPERATURE_K:
            merged.append(each)
    return merged
