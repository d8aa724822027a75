from dataclasses import replace

import numpy as np
import pytest

from sse_window.core.errors import DataError
from sse_window.phases.files import read_table, write_table
from sse_window.phases.repriced import base_of, read_repriced, write_repriced
from sse_window.phases.table import PhaseTable, Provenance


@pytest.fixture
def base(tmp_path):
    table = PhaseTable.from_formulas(
        {"Li2S": -1.4, "LiS4": -0.5}, Provenance("base", "today", "none", "")
    )
    table = replace(table, e_above_hull=np.zeros(4))
    write_table(table, tmp_path / "base.parquet")
    return read_table(tmp_path / "base.parquet")


def repriced(base):
    return replace(
        base,
        formation_energy_per_atom=base.formation_energy_per_atom * 0.5,
        e_above_hull=np.array([0.0, 0.0, 0.2, 0.0]),
        provenance=Provenance("half", "today", "half of it", ""),
        properties={"held_out_formation_energy_per_atom_eV": np.array([np.nan, -0.6, -0.2, 0.0])},
    )


def test_what_is_written_is_read(tmp_path, base):
    given = write_repriced(repriced(base), tmp_path / "half.parquet", tmp_path / "base.parquet")
    assert base_of(tmp_path / "half.parquet") == "base.parquet"
    assert base_of(tmp_path / "base.parquet") is None
    read = read_repriced(tmp_path / "half.parquet")
    assert read.provenance == given
    assert read.formulas.tolist() == base.formulas.tolist()
    np.testing.assert_array_equal(read.formation_energy_per_atom, [0.0, -0.7, -0.25, 0.0])
    assert read.competing.tolist() == [True, True, False, True]
    np.testing.assert_array_equal(
        read.properties["held_out_formation_energy_per_atom_eV"], [np.nan, -0.6, -0.2, 0.0]
    )


def test_another_edition_of_the_base_is_refused(tmp_path, base):
    write_repriced(repriced(base), tmp_path / "half.parquet", tmp_path / "base.parquet")
    write_table(replace(base, e_above_hull=np.full(4, 0.1)), tmp_path / "base.parquet")
    with pytest.raises(DataError, match=r"another edition of base\.parquet"):
        read_repriced(tmp_path / "half.parquet")


def test_without_its_base_it_cannot_be_read(tmp_path, base):
    write_repriced(repriced(base), tmp_path / "half.parquet", tmp_path / "base.parquet")
    (tmp_path / "base.parquet").unlink()
    with pytest.raises(DataError, match="is missing"):
        read_repriced(tmp_path / "half.parquet")


def test_other_phases_are_refused(tmp_path, base):
    with pytest.raises(DataError, match="does not hold the phases"):
        write_repriced(base.select([0, 1]), tmp_path / "half.parquet", tmp_path / "base.parquet")
