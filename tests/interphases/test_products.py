"""Electronic and ionic character, volume fractions and thresholds, each forced by hand."""

import math

import pytest
from hand_made import NO_FACTS, electronic, facts, ionic, product, with_properties

from sse_window.core.errors import DataError
from sse_window.equilibria.chemical_system import Product
from sse_window.facts.conductors import IonicForm
from sse_window.facts.conductors import facts as packaged_facts
from sse_window.interphases.products import describe, fraction_bounds
from sse_window.interphases.thresholds import Thresholds
from sse_window.interphases.volumes import volume_per_atom
from sse_window.phases.table import PhaseTable

BARE = PhaseTable.from_formulas({"Li2S": -1.4, "LiZn": -0.1, "O2": 0.0, "ZnS": -0.9, "Na2S": -1.0})


def gap_table(formula, gap=math.nan, source=None, computed=math.nan, computed_source=None):
    return with_properties(
        BARE,
        band_gap_eV={formula: gap},
        band_gap_source={formula: source},
        band_gap_computed_eV={formula: computed},
        band_gap_computed_source={formula: computed_source},
    )


def one(table, formula, known=NO_FACTS, ion="Li", thresholds=None):
    (character,) = describe([Product(formula, 1.0)], table, known, ion, thresholds)
    return character


# --- electrons ---------------------------------------------------------------------------------


def test_gaps_of_a_table_reach_the_rules():
    # AlAs is no salt: its gaps decide.
    table = with_properties(
        PhaseTable.from_formulas({"AlAs": -0.5}),
        band_gap_eV={"AlAs": 0.0},
        band_gap_source={"AlAs": "measured"},
        band_gap_computed_eV={"AlAs": 1.4},
        band_gap_computed_source={"AlAs": "OQMD"},
        band_gap_other_computed_eV={"AlAs": 1.5},
        band_gap_other_computed_source={"AlAs": "MP"},
    )
    found = one(table, "AlAs")
    assert found.electronic == "insulator"
    # A measured gap of exactly 0 is no value.
    assert (found.band_gap_eV, found.band_gap_source) == (1.5, "MP")
    assert found.reason.startswith("computed gap 1.40 eV (OQMD), 1.50 eV (MP); ")
    assert "electronic: OQMD, MP" in found.source


def test_a_measured_gap_comes_before_a_computed_one():
    found = one(gap_table("ZnS", 0.3, "measured", 2.0, "OQMD"), "ZnS")
    assert (found.electronic, found.band_gap_eV, found.band_gap_computed_eV) == (
        "conductor", 0.3, 2.0,
    )  # fmt: skip
    assert found.reason.startswith("measured gap 0.30 eV; ")


def test_gap_threshold_is_an_option():
    table = gap_table("ZnS", 0.8, "measured")
    assert one(table, "ZnS").electronic == "insulator"
    assert one(table, "ZnS", thresholds=Thresholds(band_gap_eV=1.0)).electronic == "conductor"


@pytest.mark.parametrize("character", ["conductor", "insulator"])
def test_a_cited_fact_overrules_any_gap(character):
    gap = 0.0 if character == "insulator" else 5.0
    found = one(gap_table("Li2S", gap, "OQMD"), "Li2S", facts(electronic("Li2S", character)))
    assert found.electronic == character
    assert found.reason.startswith("as cited; ")
    assert "source of Li2S" in found.source
    assert found.band_gap_eV == gap  # still shown


def test_metals_and_alloys_come_before_any_gap():
    assert one(BARE, "Zn").electronic == "conductor"
    assert one(gap_table("Zn", 1.0, "MP", 1.0), "Zn").electronic == "conductor"
    assert one(BARE, "LiZn").electronic == "conductor"
    found = one(gap_table("LiZn", 0.9, "measured", 0.0), "LiZn")
    assert (found.electronic, found.ionic) == ("conductor", "conductor")


def test_other_elements_are_not_judged_by_a_computed_gap():
    assert one(gap_table("S", 0.0, "MP", 0.0), "S").electronic == "unknown"
    assert one(gap_table("S", 2.6, "measured"), "S").electronic == "insulator"
    assert one(BARE, "S", facts(electronic("S", "insulator"))).electronic == "insulator"


