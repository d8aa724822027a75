"""Products that leave as gas."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.composition import parse

__all__ = ["GASES", "LIMIT_AT_0_K", "limit_note", "released"]

_FORMULAS = """
    H2 N2 O2 F2 Cl2 He Ne Ar Kr Xe
    CO CO2 CH4 C2H2 C2H4 C2H6 C3H8 CH2O COS HCN ClCN C2N2
    NH3 NO NO2 N2O NOCl NOF NF3 N2F4 N2F2
    H2S H2Se H2Te SO2 SF4 SF6 SO2F2 SOF2 SeF6 TeF6
    HF HCl HBr HI ClF ClF3 OF2 O2F2 ClO2 Cl2O
    PH3 PF3 PF5 POF3 AsH3 AsF5
    SiH4 Si2H6 SiF4 GeH4 GeF4 SnH4 BF3 BCl3 B2H6
    CF4 C2F6 CHF3 CH3F CH2F2 COF2 CF3Cl WF6 MoF6
"""

GASES = frozenset(parse(formula).reduced_formula for formula in _FORMULAS.split())
"""Reduced formulas of compounds that boil or sublime below about 35 C at 1 bar (CRC Handbook of
Chemistry and Physics, physical constants of inorganic and organic compounds)."""


LIMIT_AT_0_K = "energies at 0 K put a limit with a gas 0.2 to 0.3 V high at 25 C and 1 bar"
"""Said at every step that releases one: the entropy of the gas is missing (chlorine over lithium
chloride 4.26 V, at 25 C and 1 bar 3.98 V)."""


def released(formulas: Iterable[str]) -> tuple[str, ...]:
    """Gases among reduced formulas, in the order given.

    Examples
    --------
    >>> released(["Li2O2", "O2", "H4C"])
    ('O2', 'H4C')
    """
    return tuple(formula for formula in formulas if formula in GASES)


def limit_note(gases: Iterable[str], warm: Iterable[str]) -> str | None:
    """What to bear in mind at a step that releases gases; None where none of them is at 0 K.

    Parameters
    ----------
    gases : iterable of str
        Released, by reduced formula.
    warm : iterable of str
        Gases whose energies stand at a temperature.

    Examples
    --------
    >>> limit_note(["Cl2"], warm=["Cl2", "O2"]) is None
    True
    >>> limit_note(["Cl2", "H4C"], warm=["Cl2"])
    'energies at 0 K put a limit with a gas 0.2 to 0.3 V high at 25 C and 1 bar'
    """
    return LIMIT_AT_0_K if set(gases) - set(warm) else None
