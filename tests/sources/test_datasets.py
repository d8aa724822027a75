import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from sse_window.core.errors import DataError
from sse_window.facts.packaged import data_file
from sse_window.phases import reference
from sse_window.phases.files import sealed
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.sources import datasets
from sse_window.sources.datasets import (
    available,
    is_of_a_dataset,
    load,
    provenance_of,
    read,
    user_file,
    write,
)
from sse_window.sources.importing import import_dataset

FILES = {"mp-legacy": "phases.parquet", "oqmd": "oqmd.parquet"}


@pytest.fixture(scope="module")
def oqmd():
    return load("oqmd")


@pytest.fixture
def small():
    return PhaseTable.from_formulas(
        {"Li2S": -1.4, "LiS4": -0.3}, Provenance("mine", "2026", "none", "")
    )


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_the_one_whose_hash_the_provenance_gives(name):
    found = hashlib.sha256(data_file(FILES[name]).read_bytes()).hexdigest()
    assert provenance_of(name)["sha256"] == found
    assert load(name).provenance.sha256 == found


@pytest.mark.parametrize(("name", "rows"), [("mp-legacy", 85014), ("oqmd", 120949)])
def test_rows_are_unique_and_elements_join_them_at_zero(name, rows):
    loaded = load(name)
    compounds = np.diff(loaded.offsets) > 1
    assert provenance_of(name)["rows"] == compounds.sum() == rows
    assert len(set(loaded.formulas.tolist())) == len(loaded) == rows + len(loaded.elements)
    assert loaded.formulas.tolist() == sorted(loaded.formulas.tolist())
    assert not loaded.formation_energy_per_atom[~compounds].any()
    assert loaded.competing[~compounds].all()


def test_lithium_compounds(table):
    lithium = np.logical_or.reduceat(table.numbers == 3, table.offsets[:-1])
    assert lithium.sum() == 8656 + 1  # and lithium itself


@pytest.mark.parametrize(
    ("name", "formula", "energy", "digits"),
    [
        # Values that a right build of the source tables has to show.
        ("mp-legacy", "Li7La3Zr2O12", -3.1359, 4),
        ("mp-legacy", "Li10Ge(PS6)2", -1.2804, 4),
        ("mp-legacy", "Li3PS4", -1.2657, 4),
        ("mp-legacy", "CoSO4", -1.88, 2),
        ("mp-legacy", "FeS2", -0.95, 2),
        ("oqmd", "CoSO4", -1.65, 2),
        ("oqmd", "FeS2", -0.70, 2),
    ],
)
def test_known_energies(name, formula, energy, digits):
    loaded = load(name)
    row = loaded.index(formula)
    assert round(loaded.formation_energy_per_atom[row], digits) == energy


def test_failed_calculations_are_not_in_oqmd(oqmd):
    for formula in ("Mg2B", "Mg2Tc", "Mg2Re", "DyMg2", "GdMg2", "HoMg2", "NaLaAu2", "Ba2SnRh2"):
        assert oqmd.index(formula) is None
    assert oqmd.formation_energy_per_atom.min() > -4.6


@pytest.mark.parametrize("name", FILES)
def test_formulas_are_those_of_pymatgen(name):
    from pymatgen.core import Composition

    loaded = load(name)
    for row in np.random.default_rng(7).choice(len(loaded), 700, replace=False):
        composition = Composition(loaded.composition(row))
        assert composition.reduced_formula == loaded.formulas[row]
        assert composition.num_atoms == pytest.approx(loaded.atoms[row])


def test_sodium_nitrides_are_formulas(table):
    assert table.composition(table.index("NaN3")) == {"N": 3.0, "Na": 1.0}
    assert table.index("Na3N") is not None


def test_a_measured_gap_comes_before_a_computed_one(table):
    gap, source = table.properties["band_gap_eV"], table.properties["band_gap_source"]
    computed = table.properties["band_gap_computed_eV"]
    lps = table.index("Li3PS4")
    assert (gap[lps], source[lps]) == (3.68, "measured")
    assert computed[lps] == pytest.approx(2.805)
    measured = source == "measured"
    same = (gap == computed) | (np.isnan(gap) & np.isnan(computed))
    assert same[~measured].all()
    assert not np.isnan(gap[measured]).any()
    assert set(source.tolist()) == {None, "measured", "OQMD", "MP"}
    assert all((g is None) == np.isnan(x) for g, x in zip(source, gap, strict=True))


