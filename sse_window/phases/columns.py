"""Columns of a table of phases beside formula and energies: one list of what they are.

Files, the user's tables, the live source and the merging of tables all read this list, so that a
further property is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "E_ABOVE_HULL",
    "FORMATION_ENERGY",
    "PROPERTIES",
    "Property",
    "absent",
    "column_of",
    "filled",
    "holds_numbers",
]

FORMATION_ENERGY = "formation_energy_per_atom_eV"
"""Formation energy; elements in their reference state are 0 [eV/atom]."""

E_ABOVE_HULL = "e_above_hull_eV_per_atom"
"""Energy above the hull of the phases of the same table [eV/atom]."""

Kind = Literal["number", "positive", "text", "truth"]


@dataclass(frozen=True, slots=True)
class Property:
    """One further column of a table of phases; every value may be missing.

    Attributes
    ----------
    kind : str
        ``number``, ``positive`` (a number that is not negative), ``text`` or ``truth``.
    meaning : str
        With the unit.
    source : str or None
        Column that says where its values come from.
    of_one_calculation : bool
        Not true of another energy of the same composition.
    """

    kind: Kind
    meaning: str
    source: str | None = None
    of_one_calculation: bool = False


PROPERTIES: dict[str, Property] = {
    "band_gap_eV": Property(
        "positive", "band gap, measured where it was, else computed [eV]", "band_gap_source"
    ),
    "band_gap_source": Property("text", "origin of the band gap"),
    "band_gap_computed_eV": Property(
        "positive", "computed (PBE) band gap [eV]", "band_gap_computed_source"
    ),
    "band_gap_computed_source": Property("text", "origin of the computed band gap"),
    "band_gap_other_computed_eV": Property(
        "positive",
        "computed band gap of another database, beside the first [eV]",
        "band_gap_other_computed_source",
    ),
    "band_gap_other_computed_source": Property("text", "origin of the other computed band gap"),
    "volume_per_atom_A3": Property("positive", "volume per atom [cubic angstrom]", "volume_source"),
    "volume_source": Property("text", "origin of the volume"),
    "measured_formation_energy_per_atom_eV": Property(
        "number", "measured standard enthalpy of formation at 298 K [eV/atom]", "measured_source"
    ),
    "measured_uncertainty_eV_per_atom": Property(
        "positive", "uncertainty of the measured enthalpy [eV/atom]"
    ),
    "measured_state": Property("text", "solid, liquid or gas, of the measured enthalpy"),
    "held_out_formation_energy_per_atom_eV": Property(
        "number",
        "calibrated energy by a fit that did not see the chemical system [eV/atom]",
        of_one_calculation=True,
    ),
    "measured_source": Property("text", "origin of the measured enthalpy"),
    "material_id": Property("text", "name of the calculation", of_one_calculation=True),
    "theoretical": Property("truth", "never made in a laboratory", of_one_calculation=True),
    "e_above_hull_MP_eV_per_atom": Property(
        "number", "energy above hull as the Materials Project serves it [eV/atom]"
    ),
    "reference_energy_per_atom_eV": Property(
        "number", "total energy of an element in its reference state [eV/atom]"
    ),
}
"""Known properties by column name; a dataset may carry others."""


def holds_numbers(name: str) -> bool:
    """Whether a column holds numbers, known or by the unit at the end of its name.

    Examples
    --------
    >>> holds_numbers("band_gap_eV"), holds_numbers("spin_gap_eV"), holds_numbers("material_id")
    (True, True, False)
    """
    known = PROPERTIES.get(name)
    if known is not None:
        return known.kind in ("number", "positive")
    return name.endswith(("_eV", "_eV_per_atom", "_A3"))


def absent(n: int, *, numbers: bool) -> npt.NDArray[Any]:
    """A column of `n` missing values: nan among numbers, else None."""
    return np.full(n, np.nan) if numbers else np.full(n, None, dtype=object)


def column_of(name: str, values: Iterable[Any]) -> npt.NDArray[Any]:
    """A column from values of which some may be None.

    Examples
    --------
    >>> column_of("volume_per_atom_A3", [12.5, None]).tolist()
    [12.5, nan]
    >>> column_of("material_id", ["mp-1", None]).tolist()
    ['mp-1', None]
    """
    given = list(values)
    column = absent(len(given), numbers=holds_numbers(name))
    for row, value in enumerate(given):
        if value is not None:
            column[row] = value
    return column


def filled(column: npt.NDArray[Any] | None, n: int, *, numbers: bool) -> npt.NDArray[Any]:
    """Copy a column so that it can hold missing values; all are missing where there is none."""
    if column is None:
        return absent(n, numbers=numbers)
    return column.astype(np.float64 if numbers else object)
