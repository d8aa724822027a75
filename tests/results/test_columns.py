"""The columns of a screening are those that results turn into."""

from __future__ import annotations

import pytest
from hand_made import pair

from sse_window.equilibria.windows import stability_window
from sse_window.facts import names
from sse_window.results.columns import DATASET, carried, kind_of, of_kind
from sse_window.results.rows import row as flat_row
from sse_window.results.schema import PAIR, WINDOW, label_and_unit, screening
from sse_window.runs.tasks import Plan, screen_items

KINDS = {"text": str, "number": float, "whole": int, "truth": bool}
ADDED = {"status", "message", "notes", "steps"}


@pytest.mark.parametrize("pairs", [False, True])
def test_every_column_of_a_row_is_known(table, pairs):
    row = flat_row(stability_window(table, names.resolve("LGPS")), WINDOW)
    if pairs:
        row |= flat_row(pair(table, "LGPS", "LCO")[0], PAIR)
    columns = {column.key: column.kind for column in screening(pairs=pairs)}
    assert set(columns) - {"message"} <= set(row)
    assert set(DATASET) <= set(row)
    for name, value in row.items():
        if name in columns and value is not None:
            assert type(value) is KINDS[columns[name]], name


def test_numbers_say_their_unit():
    for column in screening(pairs=True, steps=True):
        if column.kind == "number":
            ending = "_x_electrolyte" if not column.unit else label_and_unit(column.key)[1]
            assert column.unit in ("", ending), column.key
            assert column.unit or column.key.endswith(ending)


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
    taken = [column.key for column in screening(pairs=False)]
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
