"""Columns of coatings."""

from __future__ import annotations

from dataclasses import replace

from .column import ORIGIN, Column, formula, formulas, truth, volts

__all__ = ["COATING"]


def _energy(key: str, label: str, *, shown: int = 0, unit: str = "eV/atom") -> Column:
    return Column(key, label, "number", unit, 3, "not worked out", shown=shown)


COATING = (
    Column("rank", "Rank", "whole", missing="none", shown=1),
    formula("coating", "Coating", shown=2),
    formula("electrolyte", "Electrolyte"),
    formula("electrode", "Electrode"),
    Column("working_ion", "Working ion"),
    Column("status", "Status", missing="unknown", shown=3),
    Column("failed_filters", "Filters failed", shown=12),
    formulas("failed_reasons", "Why", missing="nothing failed"),
    _energy("worst_reaction_energy_eV_per_atom", "Worst reaction", shown=4),
    _energy("with_electrolyte_eV_per_atom", "With the electrolyte", shown=5),
    _energy("with_electrode_discharged_eV_per_atom", "With the electrode, discharged", shown=6),
    replace(
        _energy("with_electrode_charged_eV_per_atom", "With the electrode, charged", shown=7),
        missing="one state",
    ),
    volts("reduction_potential_V", "Reduction", shown=8),
    volts("oxidation_potential_V", "Oxidation", missing="no limit", shown=9),
    volts("overlap_low_V", "Common window from", "overlap_V.0", missing="no overlap"),
    volts("overlap_high_V", "Common window to", "overlap_V.1", missing="no limit or overlap"),
    Column("e_above_hull_eV_per_atom", "Above hull", "number", "eV/atom", 4, "unknown", shown=10),
    Column("band_gap_eV", "Band gap", "number", "eV", 2, "unknown", shown=11),
    Column("band_gap_source", "Source of the gap", missing="unknown"),
    Column("ion_fraction", "Fraction of the ion", "number", "", 3, "unknown"),
    Column("conductivity_S_per_cm", "Cited conductivity", "number", "S/cm", missing="unknown"),
    _energy(
        "open_with_electrolyte_eV_per_nonion_atom", "Open, with the electrolyte",
        unit="eV/non-ion atom",
    ),
    _energy(
        "open_with_electrode_eV_per_nonion_atom", "Open, with the electrode",
        unit="eV/non-ion atom",
    ),
    *(
        Column(f"interphase_class_{side}", f"Class at the {side}", "whole", "class", 0, "unknown")
        for side in ("electrolyte", "electrode")
    ),
    *(
        formulas(f"{key}_{side}", f"{label} {side}", missing="not worked out")
        for key, label in (
            ("interphase_reason", "Reason of the class at the"),
            ("reaction_with", "Reaction with the"),
        )
        for side in ("electrolyte", "electrode")
    ),
    Column("gases", "Gases", chemistry="formulas", separator=" "),
    truth("well_known", "Well known"),
    truth("detailed", "Reactions worked out"),
    *ORIGIN,
)  # fmt: skip
"""One candidate."""
