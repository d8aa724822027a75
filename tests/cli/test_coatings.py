"""`sse-window coatings`, as a user calls it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from sse_window.cli import main

KEYS = (
    "electrolyte electrode coating status failed_filters rank reduction_potential_V "
    "oxidation_potential_V e_above_hull_eV_per_atom band_gap_eV ion_fraction "
    "worst_reaction_energy_eV_per_atom with_electrolyte_eV_per_atom "
    "with_electrode_discharged_eV_per_atom with_electrode_charged_eV_per_atom "
    "interphase_class_electrolyte interphase_class_electrode well_known"
)


def run(*arguments: str, code: int = 0):
    done = CliRunner().invoke(main, ["coatings", *arguments, "--dataset", "mp-legacy"])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    path = tmp_path_factory.mktemp("coatings") / "few.txt"
    path.write_text("LiF\nLi3PO4\nLiBa(B3O5)3\nLiXx2\n", encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_json_holds_the_contract_and_what_the_search_found(few):
    document = json.loads(run("LPS", "NMC111", "--among", few, "--format", "json").stdout)
    results = document["results"]
    assert all(set(KEYS.split()) <= set(each) for each in results)
    by_name = {each["coating"]: each for each in results}
    assert by_name["LiF"]["rank"] == 1
    assert by_name["LiXx2"]["rank"] is None and "no element" in by_name["LiXx2"]["status"]
    assert by_name["LiNbO3"]["well_known"] and by_name["LiNbO3"]["status"] == "rejected"
    assert "oxidation_potential" in by_name["LiNbO3"]["failed_filters"]
    search = document["search"]
    assert search["funnel"][0] == {
        "filter": "candidates", "passed": len(results), "borderline": 0
    }  # fmt: skip
    assert search["filters"]["min_oxidation_potential_V"] == 4.3
    assert search["bare"]["best_coating"] == "LiF"
    assert search["bare"]["worst_reaction_energy_eV_per_atom"] < -0.4


@pytest.mark.slow
def test_the_table_says_what_the_bare_pair_does_and_why_famous_ones_fail(few):
    shown = run("LPS", "NMC111", "--among", few, "--top", "2").stdout
    assert "LPS | NMC111 without a coating: -0.5" in shown
    assert "oxidised above 3.758 V, less than 4.3" in shown
    assert "not answered: LiXx2" in shown
    assert "No barriers are computed" in shown


@pytest.mark.slow
def test_rows_and_thresholds(few):
    arguments = ("LPS", "NMC111", "--among", few, "--min-oxidation", "4.0", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run(*arguments).stdout)))
    status = {row["coating"]: row["status"] for row in rows}
    assert status["Li3PO4"] == "accepted"
    assert {"overlap_low_V", "gases", "dataset_name"} <= set(rows[0])
    without = run(*arguments, "--without-ion", "--max-reduction", "2.7").stdout
    rows = {row["coating"]: row for row in csv.DictReader(io.StringIO(without))}
    assert "contains_ion" not in rows["Al2O3"]["failed_filters"]


@pytest.mark.slow
def test_the_map_has_no_text_upon_another(tmp_path):
    from pictures import outside, overlaps, texts_of

    from sse_window import api
    from sse_window.plots import Style, coatings_figure

    search = api.coatings("LPSCl", "NMC811", elements="Li & B & O", phases="mp-legacy")
    for width in ("double", "single"):
        sheet = coatings_figure(search, style=Style.of(width))
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        assert len(texts_of(sheet, "name-")) > 10
        assert texts_of(sheet, "mark-")
    sheet.save(tmp_path / "map.svg")
    assert "LiNbO3" in (tmp_path / "map.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("LPS", "NMC111", "--among", "a.txt", "--all", "Li"), 2, "exclude each other"),
        (("LPS", "NMC111", "--among", "no-such-file.txt"), 1, "no-such-file.txt"),
        (("LPS", "NMC111", "--all", "Li &"), 1, "Li &"),
        (("LPX", "NMC111"), 1, "no element 'L'"),
        (("LPS", "NMC111", "--min-reaction-energy", "0.5"), 2, "0.5"),
        (("LPS",), 2, "ELECTRODE"),
    ],
)
def test_bad_questions_get_one_line(arguments, code, message):
    done = run(*arguments, code=code)
    assert message in done.stderr
    assert not done.stdout
