"""Shapes of files that people have, spoilt at random: every reader answers or says why not."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pyarrow
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from sse_window.cli import main
from sse_window.cli.app import _command
from sse_window.cli.configuration import configuration, defaults_of
from sse_window.core.errors import DataError, EntriesError, SSEWindowError
from sse_window.facts.cell_volumes import read_hosts
from sse_window.html_report.reading import read_results
from sse_window.phases.table import PhaseTable
from sse_window.runs.lists import read_list
from sse_window.sources.structure_files import read_structure
from sse_window.sources.user_entries import read_entries

# One folder for all examples of a test is what is wanted here: every example writes its file anew.
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6),
    st.sampled_from(["Li2S", "Li3PS4", -1.4, 1e308, "1,4", "=1+1", "\x1b[31m", "nan", {}, []]),
)  # fmt: skip


def one_line(error: BaseException) -> bool:
    return bool(str(error)) and "\n" not in str(error)


def read_or_refuse(read: Callable[[Path], Any], path: Path) -> Any:
    """What a reader makes of a file; None where it refuses in one line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read(path)
        except SSEWindowError as error:
            assert one_line(error), error
            return None


# Headings of tables -----------------------------------------------------------------------------

HEADINGS = st.sampled_from(
    ["formula", "Formula", "formula_pretty", "composition", "Compound", "chemical_formula",
     "formation_energy_per_atom", "Formation energy (eV/atom)", "delta_e", "energy_per_atom",
     "total energy", "TOTEN", "e_above_hull", "Ehull", "stability", "band_gap", "mpid", "", "x",
     "Unnamed: 0", "formula ", "\ufefformula".encode("ascii", "ignore").decode(), "date"]
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(["Li2S", "Li3PS4", "-1.4", "-1,4", "", "nan", "1e999", "Li", "True",
                     "2026-01-01", "=A1", "-", "Li2S;x", '"', "0"]),
    st.floats().map(repr),
    st.text(max_size=5),
)  # fmt: skip
PACKINGS = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_tables_of_any_headings_separators_and_packings(
    tmp_path: Path, li_p_s: PhaseTable, data: st.DataObject
) -> None:
    header = data.draw(st.lists(HEADINGS, min_size=1, max_size=5))
    width = st.integers(max(len(header) - 1, 0), len(header) + 1)
    rows = data.draw(
        st.lists(width.flatmap(lambda n: st.lists(CELLS, min_size=n, max_size=n)), max_size=4)
    )
    separator = data.draw(st.sampled_from([",", ";", "\t", " ; "]))
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    text = end.join(separator.join(cells) for cells in [header, *rows])
    packing = data.draw(st.sampled_from(list(PACKINGS)))
    suffix = data.draw(st.sampled_from([".csv", ".tsv", ".txt"]))
    path = tmp_path / f"mine{suffix}{packing}"
    content = PACKINGS[packing](text.encode("utf-8", "replace"))
    if data.draw(st.integers(0, 4)) == 4:
        content = content[: len(content) // 2]
    path.write_bytes(content)
    scheme = data.draw(st.sampled_from([None, "none", "MP2020", "as-given"]))
    for dataset in (None, li_p_s):
        read_or_refuse(lambda p, d=dataset: read_entries(p, dataset=d, corrections=scheme), path)


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_parquet_and_workbooks_of_any_columns(
    tmp_path: Path, li_p_s: PhaseTable, data: st.DataObject
) -> None:
    names = data.draw(st.lists(HEADINGS.filter(bool), min_size=1, max_size=4, unique=True))
    rows = data.draw(st.integers(0, 3))
    kinds = {
        "text": st.one_of(st.none(), st.sampled_from(["Li2S", "Li3PS4", "x", ""])),
        "number": st.one_of(st.none(), st.floats()),
        "whole": st.one_of(st.none(), st.integers(-9, 9)),
        "time": st.one_of(st.none(), st.datetimes()),
        "truth": st.booleans(),
        "list": st.lists(st.integers(0, 9), max_size=2),
    }
    columns = {
        name: data.draw(
            st.lists(kinds[data.draw(st.sampled_from(list(kinds)))], min_size=rows, max_size=rows)
        )
        for name in names
    }
    path = tmp_path / "mine.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    read_or_refuse(lambda p: read_entries(p, dataset=li_p_s), path)
    read_or_refuse(read_list, path)
    read_or_refuse(read_results, path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(names)
    for i in range(rows):
        values = [columns[name][i] for name in names]
        kept = [str(v) if isinstance(v, list) or v != v else v for v in values]
        sheet.append([None if v in (float("inf"), float("-inf")) else v for v in kept])
    path = tmp_path / "mine.xlsx"
    book.save(path)
    if data.draw(st.booleans()):
        path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, 4000))])
    read_or_refuse(lambda p: read_entries(p, dataset=li_p_s), path)


