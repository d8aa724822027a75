"""Whatever is in a file: the readers answer, or raise the errors that they document."""

import gzip
import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from sse_window.core.composition import parse
from sse_window.core.errors import DataError, EntriesError, FormulaError
from sse_window.phases.files import sealed
from sse_window.phases.table import PhaseTable
from sse_window.sources.datasets import read, write
from sse_window.sources.entry_tables import COLUMNS
from sse_window.sources.user_entries import UserEntries, as_table, read_entries

# One folder for all examples of a test is what is wanted here: every example writes its file anew.
SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

FORMULA_PIECES = st.sampled_from(
    ["Li", "P", "S", "Xx", "D", "x", "(", ")", "[", "]", "{", "}", "0", "2", "0.5", ".5", "5.",
     "1e5", "1e400", "1e-400", "-", "+", "·", "*", "₂", " ", "\n", "\0", "٣", "é", "nan", "inf"]
)  # fmt: skip
FORMULAS = st.one_of(st.text(max_size=30), st.lists(FORMULA_PIECES, max_size=12).map("".join))


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(FORMULAS)
@example("Li1e308S1e308")
@example("((((((((((Li))))))))))")
@example("Li0.0000000001S")
@example("0Li")
def test_formulas(text: str) -> None:
    try:
        composition = parse(text)
        atoms, reduced, mass = (
            composition.atoms, composition.reduced_formula, composition.molar_mass,
        )  # fmt: skip
    except FormulaError as error:
        assert str(error)
    else:
        assert reduced and 0.0 < atoms < math.inf and mass > 0.0
        assert set(parse(reduced).amounts) == set(composition.amounts)


def checked(path: Path, dataset: PhaseTable) -> UserEntries | None:
    """What :func:`read_entries` makes of a file, or None where it refuses properly."""
    try:
        entries = read_entries(path, dataset=dataset)
        table = as_table(entries, dataset)
    except EntriesError as error:
        assert str(path) in str(error) and "\n" not in str(error)
        return None
    assert len(entries) >= 1
    assert np.isfinite(table.formation_energy_per_atom).all()
    assert (np.abs(table.formation_energy_per_atom) <= 20.0).all()
    return entries


CELLS = st.one_of(
    st.sampled_from(
        ["", "Li2S", "Li3PS4", "O2", "Li", "-1.4", "0", "nan", "inf", "1e999", "1e308", "٣", "True",
         "-0.0", "0x10", "1_0", "Li\0", '"', "a,b", "\ufeff", "1,4", "Li2S\nLi", "Na2S", "Xe"]
    ),
    st.floats().map(repr),
    FORMULAS,
)  # fmt: skip
HEADERS = st.lists(st.sampled_from([*COLUMNS, "", "x", "formula;energy"]), min_size=1, max_size=5)


@pytest.mark.slow
@SETTINGS
@given(st.one_of(HEADERS, st.just(["formula", "formation_energy_per_atom_eV"])), st.data())
def test_csv_tables(
    tmp_path: Path, li_p_s: PhaseTable, header: list[str], data: st.DataObject
) -> None:
    width = len(header)
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=width, max_size=width + 1), max_size=4), label="rows"
    )
    path = tmp_path / "mine.csv"
    text = "\n".join(",".join(cells) for cells in [header, *rows])
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    checked(path, li_p_s)


def any_file(name: str) -> Callable[..., None]:
    @SETTINGS
    @given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(gzip.compress)))
    @example(b"\x1f\x8b")
    @example(b"\xff\xfe\x00\x00")
    @example(b"formula,formation_energy_per_atom_eV\nLi2S," + b"9" * 200_000)
    def test(tmp_path: Path, li_p_s: PhaseTable, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        assert checked(path, li_p_s) is None

    return test


test_any_bytes_as_csv = any_file("mine.csv")
test_any_bytes_as_json = any_file("mine.json")
test_any_bytes_as_packed_json = any_file("mine.json.gz")
test_any_bytes_as_vasprun = any_file("vasprun.xml")

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["Li2S", "Li3PS4", "ComputedEntry", "pymatgen.core", -1.4, 1e308, 10**400]),
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(
        [*COLUMNS, "entries", "schema", "results", "@class", "@module", "composition", "energy",
         "parameters", "data", "structure", "correction", "entry_id", "run_type"]
    ),
    st.text(max_size=5),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=25,
)
PHASES = st.lists(
    st.fixed_dictionaries(
        {"formula": st.one_of(st.just("Li2S"), SCALARS)},
        optional={
            **{name: SCALARS for name in COLUMNS if name != "formula"},
            "formation_energy_per_atom_eV": st.one_of(st.just(-1.4), SCALARS),
        },
    ),
    max_size=3,
)


@pytest.mark.slow
@SETTINGS
@given(st.one_of(VALUES, PHASES))
def test_json_values(tmp_path: Path, li_p_s: PhaseTable, values: Any) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(values))
    checked(path, li_p_s)


