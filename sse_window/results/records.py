"""Finished results as JSON documents and CSV text.

The fields of every result are already the keys of its JSON record
(see :mod:`sse_window.core.record`); this module adds the envelope and writes text.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.record import Record
from ..core.tolerances import ENERGY_eV_per_atom
from ..phases.columns import E_ABOVE_HULL, FORMATION_ENERGY
from ..phases.table import PhaseTable, Provenance
from .rows import Row, csv_cell
from .schema import SCHEMA, program_version

__all__ = [
    "NO_DATASET",
    "SCHEMA",
    "DatasetSummary",
    "Phase",
    "csv_text",
    "dataset_summary",
    "document",
    "json_text",
    "jsonl_text",
    "phases",
    "phases_text",
    "program_version",
]

NO_DATASET = Provenance("none", "", "no formation energies were used", "")
"""Stands in the envelope of answers that rest on what the user stated alone."""


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


@dataclass(frozen=True)
class Phase(Record):
    """One phase of a table, with every property column that the table has."""

    values: Row

    def to_dict(self) -> dict[str, Any]:
        """The properties by their names."""
        return dict(self.values)


def phases(table: PhaseTable) -> list[Phase]:
    """Every phase of a table: formula, energies and every property column; unknown is None."""
    columns: dict[str, Any] = {
        "formula": table.formulas.tolist(),
        FORMATION_ENERGY: table.formation_energy_per_atom.tolist(),
        E_ABOVE_HULL: table.e_above_hull.tolist(),
        **{name: column.tolist() for name, column in table.properties.items()},
    }
    return [
        Phase({name: _null(value) for name, value in zip(columns, values, strict=True)})
        for values in zip(*columns.values(), strict=True)
    ]


def phases_text(table: PhaseTable, kind: str) -> str:
    """All phases of a table: one row each with formula, energies and every property column.

    Parameters
    ----------
    table : PhaseTable
    kind : str
        ``csv``, ``json`` (a list of rows in the envelope), ``jsonl``, or ``table`` (as CSV).
    """
    rows = [phase.values for phase in phases(table)]
    if kind == "json":
        return json_text({**document([], table.provenance), "results": rows}, None)
    if kind == "jsonl":
        return "".join(json_text(row, None) for row in rows)
    return csv_text(rows)


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
