"""Whether energies have the size of energies per atom, seen beside the hull of known phases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.composition import Composition
from ..core.errors import DataError
from ..core.parametric_lp import LinearProgram
from ..phases.table import PhaseTable
from . import datasets
from .entry_files import refuse
from .formation_energies import Phase

__all__ = ["check_sizes", "hull_energy"]

_DOUBTFUL_eV_per_atom = 0.2
"""New phases lie below the hull of a database by hundredths of an eV, seldom by a tenth."""

_IMPOSSIBLE_eV_per_atom = 1.0
"""No two databases differ by as much."""


def hull_energy(dataset: PhaseTable, composition: Composition) -> float:
    """Lowest formation energy that the phases of a dataset give a composition [eV/atom].

    Raises
    ------
    DataError
        If an element is not in the dataset.
    """
    dataset.require(composition.elements)
    phases = dataset.within(composition.elements).competitors()
    matrix = phases.matrix(composition.elements) / phases.atoms
    fractions = [n / composition.atoms for n in composition.amounts.values()]
    return LinearProgram(matrix, phases.formation_energy_per_atom).solve(fractions).cost


def check_sizes(path: Path, phases: Sequence[Phase], dataset: PhaseTable | None) -> None:
    """Ask about energies that lie far below what is known, as those per formula unit do.

    Parameters
    ----------
    path : Path
        For messages.
    phases : sequence of Phase
    dataset : PhaseTable, optional
        The default if left out.

    Raises
    ------
    EntriesError
        Naming the first phase whose energy is doubtful.
    """
    for phase in phases:
        composition, energy = phase.composition, phase.formation_energy_per_atom
        # Nothing to doubt in what lies so near to its elements; nan is an energy above hull.
        if not energy < -_DOUBTFUL_eV_per_atom:
            continue
        dataset = dataset or datasets.load()
        try:
            known = hull_energy(dataset, composition)
        except DataError:
            continue
        below = known - energy
        shared = energy / composition.atoms
        whole = abs(shared - known) <= max(0.05, 0.2 * abs(known))
        if below > _DOUBTFUL_eV_per_atom and whole:
            refuse(
                path, phase.place,
                f"{energy:g} eV/atom of {composition.formula} lies {below:.2f} below the hull of "
                f"{dataset.provenance.name!r}: is it per formula unit? Then give {shared:.4g}; if "
                "it is meant, --allow-mixed",
            )  # fmt: skip
        if below > _IMPOSSIBLE_eV_per_atom:
            refuse(
                path, phase.place,
                f"{energy:g} eV/atom of {composition.formula} lies {below:.2f} below the hull of "
                f"{dataset.provenance.name!r}: is it per formula unit, or a total energy? If it is "
                "meant, --allow-mixed",
            )  # fmt: skip
