"""What forms against the metal, at a voltage and in a pair: hand-solved, then on the table."""

import re

import pytest
from hand_made import electronic, facts, ionic, with_properties

from sse_window.core.composition import parse
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.windows import decomposition_energy, stability_window
from sse_window.interphases.formation import (
    SMALL_DRIVING_FORCE,
    Thresholds,
    of_contact,
    of_pair,
    of_window,
)
from sse_window.phases.gibbs import with_gases_at
from sse_window.phases.table import PhaseTable

GAPS = {"Li2S": 3.7, "P2S5": 2.5, "Li3PS4": 2.8, "Li3P": 0.1}
VOLUMES = {"Li2S": 15.0, "Li3P": 14.0, "Li3PS4": 20.0, "P2S5": 18.0, "S": 25.0, "P": 19.0}
KNOWN = facts(
    electronic("Li3P", "insulator"),
    electronic("S", "insulator"),
    electronic("P", "insulator"),
    ionic("Li3P", 1e-4),
    ionic("Li2S", 1e-13),
    ionic("Li3PS4", 1e-4),
)


@pytest.fixture(scope="module")
def hand():
    table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95})
    return with_properties(
        table,
        band_gap_eV=GAPS,
        band_gap_source=dict.fromkeys(GAPS, "OQMD"),
        volume_per_atom_A3=VOLUMES,
        volume_source=dict.fromkeys(VOLUMES, "OQMD"),
    )


def alone(table, formula, voltage, known=KNOWN, **options):
    window = stability_window(table, parse(formula), e_above_hull=options.pop("lift", None))
    return of_window(window, voltage, facts=known, **options)


def pair(table, first, second, low, high, known=KNOWN, ion="Li", **options):
    interface = Interface(
        table, parse(first), parse(second), ion, electrolyte_e_above_hull=options.pop("lift", None)
    )
    return of_pair(interface, low, high, facts=known, **options)


def at(found, condition):
    return next(each for each in found.conditions if each.at == condition)


# --- the electrolyte alone ---------------------------------------------------------------------


def test_against_the_metal_by_hand(hand):
    found = alone(hand, "Li3PS4", 0.0)
    assert found.interphase_class == 1
    assert found.reaction == "Li3PS4 + 8 Li -> 4 Li2S + Li3P"
    assert (found.condition, found.formed_by) == ("low", "electrolyte alone")
    # 12 atoms of 15 A3 beside 4 atoms of 14 A3, from 8 atoms of 20 A3.
    fractions = {p.formula: p.volume_fraction for p in found.products}
    assert fractions == {"Li2S": pytest.approx(180 / 236), "Li3P": pytest.approx(56 / 236)}
    assert found.ion_conductor_volume_fraction == pytest.approx(56 / 236)
    assert found.percolation_volume_fraction == 0.16
    assert found.volume_change.fraction == pytest.approx(236 / 160 - 1)
    # [4 * 3 * -1.4 + 4 * -0.9 - 8 * -0.95] / 8
    assert found.driving_force_eV_per_atom == pytest.approx(-12.8 / 8)
    assert found.redox is None
    assert found.flags == ("ion conductor: Li3P (23.7% of the volume)",)
    assert [each.text for each in found.conditions] == [
        "low, 0.00 V: class 1, ion-conducting, electronically insulating. Li3P conducts Li, and no "
        "product conducts electrons [electrolyte alone]"
    ]


def test_within_the_window_nothing_forms(hand):
    found = alone(hand, "Li3PS4", 2.0)
    assert (found.interphase_class, found.label) == (0, "no reaction")
    assert found.reason == "Li3PS4 is stable at 2 V"
    assert found.products == ()
    assert found.flags == ()
    assert found.volume_change is None
    assert (found.classes, found.possible_classes) == ((0,), (0,))
    assert found.conditions[0].text == "low, 2.00 V: no reaction"


@pytest.mark.parametrize("limit", ["reduction_potential_V", "oxidation_potential_V"])
def test_at_the_limits_of_the_window_nothing_drives_a_reaction(hand, limit):
    window = stability_window(hand, parse("Li3PS4"))
    assert of_window(window, getattr(window, limit), facts=KNOWN).interphase_class == 0


