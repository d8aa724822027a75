"""How far the formation energies of two datasets lie apart, by class of compounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import DataError
from ..core.record import Record
from .energy_classes import CLASSES, energy_class
from .table import PhaseTable

__all__ = ["Distance", "NEAR_HULL_eV_per_atom", "distances"]

NEAR_HULL_eV_per_atom = 0.03
"""Compounds that both datasets put at most so far above their hulls are counted: those that take
part in equilibria, or nearly so. Of others, two databases often hold different polymorphs."""


@dataclass(frozen=True, slots=True)
class Distance(Record):
    """Two datasets, for the compounds of one class.

    Attributes
    ----------
    dataset_name, other_name : str
    anion : str
        Class of compounds, or "all": all but alloys.
    compounds : int
        In both datasets, near both hulls.
    median_eV_per_atom : float
        Of the first minus the other.
    mean_absolute_distance_eV_per_atom : float
    """

    dataset_name: str
    other_name: str
    anion: str
    compounds: int
    median_eV_per_atom: float
    mean_absolute_distance_eV_per_atom: float


def distances(table: PhaseTable, other: PhaseTable) -> tuple[Distance, ...]:
    """Compare the energies of all compounds that two datasets hold near their hulls.

    Parameters
    ----------
    table, other : PhaseTable

    Returns
    -------
    tuple of Distance
        All compounds but alloys first, then classes by falling number of compounds, alloys last.

    Raises
    ------
    DataError
        If they have no such compound in common.

    Examples
    --------
    >>> first = PhaseTable.from_formulas({"Li2S": -1.4, "LiCl": -2.0})
    >>> second = PhaseTable.from_formulas({"Li2S": -1.5, "LiBr": -1.9})
    >>> [(d.anion, round(d.median_eV_per_atom, 3)) for d in distances(first, second)]
    [('all', 0.1), ('sulfide', 0.1)]
    """
    own, theirs = (_near_hull(t) for t in (table, other))
    differences: dict[str, list[float]] = {}
    for formula in sorted(own.keys() & theirs.keys()):
        name = energy_class(table.composition(own[formula]))
        if name is not None:
            apart = (
                table.formation_energy_per_atom[own[formula]]
                - other.formation_energy_per_atom[theirs[formula]]
            )
            differences.setdefault(name, []).append(float(apart))
    if not differences:
        raise DataError(
            f"datasets {table.provenance.name!r} and {other.provenance.name!r} have no compound "
            "in common"
        )
    counted = [d for name, values in differences.items() if name != "alloy" for d in values]
    order = sorted(
        differences, key=lambda n: (n == "alloy", -len(differences[n]), CLASSES.index(n))
    )
    groups = [("all", counted)] if counted else []
    groups += [(name, differences[name]) for name in order]
    return tuple(
        Distance(
            dataset_name=table.provenance.name,
            other_name=other.provenance.name,
            anion=name,
            compounds=len(values),
            median_eV_per_atom=float(np.median(values)),
            mean_absolute_distance_eV_per_atom=float(np.abs(values).mean()),
        )
        for name, values in groups
    )


def _near_hull(table: PhaseTable) -> dict[str, int]:
    """Row of every formula that may take part in an equilibrium, or nearly so."""
    above = table.e_above_hull
    rows = np.flatnonzero(table.competing | (above <= NEAR_HULL_eV_per_atom))
    return dict(zip(table.formulas[rows].tolist(), rows.tolist(), strict=True))
