"""Total energies of calculations: pymatgen's entries in JSON, and VASP's ``vasprun.xml``.

Nothing but numbers and names is taken from a file. pymatgen's own reader imports whatever module
an object in the file names, and some of its classes open files and addresses; here, composition and
cell are built from the numbers of the fields that an entry needs, and all else is left unread.
"""

from __future__ import annotations

import math
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..core.composition import Composition, parse
from ..core.elements import ATOMIC_NUMBER
from ..core.errors import EntriesError, FormulaError
from ..core.files import shown
from .entry_files import Row, refuse
from .json_records import GIBBS
from .packed_files import file_bytes

__all__ = [
    "Calculation",
    "Cell",
    "find_calculations",
    "one_line",
    "pymatgen_entry",
    "read_calculations",
    "read_computed",
    "warnings_kept",
]

_CLASSES = ("ComputedEntry", "ComputedStructureEntry", "PDEntry", "TransformedPDEntry", GIBBS)
_FINAL = ("PDEntry", "TransformedPDEntry")
_SPECIES = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*[+-])?(,spin=[-+.\d]+)?")
_SET_OF_TEXTS = re.compile(r"\{('[^{}:]*')\}")
"""In a message; the order of its members differs from run to run."""

_MOST_ATOMS = 1e6
_LARGEST_eV = 1e9


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit cell.

    Attributes
    ----------
    lattice : tuple of 3 tuples of 3 float
        Rows are lattice vectors [A].
    species : tuple of mapping of str to float
        Elements on each site and their occupancies.
    positions : tuple of tuple of 3 float
        Fractional.
    """

    lattice: tuple[tuple[float, ...], ...]
    species: tuple[Mapping[str, float], ...]
    positions: tuple[tuple[float, ...], ...]

    @property
    def amounts(self) -> dict[str, float]:
        """Atoms of each element."""
        amounts: dict[str, float] = {}
        for site in self.species:
            for element, occupancy in site.items():
                amounts[element] = amounts.get(element, 0.0) + occupancy
        return amounts

    @property
    def volume_per_atom(self) -> float:
        """[A3]."""
        return abs(float(np.linalg.det(np.array(self.lattice)))) / sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Calculation:
    """A total energy.

    Attributes
    ----------
    place : str
        ``"entry 2"`` or the path of a file.
    composition : Composition
        Of the energy.
    energy : float
        Total energy without corrections [eV].
    correction : float
        That came with it [eV].
    settings : mapping of str to object
        ``run_type``, ``hubbards``, ``potcar_symbols``, ``potcar_spec``.
    facts : mapping of str to object
        ``oxide_type``, ``sulfide_type``, ``oxidation_states``.
    cell : Cell or None
    entry_id : str or None
    temperature_K : float or None
        Where the energy is a Gibbs energy of formation, elements at 0, of this temperature.
    final : bool
        Whether it stood in a phase diagram, whose entries do not say how they were made.
    """

    place: str
    composition: Composition
    energy: float
    correction: float = 0.0
    settings: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    cell: Cell | None = None
    entry_id: str | None = None
    temperature_K: float | None = None
    final: bool = False

    @property
    def run_type(self) -> str | None:
        """Functional."""
        run_type = self.settings.get("run_type")
        return None if run_type is None else str(run_type)

    @property
    def volume_per_atom(self) -> float:
        """[A3]; nan if not known."""
        return math.nan if self.cell is None else self.cell.volume_per_atom


class _UnreadableError(Exception):
    """Why an entry cannot be read."""


def read_computed(path: Path, rows: Sequence[Row]) -> list[Calculation]:
    """Calculations of the objects of a JSON file.

    Parameters
    ----------
    path : Path
        For messages.
    rows : sequence of Row
        Fields of pymatgen's entries.

    Returns
    -------
    list of Calculation

    Raises
    ------
    EntriesError
        Naming the entry that cannot be read, and the field.
    """
    found = []
    for row in rows:
        if row.values.get("@class", _CLASSES[0]) not in _CLASSES:
            refuse(path, row.place, f"no {' or '.join(_CLASSES[:2])}")
        try:
            found.append(_calculation(row.place, row.values))
        except (_UnreadableError, FormulaError) as error:
            refuse(path, row.place, str(error))
    return found


def _calculation(place: str, value: Mapping[str, Any]) -> Calculation:
    energy = _number("energy", value.get("energy"), _LARGEST_eV)
    cell = None if value.get("structure") is None else _cell(value["structure"])
    if value.get("composition") is not None:
        # The energy is that of this composition, perhaps a multiple of the structure.
        amounts = _amounts(value["composition"])
    elif cell is not None:
        amounts = cell.amounts
    else:
        raise _UnreadableError("no composition")
    parameters, data = (_mapping(value.get(name)) for name in ("parameters", "data"))
    entry_id = value.get("entry_id")
    if entry_id is None:
        entry_id = value.get("material_id")
    temperature = None
    if value.get("@class") == GIBBS:
        temperature = _number("temp", value.get("temp"), 1e5)
    return Calculation(
        place=place,
        composition=_composition(amounts),
        energy=energy,
        correction=_correction(value),
        settings=_settings(parameters),
        facts=_facts(data),
        cell=cell,
        entry_id=_id(entry_id),
        temperature_K=temperature,
        final=value.get("@class") in _FINAL,
    )


def _number(name: str, value: object, largest: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < largest:
        raise _UnreadableError(f"no {name}: {value!r:.40}")
    return float(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> str | None:
    if value is None or not str(value).isprintable() or isinstance(value, (dict, list)):
        return None
    return str(value)[:200]


def _amounts(value: object) -> dict[str, float]:
    if isinstance(value, str):
        return dict(parse(value).amounts)
    if not isinstance(value, dict):
        raise _UnreadableError(f"no composition: {value!r:.40}")
    amounts: dict[str, float] = {}
    for name, amount in value.items():
        if name.startswith("@"):
            continue
        amount = _number(f"amount of {name!r:.20}", amount, _MOST_ATOMS)
        element = _element(name)
        amounts[element] = amounts.get(element, 0.0) + amount
    return amounts


def _element(name: object) -> str:
    """Element of a species such as S2-."""
    match = _SPECIES.fullmatch(name) if isinstance(name, str) else None
    if match is None or match[1] not in ATOMIC_NUMBER:
        raise _UnreadableError(f"no element: {name!r:.40}")
    return match[1]


def _composition(amounts: Mapping[str, float]) -> Composition:
    if not amounts or not all(0.0 < n < _MOST_ATOMS for n in amounts.values()):
        raise _UnreadableError(f"no composition: {dict(amounts)!r:.60}")
    return parse("".join(f"{e}{n:.10g}" if n != 1.0 else e for e, n in amounts.items()))


def _cell(value: object) -> Cell:
    try:
        structure = _mapping(value)
        lattice = structure["lattice"]["matrix"]
        sites = structure["sites"]
        vectors = tuple(tuple(_number("lattice", x, 1e6) for x in row) for row in lattice)
        if [len(row) for row in vectors] != [3, 3, 3]:
            raise _UnreadableError("the structure has no three lattice vectors")
        species = []
        for site in sites:
            there: dict[str, float] = {}
            for one in site["species"]:
                element = _element(one["element"])
                there[element] = there.get(element, 0.0) + _number("occu", one["occu"], 1.01)
            species.append(there)
        positions = tuple(tuple(_number("abc", x, 1e6) for x in site["abc"]) for site in sites)
        if any(len(position) != 3 for position in positions):
            raise _UnreadableError("a site of the structure has no three coordinates")
        cell = Cell(vectors, tuple(species), positions)
        if not all(0.0 < n < _MOST_ATOMS for n in cell.amounts.values()) or not species:
            raise _UnreadableError("the structure has no atoms")
        if not 0.1 < cell.volume_per_atom < 1e5:
            raise _UnreadableError(f"the structure has {cell.volume_per_atom:.3g} A3 per atom")
    except (KeyError, TypeError, AttributeError) as error:
        raise _UnreadableError(
            f"the structure cannot be read: {type(error).__name__} {error!s:.40}"
        ) from None
    return cell


_ADJUSTMENTS = {
    "ConstantEnergyAdjustment": ("value",),
    "ManualEnergyAdjustment": ("value",),
    "CompositionEnergyAdjustment": ("adj_per_atom", "n_atoms"),
    "TemperatureEnergyAdjustment": ("adj_per_deg", "temp", "n_atoms"),
}
"""Factors of the energy of each kind."""


def _correction(value: Mapping[str, Any]) -> float:
    """Sum of the corrections that came with an entry [eV]."""
    adjustments = value.get("energy_adjustments")
    if not adjustments:
        correction = value.get("correction")
        return 0.0 if correction is None else _number("correction", correction, _LARGEST_eV)
    if not isinstance(adjustments, list):
        raise _UnreadableError(f"energy_adjustments are no list: {adjustments!r:.40}")
    total = 0.0
    for adjustment in adjustments:
        fields = _mapping(adjustment)
        kind = fields.get("@class")
        factors = _ADJUSTMENTS.get(kind, ("value",)) if isinstance(kind, str) else ("value",)
        total += math.prod(_number(name, fields.get(name), _LARGEST_eV) for name in factors)
    return total


def _settings(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What the corrections look at, of the types that they expect."""
    settings: dict[str, Any] = {}
    run_type = parameters.get("run_type")
    if isinstance(run_type, dict):  # an enumeration
        run_type = run_type.get("value")
    if isinstance(run_type, str):
        settings["run_type"] = run_type[:40]
    hubbards = parameters.get("hubbards")
    if isinstance(hubbards, dict):
        settings["hubbards"] = {
            str(e): _number(f"U of {e!r:.20}", u, 1e3) for e, u in hubbards.items()
        }
    symbols = parameters.get("potcar_symbols")
    if isinstance(symbols, list) and all(isinstance(symbol, str) for symbol in symbols):
        settings["potcar_symbols"] = symbols
    specs = parameters.get("potcar_spec")
    if isinstance(specs, list) and all(isinstance(_mapping(s).get("titel"), str) for s in specs):
        settings["potcar_spec"] = [
            {n: s[n] for n in ("titel", "hash") if isinstance(s.get(n), str)} for s in specs
        ]
    return settings


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: data[name]
        for name in ("oxide_type", "sulfide_type")
        if isinstance(data.get(name), str)
    }
    states = data.get("oxidation_states")
    if isinstance(states, dict) and states:
        facts["oxidation_states"] = {
            _element(e): _number(f"oxidation state of {e!r:.20}", n, 100.0)
            for e, n in states.items()
        }
    return facts