def test_operating_range_of_the_electrolyte_alone(hand):
    found = alone(hand, "Li3PS4", 0.0, range_V=(1.0, 2.5))
    assert found.interphase_class == 4
    assert found.redox.ions_exchanged == pytest.approx(11.0)
    assert found.redox.capacity_mAh_per_g == pytest.approx(1637.4, abs=0.5)
    # Li2S and Li3P (236 A3) become half a P2S5 and 3/2 S.
    assert found.redox.volume_change.fraction == pytest.approx((3.5 * 18 + 1.5 * 25) / 236 - 1)


def test_a_metastable_phase_within_its_window_is_class_0_with_a_flag(hand):
    found = alone(hand, "Li3PS4", 2.0, lift=0.05)
    assert found.interphase_class == 0
    assert "Li3PS4 is metastable: 0.0500 eV/atom above the hull" in found.flags
    reduced = alone(hand, "Li3PS4", 0.0, lift=0.05)
    assert reduced.interphase_class == 1
    assert "Li3PS4 is metastable: 0.0500 eV/atom above the hull" in reduced.flags
    assert reduced.driving_force_eV_per_atom == pytest.approx(-1.65)


def test_a_composition_absent_from_the_table_says_so(hand):
    found = alone(hand, "Li2.5PS3.75", 0.0)
    assert "Li2.5PS3.75 is not in the dataset: taken on the hull" in found.flags
    assert found.volume_change.reason == "no volume known for Li2.5PS3.75"


def test_driving_force_is_the_decomposition_energy(hand):
    window = stability_window(hand, parse("Li3PS4"), e_above_hull=0.01)
    for voltage in (0.0, 0.7, 1.5, 2.5, 4.0):
        found = of_window(window, voltage, facts=KNOWN)
        assert found.driving_force_eV_per_atom == pytest.approx(
            decomposition_energy(window, voltage)
        )


def test_a_small_driving_force_is_flagged_at_its_threshold(hand):
    # Just above its limit Li3PS4 loses 3 Li: E_D = -3 (V - 2.18333) / 8.
    voltage = 2.183333333
    weak = alone(hand, "Li3PS4", voltage + 0.159)
    assert weak.driving_force_eV_per_atom == pytest.approx(-0.0596, abs=1e-4)
    assert SMALL_DRIVING_FORCE in weak.flags
    assert SMALL_DRIVING_FORCE not in alone(hand, "Li3PS4", voltage + 0.161).flags
    strict = Thresholds(driving_force_eV_per_atom=0.01)
    assert (
        SMALL_DRIVING_FORCE not in alone(hand, "Li3PS4", voltage + 0.159, thresholds=strict).flags
    )


def test_the_metal_alone(hand):
    assert alone(hand, "Li", 0.0).interphase_class == 0
    gone = alone(hand, "Li", 1.0)
    assert (gone.interphase_class, gone.label) == (None, "no solid product")
    assert gone.driving_force_eV_per_atom == pytest.approx(-1.0)


def test_unknowns_reach_the_verdict(hand):
    # Without the citation Li3P is a semiconductor of closed shells with a computed gap of 0.1 eV.
    without_li3p = facts(ionic("Li3P", 1e-4), ionic("Li2S", 1e-13))
    open_ = alone(hand, "Li3PS4", 0.0, known=without_li3p)
    assert (open_.interphase_class, open_.possible_classes) == (None, (1, 3))
    bare = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    found = alone(bare, "Li3PS4", 0.0)
    assert found.interphase_class is None
    assert found.label == "class 1 or 2"  # Li2S is a salt, Li3P cited
    assert found.reason == "no volume known for Li2S, Li3P"
    assert "volume not known: Li2S, Li3P" in found.flags
    assert found.to_dict()["class"] is None