def test_volumes_and_enthalpies_carry_their_source(table):
    row = table.index("Li2O")
    # Antifluorite of a = 4.619 A, measured, with 12 atoms; PBE is about 1 % off.
    assert table.properties["volume_per_atom_A3"][row] == pytest.approx(4.619**3 / 12, rel=0.02)
    assert table.properties["volume_source"][row] == "OQMD"
    # -597.9 kJ/mol, CRC Handbook, 95th edition.
    assert table.properties["measured_formation_energy_per_atom_eV"][row] == pytest.approx(
        -597.9 / 96.48533 / 3, abs=1e-5
    )
    assert "CRC" in table.properties["measured_source"][row]
    lithium = table.index("Li")
    # 13.02 cm3/mol
    assert table.properties["volume_per_atom_A3"][lithium] == pytest.approx(21.62, abs=0.01)
    assert np.isnan(table.properties["measured_formation_energy_per_atom_eV"][lithium])


def test_names(small):
    assert load().provenance.name == datasets.DEFAULT == "mp-2020-polyanions"
    assert load("mp-legacy").provenance.name == "mp-legacy"
    write(small, user_file("mine"))
    assert load("mine").formulas.tolist() == ["Li", "Li2S", "LiS4", "S"]
    assert load(user_file("mine")).provenance.name == "mine"
    assert [info.name for info in available()] == [*datasets.PACKAGED, "mine"]


def test_mp_before_it_was_fetched(small):
    with pytest.raises(DataError, match=r"not been fetched: .*data fetch.*'mp-2020-polyanions'"):
        load("mp")
    write(small, user_file("mp"))
    assert load("mp").index("Li3PS4") is None
    assert load("mp").provenance.additions == ()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("oqdm", "did you mean 'oqmd'"),
        ("MP", "did you mean 'mp'"),
        ("nothing", "available: mp-legacy, mp-2020, "),
        ("folder/nothing.parquet", "no such file"),
    ],
)
def test_an_unknown_name_is_answered_with_those_there_are(name, message):
    with pytest.raises(DataError, match=message):
        load(name)
    with pytest.raises(DataError, match=message):
        provenance_of(name)


