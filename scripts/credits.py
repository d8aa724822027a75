"""Who is to be credited for the packaged tables, and how they were made, for their provenance."""

from __future__ import annotations

import platform
from typing import Any

import numpy as np
from measured_enthalpies import CHEMICALS_SHA256, CHEMICALS_VERSION
from measured_table import PYMATGEN_SHA256, PYMATGEN_VERSION, Measured, counted
from source_tables import SOURCE_SHA256, SOURCE_VERSION, Source

from sse_window.phases.table import PhaseTable

CREDITS: dict[str, dict[str, str]] = {
    "CritExam__Ef": {
        "name": "Materials Project, ground-state formation energies, one per composition",
        "doi": "10.1038/s41524-020-00362-y",
        "database_doi": "10.1063/1.4812323",
        "citation": "Bartel et al., npj Comput. Mater. 2020, 6, 97; "
        "Jain et al., APL Mater. 2013, 1, 011002",
        "licence": "CC-BY-4.0",
        "version": "as published 2020; queried in 2019, the exact day is not published",
        "gives": "formation_energy_per_atom_eV",
    },
    "OQMD_Formation_Enthalpy": {
        "name": "Open Quantum Materials Database, formation energies, one per composition",
        "doi": "10.1038/npjcompumats.2015.10",
        "citation": "Kirklin et al., npj Comput. Mater. 2015, 1, 15010; "
        "Saal et al., JOM 2013, 65, 1501",
        "licence": "CC-BY-4.0",
        "version": "as compiled for Wang et al., npj Comput. Mater. 2021, 7, 77",
        "gives": "formation_energy_per_atom_eV",
    },
    "expt_gap": {
        "name": "measured band gaps, as compiled for matbench",
        "doi": "10.1021/acs.jpclett.8b00124",
        "citation": "Zhuo, Mansouri Tehrani, Brgoch, J. Phys. Chem. Lett. 2018, 9, 1668; "
        "Dunn et al., npj Comput. Mater. 2020, 6, 138 (doi:10.1038/s41524-020-00406-3)",
        "licence": "MIT (matbench)",
        "version": "matbench v0.1",
        "gives": "band_gap_eV where band_gap_source is 'measured'; the median where several agree "
        "within 0.1 eV, else none. Gaps of exactly 0, which the compilation added for metals, "
        "most of them computed, are left out",
    },
    "OQMD_Bandgap": {
        "name": "Open Quantum Materials Database, band gaps of ground states (PBE)",
        "doi": "10.1038/npjcompumats.2015.10",
        "citation": "Kirklin et al., npj Comput. Mater. 2015, 1, 15010",
        "licence": "CC-BY-4.0",
        "version": "as compiled for Wang et al., npj Comput. Mater. 2021, 7, 77",
        "gives": "gaps with source 'OQMD'",
    },
    "mp_gap": {
        "name": "Materials Project, band gaps (PBE), as compiled for matbench",
        "doi": "10.1063/1.4812323",
        "citation": "Jain et al., APL Mater. 2013, 1, 011002; "
        "Dunn et al., npj Comput. Mater. 2020, 6, 138 (doi:10.1038/s41524-020-00406-3)",
        "licence": "CC-BY-4.0",
        "version": "matbench v0.1",
        "gives": "gaps with source 'MP', the lowest of all polymorphs of a composition",
    },
    "OQMD_Volume_per_atom": {
        "name": "Open Quantum Materials Database, volumes",
        "doi": "10.1038/npjcompumats.2015.10",
        "citation": "Kirklin et al., npj Comput. Mater. 2015, 1, 15010",
        "licence": "CC-BY-4.0",
        "version": "as compiled for Wang et al., npj Comput. Mater. 2021, 7, 77",
        "gives": "volume_per_atom_A3",
    },
}


def sources(
    source: Source, energies: str, measured: list[Measured], table: PhaseTable
) -> list[dict[str, Any]]:
    """Who is to be credited, and the exact files that were read."""
    wanted = [energies, "expt_gap", "OQMD_Bandgap", "mp_gap", "OQMD_Volume_per_atom"]
    credited: list[dict[str, Any]] = []
    for key in wanted:
        files = {
            name: facts
            for name, facts in source.files.items()
            if f"/{key}/" in name or name.endswith(f"/{key}.csv")
        }
        rows = sum(int(str(facts["rows"])) for facts in files.values())
        credited.append({**CREDITS[key], "rows": rows, "files": files})
    matched = np.isfinite(table.properties["measured_formation_energy_per_atom_eV"])
    counts = counted(measured)
    credited += [
        {
            "name": "measured standard enthalpies of formation at 298 K",
            "doi": "10.1201/b17118",
            "citation": "Haynes (ed.), CRC Handbook of Chemistry and Physics, 95th ed., CRC Press "
            "2014; gases that it lacks: Chase (ed.), NIST-JANAF Thermochemical Tables, 4th ed., "
            f"1998; both as compiled in chemicals {CHEMICALS_VERSION} (Bell et al.)",
            "licence": "MIT (chemicals)",
            "version": CHEMICALS_VERSION,
            "sha256": CHEMICALS_SHA256,
            "gives": "measured_formation_energy_per_atom_eV, kJ/mol divided by 96.48533212 and the "
            "atoms of the formula; the most negative where a formula has several",
            "rows": sum(row.crc is not None for row in measured),
        },
        {
            "name": "measured standard enthalpies of formation at 298 K, with uncertainties",
            "doi": "10.1038/s41598-021-94550-5",
            "citation": "Wang et al., Sci. Rep. 2021, 11, 15496, as shipped in pymatgen",
            "licence": "MIT (pymatgen)",
            "version": PYMATGEN_VERSION,
            "sha256": PYMATGEN_SHA256,
            "gives": "the same where the CRC Handbook has none, and the uncertainties; data/README "
            "says what is done where the two contradict each other",
            "rows": sum(row.wang is not None for row in measured),
            "joined": counts,
            "matched": int(matched.sum()),
        },
    ]
    return credited


def details(rows: int, selection: list[str]) -> dict[str, Any]:
    """How the table was made."""
    import pyarrow

    return {
        "source_rows": rows,
        "selection": selection,
        "build": {
            "command": "python scripts/build_dataset.py",
            "archive": f"crabnet-{SOURCE_VERSION}.tar.gz",
            "archive_sha256": SOURCE_SHA256,
            "archive_doi": "10.1038/s41524-021-00545-1",
            "archive_licence": "MIT",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pyarrow": pyarrow.__version__,
        },
    }
