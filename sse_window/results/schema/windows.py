"""Columns of stability windows and voltage profiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .column import (
    DISTRIBUTION,
    NOTES,
    ORIGIN,
    STATUS,
    Column,
    formula,
    formulas,
    interphase,
    truth,
    volts,
)

__all__ = ["OF_WINDOW", "PROFILE", "WINDOW", "window_analyses"]

_SIDES = (("reduction", "Reduction"), ("oxidation", "Oxidation"))


def _limit_reactions() -> Iterator[Column]:
    for side, label in _SIDES:
        yield formulas(f"{side}_reaction", f"{label} reaction", f"{side}.reaction")
        yield formulas(f"{side}_products", f"{label} products", f"{side}.products")
        gases = formulas(f"{side}_gases", f"{label} gases", f"{side}.gases")
        yield replace(gases, separator=" ")


def window_analyses() -> Iterator[Column]:
    """What the limits rest on, and how certain they are."""
    for side, label in _SIDES:
        element = Column(f"{side}_element", f"{label}: element", missing="unknown")
        yield replace(element, path=f"redox_elements.{side}.element", optional=True)
    for side, label in _SIDES:
        at = f"sensitivity.{side}"
        phase = formula(f"{side}_limiting_phase", f"{label}: limiting phase", "none")
        yield replace(phase, path=f"{at}.limiting_phase", optional=True)
        without = volts(f"{side}_potential_without_it_V", f"{label} without it")
        yield replace(without, path=f"{at}.voltage_without_V", optional=True)
    for side, label in _SIDES:
        for key, said in DISTRIBUTION:
            column = volts(f"{side}_{key}_V", f"{label}, {said}", missing="no limit")
            yield replace(column, path=f"uncertainty.{side}.{key}_V", optional=True)
    for side, label in _SIDES:
        spread = volts(f"{side}_spread_V", f"{label}, spread of databases")
        yield replace(spread, path=f"spread.{side}_spread_V", optional=True)
        differ = truth(f"{side}_products_differ", f"{label}: products differ")
        yield replace(differ, path=f"spread.{side}_products_differ", optional=True)


OF_WINDOW = (
    formula("reduced_formula", "Reduced formula"),
    Column("working_ion", "Working ion", missing="unknown"),
    truth("in_dataset", "In dataset"),
    Column("e_above_hull_eV_per_atom", "Above hull", "number", "eV/atom", 4, "unknown", shown=8),
    Column("window_basis", "Basis", missing="unknown"),
    volts("reduction_potential_V", "Reduction", shown=6),
    volts("oxidation_potential_V", "Oxidation", missing="no limit", shown=7),
    volts("window_width_V", "Width", missing="no limit"),
    truth("stable_against_metal", "Stable against metal"),
    Column("decomposition_energy_0V_eV_per_atom", "E_D at 0 V", "number", "eV/atom", 3, "unknown"),
    Column(
        "decomposition_energy_0V_on_hull_eV_per_atom",
        "E_D at 0 V less above hull",
        "number",
        "eV/atom",
        3,
        "unknown",
    ),
    volts("tolerance_low_V", "Tolerated from", "tolerance_window_V.0"),
    volts("tolerance_high_V", "Tolerated up to", "tolerance_window_V.1", missing="no limit"),
    Column("tolerance_eV_per_atom", "Tolerance", "number", "eV/atom", 3, "unknown"),
    *_limit_reactions(),
)

WINDOW = (
    formula("formula", "Formula", shown=1),
    *OF_WINDOW,
    *interphase(optional=True),
    *window_analyses(),
    *NOTES,
    STATUS[0],
    *ORIGIN,
)
"""A stability window, with the analyses that were asked for."""

PROFILE = (
    formula("formula", "Formula", shown=1),
    Column("working_ion", "Working ion"),
    Column("window_basis", "Basis"),
    volts("voltage_low_V", "From", "steps.voltage_low_V", shown=2),
    volts("voltage_high_V", "To", "steps.voltage_high_V", missing="open", shown=3),
    Column(
        "ion_exchange", "Ions exchanged", "number", "per formula", 3,
        path="steps.ion_exchange", shown=4,
    ),
    replace(formulas("reaction", "Reaction", "steps.reaction"), shown=5),
    *(
        Column(
            f"decomposition_energy_{end}_eV_per_atom", f"E_D at {end} V", "number", "eV/atom", 3,
            "open", f"steps.decomposition_energy_{end}_eV_per_atom",
        )
        for end in ("low", "high")
    ),
    formulas("products", "Products", "steps.products"),
    replace(formulas("gases", "Gases", "steps.gases"), separator=" "),
    *ORIGIN,
)  # fmt: skip
"""One step of a voltage profile: the path starts at the window, and goes through one step."""
