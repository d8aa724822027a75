"""What counts as conducting, as a path, as redox-active and as a small driving force."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from ..core.errors import DataError
from ..core.record import Record

__all__ = ["Thresholds"]


@dataclass(frozen=True, slots=True)
class Thresholds(Record):
    """What counts as conducting, as a path, as redox-active and as a small driving force.

    Attributes
    ----------
    band_gap_eV : float
        A phase below this gap conducts electrons. The default is for PBE gaps, which are about
        half of the measured ones.
    ionic_conductivity_S_per_cm : float
        A phase above it conducts ions: 100 nm of it cost 10^4 ohm cm2 in bulk form, and thin
        films conduct better than the crystals that are cited. Exactly at it a phase is unknown:
        numbers that round are orders of magnitude.
    percolation_volume_fraction : float
        A phase that fills this fraction of a volume at random connects across it in three
        dimensions (Scher, Zallen, J. Chem. Phys. 1970, 53, 3759). Ion conductors have to reach it;
        for electronic conductors it is reported.
    electronic_volume_fraction : float
        Electronic conductors that fill this fraction make class 3: in a layer of a few nanometres
        no random network is needed. Below it they do only if their traces connect, which is said.
    driving_force_eV_per_atom : float
        A smaller driving force, per atom of the electrolyte, may not overcome the barrier of
        nucleating new phases: garnets that stay on lithium have up to this much (undoped 0.014,
        with Al 0.028, with Ta 0.050 eV/atom).
    redox_capacity_mAh_per_g : float
        Products in which elements of the electrolyte exchange this charge within the operating
        range are redox-active. 50 mAh/g is a quarter of what an electrode material exchanges, and
        more than the energies at hand are uncertain by.

    Raises
    ------
    DataError
        If a threshold is negative or not a number, or a volume fraction exceeds 1.

    Examples
    --------
    >>> Thresholds(band_gap_eV=1.0).to_dict()["band_gap_eV"]
    1.0
    """

    band_gap_eV: float = 0.5
    ionic_conductivity_S_per_cm: float = 1e-9
    percolation_volume_fraction: float = 0.16
    electronic_volume_fraction: float = 0.05
    driving_force_eV_per_atom: float = 0.06
    redox_capacity_mAh_per_g: float = 50.0

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            largest = 1.0 if entry.name.endswith("fraction") else math.inf
            if not (0.0 <= value <= largest and math.isfinite(value)):
                raise DataError(
                    f"threshold {entry.name} = {value:g}: give a number from 0 to "
                    + ("1" if largest == 1.0 else "any finite value")
                )
