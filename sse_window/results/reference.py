"""The electrode that voltages are shown against; what is stored stays vs the metal."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.ions import CHARGE

__all__ = ["Reference"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference electrode of displayed voltages; stored values stay vs the metal.

    Attributes
    ----------
    label : str
        What stands after "V vs".
    plateau_V : float
        Its own potential [V vs the metal].

    Examples
    --------
    >>> Reference("Li-In", 0.62).show(2.62)
    '2.000'
    """

    label: str
    plateau_V: float = 0.0

    @classmethod
    def metal(cls, ion: str) -> Reference:
        """The metal of a working ion, e.g. ``Mg/Mg2+``."""
        charge = CHARGE[ion]
        return cls(f"{ion}/{ion}{charge if charge > 1 else ''}+")

    def of(self, voltage_V: float) -> float:
        """A voltage vs the metal [V], as seen from this reference."""
        return voltage_V - self.plateau_V

    def show(self, voltage_V: float | None, none: str = "no limit", digits: int = 3) -> str:
        """Text of a voltage vs the metal, as seen from this reference."""
        return none if voltage_V is None else f"{self.of(voltage_V):.{digits}f}"
