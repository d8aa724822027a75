"""Columns of the names that stand for compositions."""

from __future__ import annotations

from .column import Column, formula, truth, volts

__all__ = ["NAMES"]

NAMES = (
    Column("name", "Name", shown=1),
    Column("aliases", "Other spellings"),
    formula("composition", "Composition", shown=2),
    Column("kind", "Kind", shown=3),
    Column("ion", "Working ion", missing="any", shown=4),
    formula("discharged", "Discharged", "no electrode"),
    formula("charged", "Charged", "no electrode"),
    volts("voltage_low_V", "From", "voltage_range_V.0", missing="no electrode", shown=5),
    volts("voltage_high_V", "To", "voltage_range_V.1", missing="no electrode", shown=6),
    Column("source", "Source"),
    Column("note", "Note"),
    truth("source_checked", "Source checked"),
)
"""A well-known name."""
