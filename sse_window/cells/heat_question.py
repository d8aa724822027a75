"""What is heated, in which atmosphere, with which energies, and how sure these are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..core.composition import Composition, parse
from ..core.tolerances import AMOUNT
from ..equilibria.heat import HotReaction, HotSystem, Solid
from ..equilibria.phase_energies import PhaseEnergy
from ..facts.thermochemistry import measured_substances
from ..phases.gibbs import MEASURED_ERROR_K, HotPhases
from ..phases.table import PhaseTable
from .atmospheres import Atmosphere

__all__ = ["HeatQuestion"]


@dataclass(frozen=True, slots=True)
class HeatQuestion:
    """The sides, with the energies that the source has for them."""

    table: PhaseTable
    phases: HotPhases
    air: Atmosphere
    range_K: tuple[float, float]
    sides: tuple[Composition, ...]
    owns: tuple[PhaseEnergy | None, ...]  # None where measured
    solids: tuple[Solid, ...]

    def gibbs(self, i: int) -> tuple[float, float]:
        """Energy and entropy of a side per formula unit as typed [eV, eV/K]."""
        side, own = self.sides[i], self.owns[i]
        if own is not None:
            return own.energy, 0.0
        known = measured_substances()[side.reduced_formula]
        units = side.atoms / parse(side.reduced_formula).atoms
        return known.formation_enthalpy_eV * units, known.entropy_eV_per_K * units

    def system(self, elements: frozenset[str]) -> HotSystem:
        """The phases of some elements in the atmosphere."""
        pressures = self.air.pressure_bar
        return HotSystem(self.phases, elements, pressures, *self.range_K, self.solids)

    def error_eV(self, reaction: HotReaction) -> float:
        """Error of a reaction energy from those of its gases [eV per non-gas atom]; 0 of none."""
        fits = self.phases.fits
        if reaction.nongas_atoms == 0.0:
            return 0.0
        error = math.hypot(
            *(
                fits[gas].temperature_error_K * fits[gas].entropy_eV_per_K * amount
                for gas, amount in reaction.exchange.items()
                if gas in fits and abs(amount) > AMOUNT
            )
        )
        return error / reaction.nongas_atoms

    def error_K(self, reaction: HotReaction, slope: float) -> float | None:
        """What the errors of the gases mean for a temperature; None where no gas takes part."""
        if self.phases.energies == "measured":
            return MEASURED_ERROR_K
        error = self.error_eV(reaction)
        return None if error == 0.0 or slope == 0.0 else error / abs(slope)
