"""The final file: which rows, in which order, in which format."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pyarrow.parquet
import pytest

from sse_window.core.errors import DataError, OutputError
from sse_window.results.files import Choice, choose, write_rows
from sse_window.results.schema import screening

COLUMNS = {
    "formula": "text",
    "window_width_V": "number",
    "interphase_class": "whole",
    "in_dataset": "truth",
    "note": "text",
}
ROWS = [
    ["Li2S", 2.1, 1, True, None],
    ["LGPS", 0.57, None, False, "metastable, by 19 meV"],
    ["La2O3", None, 0, True, 'said "no limit"\nand left'],
    ["=1+1", 0.57, 3, None, "é·µ"],
]


def chosen(**options):
    choice = Choice(**options)
    choice.check(COLUMNS)
    return [item for item, _ in choose(lambda item: [ROWS[item]], range(4), COLUMNS, choice)]


@pytest.mark.parametrize(
    ("where", "items"),
    [
        ("window_width_V > 0.5", [0, 1, 3]),
        ("window_width_V > 0.5 and in_dataset", [0]),
        ("not in_dataset", [1]),
        ("interphase_class == 0 or interphase_class == 3", [2, 3]),
        ("interphase_class in [0, 1]", [0, 2]),
        ("formula.str.contains('Li') | note.str.contains('metastable')", [0, 1]),
        ("window_width_V.isna()", [2]),
        ("formula == 'none'", []),
        ("note == note and 0.5 < window_width_V < 1", [1, 3]),
    ],
)
def test_conditions_hold_only_where_they_are_known_to(where, items):
    assert chosen(where=where) == items


@pytest.mark.parametrize(
    ("sort", "items"),
    [
        ("window_width_V", [1, 3, 0, 2]),
        ("-window_width_V", [0, 1, 3, 2]),
        ("formula", [3, 1, 2, 0]),
        ("-interphase_class", [3, 0, 2, 1]),
        ("in_dataset", [1, 0, 2, 3]),
    ],
)
def test_sorting_is_stable_and_puts_null_last(sort, items):
    assert chosen(sort=sort) == items
    assert chosen(sort=sort, top=2) == items[:2]


def test_rows_of_one_item_stay_together_in_order():
    rows = {0: [ROWS[0], ROWS[2]], 1: [], 2: [ROWS[1]]}
    places = choose(rows.__getitem__, range(3), COLUMNS, Choice())
    assert places == [(0, 0), (0, 1), (2, 0)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"where": "window_width > 1"}, "no column 'window_width', did you mean 'window_width_V'"),
        ({"where": "window_width_V >"}, "invalid syntax"),
        ({"where": "window_width_V + 1"}, "is no condition"),
        ({"where": "formula"}, "is no condition"),
        ({"where": "1 > 0"}, "is no condition"),
        ({"where": ""}, "--where ''"),
        ({"where": "@pd.read_csv('x')"}, "without @"),
        ({"where": "window_width_V > 1\nformula"}, "line breaks"),
        ({"where": "__import__('os')"}, "is not understood"),
        ({"sort": "width"}, "--sort width: no column 'width'"),
        ({"top": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_the_work(options, message):
    with pytest.raises(DataError, match=message) as caught:
        Choice(**options).check(COLUMNS)
    assert "\n" not in str(caught.value)


def test_every_result_column_can_be_asked_for():
    columns = {c.key: c.kind for c in screening(pairs=True, steps=True)}
    for name, kind in columns.items():
        condition = {"text": f"{name} == 'x'", "truth": name}.get(kind, f"{name} > 0")
        Choice(where=condition, sort=name).check(columns)


@pytest.fixture
def written(tmp_path):
    def write(suffix, rows=ROWS):
        path = tmp_path / f"rows{suffix}"
        assert write_rows(path, iter(rows), COLUMNS, {"plan": {"ion": "Li"}}) == len(rows)
        assert [p.name for p in tmp_path.iterdir()] == [path.name]
        return path

    return write


def test_csv(written):
    with written(".csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == list(COLUMNS)
    assert rows[0] == ["Li2S", "2.1", "1", "true", ""]
    assert rows[2] == ["La2O3", "", "0", "true", 'said "no limit"\nand left']


def test_jsonl(written):
    records = [json.loads(line) for line in written(".jsonl").read_text("utf-8").splitlines()]
    assert [list(r.values())[1:] for r in records] == ROWS
    assert {r["schema"] for r in records} == {"sse-window/1"}


def test_parquet(written):
    path = written(".parquet")
    table = pyarrow.parquet.read_table(path)
    assert [list(row.values()) for row in table.to_pylist()] == ROWS
    assert [str(kind) for kind in table.schema.types] == [
        "string",
        "double",
        "int64",
        "bool",
        "string",
    ]
    assert json.loads(table.schema.metadata[b"sse_window.plan"]) == {"ion": "Li"}
    assert pd.read_parquet(path)["window_width_V"].isna().tolist() == [False, False, True, False]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_no_rows_are_a_file_as_well(written, suffix):
    assert written(suffix, []).exists()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_many_rows_in_parts(written, suffix):
    path = written(suffix, ROWS * 2500)
    lines = path.read_bytes().count(b"LGPS") if suffix != ".parquet" else None
    assert lines in (2500, None)
    if lines is None:
        assert pyarrow.parquet.read_metadata(path).num_rows == 10_000


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_last_good_file_outlives_a_failure(tmp_path, suffix):
    path = tmp_path / f"rows{suffix}"
    path.write_text("the last good result")

    def rows():
        yield from ROWS
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        write_rows(path, rows(), COLUMNS)
    assert path.read_text() == "the last good result"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
