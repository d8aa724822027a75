"""Tolerance window and E_D at 0 V: by hand, by property, and as published."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.equilibria.batch import windows
from sse_window.equilibria.tolerance import lower_end, upper_end
from sse_window.equilibria.windows import decomposition_energy, stability_window
from sse_window.phases.composition_arrays import CompositionArrays
from sse_window.phases.table import PhaseTable
from sse_window.sources import datasets

BY_HAND = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95})


@pytest.fixture(scope="module")
def table() -> PhaseTable:
    return datasets.load("mp-legacy")


def test_by_hand():
    # Li3PS4: 5 Li taken up below 1.84 V, 3 Li given off above 2.18333 V, 8 atoms.
    window = stability_window(BY_HAND, parse("Li3PS4"))
    low, high = window.tolerance_window_V
    assert low == pytest.approx(1.84 - 0.03 * 8 / 5, abs=1e-9)
    assert high == pytest.approx(2.18333333 + 0.03 * 8 / 3, abs=1e-7)
    assert window.tolerance_eV_per_atom == 0.03
    # 4 Li2S + Li3P from Li3PS4 + 8 Li: 12 (-1.4) + 4 (-0.9) + 8 (0.95) = -12.8 eV over 8 atoms.
    assert window.decomposition_energy_0V_eV_per_atom == pytest.approx(-1.6, abs=1e-9)


def test_a_tolerance_of_zero_is_the_window_itself():
    window = stability_window(BY_HAND, parse("Li3PS4"), tolerance_eV_per_atom=0.0)
    assert window.tolerance_window_V == (window.reduction_potential_V, window.oxidation_potential_V)


def test_a_large_tolerance_reaches_the_metal_and_crosses_steps():
    window = stability_window(BY_HAND, parse("Li3PS4"), tolerance_eV_per_atom=1.6)
    assert window.tolerance_window_V[0] == pytest.approx(0.0, abs=1e-9)
    # Li2S -> S + 2 Li above 2.1 V: 2/3 eV per volt and atom.
    window = stability_window(BY_HAND, parse("Li2S"), tolerance_eV_per_atom=0.1)
    assert window.tolerance_window_V == pytest.approx((0.0, 2.1 + 0.15))


def test_what_cannot_be_oxidised_has_no_upper_end():
    window = stability_window(BY_HAND, parse("P"))
    assert window.tolerance_window_V[1] is None
    assert upper_end(None, [], 0.03) is None


def test_the_metal_is_tolerated_a_little_above_zero():
    window = stability_window(BY_HAND, parse("Li"), tolerance_eV_per_atom=0.05)
    assert window.tolerance_window_V == pytest.approx((0.0, 0.05))
    assert window.decomposition_energy_0V_eV_per_atom == 0.0


def test_two_steps_share_the_tolerance():
    assert lower_end(2.0, [(1.5, 0.1), (0.0, 1.0)], 0.25) == pytest.approx(1.5 - 0.2)
    assert lower_end(2.0, [(1.5, 0.1), (0.0, 0.1)], 0.25) == 0.0


@pytest.mark.parametrize("bad", [-0.01, float("nan"), float("inf")])
def test_a_tolerance_that_is_none_is_refused(bad):
    with pytest.raises(FormulaError, match="give a number of 0 or more"):
        stability_window(BY_HAND, parse("Li3PS4"), tolerance_eV_per_atom=bad)


@pytest.mark.parametrize("formula", ["LGPS", "LiNbO3", "Li6.5La3Zr1.5Ta0.5O12", "Li3N"])
@pytest.mark.parametrize("tolerance", [0.0, 0.01, 0.03, 0.3])
def test_at_the_ends_the_driving_force_is_the_tolerance(table, formula, tolerance):
    from sse_window.facts.names import resolve

    window = stability_window(table, resolve(formula), tolerance_eV_per_atom=tolerance)
    own = window.e_above_hull_eV_per_atom or 0.0
    low, high = window.tolerance_window_V
    assert high is not None
    assert -decomposition_energy(window, high) - own == pytest.approx(tolerance, abs=1e-9)
    if low > 0.0:
        assert -decomposition_energy(window, low) - own == pytest.approx(tolerance, abs=1e-9)
    assert window.decomposition_energy_0V_eV_per_atom == pytest.approx(
        decomposition_energy(window, 0.0), abs=1e-9
    )
    # Without the steps the same is found by another way.
    short = stability_window(
        table, resolve(formula), all_steps=False, tolerance_eV_per_atom=tolerance
    )
    assert short.tolerance_window_V == pytest.approx(window.tolerance_window_V, abs=1e-9)
    assert short.decomposition_energy_0V_eV_per_atom == pytest.approx(
        window.decomposition_energy_0V_eV_per_atom, abs=1e-9
    )


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_a_larger_tolerance_never_narrows(one, other):
    small, large = sorted((one, other))
    narrow = stability_window(BY_HAND, parse("Li3PS4"), tolerance_eV_per_atom=small)
    wide = stability_window(BY_HAND, parse("Li3PS4"), tolerance_eV_per_atom=large)
    assert wide.tolerance_window_V[0] <= narrow.tolerance_window_V[0] + 1e-12
    assert (wide.tolerance_window_V[1] or 0.0) >= (narrow.tolerance_window_V[1] or 0.0) - 1e-12


# Driving force of garnets on lithium without their energy above hull [eV/atom]; independent linear
# programs on the same energies.
@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Li7La3Zr2O12", -0.014),
        ("Li6.25Al0.25La3Zr2O12", -0.028),
        ("Li6.5La3Zr1.5Ta0.5O12", -0.050),
        ("Li7La3Hf2O12", 0.0),
    ],
)
def test_garnets_on_lithium(table, formula, expected):
    window = stability_window(table, parse(formula))
    own = window.e_above_hull_eV_per_atom or 0.0
    assert window.decomposition_energy_0V_eV_per_atom + own == pytest.approx(expected, abs=6e-4)
    assert (window.tolerance_window_V[0] == 0.0) == (expected > -0.03)


@pytest.mark.parametrize("above", [0.0, 0.01, 0.0831, 0.4])
def test_driving_force_is_said_with_and_without_the_energy_above_hull(li_p_s, above):
    asked = parse("Li6PS5")
    window = stability_window(li_p_s, asked, e_above_hull=above)
    on_hull = stability_window(li_p_s, asked).decomposition_energy_0V_on_hull_eV_per_atom
    both = window.decomposition_energy_0V_eV_per_atom
    assert window.decomposition_energy_0V_on_hull_eV_per_atom == pytest.approx(on_hull, abs=1e-9)
    assert both + above == pytest.approx(on_hull, abs=1e-9)
    arrays = windows(li_p_s, CompositionArrays.of([asked]), e_above_hull=[above])
    assert arrays.decomposition_energy_0V_on_hull_eV_per_atom[0] == pytest.approx(on_hull, abs=1e-9)
