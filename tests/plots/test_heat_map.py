"""The static map of pairs."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from pictures import outside, overlaps, visible_texts
from report_rows import failed_row, pair_rows, write

from sse_window.cli import main
from sse_window.core.errors import DataError
from sse_window.plots import Style, heat_map_figure
from sse_window.plots.sheet import house_style

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows(table):
    found = pair_rows(table, ["LGPS", "LiPON"], ["LCO", "Li"])
    bad = failed_row(found[0], "no element 'Xx'", electrolyte="Xx", formula="Xx", electrode="LCO")
    return [*found, bad | {"electrode_state": "charged"}]


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("value", ["open", "closed"])
def test_every_pair_has_its_number(rows, width, value):
    with house_style():
        sheet = heat_map_figure(rows, value=value, style=Style.of(width))
        shown = [text.get_text() for text, _ in visible_texts(sheet)]
        assert not outside(sheet)
        assert not [pair for pair in overlaps(sheet) if not any("," in text for text in pair)]
    numbers = [text for text in shown if text.startswith(("−", "0.")) and "  " in text]
    assert len(numbers) == len(rows) - 1
    assert any(text.startswith("LCO, charged") for text in shown)


def test_a_metal_shows_the_total_energy(rows):
    with house_style():
        sheet = heat_map_figure(rows)
        italic = [t for t, _ in visible_texts(sheet) if t.get_style() == "italic"]
    assert len(italic) == 2  # both electrolytes against lithium


def test_windows_make_no_map():
    with pytest.raises(DataError, match="no pairs"):
        heat_map_figure([{"formula": "Li2S"}])


def test_command(rows, tmp_path):
    write(rows, tmp_path / "pairs.csv")
    runner = CliRunner()
    base = ["report", str(tmp_path / "pairs.csv"), "-o"]
    assert runner.invoke(main, [*base, str(tmp_path / "map.pdf")]).exit_code == 0
    assert (tmp_path / "map.pdf").read_bytes().startswith(b"%PDF")
    page = [*base, str(tmp_path / "page.html")]
    assert runner.invoke(main, [*page, "--title", "Mine"]).exit_code == 0
    assert "Mine" in (tmp_path / "page.html").read_text("utf-8")
    assert runner.invoke(main, [*page, "--value", "open"]).exit_code == 2
    assert runner.invoke(main, [*page, "--width", "single"]).exit_code == 2
    assert runner.invoke(main, [*base, str(tmp_path / "m.svg"), "--details"]).exit_code == 2
