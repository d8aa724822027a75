"""Score the rules of electronic character against band gaps that were really measured.

::

    python scripts/score_electronic_character.py [--source crabnet-1.0.1.tar.gz]

Every compound with a measured gap above 0 and a computed one is judged as if nobody had measured
it, and the verdict compared with the measurement. Printed: how often an insulator is called a
conductor, how often a conductor is called an insulator, how many stay unknown, and the same for the
simplest rule, the computed gap of the ground state alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from source_tables import SOURCE_VERSION, Source, download

from sse_window.core.composition import parse
from sse_window.facts.conductors import facts
from sse_window.interphases.electronic import CONDUCTOR, INSULATOR, Gaps, electronic_character
from sse_window.interphases.thresholds import Thresholds

CLASSES = (
    ("oxides", {"O"}), ("halides", {"F", "Cl", "Br", "I"}), ("sulfides", {"S"}),
    ("selenides, tellurides", {"Se", "Te"}), ("nitrides, phosphides", {"N", "P", "As", "Sb"}),
)  # fmt: skip


def kind(elements: tuple[str, ...]) -> str:
    """Chemical class of a compound, by the first of its anions in the list."""
    return next((name for name, anions in CLASSES if anions & set(elements)), "others")


def score(
    measured: Mapping[str, float], oqmd: Mapping[str, float], mp: Mapping[str, float]
) -> list[tuple[str, str, str, str, str]]:
    """Formula, class, truth, verdict, and the verdict of the simplest rule, of every compound."""
    known, limit = facts(), Thresholds().band_gap_eV
    rows = []
    for formula, gap in measured.items():
        computed = [(oqmd.get(formula), "OQMD"), (mp.get(formula), "MP")]
        lone = [value for value, _ in computed if value is not None]
        if gap <= 0.0 or not lone:
            continue
        composition = parse(formula)
        found = electronic_character(formula, composition.amounts, Gaps.of(computed), known)
        cited = known.electronic(formula, composition.amounts) is not None
        rows.append(
            (
                formula,
                "cited" if cited else kind(composition.elements),
                INSULATOR if gap >= limit else CONDUCTOR,
                found.character,
                INSULATOR if lone[0] >= limit else CONDUCTOR,
            )
        )
    return rows


def main() -> None:
    """Print the score, overall and by class."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, help="crabnet-1.0.1.tar.gz (else downloaded)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.source or download(
            Path(folder), f"crabnet=={SOURCE_VERSION}", "--no-binary", "crabnet"
        )
        source = Source(path)
        rows = score(source.measured_gaps(), source.benchmark("OQMD_Bandgap"), source.lowest_gaps())
    print("measured insulators: called conductor / unknown; by the computed gap alone: conductor")
    names = ["cited", *(name for name, _ in CLASSES), "others"]
    judged = [row for row in rows if row[1] != "cited"]
    for name, part in [
        *((name, [row for row in rows if row[1] == name]) for name in names),
        ("all", rows),
        ("all but cited", judged),
    ]:
        counts = Counter(row[3] for row in part if row[2] == INSULATOR)
        simple = Counter(row[4] for row in part if row[2] == INSULATOR)
        n = counts.total()
        if n:
            print(
                f"{name:22} {n:5}  {counts[CONDUCTOR] / n:6.1%} {counts['unknown'] / n:6.1%}"
                f"   {simple[CONDUCTOR] / n:6.1%}"
            )
    others = Counter(row[3] for row in judged if row[2] == CONDUCTOR)
    print(
        f"measured conductors (gap below the threshold): {others.total()}, called insulator "
        f"{others[INSULATOR]}, unknown {others['unknown']}"
    )


if __name__ == "__main__":
    main()
