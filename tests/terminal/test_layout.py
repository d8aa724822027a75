"""Tables that keep numbers and formulas whole at any width."""

from __future__ import annotations

import pytest

from sse_window.terminal.layout import grid, rows_table, terminal_text

LONG = "Li0.33La0.5566667TiO3"


@pytest.mark.parametrize("width", [40, 60, 80, 110])
def test_no_number_or_formula_is_broken(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    table = grid("composition", *(f"column {i}\n(eV/atom)" for i in range(9)))
    table.add_row(LONG, *(f"-{i}.123" for i in range(9)))
    text = terminal_text([table])
    assert all(len(line) <= width for line in text.splitlines())
    words = text.split()
    assert LONG in words
    assert all(f"-{i}.123" in words for i in range(9))
    # Every part says which row it continues.
    assert words.count(LONG) == text.count("composition")


def test_an_amount_stays_with_its_formula(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    table = grid("composition", "reaction")
    table.columns[1].no_wrap = False
    table.add_row("Li2S", "Li10GeP2S12 -> 12 Li2S + 0.25 Li15Ge4 + 2 Li3P")
    lines = [line.rstrip() for line in terminal_text([table]).splitlines()]
    assert not any(line.endswith((" 12", " 0.25", " 2")) for line in lines)


@pytest.mark.parametrize("said", ["abc", "-5", "0", "", "9" * 30, "１２"])
def test_a_width_that_is_no_number_is_passed_over(said, monkeypatch):
    monkeypatch.setenv("COLUMNS", said)
    table = grid("a")
    table.add_row("Li2S")
    assert "Li2S" in terminal_text([table])


def test_escape_codes_do_not_reach_the_terminal():
    text = terminal_text([rows_table([{"formula": "Li\x1b[2JS\x9b", "batch": "a\rb"}])])
    assert text.isprintable() or set(text) - {"\n"} == {c for c in text if c.isprintable()}
    assert "Li?[2JS?" in text


def test_long_headings_break_no_formula_beside_them(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    key = "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom"
    formula = "Li9.54Si1.74P1.44S11.7Cl0.3"
    row = {"electrolyte": formula, "electrode": "LCO", "electrode_state": "charged", key: -0.776}
    text = terminal_text([rows_table([row], list(row), lead=1)])
    assert text.split().count(formula) >= 1
    assert all(formula in line or "Cl0" not in line for line in text.splitlines())
    assert all(len(line) <= 60 for line in text.splitlines())


def test_what_stands_below_a_table_stays_where_it_is_split(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    table = grid("composition", *(f"column {i}" for i in range(9)))
    table.caption = "* a remark"
    table.add_row(LONG, *(f"-{i}.123" for i in range(9)))
    text = terminal_text([table])
    assert text.count("* a remark") == 1 and text.rstrip().endswith("* a remark")
