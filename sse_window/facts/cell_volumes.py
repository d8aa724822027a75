"""Measured unit cells and open-circuit voltages of electrode hosts: cited, or the user's own."""

from __future__ import annotations

import csv
import math
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..core.composition import Composition, parse
from ..core.errors import DataError, FormulaError
from .packaged import cited_facts, data_file

__all__ = ["Curve", "HostVolumes", "packaged_hosts", "read_hosts"]

_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between measured points; nothing beyond them.

    Attributes
    ----------
    xs, ys : tuple of float
        `xs` ascend.

    Examples
    --------
    >>> curve = Curve((0.5, 1.0), (4.2, 3.9))
    >>> round(curve.at(0.75), 3), curve.at(0.4), round(curve.where(4.0), 3)
    (4.05, None, 0.833)
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @classmethod
    def through(cls, points: Sequence[Sequence[float]]) -> Curve:
        """Curve through points in any order."""
        ordered = sorted((float(x), float(y)) for x, y in points)
        return cls(tuple(x for x, _ in ordered), tuple(y for _, y in ordered))

    def at(self, x: float) -> float | None:
        """Value at x; None outside the points."""
        if not self.xs or not self.xs[0] - 1e-9 <= x <= self.xs[-1] + 1e-9:
            return None
        i = min(max(bisect_left(self.xs, x), 1), len(self.xs) - 1) if len(self.xs) > 1 else 0
        if i == 0:
            return self.ys[0]
        x0, x1, y0, y1 = self.xs[i - 1], self.xs[i], self.ys[i - 1], self.ys[i]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def where(self, y: float) -> float | None:
        """Largest x at which the curve takes a value; None where it never does."""
        for i in range(len(self.xs) - 1, 0, -1):
            y0, y1 = self.ys[i - 1], self.ys[i]
            if min(y0, y1) <= y <= max(y0, y1):
                share = 0.0 if y1 == y0 else (y - y0) / (y1 - y0)
                return self.xs[i - 1] + share * (self.xs[i] - self.xs[i - 1])
        return None


@dataclass(frozen=True, slots=True)
class HostVolumes:
    """A host whose unit cell was measured at several contents of the ion.

    Attributes
    ----------
    electrode : str
    ion : str
    formula : Composition
        With all its ion sites filled.
    reference : float
        Share of filled sites at which the volume change is 0.
    volume_change : Curve
        Relative volume change against the share of filled sites.
    voltage : Curve or None
        Open-circuit voltage [V vs the metal].
    density_g_per_cm3 : float or None
        At the reference.
    source, voltage_source, density_source : str or None
    """

    electrode: str
    ion: str
    formula: Composition
    reference: float
    volume_change: Curve
    voltage: Curve | None
    density_g_per_cm3: float | None
    source: str
    voltage_source: str | None
    density_source: str | None

    def molar_mass(self, fraction: float) -> float:
        """Molar mass at a share of filled sites [g/mol]."""
        host = Composition(
            self.formula.formula,
            {
                element: amount * (fraction if element == self.ion else 1.0)
                for element, amount in self.formula.amounts.items()
                if element != self.ion or fraction > 0.0
            },
        )
        return host.molar_mass


@cache
def packaged_hosts() -> tuple[HostVolumes, ...]:
    """Hosts of the packaged table.

    Examples
    --------
    >>> [host.electrode for host in packaged_hosts()][:3]
    ['LCO', 'NMC111', 'NMC622']
    """
    content = cited_facts("cell_volumes.toml")
    voltages = _voltages()
    return tuple(_host(row, voltages, "cell_volumes.toml") for row in content["cell"])


