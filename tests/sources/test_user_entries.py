"""Users' files: tables, pymatgen entries, VASP calculations; what is taken, what is refused."""

import gzip
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from vasprun_files import POTCAR, vasprun

from sse_window.core.errors import DataError, EntriesError, FormulaError
from sse_window.phases.merging import merge
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.results.records import phases_text
from sse_window.sources.datasets import load, provenance_of, user_file
from sse_window.sources.importing import import_dataset
from sse_window.sources.user_entries import (
    UserEntries,
    as_table,
    read_entries,
)

FORMATION = "formation_energy_per_atom_eV"
HULL = "e_above_hull_eV_per_atom"

# Total energies [eV] in Materials Project settings, roughly; the tests need only their arithmetic.
TOTAL = {
    "Li": ({"Li": 2}, -3.80),
    "S": ({"S": 2}, -8.20),
    "O": ({"O": 2}, -9.86),
    "P": ({"P": 1}, -5.40),
    "Li2S": ({"Li": 2, "S": 1}, -12.00),
    "Li2O": ({"Li": 2, "O": 1}, -14.30),
}


def written(tmp_path: Path, content: str | bytes | object, name: str = "mine.csv") -> Path:
    path = tmp_path / name
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def energies(entries: UserEntries) -> dict[str, float]:
    return {
        composition.reduced_formula: float(energy)
        for composition, energy in zip(
            entries.compositions, entries.formation_energy_per_atom, strict=True
        )
    }


def entry(formula: str, **changes: object) -> dict[str, object]:
    """A ComputedEntry as pymatgen writes it."""
    amounts, energy = TOTAL[formula]
    return {
        "@module": "pymatgen.entries.computed_entries",
        "@class": "ComputedEntry",
        "composition": amounts,
        "energy": energy,
        "correction": 0.0,
        "entry_id": f"run-{formula}",
        "parameters": {
            "run_type": "GGA",
            "hubbards": {},
            "potcar_symbols": [POTCAR[e] for e in amounts],
        },
        "data": {"oxide_type": "oxide"} if "O" in amounts else {},
        **changes,
    }


@pytest.fixture
def legacy(li_p_s: PhaseTable) -> PhaseTable:
    provenance = Provenance("mp-legacy", "2019", "legacy corrections on GGA/GGA+U (PBE)", "")
    return replace(li_p_s, provenance=provenance)


# --- tables ------------------------------------------------------------------------------------


def test_csv_with_properties(tmp_path: Path) -> None:
    text = (
        f"formula,{FORMATION},band_gap_eV,volume_per_atom_A3,theoretical,material_id\n"
        "Li6PS5Cl,-1.20,2.5,18.5,false,mine-1\n"
        "\n"
        '"Li5.5PS4.5Cl1.5",-1.1e0,,,TRUE,\n'
    )
    entries = read_entries(written(tmp_path, text))
    assert energies(entries) == {"Li6PS5Cl": -1.2, "Li11P2(S3Cl)3": -1.1}
    assert entries.places == ("line 2", "line 4")
    assert entries.formation_energy_per_atom.tolist() == [-1.2, -1.1]
    gaps = entries.properties["band_gap_eV"]
    assert gaps[0] == 2.5 and math.isnan(gaps[1])
    assert entries.properties["band_gap_source"].tolist() == ["user", None]
    assert entries.properties["volume_source"].tolist() == ["user", None]
    assert entries.properties["theoretical"].tolist() == [False, True]
    assert entries.properties["material_id"].tolist() == ["mine-1", None]
    assert "measured_source" not in entries.properties
    assert len(entries.sha256) == 64 and entries.corrections is None


@pytest.mark.parametrize("form", [list, lambda rows: {"entries": rows}])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_json_tables(tmp_path: Path, form: type, pack: type) -> None:
    rows = [{"formula": "Li2S", FORMATION: -1.4, "band_gap_eV": None}, {"formula": "P2S5", HULL: 0}]
    content = pack(json.dumps(form(rows)).encode())
    entries = read_entries(written(tmp_path, content, "mine.json"))
    assert entries.formation_energy_per_atom[0] == -1.4
    assert entries.e_above_hull[1] == 0.0 and math.isnan(entries.formation_energy_per_atom[1])
    assert entries.places == ("entry 1", "entry 2")
    assert dict(entries.properties) == {}


