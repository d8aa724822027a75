"""Topotactic windows as terminal tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from .layout import grid, provenance_line

if TYPE_CHECKING:
    from ..results.answers import TopotacticWindow

__all__ = ["topotactic_tables"]


def topotactic_tables(result: TopotacticWindow) -> list[RenderableType]:
    """Limits of the framework beside those of the decomposition, steps, and states."""
    ion = result.working_ion
    low, high = result.decomposition_window_V
    limits = grid("window", "reduction\n(V)", "oxidation\n(V)")
    limits.add_row(
        "topotactic (framework kept)",
        _limit(result.reduction_potential_V, "no richer state"),
        _limit(result.oxidation_potential_V, "no poorer state"),
    )
    limits.add_row("decomposition", _limit(low, "-"), _limit(high, "no limit"))
    steps = grid(f"{ion} per {result.reactant}", "voltage\n(V)", "capacity\n(mAh/g)")
    for step in result.steps:
        steps.add_row(
            f"{step.ions_low:g} - {step.ions_high:g}",
            f"{step.voltage_V:.3f}",
            f"{step.capacity_mAh_per_g:.2f}",
        )
    states = grid(
        "state", f"{ion}", "above framework hull\n(eV/atom)", "above full hull\n(eV/atom)"
    )
    for state in result.states:
        above = state.e_above_hull_eV_per_atom
        states.add_row(
            f"{state.formula} (pristine)" if state.pristine else state.formula,
            f"{state.ions_per_formula:g}",
            f"{state.e_above_framework_hull_eV_per_atom:.3f}",
            "-" if above is None else f"{above:.3f}",
        )
    notes = [Text(f"note: {note}") for note in result.notes]
    return [limits, steps, states, *notes, provenance_line(result.dataset)]


def _limit(value: float | None, absent: str) -> str:
    return absent if value is None else f"{value:.3f}"