def test_other_ions_have_their_own_metal(hand):
    table = PhaseTable.from_formulas({"Na2S": -1.3, "Na3P": -0.4, "Na3PS4": -0.85})
    window = stability_window(table, parse("Na3PS4"), "Na")
    known = facts(ionic("Na3P", 1e-4, ion="Na"), ionic("Na2S", 1e-4, ion="Li"))
    found = of_window(window, 0.0, facts=known)
    assert {p.formula: p.ionic for p in found.products} == {"Na3P": "conductor", "Na2S": "unknown"}
    assert found.reaction == "Na3PS4 + 8 Na -> 4 Na2S + Na3P"


# --- pairs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", ["Li3PS4", "P2S5", "Li2S", "Li3P", "Li2.5PS3.75", "S", "Li"])
def test_against_the_metal_a_pair_equals_the_electrolyte_at_0_V(hand, formula):
    expected = alone(hand, formula, 0.0, range_V=(0.0, 0.0))
    found = pair(hand, formula, "Li", 0.0, 0.0)
    assert [each.at for each in found.conditions] == ["contact", "low"]
    for name in ("interphase_class", "possible_classes", "label", "products", "reaction"):
        assert getattr(found, name) == getattr(expected, name)
    assert at(found, "low").formations == at(expected, "low").formations


def test_mutual_reaction_by_hand(hand):
    # Open at 2.15 V: 1.5 Li2S + 0.5 P2S5 -> Li3PS4, mutual -0.02 eV per non-Li atom; 5 of 8 atoms
    # are not lithium. P2S5 is stable; that Li2S is oxidised at 2.1 V is the electrode's own affair.
    found = pair(hand, "P2S5", "Li2S", 2.15, 2.15)
    low, contact = at(found, "low"), at(found, "contact")
    (formed,) = low.formations
    assert (low.voltage_V, formed.formed_by) == (2.15, "mixture")
    assert [p.formula for p in formed.products] == ["Li3PS4"]
    # Per atom of P2S5, which is 3.5 of the 8.
    assert formed.driving_force_eV_per_atom == pytest.approx(-0.02 * 5 / 3.5)
    assert formed.volume_change.fraction == pytest.approx(160 / (4.5 * 15 + 3.5 * 18) - 1)
    # Closed it is the same reaction, -0.03125 eV per atom of the mixture.
    assert contact.voltage_V is None
    assert contact.formations[0].reaction == formed.reaction
    assert found.driving_force_eV_per_atom == pytest.approx(-0.03125 * 8 / 3.5)
    assert SMALL_DRIVING_FORCE not in found.flags
    lax = Thresholds(driving_force_eV_per_atom=0.072)
    assert SMALL_DRIVING_FORCE in pair(hand, "P2S5", "Li2S", 2.15, 2.15, thresholds=lax).flags


def test_the_worst_condition_names_the_class(hand):
    # The other way round Li2S is the electrolyte: beside Li3PS4 (class 1) its own oxidation to
    # sulfur (class 2, insulating) counts, and comes first.
    found = pair(hand, "Li2S", "P2S5", 2.15, 2.15)
    assert (found.condition, found.formed_by) == ("low", "electrolyte alone")
    assert found.interphase_class == 2
    assert found.classes == (1, 2)
    assert [p.formula for p in found.products] == ["S"]
    assert found.driving_force_eV_per_atom == pytest.approx(-0.05 * 2 / 3)
    strict = Thresholds(driving_force_eV_per_atom=0.033)
    flags = pair(hand, "Li2S", "P2S5", 2.15, 2.15, thresholds=strict).flags
    assert SMALL_DRIVING_FORCE not in flags


def test_conductors_at_the_low_end_count(table):
    # At 2.8 V LATP and TiS2 hardly react; at 1.6 V LATP itself becomes TiP and LiTi2O4.
    interface = Interface(table, parse("Li1.3Al0.3Ti1.7(PO4)3"), parse("TiS2"))
    found = of_pair(interface, 1.6, 2.8)
    assert found.interphase_class == 3
    assert (found.condition, found.voltage_V) == ("low", 1.6)
    assert any("TiP" in flag for flag in found.flags)