def test_a_single_object_is_a_phase(tmp_path: Path) -> None:
    path = written(tmp_path, {"formula": "Li2S", FORMATION: -1.4}, "mine.json")
    entries = read_entries(path)
    assert energies(entries) == {"Li2S": -1.4} and entries.places == ("entry 1",)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_in_a_table(tmp_path: Path, end: str) -> None:
    lines = ['# PBE, "2026", J. Doe\'s', "", HEADER[:-1], "Li2S,-1.4", " # in between", "Li3P,-1"]
    entries = read_entries(written(tmp_path, end.join(lines)))
    assert energies(entries) == {"Li2S": -1.4, "Li3P": -1.0}
    assert entries.places == ("line 4", "line 6")


def test_well_known_names_in_a_table(tmp_path: Path) -> None:
    entries = read_entries(written(tmp_path, HEADER + "LGPS,-1.3\nLCO,-1.7\n"))
    assert [c.formula for c in entries.compositions] == ["Li10GeP2S12", "LiCoO2"]
    path = written(tmp_path, HEADER + "LGPS,-1.3\nLi10GeP2S12,-1.2\n")
    with pytest.raises(EntriesError, match="line 3: Li10GeP2S12 is the composition of line 2"):
        read_entries(path)


def test_byte_order_mark_line_ends_and_spaces(tmp_path: Path) -> None:
    text = f"\ufeffformula , {FORMATION}\r\n Li2S , -1.4 \r\n"
    assert energies(read_entries(written(tmp_path, text))) == {"Li2S": -1.4}


def test_energy_above_hull_is_added_to_the_hull(tmp_path: Path, li_p_s: PhaseTable) -> None:
    path = written(tmp_path, f"formula,{HULL}\nLi7PS6,0.02\nLi3PS4,0.01\n")
    table = as_table(read_entries(path), li_p_s)
    # Li7PS6 = Li3PS4 + 2 Li2S: (8 x -0.95 + 6 x -1.4) / 14 eV/atom
    hull = (8 * -0.95 + 6 * -1.4) / 14
    assert table.formation_energy_per_atom[table.index("Li7PS6")] == pytest.approx(hull + 0.02)
    assert table.formation_energy_per_atom[table.index("Li3PS4")] == pytest.approx(-0.94)
    assert table.provenance.additions == ()
    with pytest.raises(EntriesError, match="line 2: an energy above hull needs a dataset"):
        as_table(read_entries(path))


def test_formation_energy_counts_before_energy_above_hull(tmp_path: Path) -> None:
    path = written(tmp_path, f"formula,{FORMATION},{HULL}\nLi2S,-1.4,0.5\n")
    table = as_table(read_entries(path))
    assert table.formation_energy_per_atom[table.index("Li2S")] == -1.4
    assert "corrections of its formation energies not stated" in table.provenance.additions[0]


def test_elements_may_stand_in_a_table_at_zero(tmp_path: Path) -> None:
    path = written(tmp_path, f"formula,{FORMATION}\nLi,0\nO2,0.0\nLi2O,-2\n")
    assert energies(read_entries(path)) == {"Li2O": -2.0}
    for row in ("O2,0.1", "Li,-0.1"):
        path = written(tmp_path, f"formula,{FORMATION}\n{row}\nLi2O,-2\n")
        with pytest.raises(EntriesError, match=r"line 2: the element .* is the reference"):
            read_entries(path)


def test_polymorphs_told_apart_by_id_give_the_lowest(tmp_path: Path) -> None:
    text = f"formula,{FORMATION},material_id\nLi2S,-1.3,b\nLi4S2,-1.4,a\nLi2S,-1.2,c\n"
    entries = read_entries(written(tmp_path, text))
    assert energies(entries) == {"Li2S": -1.4}
    assert entries.properties["material_id"].tolist() == ["a"]
    assert [m for m in entries.messages if "line 3 is lower" in m]