# Shapes of JSON ---------------------------------------------------------------------------------

ENTRY = {
    "@module": "pymatgen.entries.computed_entries", "@class": "ComputedEntry",
    "composition": {"Li": 2.0, "S": 1.0}, "energy": -12.0, "correction": 0.0,
    "parameters": {"run_type": "GGA", "hubbards": {}}, "entry_id": "id-1", "data": {},
}  # fmt: skip
STRUCTURE = {
    "@class": "Structure", "@module": "pymatgen.core.structure",
    "lattice": {"a": 4.0, "b": 4.0, "c": 4.0, "volume": 64.0,
                "matrix": [[4.0, 0, 0], [0, 4.0, 0], [0, 0, 4.0]]},
    "sites": [{"species": [{"element": "Li", "occu": 1.0}], "abc": [0, 0, 0], "xyz": [0, 0, 0]}],
}  # fmt: skip
SHAPES: list[Any] = [
    [ENTRY],
    [{**ENTRY, "@class": "ComputedStructureEntry", "structure": STRUCTURE}],
    {"mp-1": ENTRY},
    [{"entry": ENTRY}],
    {"entries": [ENTRY]},
    {"@class": "PhaseDiagram", "all_entries": [ENTRY], "elements": []},
    {"@class": "PhaseDiagram", "computed_data": {"all_entries": [ENTRY]}},
    [{**ENTRY, "@class": "GibbsComputedStructureEntry", "temp": 600, "structure": STRUCTURE}],
    [{"@class": "PDEntry", "composition": {"Li": 2.0, "S": 1.0}, "energy": -12.0, "name": "Li2S"}],
    [{"material_id": "mp-1", "formula_pretty": "Li2S", "formation_energy_per_atom": -1.4,
      "energy_above_hull": 0.0, "nsites": 6, "volume": 120.0}],
    {"data": [{"id": "mp-1", "type": "structures", "attributes": {
        "chemical_formula_reduced": "Li2S", "elements": ["Li", "S"], "nsites": 6,
        "_mp_stability": {"gga_gga+u": {"formation_energy_per_atom": -1.4}}}}], "meta": {}},
    {"data": [{"name": "Li2S", "entry_id": 1, "delta_e": -1.4, "stability": 0.0, "natoms": 3}]},
    {"formula": ["Li2S", "Li3PS4"], "formation_energy_per_atom": [-1.4, -0.9]},
    STRUCTURE,
]  # fmt: skip


