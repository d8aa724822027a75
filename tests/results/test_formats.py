"""Formats in which answers are written."""

from __future__ import annotations

import io

import openpyxl
import pytest

from sse_window.api import stability_window
from sse_window.core.errors import DataError
from sse_window.results.formats import FORMATS, Answer, cell_text, columns_of
from sse_window.results.rows import row
from sse_window.results.schema import WINDOW, known_columns


def answer(*formulas: str, columns: tuple[str, ...] | None = None) -> Answer:
    windows = [stability_window(formula) for formula in formulas]
    return Answer(
        windows, windows[0].dataset, {"ion": "Li"}, lambda: [row(w, WINDOW) for w in windows],
        lambda: "the table\n", columns,
    )  # fmt: skip


def test_markdown_shows_what_a_table_shows_first():
    text = FORMATS["markdown"].render(answer("LGPS", "P2S5"))
    head, rule, *lines = text.splitlines()
    assert head.split("|")[1].strip() == "Formula"
    assert set(rule) <= set("|-:")
    assert lines[0].startswith("| Li10GeP2S12 |")
    assert "no limit" in lines[1]
    assert "mp-2020-polyanions" in text


def test_latex_has_subscripts_and_harmless_text():
    text = FORMATS["latex"].render(answer("LGPS", columns=("formula", "oxidation_reaction")))
    assert r"Li$_{10}$GeP$_{2}$S$_{12}$" in text
    assert r"$\rightarrow$" in text
    assert "->" not in text


def test_xlsx_holds_numbers_and_no_formulas_of_its_own():
    given = answer("LGPS")
    harmful = Answer(
        given.results, given.dataset, {}, lambda: [{"formula": "=1+1", "x": 0.1, "y": None}],
        given.text,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].render(harmful))).active
    cells = {cell.value: cell for cell in sheet[2]}
    assert cells["=1+1"].data_type == "s"
    assert cells[0.1].data_type == "n"


@pytest.mark.parametrize("kind", ["csv", "markdown", "latex", "xlsx"])
def test_a_column_that_is_not_there_is_named(kind):
    with pytest.raises(DataError, match="did you mean 'oxidation_potential_V'"):
        FORMATS[kind].render(answer("LGPS", columns=("oxidation_potential",)))


def test_only_the_columns_asked_for():
    text = FORMATS["csv"].render(answer("LGPS", columns=("window_width_V", "formula")))
    assert text.splitlines()[0] == "window_width_V,formula"


def test_missing_values_say_what_they_mean():
    known = known_columns()
    assert cell_text(None, known["reduction_potential_V"]) == "unknown"
    assert cell_text(True, known["in_dataset"]) == "yes"
    assert [c.key for c in columns_of([{"batch": 1, "rate_V": 2.0}])] == ["batch", "rate_V"]
