"""Columns of what cells are asked beside windows and pairs."""

from __future__ import annotations

from dataclasses import replace

from .column import NOTES, ORIGIN, Column, formula, formulas, truth, volts
from .windows import OF_WINDOW

__all__ = ["SERIES", "SERIES_PAIR", "SPACE_CHARGE", "STRAIN", "TOPOTACTIC"]

SERIES = (
    formula("formula", "Formula", shown=1),
    Column("x", "x", "number", missing="no variable x", shown=2),
    Column("y", "y", "number", missing="no variable y"),
    Column("choices", "Choices"),
    *OF_WINDOW,
    formulas("neighbours", "Neighbours"),
    truth("phase_set_changes", "Neighbours change"),
    *NOTES,
    *ORIGIN,
)
"""One member of a series of compositions, without its pairs."""

SERIES_PAIR = (
    *SERIES,
    Column("electrode", "Electrode", path="pairs.electrode"),
    Column("electrode_state", "State", path="pairs.electrode_state"),
    Column(
        "chemical_mutual_eV_per_atom", "Mutual, closed", "number", "eV/atom", 3,
        path="pairs.chemical_mutual_eV_per_atom",
    ),
    Column(
        "electrochemical_mutual_eV_per_nonion_atom", "Mutual, worst", "number", "eV/non-ion atom",
        3, path="pairs.electrochemical_mutual_eV_per_nonion_atom",
    ),
    formulas("chemical_reaction", "Reaction, closed", "pairs.chemical_reaction"),
    formulas(
        "electrochemical_reaction", "Reaction, worst", "pairs.electrochemical_reaction"
    ),
    Column("interphase_class", "Class", "whole", missing="open", path="pairs.interphase_class"),
)  # fmt: skip
"""One member of a series with one state of an electrode."""

SPACE_CHARGE = (
    Column("step_V", "Step", "number", "V", 3, shown=1),
    Column("kind", "Kind", shown=2),
    Column("density_per_m3", "Mobile ions", "number", "1/m3"),
    Column("permittivity", "Relative permittivity", "number"),
    Column("sites_per_m3", "Sites", "number", "1/m3", missing="no limit"),
    Column(
        "depletion_width_nm", "Depletion width", "number", "nm", 3, "not depleted", shown=3
    ),
    Column(
        "accumulation_width_nm", "Accumulation width", "number", "nm", 3, "depleted", shown=4
    ),
    Column("debye_length_nm", "Debye length", "number", "nm", 3, shown=5),
    Column("surface_density_per_m3", "Mobile ions at the interface", "number", "1/m3"),
    Column("charge_C_per_m2", "Charge", "number", "C/m2", 4, shown=6),
    Column("capacitance_F_per_m2", "Capacitance", "number", "F/m2", 4, shown=7),
    Column(
        "area_resistance_ohm_cm2", "Area resistance", "number", "ohm cm2", 3,
        "no conductivity stated",
    ),
)  # fmt: skip
"""One space-charge layer."""

STRAIN = (
    Column("electrode", "Electrode", shown=1),
    Column("working_ion", "Working ion"),
    Column("basis", "Basis"),
    Column("ion_fraction", "Ion fraction", "number", "", 3, path="points.ion_fraction", shown=2),
    formulas("composition", "Composition", "points.composition"),
    volts("voltage_V", "Voltage", "points.voltage_V", missing="not measured", shown=3),
    Column(
        "volume_change", "Volume change", "number", "", 4, path="points.volume_change", shown=4
    ),
    Column(
        "partial_molar_volume_cm3_per_mol", "Volume of the ion", "number", "cm3/mol", 2,
        "no density cited", "points.partial_molar_volume_cm3_per_mol", shown=5,
    ),
    Column("source", "Source"),
    Column("voltage_source", "Source of the voltage"),
)  # fmt: skip
"""One state of an electrode with its volume."""

TOPOTACTIC = (
    formula("reactant", "Pristine state"),
    Column("working_ion", "Working ion"),
    replace(formula("formula", "State", shown=1), path="states.formula"),
    Column(
        "ions_per_formula", "Ions", "number", "per formula", 3,
        path="states.ions_per_formula", shown=2,
    ),
    *(
        Column(f"{key}_eV_per_atom", label, "number", "eV/atom", 3, "unknown",
               f"states.{key}_eV_per_atom", shown=shown)
        for shown, key, label in (
            (0, "formation_energy", "Formation energy"),
            (3, "e_above_framework_hull", "Above framework hull"),
            (4, "e_above_hull", "Above hull"),
        )
    ),
    truth("pristine", "Pristine", "states.pristine"),
    volts("reduction_potential_V", "Ion uptake", missing="no richer state"),
    volts("oxidation_potential_V", "Ion release", missing="no poorer state"),
    volts("decomposition_reduction_potential_V", "Reduction", "decomposition_window_V.0"),
    replace(
        volts("decomposition_oxidation_potential_V", "Oxidation", "decomposition_window_V.1"),
        missing="no limit",
    ),
    *ORIGIN,
)  # fmt: skip
"""One state of a framework, with the limits of the framework and of the decomposition."""
