"""Two phases in contact, with whatever lies between them: closed, or open to the ion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ..core.composition import Composition
from ..core.parametric_lp import mixing_program
from ..core.tolerances import AMOUNT
from ..phases.table import PhaseTable
from .chemical_system import ChemicalSystem
from .mixtures import (
    NO_REACTION,
    Minimum,
    MixingPoint,
    MixingReaction,
    Mixture,
    WorstEnergies,
    WorstReaction,
    distinct_between,
)
from .open_equilibria import open_equilibria
from .phase_energies import phase_energy
from .remarks import side_notes
from .reservoirs import metal

__all__ = ["Interface"]


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
        self.table, self._lifts = table, lifts
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
        return made, (self.table.within(elements), electrolyte, electrode, self.ion)

    def with_additives(self, *additives: Composition) -> Interface:
        """The same two sides with further components."""
        electrolyte, electrode = self.compositions[:2]
        return Interface(
            self.table,
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

    def deciding_voltages_V(self, low_V: float, high_V: float) -> list[float]:
        """The transitions in a range with its two ends: one of them has the worst reaction."""
        if high_V <= low_V:
            return [low_V]
        return [low_V, *self.transitions_V(low_V, high_V), high_V]

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
