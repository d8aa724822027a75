"""What the fit of a calibrated dataset says of compounds that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import DataError
from ..core.record import Record
from ..phases.table import PhaseTable, Provenance
from .datasets import PACKAGED, load, provenance_of

__all__ = [
    "CalibrationAccuracy",
    "CalibrationPoints",
    "calibration_points",
    "calibration_report",
    "voltages_left_out",
]

FloatArray = npt.NDArray[np.float64]

_MEASURED = "measured_formation_energy_per_atom_eV"
_HELD_OUT = "held_out_formation_energy_per_atom_eV"


@dataclass(frozen=True, slots=True)
class CalibrationAccuracy(Record):
    """Mean absolute deviations from measurement of one class of compounds.

    Attributes
    ----------
    dataset_name, dataset_date, dataset_sha256 : str
    anion : str
        Class of compounds, "all", or "all but alloys".
    compounds : int
    raw_eV_per_atom : float
        Before the calibration.
    fitted_eV_per_atom : float
        Of the compounds that were fitted.
    compound_left_out_eV_per_atom, chemical_system_left_out_eV_per_atom : float
        By fits that saw neither the compound, or no compound of its chemical system: the error to
        be expected of one that was never measured.
    """

    dataset_name: str
    dataset_date: str
    dataset_sha256: str
    anion: str
    compounds: int
    raw_eV_per_atom: float
    fitted_eV_per_atom: float
    compound_left_out_eV_per_atom: float
    chemical_system_left_out_eV_per_atom: float


@dataclass(frozen=True, eq=False)
class CalibrationPoints:
    """Measured compounds of a calibrated dataset, for a picture.

    Attributes
    ----------
    table : PhaseTable
    measured, raw, left_out : ndarray of float, shape (n,)
        [eV/atom]; left out: by the fit that saw no compound of the chemical system.
    """

    table: PhaseTable = field(repr=False)
    measured: FloatArray
    raw: FloatArray
    left_out: FloatArray


def calibration_report(name: str | Path) -> tuple[CalibrationAccuracy, ...]:
    """Errors of a calibrated dataset by class of compounds, as its provenance states them.

    Parameters
    ----------
    name : str or Path
        Of a dataset.

    Returns
    -------
    tuple of CalibrationAccuracy

    Raises
    ------
    DataError
        If the dataset is not calibrated.

    Examples
    --------
    >>> sulfates = [r for r in calibration_report("mp-calibrated") if r.anion == "sulfate"][0]
    >>> round(sulfates.raw_eV_per_atom, 2), round(sulfates.chemical_system_left_out_eV_per_atom, 2)
    (0.34, 0.03)
    """
    contents = provenance_of(name)
    found = _calibration(contents)["mean_absolute_deviation_eV_per_atom"]
    return tuple(
        CalibrationAccuracy(
            dataset_name=contents["name"],
            dataset_date=contents["date"],
            dataset_sha256=contents["sha256"],
            anion=anion,
            compounds=row["compounds"],
            raw_eV_per_atom=row["raw"],
            fitted_eV_per_atom=row["fitted"],
            compound_left_out_eV_per_atom=row["compound_left_out"],
            chemical_system_left_out_eV_per_atom=row["chemical_system_left_out"],
        )
        for anion, row in found.items()
    )


def calibration_points(name: str | Path) -> CalibrationPoints:
    """Measured compounds that a calibrated dataset was fitted to.

    Parameters
    ----------
    name : str or Path

    Returns
    -------
    CalibrationPoints

    Raises
    ------
    DataError
        If the dataset is not calibrated.
    """
    contents = provenance_of(name)
    _calibration(contents)
    table, base = load(name), load(contents["base"]["name"])
    left_out = table.properties[_HELD_OUT]
    (rows,) = np.nonzero(np.isfinite(left_out))
    return CalibrationPoints(
        table=table,
        measured=table.properties[_MEASURED][rows],
        raw=base.formation_energy_per_atom[rows],
        left_out=left_out[rows],
    )


def voltages_left_out(dataset: Provenance) -> dict[str, float]:
    """Electrode voltages by fits of their own, which saw no compound of the electrode's elements.

    Parameters
    ----------
    dataset : Provenance

    Returns
    -------
    dict of str to float
        [V] by couple; empty where the energies are not fitted, or were changed since.

    Examples
    --------
    >>> found = voltages_left_out(load("mp-calibrated").provenance)
    >>> round(found["S/Li2S"], 1), voltages_left_out(load("oqmd").provenance)
    (2.3, {})
    """
    if dataset.name not in PACKAGED or dataset.additions:
        return {}
    contents = provenance_of(dataset.name)
    if contents["sha256"] != dataset.sha256:
        return {}
    return dict(contents.get("voltages_left_out_V", {}))


def _calibration(contents: dict[str, Any]) -> dict[str, Any]:
    found = contents.get("calibration")
    if not isinstance(found, dict):
        raise DataError(
            f"dataset {contents['name']!r} was not calibrated to measurements: choose mp-calibrated"
            " or oqmd-calibrated"
        )
    return found
