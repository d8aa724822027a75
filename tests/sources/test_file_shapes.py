"""The shapes of files that people have, written here as the programs and databases write them."""

from __future__ import annotations

import bz2
import enum
import json
import lzma
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sse_window.core.errors import EntriesError
from sse_window.phases.table import PhaseTable
from sse_window.sources.importing import import_dataset
from sse_window.sources.user_entries import UserEntries, as_table, read_entries

# Total energies of formula units [eV]; only their arithmetic matters.
TOTAL = {"Li": -1.90, "S": -4.10, "P": -5.40, "Li2S": -12.00, "Li3PS4": -35.20}
AMOUNTS = {
    "Li": {"Li": 1}, "S": {"S": 1}, "P": {"P": 1}, "Li2S": {"Li": 2, "S": 1},
    "Li3PS4": {"Li": 3, "P": 1, "S": 4},
}  # fmt: skip
FORMATION = {
    "Li2S": (-12.0 + 3.8 + 4.1) / 3,
    "Li3PS4": (-35.2 + 5.7 + 5.4 + 16.4) / 8,
}


def entry(formula: str, **changes: Any) -> dict[str, Any]:
    return {
        "@module": "pymatgen.core.entries",
        "@class": "ComputedEntry",
        "composition": {f"{e}0+": n for e, n in AMOUNTS[formula].items()},
        "energy": TOTAL[formula],
        "entry_id": f"id-{formula}",
        "correction": 0.0,
        "energy_adjustments": [],
        "parameters": {"run_type": "GGA"},
        "data": {},
        **changes,
    }


def cell(formula: str) -> dict[str, Any]:
    """A structure as pymatgen writes it: atoms in a row."""
    atoms = [e for e, n in AMOUNTS[formula].items() for _ in range(n)]
    return {
        "@module": "pymatgen.core.structure",
        "@class": "Structure",
        "lattice": {"matrix": [[3.0, 0, 0], [0, 3.0, 0], [0, 0, 2.0 * len(atoms)]]},
        "sites": [
            {
                "species": [{"element": e, "oxidation_state": 1.0, "spin": None, "occu": 1}],
                "abc": [0, 0, i / len(atoms)],
            }
            for i, e in enumerate(atoms)
        ],
    }


def found(entries: UserEntries) -> dict[str, float]:
    formulas = [composition.reduced_formula for composition in entries.compositions]
    return dict(zip(formulas, entries.formation_energy_per_atom.tolist(), strict=True))


def read(tmp_path: Path, content: Any, name: str = "mine.json", **options: Any) -> UserEntries:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_entries(path, **options)


