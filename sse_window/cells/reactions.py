"""Worst reactions of an interface over the operating range of an electrode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.record import Record
from ..core.tolerances import ENERGY_eV_per_atom
from ..equilibria.interfaces import Interface
from ..equilibria.mixtures import MixingReaction

__all__ = ["ElectrochemicalReaction", "over_range"]


@dataclass(frozen=True, slots=True)
class ElectrochemicalReaction(Record):
    """Worst reactions open to the ion: at one end of the range, or over all of it.

    Attributes
    ----------
    voltage_V : float
        For ``worst`` the voltage of the worst mutual reaction; each reaction holds its own.
    at : str
        ``low``, ``high`` or ``worst``.
    total, mutual : MixingReaction
    """

    voltage_V: float
    at: str
    total: MixingReaction
    mutual: MixingReaction


def over_range(
    interface: Interface, low_V: float, high_V: float
) -> tuple[ElectrochemicalReaction, ...]:
    """Worst reactions at the low end, at the high end, and anywhere between.

    Parameters
    ----------
    interface : Interface
    low_V, high_V : float

    Returns
    -------
    tuple of ElectrochemicalReaction
    """
    ends = [
        ElectrochemicalReaction(voltage, at, found.total, found.mutual)
        for at, voltage in (("low", low_V), ("high", high_V))
        for found in [interface.electrochemical(voltage)]
    ]
    return (*ends, _worst(interface, interface.deciding_voltages_V(low_V, high_V)))


def _worst(interface: Interface, voltages: Sequence[float]) -> ElectrochemicalReaction:
    """Most negative total and most negative mutual reaction, each at its own voltage."""
    energies = [interface.electrochemical_energies(voltage) for voltage in voltages]
    total = interface.electrochemical(_lowest(voltages, [e.total for e in energies])).total
    mutual = interface.electrochemical(_lowest(voltages, [e.mutual for e in energies])).mutual
    # Where mixing adds nothing at any voltage, the voltage is that of the worst total reaction.
    leading = mutual if mutual.reaction_energy < 0.0 else total
    assert leading.voltage_V is not None
    return ElectrochemicalReaction(leading.voltage_V, "worst", total, mutual)


def _lowest(voltages: Sequence[float], energies: Sequence[float]) -> float:
    """Voltage of the most negative energy; of those that differ by rounding the lowest one."""
    least = min(energies)
    return min(
        voltage
        for voltage, energy in zip(voltages, energies, strict=True)
        if energy - least <= ENERGY_eV_per_atom
    )
