"""Bars of several stability windows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pictures import outside, overlaps, texts_of, window_of

from sse_window.equilibria.energy_errors import ErrorModel
from sse_window.equilibria.window_uncertainty import window_uncertainty
from sse_window.facts import names
from sse_window.facts.electrodes import electrodes
from sse_window.phases.table import Provenance
from sse_window.plots.bars import windows_figure
from sse_window.plots.sheet import house_style
from sse_window.plots.style import Style
from sse_window.plots.typography import name_text

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("width", ["single", "double"])
def test_bars_show_limits_errors_and_electrodes(table, width):
    formulas = ["LGPS", "LLZO", "Li3PS4", "LATP", "P2S5", "LLTO"]
    windows = [window_of(table, name) for name in formulas]
    found = [
        window_uncertainty(table, names.resolve(name), errors=ErrorModel(draws=8))
        for name in formulas
    ]
    known = electrodes("Li")
    with house_style():
        sheet = windows_figure(
            windows, labels=formulas, uncertainties=found, electrodes=known, style=Style.of(width)
        )
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        cells = texts_of(sheet, "limit-")
        assert set(texts_of(sheet, "electrode-").values()) == {name_text(e.name) for e in known}
    assert cells["limit-0-0"].startswith("1.72")
    assert cells["limit-1-1"].startswith("2.90")
    assert cells["limit-4-1"] == "no limit"
    assert ("(" in cells["limit-0-0"]) == (width == "double")
    assert "Error bars: middle 68 % of 8 draws" in sheet.caption


def test_bars_end_in_an_arrow_or_stand_as_a_diamond(table):
    windows = [window_of(table, name) for name in ("P2S5", "Li13Ge2P3SnSiS24ClI", "LGPS")]
    assert windows[1].window_width_V == 0.0
    with house_style():
        axes = windows_figure(windows).figure.axes[0]
        markers = [line.get_marker() for line in axes.lines]
        bars = [patch for patch in axes.patches if patch.get_zorder() == 3]
    assert markers.count(">") == 1
    assert markers.count("D") == 1
    assert [bar.get_x() for bar in bars] == pytest.approx(
        [windows[0].reduction_potential_V, windows[2].reduction_potential_V]
    )
    assert bars[1].get_width() == pytest.approx(windows[2].window_width_V)


def test_bars_of_several_ions_and_datasets_say_so(table):
    sodium = window_of(table, "Na3PS4", "Na")
    other = replace(sodium, dataset=Provenance("oqmd", "1.2", "none", "f" * 64))
    with house_style():
        sheet = windows_figure([window_of(table, "LGPS"), sodium, other])
        label = sheet.figure.axes[0].get_xlabel()
    assert label == "Voltage vs the metal of the working ion, Li or Na (V)"
    assert table.provenance.sha256[:12] in sheet.caption
    assert "oqmd, 1.2, none, sha256 ffffffffffff" in sheet.caption
