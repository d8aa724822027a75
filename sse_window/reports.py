"""Finished results as readable tables for the terminal; nothing is computed here."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .interfaces import MixingReaction
from .phases import Provenance
from .units import CHARGE
from .windows import StabilityWindow, Step

if TYPE_CHECKING:
    from .accuracy import AnionAccuracy
    from .cells import PairResult
    from .crosscheck import Comparison
    from .dataset import DatasetInfo
    from .records import DatasetSummary

__all__ = [
    "accuracy_tables",
    "axis",
    "dataset_tables",
    "pair_tables",
    "profile_tables",
    "terminal_text",
    "verify_tables",
    "window_tables",
]

_PIPED_WIDTH = 110


def terminal_text(renderables: Iterable[RenderableType], *, to_file: bool = False) -> str:
    """Text of rich renderables: coloured and fitted to a terminal, plain and wide elsewhere.

    Parameters
    ----------
    renderables : iterable of rich renderables
    to_file : bool
        The text goes to a file even though stdout may be a terminal.

    Returns
    -------
    str
    """
    terminal = sys.stdout.isatty() and not to_file
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=terminal,
        no_color=bool(os.environ.get("NO_COLOR")),
        width=shutil.get_terminal_size().columns if terminal else _PIPED_WIDTH,
        highlight=False,
        legacy_windows=False,
    )
    for renderable in renderables:
        console.print(renderable)
    # Trailing blanks of table cells are noise in files and documentation.
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def axis(ion: str) -> str:
    """Reference of a voltage, e.g. ``V vs Mg/Mg2+``."""
    charge = CHARGE[ion]
    return f"V vs {ion}/{ion}{charge if charge > 1 else ''}+"


def provenance_line(dataset: Provenance) -> Text:
    """Dataset, date, corrections and hash in one line."""
    text = (
        f"dataset {dataset.name} ({dataset.date}; {dataset.corrections}; "
        f"sha256 {dataset.sha256[:12]})"
    )
    for addition in dataset.additions:
        text += f"\n{addition}"
    return Text(text, style="dim")


def _grid(*columns: str, first_plain: bool = True, title: str | None = None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for i, column in enumerate(columns):
        left = i == 0 and first_plain
        table.add_column(column, justify="left" if left else "right", overflow="fold")
    return table


def _number(value: float | None, digits: int = 3, *, none: str = "none") -> str:
    return none if value is None else f"{value:.{digits}f}"


def _notes(notes: Sequence[str]) -> list[RenderableType]:
    return [Text(f"note: {note}", style="yellow") for note in notes]


def _title(name: str, formula: str) -> str:
    return formula if name == formula else f"{name} ({formula})"


def window_tables(windows: Sequence[StabilityWindow]) -> list[RenderableType]:
    """Summary of stability windows, then the reactions beyond each limit.

    Parameters
    ----------
    windows : sequence of StabilityWindow
        All with the same ion and dataset.

    Returns
    -------
    list of rich renderables
    """
    unit = axis(windows[0].working_ion)
    summary = _grid(
        "composition", f"reduction\n({unit})", f"oxidation\n({unit})", "width\n(V)",
        "above hull\n(eV/atom)", "window of",
    )  # fmt: skip
    summary.columns[-1].justify = "left"
    reactions = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    reactions.add_column("composition", overflow="fold")
    reactions.add_column("beyond", justify="right", no_wrap=True)
    reactions.add_column("reaction per formula unit", overflow="fold")
    notes: list[str] = []
    for w in windows:
        reduction = _number(w.reduction_potential_V)
        if w.stable_against_metal:
            reduction = f"0.000 (stable vs {w.working_ion})"
        summary.add_row(
            escape(w.formula),
            reduction,
            _number(w.oxidation_potential_V, none="no limit"),
            _number(w.window_width_V, none="no limit"),
            _number(w.e_above_hull_eV_per_atom, none="unknown"),
            w.window_basis,
        )
        for side, limit in (("<", w.reduction), (">", w.oxidation)):
            if limit is not None:
                gases = f"  (gas: {', '.join(limit.gases)})" if limit.gases else ""
                where = f"{side} {limit.voltage_V:.3f} V"
                reactions.add_row(escape(w.formula), where, escape(limit.reaction) + gases)
        notes += [note for note in w.notes if note not in notes]
    tables: list[RenderableType] = [summary]
    if reactions.row_count:
        tables.append(reactions)
    return [*tables, *_notes(notes), provenance_line(windows[0].dataset)]


def profile_tables(windows: Sequence[StabilityWindow]) -> list[RenderableType]:
    """Every step of the voltage profile of each composition."""
    renderables: list[RenderableType] = []
    for w in windows:
        unit = axis(w.working_ion)
        table = _grid(
            unit, f"{w.working_ion} exchanged\n(per formula)", "E_D at low V\n(eV/atom)",
            "phase equilibria per formula unit",
            title=f"{w.formula}: {_window_text(w)}",
        )  # fmt: skip
        table.columns[-1].justify = "left"
        for step in w.steps:
            table.add_row(
                _interval(step),
                f"{step.ion_exchange:+.3f}" if step.ion_exchange else "0",
                f"{step.decomposition_energy_low_eV_per_atom:.3f}",
                escape(step.reaction.split(" -> ", 1)[1]) + _gas_mark(step),
                style="bold" if step.ion_exchange == 0.0 else None,
            )
        renderables += [table, *_notes(w.notes)]
    return [*renderables, provenance_line(windows[0].dataset)]


def _gas_mark(step: Step) -> str:
    return f"  (gas: {', '.join(step.gases)})" if step.gases else ""


def _interval(step: Step) -> str:
    high = "" if step.voltage_high_V is None else f"{step.voltage_high_V:.3f}"
    return f"{step.voltage_low_V:.3f} - {high}".rstrip()


def _window_text(w: StabilityWindow) -> str:
    high = "no limit" if w.oxidation_potential_V is None else f"{w.oxidation_potential_V:.3f}"
    return f"window {w.reduction_potential_V:.3f} - {high} {axis(w.working_ion)}, {w.window_basis}"


def pair_tables(results: Sequence[PairResult]) -> list[RenderableType]:
    """Reactions of a pair, one block per state of the electrode.

    Returns
    -------
    list of rich renderables
    """
    renderables: list[RenderableType] = []
    renderables += [Group(*_pair_block(result)) for result in results]
    return [*renderables, provenance_line(results[0].dataset)]


def _pair_block(result: PairResult) -> list[RenderableType]:
    low, high = result.voltage_range_V
    head = (
        f"{_title(result.electrolyte, result.electrolyte_composition)} | "
        f"{_title(result.electrode, result.electrode_composition)}, {result.electrode_state}, "
        f"{low:.2f} - {high:.2f} {axis(result.working_ion)}"
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("reaction", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    table.add_column("mutual", justify="right", no_wrap=True)
    table.add_column("x", justify="right", no_wrap=True)
    table.add_column("worst mutual reaction (total where mixing adds nothing)", overflow="fold")
    _add_reactions(table, "chemical (eV/atom)", result.chemical.total, result.chemical.mutual)
    for entry in result.electrochemical:
        label = f"{entry.at}, {entry.voltage_V:.2f} V (eV/non-{result.working_ion} atom)"
        _add_reactions(table, label, entry.total, entry.mutual)
    block: list[RenderableType] = [Text(head, style="bold"), table]
    if result.additive is not None:
        block.append(_additive_text(result))
    block += _interphase_text(result)
    block += _notes(result.notes)
    return [*block, Text("")]


def _add_reactions(table: Table, label: str, total: MixingReaction, mutual: MixingReaction) -> None:
    shown = mutual if mutual.reaction_energy < 0.0 else total
    x = "" if shown.x_electrolyte is None else f"{shown.x_electrolyte:.2f}"
    table.add_row(
        label,
        f"{total.reaction_energy:.3f}",
        f"{mutual.reaction_energy:.3f}",
        x,
        escape(shown.reaction),
    )


def _additive_text(result: PairResult) -> RenderableType:
    effect = result.additive
    assert effect is not None
    chemical = effect.added_chemical_mutual_eV_per_atom
    electrochemical = effect.added_electrochemical_mutual_eV_per_nonion_atom
    return Text(
        f"with {effect.additive}: worst mutual "
        f"{effect.chemical.mutual.reaction_energy:.3f} eV/atom (adds {chemical:.3f}), electrochemical "
        f"{effect.electrochemical.mutual.reaction_energy:.3f} eV/non-{result.working_ion} atom "
        f"(adds {electrochemical:.3f})"
    )


def _interphase_text(result: PairResult) -> list[RenderableType]:
    interphase: Any = result.interphase
    number = "unknown" if interphase.interphase_class is None else str(interphase.interphase_class)
    lines = [f"interphase class {number}: {interphase.label}. {interphase.reason}"]
    lines += [f"flag: {flag}" for flag in interphase.flags]
    return [Padding(Text("\n".join(lines), style="cyan"), (0, 0, 0, 0))]


def dataset_tables(summary: DatasetSummary, known: Sequence[DatasetInfo]) -> list[RenderableType]:
    """What is loaded, its sources, and all known datasets."""
    details = summary.provenance
    loaded = Table(box=None, show_header=False, pad_edge=False)
    loaded.add_column(style="bold", no_wrap=True)
    loaded.add_column(overflow="fold")
    for label, value in (
        ("loaded", summary.name),
        ("phases", f"{summary.rows} compounds, {summary.phases_on_hull} on the hull"),
        ("elements", f"{len(summary.elements)}: {' '.join(summary.elements)}"),
        ("date", details.get("date")),
        ("corrections", details.get("corrections")),
        ("sha256", details.get("sha256")),
    ):
        loaded.add_row(label, escape(str(value)))
    for source in details.get("sources", ()):
        doi = f", doi:{source['doi']}" if source.get("doi") else ""
        text = f"{source.get('name') or source.get('title')}{doi}, {source.get('licence')}"
        loaded.add_row("source", escape(text))
    others = _grid("dataset", "rows", "date", "licence", "file")
    for column in others.columns[2:]:
        column.justify = "left"
    for info in known:
        rows = "unusable" if info.problem else str(info.rows)
        others.add_row(
            info.name,
            rows,
            info.date or "",
            info.licence or "",
            escape(info.problem or info.path.name),
        )
    return [loaded, others]


def accuracy_tables(rows: Sequence[AnionAccuracy]) -> list[RenderableType]:
    """Bias and mean absolute deviation from measured enthalpies, by anion and database."""
    table = _grid("dataset", "anion", "compounds", "bias\n(eV/atom)", "mean abs. dev.\n(eV/atom)")
    for row in rows:
        table.add_row(
            row.dataset,
            row.anion,
            str(row.compounds),
            f"{row.bias_eV_per_atom:+.3f}",
            f"{row.mean_absolute_deviation_eV_per_atom:.3f}",
        )
    return [table, Text("bias: median of computed minus measured", style="dim")]


def verify_tables(comparisons: Sequence[Comparison], dataset: Provenance) -> list[RenderableType]:
    """Differences between our windows and pymatgen's."""
    from .crosscheck import TOLERANCE_V, TOLERANCE_eV_per_atom

    table = _grid("composition", "phases", "steps", "pymatgen", "dV (V)", "dE (eV/atom)", "agrees")
    for c in comparisons:
        table.add_row(
            escape(c.formula),
            str(c.phases),
            str(c.steps),
            str(c.pymatgen_steps),
            f"{c.largest_difference_V:.1e}",
            f"{c.largest_difference_eV_per_atom:.1e}",
            "yes" if c.agrees else "NO",
        )
    volts = max(c.largest_difference_V for c in comparisons)
    energy = max(c.largest_difference_eV_per_atom for c in comparisons)
    text = Text(
        f"largest difference: {volts:.1e} V (tolerance {TOLERANCE_V:g}), "
        f"{energy:.1e} eV/atom (tolerance {TOLERANCE_eV_per_atom:g})"
    )
    return [table, text, provenance_line(dataset)]