def pymatgen_entry(calculation: Calculation) -> Any:
    """What pymatgen's corrections take, without corrections of its own.

    Parameters
    ----------
    calculation : Calculation

    Returns
    -------
    ComputedEntry or ComputedStructureEntry
    """
    from pymatgen.core import Composition as PymatgenComposition
    from pymatgen.core import Lattice, Structure
    from pymatgen.entries.computed_entries import ComputedEntry, ComputedStructureEntry

    composition = PymatgenComposition(dict(calculation.composition.amounts))
    settings = {
        "parameters": dict(calculation.settings),
        "data": dict(calculation.facts),
        "entry_id": calculation.entry_id,
    }
    cell = calculation.cell
    if cell is None:
        return ComputedEntry(composition, calculation.energy, **settings)
    structure = Structure(Lattice(cell.lattice), [dict(s) for s in cell.species], cell.positions)
    return ComputedStructureEntry(
        structure, calculation.energy, composition=composition, **settings
    )


def find_calculations(folder: Path) -> list[Path]:
    """Find every ``vasprun.xml`` or ``vasprun.xml.gz`` of a folder and its subfolders.

    Names such as ``vasprun.relax2.xml`` count.

    Raises
    ------
    EntriesError
        If there is none, or a subfolder cannot be read.
    """
    found = sorted(
        path
        for path in _files(folder)
        if "vasprun" in path.name and path.name.endswith((".xml", ".xml.gz")) and path.is_file()
    )
    if not found:
        raise EntriesError(f"{shown(folder)}: no vasprun.xml or vasprun.xml.gz in this folder")
    return found