def test_packaged_facts_on_elements_and_exceptions():
    table = PhaseTable.from_formulas({"Li3P": -0.9, "Li3N": -0.4, "GeS2": -0.5, "SiC": -0.3})
    gaps = {"Li3P": 0.1, "Li3N": 0.1, "P": 0.1}
    table = with_properties(
        table, band_gap_eV=gaps, band_gap_source=dict.fromkeys(gaps, "measured")
    )
    characters = {
        formula: one(table, formula, packaged_facts()).electronic
        for formula in ("Li3P", "Li3N", "P", "Ge", "Si", "S", "C")
    }
    assert characters == {
        "Li3P": "insulator", "Li3N": "insulator", "P": "insulator", "S": "insulator",
        "Ge": "conductor", "Si": "conductor", "C": "conductor",
    }  # fmt: skip


# --- ions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "character"),
    [
        (ionic("Li2S", 1e-4), "conductor"),
        (ionic("Li2S", 1e-9), "unknown"),  # at the threshold: orders of magnitude have no side
        (ionic("Li2S", 1.01e-9), "conductor"),
        (ionic("Li2S", 1e-9, bound="at most"), "insulator"),
        (ionic("Li2S", 1e-9, bound="at least"), "conductor"),
        (ionic("Li2S", 0.99e-9), "insulator"),
        (ionic("Li2S", 1e-4, bound="at least"), "conductor"),
        (ionic("Li2S", 1e-12, bound="at least"), "unknown"),
        (ionic("Li2S", 1e-12, bound="at most"), "insulator"),
        (ionic("Li2S", 1e-4, bound="at most"), "unknown"),
        (ionic("Li2S", None, conducting=True), "conductor"),
        (ionic("Li2S", None, conducting=False), "insulator"),
        (ionic("Li2S", 1e-4, ion="Na"), "unknown"),  # known for another ion
    ],
)
def test_character_from_a_cited_conductivity(fact, character):
    found = one(BARE, "Li2S", facts(fact))
    assert found.ionic == character
    if fact.ion == "Li":
        assert found.ionic_conductivity_S_per_cm == fact.conductivity_S_per_cm
        assert "Li conduction: source of Li2S" in found.source
    else:
        assert found.ionic_conductivity_S_per_cm is None


def test_without_a_citation_a_phase_with_the_ion_is_unknown_and_one_without_it_insulates():
    assert one(BARE, "Li2S").ionic == "unknown"
    assert one(BARE, "ZnS").ionic == "insulator"
    assert "holds no Li" in one(BARE, "ZnS").reason
    assert one(BARE, "Li2S", ion="Na").ionic == "insulator"
    assert one(BARE, "Na2S", ion="Na").ionic == "unknown"


def test_forms_on_both_sides_leave_a_phase_unknown():
    forms = (IonicForm(1e-12, None, "P21", "a"), IonicForm(1e-5, None, "I-43m", "b"))
    several = ionic("Li2S", None, forms=forms, spread_S_per_cm=(1e-12, 1e-5))
    found = one(BARE, "Li2S", facts(several))
    assert found.ionic == "unknown"
    assert found.ionic_conductivity_S_per_cm is None
    assert found.ionic_conductivity_range_S_per_cm == (1e-12, 1e-5)
    assert "1e-12 to 1e-05 S/cm by form" in found.reason
    better = (IonicForm(1e-7, None, "P21", "a"), forms[1])
    assert one(BARE, "Li2S", facts(ionic("Li2S", None, forms=better))).ionic == "conductor"


def test_conductivity_that_depends_on_the_form_is_marked():
    varied = ionic("Li2S", 1e-13, spread_S_per_cm=(1e-13, 1e-9))
    found = one(BARE, "Li2S", facts(varied))
    assert (found.ionic, found.ionic_disputed) == ("insulator", True)
    assert "other forms 1e-13 to 1e-09 S/cm" in found.reason
    strict = Thresholds(ionic_conductivity_S_per_cm=1e-6)
    assert not one(BARE, "Li2S", facts(varied), thresholds=strict).ionic_disputed


# --- volume ------------------------------------------------------------------------------------


def test_volume_fractions_by_hand():
    # 4 Li2S: 12 atoms of 15 A3 = 180; 1 LiZn: 2 atoms of 10 = 20; O2 leaves.
    table = with_properties(BARE, volume_per_atom_A3={"Li2S": 15.0, "LiZn": 10.0, "O2": 30.0})
    products = [Product("Li2S", 4.0), Product("LiZn", 1.0), Product("O2", 2.0)]
    sulfide, alloy, gas = describe(products, table, NO_FACTS)
    assert sulfide.volume_fraction == pytest.approx(0.9)
    assert alloy.volume_fraction == pytest.approx(0.1)
    assert gas.gas
    assert gas.volume_fraction is None
    assert (gas.electronic, gas.ionic) == ("unknown", "insulator")  # an element without a citation
    assert one(table, "O2", packaged_facts()).electronic == "insulator"


