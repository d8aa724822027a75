"""Ions exchanged over a range and volume changes, by hand and against the window."""

import math

import numpy as np
import pytest
from hand_made import with_properties

from sse_window.core.composition import parse
from sse_window.equilibria.chemical_system import Product
from sse_window.equilibria.windows import stability_window
from sse_window.interphases.redox import BroughtElement, redox_activity
from sse_window.interphases.volumes import volume_change
from sse_window.phases.table import PhaseTable

FARADAY = 96485.33212


def capacity(ions, molar_mass, charge=1):
    return ions * charge * FARADAY / 3.6 / molar_mass


# Li3PS4: + 8 Li to 1.2 V, + 5 Li to 1.84 V, 0 to 2.18333 V, - 3 Li above (conftest).
@pytest.mark.parametrize(
    ("low", "high", "ions"),
    [
        (0.0, 5.0, 11.0),
        (1.0, 2.5, 11.0),
        (1.5, 2.5, 8.0),
        (1.5, 2.0, 5.0),
        (1.9, 2.1, 0.0),
        (1.2, 2.0, 5.0),  # the step at the low end is not counted
        (0.0, 1.2, 0.0),  # nor is that at the high end
        (0.5, 0.5, 0.0),
    ],
)
def test_steps_of_a_hand_solved_system(li_p_s, low, high, ions):
    found = redox_activity(li_p_s, parse("Li3PS4"), "Li", low, high)
    assert found.ions_exchanged == pytest.approx(ions, abs=1e-9)
    assert found.reversible_ions_exchanged == found.ions_exchanged
    assert found.capacity_mAh_per_g == pytest.approx(capacity(ions, 180.061), rel=1e-4)
    assert (found.voltage_low_V, found.voltage_high_V) == (low, high)


def test_phases_at_both_ends(li_p_s):
    found = redox_activity(li_p_s, parse("Li3PS4"), "Li", 1.0, 5.0)
    assert {p.formula: pytest.approx(p.amount) for p in found.products_low} == {
        "Li2S": 4.0,
        "Li3P": 1.0,
    }
    assert {p.formula: pytest.approx(p.amount) for p in found.products_high} == {
        "P2S5": 0.5,
        "S": 1.5,
    }


def test_per_formula_unit_of_the_first_reactant_and_mass_of_all(li_p_s):
    mixture = [(parse("Li3PS4"), 2.0), (parse("Li2S"), 1.0)]
    found = redox_activity(li_p_s, mixture, "Li", 1.0, 2.5)
    # 11 per Li3PS4, and half an Li2S of 2.
    assert found.ions_exchanged == pytest.approx(12.0)
    assert found.capacity_mAh_per_g == pytest.approx(capacity(12.0, 180.061 + 45.947 / 2), 1e-4)


def test_a_divalent_ion_carries_twice_the_charge():
    table = PhaseTable.from_formulas({"MgS": -1.5})
    found = redox_activity(table, parse("MgS"), "Mg", 0.5, 3.0)
    assert found.ions_exchanged == pytest.approx(1.0)
    assert found.capacity_mAh_per_g == pytest.approx(capacity(1.0, 56.37, charge=2), 1e-4)


# LiTiS2 gives off its lithium at 2 V; LiF does nothing beside it.
HOST = {"LiF": -3.0, "TiS2": -1.4, "LiTiS2": (-1.4 * 3 - 2.0) / 4}


@pytest.fixture(scope="module")
def host():
    return PhaseTable.from_formulas(HOST)


def test_the_unreacted_electrode_works_as_an_electrode(host):
    coating, electrode = parse("LiF"), parse("LiTiS2")
    mixture = [(coating, 1.0), (electrode, 3.0)]
    whole = redox_activity(host, mixture, "Li", 1.5, 2.5)
    assert whole.ions_exchanged == pytest.approx(3.0)
    assert whole.electrode_ions_exchanged == 0.0

    products = redox_activity(host, mixture, "Li", 1.5, 2.5, electrode=electrode)
    assert products.ions_exchanged == 0.0
    assert products.electrode_ions_exchanged == pytest.approx(3.0)
    assert [p.formula for p in products.products_low] == ["LiF"]
    assert [p.formula for p in products.products_high] == ["LiF"]


def test_an_electrode_that_has_reacted_counts(host):
    # Li2TiS2F, below LiF + LiTiS2 by 0.2 eV, gives off one ion at 2.2 V; none is left to work.
    table = PhaseTable.from_formulas(HOST | {"Li2TiS2F": -12.4 / 6})
    electrode = parse("LiTiS2")
    mixture = [(parse("LiF"), 1.0), (electrode, 1.0)]
    found = redox_activity(table, mixture, "Li", 1.5, 2.5, electrode=electrode)
    assert [p.formula for p in found.products_low] == ["Li2TiS2F"]
    assert found.electrode_ions_exchanged == 0.0
    assert found.ions_exchanged == pytest.approx(1.0)


