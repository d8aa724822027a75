"""Terminal tables: every number shown, nothing cut off, no markup of users' text."""

from __future__ import annotations

import pytest

from sse_window.cells.pair_questions import analyse_pair
from sse_window.cells.states import electrode_states
from sse_window.cells.window_questions import analyse_window
from sse_window.core.composition import parse
from sse_window.terminal import (
    Reference,
    pair_tables,
    profile_tables,
    terminal_text,
    window_tables,
)

LI = Reference.metal("Li")


def test_window_table_shows_limits_reactions_and_provenance(table):
    analysed = analyse_window(table, parse("Li7La3Zr2O12"), sensitivity=True, draws=10)
    text = terminal_text(window_tables([analysed], LI))
    for expected in ("0.049", "2.899", "V vs Li/Li+", "Li6Zr2O7", "Zr reduced", "10 draws"):
        assert expected in text
    assert table.provenance.sha256[:12] in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_profile_table_shows_every_step(table):
    analysed = analyse_window(table, parse("Li1.3Al0.3Ti1.7(PO4)3"))
    text = terminal_text(profile_tables([analysed], LI))
    for step in analysed.steps:
        assert f"{step.voltage_low_V:.3f}" in text
    assert "gas: O2" in text
    assert "not in the dataset" in text


def test_pair_table_shows_total_mutual_and_verdict(table):
    states = electrode_states(table, "LCO")
    results = [analyse_pair(table, "LGPS", state, draws=5) for state in states]
    text = terminal_text(pair_tables(results))
    for expected in ("-0.333", "-0.323", "discharged", "charged", "interphase class 3", "5 draws"):
        assert expected in text


def test_reference_shifts_every_voltage(table):
    analysed = analyse_window(table, parse("Li3PS4"))
    text = terminal_text(profile_tables([analysed], Reference("Li-In", 0.62)))
    assert "V vs Li-In" in text
    assert f"{1.7207 - 0.62:.3f}" in text
    assert Reference.metal("Mg").label == "Mg/Mg2+"
    assert Reference.metal("Li").of(2.0) == 2.0


def test_text_in_brackets_is_not_markup(table):
    analysed = analyse_window(table, parse("[Li3][PS4]"))
    assert "[Li3][PS4]" in terminal_text(window_tables([analysed], LI))


def test_colour_only_on_a_terminal(table, monkeypatch):
    analysed = analyse_window(table, parse("Li3PS4"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    assert "\x1b[" in terminal_text(window_tables([analysed], LI))
    assert "\x1b[" not in terminal_text(window_tables([analysed], LI), to_file=True)


@pytest.mark.parametrize("columns", ["40", "80"])
def test_narrow_terminals_fold_instead_of_cutting(table, monkeypatch, columns):
    analysed = analyse_window(table, parse("Li7La3Zr2O12"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "…" not in terminal_text(window_tables([analysed], LI))
