"""Which phase sets a limit: hand-solved systems, published cases, and what must always hold."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.equilibria.sensitivity import window_sensitivity
from sse_window.equilibria.windows import stability_window
from sse_window.phases.table import PhaseTable


def sensitivity(table, formula, ion="Li"):
    return window_sensitivity(stability_window(table, parse(formula), ion))


def test_next_competitor_takes_over_in_a_hand_solved_system():
    # Per formula unit: Li2S -4.2 eV, LiS4 -2.9 eV. Li2S gives off 1.75 Li to become 0.25 LiS4 at
    # (4.2 - 2.9 / 4) / 1.75 V, and without LiS4 gives off 2 Li to become S at 4.2 / 2 V.
    table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS4": -0.58})
    found = sensitivity(table, "Li2S")
    assert found.reduction is None
    assert found.oxidation.limiting_phase == "LiS4"
    assert found.oxidation.voltage_V == pytest.approx((4.2 - 2.9 / 4) / 1.75, abs=1e-9)
    assert found.oxidation.voltage_without_V == pytest.approx(2.1, abs=1e-9)
    (entry,) = found.oxidation.limits_without
    assert entry.shift_V == pytest.approx(2.1 - (4.2 - 2.9 / 4) / 1.75, abs=1e-9)
    assert (entry.status, entry.in_window, entry.reason) == ("ok", False, None)
    assert entry.reduction_potential_V == 0.0


def test_phase_that_was_above_the_hull_comes_down():
    # LiS2 is above the line from Li2S to LiS4 and competes only once LiS4 is left out: the
    # oxidation limit is then that of Li2S -> 0.5 LiS2 + 1.5 Li.
    energies = {"Li2S": -4.2 / 3, "LiS4": -2.9 / 5, "LiS2": -2.2 / 3}
    found = sensitivity(PhaseTable.from_formulas(energies), "Li2S").oxidation
    assert found.limiting_phase == "LiS4"
    assert found.voltage_without_V == pytest.approx((4.2 - 1.1) / 1.5, abs=1e-9)


def test_both_products_are_left_out_in_turn(li_p_s):
    found = sensitivity(li_p_s, "Li3PS4")
    # Without P the reduction goes straight to Li3P: 8 Li, 4 Li2S + Li3P.
    by_formula = {entry.formula: entry for entry in found.reduction.limits_without}
    assert set(by_formula) == {"P", "Li2S"}
    assert by_formula["P"].reduction_potential_V == pytest.approx((16.8 + 3.6 - 7.6) / 8, abs=1e-9)
    # Without Li2S nothing holds the sulfur as sulfide but Li3PS4 itself.
    assert by_formula["Li2S"].reduction_potential_V == 0.0
    assert found.reduction.limiting_phase == "Li2S"


def test_no_limit_is_said_and_ranks_first(li_p_s):
    # Without elemental S no other phase takes sulfur in excess of P2S5.
    found = sensitivity(li_p_s, "Li3PS4").oxidation
    assert found.limiting_phase == "S"
    assert found.voltage_without_V is None
    entry = found.limits_without[0]
    assert (entry.formula, entry.status) == ("S", "no limit")
    assert entry.oxidation_potential_V is None
    assert entry.shift_V is None
    assert entry.reason == "without S nothing oxidises Li3PS4"


def test_no_equilibrium_is_said():
    # LiCl is all the chlorine there is: without it Li3SCl cannot be made of this table.
    table = PhaseTable.from_formulas(
        {"Li2S": -1.4, "LiCl": -2.1, "Li": 0.0, "S": 0.0}, elements=False
    )
    found = sensitivity(table, "Li3SCl").oxidation
    entry = next(e for e in found.limits_without if e.formula == "LiCl")
    assert entry.status == "no equilibrium"
    assert entry.in_window
    assert (entry.reduction_potential_V, entry.oxidation_potential_V) == (None, None)
    assert entry.reason.startswith("without LiCl: ")
    assert "Cl" in entry.reason
    # A phase on both sides of the limit never decides it.
    assert found.limiting_phase == "S"


def test_metal_has_nothing_to_leave_out(li_p_s):
    found = sensitivity(li_p_s, "Li")
    assert found.reduction is None
    assert found.oxidation.limiting_phase is None
    assert found.oxidation.limits_without == ()
    assert found.oxidation.reason == "nothing but Li forms beyond the limit"


def test_li4ti5o12_is_limited_by_li7ti10o24(table):
    # The 3.7-3.9 V that older tables give hold without Li7Ti10O24.
    found = sensitivity(table, "Li4Ti5O12").oxidation
    assert found.voltage_V == pytest.approx(2.51, abs=0.01)
    assert found.limiting_phase == "Li7Ti10O24"
    assert 3.70 <= found.voltage_without_V <= 3.89


def test_argyrodite_is_limited_by_lis4(published):
    # Li2S is oxidised at 2.14 V where LiS4 is known, at 2.34 V to elemental S.
    found = sensitivity(published, "Li6PS5Cl").oxidation
    assert found.limiting_phase == "LiS4"
    assert found.voltage_V == pytest.approx(2.14, abs=0.01)
    assert found.voltage_without_V == pytest.approx(2.34, abs=0.01)
    spectators = {entry.formula for entry in found.limits_without if entry.in_window}
    assert spectators == {"Li3PS4", "LiCl"}


def test_composition_within_a_step(table):
    # The lithium content of Li3Ti5O12 lies inside a step: both limits are its voltage.
    window = stability_window(table, parse("Li3Ti5O12"))
    assert window.window_width_V == 0.0
    found = window_sensitivity(window)
    assert found.reduction.limiting_phase == "Li7Ti10O24"
    assert {entry.formula for entry in found.oxidation.limits_without} == {"O2", "TiO2"}


def test_limits_equal_those_of_the_table_without_the_phase(table):
    found = sensitivity(table, "Li10GeP2S12")
    for limit in (found.reduction, found.oxidation):
        for entry in limit.limits_without:
            other = stability_window(table.exclude([entry.formula]), parse("Li10GeP2S12"))
            assert entry.reduction_potential_V == pytest.approx(other.reduction_potential_V)
            assert entry.oxidation_potential_V == pytest.approx(other.oxidation_potential_V)


def test_leaving_out_a_competitor_never_narrows_a_window(table):
    rng = np.random.default_rng(5)
    stable = table.competitors().within(["Li", "P", "S", "Ge", "O", "Cl", "Ti", "Zr", "La"])
    formulas = [f for f in stable.formulas.tolist() if len(parse(f).elements) >= 3]
    seen = 0
    for formula in rng.choice(formulas, 40, replace=False):
        found = sensitivity(table, str(formula))
        for side, limit in ((-1, found.reduction), (1, found.oxidation)):
            for entry in limit.limits_without if limit else ():
                if not entry.in_window and entry.shift_V is not None:
                    assert side * entry.shift_V >= -1e-9, (formula, entry)
                    seen += 1
    assert seen > 40


def test_record_is_json_with_units(table):
    plain = json.loads(json.dumps(sensitivity(table, "Li4Ti5O12").to_dict(), allow_nan=False))
    assert plain["oxidation"]["limiting_phase"] == "Li7Ti10O24"
    assert set(plain["oxidation"]["limits_without"][0]) == {
        "formula",
        "reduction_potential_V",
        "oxidation_potential_V",
        "shift_V",
        "in_window",
        "status",
        "reason",
    }