def test_a_file_of_another_kind_is_sent_to_import(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("formula,energy\n")
    with pytest.raises(DataError, match="data import"):
        load(path)


@pytest.mark.parametrize("name", ["mp-legacy", "oqmd", "a/b", "..", "", ".hidden", "x.parquet"])
def test_names_that_a_dataset_cannot_have(name):
    with pytest.raises(DataError, match="name"):
        user_file(name)


def test_a_damaged_dataset_is_listed_with_its_problem(small):
    write(small, user_file("mine"))
    user_file("mine").with_suffix(".json").write_text("{")
    info = available()[-1]
    assert info.name == "mine"
    assert info.rows is None
    assert "mine.json" in info.problem


def test_a_truncated_dataset_is_listed_with_its_problem(small):
    write(small, user_file("mine"))
    path = user_file("mine")
    path.write_bytes(path.read_bytes()[:-20])
    info = available()[-1]
    assert (info.name, info.rows, info.date) == ("mine", None, None)
    assert "mine.parquet is damaged or was changed" in info.problem
    path.unlink()
    assert [info.name for info in available()] == list(datasets.PACKAGED)
    assert all(info.problem is None for info in available())


def test_provenance_of_mp_before_it_was_fetched(small):
    with pytest.raises(DataError, match=r"'mp' has not been fetched: .*'sse-window data fetch"):
        provenance_of("mp")
    write(small, user_file("mp"))
    assert provenance_of("mp")["name"] == "mine"


def test_directories_follow_the_platform_unless_told(monkeypatch, tmp_path):
    assert datasets.user_directory() == datasets.cache_directory()
    monkeypatch.delenv("SSE_WINDOW_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if sys.platform == "linux":
        assert datasets.user_directory() == tmp_path / "data" / "sse-window"
        assert datasets.cache_directory() == tmp_path / "cache" / "sse-window"
        assert user_file("mp").is_relative_to(tmp_path / "cache")
    assert user_file("mine") != user_file("mp")


def test_a_missing_packaged_file_is_a_broken_installation():
    with pytest.raises(DataError, match="install sse-window again"):
        data_file("nothing.toml")


def test_damaged_elements_file(monkeypatch, tmp_path):
    damaged = tmp_path / "elements.csv"
    monkeypatch.setattr(reference, "data_file", lambda name: damaged)
    bare = PhaseTable.from_formulas({"Li2S": -1.4}, elements=False)
    for text in (
        "symbol,volume_per_atom_A3\nXx,1\n",
        "symbol,volume_per_atom_A3\nLi,x\n",
        "a\n1\n",
    ):
        damaged.write_text(text)
        with pytest.raises(DataError, match=r"elements\.csv is damaged"):
            datasets.with_elements(bare)


def test_elements_are_put_to_their_reference_state(tmp_path):
    held = PhaseTable.from_formulas({"Li2S": -1.4, "S": 0.02}, Provenance("mine", "", "", ""))
    write(held, tmp_path / "mine.parquet")
    loaded = read(tmp_path / "mine.parquet")
    assert loaded.formation_energy_per_atom[loaded.index("S")] == 0.0
    assert "0 eV/atom: S" in loaded.provenance.additions[0]
    below = PhaseTable.from_formulas({"Li2S": -1.4, "S": -0.5}, Provenance("mine", "", "", ""))
    with pytest.raises(DataError, match=r"S lies at -0\.5000 eV/atom"):
        datasets.with_elements(below)


def test_diatomic_elements_join_by_the_names_of_molecules():
    bare = PhaseTable.from_formulas({"LiCl": -2.0, "Li2O": -2.0}, elements=False)
    joined = datasets.with_elements(bare)
    assert joined.formulas.tolist() == ["Cl2", "Li", "Li2O", "LiCl", "O2"]
    assert [joined.composition(row) for row in (0, 4)] == [{"Cl": 2.0}, {"O": 2.0}]
    assert joined.composition(2) == {"Li": 2.0, "O": 1.0}


@pytest.mark.slow
def test_loading_needs_none_of_the_slow_packages():
    code = (
        "import sys; from sse_window.sources import datasets; datasets.load();"
        "print([m for m in ('pandas', 'scipy', 'pymatgen', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_copy_of_a_packaged_dataset_is_a_dataset(tmp_path, published):
    for suffix in (".parquet", ".json"):
        shutil.copy(data_file("phases" + suffix), tmp_path / f"copy{suffix}")
    copied = load(tmp_path / "copy.parquet")
    assert copied.provenance == published.provenance
    assert np.array_equal(copied.formulas, published.formulas)


@pytest.mark.parametrize("name", FILES)
def test_every_source_has_licence_identifier_and_hash(name):
    contents = provenance_of(name)
    assert contents["licence"] == "CC-BY-4.0"
    assert contents["build"]["archive_sha256"].startswith("f9e9e4a0efec")
    for source in contents["sources"]:
        assert source["doi"].startswith("10.")
        assert source["licence"]
        assert source["rows"] > 500
        hashes = [file["sha256"] for file in source.get("files", {}).values()]
        assert all(
            len(sha256) == 64 for sha256 in [*hashes, *([source.get("sha256")] * (not hashes))]
        )
    energies = contents["sources"][0]
    assert energies["rows"] == contents["source_rows"]
    assert json.dumps(contents)
    assert contents == sealed(contents)


# --- written while others write, and killed at any moment ---------------------------------------

IMPORT = """
import sys, time
from pathlib import Path
from sse_window.core.errors import SSEWindowError
from sse_window.sources.importing import import_dataset
for number in range(int(sys.argv[3])):
    try:
        import_dataset(sys.argv[1], "mine", overwrite=sys.argv[2] == "over")
        print("ok")
    except SSEWindowError as error:
        print(error)
"""


def imports(path, how, times):
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(path), how, str(times)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def two_files(tmp_path):
    files = [tmp_path / f"{name}.csv" for name in "ab"]
    for file, energy in zip(files, (-1.4, -1.3), strict=True):
        file.write_text(f"formula,formation_energy_per_atom_eV\nLi2S,{energy}\n")
    return files


@pytest.mark.slow
def test_two_imports_under_one_name_make_one_dataset(two_files):
    said = [p.communicate()[0] for p in [imports(file, "once", 1) for file in two_files]]
    assert sorted(text.startswith("ok") for text in said) == [False, True]
    assert any("a dataset 'mine' exists" in text for text in said)
    assert load("mine").index("Li2S") is not None


@pytest.mark.slow
def test_a_dataset_is_whole_at_any_moment(two_files):
    import_dataset(two_files[0], "mine")
    chance = random.Random(1)
    for _ in range(8):
        running = [imports(file, "over", 50) for file in two_files]
        time.sleep(0.8 + chance.random())
        for _ in range(20):
            table = load("mine")
            assert table.formation_energy_per_atom[table.index("Li2S")] in (-1.4, -1.3)
        for process in running:
            process.kill()
            process.communicate()
        assert load("mine").index("Li2S") is not None
    import_dataset(two_files[0], "mine", overwrite=True)
    folder = user_file("mine").parent
    assert sorted(p.name for p in folder.iterdir()) == [".lock", "mine.json", "mine.parquet"]


def test_a_write_killed_before_its_last_step_is_finished_by_the_next(tmp_path):
    path = tmp_path / "mine.parquet"
    old, new = (PhaseTable.from_formulas({"Li2S": energy}) for energy in (-1.4, -1.3))
    write(old, path)
    before = path.read_bytes()
    write(new, path)
    path.rename(path.with_name(".mine.new.parquet"))
    path.write_bytes(before)
    assert read(path).formation_energy_per_atom.min() == -1.3
    write(old, path)
    assert read(path).formation_energy_per_atom.min() == -1.4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.json", "mine.parquet"]


# --- datasets that someone was handed ------------------------------------------------------------


def handed(tmp_path, change_columns=None, **changes):
    path = tmp_path / "handed.parquet"
    write(PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9}), path)
    sidecar = json.loads(path.with_suffix(".json").read_text())
    if change_columns is not None:
        table = parquet.ParquetFile(path).read()
        parquet.write_table(change_columns(table), path)
        sidecar["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps(sealed({**sidecar, **changes})))
    return path


def with_column(name, values):
    def change(table):
        table = table.drop_columns([name]) if name in table.column_names else table
        return table.append_column(name, pyarrow.array(values))

    return change


def test_columns_are_found_by_name(tmp_path):
    path = handed(tmp_path, lambda table: table.select(sorted(table.column_names, reverse=True)))
    table = read(path)
    assert table.formation_energy_per_atom[table.index("Li2S")] == -1.4
    when = [datetime(2026, 1, 1, tzinfo=UTC)] * 5
    assert len(read(handed(tmp_path, with_column("made", when)))) == 5


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("formation_energy_per_atom_eV", ["a", "b", "c", "d", "e"]),
        ("formation_energy_per_atom_eV", [datetime(2026, 1, 1, tzinfo=UTC)] * 5),
        ("e_above_hull_eV_per_atom", ["0", "0", "0", "0", "0"]),
        ("band_gap_eV", ["3", None, None, None, None]),
        ("spin_gap_eV", [datetime(2026, 1, 1, tzinfo=UTC)] * 5),
        ("material_id", [1, 2, 3, 4, 5]),
        ("theoretical", ["no", "no", "no", "no", "no"]),
        ("formula", [1, 2, 3, 4, 5]),
    ],
)
def test_damaged_columns_are_named(tmp_path, name, values):
    path = handed(tmp_path, with_column(name, values))
    with pytest.raises(DataError, match=f"column '{name}' holds") as failure:
        read(path)
    assert str(path) in str(failure.value) and "\n" not in str(failure.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"additions": "text"}, "'additions' is not the list"),
        ({"systems": [1]}, "'systems' is not the list"),
        ({"elements": None}, "'elements' is not the list"),
        ({"sources": ["x"]}, "'sources' is not the list"),
        ({"name": "\ud800"}, "'name' holds characters that are no text"),
        ({"date": "\x1b[31m"}, "'date' holds characters that are no text"),
        ({"details": {"deep": ["\x07"]}}, "'details.deep' holds characters"),
        ({"date": 3}, "does not give 'date'"),
        ({"rows": "2"}, "does not give 'rows'"),
    ],
)
def test_damaged_metadata_is_named(tmp_path, changes, message):
    path = handed(tmp_path, **changes)
    with pytest.raises(DataError, match=message) as failure:
        read(path)
    assert str(path.with_suffix(".json")) in str(failure.value)
    str(failure.value).encode()


def test_places_that_are_none(monkeypatch, tmp_path):
    with pytest.raises(DataError, match="no dataset"):
        load("x" * 5000)
    with pytest.raises(DataError, match="no dataset"):
        load(f"{'x' * 5000}.parquet")
    monkeypatch.setenv("SSE_WINDOW_DATA", "~nosuchuser/data")
    with pytest.raises(DataError, match="there is no such user"):
        user_file("mine")


def test_what_belongs_to_a_dataset(two_files):
    import_dataset(two_files[0], "mine")
    path = user_file("mine")
    assert is_of_a_dataset(path) and is_of_a_dataset(path.with_suffix(".json"))
    assert not is_of_a_dataset(two_files[0])
