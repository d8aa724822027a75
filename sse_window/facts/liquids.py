"""Compounds that are liquids at room temperature: no part of a solid layer."""

from __future__ import annotations

from ..core.composition import parse

__all__ = ["LIQUIDS"]

_FORMULAS = """
    Br2 H2O H2O2 N2H4 HNO3 H2SO4 HClO4 H3PO2 HN3
    S2Cl2 SCl2 SOCl2 SO2Cl2 SO3 S2Br2 SeOCl2 Se2Cl2 CS2
    PCl3 PBr3 POCl3 PSCl3 AsCl3 AsF3 SbF5 SbCl5
    BBr3 SiCl4 SiBr4 Si2Cl6 SiHCl3 GeCl4 SnCl4 PbCl4 TiCl4 CCl4 CHCl3 VCl4 VOCl3 CrO2Cl2
    BrF3 BrF5 IF5 ICl Cl2O7 Cl2O6 Mn2O7 SeF4 B5H9
    Ni(CO)4 Fe(CO)5 OsF6 ReF6 IrF6
"""

LIQUIDS = frozenset(parse(formula).reduced_formula for formula in _FORMULAS.split())
"""Reduced formulas of molecules that melt below about 35 C and boil above it at 1 bar (CRC Handbook
of Chemistry and Physics, physical constants of inorganic compounds). Metals that melt so
low (Hg, Ga, Cs) are not among them: they stay where they form."""
