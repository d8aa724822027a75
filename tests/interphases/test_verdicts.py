"""Every class, every unknown and the precedence, on products made by hand."""

import itertools
from dataclasses import replace

import pytest
from hand_made import product

from sse_window.equilibria.chemical_system import Product
from sse_window.interphases.redox import BroughtElement, RedoxActivity
from sse_window.interphases.thresholds import Thresholds
from sse_window.interphases.verdicts import LABELS, PRECEDENCE, classify, headlines
from sse_window.interphases.volumes import VolumeChange


def redox(ions, capacity, most=None):
    """Exchange of sulfur; between two limits where `most` is given."""
    above = capacity if most is None else most
    return RedoxActivity(
        voltage_low_V=1.0,
        voltage_high_V=3.0,
        ions_exchanged=ions,
        capacity_mAh_per_g=capacity,
        reversible_ions_exchanged=ions,
        reversible_capacity_mAh_per_g=capacity,
        brought_ions_exchanged=(ions, ions),
        brought_capacity_mAh_per_g=(capacity, above),
        brought=(BroughtElement("S", -2.0, 0.0),),
        electrode_ions_exchanged=0.0,
        products_low=(Product("Li2S", 1.0),),
        products_high=(Product("S", 1.0),),
        volume_change=VolumeChange(None, "made by hand"),
    )


METAL = product("LiZn", electronic="conductor", volume=10.0, total=100.0)
PATH = product("Li3P", ionic="conductor", volume=20.0, total=100.0)
REST = product("Li2S", volume=80.0, total=100.0)
ACTIVE = redox(2.0, 50.0)


# --- the four classes --------------------------------------------------------------------------


def test_class_1_a_path_for_ions_and_none_for_electrons():
    verdict = classify([PATH, REST])
    assert verdict.interphase_class == 1
    assert verdict.label == LABELS[1]
    assert verdict.reason == "Li3P conducts Li, and no product conducts electrons"
    assert verdict.flags == ("ion conductor: Li3P (20.0% of the volume)",)
    assert verdict.ion_conductor_volume_fraction == pytest.approx(0.2)
    assert verdict.electronic_conductor_volume_fraction == 0.0


def test_class_2_no_path_at_all():
    verdict = classify([product("Li2O"), product("La2O3", volume=0.5)])
    assert verdict.interphase_class == 2
    assert verdict.reason == "Li2O insulates, and no product conducts Li"
    assert verdict.flags == ("resistive: no path for Li",)


def sized(formed, volume):
    return replace(
        formed,
        volume_per_atom_A3=volume,
        volume_fraction=volume / 100.0,
        volume_bounds_A3=(volume, volume),
    )


def test_class_2_a_path_that_does_not_percolate():
    verdict = classify([sized(PATH, 15.0), sized(REST, 85.0)])
    assert verdict.interphase_class == 2
    assert verdict.reason == (
        "Li2S insulates, and Li3P (15.0% of the volume) cannot form a path for Li, which takes 16%"
    )


def test_percolation_threshold_is_met_at_its_value():
    limits = Thresholds(percolation_volume_fraction=0.2)
    assert classify([PATH, REST], thresholds=limits).interphase_class == 1
    limits = Thresholds(percolation_volume_fraction=0.2001)
    assert classify([PATH, REST], thresholds=limits).interphase_class == 2


def test_class_3_from_a_single_conductor_below_percolation():
    verdict = classify([METAL, PATH, sized(REST, 70.0)])
    assert verdict.interphase_class == 3
    assert verdict.classes == (3,)
    assert verdict.label == "mixed-conducting: the reaction goes on"
    assert verdict.reason == "LiZn (10.0% of the volume) conducts electrons (electronic reason)"
    assert "electronic conductor: LiZn (10.0% of the volume)" in verdict.flags
    assert "electronic conductors below the percolation threshold of 16%" in verdict.flags
    assert "ion conductor: Li3P (20.0% of the volume)" in verdict.flags
    assert verdict.electronic_conductor_volume_fraction == pytest.approx(0.1)


def test_class_3_may_be_made_to_need_a_network():
    products = [METAL, PATH, sized(REST, 70.0)]
    strict = Thresholds(electronic_volume_fraction=0.16)
    assert classify(products, thresholds=strict).interphase_class == 1
    strict = Thresholds(electronic_volume_fraction=0.1)
    assert classify(products, thresholds=strict).interphase_class == 3


