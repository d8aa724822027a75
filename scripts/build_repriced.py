"""The packaged tables that hold the phases of another one at other energies.

=================== ===============================================================================
mp-2020             mp-legacy with MP2020 corrections (``mp2020.py``)
mp-2020-polyanions  the same, less one measured constant per nonmetal in an oxyanion
mp-calibrated       mp-legacy less its fitted systematic error; molecules as measured
oqmd-calibrated     oqmd less its fitted systematic error; molecules as measured
=================== ===============================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from calibration_fit import (
    LEGACY_PRIOR,
    PRIOR_RIDGE,
    RIDGE,
    UNCORRECTED,
    Fit,
    HUBER_eV_per_atom,
    fit,
)
from measured_table import Measured
from mp2020 import Schemes, converted
from voltages_left_out import voltages_left_out

from sse_window.core.composition import parse
from sse_window.phases.accuracy import MEASURED_FOR_A_CLASS, deviations_by_class
from sse_window.phases.calibration import systematic_error
from sse_window.phases.repriced import write_repriced
from sse_window.phases.table import PhaseTable, Provenance

POLYANIONS = frozenset(
    f"{x} in O" for x in ("S", "N", "C", "P", "Si", "B", "Cl", "Br", "I", "Se", "As", "Te")
)
DECIMALS = 8


@dataclass(frozen=True)
class Corrected:
    """Energies of all phases of a table after a correction, and what to say of it."""

    provenance: Provenance
    energies: Mapping[str, float]
    held_out: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    voltages_left_out: Callable[[PhaseTable], dict[str, float]] | None = None


def corrections_of(
    name: str,
    energies: Mapping[str, float],
    measured: Mapping[str, Measured],
    known: Schemes | None,
) -> list[Corrected]:
    """All tables that rest on one raw table."""
    solids = {f: r.value for f, r in measured.items() if r.state == "s" and r.value is not None}
    molecules = {f: r.value for f, r in measured.items() if r.state != "s" and r.value is not None}
    if known is None:
        return [_calibrated("oqmd-calibrated", energies, solids, molecules, {})]
    new = converted(energies, known)
    constants = fit(new, solids, {}, only=POLYANIONS)
    return [
        Corrected(PROVENANCE["mp-2020"], new),
        Corrected(
            PROVENANCE["mp-2020-polyanions"],
            _less(new, constants, {}),
            _held_out(constants, solids),
            _details(constants, solids, new, {}),
            partial(voltages_left_out, raw=new, found=constants, molecules={}),
        ),
        _calibrated("mp-calibrated", energies, solids, molecules, LEGACY_PRIOR),
    ]


def _calibrated(
    name: str,
    energies: Mapping[str, float],
    solids: Mapping[str, float],
    molecules: Mapping[str, float],
    prior: Mapping[str, float],
) -> Corrected:
    found = fit(energies, solids, prior)
    return Corrected(
        PROVENANCE[name],
        _less(energies, found, molecules),
        _held_out(found, solids),
        _details(found, solids, energies, prior)
        | {"measured_molecules": sorted(set(molecules) & set(energies))},
        partial(voltages_left_out, raw=energies, found=found, molecules=molecules),
    )


def _less(
    energies: Mapping[str, float], found: Fit, molecules: Mapping[str, float]
) -> dict[str, float]:
    return {
        formula: molecules[formula]
        if formula in molecules
        else energy - systematic_error(parse(formula).amounts, found.coefficients)
        for formula, energy in energies.items()
    }


def _held_out(found: Fit, measured: Mapping[str, float]) -> dict[str, float]:
    """Energy of each measured compound by the fit that did not see its chemical system."""
    return {
        formula: measured[formula] + off
        for formula, off in zip(found.compounds, found.without_system, strict=True)
    }


def _errors(report: Mapping[str, Mapping[str, float]], column: str) -> dict[str, Any]:
    return {
        "error_by_class_eV_per_atom": {
            name: row[column]
            for name, row in report.items()
            if name not in ("all", "all but alloys") and row["compounds"] >= MEASURED_FOR_A_CLASS
        }
    }


def _details(
    found: Fit,
    solids: Mapping[str, float],
    energies: Mapping[str, float],
    prior: Mapping[str, float],
) -> dict[str, Any]:
    report = found.errors(solids, energies)
    return {
        **_errors(report, "chemical_system_left_out"),
        "calibration": {
            "model": "E(calibrated) = E - sum_k b_k n_k / n_atoms, sse_window.phases.calibration",
            "coefficients_eV": found.coefficients,
            "prior_eV": dict(prior),
            "ridge": RIDGE,
            "ridge_of_priors": PRIOR_RIDGE,
            "huber_eV_per_atom": HUBER_eV_per_atom,
            "uncorrected_units": sorted(UNCORRECTED),
            "compounds": len(found.compounds),
            "mean_absolute_deviation_eV_per_atom": report,
        },
    }


def reprice(
    table: PhaseTable, corrected: Corrected, above: Callable[[PhaseTable], np.ndarray[Any, Any]]
) -> PhaseTable:
    """The table at corrected energies, with energies above its own hull."""
    energies = np.array([corrected.energies[f] for f in table.formulas.tolist()]).round(DECIMALS)
    properties = dict(table.properties)
    if corrected.held_out:
        properties["held_out_formation_energy_per_atom_eV"] = np.array(
            [round(corrected.held_out.get(f, np.nan), 4) for f in table.formulas.tolist()]
        )
    new = replace(
        table,
        formation_energy_per_atom=energies,
        provenance=corrected.provenance,
        properties=properties,
    )
    return replace(new, e_above_hull=above(new))


def class_errors(table: PhaseTable) -> dict[str, Any]:
    """How far the energies are from measurement, by class of compounds."""
    return {
        "error_by_class_eV_per_atom": {
            name: round(float(np.abs(off).mean()), 4)
            for name, off in deviations_by_class(table).items()
            if len(off) >= MEASURED_FOR_A_CLASS
        }
    }


def write_all(
    output: Path,
    base: str,
    tables: Sequence[tuple[PhaseTable, Corrected]],
    sources: Sequence[Mapping[str, Any]],
    details: Mapping[str, Any],
) -> None:
    """Write the tables that rest on one base, which is there already."""
    for table, corrected in tables:
        left_out = corrected.voltages_left_out
        voltages = {} if left_out is None else {"voltages_left_out_V": left_out(table)}
        write_repriced(
            table,
            output / f"{corrected.provenance.name}.parquet",
            output / base,
            {
                "licence": "CC-BY-4.0",
                "sources": [dict(source) for source in sources],
                **details,
                **class_errors(table),
                **corrected.details,
                **voltages,
            },
        )


PROVENANCE = {
    "mp-2020": Provenance(
        "mp-2020",
        "2019",
        "MP2020 corrections on GGA/GGA+U (PBE), converted from the Materials Project of 2019",
        "",
    ),
    "mp-2020-polyanions": Provenance(
        "mp-2020-polyanions",
        "2019",
        "MP2020 corrections on GGA/GGA+U (PBE) and measured constants of oxyanions (S, N, C, P, "
        "Si, B, Cl, Br, I, Se, As, Te)",
        "",
    ),
    "mp-calibrated": Provenance(
        "mp-calibrated",
        "2019",
        "Materials Project of 2019, GGA/GGA+U (PBE), calibrated to measured enthalpies; molecules "
        "as measured",
        "",
    ),
    "oqmd-calibrated": Provenance(
        "oqmd-calibrated",
        "before 2021-05",
        "OQMD, GGA/GGA+U (PBE), calibrated to measured enthalpies; molecules as measured",
        "",
    ),
}