def test_what_only_the_high_end_adds_is_said_beside_the_headline(hand):
    # Li3PS4 | LiF between 1.9 V, where it is stable, and 4 V, where it becomes P2S5 and S.
    table = PhaseTable.from_formulas(
        {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95, "LiF": -3.0, "TiF3": -3.5}
    )
    found = pair(table, "Li3PS4", "LiF", 1.9, 4.0, known=KNOWN)
    assert found.interphase_class == 0
    assert found.label == "no reaction"
    assert at(found, "low").classes == at(found, "contact").classes == (0,)
    assert at(found, "high").interphase_class == 4
    assert set(found.classes) == set(at(found, "high").classes) == {2, 4}
    assert found.added_at_high == (
        "the high end, 4.00 V, adds class 2 (insulating for ions and electrons) and class 4 "
        "(redox-active), electrolyte alone: Li3PS4 -> 0.5 P2S5 + 1.5 S + 3 Li"
    )
    assert found.added_at_high in found.flags
    assert "S (-2 to -1.25) exchanges 3 Li" in at(found, "high").text


def test_phases_of_the_electrode_s_own_system_are_the_electrode():
    # NiF2 + Li2O -> NiO + 2 LiF.
    energies = {"NiO": -1.2, "Li2O": -2.0, "NiF2": -2.3, "LiF": -3.0, "LiNiO2": -1.6}
    table = PhaseTable.from_formulas(energies)
    interface = Interface(table, parse("NiF2"), parse("Li2O"))
    found = of_pair(interface, 2.5, 2.6, facts=KNOWN)
    formed = at(found, "contact").formations[0]
    assert {p.formula for p in formed.products} == {"LiF", "NiO"}
    # Beside an electrode of nickel oxide and lithium oxide, the oxide of nickel is the electrode.
    whole = Interface(table, parse("NiF2"), parse("Li4NiO3"))
    formed = at(of_pair(whole, 2.5, 2.6, facts=KNOWN), "contact").formations[0]
    assert {p.formula for p in formed.products} == {"LiF"}
    assert "NiO" in formed.reaction.split(" -> ")[1]


def test_an_electrolyte_of_the_electrode_s_elements_keeps_all_products(hand):
    found = pair(hand, "P2S5", "Li3PS4", 1.5, 1.5)
    assert at(found, "low").formations[0].products


def test_two_phases_in_contact(hand):
    interface = Interface(hand, parse("Li2S"), parse("P2S5"))
    found = of_contact(interface, facts=KNOWN)
    assert (found.interphase_class, found.condition, found.redox) == (1, "contact", None)
    assert found.reaction == "Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4"
    assert [each.at for each in found.conditions] == ["contact"]
    same = of_contact(Interface(hand, parse("Li2S"), parse("Li3PS4")), facts=KNOWN)
    assert (same.interphase_class, same.reason) == (0, "Li2S and Li3PS4 do not react")


def test_gas_steps_say_what_0_K_does_to_them():
    table = PhaseTable.from_formulas({"LiCl": -2.1, "LiF": -3.0})
    found = alone(table, "LiCl", 4.5)
    (flag,) = [flag for flag in found.flags if flag.startswith("gas release")]
    assert flag == (
        "gas release: Cl2 (energies at 0 K put a limit with a gas 0.2 to 0.3 V high at 25 C and "
        "1 bar)"
    )
    warm = alone(with_gases_at(table, 298.15), "LiCl", 4.5)
    assert [flag for flag in warm.flags if "gas" in flag] == ["gas release: Cl2"]


def test_reported_stable_is_never_a_bare_class(table):
    found = pair(table, "Li7La3Zr2O12", "Li", 0.0, 0.0, known=None)
    assert found.interphase_class is None
    assert 0 in found.possible_classes and 3 in found.possible_classes
    assert found.label.startswith("reported stable; by thermodynamics class")
    assert "Connell" in found.reported_stable
    assert "reported_stable" in found.to_dict()
    # Not at another electrode, and not of a phase that nobody reported.
    cathode = pair(table, "Li7La3Zr2O12", "LiCoO2", 3.0, 4.2, known=None)
    assert cathode.reported_stable is None
    assert pair(table, "Li10GeP2S12", "Li", 0.0, 0.0, known=None).reported_stable is None
    assert alone(table, "Li7La3Zr2O12", 0.0, known=None).reported_stable is not None
    assert alone(table, "Li7La3Zr2O12", 0.01, known=None).reported_stable is None


