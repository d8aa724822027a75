"""Rows of many windows are those of single ones."""

from __future__ import annotations

import numpy as np
import pytest

from sse_window.equilibria.windows import stability_window
from sse_window.facts.names import resolve
from sse_window.phases.table import PhaseTable
from sse_window.results.rows import row
from sse_window.results.schema import WINDOW
from sse_window.runs.tasks import Plan, window_rows

ODD = [
    "LGPS",
    "LCO",
    "Li",
    "S",
    "Li7S",
    "LiS0.5",
    "Li20P",
    "Li6.4La3Zr1.4Ta0.6O12",
    "75Li2S-25P2S5",
]


def same_rows(table, formulas, ion):
    plan = Plan(ion=ion)
    found = window_rows(table, plan, formulas)
    keys = list(plan.columns(pairs=False))
    for formula, many in zip(formulas, found, strict=True):
        window = stability_window(table, resolve(formula), ion, all_steps=False)
        one = row(window, WINDOW) | {"formula": formula}
        assert list(many) == keys
        for key in keys:
            if isinstance(one.get(key), float):
                assert many[key] == pytest.approx(one[key], abs=1e-9), (formula, key)
            else:
                assert many[key] == one.get(key), (formula, key)


def test_rows_of_odd_compositions():
    table = PhaseTable.from_formulas(
        {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95, "PCl3": -0.8, "LiCl": -2.1}
    )
    same_rows(table, ["Li", "S", "Li2S", "Li7S", "LiS0.5", "Li20P", "Li6PS5Cl", "LPS"], "Li")


@pytest.mark.slow
@pytest.mark.parametrize(("ion", "every"), [("Li", 83), ("Mg", 997)])
def test_rows_of_the_packaged_table(ion, every):
    from sse_window.sources import datasets

    table = datasets.load()
    compounds = table.formulas[np.flatnonzero(np.diff(table.offsets) > 1)[::every]].tolist()
    same_rows(table, compounds[:300] + (ODD if ion == "Li" else []), ion)


def test_what_cannot_be_answered_says_why():
    table = PhaseTable.from_formulas({"Li2S": -1.4}).exclude(["S"])
    rows = window_rows(table, Plan(), ["Li2S", "Xx", "", "LiCl", "SLi"])
    assert [found["status"] for found in rows] == ["ok", "failed", "failed", "failed", "failed"]
    assert "Xx" in rows[1]["message"]
    assert "no phases with Cl" in rows[3]["message"]
    assert "no combination of the phases" in rows[4]["message"]
    assert rows[4]["reduction_potential_V"] is None
