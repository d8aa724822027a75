"""What is reported about a pair over the operating range."""

from __future__ import annotations

import pickle

import pytest
from hand_made import pair

from sse_window.cells.pairs import pair_curves
from sse_window.cells.reactions import _lowest
from sse_window.core.composition import parse
from sse_window.equilibria.interfaces import Interface


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
    assert result.additive.electrochemical[-1].voltage_V == 0.0
    assert result.additive.chemical.total.reaction_energy < 0.0


def test_curves_run_from_electrode_to_electrolyte(table):
    result = pair(table, "LLZO", "LiCoO2")[0]
    curves = pair_curves(result)
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


def test_a_tie_of_the_worst_voltage_is_the_lowest_one():
    assert _lowest([3.0, 3.5, 4.0], [-0.1, -0.2, -0.2 - 1e-12]) == 3.5
    assert _lowest([3.0, 3.5, 4.0], [-0.1, -0.2, -0.3]) == 4.0


def test_a_result_travels_with_its_own_phases_only(table):
    result = pair(table, "LGPS", "LCO")[0]
    sent = pickle.dumps(result)
    assert len(sent) < 200_000
    again = pickle.loads(sent)
    assert pair_curves(again) == pair_curves(result)


def test_additive_takes_part_in_what_forms(table):
    # The interphase of three components names phases of the third.
    result = pair(table, "LPSCl", "LCO", additive="C")[0]
    assert result.additive is not None
    shares = result.additive.chemical.mutual.fractions
    assert len(shares) == 3
    assert sum(shares) == pytest.approx(1.0)


def test_carbon_that_does_not_react_still_carries_electrons(table):
    result = pair(table, "LPS", "LFP", additive="C")[0]
    effect = result.additive
    assert effect is not None
    assert effect.statement.endswith(
        "carries electrons to the electrolyte, whose own limits then apply"
    )
    inert = pair(table, "Li2S", "Li", additive="Fe")[0].additive
    assert inert is not None
    assert inert.statement == "Fe does not react"


def test_what_carbon_adds_is_part_of_the_interphase(table):
    plain, aided = (pair(table, "LLZO", "LCO", additive=a)[0].interphase for a in (None, "C"))
    formed = [f for c in aided.conditions for f in c.formations if "with C" in f.formed_by]
    assert any("Li2CO3" in {p.formula for p in each.products} for each in formed)
    assert {f.reaction for c in plain.conditions for f in c.formations} <= {
        f.reaction for c in aided.conditions for f in c.formations
    }
