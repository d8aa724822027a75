"""The same question to pymatgen, on the same phases, and the differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core.composition import Composition
from ..core.errors import DataError
from ..core.ions import charge_of
from ..core.record import Record
from ..core.tolerances import HEAT_eV_per_atom
from ..phases.table import PhaseTable
from .chemical_system import ChemicalSystem
from .windows import stability_window

__all__ = [
    "TOLERANCE_V",
    "Comparison",
    "TOLERANCE_eV_per_atom",
    "compare_window",
    "phase_diagram_entries",
]

TOLERANCE_V = 1e-3
"""pymatgen reads the potential of a field by probing 1e-5 atoms beside the critical composition,
and merges critical compositions closer than that; a few 1e-4 V follow for large formula units."""

TOLERANCE_eV_per_atom = HEAT_eV_per_atom
"""Both sides minimise the same linear function; what is left is the rounding of hull facets."""

_SAME_EXCHANGE = 1e-3  # ions per formula unit: two rows speak of the same field


@dataclass(frozen=True, slots=True)
class Comparison(Record):
    """Largest differences between our answer and pymatgen's.

    Attributes
    ----------
    formula, working_ion : str
    phases : int
        Phases that both were given.
    steps, pymatgen_steps : int
    largest_difference_V : float
        Over the lower ends of all fields that both list.
    largest_difference_eV_per_atom : float
        Of the hull energy of the composition.
    unmatched_exchanges : tuple of float
        Ion exchanges of fields that only one side lists.
    agrees : bool
    """

    formula: str
    working_ion: str
    phases: int
    steps: int
    pymatgen_steps: int
    largest_difference_V: float
    largest_difference_eV_per_atom: float
    unmatched_exchanges: tuple[float, ...]
    agrees: bool


def phase_diagram_entries(table: PhaseTable) -> list[Any]:
    """The phases of a table as pymatgen ``PDEntry`` objects, energies in eV per formula unit."""
    from pymatgen.analysis.phase_diagram import PDEntry
    from pymatgen.core import Composition as PymatgenComposition

    return [
        PDEntry(PymatgenComposition(table.composition(i)), float(energy * atoms))
        for i, (energy, atoms) in enumerate(
            zip(table.formation_energy_per_atom, table.atoms, strict=True)
        )
    ]


def compare_window(table: PhaseTable, composition: Composition, ion: str = "Li") -> Comparison:
    """Compare the voltage profile and the hull energy of a composition with pymatgen's.

    Parameters
    ----------
    table : PhaseTable
        Every phase of the chemical system is given to pymatgen, on the hull or not.
    composition : Composition
    ion : str

    Returns
    -------
    Comparison

    Raises
    ------
    DataError
        If pymatgen is not installed.
    """
    try:
        from pymatgen.analysis.phase_diagram import PhaseDiagram
        from pymatgen.core import Composition as PymatgenComposition
        from pymatgen.core import Element
    except ImportError as error:
        raise DataError(
            f"comparing with pymatgen needs it ({error!s:.80}): install it with 'pip install "
            "pymatgen'"
        ) from None

    window = stability_window(table, composition, ion)
    subset = table.within({*composition.elements, ion})
    diagram = PhaseDiagram(phase_diagram_entries(subset))
    asked = PymatgenComposition(composition.amounts)
    ours = {step.ion_exchange: step.voltage_low_V for step in window.steps}
    if set(composition.elements) == {ion}:
        theirs = {0.0: 0.0}
        ours = {0.0: 0.0}
    else:
        charge = charge_of(ion)
        profile = diagram.get_element_profile(Element(ion), asked)
        theirs = {
            float(row["evolution"]): max(-float(row["chempot"]) / charge, 0.0) for row in profile
        }
    pairs = [(e, o) for e in ours for o in theirs if abs(e - o) <= _SAME_EXCHANGE]
    differences = [abs(ours[e] - theirs[o]) for e, o in pairs]
    unmatched = [e for e in ours if all(e != pair[0] for pair in pairs)]
    unmatched += [o for o in theirs if all(o != pair[1] for pair in pairs)]
    hull = ChemicalSystem(subset, composition.elements).equilibrium(composition).cost
    energy = abs(hull - float(diagram.get_hull_energy_per_atom(asked)))
    volts = max(differences, default=float("inf"))
    return Comparison(
        formula=composition.formula,
        working_ion=ion,
        phases=len(subset),
        steps=len(window.steps),
        pymatgen_steps=len(theirs),
        largest_difference_V=volts,
        largest_difference_eV_per_atom=energy,
        unmatched_exchanges=tuple(sorted(unmatched)),
        agrees=volts <= TOLERANCE_V and energy <= TOLERANCE_eV_per_atom and not unmatched,
    )
