"""Build data/ionic_conductivities.csv, measured conductivities of electrolytes, from OBELiX.

::

    pip install -e . pip openpyxl
    python scripts/build_ionic_conductivities.py                 # downloads its source from PyPI
    python scripts/build_ionic_conductivities.py --source obelix_data-1.2.0.tar.gz

The source distribution is pinned by SHA-256. Conductivities are read from its raw table, not from
the processed one, which puts 1e-15 S/cm where only a bound (<1E-10, <1E-8) was published.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent))

from source_tables import BuildError, check_hash, composition, download

from sse_window.core.errors import FormulaError

VERSION = "1.2.0"
SHA256 = "d62fbff470c925ac8cd07ac34cc854ad35fafb895777146ced847d31ec7a1a56"
ROWS = 599
BOUNDS = 37

COLUMNS = (
    "formula", "composition", "conductivity_S_per_cm", "bound", "space_group", "family", "doi",
    "id",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Row:
    """One sample: reduced formula, composition as published, and what was measured."""

    formula: str
    composition: str
    conductivity: float
    bound: str
    space_group: str
    family: str
    doi: str
    id: str


def read(path: Path) -> list[Row]:
    """All samples, sorted by formula."""
    with tarfile.open(path) as archive:
        member = archive.extractfile(f"obelix_data-{VERSION}/data/raw.xlsx")
        if member is None:
            raise BuildError(f"the raw table is not in {path}")
        workbook = openpyxl.load_workbook(io.BytesIO(member.read()), read_only=True)
    names, *values = workbook.active.iter_rows(values_only=True)
    found = [_row(dict(zip(names, row, strict=True))) for row in values if row[0]]
    bounds = sum(row.bound != "" for row in found)
    if (len(found), bounds) != (ROWS, BOUNDS):
        raise BuildError(f"{len(found)} samples, {bounds} bounds; not {ROWS} and {BOUNDS}")
    return sorted(found)


def _row(entry: dict[str, object]) -> Row:
    written = str(entry["True Composition"])
    try:
        formula = composition(written).reduced_formula
    except FormulaError as error:
        raise BuildError(f"{entry['ID']}: {error}") from error
    value = str(entry["Ionic conductivity (S cm-1)"]).strip()
    bound = "at most" if value.startswith("<") else ""
    number = float(value.lstrip("<"))
    if not 0.0 < number < 1.0 or not math.isfinite(number):
        raise BuildError(f"{entry['ID']}: {written} at {value} S/cm")
    return Row(
        formula,
        written,
        number,
        bound,
        str(entry["Space group"] or "").replace(" ", ""),
        str(entry["Family"] or ""),
        str(entry["DOI"] or "").strip(),
        str(entry["ID"]),
    )


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, help="sdist of obelix-data (else downloaded)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.source or download(
            Path(folder), f"obelix-data=={VERSION}", "--no-binary", "obelix-data"
        )
        check_hash(path, SHA256)
        rows = read(path)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [
                row.formula, row.composition, f"{row.conductivity:.4g}", row.bound,
                row.space_group, row.family, row.doi, row.id,
            ]
        )  # fmt: skip
    (options.output / "ionic_conductivities.csv").write_text(text.getvalue(), "utf-8")
    print(f"{len(rows)} samples of {len({row.formula for row in rows})} compositions")


if __name__ == "__main__":
    main()
