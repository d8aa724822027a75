import hashlib
import json

import numpy as np
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from sse_window.core.errors import DataError, OutputError
from sse_window.phases.files import (
    read_provenance,
    read_table,
    sealed,
    verified_provenance,
    write_table,
)
from sse_window.phases.table import PhaseTable, Provenance

PROVENANCE = Provenance("mine", "2026-11", "MP2020", "", ("a note",), ("Li-S",))


def example():
    names = np.array(["mp-1", None, "mp-3"], dtype=object)
    return PhaseTable.from_compositions(
        [*map(_parse, ["Li2S", "LiS4", "Li2.5S1.001"])],
        [-1.4, -0.3, -1.2],
        PROVENANCE,
        e_above_hull=[0.0, np.nan, 0.1],
        properties={
            "band_gap_eV": np.array([3.4, np.nan, 0.0]),
            "material_id": names,
            "theoretical": np.array([True, None, False], dtype=object),
            "checked": np.array([True, False, False]),
            "nothing": np.array([None, None, None], dtype=object),
        },
    )


def _parse(formula):
    from sse_window.core.composition import parse

    return parse(formula)


@pytest.fixture
def path(tmp_path):
    details = {"licence": "CC0", "sources": [{"doi": "10.1/x"}]}
    write_table(example(), tmp_path / "mine.parquet", details)
    return tmp_path / "mine.parquet"


def test_what_is_written_is_read(path):
    written, found = example(), read_table(path)
    assert found.formulas.tolist() == written.formulas.tolist()
    for column in ("offsets", "numbers", "amounts", "formation_energy_per_atom", "e_above_hull"):
        expected = getattr(written, column)
        np.testing.assert_array_equal(getattr(found, column), expected)
        assert getattr(found, column).dtype == expected.dtype
    assert list(found.properties) == list(written.properties)
    for name, column in written.properties.items():
        np.testing.assert_array_equal(found.properties[name], column)
        assert found.properties[name].dtype == column.dtype
    assert found.provenance.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.provenance.systems == ("Li-S",)
    assert found.provenance.additions == ("a note",)


def test_phases_on_the_hull_or_of_unknown_height_compete(path):
    found = read_table(path)
    assert dict(zip(found.formulas, found.competing, strict=True)) == {
        "Li2S": True, "LiS4": True, "Li2500S1001": False
    }  # fmt: skip


def test_writing_twice_gives_the_same_bytes(path, tmp_path):
    again = write_table(example(), tmp_path / "again.parquet")
    assert again.sha256 == read_provenance(path)["sha256"]


def test_whole_amounts_take_two_bytes(tmp_path):
    write_table(PhaseTable.from_formulas({"Li2S": -1.0}), tmp_path / "a.parquet")
    kind = parquet.read_schema(tmp_path / "a.parquet").field("amounts").type.value_type
    assert kind == pyarrow.uint16()


def test_no_file_is_left_behind(path):
    assert sorted(file.name for file in path.parent.iterdir()) == ["mine.json", "mine.parquet"]


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_table(example(), tmp_path / "file" / "mine.parquet")
    with pytest.raises(OutputError, match=r"ends in \.parquet"):
        write_table(example(), tmp_path / "mine.csv")


def test_a_failed_write_leaves_the_old_dataset(path, monkeypatch):
    from pathlib import Path

    before = path.read_bytes(), path.with_suffix(".json").read_bytes()

    def full(self, *arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left"):
        write_table(PhaseTable.from_formulas({"Na2S": -1.0}), path)
    assert before == (path.read_bytes(), path.with_suffix(".json").read_bytes())
    assert len(list(path.parent.iterdir())) == 2


def test_missing_files(path):
    data = path.read_bytes()
    path.unlink()
    with pytest.raises(DataError, match=r"mine\.parquet is missing"):
        read_table(path)
    path.write_bytes(data)
    path.with_suffix(".json").unlink()
    with pytest.raises(DataError, match=r"mine\.json is missing"):
        read_table(path)


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-1], lambda d: d[:100], lambda d: b"", lambda d: d + b"x"]
)
def test_a_file_that_was_cut_short_or_grew(path, damage):
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match=r"mine\.parquet is damaged or was changed"):
        read_table(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.data())
def test_one_changed_byte_is_noticed(path, data):
    original = path.read_bytes()
    place = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(changed))
    try:
        with pytest.raises(DataError, match="damaged or was changed"):
            read_table(path)
    finally:
        path.write_bytes(original)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"name": "mine"}', "[" * 100_000, b"\xff\xfe\x00"]
)
def test_a_provenance_file_that_is_none(path, text):
    data = text if isinstance(text, bytes) else text.encode()
    path.with_suffix(".json").write_bytes(data)
    with pytest.raises(DataError, match=r"mine\.json"):
        read_table(path)


