"""Energies of compositions as phases, and reactions as text."""

from __future__ import annotations

import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import EquilibriumError, FormulaError, UnknownElementsError
from sse_window.equilibria.chemical_system import ChemicalSystem, Product, balanced_reaction
from sse_window.equilibria.phase_energies import phase_energy
from sse_window.equilibria.reservoirs import metal
from sse_window.phases.table import PhaseTable


@pytest.mark.parametrize(
    ("formula", "lift", "energy", "above", "basis"),
    [
        ("Li3PS4", None, -7.6, 0.0, "stable phase"),
        ("Li6P2S8", None, -15.2, 0.0, "stable phase"),
        ("Li5PS5", None, -11.8, None, "phase equilibria of the composition"),
        ("Li3PS4", 0.1, -6.8, 0.1, "metastable phase put on the hull"),
        ("Li5PS5", 0.1, -10.7, 0.1, "phase equilibria of the composition"),
    ],
)
def test_energy_of_a_composition_as_a_phase(li_p_s, formula, lift, energy, above, basis):
    phase = phase_energy(li_p_s, parse(formula), lift)
    assert phase.energy == pytest.approx(energy)
    assert phase.e_above_hull == (above and pytest.approx(above))
    assert phase.basis == basis
    assert (phase.note is None) == (lift is None and phase.in_dataset)


def test_energy_above_hull_counts_every_phase():
    table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS": -0.9})
    # LiS: 1/2 Li2S + 1/2 S is (-4.2 / 2) / 2 eV/atom.
    phase = phase_energy(table, parse("LiS"))
    assert phase.e_above_hull == pytest.approx(-0.9 + 1.05)


def test_closed_system_conserves_the_ion(li_p_s):
    system = ChemicalSystem(li_p_s, ["Li", "P", "S"])
    vertex = system.equilibrium(parse("Li5PS5"))
    assert {p.formula: p.amount for p in system.products(vertex, parse("Li5PS5"))} == (
        pytest.approx({"Li3PS4": 1.0, "Li2S": 1.0})
    )


def test_questions_that_have_no_answer(li_p_s):
    with pytest.raises(UnknownElementsError, match="O"):
        ChemicalSystem(li_p_s, ["Li", "O"])
    with pytest.raises(FormulaError, match="working ion"):
        metal("Ge")
    without = li_p_s.exclude(["P"])
    system = ChemicalSystem(without, ["Li", "P"])
    with pytest.raises(EquilibriumError, match="excluded"):
        system.equilibrium(parse("LiP"))


@pytest.mark.parametrize(
    ("uptake", "text"),
    [
        (5.0, "Li3PS4 + 5 Li -> 4 Li2S + P"),
        (-3.0, "Li3PS4 -> 4 Li2S + P + 3 Li"),
        (0.0, "Li3PS4 -> 4 Li2S + P"),
    ],
)
def test_ions_stand_on_the_side_they_come_from(uptake, text):
    products = [Product("Li2S", 4.0), Product("P", 1.0)]
    assert balanced_reaction([("Li3PS4", 1.0)], products, {"Li": uptake}) == text
