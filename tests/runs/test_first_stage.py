"""Energies first: the file is the one that full rows of everything give."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from sse_window.core.errors import DataError, OutputError
from sse_window.phases.table import PhaseTable
from sse_window.results.files import Choice
from sse_window.runs import first_stage, screening
from sse_window.runs.screening import Plan, screen
from sse_window.runs.selection import Selection

TABLE = PhaseTable.from_formulas(
    {
        "Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95, "LiCl": -2.1, "Li2O": -2.0,
        "Li3PO4": -2.8, "P2O5": -2.2, "CoO": -1.2, "LiCoO2": -1.8, "Co3S4": -0.5, "CoS2": -0.5,
    }
)  # fmt: skip
LIST = ("Li3PS4", "Li2S", "Xx", "LiCl", "Li3PO4", "Li6PS5Cl", "Li7P3S11", "P2S5", "Li", "LiF")
PLAN = Plan(electrodes=("Li", "LiCoO2", "CoS2"), voltage_range_V=(1.0, 3.0))

ENERGY = "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom"


@pytest.mark.slow
@pytest.mark.parametrize(
    "choice",
    [
        Choice(where="formula != 'Li2S' & chemical_mutual_reaction_energy_eV_per_atom > -0.05"),
        Choice(sort=f"-{ENERGY}", top=3),
        Choice(where="electrode == 'CoS2'", sort="electrochemical_worst_total_voltage_V", top=2),
        Choice(where="status != 'ok'"),
        Choice(top=4),
        Choice(where="oxidation_potential_V > 99"),
    ],
)
def test_the_file_is_the_same(choice, tmp_path, monkeypatch):
    monkeypatch.setattr(first_stage, "COMPILED", True)
    few = first_stage.narrowed(TABLE, PLAN, [(i, f, None) for i, f in enumerate(LIST)], choice)
    assert few is not None
    assert len(few.items) < len(LIST)
    ours = screen(TABLE, Selection(LIST), tmp_path / "few.csv", PLAN, choice=choice)
    monkeypatch.setattr(screening, "narrowed", lambda *_: None)
    theirs = screen(TABLE, Selection(LIST), tmp_path / "all.csv", PLAN, choice=choice)
    assert (tmp_path / "few.csv").read_bytes() == (tmp_path / "all.csv").read_bytes()
    counted = ("items", "rows", "failed", "reasons", "written", "first_rows")
    assert [getattr(ours, name) for name in counted] == [getattr(theirs, name) for name in counted]


@pytest.mark.parametrize(
    "choice",
    [Choice(), Choice(sort="formula"), Choice(where="interphase_class == 1"), Choice(top=1)],
)
def test_what_rests_on_more_than_energies_is_not_narrowed(choice, monkeypatch):
    monkeypatch.setattr(first_stage, "COMPILED", choice.top is None)
    items = [(0, "Li3PS4", None)]
    assert first_stage.narrowed(TABLE, PLAN, items, choice) is None


def test_energies_are_those_of_full_rows():
    from sse_window.runs.tasks import screen_items

    items = [(i, f, None) for i, f in enumerate(LIST)]
    keys = [key for key in PLAN.columns(pairs=True) if first_stage._known(key)]
    states = [s for e in PLAN.electrodes for s in first_stage.states_of(TABLE, e, PLAN)]
    rows = {}
    certain = first_stage._part(TABLE, PLAN, items, states, keys, rows)
    assert {LIST[i] for i in certain} == {"Xx", "LiF"}
    columns = list(PLAN.columns(pairs=True))
    for position, full in screen_items(TABLE, PLAN, True, items):
        for made, row in zip(rows.get(position, []), full, strict=False):
            expected = dict(zip(columns, row, strict=True))
            for key, value in zip(keys, made, strict=True):
                if isinstance(value, float) and not np.isnan(value):
                    assert value == pytest.approx(expected[key], abs=1e-9), key


COLUMNS = ("electrode", "formula", ENERGY, "chemical_mutual_reaction_energy_eV_per_atom", "message")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "alone"),
    [
        (Choice(columns=COLUMNS), True),
        (Choice(sort=f"-{ENERGY}", top=3, columns=COLUMNS), True),
        (Choice(where="batch == 1", columns=(*COLUMNS, "batch", "dataset_name")), True),
        (Choice(columns=(*COLUMNS, "interphase_class")), False),
        (Choice(where="interphase_class >= 0", columns=COLUMNS), False),
    ],
)
def test_columns_alone_are_those_of_full_rows(choice, alone, tmp_path, monkeypatch):
    selection = Selection(LIST, columns={"batch": [i % 2 for i in range(len(LIST))]})
    screen(TABLE, selection, tmp_path / "full.csv", PLAN, choice=choice)
    asked = []
    monkeypatch.setattr(first_stage, "COMPILED", True)
    monkeypatch.setattr(
        screening,
        "energy_items",
        lambda *given: (asked.append(given), first_stage.energy_items(*given))[1],
    )
    summary = screen(TABLE, selection, tmp_path / "columns.csv", PLAN, choice=choice)
    assert bool(asked) == alone
    assert summary.columns == choice.columns
    full, columns = (
        list(csv.DictReader((tmp_path / name).read_text().splitlines()))
        for name in ("full.csv", "columns.csv")
    )
    assert len(full) == len(columns) == summary.written > 0
    for ours, theirs in zip(columns, full, strict=True):
        assert list(ours) == list(choice.columns)
        for key, value in ours.items():
            if "energy" in key and value:
                assert float(value) == pytest.approx(float(theirs[key]), abs=1e-9)
            else:
                assert value == theirs[key]


def test_energies_alone_are_no_beginning_of_full_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(first_stage, "COMPILED", True)
    output = tmp_path / "pairs.csv"
    monkeypatch.setattr(screening, "write_rows", _full)
    with pytest.raises(OutputError):
        screen(TABLE, Selection(LIST), output, PLAN, choice=Choice(columns=COLUMNS))
    with pytest.raises(DataError, match="energies_alone was true, now false"):
        screen(TABLE, Selection(LIST), output, PLAN, resume=True)


def _full(*_):
    raise OutputError("no space left on device")