def test_half_of_an_electrode_may_be_left():
    # 2 LiTiS2 per LiF, of which Li2TiS2F takes one.
    table = PhaseTable.from_formulas(HOST | {"Li2TiS2F": -12.4 / 6})
    electrode = parse("LiTiS2")
    mixture = [(parse("LiF"), 1.0), (electrode, 2.0)]
    found = redox_activity(table, mixture, "Li", 1.5, 2.5, electrode=electrode)
    assert found.electrode_ions_exchanged == pytest.approx(1.0)
    assert found.ions_exchanged == pytest.approx(1.0)
    mass = parse("LiF").molar_mass + electrode.molar_mass
    assert found.capacity_mAh_per_g == pytest.approx(capacity(1.0, mass))


def test_what_leaves_as_gas_does_not_take_ions_back():
    table = PhaseTable.from_formulas({"Li2O": -2.0, "LiNbO3": -2.9, "Nb2O5": -2.8})
    found = redox_activity(table, parse("LiNbO3"), "Li", 3.0, 6.0)
    assert {p.formula for p in found.products_high} == {"Nb2O5", "O2"}
    assert found.ions_exchanged == pytest.approx(1.0)
    assert found.reversible_ions_exchanged == 0.0
    only_gas = redox_activity(table, parse("Li2O"), "Li", 2.0, 6.0)
    assert only_gas.ions_exchanged == pytest.approx(2.0)
    assert only_gas.reversible_capacity_mAh_per_g == 0.0


def test_solids_beside_a_gas_stay_reversible():
    # Beside Li2O, which loses its oxygen, LiTiS2 keeps its ion.
    table = PhaseTable.from_formulas({"Li2O": -2.0} | {k: HOST[k] for k in ("TiS2", "LiTiS2")})
    mixture = [(parse("Li2O"), 1.0), (parse("LiTiS2"), 1.0)]
    found = redox_activity(table, mixture, "Li", 1.5, 6.0)
    assert found.ions_exchanged == pytest.approx(3.0)
    assert found.reversible_ions_exchanged == pytest.approx(1.0)


# --- which elements --------------------------------------------------------------------------


def test_elements_of_the_electrolyte_are_named_with_their_states(li_p_s):
    found = redox_activity(li_p_s, parse("Li3PS4"), "Li", 1.0, 5.0)
    # Li2S and Li3P become P2S5 and S: 8 electrons of P, 3 of S.
    assert found.brought_ions_exchanged == pytest.approx((11.0, 11.0))
    assert found.brought_capacity_mAh_per_g == pytest.approx((found.capacity_mAh_per_g,) * 2)
    assert found.brought == (
        BroughtElement("P", -3.0, 5.0), BroughtElement("S", -2.0, -1.25),
    )  # fmt: skip


def test_conversion_of_the_electrode_does_not_count():
    # The electrode NiO gives nickel at the low end; LiF of the electrolyte does nothing.
    table = PhaseTable.from_formulas({"NiO": -1.2, "Li2O": -2.0, "LiF": -3.0})
    mixture = [(parse("LiF"), 1.0), (parse("NiO"), 1.0)]
    found = redox_activity(table, mixture, "Li", 0.5, 3.0)
    assert found.ions_exchanged == pytest.approx(2.0)
    assert found.brought_ions_exchanged == (0.0, 0.0)
    assert found.brought == ()
    # The other way round it is the electrolyte that converts.
    found = redox_activity(table, mixture[::-1], "Li", 0.5, 3.0)
    assert found.brought_ions_exchanged == pytest.approx((2.0, 2.0))
    assert found.brought == (BroughtElement("Ni", 0.0, 2.0),)


def test_an_element_of_both_sides_counts_by_its_share():
    # Li2S as electrolyte and as part of an electrode Li4S2O with oxygen that stays as it is.
    table = PhaseTable.from_formulas({"Li2S": -1.4, "Li2O": -2.0})
    mixture = [(parse("Li2S"), 1.0), (parse("Li8S3O"), 1.0)]
    found = redox_activity(table, mixture, "Li", 1.0, 2.5)
    assert found.ions_exchanged == pytest.approx(8.0)
    assert found.brought_ions_exchanged == pytest.approx((2.0, 2.0))


def test_the_metal_dissolves(li_p_s):
    assert redox_activity(li_p_s, parse("Li"), "Li", 0.0, 1.0).ions_exchanged == 1.0
    assert redox_activity(li_p_s, parse("Li"), "Li", 0.0, 0.0).ions_exchanged == 0.0
    assert redox_activity(li_p_s, parse("Li"), "Li", 1.0, 2.0).ions_exchanged == 0.0


