"""Build the packaged datasets from published tables.

::

    pip install -e . pip
    python scripts/build_dataset.py                     # downloads its three sources from PyPI
    python scripts/build_dataset.py --source crabnet-1.0.1.tar.gz --chemicals chemicals-*.whl \\
        --pymatgen pymatgen-*.whl

Writes data/phases.parquet ("mp-legacy"), data/oqmd.parquet ("oqmd"), the tables that hold the same
phases at other energies (``build_repriced.py``), their provenance (.json), data/elements.csv and
data/measured.csv. Sources are pinned by SHA-256; the values that a right build must show are
checked before anything is written. The build needs no package that sse-window does not need.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from build_repriced import class_errors, corrections_of, reprice, write_all
from credits import details, sources
from measured_enthalpies import CHEMICALS_VERSION, measured_enthalpies
from measured_table import (
    PYMATGEN_VERSION,
    Measured,
    joined,
    wang_enthalpies,
    write_measured,
)
from mp2020 import schemes
from source_tables import (
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

GAP_AND_VOLUME_DECIMALS = 4

HULL_DECIMALS = 8
"""As many as an energy above hull is good for: see ``tolerances.ENERGY_eV_per_atom``."""

OFF_THE_EDGE_eV = 1.7e-10
"""Added before rounding: energies of few decimals over few atoms often end in a 5 behind the last
one kept, where noise in the last bit of the linear algebra at hand would decide."""

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
    measured: Mapping[str, Measured]

    def columns(self, formulas: Sequence[str]) -> dict[str, np.ndarray[Any, Any]]:
        """Columns of a table; what is not known is nan, or None where it is text."""
        computed = [("OQMD", self.oqmd_gap), ("MP", self.mp_gap)]
        gap, gap_source = _first(formulas, [("measured", self.measured_gap), *computed])
        computed_gap, computed_source = _first(formulas, computed)
        both = [f if f in self.oqmd_gap else "" for f in formulas]
        other_gap, other_source = _first(both, [("MP", self.mp_gap)])
        volume, volume_source = _first(formulas, [("OQMD", self.volume)])
        known = [self.measured.get(formula) for formula in formulas]
        return {
            "band_gap_eV": gap,
            "band_gap_source": gap_source,
            "band_gap_computed_eV": computed_gap,
            "band_gap_computed_source": computed_source,
            "band_gap_other_computed_eV": other_gap,
            "band_gap_other_computed_source": other_source,
            "volume_per_atom_A3": volume,
            "volume_source": volume_source,
            "measured_formation_energy_per_atom_eV": _numbers(r and r.value for r in known),
            "measured_uncertainty_eV_per_atom": _numbers(r and r.uncertainty for r in known),
            "measured_state": np.array([r and STATES[r.state] for r in known], dtype=object),
            "measured_source": np.array([(r and r.source) or None for r in known], dtype=object),
        }


STATES = {"s": "solid", "l": "liquid", "g": "gas"}


def _numbers(values: Iterable[float | None]) -> np.ndarray[Any, Any]:
    return np.array([np.nan if x is None else round(x, 6) for x in values])


def _first(
    formulas: Sequence[str], sources: Sequence[tuple[str, Mapping[str, float]]]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Value of the first source that has one, and its name."""
    values = np.full(len(formulas), np.nan)
    names = np.full(len(formulas), None, dtype=object)
    for row, formula in enumerate(formulas):
        for name, known in sources:
            if formula in known:
                values[row] = round(known[formula], GAP_AND_VOLUME_DECIMALS)
                names[row] = name
                break
    return values, names


