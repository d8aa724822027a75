"""Pairs against hand-solved mixing, definitions and invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.equilibria.interfaces import Interface
from sse_window.phases.table import PhaseTable


def pair(table, a, b, ion="Li", **options):
    return Interface(table, parse(a), parse(b), ion, **options)


def test_closed_hand_solved(li_p_s):
    # 3 Li2S + P2S5 -> 2 Li3PS4: 9 of 16 atoms are Li2S; (-15.2 + 12.6 + 2.1) / 16 eV.
    worst = pair(li_p_s, "Li2S", "P2S5").chemical()
    for reaction in (worst.total, worst.mutual):
        assert reaction.reaction_energy == pytest.approx(-0.5 / 16, abs=1e-12)
        assert reaction.x_electrolyte == pytest.approx(9 / 16, abs=1e-12)
        assert [p.formula for p in reaction.products] == ["Li3PS4"]


@pytest.mark.parametrize(
    ("voltage", "mutual", "total_there"), [(2.15, -0.02, -0.05), (1.97, -0.04875, -0.05)]
)
def test_open_hand_solved(li_p_s, voltage, mutual, total_there):
    # Per non-Li atom of 3 Li2S + P2S5: Phi(Li3PS4) = (-7.6 + 3 V) / 5.
    worst = pair(li_p_s, "Li2S", "P2S5").electrochemical(voltage)
    assert worst.mutual.reaction_energy == pytest.approx(mutual, abs=1e-12)
    assert worst.mutual.x_electrolyte == pytest.approx(9 / 16, abs=1e-12)
    assert worst.total_at_mutual == pytest.approx(total_there, abs=1e-12)
    assert worst.total.reaction_energy <= worst.total_at_mutual + 1e-12


def test_unmixed_baseline_is_linear_in_non_ion_atoms(li_p_s):
    # A baseline linear in x counted in all atoms would give +6.25 meV here.
    points = pair(li_p_s, "Li2S", "P2S5").electrochemical_curve(2.15)
    x, mutual = np.array([(p.x_electrolyte, p.mutual) for p in points]).T
    assert x == pytest.approx([0.0, 9 / 16, 1.0])
    assert mutual == pytest.approx([0.0, -0.02, 0.0], abs=1e-12)


def test_electrolyte_against_the_metal_is_its_own_decomposition(li_p_s):
    interface = pair(li_p_s, "Li3PS4", "Li")
    worst = interface.electrochemical(0.0)
    # E_D(0) is -1.6 eV/atom, 8 atoms, 5 of them not Li.
    assert worst.total.reaction_energy == pytest.approx(-1.6 * 8 / 5)
    assert worst.total.reaction == "Li3PS4 + 8 Li -> 4 Li2S + Li3P"
    assert worst.mutual.reaction_energy == 0.0
    closed = interface.chemical().total
    assert closed.reaction == "Li3PS4 + 8 Li -> 4 Li2S + Li3P"
    assert closed.reaction_energy == pytest.approx(-12.8 / 16)
    turned = pair(li_p_s, "Li", "Li3PS4").chemical().total
    assert turned.reaction_energy == pytest.approx(closed.reaction_energy)
    assert turned.x_electrolyte == pytest.approx(1 - closed.x_electrolyte)


def test_metal_against_metal_and_a_phase_against_itself(li_p_s):
    for a, b in (("Li", "Li"), ("Li2S", "Li2S"), ("Li2S", "Li4S2")):
        interface = pair(li_p_s, a, b)
        assert interface.chemical().total.reaction_energy == 0.0
        assert interface.chemical().total.reaction == "no reaction"
        assert interface.chemical().total.x_electrolyte is None
        assert interface.electrochemical(1.0).mutual.reaction_energy == 0.0
        assert len(interface.chemical_curve()) == 2


def test_pair_without_the_ion(table):
    interface = pair(table, "La2O3", "Al2O3")
    assert interface.chemical().total.reaction == "La2O3 + Al2O3 -> 2 LaAlO3"
    at_five = interface.electrochemical(5.0)
    assert at_five.total.reaction_energy == pytest.approx(
        interface.chemical().total.reaction_energy, abs=1e-9
    )


def test_energy_above_hull_counts_in_total_only(li_p_s):
    lifted = pair(li_p_s, "Li2S", "P2S5", electrolyte_e_above_hull=0.1)
    plain = pair(li_p_s, "Li2S", "P2S5")
    assert lifted.chemical().mutual.reaction_energy == pytest.approx(
        plain.chemical().mutual.reaction_energy
    )
    assert lifted.chemical().total.reaction_energy == pytest.approx(-0.1)  # Li2S alone is worse
    assert lifted.chemical().total_at_mutual == pytest.approx(-0.5 / 16 - 0.1 * 9 / 16)


def test_third_component(li_p_s):
    # Li2S | P do not react; sulfur as additive takes the phosphorus, which is worst of all.
    two = pair(li_p_s, "Li2S", "P").chemical().mutual
    three = pair(li_p_s, "Li2S", "P", additives=[parse("S")]).chemical().mutual
    assert two.reaction_energy == 0.0
    assert three.reaction_energy == pytest.approx(-0.3)
    assert (three.reaction, three.x_electrolyte) == ("P + 2.5 S -> 0.5 P2S5", 0.0)


def test_transitions_are_those_of_the_sides(li_p_s):
    interface = pair(li_p_s, "Li2S", "P2S5")
    assert interface.transitions_V(1.0, 3.0) == pytest.approx([1.2, 1.84, 1.973333, 2.1], abs=1e-6)
    assert interface.transitions_V(2.1, 2.1) == []


compounds = ["Li2S", "Li3P", "P2S5", "Li3PS4", "Li7P3S11", "LiPS3", "LiGe", "GeS2", "Li4GeS4"]
energies = st.lists(st.integers(-150, -1), min_size=len(compounds), max_size=len(compounds))
sides = st.sampled_from([*compounds, "Li", "S", "P", "Li10GeP2S12", "Li0.3PS3.1"])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(energies, sides, sides, st.floats(0, 4))
def test_invariants(values, a, b, voltage):
    table = PhaseTable.from_formulas(dict(zip(compounds, [v / 100 for v in values], strict=True)))
    interface = pair(table, a, b)
    for worst, curve in (
        (interface.chemical(), interface.chemical_curve()),
        (interface.electrochemical(voltage), interface.electrochemical_curve(voltage)),
    ):
        total, mutual = worst.total.reaction_energy, worst.mutual.reaction_energy
        assert total <= mutual + 1e-8
        assert mutual <= 0.0
        assert total <= worst.total_at_mutual + 1e-8
        # The solve for the worst and the trace of all kinks agree.
        assert min(p.total for p in curve) == pytest.approx(total, abs=2e-8)
        assert min(p.mutual for p in curve) == pytest.approx(mutual, abs=2e-8)
        assert (curve[0].x_electrolyte, curve[-1].x_electrolyte) == (0.0, 1.0)
        assert (curve[0].mutual, curve[-1].mutual) == pytest.approx((0.0, 0.0), abs=1e-8)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(energies, sides, sides)
def test_worst_mutual_over_a_range_lies_at_an_end_or_transition(values, a, b):
    table = PhaseTable.from_formulas(dict(zip(compounds, [v / 100 for v in values], strict=True)))
    interface = pair(table, a, b)
    low, high = 0.5, 3.5
    voltages = [low, *interface.transitions_V(low, high), high]
    reactions = [interface.electrochemical(v) for v in voltages]
    mutual = min(r.mutual.reaction_energy for r in reactions)
    total = min(r.total.reaction_energy for r in reactions[:: len(reactions) - 1])
    for voltage in np.linspace(low, high, 23):
        there = interface.electrochemical(float(voltage))
        assert there.mutual.reaction_energy >= mutual - 1e-7
        assert there.total.reaction_energy >= total - 1e-7


@settings(max_examples=40, deadline=None)
@given(energies, sides, sides, st.floats(0, 4))
def test_reactions_balance(values, a, b, voltage):
    table = PhaseTable.from_formulas(dict(zip(compounds, [v / 100 for v in values], strict=True)))
    interface = pair(table, a, b)
    for worst in (interface.chemical(), interface.electrochemical(voltage)):
        reaction = worst.total.reaction
        if reaction == "no reaction":
            continue
        left, right = reaction.split(" -> ")
        balance: dict[str, float] = {}
        for sign, side in ((1, left), (-1, right)):
            for term in side.split(" + "):
                *factor, formula = term.split(" ")
                n = float(factor[0]) if factor else 1.0
                for element, amount in parse(formula).amounts.items():
                    balance[element] = balance.get(element, 0.0) + sign * n * amount
        assert np.allclose(list(balance.values()), 0.0, atol=5e-3)  # four decimals are printed
