"""Result rows for tests of the report: real ones, ones that failed, and ones that mean harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
from hand_made import pair

from sse_window.equilibria.windows import stability_window
from sse_window.facts.names import resolve
from sse_window.phases.table import PhaseTable
from sse_window.results import records
from sse_window.results.rows import row as flat_row
from sse_window.results.schema import PAIR, WINDOW

Row = dict[str, Any]

HARMFUL = (
    "<script>window.harmed = 1</script>",
    "</script><script>window.harmed = 2</script>",
    '<img src="x" onerror="window.harmed = 3">',
    "<!--<script>{{script}}",
    "javascript:window.harmed = 4",
)
"""Formulas that would run, or end the element that they stand in, if they were taken as markup."""


def failed_row(row: Row, message: str, **named: str) -> Row:
    """A row of the same columns that says why there is no answer, as a screening writes it."""
    origin = {key: value for key, value in row.items() if key.startswith(("dataset_", "program_"))}
    return dict.fromkeys(row) | origin | named | {"status": "failed", "message": message}


def window_rows(table: PhaseTable, *formulas: str) -> list[Row]:
    found = [stability_window(table, resolve(formula)) for formula in formulas]
    return [{"message": None} | flat_row(window, WINDOW) for window in found]


def pair_rows(table: PhaseTable, electrolytes: list[str], electrodes: list[str]) -> list[Row]:
    """Rows as a screening of pairs writes them: the window of the electrolyte and the pair."""
    rows = []
    for electrolyte in electrolytes:
        (window,) = window_rows(table, electrolyte)
        for electrode in electrodes:
            found = pair(table, electrolyte, electrode)
            rows += [window | flat_row(each, PAIR) | {"formula": electrolyte} for each in found]
    return rows


def write(rows: list[dict], path: Path) -> Path:
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        path.write_text(records.csv_text(rows), encoding="utf-8")
    else:
        lines = [records.json_text({"schema": records.SCHEMA, **row}, None) for row in rows]
        path.write_text("".join(lines), encoding="utf-8")
    return path
