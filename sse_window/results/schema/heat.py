"""Columns of phases that are heated."""

from __future__ import annotations

from .column import NOTES, ORIGIN, Column, formula, formulas

__all__ = ["SINTER", "STABILITY_MAP"]


def _energy(key: str, label: str, missing: str, shown: int = 0) -> Column:
    return Column(key, label, "number", "eV/non-gas atom", 4, missing, f"points.{key}", shown=shown)


def _kelvin(key: str, label: str, missing: str, path: str = "", shown: int = 0) -> Column:
    return Column(key, label, "number", "K", 0, missing, path, shown=shown)


SINTER = (
    Column("a", "First phase", shown=1),
    Column("b", "Second phase", missing="one phase alone", shown=2),
    formula("a_composition", "Composition of the first"),
    formula("b_composition", "Composition of the second", "one phase alone"),
    Column("atmosphere", "Atmosphere"),
    Column("energies", "Energies"),
    _kelvin("temperature_K", "Temperature", "none", "points.temperature_K", shown=3),
    _energy("mutual_eV_per_nongas_atom", "Mutual", "one phase alone", 4),
    _energy("total_eV_per_nongas_atom", "Total", "none", 5),
    formulas("reaction", "Reaction", "points.reaction"),
    formulas("products", "Products", "points.products"),
    formulas("gases", "Gases taken up", "points.gases"),
    _kelvin("onset_K", "Onset", "none in the range"),
    _kelvin("onset_error_K", "Error of the onset", "not known"),
    Column("onset_note", "Onset, in words"),
    _kelvin("a_decomposition_K", "First phase decomposes", "not in the range", "decomposition_K.a"),
    _kelvin(
        "b_decomposition_K", "Second phase decomposes", "not in the range", "decomposition_K.b"
    ),
    *NOTES,
    *ORIGIN,
)
"""One temperature of one or two phases in an atmosphere."""

STABILITY_MAP = (
    Column("a", "First phase", shown=1),
    Column("b", "Second phase", missing="one phase alone", shown=2),
    Column("composition", "Composition"),
    Column("energies", "Energies"),
    _kelvin("error_K", "Error of temperatures", "not known"),
    _kelvin("temperature_K", "Temperature", "none", "fields.temperature_K", shown=3),
    *(
        Column(f"log_pressure_{end}", f"log p(O2), {text}", "number", "bar", 2,
               path=f"fields.log_pressure_{end}", shown=shown)
        for end, text, shown in (("low", "from", 4), ("high", "to", 5))
    ),
    formulas("products", "Phases", "fields.products"),
    *ORIGIN,
)  # fmt: skip
"""One field of a map of oxygen pressure against temperature."""
