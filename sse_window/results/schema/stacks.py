"""Columns of stacks of layers."""

from __future__ import annotations

from dataclasses import replace

from .column import ORIGIN, Column, formula, formulas, volts

__all__ = ["STACK"]


def _contact(column: Column) -> Column:
    return replace(column, path=f"contacts.{column.path or column.key}")


STACK = (
    *(
        _contact(column)
        for column in (
            formula("a", "Towards the negative electrode", shown=1),
            formula("b", "Towards the positive electrode", shown=2),
            Column("kind", "Kind", shown=3),
            Column("electrode_state", "State", missing="junction", shown=4),
            Column("reaction_energy_eV_per_atom", "Reaction", "number", "eV/atom", 3, shown=5),
            formulas("reaction", "Reaction"),
            formulas("products", "Products"),
            Column(
                "electrochemical_energy_eV_per_nonion_atom", "Open to the ion", "number",
                "eV/non-ion atom", 3, "no common potential",
            ),
            volts("overlap_low_V", "Both stable from", "overlap_V.0", missing="nowhere", shown=6),
            volts(
                "overlap_high_V", "Both stable to", "overlap_V.1", missing="nowhere, or no limit",
                shown=7,
            ),
            volts("gap_V", "Apart by", missing="they overlap", shown=8),
            Column(
                "interphase_class", "Interphase", "whole", "class", 0, "unknown",
                "interphase.class", shown=9,
            ),
            formulas("interphase_label", "Interphase", "interphase.label"),
            formulas("interphase_reason", "Reason of the class", "interphase.reason"),
            formulas("interphase_flags", "Interphase flags", "interphase.flags"),
        )
    ),
    Column("working_ion", "Working ion"),
    formulas("worst_contact", "Worst contact"),
    *ORIGIN,
)  # fmt: skip
"""One contact of a stack."""
