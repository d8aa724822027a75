"""Gibbs energies of phases against temperature, from one of two sources that are never mixed.

Measured: enthalpy and entropy at 298 K of every phase, G = H - T S (dCp = 0). Table: the formation
energies of a dataset, without entropy, beside gases that are fitted to them
(:mod:`~sse_window.phases.gas_fits`); oxygen and the other elemental gases have their measured
potential, their energy being 0 in every table.

Between two temperatures that are close enough every energy is taken as linear, so that equilibria
can be traced exactly.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..core.arguments import check_arguments
from ..core.composition import Composition, parse
from ..core.errors import DataError
from ..facts.gases import GASES
from ..facts.thermochemistry import (
    BOLTZMANN_eV_PER_K,
    gas_properties,
    measured_gases,
    measured_substances,
    thermochemistry_sha256,
)
from .gas_fits import GasFit, fit_gases
from .table import PhaseTable, Provenance

__all__ = ["MEASURED", "Energies", "HotPhases", "all_measured", "gas_potential", "with_gases_at"]

FloatArray = npt.NDArray[np.float64]
Energies = Literal["measured", "table"]

PIECE_K = 25.0
"""Width of the pieces in which the potential of a gas is linear: it bends by Cp/T, which is at most
0.01 meV per molecule here."""

MEASURED_ERROR_K = 60.0
"""Most decomposition temperatures from measured enthalpies and entropies at 298 K are within it of
the measured ones: CaCO3 46 K low, CuO, Ag2O, Mg(OH)2, MnCO3 less, Co3O4 104 K low."""

MEASURED = "measured"
"""What results call these energies, where others name a dataset."""

_MEASURED = Provenance(
    name=MEASURED,
    date="2014",
    corrections="enthalpies and entropies at 298 K (CRC Handbook, 95th ed.), dCp = 0",
    sha256="",
)


def gas_potential(formula: str, temperature_K: float, pressure_bar: float = 1.0) -> float:
    """Measured chemical potential of a gas [eV per molecule], the elements at 298.15 K being 0.

    Raises
    ------
    DataError
        If there are no data of the gas, the temperature lies outside them, or the pressure is not
        positive.

    Examples
    --------
    >>> round(gas_potential("O2", 773.0, 0.21) / 2, 3)
    -0.915
    """
    return gas_properties(formula).potential(temperature_K, pressure_bar)


def all_measured(compositions: list[Composition]) -> bool:
    """Whether enthalpy and entropy of every composition have been measured."""
    known = measured_substances()
    return all(
        c.reduced_formula in known or c.reduced_formula in measured_gases() for c in compositions
    )


@dataclass(frozen=True, eq=False)
class HotPhases:
    """Phases of some elements with energies that are linear in the temperature, and their gases.

    Attributes
    ----------
    energies : {"measured", "table"}
    table : PhaseTable
        Condensed phases; energies at 0 K, or enthalpies.
    rates : ndarray of float, shape (len(table),)
        Minus their entropies [eV/(atom K)].
    fits : mapping of str to GasFit
        Of the table; empty where the energies are measured.
    left_out : tuple of str
        Gases of the table for which there is no energy that stands beside its solids.
    """

    energies: Energies
    table: PhaseTable
    rates: FloatArray
    fits: Mapping[str, GasFit]
    left_out: tuple[str, ...]

    @classmethod
    def measured(cls, elements: frozenset[str]) -> HotPhases:
        """All measured substances of these elements."""
        known = measured_substances()
        found = [parse(formula) for formula in known]
        found = [c for c in found if set(c.elements) <= elements]
        gases = [parse(g) for g in measured_gases()]
        singles = [g for g in gases if len(g.elements) == 1 and set(g.elements) <= elements]
        there = {c.elements[0] for c in found if len(c.elements) == 1}
        missing = [g for g in singles if g.elements[0] not in there]
        lacking = elements - there - {g.elements[0] for g in missing}
        if lacking:
            raise DataError(
                f"no measured enthalpy and entropy of {', '.join(sorted(lacking))}: "
                "use the energies of a dataset"
            )
        # A gaseous element stands in the table so that its element is known; as a gas it gets its
        # potential with the others.
        compositions = [*found, *missing]
        enthalpy = [known[c.reduced_formula].formation_enthalpy_eV / c.atoms for c in found]
        rates = [-known[c.reduced_formula].entropy_eV_per_K / c.atoms for c in found]
        table = PhaseTable.from_compositions(
            compositions, np.array([*enthalpy, *[0.0] * len(missing)]), _MEASURED
        )
        by_formula = dict(zip((c.reduced_formula for c in found), rates, strict=True))
        in_order = np.array([by_formula.get(f, 0.0) for f in table.formulas.tolist()])
        provenance = replace(_MEASURED, sha256=thermochemistry_sha256())
        return cls("measured", replace(table, provenance=provenance), in_order, {}, ())

    @classmethod
    def of_table(cls, table: PhaseTable, elements: frozenset[str]) -> HotPhases:
        """Phases of a table beside gases that are fitted to it."""
        near = table.within(elements)
        fits = fit_gases(table)
        kept, left_out = [], []
        changed = False
        for row, formula in enumerate(near.formulas.tolist()):
            single = near.offsets[row + 1] - near.offsets[row] == 1
            if formula in GASES and not single and formula not in fits:
                left_out.append(formula)
                continue
            changed = changed or (formula in fits and not single)
            kept.append(row)
        part = near.select(np.array(kept, dtype=np.intp))
        if left_out or changed:
            # A phase that lay above a molecule of the table may be an equilibrium phase now.
            part = part.all_competing()
        return cls("table", part, np.zeros(len(part)), fits, tuple(left_out))

    def potential(self, formula: str, temperature_K: float, pressure_bar: float = 1.0) -> float:
        """Chemical potential of a gas beside these phases [eV per molecule].

        Raises
        ------
        DataError
            If nothing is known of the gas at this temperature, or no energy of it fits the table.
        """
        properties = gas_properties(formula)
        measured = properties.potential(temperature_K, pressure_bar)  # checks T and p
        ideal = BOLTZMANN_eV_PER_K * temperature_K * math.log(pressure_bar)
        if self.energies == "measured":
            entropy = properties.entropy_eV_per_K[0]
            return properties.formation_enthalpy_eV - temperature_K * entropy + ideal
        if len(parse(formula).elements) == 1:
            return measured
        fit = self.fits.get(formula)
        if fit is None:
            known = ", ".join(self.fits) or "no molecule"
            raise DataError(
                f"no energy of the gas {formula} stands beside the solids of dataset "
                f"{self.table.provenance.name!r}: {known} are fitted to it"
            )
        return fit.enthalpy_eV - temperature_K * fit.entropy_eV_per_K + ideal

    def pieces(self, low_K: float, high_K: float) -> list[tuple[float, float]]:
        """Ranges of temperature in which every energy is linear."""
        if self.energies == "measured" or high_K - low_K <= 0.0:
            return [(low_K, high_K)]
        first = math.floor(low_K / PIECE_K) + 1
        inner = [i * PIECE_K for i in range(first, math.ceil(high_K / PIECE_K))]
        nodes = [low_K, *(t for t in inner if low_K < t < high_K), high_K]
        return list(itertools.pairwise(nodes))

    def linear(
        self, formula: str, piece: tuple[float, float], pressure_bar: float = 1.0
    ) -> tuple[float, float]:
        """Potential of a gas in one piece: value at 0 K and rate of the line through its ends."""
        low, high = piece
        at_low = self.potential(formula, low, pressure_bar)
        if high <= low:
            return at_low, 0.0
        rate = (self.potential(formula, high, pressure_bar) - at_low) / (high - low)
        return at_low - rate * low, rate

    def at(
        self, piece: tuple[float, float], pressures_bar: Mapping[str, float]
    ) -> tuple[PhaseTable, FloatArray]:
        """Energies at 0 K and rates in one piece, with gases that can form at their pressures.

        Parameters
        ----------
        piece : tuple of float
        pressures_bar : mapping of str to float
            1 bar for a gas that is not named.

        Returns
        -------
        table : PhaseTable
        rates : ndarray of float, shape (len(table),)
        """
        present = frozenset(self.table.elements)
        gases = [
            formula
            for formula, gas in measured_gases().items()
            if set(parse(formula).elements) <= present
            # S2 has the composition of the solid, and a table has one phase of each.
            and parse(formula).reduced_formula == formula
            and (self.energies == "measured" or formula in self.fits or _single(gas.formula))
        ]
        table = self.table
        new = [parse(formula) for formula in gases if table.index(formula) is None]
        if new:
            table = table.joined(
                PhaseTable.from_compositions(new, np.zeros(len(new)), table.provenance)
            )
        energies = table.formation_energy_per_atom.copy()
        competing = table.competing.copy()
        own = dict(zip(self.table.formulas.tolist(), self.rates.tolist(), strict=True))
        rates = np.array([own.get(formula, 0.0) for formula in table.formulas.tolist()])
        for formula in gases:
            row = table.index(formula)
            assert row is not None
            atoms = parse(formula).atoms
            value, rate = self.linear(formula, piece, pressures_bar.get(formula, 1.0))
            energies[row], rates[row] = value / atoms, rate / atoms
            competing[row] = True
        return replace(table, formation_energy_per_atom=energies, competing=competing), rates


def _single(formula: str) -> bool:
    return len(parse(formula).elements) == 1


def with_gases_at(table: PhaseTable, temperature_K: float, pressure_bar: float = 1.0) -> PhaseTable:
    """A table whose gases have their potential at a temperature, the solids their energy at 0 K.

    Each gas with measured data goes from 0 K to mu(T, p): H(T) - H(0 K) - T S(T) + kT ln p per
    molecule. The entropy of the solids, a few meV per atom and kelvin hundred, is not counted.

    Parameters
    ----------
    table : PhaseTable
    temperature_K : float
    pressure_bar : float

    Returns
    -------
    PhaseTable
        Every phase competes; the provenance says what was changed, and which gases stayed at 0 K.

    Raises
    ------
    DataError
        If the temperature lies outside the data, or the pressure is not positive.

    Examples
    --------
    >>> from sse_window.equilibria.windows import stability_window
    >>> table = PhaseTable.from_formulas({"LiCl": -2.1276})
    >>> warm = with_gases_at(table, 298.15)
    >>> [round(stability_window(t, parse("LiCl")).oxidation_potential_V, 2) for t in (table, warm)]
    [4.26, 3.96]
    """
    check_arguments(with_gases_at, locals())
    energies = table.formation_energy_per_atom.copy()
    warm = []
    for formula, gas in measured_gases().items():
        shift = gas.potential(temperature_K, pressure_bar) - gas.formation_enthalpy_eV
        row = table.index(formula)
        if row is not None:
            energies[row] += (shift + gas.enthalpy_298K_minus_0K_eV) / parse(formula).atoms
            warm.append(formula)
    note = f"gases with measured data at {temperature_K:g} K and {pressure_bar:g} bar"
    at_temperature = table.with_energies(energies, note)
    provenance = replace(at_temperature.provenance, warm_gases=tuple(warm))
    return replace(at_temperature, provenance=provenance)
