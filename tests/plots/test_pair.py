"""Pictures of pairs: worst reactions, and curves between their kinks."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import curves_of, outside, overlaps, texts_of, visible_texts

from sse_window.core.composition import parse
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.mixtures import MixingPoint
from sse_window.equilibria.windows import stability_window
from sse_window.plots.pair import _path, pair_figure
from sse_window.plots.sheet import house_style
from sse_window.plots.style import SINGLE, Style
from sse_window.plots.typography import reaction_terms

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("width", ["single", "double"])
def test_pair_shows_the_worst_reactions(published, width):
    states = [
        curves_of(published, "LGPS", "LiCoO2", (3.0, 4.2), state="discharged"),
        curves_of(published, "LLZO", "Li0.5CoO2", (3.0, 4.2), state="charged"),
    ]
    with house_style():
        sheet = pair_figure(states, style=Style.of(width))
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        said = " ".join(texts_of(sheet, "reaction-").values())
        labels = {axes.get_ylabel() for axes in sheet.figure.axes}
    assert "chemical, x = 0.42: worst total −0.345, worst mutual −0.337 eV" in said
    worst = Interface(published, parse("Li10GeP2S12"), parse("LiCoO2")).electrochemical(4.2)
    assert f"worst total {worst.total.reaction_energy:.3f}".replace("-", "−") in said
    assert f"worst mutual {worst.mutual.reaction_energy:.3f}".replace("-", "−") in said
    assert " ".join(reaction_terms(worst.mutual.reaction)[:2]) in said
    # The charged pair releases less than 0.1 eV/atom without exchange of ions.
    assert "Reaction energy (meV per atom)" in labels
    assert "Reaction energy (eV per non-Li atom)" in labels


def test_letters_are_unique_within_a_state(published):
    with house_style():
        sheet = pair_figure([curves_of(published, "LGPS", "LiCoO2", (3.0, 4.2))], style=SINGLE)
        shown = texts_of(sheet, "reaction-")
    letters = {gid.split("-")[2] for gid in shown}
    assert letters == set("abcde")


def test_open_curve_is_straight_in_nonion_atoms():
    points = [
        MixingPoint(0.0, 0.0, 0.0, "", ()),
        MixingPoint(1.0, -1.0, -1.0, "", ()),
    ]
    # Half of the electrolyte's atoms are ions: an equal number of atoms of both sides holds a
    # third of its non-ion atoms.
    xs, ys = _path(points, "total", (0.5, 1.0))
    assert np.interp(0.5, xs, ys) == pytest.approx(-1.0 / 3.0, abs=1e-3)
    assert _path(points, "total", (1.0, 1.0)) == ([0.0, 1.0], [0.0, -1.0])


def test_open_curve_meets_the_interface_between_kinks(li_p_s):
    """At a fraction between kinks, against the grand potential of the mixture itself."""
    electrolyte, electrode, voltage = parse("Li2S"), parse("P2S5"), 2.15
    curves = curves_of(li_p_s, "Li2S", "P2S5", (voltage,))
    points = curves.electrochemical[0][1]
    xs, ys = _path(points, "total", (1 / 3, 1.0))
    x = (points[0].x_electrolyte + points[1].x_electrolyte) / 2.0
    # x in atoms: x / 3 formula units of Li2S with (1 - x) / 7 of P2S5.
    mixture = parse(f"Li{2 * x / 3:.9f}S{x / 3 + 5 * (1 - x) / 7:.9f}P{2 * (1 - x) / 7:.9f}")
    window = stability_window(li_p_s, mixture)
    step = next(s for s in window.steps if s.voltage_high_V is None or s.voltage_high_V > voltage)
    energy = {"Li2S": -4.2, "Li3P": -3.6, "P2S5": -2.1, "Li3PS4": -7.6}
    products = sum(p.amount * energy.get(p.formula, 0.0) for p in step.products)
    lithium = step.ion_exchange + mixture.amount("Li")
    apart = x / 3 * (energy["Li2S"] + 2 * voltage) + (1 - x) / 7 * energy["P2S5"]
    nonion = 1.0 - 2 * x / 3
    expected = (products + voltage * lithium - apart) / nonion
    assert np.interp(x, xs, ys) == pytest.approx(expected, abs=2e-4)
    assert electrolyte.atoms == 3 and electrode.atoms == 7


def test_pairs_without_reaction_and_with_the_metal_are_pictures(table, tmp_path):
    same = curves_of(table, "LiF", "LiF", (0.0, 3.0))
    metal = curves_of(table, "LGPS", "Li", (0.0,))
    with house_style():
        sheet = pair_figure([same])
        assert [t.get_text() for t, _ in visible_texts(sheet)].count("no reaction") == 2
        assert overlaps(sheet) == []
        said = texts_of(pair_figure([metal]), "reaction-")
    assert any(text.startswith("0.00 V, x = 1.00: worst total") for text in said.values())
    pair_figure([same, metal], style=SINGLE).save(tmp_path / "pair.pdf")
    assert (tmp_path / "pair.pdf").read_bytes().startswith(b"%PDF-")