def test_class_4_products_that_exchange_ions():
    verdict = classify([PATH, REST], redox=ACTIVE)
    assert verdict.interphase_class == 4
    assert verdict.reason == (
        "S (-2 to 0) exchanges 2 Li per formula unit (50 mAh/g) between 1.00 and 3.00 V"
    )
    assert any(flag.startswith("redox-active: S (-2 to 0), 2 Li") for flag in verdict.flags)
    assert verdict.classes == (1, 4)
    assert any(flag.startswith("ion conductor") for flag in verdict.flags)


def test_redox_threshold():
    assert classify([PATH, REST], redox=redox(1.0, 50.0)).interphase_class == 4
    assert classify([PATH, REST], redox=redox(1.0, 49.9)).interphase_class == 1
    lax = Thresholds(redox_capacity_mAh_per_g=0.0)
    assert classify([PATH, REST], redox=redox(0.0, 0.0), thresholds=lax).interphase_class == 1


def test_redox_activity_that_formal_states_leave_open():
    verdict = classify([PATH, REST], redox=redox(0.5, 20.0, most=60.0))
    assert verdict.possible_classes == (1, 4)
    assert verdict.classes == (1,)
    assert "formal oxidation states leave open" in verdict.reason


def test_electrons_without_ions_do_not_feed_the_reaction():
    assert classify([METAL, sized(REST, 90.0)]).label == "electronically conducting, ions blocked"
    unsettled = [METAL, product("Y", ionic="unknown", volume=90.0, total=100.0)]
    assert classify(unsettled).label == "electronically conducting, path for ions unknown"


def test_traces_of_a_conductor_are_no_headline():
    verdict = classify([sized(METAL, 4.0), PATH, sized(REST, 76.0)])
    assert verdict.interphase_class == 1
    assert "class 3 only if its traces connect: LiZn (4.0% of the volume)" in verdict.flags


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([(3,), (2, 3)], (3,)),
        ([(2, 3), (3,), (1,)], (3,)),
        ([(1, 4), (2, 4)], (2, 4)),
        ([(1, 2), (0,)], (1, 2)),
        ([(), (2,)], (2,)),
        ([()], ()),
    ],
)
def test_headlines_of_several_verdicts(options, expected):
    """Against all ways to choose one option of each."""
    assert headlines(options) == expected
    ways = [way for way in itertools.product(*(o for o in options if o)) if way]
    assert set(expected) == {min(way, key=PRECEDENCE.index) for way in ways}


def test_precedence_3_over_4_over_2_over_1():
    resistive = [product("Li2O")]
    assert classify([METAL, *resistive], redox=ACTIVE).interphase_class == 3
    assert classify(resistive, redox=ACTIVE).interphase_class == 4
    assert classify(resistive).interphase_class == 2
    assert any("redox-active" in f for f in classify([METAL], redox=ACTIVE).flags)


# --- unknowns ----------------------------------------------------------------------------------

NO_GAP = product("X", electronic="unknown", volume=20.0, total=100.0)
NO_SIGMA = product("Y", ionic="unknown", volume=20.0, total=100.0)


@pytest.mark.parametrize(
    ("products", "activity", "classes", "label"),
    [
        ([PATH, NO_GAP], None, (1, 3), "class 1 or 3"),
        ([NO_GAP], None, (2, 3), "class 2 or 3"),
        ([NO_GAP], ACTIVE, (3, 4), "class 3 or 4"),
        ([NO_SIGMA], None, (1, 2), "class 1 or 2"),
        ([NO_GAP, NO_SIGMA], None, (1, 2, 3), "class 1, 2 or 3"),
    ],
)
def test_unknowns_that_matter(products, activity, classes, label):
    verdict = classify(products, redox=activity)
    assert verdict.interphase_class is None
    assert verdict.possible_classes == classes
    assert verdict.label == label


def test_every_missing_fact_is_named():
    verdict = classify([NO_GAP, NO_SIGMA])
    assert verdict.reason == (
        "whether X conducts electrons (electronic reason); no Li conductivity settled for Y"
    )
    assert verdict.electronic_conductor_volume_fraction is None
    assert verdict.ion_conductor_volume_fraction is None


