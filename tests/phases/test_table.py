"""The table of phases: systems, exclusion, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.core.errors import DataError, UnknownElementsError
from sse_window.equilibria.windows import stability_window
from sse_window.phases.table import PhaseTable, Provenance


def test_within_holds_exactly_the_phases_of_the_elements(table):
    system = table.within(["Li", "P", "S"])
    for row, formula in enumerate(system.formulas):
        assert set(system.composition(row)) <= {"Li", "P", "S"}
        assert parse(formula).amounts == pytest.approx(system.composition(row))
    inside = [f for f in table.formulas[:3000] if set(parse(f).elements) <= {"Li", "P", "S"}]
    assert set(inside) <= set(system.formulas)


def test_matrix_counts_atoms(li_p_s):
    matrix = li_p_s.matrix(["Li", "P", "S"])
    column = li_p_s.index("Li3PS4")
    assert matrix[:, column].tolist() == [3.0, 1.0, 4.0]
    assert matrix.sum(axis=0) == pytest.approx(li_p_s.atoms)


@settings(max_examples=30, deadline=None)
@given(st.permutations(["Li2S", "Li3P", "P2S5", "Li3PS4", "LiP", "P4S3"]))
def test_order_of_input_changes_nothing(order):
    energies = dict(zip(sorted(order), (-1.4, -0.9, -0.6, -0.95, -0.3, -0.2), strict=True))
    table = PhaseTable.from_formulas({formula: energies[formula] for formula in order})
    reference = PhaseTable.from_formulas(energies)
    assert table.formulas.tolist() == reference.formulas.tolist()
    ours = stability_window(table, parse("Li3PS4"))
    assert ours.to_dict() == stability_window(reference, parse("Li3PS4")).to_dict()


def test_formula_unit_does_not_matter():
    table = PhaseTable.from_formulas({"Li4S2": -1.4, "Li6P2": -0.9})
    assert "Li2S" in table.formulas
    assert table.composition(table.index("Li3P")) == {"Li": 3.0, "P": 1.0}


@pytest.mark.parametrize(
    ("energies", "message"),
    [
        ({"Li2S": -1.4, "Li4S2": -1.3}, "stands twice"),
        ({"Li2S": float("nan")}, "no number"),
        ({"Li2S": float("inf")}, "no number"),
    ],
)
def test_refuses_tables_that_mean_nothing(energies, message):
    with pytest.raises(DataError, match=message):
        PhaseTable.from_formulas(energies)


def test_exclude_lets_phases_above_the_hull_come_down(table):
    system = table.within(["Li", "Ti", "O"])
    assert not system.competing.all()
    fewer = system.exclude(["Li7Ti10O24"])
    assert fewer.competing.all()
    assert fewer.index("Li7Ti10O24") is None
    above = str(system.formulas[np.flatnonzero(~system.competing)[0]])
    assert not system.exclude([above]).competing.all()
    assert fewer.provenance.additions[-1] == "without Li7Ti10O24"
    with pytest.raises(DataError, match="not in dataset"):
        system.exclude(["Li99S"])


def test_excluding_the_element_itself_leaves_what_compounds_can_make(li_p_s):
    without = li_p_s.exclude(["S"])
    # Without sulfur, Li2S can give up no lithium; the window has no upper end to reach.
    window = stability_window(without, parse("Li3PS4"))
    assert window.reduction_potential_V == pytest.approx(1.84)
    assert all(p.formula != "S" for s in window.steps for p in s.products)


def test_missing_elements_and_systems_are_named(li_p_s):
    with pytest.raises(UnknownElementsError, match="Xe"):
        li_p_s.require(["Li", "Xe"])
    partial = PhaseTable.from_formulas(
        {"Li2S": -1.4}, Provenance("mp", "", "", "", systems=("Li-S",))
    )
    with pytest.raises(UnknownElementsError, match="data fetch"):
        partial.require(["Li", "P"])


def test_new_energies_make_every_phase_compete(li_p_s):
    lifted = li_p_s.with_energies(li_p_s.formation_energy_per_atom + 0.1, "lifted by 0.1 eV/atom")
    assert lifted.provenance.additions == ("lifted by 0.1 eV/atom",)
    assert lifted.competing.all()
    assert np.isnan(lifted.e_above_hull).all()


def test_texts_are_not_taken_apart_into_letters():
    table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "LiS4": -0.4})
    assert table.exclude("LiS4").formulas.tolist() == table.exclude(["LiS4"]).formulas.tolist()
    assert table.within("Li-S").formulas.tolist() == ["Li", "Li2S", "LiS4", "S"]
    with pytest.raises(UnknownElementsError, match="no element 'LiS'"):
        table.within("LiS")
