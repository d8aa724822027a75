"""Energies of structures from an interatomic potential: the optional extra ``mlip``.

SevenNet's 7net-0 [1]_, whose weights lie in its wheel, was fitted to total energies of the
Materials Project without corrections. A structure is relaxed with it, cell and all, and its energy
then treated as one of those: MP2020 corrections, elements of the Materials Project. Beside the
table "mp-2020", nine ordered electrolytes come out 0.007 eV/atom off on average; Li2S, Li2O, LiCl,
LiF and BaTiO3 0.02, all too high (scripts/check_potential.py); LiCoO2, whose cobalt carries a
Hubbard U, 0.09.

References
----------
.. [1] Park, Kim, Hwang, Han, J. Chem. Theory Comput. 2024, 20, 4857,
   doi:10.1021/acs.jctc.4c00190
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core.composition import Composition, parse
from ..core.errors import EntriesError
from ..core.files import shown
from .calculations import Calculation, Cell, warnings_kept
from .structure_files import read_structure

__all__ = ["POTENTIAL", "marked", "relaxed_calculations"]

POTENTIAL = "7net-0"

_ERROR_eV_per_atom = 0.02
_HUBBARD_ERROR_eV_per_atom = 0.09

_MOST_ATOMS = 400
"""Of a cell; one step of it takes seconds on one processor."""

_MOST_STEPS = 1000
_FORCE_eV_per_A = 0.01
"""Of energies converged so, less than 1 meV/atom is left."""


def relaxed_calculations(path: Path) -> list[Calculation]:
    """The energy of a relaxed structure, and those of its elements.

    Parameters
    ----------
    path : Path
        CIF or POSCAR.

    Returns
    -------
    list of Calculation
        As those of the Materials Project, without corrections; the structure is the first.

    Raises
    ------
    EntriesError
        Without the potential; if sites are partly occupied, the cell is large, an element is
        unknown, or the relaxation does not come to an end.
    """
    cell = read_structure(path)
    if any(len(site) != 1 or abs(sum(site.values()) - 1.0) > 1e-6 for site in cell.species):
        raise EntriesError(
            f"{shown(path)}: sites are partly occupied, and a potential needs whole atoms: order "
            "the structure first, or ask with its composition alone"
        )
    if len(cell.species) > _MOST_ATOMS:
        raise EntriesError(
            f"{shown(path)}: {len(cell.species)} atoms, of which {_MOST_ATOMS} at most are "
            "relaxed: give the primitive cell"
        )
    elements = list(_elements(path, sorted(cell.amounts)))
    energy, relaxed = _relaxed(path, cell)
    composition = parse("".join(f"{e}{n:.10g}" for e, n in cell.amounts.items()))
    made = Calculation(
        place=shown(path.name),
        composition=composition,
        energy=energy,
        settings=_settings(composition),
        cell=relaxed,
    )
    return [made, *elements]


def marked(path: Path, composition: Composition) -> str:
    """What every result says that rests on such an energy."""
    error = _HUBBARD_ERROR_eV_per_atom if _hubbards(composition) else _ERROR_eV_per_atom
    beside = "LiCoO2" if _hubbards(composition) else "simple salts"
    return (
        f"{shown(path.name)}: {composition.reduced_formula} relaxed by the potential {POTENTIAL}, "
        f"no calculation; error {error:g} eV/atom ({beside})"
    )


def _relaxed(path: Path, cell: Cell) -> tuple[float, Cell]:
    """Energy of the cell [eV], and the cell, at rest."""
    try:
        from ase import Atoms
        from ase.filters import FrechetCellFilter
        from ase.optimize import FIRE
        from sevenn.calculator import SevenNetCalculator
    except ImportError as error:
        raise EntriesError(
            f"{shown(path)}: the energy of a structure comes from the potential {POTENTIAL}, and "
            f"{error.name or 'its package'} is not installed: pip install 'sse-window[mlip]', or "
            "give an energy of your own"
        ) from None
    with warnings_kept():
        symbols = [next(iter(site)) for site in cell.species]
        atoms = Atoms(symbols, scaled_positions=cell.positions, cell=cell.lattice, pbc=True)
        atoms.calc = SevenNetCalculator(POTENTIAL, device="cpu")
        rest = FIRE(FrechetCellFilter(atoms), logfile=None)
        converged = rest.run(fmax=_FORCE_eV_per_A, steps=_MOST_STEPS)
        energy = float(atoms.get_potential_energy())
    if not converged or not math.isfinite(energy):
        raise EntriesError(
            f"{shown(path)}: not relaxed after {_MOST_STEPS} steps: begin with a better structure"
        )
    lattice = tuple(tuple(map(float, row)) for row in atoms.cell.array)
    positions = tuple(tuple(map(float, row)) for row in atoms.get_scaled_positions())
    return energy, Cell(lattice, cell.species, positions)


def _elements(path: Path, wanted: list[str]) -> Iterator[Calculation]:
    """Uncorrected energies of elements, as the Materials Project calculated them."""
    try:
        from pymatgen.analysis import compatibility
    except ImportError:
        raise EntriesError(
            f"{shown(path)}: energies of the elements are those of pymatgen: pip install pymatgen"
        ) from None
    file = Path(str(compatibility.__file__)).with_name("calc_compounds.json.gz")
    known: dict[str, float] = {}
    for entry in json.loads(gzip.decompress(file.read_bytes())).values():
        if len(entry["composition"]) == 1:
            ((element, n),) = entry["composition"].items()
            known[element] = min(entry["energy"] / n, known.get(element, math.inf))
    missing = [element for element in wanted if element not in known]
    if missing:
        raise EntriesError(
            f"{shown(path)}: no energy of the elements {', '.join(missing)} to refer to"
        )
    for element in wanted:
        one = parse(element)
        yield Calculation(f"element {element}", one, known[element], settings=_settings(one))


def _hubbards(composition: Composition) -> dict[str, float]:
    """Hubbard U of the Materials Project [eV]: of some metals in oxides and fluorides."""
    from pymatgen.io.vasp.sets import MPRelaxSet

    anion = next((anion for anion in ("F", "O") if composition.amount(anion)), None)
    values = {} if anion is None else MPRelaxSet.CONFIG["INCAR"]["LDAUU"][anion]
    return {e: float(values[e]) for e in composition.elements if values.get(e)}


def _settings(composition: Composition) -> dict[str, Any]:
    """Settings that a calculation of the Materials Project has."""
    from pymatgen.io.vasp.sets import MPRelaxSet

    hubbards = _hubbards(composition) if len(composition.elements) > 1 else {}
    potentials = MPRelaxSet.CONFIG["POTCAR"]
    return {
        "run_type": "GGA+U" if hubbards else "GGA",
        "hubbards": {e: hubbards.get(e, 0.0) for e in composition.elements} if hubbards else {},
        "potcar_symbols": [f"PBE {potentials[e]}" for e in composition.elements],
    }
