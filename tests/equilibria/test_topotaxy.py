"""Topotactic windows: a hand-made framework, invariants, published capacities, and bad states."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.api import topotactic as ask
from sse_window.cli import main
from sse_window.core.composition import parse
from sse_window.core.errors import SSEWindowError
from sse_window.core.ions import specific_capacity_mAh_per_g
from sse_window.equilibria.topotaxy import topotactic_window
from sse_window.phases.table import PhaseTable


def states_of(energies):
    """States LixCl with energies per Cl [eV]."""
    return [(parse(f"Li{x}Cl" if x else "Cl"), energy / (x + 1)) for x, energy in energies.items()]


@pytest.fixture(scope="module")
def salts() -> PhaseTable:
    return PhaseTable.from_formulas({"LiCl": -2.0, "Na2S": -1.0, "MgO": -3.0})


def test_steps_of_a_framework_solved_by_hand(salts):
    # E = 0, -2, -3.5, -4 eV at x = 0..3: V = 2, 1.5, 0.5 V.
    found = topotactic_window(
        salts, states_of({0: 0.0, 1: -2.0, 2: -3.5, 3: -4.0}), reactant=parse("Li2Cl")
    )
    assert [s.voltage_V for s in found.steps] == pytest.approx([2.0, 1.5, 0.5], abs=1e-12)
    assert found.reduction_potential_V == pytest.approx(0.5)
    assert found.oxidation_potential_V == pytest.approx(1.5)
    assert found.decomposition_window_V[0] == 0.0
    assert found.stable_against_metal is False


def test_a_state_above_the_framework_hull(salts):
    # x = 1 at -1 eV lies 0.75 eV above the line from 0 to -3.5 eV, 0.375 eV/atom of LiCl.
    states = states_of({0: 0.0, 1: -1.0, 2: -3.5})
    found = topotactic_window(salts, states, reactant=parse("Cl"))
    assert [s.voltage_V for s in found.steps] == pytest.approx([1.75])
    assert found.states[1].e_above_framework_hull_eV_per_atom == pytest.approx(0.375)
    # The onset of uptake is the step of the hull, not the way over the middle state.
    assert found.reduction_potential_V == pytest.approx(1.75)
    middle = topotactic_window(salts, states, reactant=parse("LiCl"))
    assert middle.reduction_potential_V == pytest.approx(2.5)
    assert middle.oxidation_potential_V == pytest.approx(1.0)
    assert any("has no window of its own" in note for note in middle.notes)


def test_limits_that_the_states_do_not_give(salts):
    richest = topotactic_window(salts, states_of({0: 0.0, 1: -2.0}), reactant=parse("LiCl"))
    assert richest.reduction_potential_V is None and richest.stable_against_metal is None
    assert richest.reduction_capacity_mAh_per_g is None
    assert any("no reduction limit" in note for note in richest.notes)
    poorest = topotactic_window(salts, states_of({0: 0.0, 1: -2.0}), reactant=parse("Cl"))
    assert poorest.oxidation_potential_V is None
    # A richer state that costs energy against the metal is no limit above 0 V.
    stable = topotactic_window(salts, states_of({1: -2.0, 2: -1.5}), reactant=parse("LiCl"))
    assert stable.reduction_potential_V == 0.0 and stable.stable_against_metal is True
    assert stable.steps[0].voltage_V == pytest.approx(-0.5)


def test_ions_of_higher_charge(salts):
    # MgxO with E = 0 and -6 eV: V = 6 / (2 x 1).
    states = [(parse("O"), 0.0), (parse("MgO"), -3.0)]
    found = topotactic_window(salts, states, "Mg", reactant=parse("MgO"))
    assert found.oxidation_potential_V == pytest.approx(3.0)
    assert found.oxidation_capacity_mAh_per_g == pytest.approx(2 * 96485.33212 / 3.6 / 40.304, 1e-4)


@pytest.mark.slow
@given(
    st.lists(st.floats(-4.0, 1.0), min_size=3, max_size=7),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
@settings(max_examples=80, deadline=None)
def test_order_and_units_change_nothing(energies, factor, random):
    table = PhaseTable.from_formulas({"LiCl": -2.0})
    states = states_of(dict(enumerate(energies)))
    home = states[1][0]
    found = topotactic_window(table, states, reactant=home)
    voltages = [s.voltage_V for s in found.steps]
    assert voltages == sorted(voltages, reverse=True)
    mixed = [
        (parse("".join(f"{e}{n * factor:g}" for e, n in c.amounts.items())), energy)
        for c, energy in states
    ]
    random.shuffle(mixed)
    again = topotactic_window(table, mixed, reactant=home)
    assert [s.voltage_V for s in again.steps] == pytest.approx(voltages, abs=1e-9)
    assert again.reduction_potential_V == pytest.approx(found.reduction_potential_V, abs=1e-9)
    for state in found.states:
        assert state.e_above_framework_hull_eV_per_atom >= 0.0


@pytest.mark.parametrize(
    ("formula", "ions", "capacity"),
    [
        ("Li6PS5Cl", 6, 599.14),
        ("Li6PS5Cl", 8, 798.85),
        ("Li6PS5Br", 6, 514.01),
        ("Li6PS5Br", 8, 685.35),
        ("Li10GeP2S12", 10, 455.2),
        ("Li10GeP2S12", 23.75, 1081.11),
        ("Li3PS4", 8, 1190.78),
        ("Li3YBr6", 3, 136.48),
        ("Li7La3Zr2O12", 7, 223.41),
        ("Li7La3Zr2O12", 8, 255.33),
        ("Li2PO2N", 2, 589.95),
        ("Li2PO2N", 8, 2359.8),
    ],
)
def test_printed_capacities(formula, ions, capacity):
    # Schwietert, Vasileiadis, Wagemaker, JACS Au 2021, 1, 1488, doi:10.1021/jacsau.1c00228, Table
    # 1; five digits are printed, and atomic masses have moved by a few units of the last one.
    found = specific_capacity_mAh_per_g(ions, 1, parse(formula).molar_mass)
    assert found == pytest.approx(capacity, rel=2e-4)


def test_capacity_of_all_lithium(table):
    # 3 Li of Li3PS4: 446.55 mAh/g.
    found = topotactic_window(
        table, [(parse("Li3PS4"), -1.2), (parse("PS4"), -0.3)], reactant=parse("Li3PS4")
    )
    assert found.oxidation_capacity_mAh_per_g == pytest.approx(446.55, rel=2e-4)
    assert found.framework == "PS4" and found.dataset.name == table.provenance.name
    assert found.decomposition_window_V[0] > 1.0


@pytest.mark.parametrize(
    ("energies", "reactant", "words"),
    [
        ({"LiCl": -1.0, "Li2S": -1.0}, "LiCl", "Li2S is not of the framework Cl"),
        ({"Li3PS4": -1.0, "Li2PS3": -1.0}, "Li3PS4", "Li2PS3 is not of the framework PS4"),
        ({"LiCl": -1.0}, "LiCl", "two or more"),
        ({"LiCl": -1.0, "Li2Cl2": -1.1, "Cl": 0.0}, "LiCl", "hold the same Li"),
        ({"LiCl": -1.0, "Cl": 0.0}, "Li2Cl", "none of the states"),
        ({"LiCl": -1.0, "Cl": float("nan")}, "LiCl", "no number"),
        ({"Li": 0.0, "Cl": 0.0}, "Li", "no framework beside Li"),
        ({}, "LiCl", "no states"),
    ],
)
def test_states_that_are_none(energies, reactant, words):
    with pytest.raises(SSEWindowError, match=words):
        ask(energies, reactant=reactant)


def test_command(tmp_path):
    path = tmp_path / "states.csv"
    path.write_text(
        "formula,formation_energy_per_atom_eV\nLi6PS5Cl,-1.243\nLi4PS5Cl,-1.1\nLi11PS5Cl,-1.19\n"
    )
    runner = CliRunner()
    base = ["topotactic", "--states", str(path), "--reactant", "LPSCl"]
    (record,) = json.loads(runner.invoke(main, [*base, "--format", "json"]).stdout)["results"]
    # Per formula: -1.243 x 13 = -16.159, -1.1 x 11 = -12.1 and -1.19 x 18 = -21.42 eV.
    assert record["oxidation_potential_V"] == pytest.approx((16.159 - 12.1) / 2)
    assert record["reduction_potential_V"] == pytest.approx((21.42 - 16.159) / 5)
    assert len(record["states"]) == 3 and record["decomposition_window_V"][0] > 1.0
    picture = tmp_path / "window.svg"
    assert runner.invoke(main, [*base, "-o", str(picture)]).exit_code == 0
    assert "decomposition" in picture.read_text("utf-8")
    path.write_text("formula,formation_energy_per_atom_eV\nLi6PS5Cl,-1.243\nLi4PS5,-1.1\n")
    failed = runner.invoke(main, base)
    assert failed.exit_code == 1 and failed.stderr.count("\n") == 1 and "Li4PS5" in failed.stderr
    assert runner.invoke(main, ["topotactic", "--states", str(tmp_path / "no.csv")]).exit_code == 1
