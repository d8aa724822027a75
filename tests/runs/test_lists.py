"""Lists as people have them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from sse_window.core.errors import DataError
from sse_window.runs.lists import read_list

FORMULAS = ("Li2S", "Li3PS4")


@pytest.mark.parametrize(
    "content",
    [
        ["Li2S", "Li3PS4"],
        [{"formula": "Li2S", "batch": 1}, {"formula": "Li3PS4"}],
        {"formula": ["Li2S", "Li3PS4"], "batch": [1, 2]},
        {"results": [{"formula": "Li2S"}, {"formula": "Li3PS4"}], "schema": "x"},
        [{"electrolyte": "Li2S", "electrode": "LCO"}, {"electrolyte": "Li3PS4", "electrode": "x"}],
    ],
)
def test_json_lists(tmp_path, content):
    path = tmp_path / "list.json"
    path.write_text(json.dumps(content))
    assert read_list(path).formulas == FORMULAS


def test_json_lines(tmp_path):
    path = tmp_path / "list.jsonl"
    path.write_text('{"formula": "Li2S", "batch": 7}\n"Li3PS4"\n')
    selection = read_list(path)
    assert selection.formulas == FORMULAS and selection.columns["batch"] == [7, None]


@pytest.mark.parametrize("suffix", ["csv", "txt", "json", "parquet"])
def test_the_column_of_the_formulas_can_be_named(tmp_path, suffix):
    path = tmp_path / f"list.{suffix}"
    columns = {"my formula": list(FORMULAS), "batch": [1, 2]}
    if suffix == "json":
        path.write_text(json.dumps(columns))
    elif suffix == "parquet":
        parquet.write_table(pyarrow.table(columns), path)
    else:
        path.write_text("my formula,batch\nLi2S,1\nLi3PS4,2\n")
    selection = read_list(path, "my formula")
    assert selection.formulas == FORMULAS and list(selection.columns["batch"]) == [1, 2]
    with pytest.raises(DataError, match=r"no column 'other'.*my formula"):
        read_list(path, "other")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Mars/Olympus", None])
def test_times_with_zones_are_carried(tmp_path, zone):
    path = tmp_path / "list.parquet"
    times = pyarrow.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2, pyarrow.timestamp("ns", "UTC"))
    times = times.cast(pyarrow.int64()).cast(pyarrow.timestamp("ns", zone))
    parquet.write_table(pyarrow.table({"formula": list(FORMULAS), "when": times}), path)
    selection = read_list(path)
    assert selection.formulas == FORMULAS
    assert str(selection.columns["when"][0]).startswith("2026-01-01 00:00:00")


@pytest.mark.parametrize("suffix", ["txt", "csv", "json"])
def test_a_first_line_of_200_kB(tmp_path, suffix):
    path = tmp_path / f"list.{suffix}"
    path.write_text("Li2S" * 50_000 + "\nLi2S\n")
    if suffix == "txt":
        assert read_list(path).formulas[1] == "Li2S"
    else:
        with pytest.raises(DataError) as failure:
            read_list(path)
        assert len(str(failure.value)) < 1000


@pytest.mark.parametrize("content", ["[1]", "3", "{", '{"formula": ["Li2S"], "x": []}', "[" * 9999])
def test_json_that_is_no_list(tmp_path, content):
    path = tmp_path / "list.json"
    path.write_text(content)
    with pytest.raises(DataError, match=r"list\.json"):
        read_list(path)


def test_a_name_that_is_no_text(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("Li2S\n")
    selection = read_list(path)
    assert selection.formulas == ("Li2S",)
    selection.source.encode()
    with pytest.raises(DataError, match="cannot read"):
        read_list("a\0b")


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["txt", "csv", "tsv", "json", "jsonl", "parquet"]),
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(str.encode),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["formula", "results", "x"]), inner, max_size=3),
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_any_list(tmp_path, suffix, content):
    path = tmp_path / f"list.{suffix}"
    path.write_bytes(content)
    try:
        selection = read_list(path)
    except DataError as error:
        assert "\n" not in str(error)
    else:
        assert all(isinstance(formula, str) for formula in selection.formulas)
        assert all(len(values) == len(selection) for values in selection.columns.values())