ENTRIES = [entry(formula) for formula in TOTAL]
WITH_STRUCTURES = [
    entry(f, **{"@class": "ComputedStructureEntry", "structure": cell(f)}) for f in TOTAL
]
SHAPES = {
    "a list": ENTRIES,
    "with structures": WITH_STRUCTURES,
    "by id": {f"mp-{i}": e for i, e in enumerate(ENTRIES)},
    "within entry": [{"entry": e, "note": "x"} for e in ENTRIES],
    "one per id, within entry": {f"mp-{i}": {"entry": e} for i, e in enumerate(ENTRIES)},
    "within entries": {"entries": ENTRIES, "made_by": "me"},
    "a phase diagram": {"@class": "PhaseDiagram", "all_entries": ENTRIES, "elements": []},
    "a computed phase diagram": {
        "@class": "PhaseDiagram", "elements": [], "computed_data": {"all_entries": ENTRIES},
    },
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_entries(tmp_path: Path, shape: str) -> None:
    entries = read(tmp_path, SHAPES[shape], corrections="none")
    assert found(entries) == pytest.approx(FORMATION)
    assert entries.properties["material_id"].tolist() == ["id-Li2S", "id-Li3PS4"]
    if shape == "with structures":
        assert entries.properties["volume_per_atom_A3"] == pytest.approx([18.0, 18.0])


@pytest.mark.parametrize("suffix", ["jsonl", "json", "ndjson", "json.bz2", "jsonl.xz"])
def test_lines_and_archives(tmp_path: Path, suffix: str) -> None:
    text = "".join(f"{json.dumps(e)}\n" for e in ENTRIES).encode()
    pack = {"bz2": bz2.compress, "xz": lzma.compress}.get(suffix.rpartition(".")[2], bytes)
    entries = read(tmp_path, pack(text), f"mine.{suffix}", corrections="none")
    assert found(entries) == pytest.approx(FORMATION)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(EntriesError, match=r"line 2, column 2: no JSON"):
        read(tmp_path, json.dumps(ENTRIES[0]) + "\n{x\n", "mine.jsonl")


class _Colour(enum.Enum):
    RED = "red"


def test_what_pymatgen_writes_today(tmp_path: Path) -> None:
    from monty.serialization import dumpfn
    from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
    from pymatgen.core import Composition, Structure
    from pymatgen.entries.computed_entries import ComputedEntry, ComputedStructureEntry

    data = {"made": datetime(2026, 1, 1, tzinfo=UTC), "colour": _Colour.RED, "file": "/etc/x"}
    made = [
        ComputedStructureEntry(
            Structure.from_dict(cell(f)), energy, parameters={"run_type": "GGA"}, data=dict(data),
            entry_id=f"id-{f}",
        )
        for f, energy in TOTAL.items()
    ]  # fmt: skip
    dumpfn(made, tmp_path / "entries.json")
    entries = read_entries(tmp_path / "entries.json", corrections="none")
    assert found(entries) == pytest.approx(FORMATION)
    plain = [
        ComputedEntry(Composition(f), e, parameters={"run_type": "GGA"}) for f, e in TOTAL.items()
    ]
    dumpfn(PhaseDiagram(plain), tmp_path / "diagram.json")
    entries = read_entries(tmp_path / "diagram.json", corrections="none")
    assert found(entries) == pytest.approx(FORMATION)
    dumpfn(PhaseDiagram([PDEntry(f, e) for f, e in TOTAL.items()]), tmp_path / "points.json")
    entries = read_entries(tmp_path / "points.json")
    assert found(entries) == pytest.approx(FORMATION)
    assert entries.corrections == "unknown functional, corrections as given in the file"


def test_gibbs_energies_name_their_temperature(tmp_path: Path, li_p_s: PhaseTable) -> None:
    gibbs = [
        {**entry(f), "@class": "GibbsComputedStructureEntry", "structure": cell(f), "temp": 600,
         "formation_enthalpy_per_atom": -1.0, "energy": g}
        for f, g in {"Li": 0.0, "Li2S": -3.9, "Li3PS4": -7.2}.items()
    ]  # fmt: skip
    entries = read(tmp_path, gibbs)
    assert found(entries) == pytest.approx({"Li2S": -1.3, "Li3PS4": -0.9})
    assert "at 600 K" in str(entries.corrections)
    with pytest.raises(EntriesError, match=r"at 600 K.*do not match.*--allow-mixed"):
        read(tmp_path, gibbs, dataset=li_p_s)
    mixed = read(tmp_path, gibbs, dataset=li_p_s, allow_mixed=True)
    assert "at 600 K" in as_table(mixed).provenance.additions[0]
    gibbs[1]["temp"] = 300
    with pytest.raises(EntriesError, match="different temperatures"):
        read(tmp_path, gibbs)


THERMO = {
    "thermo_id": "mp-1_GGA_GGA+U", "thermo_type": "GGA_GGA+U", "material_id": "mp-1",
    "formula_pretty": "Li2S", "composition": {"Li": 2.0, "S": 1.0}, "nsites": 6, "volume": 120.0,
    "energy_per_atom": -4.2, "uncorrected_energy_per_atom": -4.0, "energy_above_hull": 0.0,
    "formation_energy_per_atom": -1.4, "deprecated": False, "last_updated": "2025-01-01",
    "entries": {"GGA": ENTRIES[3]}, "builder_meta": {"@module": "x", "@class": "Y"},
}  # fmt: skip
SUMMARY = {
    "material_id": "mp-1", "formula_pretty": "Li2S", "composition": {"Li": 2.0, "S": 1.0},
    "formation_energy_per_atom": -1.4, "energy_above_hull": 0.0, "band_gap": 3.4, "volume": 120.0,
    "nsites": 6, "theoretical": False, "symmetry": {"number": 225}, "structure": cell("Li2S"),
}  # fmt: skip
OPTIMADE_MP = {
    "data": [
        {
            "id": "mp-1", "type": "structures",
            "attributes": {
                "chemical_formula_reduced": "Li2S", "elements": ["Li", "S"], "nsites": 6,
                "_mp_stability": {
                    "gga_gga+u": {"formation_energy_per_atom": -1.4, "energy_above_hull": 0.0},
                    "r2scan": {"formation_energy_per_atom": -1.5, "energy_above_hull": 0.0},
                },
            },
        }
    ],
    "meta": {"api_version": "1.1.0"},
}  # fmt: skip
OPTIMADE_OTHER = {
    "data": [
        {
            "id": "agm1", "type": "structures",
            "attributes": {
                "chemical_formula_reduced": "Li2S", "_alexandria_hull_distance": 0.0,
                "_alexandria_formation_energy_per_atom": -1.4, "_alexandria_band_gap": 3.4,
            },
        }
    ]
}  # fmt: skip
OQMD = {
    "links": {"next": None}, "meta": {"api_version": "1.0"},
    "data": [
        {"name": "Li2S", "entry_id": 1, "composition": "Li2 S1", "delta_e": -1.4,
         "stability": -0.01, "band_gap": 3.4, "natoms": 3, "volume": 60.0, "spacegroup": "Fm-3m",
         "sites": ["Li @ 0"]},
    ],
}  # fmt: skip
DOCUMENTS: dict[str, tuple[Any, str, float | None, str | None]] = {
    "thermo": ([THERMO], "mp-1", 20.0, "GGA_GGA+U, MP2020 corrections"),
    "one thermo": (THERMO, "mp-1", 20.0, "GGA_GGA+U, MP2020 corrections"),
    "answer of an interface": ({"data": [THERMO], "meta": {}}, "mp-1", 20.0,
                               "GGA_GGA+U, MP2020 corrections"),
    "summary": ([SUMMARY], "mp-1", 20.0, None),
    "OPTIMADE of the Materials Project": (OPTIMADE_MP, "mp-1", None,
                                          "GGA_GGA+U, MP2020 corrections"),
    "OPTIMADE of others": (OPTIMADE_OTHER, "agm1", None, None),
    "OQMD": (OQMD, "1", 20.0, None),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_databases(tmp_path: Path, name: str) -> None:
    content, material_id, volume, corrections = DOCUMENTS[name]
    entries = read(tmp_path, content)
    assert found(entries) == {"Li2S": -1.4}
    assert entries.properties["material_id"].tolist() == [material_id]
    assert entries.corrections == corrections
    if volume is not None:
        assert entries.properties["volume_per_atom_A3"].tolist() == [volume]
    if "band_gap" in json.dumps(content):
        assert entries.properties["band_gap_eV"].tolist() == [3.4]


def test_documents_that_do_not_go_together(tmp_path: Path) -> None:
    scan = {**THERMO, "thermo_type": "R2SCAN", "material_id": "mp-2"}
    with pytest.raises(EntriesError, match=r"different thermo_type \(GGA_GGA\+U, R2SCAN\)"):
        read(tmp_path, [THERMO, scan])
    with pytest.raises(EntriesError, match="no phases in it"):
        read(tmp_path, [{**THERMO, "deprecated": True}])


TABLES = {
    "semicolons and decimal commas": "formula;formation_energy_per_atom_eV\nLi2S;-1,4\n",
    "tabs": "formula\tformation_energy_per_atom_eV\nLi2S\t-1.4\n",
    "tabs and decimal commas": "formula\tformation_energy_per_atom_eV\nLi2S\t-1,4\n",
    "an index": ",formula,formation_energy_per_atom_eV\n0,Li2S,-1.4\n",
    "an index read back": "Unnamed: 0,formula,formation_energy_per_atom_eV\n0,Li2S,-1.4\n",
    "another order": "formation_energy_per_atom_eV,formula\n-1.4,Li2S\n",
    "formula_pretty": "formula_pretty,formation_energy_per_atom\nLi2S,-1.4\n",
    "a capital": "Formula,Formation energy (eV/atom)\nLi2S,-1.4\n",
    "composition": "composition,delta_e\nLi2S,-1.4\n",
    "both": "composition,formula,formation_energy_per_atom\nwhatever,Li2S,-1.4\n",
    "further columns": "formula,formation_energy_per_atom_eV,colour,batch\nLi2S,-1.4,red,7\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(tmp_path: Path, name: str) -> None:
    assert found(read(tmp_path, TABLES[name], "mine.csv")) == {"Li2S": -1.4}


def test_further_columns_are_carried_into_a_dataset(tmp_path: Path) -> None:
    from sse_window.sources.datasets import load

    path = tmp_path / "mine.csv"
    path.write_text(
        "formula,formation_energy_per_atom_eV,colour,gap_x_eV\nLi2S,-1.4,red,2\nLi3P,-0.9,,\n"
    )
    import_dataset(path, "mine")
    table = load("mine")
    row = table.index("Li2S")
    assert (table.properties["colour"][row], table.properties["gap_x_eV"][row]) == ("red", 2.0)
    other = table.index("Li3P")
    assert table.properties["colour"][other] is None and math.isnan(
        table.properties["gap_x_eV"][other]
    )


def test_parquet_and_excel(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"Formula": ["Li2S", "Li3P"], "formation_energy_per_atom": [-1.4, -0.9],
         "when": pandas.to_datetime(["2026-01-01"] * 2, utc=True), "gap": [None, 1.5]}
    ).set_index("Formula", drop=False)  # fmt: skip
    frame.index.name = None
    frame.to_parquet(tmp_path / "mine.parquet")
    assert found(read_entries(tmp_path / "mine.parquet")) == {"Li2S": -1.4, "Li3P": -0.9}
    frame["when"] = frame["when"].dt.tz_localize(None)
    pytest.importorskip("openpyxl")
    frame.to_excel(tmp_path / "mine.xlsx")
    assert found(read_entries(tmp_path / "mine.xlsx")) == {"Li2S": -1.4, "Li3P": -0.9}


def test_total_energies_in_a_table(tmp_path: Path) -> None:
    text = "formula,energy\n" + "".join(f"{f},{e}\n" for f, e in TOTAL.items())
    with pytest.raises(EntriesError, match=r"total energies: .*--corrections as-given, or none"):
        read(tmp_path, text, "mine.csv")
    for scheme in ("none", "as-given"):
        assert found(read(tmp_path, text, "mine.csv", corrections=scheme)) == pytest.approx(
            FORMATION
        )
    atoms = {f: sum(amounts.values()) for f, amounts in AMOUNTS.items()}
    text = "formula,energy_per_atom\n" + "".join(f"{f},{e / atoms[f]}\n" for f, e in TOTAL.items())
    assert found(read(tmp_path, text, "mine.csv", corrections="none")) == pytest.approx(FORMATION)
    with pytest.raises(EntriesError, match="MP2020 corrections need the run_type"):
        read(tmp_path, text, "mine.csv", corrections="MP2020")


# --- corrections that came with the file -------------------------------------------------------


def mixed() -> list[dict[str, Any]]:
    """GGA and r2SCAN, joined by adjustments, as the client of the Materials Project gives them."""
    shift = {"@class": "ConstantEnergyAdjustment", "value": -2.0, "name": "mixing", "cls": {}}
    anion = {"@class": "CompositionEnergyAdjustment", "adj_per_atom": -0.5, "n_atoms": 1}
    scan = entry("Li2S", energy=-9.5, parameters={"run_type": "r2SCAN"})
    return [
        *(entry(f) for f in ("Li", "S", "P", "Li3PS4")),
        {**scan, "energy_adjustments": [shift, anion], "correction": -2.5},
    ]


def test_mixed_functionals_are_taken_as_given(tmp_path: Path, li_p_s: PhaseTable) -> None:
    for options in ({}, {"corrections": "none"}, {"corrections": "none", "allow_mixed": True}):
        with pytest.raises(EntriesError, match=r"GGA, r2SCAN.*--corrections as-given"):
            read(tmp_path, mixed(), **options)
    entries = read(tmp_path, mixed(), corrections="as-given")
    assert found(entries) == pytest.approx(FORMATION)
    assert entries.corrections == "GGA_GGA+U_R2SCAN, corrections as given in the file"
    joined = read(tmp_path, mixed(), corrections="as-given", dataset=li_p_s)
    additions = as_table(joined).provenance.additions
    assert any("functionals GGA, r2SCAN, joined as in the file" in text for text in additions)
    assert any("as given in the file beside those of" in text for text in additions)


@pytest.mark.parametrize("run_type", ["r2SCAN", "HSE06", "SCAN"])
def test_other_functionals_are_told_what_to_give(tmp_path: Path, run_type: str) -> None:
    rows = [entry(f, parameters={"run_type": run_type}) for f in TOTAL]
    with pytest.raises(EntriesError, match=f"not for {run_type}: give --corrections none"):
        read(tmp_path, rows)
    assert found(read(tmp_path, rows, corrections="none")) == pytest.approx(FORMATION)


POTCAR = {
    "Li": "PAW_PBE Li_sv 23Jan2001", "S": "PAW_PBE S 17Jan2003", "O": "PAW_PBE O 08Apr2002",
    "Cl": "PAW_PBE Cl 17Jan2003", "Sb": "PAW_PBE Sb 06Sep2000",
}  # fmt: skip


def total(amounts: dict[str, int], energy: float) -> dict[str, Any]:
    symbols = [POTCAR[e] for e in amounts]
    parameters = {"run_type": "GGA", "hubbards": {}, "potcar_symbols": symbols}
    return {"composition": amounts, "energy": energy, "parameters": parameters,
            "data": {"oxide_type": "oxide"} if "O" in amounts else {}}  # fmt: skip


@pytest.mark.slow
def test_sulfates_are_not_corrected_as_sulfides(tmp_path: Path) -> None:
    elements = [total({"Li": 1}, -1.9), total({"S": 1}, -4.1), total({"O": 1}, -4.9)]
    rows = [*elements, total({"Li": 2, "S": 1, "O": 4}, -42.0), total({"Li": 2, "S": 1}, -12.0)]
    entries = read(tmp_path, rows, corrections="MP2020")
    assert found(entries) == pytest.approx(
        {
            "Li2SO4": (-42.0 - 4 * 0.687 + 3.8 + 4.1 + 19.6) / 7,
            "Li2S": (-12.0 - 0.503 + 3.8 + 4.1) / 3,
        }
    )
    (said,) = as_table(entries).provenance.additions
    assert "oxidised sulfur without the MP2020 correction of sulfides (Li2SO4)" in said


def test_energies_per_formula_unit_are_asked_about(tmp_path: Path) -> None:
    header = "formula,formation_energy_per_atom_eV\n"
    with pytest.raises(EntriesError, match=r"Li2S lies .* per formula unit\? Then give -1\.4"):
        read(tmp_path, header + "Li2S,-4.26\n", "mine.csv")
    with pytest.raises(EntriesError, match="a total energy"):
        read(tmp_path, header + "Li2S,-6.0\n", "mine.csv")
    taken = read(tmp_path, header + "Li2S,-4.26\n", "mine.csv", allow_mixed=True)
    assert found(taken) == {"Li2S": -4.26}
    with pytest.raises(EntriesError, match=r"25 eV/atom above the hull: is that in meV\?"):
        read(tmp_path, "formula,e_above_hull_eV_per_atom\nLi2S,25\n", "mine.csv")
