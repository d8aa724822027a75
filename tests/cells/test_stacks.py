"""Stacks of layers: by hand, as observed, permuted, and with ends of every kind."""

from __future__ import annotations

import pytest

from sse_window.cells.stacks import stack, suggestions_for
from sse_window.core.errors import FormulaError, UnknownElementsError
from sse_window.phases.table import PhaseTable
from sse_window.sources import datasets


@pytest.fixture(scope="module")
def table() -> PhaseTable:
    return datasets.load("mp-legacy")


@pytest.fixture(scope="module")
def by_hand() -> PhaseTable:
    return PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95})


def test_by_hand(by_hand):
    # Windows: P2S5 from 1.97333, Li3PS4 1.84-2.18333, Li2S 0-2.1, Li3P 0-1.2 V.
    result = stack(by_hand, ["Li", "Li3P", "Li3PS4", "P2S5", "S"])
    kinds = [(c.title, c.kind) for c in result.contacts]
    assert kinds == [
        ("Li | Li3P", "electrode"),
        ("Li3P | Li3PS4", "junction"),
        ("Li3PS4 | P2S5", "junction"),
        ("P2S5 | S (discharged)", "electrode"),
        ("P2S5 | S (charged)", "electrode"),
    ]
    lithium, apart, touching, discharged, _ = result.contacts
    assert lithium.overlap_V == (0.0, 0.0) and lithium.interphase.interphase_class == 0
    assert apart.overlap_V is None
    assert apart.gap_V == pytest.approx(1.84 - 1.2, abs=1e-6)
    assert apart.electrochemical_energy_eV_per_nonion_atom is None
    assert touching.overlap_V == pytest.approx((1.973333, 2.183333), abs=1e-6)
    assert touching.reaction_energy_eV_per_atom == pytest.approx(0.0, abs=1e-9)
    # P2S5 | Li2S gives Li3PS4.
    assert discharged.reaction_energy_eV_per_atom == pytest.approx(-0.03125, abs=1e-9)
    assert [layer.kind for layer in result.layers] == [
        "electrode", "layer", "layer", "layer", "electrode",
    ]  # fmt: skip
    assert result.worst_contact in {contact.title for contact in result.contacts}
    assert result.verdict.startswith(result.worst_contact)


def test_sulfide_before_a_chloride_of_indium(table):
    result = stack(table, ["Li", "LPSCl", "Li3InCl6", "NMC811"])
    (junction,) = [contact for contact in result.contacts if contact.kind == "junction"]
    assert junction.reaction_energy_eV_per_atom == pytest.approx(-0.105, abs=0.001)
    assert {product.formula for product in junction.products} == {"In2S3", "InPS4", "LiCl"}
    assert junction.gap_V == pytest.approx(0.48, abs=0.005)
    assert [c.electrode_state for c in result.contacts] == [
        "as given", None, "discharged", "charged",
    ]  # fmt: skip


def test_layers_that_do_not_react_leave_the_electrodes_to_decide(table):
    result = stack(table, ["Li", "LLZO", "Li3BO3", "LCO"])
    junction = result.contacts[1]
    assert junction.reaction_energy_eV_per_atom == pytest.approx(0.0, abs=1e-9)
    assert junction.gap_V is None
    assert junction.interphase.interphase_class == 0
    assert junction.title != result.worst_contact


def test_the_order_of_layers_decides_which_touch(table):
    one = stack(table, ["Li", "LPSCl", "Li3YCl6", "LCO"])
    other = stack(table, ["Li", "Li3YCl6", "LPSCl", "LCO"])
    assert {c.title for c in one.contacts} != {c.title for c in other.contacts}
    a, b = one.contacts[1], other.contacts[1]
    assert a.reaction_energy_eV_per_atom == pytest.approx(b.reaction_energy_eV_per_atom, abs=1e-9)
    assert a.overlap_V == pytest.approx(b.overlap_V, abs=1e-9)
    chloride, sulfide = one.contacts[-1], other.contacts[-1]
    assert chloride.reaction_energy_eV_per_atom > sulfide.reaction_energy_eV_per_atom


def test_the_same_layer_twice_is_one_layer(table):
    result = stack(table, ["Li", "LPS", "LPS", "LCO"])
    assert result.contacts[1].reaction_energy_eV_per_atom == pytest.approx(0.0, abs=1e-9)
    assert result.contacts[1].overlap_V is not None


def test_suggestions_leave_less_than_there_is(table):
    result = stack(table, ["Li", "LPSCl", "LiNbO3", "LCO"], suggest=True)
    assert result.suggestions
    for found in result.suggestions:
        assert found.worst_reaction_energy_eV_per_atom > found.without_eV_per_atom
        assert found.worst_reaction_energy_eV_per_atom == min(
            found.with_a_eV_per_atom, found.with_b_eV_per_atom
        )
    assert {found.between for found in result.suggestions} >= {"LPSCl | LiNbO3"}
    # What reacts more than the bare contact is not suggested.
    assert suggestions_for(table, result, ["ZnO", "WO3"]) == ()


def test_other_ions_and_electrodes_without_the_ion(table):
    sodium = stack(table, ["Na", "Na3PS4", "NaxCoO2"], "Na")
    assert [c.title for c in sodium.contacts] == [
        "Na | Na3PS4", "Na3PS4 | NaxCoO2 (discharged)", "Na3PS4 | NaxCoO2 (charged)",
    ]  # fmt: skip
    bare = stack(table, ["graphite", "LLZO", "FePO4"])
    assert bare.contacts[-1].electrode_state == "as given"
    barrier = stack(table, ["Li", "LPS", "Al2O3", "LCO"])
    assert barrier.layers[2].oxidation_potential_V is None


def test_stacks_that_are_none(table, by_hand):
    with pytest.raises(FormulaError, match="name three or more"):
        stack(table, ["Li", "NMC811"])
    with pytest.raises(FormulaError, match="Xx"):
        stack(table, ["Li", "LiXx2", "NMC811"])
    with pytest.raises(UnknownElementsError):
        stack(by_hand, ["Li", "Li3PS4", "LCO"])


@pytest.mark.parametrize(
    ("layers", "turned"),
    [(["LCO", "LLZO", "Li"], True), (["NMC811", "LPS", "graphite"], True),
     (["Li", "LLZO", "LCO"], False), (["LTO", "LPS", "LFP"], False), (["Li", "LLZO", "Li"], False)],
)  # fmt: skip
def test_electrodes_in_the_other_order_are_asked_about(table, layers, turned):
    notes = stack(table, layers).notes
    assert any("turn them round" in note for note in notes) is turned
