"""Build the packaged datasets from published tables.

::

    pip install -e . pip
    python scripts/build_dataset.py                     # downloads its two sources from PyPI
    python scripts/build_dataset.py --source crabnet-1.0.1.tar.gz --chemicals chemicals-*.whl

Writes data/phases.parquet ("mp-legacy"), data/oqmd.parquet ("oqmd"), their provenance (.json) and
data/elements.csv. Sources are pinned by SHA-256; the values that a right build must show are
checked before anything is written. The build needs no package that sse-window does not need.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from measured_enthalpies import (
    CHEMICALS_SHA256,
    CHEMICALS_VERSION,
    MEASURED_SOURCE,
    MeasuredEnthalpies,
    measured_enthalpies,
)
from source_tables import (
    SOURCE_SHA256,
    SOURCE_VERSION,
    BuildError,
    Source,
    composition,
    download,
)

from sse_window.core.elements import SYMBOLS
from sse_window.core.ions import CHARGE
from sse_window.phases.hulls import energies_above_hull
from sse_window.phases.reference import with_elements
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.sources.datasets import write

AVOGADRO_PER_MOL = 6.02214076e23  # exact since the SI of 2019

BELOW_MEASURED_eV_per_atom = 0.5
"""A formation energy this far below the most negative measured one of any solid (SmF3, -4.61) is
no compound but a failed calculation: twice the largest error of a fluoride in either database."""

METALS_ONLY_eV_per_atom = -1.5
"""The same for compounds of metals only: the most strongly bound ones of both databases, platinum
with rare earths, end at -1.35; the two below this lie 1.2 and 2.2 below what competes with them."""

NEAR_HULL_eV_per_atom = 0.2
NEAR_HULL_WITH_ION_eV_per_atom = 0.5
"""What of OQMD is kept: only phases on the hull enter an equilibrium, the others are there to be
asked for by formula, and those with a working ion are asked for. All packaged data stay well below
15 MB (this table would take 8 MB in full), and loading takes half the time."""

HULL_DECIMALS = 8
"""As many as an energy above hull is good for: see ``tolerances.ENERGY_eV_per_atom``."""

MAXIMUM_BYTES = 15_000_000

NONMETALS = frozenset(
    ["H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "As", "Se", "Br", "Te", "I"]
)

EXPECTED_ENERGIES = {"Li7La3Zr2O12": -3.1359, "Li10Ge(PS6)2": -1.2804, "Li3PS4": -1.2657}
EXPECTED_ROWS = {"all": 85014, "Li": 8656}
EXPECTED_OQMD_ROWS = 341700
EXPECTED_OQMD_UNPHYSICAL = 8


@dataclass(frozen=True)
class Properties:
    """What joins the energies, by reduced formula."""

    measured_gap: Mapping[str, float]
    oqmd_gap: Mapping[str, float]
    mp_gap: Mapping[str, float]
    volume: Mapping[str, float]
    enthalpies: MeasuredEnthalpies

    def columns(self, formulas: Sequence[str]) -> dict[str, np.ndarray[Any, Any]]:
        """Columns of a table; what is not known is nan, or None where it is text."""
        computed = [("OQMD", self.oqmd_gap), ("MP", self.mp_gap)]
        gap, gap_source = _first(formulas, [("measured", self.measured_gap), *computed])
        computed_gap, computed_source = _first(formulas, computed)
        volume, volume_source = _first(formulas, [("OQMD", self.volume)])
        enthalpy, enthalpy_source = _first(
            formulas, [(MEASURED_SOURCE, self.enthalpies.by_formula)], decimals=6
        )
        return {
            "band_gap_eV": gap,
            "band_gap_source": gap_source,
            "band_gap_computed_eV": computed_gap,
            "band_gap_computed_source": computed_source,
            "volume_per_atom_A3": volume,
            "volume_source": volume_source,
            "measured_formation_energy_per_atom_eV": enthalpy,
            "measured_source": enthalpy_source,
        }


def _first(
    formulas: Sequence[str], sources: Sequence[tuple[str, Mapping[str, float]]], decimals: int = 4
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Value of the first source that has one, and its name."""
    values = np.full(len(formulas), np.nan)
    names = np.full(len(formulas), None, dtype=object)
    for row, formula in enumerate(formulas):
        for name, known in sources:
            if formula in known:
                values[row] = round(known[formula], decimals)
                names[row] = name
                break
    return values, names


