"""Coatings as terminal tables: the funnel, the best, and the well-known ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .layout import Grid, grid, number, provenance_line

if TYPE_CHECKING:
    from ..cells.coating_search import CoatingSearch
    from ..cells.coatings import CoatingResult

__all__ = ["coating_tables"]

_SAID = {
    "candidates": "candidates",
    "contains_ion": "hold the ion",
    "e_above_hull": "near the hull",
    "radioactive": "not radioactive",
    "band_gap": "insulate",
    "reduction_potential": "not reduced",
    "oxidation_potential": "not oxidised",
    "window_overlap": "window overlaps the electrolyte's",
    "window_width": "window wide enough",
    "reaction_with_electrolyte": "little reaction with the electrolyte",
    "reaction_with_electrode": "little reaction with the electrode",
    "new_phase": "neither side itself",
}


def coating_tables(search: CoatingSearch, top: int) -> list[RenderableType]:
    """What the bare pair does, how many candidates pass, the best and the well-known coatings.

    Parameters
    ----------
    search : CoatingSearch
    top : int
        Ranks to show.

    Returns
    -------
    list of rich renderables
    """
    best = [each for each in search.results if each.rank is not None and each.rank <= top]
    famous = [each for each in search.results if each.well_known and each not in best]
    failed = [
        each
        for each in search.results
        if each.status not in ("accepted", "borderline", "rejected") and each not in famous
    ]
    tables: list[RenderableType] = [Text(_comparison(search)), _funnel(search)]
    tables.append(_table(best, "") if best else Text("no candidate passes every filter"))
    if famous:
        tables.append(_table(famous, "Well known"))
        tables.append(_reasons(famous))
    if failed:
        lines = [f"{each.coating}: {each.status}" for each in failed[:5]]
        more = f" (and {len(failed) - 5} more)" if len(failed) > 5 else ""
        tables.append(Text("not answered: " + "; ".join(lines) + more, style="yellow"))
    notes = (
        "S electrolyte, C electrode; E worst closed mutual reaction energy, eV/atom. Classes: 0 no "
        "reaction, 1 conducts ions, 2 insulates, 3 conducts electrons, 4 redox-active, - unknown. "
        "No barriers are computed: the rank says nothing of the rate."
    )
    return [*tables, Text(notes, style="dim"), provenance_line(search.dataset)]


def _comparison(search: CoatingSearch) -> str:
    bare = search.bare
    number_of = "unknown" if bare.interphase_class is None else str(bare.interphase_class)
    name = f"{search.electrolyte} | {search.electrode}"
    said = (
        f"{name} without a coating: {bare.worst_reaction_energy_eV_per_atom:.3f} eV/atom, "
        f"interphase class {number_of}"
    )
    if bare.best_coating is None:
        return f"{said}; no coating is accepted"
    return f"{said}; with {bare.best_coating}: {bare.with_coating_eV_per_atom:.3f} eV/atom"


def _funnel(search: CoatingSearch) -> RenderableType:
    table = grid("filter", "pass", "borderline", title="Funnel")
    before = None
    for step in search.funnel:
        # A filter that is not asked for takes nothing out.
        if before is None or (step.passed, step.borderline) != before:
            table.add_row(
                _SAID[step.filter], str(step.passed), str(step.borderline) if before else ""
            )
        before = (step.passed, step.borderline)
    return table


def _table(found: list[CoatingResult], title: str) -> Table:
    two = any(each.with_electrode_charged_eV_per_atom is not None for each in found)
    table = grid(
        "", "coating", "E(S)", *(("E(C)\ndisch.", "E(C)\ncharged") if two else ("E(C)",)),
        "reduced\nbelow V", "oxidised\nabove V", "above hull\neV/atom", "gap\neV", "class\nS / C",
        title=title or None,
    )  # fmt: skip
    table.lead = 2
    table.columns[0].justify = "right"
    table.columns[1].justify = "left"
    for each in found:
        energies = [each.with_electrolyte_eV_per_atom, each.with_electrode_discharged_eV_per_atom]
        if two:
            energies.append(each.with_electrode_charged_eV_per_atom)
        mark = "*" if each.status == "borderline" else ""
        table.add_row(
            "" if each.rank is None else str(each.rank),
            escape(each.coating) + mark,
            *(number(energy, none="-") for energy in energies),
            number(each.reduction_potential_V, 2, none="-"),
            number(each.oxidation_potential_V, 2, none="no limit"),
            number(each.e_above_hull_eV_per_atom, none="-"),
            number(each.band_gap_eV, 1, none="-"),
            f"{_class(each.interphase_class_electrolyte)} / "
            f"{_class(each.interphase_class_electrode)}",
        )
    if any(each.status == "borderline" for each in found):
        table.caption = "* fails a filter by less than 5 meV/atom or 0.05 V, or a value is unknown"
        table.caption_justify = "left"
    return table


def _class(value: int | None) -> str:
    return "-" if value is None else str(value)


def _reasons(found: list[CoatingResult]) -> Table:
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("coating", no_wrap=True)
    table.add_column("fails", overflow="fold")
    for each in found:
        reasons = "; ".join(each.failed_reasons) or f"rank {each.rank}"
        table.add_row(escape(each.coating), escape(reasons))
    return table
