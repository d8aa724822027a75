"""Working ions, voltages and the constants of unit conversion.

Signs: the chemical potential of the working ion M is relative to its metal, mu_M <= 0, and the
voltage is V = -mu_M / (z e), in V vs M/M(z+). Energies are in eV, volumes in cubic angstrom,
amounts in atoms or formula units.
"""

from .errors import FormulaError

__all__ = [
    "CHARGE",
    "FARADAY_CONSTANT_C_PER_MOL",
    "charge_of",
    "specific_capacity_mAh_per_g",
]

CHARGE: dict[str, int] = {"Li": 1, "Na": 1, "K": 1, "Mg": 2, "Ca": 2, "Zn": 2, "Al": 3}
"""Charge number z of every working ion."""

FARADAY_CONSTANT_C_PER_MOL = 96485.33212
"""Exact since the SI of 2019 (CODATA 2018)."""


def charge_of(ion: str) -> int:
    """Charge number z of a working ion.

    Parameters
    ----------
    ion : str
        Symbol of the metal.

    Returns
    -------
    int

    Raises
    ------
    FormulaError
        If `ion` is not a supported working ion.

    Examples
    --------
    >>> charge_of("Mg")
    2
    """
    try:
        return CHARGE[ion]
    except (KeyError, TypeError):
        raise FormulaError(f"no working ion {ion!r}: choose one of {', '.join(CHARGE)}") from None


def specific_capacity_mAh_per_g(ions: float, charge: int, molar_mass: float) -> float:
    """Charge stored per mass, Q = n z F / (3.6 M).

    Parameters
    ----------
    ions : float
        Ions exchanged per formula unit, n.
    charge : int
        Charge number z of the ion.
    molar_mass : float
        Molar mass M of the formula unit [g/mol].

    Returns
    -------
    float
        Specific capacity [mAh/g].

    Examples
    --------
    LiCoO2 gives up one lithium at 273.8 mAh/g.

    >>> round(specific_capacity_mAh_per_g(1, 1, 97.873), 1)
    273.8
    """
    return ions * charge * FARADAY_CONSTANT_C_PER_MOL / (3.6 * molar_mass)
