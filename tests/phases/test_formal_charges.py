import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.phases.calibration import units
from sse_window.phases.energy_classes import energy_class
from sse_window.phases.formal_charges import formal_charges


def charges(formula):
    return formal_charges(dict(parse(formula).amounts))


@pytest.mark.parametrize(
    ("formula", "state"),
    [
        ("Li7La3Zr2O12", {"O": -2}),
        ("LiNbO3", {"O": -2}),
        ("Li6PS5Cl", {"S": -2, "Cl": -1, "P": 5}),
        ("MnSO4", {"O": -2, "S": 6}),  # manganese could go to 7, but sulfur pays first
        ("Fe2(SO4)3", {"O": -2, "S": 6}),
        ("La2O2S", {"O": -2, "S": -2}),
        ("BiOCl", {"O": -2, "Cl": -1}),
        ("LiClO4", {"O": -2, "Cl": 7}),
        ("NaClO", {"O": -2, "Cl": 1}),
        ("KNO3", {"O": -2, "N": 5}),
        ("TaON", {"O": -2, "N": -3}),
        ("Li2PO2N", {"O": -2, "N": -3, "P": 5}),
        ("NiPS3", {"S": -2, "P": 4}),
        ("Li2O2", {"O": -1}),
        ("KO2", {"O": -0.5}),
        ("LiI3", {"I": -1 / 3}),
    ],
)
def test_states_of_nonmetals(formula, state):
    assert charges(formula).state == pytest.approx(state)


def test_hydrogen_is_a_cation_or_a_hydride():
    assert charges("LiOH").cation["H"] == 1.0
    assert charges("NH4Cl").cation["H"] == 4.0
    assert charges("LiBH4").cation == {}
    assert energy_class(dict(parse("LiAlH4").amounts)) == "hydride"


def test_suboxides_and_dilute_cells_count_by_their_oxidation():
    assert charges("Zr3O").cation == {"Zr": 0.5}
    assert charges("Mg149Cl").cation == {"Mg": 0.5}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Li2O", "Li2O2"), ("LiNbO3", "NbO3"), ("Li3PS4", "Li3PO4"), ("Li2S", "LiS4"),
        ("Li2SO4", "Li2S"), ("LiCoO2", "CoO2"), ("LiFePO4", "FePO4"), ("La2O2S", "La2S3O12"),
        ("MnSO4", "MnS"), ("LiCl", "LiClO4"), ("NaNO3", "Na3N"), ("Zr3O", "ZrO2"),
    ],
)  # fmt: skip
def test_units_change_continuously_between_two_compositions(start, end):
    a, b = parse(start).amounts, parse(end).amounts
    elements = sorted({*a, *b})
    shares = np.linspace(0.0, 1.0, 2001)[1:-1]
    mixed = [{e: a.get(e, 0.0) * (1.0 - x) + b.get(e, 0.0) * x for e in elements} for x in shares]
    found = [units({e: n for e, n in m.items() if n > 0.0}) for m in mixed]
    for kind in {k for u in found for k in u}:
        steps = np.abs(np.diff([u.get(kind, 0.0) for u in found]))
        # 25 atoms exchanged over 2,000 steps: a threshold would show as a jump of the order of 1.
        assert steps.max() < 0.1, kind


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Li6PS5Cl", "sulfide"), ("Li2SO4", "sulfate"), ("Li3PO4", "phosphate"),
        ("LiNO3", "nitrate"), ("Li2CO3", "carbonate"), ("Li2O2", "peroxide"), ("LiCoO2", "oxide"),
        ("LiClO4", "other oxyanion"), ("Li3InCl6", "chloride"), ("Li3N", "nitride"),
        ("LiAl", "alloy"), ("TiC", "carbide"), ("Mg2Si", "silicide"), ("Li3P", "phosphide"),
        ("NaCl3", "self-bonded anion"), ("Li", None),
    ],
)  # fmt: skip
def test_classes(formula, expected):
    assert energy_class(dict(parse(formula).amounts)) == expected
