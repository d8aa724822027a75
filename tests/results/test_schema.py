"""Columns of results: every one of them is a place in a real record."""

from __future__ import annotations

import pytest

from sse_window.api import compare_pairs, compare_windows
from sse_window.results.rows import holds, row
from sse_window.results.schema import (
    ORIGIN,
    PAIR,
    TABLES,
    WINDOW,
    known_columns,
    markdown,
    screening,
)

COMPARED = ("mp-legacy", "oqmd")


@pytest.fixture(scope="module")
def records():
    window = compare_windows("LGPS", phases=COMPARED, sensitivity=True, voltage_V=0.0, draws=3)[
        0
    ].to_dict()
    pair = compare_pairs("LGPS", "LiCoO2", phases=COMPARED, additive="C", draws=3)[0].to_dict()
    return {"window": (window, WINDOW), "pair": (pair, PAIR)}


@pytest.mark.parametrize("question", ["window", "pair"])
def test_every_path_leads_to_a_place_in_the_record(records, question):
    record, columns = records[question]
    record = {**record, "version": "1"}
    lost = {column.key for column in columns if not holds(record, column.steps)}
    # An electrolyte alone has the verdict of a pair, but neither contact nor range.
    assert not lost - ({column.key for column in PAIR} if question == "window" else set())
    made = row(record, columns)
    assert list(made) == [column.key for column in columns]
    for column in columns:
        value = made[column.key]
        kinds = {"text": str, "number": (int, float), "whole": int, "truth": bool}
        assert value is None or isinstance(value, kinds[column.kind]), column.key


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_are_unique_and_say_their_units(name):
    keys = [column.key for column in TABLES[name]]
    assert len(set(keys)) == len(keys)
    for column in TABLES[name]:
        assert column.label
        if column.unit in ("V", "eV", "eV/atom", "S/cm", "K"):
            assert any(part in column.key for part in ("_V", "_eV", "_S_", "_K", "voltage")), column


def test_what_is_not_asked_is_no_column(records):
    record, columns = records["window"]
    plain = {**record, "sensitivity": None, "uncertainty": None, "spread": None}
    made = row(plain, columns)
    assert "reduction_limiting_phase" not in made
    assert "oxidation_median_V" not in made
    assert "reduction_potential_V" in made


def test_a_screening_ends_in_the_columns_of_its_own():
    keys = [column.key for column in screening(pairs=True, steps=True, compare=["oqmd"])]
    assert len(set(keys)) == len(keys)
    assert keys[-1] == "steps"
    assert "oqmd_interphase_class" in keys
    assert not {column.key for column in ORIGIN} & set(keys)


def test_the_list_for_documentation_names_every_column():
    text = markdown(tuple(known_columns().values()))
    assert text.count("\n") == len(known_columns()) + 1
