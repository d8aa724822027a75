"""Rows, JSON and CSV of finished results."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

import numpy as np
import pytest

from sse_window.cells.pair_questions import analyse_pair
from sse_window.cells.states import electrode_states
from sse_window.cells.window_questions import analyse_window
from sse_window.core.composition import parse
from sse_window.core.record import Record
from sse_window.equilibria.windows import stability_window
from sse_window.results import records
from sse_window.results.rows import entry_rows
from sse_window.results.rows import row as flat_row
from sse_window.results.schema import PAIR, PROFILE, WINDOW


@dataclass(frozen=True)
class Sample(Record):
    inside: tuple[float, ...]
    nested: dict[str, object]


def test_record_is_strict_json():
    sample = Sample((float("inf"), float("nan"), -1e-17, np.float64(1.5)), {"a": (True, None)})
    assert sample.to_dict() == {"inside": [None, None, 0.0, 1.5], "nested": {"a": [True, None]}}
    json.loads(records.json_text(sample.to_dict()))


def test_window_rows_have_units_and_null(table):
    row = flat_row(analyse_window(table, parse("P2S5"), sensitivity=True, draws=5), WINDOW)
    assert row["oxidation_potential_V"] is None
    assert row["oxidation_products"] is None
    assert row["reduction_limiting_phase"]
    assert row["dataset_sha256"] == table.provenance.sha256
    text = records.csv_text([row])
    (back,) = csv.DictReader(io.StringIO(text))
    assert back["oxidation_potential_V"] == ""
    assert float(back["reduction_potential_V"]) == row["reduction_potential_V"]
    assert back["stable_against_metal"] == "false"


def test_step_rows(table):
    window = stability_window(table, parse("LiFePO4"))
    rows = entry_rows(window, "steps", PROFILE)
    assert len(rows) == len(window.steps)
    assert rows[-1]["voltage_high_V"] is None
    assert "Li" not in rows[-1]["products"].split(" + ")[0] or rows[-1]["ion_exchange"] < 0


def test_pair_rows_name_the_unit_of_every_energy(published):
    (state,) = electrode_states(published, "LiCoO2")
    row = flat_row(analyse_pair(published, "LPS", state, draws=5), PAIR)
    assert row["chemical_total_reaction_energy_eV_per_atom"] == pytest.approx(-0.402, abs=1e-3)
    assert row["electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom"] < 0
    assert row["interphase_class"] == 3
    assert "chemical_mutual_median_eV_per_atom" in row
    energies = [key for key in row if "energy" in key]
    assert all("_eV" in key for key in energies)


def test_rows_of_different_columns_make_one_table():
    text = records.csv_text([{"a": 1, "b": None}, {"b": True, "c": 0.1}])
    assert text == "a,b,c\n1,,\n,true,0.1\n"


def test_export_reads_back(table):
    subset = table.within(["Li", "P", "S"])
    rows = list(csv.DictReader(io.StringIO(records.phases_text(subset, "csv"))))
    assert [r["formula"] for r in rows] == subset.formulas.tolist()
    energies = [float(r["formation_energy_per_atom_eV"]) for r in rows]
    assert energies == subset.formation_energy_per_atom.tolist()
    document = json.loads(records.phases_text(subset, "json"))
    assert len(document["results"]) == len(subset)
    assert all(r["band_gap_eV"] is None or r["band_gap_eV"] >= 0 for r in document["results"])


@dataclass(frozen=True)
class Conducting(Record):
    conductivity_S_per_cm: float
    shift_V: float


def test_a_small_conductivity_is_a_value_and_a_small_voltage_is_rounding():
    assert Conducting(3e-13, 3e-13).to_dict() == {"conductivity_S_per_cm": 3e-13, "shift_V": 0.0}