def main() -> None:
    """Build everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, help="crabnet-1.0.1.tar.gz (else downloaded)")
    parser.add_argument("--chemicals", type=Path, help="wheel of chemicals 1.5.2 (else downloaded)")
    parser.add_argument(
        "--pymatgen", type=Path, help="wheel of pymatgen 2026.10.24 (else downloaded)"
    )
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "data")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing: build elsewhere and name the packaged files that come out otherwise",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = options.source or download(
            _empty(folder, "crabnet"), f"crabnet=={SOURCE_VERSION}", "--no-binary", "crabnet"
        )
        wheel = options.chemicals or download(
            _empty(folder, "chemicals"), f"chemicals=={CHEMICALS_VERSION}", "--only-binary", ":all:"
        )
        pymatgen = options.pymatgen or download(
            _empty(folder, "pymatgen"), f"pymatgen=={PYMATGEN_VERSION}", "--only-binary", ":all:"
        )
        measured = joined(measured_enthalpies(wheel), wang_enthalpies(pymatgen), wheel)
        built = _empty(folder, "built") if options.check else options.output
        build(Source(source), measured, pymatgen, built)
        if options.check and (drifted := differing(built, options.output)):
            raise SystemExit(f"not what is built: {', '.join(drifted)}")


def differing(built: Path, packaged: Path) -> list[str]:
    """Names of built files that the package does not hold byte by byte."""
    names = sorted(file.name for file in built.iterdir())
    return [
        name
        for name in names
        if not (packaged / name).is_file()
        or (packaged / name).read_bytes() != (built / name).read_bytes()
    ]


def _empty(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def build(source: Source, measured: list[Measured], pymatgen: Path, output: Path) -> None:
    """All tables, their provenance, the elements and the measurements, into the folder `output`."""
    legacy = source.benchmark("CritExam__Ef")
    oqmd = source.benchmark("OQMD_Formation_Enthalpy")
    by_formula = {row.formula: row for row in measured if row.value is not None}
    properties = Properties(
        measured_gap=without_zeros(source.measured_gaps()),
        oqmd_gap=source.benchmark("OQMD_Bandgap"),
        mp_gap=source.lowest_gaps(),
        volume=source.benchmark("OQMD_Volume_per_atom"),
        measured=by_formula,
    )
    unphysical = unphysical_energies(oqmd, by_formula)
    if (len(oqmd), len(unphysical)) != (EXPECTED_OQMD_ROWS, EXPECTED_OQMD_UNPHYSICAL):
        raise BuildError(f"OQMD: {len(oqmd)} compositions, unphysical {sorted(unphysical)}")
    physical = {formula: e for formula, e in oqmd.items() if formula not in unphysical}
    check_legacy(legacy)

    start = time.perf_counter()
    table = table_of(legacy, properties, PROVENANCE["mp-legacy"])
    report("mp-legacy", table, time.perf_counter() - start)
    of_mp = corrections_of("mp-legacy", legacy, by_formula, schemes(pymatgen))
    repriced = [(reprice(table, c, hull()), c) for c in of_mp]
    start = time.perf_counter()
    everything = table_of(physical, properties, PROVENANCE["oqmd"])
    of_oqmd = corrections_of("oqmd", physical, by_formula, None)
    all_repriced = [reprice(everything, c, hull()) for c in of_oqmd]
    # What is on the hull at one of the energies has to be there at all of them.
    kept = near_hull(everything)
    for other in all_repriced:
        kept |= other.e_above_hull == 0.0
    rows = np.flatnonzero(kept)
    near = everything.select(rows)
    of_near = [(t.select(rows), c) for t, c in zip(all_repriced, of_oqmd, strict=True)]
    report("oqmd", near, time.perf_counter() - start)

    # Elements first: reading any of the tables needs them.
    write_elements(output / "elements.csv", {*table.elements, *near.elements})
    write_measured(measured, output / "measured.csv")
    write(
        table,
        output / "phases.parquet",
        licence="CC-BY-4.0",
        sources=sources(source, "CritExam__Ef", measured, table),
        details={**details(len(legacy), []), **class_errors(table)},
    )
    selection = [
        f"of {len(oqmd)} compositions {len(unphysical)} are failed calculations, left out before "
        f"the hull was computed: more than {BELOW_MEASURED_eV_per_atom} eV/atom below the most "
        f"negative measured enthalpy of any solid, or below {METALS_ONLY_eV_per_atom} eV/atom for "
        f"compounds of metals only: {', '.join(sorted(unphysical))}",
        f"of the others those at most {NEAR_HULL_eV_per_atom} eV/atom above the hull are kept, "
        f"with {', '.join(CHARGE)} at most {NEAR_HULL_WITH_ION_eV_per_atom}, all that were "
        "measured and all on the hull of calibrated energies; energies above hull were computed "
        "before with all of them",
    ]
    write(
        near,
        output / "oqmd.parquet",
        licence="CC-BY-4.0",
        sources=sources(source, "OQMD_Formation_Enthalpy", measured, near),
        details={**details(len(oqmd), selection), **class_errors(near)},
    )
    for base, tables, energies, count in (
        ("phases.parquet", repriced, "CritExam__Ef", len(legacy)),
        ("oqmd.parquet", of_near, "OQMD_Formation_Enthalpy", len(oqmd)),
    ):
        for other, corrected in tables:
            report(corrected.provenance.name, other, 0.0)
        credited = sources(source, energies, measured, tables[0][0])
        write_all(output, base, tables, credited, details(count, []))
    size = sum(file.stat().st_size for file in output.iterdir() if file.is_file())
    if size > MAXIMUM_BYTES:
        raise BuildError(f"{output} holds {size} bytes, more than {MAXIMUM_BYTES}")


def without_zeros(gaps: Mapping[str, float]) -> dict[str, float]:
    """Measured gaps that were measured: a zero there is a metal that the compilation added."""
    return {formula: gap for formula, gap in gaps.items() if gap > 0.0}


def hull() -> Callable[[PhaseTable], np.ndarray[Any, Any]]:
    """Energies above the hull that includes the elements, of a table without them."""

    def energies(bare: PhaseTable) -> np.ndarray[Any, Any]:
        complete = with_elements(bare)
        above = energies_above_hull(complete)
        compounds = above[np.flatnonzero(np.diff(complete.offsets) > 1)]
        return (compounds + OFF_THE_EDGE_eV).round(HULL_DECIMALS)

    return energies


def unphysical_energies(
    energies: Mapping[str, float], measured: Mapping[str, Measured]
) -> dict[str, float]:
    """Find formation energies too negative for any compound."""
    bound = min(row.value for row in measured.values() if row.value is not None)
    bound -= BELOW_MEASURED_eV_per_atom
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
    energies: Mapping[str, float], properties: Properties, provenance: Provenance
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
    return PhaseTable.from_compositions(
        [composition(formula) for formula in formulas],
        bare.formation_energy_per_atom,
        provenance,
        e_above_hull=hull()(bare),
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

if __name__ == "__main__":
    try:
        main()
    except BuildError as error:
        raise SystemExit(f"build failed: {error}") from None
