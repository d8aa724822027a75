"""Finished results as readable tables for the terminal; nothing is computed here."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, RenderableType
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
    from .analyses import PairAnalysis, PairSpread, WindowAnalysis, WindowSpread
    from .cells import PairResult
    from .crosscheck import Comparison
    from .dataset import DatasetInfo
    from .records import DatasetSummary

__all__ = [
    "Reference",
    "accuracy_tables",
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


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference electrode of displayed voltages; stored values stay vs the metal.

    Attributes
    ----------
    label : str
        What stands after "V vs".
    plateau_V : float
        Its own potential [V vs the metal].

    Examples
    --------
    >>> Reference("Li-In", 0.62).show(2.62)
    '2.000'
    """

    label: str
    plateau_V: float = 0.0

    @classmethod
    def metal(cls, ion: str) -> Reference:
        """The metal of a working ion, e.g. ``Mg/Mg2+``."""
        charge = CHARGE[ion]
        return cls(f"{ion}/{ion}{charge if charge > 1 else ''}+")

    @property
    def shift(self) -> tuple[str, float] | None:
        """Label and plateau, None for the metal itself."""
        return (self.label, self.plateau_V) if self.plateau_V else None

    def show(self, voltage_V: float | None, none: str = "no limit") -> str:
        """Text of a voltage vs the metal, as seen from this reference."""
        return none if voltage_V is None else f"{voltage_V - self.plateau_V:.3f}"


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


def window_tables(results: Sequence[WindowAnalysis], reference: Reference) -> list[RenderableType]:
    """Summary of stability windows, the reactions beyond each limit, and what else was asked.

    Parameters
    ----------
    results : sequence of WindowAnalysis
        All with the same ion.
    reference : Reference

    Returns
    -------
    list of rich renderables
    """
    windows = [result.window for result in results]
    compared = len({w.dataset.name for w in windows}) > 1
    unit = f"(V vs {reference.label})"
    summary = _grid(
        "composition", f"reduction\n{unit}", f"oxidation\n{unit}", "width\n(V)",
        "above hull\n(eV/atom)", "window of",
    )  # fmt: skip
    summary.columns[-1].justify = "left"
    reactions = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    reactions.add_column("composition", overflow="fold")
    reactions.add_column("beyond", justify="right", no_wrap=True)
    reactions.add_column("reaction per formula unit", overflow="fold")
    notes: list[str] = []
    for result in results:
        w = result.window
        name = f"{w.formula} [{w.dataset.name}]" if compared else w.formula
        stable = f" (stable vs {w.working_ion})" if w.stable_against_metal else ""
        summary.add_row(
            escape(name),
            reference.show(w.reduction_potential_V) + stable,
            reference.show(w.oxidation_potential_V),
            _number(w.window_width_V, none="no limit"),
            _number(w.e_above_hull_eV_per_atom, none="unknown"),
            w.window_basis,
        )
        redox = result.redox_elements
        for side, limit, change in (
            ("<", w.reduction, redox.reduction),
            (">", w.oxidation, redox.oxidation),
        ):
            if limit is not None:
                where = f"{side} {reference.show(limit.voltage_V)} V"
                marks = [f"gas: {', '.join(limit.gases)}"] if limit.gases else []
                if change is not None and change.element:
                    verb = "reduced" if side == "<" else "oxidised"
                    marks.append(f"{change.element} {verb}")
                tail = f"  ({'; '.join(marks)})" if marks else ""
                reactions.add_row(escape(name), where, escape(limit.reaction) + tail)
        notes += [note for note in (*w.notes, *_off(w)) if note not in notes]
    tables: list[RenderableType] = [summary]
    if reactions.row_count:
        tables.append(reactions)
    for result in results:
        tables += _sensitivity_text(result, reference)
        tables += _uncertainty_text(result, reference)
    for spread in dict.fromkeys(result.spread for result in results if result.spread):
        tables.append(_spread_text(spread))
    provenance = dict.fromkeys(w.dataset for w in windows)
    return [*tables, *_notes(notes), *(provenance_line(dataset) for dataset in provenance)]


def _off(result: StabilityWindow | PairResult) -> list[str]:
    found = [
        f"{d.formula} ({d.deviation_eV_per_atom:+.2f} eV/atom)"
        for d in result.phases_off_measurement
    ]
    if not found:
        return []
    return [f"{result.dataset.name} is off measured formation enthalpies for {', '.join(found)}"]


def _sensitivity_text(result: WindowAnalysis, reference: Reference) -> list[RenderableType]:
    if result.sensitivity is None:
        return []
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in (f"{result.window.formula}: limit", "without", "limit then", "shift (V)"):
        table.add_column(column, justify="left" if column in ("without",) else "right")
    for side, limit in (
        ("reduction", result.sensitivity.reduction),
        ("oxidation", result.sensitivity.oxidation),
    ):
        if limit is None:
            continue
        for other in limit.limits_without:
            then = getattr(other, f"{side}_potential_V")
            if other.status != "ok":
                table.add_row(side, escape(other.formula), "unknown", other.reason or "")
                continue
            decisive = " (decisive)" if other.formula == limit.limiting_phase else ""
            shift = "" if other.shift_V is None else f"{other.shift_V:+.3f}"
            table.add_row(side, escape(other.formula) + decisive, reference.show(then), shift)
    return [table]


