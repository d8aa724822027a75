"""Rows of a screening with a second database beside the first."""

from __future__ import annotations

import json

import pytest

from sse_window.runs.screening import Plan, screen
from sse_window.runs.selection import Selection
from sse_window.runs.tasks import screen_items
from sse_window.sources import datasets


@pytest.fixture(scope="module")
def oqmd():
    return datasets.load("oqmd")


def rows_of(plan, pairs, finished):
    columns = list(plan.columns(pairs=pairs))
    return [dict(zip(columns, row, strict=True)) for _, rows in finished for row in rows]


def test_windows_of_two_databases_in_one_row(table, oqmd):
    plan = Plan(compare=("oqmd",))
    items = [(0, "Li3PS4", None), (1, "Xx", None)]
    good, bad = rows_of(plan, False, screen_items(table, plan, False, items, oqmd))
    assert good["oqmd_oxidation_potential_V"] == pytest.approx(2.372, abs=1e-3)
    assert good["oxidation_spread_V"] == pytest.approx(
        abs(good["oxidation_potential_V"] - good["oqmd_oxidation_potential_V"])
    )
    assert good["oxidation_products_differ"] is True
    assert "oqmd (sha256" in good["compared_datasets"]
    assert bad["status"] == "failed"
    assert bad["oxidation_spread_V"] is None


def test_pairs_of_two_databases_in_one_row(table, oqmd):
    plan = Plan(electrodes=("LCO",), compare=("oqmd",))
    finished = screen_items(table, plan, True, [(0, "LPS", None)], oqmd)
    discharged, charged = rows_of(plan, True, finished)
    assert discharged["oqmd_interphase_class"] in range(5)
    assert discharged["chemical_spread_eV_per_atom"] == pytest.approx(
        abs(
            discharged["chemical_mutual_reaction_energy_eV_per_atom"]
            - discharged["oqmd_chemical_mutual_eV_per_atom"]
        )
    )
    assert charged["electrode_state"] == "charged"


def test_an_element_that_one_database_lacks_is_a_note(table, li_p_s):
    plan = Plan(compare=("mine",))
    finished = screen_items(table, plan, False, [(0, "Li7La3Zr2O12", None)], li_p_s)
    (row,) = rows_of(plan, False, finished)
    assert row["status"] == "ok"
    assert row["reduction_spread_V"] is None
    assert row["mine_reduction_potential_V"] is None
    assert "mine: no phases with" in row["notes"]


def test_comparison_is_the_same_in_processes(table, oqmd, tmp_path):
    selection = Selection(("Li3PS4", "Li7La3Zr2O12", "LiNbO3", "Li2S"))
    plan = Plan(compare=("oqmd",))
    results = []
    for jobs in (1, 2):
        path = tmp_path / f"{jobs}.jsonl"
        screen(table, selection, path, plan, jobs=jobs, beside=[oqmd])
        results.append([json.loads(line) for line in path.read_text().splitlines()])
    assert results[0] == results[1]
    assert results[0][2]["oqmd_oxidation_potential_V"] == pytest.approx(3.763, abs=1e-3)