def _files(folder: Path) -> Iterator[Path]:
    def unreadable(error: OSError) -> NoReturn:
        raise EntriesError(
            f"cannot read {shown(error.filename)}: {error.strerror}; nothing of {shown(folder)} "
            "was taken"
        )

    for place, _, names in os.walk(folder, onerror=unreadable):
        yield from (Path(place, name) for name in names)


def read_calculations(paths: Sequence[Path], folder: Path) -> list[Calculation]:
    """Read final energies and structures of VASP calculations.

    Parameters
    ----------
    paths : sequence of Path
    folder : Path
        What the paths are given relative to in messages.

    Returns
    -------
    list of Calculation

    Raises
    ------
    EntriesError
        Naming a file that is damaged or did not converge, or if pymatgen is not installed.
    """
    try:
        from pymatgen.io.vasp.outputs import Vasprun
    except ImportError:
        raise EntriesError(
            f"{shown(folder)}: reading VASP calculations needs pymatgen: install it with 'pip "
            "install pymatgen'"
        ) from None

    found = []
    for path in paths:
        place = shown(path.relative_to(folder).as_posix() if path != folder else path.name)
        content = file_bytes(path)
        if not content.rstrip().endswith(b"</modeling>"):
            refuse(folder, place, "not a complete vasprun.xml: did the calculation end?")
        try:
            with warnings_kept():
                run = Vasprun(
                    path, parse_dos=False, parse_eigen=False, parse_potcar_file=False,
                    parse_projected_eigen=False,
                )  # fmt: skip
                entry = run.get_computed_entry(inc_structure=True, entry_id=place)
                converged = bool(run.converged)
                calculation = _of_entry(place, entry)
        except Exception as error:  # pymatgen raises what it meets
            refuse(folder, place, f"cannot be read: {one_line(error)}")
        if not math.isfinite(calculation.energy):
            refuse(folder, place, f"no energy: {calculation.energy}")
        if not converged:
            refuse(folder, place, "the calculation did not converge: finish it or take it out")
        found.append(calculation)
    return found