HEADER = f"formula,{FORMATION}\n"
REFUSED = {
    "empty": ("", "the file is empty"),
    "blank": ("\n  \n", "the file is empty"),
    "only a header": (HEADER, "no phases in it"),
    "only elements": (HEADER + "Li,0\n", "elements only"),
    "another encoding": (b"formula,x\nLi\xb72S,1\n", "line 2: not UTF-8 text: save it as UTF-8"),
    "UTF-16": ((HEADER + "Li2S,-1.4\n").encode("utf-16"), "line 1: not UTF-8 text"),
    "column without name": ("formula,\nLi2S,1\n", "line 1: a column without a name"),
    "column twice": (f"formula,{FORMATION},formula\nLi2S,1,Li\n", "two columns named 'formula'"),
    "too many values": (HEADER + "Li2S,-1,4\n", "line 2: 3 values for 2 columns"),
    "too few values": (HEADER + "Li2S,-1.4\nLi3P\n", "line 3: 1 values for 2 columns"),
    "an open quote": (HEADER + '"Li2S,-1.4\n', "unreadable as CSV"),
    "no formula": (HEADER + ",-1.4\n", "line 2: no formula"),
    "an unreadable formula": (HEADER + "Li2S,-1.4\nLiXx2,-1\n", "line 3: .*no element 'Xx'"),
    "no energy": (HEADER + "Li2S,\n", "line 2: no energy of Li2S"),
    "text for a number": (HEADER + "Li2S,low\n", f"line 2: {FORMATION} is no number: 'low'"),
    "underscores": (HEADER + "Li2S,-1_0.5\n", f"line 2: {FORMATION} is no number: '-1_0.5'"),
    "an unknown name": (HEADER + "LGSP,-1\n", "line 2: .*did you mean 'LGPS'"),
    "a line after comments": (f"# a\n{HEADER}# b\nLi2S,x\n", "line 4: .* is no number"),
    "only comments": ("# formula\n", "the file is empty"),
    "not a number": (HEADER + "Li2S,nan\n", f"line 2: {FORMATION} is not finite: 'nan'"),
    "infinite": (HEADER + "Li2S,-1e999\n", "is not finite"),
    "kJ/mol": (HEADER + "Li2S,-441\n", "-441 is no formation energy of Li2S in eV/atom.*kJ/mol"),
    "the same twice": (HEADER + "Li2S,-1.4\nLi2S,-1.4\n", "line 3: Li2S is the composition of"),
    "two energies": (HEADER + "Li2S,-1.4\nLi4S2,-1.3\n", "line 3: Li4S2 is the composition of"),
    "below the hull": (f"formula,{HULL}\nLi2S,-0.1\n", f"below the hull: give its {FORMATION}"),
    "negative gap": (f"{HEADER[:-1]},band_gap_eV\nLi2S,-1,-1\n", "band_gap_eV cannot be -1"),
    "no volume": (f"{HEADER[:-1]},volume_per_atom_A3\nLi2S,-1,0\n", "cannot be 0"),
    "neither true nor false": (f"{HEADER[:-1]},theoretical\nLi2S,-1,x\n", "neither true nor false"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_tables_that_are_refused(tmp_path: Path, name: str) -> None:
    content, message = REFUSED[name]
    path = written(tmp_path, content)
    with pytest.raises(EntriesError, match=message) as failure:
        read_entries(path)
    assert str(path) in str(failure.value) and "\n" not in str(failure.value)


REFUSED_JSON = {
    "no JSON": ("[{]", "line 1, column 3: no JSON"),
    "empty": (" ", "the file is empty"),
    "a number": ("3", "no list of phases"),
    "an empty list": ("[]", "no phases in it"),
    "a list of numbers": ("[1]", "entry 1: no object with formula and energy"),
    "an object": ('{"phases": []}', "an object without 'entries'"),
    "an object of nothing": ("{}", "an object without 'entries'"),
    "a phase beside entries": ('{"entries": [], "formula": "Li2S"}', "no phases in it"),
    "a phase without energy": ('{"formula": "Li2S"}', "entry 1: no energy of Li2S"),
    "more than entries": ('{"entries": [], "x": 1}', "no phases in it"),
    "a name twice": ('[{"formula": "Li2S", "formula": "Li"}]', "gives 'formula' twice"),
    "a number as text": (f'[{{"formula": "Li2S", "{FORMATION}": "x"}}]', "is no number: 'x'"),
    "a truth for a number": (f'[{{"formula": "Li2S", "{FORMATION}": true}}]', "is no number: True"),
    "NaN": (f'[{{"formula": "Li2S", "{FORMATION}": NaN}}]', "is not finite"),
    "a huge number": (f'[{{"formula": "Li2S", "{FORMATION}": 1{"0" * 400}}}]', "is no number"),
    "thousands of digits": ("[" + "1" * 5000 + "]", "no JSON"),
    "a list for a formula": (f'[{{"formula": ["Li"], "{FORMATION}": 1}}]', "formula is no text"),
    "too deep": ("[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", REFUSED_JSON)
def test_json_that_is_refused(tmp_path: Path, name: str) -> None:
    content, message = REFUSED_JSON[name]
    with pytest.raises(EntriesError, match=message) as failure:
        read_entries(written(tmp_path, content, "mine.json"))
    assert "\n" not in str(failure.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EntriesError, match="no such file or folder"):
        read_entries(tmp_path / "absent.csv")
    with pytest.raises(EntriesError, match=r"give a \.csv or \.json file"):
        read_entries(written(tmp_path, "x", "mine.doc"))
    with pytest.raises(EntriesError, match="damaged archive"):
        read_entries(written(tmp_path, gzip.compress(b"[]" * 99)[:-9], "mine.json.gz"))
    with pytest.raises(EntriesError, match=r"no vasprun\.xml"):
        read_entries(tmp_path)
    with pytest.raises(EntriesError, match="no correction scheme 'MP2010': choose one of MP2020"):
        read_entries(written(tmp_path, HEADER + "Li2S,-1\n"), corrections="MP2010")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_exported_table_comes_back_as_it_was(
    tmp_path: Path, table: PhaseTable, kind: str
) -> None:
    part = table.within(("Li", "P", "S", "O"))
    path = written(tmp_path, phases_text(part, kind), f"mine.{kind}")
    report = import_dataset(path, "copy")
    copy = load("copy")
    assert copy.formulas.tolist() == part.formulas.tolist()
    np.testing.assert_array_equal(copy.formation_energy_per_atom, part.formation_energy_per_atom)
    np.testing.assert_allclose(copy.e_above_hull, part.e_above_hull, atol=1e-6)
    for name in ("band_gap_eV", "band_gap_source", "volume_per_atom_A3"):
        compounds = np.diff(part.offsets) > 1
        left, right = copy.properties[name][compounds], part.properties[name][compounds]
        assert [None if v != v else v for v in left] == [None if v != v else v for v in right]
    assert report.phases == np.count_nonzero(np.diff(part.offsets) > 1)


# --- joining -----------------------------------------------------------------------------------


def test_users_phases_join_a_dataset(tmp_path: Path, li_p_s: PhaseTable) -> None:
    path = written(tmp_path, HEADER + "Li7P3S11,-0.90\nLi3PS4,-0.90\nLi2S,-1.45\n")
    entries = read_entries(path, dataset=li_p_s)
    merged = merge(li_p_s, as_table(entries, li_p_s))
    assert merged.added == ("Li7P3S11",)
    assert merged.replaced == ("Li2S",) and merged.not_taken == ("Li3PS4",)
    addition = merged.table.provenance.additions[0]
    assert addition.startswith(f"mine.csv (sha256 {entries.sha256[:12]}): 1 phases added")


@pytest.mark.parametrize("corrections", ["MP2020", "none"])
def test_stated_corrections_have_to_match(
    tmp_path: Path, legacy: PhaseTable, corrections: str
) -> None:
    path = written(tmp_path, HEADER + "Li7PS6,-1.2\n")
    with pytest.raises(EntriesError, match=r"do not match.*--allow-mixed"):
        read_entries(path, dataset=legacy, corrections=corrections)
    entries = read_entries(path, dataset=legacy, corrections=corrections, allow_mixed=True)
    merged = merge(legacy, as_table(entries, legacy)).table
    assert any(
        "mine.csv: energies with" in text and "beside those of 'mp-legacy'" in text
        for text in merged.provenance.additions
    )
    assert read_entries(path, dataset=legacy, corrections="legacy").mixed == ()


# --- calculations ------------------------------------------------------------------------------


def test_computed_entries_without_corrections_are_plain_arithmetic(tmp_path: Path) -> None:
    path = written(tmp_path, [entry(name) for name in TOTAL], "mine.json")
    entries = read_entries(path, corrections="none")
    assert energies(entries) == pytest.approx(
        {"Li2S": (-12.0 + 2 * 1.9 + 4.1) / 3, "Li2O": (-14.3 + 2 * 1.9 + 4.93) / 3}
    )
    assert entries.corrections == "GGA_GGA+U, no corrections"


@pytest.mark.parametrize(
    ("scheme", "sulfide", "oxide"),
    [("MP2020", -0.503, -0.687), ("legacy", -0.66346, -0.70229)],
)
def test_corrections_are_those_of_pymatgen(
    tmp_path: Path, scheme: str, sulfide: float, oxide: float
) -> None:
    # Corrections already in the file are taken off, not applied twice.
    spoiled = [entry(name, correction=-5.0) for name in TOTAL]
    path = written(tmp_path, spoiled, "mine.json")
    entries = read_entries(path, corrections=scheme)
    assert energies(entries) == pytest.approx(
        {
            "Li2S": (-12.0 + sulfide + 2 * 1.9 + 4.1) / 3,
            "Li2O": (-14.3 + oxide + 2 * 1.9 + 4.93) / 3,
        }
    )


@pytest.mark.slow
def test_pymatgens_own_files(tmp_path: Path) -> None:
    from monty.serialization import dumpfn
    from pymatgen.core import Lattice, Structure
    from pymatgen.entries.computed_entries import ComputedEntry, ComputedStructureEntry

    cell = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(5.7), ["S2-", "Li+"], [[0, 0, 0], [0.25, 0.25, 0.25]]
    )
    settings = entry("Li2S")["parameters"]
    whole = [
        ComputedStructureEntry(cell, 4 * -12.0, parameters=settings, entry_id="cell"),
        *(ComputedEntry(*TOTAL[e], parameters=entry(e)["parameters"]) for e in ("Li", "S")),
    ]
    expected = {"Li2S": (-12.0 - 0.503 + 3.8 + 4.1) / 3}
    for name in ("mine.json", "mine.json.gz"):
        dumpfn(whole, tmp_path / name)
        entries = read_entries(tmp_path / name)
        assert energies(entries) == pytest.approx(expected)
        assert entries.properties["volume_per_atom_A3"] == pytest.approx(5.7**3 / 12)
        assert entries.properties["material_id"].tolist() == ["cell"]
    dumpfn({"entries": whole}, tmp_path / "mine.json")
    assert energies(read_entries(tmp_path / "mine.json")) == pytest.approx(expected)


def test_structure_tells_a_peroxide_from_an_oxide(tmp_path: Path) -> None:
    from monty.serialization import dumpfn
    from pymatgen.core import Lattice, Structure
    from pymatgen.entries.computed_entries import ComputedEntry, ComputedStructureEntry

    places = [[0, 0, 0], [0.5, 0.5, 0.5], [0.2, 0.5, 0.0], [0.2 + 1.5 / 5, 0.5, 0.0]]
    cell = Structure(Lattice.cubic(5.0), ["Li", "Li", "O", "O"], places)
    parameters = entry("Li2O")["parameters"]
    dumpfn(
        [
            ComputedStructureEntry(cell, -19.0, parameters=parameters),
            *(ComputedEntry(*TOTAL[e], parameters=entry(e)["parameters"]) for e in ("Li", "O")),
        ],
        tmp_path / "mine.json",
    )
    found = energies(read_entries(tmp_path / "mine.json"))
    assert found == pytest.approx({"Li2O2": (-19.0 - 2 * 0.465 + 3.8 + 9.86) / 4})


def test_missing_elements_are_named_one_by_one(tmp_path: Path) -> None:
    path = written(tmp_path, [entry("Li2S"), entry("Li2O"), entry("S")], "mine.json")
    with pytest.raises(EntriesError, match=r"elements Li, O with GGA.*data fetch Li-O"):
        read_entries(path)


def test_a_single_entry_lacks_its_elements_only(tmp_path: Path) -> None:
    with pytest.raises(EntriesError, match="no energy of the elements Li, S"):
        read_entries(written(tmp_path, entry("Li2S"), "mine.json"))


def fetched(references: Mapping[str, float], corrections: str) -> PhaseTable:
    """A dataset as it is fetched: it knows the total energies of the elements."""
    table = PhaseTable.from_formulas(
        {"Li2S": -1.4, "Li2O": -1.9}, Provenance("mp", "2025.9.25", corrections, "")
    )
    column = np.array([references.get(str(f), np.nan) for f in table.formulas])
    return replace(table, properties={"reference_energy_per_atom_eV": column})


def test_elements_come_from_a_fetched_dataset_with_the_same_corrections(tmp_path: Path) -> None:
    path = written(tmp_path, [entry("Li2S")], "mine.json")
    references = {"Li": -1.91, "S": -4.13, "O2": -4.95}
    entries = read_entries(path, dataset=fetched(references, "GGA_GGA+U, MP2020 corrections"))
    assert energies(entries) == pytest.approx({"Li2S": (-12 - 0.503 + 2 * 1.91 + 4.13) / 3})
    with pytest.raises(EntriesError, match="no energy of the elements Li, S with R2SCAN"):
        parameters = {**entry("Li2S")["parameters"], "run_type": "r2SCAN"}  # type: ignore[dict-item]
        path = written(tmp_path, [entry("Li2S", parameters=parameters)], "mine.json")
        read_entries(
            path, dataset=fetched(references, "GGA_GGA+U, MP2020 corrections"), corrections="none"
        )


def test_elements_of_other_settings_do_not_match(tmp_path: Path) -> None:
    path = written(tmp_path, [entry("Li2S"), entry("Li"), entry("S")], "mine.json")
    dataset = fetched({"Li": -1.95, "S": -4.11}, "GGA_GGA+U, MP2020 corrections")
    with pytest.raises(EntriesError, match=r"energy of Li, -1\.9000.*dataset, -1\.9500.*mixed"):
        read_entries(path, dataset=dataset)
    entries = read_entries(path, dataset=dataset, allow_mixed=True)
    assert "energy of Li" in entries.mixed[0]
    assert entries.mixed[0] in as_table(entries).provenance.additions


def test_scheme_follows_the_dataset_that_is_joined(tmp_path: Path, legacy: PhaseTable) -> None:
    path = written(tmp_path, [entry(name) for name in TOTAL], "mine.json")
    assert "legacy" in str(read_entries(path, dataset=legacy).corrections)
    assert "MP2020" in str(read_entries(path).corrections)
    oqmd = replace(legacy, provenance=Provenance("oqmd", "", "fitted elemental references", ""))
    with pytest.raises(EntriesError, match=r"beside those of 'oqmd'.*do not match"):
        read_entries(path, dataset=oqmd)
    with pytest.raises(EntriesError, match="do not match"):
        read_entries(path, dataset=legacy, corrections="MP2020")


def test_functionals_do_not_mix(tmp_path: Path) -> None:
    scan = {**entry("Li2S")["parameters"], "run_type": "r2SCAN"}  # type: ignore[dict-item]
    rows = [entry("Li2S", parameters=scan), entry("Li"), entry("S")]
    path = written(tmp_path, rows, "mine.json")
    with pytest.raises(EntriesError, match=r"different functionals: GGA, r2SCAN"):
        read_entries(path, corrections="none")
    mixed = read_entries(path, corrections="none", allow_mixed=True)
    assert "different functionals: GGA, r2SCAN" in mixed.mixed[0]
    hubbard = {**entry("Li2S")["parameters"], "run_type": "GGA+U"}  # type: ignore[dict-item]
    rows[0] = entry("Li2S", parameters=hubbard)
    with pytest.raises(EntriesError, match=r"different functionals: GGA, GGA\+U"):
        read_entries(written(tmp_path, rows, "mine.json"), corrections="none")


def test_the_lowest_calculation_of_a_composition_counts(tmp_path: Path) -> None:
    higher = entry("Li2S", energy=-11.7, entry_id="higher")
    rows = [entry("Li"), higher, entry("Li2S"), entry("S")]
    entries = read_entries(written(tmp_path, rows, "mine.json"), corrections="none")
    assert energies(entries) == pytest.approx({"Li2S": (-12.0 + 3.8 + 4.1) / 3})
    assert any("entry 2 and entry 3" in m and "of entry 3" in m for m in entries.messages)


WITHOUT_POTCAR = {"run_type": "GGA"}
REFUSED_ENTRIES = {
    "a foreign class": ([entry("Li"), {"@class": "Structure"}], "entry 2: no ComputedEntry"),
    "not an object": ([entry("Li"), 3], "entry 2: no object with formula and energy: 3"),
    "no energy": ([entry("Li2S", energy=None)], "entry 1: no energy: None"),
    "infinite": ([entry("Li2S", energy=math.inf)], "entry 1: no energy: inf"),
    "a truth": ([entry("Li2S", energy=True)], "entry 1: no energy: True"),
    "no composition": ([entry("Li2S", composition={})], "entry 1: no composition: {}"),
    "an unknown element": ([entry("Li2S", composition={"Xx": 1})], "entry 1: no element: 'Xx'"),
    "a negative amount": ([entry("Li2S", composition={"Li": -1})], "entry 1: no composition"),
    "no settings": (
        [entry("Li2S", parameters={})],
        r"entry 1 \(Li2S\): .*need the run_type.*--corrections as-given",
    ),
    "no POTCAR": (
        [entry("Li2S", parameters=WITHOUT_POTCAR)],
        r"entry 1 \(Li2S\): MP2020 corrections need run_type, hubbards and potcar_symbols",
    ),
    "another POTCAR": (
        [entry("Li", parameters={**WITHOUT_POTCAR, "potcar_symbols": ["PAW_PBE Li 17Jan2003"]})],
        r"entry 1 \(Li\): MP2020 corrections do not apply: .*Incompatible POTCAR",
    ),
    "another functional": (
        [entry("Li2S", parameters={**WITHOUT_POTCAR, "run_type": "HSE06"})],
        r"for GGA and GGA\+U, not for HSE06: give --corrections none",
    ),
    "a damaged structure": (
        [entry("Li2S", structure={"x": 1})],
        "entry 1: the structure cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_ENTRIES)
def test_entries_that_are_refused(tmp_path: Path, name: str) -> None:
    rows, message = REFUSED_ENTRIES[name]
    path = written(tmp_path, rows, "mine.json")
    with pytest.raises(EntriesError, match=message) as failure:
        read_entries(path)
    assert str(path) in str(failure.value) and "\n" not in str(failure.value)


@pytest.mark.slow
def test_messages_do_not_differ_from_run_to_run(tmp_path: Path) -> None:
    symbols = ["PAW_PBE Li 17Jan2003", "PAW_PBE S_x 17Jan2003"]
    rows = [entry("Li2S", parameters={"run_type": "GGA", "potcar_symbols": symbols})]
    path = written(tmp_path, rows, "mine.json")
    code = (
        "import sys; from sse_window.core.errors import EntriesError\n"
        "from sse_window.sources.user_entries import read_entries\n"
        "try: read_entries(sys.argv[1])\n"
        "except EntriesError as error: print(error)\n"
    )
    for seed in ("1", "2"):  # their sets come in different orders
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, str(path)],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert "Incompatible POTCAR Li, S_x, expected Li_sv, S;" in done.stdout


@pytest.mark.parametrize(
    ("scheme", "named"), [("MP2020", "MP2020 corrections"), ("none", "no corrections")]
)
def test_corrections_that_an_entry_brings_along_are_taken_off(
    tmp_path: Path, scheme: str, named: str
) -> None:
    elements = [entry("Li"), entry("S")]
    plain = read_entries(
        written(tmp_path, [*elements, entry("Li2S")], "plain.json"), corrections=scheme
    )
    assert plain.messages == ()
    own = {"@class": "ManualEnergyAdjustment", "value": -3.0, "name": "mine"}
    for brought in ({"energy_adjustments": [own], "correction": -3.0}, {"correction": -3.0}):
        path = written(tmp_path, [*elements, entry("Li2S", **brought)], "mine.json")
        entries = read_entries(path, corrections=scheme)
        assert energies(entries) == energies(plain)
        assert entries.messages == (
            "corrections that came with 1 of 3 calculations (first: entry 3) were taken off; now "
            f"they have: {named}",
        )


def test_missing_hubbard_u_is_refused_in_a_line(tmp_path: Path) -> None:
    parameters = {"run_type": "GGA", "potcar_symbols": [POTCAR["Fe"], POTCAR["O"]], "hubbards": {}}
    rows = [entry("Li2O", composition={"Fe": 2, "O": 3}, parameters=parameters)]
    with pytest.raises(EntriesError, match=r"Invalid U value of 0\.0 on Fe, expected 5\.3$|; noth"):
        read_entries(written(tmp_path, rows, "mine.json"))


def calculations(tmp_path: Path, **options: object) -> Path:
    folder = tmp_path / "runs"
    for name, (atoms, energy) in TOTAL.items():
        place = folder / name / "relax"
        place.mkdir(parents=True)
        text = vasprun(atoms, energy, **options)  # type: ignore[arg-type]
        if name == "Li2O":
            (place / "vasprun.xml.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (place / "vasprun.xml").write_text(text)
    return folder


@pytest.mark.parametrize("functional", ["PE", "--"])
def test_folder_of_vasp_calculations(tmp_path: Path, functional: str) -> None:
    folder = calculations(tmp_path, functional=functional)
    entries = read_entries(folder)
    assert energies(entries) == pytest.approx(
        {"Li2S": (-12.0 - 0.503 + 3.8 + 4.1) / 3, "Li2O": (-14.3 - 0.687 + 3.8 + 4.93) / 3}
    )
    assert entries.places == ("Li2O/relax/vasprun.xml.gz", "Li2S/relax/vasprun.xml")
    assert entries.properties["volume_per_atom_A3"] == pytest.approx([20.0, 20.0])
    (folder / "Li2S" / "notes.txt").write_text("not a calculation")
    assert read_entries(folder).sha256 == entries.sha256
    (folder / "Li" / "relax" / "vasprun.xml").write_text(vasprun({"Li": 2}, -3.9))
    assert read_entries(folder).sha256 != entries.sha256


def test_a_single_vasprun_with_elements_of_a_fetched_dataset(tmp_path: Path) -> None:
    path = written(tmp_path, vasprun({"Li": 2, "S": 1}, -12.0), "vasprun.xml")
    dataset = fetched({"Li": -1.9, "S": -4.1}, "GGA_GGA+U, MP2020 corrections")
    entries = read_entries(path, dataset=dataset)
    assert energies(entries) == pytest.approx({"Li2S": (-12.0 - 0.503 + 3.8 + 4.1) / 3})


def test_hubbard_u_is_read_and_checked(tmp_path: Path) -> None:
    folder = calculations(tmp_path)
    place = folder / "Fe2O3"
    place.mkdir()
    file = place / "vasprun.xml"
    file.write_text(vasprun({"Fe": 2, "O": 3}, -33.0, hubbard_u_eV={"Fe": 5.3}))
    with pytest.raises(EntriesError, match="no energy of the elements Fe"):
        read_entries(folder)
    file.write_text(vasprun({"Fe": 2, "O": 3}, -33.0))
    with pytest.raises(EntriesError, match=r"Fe2O3/vasprun.xml \(Fe2O3\): .*Invalid U value"):
        read_entries(folder)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text[: len(text) // 2], "not a complete vasprun.xml"),
        (lambda text: "", "not a complete vasprun.xml"),
        (lambda text: "<modeling><a></modeling>", "cannot be read"),
        (lambda text: "<modeling></modeling>", "cannot be read"),
        (lambda text: text.replace("-12.00000000", "*********"), "cannot be read|no energy"),
        (lambda text: text.replace("<c>S </c>", "<c>Qq </c>"), "cannot be read"),
        (lambda text: vasprun({"Li": 2, "S": 1}, -12.0, electronic_steps=60), "did not converge"),
    ],
)
def test_calculations_that_are_refused(tmp_path: Path, spoil: object, message: str) -> None:
    folder = calculations(tmp_path)
    file = folder / "Li2S" / "relax" / "vasprun.xml"
    file.write_text(spoil(file.read_text()))  # type: ignore[operator]
    with pytest.raises(EntriesError, match=message) as failure:
        read_entries(folder)
    assert "Li2S/relax/vasprun.xml" in str(failure.value) and "\n" not in str(failure.value)


# --- datasets ----------------------------------------------------------------------------------


def test_import_makes_a_dataset(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "Li2S,-1.4\nLi3P,-0.9\nP2S5,-0.3\nLi3PS4,-0.9\n")
    report = import_dataset(path, "mine")
    assert report.phases == 4 and report.path == user_file("mine")
    table = load("mine")
    assert table.formulas.tolist() == ["Li", "Li2S", "Li3P", "Li3PS4", "P", "P2S5", "S"]
    above = dict(zip(table.formulas, table.e_above_hull, strict=True))
    assert above["Li2S"] == 0.0 and above["Li3PS4"] == pytest.approx(0.01875)
    assert not table.competing[table.index("Li3PS4")]
    assert table.provenance.name == "mine" and table.provenance.corrections == "not stated"
    words, _, day = table.provenance.date.partition(" ")
    assert words == "imported" and report.table.provenance.date == table.provenance.date
    assert timedelta(0) <= datetime.now(UTC).date() - date.fromisoformat(day) <= timedelta(1)
    assert provenance_of("mine")["sources"][0]["sha256"] == read_entries(path).sha256


def test_a_bad_file_leaves_an_imported_dataset_alone(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "Li2S,-1.4\n")
    target = import_dataset(path, "mine").path
    before = target.read_bytes()
    with pytest.raises(DataError, match=r"a dataset 'mine' exists.*--overwrite"):
        import_dataset(path, "mine")
    path.write_text(HEADER + "Li2S,-1.3\nLi3P,x\n")
    with pytest.raises(EntriesError, match="line 3"):
        import_dataset(path, "mine", overwrite=True)
    assert target.read_bytes() == before
    path.write_text(HEADER + "Li2S,-1.3\n")
    import_dataset(path, "mine", overwrite=True)
    assert target.read_bytes() != before


@pytest.mark.parametrize("name", ["mp", "mp-legacy", "oqmd", "../x", "", "a b", "x.parquet"])
def test_names_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, HEADER + "Li2S,-1.4\n")
    with pytest.raises(DataError, match="name"):
        import_dataset(path, name)


def test_errors_are_of_the_documented_kind() -> None:
    assert issubclass(EntriesError, DataError) and not issubclass(EntriesError, FormulaError)
