"""Volumes of electrodes and of their mixture as terminal tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from .layout import grid, provenance_line

if TYPE_CHECKING:
    from ..cells.strain import StrainResult

__all__ = ["strain_tables"]


def strain_tables(result: StrainResult) -> list[RenderableType]:
    """One table per electrode, one for the mixture, and where the volumes come from."""
    found: list[RenderableType] = []
    for electrode in result.electrodes:
        ion = electrode.working_ion
        table = grid(
            electrode.electrode, f"{ion} sites\nfilled", "voltage\n(V)", "volume\n(%)",
            f"volume of {ion}\n(cm3/mol)",
        )  # fmt: skip
        for point in electrode.points:
            voltage, volume = point.voltage_V, point.partial_molar_volume_cm3_per_mol
            table.add_row(
                point.composition,
                f"{point.ion_fraction:.2f}",
                "-" if voltage is None else f"{voltage:.2f}",
                f"{100.0 * point.volume_change:+.2f}",
                "-" if volume is None else f"{volume:.2f}",
            )
        lines = [f"{electrode.electrode}: {electrode.basis} ({electrode.source})"]
        if electrode.voltage_source and electrode.voltage_source != electrode.source:
            lines.append(f"{electrode.electrode}: voltages: {electrode.voltage_source}")
        lines += [f"note: {note}" for note in electrode.notes]
        found += [table, Text("\n".join(lines))]
    if result.mix:
        names = [electrode.electrode for electrode in result.electrodes]
        table = grid(
            "up to\n(V)", *(f"{name}\nfilled" for name in names),
            *(f"{name}\n(%)" for name in names), "by mass", "volume\n(%)", "mAh/g",
        )  # fmt: skip
        for mix in result.mix:
            shares = mix.mass_fractions
            table.add_row(
                "-" if mix.upto_V is None else f"{mix.upto_V:.2f}",
                *("-" if x is None else f"{x:.2f}" for x in mix.ion_fractions),
                *("-" if d is None else f"{100.0 * d:+.2f}" for d in mix.volume_changes),
                mix.reason or ""
                if shares is None
                else ":".join(f"{100.0 * share:.0f}" for share in shares),
                "-" if mix.volume_change is None else f"{100.0 * mix.volume_change:+.2f}",
                "-" if mix.capacity_mAh_per_g is None else f"{mix.capacity_mAh_per_g:.0f}",
            )
        found.append(table)
    found += [Text(f"note: {note}") for note in result.notes]
    if result.dataset is not None:
        found.append(provenance_line(result.dataset))
    return found
