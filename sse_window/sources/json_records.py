"""Entries out of the shapes in which programs and databases write JSON.

================================= ================================================================
shape                             who writes it
================================= ================================================================
a list, or lines, of objects      this program, pymatgen, databases
``{"entries": [...]}``            pymatgen
``{"mp-1": {...}, ...}``          scripts: objects by their id
``{"entry": {...}, ...}``         pymatgen, scripts: an entry with something beside it
``{"all_entries": [...]}``        pymatgen's ``PhaseDiagram``, also within ``computed_data``
``{"data": [...], ...}``          OPTIMADE, the Open Quantum Materials Database
``{"attributes": {...}, ...}``    OPTIMADE: names of a provider begin with ``_name_``
``{"results": [...], ...}``       this program
================================= ================================================================

Objects are taken as plain values; nothing is built of the classes that they name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core.errors import EntriesError
from ..core.files import shown
from ..phases.columns import E_ABOVE_HULL, FORMATION_ENERGY
from .entry_files import Row, refuse
from .headings import FORMULA, meaning_of

__all__ = ["GIBBS", "THERMO_TYPES", "is_calculation", "records"]

GIBBS = "GibbsComputedStructureEntry"

_CALCULATIONS = ("ComputedEntry", "ComputedStructureEntry", "PDEntry", "TransformedPDEntry", GIBBS)

_LISTS = ("entries", "all_entries", "data", "results")

_PROVIDER = re.compile(r"_[a-z0-9]+_")

THERMO_TYPES: dict[str, str] = {
    "GGA_GGA+U": "GGA_GGA+U, MP2020 corrections",
    "R2SCAN": "R2SCAN, no corrections",
    "GGA_GGA+U_R2SCAN": "GGA_GGA+U_R2SCAN, MP2020 corrections and mixing scheme",
}
"""Kinds of energies of the Materials Project, and the ``corrections`` of a dataset of them."""

_EXPORTED = "sse-window/"


def records(path: Path, values: Any) -> list[Row]:
    """Objects of a JSON file, one per entry or phase.

    Parameters
    ----------
    path : Path
        For messages.
    values : object

    Returns
    -------
    list of Row
        With ``material_id`` where objects stood under their ids, and without those that the
        Materials Project has deprecated.

    Raises
    ------
    EntriesError
        If there are none, or something else is among them.
    """
    listed = _listed(path, values)
    rows = []
    for number, (key, value) in enumerate(listed, start=1):
        place = f"entry {number}"
        if not isinstance(value, dict):
            refuse(path, place, f"no object with formula and energy: {value!r:.40}")
        record = _flat(value)
        if key is not None and not {"entry_id", "material_id", "id"} & set(record):
            record["entry_id" if is_calculation(record) else "material_id"] = key
        if record.get("deprecated") is not True:
            rows.append(Row(place, record))
    if not rows:
        raise EntriesError(f"{shown(path)}: no phases in it")
    return rows


def _listed(path: Path, values: Any) -> list[tuple[str | None, Any]]:
    if isinstance(values, dict):
        if str(values.get("schema")).startswith(_EXPORTED):
            values = values.get("results")
        elif _is_one(values):
            values = [values]
        else:
            return _inside(path, values)
    if not isinstance(values, list):
        raise EntriesError(f"{shown(path)}: no list of phases")
    return [(None, value) for value in values]


def _inside(path: Path, values: dict[str, Any]) -> list[tuple[str | None, Any]]:
    computed = values.get("computed_data")
    if isinstance(computed, dict) and "all_entries" in computed and "all_entries" not in values:
        values = {**values, "all_entries": computed["all_entries"]}
    for name in _LISTS:
        if name in values and isinstance(values[name], (list, dict)):
            return _listed(path, values[name])
    others = [(str(key), value) for key, value in values.items() if not key.startswith("@")]
    if others and all(isinstance(value, dict) for _, value in others):
        return [(key, value) for key, value in others]
    raise EntriesError(
        f"{shown(path)}: an object without 'entries': give a list of phases or of entries"
    )


def _is_one(value: Mapping[str, Any]) -> bool:
    """Whether an object is an entry or a phase rather than something that holds many."""
    if value.get("@class") in _CALCULATIONS:
        return True
    if isinstance(value.get("entry"), dict) or isinstance(value.get("attributes"), dict):
        return True
    meanings = {meaning_of(str(name)) for name in value}
    return FORMULA in meanings and not any(isinstance(value.get(name), list) for name in _LISTS)


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """One entry or phase, of whatever stands around it."""
    if isinstance(value.get("attributes"), dict):
        return _of_optimade(value)
    inner = value.get("entry")
    if isinstance(inner, dict) and not _has_formation_energy(value):
        ids = {k: v for k, v in value.items() if k in ("entry_id", "material_id")}
        return {**ids, **inner}
    if "delta_e" in value:  # OQMD; its composition repeats the name with spaces
        named = {FORMULA: value["name"]} if isinstance(value.get("name"), str) else {}
        others = {k: v for k, v in value.items() if k not in ("name", "composition")}
        return _per_atom({**(others if named else value), **named}, "natoms")
    if "thermo_type" in value or "formula_pretty" in value:
        return _per_atom(value, "nsites")
    return dict(value)


def _has_formation_energy(value: Mapping[str, Any]) -> bool:
    return any(
        meaning_of(str(name)) == FORMATION_ENERGY and number is not None
        for name, number in value.items()
    )


def _of_optimade(value: Mapping[str, Any]) -> dict[str, Any]:
    attributes = value["attributes"]
    record: dict[str, Any] = {"material_id": value.get("id")}
    for name, item in attributes.items():
        short = _PROVIDER.sub("", name, count=1) if name.startswith("_") else name
        if isinstance(item, (str, int, float, bool)):
            record.setdefault(short, item)
    stability = attributes.get("_mp_stability")
    if isinstance(stability, dict):
        for kind in THERMO_TYPES:
            found = stability.get(kind.lower()) or stability.get(kind)
            if isinstance(found, dict) and found.get("formation_energy_per_atom") is not None:
                record["thermo_type"] = kind
                record["formation_energy_per_atom"] = found["formation_energy_per_atom"]
                break
            if isinstance(found, dict) and found.get("energy_above_hull") is not None:
                record.setdefault("thermo_type", kind)
                record.setdefault("energy_above_hull", found["energy_above_hull"])
    return _per_atom(record, "nsites")


def _per_atom(record: Mapping[str, Any], count: str) -> dict[str, Any]:
    """A document of a database: only what is known of it, volumes per atom."""
    known = {
        name: v for name, v in record.items() if meaning_of(str(name)) or name == "theoretical"
    }
    if isinstance(known.get("composition"), dict) and "formula_pretty" in known:
        del known["composition"]
    kind = record.get("thermo_type")
    if isinstance(kind, str):
        known["thermo_type"] = kind
    if record.get("deprecated") is True:
        known["deprecated"] = True
    volume, atoms = record.get("volume"), record.get(count)
    numbers = [x for x in (volume, atoms) if isinstance(x, (int, float)) and x == x and x > 0]
    if len(numbers) == 2 and "volume_per_atom" not in known:
        known["volume_per_atom"] = numbers[0] / numbers[1]
    if _has_formation_energy(known):
        # Hulls and total energies of the database say the same again, in its own way.
        spare = {E_ABOVE_HULL, "total_energy_eV", "total_energy_per_atom_eV"}
        known = {n: v for n, v in known.items() if meaning_of(n) not in spare}
    return known


def is_calculation(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of pymatgen's entries rather than a phase of a table.

    Examples
    --------
    >>> is_calculation({"composition": {"Li": 2}, "energy": -3.8})
    True
    >>> is_calculation({"formula": "Li2S", "formation_energy_per_atom_eV": -1.4})
    False
    """
    if record.get("@class") in _CALCULATIONS:
        return True
    holds = isinstance(record.get("composition"), dict) or isinstance(record.get("structure"), dict)
    return holds and "energy" in record and not _has_formation_energy(record)
