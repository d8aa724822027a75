"""Tables that hold the phases of another table at other energies.

On disk they are a parquet file of the columns that differ, row by row of the other table, and a
provenance that names that table with its SHA-256. Compositions, gaps and volumes are kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ..core.errors import DataError
from ..core.tolerances import ENERGY_eV_per_atom
from .columns import E_ABOVE_HULL, FORMATION_ENERGY
from .files import (
    provenance_in,
    read_columns,
    read_provenance,
    read_table,
    to_numpy,
    write_columns,
)
from .table import PhaseTable, Provenance

__all__ = ["base_of", "read_repriced", "write_repriced"]

_COLUMNS = (FORMATION_ENERGY, E_ABOVE_HULL)


def base_of(path: Path) -> str | None:
    """File name of the table that a repriced table rests on; None where it is whole itself."""
    base = read_provenance(path).get("base")
    if base is None:
        return None
    if not (isinstance(base, dict) and {"file", "sha256"} <= base.keys()):
        raise DataError(f"{path.with_suffix('.json')} does not say which table it reprices")
    return str(base["file"])


def read_repriced(path: Path) -> PhaseTable:
    """Read a table written by :func:`write_repriced`; elements are not added.

    Parameters
    ----------
    path : Path
        With the table that it rests on beside it.

    Returns
    -------
    PhaseTable
        Compositions and properties of its base, energies and hull of its own.

    Raises
    ------
    DataError
        If a file is absent, damaged or was changed, or rests on another edition of its base.
    """
    contents = read_provenance(path)
    name = base_of(path)
    if name is None or Path(name).name != name:
        raise DataError(f"{path.with_suffix('.json')} does not say which table it reprices")
    base = read_table(path.with_name(name))
    if base.provenance.sha256 != contents["base"]["sha256"]:
        raise DataError(
            f"{path} reprices another edition of {name} than the one beside it: "
            "fetch, import or install both again"
        )
    arrow = read_columns(path, contents, _COLUMNS)
    columns = {column: to_numpy(arrow[column]) for column in arrow.column_names}
    energy = columns.pop(FORMATION_ENERGY).astype(np.float64)
    above = columns.pop(E_ABOVE_HULL).astype(np.float64)
    if len(energy) != len(base) or not np.isfinite(energy).all():
        raise DataError(f"{path} does not give an energy for every phase of {name}")
    return replace(
        base,
        formation_energy_per_atom=energy,
        e_above_hull=above,
        competing=~(above > ENERGY_eV_per_atom),
        provenance=provenance_in(contents),
        properties={**base.properties, **columns},
    )


def write_repriced(
    table: PhaseTable, path: Path, base: Path, details: Mapping[str, Any] = MappingProxyType({})
) -> Provenance:
    """Write what differs between a table and the base whose rows it has.

    Parameters
    ----------
    table : PhaseTable
        The phases of the base, all of them, in its order; properties that the base has as well
        are not written.
    path, base : Path
        Parquet files in one folder; the base is there already.
    details : see :func:`~sse_window.phases.files.write_columns`

    Returns
    -------
    Provenance
        With the SHA-256 of the file of the columns that differ.

    Raises
    ------
    DataError
        If the phases are not those of the base.
    OutputError
        If a file cannot be written.
    """
    import pyarrow

    rests_on = read_table(base)
    if base.parent.resolve() != path.parent.resolve() or not np.array_equal(
        rests_on.formulas, table.formulas
    ):
        raise DataError(f"{path} does not hold the phases of {base}, side by side with it")
    own = {
        name: column for name, column in table.properties.items() if name not in rests_on.properties
    }
    numbers = {FORMATION_ENERGY: table.formation_energy_per_atom, E_ABOVE_HULL: table.e_above_hull}
    arrow = pyarrow.table(
        {
            name: pyarrow.array(column, mask=np.isnan(column))
            for name, column in {**numbers, **own}.items()
        }
    )
    return write_columns(
        table,
        arrow,
        path,
        {
            **details,
            "base": {
                "name": rests_on.provenance.name,
                "file": base.name,
                "sha256": rests_on.provenance.sha256,
            },
        },
        dictionaries=(),
        numbers=arrow.column_names,
    )
