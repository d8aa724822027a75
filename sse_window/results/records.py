"""Finished results as JSON documents and flat rows: schema version, column names, units.

The fields of every result are already the keys of its JSON record
(see :mod:`sse_window.core.record`);
this module adds the envelope, flattens records into the rows of a table, and writes text.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as installed_version
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.composition import format_amount
from ..core.record import Record
from ..core.tolerances import ENERGY_eV_per_atom
from ..equilibria.windows import StabilityWindow
from ..phases.columns import E_ABOVE_HULL, FORMATION_ENERGY
from ..phases.table import PhaseTable, Provenance

if TYPE_CHECKING:
    from ..cells.pairs import PairResult
    from ..cells.questions import PairAnalysis, WindowAnalysis
    from ..cells.space_charge import SpaceChargeResult
    from ..equilibria.mixtures import MixingReaction
    from ..equilibria.topotaxy import TopotacticWindow
    from ..sources.datasets import DatasetInfo

__all__ = [
    "NO_DATASET",
    "SCHEMA",
    "DatasetSummary",
    "csv_cell",
    "csv_text",
    "dataset_columns",
    "dataset_row",
    "dataset_summary",
    "document",
    "json_text",
    "jsonl_text",
    "pair_analysis_row",
    "pair_row",
    "phases_text",
    "program_version",
    "space_charge_rows",
    "step_rows",
    "topotactic_rows",
    "window_analysis_row",
    "window_row",
]

NO_DATASET = Provenance("none", "", "no formation energies were used", "")
"""Stands in the envelope of answers that rest on what the user stated alone."""

SCHEMA = "sse-window/1"
"""Changes only when a key is renamed or removed, or its meaning changes."""

Row = dict[str, Any]


@cache
def program_version() -> str:
    """Version of the installed package."""
    return installed_version("sse-window")


def document(
    results: Sequence[Record],
    dataset: Provenance,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The JSON envelope: schema, program version, dataset, options and results.

    Parameters
    ----------
    results : sequence of Record
    dataset : Provenance
    options : mapping, optional
        Options that shaped the results, recorded as given.

    Returns
    -------
    dict
    """
    return {
        "schema": SCHEMA,
        "version": program_version(),
        "dataset": dataset.to_dict(),
        "options": dict(options or {}),
        "results": [result.to_dict() for result in results],
    }


def json_text(value: Any, indent: int | None = 2) -> str:
    """Strict JSON (no NaN), with a final newline."""
    return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def jsonl_text(
    results: Sequence[Record], dataset: Provenance, options: Mapping[str, Any] | None = None
) -> str:
    """One JSON object a line; each holds schema, program version, dataset and options."""
    envelope = document([], dataset, options)
    del envelope["results"]
    return "".join(json_text({**envelope, **result.to_dict()}, None) for result in results)


def csv_text(rows: Sequence[Row]) -> str:
    """Rows as CSV with the union of their columns; null is an empty field."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: csv_cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def csv_cell(value: Any) -> Any:
    """A value as CSV files hold it: true and false, all digits of a number, null as nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else value


def products_text(products: Iterable[Mapping[str, Any]]) -> str | None:
    """Products of a record as one field, e.g. ``4 Li2S + Li3P``; None where there are none."""
    terms = [f"{format_amount(p['amount'])} {p['formula']}".strip() for p in products]
    return " + ".join(terms) or None


def dataset_columns(dataset: Mapping[str, Any]) -> Row:
    """Columns that say where the energies of a row come from, and which program worked it out."""
    return {
        "dataset_name": dataset["name"],
        "dataset_date": dataset["date"],
        "dataset_corrections": dataset["corrections"],
        "dataset_sha256": dataset["sha256"],
        "dataset_additions": "; ".join(dataset["additions"]) or None,
        "program_version": program_version(),
    }


