"""The live Materials Project; with its client module, the only one that uses the network.

:func:`fetch` asks the service, through its own client ``mp_api``, for the formation energies of
chemical systems with all their subsystems, and keeps them, without structures, as the dataset
``mp``, which then answers offline. Several fetches add up as long as database version, functional
and selection are the same; energies of different kinds never come together, so a change of any of
these asks for ``refresh``, which fetches everything that is held again.

The dataset is replaced as a whole once the last answer has arrived and been checked; whatever goes
wrong before, it stays as it was. The API key is used and forgotten.

What was tried: the real client, mp-api 0.46, against a server on loopback that answers as the
service does (``tests/materials_project_server.py``): complete fetches, paging, wrong keys,
refusals, broken and malformed answers. What was not: the live service itself, which could not be
reached from where this was written.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ..core.composition import Composition, parse
from ..core.elements import ATOMIC_NUMBER
from ..core.errors import DataError, FormulaError, SourceError
from ..core.tolerances import ENERGY_eV_per_atom
from ..phases.columns import absent, column_of
from ..phases.files import read_provenance, read_table
from ..phases.hulls import energies_above_hull
from ..phases.reference import with_elements
from ..phases.table import PhaseTable, Provenance
from .datasets import load, user_file, write, writing
from .json_records import THERMO_TYPES
from .materials_project_client import Client, DEADLINE_s, check_endpoint, find_api_key

__all__ = ["THERMO_TYPES", "FetchReport", "chemical_system", "fetch"]

DEFAULT_THERMO_TYPE = "GGA_GGA+U"

LICENCE = "CC BY 4.0"
DOI = "10.1063/1.4812323"

_WAIT_s = 900.0
"""For another fetch to end."""

_NAME = "mp"
_REFERENCE = "reference_energy_per_atom_eV"
_SERVED_HULL = "e_above_hull_MP_eV_per_atom"
"""Energy above hull as served; the dataset's own refers to exactly the phases that it holds."""

