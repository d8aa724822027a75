"""Crystal structures in files: CIF, and VASP's POSCAR and CONTCAR."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.elements import ATOMIC_NUMBER
from ..core.errors import EntriesError
from ..core.files import is_there, shown
from .packed_files import file_bytes, without_packing

if TYPE_CHECKING:
    from .calculations import Cell

__all__ = ["composition_text", "is_structure_file", "read_structure"]

_ENDINGS = (".cif", ".vasp", ".poscar", ".contcar")
_NAMES = ("poscar", "contcar")

_WHOLE = 1e-4
"""Occupancies are given with four decimals at best."""


def is_structure_file(text: str | Path) -> bool:
    """Whether a text is the name of a structure file, there or not.

    Examples
    --------
    >>> is_structure_file("Li2S.cif"), is_structure_file("run/POSCAR"), is_structure_file("Li2S")
    (True, True, False)
    """
    name = without_packing(Path(text).name)
    return name.endswith(_ENDINGS) or name.split(".")[0].split("_")[0] in _NAMES


def read_structure(path: str | Path) -> Cell:
    """The cell in a structure file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Cell

    Raises
    ------
    EntriesError
        If it cannot be read, or does not say what its elements are.
    """
    from .calculations import Cell, one_line, warnings_kept

    path = Path(path)
    if not is_there(path):
        raise EntriesError(f"cannot read {shown(path)}: no such file")
    content = file_bytes(path)
    try:
        from pymatgen.core import Structure
    except ImportError:
        raise EntriesError(
            f"{shown(path)}: structures are read by pymatgen: pip install pymatgen"
        ) from None
    kind = "cif" if without_packing(path.name).endswith(".cif") else "poscar"
    with warnings_kept() as caught:
        try:
            structure = Structure.from_str(content.decode("utf-8"), fmt=kind)
            species = tuple(
                {str(s.symbol): float(n) for s, n in site.species.element_composition.items()}
                for site in structure
            )
            lattice = tuple(tuple(map(float, row)) for row in structure.lattice.matrix)
            positions = tuple(tuple(map(float, site.frac_coords)) for site in structure)
        except Exception as error:  # whatever pymatgen makes of a file that is none
            raise EntriesError(
                f"cannot read {shown(path)} as a {'CIF' if kind == 'cif' else 'POSCAR'}: "
                f"{one_line(error)}"
            ) from None
    if any("false names" in str(warning.message) for warning in caught):
        raise EntriesError(f"{shown(path)}: no element symbols: write them above the numbers")
    cell = Cell(lattice, species, positions)
    if not cell.amounts or not set(cell.amounts) <= set(ATOMIC_NUMBER):
        unknown = ", ".join(sorted(set(cell.amounts) - set(ATOMIC_NUMBER))) or "no atoms"
        raise EntriesError(f"{shown(path)}: no known elements: {unknown}")
    return cell


def composition_text(path: str | Path) -> str:
    """Composition of a structure file, as a formula.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    str
        Divided by what the whole numbers among the amounts have in common.

    Raises
    ------
    EntriesError
    """
    return _formula(read_structure(path).amounts)


def _formula(amounts: Mapping[str, float]) -> str:
    """Amounts of a cell as a formula.

    Examples
    --------
    >>> _formula({"Li": 24.0, "P": 4.0, "S": 20.0, "Cl": 4.0}), _formula({"Li": 26.4, "P": 4.0})
    ('Li6PS5Cl', 'Li6.6P')
    """
    whole = [round(n) for n in amounts.values() if n > 0.5 and abs(n - round(n)) < _WHOLE]
    common = math.gcd(*whole) if whole else 1
    parts = []
    for element, n in amounts.items():
        number = n / common
        if abs(number - round(number)) < _WHOLE:
            number = round(number)
        parts.append(element if number == 1 else f"{element}{number:.6g}")
    return "".join(parts)
