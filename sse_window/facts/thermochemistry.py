"""Measured enthalpies and entropies: of gases at every temperature, of solids at 298 K."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ..core.composition import parse
from ..core.errors import DataError
from ..core.ions import FARADAY_CONSTANT_C_PER_MOL
from .packaged import data_file

__all__ = [
    "STANDARD_TEMPERATURE_K",
    "BOLTZMANN_eV_PER_K",
    "GasProperties",
    "Substance",
    "gas_properties",
    "measured_gases",
    "measured_substances",
    "thermochemistry_sha256",
    "thermochemistry_sources",
]

BOLTZMANN_eV_PER_K = 8.314462618 / FARADAY_CONSTANT_C_PER_MOL
"""R/F; exact since the SI of 2019 (CODATA 2018)."""

STANDARD_TEMPERATURE_K = 298.15

_SOLIDS = "thermochemistry.csv"

_ROOM_K = 298.0
"""Asked for in round numbers, room temperature is 298 K: 0.15 K before the first of the table."""

_PER_KILOJOULE = 1000.0 / FARADAY_CONSTANT_C_PER_MOL
"""eV per molecule in a kJ/mol."""


@dataclass(frozen=True, slots=True)
class GasProperties:
    """A gas at 1 bar, per molecule.

    Attributes
    ----------
    formula : str
    formation_enthalpy_eV : float
        At 298.15 K, from the elements in their reference state at 298.15 K.
    enthalpy_298K_minus_0K_eV : float
    temperature_K, enthalpy_above_298K_eV, entropy_eV_per_K : tuple of float
        Table of H(T) - H(298.15 K) and S(T).
    """

    formula: str
    formation_enthalpy_eV: float
    enthalpy_298K_minus_0K_eV: float
    temperature_K: tuple[float, ...]
    enthalpy_above_298K_eV: tuple[float, ...]
    entropy_eV_per_K: tuple[float, ...]

    def potential(self, temperature_K: float, pressure_bar: float = 1.0) -> float:
        """Chemical potential of the molecule [eV], the elements at 298.15 K being 0.

        mu(T, p) = H_f(298) + H(T) - H(298) - T S(T) + kT ln(p / 1 bar). Between the temperatures of
        the table the Gibbs energy is a cubic with the right slope, -S, at both.

        Parameters
        ----------
        temperature_K : float
        pressure_bar : float

        Returns
        -------
        float

        Raises
        ------
        DataError
            If the temperature is outside the table, or the pressure not positive.

        Examples
        --------
        >>> oxygen = gas_properties("O2")
        >>> [round(oxygen.potential(t) / 2, 3) for t in (300, 500, 800, 1000, 1300)]
        [-0.319, -0.54, -0.896, -1.145, -1.531]
        """
        low, high = self.temperature_K[0], self.temperature_K[-1]
        if not _ROOM_K <= temperature_K <= high:
            raise DataError(
                f"{self.formula} at {temperature_K:g} K: its thermodynamic data go from "
                f"{_ROOM_K:g} to {high:g} K"
            )
        if not (math.isfinite(pressure_bar) and pressure_bar > 0.0):
            raise DataError(
                f"pressure of {self.formula} is {pressure_bar:g} bar: give a number above 0"
            )
        t = max(temperature_K, low)
        right = min(max(bisect_right(self.temperature_K, t), 1), len(self.temperature_K) - 1)
        t0, t1 = self.temperature_K[right - 1], self.temperature_K[right]
        s0, s1 = self.entropy_eV_per_K[right - 1], self.entropy_eV_per_K[right]
        g0 = self.enthalpy_above_298K_eV[right - 1] - t0 * s0
        g1 = self.enthalpy_above_298K_eV[right] - t1 * s1
        step = t1 - t0
        u = (t - t0) / step
        cubic = (
            g0 * (1.0 + 2.0 * u) * (1.0 - u) ** 2
            - s0 * step * u * (1.0 - u) ** 2
            + g1 * u**2 * (3.0 - 2.0 * u)
            - s1 * step * u**2 * (u - 1.0)
        )
        ideal = BOLTZMANN_eV_PER_K * temperature_K * math.log(pressure_bar)
        return self.formation_enthalpy_eV + cubic + ideal


@dataclass(frozen=True, slots=True)
class Substance:
    """A condensed substance, or an element, at 298.15 K per reduced formula unit.

    Attributes
    ----------
    formula, name, cas : str
    formation_enthalpy_eV, entropy_eV_per_K : float
    """

    formula: str
    name: str
    cas: str
    formation_enthalpy_eV: float
    entropy_eV_per_K: float


def thermochemistry_sources() -> tuple[dict[str, str], ...]:
    """Where the measured enthalpies and entropies come from."""
    compiled = "as compiled in chemicals 1.5.2 (MIT)"
    return (
        {
            "title": "CRC Handbook of Chemistry and Physics, 95th edition",
            "citation": f"Haynes (ed.), CRC Press 2014, {compiled}",
            "licence": "facts",
        },
        {
            "title": "NIST-JANAF Thermochemical Tables, 4th edition",
            "citation": f"Chase, J. Phys. Chem. Ref. Data, Monograph 9, 1998, {compiled}",
            "licence": "facts",
        },
    )


def thermochemistry_sha256() -> str:
    """Hash of the packaged file of solids, to stand beside results that rest on it."""
    return hashlib.sha256(data_file(_SOLIDS).read_bytes()).hexdigest()


def gas_properties(formula: str) -> GasProperties:
    """Properties of one gas.

    Raises
    ------
    DataError
        If there are none.
    """
    known = measured_gases()
    try:
        return known[formula] if formula in known else known[parse(formula).reduced_formula]
    except KeyError:
        names = ", ".join(gas.formula for gas in measured_gases().values())
        raise DataError(f"no thermodynamic data of the gas {formula}: there are {names}") from None


@cache
def measured_gases() -> Mapping[str, GasProperties]:
    """Gases by reduced formula; S2 by its own, for S is the solid.

    Raises
    ------
    DataError
        If the packaged file is damaged.
    """
    path = data_file("gases.json")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        temperatures = tuple(float(t) for t in data["temperature_K"])
        found = {
            (formula if formula == "S2" else parse(formula).reduced_formula): GasProperties(
                formula,
                entry["formation_enthalpy_kJ_per_mol"] * _PER_KILOJOULE,
                entry["enthalpy_298K_minus_0K_kJ_per_mol"] * _PER_KILOJOULE,
                temperatures,
                tuple(h * _PER_KILOJOULE for h in entry["enthalpy_above_298K_kJ_per_mol"]),
                tuple(s * _PER_KILOJOULE / 1000.0 for s in entry["entropy_J_per_mol_K"]),
            )
            for formula, entry in data["gases"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is damaged ({error}): install sse-window again") from None
    return MappingProxyType(found)


@cache
def measured_substances() -> Mapping[str, Substance]:
    """Solids and elements with a measured enthalpy and entropy, by reduced formula.

    Raises
    ------
    DataError
        If the packaged file is damaged.

    Examples
    --------
    >>> round(measured_substances()["CaCO3"].formation_enthalpy_eV, 3)
    -12.516
    """
    path = data_file(_SOLIDS)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = {
                row["formula"]: Substance(
                    row["formula"],
                    row["name"],
                    row["cas"],
                    float(row["formation_enthalpy_kJ_per_mol"]) * _PER_KILOJOULE,
                    float(row["entropy_J_per_mol_K"]) * _PER_KILOJOULE / 1000.0,
                )
                for row in csv.DictReader(file)
            }
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise DataError(f"{path} is damaged ({error}): install sse-window again") from None
    return MappingProxyType(found)
