"""How far a dataset's formation energies are from measured standard enthalpies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..core.composition import parse
from ..core.errors import DataError
from ..core.record import Record
from .energy_classes import CLASSES, energy_class
from .table import PhaseTable

__all__ = [
    "MEASURED_FOR_A_CLASS",
    "AnionAccuracy",
    "Deviation",
    "LostPhase",
    "OFF_BY_eV_per_atom",
    "accuracy",
    "deviations_by_class",
    "lost_phases",
    "off_by",
]

OFF_BY_eV_per_atom = 0.1
"""Deviation from measurement that a result has to mention: four times the scatter of DFT reaction
energies between oxides (0.024 eV/atom, https://doi.org/10.1103/PhysRevB.85.155208)."""

MEASURED_FOR_A_CLASS = 5
"""Measured compounds of a class below which their mean deviation says little of the others."""

_APART = ("alloy", "molecule")
"""Classes that are not counted among all: metals with each other, where a deviation means less, and
gases and liquids, which are no phases of a solid."""

_COLUMN = "measured_formation_energy_per_atom_eV"
_SOURCE = "measured_source"
_STATE = "measured_state"


@dataclass(frozen=True, slots=True)
class AnionAccuracy(Record):
    """Agreement of one dataset with measurement, for the compounds of one class or element.

    Attributes
    ----------
    dataset_name, dataset_date, dataset_sha256 : str
    anion : str
        Class of compounds by their anion ("sulfide"), symbol of an element, or "all": all solids
        but alloys.
    compounds : int
        Compounds that have been measured.
    bias_eV_per_atom : float
        Median of the deviations, dataset minus measurement: negative is too stable.
    mean_absolute_deviation_eV_per_atom : float
    """

    dataset_name: str
    dataset_date: str
    dataset_sha256: str
    anion: str
    compounds: int
    bias_eV_per_atom: float
    mean_absolute_deviation_eV_per_atom: float


@dataclass(frozen=True, slots=True)
class Deviation(Record):
    """A phase whose energy is known to be off.

    Attributes
    ----------
    formula : str
    formation_energy_per_atom_eV, measured_formation_energy_per_atom_eV : float
    deviation_eV_per_atom : float
        Dataset minus measurement: negative is too stable.
    source : str or None
        Where the measured value comes from.
    """

    formula: str
    formation_energy_per_atom_eV: float
    measured_formation_energy_per_atom_eV: float
    deviation_eV_per_atom: float
    source: str | None


@dataclass(frozen=True, slots=True)
class LostPhase(Record):
    """A solid that was made and measured, which a dataset puts above its hull.

    Attributes
    ----------
    formula : str
    e_above_hull_eV_per_atom : float
    deviation_eV_per_atom : float
        Dataset minus measurement: how much of that is an error of the dataset.
    source : str or None
        Where the measured value comes from.
    """

    formula: str
    e_above_hull_eV_per_atom: float
    deviation_eV_per_atom: float
    source: str | None


def accuracy(
    table: PhaseTable, by: Literal["class", "element"] = "class"
) -> tuple[AnionAccuracy, ...]:
    """Bias and mean absolute deviation of formation energies from measured enthalpies.

    Measured values are standard enthalpies at 298 K, calculated ones energies at 0 K: the
    difference between the two is of the order of 0.01 eV/atom and not corrected.

    Parameters
    ----------
    table : PhaseTable
    by : {"class", "element"}
        Count each compound once, in its class (sulfides apart from sulfates), or under each of its
        elements. Alloys and molecules are no part of "all" and stand at the end of the classes;
        they do not count under elements.

    Returns
    -------
    tuple of AnionAccuracy
        All compounds first, then groups by falling number of compounds.

    Raises
    ------
    DataError
        If no phase of the table has a measured enthalpy.

    Examples
    --------
    >>> from sse_window.sources.datasets import load
    >>> sulfates = [row for row in accuracy(load("mp-legacy")) if row.anion == "sulfate"][0]
    >>> sulfates.compounds, round(sulfates.bias_eV_per_atom, 2)
    (40, -0.35)
    """
    by_class = _rows_by_class(table)
    deviations = energy_deviations(table)
    if not by_class:
        raise DataError(
            f"dataset {table.provenance.name!r} holds no measured enthalpies to compare with: "
            "the packaged datasets do"
        )
    counted = sorted(row for c, rows in by_class.items() if c not in _APART for row in rows)
    groups: dict[str, list[int]] = {}
    if by == "class":
        groups = {name: rows for name, rows in by_class.items() if name not in _APART}
    else:
        for row in counted:
            for element in table.composition(row):
                groups.setdefault(element, []).append(row)
    order = sorted(groups, key=lambda name: (-len(groups[name]), name))
    listed = [("all", counted)] if counted else []
    listed += [(name, groups[name]) for name in order]
    if by == "class":
        listed += [(name, by_class[name]) for name in _APART if name in by_class]
    return tuple(
        AnionAccuracy(
            dataset_name=table.provenance.name,
            dataset_date=table.provenance.date,
            dataset_sha256=table.provenance.sha256,
            anion=name,
            compounds=len(members),
            bias_eV_per_atom=float(np.median(deviations[members])),
            mean_absolute_deviation_eV_per_atom=float(np.abs(deviations[members]).mean()),
        )
        for name, members in listed
    )


def deviations_by_class(table: PhaseTable) -> dict[str, npt.NDArray[np.float64]]:
    """Deviations from measurement of the compounds of each class.

    Parameters
    ----------
    table : PhaseTable

    Returns
    -------
    dict of str to ndarray of float
        Dataset minus measurement [eV/atom].
    """
    deviations = energy_deviations(table)
    return {name: deviations[rows] for name, rows in _rows_by_class(table).items()}


def _rows_by_class(table: PhaseTable) -> dict[str, list[int]]:
    states = table.properties.get(_STATE)
    found: dict[str, list[int]] = {}
    for row in _measured_rows(table).tolist():
        molecule = states is not None and states[row] in ("liquid", "gas")
        name = "molecule" if molecule else energy_class(table.composition(row))
        if name is not None:
            found.setdefault(name, []).append(row)
    return {name: found[name] for name in CLASSES if name in found}


def off_by(
    table: PhaseTable, formulas: Iterable[str], threshold: float = OFF_BY_eV_per_atom
) -> tuple[Deviation, ...]:
    """Phases whose energies are known to deviate from measurement, largest deviation first.

    Parameters
    ----------
    table : PhaseTable
    formulas : iterable of str
        Formulas of any form, such as the products of a reaction; those that are not in the table,
        or not measured, say nothing.
    threshold : float
        [eV/atom]

    Returns
    -------
    tuple of Deviation

    Examples
    --------
    >>> from sse_window.sources.datasets import load
    >>> (sulfate,) = off_by(load("mp-legacy"), ["CoSO4", "Li2O"])
    >>> sulfate.formula, round(sulfate.deviation_eV_per_atom, 2)
    ('CoSO4', -0.35)
    """
    measured = table.properties.get(_COLUMN)
    if measured is None:
        return ()
    sources = table.properties.get(_SOURCE)
    deviations: dict[int, float] = {}
    for formula in formulas:
        row = table.index(formula)
        if row is None:
            row = table.index(parse(formula).reduced_formula)
        if row is not None:
            deviation = float(table.formation_energy_per_atom[row] - measured[row])
            if abs(deviation) > threshold:
                deviations[row] = deviation
    return tuple(
        Deviation(
            formula=str(table.formulas[row]),
            formation_energy_per_atom_eV=float(table.formation_energy_per_atom[row]),
            measured_formation_energy_per_atom_eV=float(measured[row]),
            deviation_eV_per_atom=deviations[row],
            source=None if sources is None else sources[row],
        )
        for row in sorted(deviations, key=lambda row: (-abs(deviations[row]), row))
    )


def lost_phases(table: PhaseTable, elements: Iterable[str]) -> tuple[LostPhase, ...]:
    """Measured solids within some elements that a dataset wrongly keeps out of every equilibrium.

    Lanthanides computed with the core of another oxidation state are the worst of them: limits of
    their compounds rest on what is left on the hull.

    Parameters
    ----------
    table : PhaseTable
    elements : iterable of str

    Returns
    -------
    tuple of LostPhase
        Those more than ``OFF_BY_eV_per_atom`` above the hull whose energy lies above measurement by
        as much, the furthest from the hull first.

    Examples
    --------
    >>> from sse_window.sources.datasets import load
    >>> [phase.formula for phase in lost_phases(load("mp-legacy"), ["Li", "Yb", "O"])]
    ['Yb2O3']
    """
    rows = _lost_rows(table)
    wanted = set(elements)
    sources = table.properties.get(_SOURCE)
    deviations = energy_deviations(table)
    found = [
        LostPhase(
            formula=str(table.formulas[row]),
            e_above_hull_eV_per_atom=float(table.e_above_hull[row]),
            deviation_eV_per_atom=float(deviations[row]),
            source=None if sources is None else sources[row],
        )
        for row in rows.tolist()
        if set(table.composition(row)) <= wanted
    ]
    return tuple(sorted(found, key=lambda p: (-p.e_above_hull_eV_per_atom, p.formula)))


def _lost_rows(table: PhaseTable) -> npt.NDArray[np.intp]:
    rows = _measured_rows(table)
    off = energy_deviations(table)[rows]
    lost = (table.e_above_hull[rows] > OFF_BY_eV_per_atom) & (off > OFF_BY_eV_per_atom)
    states = table.properties.get(_STATE)
    if states is not None:
        lost &= ~np.isin(states[rows].astype(str), ("liquid", "gas"))
    return rows[lost]


def far_off(deviation: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which deviations :func:`off_by` would name [eV/atom]; not those that are not known."""
    return np.asarray(np.abs(deviation) > OFF_BY_eV_per_atom)


def energy_deviations(table: PhaseTable) -> npt.NDArray[np.float64]:
    """Dataset minus measurement [eV/atom]; nan where nothing is measured."""
    measured = table.properties.get(_COLUMN)
    if measured is None:
        return np.full(len(table), np.nan)
    return np.asarray(table.formation_energy_per_atom - measured, dtype=np.float64)


def _measured_rows(table: PhaseTable) -> npt.NDArray[np.intp]:
    """Compounds with a measured enthalpy; elements are 0 by definition and show nothing."""
    return np.flatnonzero(np.isfinite(energy_deviations(table)) & (np.diff(table.offsets) > 1))
