"""Lists in every form that people keep them in, and compounds by their elements."""

from __future__ import annotations

import io
import sys

import pandas as pd
import pytest

from sse_window.core.errors import DataError, FormulaError
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.runs.lists import read_list
from sse_window.runs.selection import matching, select_phases


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_text_with_comments_and_blank_lines(tmp_path):
    path = write(tmp_path, "list.txt", "# sulfides\nLGPS\n\n  Li3PS4  # glass\r\nLiCl·H2O\n")
    selection = read_list(path)
    assert selection.formulas == ("LGPS", "Li3PS4", "LiCl·H2O")
    assert selection.electrodes is None
    assert selection.columns == {}


def test_csv_carries_columns_with_their_kinds(tmp_path):
    path = write(
        tmp_path,
        "list.csv",
        "# exported by hand\nid,formula,rank,score,made,note,dots,long\n"
        '007,LGPS,1,0.5,true,"a, b",.,1\n008,NaN,2,,FALSE,,-1e3,1234567890123456789\n\n',
    )
    selection = read_list(path)
    assert selection.formulas == ("LGPS", "NaN")  # sodium nitride is no missing value
    assert dict(selection.columns) == {
        "id": ["007", "008"],
        "rank": [1, 2],
        "score": [0.5, None],
        "made": [True, False],
        "note": ["a, b", None],
        "dots": [".", "-1e3"],
        "long": ["1", "1234567890123456789"],
    }


def test_header_is_recognised_in_any_text(tmp_path, monkeypatch):
    path = write(tmp_path, "list.dat", "electrolyte,electrode\nLGPS,LCO\nLLZO\n")
    selection = read_list(path)
    assert selection.formulas == ("LGPS", "LLZO")
    assert selection.electrodes == ("LCO", "")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfformula\nLi2S\n")))
    assert read_list("-").formulas == ("Li2S",)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Li2S\nLi2O\n")))
    assert read_list("-").formulas == ("Li2S", "Li2O")


@pytest.mark.parametrize("name", ["list.txt", "list.csv", "list.tsv"])
@pytest.mark.parametrize("separator", ["\t", ";"])
def test_tabs_and_semicolons_separate_columns_as_well(tmp_path, name, separator):
    rows = ["electrolyte", "electrode", "note"], ["LGPS", "LCO", "a, b"], ["LLZO", "Li", ""]
    path = write(tmp_path, name, "\n".join(separator.join(row) for row in rows))
    selection = read_list(path)
    assert selection.formulas == ("LGPS", "LLZO")
    assert selection.electrodes == ("LCO", "Li")
    assert dict(selection.columns) == {"note": ["a, b", None]}


def test_closed_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="cannot read standard input: it is closed"):
        read_list("-")


def test_parquet(tmp_path):
    path = tmp_path / "list.parquet"
    frame = pd.DataFrame(
        {"electrolyte": ["LGPS", None], "electrode": ["LCO", "Li"], "x": [1.5, float("nan")]}
    )
    frame.to_parquet(path)
    selection = read_list(path)
    assert selection.formulas == ("LGPS", "")
    assert selection.electrodes == ("LCO", "Li")
    assert dict(selection.columns) == {"x": [1.5, None]}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "# nothing\n\n", "nothing to screen"),
        ("a.csv", "", "nothing to screen"),
        ("a.csv", "formula\n", "nothing to screen"),
        ("a.csv", "name,mass\nLGPS,1\n", "no column 'formula' or 'electrolyte'.*name, mass"),
        ("a.csv", "formula,x,x\nLGPS,1,2\n", "'x' stands there twice"),
        ("a.csv", "formula\nLGPS,1\n", "row 2 has 2 fields"),
        ("a.tsv", "name\tmass\nLGPS\t1\n", "no column 'formula' or 'electrolyte'.*name, mass"),
        ("a.tsv", "formula\nLGPS\t1\n", "row 2 has 2 fields.*hold a tab"),
        ("a.csv", 'formula\n"LGPS\n', "as CSV"),
        ("a.txt", b"Li\xff\n", "UTF-8"),
        ("a.parquet", "formula\nLGPS\n", "as Parquet"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(tmp_path, name, content, message):
    with pytest.raises(DataError, match=message) as caught:
        read_list(write(tmp_path, name, content))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["none.txt", "none.parquet", "."])
def test_unreadable_file(tmp_path, name):
    with pytest.raises(DataError, match="cannot read"):
        read_list(tmp_path / name)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("Li", {"Li", "Li2S", "Li3P", "Li3PS4", "LiCl", "Li2CO3"}),
        ("Li & (S | Cl) & !C", {"Li2S", "Li3PS4", "LiCl"}),
        ("Li&S|Cl", {"Li2S", "Li3PS4", "Cl2", "LiCl"}),
        ("not Li and not (P or S)", {"C", "Cl2", "O2"}),
        ("!!S", {"S", "Li2S", "P2S5", "Li3PS4"}),
        ("Br", set()),
    ],
)
def test_expressions_of_elements(expression, wanted):
    table = PhaseTable.from_formulas(
        {"Li2S": -1, "Li3P": -1, "Li3PS4": -1, "P2S5": -0.1, "LiCl": -2, "Li2CO3": -2}
    )
    assert set(table.formulas[matching(table, expression)].tolist()) == wanted


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "empty expression"),
        ("Li &", "ends where an element should follow"),
        ("Li S", "expected & or | before 'S'"),
        ("(Li", "never closed"),
        ("Li)", "before '\\)'"),
        ("li", "'li' is no element, did you mean Li"),
        ("Xx & Li", "'Xx' is no element"),
        ("Li & 3", "'3' is no element"),
        ("(" * 400 + "Li", "shorten it"),
    ],
)
def test_expressions_that_say_nothing(expression, message):
    with pytest.raises(FormulaError, match=message):
        matching(PhaseTable.from_formulas({"Li2S": -1}), expression)


def test_compounds_up_to_an_energy_above_hull(table):
    assert len(select_phases(table, "Li")) == 8656
    near = select_phases(table, "Li & S", 0.03)
    rows = [table.index(formula) for formula in near.formulas]
    assert (table.e_above_hull[rows] <= 0.03).all()
    assert len(near) < len(select_phases(table, "Li & S"))
    with pytest.raises(DataError, match="in dataset 'mp-2020-polyanions' matches 'Li & He'"):
        select_phases(table, "Li & He")


def test_unknown_energy_above_hull_is_not_left_out():
    table = PhaseTable.from_formulas({"Li2S": -1.4}, Provenance("mine", "", "", ""))
    assert select_phases(table, "Li", 0.0).formulas == ("Li2S",)
