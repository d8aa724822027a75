"""Atmospheres in which cells are made: which gases are exchanged, and at which pressure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.composition import Composition, parse
from ..core.errors import DataError, FormulaError
from ..core.record import Record
from ..facts.thermochemistry import gas_properties

__all__ = ["ATMOSPHERES", "Atmosphere", "atmosphere"]

ATMOSPHERES: Mapping[str, Mapping[str, float]] = {
    "air": {"O2": 0.21},
    "wet-air": {"O2": 0.21, "H2O": 0.03, "CO2": 0.0004},
    "O2": {"O2": 1.0},
    "N2": {"N2": 1.0},
    "Ar": {},
    "CO2": {"CO2": 1.0},
    "CO": {"CO": 1.0},
    "H2": {"H2": 1.0},
    "H2O": {"H2O": 1.0},
    "Cl2": {"Cl2": 1.0},
    "SO2": {"SO2": 1.0},
    "S2": {"S2": 1.0},
}
"""Pressures in bar. Nitrogen of air counts as inert; moist air is that above water at 24 C, with
the carbon dioxide of the open air."""

_WITH_ANYTHING = frozenset({"O2", "H2"})
"""Gases that burn or reduce what holds none of their element."""


@dataclass(frozen=True, slots=True)
class Atmosphere(Record):
    """Gases that are exchanged.

    Attributes
    ----------
    name : str
        As asked for, with every pressure that was given.
    pressure_bar : dict of str to float
    """

    name: str
    pressure_bar: dict[str, float]


def _holds_carbon(sides: Iterable[Composition]) -> bool:
    """Whether one of the sides is carbon, which makes carbon monoxide of any oxide."""
    return any(set(side.elements) == {"C"} for side in sides)


def atmosphere(
    name: str, pressures_bar: Mapping[str, float], sides: Iterable[Composition]
) -> Atmosphere:
    """A known atmosphere, or one of it with other gases and pressures.

    Parameters
    ----------
    name : str
        One of :data:`ATMOSPHERES`, case ignored.
    pressures_bar : mapping of str to float
        Gases to add, or whose pressure to change.
    sides : iterable of Composition
        What stands in it. Carbon in a gas without oxygen makes carbon monoxide, at 1 bar unless its
        pressure is given.

    Returns
    -------
    Atmosphere

    Raises
    ------
    FormulaError
        If there is no such atmosphere, or none of its gases has an element of the sides.
    DataError
        If there are no data of a gas, or a pressure is not positive.

    Examples
    --------
    >>> atmosphere("air", {"CO2": 0.0004}, [parse("LiCoO2")]).pressure_bar
    {'O2': 0.21, 'CO2': 0.0004}
    """
    by_name = {known.casefold(): known for known in ATMOSPHERES}
    known = by_name.get(name.casefold())
    if known is None:
        raise FormulaError(
            f"no atmosphere {name!r}: choose one of {', '.join(ATMOSPHERES)}, and give other gases "
            "with --pressure GAS=BAR"
        )
    gases = dict(ATMOSPHERES[known])
    for formula, pressure in pressures_bar.items():
        gas = gas_properties(formula).formula
        if not (math.isfinite(pressure) and pressure > 0.0):
            raise DataError(f"pressure of {gas} is {pressure:g} bar: give a number above 0")
        gases[gas] = pressure
    sides = tuple(sides)
    elements = {element for side in sides for element in side.elements}
    if _holds_carbon(sides) and not set(gases) & {"O2", "CO2", "CO", "H2O"}:
        gases["CO"] = 1.0
    asked = {gas_properties(formula).formula for formula in pressures_bar}
    meets = [
        gas
        for gas in gases
        if gas in asked or gas in _WITH_ANYTHING or elements & set(parse(gas).elements)
    ]
    if not meets:
        holds = f"holds {', '.join(gases)}, but no gas" if gases else "holds no gas"
        raise FormulaError(
            f"the atmosphere {known} {holds} of the elements {', '.join(sorted(elements))}: choose "
            "another one, or give the pressure of one, such as --pressure O2=1e-6"
        )
    given = ", ".join(f"{gas} {pressure:g} bar" for gas, pressure in gases.items())
    return Atmosphere(f"{known} ({given})", gases)
