"""Electrodes in a cell: states, operating ranges, and what is reported over a range."""

from __future__ import annotations

import pytest

from sse_window.cells.pairs import electrode_states, pair, pair_curves
from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.equilibria.mixtures import Interface


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


def test_reported_reactions_are_those_of_the_interface(table):
    result = pair(table, "LGPS", "LiCoO2")[0]
    interface = Interface(table, parse("Li10GeP2S12"), parse("LiCoO2"))
    low, high, worst = result.electrochemical
    assert low.total == interface.electrochemical(3.0).total
    assert high.mutual == interface.electrochemical(4.2).mutual
    over_range = result.energies_over_range
    assert [e.voltage_V for e in over_range] == [3.0, *result.transitions_V, 4.2]
    assert worst.total.reaction_energy == min(
        e.total_reaction_energy_eV_per_nonion_atom for e in over_range
    )
    assert worst.mutual.reaction_energy == min(
        e.mutual_reaction_energy_eV_per_nonion_atom for e in over_range
    )
    assert worst.voltage_V == worst.mutual.voltage_V


def test_both_states_meet_at_the_same_products_when_open(table):
    discharged, charged = pair(table, "LGPS", "LCO")
    # Open to lithium, the charged and discharged electrode are one composition without it.
    assert discharged.electrochemical[2].mutual.reaction_energy == pytest.approx(
        charged.electrochemical[2].mutual.reaction_energy
    )
    assert discharged.chemical.total.reaction_energy > charged.chemical.total.reaction_energy


def test_additive_never_makes_the_worst_reaction_milder(table):
    plain = pair(table, "LPSCl", "LiCoO2")[0]
    with_carbon = pair(table, "LPSCl", "LiCoO2", additive="C")[0]
    effect = with_carbon.additive
    assert effect.chemical.mutual.reaction_energy <= plain.chemical.mutual.reaction_energy + 1e-9
    assert effect.added_chemical_mutual_eV_per_atom == pytest.approx(
        effect.chemical.mutual.reaction_energy - plain.chemical.mutual.reaction_energy, abs=1e-9
    )


def test_additive_beside_the_metal(table):
    result = pair(table, "LPS", "Li", additive="C")[0]
    assert result.additive.electrochemical.voltage_V == 0.0
    assert result.additive.chemical.total.reaction_energy < 0.0


def test_curves_run_from_electrode_to_electrolyte(table):
    result = pair(table, "LLZO", "LiCoO2")[0]
    curves = pair_curves(table, result)
    assert (curves.chemical[0].x_electrolyte, curves.chemical[-1].x_electrolyte) == (0.0, 1.0)
    assert [v for v, _ in curves.electrochemical] == [3.0, 4.2]
    assert min(p.total for p in curves.chemical) == pytest.approx(
        result.chemical.total.reaction_energy, abs=1e-8
    )


def test_sodium_and_magnesium_cells(table):
    sodium = pair(table, "Na3PS4", "NaxCoO2", "Na")
    assert [r.electrode_state for r in sodium] == ["discharged", "charged"]
    assert sodium[0].chemical.total.reaction_energy < 0.0
    magnesium = pair(table, "MgSc2Se4", "Mg", "Mg")[0]
    assert magnesium.voltage_range_V == (0.0, 0.0)
    assert magnesium.electrochemical[0].mutual.reaction_energy == 0.0