def main() -> None:
    """Build everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, help="crabnet-1.0.1.tar.gz (else downloaded)")
    parser.add_argument("--chemicals", type=Path, help="wheel of chemicals 1.5.2 (else downloaded)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "data")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = options.source or download(
            _empty(folder, "crabnet"), f"crabnet=={SOURCE_VERSION}", "--no-binary", "crabnet"
        )
        wheel = options.chemicals or download(
            _empty(folder, "chemicals"), f"chemicals=={CHEMICALS_VERSION}", "--only-binary", ":all:"
        )
        build(Source(source), measured_enthalpies(wheel), options.output, options.processes)


def _empty(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def build(source: Source, enthalpies: MeasuredEnthalpies, output: Path, processes: int) -> None:
    """Both tables, their provenance and the elements, into the folder `output`."""
    legacy = source.benchmark("CritExam__Ef")
    oqmd = source.benchmark("OQMD_Formation_Enthalpy")
    properties = Properties(
        measured_gap=source.measured_gaps(),
        oqmd_gap=source.benchmark("OQMD_Bandgap"),
        mp_gap=source.lowest_gaps(),
        volume=source.benchmark("OQMD_Volume_per_atom"),
        enthalpies=enthalpies,
    )
    unphysical = unphysical_energies(oqmd, enthalpies)
    if (len(oqmd), len(unphysical)) != (EXPECTED_OQMD_ROWS, EXPECTED_OQMD_UNPHYSICAL):
        raise BuildError(f"OQMD: {len(oqmd)} compositions, unphysical {sorted(unphysical)}")
    physical = {formula: e for formula, e in oqmd.items() if formula not in unphysical}
    check_legacy(legacy)

    start = time.perf_counter()
    table = table_of(legacy, properties, PROVENANCE["mp-legacy"], processes)
    report("mp-legacy", table, time.perf_counter() - start)
    start = time.perf_counter()
    everything = table_of(physical, properties, PROVENANCE["oqmd"], processes)
    near = everything.select(np.flatnonzero(near_hull(everything)))
    report("oqmd", near, time.perf_counter() - start)

    # Elements first: reading any of the tables needs them.
    write_elements(output / "elements.csv", {*table.elements, *near.elements})
    write(
        table,
        output / "phases.parquet",
        licence="CC-BY-4.0",
        sources=sources(source, "CritExam__Ef", enthalpies, table),
        details=details(len(legacy), []),
    )
    selection = [
        f"of {len(oqmd)} compositions {len(unphysical)} are failed calculations, left out before "
        f"the hull was computed: more than {BELOW_MEASURED_eV_per_atom} eV/atom below the most "
        f"negative measured enthalpy of any solid, or below {METALS_ONLY_eV_per_atom} eV/atom for "
        f"compounds of metals only: {', '.join(sorted(unphysical))}",
        f"of the others those at most {NEAR_HULL_eV_per_atom} eV/atom above the hull are kept, "
        f"with {', '.join(CHARGE)} at most {NEAR_HULL_WITH_ION_eV_per_atom}, and all "
        "that were measured; energies above hull were computed before with all of them",
    ]
    write(
        near,
        output / "oqmd.parquet",
        licence="CC-BY-4.0",
        sources=sources(source, "OQMD_Formation_Enthalpy", enthalpies, near),
        details=details(len(oqmd), selection),
    )
    size = sum(file.stat().st_size for file in output.iterdir() if file.is_file())
    if size > MAXIMUM_BYTES:
        raise BuildError(f"{output} holds {size} bytes, more than {MAXIMUM_BYTES}")


def unphysical_energies(
    energies: Mapping[str, float], enthalpies: MeasuredEnthalpies
) -> dict[str, float]:
    """Find formation energies too negative for any compound."""
    bound = min(enthalpies.by_formula.values()) - BELOW_MEASURED_eV_per_atom
    return {
        formula: e
        for formula, e in energies.items()
        if e < (METALS_ONLY_eV_per_atom if _metals_only(formula) else bound)
    }


def _metals_only(formula: str) -> bool:
    return NONMETALS.isdisjoint(composition(formula).elements)


def check_legacy(energies: Mapping[str, float]) -> None:
    """Values that a right Materials Project table shows."""
    counts = {
        "all": len(energies),
        "Li": sum("Li" in composition(formula).amounts for formula in energies),
    }
    if counts != EXPECTED_ROWS:
        raise BuildError(f"rows {counts}, not {EXPECTED_ROWS}")
    for formula, expected in EXPECTED_ENERGIES.items():
        if round(energies[formula], 4) != expected:
            raise BuildError(f"{formula} at {energies[formula]} eV/atom, not {expected}")
    if any(len(composition(formula).elements) < 2 for formula in energies):
        raise BuildError("an element stands among the compounds")


def table_of(
    energies: Mapping[str, float], properties: Properties, provenance: Provenance, processes: int
) -> PhaseTable:
    """Compounds sorted by formula, with their energies above the hull that includes elements."""
    formulas = sorted(energies)
    bare = PhaseTable.from_compositions(
        [composition(formula) for formula in formulas],
        [energies[formula] for formula in formulas],
        provenance,
        properties=properties.columns(formulas),
    )
    if bare.formulas.tolist() != formulas:
        raise BuildError("formulas are not reduced")
    complete = with_elements(bare)
    with multiprocessing.Pool(processes) as pool:

        def run(function: Any, tasks: Iterable[Any]) -> Iterator[Any]:
            return pool.imap(function, tasks, chunksize=100)

        above = energies_above_hull(complete, run)
    compounds = np.flatnonzero(np.diff(complete.offsets) > 1)
    return PhaseTable.from_compositions(
        [composition(formula) for formula in formulas],
        bare.formation_energy_per_atom,
        provenance,
        # Rounding noise of the linear algebra at hand must not change the file.
        e_above_hull=above[compounds].round(HULL_DECIMALS),
        properties=dict(bare.properties),
    )


def near_hull(table: PhaseTable) -> np.ndarray[Any, Any]:
    """Rows to keep of a table that is too large to be packaged."""
    ions = [SYMBOLS.index(ion) + 1 for ion in CHARGE]
    with_ion = np.logical_or.reduceat(np.isin(table.numbers, ions), table.offsets[:-1])
    limit = np.where(with_ion, NEAR_HULL_WITH_ION_eV_per_atom, NEAR_HULL_eV_per_atom)
    # All that were measured stay: the accuracy of the whole database must not be flattered.
    measured = np.isfinite(table.properties["measured_formation_energy_per_atom_eV"])
    return np.asarray((table.e_above_hull <= limit) | measured)


def write_elements(path: Path, symbols: set[str]) -> None:
    """Volumes of the elements from the molar volumes of pymatgen's periodic table."""
    from pymatgen.core.periodic_table import Element

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["symbol", "volume_per_atom_A3", "volume_source", "band_gap_eV", "band_gap_source"]
    )
    for symbol in sorted(symbols, key=SYMBOLS.index):
        molar = Element(symbol).molar_volume  # [cm3/mol]
        volume = "" if molar is None else f"{float(molar) * 1e24 / AVOGADRO_PER_MOL:.4f}"
        writer.writerow([symbol, volume, "molar volume" if volume else "", "", ""])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), "utf-8")