def window_row(window: StabilityWindow) -> Row:
    """One flat row of a stability window; the steps are in :func:`step_rows`."""
    keys = (
        "formula reduced_formula working_ion status in_dataset e_above_hull_eV_per_atom "
        "window_basis reduction_potential_V oxidation_potential_V window_width_V "
        "stable_against_metal"
    )
    row: Row = window.entries(keys.split())
    for side, found in (("reduction", window.reduction), ("oxidation", window.oxidation)):
        row[f"{side}_reaction"] = found.reaction if found else None
        products = found.products if found else ()
        row[f"{side}_products"] = products_text(
            {"formula": product.formula, "amount": product.amount} for product in products
        )
        row[f"{side}_gases"] = " ".join(found.gases) or None if found else None
    row["notes"] = "; ".join(window.notes) or None
    return row | dataset_columns(window.dataset.to_dict())


def window_analysis_row(analysis: WindowAnalysis) -> Row:
    """One flat row of a window with the analyses that were asked for."""
    row = window_row(analysis.window)
    if analysis.interphase is not None:
        row["interphase_voltage_V"] = analysis.interphase.voltage_V
        row["interphase_class"] = analysis.interphase.interphase_class
        row["interphase_label"] = analysis.interphase.label
        row["interphase_reason"] = analysis.interphase.reason
    redox = analysis.redox_elements
    for side, limit in (("reduction", redox.reduction), ("oxidation", redox.oxidation)):
        row[f"{side}_element"] = limit.element if limit else None
    for side in ("reduction", "oxidation"):
        if analysis.sensitivity is not None:
            found = getattr(analysis.sensitivity, side)
            row[f"{side}_limiting_phase"] = found.limiting_phase if found else None
            row[f"{side}_potential_without_it_V"] = found.voltage_without_V if found else None
        if analysis.uncertainty is not None:
            limit_ = getattr(analysis.uncertainty, side)
            row[f"{side}_median_V"] = limit_.median_V
            row[f"{side}_percentile_16_V"] = limit_.percentile_16_V
            row[f"{side}_percentile_84_V"] = limit_.percentile_84_V
        if analysis.spread is not None:
            row[f"{side}_spread_V"] = getattr(analysis.spread, f"{side}_spread_V")
            differ = getattr(analysis.spread, f"{side}_products_differ")
            row[f"{side}_products_differ"] = differ
    return row


def pair_analysis_row(analysis: PairAnalysis) -> Row:
    """One flat row of a pair with the analyses that were asked for."""
    row = pair_row(analysis.pair)
    if analysis.uncertainty is not None:
        record = analysis.uncertainty.to_dict()
        for name in (
            "chemical_total",
            "chemical_mutual",
            "electrochemical_total",
            "electrochemical_mutual",
        ):
            for key, value in (record[name] or {}).items():
                if not isinstance(value, (list, dict)):
                    row[f"{name}_{key}"] = value
    if analysis.spread is not None:
        for key, value in analysis.spread.to_dict().items():
            if not isinstance(value, list):
                row[f"spread_{key}"] = value
    return row


def step_rows(window: StabilityWindow) -> list[Row]:
    """One flat row per step of the voltage profile."""
    record = window.to_dict()
    head = {key: record[key] for key in ("formula", "working_ion", "window_basis")}
    rows = []
    for step in record["steps"]:
        products, gases = step.pop("products"), step.pop("gases")
        texts = {"products": products_text(products), "gases": " ".join(gases) or None}
        rows.append(head | step | texts | dataset_columns(record["dataset"]))
    return rows


def pair_row(result: PairResult) -> Row:
    """One flat row of a pair: energies with fractions and reactions, and the interphase verdict."""
    keys = (
        "electrolyte electrolyte_composition electrode electrode_composition electrode_state "
        "working_ion status"
    )
    row: Row = result.entries(keys.split())
    row["voltage_low_V"], row["voltage_high_V"] = result.voltage_range_V
    row |= _reaction_columns("chemical_total", result.chemical.total)
    row |= _reaction_columns("chemical_mutual", result.chemical.mutual)
    for reaction in result.electrochemical:
        row |= _reaction_columns(f"electrochemical_{reaction.at}_total", reaction.total)
        row |= _reaction_columns(f"electrochemical_{reaction.at}_mutual", reaction.mutual)
    interphase = result.interphase
    row["interphase_class"] = interphase.interphase_class
    row["interphase_label"] = interphase.label
    row["interphase_reason"] = interphase.reason
    row["interphase_flags"] = "; ".join(interphase.flags) or None
    row["notes"] = "; ".join(result.notes) or None
    return row | dataset_columns(result.dataset.to_dict())