def spoilt(value: Any, data: st.DataObject) -> Any:
    """The value with one place inside it replaced, taken out, renamed or doubled."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(list(value)))
        how = data.draw(st.sampled_from(["inside", "inside", "without", "renamed", "replaced"]))
        others = {k: v for k, v in value.items() if k != key}
        if how == "without":
            return others
        if how == "renamed":
            return {**others, data.draw(st.text(max_size=4)): value[key]}
        return {**others, key: spoilt(value[key], data) if how == "inside" else data.draw(SCALARS)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        place = data.draw(st.integers(0, len(value) - 1))
        inside = spoilt(value[place], data)
        return [*value[:place], inside, *value[place + data.draw(st.integers(0, 1)) :]]
    return data.draw(SCALARS)


@pytest.mark.slow
@settings(SETTINGS, max_examples=250)
@given(st.data())
def test_spoilt_shapes_of_json(tmp_path: Path, li_p_s: PhaseTable, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(SHAPES))
    for _ in range(data.draw(st.integers(0, 3))):
        value = spoilt(value, data)
    lines = isinstance(value, list) and data.draw(st.booleans())
    text = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
    packing = data.draw(st.sampled_from(list(PACKINGS)))
    path = tmp_path / f"mine.{'jsonl' if lines else 'json'}{packing}"
    path.write_bytes(PACKINGS[packing](text.encode()))
    scheme = data.draw(st.sampled_from([None, "none", "MP2020", "legacy", "as-given"]))
    read_or_refuse(lambda p: read_entries(p, dataset=li_p_s, corrections=scheme), path)
    if not packing:
        read_or_refuse(read_list, path)
        read_or_refuse(read_results, path)


# Structures, lists, settings, unit cells, results -----------------------------------------------

POSCAR = "Li2S\n1.0\n4 0 0\n0 4 0\n0 0 4\nLi S\n2 1\nDirect\n0 0 0\n0.5 0.5 0\n0.5 0 0.5\n"
CIF = (
    "data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n"
    "_cell_angle_beta 90\n_cell_angle_gamma 90\n_symmetry_space_group_name_H-M 'P 1'\nloop_\n"
    "_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
    "Li 0 0 0\nS 0.5 0.5 0.5\n"
)
CELLS_TABLE = "electrode,formula,volume_A3,voltage_V\nmine,LiCoO2,32.3,3\nmine,Li0.5CoO2,32.9,4\n"
TOML = 'dataset = "oqmd"\nion = "Na"\n[screen]\njobs = 2\n[window]\nsteps = true\n'
RESULTS = "formula,status,reduction_potential_V,oxidation_potential_V\nLGPS,ok,1.7,2.1\n"


def damaged(text: str, data: st.DataObject) -> bytes:
    """Cut, with lines taken out or doubled, or with some characters overwritten."""
    kind = data.draw(st.sampled_from(["whole", "cut", "lines", "characters", "bytes"]))
    if kind == "cut":
        return text[: data.draw(st.integers(0, len(text)))].encode()
    if kind == "lines":
        lines = text.splitlines(keepends=True)
        picked = st.lists(st.sampled_from(lines), max_size=len(lines) + 2)
        return "".join(data.draw(picked)).encode()
    if kind == "characters":
        characters = list(text)
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(characters) - 1))
            characters[place] = data.draw(st.text(max_size=3))
        return "".join(characters).encode("utf-8", "replace")
    if kind == "bytes":
        return data.draw(st.binary(max_size=80))
    return text.encode()


READERS: dict[str, tuple[str, str, Callable[[Path], Any]]] = {
    "POSCAR": ("POSCAR", POSCAR, read_structure),
    "CIF": ("x.cif", CIF, read_structure),
    "text list": ("list.txt", "LGPS # mine\nLi3PS4\nLLZO\n", read_list),
    "CSV list": ("list.csv", "formula,electrode,batch\nLGPS,LCO,1\n", read_list),
    "JSON list": ("list.json", '["LGPS", "Li3PS4"]', read_list),
    "JSON lines list": ("list.jsonl", '{"formula": "LGPS"}\n{"formula": "LPS"}\n', read_list),
    "unit cells": ("cells.csv", CELLS_TABLE, lambda path: read_hosts(path)),
    "CSV results": ("r.csv", RESULTS, read_results),
    "JSON lines results": (
        "r.jsonl",
        '{"formula": "LGPS", "status": "ok", "oxidation_potential_V": 2}\n',
        read_results,
    ),
}


@pytest.mark.parametrize("kind", READERS)
def test_damaged_files_of_every_kind(kind: str, tmp_path: Path) -> None:
    name, text, read = READERS[kind]
    path = tmp_path / name

    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        path.write_bytes(damaged(text, data))
        read_or_refuse(read, path)

    check()
    path.write_bytes(text.encode())
    assert read(path)


def test_damaged_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SSE_WINDOW_CONFIG", str(path))
    commands = {name: _command(name) for name in ("window", "screen")}

    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        path.write_bytes(damaged(TOML, data))
        try:
            source, contents = configuration()
            defaults_of(commands, contents, source)
        except DataError as error:
            assert one_line(error)

    check()


@pytest.mark.slow
def test_damaged_settings_of_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SSE_WINDOW_CONFIG", str(path))

    @settings(SETTINGS, max_examples=25)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        path.write_bytes(damaged(TOML, data))
        done = CliRunner().invoke(main, ["window", "Li2S"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception

    check()


@SETTINGS
@given(st.data())
def test_folders_of_calculations_with_anything_in_them(
    tmp_path: Path, li_p_s: PhaseTable, data: st.DataObject
) -> None:
    folder = tmp_path / "runs"
    for name in ("vasprun.xml", "vasprun.xml.gz", "OUTCAR", "POSCAR", "notes.txt"):
        inside = folder / data.draw(st.sampled_from(["a", "b", "."]))
        inside.mkdir(parents=True, exist_ok=True)
        content = data.draw(st.one_of(st.binary(max_size=40), st.just(b"<modeling></modeling>")))
        (inside / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert read_or_refuse(lambda p: read_entries(p, dataset=li_p_s), folder) is None


def test_pandas_writes_what_is_read(tmp_path: Path, li_p_s: PhaseTable) -> None:
    frame = pandas.DataFrame({"Formula": ["Li2S"], "delta_e": [-1.5], "made": ["2026-01-01"]})
    frame.to_csv(tmp_path / "mine.csv")
    frame.to_parquet(tmp_path / "mine.parquet")
    frame.to_json(tmp_path / "mine.json", orient="records")
    for path in sorted(tmp_path.glob("mine.*")):
        try:
            assert len(read_entries(path, dataset=li_p_s)) == 1
        except EntriesError as error:
            pytest.fail(f"{path.name}: {error}")
