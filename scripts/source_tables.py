"""Reading of the source distribution and wheel from which the packaged datasets are built."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import statistics
import subprocess
import sys
import tarfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sse_window.core.composition import Composition, parse

SOURCE_VERSION = "1.0.1"
SOURCE_SHA256 = "f9e9e4a0efec531203d8a23ab15f8a84ff10bbe7cce2b51c7047affd3bede201"
PARTS = ("train", "val", "test")

MEASURED_GAP_SPREAD_eV = 0.1
"""Measured gaps of one composition that differ by more are left out: the rule by which the table
was made, applied again because a composition may be written in two ways (Cu9S5, Cu1.8S)."""


class BuildError(Exception):
    """A source, or the table made of it, that is not what it has to be."""


@cache
def composition(formula: str) -> Composition:
    """Read a formula once; the tables repeat them."""
    return parse(formula)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def download(folder: Path, requirement: str, *options: str) -> Path:
    """Fetch one distribution from PyPI with pip into an empty folder."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", *options]
    subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    (path,) = folder.iterdir()
    return path


def check_hash(path: Path, expected: str) -> None:
    """Refuse a file whose SHA-256 is not the pinned one."""
    found = sha256_of(path)
    if found != expected:
        raise BuildError(f"{path}: SHA-256 is {found}, not {expected}")


def parse_rows(data: bytes, name: str) -> list[tuple[str, float]]:
    """Take (formula, target) from the text of a CSV file.

    The csv module never takes text for a missing value: ``NaN`` is a nitride of sodium.
    """
    found = []
    for row in csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")):
        value = float(row["target"])
        if not math.isfinite(value):
            raise BuildError(f"{name}: {row['formula']} is {row['target']}")
        found.append((row["formula"], value))
    return found


@dataclass
class Source:
    """The crabnet source distribution; notes the hash and rows of every file that is read."""

    path: Path
    files: dict[str, dict[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_hash(self.path, SOURCE_SHA256)

    def rows(self, name: str) -> list[tuple[str, float]]:
        """Read (formula, target) of one CSV file."""
        with tarfile.open(self.path) as archive:
            member = archive.extractfile(f"crabnet-{SOURCE_VERSION}/data/{name}")
            if member is None:
                raise BuildError(f"{name} is not in {self.path}")
            data = member.read()
        found = parse_rows(data, name)
        self.files[f"data/{name}"] = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "rows": len(found),
        }
        return found

    def benchmark(self, name: str) -> dict[str, float]:
        """Values by reduced formula of a data set that was split in three; each formula once."""
        values: dict[str, float] = {}
        for part in PARTS:
            for formula, value in self.rows(f"benchmark_data/{name}/{part}.csv"):
                key = composition(formula).reduced_formula
                if key in values:
                    raise BuildError(f"{name}: {key} stands twice")
                values[key] = value
        return values

    def measured_gaps(self) -> dict[str, float]:
        """Measured band gaps; the median where a composition has several that agree."""
        return agreeing_medians(self.rows("matbench/expt_gap.csv"), MEASURED_GAP_SPREAD_eV)

    def lowest_gaps(self) -> dict[str, float]:
        """Lowest band gap of the Materials Project polymorphs of each composition."""
        return lowest(self.rows("matbench/mp_gap.csv"))


def agreeing_medians(rows: list[tuple[str, float]], spread: float) -> dict[str, float]:
    """Reduce to the median of each composition; none where its values differ by more."""
    values: dict[str, list[float]] = defaultdict(list)
    for formula, value in rows:
        values[composition(formula).reduced_formula].append(value)
    return {
        formula: statistics.median(several)
        for formula, several in values.items()
        if max(several) - min(several) <= spread
    }


def lowest(rows: list[tuple[str, float]]) -> dict[str, float]:
    """Reduce to the lowest value of each composition."""
    values: dict[str, float] = {}
    for formula, value in rows:
        key = composition(formula).reduced_formula
        values[key] = min(value, values.get(key, math.inf))
    return values