def report(name: str, table: PhaseTable, seconds: float) -> None:
    """One line per dataset on stdout."""
    on_hull = int((table.e_above_hull == 0.0).sum())
    print(f"{name}: {len(table)} phases, {on_hull} on the hull, {seconds:.0f} s")


PROVENANCE = {
    "mp-legacy": Provenance(
        name="mp-legacy",
        date="2019",
        corrections="Materials Project legacy corrections on GGA/GGA+U (PBE)",
        sha256="",
    ),
    "oqmd": Provenance(
        name="oqmd",
        date="before 2021-05",
        corrections="OQMD fitted elemental references on GGA/GGA+U (PBE)",
        sha256="",
    ),
}

CREDITS: dict[str, dict[str, str]] = {
    "CritExam__Ef": {
        "name": "Materials Project, ground-state formation energies, one per composition",
        "doi": "10.1038/s41524-020-00362-y",
        "database_doi": "10.1063/1.4812323",
        "citation": "Bartel et al., npj Comput. Mater. 2020, 6, 97; "
        "Jain et al., APL Mater. 2013, 1, 011002",
        "licence": "CC-BY-4.0",
        "version": "as published 2020; queried in 2019, the exact day is not published",
        "gives": "formation_energy_per_atom_eV",
    },
    "OQMD_Formation_Enthalpy": {
        "name": "Open Quantum Materials Database, formation energies, one per composition",
        "doi": "10.1038/npjcompumats.2015.10",
        "citation": "Kirklin et al., npj Comput. Mater. 2015, 1, 15010; "
        "Saal et al., JOM 2013, 65, 1501",
        "licence": "CC-BY-4.0",
        "version": "as compiled for Wang et al., npj Comput. Mater. 2021, 7, 77",
        "gives": "formation_energy_per_atom_eV",
    },
    "expt_gap": {
        "name": "measured band gaps, as compiled for matbench",
        "doi": "10.1021/acs.jpclett.8b00124",
        "citation": "Zhuo, Mansouri Tehrani, Brgoch, J. Phys. Chem. Lett. 2018, 9, 1668; "
        "Dunn et al., npj Comput. Mater. 2020, 6, 138 (doi:10.1038/s41524-020-00406-3)",
        "licence": "MIT (matbench)",
        "version": "matbench v0.1",
        "gives": "band_gap_eV where band_gap_source is 'measured'; the median where several agree "
        "within 0.1 eV, else none. A gap of 0 stands for 'metal'; some of these are wrong",
    },
    "OQMD_Bandgap": {
        "name": "Open Quantum Materials Database, band gaps of ground states (PBE)",
        "doi": "10.1038/npjcompumats.2015.10",
        "citation": "Kirklin et al., npj Comput. Mater. 2015, 1, 15010",
        "licence": "CC-BY-4.0",
        "version": "as compiled for Wang et al., npj Comput. Mater. 2021, 7, 77",
        "gives": "gaps with source 'OQMD'",
    },
    "mp_gap": {
        "name": "Materials Project, band gaps (PBE), as compiled for matbench",
        "doi": "10.1063/1.4812323",
        "citation": "Jain et al., APL Mater. 2013, 1, 011002; "
        "Dunn et al., npj Comput. Mater. 2020, 6, 138 (doi:10.1038/s41524-020-00406-3)",
        "licence": "CC-BY-4.0",
        "version": "matbench v0.1",
        "gives": "gaps with source 'MP', the lowest of all polymorphs of a composition",
    },
    "OQMD_Volume_per_atom": {
        "name": "Open Quantum Materials Database, volumes",
        "doi": "10.1038/npjcompumats.2015.10",
        "citation": "Kirklin et al., npj Comput. Mater. 2015, 1, 15010",
        "licence": "CC-BY-4.0",
        "version": "as compiled for Wang et al., npj Comput. Mater. 2021, 7, 77",
        "gives": "volume_per_atom_A3",
    },
}


