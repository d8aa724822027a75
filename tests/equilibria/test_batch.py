"""Many compositions at once give what single questions give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.cells.pairs import pair_state
from sse_window.cells.states import electrode_states
from sse_window.core.composition import parse
from sse_window.core.errors import EquilibriumError, UnknownElementsError
from sse_window.core.systems import Phases
from sse_window.equilibria.batch import Partner, hull_energies, pair_energies, windows
from sse_window.equilibria.windows import stability_window
from sse_window.phases.composition_arrays import CompositionArrays
from sse_window.phases.table import PhaseTable

TABLE = PhaseTable.from_formulas(
    {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95, "LiS": -0.6, "LiCl": -2.1}
)


def close(found, expected):
    expected = np.inf if expected is None else expected
    assert found == pytest.approx(expected, abs=1e-9)


def same_windows(table, formulas, ion="Li", above=None):
    compositions = [parse(formula) for formula in formulas]
    found = windows(table, CompositionArrays.of(compositions), ion, e_above_hull=above)
    assert not found.problems
    for i, composition in enumerate(compositions):
        lift = None if above is None else above[i]
        one = stability_window(table, composition, ion, e_above_hull=lift, all_steps=False)
        close(found.reduction_potential_V[i], one.reduction_potential_V)
        close(found.oxidation_potential_V[i], one.oxidation_potential_V)
        close(found.window_width_V[i], one.window_width_V)
        close(found.tolerance_low_V[i], one.tolerance_window_V[0])
        close(found.tolerance_high_V[i], one.tolerance_window_V[1])
        close(found.decomposition_energy_0V_eV_per_atom[i], one.decomposition_energy_0V_eV_per_atom)
        if one.e_above_hull_eV_per_atom is None:
            assert np.isnan(found.e_above_hull_eV_per_atom[i])
        else:
            close(found.e_above_hull_eV_per_atom[i], one.e_above_hull_eV_per_atom)
        assert (found.rows[i] >= 0) == one.in_dataset
        sides = (
            (found.reduction_segment[i], found.reduction_ion_exchange[i], one.reduction),
            (found.oxidation_segment[i], found.oxidation_ion_exchange[i], one.oxidation),
        )
        for segment, exchange, limit in sides:
            assert np.isnan(exchange) == (limit is None)
            if limit is None:
                continue
            close(exchange, limit.ion_exchange)
            products = found.products(segment) if segment >= 0 else []
            assert [table.formulas[row] for row, _ in products] == [
                product.formula for product in limit.products
            ]
            for (_, amount), product in zip(products, limit.products, strict=True):
                close(amount, product.amount)


FORMULAS = ["Li3PS4", "Li2S", "Li", "S", "Li7P3S11", "Li20P", "LiS", "P2S5Cl", "Li6PS5Cl"]


def test_windows_are_those_of_single_questions():
    same_windows(TABLE, FORMULAS)
    same_windows(TABLE, FORMULAS, above=np.linspace(0.0, 0.2, len(FORMULAS)))
    sodium = PhaseTable.from_formulas({"Na2S": -1.2, "NaCl": -2.0, "Na3P": -0.5, "Al2S3": -1.1})
    same_windows(sodium, ["Na2S", "Na3P", "NaCl", "Na4S"], "Na")
    same_windows(sodium, ["Al2S3", "AlS", "S"], "Al")


def test_order_and_parts_of_a_list_change_nothing():
    compositions = CompositionArrays.of([parse(formula) for formula in FORMULAS])
    whole = windows(TABLE, compositions)
    halves = [windows(TABLE, compositions.part(a, b)) for a, b in ((0, 4), (4, len(FORMULAS)))]
    joined = np.concatenate([half.oxidation_potential_V for half in halves])
    assert joined.tolist() == whole.oxidation_potential_V.tolist()


def test_pair_energies_are_those_of_single_questions():
    partners = [
        state
        for electrode in ("Li", "S", "Li2S", "P2S5")
        for state in electrode_states(TABLE, electrode, "Li", (0.5, 2.5))
    ]
    compositions = [parse(formula) for formula in FORMULAS]
    asked = [Partner(state.composition, state.voltage_range_V) for state in partners]
    found = pair_energies(TABLE, CompositionArrays.of(compositions), asked)
    assert not found.problems
    for i, formula in enumerate(FORMULAS):
        for j, state in enumerate(partners):
            one = pair_state(TABLE, formula, state)
            close(found.chemical_total_eV_per_atom[i, j], one.chemical.total.reaction_energy)
            close(found.chemical_mutual_eV_per_atom[i, j], one.chemical.mutual.reaction_energy)
            for name, reaction in zip(("low", "high", "worst"), one.electrochemical, strict=True):
                total = getattr(found, f"{name}_total_eV_per_nonion_atom")[i, j]
                mutual = getattr(found, f"{name}_mutual_eV_per_nonion_atom")[i, j]
                close(total, reaction.total.reaction_energy)
                close(mutual, reaction.mutual.reaction_energy)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 4)] * 4).filter(any), min_size=1, max_size=6))
def test_hull_energies_are_least(amounts):
    series = CompositionArrays.of_matrix(["Li", "P", "S", "Cl"], np.array(amounts, float))
    found = hull_energies(TABLE, series)
    assert (found <= 1e-12).all()
    for i, row in enumerate(series.rows_in(TABLE)):
        if row >= 0:
            assert found[i] <= TABLE.formation_energy_per_atom[row] + 1e-12


def test_missing_elements_are_named():
    with pytest.raises(UnknownElementsError, match="Xe"):
        windows(TABLE, CompositionArrays.of([parse("Li2S"), parse("XeF2")]))


def test_without_an_element_there_is_no_answer_and_a_reason():
    table = TABLE.exclude(["Cl"])
    found = windows(table, CompositionArrays.of([parse("Li2S"), parse("PCl3")]))
    assert list(found.problems) == [1]
    assert "no combination of the phases" in found.problems[1]
    assert np.isnan(found.reduction_potential_V[1])
    assert found.oxidation_potential_V[0] == pytest.approx(2.1)


def test_hostile_phases_are_refused_or_answered():
    arrays = np.array([0, 1]), np.array([3]), np.array([1.0])
    rank = np.zeros(128, dtype=np.intp)
    for energy in (np.nan, np.inf):
        with pytest.raises(EquilibriumError, match="not a finite number"):
            Phases(*arrays, np.array([energy]), np.array([0]), rank)
    with pytest.raises(EquilibriumError, match="atomic number"):
        Phases(arrays[0], np.array([300]), arrays[2], np.array([0.0]), np.array([0]), rank)
    from sse_window.core.elements import SYMBOLS

    everything = "".join(SYMBOLS)
    table = PhaseTable.from_formulas({everything: -1.0})
    found = windows(table, CompositionArrays.of([parse(everything)]))
    assert found.reduction_potential_V[0] == pytest.approx(0.0)
    assert found.e_above_hull_eV_per_atom[0] == 0.0


def test_rows_are_found_however_a_composition_is_written():
    compositions = [parse(f) for f in ("S4Li8", "Li0.3333333P0.1111111S0.4444444", "LiP")]
    rows = CompositionArrays.of(compositions).rows_in(TABLE)
    assert [TABLE.formulas[row] if row >= 0 else None for row in rows] == ["Li2S", "Li3PS4", None]


@pytest.mark.slow
def test_packaged_table_gives_what_single_questions_give():
    from sse_window.sources import datasets

    table = datasets.load()
    rows = np.flatnonzero(np.diff(table.offsets) > 1)[::997]
    same_windows(table, table.formulas[rows].tolist())
