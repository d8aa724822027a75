"""Ternary phase diagrams: which three phases stand side by side, and the ion's potential there.

Three conserved elements make a triangle. Closed, these are the ion and two others, and each field
of three phases fixes the potential of the ion: mu_ion is the value of the plane through the three
energies per atom at the ion's corner. Open to the ion at a voltage, the three are the elements
besides it, and energies are grand potentials per atom that is not the ion.

Fields are the faces of the lower hull over the triangle. There are few phases on it, so every three
of them are tried: a field is where no other phase lies below their plane.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import DataError
from ..core.ions import charge_of
from ..core.record import Record
from ..core.tolerances import AMOUNT, FACE_eV
from ..phases.table import PhaseTable, Provenance

__all__ = ["TernaryDiagram", "TernaryField", "TernaryPhase", "ternary_diagram"]

FloatArray = npt.NDArray[np.float64]

T = TypeVar("T")

_CORNERS = 3


@dataclass(frozen=True, slots=True)
class TernaryPhase(Record):
    """A phase on the hull.

    Attributes
    ----------
    formula : str
    fractions : tuple of 3 float
        Of the elements at the corners.
    """

    formula: str
    fractions: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class TernaryField(Record):
    """Three phases side by side.

    Attributes
    ----------
    phases : tuple of 3 int
        Places in the list of phases.
    voltage_V : float or None
        Potential of the ion where the three meet [V vs its metal]; None where it was given.
    """

    phases: tuple[int, int, int]
    voltage_V: float | None


@dataclass(frozen=True, slots=True)
class TernaryDiagram(Record):
    """A triangle of three conserved elements.

    Attributes
    ----------
    formula : str
    working_ion : str
    corners : tuple of 3 str
    voltage_V : float or None
        At which the triangle is open to the ion; None is closed.
    fractions : tuple of 3 float
        Of the composition that was asked for.
    phases : tuple of TernaryPhase
    fields : tuple of TernaryField
    dataset : Provenance
    """

    formula: str
    working_ion: str
    corners: tuple[str, str, str]
    voltage_V: float | None
    fractions: tuple[float, float, float]
    phases: tuple[TernaryPhase, ...]
    fields: tuple[TernaryField, ...]
    dataset: Provenance


def ternary_diagram(
    table: PhaseTable, composition: Composition, ion: str = "Li", voltage_V: float | None = None
) -> TernaryDiagram:
    """The triangle that a composition lies in.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
        Of the ion and two elements (closed), or of three elements besides it (open, at a voltage).
    ion : str
    voltage_V : float, optional
        Potential of the ion, for a triangle that is open to it.

    Returns
    -------
    TernaryDiagram

    Raises
    ------
    DataError
        If there are not three conserved elements, or a voltage is missing or one too many.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas(
    ...     {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}
    ... )
    >>> found = ternary_diagram(table, parse("Li3PS4"))
    >>> found.corners, len(found.phases), len(found.fields)
    (('Li', 'P', 'S'), 7, 6)
    >>> sorted(round(field.voltage_V, 3) for field in found.fields)
    [0.0, 1.2, 1.84, 1.973, 2.1, 2.183]
    """
    charge = charge_of(ion)
    besides = sorted(set(composition.elements) - {ion})
    closed = len(besides) == _CORNERS - 1
    if not closed and len(besides) != _CORNERS:
        raise DataError(
            f"{composition.formula}: a triangle has three corners: {ion} and two other elements, "
            f"or three other elements at a voltage; here are {ion} and "
            f"{', '.join(besides) or 'nothing else'}"
        )
    if closed and voltage_V is not None:
        raise DataError(
            f"{composition.formula}: its triangle has {ion} at a corner, and shows every voltage: "
            "leave the voltage out"
        )
    if not closed and voltage_V is None:
        raise DataError(
            f"{composition.formula}: a triangle of {', '.join(besides)} is open to {ion}: give the "
            "voltage"
        )
    corners = [ion, *besides] if closed else besides
    table.require([ion, *besides])
    phases = table.within([ion, *besides]).competitors()
    amounts = phases.matrix(corners).T
    energies = phases.formation_energy_per_atom * phases.atoms
    if voltage_V is not None:
        energies = energies + charge * voltage_V * phases.matrix([ion])[0]
    atoms = amounts.sum(axis=1)
    rows = [row for row in np.argsort(phases.formulas, kind="stable") if atoms[row] > 0.0]
    rows = _lowest(amounts, energies, atoms, rows)
    fractions = amounts[rows] / atoms[rows, None]
    found = _fields(fractions, energies[rows] / atoms[rows])
    used = sorted({place for places, _ in found for place in places})
    renamed = {place: i for i, place in enumerate(used)}
    asked = np.array([composition.amount(element) for element in corners])
    return TernaryDiagram(
        formula=composition.formula,
        working_ion=ion,
        corners=_three(corners),
        voltage_V=voltage_V,
        fractions=_three((asked / asked.sum()).tolist()),
        phases=tuple(
            TernaryPhase(str(phases.formulas[rows[p]]), _three(fractions[p].tolist())) for p in used
        ),
        fields=tuple(
            TernaryField(
                _three([renamed[place] for place in places]),
                max(0.0, -float(potentials[0]) / charge) if closed else None,
            )
            for places, potentials in found
        ),
        dataset=table.provenance,
    )


def _three(values: Sequence[T]) -> tuple[T, T, T]:
    a, b, c = values
    return a, b, c


def _lowest(
    amounts: FloatArray, energies: FloatArray, atoms: FloatArray, rows: Sequence[int]
) -> list[int]:
    """The lowest phase of every place in the triangle."""
    lowest: dict[tuple[float, ...], int] = {}
    for row in rows:
        place = tuple(np.round(amounts[row] / atoms[row], 9).tolist())
        held = lowest.get(place)
        if held is None or energies[row] / atoms[row] < energies[held] / atoms[held]:
            lowest[place] = int(row)
    return list(lowest.values())


def _fields(
    fractions: FloatArray, energies: FloatArray
) -> list[tuple[tuple[int, int, int], FloatArray]]:
    """Faces of the lower hull, each with the potentials of the elements at the corners."""
    found: list[tuple[tuple[int, int, int], FloatArray]] = []
    for places in itertools.combinations(range(len(energies)), _CORNERS):
        corner = fractions[list(places)]
        if abs(np.linalg.det(corner)) < AMOUNT:
            continue  # on one line
        potentials = np.linalg.solve(corner, energies[list(places)])
        if np.all(energies - fractions @ potentials > -FACE_eV):
            found.append((_three(places), np.asarray(potentials, np.float64)))
    return found
