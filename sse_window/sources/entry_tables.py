"""The user's tables of phases, from CSV or JSON: columns, their values, and what is refused."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt

from ..core.errors import EntriesError, FormulaError
from ..core.tolerances import ENERGY_eV_per_atom
from ..facts.names import resolve
from ..phases.columns import E_ABOVE_HULL, FORMATION_ENERGY, PROPERTIES, column_of
from .entry_files import Row, refuse
from .formation_energies import Phase

__all__ = ["COLUMNS", "object_rows", "phases_of", "property_columns"]

COLUMNS: dict[str, str] = {
    "formula": "text",
    FORMATION_ENERGY: "number",
    E_ABOVE_HULL: "number",
    **{name: known.kind for name, known in PROPERTIES.items()},
}
"""Columns of a table and what their values are."""

_SOURCES = [(name, known.source) for name, known in PROPERTIES.items() if known.source]

_EXPORTED = "sse-window/"
"""How the schema of a table begins that this program exported."""

_LARGEST_eV_per_atom = 10.0
"""No compound forms with twice the formation energy of the most stable fluorides, -4.8 eV/atom."""


def object_rows(path: Path, values: Any) -> list[Row]:
    """Rows of the values of a JSON file.

    They are a list of objects, ``{"entries": [...]}``, an export, or the object of a single phase.

    Raises
    ------
    EntriesError
        If they are of another form.
    """
    if isinstance(values, dict) and str(values.get("schema")).startswith(_EXPORTED):
        values = values.get("results")
    if isinstance(values, dict) and "formula" in values and "entries" not in values:
        values = [values]
    if isinstance(values, dict):
        if "entries" not in values:
            raise EntriesError(f"{path}: an object without 'entries': give a list of phases")
        others = [name for name in values if name != "entries" and not name.startswith("@")]
        if others:
            raise EntriesError(f"{path}: {others[0]!r:.40} beside 'entries' is not understood")
        values = values["entries"]
    if not isinstance(values, list):
        raise EntriesError(f"{path}: no list of phases")
    if not values:
        raise EntriesError(f"{path}: no phases in it")
    rows = []
    for number, value in enumerate(values, start=1):
        place = f"entry {number}"
        if not isinstance(value, dict):
            refuse(path, place, f"no object with formula and energy: {value!r:.40}")
        rows.append(Row(place, value))
    return rows


def phases_of(path: Path, rows: Sequence[Row]) -> tuple[list[Phase], tuple[str, ...]]:
    """Phases of the rows of a table; elements are left out.

    Parameters
    ----------
    path : Path
        For messages.
    rows : sequence of Row

    Returns
    -------
    phases : list of Phase
    messages : tuple of str
        Which of several polymorphs counts.

    Raises
    ------
    EntriesError
        Naming the row that is no phase, and why.
    """
    messages: list[str] = []
    phases: dict[str, Phase] = {}
    for row in rows:
        phase = _phase(path, row)
        formula = phase.composition.reduced_formula
        other = phases.get(formula)
        if other is None:
            phases[formula] = phase
            continue
        ids = [p.properties.get("material_id") for p in (phase, other)]
        if None in ids or ids[0] == ids[1]:
            refuse(
                path, phase.place,
                f"{phase.composition.formula} is the composition of {other.place}: keep the energy "
                "that is meant, or tell polymorphs apart by their material_id",
            )  # fmt: skip
        lower = min(phase, other, key=_by_energy)
        phases[formula] = lower
        messages.append(
            f"{formula}, {other.place} and {phase.place}: {lower.place} is lower, counts"
        )
    found = [p for p in phases.values() if len(p.composition.elements) > 1]
    if not found:
        raise EntriesError(f"{path}: elements only, which are 0 eV/atom in any dataset")
    return found, tuple(messages)


def _by_energy(phase: Phase) -> tuple[float, float]:
    energies = (phase.formation_energy_per_atom, phase.e_above_hull)
    return (energies[0], 0.0) if not math.isnan(energies[0]) else (math.inf, energies[1])


def _phase(path: Path, row: Row) -> Phase:
    values: dict[str, Any] = {}
    for name, value in row.values.items():
        if name not in COLUMNS:
            close = difflib.get_close_matches(str(name), COLUMNS, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}? " if close else ""
            refuse(
                path, row.place, f"unknown column {name!r:.60}: {hint}known: {', '.join(COLUMNS)}"
            )
        if value is not None:
            values[name] = _READERS[COLUMNS[name]](path, row.place, name, value)
    if "formula" not in values:
        refuse(path, row.place, "no formula")
    try:
        composition = resolve(values.pop("formula"))
    except FormulaError as error:
        refuse(path, row.place, str(error))
    formation, above = values.pop(FORMATION_ENERGY, math.nan), values.pop(E_ABOVE_HULL, math.nan)
    named = composition.formula
    if math.isnan(formation) and math.isnan(above):
        refuse(path, row.place, f"no energy of {named}: give {FORMATION_ENERGY} or {E_ABOVE_HULL}")
    if abs(formation) > _LARGEST_eV_per_atom:
        refuse(
            path, row.place,
            f"{formation:g} is no formation energy of {named} in eV/atom, which lie between -5 and "
            "5: is it in kJ/mol, per formula unit, or a total energy?",
        )  # fmt: skip
    if above < 0.0 and math.isnan(formation):
        refuse(path, row.place, f"{named} below the hull: give its {FORMATION_ENERGY} instead")
    energy = above if math.isnan(formation) else formation
    if len(composition.elements) == 1 and abs(energy) > ENERGY_eV_per_atom:
        refuse(path, row.place, f"the element {named} is the reference, 0 eV/atom: leave it out")
    for name, source in _SOURCES:
        if name in values:
            values.setdefault(source, "user")
    return Phase(row.place, composition, formation, above, values)


def _read_number(path: Path, place: str, name: str, value: object) -> float:
    number: float | None = None
    # Python reads 1_000 as a number; in a table the underscore is rather a slip.
    slip = isinstance(value, str) and "_" in value
    if isinstance(value, (int, float, str)) and not isinstance(value, bool) and not slip:
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = None
    if number is None:
        refuse(path, place, f"{name} is no number: {value!r:.40}")
    if not math.isfinite(number):
        refuse(path, place, f"{name} is not finite: {value!r:.40}; leave out what is not known")
    return number


def _read_positive(path: Path, place: str, name: str, value: object) -> float:
    number = _read_number(path, place, name, value)
    if number < 0.0 or (number == 0.0 and name.startswith("volume")):
        refuse(path, place, f"{name} cannot be {number:g}")
    return number


def _read_text(path: Path, place: str, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        refuse(path, place, f"{name} is no text: {value!r:.40}")
    return value.strip()


def _read_truth(path: Path, place: str, name: str, value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    truth = words.get(str(value).lower())
    if truth is None:
        refuse(path, place, f"{name} is neither true nor false: {value!r:.40}")
    return truth


_READERS: dict[str, Callable[[Path, str, str, object], Any]] = {
    "text": _read_text,
    "number": _read_number,
    "positive": _read_positive,
    "truth": _read_truth,
}


def property_columns(phases: Sequence[Phase]) -> dict[str, npt.NDArray[Any]]:
    """Properties of phases as columns, nan or None where not given.

    Parameters
    ----------
    phases : sequence of Phase

    Returns
    -------
    dict of str to ndarray
        Columns without any value are left out.
    """
    columns = {}
    for name in sorted({name for phase in phases for name in phase.properties}):
        values = [phase.properties.get(name) for phase in phases]
        if all(value is None for value in values):
            continue
        columns[name] = column_of(name, values)
    return columns