def test_additives_that_are_left_over_are_no_product(table):
    interface = Interface(table, parse("Li3PS4"), parse("LiCoO2"), additives=(parse("C"),))
    found = of_pair(interface, 3.0, 4.2)
    for condition in found.conditions:
        for formed in condition.formations:
            assert "C" not in {p.formula for p in formed.products}


@pytest.mark.parametrize("formula", ["Li3AsS3", "Li3PS4", "Li6PS5Cl", "Li3InCl6", "LiAlSiO4"])
@pytest.mark.parametrize("electrode", ["LiCoO2", "LiFePO4", "LiNi0.8Mn0.1Co0.1O2"])
def test_a_class_is_settled_where_one_is_left(table, formula, electrode):
    found = pair(table, formula, electrode, 3.0, 4.2, known=None)
    for each in (found, *found.conditions, *(f for c in found.conditions for f in c.formations)):
        if len(each.possible_classes) == 1:
            assert each.interphase_class == each.possible_classes[0]
        else:
            assert each.interphase_class is None
            assert "class  or" not in each.label
        assert set(each.classes) <= {0, 1, 2, 3, 4}
    assert set(found.classes) == (
        {number for c in found.conditions for number in c.classes} - {0} or {0}
    )


def test_energy_above_hull_of_the_electrolyte_drives_too(hand):
    lifted = at(pair(hand, "P2S5", "Li2S", 2.15, 2.15, lift=0.1), "low").formations[0]
    assert lifted.driving_force_eV_per_atom == pytest.approx(-0.02 * 5 / 3.5 - 0.1)


def test_where_mixing_adds_nothing_the_electrolyte_reacts_alone(hand):
    found = pair(hand, "Li3PS4", "Li2S", 0.2, 1.0)
    assert (found.condition, found.formed_by) == ("low", "electrolyte alone")
    assert found.voltage_V == 0.2
    assert found.reaction == "Li3PS4 + 8 Li -> 4 Li2S + Li3P"
    assert at(found, "contact").interphase_class == 0
    assert found.added_at_high is None


def test_what_the_electrode_does_alone_is_no_interphase(hand):
    # Li2S gives off its lithium at 2.1 V; beside P-free S nothing else happens.
    table = with_properties(PhaseTable.from_formulas({"Li2S": -1.4, "LiF": -3.0}))
    found = pair(table, "LiF", "Li2S", 1.5, 2.5)
    assert found.interphase_class == 0
    assert found.reason == "LiF and Li2S do not react at 1.5 V"
    assert [each.classes for each in found.conditions] == [(0,), (0,), (0,)]


def test_class_0_needs_no_chemical_reaction_either(hand):
    # At 2 V Li3PS4 is stable, and the metal is not there; at contact it would be.
    found = pair(hand, "Li3PS4", "Li", 2.0, 2.0)
    assert found.condition == "contact"
    assert found.voltage_V is None
    assert found.driving_force_eV_per_atom == pytest.approx(-12.8 / 8)
    assert found.interphase_class == 1


def test_a_metastable_electrolyte_that_does_not_react_is_class_0(hand):
    found = pair(hand, "Li3PS4", "Li3PS4", 2.0, 2.1, lift=0.05)
    assert found.interphase_class == 0
    assert "Li3PS4 is metastable: 0.0500 eV/atom above the hull" in found.flags


def test_small_mutual_energy_is_not_called_small_beside_a_decomposing_electrolyte(hand):
    # P2S5 | Li2S reacts weakly at 2.15 V, but P2S5 itself is reduced at the low end.
    lax = Thresholds(driving_force_eV_per_atom=0.072)
    found = pair(hand, "P2S5", "Li2S", 2.15, 2.15, thresholds=lax)
    assert SMALL_DRIVING_FORCE in found.flags
    wide = pair(hand, "P2S5", "Li2S", 0.5, 2.15, thresholds=lax)
    assert wide.driving_force_eV_per_atom < found.driving_force_eV_per_atom
    assert SMALL_DRIVING_FORCE not in wide.flags


