"""Third components: what they add, what forms, and what is said of carbon."""

from __future__ import annotations

import pytest
from hand_made import pair

from sse_window import api
from sse_window.core.composition import parse
from sse_window.phases.table import PhaseTable
from sse_window.sources import datasets


@pytest.fixture(scope="module")
def table() -> PhaseTable:
    return datasets.load("mp-legacy")


def test_by_hand():
    # Li3PS4 + P2S5 is on the hull, and so is Li3PS4 + Li2S; all three together give Li3PS4 from the
    # ends: -0.03125 eV/atom, as Li2S + P2S5 alone.
    table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95})
    (result,) = pair(table, "Li3PS4", "P2S5", voltage_range_V=(2.0, 2.1), additive="Li2S")
    assert result.chemical.mutual.reaction_energy == pytest.approx(0.0, abs=1e-9)
    effect = result.additive
    assert effect.added_chemical_mutual_eV_per_atom == pytest.approx(-0.03125, abs=1e-9)
    assert effect.chemical.mutual.reaction == "P2S5 + 3 Li2S -> 2 Li3PS4"
    assert [each.at for each in effect.electrochemical] == ["low", "high", "worst"]
    assert effect.statement.startswith("Li2S adds -0.031")


@pytest.mark.parametrize("additive", ["LGPS", "LiCoO2", "Li10GeP2S12"])
def test_an_additive_that_is_a_side_adds_nothing(table, additive):
    (result,) = pair(table, "LGPS", "LiCoO2", additive=additive)
    effect = result.additive
    assert effect.added_chemical_mutual_eV_per_atom == 0.0
    assert effect.added_electrochemical_mutual_eV_per_nonion_atom == 0.0
    assert effect.chemical.mutual.reaction_energy == pytest.approx(
        result.chemical.mutual.reaction_energy, abs=1e-9
    )
    assert effect.statement == f"{additive} does not react"
    assert result.interphase.interphase_class == effect.class_without


# Independent linear programs on the same energies [meV/atom].
@pytest.mark.parametrize(
    ("electrolyte", "electrode", "expected"),
    [
        ("Li6PS5Cl", "Li0.25Ni0.8Mn0.1Co0.1O2", -2.0),
        ("Li3PS4", "LiCoO2", -6.5),
        ("Li3PS4", "Li0.5CoO2", -3.8),
        ("Li10GeP2S12", "Li0.5CoO2", -17.2),
        ("Li7La3Zr2O12", "LiCoO2", -226.0),
    ],
)
def test_carbon_adds_to_the_closed_reaction(table, electrolyte, electrode, expected):
    (result,) = pair(table, electrolyte, electrode, voltage_range_V=(3.0, 4.3), additive="carbon")
    effect = result.additive
    assert 1000 * effect.added_chemical_mutual_eV_per_atom == pytest.approx(expected, abs=1.0)
    if electrolyte != "Li7La3Zr2O12":  # open to lithium carbon adds nothing to a sulfide
        assert effect.added_electrochemical_mutual_eV_per_nonion_atom == 0.0
        assert "non-Li atom" not in effect.statement


def test_carbon_is_said_to_carry_electrons_where_it_does_not_react(table):
    for result in pair(table, "LPS", "LTO", additive="C"):
        assert result.additive.added_chemical_mutual_eV_per_atom == 0.0
        assert "does not react; it carries electrons" in result.additive.statement
    (metal,) = pair(table, "LPSCl", "Li", additive="carbon")
    assert "takes up Li itself" in metal.additive.statement
    (sodium,) = pair(table, "Na3PS4", "Na", "Na", additive="carbon")
    assert "takes up" not in sodium.additive.statement


def test_what_forms_of_three_is_the_interphase(table):
    (alone,) = pair(table, "LLZO", "LiCoO2", voltage_range_V=(3.0, 4.2))
    (with_carbon,) = pair(table, "LLZO", "LiCoO2", voltage_range_V=(3.0, 4.2), additive="C")
    assert with_carbon.additive.class_without == alone.interphase.interphase_class
    formations = [f for c in with_carbon.interphase.conditions for f in c.formations]
    formed = {product.formula for each in formations for product in each.products}
    assert any("C" in formula.replace("Co", "").replace("Cl", "") for formula in formed)
    assert with_carbon.to_dict()["additive"]["interphase_class_without"] == (
        alone.interphase.interphase_class
    )


@pytest.mark.parametrize("electrolyte", ["LLZO", "Li3PO4"])
def test_metal_that_carbon_makes_of_a_cathode_is_part_of_the_interphase(table, electrolyte):
    # The closed worst reaction with carbon reduces LiCoO2 to Co, which is no electrode any more.
    (found,) = pair(table, electrolyte, "LiCoO2", voltage_range_V=(3.0, 4.2), additive="C")
    assert " Co " in f" {found.additive.chemical.mutual.reaction} "
    contact = next(c for c in found.interphase.conditions if c.at == "contact")
    assert "Co" in [p.formula for each in contact.formations for p in each.products]
    assert 3 in contact.possible_classes


def test_a_cathode_at_another_content_is_no_product_of_carbon(table):
    # LiCoO2 that gave off lithium, or took more up, is the cathode with carbon as without it.
    for electrolyte in ("LLZO", "Li3PO4"):
        (found,) = pair(table, electrolyte, "LiCoO2", voltage_range_V=(3.0, 4.2), additive="C")
        for condition in found.interphase.conditions:
            for each in condition.formations:
                kept = [set(parse(p.formula).elements) for p in each.products]
                assert {"Li", "Co", "O"} not in kept


def test_several_are_separate_answers_and_binders_go_by_name():
    found = api.pair("LLZO", "LCO", additive=["C", "PVDF"], phases="mp-legacy")
    assert [(r.additive.additive, r.additive.composition, r.electrode_state) for r in found] == [
        ("C", "C", "discharged"),
        ("C", "C", "charged"),
        ("PVDF", "C2H2F2", "discharged"),
        ("PVDF", "C2H2F2", "charged"),
    ]
    assert any("C2H2F2 is not in the dataset" in note for note in found[2].additive.notes)
    (gas,) = api.pair("LLZO", "LiCoO2", additive="CO2", phases="mp-legacy")
    assert gas.additive.added_chemical_mutual_eV_per_atom < 0.0
