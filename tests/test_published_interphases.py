"""Published labels of interphases against lithium, and what the packaged data say of them.

Labels are those of the literature, not of this program: an interphase is either electronically
conducting and grows, or passivates. The garnet is reduced by thermodynamics, by about 0.02 eV/atom,
and reported as stable.
"""

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.windows import stability_window
from sse_window.interphases.formation import SMALL_DRIVING_FORCE, of_pair, of_window
from sse_window.phases.merging import merge
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.sources.datasets import load

ZHU = "10.1021/acsami.5b07517"  # Zhu, He, Mo, ACS Appl. Mater. Interfaces 2015, 7, 23685
WENZEL_LGPS = "10.1021/acs.chemmater.6b00610"  # Chem. Mater. 2016, 28, 2400
WENZEL_LLTO = "10.1016/j.ssi.2015.06.001"  # Solid State Ionics 2015, 278, 98
XIAO = "10.1038/s41578-019-0157-5"  # Nat. Rev. Mater. 2020, 5, 105
RIEGGER = "10.1002/anie.202015238"  # Angew. Chem. Int. Ed. 2021, 60, 6718

# formula, phase that conducts electrons by the literature's argument, source
CONDUCTING = [
    ("Li10GeP2S12", "Li15Ge4", WENZEL_LGPS),
    ("Li1.5Al0.5Ge1.5(PO4)3", "Li15Ge4", ZHU),
    ("Li1.3Al0.3Ti1.7(PO4)3", "Ti3P", ZHU),
    ("Li0.33La0.56TiO3", "Ti6O", WENZEL_LLTO),
    ("Li10SnP2S12", "Li17Sn4", XIAO),
    ("Li3.5Zn0.25GeO4", "Li15Ge4", ZHU),
    ("Li3InCl6", "Li13In3", RIEGGER),
    ("Li3YCl6", "Y", RIEGGER),
]

# formula, products that conduct lithium, all products. Schwoebel et al., Solid State Ionics 2015,
# 273, 51 (LiPON); Wenzel et al., Chem. Mater. 2016 as above (Li3PS4); Solid State Ionics 2016, 286,
# 24 (Li7P3S11) and 2018, 318, 102 (argyrodites).
PASSIVATING = [
    ("Li2PO2N", {"Li3N", "Li3P"}, {"Li2O", "Li3N", "Li3P"}),
    ("Li3PS4", {"Li3P"}, {"Li2S", "Li3P"}),
    ("Li7P3S11", {"Li3P"}, {"Li2S", "Li3P"}),
    ("Li6PS5Cl", {"Li3P"}, {"Li2S", "Li3P", "LiCl"}),
    ("Li6PS5Br", {"Li3P"}, {"Li2S", "Li3P", "LiBr"}),
    ("Li6PS5I", {"Li3P", "LiI"}, {"Li2S", "Li3P", "LiI"}),
]

STABLE = ["LiF", "Li2O", "Li2S", "Li3N", "LiCl", "LiBr", "LiI", "Li3P"]


def against_lithium(table, formula):
    return of_pair(Interface(table, parse(formula), parse("Li")), 0.0, 0.0)


@pytest.mark.parametrize(("formula", "conductor", "doi"), CONDUCTING)
def test_class_3(table, formula, conductor, doi):
    found = against_lithium(table, formula)
    assert found.interphase_class == 3, doi
    assert conductor in [p.formula for p in found.products if p.conducts_electrons]
    assert found.possible_classes == (3,)


def test_class_3_of_a_chloride_entered_by_the_user(table):
    # Li3YCl6 is absent from the packaged table; calculations put it some 0.02 eV/atom above the
    # hull of LiCl and YCl3. The label does not hang on this number.
    row = table.index("YCl3")
    salt = table.index("LiCl")
    energy = (
        4 * table.formation_energy_per_atom[row] + 6 * table.formation_energy_per_atom[salt]
    ) / 10 + 0.02
    mine = PhaseTable.from_formulas(
        {"Li3YCl6": float(energy)}, Provenance("mine", "", "as the packaged table", ""),
        elements=False,
    )  # fmt: skip
    merged = merge(table, mine).table
    window = stability_window(merged, parse("Li3YCl6"))
    assert window.in_dataset
    found = of_window(window, 0.0)
    assert found.interphase_class == 3
    assert found.reason.startswith("Y (")
    assert found.reason.endswith("of the volume) conducts electrons (metal)")
    assert any(flag.startswith("Li3YCl6 is metastable: 0.0") for flag in found.flags)


@pytest.mark.parametrize(("formula", "conductors", "products"), PASSIVATING)
def test_class_1(table, formula, conductors, products):
    found = against_lithium(table, formula)
    assert found.interphase_class == 1
    assert found.possible_classes == (1,)
    assert {p.formula for p in found.products} == products
    assert {p.formula for p in found.products if p.conducts_ions} == conductors
    # Lithium conductors connect through the layer.
    path = sum(p.volume_fraction for p in found.products if p.conducts_ions)
    assert path > found.percolation_volume_fraction
    assert found.electronic_conductor_volume_fraction == 0.0
    assert found.driving_force_eV_per_atom < -0.5


