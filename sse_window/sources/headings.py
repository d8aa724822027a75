"""What a column or field means that people, databases and programs name differently."""

from __future__ import annotations

import re

from ..phases.columns import E_ABOVE_HULL, FORMATION_ENERGY, PROPERTIES

__all__ = ["FORMULA", "TOTAL_ENERGY", "TOTAL_ENERGY_PER_ATOM", "meaning_of"]

FORMULA = "formula"

TOTAL_ENERGY = "total_energy_eV"
"""Of the composition as it is written [eV]."""

TOTAL_ENERGY_PER_ATOM = "total_energy_per_atom_eV"

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    FORMULA: (
        "formula_pretty", "pretty_formula", "reduced_formula", "formula_reduced", "composition",
        "chemical_formula_reduced", "chemical_formula", "compound",
    ),
    FORMATION_ENERGY: (
        "formation_energy_per_atom", "formation_energy_ev_per_atom", "formation_energy_ev_atom",
        "delta_e", "e_form_per_atom", "ef_per_atom",
    ),
    E_ABOVE_HULL: (
        "e_above_hull", "energy_above_hull", "ehull", "e_hull", "hull_distance", "stability",
        "e_above_hull_ev_atom", "energy_above_hull_ev_atom", "energy_above_hull_ev_per_atom",
    ),
    TOTAL_ENERGY: ("total_energy", "energy", "energy_ev", "final_energy", "e0", "toten"),
    TOTAL_ENERGY_PER_ATOM: (
        "energy_per_atom", "total_energy_per_atom", "energy_per_atom_ev", "energy_ev_atom",
        "energy_ev_per_atom", "total_energy_ev_atom",
    ),
    "band_gap_eV": ("band_gap", "bandgap", "bandgap_ev", "gap_ev"),
    "volume_per_atom_A3": ("volume_per_atom",),
    "material_id": ("mpid", "mp_id", "material_ids", "entry_id", "task_id"),
}  # fmt: skip
"""Each in lower case, with underscores for everything that is neither letter nor digit."""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


_MEANING = {
    **{_plain(name): name for name in (*_OTHER_NAMES, *PROPERTIES)},
    **{other: name for name, others in _OTHER_NAMES.items() for other in others},
}


def meaning_of(heading: str) -> str | None:
    """Name of a known column that a heading means, None if it means none.

    Examples
    --------
    >>> meaning_of("Formula"), meaning_of("Formation energy (eV/atom)"), meaning_of("colour")
    ('formula', 'formation_energy_per_atom_eV', None)
    """
    return _MEANING.get(_plain(heading))
