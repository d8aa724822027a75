"""Datasets, their accuracy, and the comparison with pymatgen as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ..results.answers import Provenance
from .layout import grid, number, provenance_line, rows_table

if TYPE_CHECKING:
    from ..results.answers import (
        AnionAccuracy,
        CalibrationAccuracy,
        Comparison,
        DatasetInfo,
        Distance,
        VoltageCheck,
    )
    from ..results.records import DatasetSummary

__all__ = [
    "accuracy_tables",
    "calibration_tables",
    "dataset_tables",
    "phase_tables",
    "verify_tables",
    "voltage_tables",
]


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
    others = grid("dataset", "rows", "date", "licence", "file")
    for column in others.columns[2:]:
        column.justify, column.no_wrap = "left", False
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


def phase_tables(rows: Sequence[dict[str, Any]], dataset: Provenance) -> list[RenderableType]:
    """Phases with their energies, in the order of the dataset."""
    on_hull = sum(row["e_above_hull_eV_per_atom"] == 0.0 for row in rows)
    said = Text(f"{len(rows)} phases, {on_hull} on the hull", style="dim")
    return [rows_table(rows), said, provenance_line(dataset)]


def accuracy_tables(
    rows: Sequence[AnionAccuracy], datasets: Sequence[Provenance]
) -> list[RenderableType]:
    """Bias and mean absolute deviation from measured enthalpies, by class and database."""
    table = grid("dataset", "class", "compounds", "bias\n(eV/atom)", "mean abs. dev.\n(eV/atom)")
    for row in rows:
        table.add_row(
            row.dataset_name,
            row.anion,
            str(row.compounds),
            f"{row.bias_eV_per_atom:+.3f}",
            f"{row.mean_absolute_deviation_eV_per_atom:.3f}",
        )
    said = Text(
        "bias: median of computed minus measured; all: solids without alloys; molecules of "
        "calibrated datasets are the measured ones",
        style="dim",
    )
    return [table, said, *(provenance_line(dataset) for dataset in datasets)]


def calibration_tables(
    rows: Sequence[CalibrationAccuracy], datasets: Sequence[Provenance]
) -> list[RenderableType]:
    """Mean absolute deviations of fitted compounds, and of those left out of the fit."""
    shown: list[RenderableType] = []
    for dataset in datasets:
        own = [row.to_dict() for row in rows if row.dataset_sha256 == dataset.sha256]
        shown += [rows_table(own), provenance_line(dataset)]
    said = Text(
        "mean absolute deviations; left out: ten folds of compounds, and of whole chemical systems",
        style="dim",
    )
    return [*shown, said]


def distance_tables(
    rows: Sequence[Distance], datasets: Sequence[Provenance]
) -> list[RenderableType]:
    """Median difference and mean distance of two datasets, by class."""
    table = rows_table([row.to_dict() for row in rows], lead=3)
    said = Text(
        "of compounds at most 0.03 eV/atom above both hulls; median: first minus other; all: "
        "without alloys",
        style="dim",
    )
    return [table, said, *(provenance_line(dataset) for dataset in datasets)]


def voltage_tables(checks: Sequence[VoltageCheck]) -> list[RenderableType]:
    """Deviations of calculated from measured voltages, one column per dataset, and their means."""
    from ..results.answers import mean_deviations

    datasets = list(dict.fromkeys(check.dataset for check in checks))
    means = mean_deviations(checks)
    known = {(check.couple, check.dataset): check for check in checks}
    table = grid("couple", "chemistry", "measured\n(V)", *(d.name for d in datasets))
    table.lead = 2
    table.columns[1].justify, table.columns[1].no_wrap = "left", False
    marks: dict[str, list[str]] = {}
    for check in {check.couple: check for check in checks}.values():
        cells = []
        for dataset in datasets:
            found = known.get((check.couple, dataset))
            cells.append("" if found is None else _deviation(found))
            if found is not None and found.mark:
                marks.setdefault(f"{check.couple}: {found.mark}", []).append(dataset.name)
        table.add_row(escape(check.couple), check.chemistry, f"{check.measured_V:.2f}", *cells)
    unseen = mean_deviations(checks, left_out=True)
    for method, found_by, said in (
        ("cell", means, "mean |dev.|, cells"),
        ("thermochemical", means, "mean |dev.|, enthalpies"),
        ("thermochemical", unseen, "its compounds not fitted"),
    ):
        if found_by:
            cells = [number(found_by.get((dataset, method)), 3) for dataset in datasets]
            table.add_row(said, "", "", *cells)
    notes = [
        Text(f"* {escape(mark)} ({', '.join(names)})", style="dim") for mark, names in marks.items()
    ]
    said_of = Text(
        "calculated minus measured, V; thermochemical ones against voltages from enthalpies; "
        "rows with * are no part of the means",
        style="dim",
    )
    return [table, said_of, *notes, *(provenance_line(dataset) for dataset in datasets)]


def _deviation(check: VoltageCheck) -> str:
    return f"{check.deviation_V:+.2f}{'*' if check.mark else ''}"


def verify_tables(comparisons: Sequence[Comparison], dataset: Provenance) -> list[RenderableType]:
    """Differences between our windows and pymatgen's."""
    from ..results.answers import TOLERANCE_V, TOLERANCE_eV_per_atom

    table = grid("composition", "phases", "steps", "pymatgen", "dV (V)", "dE (eV/atom)", "agrees")
    for c in comparisons:
        table.add_row(
            escape(c.formula),
            str(c.phases),
            str(c.steps),
            str(c.pymatgen_steps),
            _difference(c.largest_difference_V),
            _difference(c.largest_difference_eV_per_atom),
            "yes" if c.agrees else "NO",
        )
    volts = max(c.largest_difference_V for c in comparisons)
    energy = max(c.largest_difference_eV_per_atom for c in comparisons)
    text = Text(
        f"largest difference: {_difference(volts)} V (tolerance {TOLERANCE_V:g}), "
        f"{_difference(energy)} eV/atom (tolerance {TOLERANCE_eV_per_atom:g})"
    )
    return [table, text, provenance_line(dataset)]


def _difference(value: float) -> str:
    """A difference; below 1e-9 it is rounding, and its digits mean nothing."""
    return "< 1e-09" if value < 1e-9 else f"{value:.1e}"