_EXPERIMENTAL_ONLY = "only phases known from experiment: theoretical ones left out"
_MEASURED = (
    "measured_formation_energy_per_atom_eV",
    "measured_source",
)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch brought.

    Attributes
    ----------
    table : PhaseTable
        The dataset as it is now held.
    path : Path
        Where.
    fetched : tuple of str
        Chemical systems that were asked for now, empty where all were held already.
    documents : int
        Materials that the service sent: polymorphs of one composition are several.
    left_out : int
        Of these, without a formation energy, deprecated, or theoretical where not wanted.
    hull_difference_eV_per_atom : float
        Largest difference between the energies above hull as served and as they follow from the
        phases held; nan where nothing was fetched.
    messages : tuple of str
        What the user should know.
    """

    table: PhaseTable
    path: Path
    fetched: tuple[str, ...]
    documents: int
    left_out: int
    hull_difference_eV_per_atom: float
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """The dataset as it is before a fetch; all None or empty where there is none."""

    table: PhaseTable | None
    systems: tuple[str, ...]
    thermo_type: str | None
    version: str | None
    experimental_only: bool
    damage: str | None = None


def chemical_system(text: str) -> str:
    """Chemical system of a formula, or of elements joined by dashes, in alphabetical order.

    Raises
    ------
    FormulaError
        If it is neither.

    Examples
    --------
    >>> chemical_system("Li-P-S-Ge"), chemical_system("Li7La3Zr2O12")
    ('Ge-Li-P-S', 'La-Li-O-Zr')
    """
    parts = [part.strip() for part in text.split("-")]
    if len(parts) > 1:
        unknown = [part for part in parts if part not in ATOMIC_NUMBER]
        if unknown:
            raise FormulaError(
                f"chemical system {text!r}: no element {unknown[0]!r}; write one as Li-P-S"
            )
        return "-".join(sorted(set(parts)))
    return "-".join(sorted(parse(text).elements))


def fetch(
    systems_or_formulas: Iterable[str] = (),
    *,
    api_key: str | None = None,
    api_key_file: str | Path | None = None,
    endpoint: str | None = None,
    thermo_type: str | None = None,
    experimental_only: bool | None = None,
    refresh: bool = False,
    deadline_s: float = DEADLINE_s,
    progress: Callable[[int, int], None] | None = None,
) -> FetchReport:
    """Fetch chemical systems with all their subsystems into the dataset ``mp``.

    Parameters
    ----------
    systems_or_formulas : iterable of str
        Such as ``"Li-Ge-P-S"`` or ``"Li10GeP2S12"``; any number of elements. What is held
        already is not asked for again.
    api_key : str, optional
    api_key_file : str or Path, optional
        File that holds the key. Without either it is looked for in ``MP_API_KEY`` and in
        pymatgen's configuration.
    endpoint : str, optional
        Address of the service, where it is not the public one.
    thermo_type : str, optional
        One of :data:`THERMO_TYPES`; by default that of the dataset, or GGA_GGA+U for a new one.
    experimental_only : bool, optional
        Leave out phases that no experiment is known for (elements stay); by default as the
        dataset does, or False for a new one.
    refresh : bool
        Fetch again everything that is held, in place of it.
    deadline_s : float
        Give up when everything together takes longer.
    progress : callable, optional
        Called with the number of chemical systems done and needed.

    Returns
    -------
    FetchReport

    Raises
    ------
    FormulaError
        If a system or formula cannot be read.
    SourceError
        If there is no key, the endpoint is no address, the service did not answer, refused,
        answered what cannot be understood, or has nothing; or if its energies must not join those
        held. The dataset is then as it was before.
    OutputError
        If the dataset cannot be written.
    """
    if endpoint is not None:
        check_endpoint(endpoint)
    asked = _maximal(chemical_system(text) for text in systems_or_formulas)
    key = _Key(api_key, api_key_file, endpoint, deadline_s)
    path = user_file(_NAME)
    # What is held must not change between the reading of it and the writing of what it becomes.
    with writing(path, wait_s=_WAIT_s):
        return _fetch(asked, path, key, thermo_type, experimental_only, refresh, progress)


@dataclass(frozen=True, slots=True)
class _Key:
    """How to reach the service."""

    api_key: str | None
    file: str | Path | None
    endpoint: str | None
    deadline_s: float

    def client(self) -> Client:
        return Client(find_api_key(self.api_key, self.file), self.endpoint, self.deadline_s)


def _fetch(
    asked: list[str],
    path: Path,
    key: _Key,
    thermo_type: str | None,
    experimental_only: bool | None,
    refresh: bool,
    progress: Callable[[int, int], None] | None,
) -> FetchReport:
    held = _held(path)
    if held.damage is not None:
        refresh = True
    if refresh:
        asked = _maximal([*asked, *held.systems])
        held = replace(held, table=None)
    if not asked:
        raise SourceError(
            "nothing to fetch: name chemical systems or formulas, such as "
            "'sse-window data fetch Li-Ge-P-S'"
        )
    kind = _thermo_type(thermo_type, held)
    experimental = held.experimental_only if experimental_only is None else experimental_only
    messages = [held.damage] if held.damage else []
    if held.table is not None:
        _check_same("functional", held.thermo_type, kind)
        _check_same("selection", _selection(held.experimental_only), _selection(experimental))
        missing = [s for s in asked if not held.table.provenance.covers(s.split("-"))]
        if not missing:
            messages.append("everything asked for is held already: nothing was fetched")
            table = with_elements(held.table)
            return FetchReport(table, path, (), 0, 0, float("nan"), tuple(messages))
        asked = missing
    client = key.client()
    subsystems = _subsystems(asked, held.systems if held.table is not None else ())
    documents = client.thermo(subsystems, kind, progress)
    _check_answer(documents, asked, kind, held)
    version = client.database_version(documents)
    if held.table is not None:
        _check_same("database version", held.version, version)
    provenance = Provenance(
        name=_NAME,
        date=version,
        corrections=THERMO_TYPES[kind],
        sha256="",
        additions=(_EXPERIMENTAL_ONLY,) if experimental else (),
        systems=tuple(_maximal([*asked, *(held.systems if held.table is not None else ())])),
    )
    phases, left_out = _lowest(documents, experimental)
    table = _with_measured(_table(phases, held.table, provenance))
    above = energies_above_hull(table)
    table = replace(table, e_above_hull=above, competing=above <= ENERGY_eV_per_atom)
    difference = _hull_difference(table, set(phases))
    messages += _remarks(difference, kind, experimental, left_out)
    fetched = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    written = write(
        table,
        path,
        licence=LICENCE,
        sources=[{"name": "Materials Project", "doi": DOI, "licence": LICENCE, "version": version}],
        details={
            "thermo_type": kind,
            "database_version": version,
            "experimental_only": experimental,
            "fetched": fetched,
            "client": client.software,
        },
    )
    table = replace(table, provenance=written)
    return FetchReport(
        table, path, tuple(asked), len(documents), left_out, difference, tuple(messages)
    )


def _maximal(systems: Iterable[str]) -> list[str]:
    """Without repetitions and without systems that are part of another one, sorted."""
    sets = {frozenset(system.split("-")) for system in systems}
    return sorted("-".join(sorted(s)) for s in sets if not any(s < other for other in sets))


def _subsystems(systems: Sequence[str], held: Sequence[str]) -> list[str]:
    """Every subsystem of `systems` that is not one of those held."""
    have = [frozenset(system.split("-")) for system in held]
    found: set[str] = set()
    for system in systems:
        elements = system.split("-")
        for size in range(1, len(elements) + 1):
            for part in itertools.combinations(elements, size):
                if not any(set(part) <= other for other in have):
                    found.add("-".join(part))
    return sorted(found, key=lambda s: (s.count("-"), s))


def _held(path: Path) -> _Held:
    if not path.is_file() and not path.with_suffix(".json").is_file():
        return _Held(None, (), None, None, False)
    systems: tuple[str, ...] = ()
    try:
        details = read_provenance(path)
        given = details.get("systems", [])
        systems = tuple(_maximal(chemical_system(str(s)) for s in given)) if given else ()
        kind, version = details.get("thermo_type"), details.get("database_version")
        if kind not in THERMO_TYPES or not isinstance(version, str) or not systems:
            raise DataError(f"{path} was not fetched by this program")
        experimental = details.get("experimental_only") is True
        return _Held(read_table(path), systems, kind, version, experimental)
    except (DataError, FormulaError, TypeError) as error:
        # Fetching is the remedy that the message of a damaged dataset names, so it has to work.
        what = f"; the systems it held are fetched again: {', '.join(systems)}" if systems else ""
        return _Held(None, systems, None, None, False, f"replaced: {error}{what}")


def _thermo_type(wanted: str | None, held: _Held) -> str:
    if wanted is None:
        return held.thermo_type or DEFAULT_THERMO_TYPE
    for kind in THERMO_TYPES:
        if kind.lower() == wanted.lower():
            return kind
    raise SourceError(f"no thermo type {wanted!r}: choose one of {', '.join(THERMO_TYPES)}")


def _selection(experimental_only: bool) -> str:
    return "experimental phases only" if experimental_only else "all phases"


def _check_same(what: str, held: str | None, offered: str) -> None:
    if held != offered:
        raise SourceError(
            f"dataset 'mp' holds {what} {held}, this fetch would add {offered}: energies of "
            "different kinds are not mixed; fetch everything again with --refresh"
        )


def _check_answer(
    documents: Sequence[Mapping[str, Any]], asked: Sequence[str], kind: str, held: _Held
) -> None:
    present = set(held.table.elements) if held.table is not None else set()
    for document in documents:
        present |= set(document["composition"].elements)
    for system in asked:
        absent = sorted(set(system.split("-")) - present)
        if absent:
            raise SourceError(
                f"the Materials Project has no {kind} energies of {', '.join(absent)}, needed for "
                f"{system}: leave it out or choose another thermo type; nothing was changed"
            )


def _lowest(
    documents: Sequence[Mapping[str, Any]], experimental_only: bool
) -> tuple[dict[str, Mapping[str, Any]], int]:
    """Find the ground state of every composition; also how many documents are not used."""
    phases: dict[str, Mapping[str, Any]] = {}
    left_out = 0
    for document in sorted(documents, key=_rank):
        element = len(document["composition"].elements) == 1
        unwanted = experimental_only and document["theoretical"] is not False and not element
        if document["energy"] is None or unwanted:
            left_out += 1
            continue
        phases.setdefault(document["composition"].reduced_formula, document)
    return phases, left_out


def _rank(document: Mapping[str, Any]) -> tuple[float, str]:
    energy = document["energy"]
    return (np.inf if energy is None else energy, document["material_id"])


def _table(
    phases: Mapping[str, Mapping[str, Any]], held: PhaseTable | None, provenance: Provenance
) -> PhaseTable:
    """Join new phases and those held, with the elements at 0."""
    rows: list[tuple[Composition, float, Mapping[str, Any]]] = []
    for formula, document in phases.items():
        composition = document["composition"]
        element = len(composition.elements) == 1
        gap, volume = document["band_gap"], document["volume_per_atom"]
        properties = {
            "band_gap_eV": gap,
            "band_gap_source": None if gap is None else "MP",
            "band_gap_computed_eV": gap,
            "band_gap_computed_source": None if gap is None else "MP",
            "volume_per_atom_A3": volume,
            "volume_source": None if volume is None else "MP",
            "material_id": document["material_id"],
            "theoretical": document["theoretical"],
            _SERVED_HULL: document["e_above_hull"],
            _REFERENCE: document["total_energy"] if element else None,
        }
        # The most stable form of an element that the service knows is the reference.
        energy = 0.0 if element else document["energy"]
        rows.append((Composition(formula, composition.amounts), energy, properties))
    if held is not None:
        for row, formula in enumerate(held.formulas.tolist()):
            if formula in phases:
                continue
            properties = {name: column[row] for name, column in held.properties.items()}
            energy = float(held.formation_energy_per_atom[row])
            rows.append((Composition(formula, held.composition(row)), energy, properties))
    names = sorted({name for _, _, properties in rows for name in properties})
    columns = {
        name: column_of(name, [properties.get(name) for _, _, properties in rows]) for name in names
    }
    table = PhaseTable.from_compositions(
        [composition for composition, _, _ in rows],
        [energy for _, energy, _ in rows],
        provenance,
        properties=columns,
    )
    return with_elements(table)


def _with_measured(table: PhaseTable) -> PhaseTable:
    """Measured gaps and formation energies of the packaged table: facts of any database."""
    packaged = load()
    rows = [packaged.index(formula) for formula in table.formulas.tolist()]
    here = np.array([i for i, row in enumerate(rows) if row is not None], dtype=np.intp)
    there = np.array([row for row in rows if row is not None], dtype=np.intp)
    columns = dict(table.properties)
    for name in _MEASURED:
        if name in packaged.properties:
            floating = packaged.properties[name].dtype.kind == "f"
            column = absent(len(table), numbers=floating)
            column[here] = packaged.properties[name][there]
            columns[name] = column
    source = packaged.properties.get("band_gap_source")
    if source is not None:
        measured = source[there] == "measured"
        gap, origin = columns["band_gap_eV"].copy(), columns["band_gap_source"].copy()
        gap[here[measured]] = packaged.properties["band_gap_eV"][there[measured]]
        origin[here[measured]] = "measured"
        columns |= {"band_gap_eV": gap, "band_gap_source": origin}
    return replace(table, properties=columns)


def _hull_difference(table: PhaseTable, fetched: set[str]) -> float:
    served = table.properties[_SERVED_HULL]
    rows = [i for i, formula in enumerate(table.formulas.tolist()) if formula in fetched]
    differences = np.abs(served[rows] - table.e_above_hull[rows])
    known = differences[np.isfinite(differences)]
    return float(known.max()) if len(known) else float("nan")


def _remarks(difference: float, kind: str, experimental: bool, left_out: int) -> Iterator[str]:
    if left_out:
        yield f"{left_out} materials left out: theoretical ones, or without a formation energy"
    # A hundredth of what computed energies are uncertain by.
    if difference > 2e-4 and not experimental:
        yield (
            f"energies above hull as served differ from those of the phases held by up to "
            f"{difference:.4f} eV/atom"
        )
    if kind == "GGA_GGA+U_R2SCAN":
        yield (
            "mixed energies of the service refer to the hull of each chemical system alone and do "
            "not join exactly over systems; GGA_GGA+U and R2SCAN do"
        )
