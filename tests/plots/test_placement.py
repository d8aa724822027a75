"""Where labels go, and how formulas and numbers are written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.equilibria.windows import stability_window
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.plots import profile_figure
from sse_window.plots.placement import lanes, spread
from sse_window.plots.sheet import caption_of
from sse_window.plots.typography import interval_text, reaction_terms


@given(
    st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(0.01, 1.0)), min_size=1, max_size=12),
    st.floats(0.0, 5.0),
)
def test_spread_labels_keep_order_distance_and_range(labels, slack):
    wanted = sorted(centre for centre, _ in labels)
    sizes = [size for _, size in labels]
    high = sum(sizes) + slack
    found = spread(wanted, sizes, 0.0, high)
    assert found[0] - sizes[0] / 2.0 >= -1e-9
    assert found[-1] + sizes[-1] / 2.0 <= high + 1e-9
    for (a, b), (x, y) in zip(pairwise(found), pairwise(sizes), strict=True):
        assert b - a >= (x + y) / 2.0 - 1e-9


@pytest.mark.slow
@settings(deadline=None)  # the first call imports scipy's optimisers
@given(st.lists(st.floats(0.0, 10.0), min_size=2, max_size=5).map(sorted))
def test_spread_moves_labels_as_little_as_possible(wanted):
    """Against scipy's solver of the same quadratic program."""
    from scipy.optimize import minimize

    sizes = [1.0] * len(wanted)
    found = spread(wanted, sizes, 0.0, 20.0)
    distance = [
        {"type": "ineq", "fun": lambda p, i=i: p[i + 1] - p[i] - 1.0}
        for i in range(len(wanted) - 1)
    ]
    best = minimize(
        lambda p: float(np.sum((p - wanted) ** 2)),
        np.arange(len(wanted)) + 1.0,
        constraints=distance,
        bounds=[(0.5, 19.5)] * len(wanted),
        method="SLSQP",
    )
    moved = float(np.sum((np.array(found) - wanted) ** 2))
    assert moved <= best.fun + 1e-5


@given(st.lists(st.tuples(st.floats(0.0, 9.0), st.floats(0.1, 3.0)), max_size=12))
def test_lanes_hold_intervals_apart(pairs):
    intervals = [(start, start + length) for start, length in pairs]
    lane = lanes(intervals)
    for i, j in combinations(range(len(intervals)), 2):
        if lane[i] == lane[j]:
            (a, b), (c, d) = intervals[i], intervals[j]
            assert b <= c or d <= a


def test_interval_text_tells_ends_apart():
    assert interval_text(0.0889, 0.0894) == "0.0889–0.0894 V"
    assert interval_text(-0.62, -0.34) == "−0.62 to −0.34 V"
    assert interval_text(0.0, 0.0) == "0.00 V"


def test_reaction_is_broken_between_its_terms():
    assert reaction_terms("Li2S -> 1e-05 S + 2 Li") == ["Li$_{2}$S", "→ 1e-05 S", "+ 2 Li"]
    assert reaction_terms("no reaction") == ["no reaction"]


def test_caption_names_what_was_changed():
    source = Provenance("mp", "2019", "legacy", "a" * 64, additions=("without LiS4",))
    said = caption_of([source], {"e_above_hull_eV_per_atom": 0.02})
    assert "mp, 2019, legacy, without LiS4, sha256 aaaaaaaaaaaa." in said
    assert said.endswith("e above hull eV per atom 0.02.")


def test_table_of_the_user_needs_no_hash(tmp_path):
    table = PhaseTable.from_formulas({"Li2S": -1.4})
    profile_figure(stability_window(table, parse("Li2S"))).save(tmp_path / "a.svg")
    text = "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    assert "Data: user, unknown." in text
