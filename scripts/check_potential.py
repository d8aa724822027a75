"""Compare energies of the potential of the extra ``mlip`` with the table "mp-2020".

::

    pip install -e '.[mlip]'
    python scripts/check_potential.py

Relaxes a few simple salts, a minute or two each on one processor. Exit code 1 if one of them is
further off than results say it may be; without the extra it says so and ends.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path

from sse_window import load
from sse_window.sources.user_entries import read_entries

FCC = "1.0\n0 {h} {h}\n{h} 0 {h}\n{h} {h} 0\n"
TETRAHEDRAL = FCC + "{e}\n2 1\nDirect\n.25 .25 .25\n.75 .75 .75\n0 0 0\n"
ROCK_SALT = FCC + "{e}\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"
PEROVSKITE = (
    "1.0\n{h} 0 0\n0 {h} 0\n0 0 {h}\n{e}\n1 1 3\nDirect\n"
    "0 0 0\n.5 .5 .5\n.5 .5 0\n.5 0 .5\n0 .5 .5\n"
)
STRUCTURES = {
    "Li2S": (TETRAHEDRAL, "Li S", 2.86),
    "Li2O": (TETRAHEDRAL, "Li O", 2.33),
    "LiCl": (ROCK_SALT, "Li Cl", 2.57),
    "LiF": (ROCK_SALT, "Li F", 2.04),
    "BaTiO3": (PEROVSKITE, "Ba Ti O", 4.0),
}
MOST_eV_per_atom = 0.03


def main() -> int:
    """Deviations, one by one."""
    missing = [name for name in ("torch", "sevenn") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed (pip install -e '.[mlip]')")
        return 0
    table = load("mp-2020")
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for formula, (cell, elements, half) in STRUCTURES.items():
            path = Path(folder) / f"{formula}.vasp"
            path.write_text(f"{formula}\n{cell.format(h=half, e=elements)}")
            (energy,) = read_entries(path, dataset=table).formation_energy_per_atom
            known = float(table.formation_energy_per_atom[table.index(formula)])
            worst = max(worst, abs(energy - known))
            print(f"{formula:8} {energy:8.4f} {known:8.4f} {energy - known:+.4f} eV/atom")
    print(f"largest deviation {worst:.4f} eV/atom")
    return int(worst > MOST_eV_per_atom)


if __name__ == "__main__":
    sys.exit(main())
