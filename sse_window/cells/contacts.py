"""Two phases in contact without an electrode: closed reaction, common window, interphase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.composition import Composition
from ..core.record import Record
from ..core.tolerances import BREAKPOINT
from ..equilibria.chemical_system import ChemicalSystem
from ..equilibria.interfaces import Interface
from ..equilibria.mixtures import MixingReaction, Mixture, WorstReaction
from ..equilibria.phase_energies import phase_energy
from ..equilibria.windows import StabilityWindow
from ..interphases.formation import of_contact
from ..interphases.interphase import Interphase
from ..phases.table import PhaseTable
from .states import CEILING_V

__all__ = [
    "Junction",
    "Overlap",
    "closed_mutual",
    "hull_energy",
    "junction",
    "overlap_of",
]


def hull_energy(table: PhaseTable, composition: Composition) -> float:
    """Energy of a composition in its own closed equilibrium, per formula unit as typed [eV]."""
    energy = phase_energy(table, composition)
    return energy.energy - (energy.e_above_hull or 0.0) * composition.atoms


def closed_mutual(table: PhaseTable, sides: Sequence[tuple[Composition, float]]) -> float:
    """Worst closed mutual reaction energy of any mixture: the energy alone, of one program.

    Parameters
    ----------
    table : PhaseTable
    sides : sequence of (Composition, float)
        With the energy of each in its own closed equilibrium, per formula unit as typed [eV].

    Returns
    -------
    float
        [eV/atom], <= 0; that of :meth:`~sse_window.equilibria.interfaces.Interface.chemical`.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> sides = [(c, hull_energy(table, c)) for c in (parse("Li2S"), parse("P2S5"))]
    >>> round(closed_mutual(table, sides), 5)
    -0.03125
    """
    compositions = [composition for composition, _ in sides]
    elements = {element for composition in compositions for element in composition.elements}
    mixture = Mixture(ChemicalSystem.of(table, elements), compositions)
    unmixed = mixture.given([energy for _, energy in sides], 0.0)
    return float(mixture.most_negative(mixture.system.cost, unmixed).energy)


@dataclass(frozen=True, slots=True)
class Overlap(Record):
    """Voltages at which two phases are both stable, or what lies between.

    Attributes
    ----------
    overlap_V : tuple of float and (float or None), or None
        Largest reduction and smallest oxidation potential; None where there is no such voltage. An
        upper end of None is no limit.
    gap_V : float or None
        How far the windows are apart; None where they overlap.
    """

    overlap_V: tuple[float, float | None] | None
    gap_V: float | None


def overlap_of(one: tuple[float, float | None], other: tuple[float, float | None]) -> Overlap:
    """Overlap of two windows.

    Parameters
    ----------
    one, other : tuple of float and (float or None)
        Reduction and oxidation potential [V]; None is no limit.

    Examples
    --------
    >>> overlap_of((1.72, 2.14), (0.36, 4.25))
    Overlap(overlap_V=(1.72, 2.14), gap_V=None)
    >>> overlap_of((0.0, 1.2), (1.5, None)).overlap_V is None
    True
    """
    low = max(one[0], other[0])
    highs = [high for high in (one[1], other[1]) if high is not None]
    high = min(highs, default=None)
    if high is None or low <= high + BREAKPOINT:
        return Overlap((low, None if high is None else max(low, high)), None)
    return Overlap(None, low - high)


@dataclass(frozen=True, slots=True)
class Junction(Record):
    """Contact of two electrolytes, or of an electrolyte and a coating.

    Attributes
    ----------
    overlap : Overlap
    chemical : WorstReaction
        Closed.
    electrochemical : MixingReaction or None
        Worst mutual reaction open to the ion at any voltage of the overlap; None without one.
    interphase : Interphase
        Of the closed reaction.
    """

    overlap: Overlap
    chemical: WorstReaction
    electrochemical: MixingReaction | None
    interphase: Interphase


def junction(table: PhaseTable, one: StabilityWindow, other: StabilityWindow) -> Junction:
    """What happens between two phases that conduct the same ion.

    Its potential in a junction is not fixed by an electrode: within the overlap of their windows
    both are stable alone, and what mixing adds there is sought; without an overlap there is no
    potential at which both are stable, and the closed reaction is what remains to be said.

    Parameters
    ----------
    table : PhaseTable
    one, other : StabilityWindow
        Of the two phases.

    Returns
    -------
    Junction

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> from sse_window.equilibria.windows import stability_window
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> a, b = (stability_window(table, parse(formula)) for formula in ("Li2S", "P2S5"))
    >>> found = junction(table, a, b)
    >>> found.chemical.mutual.reaction, [round(v, 3) for v in found.overlap.overlap_V]
    ('Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4', [1.973, 2.1])
    """
    interface = Interface(table, one.composition, other.composition, one.working_ion)
    shared = overlap_of(
        (one.reduction_potential_V, one.oxidation_potential_V),
        (other.reduction_potential_V, other.oxidation_potential_V),
    )
    chemical = interface.chemical()
    interphase = of_contact(interface)
    if shared.overlap_V is None:
        return Junction(shared, chemical, None, interphase)
    low, high = shared.overlap_V
    if high is None:
        high = max(low, CEILING_V)
    worst = min(
        map(interface.electrochemical, interface.deciding_voltages_V(low, high)),
        key=lambda found: found.mutual.reaction_energy,
    )
    return Junction(shared, chemical, worst.mutual, interphase)