def test_liquids_have_no_volume_fraction():
    table = PhaseTable.from_formulas({"Li2S": -1.4, "SCl": -0.3})
    table = with_properties(table, volume_per_atom_A3={"Li2S": 15.0, "SCl": 20.0})
    solid, liquid = describe([Product("Li2S", 1.0), Product("SCl", 1.0)], table, NO_FACTS)
    assert (solid.volume_fraction, liquid.volume_fraction) == (1.0, None)
    assert (liquid.liquid, liquid.gas, liquid.solid) == (True, False, False)


def test_a_missing_volume_lies_near_that_of_the_elements():
    table = with_properties(
        PhaseTable.from_formulas({"ZnS": -0.9, "Zr4O": -1.0, "Li2S": -1.4}),
        volume_per_atom_A3={"Zr": 23.0, "O2": 27.0, "Li2S": 15.0},
    )
    suboxide, sulfide = describe([Product("Zr4O", 1.0), Product("ZnS", 1.0)], table, NO_FACTS)
    mean = (4 * 23.0 + 27.0) / 5
    assert suboxide.volume_bounds_A3 == pytest.approx((0.33 * mean, 1.3 * mean))
    assert sulfide.volume_bounds_A3 == (4.5, 120.0)  # that of zinc is not known here


def test_compounds_of_the_packaged_table_lie_within_those_bounds(table):
    volumes = table.properties["volume_per_atom_A3"]
    ratios = []
    for row in range(0, len(table), 7):
        elements = table.composition(row)
        rows = [table.index({"O": "O2", "N": "N2", "F": "F2", "Cl": "Cl2", "H": "H2"}.get(e, e))
                for e in elements]  # fmt: skip
        mean = sum(volumes[r] * n for r, n in zip(rows, elements.values(), strict=True))
        ratio = volumes[row] * sum(elements.values()) / mean
        if ratio == ratio:
            ratios.append(ratio)
    inside = [0.33 <= ratio <= 1.3 for ratio in ratios]
    assert len(ratios) > 4000
    assert sum(inside) / len(inside) > 0.995


def test_one_missing_volume_leaves_all_fractions_unknown():
    table = with_properties(BARE, volume_per_atom_A3={"Li2S": 15.0})
    characters = describe([Product("Li2S", 4.0), Product("LiZn", 1.0)], table, NO_FACTS)
    assert [c.volume_fraction for c in characters] == [None, None]
    assert [c.volume_per_atom_A3 for c in characters] == [15.0, None]
    assert volume_per_atom(table, table.index("LiZn")) is None


def test_bounds_of_a_fraction_hold_every_possible_volume():
    known, unknown = product("Li2S", volume=45.0), product("LiZn", volume=None)
    assert fraction_bounds([known, product("S", volume=15.0)], [known]) == (0.75, 0.75)
    # The missing volume lies between 4.5 and 120 A3.
    assert fraction_bounds([known, unknown], [unknown]) == pytest.approx((4.5 / 49.5, 120 / 165))
    assert fraction_bounds([known, unknown], [known]) == pytest.approx((45 / 165, 45 / 49.5))
    assert fraction_bounds([known, unknown], [known, unknown]) == (1.0, 1.0)
    assert fraction_bounds([known, unknown], []) == (0.0, 0.0)


def test_all_solids_of_the_packaged_table_lie_within_the_bounds(table):
    volumes = table.properties["volume_per_atom_A3"]
    volumes = volumes[~(volumes != volumes)]
    assert len(volumes) > 30_000
    assert volumes.min() > 4.5
    assert volumes.max() < 120.0


# --- the record --------------------------------------------------------------------------------


def test_record_has_the_keys_of_the_contract():
    record = one(BARE, "Li2S").to_dict()
    for key in ("formula", "amount", "electronic", "ionic", "volume_fraction", "source"):
        assert key in record
    assert record["volume_fraction"] is None
    assert "atoms" not in record


def test_a_product_from_elsewhere_is_refused():
    with pytest.raises(DataError, match="LiF is not in dataset 'user'"):
        one(BARE, "LiF")


@pytest.mark.parametrize(
    "wrong",
    [
        {"band_gap_eV": -0.1},
        {"percolation_volume_fraction": 1.2},
        {"ionic_conductivity_S_per_cm": math.nan},
        {"redox_capacity_mAh_per_g": math.inf},
    ],
)
def test_thresholds_are_checked(wrong):
    with pytest.raises(DataError, match=f"threshold {next(iter(wrong))}"):
        Thresholds(**wrong)
