"""Measured voltages of electrode reactions, each with its source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Literal

from ..core.errors import DataError
from .packaged import data_file

__all__ = ["MeasuredVoltage", "measured_voltages"]


@dataclass(frozen=True, slots=True)
class MeasuredVoltage:
    """Voltage of one electrode reaction against the metal of its working ion.

    Attributes
    ----------
    couple, ion : str
    charged, discharged : str
        Formulas before and after the ions are taken up; of one host, written with any factor.
    taken_as : {"phases", "equilibrium"}
        Whether both are phases of the host, or what their atoms form in equilibrium.
    chemistry : str
    method : {"cell", "thermochemical"}
        Measured in a cell, or from measured free energies of formation.
    voltage_V : float
    enthalpy_voltage_V : float or None
        From enthalpies alone, which is what energies without entropies are to be compared with.
    polymorph : str or None
        Where the host that was measured is no ground state of its composition.
    source : str
    """

    couple: str
    ion: str
    charged: str
    discharged: str
    taken_as: Literal["phases", "equilibrium"]
    chemistry: str
    method: Literal["cell", "thermochemical"]
    voltage_V: float
    enthalpy_voltage_V: float | None
    polymorph: str | None
    source: str

    @property
    def comparable_V(self) -> float:
        """The voltage that energies at 0 K have to give."""
        return self.voltage_V if self.enthalpy_voltage_V is None else self.enthalpy_voltage_V


def measured_voltages() -> tuple[MeasuredVoltage, ...]:
    """All packaged ones.

    Returns
    -------
    tuple of MeasuredVoltage

    Raises
    ------
    DataError
        If the packaged file is damaged.

    Examples
    --------
    >>> sulfur = [v for v in measured_voltages() if v.couple == "S/Li2S"][0]
    >>> sulfur.voltage_V, sulfur.comparable_V
    (2.275, 2.316)
    """
    path = data_file("voltages.csv")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return tuple(
            MeasuredVoltage(
                couple=row["couple"],
                ion=row["ion"],
                charged=row["charged"],
                discharged=row["discharged"],
                taken_as="phases" if row["taken_as"] == "phases" else "equilibrium",
                chemistry=row["chemistry"],
                method="cell" if row["method"] == "cell" else "thermochemical",
                voltage_V=float(row["voltage_V"]),
                enthalpy_voltage_V=float(row["enthalpy_voltage_V"])
                if row["enthalpy_voltage_V"]
                else None,
                polymorph=row["polymorph"] or None,
                source=row["source"],
            )
            for row in rows
        )
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise DataError(f"{path} is damaged ({error}): install sse-window again") from None
