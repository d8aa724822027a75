"""`sse-window names`, as a user calls it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sse_window.cli import main


def run(*arguments: str, code: int = 0):
    done = CliRunner().invoke(main, ["names", *arguments])
    assert done.exit_code == code, done.output
    return done


def test_every_name_comes_with_composition_kind_and_source():
    document = json.loads(run("--format", "json").stdout)
    assert document["schema"] == "sse-window/1"
    assert {"electrolyte", "electrode", "coating", "additive"} == {
        known["kind"] for known in document["results"]
    }
    for known in document["results"]:
        assert known["name"] and known["composition"] and known["source"]


def test_an_ion_that_is_asked_for_leaves_its_electrodes():
    found = json.loads(run("--ion", "Na", "--kind", "electrode", "--format", "json").stdout)
    assert {known["ion"] for known in found["results"]} == {"Na"}
    ions = {known["ion"] for known in json.loads(run("--format", "json").stdout)["results"]}
    assert {"Li", "Na", "K", "Mg"} <= ions


def test_aliases_are_names_too_and_a_table_shows_both_states():
    shown = run("NCM811").stdout
    assert "LiNi0.8Mn0.1Co0.1O2" in shown and "Li0.25Ni0.8Mn0.1Co0.1O2" in shown
    assert "3-4.3" in shown and "LGPS" not in shown


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("LGPT",), 1, "did you mean 'LGPS'"),
        (("Li3PS4",), 1, "is no name"),
        (("--dataset", "oqmd"), 2, "No such option"),
        (("--kind", "cathode"), 2, "electrolyte"),
    ],
)
def test_what_is_no_name_is_said_in_one_line(arguments, code, message):
    done = run(*arguments, code=code)
    assert message in done.stderr
    assert not done.stdout
