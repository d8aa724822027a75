"""Columns of datasets, of their accuracy, and of the comparison with pymatgen."""

from __future__ import annotations

from .column import ORIGIN, Column, formula, truth

__all__ = ["ACCURACY", "CALIBRATION", "COMPARISON", "DATASETS", "DISTANCE", "PHASES", "VOLTAGES"]

ACCURACY = (
    Column("dataset_name", "Dataset", shown=1),
    Column("anion", "Class", shown=2),
    Column("compounds", "Compounds", "whole", shown=3),
    Column("bias_eV_per_atom", "Bias", "number", "eV/atom", 3, shown=4),
    Column(
        "mean_absolute_deviation_eV_per_atom", "Mean abs. dev.", "number", "eV/atom", 3, shown=5
    ),
    Column("dataset_date", "Dataset date"),
    Column("dataset_sha256", "Dataset SHA-256"),
)
"""Formation energies against measured enthalpies."""

CALIBRATION = (
    Column("dataset_name", "Dataset", shown=1),
    Column("anion", "Class", shown=2),
    Column("compounds", "Compounds", "whole", shown=3),
    Column("raw_eV_per_atom", "Raw", "number", "eV/atom", 3, shown=4),
    Column("fitted_eV_per_atom", "Fitted", "number", "eV/atom", 3, shown=5),
    Column("compound_left_out_eV_per_atom", "Left out", "number", "eV/atom", 3, shown=6),
    Column(
        "chemical_system_left_out_eV_per_atom", "System left out", "number", "eV/atom", 3, shown=7
    ),
    Column("dataset_date", "Dataset date"),
    Column("dataset_sha256", "Dataset SHA-256"),
)
"""Calibrated energies against measured enthalpies, fitted and left out."""

DISTANCE = (
    Column("dataset_name", "Dataset", shown=1),
    Column("other_name", "Other dataset", shown=2),
    Column("anion", "Class", shown=3),
    Column("compounds", "Compounds", "whole", shown=4),
    Column("median_eV_per_atom", "Median", "number", "eV/atom", 3, shown=5),
    Column("mean_absolute_distance_eV_per_atom", "Mean distance", "number", "eV/atom", 3, shown=6),
)
"""Formation energies of two datasets against each other."""

VOLTAGES = (
    Column("couple", "Couple", shown=1),
    Column("ion", "Ion", shown=2),
    Column("chemistry", "Chemistry", shown=3),
    Column("method", "Method"),
    Column("measured_V", "Measured", "number", "V", 2, shown=5),
    Column("calculated_V", "Calculated", "number", "V", 2, shown=6),
    Column("deviation_V", "Deviation", "number", "V", 2, shown=7),
    Column("left_out_V", "Calculated, compounds left out", "number", "V", 2, "not fitted"),
    Column("mark", "Not compared because", missing="", shown=8),
    Column("source", "Source"),
    *ORIGIN,
)
"""Calculated voltages of electrode reactions beside the measured ones."""

COMPARISON = (
    formula("formula", "Composition", shown=1),
    Column("working_ion", "Working ion"),
    Column("phases", "Phases", "whole", shown=2),
    Column("steps", "Steps", "whole", shown=3),
    Column("pymatgen_steps", "Steps of pymatgen", "whole", shown=4),
    Column("largest_difference_V", "Largest difference", "number", "V", shown=5),
    Column("largest_difference_eV_per_atom", "Largest difference", "number", "eV/atom", shown=6),
    Column("unmatched_exchanges", "Unmatched exchanges", separator=", "),
    truth("agrees", "Agrees"),
)
"""A voltage profile against that of pymatgen."""

DATASETS = (
    Column("name", "Dataset", shown=1),
    Column("rows", "Rows", "whole", missing="unusable", shown=2),
    Column("date", "Date", missing="unknown", shown=3),
    Column("corrections", "Corrections", missing="unknown"),
    Column("licence", "Licence", missing="unknown", shown=4),
    Column("sha256", "SHA-256", missing="unknown"),
    truth("packaged", "Packaged"),
    Column("path", "File", shown=5),
    Column("problem", "Problem"),
)
"""A dataset that is known by name."""

PHASES = (
    formula("formula", "Formula", shown=1),
    Column("formation_energy_per_atom_eV", "Formation energy", "number", "eV/atom", 4, shown=2),
    Column("e_above_hull_eV_per_atom", "Above hull", "number", "eV/atom", 4, shown=3),
    Column("band_gap_eV", "Band gap", "number", "eV", 2, "unknown", shown=4),
    Column("volume_per_atom_A3", "Volume", "number", "Å3/atom", 2, "unknown", shown=5),
    Column("material_id", "Id", missing="-", shown=6),
    Column(
        "measured_formation_energy_per_atom_eV", "Measured enthalpy", "number", "eV/atom", 4,
        "unknown",
    ),
    Column("band_gap_source", "Source of the gap", missing="unknown"),
)  # fmt: skip
"""A phase of a dataset; it may carry further columns."""
