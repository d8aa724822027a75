"""Write ``data/gases.json`` and ``data/thermochemistry.csv`` from the tables in ``chemicals``.

Enthalpies and entropies of formation at 298 K: Haynes (ed.), CRC Handbook of Chemistry and Physics,
95th edition, CRC Press 2014. Heat capacities of gases: Chase, NIST-JANAF Thermochemical Tables,
J. Phys. Chem. Ref. Data, Monograph 9, 1998 (tables at every 100 K), for the elements the fits to
them in the NIST Chemistry WebBook (Shomate equations). All as compiled in the wheel of chemicals
1.5.2 (MIT), which is read without being installed. Enthalpies between 0 K and 298 K: Cox, Wagman,
Medvedev, CODATA Key Values for Thermodynamics, Hemisphere 1989.

    python scripts/build_thermochemistry.py [--chemicals WHEEL] [--output FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from measured_enthalpies import CHEMICALS_SHA256, CHEMICALS_VERSION, substances
from source_tables import BuildError, download

from sse_window.core.composition import parse

ROOT = Path(__file__).resolve().parent.parent

STANDARD_K = 298.15
TEMPERATURES_K = (STANDARD_K, *(float(t) for t in range(300, 2001, 100)))

# Formula: CAS number, enthalpy between 0 K and 298.15 K [kJ/mol] (CODATA).
GASES = {
    "O2": ("7782-44-7", 8.680), "N2": ("7727-37-9", 8.670), "H2": ("1333-74-0", 8.468),
    "Cl2": ("7782-50-5", 9.181), "F2": ("7782-41-4", 8.825), "CO2": ("124-38-9", 9.365),
    "CO": ("630-08-0", 8.671), "H2O": ("7732-18-5", 9.905), "SO2": ("7446-09-5", 10.549),
    "S2": ("23550-45-0", 9.132), "HF": ("7664-39-3", 8.599), "HCl": ("7647-01-0", 8.640),
    "HBr": ("10035-10-6", 8.648), "HI": ("10034-85-2", 8.657), "H2S": ("7783-06-4", 9.957),
    "NH3": ("7664-41-7", 10.043),
}  # fmt: skip

# Elements that the identifiers of the wheel have no formula for.
_ELEMENTS = {"7440-29-1": "Th", "7704-34-9": "S", "7782-42-5": "C", "7782-49-2": "Se"}

_JANAF = "chemicals/Heat Capacity/JANAF_1998_gas_Cp.json"
_SHOMATE = "chemicals/Heat Capacity/webbook_shomate_coefficients.json"


def heat_capacity(wheel: Path, cas: str, temperatures: np.ndarray) -> np.ndarray:
    """Cp of a gas at some temperatures [J/(mol K)]."""
    with zipfile.ZipFile(wheel) as archive:
        janaf = json.loads(archive.read(_JANAF)).get(cas)
        shomate = json.loads(archive.read(_SHOMATE)).get(cas)
    if janaf is not None:
        return np.interp(temperatures, *map(np.array, janaf))
    if shomate is None or shomate[2] is None:
        raise BuildError(f"no heat capacity of the gas {cas}")
    found = np.empty_like(temperatures)
    for i, t in enumerate(temperatures):
        for low, high, a, b, c, d, e in shomate[2]:
            if low - 1.0 <= t <= high:
                found[i] = a + b * t + c * t**2 + d * t**3 + e / t**2
                break
        else:
            raise BuildError(f"no heat capacity of the gas {cas} at {t:g} K")
    return found


def gas(wheel: Path, formula: str, row: dict[str, str]) -> dict[str, object]:
    """One entry: what is added between 298.15 K and each temperature is the integral of Cp."""
    cas, from_zero = GASES[formula]
    fine = np.arange(STANDARD_K, max(TEMPERATURES_K) + 0.5, 0.05)
    capacity = heat_capacity(wheel, cas, fine)
    steps = np.diff(fine)
    mean = 0.5 * (capacity[1:] + capacity[:-1])
    enthalpy = np.concatenate([[0.0], np.cumsum(mean * steps)])
    per_kelvin = 0.5 * (capacity[1:] / fine[1:] + capacity[:-1] / fine[:-1])
    entropy = np.concatenate([[0.0], np.cumsum(per_kelvin * steps)])
    at = np.array(TEMPERATURES_K)
    return {
        "cas": cas,
        "formation_enthalpy_kJ_per_mol": float(row["Hfg"]) / 1000.0,
        "enthalpy_298K_minus_0K_kJ_per_mol": from_zero,
        "enthalpy_above_298K_kJ_per_mol": [
            round(float(x) / 1000.0, 4) for x in np.interp(at, fine, enthalpy)
        ],
        "entropy_J_per_mol_K": [
            round(float(row["S0g"]) + float(x), 3) for x in np.interp(at, fine, entropy)
        ],
    }


def solids(wheel: Path) -> tuple[list[dict[str, object]], dict[str, dict[str, str]]]:
    """Condensed substances with enthalpy and entropy, and the rows of the gases by CAS number.

    Of several modifications the one of lowest enthalpy is taken; elements have 0 by definition, and
    of them the state at 298 K.
    """
    rows: dict[str, dict[str, object]] = {}
    gases: dict[str, dict[str, str]] = {}
    for row, substance in substances(wheel):
        gases[row["CAS"]] = row
        if row["CAS"] in _ELEMENTS:
            substance = parse(_ELEMENTS[row["CAS"]])
        for state, enthalpy, entropy in (("s", "Hfs", "S0s"), ("l", "Hfl", "S0l")):
            if substance is None or not row[enthalpy] or not row[entropy]:
                continue
            element = len(substance.elements) == 1
            if state == "l" and not (element and float(row[enthalpy]) == 0.0):
                continue
            n = substance.atoms / parse(substance.reduced_formula).atoms
            entry: dict[str, object] = {
                "formula": substance.reduced_formula,
                "name": row["Chemical"],
                "cas": row["CAS"],
                "formation_enthalpy_kJ_per_mol": round(float(row[enthalpy]) / n / 1000.0, 4),
                "entropy_J_per_mol_K": round(float(row[entropy]) / n, 4),
            }
            if element and entry["formation_enthalpy_kJ_per_mol"] != 0.0:
                continue
            known = rows.get(substance.reduced_formula)
            if known is None or _enthalpy(entry) < _enthalpy(known):
                rows[substance.reduced_formula] = entry
    return [rows[formula] for formula in sorted(rows)], gases


def _enthalpy(entry: dict[str, object]) -> float:
    return float(str(entry["formation_enthalpy_kJ_per_mol"]))


def main() -> None:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chemicals", type=Path, help=f"wheel of chemicals {CHEMICALS_VERSION}")
    parser.add_argument("--output", type=Path, default=ROOT / "data")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        requirement = f"chemicals=={CHEMICALS_VERSION}"
        wheel = arguments.chemicals or download(Path(folder), requirement, "--only-binary=:all:")
        condensed, rows = solids(wheel)
        data = {
            "source": "CRC Handbook, 95th ed. (2014); NIST-JANAF (1998); CODATA (1989)",
            "compiled_in": f"chemicals {CHEMICALS_VERSION} (MIT), sha256 {CHEMICALS_SHA256}",
            "temperature_K": list(TEMPERATURES_K),
            "gases": {f: gas(wheel, f, rows[GASES[f][0]]) for f in GASES},
        }
    oxygen = dict(data["gases"])["O2"]["entropy_J_per_mol_K"]
    if not math.isclose(oxygen[0], 205.2, abs_tol=0.1):
        raise BuildError(f"entropy of oxygen at 298 K is {oxygen[0]}")
    text = json.dumps(data, indent=1).replace("\n    ", " ").replace("\n   ]", "]")
    (arguments.output / "gases.json").write_text(text + "\n", encoding="utf-8")
    with (arguments.output / "thermochemistry.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(condensed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(condensed)


if __name__ == "__main__":
    main()
