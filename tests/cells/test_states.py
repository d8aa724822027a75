"""Electrodes in a cell: states of charge and operating ranges."""

from __future__ import annotations

import pytest

from sse_window.cells.states import electrode_states
from sse_window.core.errors import FormulaError


def test_a_name_gives_two_states_a_formula_one(table):
    states = electrode_states(table, "LCO")
    assert [s.state for s in states] == ["discharged", "charged"]
    assert [s.composition.formula for s in states] == ["LiCoO2", "Li0.5CoO2"]
    assert states[0].voltage_range_V == (3.0, 4.2)
    (formula,) = electrode_states(table, "LiCoO2")
    assert formula.state == "as given"
    assert formula.voltage_range_V == (3.0, 4.2)  # of the electrode of this composition
    (metal,) = electrode_states(table, "Li")
    assert metal.voltage_range_V == (0.0, 0.0)


def test_an_unknown_electrode_operates_within_its_own_window(table):
    (state,) = electrode_states(table, "LiNiPO4")
    low, high = state.voltage_range_V
    assert 0.0 <= low <= high <= 5.0
    assert "stability window" in state.range_source


def test_the_range_asked_for_wins(table):
    states = electrode_states(table, "LCO", voltage_range_V=(2.5, 4.5))
    assert all(s.voltage_range_V == (2.5, 4.5) for s in states)
    for bad in ((4.0, 3.0), (-0.1, 1.0), (float("nan"), 1.0), (0.0, float("inf"))):
        with pytest.raises(FormulaError, match="LOW <= HIGH"):
            electrode_states(table, "LCO", voltage_range_V=bad)