def _of_entry(place: str, entry: Any) -> Calculation:
    structure = entry.structure
    sites = [{_element(s.symbol): float(x) for s, x in site.species.items()} for site in structure]
    cell = Cell(
        tuple(tuple(map(float, row)) for row in structure.lattice.matrix),
        tuple(sites),
        tuple(tuple(map(float, row)) for row in structure.frac_coords),
    )
    return Calculation(
        place=place,
        composition=_composition(cell.amounts),
        energy=float(entry.uncorrected_energy),
        settings=_settings(entry.parameters),
        cell=cell,
        entry_id=place,
    )


def warnings_kept() -> warnings.catch_warnings[list[warnings.WarningMessage]]:
    """Collect the warnings of a block, whatever the filters say, instead of showing them."""
    return warnings.catch_warnings(record=True, action="always")


def one_line(error: Exception) -> str:
    """Shorten what pymatgen said to a line; some of its messages end in the whole entry."""
    text = str(error).split(" for {")[0].strip()
    text = _SET_OF_TEXTS.sub(lambda match: ", ".join(_sorted_members(match[1])), text)
    lines = text.splitlines()
    return f"{type(error).__name__}: {lines[0][:160]}" if lines else type(error).__name__


def _sorted_members(text: str) -> list[str]:
    return sorted(member.strip().strip("'") for member in text.split(","))