def sources(
    source: Source, energies: str, enthalpies: MeasuredEnthalpies, table: PhaseTable
) -> list[dict[str, Any]]:
    """Who is to be credited, and the exact files that were read."""
    wanted = [energies, "expt_gap", "OQMD_Bandgap", "mp_gap", "OQMD_Volume_per_atom"]
    credited: list[dict[str, Any]] = []
    for key in wanted:
        files = {
            name: facts
            for name, facts in source.files.items()
            if f"/{key}/" in name or name.endswith(f"/{key}.csv")
        }
        rows = sum(int(str(facts["rows"])) for facts in files.values())
        credited.append({**CREDITS[key], "rows": rows, "files": files})
    matched = np.isfinite(table.properties["measured_formation_energy_per_atom_eV"])
    credited.append(
        {
            "name": "measured standard enthalpies of formation of solids at 298 K",
            "doi": "10.1201/b17118",
            "citation": "Haynes (ed.), CRC Handbook of Chemistry and Physics, 95th ed., CRC Press "
            f"2014, as compiled in chemicals {CHEMICALS_VERSION} (Bell et al.)",
            "licence": "MIT (chemicals)",
            "version": CHEMICALS_VERSION,
            "sha256": CHEMICALS_SHA256,
            "gives": "measured_formation_energy_per_atom_eV, kJ/mol divided by 96.48533212 and the "
            "atoms of the formula; the most negative where a formula has several",
            "rows": enthalpies.solids,
            "substances": len(enthalpies.by_formula),
            "matched": int(matched.sum()),
        }
    )
    return credited


def details(rows: int, selection: list[str]) -> dict[str, Any]:
    """How the table was made."""
    import pyarrow

    return {
        "source_rows": rows,
        "selection": selection,
        "build": {
            "command": "python scripts/build_dataset.py",
            "archive": f"crabnet-{SOURCE_VERSION}.tar.gz",
            "archive_sha256": SOURCE_SHA256,
            "archive_doi": "10.1038/s41524-021-00545-1",
            "archive_licence": "MIT",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pyarrow": pyarrow.__version__,
        },
    }


if __name__ == "__main__":
    try:
        main()
    except BuildError as error:
        raise SystemExit(f"build failed: {error}") from None