def test_labels_do_not_hang_on_the_database():
    oqmd = load("oqmd")
    expected = {row[0]: 3 for row in CONDUCTING} | {row[0]: 1 for row in PASSIVATING}
    expected |= dict.fromkeys(STABLE, 0)
    assert {f: against_lithium(oqmd, f).interphase_class for f in expected} == expected


@pytest.mark.parametrize("formula", STABLE)
def test_class_0(table, formula):
    found = against_lithium(table, formula)
    assert found.interphase_class == 0
    assert found.reason == f"{formula} is stable at 0 V"
    assert found.products == ()


def test_garnet_has_a_small_driving_force(table):
    found = against_lithium(table, "Li7La3Zr2O12")
    assert found.interphase_class is None
    assert found.classes == (3,)
    assert found.label.startswith("reported stable; by thermodynamics class 3")
    assert {p.formula for p in found.products if p.conducts_electrons} == {"Zr4O"}
    assert SMALL_DRIVING_FORCE in found.flags
    # Zhu 2015, table 2: 0.021 eV/atom at 0 V, energy above hull included.
    assert found.driving_force_eV_per_atom == pytest.approx(-0.021, abs=0.001)


@pytest.mark.parametrize("formula", [row[0] for row in CONDUCTING + PASSIVATING])
def test_no_other_electrolyte_owes_its_label_to_kinetics(table, formula):
    assert SMALL_DRIVING_FORCE not in against_lithium(table, formula).flags


def test_alloy_of_lgps_is_below_percolation_and_still_class_3(table):
    found = against_lithium(table, "Li10GeP2S12")
    assert found.electronic_conductor_volume_fraction == pytest.approx(0.095, abs=0.005)
    assert any("below the percolation threshold" in flag for flag in found.flags)


def test_sulfides_swell_on_lithium(table):
    # 4 Li2S + Li3P against Li3PS4: from OQMD's volumes by hand, 239.0 of 160.2 A3.
    found = against_lithium(table, "Li3PS4")
    rows = {f: table.index(f) for f in ("Li3PS4", "Li2S", "Li3P")}
    volume = {f: float(table.properties["volume_per_atom_A3"][row]) for f, row in rows.items()}
    expected = (12 * volume["Li2S"] + 4 * volume["Li3P"]) / (8 * volume["Li3PS4"]) - 1
    assert found.volume_change.fraction == pytest.approx(expected)
    assert 0.4 < expected < 0.6


@pytest.mark.slow
def test_a_pair_with_the_metal_equals_the_electrolyte_at_0_V(table):
    held = table.matrix(["Li"])[0] > 0.0
    near = np.nan_to_num(table.e_above_hull, nan=1.0) < 0.05
    rows = np.flatnonzero(held & near)
    for row in np.random.default_rng(7).choice(rows, 60, replace=False):
        formula = str(table.formulas[row])
        window = stability_window(table, parse(formula))
        alone = of_window(window, 0.0, range_V=(0.0, 0.0))
        found = against_lithium(table, formula)
        assert found.conditions[1].formations == alone.conditions[0].formations


@pytest.mark.slow
def test_unknowns_are_rare_against_lithium(table):
    """Of random lithium compounds near the hull most get a definite class."""
    held = table.matrix(["Li"])[0] > 0.0
    near = np.nan_to_num(table.e_above_hull, nan=1.0) < 0.05
    rows = np.random.default_rng(11).choice(np.flatnonzero(held & near), 120, replace=False)
    found = [against_lithium(table, str(table.formulas[row])) for row in rows]
    definite = [f for f in found if f.interphase_class is not None]
    assert len(definite) >= 0.9 * len(found)
    for interphase in found:
        if interphase.interphase_class is None:
            assert len(interphase.possible_classes) > 1
            assert interphase.reason


CATHODES = [
    # A coating against LiCoO2 (Xiao et al., Joule 2019, 3, 1252, doi:10.1016/j.joule.2019.02.006)
    # reacts by less than 0.01 eV/atom where the electrolyte below it reacts by tenths.
    ("Li3PO4", "LiCoO2", 0),
    ("Li3PS4", "LiCoO2", 3),  # cobalt sulfides
    ("Li10GeP2S12", "LiCoO2", 3),
]


@pytest.mark.parametrize(("electrolyte", "electrode", "expected"), CATHODES)
def test_at_a_cathode(table, electrolyte, electrode, expected):
    interface = Interface(table, parse(electrolyte), parse(electrode))
    found = of_pair(interface, 3.0, 4.2)
    assert found.interphase_class == expected
    if expected == 3:
        assert any(p.formula.startswith("Co") and p.conducts_electrons for p in found.products)
        assert found.driving_force_eV_per_atom < -0.3
