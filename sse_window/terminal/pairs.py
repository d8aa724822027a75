"""Pairs and their interphases as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from ..results.answers import MixingReaction
from .layout import (
    Grid,
    Reference,
    interphase_text,
    lost_text,
    notes_before,
    notes_behind,
    notes_text,
    off_measurement,
    provenance_line,
)

if TYPE_CHECKING:
    from ..cells.additives import AdditiveEffect
    from ..cells.pair_questions import PairAnalysis, PairSpread

__all__ = ["pair_tables"]


def pair_tables(results: Sequence[PairAnalysis]) -> list[RenderableType]:
    """Reactions of a pair, one block per state of the electrode.

    Returns
    -------
    list of rich renderables
    """
    compared = len({result.dataset.name for result in results}) > 1
    renderables: list[RenderableType] = []
    for result in results:
        renderables += _pair_block(result, compared)
        renderables += _pair_uncertainty_text(result)
        renderables.append(Text(""))
    for spread in dict.fromkeys(result.spread for result in results if result.spread):
        renderables.append(_pair_spread_text(spread))
    provenance = dict.fromkeys(result.dataset for result in results)
    return [
        *renderables,
        *(provenance_line(dataset) for dataset in provenance),
        *(_elsewhere_line(result) for result in results if result.elsewhere),
    ]


def _elsewhere_line(result: PairAnalysis) -> RenderableType:
    """The same worst mutual energies on the other packaged energies."""
    shown = ", ".join(
        f"{other.dataset_name} {other.chemical_mutual_eV_per_atom:.3f} | "
        f"{other.electrochemical_mutual_eV_per_nonion_atom:.3f}"
        for other in result.elsewhere
    )
    return Text(
        f"{result.electrode_state} elsewhere, worst mutual (eV/atom | "
        f"eV/non-{result.working_ion} atom): {shown}"
    )


def _pair_block(result: PairAnalysis, compared: bool) -> list[RenderableType]:
    low, high = result.voltage_range_V
    head = (
        f"{_title(result.electrolyte, result.electrolyte_composition)} | "
        f"{_title(result.electrode, result.electrode_composition)}, {result.electrode_state}, "
        f"{low:.2f} - {high:.2f} V vs {Reference.metal(result.working_ion).label}"
    )
    if compared:
        head += f" [{result.dataset.name}]"
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("reaction", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    table.add_column("mutual", justify="right", no_wrap=True)
    table.add_column("x", justify="right", no_wrap=True)
    table.add_column("reaction (mutual; total if mutual is 0)", overflow="fold")
    _add_reactions(table, "chemical (eV/atom)", result.chemical.total, result.chemical.mutual)
    low, high = result.voltage_range_V
    # Over a single voltage, both ends and the worst are one reaction.
    entries = result.electrochemical if high > low else result.electrochemical[:1]
    for entry in entries:
        where = f"{entry.voltage_V:.2f} V"
        if high > low:
            # The worst total and the worst mutual reaction may lie at different voltages.
            mutual, total = entry.mutual, entry.total
            split = mutual.reaction_energy < 0.0 and mutual.voltage_V != total.voltage_V
            where = f"{entry.at}, {'mutual at ' if split else ''}{where}"
        label = f"{where} (eV/non-{result.working_ion} atom)"
        _add_reactions(table, label, entry.total, entry.mutual)
    block: list[RenderableType] = [Text(head, style="bold"), table]
    single = [entry for entry in entries if _of_one_side(entry.total, entry.mutual)]
    if single or _of_one_side(result.chemical.total, result.chemical.mutual):
        told = "* of one side alone, not of the contact"
        if high > low and single and single[-1].at == "worst":
            told += f"; the worst at {single[-1].total.voltage_V:.2f} V"
        block.append(Text(told, style="dim"))
    if result.additive is not None:
        block += _additive_block(result.additive, result.working_ion)
    block += interphase_text(result.interphase)
    unsaid = [note for note in result.notes if note not in result.interphase.flags]
    notes = [*unsaid, *off_measurement(result), *lost_text(result)]
    return [*notes_before(notes), *block, *notes_behind(notes)]


def _title(name: str, formula: str) -> str:
    return formula if name == formula else f"{name} ({formula})"


def _of_one_side(total: MixingReaction, mutual: MixingReaction) -> bool:
    """A side that decomposes, or an electrode that is charged, whatever it touches."""
    return mutual.reaction_energy < 0.0 and total.x_electrolyte in (0.0, 1.0)


def _add_reactions(table: Grid, label: str, total: MixingReaction, mutual: MixingReaction) -> None:
    shown = mutual if mutual.reaction_energy < 0.0 else total
    x = "" if shown.x_electrolyte is None else f"{shown.x_electrolyte:.2f}"
    table.add_row(
        label,
        f"{total.reaction_energy:.3f}" + ("*" if _of_one_side(total, mutual) else ""),
        f"{mutual.reaction_energy:.3f}",
        x,
        escape(shown.reaction),
    )


def _additive_block(effect: AdditiveEffect, ion: str) -> list[RenderableType]:
    """Reactions of the three, what the third adds, and what that means."""
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(f"with {escape(_title(effect.additive, effect.composition))}", no_wrap=True)
    table.add_column("mutual", justify="right", no_wrap=True)
    table.add_column("adds", justify="right", no_wrap=True)
    table.add_column("reaction", overflow="fold")
    closed, opened = effect.chemical.mutual, effect.electrochemical[-1].mutual
    for label, found, added in (
        ("chemical (eV/atom)", closed, effect.added_chemical_mutual_eV_per_atom),
        (
            f"worst (eV/non-{ion} atom)",
            opened,
            effect.added_electrochemical_mutual_eV_per_nonion_atom,
        ),
    ):
        table.add_row(label, f"{found.reaction_energy:.3f}", f"{added:.3f}", escape(found.reaction))
    number = "unknown" if effect.class_without is None else str(effect.class_without)
    lines = [f"without it the interphase is of class {number}"]
    lines.append(effect.statement)
    return [table, Text("\n".join(lines)), *notes_text(effect.notes)]


def _pair_uncertainty_text(result: PairAnalysis) -> list[RenderableType]:
    found = result.uncertainty
    if found is None:
        return []
    lines = [
        f"{found.draws} draws, errors of {found.sigma_eV_per_atom:.2g} eV/atom ({found.errors}), "
        f"seed {found.seed}"
    ]
    record = found.to_dict()
    for name in ("chemical_mutual", "electrochemical_mutual"):
        values = record[name]
        if values is None:
            continue
        unit = "eV_per_atom" if name.startswith("chemical") else "eV_per_nonion_atom"
        median, low, high = (
            values[f"{key}_{unit}"] for key in ("median", "percentile_16", "percentile_84")
        )
        lines.append(
            f"  {name.replace('_', ' ')}: median {median:.3f}, 16-84 % {low:.3f} to {high:.3f} "
            f"{unit.replace('_per_', '/').replace('nonion_', 'non-ion ')}; more than "
            f"{found.threshold_eV:g} eV in {values['probability_beyond_threshold']:.0%} of draws"
        )
    return [Text("\n".join(lines))]


def _pair_spread_text(spread: PairSpread) -> RenderableType:
    lines = [
        f"spread over {', '.join(spread.datasets)}: worst mutual chemical "
        f"{spread.chemical_spread_eV_per_atom:.3f} eV/atom, electrochemical "
        f"{spread.electrochemical_spread_eV_per_nonion_atom:.3f} eV/non-ion atom; products "
        + ("differ:" if spread.products_differ else "the same")
    ]
    rows = zip(spread.datasets, spread.interphase_classes, spread.products, strict=True)
    for dataset, number, products in rows:
        lines.append(f"  {dataset}: class {'unknown' if number is None else number}, {products}")
    return Text("\n".join(lines))
