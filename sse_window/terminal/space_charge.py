"""Space-charge layers as terminal tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from .layout import grid

if TYPE_CHECKING:
    from ..cells.space_charge import SpaceChargeResult

__all__ = ["space_charge_tables"]


def space_charge_tables(result: SpaceChargeResult) -> list[RenderableType]:
    """Widths, charge and capacitance of every layer, with what was assumed."""
    table = grid(
        "side", "step\n(V)", "width\n(nm)", "Debye length\n(nm)", "charge\n(C/m2)",
        "capacitance\n(F/m2)", "resistance\n(ohm cm2)",
    )  # fmt: skip
    for number, layer in enumerate(result.layers, start=1):
        width = layer.depletion_width_nm or layer.accumulation_width_nm or 0.0
        resistance = layer.area_resistance_ohm_cm2
        table.add_row(
            f"{number}, {layer.kind}",
            f"{layer.step_V:+.3f}",
            f"{width:.4g}",
            f"{layer.debye_length_nm:.4g}",
            f"{layer.charge_C_per_m2:+.4g}",
            f"{layer.capacitance_F_per_m2:.4g}",
            "-" if resistance is None else f"{resistance:.3g}",
        )
    found: list[RenderableType] = [table]
    lines = [f"warning: {warning}" for warning in result.warnings]
    lines += [f"beside it: {line}" for line in result.context]
    lines += [
        f"published: vacancy of {v.phase}, {v.place}: {v.energy_V:g} V vs Li/Li+ ({v.source})"
        for v in result.vacancy_energies
    ]
    lines += [f"assumed: {line}" for line in result.assumptions]
    for known in result.published_range:
        span = f"{known.low_nm:g}"
        if known.high_nm > known.low_nm:
            span += f" - {known.high_nm:g}"
        lines.append(f"published: {span} nm, {known.kind}, {known.system} ({known.source})")
    return [*found, Text("\n".join(lines))]