@pytest.mark.parametrize("formula", ["Li10GeP2S12", "Li1.3Al0.3Ti1.7(PO4)3", "Li7La3Zr2O12"])
@pytest.mark.parametrize("span", [(0.01, 0.25), (1.0, 2.5), (3.0, 4.3)])
def test_equal_to_the_steps_of_the_window(table, formula, span):
    window = stability_window(table, parse(formula))

    def exchange(voltage):
        return next(
            step.ion_exchange
            for step in window.steps
            if step.voltage_high_V is None or voltage < step.voltage_high_V
        )

    found = redox_activity(table, parse(formula), "Li", *span)
    assert found.ions_exchanged == pytest.approx(exchange(span[0]) - exchange(span[1]), abs=1e-6)


ELECTRODES = ["LiCoO2", "LiFePO4", "LiMn2O4", "Li4Ti5O12", "S", "LiNi0.8Mn0.1Co0.1O2"]


def test_whatever_is_mixed_gives_off_ions_as_the_voltage_rises(table):
    """Also when the unreacted electrode is left out: what remains is in equilibrium itself."""
    random = np.random.default_rng(5)
    held = np.flatnonzero((table.matrix(["Li"])[0] > 0.0) & table.competing)
    for row in random.choice(held, 40, replace=False):
        electrode = parse(str(random.choice(ELECTRODES)))
        electrolyte = parse(str(table.formulas[row]))
        mixture = [(electrolyte, 1.0), (electrode, float(random.uniform(0.2, 5.0)))]
        low, high = np.sort(random.uniform(0.0, 5.0, 2)).tolist()
        whole = redox_activity(table, mixture, "Li", low, high)
        found = redox_activity(table, mixture, "Li", low, high, electrode=electrode)
        assert found.ions_exchanged >= 0.0
        assert found.reversible_ions_exchanged >= 0.0
        # Nothing is lost in the books: products and the idle electrode make up the whole.
        total = found.ions_exchanged + found.electrode_ions_exchanged
        assert total == pytest.approx(whole.ions_exchanged, abs=1e-6)
        remaining = [
            math.fsum(parse(p.formula).amount("Li") * p.amount for p in end)
            for end in (found.products_low, found.products_high)
        ]
        assert remaining[0] - remaining[1] == pytest.approx(found.ions_exchanged, abs=1e-6)


# --- volume ------------------------------------------------------------------------------------


def test_volume_change_by_hand(li_p_s):
    table = with_properties(
        li_p_s, volume_per_atom_A3={"Li3PS4": 20.0, "Li2S": 15.0, "Li3P": 14.0, "S": 25.0}
    )
    # 4 Li2S + Li3P: 12 * 15 + 4 * 14 = 236 A3 from 8 * 20 = 160 A3; the 8 Li are not counted.
    change = volume_change(
        table, [(parse("Li3PS4"), 1.0)], [Product("Li2S", 4.0), Product("Li3P", 1.0)]
    )
    assert change.fraction == pytest.approx(236 / 160 - 1)
    assert change.reason is None
    # Over a range: Li2S (45 A3) becomes S (25 A3).
    activity = redox_activity(table, parse("Li2S"), "Li", 1.0, 3.0)
    assert activity.volume_change.fraction == pytest.approx(25 / 45 - 1)


def test_a_missing_volume_is_named_and_gives_no_number(li_p_s):
    table = with_properties(li_p_s, volume_per_atom_A3={"Li2S": 15.0})
    change = volume_change(
        table, [(parse("Li3PS4"), 1.0)], [Product("Li2S", 4.0), Product("Li3P", 1.0)]
    )
    assert change.fraction is None
    assert change.reason == "no volume known for Li3PS4, Li3P"
    doped = volume_change(table, [(parse("Li2.9PS4"), 1.0)], [Product("Li2S", 1.0)])
    assert doped.reason == "no volume known for Li2.9PS4"


def test_gases_have_left():
    table = PhaseTable.from_formulas({"Li2O": -2.0})
    table = with_properties(table, volume_per_atom_A3={"Li2O": 8.0})
    assert volume_change(table, [(parse("Li2O"), 1.0)], [Product("O2", 0.5)]).fraction == -1.0
    nothing = volume_change(table, [(parse("O2"), 1.0)], [Product("Li2O", 2.0)])
    assert (nothing.fraction, nothing.reason) == (None, "nothing solid to begin with")


def test_gases_that_leave_at_both_ends_in_turn(table):
    # O2 leaves at the high end, CO2 at the low end, each time about half as much.
    from hand_made import pair

    discharged, charged = pair(table, "Li3BePCO7", "NMC811")
    assert discharged.interphase.redox is not None
    assert charged.status == "ok"