def _uncertainty_text(result: WindowAnalysis, reference: Reference) -> list[RenderableType]:
    found = result.uncertainty
    if found is None:
        return []
    lines = [
        f"{result.window.formula}: {found.draws} draws, {found.sigma_eV_per_atom:g} eV/atom per "
        f"compound, seed {found.seed}"
    ]
    if found.probability_on_hull is not None:
        lines.append(f"  on the hull in {found.probability_on_hull:.0%} of the draws")
    for side in ("reduction", "oxidation"):
        limit = getattr(found, side)
        span = [reference.show(v) for v in (limit.percentile_16_V, limit.percentile_84_V)]
        lines.append(
            f"  {side}: median {reference.show(limit.median_V)} V, 16-84 % {span[0]} to {span[1]} V"
        )
        for products in limit.product_sets[:3]:
            names = " + ".join(products.products) if products.products else "no reaction"
            lines.append(f"    {products.frequency:4.0%}  {names}")
    return [Text("\n".join(lines))]


def _spread_text(spread: WindowSpread) -> RenderableType:
    lines = [f"spread over {', '.join(spread.datasets)}:"]
    for side in ("reduction", "oxidation"):
        value = getattr(spread, f"{side}_spread_V")
        text = "a limit in one only" if value is None else f"{value:.3f} V"
        products = getattr(spread, f"{side}_products")
        same = not getattr(spread, f"{side}_products_differ")
        lines.append(f"  {side} {text}; products " + ("the same" if same else "differ:"))
        if not same:
            pairs = zip(spread.datasets, products, strict=True)
            lines += [f"    {dataset}: {names}" for dataset, names in pairs]
    return Text("\n".join(lines))


def profile_tables(results: Sequence[WindowAnalysis], reference: Reference) -> list[RenderableType]:
    """Every step of the voltage profile of each composition."""
    renderables: list[RenderableType] = []
    for result in results:
        w = result.window
        table = _grid(
            f"V vs {reference.label}", f"{w.working_ion} exchanged\n(per formula)",
            "E_D at low V\n(eV/atom)", "phase equilibria per formula unit",
            title=f"{w.formula}: {_window_text(w, reference)}",
        )  # fmt: skip
        table.columns[-1].justify = "left"
        for step in w.steps:
            table.add_row(
                _interval(step, reference),
                f"{step.ion_exchange:+.3f}" if step.ion_exchange else "0",
                f"{step.decomposition_energy_low_eV_per_atom:.3f}",
                escape(step.reaction.split(" -> ", 1)[1]) + _gas_mark(step),
                style="bold" if step.ion_exchange == 0.0 else None,
            )
        renderables += [table, *_uncertainty_text(result, reference), *_notes(w.notes)]
        renderables.append(provenance_line(w.dataset))
    return renderables


def _gas_mark(step: Step) -> str:
    return f"  (gas: {', '.join(step.gases)})" if step.gases else ""


def _interval(step: Step, reference: Reference) -> str:
    high = reference.show(step.voltage_high_V, none="")
    return f"{reference.show(step.voltage_low_V)} - {high}".rstrip()


def _window_text(w: StabilityWindow, reference: Reference) -> str:
    low, high = (reference.show(v) for v in (w.reduction_potential_V, w.oxidation_potential_V))
    return f"window {low} - {high} V vs {reference.label}, {w.window_basis}"


def pair_tables(results: Sequence[PairAnalysis]) -> list[RenderableType]:
    """Reactions of a pair, one block per state of the electrode.

    Returns
    -------
    list of rich renderables
    """
    compared = len({result.pair.dataset.name for result in results}) > 1
    renderables: list[RenderableType] = []
    for result in results:
        renderables += _pair_block(result.pair, compared)
        renderables += _pair_uncertainty_text(result)
        renderables.append(Text(""))
    for spread in dict.fromkeys(result.spread for result in results if result.spread):
        renderables.append(_pair_spread_text(spread))
    provenance = dict.fromkeys(result.pair.dataset for result in results)
    return [*renderables, *(provenance_line(dataset) for dataset in provenance)]


def _pair_uncertainty_text(result: PairAnalysis) -> list[RenderableType]:
    found = result.uncertainty
    if found is None:
        return []
    lines = [
        f"{found.draws} draws, {found.sigma_eV_per_atom:g} eV/atom per compound, seed {found.seed}"
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


def _pair_block(result: PairResult, compared: bool) -> list[RenderableType]:
    low, high = result.voltage_range_V
    head = (
        f"{_title(result.electrolyte, result.electrolyte_composition)} | "
        f"{_title(result.electrode, result.electrode_composition)}, {result.electrode_state}, "
        f"{low:.2f} - {high:.2f} V vs {Reference.metal(result.working_ion).label}"
    )
    if compared:
        head += f" [{result.dataset.name}]"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
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
        which = f"{entry.at}, " if high > low else ""
        label = f"{which}{entry.voltage_V:.2f} V (eV/non-{result.working_ion} atom)"
        _add_reactions(table, label, entry.total, entry.mutual)
    block: list[RenderableType] = [Text(head, style="bold"), table]
    if result.additive is not None:
        block.append(_additive_text(result))
    block += _interphase_text(result)
    return [*block, *_notes([*result.notes, *_off(result)])]


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
        f"{effect.chemical.mutual.reaction_energy:.3f} eV/atom (adds {chemical:.3f}), "
        f"electrochemical {effect.electrochemical.mutual.reaction_energy:.3f} eV/non-{result.working_ion} atom "
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