def test_redox_activity_of_a_pair_leaves_the_working_electrode_out():
    energies = {"LiF": -3.0, "TiS2": -1.4, "LiTiS2": -6.2 / 4, "Li2TiS2F": -12.4 / 6}
    table = PhaseTable.from_formulas(energies)
    found = pair(table, "LiF", "LiTiS2", 1.5, 2.5)
    assert found.reaction == "LiF + LiTiS2 -> Li2TiS2F"
    assert found.redox.ions_exchanged == pytest.approx(1.0)
    # It is titanium of the electrode that exchanges them, not the fluoride.
    assert found.redox.brought_ions_exchanged == (0.0, 0.0)
    assert found.interphase_class is None  # neither gap nor conductivity known
    assert found.possible_classes == (1, 2, 3)


def test_record_of_the_contract(hand):
    record = pair(hand, "P2S5", "Li2S", 2.15, 2.15).to_dict()
    for key in ("class", "classes", "conditions", "label", "reason", "flags", "products"):
        assert key in record
    assert [each["at"] for each in record["conditions"]] == ["contact", "low"]
    for key in ("class", "classes", "label", "reason", "text", "formations"):
        assert key in record["conditions"][0]
    assert "interphase_class" not in record
    assert record["class"] == 1
    assert isinstance(record["flags"], list)
    assert record["products"][0]["formula"] == "Li3PS4"
    assert record["redox"]["volume_change"]["fraction"] == pytest.approx(0.0)


# --- conservation, on the packaged table -------------------------------------------------------

TERM = re.compile(r"^(\d+(?:\.\d+)?(?:e-\d+)?)? ?([A-Z(\[].*)$")


def totals(side):
    atoms = {}
    for term in side.split(" + "):
        amount, formula = TERM.match(term).groups()
        for element, n in parse(formula).amounts.items():
            atoms[element] = atoms.get(element, 0.0) + n * float(amount or 1.0)
    return atoms


PAIRS = [
    ("Li10GeP2S12", "LiCoO2", 3.0, 4.2),
    ("Li6PS5Cl", "Li0.5CoO2", 3.0, 4.2),
    ("Li7La3Zr2O12", "LiFePO4", 2.5, 4.0),
    ("Li1.3Al0.3Ti1.7(PO4)3", "LiMn2O4", 3.0, 4.3),
    ("Li3InCl6", "LiNi0.8Mn0.1Co0.1O2", 3.0, 4.3),
    ("Li2PO2N", "Li4Ti5O12", 1.0, 2.5),
    ("Li0.33La0.56TiO3", "In", 0.62, 0.62),
    ("Li3PS4", "S", 1.0, 3.0),
    ("LiNbO3", "C", 0.01, 0.25),
    ("Li10SnP2S12", "Li", 0.0, 0.0),
]


@pytest.mark.parametrize(("electrolyte", "electrode", "low", "high"), PAIRS)
def test_every_element_is_conserved(table, electrolyte, electrode, low, high):
    found = pair(table, electrolyte, electrode, low, high, known=None)
    brought = set(parse(electrolyte).elements) - {"Li", *parse(electrode).elements}
    for formed in (f for c in found.conditions for f in c.formations):
        left, right = (totals(side) for side in formed.reaction.split(" -> "))
        assert set(left) == set(right)
        for element, n in left.items():
            # The reaction is printed to four decimals.
            assert right[element] == pytest.approx(n, abs=2e-3 * sum(left.values()) / 10)
        products = {}
        for p in formed.products:
            for element, n in parse(p.formula).amounts.items():
                products[element] = products.get(element, 0.0) + n * p.amount
        conserved = set(left) - {"Li"}
        # What the electrolyte brought is all there; what is the electrode's may be left out.
        for element in conserved & brought:
            assert products[element] == pytest.approx(left[element], rel=1e-3)
        redox = formed.redox
        for end in (redox.products_low, redox.products_high):
            assert {e for p in end for e in parse(p.formula).elements} - {"Li"} <= conserved
        known = [p.volume_fraction for p in formed.products if p.volume_fraction is not None]
        assert not known or sum(known) == pytest.approx(1.0)
