"""Formulas of measured electrolytes, each read by hand.

A sixth of the odd strings of the raw list and a twelfth of the published one of OBELiX (Therrien et
al., arXiv:2502.14234; source distribution of obelix-data 1.2.0, CC BY 4.0). Of the raw list, which
came out of a PDF file, a string is refused where it cannot be told what it stood for.
scripts/score_formulas.py goes through both lists whole.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError

with (Path(__file__).parent / "obelix_formulas.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = [tuple(row.values()) for row in csv.DictReader(_file)]


@pytest.mark.parametrize(("source", "typed", "reduced", "outcome"), ROWS)
def test_formula(source, typed, reduced, outcome):
    if outcome == "refused":
        with pytest.raises(FormulaError):
            parse(typed)
        return
    found = parse(typed)
    assert found.reduced_formula == reduced
    assert (found.read_as is not None) == (outcome == "said")


def test_counts():
    counts = Counter((source, outcome) for source, _, _, outcome in ROWS)
    assert counts["published", "literal"] == sum(source == "published" for source, *_ in ROWS)
    assert counts["raw", "refused"] > 40