def read_hosts(path: Path) -> tuple[HostVolumes, ...]:
    """Hosts of a user's file: TOML of the packaged form, or CSV with a row per measured cell.

    A CSV file has the columns ``electrode``, ``formula`` (of the cell that was measured),
    ``volume_A3`` (per that formula) and, where known, ``voltage_V``; ``ion`` is Li if left out.
    Volume changes are then relative to the cell with most ions.

    Raises
    ------
    DataError
        Naming the file, the line and the value that cannot be used.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise DataError(f"{path}: larger than {_LARGEST_FILE} bytes: no table of unit cells")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataError(f"cannot read {path}: not UTF-8 text") from None
    if path.suffix.lower() == ".toml":
        try:
            rows = tomllib.loads(text)["cell"]
            return tuple(_host(row, {}, str(path)) for row in rows)
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"{path}: no table of cells ({error})") from None
    return _from_csv(path, text)


def _from_csv(path: Path, text: str) -> tuple[HostVolumes, ...]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    reader = csv.DictReader(lines)
    missing = {"electrode", "formula", "volume_A3"} - set(reader.fieldnames or ())
    if missing:
        raise DataError(f"{path}: no column {sorted(missing)[0]!r}")
    cells: dict[tuple[str, str], list[tuple[Composition, float, float | None]]] = defaultdict(list)
    for number, row in enumerate(reader, start=2):
        where = f"{path}, line {number}"
        try:
            composition = parse(row["formula"] or "")
            volume = float(row["volume_A3"] or "nan")
            voltage = float(row["voltage_V"]) if row.get("voltage_V") else None
        except (FormulaError, ValueError) as error:
            raise DataError(f"{where}: {error}") from None
        if not (math.isfinite(volume) and volume > 0.0):
            raise DataError(f"{where}: volume_A3 {row['volume_A3']!r}: give a number above 0")
        if voltage is not None and not math.isfinite(voltage):
            raise DataError(f"{where}: voltage_V {row['voltage_V']!r} is no number")
        key = (row["electrode"] or "").strip(), (row.get("ion") or "Li").strip()
        if not key[0]:
            raise DataError(f"{where}: no name of the electrode")
        cells[key].append((composition, volume, voltage))
    if not cells:
        raise DataError(f"{path}: no cells in it")
    return tuple(_measured(path, name, ion, found) for (name, ion), found in cells.items())


def _measured(
    path: Path, name: str, ion: str, cells: list[tuple[Composition, float, float | None]]
) -> HostVolumes:
    frameworks = []
    for composition, volume, voltage in cells:
        own = {e: n for e, n in composition.amounts.items() if e != ion}
        if not own:
            raise DataError(f"{path}: {composition.formula} has no framework beside {ion}")
        size = math.fsum(own.values())
        shares = {e: n / size for e, n in own.items()}
        frameworks.append((shares, composition.amount(ion) / size, volume / size, voltage))
    first = frameworks[0][0]
    for (shares, *_), (composition, *_) in zip(frameworks, cells, strict=True):
        if set(shares) != set(first) or any(abs(shares[e] - first[e]) > 1e-6 for e in first):
            raise DataError(
                f"{path}: {composition.formula} is not of the framework of "
                f"{cells[0][0].formula}: the cells of {name!r} may differ in {ion} alone"
            )
    most = max(ions for _, ions, _, _ in frameworks)
    if len({ions for _, ions, _, _ in frameworks}) < len(frameworks) or most == 0.0:
        raise DataError(f"{path}: {name!r}: give cells with different contents of {ion}, each once")
    place = next(i for i, (_, ions, _, _) in enumerate(frameworks) if ions == most)
    full, volume_full = cells[place][0], frameworks[place][2]
    known = [(ions / most, v) for _, ions, _, v in frameworks if v is not None]
    # 1 g/cm3 is 0.602214 g/mol per cubic angstrom.
    density = full.molar_mass / cells[place][1] / 0.602214076
    return HostVolumes(
        electrode=name,
        ion=ion,
        formula=full,
        reference=1.0,
        volume_change=Curve.through(
            [(ions / most, volume / volume_full - 1.0) for _, ions, volume, _ in frameworks]
        ),
        voltage=Curve.through(known) if len(known) > 1 else None,
        density_g_per_cm3=density,
        source=f"{path.name} (yours)",
        voltage_source=f"{path.name} (yours)" if len(known) > 1 else None,
        density_source=f"{path.name} (yours)",
    )


def _host(row: Mapping[str, Any], voltages: Mapping[str, Any], origin: str) -> HostVolumes:
    try:
        formula, ion = parse(row["formula"]), row.get("ion", "Li")
        density = row.get("density_g_per_cm3")
        reference = float(row["reference"])
        if "volume" in row:
            curve = Curve.through([(x, y / 100.0) for x, y in row["volume"]])
        else:
            # A constant volume per ion: straight from the reference to the full host.
            bare = Composition(
                row["formula"], {e: n for e, n in formula.amounts.items() if e != ion}
            )
            empty = bare.molar_mass / float(row["density_g_per_cm3"])
            added = row["partial_molar_volume_cm3_per_mol"] * formula.amount(ion)
            curve = Curve((0.0, 1.0), (0.0, added / empty))
        voltage, voltage_source = voltages.get(row["electrode"], (None, None))
        if "voltage" in row:
            voltage = Curve.through(row["voltage"])
            voltage_source = row.get("voltage_source", row["source"])
        values = (*curve.xs, *curve.ys, reference, 1.0 if density is None else density)
        if not all(math.isfinite(value) for value in values) or (density or 1.0) <= 0.0:
            raise ValueError("a number that is none")
        return HostVolumes(
            electrode=str(row["electrode"]),
            ion=str(ion),
            formula=formula,
            reference=reference,
            volume_change=curve,
            voltage=voltage,
            density_g_per_cm3=None if density is None else float(density),
            source=str(row["source"]),
            voltage_source=voltage_source,
            density_source=row.get("density_source"),
        )
    except KeyError as error:
        raise DataError(f"{origin}: a cell without {error}") from None
    except (TypeError, ValueError, FormulaError) as error:
        raise DataError(f"{origin}: cell {row.get('electrode')!r}: {error}") from None


def _voltages() -> dict[str, tuple[Curve, str]]:
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    sources: dict[str, str] = {}
    with data_file("open_circuit_voltages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            points[row["electrode"]].append((float(row["ion_fraction"]), float(row["voltage_V"])))
            sources[row["electrode"]] = row["source"]
    return {name: (Curve.through(found), sources[name]) for name, found in points.items()}
