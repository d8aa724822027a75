from __future__ import annotations

import pytest

from sse_window.core.composition import parse, slips
from sse_window.core.errors import FormulaError
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.remarks import neutral_neighbour, question_notes
from sse_window.equilibria.windows import stability_window
from sse_window.facts.oxidation_numbers import left_over_charge, uniform_charge
from sse_window.phases.table import PhaseTable

# Hand-made formation energies [eV/atom].
TABLE = PhaseTable.from_formulas(
    {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95, "LiCoO2": -1.7, "Li2O": -2.0,
     "CoO": -1.2, "Co3O4": -1.3, "CO2": -1.3, "Li2CO3": -2.0}
)  # fmt: skip


def notes(formula: str, ion: str = "Li", table: PhaseTable = TABLE) -> str:
    return " | ".join(question_notes(table, parse(formula), ion))


def test_slip_of_the_shift_key():
    assert notes("LiCOO2").startswith("did you mean LiCoO2? LiCOO2 is unknown")
    window = stability_window(TABLE, parse("LiCOO2"))
    assert any("did you mean LiCoO2?" in note for note in window.notes)
    pair = Interface(TABLE, parse("Li3PS4"), parse("LiCOO2"))
    assert any("did you mean LiCoO2?" in note for note in pair.notes)


def test_no_slip_where_the_typed_compound_is_known():
    assert "did you mean" not in notes("LiCoO2")
    assert "did you mean" not in notes("Li2CO3")  # though Li2Co3 could be read
    assert "did you mean" not in notes("Li3COS")  # nor where neither is


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("LiCOO2", "LiCoO2"), ("LiNBO3", "LiNbO3"), ("Li4SIO4", "Li4SiO4"), ("Li2Co3", "Li2CO3"),
     ("LiNo3", "LiNO3"), ("NaTI2(PO4)3", "NaTi2(PO4)3")],
)  # fmt: skip
def test_slips(typed, meant):
    assert meant in [slip.formula for slip in slips(typed)]


def test_how_it_was_read():
    window = stability_window(TABLE, parse("75Li2S-25P2S5"))
    assert window.reduced_formula == "Li3PS4"
    assert window.read_as == "0.75 Li2S + 0.25 P2S5, by mole"
    assert window.notes[0] == f"75Li2S-25P2S5 was read as {window.read_as}"
    assert window.to_dict()["read_as"] == window.read_as
    assert stability_window(TABLE, parse("Li3PS4")).read_as is None


def test_other_working_ion_comes_first():
    table = PhaseTable.from_formulas({"Na3PS4": -0.9, "Na2S": -1.2, "Li2S": -1.4, "MgS": -1.7})
    found = question_notes(table, parse("Na3PS4"), "Li")
    assert found[0].startswith("Na3PS4 holds no Li but Na")
    assert "--ion Na" in found[0]
    assert "'--ion Na' or '--ion Mg'" in question_notes(table, parse("Na2MgS2"), "Li")[0]
    assert not any("holds no" in note for note in question_notes(table, parse("Na3PS4"), "Na"))
    assert not any("holds no" in note for note in question_notes(table, parse("P2S5"), "Li"))


def test_small_table_says_that_nothing_competes():
    table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3PS4": -0.95})
    assert "none with P: Li3PS4 looks more stable than it is" in notes("Li3PS4", table=table)
    assert "more stable than it is" not in notes("Li3PS4")
    pair = Interface(table, parse("Li3PS4"), parse("Li"))
    assert any("more stable than it is" in note for note in pair.notes)


@pytest.mark.parametrize(
    ("formula", "left"),
    [
        ("Li2.3B0.7C0.3O3", -0.4),
        ("Li2.3C0.7B0.3O3", 0.0),
        ("Li7La3Zr2O12", 0.0),
        ("Li2O2", 0.0),
        ("KO2", 0.0),
        ("LiS4", 0.0),
        ("Li4P2S6", 0.0),
        ("LiMn2O4", 0.0),
        ("Fe3O4", 0.0),
        ("Li3N", 0.0),
        ("LiN3", 0.0),
        ("Li5PS4", 0.0),
        ("LiAl", None),
        ("Ni3Sn", None),
        ("Li", None),
    ],
)
def test_charge_that_no_states_balance(formula, left):
    found = left_over_charge(parse(formula).amounts)
    assert found == (None if left is None else pytest.approx(left))


def test_charge_note():
    assert "no known oxidation states balance the charge of Li2.3B0.7C0.3O3: 0.4" in notes(
        "Li2.3B0.7C0.3O3"
    )
    assert "oxidation states" not in notes("Li2.3C0.7B0.3O3")


@pytest.mark.parametrize(
    ("formula", "ion", "neutral", "charge"),
    [
        ("Li0.33La0.56TiO3", "Li", "Li0.32La0.56TiO3", 0.01),
        ("Li6.26Al0.24La3Zr2O12", "Li", "Li6.28Al0.24La3Zr2O12", -0.02),
        ("La0.67TiO3", "Li", "La0.67TiO3.005", 0.01),
    ],
)
def test_neutral_neighbour(formula, ion, neutral, charge):
    found, left = neutral_neighbour(TABLE, parse(formula), ion)
    assert (found.formula, left) == (neutral, pytest.approx(charge))
    assert uniform_charge(found.amounts) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("formula", ["Li7La3Zr2O12", "LiMn2O4", "Li0.5CoO2", "Li2O", "LiAl"])
def test_no_neutral_neighbour(formula):
    assert neutral_neighbour(TABLE, parse(formula), "Li") is None


def test_window_of_the_neutral_neighbour():
    window = stability_window(TABLE, parse("Li2.98PS4"))
    assert window.window_width_V == 0.0
    neutral = window.neutral_neighbour
    assert neutral.formula == "Li3PS4"
    assert neutral.charge_electrons == pytest.approx(-0.02)
    assert neutral.reduction_potential_V == pytest.approx(1.84)
    assert neutral.oxidation_potential_V == pytest.approx(2.18333, abs=1e-5)
    assert any("the neutral Li3PS4 has the window 1.840 V to 2.183 V" in n for n in window.notes)


@pytest.mark.parametrize(
    ("value", "message"),
    [(25.0, "were meV meant. give 0.025"), (-0.1, "0 or more"), (float("nan"), "0 or more")],
)
def test_energy_above_hull_that_cannot_be_one(value, message):
    with pytest.raises(FormulaError, match=message):
        stability_window(TABLE, parse("Li3PS4"), e_above_hull=value)
    assert stability_window(TABLE, parse("Li3PS4"), e_above_hull=0.025).window_width_V > 0
