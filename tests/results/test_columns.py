"""The columns of a screening are those that results turn into."""

from __future__ import annotations

import pytest

import sse_window.cells.pairs as pair_questions
from sse_window.equilibria.windows import stability_window
from sse_window.facts import names
from sse_window.results import records
from sse_window.results.columns import DATASET, carried, kind_of, of_kind, result_columns
from sse_window.runs.tasks import Plan, screen_items

KINDS = {"text": str, "number": float, "whole": int, "truth": bool}
ADDED = {"status", "message", "notes", "steps"}


@pytest.mark.parametrize("pairs", [False, True])
def test_every_column_of_a_row_is_known(table, pairs):
    row = records.window_row(stability_window(table, names.resolve("LGPS")))
    if pairs:
        row |= records.pair_row(pair_questions.pair(table, "LGPS", "LCO")[0])
    columns = result_columns(pairs=pairs)
    assert set(row) - set(DATASET) == set(columns) - {"message"}
    assert set(DATASET) <= set(row)
    for name, value in row.items():
        if name in columns and value is not None:
            assert type(value) is KINDS[columns[name]], name


def test_numbers_say_their_unit():
    for name, kind in result_columns(pairs=True, steps=True).items():
        if kind == "number":
            assert name.endswith(("_V", "_eV_per_atom", "_eV_per_nonion_atom", "_x_electrolyte"))


def test_rows_hold_their_kinds(table):
    plan = Plan(electrodes=("LCO", "Li"), steps=True)
    columns = plan.columns(pairs=True)
    items = [(0, "Li7La3Zr2O12", None), (1, "La2O3", None), (2, "Xx", None)]
    for _, rows in screen_items(table, plan, True, items):
        assert len(rows) in (2, 3)
        for row in rows:
            for (name, kind), value in zip(columns.items(), row, strict=True):
                assert value is None or type(value) is KINDS[kind], name


def test_carried_columns_never_hide_results():
    taken = result_columns(pairs=False)
    columns = {"batch": [], "status": [], "input_status": [], "dataset_name": [], "": []}
    names_ = carried(columns, taken)
    assert names_["batch"] == "batch"
    assert names_["dataset_name"] == "input_dataset_name"
    assert len(set(names_.values())) == len(columns)
    assert not set(names_.values()) & {*taken, *DATASET}


def test_kinds():
    assert kind_of([None, 2**70]) == "text"
    assert kind_of([True, 1]) == "text"
    assert of_kind([2**70, None], "text") == [str(2**70), None]
    assert of_kind([1, 2], "whole") == [1, 2]
