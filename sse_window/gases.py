"""Products that leave as gas."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["GASES", "released"]

GASES = frozenset(
    """
    H2 N2 O2 F2 Cl2 He Ne Ar Kr Xe
    CO CO2 CH4 C2H2 C2H4 C2H6 C3H8 H2S COS H2CO CNCl C2N2
    NH3 NO NO2 N2O ClNO FNO NF3 N2F4
    SO2 SF4 SF6 SO2F2 SeF6 TeF6
    HF HCl HBr HI ClF ClF3 OF2 O2F ClO2 Cl2O
    PH3 PF3 PF5 PClF2 POF3 AsH3 AsF5 AsF3
    SiH4 Si2H6 SiF4 GeH4 GeF4 BF3 BCl3 B2H6
    CF4 C2F6 CHF3 CF2O WF6 VF5 MoF6
    """.split()
)
"""Reduced formulas of compounds that boil or sublime below about 25 C at 1 bar (CRC Handbook of
Chemistry and Physics, physical constants of inorganic and organic compounds), or, for the
pentafluorides and hexafluorides, slightly above with vapour pressures that count."""


def released(formulas: Iterable[str]) -> tuple[str, ...]:
    """The gases among reduced formulas, in the order given.

    Examples
    --------
    >>> released(["Li2O2", "O2", "La2O3"])
    ('O2',)
    """
    return tuple(formula for formula in formulas if formula in GASES)
