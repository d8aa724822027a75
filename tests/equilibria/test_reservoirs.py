"""Potentials that reservoirs fix together, and systems open to them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.equilibria.chemical_system import ChemicalSystem, balanced_reaction
from sse_window.equilibria.mixtures import Mixture
from sse_window.equilibria.reservoirs import (
    Potential,
    Reservoir,
    metal,
    open_to,
)
from sse_window.phases.table import PhaseTable

OXIDES = {"CaO": -3.29, "CO2": -1.36, "CaCO3": -2.50, "Li2O": -2.07, "Li2CO3": -2.10}


def test_gases_fix_their_elements_together():
    air = [
        Reservoir("O2", Potential(-1.0, 0.5)),
        Reservoir("H2O", Potential(-3.0, 0.25)),
        Reservoir("CO2", Potential(-5.0)),
    ]
    found = open_to(air).elements
    assert found["O"] == Potential(-0.5, 0.25)
    assert found["H"].value == pytest.approx((-3.0 + 0.5) / 2)
    assert found["H"].rate == pytest.approx(0.0)
    assert found["C"].value == pytest.approx(-4.0)
    # What the elements cost is what the gases cost.
    for gas in air:
        composition = parse(gas.formula)
        value = sum(n * found[e].value for e, n in composition.amounts.items())
        assert value == pytest.approx(gas.potential.value)


@pytest.mark.parametrize("gases", [["O2", "CO2", "CO"], ["O2", "O3"], ["CO2", "CO2"]])
def test_gases_that_turn_into_each_other(gases):
    with pytest.raises(FormulaError, match="turn into each other"):
        open_to([Reservoir(gas, Potential(-1.0)) for gas in gases])


def test_what_is_exchanged_holds_the_atoms():
    gases = [Reservoir(formula, Potential(0.0)) for formula in ("O2", "CO2", "H2O")]
    found = open_to(gases).exchanged({"C": 2.0, "H": -2.0, "O": 1.0})
    assert found == pytest.approx({"O2": -1.0, "CO2": 2.0, "H2O": -1.0})
    assert open_to([]).exchanged({}) == {}


def test_a_molecule_alone_leaves_its_elements_free():
    # CO2 alone at the same potential gives the same equilibrium, whatever oxygen is.
    table = PhaseTable.from_formulas(OXIDES)
    kT = 8.617333e-5 * 1000.0
    system = ChemicalSystem(table, ["Ca", "C", "O"], Reservoir("CO2", Potential(-5.5, kT)))
    assert set(system.elements) == {"Ca", "C", "O"}
    oxide, carbonate = system.trace(parse("CaCO3"), -5.0, 30.0)
    assert oxide.high == pytest.approx((5 * -2.50 + 2 * 3.29 + 5.5) / kT)
    products = system.products(oxide.vertex, parse("CaCO3"))
    assert [p.formula for p in products] == ["CaO"]
    taken = system.exchange(oxide.vertex, 5.0, {})
    assert balanced_reaction([("CaCO3", 1.0)], products, taken) == "CaCO3 -> CaO + CO2"
    up = system.trace(parse("CaO"), 20.0, 30.0)[-1].vertex
    products = system.products(up, parse("CaO"))
    taken = system.exchange(up, 2.0, {})
    assert balanced_reaction([("CaO", 1.0)], products, taken) == "CaO + CO2 -> CaCO3"
    assert [p.formula for p in system.products(carbonate.vertex, parse("CaCO3"))] == ["CaCO3"]


def test_carbonate_falls_apart_where_carbon_dioxide_is_cheap():
    # CaCO3 -> CaO + CO2 at mu(CO2) = 5 * -2.50 + 2 * 3.29; the logarithm of the pressure at
    # 1000 K is the parameter.
    table = PhaseTable.from_formulas(OXIDES)
    kT = 8.617333e-5 * 1000.0
    gases = (Reservoir("O2", Potential(-2.0)), Reservoir("CO2", Potential(-5.5, kT)))
    system = ChemicalSystem(table, ["Ca", "C", "O"], *gases)
    assert system.elements == ("Ca",)
    oxide, carbonate = system.trace(parse("CaCO3"), -math.inf, math.inf)
    assert oxide.high == pytest.approx((5 * -2.50 + 2 * 3.29 + 5.5) / kT)
    products = system.products(oxide.vertex, parse("CaCO3"))
    assert [p.formula for p in products] == ["CaO"]
    taken = system.exchange(oxide.vertex, 1.0, {"C": 1.0, "O": 3.0})
    assert balanced_reaction([("CaCO3", 1.0)], products, taken) == "CaCO3 -> CaO + CO2"
    assert [p.formula for p in system.products(carbonate.vertex, parse("CaCO3"))] == ["CaCO3"]


def test_gas_beside_the_ion():
    table = PhaseTable.from_formulas(OXIDES)
    oxygen = Reservoir("O2", Potential(-0.8))
    system = ChemicalSystem(table, ["Ca", "Li", "O"], metal("Li"), oxygen)
    assert system.elements == ("Ca",)
    with_calcium = Mixture(system, [parse("CaO"), parse("Li2O")])
    assert with_calcium.kept == [0]  # what holds open elements only is no side
    assert system.open_energy(parse("Li2O"), 3 * -2.07, 2.0) == pytest.approx(-6.21 + 0.4 + 4.0)


def test_entropies_are_rates():
    table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS": -0.9})
    rates = np.where(table.formulas == "LiS", -1e-3, 0.0)
    system = ChemicalSystem(table, ["Li", "S"], rates=rates)
    low, high = system.trace(parse("LiS"), 0.0, 1000.0)
    # Li2S + S: 3/4 * -1.4 = -1.05 eV/atom against -0.9 - 0.001 T.
    assert low.high == pytest.approx(150.0)
    assert [p.formula for p in system.products(high.vertex, parse("LiS"))] == ["LiS"]


def test_gases_of_any_number_of_sides():
    table = PhaseTable.from_formulas(OXIDES)
    gases = (Reservoir("O2", Potential(-1.0)), Reservoir("CO2", Potential(-4.9)))
    system = ChemicalSystem(table, ["Ca", "Li", "C", "O"], *gases)
    sides = [parse(f) for f in ("CaCO3", "Li2O", "CO2")]
    mixture = Mixture(system, sides)
    assert mixture.kept == [0, 1]
    energies = [-12.5, -6.21, -4.08]
    worst = mixture.most_negative(mixture.cost(0.0), mixture.given(energies, 0.0))
    assert worst.energy < 0.0
    text, products, taken = mixture.reaction(worst.vertex, worst.fractions)
    assert set(taken) == {"O2", "CO2"}
    assert taken["O2"] == pytest.approx(0.0, abs=1e-12)
    assert mixture.in_atoms(worst.fractions)[2] == 0.0
    assert "->" in text and products
