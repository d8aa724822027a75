"""Energies with MP2020 corrections that join a dataset with measured constants of oxyanions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sse_window.core.errors import EntriesError
from sse_window.phases.table import PhaseTable
from sse_window.sources.datasets import load
from sse_window.sources.opening import open_table
from sse_window.sources.user_entries import read_entries

FORMULAS = ("Li2S", "Li2SO4", "Li3PO4", "LiNO3", "Li2CO3", "LiBO2", "LiTi2(PO4)3", "LiCoO2", "LiCl")
HEADER = "formula,formation_energy_per_atom_eV\n"


@pytest.fixture(scope="module")
def mp2020() -> PhaseTable:
    return load("mp-2020")


def energies_in(table: PhaseTable, formulas: tuple[str, ...] = FORMULAS) -> np.ndarray:
    return np.array([table.formation_energy_per_atom[table.index(f)] for f in formulas])


def table_of(path: Path, energies: np.ndarray) -> Path:
    rows = (f"{f},{e!r}\n" for f, e in zip(FORMULAS, energies.tolist(), strict=True))
    path.write_text(HEADER + "".join(rows))
    return path


def test_formation_energies_become_those_of_the_dataset(
    tmp_path: Path, table: PhaseTable, mp2020: PhaseTable
) -> None:
    path = table_of(tmp_path / "mine.csv", energies_in(mp2020))
    entries = read_entries(path, dataset=table, corrections="MP2020")
    np.testing.assert_allclose(
        entries.formation_energy_per_atom, energies_in(table), rtol=0, atol=2e-8
    )
    assert entries.corrections == "MP2020 corrections and measured constants of oxyanions"
    (said,) = entries.mixed
    assert "mine.csv" in said and "Li2SO4, Li3PO4, LiNO3 and 3 more" in said


def test_what_has_the_constants_stays(
    tmp_path: Path, table: PhaseTable, mp2020: PhaseTable
) -> None:
    theirs = energies_in(table)
    path = table_of(tmp_path / "mine.csv", theirs)
    entries = read_entries(path, dataset=table, corrections="MP2020-polyanions")
    assert entries.formation_energy_per_atom.tolist() == theirs.tolist() and entries.mixed == ()
    with pytest.raises(EntriesError, match="do not match"):
        read_entries(path, dataset=mp2020, corrections="MP2020-polyanions")


def test_other_corrections_name_the_dataset_that_has_them(
    tmp_path: Path, table: PhaseTable
) -> None:
    path = table_of(tmp_path / "mine.csv", energies_in(table))
    with pytest.raises(EntriesError, match=r"do not match.*\(--dataset mp-legacy\)"):
        read_entries(path, dataset=table, corrections="legacy")


def test_energies_above_hull_stay(tmp_path: Path, table: PhaseTable) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("formula,e_above_hull_eV_per_atom\nLi2S2O7,0.01\n")
    entries = read_entries(path, dataset=table, corrections="MP2020")
    assert entries.e_above_hull.tolist() == [0.01] and entries.mixed == ()


@pytest.mark.slow
def test_total_energies_get_both(tmp_path: Path, table: PhaseTable) -> None:
    # Li2SO4 as a ComputedEntry beside its elements: MP2020, then the constant of sulfur in oxygen.
    rows = [
        {
            "@module": "pymatgen.entries.computed_entries",
            "@class": "ComputedEntry",
            "composition": amounts,
            "energy": energy,
            "correction": 0.0,
            "parameters": {
                "run_type": "GGA",
                "hubbards": {},
                "potcar_symbols": [
                    {"Li": "PBE Li_sv", "S": "PBE S", "O": "PBE O"}[e] for e in amounts
                ],
            },
            "data": {"oxide_type": "oxide"} if "O" in amounts else {},
        }
        for amounts, energy in (
            ({"Li": 2, "S": 1, "O": 4}, -42.0),
            ({"Li": 1}, -1.9),
            ({"S": 1}, -4.1),
            ({"O": 2}, -9.86),
        )
    ]
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(rows))
    plain = read_entries(path, corrections="MP2020")
    joined = read_entries(path, dataset=table)
    alone = read_entries(path, corrections="MP2020-polyanions")
    difference = joined.formation_energy_per_atom - plain.formation_energy_per_atom
    # 1.35 eV per sulfur, over seven atoms.
    assert difference == pytest.approx(1.3469 / 7, abs=1e-4)
    assert alone.formation_energy_per_atom.tolist() == joined.formation_energy_per_atom.tolist()
    merged, _ = open_table("mp-2020-polyanions", entries=path, replace=True)
    assert any("measured constants of oxyanions" in text for text in merged.provenance.additions)
