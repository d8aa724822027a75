"""Read the formulas of the OBELiX data set, as published and raw, and count what comes of them.

OBELiX (Therrien et al., arXiv:2502.14234, CC BY 4.0; the source distribution of obelix-data 1.2.0)
holds 599 measured lithium electrolytes, and a raw list of another compilation (Laskowski et al.,
Energy Environ. Sci. 2023, 16, 1264) as it came out of a PDF file, subscripts displaced and all.

    pip download --no-deps --no-binary :all: obelix-data==1.2.0
    tar xzf obelix_data-1.2.0.tar.gz
    python scripts/score_formulas.py obelix_data-1.2.0

A formula is *literal* (no words needed), *said* (read, with ``read_as``) or *refused*. Each literal
one is compared with pymatgen's reading of the same text, every one that the published list spells
out a second time (its column of true compositions) with that. Literal readings that pymatgen does
not share, or that contradict the second spelling, are printed: nothing may be silently different.
"""

from __future__ import annotations

import argparse
import csv
import warnings
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from pymatgen.core import Composition as PymatgenComposition

from sse_window.core.composition import Composition, parse
from sse_window.core.errors import FormulaError


def main() -> None:
    """Print the counts of both lists."""
    parser = argparse.ArgumentParser(description="Formulas of OBELiX through the parser.")
    parser.add_argument("folder", type=Path, help="unpacked source distribution of obelix-data")
    parser.add_argument("--list", action="store_true", help="print every formula and its reading")
    options = parser.parse_args()
    data = options.folder / "data"
    published = pd.read_excel(data / "raw.xlsx")
    score("published, reduced", published["Reduced Composition"], options.list)
    score("published, true", published["True Composition"], options.list)
    second = pd.read_csv(data / "processed.csv").set_index("ID")["Composition"]
    compare_spellings(published, second)
    with (data / "misc" / "laskowski_semi-fromatted.csv").open(encoding="utf-8-sig") as file:
        raw = [row[0] for row in csv.reader(file)]
    score("raw", raw, options.list)
    with (data / "misc" / "LiIonDatabase.csv").open(encoding="utf-8-sig") as file:
        liverpool = [row["composition"].strip('"') for row in csv.DictReader(file)]
    score("Liverpool", liverpool, options.list)


def score(name: str, texts: Iterable[str], show: bool) -> None:
    """Count readings of distinct texts, and print those that are silently different."""
    counts = dict.fromkeys(("literal", "said", "refused"), 0)
    different, unshared = [], 0
    for text in dict.fromkeys(str(text) for text in texts):
        if not text.strip():
            continue
        try:
            found = parse(text)
        except FormulaError as error:
            counts["refused"] += 1
            if show:
                print(f"  refused  {text!r}: {error}")
            continue
        kind = "literal" if found.read_as is None else "said"
        counts[kind] += 1
        if show:
            print(f"  {kind:8} {text!r}: {found.read_as or found.formula}")
        other = pymatgen_reading(text)
        if other is None:
            unshared += 1
        elif kind == "literal" and not same(found, other):
            different.append(text)
    total = sum(counts.values())
    print(f"{name}: {total} distinct, " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    print(f"  {unshared} of those read are refused by pymatgen; silently different: {different}")


def pymatgen_reading(text: str) -> dict[str, float] | None:
    """Amounts that pymatgen reads; None where it does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return PymatgenComposition(text.strip(), strict=True).get_el_amt_dict()
    except Exception:
        return None


def same(found: Composition, other: dict[str, float]) -> bool:
    """Same elements in the same ratio."""
    if set(found.amounts) != set(other):
        return False
    factor = found.atoms / sum(other.values())
    return all(abs(found.amounts[e] - n * factor) < 1e-3 * found.atoms for e, n in other.items())


def compare_spellings(published: pd.DataFrame, second: pd.Series) -> None:
    """Compare the reduced spelling of every row with its spelling element by element."""
    wrong = []
    for row in published.itertuples():
        other = parse(second[row.ID]).amounts
        if not same(parse(row[2]), other):
            wrong.append((row[2], second[row.ID]))
    print(f"second spelling: {len(published)} compared, {len(wrong)} differ")
    for pair in wrong:
        print(f"  {pair}")


if __name__ == "__main__":
    main()
