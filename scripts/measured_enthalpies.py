"""Measured standard enthalpies of formation of solids and molecules, from ``chemicals``.

Haynes (ed.), CRC Handbook of Chemistry and Physics, 95th edition, CRC Press 2014, as compiled in
the wheel of chemicals 1.5.2 (MIT), which is read without being installed.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from source_tables import BuildError, check_hash

from sse_window.core.composition import Composition, parse
from sse_window.core.errors import FormulaError
from sse_window.core.ions import FARADAY_CONSTANT_C_PER_MOL
from sse_window.facts.gases import GASES

CHEMICALS_VERSION = "1.5.2"
CHEMICALS_SHA256 = "f85ef7f36e77fee634686c26562929ee61026cd548d89cebd57b2251ca843d6e"
MEASURED_SOURCE = "CRC Handbook, 95th ed. (2014)"

JANAF_SOURCE = "NIST-JANAF, 4th ed. (1998)"

MOLAR_MASS_AGREEMENT = 0.01
"""Relative difference from the CRC molar mass that makes a formula that of another substance."""

_ENTHALPIES = "Heat Capacity/CRC Standard Thermodynamic Properties of Chemical Substances.tsv"
_JANAF = "Reactions/JANAF_1998.tsv"
_MOLAR_VOLUMES = "Density/CRC Solid Inorganic Constant Densities.tsv"
_CONSTANTS = "Misc/Physical Constants of Inorganic Compounds.csv"
_IDENTIFIERS = (
    "Identifiers/chemical identifiers pubchem large.tsv",
    "Identifiers/chemical identifiers pubchem small.tsv",
    "Identifiers/Inorganic db.tsv",
)

_NONMETALS = frozenset(["H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Se", "Br", "I"])

# Formulas by the name in the CRC table, where the identifiers have none, that of an ion, or one of
# another oxidation state (HoO for holmium oxide).
_BY_NAME = {
    "1303-33-9": "As2S3", "1304-76-3": "Bi2O3", "1312-81-8": "La2O3", "1313-97-9": "Nd2O3",
    "1314-06-3": "Ni2O3", "1314-36-9": "Y2O3", "1314-37-0": "Yb2O3", "1317-35-7": "Mn3O4",
    "1317-36-8": "PbO", "1317-61-9": "Fe3O4", "1317-80-2": "TiO2", "1332-71-4": "Co2S3",
    "1333-83-1": "NaHF2", "1344-48-5": "HgS", "1344-59-8": "U3O8", "1345-07-9": "Bi2S3",
    "1345-13-7": "Ce2O3", "75-20-7": "CaC2", "547-66-0": "MgC2O4", "7446-10-8": "PbSO3",
    "7446-16-4": "RaSO4", "7784-21-6": "AlH3", "7789-16-4": "CsHSO4", "7789-29-9": "KHF2",
    "7790-46-7": "PtI4", "10179-73-4": "Fe2SiO4", "10213-12-4": "Ra(NO3)2",
    "10377-93-2": "Mn(NO3)2", "12007-33-9": "B2S3", "12011-67-5": "Fe3C", "12018-34-7": "Cr3O4",
    "12018-61-0": "CsO2", "12024-20-3": "Ga2O", "12026-09-4": "Ta2H", "12026-24-3": "Sn(OH)2",
    "12030-14-7": "InS", "12030-24-9": "In2S3", "12030-88-5": "KO2", "12031-30-0": "LaS",
    "12032-20-1": "Lu2O3", "12033-37-3": "Mo3Si", "12034-12-7": "NaO2", "12036-32-7": "Pr2O3",
    "12036-35-0": "Rh2O3", "12036-70-3": "ZrTiO4", "12036-83-8": "V3O5", "12037-04-6": "U3O7",
    "12037-15-9": "U4O9", "12055-62-8": "Ho2O3", "12057-24-8": "Li2O", "12060-08-1": "Sc2O3",
    "12061-63-1": "Eu3O4", "12065-65-5": "Ti3O5", "12068-77-8": "FeCr2O4", "12136-42-4": "Ir2S3",
    "12137-25-6": "RbO2", "12141-27-4": "RbNH2", "12143-02-1": "RaO", "12164-94-2": "NH4N3",
    "12280-52-3": "CsHF2", "12280-64-7": "RbHF2", "13460-50-9": "HBO2", "13465-94-6": "Ba(NO2)2",
    "13566-17-1": "Pb2SiO4", "13568-32-6": "Mn2SiO4", "13587-35-4": "CuWO4",
    "13597-55-2": "Sr2SiO4", "13597-65-4": "Zn2SiO4", "13709-66-5": "RbBO2",
    "13709-94-9": "KBO2", "13762-26-0": "ZrCl2", "13762-51-1": "KBH4", "13867-41-9": "PaCl4",
    "13867-42-0": "PaBr4", "13870-24-1": "FeWO4", "15702-33-7": "NaMnO4", "16689-88-6": "ThH2",
    "16871-90-2": "K2SiF6", "16903-34-7": "K3AlH6", "18088-11-4": "Rb2O", "18832-76-3": "Cs2SO3",
    "22205-57-8": "CsNH2", "22207-96-1": "KBrO4", "23611-30-5": "Rb2O2", "24567-53-1": "PH4Cl",
    "25324-55-4": "GeP", "25909-39-1": "PtCl3", "25985-07-3": "PtBr3", "26686-77-1": "Mg2SiO4",
    "20619-16-3": "GeO", "13536-84-0": "UO2F2", "37773-49-2": "PtCl4", "58724-12-2": "CsH",
    "68938-92-1": "PtBr4", "16962-07-5": "Al(BH4)3", "6569-51-3": "B3H6N3",
}  # fmt: skip

# Modifications whose density in one CRC table is that of another: the molar mass is no test there.
_OTHER_DENSITY = frozenset({"1317-36-8", "1344-48-5", "13460-50-9"})

# The tabulated solid and gas differ by 867 kJ/mol, more than any molecular crystal is bound by.
_MISPRINTED = frozenset({"507-25-5"})  # tetraiodomethane


@dataclass(frozen=True)
class MeasuredEnthalpies:
    """Standard enthalpies of formation of solids at 298 K by reduced formula [eV/atom]."""

    by_formula: dict[str, float]
    solids: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Molecule:
    """Standard enthalpy of formation at 298 K of a gas or liquid [eV/atom]."""

    state: str
    value: float
    source: str


def molecules(wheel: Path) -> dict[str, Molecule]:
    """Gases and liquids by reduced formula, in the state that they have at 298 K and 1 bar.

    Gases are those of ``facts.gases``, from the CRC table, else JANAF (Chase 1998). Liquids are
    those whose liquid the CRC table gives and whose solid it does not: a melt would have both. Of
    several molecules of one formula (NO2 and N2O4) the most stable is taken. Compounds of carbon
    and hydrogen are left out, methane excepted: isomers share a formula.
    """
    check_hash(wheel, CHEMICALS_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        tables = {
            name: archive.read(f"chemicals/{name}").decode("utf-8") for name in (*_files(), _JANAF)
        }
    formulas = _formulas(tables)
    found: dict[str, Molecule] = {}
    for source, name in ((MEASURED_SOURCE, _ENTHALPIES), (JANAF_SOURCE, _JANAF)):
        of_source: dict[str, Molecule] = {}
        for row in csv.DictReader(io.StringIO(tables[name]), delimiter="\t"):
            try:
                substance = parse(
                    row.get("formula") or _BY_NAME.get(row["CAS"], formulas.get(row["CAS"], ""))
                )
            except FormulaError:
                continue
            formula = substance.reduced_formula
            organic = {"C", "H"} <= set(substance.elements) and formula != "H4C"
            if len(substance.elements) < 2 or organic or row.get("Hfs"):
                continue
            state = "g" if formula in GASES else "l"
            if not row[f"Hf{state}"] or (state == "l" and source == JANAF_SOURCE):
                continue
            value = float(row[f"Hf{state}"]) / FARADAY_CONSTANT_C_PER_MOL / substance.atoms
            if formula not in of_source or value < of_source[formula].value:
                of_source[formula] = Molecule(state, value, source)
        found = {**of_source, **found}
    return found


def _formulas(tables: dict[str, str]) -> dict[str, str]:
    formulas: dict[str, str] = {}
    for name in _IDENTIFIERS:
        for line in tables[name].splitlines():
            _, cas, formula = line.split("\t", 3)[:3]
            formulas[cas] = formula
    return formulas


def measured_enthalpies(wheel: Path) -> MeasuredEnthalpies:
    """Read the CRC tables; the most negative value of a formula is its ground state.

    Left out are substances whose formula is unknown, or contradicts the molar mass that follows
    from the molar volume and density of the CRC tables, and molecules of carbon, hydrogen and other
    nonmetals: isomers share a formula.
    """
    found: dict[str, list[float]] = defaultdict(list)
    left_out: list[str] = []
    solids = 0
    for row, substance in substances(wheel):
        if not row["Hfs"]:
            continue
        solids += 1
        if substance is None:
            left_out.append(f"{row['Chemical']} ({row['CAS']})")
            continue
        enthalpy = float(row["Hfs"]) / FARADAY_CONSTANT_C_PER_MOL / substance.atoms
        if len(substance.elements) > 1:
            found[substance.reduced_formula].append(enthalpy)
    ground = {formula: min(values) for formula, values in found.items()}
    return MeasuredEnthalpies(ground, solids, tuple(left_out))


def substances(wheel: Path) -> Iterator[tuple[dict[str, str], Composition | None]]:
    """Rows of the CRC table of standard properties, with compositions where they are sure."""
    check_hash(wheel, CHEMICALS_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        tables = {name: archive.read(f"chemicals/{name}").decode("utf-8") for name in _files()}
    formulas = _formulas(tables)
    masses = _molar_masses(tables)
    for row in csv.DictReader(io.StringIO(tables[_ENTHALPIES]), delimiter="\t"):
        yield row, _composition(row["CAS"], formulas, masses)


def _files() -> tuple[str, ...]:
    return (_ENTHALPIES, _MOLAR_VOLUMES, _CONSTANTS, *_IDENTIFIERS)


def _molar_masses(tables: dict[str, str]) -> dict[str, float]:
    """Molar volume times density [g/mol]: what the CRC tables hold the substance to be."""
    volumes = csv.DictReader(io.StringIO(tables[_MOLAR_VOLUMES]), delimiter="\t")
    constants = csv.DictReader(io.StringIO(tables[_CONSTANTS]), delimiter="\t")
    densities = {row["CAS"]: float(row["rho"]) for row in constants if row["rho"]}
    return {
        row["CAS"]: 1000.0 * float(row["Vm"]) * densities[row["CAS"]]
        for row in volumes
        if row["CAS"] in densities
    }


def _composition(
    cas: str, formulas: dict[str, str], masses: dict[str, float]
) -> Composition | None:
    if cas in _MISPRINTED:
        return None
    try:
        substance = parse(_BY_NAME.get(cas, formulas.get(cas, "")))
    except FormulaError:
        return None  # no formula known, or that of an ion
    mass = masses.get(cas)
    agrees = mass is None or abs(substance.molar_mass / mass - 1.0) <= MOLAR_MASS_AGREEMENT
    if not agrees and cas not in _OTHER_DENSITY:
        if cas in _BY_NAME:
            raise BuildError(f"{cas} is {_BY_NAME[cas]}, but its CRC molar mass is {mass:.1f}")
        return None
    organic = {"C", "H"} <= set(substance.elements) <= _NONMETALS
    return None if organic else substance