AMOUNTS = st.one_of(
    st.just({"Li": 2, "S": 1}), st.just({"Li": 1}), st.just("Li2S"),
    st.dictionaries(st.sampled_from(["Li", "S", "P", "Li+", "D", "Xx", ""]), SCALARS, max_size=3),
    SCALARS,
)  # fmt: skip
SETTINGS_OF_RUN = st.fixed_dictionaries(
    {},
    optional={
        "run_type": st.one_of(st.sampled_from(["GGA", "GGA+U", "PBE", "r2SCAN"]), SCALARS),
        "hubbards": st.one_of(st.just({}), st.dictionaries(st.just("Li"), SCALARS), SCALARS),
        "potcar_symbols": st.one_of(
            st.just(["PAW_PBE Li_sv 23Jan2001", "PAW_PBE S 17Jan2003"]),
            st.lists(SCALARS, max_size=2),
            SCALARS,
        ),
        "potcar_spec": VALUES,
        "software": SCALARS,
    },
)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"composition": AMOUNTS, "energy": st.one_of(st.just(-12.0), SCALARS)},
        optional={
            "@class": st.one_of(st.just("ComputedEntry"), SCALARS),
            "@module": st.one_of(st.just("pymatgen.entries.computed_entries"), SCALARS),
            "parameters": st.one_of(SETTINGS_OF_RUN, SCALARS),
            "data": VALUES,
            "structure": VALUES,
            "entry_id": VALUES,
        },
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.slow
@SETTINGS
@given(ENTRIES)
def test_computed_entries(tmp_path: Path, li_p_s: PhaseTable, values: Any) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(values))
    checked(path, li_p_s)


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A dataset on disk: its parquet and its JSON file."""
    path = tmp_path_factory.mktemp("cache") / "mp.parquet"
    write(PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95}), path)
    assert len(read(path)) == 6
    return path.read_bytes(), path.with_suffix(".json").read_bytes()


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_damaged_cache_files(
    tmp_path: Path, cached: tuple[bytes, bytes], data: st.DataObject
) -> None:
    content, sidecar = cached
    path = tmp_path / "mp.parquet"
    which = data.draw(st.sampled_from(["parquet", "json", "both"]))
    if which != "json":
        content = damaged(content, data)
    if which != "parquet":
        sidecar = damaged(sidecar, data)
    path.write_bytes(content)
    path.with_suffix(".json").write_bytes(sidecar)
    try:
        table = read(path)
    except DataError as error:
        assert str(path.with_suffix("")) in str(error) and "\n" not in str(error)
    else:
        # Only blanks between the values of the JSON file may have changed.
        assert content == cached[0] and len(table) == 6
        assert json.loads(sidecar) == json.loads(cached[1])


def damaged(content: bytes, data: st.DataObject) -> bytes:
    """Cut short, overwritten in places, or something else altogether."""
    kind = data.draw(st.sampled_from(["cut", "overwritten", "foreign", "appended"]))
    if kind == "cut":
        return content[: data.draw(st.integers(0, len(content) - 1))]
    if kind == "foreign":
        return data.draw(st.one_of(st.binary(max_size=50), VALUES.map(json.dumps).map(str.encode)))
    if kind == "appended":
        return content + data.draw(st.binary(min_size=1, max_size=5))
    spoiled = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    return bytes(spoiled)


COLUMN_VALUES = {
    "text": st.one_of(st.none(), st.sampled_from(["Li", "Li2S", "S", "P", ""])),
    "number": st.one_of(st.none(), st.floats(), st.sampled_from([-1.4, 0.0])),
    "whole": st.one_of(st.none(), st.integers(-3, 130)),
    "truth": st.one_of(st.none(), st.booleans()),
    "lists": st.one_of(st.none(), st.lists(st.sampled_from([3, 16, 0, 1, 2, 255, -1]), max_size=3)),
    "lists of numbers": st.one_of(st.none(), st.lists(st.floats(), max_size=3)),
}
RIGHT_KINDS = {
    "formula": "text",
    "atomic_numbers": "lists",
    "amounts": "lists",
    "formation_energy_per_atom_eV": "number",
    "e_above_hull_eV_per_atom": "number",
}


@pytest.mark.slow
@SETTINGS
@given(st.data())
def test_foreign_parquet_files_with_a_matching_hash(
    tmp_path: Path, cached: tuple[bytes, bytes], data: st.DataObject
) -> None:
    """A hash says that nothing was changed, not that it was ever a table of phases."""
    rows = data.draw(st.integers(0, 3))
    columns = {}
    for name, right in {**RIGHT_KINDS, "band_gap_eV": "number"}.items():
        if data.draw(st.integers(0, 19), label=f"{name} is missing") == 19:
            continue
        kinds = st.sampled_from([right, right, right, *COLUMN_VALUES])
        values = COLUMN_VALUES[data.draw(kinds, label=f"kind of {name}")]
        columns[name] = data.draw(st.lists(values, min_size=rows, max_size=rows), label=name)
    path = tmp_path / "mp.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    sidecar = json.loads(cached[1])
    sidecar |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": rows}
    path.with_suffix(".json").write_text(json.dumps(sealed(sidecar)))
    try:
        table = read(path)
    except DataError as error:
        assert "\n" not in str(error)
    else:
        assert len(table) >= 1 and np.isfinite(table.formation_energy_per_atom).all()
        assert {parse(formula).reduced_formula for formula in table.formulas}
