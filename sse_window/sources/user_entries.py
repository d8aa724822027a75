"""The user's own phases: tables of formation energies, pymatgen entries, or VASP calculations.

============================ ======================================================================
file                         what it holds
============================ ======================================================================
``.csv``, ``.tsv``           a header and a row per phase, UTF-8; commas, semicolons or tabs between
                             values
``.json``, ``.jsonl``        objects with the same names, or answers of databases: see
                             :mod:`~sse_window.sources.json_records`
``.json``, ``.jsonl``        one or many of pymatgen's entries, or a phase diagram of them
``.parquet``, ``.xlsx``      a table as in CSV
``vasprun.xml``              a VASP calculation; or a folder of them, with all its subfolders
``.cif``, ``POSCAR``         a structure, see :mod:`~sse_window.sources.interatomic`
============================ ======================================================================

All but ``.parquet`` and ``.xlsx`` may be packed with gzip, bzip2 or xz.

Columns of a table: ``formula``, which may be a well-known name such as LGPS, and
``formation_energy_per_atom_eV`` or ``e_above_hull_eV_per_atom``; where a row gives both, the
formation energy counts. An energy above hull is added to the hull of the dataset that the phases
join. The columns of :data:`COLUMNS`, which are those of an exported dataset, may follow; others are
carried along. Elements may be left out. Lines of a CSV file that begin with ``#`` are comments; a
JSON file may hold the object of a single phase. A table of total energies needs the corrections to
be said, and its elements.

A file is taken as a whole or not at all. A composition that stands in a table twice is an error,
because nothing says which energy is meant, unless the rows have different ``material_id``: then
they are polymorphs. Of polymorphs, and of calculations of one composition, the lowest counts;
total energies are read by :mod:`~sse_window.sources.formation_energies`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import DataError, EntriesError
from ..core.files import is_there, shown
from ..phases.reference import with_elements
from ..phases.table import PhaseTable, Provenance
from . import interatomic
from .calculations import Calculation, find_calculations, read_calculations, read_computed
from .datasets import PACKAGED, provenance_of
from .entry_files import read_csv, read_json, read_parquet, read_xlsx, refuse
from .entry_tables import COLUMNS, gives_total_energies, phases_of, property_columns, totals_of
from .formation_energies import (
    AS_GIVEN,
    MP2020,
    SCHEMES,
    WITH_CONSTANTS,
    Phase,
    formation_energies,
    kind_of,
)
from .json_records import THERMO_TYPES, is_calculation, records
from .oxyanion_constants import as_the_dataset, with_constants
from .packed_files import sha256_of, without_packing
from .plausible_sizes import check_sizes, hull_energy
from .structure_files import is_structure_file

__all__ = [
    "COLUMNS",
    "UserEntries",
    "as_table",
    "energies_of",
    "read_entries",
]

_GIBBS = "Gibbs energies of formation"


@dataclass(frozen=True, slots=True, eq=False)
class UserEntries:
    """Phases read from a file, before they join a dataset.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of the file, or of all files of a folder.
    compositions : tuple of Composition
    formation_energy_per_atom : ndarray of float, shape (n,)
        [eV/atom]; nan where only the energy above hull is given.
    e_above_hull : ndarray of float, shape (n,)
        [eV/atom]; nan where not given.
    places : tuple of str
        Line, entry or file that each phase comes from.
    properties : mapping of str to ndarray, each of shape (n,)
    corrections : str or None
        None where the file does not say with which corrections its energies were made.
    mixed : tuple of str
        What was taken although it does not match, or made to match, for every result to carry.
    messages : tuple of str
        What the user should know.
    """

    path: Path
    sha256: str
    compositions: tuple[Composition, ...]
    formation_energy_per_atom: npt.NDArray[np.float64]
    e_above_hull: npt.NDArray[np.float64]
    places: tuple[str, ...]
    properties: Mapping[str, npt.NDArray[Any]]
    corrections: str | None
    mixed: tuple[str, ...]
    messages: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.compositions)


def read_entries(
    path: str | Path,
    *,
    dataset: PhaseTable | None = None,
    corrections: str | None = None,
    allow_mixed: bool = False,
) -> UserEntries:
    """Read the phases of a file or folder.

    Parameters
    ----------
    path : str or Path
    dataset : PhaseTable, optional
        The dataset that the phases are to join.
    corrections : str, optional
        One of :data:`~sse_window.sources.formation_energies.SCHEMES`. For total energies: what to
        apply; by default what the dataset has, without a dataset MP2020. For a table: what its
        energies have; those with MP2020 join a dataset with constants of oxyanions after these
        have been applied to them.
    allow_mixed : bool
        Take energies although their functional, corrections or elements do not match.

    Returns
    -------
    UserEntries

    Raises
    ------
    EntriesError
        If the file cannot be read or a row is no phase (file, line and reason), if elements are
        missing, or if the energies do not match those of the dataset.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "mine.csv"
    >>> _ = path.write_text("formula,formation_energy_per_atom_eV\\nLi3PS4,-1.27\\n")
    >>> entries = read_entries(path)
    >>> entries.compositions[0].formula, entries.formation_energy_per_atom.tolist()
    ('Li3PS4', [-1.27])
    """
    path = Path(path)
    if corrections is not None and corrections not in SCHEMES:
        raise EntriesError(
            f"no correction scheme {corrections!r}: choose one of {', '.join(SCHEMES)}"
        )
    if not is_there(path):
        raise EntriesError(f"cannot read {shown(path)}: no such file or folder")
    if is_structure_file(path):
        if corrections not in (None, "MP2020"):
            raise EntriesError(f"{shown(path)}: energies of structures take MP2020 corrections")
        corrections = "MP2020"
        if dataset is not None:  # before the structure is relaxed
            _check_join(path, f"GGA_GGA+U, {SCHEMES[corrections]}", dataset, allow_mixed)
    sha256, content = _content(path)
    mixed: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    named: str | None
    if content and isinstance(content[0], Calculation):
        if any(c.temperature_K is not None for c in content):
            phases, named = _gibbs(path, content)
        else:
            scheme = corrections or _scheme_of(dataset, content)
            phases, named, mixed, messages = _corrected(path, content, scheme, dataset, allow_mixed)
    elif gives_total_energies(content):
        if corrections is None:
            raise EntriesError(
                f"{shown(path)}: total energies: say what has been done to them with --corrections "
                f"{AS_GIVEN}, or none; or give formation energies"
            )
        totals = totals_of(path, content)
        phases, named, mixed, messages = _corrected(path, totals, corrections, dataset, allow_mixed)
    else:
        phases, messages = phases_of(path, content)
        named = _stated(path, content) if corrections is None else SCHEMES[corrections]
        if not allow_mixed:
            check_sizes(path, phases, dataset)
    phases, named, done = as_the_dataset(path, phases, named, dataset)
    mixed += done
    if dataset is not None:
        mixed += _check_join(path, named, dataset, allow_mixed)
    if is_structure_file(path):
        mixed += tuple(interatomic.marked(path, phase.composition) for phase in phases)
    return UserEntries(
        path=path,
        sha256=sha256,
        compositions=tuple(phase.composition for phase in phases),
        formation_energy_per_atom=np.array([p.formation_energy_per_atom for p in phases], float),
        e_above_hull=np.array([p.e_above_hull for p in phases], float),
        places=tuple(phase.place for phase in phases),
        properties=property_columns(phases),
        corrections=named,
        mixed=mixed,
        messages=tuple(messages),
    )


def _content(path: Path) -> tuple[str, Sequence[Any]]:
    """Hash of what is read, and rows of a table or calculations."""
    if path.is_dir():
        files = find_calculations(path)
        hashes = [f"{shown(f.relative_to(path).as_posix())} {sha256_of(f)}\n" for f in files]
        digest = hashlib.sha256("".join(hashes).encode()).hexdigest()
        return digest, read_calculations(files, path)
    name = without_packing(path.name)
    sha256 = sha256_of(path)
    if is_structure_file(path):
        return sha256, interatomic.relaxed_calculations(path)
    if name.endswith(".xml"):
        return sha256, read_calculations([path], path)
    for suffixes, reader in _TABLES.items():
        if name.endswith(suffixes):
            return sha256, reader(path)
    if name.endswith((".json", ".jsonl", ".ndjson")):
        rows = records(path, read_json(path))
        if is_calculation(rows[0].values):
            return sha256, read_computed(path, rows)
        return sha256, rows
    raise EntriesError(
        f"cannot read {shown(path)}: give a .csv or .json file (or .tsv, .jsonl, .parquet, .xlsx), "
        "a vasprun.xml, or a folder of these; or a structure, .cif or POSCAR"
    )


_TABLES = {(".csv", ".tsv"): read_csv, (".parquet",): read_parquet, (".xlsx",): read_xlsx}


def _scheme_of(dataset: PhaseTable | None, content: Sequence[Calculation]) -> str:
    if any(calculation.final for calculation in content):
        return AS_GIVEN
    scheme = None if dataset is None else kind_of(dataset.provenance.corrections)[1]
    return scheme or "MP2020"


def _corrected(
    path: Path,
    calculations: Sequence[Calculation],
    scheme: str,
    dataset: PhaseTable | None,
    allow_mixed: bool,
) -> tuple[list[Phase], str, tuple[str, ...], tuple[str, ...]]:
    """Phases, their corrections, what does not match, and messages."""
    known = MP2020 if scheme == WITH_CONSTANTS else scheme
    read = formation_energies(path, calculations, known, dataset, allow_mixed=allow_mixed)
    if scheme != WITH_CONSTANTS:
        return list(read.phases), read.corrections, read.mixed, read.messages
    phases, named, done = with_constants(path, read.phases, read.corrections)
    return phases, named, (*read.mixed, *done), read.messages


def _gibbs(path: Path, content: Sequence[Calculation]) -> tuple[list[Phase], str]:
    """Phases whose energies are Gibbs energies of formation of one temperature."""
    temperatures = sorted({c.temperature_K or 0.0 for c in content})
    if len(temperatures) > 1:
        raise EntriesError(
            f"{shown(path)}: energies of different temperatures "
            f"({', '.join(f'{t:g}' for t in temperatures[:4])} K): give one at a time"
        )
    phases: dict[str, Phase] = {}
    for calculation in content:
        composition = calculation.composition
        energy = (calculation.energy + calculation.correction) / composition.atoms
        other = phases.get(composition.reduced_formula)
        lower = other is None or energy < other.formation_energy_per_atom
        if len(composition.elements) > 1 and lower:
            ident = {} if calculation.entry_id is None else {"material_id": calculation.entry_id}
            phase = Phase(calculation.place, composition, energy, properties=ident)
            phases[composition.reduced_formula] = phase
    if not phases:
        raise EntriesError(f"{shown(path)}: elements only, which are 0 eV/atom in any dataset")
    text = f"{_GIBBS} at {temperatures[0]:g} K, estimated by pymatgen"
    return list(phases.values()), text


def _stated(path: Path, rows: Sequence[Any]) -> str | None:
    """Corrections that documents of the Materials Project name; None where they name none."""
    kinds = {str(row.values.get("thermo_type")) for row in rows} & set(THERMO_TYPES)
    if len(kinds) > 1:
        raise EntriesError(
            f"{shown(path)}: energies of different thermo_type ({', '.join(sorted(kinds))}), which "
            "do not share a zero: give one at a time"
        )
    return THERMO_TYPES[kinds.pop()] if kinds else None


def _check_join(
    path: Path, corrections: str | None, dataset: PhaseTable, allow_mixed: bool
) -> tuple[str, ...]:
    held = dataset.provenance
    if corrections is None:
        return ()
    family, scheme = kind_of(corrections)
    if scheme == AS_GIVEN:
        text = f"energies with {corrections} beside those of {held.name!r}, {held.corrections}"
        return (f"{shown(path.name)}: {text}",)
    held_family, held_scheme = kind_of(held.corrections)
    same_family = family == held_family or family is None
    if same_family and scheme == held_scheme and not corrections.startswith(_GIBBS):
        return ()
    text = f"energies with {corrections} beside those of {held.name!r}, {held.corrections}"
    if not allow_mixed:
        raise EntriesError(
            f"{shown(path)}: {text}: they do not match, being shifted against each other by tenths "
            f"of an eV; choose a dataset that has the same{_that_has(corrections)}, or "
            "--allow-mixed, which every result then says"
        )
    return (f"{shown(path.name)}: {text}",)


def _that_has(corrections: str) -> str:
    """The packaged datasets with these corrections, for a message."""
    kind = kind_of(corrections)
    of = {name: kind_of(str(provenance_of(name)["corrections"])) for name in PACKAGED}
    names = [
        f"--dataset {name}"
        for name, (family, scheme) in of.items()
        if kind[1] is not None and scheme == kind[1] and kind[0] in (None, family)
    ]
    return f" ({' or '.join(names)})" if names else ""


def as_table(entries: UserEntries, dataset: PhaseTable | None = None) -> PhaseTable:
    """Phases as a table, with their elements at 0, ready to be merged into a dataset.

    Parameters
    ----------
    entries : UserEntries
    dataset : PhaseTable, optional
        Whose hull energies above hull refer to.

    Returns
    -------
    PhaseTable
        ``provenance.additions`` holds what every result has to say about these energies.

    Raises
    ------
    EntriesError
        If an energy above hull is given and no dataset to refer it to, or an element of that phase
        is not in the dataset.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "mine.csv"
    >>> _ = path.write_text("formula,e_above_hull_eV_per_atom\\nLi3PS4,0.02\\n")
    >>> dataset = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3})
    >>> table = as_table(read_entries(path), dataset)
    >>> round(float(table.formation_energy_per_atom[table.index("Li3PS4")]), 3)
    -0.899
    """
    energies = energies_of(entries, dataset)
    relative = np.isnan(entries.formation_energy_per_atom)
    additions = list(entries.mixed)
    if entries.corrections is None and not relative.all():
        additions.append(
            f"{shown(entries.path.name)}: corrections of its formation energies not stated"
        )
    provenance = Provenance(
        name=shown(entries.path.name),
        date="",
        corrections=entries.corrections or "not stated",
        sha256=entries.sha256,
        additions=tuple(additions),
    )
    table = PhaseTable.from_compositions(
        entries.compositions,
        [energy for _, energy in energies],
        provenance,
        properties=entries.properties,
    )
    return with_elements(table)


def energies_of(
    entries: UserEntries, dataset: PhaseTable | None = None
) -> list[tuple[Composition, float]]:
    """Every composition with its formation energy [eV/atom].

    Parameters
    ----------
    entries : UserEntries
    dataset : PhaseTable, optional
        Whose hull energies above hull refer to.

    Raises
    ------
    EntriesError
        If an energy above hull is given and no dataset to refer it to, or an element of that phase
        is not in the dataset.
    """
    energies = entries.formation_energy_per_atom.copy()
    relative = np.flatnonzero(np.isnan(energies))
    for row in relative:
        place, composition = entries.places[row], entries.compositions[row]
        if dataset is None:
            refuse(entries.path, place, "an energy above hull needs a dataset with this hull")
        try:
            hull = hull_energy(dataset, composition)
        except DataError as error:
            refuse(entries.path, place, str(error))
        energies[row] = hull + entries.e_above_hull[row]
    return list(zip(entries.compositions, energies.tolist(), strict=True))
