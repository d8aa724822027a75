"""Supercells of an element with a defect: named wherever they take part in an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_window import api
from sse_window.core.composition import parse
from sse_window.equilibria.remarks import supercell_notes

DATASET = "mp-legacy"


@given(st.sampled_from(["Mg", "Al", "Li", "Zr"]), st.sampled_from(["S", "Cl", "Na"]),
       st.integers(2, 400))  # fmt: skip
def test_the_share_of_the_host_decides(host: str, guest: str, n: int) -> None:
    formula = parse(f"{host}{n}{guest}").reduced_formula
    assert bool(supercell_notes([formula, "Li2S"])) == (n / (n + 1) >= 0.98)


def test_large_cells_of_compounds_are_none() -> None:
    formulas = ["Mg17Al12", "NaMg149Al2", "KNa3Al12H24(SO7)8", "Li99999S", "Ba17SrSm12Cl68"]
    assert [note.split()[0] for note in supercell_notes(formulas)] == ["Li99999S"]


@pytest.mark.parametrize("formula", ["MgS", "MgCl2", "Mg2Si"])
def test_windows_name_them(formula: str) -> None:
    (found,) = api.compare_windows(formula, "Mg", phases=[DATASET])
    products = {p.formula for step in found.steps for p in step.products}
    dilute = {name for name in products if name.startswith("Mg149") or name.endswith("Mg149")}
    assert dilute
    for name in dilute:
        assert any(note.startswith(f"{name} is a supercell of Mg") for note in found.notes)
    (without,) = api.compare_windows(
        formula, "Mg", phases=[api.load(DATASET).exclude(sorted(dilute))]
    )
    assert not any("supercell" in note for note in without.notes)


def test_pairs_name_them() -> None:
    (found,) = api.compare_pairs("MgS", "Mg", "Mg", phases=[DATASET])
    assert any("Mg149S is a supercell" in note for note in found.notes)
