"""Electrode voltages by fits that saw no compound of the electrode's elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from calibration_fit import Fit

from sse_window.core.composition import parse
from sse_window.equilibria.electrode_voltages import average_voltage
from sse_window.facts.electrode_voltages import measured_voltages
from sse_window.phases.calibration import systematic_error
from sse_window.phases.reference import with_elements
from sse_window.phases.table import PhaseTable

DECIMALS = 4


def voltages_left_out(
    table: PhaseTable,
    raw: Mapping[str, float],
    found: Fit,
    molecules: Mapping[str, float],
) -> dict[str, float]:
    """Voltage of every measured couple, each by a fit of its own.

    Parameters
    ----------
    table : PhaseTable
        Phases without elements; their energies are not used.
    raw : mapping of str to float
        Energies before the fit [eV/atom].
    found : Fit
    molecules : mapping of str to float
        Formulas that take their measured enthalpy [eV/atom].

    Returns
    -------
    dict of str to float
        [V] by couple.
    """
    voltages = {}
    for known in measured_voltages():
        charged, discharged = parse(known.charged), parse(known.discharged)
        elements = frozenset({*charged.elements, *discharged.elements, known.ion})
        if not elements <= set(table.elements):
            continue
        coefficients = found.without(elements)
        system = table.within(sorted(elements))
        energies = [
            molecules[formula]
            if formula in molecules
            else raw[formula] - systematic_error(parse(formula).amounts, coefficients)
            for formula in system.formulas.tolist()
        ]
        priced = replace(
            system,
            formation_energy_per_atom=np.array(energies),
            e_above_hull=np.full(len(system), np.nan),
            competing=np.ones(len(system), dtype=bool),
        )
        voltage = average_voltage(
            with_elements(priced),
            charged,
            discharged,
            known.ion,
            in_equilibrium=known.taken_as == "equilibrium",
        )
        voltages[known.couple] = round(voltage, DECIMALS)
    return voltages