@pytest.mark.parametrize("key", ["name", "date", "corrections", "sha256", "rows"])
def test_provenance_without_a_key_or_of_another_type(path, key):
    sidecar = path.with_suffix(".json")
    contents = json.loads(sidecar.read_text())
    for changed in ({k: v for k, v in contents.items() if k != key}, {**contents, key: []}):
        sidecar.write_text(json.dumps(changed))
        with pytest.raises(DataError, match=f"does not give '{key}'"):
            read_table(path)


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2027-01"},
        {"corrections": "legacy"},
        {"additions": []},
        {"licence": "CC-BY-4.0"},
        {"rows": 4},
        {"more": None},
        {"provenance_sha256": None},
        {"provenance_sha256": "0" * 64},
    ],
)
def test_edited_provenance_is_noticed(path, change):
    sidecar = path.with_suffix(".json")
    contents = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**contents, **change}))
    for read in (read_provenance, verified_provenance, read_table):
        with pytest.raises(DataError, match=r"mine\.json is damaged or was changed.*import"):
            read(path)


def test_a_seal_does_not_depend_on_how_the_file_is_laid_out(path):
    sidecar = path.with_suffix(".json")
    contents = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps(dict(reversed(contents.items())), indent=4))
    assert read_provenance(path) == contents == sealed(contents)
    del contents["provenance_sha256"]
    sidecar.write_text(json.dumps(contents))
    with pytest.raises(DataError, match=r"mine\.json is damaged or was changed"):
        read_provenance(path)


def _forge(path, data):
    """Exchange the file and make its hash fit, as another program might."""
    path.write_bytes(data)
    sidecar = path.with_suffix(".json")
    contents = {**json.loads(sidecar.read_text()), "sha256": hashlib.sha256(data).hexdigest()}
    sidecar.write_text(json.dumps(sealed(contents)))


def test_another_kind_of_file_with_a_fitting_hash(path):
    _forge(path, b"PAR1 but not really PAR1")
    with pytest.raises(DataError, match="is not a parquet file"):
        read_table(path)


def _columns(**changed):
    columns = {
        "formula": ["Li2S", "LiS4"],
        "atomic_numbers": [[3, 16], [3, 16]],
        "amounts": [[2, 1], [1, 4]],
        "formation_energy_per_atom_eV": [-1.4, -0.3],
        "e_above_hull_eV_per_atom": [0.0, 0.1],
    }
    columns.update(changed)
    return {name: column for name, column in columns.items() if column is not None}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"amounts": None}, "no column 'amounts'"),
        ({"formula": ["LiS4", "Li2S"]}, "unique and sorted"),
        ({"formula": ["Li2S", "Li2S"]}, "unique and sorted"),
        ({"formula": ["Li2S", None]}, "a formula is missing|column 'formula' holds"),
        ({"formula": [1, 2]}, "a formula is missing|column 'formula' holds"),
        ({"amounts": [[2, 0], [1, 4]]}, "amounts must be positive"),
        ({"amounts": [[2, -1], [1, 4]]}, "amounts must be positive"),
        ({"amounts": [[2.0, float("nan")], [1.0, 4.0]]}, "amounts must be positive"),
        ({"amounts": [[2], [1, 4]]}, "as many amounts as elements"),
        ({"amounts": [[], []], "atomic_numbers": [[], []]}, "no table of phases"),
        ({"amounts": ["x", "y"]}, "no table of phases"),
        ({"atomic_numbers": [[0, 16], [3, 16]]}, "atomic numbers"),
        ({"atomic_numbers": [[3, 16], [3, 116]]}, "atomic numbers"),
        ({"formation_energy_per_atom_eV": [-1.4, None]}, "a formation energy is missing"),
        ({"formation_energy_per_atom_eV": [-1.4, float("inf")]}, "a formation energy is missing"),
        ({"formation_energy_per_atom_eV": ["x", "y"]}, "no table of phases"),
    ],
)
def test_a_parquet_file_of_something_else(path, changed, message):
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.table(_columns(**changed)), sink)
    _forge(path, sink.getvalue().to_pybytes())
    with pytest.raises(DataError, match=message) as raised:
        read_table(path)
    assert "mine.parquet" in str(raised.value)


def test_no_rows_are_no_dataset(path):
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.table(_columns()).slice(0, 0), sink)
    _forge(path, sink.getvalue().to_pybytes())
    with pytest.raises(DataError, match="no table of phases"):
        read_table(path)


def test_single_precision_and_row_groups_of_another_program(path):
    columns = _columns(
        formation_energy_per_atom_eV=pyarrow.array([-1.5, -0.25], pyarrow.float32()),
        e_above_hull_eV_per_atom=pyarrow.array([0.0, None], pyarrow.float32()),
        note=["a", None],
    )
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.table(columns), sink, row_group_size=1)
    _forge(path, sink.getvalue().to_pybytes())
    found = read_table(path)
    assert found.formation_energy_per_atom.tolist() == [-1.5, -0.25]
    assert np.isnan(found.e_above_hull[1])
    assert found.composition(1) == {"Li": 1.0, "S": 4.0}
    assert found.properties["note"].tolist() == ["a", None]
