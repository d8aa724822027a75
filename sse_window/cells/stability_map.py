"""Which phases are in equilibrium, against temperature and oxygen pressure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..core.composition import Composition
from ..core.errors import DataError
from ..core.record import Record
from ..equilibria.chemical_system import ChemicalSystem
from ..equilibria.reservoirs import Potential, Reservoir
from ..facts import names
from ..facts.thermochemistry import BOLTZMANN_eV_PER_K
from ..phases.gibbs import Energies, HotPhases, all_measured
from ..phases.table import PhaseTable, Provenance

__all__ = ["LOG_PRESSURE_RANGE", "OxygenField", "StabilityMap", "stability_map"]

LOG_PRESSURE_RANGE = (-20.0, 0.0)
"""From a buffer of metals to pure oxygen, decimal logarithm of the pressure in bar."""

_LINES = 120
"""Temperatures of a map: lines closer than a pixel of its picture."""


@dataclass(frozen=True, slots=True)
class OxygenField(Record):
    """Phases in equilibrium within one range of oxygen pressure, at one temperature.

    Attributes
    ----------
    temperature_K : float
    log_pressure_low, log_pressure_high : float
        Decimal logarithm of the pressure in bar; exact.
    products : tuple of str
    """

    temperature_K: float
    log_pressure_low: float
    log_pressure_high: float
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StabilityMap(Record):
    """Equilibria of one composition, open to oxygen.

    Attributes
    ----------
    a, b : str or None
    composition : str
        With both phases the mixture of equal numbers of atoms.
    energies : {"measured", "table"}
    error_K : float or None
        Of temperatures at which oxygen is exchanged.
    temperature_range_K, log_pressure_range : tuple of float
    fields : tuple of OxygenField
        In ascending order of temperature, then pressure.
    dataset : Provenance
    """

    a: str
    b: str | None
    composition: str
    energies: Energies
    error_K: float | None
    temperature_range_K: tuple[float, float]
    log_pressure_range: tuple[float, float]
    fields: tuple[OxygenField, ...]
    dataset: Provenance


def stability_map(
    table: PhaseTable,
    a: str,
    b: str | None = None,
    *,
    temperature_K: tuple[float, float] = (300.0, 1300.0),
    log_pressure: tuple[float, float] = LOG_PRESSURE_RANGE,
    energies: Energies | None = None,
) -> StabilityMap:
    """Trace the equilibria of a composition over the oxygen pressure, temperature by temperature.

    At one temperature the potential of oxygen is linear in the logarithm of its pressure, so that
    every boundary is exact.

    Parameters
    ----------
    table : PhaseTable
    a, b : str
        Names or formulas.
    temperature_K, log_pressure : tuple of float
        Ranges; the latter of the decimal logarithm of the pressure in bar.
    energies : {"measured", "table"}, optional
        As in :func:`~sse_window.cells.sintering.sinter`.

    Returns
    -------
    StabilityMap

    Raises
    ------
    DataError
        If a range is none, or lies outside the data.

    Examples
    --------
    >>> from sse_window.sources.datasets import load
    >>> found = stability_map(load(), "CuO", temperature_K=(1000.0, 1001.0))
    >>> [field.products for field in found.fields[:3]]
    [('Cu',), ('Cu2O',), ('CuO',)]
    """
    low, high = temperature_K
    if not (0.0 < low < high and math.isfinite(high)):
        raise DataError(f"a map from {low:g} to {high:g} K: give 0 < LOW < HIGH")
    first, last = log_pressure
    if not (math.isfinite(first) and math.isfinite(last) and first < last):
        raise DataError(f"oxygen pressures 1e{first:g} to 1e{last:g} bar: give LOW < HIGH")
    sides = [names.resolve(name) for name in (a, b) if name is not None]
    composition = _equal_atoms(sides)
    elements = frozenset({*composition.elements, "O"})
    source = energies or ("measured" if all_measured(sides) else "table")
    if source == "table":
        table.require(sorted(elements))
    phases = (
        HotPhases.measured(elements)
        if source == "measured"
        else HotPhases.of_table(table, elements)
    )
    if set(composition.elements) == {"O"}:
        raise DataError("a map of oxygen in oxygen: name a phase with another element")
    fields: list[OxygenField] = []
    for i in range(_LINES):
        t = low + (high - low) * i / (_LINES - 1)
        fields += _line(phases, composition, t, log_pressure)
    fit = phases.fits.get("O2")
    return StabilityMap(
        a=a,
        b=b,
        composition=composition.formula,
        energies=source,
        error_K=fit.temperature_error_K if fit else None,
        temperature_range_K=temperature_K,
        log_pressure_range=log_pressure,
        fields=tuple(fields),
        dataset=phases.table.provenance,
    )


def _line(
    phases: HotPhases,
    composition: Composition,
    temperature: float,
    log_pressure: tuple[float, float],
) -> list[OxygenField]:
    """All fields at one temperature."""
    table, rates = phases.at((temperature, temperature), {})
    energies = table.formation_energy_per_atom + rates * temperature
    table = replace(table, formation_energy_per_atom=energies)
    oxygen = Potential(
        phases.potential("O2", temperature), BOLTZMANN_eV_PER_K * temperature * math.log(10.0)
    )
    system = ChemicalSystem(table, composition.elements, Reservoir("O2", oxygen))
    return [
        OxygenField(
            temperature,
            segment.low,
            segment.high,
            tuple(sorted(p.formula for p in system.products(segment.vertex, composition))),
        )
        for segment in system.trace(composition, *log_pressure)
    ]


def _equal_atoms(sides: list[Composition]) -> Composition:
    if len(sides) == 1:
        return sides[0]
    amounts: dict[str, float] = {}
    for side in sides:
        for element, n in side.amounts.items():
            amounts[element] = amounts.get(element, 0.0) + n / side.atoms
    return Composition(" + ".join(side.formula for side in sides), amounts)