def space_charge_rows(result: SpaceChargeResult) -> list[Row]:
    """One flat row per layer; profiles are in the JSON record."""
    return [
        {key: value for key, value in layer.to_dict().items() if not isinstance(value, list)}
        for layer in result.layers
    ]


def topotactic_rows(result: TopotacticWindow) -> list[Row]:
    """One flat row per state, with the limits of the framework and of the decomposition."""
    record = result.to_dict()
    head = {key: record[key] for key in ("reactant", "working_ion")}
    low, high = record["decomposition_window_V"]
    limits = {
        "reduction_potential_V": record["reduction_potential_V"],
        "oxidation_potential_V": record["oxidation_potential_V"],
        "decomposition_reduction_potential_V": low,
        "decomposition_oxidation_potential_V": high,
    }
    return [head | state | limits for state in record["states"]]


@dataclass(frozen=True)
class DatasetSummary(Record):
    """What is loaded: counts, elements, and everything its provenance file says."""

    name: str
    rows: int
    phases_on_hull: int
    elements: tuple[str, ...]
    provenance: dict[str, Any]


def dataset_summary(table: PhaseTable, provenance: Mapping[str, Any]) -> DatasetSummary:
    """Summary of a loaded table; elements that join at 0 eV/atom are not counted as rows."""
    compounds = np.diff(table.offsets) > 1
    on_hull = compounds & (table.e_above_hull <= ENERGY_eV_per_atom)
    return DatasetSummary(
        name=table.provenance.name,
        rows=int(compounds.sum()),
        phases_on_hull=int(on_hull.sum()),
        elements=table.elements,
        provenance=dict(provenance),
    )


def dataset_row(info: DatasetInfo) -> Row:
    """One flat row of a known dataset."""
    return {
        "name": info.name,
        "rows": info.rows,
        "date": info.date,
        "corrections": info.corrections,
        "licence": info.licence,
        "sha256": info.sha256,
        "packaged": info.packaged,
        "path": str(info.path),
        "problem": info.problem,
    }


def phases_text(table: PhaseTable, kind: str) -> str:
    """All phases of a table: one row each with formula, energies and every property column.

    Parameters
    ----------
    table : PhaseTable
    kind : str
        ``csv``, ``json`` (a list of rows in the envelope), ``jsonl``, or ``table`` (as CSV).
    """
    columns: dict[str, Any] = {
        "formula": table.formulas.tolist(),
        FORMATION_ENERGY: table.formation_energy_per_atom.tolist(),
        E_ABOVE_HULL: table.e_above_hull.tolist(),
        **{name: column.tolist() for name, column in table.properties.items()},
    }
    rows = [
        {name: _null(value) for name, value in zip(columns, values, strict=True)}
        for values in zip(*columns.values(), strict=True)
    ]
    if kind == "json":
        return json_text({**document([], table.provenance), "results": rows}, None)
    if kind == "jsonl":
        return "".join(json_text(row, None) for row in rows)
    return csv_text(rows)


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _reaction_columns(prefix: str, reaction: MixingReaction) -> Row:
    values = reaction.entries(["reaction_energy", "x_electrolyte", "voltage_V", "reaction"])
    columns = {
        f"{prefix}_{reaction.energy_key}": values["reaction_energy"],
        f"{prefix}_x_electrolyte": values["x_electrolyte"],
    }
    if reaction.voltage_V is not None:
        columns[f"{prefix}_voltage_V"] = values["voltage_V"]
    columns[f"{prefix}_reaction"] = values["reaction"]
    return columns
