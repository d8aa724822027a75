"""Result rows for tests of the report: real ones, ones that failed, and ones that mean harm."""

from __future__ import annotations

from typing import Any

from sse_window import cells, records
from sse_window.names import resolve
from sse_window.phases import PhaseTable
from sse_window.windows import stability_window

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
    return [{"message": None} | records.window_row(window) for window in found]


def pair_rows(table: PhaseTable, electrolytes: list[str], electrodes: list[str]) -> list[Row]:
    """Rows as a screening of pairs writes them: the window of the electrolyte and the pair."""
    rows = []
    for electrolyte in electrolytes:
        (window,) = window_rows(table, electrolyte)
        for electrode in electrodes:
            found = cells.pair(table, electrolyte, electrode)
            rows += [window | records.pair_row(pair) | {"formula": electrolyte} for pair in found]
    return rows
