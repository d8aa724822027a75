"""Classes of interphases over many electrolytes and cathodes, in two databases.

::

    python scripts/distribution_of_classes.py [--electrolytes 300] [--seed 1] [--datasets A B]

Electrolytes are drawn from the lithium compounds of three to five elements that both databases put
less than 0.03 eV/atom above their hulls, without metals that change their state easily. Printed:
how often each class occurs at five cathodes as delivered, how often the two databases agree, and
which classes they exchange. Nothing here was used to choose the rules.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence

from sse_window.cells.pairs import pair_state
from sse_window.cells.states import electrode_states
from sse_window.phases.table import PhaseTable
from sse_window.sources.datasets import DEFAULT, load

DATASETS = (DEFAULT, "oqmd")
CATHODES = ("LCO", "NMC811", "LFP", "LMO", "LNMO")
ANIONS = frozenset({"O", "S", "Se", "F", "Cl", "Br", "I", "N"})
CHANGEABLE = frozenset(
    ["V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Mo", "W", "Tc", "Ru", "Rh", "Pd", "Ag", "Re", "Os",
     "Ir", "Pt", "Au", "U", "Np", "Pu"]
)  # fmt: skip
NEAR_HULL_eV_per_atom = 0.03


def electrolytes(first: PhaseTable, second: PhaseTable) -> list[str]:
    """Formulas that may be drawn."""
    found = []
    for row, formula in enumerate(first.formulas.tolist()):
        elements = set(first.composition(row))
        other = second.index(formula)
        if (
            "Li" in elements
            and 3 <= len(elements) <= 5
            and elements & ANIONS
            and not elements & CHANGEABLE
            and other is not None
            and first.e_above_hull[row] < NEAR_HULL_eV_per_atom
            and second.e_above_hull[other] < NEAR_HULL_eV_per_atom
        ):
            found.append(formula)
    return found


def classes(
    number: int, seed: int, datasets: Sequence[str] = DATASETS
) -> list[tuple[str, str, tuple[int | None, ...]]]:
    """Electrolyte, cathode and the class in every database, of every pair that was drawn."""
    tables = [load(name) for name in datasets]
    drawn = random.Random(seed).sample(electrolytes(*tables), number)
    # As delivered: the first state of each.
    states = [[electrode_states(table, c, "Li", None)[0] for c in CATHODES] for table in tables]
    found = []
    for electrolyte in sorted(drawn):
        for column, cathode in enumerate(CATHODES):
            pairs = [
                pair_state(table, electrolyte, of_table[column])
                for table, of_table in zip(tables, states, strict=True)
            ]
            numbers = tuple(each.interphase.interphase_class for each in pairs)
            found.append((electrolyte, cathode, numbers))
    return found


def main() -> None:
    """Print the distribution and the agreement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--electrolytes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--datasets", nargs=2, default=DATASETS)
    options = parser.parse_args()
    start = time.perf_counter()
    rows = classes(options.electrolytes, options.seed, options.datasets)
    print(f"{len(rows)} pairs, {time.perf_counter() - start:.0f} s")
    for column, name in enumerate(options.datasets):
        counts = Counter(found[column] for _, _, found in rows)
        shares = ", ".join(
            f"{'unknown' if number is None else number}: {counts[number] / len(rows):.0%}"
            for number in (0, 1, 2, 3, 4, None)
        )
        print(f"{name}: {shares}")
    settled = [found for _, _, found in rows if None not in found]
    agreed = sum(len(set(found)) == 1 for found in settled)
    print(f"settled in both: {len(settled)}; the same class in {agreed / len(settled):.1%} of them")
    print(f"the same of all, unknown counted as a class of its own: "
          f"{sum(len(set(found)) == 1 for _, _, found in rows) / len(rows):.1%}")  # fmt: skip
    exchanged = Counter(tuple(sorted(found)) for found in settled if len(set(found)) > 1)
    print("exchanged:", ", ".join(f"{a} and {b}: {n}" for (a, b), n in exchanged.most_common()))


if __name__ == "__main__":
    main()
