"""One table of measured enthalpies of formation out of two compilations, with both values.

- CRC: Haynes (ed.), CRC Handbook of Chemistry and Physics, 95th edition, 2014, as compiled in the
  wheel of chemicals (MIT): solids, liquids and gases.
- Wang: Wang, Kingsbury, McDermott, Horton, Jain, Ong, Dwaraknath, Persson, Sci. Rep. 2021, 11,
  15496, as shipped in the wheel of pymatgen (MIT): solids, most with an uncertainty.

Both wheels are read without being installed.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measured_enthalpies import MEASURED_SOURCE, MeasuredEnthalpies, molecules
from source_tables import check_hash

from sse_window.core.composition import parse
from sse_window.phases.hulls import energies_above_hull
from sse_window.phases.table import PhaseTable

PYMATGEN_VERSION = "2026.10.24"
PYMATGEN_SHA256 = "bd341f2e0550ec38358de2c95a65cabd9f1efa433df48ed5b615cc2d0115d827"
WANG_SOURCE = "Wang et al., Sci. Rep. 2021, 11, 15496"
FOLDER = "pymatgen/analysis/compatibility"

DIFFER_eV_per_atom = 0.1
"""Two values of one compound further apart than this contradict each other."""

IMPOSSIBLE_eV_per_atom = 0.05
"""A measured value that puts a compound this far above what its elements and other measured
compounds would form instead belongs to no compound that can be kept in a bottle."""

COLUMNS = (
    "formula", "state", "formation_energy_per_atom_eV", "uncertainty_eV_per_atom", "source",
    "crc_eV_per_atom", "wang_eV_per_atom", "wang_uncertainty_eV_per_atom", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One row of the table; see ``data/README.md``."""

    formula: str
    state: str
    value: float | None
    uncertainty: float | None
    source: str
    crc: float | None = None
    wang: float | None = None
    wang_uncertainty: float | None = None
    note: str = ""


def wang_enthalpies(wheel: Path) -> dict[str, tuple[float, float | None]]:
    """Value and uncertainty [eV/atom] by reduced formula."""
    check_hash(wheel, PYMATGEN_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        rows = json.loads(gzip.decompress(archive.read(f"{FOLDER}/exp_compounds.json.gz")))
    found: dict[str, tuple[float, float | None]] = {}
    for row in rows:
        substance = parse(row["formula"])
        spread = row["uncertainty"]
        # Zero stands for "not given": no measurement is exact.
        known = spread is not None and math.isfinite(spread) and spread > 0.0
        uncertainty = spread / substance.atoms if known else None
        found[substance.reduced_formula] = (row["exp energy"] / substance.atoms, uncertainty)
    return found


def joined(
    crc: MeasuredEnthalpies, wang: Mapping[str, tuple[float, float | None]], chemicals: Path
) -> list[Measured]:
    """Both compilations, and the molecules that neither has as a solid, sorted by formula.

    Where both have a value and these agree, it is that of the CRC Handbook, and its uncertainty the
    larger of the stated one and the difference. Where they differ by more than
    ``DIFFER_eV_per_atom``, the one that other measurements make impossible is rejected; if that
    decides nothing, the compound has no value.
    """
    rows = []
    fluids = {f: m for f, m in molecules(chemicals).items() if f not in crc.by_formula}
    handbook = crc.by_formula | {f: m.value for f, m in fluids.items()}
    agreed = {
        formula: _mean(handbook.get(formula), wang.get(formula, (None, None))[0])
        for formula in {*handbook, *wang}
        if not _differ(handbook.get(formula), wang.get(formula, (None, None))[0])
    }
    for formula in sorted(agreed.keys() | handbook.keys() | wang.keys()):
        c = handbook.get(formula)
        w, spread = wang.get(formula, (None, None))
        note = ""
        fluid = fluids.get(formula)
        own = fluid.source if fluid else MEASURED_SOURCE
        value: float | None
        if c is None or w is None:
            value, source = (w, WANG_SOURCE) if c is None else (c, own)
            uncertainty = spread
        elif not _differ(c, w):
            value, source = c, own
            uncertainty = max(spread or 0.0, abs(c - w))
        else:
            value, source, note = _decided(formula, c, w, agreed)
            uncertainty = spread if source == WANG_SOURCE else None
        state = fluid.state if fluid else "s"
        rows.append(Measured(formula, state, value, uncertainty, source, c, w, spread, note))
    return rows


def _differ(c: float | None, w: float | None) -> bool:
    return c is not None and w is not None and abs(c - w) > DIFFER_eV_per_atom


def _mean(c: float | None, w: float | None) -> float:
    known = [x for x in (c, w) if x is not None]
    return sum(known) / len(known)


def _decided(
    formula: str, c: float, w: float, agreed: Mapping[str, float]
) -> tuple[float | None, str, str]:
    """Value, source and reason where two values of one compound contradict each other."""
    above = {
        source: _above_measured(formula, value, agreed)
        for source, value in ((MEASURED_SOURCE, c), (WANG_SOURCE, w))
    }
    possible = [s for s, e in above.items() if e <= IMPOSSIBLE_eV_per_atom]
    if len(possible) == 1:
        (rejected,) = set(above) - set(possible)
        note = (
            f"{rejected} would lie {above[rejected]:.2f} eV/atom above what other measured "
            "compounds and the elements would form instead"
        )
        return (c if possible[0] == MEASURED_SOURCE else w), possible[0], note
    return None, "", f"the two differ by {abs(c - w):.2f} eV/atom, and nothing decides"


def _above_measured(formula: str, value: float, agreed: Mapping[str, float]) -> float:
    elements = set(parse(formula).elements)
    others = {
        f: e for f, e in agreed.items() if f != formula and set(parse(f).elements) <= elements
    }
    table = PhaseTable.from_formulas({**others, formula: value})
    row = table.index(formula)
    assert row is not None
    return float(energies_above_hull(table)[row])


def write_measured(rows: list[Measured], path: Path) -> None:
    """The table as CSV, energies to 1e-6 eV/atom."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)

    def number(x: float | None) -> str:
        return "" if x is None else f"{x:.6f}"

    for row in rows:
        writer.writerow(
            [
                row.formula, row.state, number(row.value), number(row.uncertainty), row.source,
                number(row.crc), number(row.wang), number(row.wang_uncertainty), row.note,
            ]
        )  # fmt: skip
    path.write_text(text.getvalue(), "utf-8")


def counted(rows: list[Measured]) -> dict[str, int]:
    """Rows by state, and how many compilations agree or not."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[{"s": "solids", "l": "liquids", "g": "gases"}[row.state]] += 1
        if row.crc is not None and row.wang is not None:
            counts["in both"] += 1
            counts["differ"] += _differ(row.crc, row.wang)
        counts["without value"] += row.value is None
    return dict(counts)


def values(rows: list[Measured], states: str = "slg") -> dict[str, float]:
    """Values by formula."""
    return {r.formula: r.value for r in rows if r.value is not None and r.state in states}


def finite(x: float | None) -> float:
    """Nan where there is no number."""
    return np.nan if x is None else x