@pytest.mark.parametrize(
    ("products", "activity", "expected"),
    [
        ([METAL, NO_GAP, NO_SIGMA], None, 3),  # one conductor is enough
        ([METAL, NO_GAP], ACTIVE, 3),
        ([REST, NO_SIGMA], ACTIVE, 4),
        ([PATH, REST, sized(NO_SIGMA, 1.0)], None, 1),  # percolates without
        ([REST, sized(NO_SIGMA, 1.0)], None, 2),  # cannot percolate with
    ],
)
def test_unknowns_that_do_not_matter(products, activity, expected):
    verdict = classify(products, redox=activity)
    assert verdict.interphase_class == expected
    assert any(" not known: " in flag for flag in verdict.flags)


def test_a_missing_volume_matters_only_near_the_threshold():
    unmeasured = product("Li2S", volume=None)
    path = product("Li3P", ionic="conductor", volume=15.0, total=None)
    verdict = classify([path, unmeasured])  # between 15 / 135 and 15 / 19.5
    assert verdict.possible_classes == (1, 2)
    assert verdict.label == "class 1 or 2"
    assert verdict.reason == "no volume known for Li2S"
    assert verdict.ion_conductor_volume_fraction is None
    wide = sized(path, 30.0)  # at least 30 / 150 = 0.2
    assert classify([wide, unmeasured]).interphase_class == 1
    assert "volume not known: Li2S" in classify([wide, unmeasured]).flags
    narrow = sized(path, 0.8)  # at most 0.8 / 5.3 = 0.15
    assert classify([narrow, unmeasured]).interphase_class == 2


def test_conductivity_that_depends_on_the_form_is_flagged_where_it_decides():
    doubtful = replace(REST, ionic_disputed=True)
    assert not any("vary with form" in flag for flag in classify([PATH, doubtful]).flags)
    verdict = classify([doubtful])
    assert verdict.interphase_class == 2
    assert any("vary with form: Li2S" in flag for flag in verdict.flags)


STATES = ["conductor", "insulator", "unknown"]
CHARACTERS = list(itertools.product(STATES, STATES))


@pytest.mark.parametrize("activity", [None, ACTIVE])
@pytest.mark.parametrize("volume", [2.0, 30.0, None])
def test_possible_classes_are_those_of_all_ways_the_unknowns_can_turn_out(volume, activity):
    """Nothing unknown: the class is definite. Else its ways to turn out are tried one by one."""
    for (e1, i1), (e2, i2) in itertools.product(CHARACTERS, CHARACTERS):
        products = [product("A", e1, i1, volume), product("B", e2, i2, 20.0)]
        ways = [
            [product("A", a, b, v), product("B", c, d, 20.0)]
            for a, b, c, d, v in itertools.product(
                *([s] if s != "unknown" else ["conductor", "insulator"] for s in (e1, i1, e2, i2)),
                [volume] if volume is not None else [4.5, 120.0],
            )
        ]
        outcomes = {classify(way, redox=activity).interphase_class for way in ways}
        assert None not in outcomes
        verdict = classify(products, redox=activity)
        assert set(verdict.possible_classes) == outcomes
        definite = next(iter(outcomes)) if len(outcomes) == 1 else None
        assert verdict.interphase_class == definite


# --- gases -------------------------------------------------------------------------------------


def test_gas_is_no_part_of_the_interphase():
    gas = product("O2", electronic="insulator", volume=None, gas=True)
    verdict = classify([PATH, REST, gas])
    assert verdict.interphase_class == 1
    assert "gas release: O2" in verdict.flags


def test_liquid_is_no_part_of_the_interphase():
    liquid = product("SCl", electronic="unknown", volume=50.0, liquid=True)
    verdict = classify([PATH, REST, liquid])
    assert verdict.interphase_class == 1
    assert "liquid release: SCl" in verdict.flags


@pytest.mark.parametrize(
    ("products", "reason"),
    [
        ([product("Cl2", gas=True)], "all of it leaves as gas or liquid (Cl2)"),
        ([], "it dissolves to Li"),
    ],
)
def test_nothing_solid_is_no_class(products, reason):
    verdict = classify(products)
    assert verdict.interphase_class is None
    assert verdict.label == "no solid product"
    assert verdict.reason == reason
