"""Energy that a composition has as a phase: from the table, or on the hull."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.composition import Composition
from ..core.tolerances import ENERGY_eV_per_atom
from ..phases.table import PhaseTable
from .chemical_system import ChemicalSystem
from .tolerance import check_e_above_hull

__all__ = ["ABSENT", "PhaseEnergy", "absent_note", "basis_of", "check_e_above_hull", "phase_energy"]


ABSENT = "phase equilibria of the composition"
"""What the window of a composition without a phase is the window of."""


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

    Raises
    ------
    FormulaError
        If the energy above hull is negative, or so high that it must be in meV.

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
    if e_above_hull is not None:
        check_e_above_hull(e_above_hull)
        basis = ABSENT if row is None else basis_of(e_above_hull)
        note = f"energy above hull of {composition.formula} set to {e_above_hull:g} eV/atom"
        energy = (hull + e_above_hull) * composition.atoms
        return PhaseEnergy(energy, e_above_hull, row is not None, basis, note)
    if row is None:
        note = absent_note(composition.formula)
        return PhaseEnergy(hull * composition.atoms, None, False, ABSENT, note)
    own = float(table.formation_energy_per_atom[row])
    above = max(own - hull, 0.0)
    above = above if above > ENERGY_eV_per_atom else 0.0
    return PhaseEnergy((hull + above) * composition.atoms, above, True, basis_of(above))


def absent_note(formula: str) -> str:
    """What is said of a composition without a phase."""
    return f"{formula} is not in the dataset: taken on the hull"


def basis_of(e_above_hull: float) -> str:
    """What the window of a phase of the table is the window of."""
    stable = e_above_hull <= ENERGY_eV_per_atom
    return "stable phase" if stable else "metastable phase put on the hull"
