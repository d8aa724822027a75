"""Phases that are heated, as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from .layout import grid, notes_text, off_measurement, provenance_line

if TYPE_CHECKING:
    from ..cells.heat_results import AidEffect, Decomposition, MetalEffect, SinterResult
    from ..cells.stability_map import StabilityMap

__all__ = ["map_tables", "sinter_tables"]


def sinter_tables(result: SinterResult) -> list[RenderableType]:
    """Energies and reactions against temperature, onset, decompositions, what was asked beside."""
    pair = result.b is not None and any(
        point.mutual_eV_per_nongas_atom is not None for point in result.points
    )
    heading = (
        "reaction (of one formula unit of the first phase)" if pair else "equilibrium with the gas"
    )
    columns = ["T\n(K)", "mutual\n(eV/non-gas atom)"] if pair else ["T\n(K)"]
    table = grid(*columns, "total\n(eV/non-gas atom)", heading, title=_title(result))
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
    last = None
    for point in result.points:
        mutual = point.mutual_eV_per_nongas_atom
        energies = [_energy(mutual)] if pair else []
        energies.append(_energy(point.total_eV_per_nongas_atom))
        reaction = "" if point.reaction == last else escape(point.reaction)
        table.add_row(f"{point.temperature_K:.0f}", *energies, reaction)
        last = point.reaction
    lines = [_onset(result)] if pair else []
    for decomposition in result.decompositions:
        lines += _alone(decomposition, "alone" if result.carbothermic is None else "beside carbon")
    if result.carbothermic is not None:
        carbon = result.carbothermic
        lines.append(
            f"{carbon.formula} and carbon, CO at {carbon.carbon_monoxide_bar:g} bar: "
            f"{carbon.verdict}{_error(carbon.error_K)}"
        )
        if carbon.reaction:
            lines.append(f"  {carbon.reaction}")
    found: list[RenderableType] = [table, Text("\n".join(lines))]
    if result.driven_by:
        found.append(_metals(result.driven_by))
    if result.additives:
        found.append(_aids(result.additives, result))
    found += notes_text([*result.notes, *off_measurement(result)])
    return [*found, provenance_line(result.dataset)]


def _title(result: SinterResult) -> str:
    names = " | ".join(escape(name) for name in (result.a, result.b) if name)
    of = "measured energies" if result.energies == "measured" else "energies of the table"
    return f"{names} in {escape(result.atmosphere)}: {of}"


def _error(error_K: float | None) -> str:
    return "" if error_K is None else f" (+-{error_K:.0f} K)"


def _onset(result: SinterResult) -> str:
    if result.onset_K is None:
        return f"onset of the reaction: {result.onset_note}"
    if result.onset_K <= result.temperature_range_K[0]:
        return f"onset of the reaction: {result.onset_note}"
    where = f"onset of the reaction: {result.onset_K:.0f} K{_error(result.onset_error_K)}"
    return f"{where}, {result.onset_note}" if result.onset_note else where


def _energy(energy: float | None) -> str:
    """Text of an energy; rounding noise has no sign."""
    if energy is None:
        return "-"
    return f"{0.0 if abs(energy) < 5e-5 else energy:.4f}"


def _alone(found: Decomposition, where: str) -> list[str]:
    if found.decomposition_K is None:
        lines = [f"{found.formula} {where}: {found.note}"]
    else:
        lines = [
            f"{found.formula} {where}: decomposes at {found.decomposition_K:.0f} K"
            f"{_error(found.error_K)}" + ("" if found.note == "decomposes" else f", {found.note}")
        ]
    if found.reaction:
        lines.append(f"  {found.reaction}")
    return lines


def _metals(effects: Sequence[MetalEffect]) -> RenderableType:
    table = grid(
        "metal", "as the only one", "mutual\n(eV/non-gas atom)", "of the pair\n(eV/non-gas atom)",
        "", title=f"Which metal drives it, at {effects[0].temperature_K:.0f} K",
    )  # fmt: skip
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
    for effect in effects:
        table.add_row(
            effect.element,
            escape(effect.end_member),
            _energy(effect.end_member_eV_per_nongas_atom),
            _energy(effect.share_eV_per_nongas_atom),
            escape(effect.note or ""),
        )
    return table


def _aids(aids: Sequence[AidEffect], result: SinterResult) -> RenderableType:
    names = [f"with {escape(name)}\n(eV/non-gas atom)" for name in (result.a, result.b) if name]
    table = grid(
        "additive", *names, "added\n(eV/non-gas atom)", "compatible", "worst at\n(K)", "reaction"
    )
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
    for aid in aids:
        energies = [aid.with_a_eV_per_nongas_atom, aid.with_b_eV_per_nongas_atom][: len(names)]
        energies.append(aid.added_eV_per_nongas_atom)
        table.add_row(
            escape(aid.additive),
            *(_energy(energy) for energy in energies),
            "yes" if aid.compatible else "no",
            f"{aid.temperature_K:.0f}",
            escape(aid.reaction),
        )
    return table


def map_tables(found: StabilityMap) -> list[RenderableType]:
    """Fields of a map at a dozen temperatures."""
    names = " | ".join(escape(name) for name in (found.a, found.b) if name)
    table = grid(
        "T\n(K)", "log p(O2)\nfrom", "log p(O2)\nto", "phases in equilibrium",
        title=f"{names} in oxygen: {found.energies} energies",
    )  # fmt: skip
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
    temperatures = sorted({field.temperature_K for field in found.fields})
    shown = set(temperatures[:: max(1, (len(temperatures) - 1) // 10)])
    for field in found.fields:
        if field.temperature_K in shown:
            table.add_row(
                f"{field.temperature_K:.0f}",
                f"{field.log_pressure_low:.2f}",
                f"{field.log_pressure_high:.2f}",
                escape(" + ".join(field.products)),
            )
    notes = []
    if found.error_K is not None:
        notes.append(f"temperatures at which oxygen is exchanged: +-{found.error_K:.0f} K")
    return [table, *notes_text(notes), provenance_line(found.dataset)]
