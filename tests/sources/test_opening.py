"""The phase table that a question asks for."""

from __future__ import annotations

import pytest

from sse_window.core.errors import DataError, EntriesError, SourceError
from sse_window.facts.names import resolve
from sse_window.sources.opening import open_table


def test_entries_join_and_phases_leave(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("formula,formation_energy_per_atom_eV\nLi3YCl6,-2.6\n")
    table, notices = open_table(entries=[mine], exclude=["LiS4"])
    assert table.index("Li3YCl6") is not None
    assert table.index("LiS4") is None
    assert len(table.provenance.additions) >= 2
    assert all(isinstance(notice, str) for notice in notices)


@pytest.mark.parametrize("name", ["LGPS", "LLZO", "LCO", "graphite", "Li2S·P2S5"])
def test_phases_leave_by_any_name_of_a_question(name):
    composition = resolve(name).reduced_formula
    if open_table()[0].index(composition) is None:
        with pytest.raises(DataError, match="cannot exclude"):
            open_table(exclude=[name])
        return
    table, _ = open_table(exclude=[name])
    assert table.index(composition) is None
    assert table.provenance.additions == (f"without {composition}",)


def test_a_higher_energy_replaces_only_if_told(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("formula,formation_energy_per_atom_eV\nLi2S,-1.0\n")
    kept, notices = open_table(entries=[mine])
    replaced, _ = open_table(entries=[mine], replace=True)
    row = kept.index("Li2S")
    assert kept.formation_energy_per_atom[row] < -1.3
    assert replaced.formation_energy_per_atom[replaced.index("Li2S")] == -1.0
    assert any("Li2S" in notice for notice in notices)


def test_failures_are_documented_errors(tmp_path):
    with pytest.raises(EntriesError):
        open_table(entries=[tmp_path / "absent.csv"])
    with pytest.raises(DataError):
        open_table("nowhere")
    with pytest.raises(DataError, match="refreshed"):
        open_table("oqmd", refresh=True)
    with pytest.raises((SourceError, DataError)):
        open_table("mp", refresh=True)
