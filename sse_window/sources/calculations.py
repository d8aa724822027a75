"""Reading calculations: pymatgen's entries in JSON, and VASP's ``vasprun.xml``.

Nothing but data is taken from a file: of the classes that a JSON file may name, only entries and
structures are built.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.composition import Composition, parse
from ..core.elements import ATOMIC_NUMBER
from ..core.errors import EntriesError
from .entry_files import file_bytes, refuse

__all__ = [
    "Calculation",
    "find_calculations",
    "is_computed",
    "one_line",
    "read_calculations",
    "read_computed",
    "warnings_kept",
]

_CLASSES = ("ComputedEntry", "ComputedStructureEntry")
_MODULES = ("pymatgen.", "numpy")
_SET_OF_TEXTS = re.compile(r"\{('[^{}:]*')\}")
"""In a message; the order of its members differs from run to run."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A total energy.

    Attributes
    ----------
    place : str
        ``"entry 2"`` or the path of a file.
    entry : ComputedEntry or ComputedStructureEntry
    composition : Composition
    volume_per_atom : float
        [A3]; nan if not known.
    adjusted : bool
        Whether it came with corrections of its own, which `entry` does not have.
    """

    place: str
    entry: Any
    composition: Composition
    volume_per_atom: float
    adjusted: bool = False


def is_computed(values: Any) -> bool:
    """Whether JSON values look like pymatgen's entries rather than a table of phases."""
    return any(
        isinstance(value, dict) and (value.get("@class") in _CLASSES or "composition" in value)
        for value in _listed(values)[:1]
    )


def _listed(values: Any) -> list[Any]:
    if isinstance(values, dict) and isinstance(values.get("entries"), list):
        values = values["entries"]
    return values if isinstance(values, list) else [values]


def read_computed(path: Path, values: Any) -> list[Calculation]:
    """Read pymatgen's entries from the values of a JSON file.

    Parameters
    ----------
    path : Path
        For messages.
    values : object
        An entry, a list of entries, or ``{"entries": [...]}``.

    Returns
    -------
    list of Calculation

    Raises
    ------
    EntriesError
        Naming the entry that cannot be read.
    """
    found = []
    for number, value in enumerate(_listed(values), start=1):
        place = f"entry {number}"
        if not isinstance(value, dict) or value.get("@class", _CLASSES[0]) not in _CLASSES:
            refuse(path, place, f"no {' or '.join(_CLASSES)}")
        foreign = next(_foreign_modules(value), None)
        if foreign is not None:
            refuse(path, place, f"holds an object of {foreign!r:.60}, which is not read")
        found.append(_calculation(path, place, value))
    if not found:
        raise EntriesError(f"{path}: no entries in it")
    return found


def _foreign_modules(value: Any) -> Iterator[object]:
    """Modules that decoding would import although an entry does not need them."""
    if isinstance(value, dict):
        module = value.get("@module")
        if module is not None and not (isinstance(module, str) and module.startswith(_MODULES)):
            yield module
        for item in value.values():
            yield from _foreign_modules(item)
    elif isinstance(value, list):
        for item in value:
            yield from _foreign_modules(item)


def _calculation(path: Path, place: str, value: dict[str, Any]) -> Calculation:
    from pymatgen.core import Composition as PymatgenComposition
    from pymatgen.core import Structure
    from pymatgen.entries.computed_entries import ComputedEntry, ComputedStructureEntry

    parameters, data = value.get("parameters") or {}, value.get("data") or {}
    energy = value.get("energy")
    if isinstance(energy, bool) or not isinstance(energy, (int, float)) or not abs(energy) < 1e9:
        refuse(path, place, f"no energy: {energy!r:.40}")
    try:
        settings: dict[str, Any] = {
            "parameters": dict(parameters),
            "data": {k: data[k] for k in ("oxide_type", "sulfide_type", "oxidation_states")
                     if data.get(k) is not None},
            "entry_id": value.get("entry_id"),
        }  # fmt: skip
        with warnings_kept():
            if isinstance(value.get("structure"), dict):
                structure = Structure.from_dict(value["structure"])
                structure.remove_oxidation_states()
                if value.get("composition") is not None:
                    # The energy is that of this composition, perhaps a multiple of the structure.
                    stated = PymatgenComposition(value["composition"])
                    settings["composition"] = stated.element_composition
                entry = ComputedStructureEntry(structure, energy, **settings)
            else:
                entry = ComputedEntry(value["composition"], energy, **settings)
            adjusted = bool(value.get("energy_adjustments") or value.get("correction"))
            return replace(_checked(place, entry), adjusted=adjusted)
    except EntriesError:
        raise
    except Exception as error:  # pymatgen raises what it meets
        refuse(path, place, f"cannot be read: {one_line(error)}")


def _checked(place: str, entry: Any) -> Calculation:
    amounts = {str(e): float(n) for e, n in entry.composition.get_el_amt_dict().items()}
    unknown = [e for e in amounts if e not in ATOMIC_NUMBER]
    if unknown or not amounts or not all(0.0 < n < 1e6 for n in amounts.values()):
        raise ValueError(f"the composition {amounts!r:.60}")
    formula = "".join(f"{e}{n:.10g}" if n != 1.0 else e for e, n in amounts.items())
    structure = getattr(entry, "structure", None)
    volume = math.nan if structure is None else float(structure.volume) / len(structure)
    return Calculation(place, entry, parse(formula), volume)


def find_calculations(folder: Path) -> list[Path]:
    """Find every ``vasprun.xml`` or ``vasprun.xml.gz`` of a folder and its subfolders.

    Names such as ``vasprun.relax2.xml`` count.

    Raises
    ------
    EntriesError
        If there is none.
    """
    found = sorted(
        path
        for path in folder.rglob("*vasprun*")
        if path.is_file() and path.name.endswith((".xml", ".xml.gz"))
    )
    if not found:
        raise EntriesError(f"{folder}: no vasprun.xml or vasprun.xml.gz in this folder")
    return found


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
        Naming a file that is damaged or did not converge.
    """
    from pymatgen.io.vasp.outputs import Vasprun

    found = []
    for path in paths:
        place = path.relative_to(folder).as_posix() if path != folder else path.name
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
                calculation = _checked(place, entry)
        except Exception as error:  # pymatgen raises what it meets
            refuse(folder, place, f"cannot be read: {one_line(error)}")
        if not math.isfinite(entry.uncorrected_energy):
            refuse(folder, place, f"no energy: {entry.uncorrected_energy}")
        if not converged:
            refuse(folder, place, "the calculation did not converge: finish it or take it out")
        found.append(calculation)
    return found


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
