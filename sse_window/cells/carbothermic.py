"""Carbon in excess as a sink of oxygen, from measured energies alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.composition import Composition, parse
from ..core.record import Record
from ..core.tolerances import HEAT_eV_per_atom
from ..equilibria.chemical_system import ChemicalSystem
from ..equilibria.heat import HotReaction, HotSystem, Solid
from ..equilibria.mixtures import Mixture
from ..equilibria.phase_energies import phase_energy
from ..equilibria.reservoirs import Potential
from ..facts.thermochemistry import measured_substances
from ..phases.gibbs import MEASURED_ERROR_K, HotPhases, all_measured
from ..phases.table import PhaseTable

__all__ = ["Carbothermic", "carbothermic", "graphite"]

FAVOURABLE = "favourable at every temperature"

_CARBON = parse("C")


@dataclass(frozen=True, slots=True)
class Carbothermic(Record):
    """Reduction by carbon of one phase.

    Attributes
    ----------
    formula : str
    carbon_monoxide_bar : float
    temperature_K : float or None
        Above it carbon reduces the phase; None where there is no such temperature, or none known.
    error_K : float or None
    reaction : str or None
    energy_0K_eV_per_atom : float or None
        Worst energy of mixing with carbon without any gas, from the table at 0 K.
    verdict : str
    """

    formula: str
    carbon_monoxide_bar: float
    temperature_K: float | None
    error_K: float | None
    reaction: str | None
    energy_0K_eV_per_atom: float | None
    verdict: str


def carbothermic(
    table: PhaseTable,
    sides: Sequence[Composition],
    pressures_bar: Mapping[str, float],
    range_K: tuple[float, float],
) -> Carbothermic:
    """Reduction of the first phase: mu_O = mu(CO) - mu(C), with carbon in excess.

    Parameters
    ----------
    table : PhaseTable
        For the energy at 0 K.
    sides : sequence of Composition
    pressures_bar : mapping of str to float
        That of CO, 1 bar if it is not named.
    range_K : tuple of float

    Returns
    -------
    Carbothermic
    """
    side = sides[0]
    pressure = pressures_bar.get("CO", 1.0)
    energy, text = _at_0K(table, side)
    exothermic = energy is not None and energy < -HEAT_eV_per_atom
    if not all_measured([side]):
        return Carbothermic(
            side.formula,
            pressure,
            None,
            None,
            text if exothermic else None,
            energy,
            f"{FAVOURABLE}: it gives off heat without any gas (0 K energies of the table)"
            if exothermic
            else f"no measured enthalpy and entropy of {side.formula}: no temperature",
        )
    elements = frozenset({*side.elements, "C", "O"})
    phases = HotPhases.measured(elements)
    known = measured_substances()[side.reduced_formula]
    units = side.atoms / parse(side.reduced_formula).atoms
    system = HotSystem(phases, elements, {"CO": pressure}, *range_K, [graphite()])
    found = system.alone(side, known.formation_enthalpy_eV * units, known.entropy_eV_per_K * units)
    if found[0].energy[0] < -HEAT_eV_per_atom and _falls_when_cold(found[0]):
        return Carbothermic(
            side.formula, pressure, None, None, found[0].reaction, energy, FAVOURABLE
        )
    for reaction in found:
        crossed = reaction.crossing(-HEAT_eV_per_atom)
        if crossed is not None:
            return Carbothermic(
                side.formula,
                pressure,
                crossed[0],
                MEASURED_ERROR_K,
                reaction.reaction,
                energy,
                f"reduced above {crossed[0]:.0f} K",
            )
    return Carbothermic(
        side.formula, pressure, None, None, None, energy, f"not reduced up to {range_K[1]:g} K"
    )


def graphite() -> Solid:
    """Carbon in excess, with its measured entropy."""
    return Solid("C", Potential(0.0, -measured_substances()["C"].entropy_eV_per_K))


def _falls_when_cold(reaction: HotReaction) -> bool:
    """Whether the reaction gives off heat: the line through its first piece, taken to 0 K."""
    (t0, t1), (e0, e1) = reaction.temperature_K[:2], reaction.energy[:2]
    return t1 <= t0 or e0 - (e1 - e0) / (t1 - t0) * t0 < 0.0


def _at_0K(table: PhaseTable, side: Composition) -> tuple[float | None, str | None]:
    elements = {*side.elements, "C"}
    if not elements <= set(table.elements):
        return None, None
    mixture = Mixture(ChemicalSystem.of(table, elements), [side, _CARBON])
    own = phase_energy(table, side)
    hull = own.energy - (own.e_above_hull or 0.0) * side.atoms
    worst = mixture.most_negative(mixture.cost(0.0), mixture.given([hull, 0.0], 0.0))
    if worst.energy == 0.0:
        return 0.0, None
    return worst.energy, mixture.reaction(worst.vertex, worst.fractions)[0]
