"""Windows against hand-solved systems, their definitions, and their invariants."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.core.composition import Composition, parse
from sse_window.core.errors import FormulaError, UnknownElementsError
from sse_window.equilibria.windows import decomposition_energy, stability_window
from sse_window.phases.table import PhaseTable


def limits(window):
    return window.reduction_potential_V, window.oxidation_potential_V


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        # By hand: V = -(reaction energy per ion), energies in eV per formula unit:
        # Li2S -4.2, Li3P -3.6, P2S5 -2.1, Li3PS4 -7.6.
        ("Li3PS4", (4 * 4.2 - 7.6) / 5, (7.6 - 2.1 / 2) / 3),
        ("Li3P", 0.0, 3.6 / 3),
        ("Li2S", 0.0, 4.2 / 2),
        ("S", 4.2 / 2, None),
        ("P2S5", (7.6 * 1.25 - 2.1) / 3.75, None),
    ],
)
def test_hand_solved_system(li_p_s, formula, low, high):
    window = stability_window(li_p_s, parse(formula))
    assert limits(window) == (pytest.approx(low, abs=1e-9), high and pytest.approx(high, abs=1e-9))
    assert window.window_basis == "stable phase"
    assert window.e_above_hull_eV_per_atom == 0.0
    assert window.stable_against_metal is (low == 0.0)


def test_steps_of_the_hand_solved_system(li_p_s):
    window = stability_window(li_p_s, parse("Li3PS4"))
    told = [
        (round(s.voltage_low_V, 5), s.voltage_high_V and round(s.voltage_high_V, 5),
         round(s.ion_exchange, 9), s.reaction)
        for s in window.steps
    ]  # fmt: skip
    assert told == [
        (0.0, 1.2, 8.0, "Li3PS4 + 8 Li -> 4 Li2S + Li3P"),
        (1.2, 1.84, 5.0, "Li3PS4 + 5 Li -> 4 Li2S + P"),
        (1.84, 2.18333, 0.0, "Li3PS4 -> Li3PS4"),
        (2.18333, None, -3.0, "Li3PS4 -> 0.5 P2S5 + 1.5 S + 3 Li"),
    ]
    assert window.reduction.reaction == told[1][3]
    assert window.oxidation.reaction == told[3][3]
    # Published for this system: -8.45 eV per formula unit at 5 V.
    assert decomposition_energy(window, 5.0) * 8 == pytest.approx(-8.45, abs=1e-9)
    assert decomposition_energy(window, 2.0) == pytest.approx(0.0, abs=1e-12)
    assert decomposition_energy(window, 0.0) * 8 == pytest.approx(-16.8 - 3.6 + 7.6, abs=1e-9)


def test_everything_is_per_formula_unit_as_typed(li_p_s):
    one = stability_window(li_p_s, parse("Li3PS4"))
    two = stability_window(li_p_s, parse("Li6P2S8"))
    assert limits(two) == pytest.approx(limits(one))
    assert two.reduced_formula == "Li3PS4"
    assert two.steps[0].ion_exchange == pytest.approx(16.0)
    assert {p.formula: p.amount for p in two.steps[0].products} == pytest.approx(
        {"Li2S": 8.0, "Li3P": 2.0}
    )
    assert two.steps[0].decomposition_energy_low_eV_per_atom == pytest.approx(
        one.steps[0].decomposition_energy_low_eV_per_atom
    )


def test_metastable_phase_is_put_on_the_hull(li_p_s):
    energies = {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95, "Li7P3S11": -0.81}
    table = PhaseTable.from_formulas(energies)
    window = stability_window(table, parse("Li7P3S11"))
    hull = (2 * -7.6 + (-4.2 - 2.1) * 0.5) / 21  # 2 Li3PS4 + 1/2 Li2S + 1/2 P2S5
    hull = min(hull, (7 / 3 * -7.6 + (2 * -2.1 / 5 - 0)) / 21)
    assert window.e_above_hull_eV_per_atom > 0
    assert window.window_basis == "metastable phase put on the hull"
    inside = next(s for s in window.steps if s.ion_exchange == 0.0)
    # Within its window the driving force is what it lies above the hull.
    assert inside.decomposition_energy_low_eV_per_atom == pytest.approx(
        -window.e_above_hull_eV_per_atom
    )
    on_hull = stability_window(li_p_s, parse("Li7P3S11"))
    assert on_hull.window_basis == "phase equilibria of the composition"
    assert on_hull.e_above_hull_eV_per_atom is None
    assert not on_hull.in_dataset
    assert limits(on_hull) == pytest.approx(limits(window))
    assert any("not in the dataset" in note for note in on_hull.notes)


def test_assumed_energy_above_hull(li_p_s):
    window = stability_window(li_p_s, parse("Li7P3S11"), e_above_hull=0.05)
    assert window.e_above_hull_eV_per_atom == 0.05
    plain = stability_window(li_p_s, parse("Li7P3S11"))
    assert limits(window) == pytest.approx(limits(plain))
    for lifted, flat in zip(window.steps, plain.steps, strict=True):
        assert lifted.decomposition_energy_low_eV_per_atom == pytest.approx(
            flat.decomposition_energy_low_eV_per_atom - 0.05
        )


def test_ion_content_inside_a_step_has_no_width(li_p_s):
    window = stability_window(li_p_s, parse("Li2.9PS4"))
    assert limits(window) == pytest.approx(((7.6 - 1.05) / 3,) * 2)
    assert window.window_width_V == 0.0
    assert any("inside the step" in note for note in window.notes)
    assert window.reduction.ion_exchange == pytest.approx(0.1)
    assert window.oxidation.ion_exchange == pytest.approx(-2.9)


def test_composition_without_the_ion_has_no_oxidation_limit(li_p_s):
    window = stability_window(li_p_s, parse("P2S5"))
    assert window.oxidation_potential_V is None
    assert window.window_width_V is None
    assert window.oxidation is None
    assert window.steps[-1].voltage_high_V is None


def test_the_metal_itself(li_p_s):
    window = stability_window(li_p_s, parse("Li2"))
    assert limits(window) == (0.0, 0.0)
    assert window.stable_against_metal
    first, second = window.steps
    assert [(p.formula, p.amount) for p in first.products] == [("Li", 2.0)]
    assert second.products == ()
    assert second.ion_exchange == -2.0
    assert second.voltage_high_V is None


def test_more_ion_than_any_compound(li_p_s):
    window = stability_window(li_p_s, parse("Li5P"))
    assert limits(window) == (0.0, 0.0)
    assert window.stable_against_metal
    assert any("holds more Li" in note for note in window.notes)
    assert window.reduction is None


def test_charge_divides_voltage():
    # MgS at -1.75 eV/atom: Mg leaves at 3.5 eV, or 1.75 V; CaS-like for Al2S3 with z = 3.
    table = PhaseTable.from_formulas({"MgS": -1.75, "Al2S3": -1.5})
    assert limits(stability_window(table, parse("MgS"), "Mg")) == pytest.approx((0.0, 1.75))
    assert limits(stability_window(table, parse("Al2S3"), "Al")) == pytest.approx((0.0, 7.5 / 6))


@pytest.mark.parametrize(
    ("rounded", "exact"),
    [
        ("Li1.3333333Ti1.6666667O4", "Li4Ti5O12"),
        ("Li1.333333Ti1.666667O4", "Li4Ti5O12"),
        ("LiNi0.3333333Mn0.3333333Co0.3333333O2", "Li3NiMnCoO6"),
        ("Li1.3333333Se0.3333333O1.6666667", "Li4SeO5"),
    ],
)
def test_rounded_fractions_mean_the_fraction(table, rounded, exact):
    ours = stability_window(table, parse(rounded))
    expected = stability_window(table, parse(exact))
    assert limits(ours) == pytest.approx(limits(expected), abs=1e-9)
    assert ours.window_basis == expected.window_basis
    above = ours.e_above_hull_eV_per_atom
    assert above == pytest.approx(expected.e_above_hull_eV_per_atom, abs=1e-9)
    assert len(ours.steps) == len(expected.steps)


def test_gases_are_flagged(table):
    window = stability_window(table, parse("Li7La3Zr2O12"))
    assert window.steps[-1].gases == ("O2",)
    assert window.oxidation.gases == ()


def test_elements_must_be_in_the_table(li_p_s):
    with pytest.raises(UnknownElementsError, match="Ge"):
        stability_window(li_p_s, parse("Li10GeP2S12"))
    with pytest.raises(UnknownElementsError, match="Mg"):
        stability_window(li_p_s, parse("Li3PS4"), "Mg")
    with pytest.raises(FormulaError, match="no working ion 'Ti'"):
        stability_window(li_p_s, parse("Li3PS4"), "Ti")


@st.composite
def systems(draw):
    """A random Li-A-B table and a composition in it."""
    elements = ["Li", "P", "S", "Ge"]
    grid = st.integers(0, 4)
    energies = {}
    for _ in range(draw(st.integers(1, 8))):
        amounts = {e: draw(grid) for e in elements}
        if sum(1 for n in amounts.values() if n) >= 2:
            formula = "".join(f"{e}{n}" for e, n in amounts.items() if n)
            name = parse(formula).reduced_formula
            energies[name] = draw(st.integers(-200, -1)) / 100
    asked = {e: draw(st.integers(0, 5)) for e in elements}
    asked["S"] = asked["S"] or 1
    return energies, "".join(f"{e}{n}" for e, n in asked.items() if n)


def window_of(energies, formula):
    with_all = {**energies, "Li": 0.0, "P": 0.0, "S": 0.0, "Ge": 0.0}
    return stability_window(PhaseTable.from_formulas(with_all), parse(formula))


@settings(max_examples=60, deadline=None)
@given(systems())
def test_ion_content_never_rises_and_steps_are_contiguous(case):
    window = window_of(*case)
    exchanges = [s.ion_exchange for s in window.steps]
    assert all(b < a for a, b in pairwise(exchanges))
    for a, b in pairwise(window.steps):
        assert a.voltage_high_V == b.voltage_low_V
    assert window.reduction_potential_V >= 0.0
    for step in window.steps:
        assert step.decomposition_energy_low_eV_per_atom <= 1e-9


@settings(max_examples=60, deadline=None)
@given(systems())
def test_every_reaction_conserves_every_element(case):
    window = window_of(*case)
    for step in window.steps:
        balance = dict(parse(window.formula).amounts)
        balance["Li"] = balance.get("Li", 0.0) + step.ion_exchange
        for product in step.products:
            for element, n in parse(product.formula).amounts.items():
                balance[element] = balance.get(element, 0.0) - n * product.amount
        assert np.allclose(list(balance.values()), 0.0, atol=1e-8)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(systems(), st.floats(0.1, 50))
def test_scaling_changes_nothing(case, factor):
    energies, formula = case
    window = window_of(energies, formula)
    amounts = parse(formula).amounts
    scaled = "".join(f"{e}{n * factor:.12f}" for e, n in amounts.items())
    other = window_of(energies, scaled)
    assert [s.voltage_low_V for s in other.steps] == pytest.approx(
        [s.voltage_low_V for s in window.steps], abs=1e-6
    )
    assert [s.ion_exchange / factor for s in other.steps] == pytest.approx(
        [s.ion_exchange for s in window.steps], abs=1e-6
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(systems(), st.integers(-250, -1))
def test_a_new_competitor_never_widens_a_window(case, energy):
    energies, _ = case
    target = sorted(energies)[0] if energies else "Li2S"
    energies = {target: -1.0, **energies}
    before = window_of(energies, target)
    if before.window_basis != "stable phase":
        return
    rival = next(f for f in ("Li3P7", "LiS4", "GeS2", "Li2PS3") if f not in energies)
    after = window_of({**energies, rival: energy / 100}, target)
    if after.window_basis != "stable phase":
        return
    assert after.reduction_potential_V >= before.reduction_potential_V - 1e-9
    if before.oxidation_potential_V is not None:
        assert after.oxidation_potential_V is not None
        assert after.oxidation_potential_V <= before.oxidation_potential_V + 1e-9


def test_record_keeps_unknown_and_open_ends_null(li_p_s):
    record = stability_window(li_p_s, parse("P2S5Li0.0001")).to_dict()
    assert record["e_above_hull_eV_per_atom"] is None
    record = stability_window(li_p_s, parse("P2S5")).to_dict()
    assert record["oxidation_potential_V"] is None
    assert record["steps"][-1]["voltage_high_V"] is None
    assert record["steps"][-1]["decomposition_energy_high_eV_per_atom"] is None
    assert record["dataset"]["name"] == "user"


@pytest.mark.slow
@pytest.mark.parametrize("ion", ["Li", "Mg"])
def test_limits_alone_are_those_of_the_whole_profile(table, ion):
    rng = np.random.default_rng(11)
    for row in rng.choice(len(table), 150, replace=False).tolist():
        amounts = table.composition(row)
        first = next(iter(amounts))
        amounts[first] += round(float(rng.random()), 2) * (row % 2)
        composition = Composition(f"row {row}", amounts)
        whole = stability_window(table, composition, ion)
        limits_alone = stability_window(table, composition, ion, all_steps=False)
        assert limits_alone.steps == ()
        assert limits(limits_alone) == pytest.approx(limits(whole), abs=1e-9)
        # Of supercells far from the limits only the whole profile knows.
        further = set(whole.notes) - set(limits_alone.notes)
        assert set(limits_alone.notes) <= set(whole.notes)
        assert all("is a supercell of" in note for note in further)
        assert limits_alone.e_above_hull_eV_per_atom == pytest.approx(
            whole.e_above_hull_eV_per_atom, abs=1e-10
        )
        for side in ("reduction", "oxidation"):
            here, there = getattr(limits_alone, side), getattr(whole, side)
            assert (here and here.reaction) == (there and there.reaction)
