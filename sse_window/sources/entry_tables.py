"""The user's tables of phases: columns, their values, and what is refused.

Columns are known by many names, see :mod:`~sse_window.sources.headings`; others are carried along.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import EntriesError, FormulaError
from ..core.files import shown
from ..core.tolerances import ENERGY_eV_per_atom
from ..facts.names import resolve
from ..phases.columns import (
    E_ABOVE_HULL,
    FORMATION_ENERGY,
    PROPERTIES,
    column_of,
    holds_numbers,
)
from .calculations import Calculation
from .entry_files import Row, refuse
from .formation_energies import Phase
from .headings import FORMULA, TOTAL_ENERGY, TOTAL_ENERGY_PER_ATOM, meaning_of

__all__ = ["COLUMNS", "gives_total_energies", "phases_of", "property_columns", "totals_of"]

COLUMNS: dict[str, str] = {
    "formula": "text",
    FORMATION_ENERGY: "number",
    E_ABOVE_HULL: "number",
    **{name: known.kind for name, known in PROPERTIES.items()},
}
"""Columns of a table and what their values are."""

_SOURCES = [(name, known.source) for name, known in PROPERTIES.items() if known.source]

_CARRIED_LENGTH = 60

_OF_TABLES = ("atomic_numbers", "amounts", "formulas", "index")
"""Names that a table of phases has for other things."""

_TOTAL = frozenset({TOTAL_ENERGY, TOTAL_ENERGY_PER_ATOM})

_HIGHEST_eV_per_atom = 1.0

_DIGITS = re.compile(r"[-+]?\d+\.?\d*[eE]\d+")

_LARGEST_eV_per_atom = 10.0
"""No compound forms with twice the formation energy of the most stable fluorides, -4.8 eV/atom."""


def gives_total_energies(rows: Sequence[Row]) -> bool:
    """Whether rows give total energies and none that refers to elements or a hull."""
    meanings = {
        meaning_of(str(name)) for row in rows for name, v in row.values.items() if v is not None
    }
    return bool(meanings & _TOTAL) and not meanings & {FORMATION_ENERGY, E_ABOVE_HULL}


def totals_of(path: Path, rows: Sequence[Row]) -> list[Calculation]:
    """Total energies of the rows of a table.

    Raises
    ------
    EntriesError
        Naming the row that is none, and why.
    """
    found = []
    for row in rows:
        values = _values(path, row, {FORMULA: "text", **dict.fromkeys(_TOTAL, "number")})
        composition = _composition(path, row, values)
        given = [values[name] for name in (TOTAL_ENERGY, TOTAL_ENERGY_PER_ATOM) if name in values]
        if not given:
            refuse(path, row.place, f"no energy of {composition.formula}: give {TOTAL_ENERGY}")
        energy = given[0] * (1.0 if TOTAL_ENERGY in values else composition.atoms)
        run_type, ident = (row.values.get(name) for name in ("run_type", "material_id"))
        found.append(
            Calculation(
                place=row.place,
                composition=composition,
                energy=energy,
                settings={} if run_type is None else {"run_type": f"{run_type!s:.40}"},
                entry_id=None if ident is None else f"{ident!s:.200}",
            )
        )
    return found


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
        raise EntriesError(f"{shown(path)}: elements only, which are 0 eV/atom in any dataset")
    return found, tuple(messages)


def _by_energy(phase: Phase) -> tuple[float, float]:
    energies = (phase.formation_energy_per_atom, phase.e_above_hull)
    return (energies[0], 0.0) if not math.isnan(energies[0]) else (math.inf, energies[1])


def _known(row: Row) -> tuple[dict[str, tuple[str, Any]], dict[str, Any]]:
    """Values of a row by what they mean, with the names they have; and those that mean nothing."""
    known: dict[str, tuple[str, Any]] = {}
    others: dict[str, Any] = {}
    for name, value in row.values.items():
        if value is None:
            continue
        meaning = meaning_of(str(name))
        if meaning is None:
            others[str(name)] = value
        elif meaning not in known or name == meaning:
            known[meaning] = (str(name), value)
    return known, others


def _values(path: Path, row: Row, kinds: Mapping[str, str]) -> dict[str, Any]:
    known, others = _known(row)
    values = {
        meaning: _READERS[kinds[meaning]](path, row.place, name, value)
        for meaning, (name, value) in known.items()
        if meaning in kinds
    }
    if FORMULA not in values:
        refuse(path, row.place, f"no formula{_hint(FORMULA, others)}")
    return values


def _composition(path: Path, row: Row, values: dict[str, Any]) -> Composition:
    try:
        return resolve(values.pop(FORMULA))
    except FormulaError as error:
        refuse(path, row.place, str(error))


def _hint(wanted: str, others: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(wanted, others, n=1, cutoff=0.5)
    return f": is the column {close[0]!r:.60} meant? Name it {wanted!r}" if close else ""


def _phase(path: Path, row: Row) -> Phase:
    values = _values(path, row, COLUMNS)
    composition = _composition(path, row, values)
    formation, above = values.pop(FORMATION_ENERGY, math.nan), values.pop(E_ABOVE_HULL, math.nan)
    named = composition.formula
    others = _known(row)[1]
    if math.isnan(formation) and math.isnan(above):
        refuse(
            path, row.place,
            f"no energy of {named}: give {FORMATION_ENERGY} or {E_ABOVE_HULL}"
            f"{_hint(FORMATION_ENERGY, others)}",
        )  # fmt: skip
    if abs(formation) > _LARGEST_eV_per_atom:
        refuse(
            path, row.place,
            f"{formation:g} is no formation energy of {named} in eV/atom, which lie between -5 and "
            "5: is it in kJ/mol, per formula unit, or a total energy?",
        )  # fmt: skip
    if above < 0.0 and math.isnan(formation):
        refuse(path, row.place, f"{named} below the hull: give its {FORMATION_ENERGY} instead")
    if above > _HIGHEST_eV_per_atom and math.isnan(formation):
        refuse(
            path, row.place,
            f"{named} {above:g} eV/atom above the hull: is that in meV? Nothing that is made lies "
            f"higher than {_HIGHEST_eV_per_atom:g}; if it is meant, give its {FORMATION_ENERGY}",
        )  # fmt: skip
    energy = above if math.isnan(formation) else formation
    if len(composition.elements) == 1 and abs(energy) > ENERGY_eV_per_atom:
        refuse(path, row.place, f"the element {named} is the reference, 0 eV/atom: leave it out")
    for name, source in _SOURCES:
        if name in values:
            values.setdefault(source, "user")
    return Phase(row.place, composition, formation, above, {**_carried(others), **values})


def _carried(others: Mapping[str, Any]) -> dict[str, Any]:
    """Further columns of the user, as they will lie in a table of phases."""
    carried: dict[str, Any] = {}
    for name, value in others.items():
        if not name.isprintable() or len(name) > _CARRIED_LENGTH or name in _OF_TABLES:
            continue
        if holds_numbers(name):
            number = _number(value)
            if number is not None:
                carried[name] = number
        elif isinstance(value, (str, int, float, date)):
            text = str(value)
            carried[name] = text if text.isprintable() else ascii(text)[1:-1]
    return carried


def _number(value: object) -> float | None:
    # Python reads 1_000 as a number; in a table the underscore is rather a slip.
    slip = isinstance(value, str) and "_" in value
    if isinstance(value, bool) or slip or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _read_number(path: Path, place: str, name: str, value: object) -> float:
    number = _number(value)
    if number is None:
        infinite = str(value).strip().lower().lstrip("+-") in ("nan", "inf", "infinity")
        if infinite or (isinstance(value, str) and _DIGITS.fullmatch(value.strip())):
            refuse(path, place, f"{name} is not finite: {value!r:.40}; leave out what is not known")
        refuse(path, place, f"{name} is no number: {value!r:.40}")
    return number


def _read_positive(path: Path, place: str, name: str, value: object) -> float:
    number = _read_number(path, place, name, value)
    if number < 0.0 or (number == 0.0 and name.startswith("volume")):
        refuse(path, place, f"{name} cannot be {number:g}")
    return number


def _read_text(path: Path, place: str, name: str, value: object) -> str:
    if name != FORMULA and isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # a number as the name of a calculation
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
