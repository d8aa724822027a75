"""`sse-window stack`, as a user calls it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from sse_window.cli import main


def run(*arguments: str, code: int = 0):
    done = CliRunner().invoke(main, ["stack", *arguments, "--dataset", "mp-legacy"])
    assert done.exit_code == code, done.output
    return done


def test_json_holds_the_contract():
    (result,) = json.loads(run("Li", "LPSCl", "Li3YCl6", "NMC811", "--format", "json").stdout)[
        "results"
    ]
    assert {"layers", "contacts", "verdict", "worst_contact", "suggestions"} <= set(result)
    for contact in result["contacts"]:
        assert {
            "a",
            "b",
            "kind",
            "reaction_energy_eV_per_atom",
            "reaction",
            "overlap_V",
            "gap_V",
        } < (set(contact))
        assert {"class", "label", "reason", "flags", "products"} <= set(contact["interphase"])
    assert result["suggestions"] == []


@pytest.mark.slow
def test_table_and_rows_show_every_contact():
    shown = run("Li", "LPSCl", "Li3InCl6", "NMC811", "--suggest").stdout
    assert "LPSCl | Li3InCl6" in shown and "0.48" in shown
    assert "In2S3" in shown and "verdict (by class, then energy): " in shown
    assert "Between LPSCl | Li3InCl6" in shown
    rows = list(csv.DictReader(io.StringIO(run("Li", "LLZO", "LCO", "--format", "csv").stdout)))
    assert [(row["a"], row["b"], row["electrode_state"]) for row in rows] == [
        ("Li", "LLZO", "as given"), ("LLZO", "LCO", "discharged"), ("LLZO", "LCO", "charged"),
    ]  # fmt: skip
    assert rows[0]["gap_V"] and not rows[0]["overlap_low_V"]


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize(
    "layers", [("Li", "LPSCl", "Li3InCl6", "NMC811"), ("graphite", "LLZO", "Al2O3", "LPS", "S")]
)
def test_blocks_have_no_text_upon_another(layers, width, tmp_path):
    from pictures import outside, overlaps, texts_of

    from sse_window import api
    from sse_window.plots import Style, stack_figure

    result = api.stack(layers, phases="mp-legacy")
    sheet = stack_figure(result, style=Style.of(width))
    assert overlaps(sheet) == []
    assert outside(sheet) == []
    assert len(texts_of(sheet, "layer-")) == len(layers)
    said = " ".join(texts_of(sheet, "border-").values())
    assert "meV" in said and "class" in said
    assert ("apart" in said) == any(contact.gap_V is not None for contact in result.contacts)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "LAYER"),
        (("Li", "LLZO"), 1, "name three or more"),
        (("Li", "LiXx2", "LCO"), 1, "Xx"),
    ],
)
def test_bad_stacks_get_one_line(arguments, code, message):
    done = run(*arguments, code=code)
    assert message in done.stderr
    assert not done.stdout
