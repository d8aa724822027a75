"""Phase equilibria of one composition alone at every voltage."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..core.caches import Cache
from ..core.composition import Composition
from ..core.parametric_lp import Segment, Vertex
from ..core.tolerances import ROUNDING, ROUNDING_eV
from ..phases.table import PhaseTable
from .chemical_system import ChemicalSystem
from .reservoirs import metal

__all__ = ["OpenEquilibria", "energy_from_open", "open_equilibria"]


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
        if abs(segment.vertex.slope - content) <= ROUNDING:
            return segment.vertex.cost * conserved / composition.atoms
    for below, above in itertools.pairwise(segments):
        rich, poor = below.vertex, above.vertex
        if rich.slope > content > poor.slope:
            share = (content - poor.slope) / (rich.slope - poor.slope)
            energy = share * rich.cost + (1.0 - share) * poor.cost
            # What a mixture costs cannot be less, and no voltage makes it more.
            least = poor.value(above.low) - above.low * content
            if energy - least <= ROUNDING_eV:
                return energy * conserved / composition.atoms
    return None
