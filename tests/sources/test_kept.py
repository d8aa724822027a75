"""Copies of packaged tables: never another table than that of the files."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from sse_window.core.errors import DataError
from sse_window.facts.packaged import data_file
from sse_window.phases.table import PhaseTable
from sse_window.sources import datasets, kept


@pytest.fixture
def copies(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "kept_folder", lambda: tmp_path / "tables")
    return tmp_path / "tables"


@pytest.fixture
def dataset(tmp_path):
    made = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    datasets.write(made, tmp_path / "mine.parquet")
    return tmp_path / "mine.parquet"


def test_a_copy_is_made_once_and_is_the_table(copies, dataset):
    made = []

    def make():
        made.append(1)
        return datasets.read(dataset)

    first = kept.kept(dataset, "all", make)
    second = kept.kept(dataset, "all", make)
    assert made == [1]
    assert second.formulas.tolist() == first.formulas.tolist() == ["Li", "Li2S", "Li3P", "P", "S"]
    assert second.provenance == first.provenance


def test_another_table_is_never_answered_with_the_copy(copies, dataset):
    kept.kept(dataset, "all", lambda: datasets.read(dataset))
    datasets.write(PhaseTable.from_formulas({"Li2S": -1.5}), dataset)
    found = kept.kept(dataset, "all", lambda: datasets.read(dataset))
    assert found.formation_energy_per_atom[found.index("Li2S")] == -1.5


def test_a_damaged_table_is_said_though_there_is_a_copy(copies, dataset):
    kept.kept(dataset, "all", lambda: datasets.read(dataset))
    data = bytearray(dataset.read_bytes())
    data[len(data) // 2] ^= 1
    dataset.write_bytes(data)
    with pytest.raises(DataError, match="damaged"):
        kept.kept(dataset, "all", lambda: datasets.read(dataset))


def test_a_damaged_copy_is_made_again(copies, dataset):
    kept.kept(dataset, "all", lambda: datasets.read(dataset))
    (copy,) = copies.iterdir()
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    found = kept.kept(dataset, "all", lambda: datasets.read(dataset))
    assert found.formulas.tolist() == ["Li", "Li2S", "Li3P", "P", "S"]
    assert copy.read_bytes() == whole


def test_where_no_copy_can_be_written_the_table_is_read(tmp_path, monkeypatch, dataset):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(kept, "kept_folder", lambda: tmp_path / "file" / "tables")
    assert len(kept.kept(dataset, "all", lambda: datasets.read(dataset))) == 5


def test_copies_of_a_base_follow_it(copies, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("phases", "mp-2020"):
        for suffix in (".parquet", ".json"):
            shutil.copy(data_file(f"{name}{suffix}"), folder)
    path = folder / "mp-2020.parquet"
    read = kept.kept(path, "all", lambda: datasets.read(path))
    again = kept.kept(path, "all", lambda: datasets.read(path))
    np.testing.assert_array_equal(again.formation_energy_per_atom, read.formation_energy_per_atom)
    (folder / "phases.parquet").write_bytes(b"changed")
    with pytest.raises(DataError, match="damaged"):
        kept.kept(path, "all", lambda: datasets.read(path))


def test_old_copies_do_not_pile_up(copies, dataset, monkeypatch):
    monkeypatch.setattr(kept, "_MOST_BYTES", 10_000)
    copies.mkdir()
    for i in range(30):
        (copies / f"old-{i:02}").write_bytes(bytes(1000))
        os.utime(copies / f"old-{i:02}", (i, i))
    kept.kept(dataset, "all", lambda: datasets.read(dataset))
    left = sorted(path.name for path in copies.iterdir())
    assert left[0].startswith("mine-all-") and left[-1] == "old-29"
    assert 2 < len(left) < 12


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are followed on this system")
def test_a_copy_behind_a_link_is_not_believed(copies, dataset):
    table = PhaseTable.from_formulas({"Li2S": -1.5})
    kept.kept(dataset, "all", lambda: table)
    (copy,) = copies.iterdir()
    copy.rename(copies.parent / "elsewhere")
    copy.symlink_to(copies.parent / "elsewhere")
    again = PhaseTable.from_formulas({"Li2S": -1.4})
    assert kept.kept(dataset, "all", lambda: again) is again


def test_a_column_never_comes_from_a_table_of_other_phases(copies, dataset):
    gap = {"band_gap_eV": np.array([0.0, 3.5, 2.0])}
    table = replace(PhaseTable.from_formulas({"Li2S": -1.4}), properties=gap)
    kept.kept(dataset, "all", lambda: table)
    other = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    read = kept.kept(dataset, "all", lambda: other)
    (copy,) = copies.iterdir()
    copy.write_bytes(copy.read_bytes()[:-8] + b"replaced")
    assert len(read) == 3
    with pytest.raises(DataError, match="was replaced while it was in use"):
        read.properties["band_gap_eV"]
