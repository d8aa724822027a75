"""Tables kept as plain arrays: what is read is what was written, or nothing."""

import pickle

import numpy as np
import pytest

from sse_window.phases.kept_tables import read_kept, write_kept
from sse_window.phases.table import PhaseTable, Provenance


def never():
    raise AssertionError("the copy is whole")


def same(one, other):
    assert one.formulas.tolist() == other.formulas.tolist()
    for name in ("offsets", "numbers", "amounts", "formation_energy_per_atom", "e_above_hull",
                 "competing"):  # fmt: skip
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype, name
        np.testing.assert_array_equal(ours, theirs)
    assert one.provenance == other.provenance
    assert list(one.properties) == list(other.properties)
    for name, column in other.properties.items():
        assert one.properties[name].dtype == column.dtype, name
        if column.dtype == object:
            assert [(type(v), v) for v in one.properties[name].tolist()] == [
                (type(v), v) for v in column.tolist()
            ]
        else:
            np.testing.assert_array_equal(one.properties[name], column)


@pytest.fixture
def mixed():
    found = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    n = len(found)
    return PhaseTable(
        **{**found.__getstate__()}
        | {
            "provenance": Provenance(
                "mine", "2020", "none", "ab", ("a",), ("Li-S",), (("O", 0.1),)
            ),
            "e_above_hull": np.array([0.0, np.nan, 0.1, 0.0, 0.0])[:n],
            "properties": {
                "band_gap_eV": np.array([np.nan, 1.0, 2.5, 0.0, -0.0])[:n],
                "theoretical": np.array([None, True, 1, 1.0, "1"], dtype=object)[:n],
                "known": np.array([True, False, True, True, False])[:n],
            },
        }
    )


def test_what_is_read_is_what_was_written(mixed, tmp_path):
    write_kept(mixed, tmp_path / "copy", "key")
    same(read_kept(tmp_path / "copy", "key", never), mixed)


@pytest.mark.slow
def test_packaged_table(table, tmp_path):
    write_kept(table, tmp_path / "copy", "key")
    same(read_kept(tmp_path / "copy", "key", never), table)


def test_parts_and_pickles_hold_the_same_columns(mixed, tmp_path):
    write_kept(mixed, tmp_path / "copy", "key")
    read = read_kept(tmp_path / "copy", "key", never)
    rows = np.array([0, 3])
    same(read.select(rows).select(np.array([1])), mixed.select(rows[1:]))
    same(pickle.loads(pickle.dumps(read)), mixed)


def test_no_copy_of_something_else(mixed, tmp_path):
    assert read_kept(tmp_path / "none", "key", never) is None
    write_kept(mixed, tmp_path / "copy", "key")
    assert read_kept(tmp_path / "copy", "another key", never) is None
    (tmp_path / "text").write_text("no copy\n")
    assert read_kept(tmp_path / "text", "key", never) is None


def test_every_damaged_byte_is_noticed(mixed, tmp_path):
    write_kept(mixed, tmp_path / "copy", "key")
    whole = (tmp_path / "copy").read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        (tmp_path / "damaged").write_bytes(damaged)
        read = read_kept(tmp_path / "damaged", "key", lambda: mixed)
        if read is not None:  # in a column that is read when it is asked for
            same(read, mixed)
    for length in range(0, len(whole), 11):
        (tmp_path / "short").write_bytes(whole[:length])
        read = read_kept(tmp_path / "short", "key", lambda: mixed)
        if read is not None:
            same(read, mixed)
