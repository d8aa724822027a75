"""Interphase against voltage: fractions, conductors, what is not known."""

from __future__ import annotations

import pytest
from hand_made import with_properties
from pictures import described, outside, overlaps, texts_of, window_of

from sse_window.core.composition import parse
from sse_window.equilibria.windows import stability_window
from sse_window.plots.interphase import interphase_figure
from sse_window.plots.sheet import house_style
from sse_window.plots.style import Style
from sse_window.plots.typography import formula_text

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "width"),
    [("LGPS", "double"), ("LLZO", "double"), ("Li3PS4", "double"), ("LLTO", "double"),
     ("LATP", "double"), ("LATP", "single")],
)  # fmt: skip
def test_interphase_fills_every_interval_outside_the_window(table, name, width):
    window = window_of(table, name)
    with house_style():
        sheet = interphase_figure(window, described(table, window), style=Style.of(width))
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        axes = sheet.figure.axes[0]
        blocks = [patch for patch in axes.patches if patch.get_zorder() == 2]
        shown = " ".join(texts_of(sheet, "legend-").values())
    height: dict[float, float] = {}
    for block in blocks:
        height[block.get_x()] = height.get(block.get_x(), 0.0) + block.get_height()
    reacting = [s for s in window.steps if s.ion_exchange != 0.0 and s.voltage_low_V < 5.0]
    assert sorted(height) == pytest.approx([step.voltage_low_V for step in reacting])
    assert list(height.values()) == pytest.approx([1.0] * len(reacting))
    for step in reacting:
        assert all(formula_text(p.formula) in shown for p in step.products)


def test_interphase_hatches_electronic_conductors(table):
    window = window_of(table, "LGPS")
    products = described(table, window)
    conducting = [
        sum(p.volume_fraction or 0.0 for p in step if p.conducts_electrons) for step in products
    ]
    assert conducting[0] > 0.0
    with house_style():
        axes = interphase_figure(window, products).figure.axes[0]
        hatched = [patch for patch in axes.patches if patch.get_hatch() == "//////"]
    at_metal = [patch for patch in hatched if patch.get_x() == 0.0]
    # At the bottom of the stack, so that their sum can be read off the axis.
    assert max(p.get_y() + p.get_height() for p in at_metal) == pytest.approx(conducting[0])


def test_interphase_without_volumes_shows_atoms_and_says_so(table, li_p_s):
    window = window_of(table, "LGPS")
    with house_style():
        sheet = interphase_figure(window, described(table, window))
        assert "no volume is known for LiS4" in sheet.caption
        bare = stability_window(li_p_s, parse("Li3PS4"))
        none_known = interphase_figure(bare, described(li_p_s, bare))
        axes = none_known.figure.axes[0]
        first = [p for p in axes.patches if p.get_zorder() == 2 and p.get_x() == 0.0]
    assert axes.get_ylabel() == "Atom fraction"
    # Li3PS4 + 8 Li -> 4 Li2S + Li3P: 12 and 4 of 16 atoms.
    assert sorted(p.get_height() for p in first) == pytest.approx([0.25, 0.75])


def test_interphase_volume_fractions_by_hand(li_p_s):
    table = with_properties(
        li_p_s,
        volume_per_atom_A3={"Li2S": 15.0, "Li3P": 5.0, "Li3PS4": 10.0, "P2S5": 10.0, "S": 10},
    )
    window = stability_window(table, parse("Li3PS4"))
    products = described(table, window)
    with house_style():
        axes = interphase_figure(window, products).figure.axes[0]
        first = [p for p in axes.patches if p.get_zorder() == 2 and p.get_x() == 0.0]
    # 12 atoms of 15 A3 and 4 of 5 A3.
    assert sorted(p.get_height() for p in first) == pytest.approx([0.1, 0.9])


def test_interphase_names_gases_apart(table):
    window = window_of(table, "LLZO")
    with house_style():
        shown = texts_of(interphase_figure(window, described(table, window)), "legend-")
    assert "O$_{2}$: > 3.30 V" in shown.values()


def test_a_phase_has_one_colour_in_every_picture(table):
    from sse_window.plots.interphase import _phases

    found = {}
    for name in ("LGPS", "LPSCl", "Li3PS4", "LATP"):
        window = window_of(table, name)
        for formula, phase in _phases(described(table, window), window).items():
            found.setdefault(formula, set()).add(phase.colour)
    shared = ("Li2S", "Li3P", "S", "P", "P2S7", "LiP", "LiP7", "Li3PS4", "Li3P7")
    assert all(len(found[formula]) == 1 for formula in shared if formula in found)
    assert {"Li2S", "Li3P", "P"} <= set(found)
