from __future__ import annotations

import hashlib
import json
import os
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from hand_made import pair
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_rows import HARMFUL, failed_row, pair_rows, window_rows, write

from sse_window import html_report
from sse_window.cli import main
from sse_window.core.composition import parse
from sse_window.core.errors import DataError, OutputError, SSEWindowError
from sse_window.equilibria.windows import stability_window
from sse_window.html_report import read_results, report_html, write_report
from sse_window.html_report.details import steps_of
from sse_window.plots import sheet
from sse_window.results.rows import row as flat_row
from sse_window.results.schema import PAIR, WINDOW
from sse_window.sources import datasets

FORMULAS = ("Li10GeP2S12", "Li3PS4", "Al2O3", "Li6.5La3Zr1.5Ta0.5O12")


class Page(HTMLParser):
    """What a browser would make of the page, as far as tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.contents: dict[str, list[str]] = {}
        self.policy = ""
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        self.addresses += [found[name] for name in ("src", "href", "action") if name in found]
        self.open = f"{tag} {found.get('type', '')}".strip()
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        self.contents.setdefault(self.open, []).append(data)

    @property
    def data(self):
        (text,) = self.contents["script application/json"]
        return json.loads(text)


def column(page: Page, key: str) -> list:
    (found,) = [column for column in page.data["columns"] if column["key"] == key]
    if "codes" not in found:
        return found["values"]
    return [None if code < 0 else found["words"][code] for code in found["codes"]]


@pytest.fixture(scope="module")
def windows(table):
    return window_rows(table, *FORMULAS)


@pytest.fixture(scope="module")
def pairs(table):
    return pair_rows(table, ["LGPS", "LiPON"], ["LCO", "Li"])


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
@pytest.mark.parametrize("kind", ["window", "pair"])
def test_rows_of_every_format_are_the_same(tmp_path, windows, pairs, kind, suffix):
    rows = windows if kind == "window" else pairs
    named = {"formula": "Xx"} if kind == "window" else {"electrolyte": "Xx", "electrode": "LCO"}
    rows = [*rows, failed_row(rows[0], "no element 'Xx'", **named)]
    rows = [row | {"batch": 7, "remark": None} for row in rows]
    results = read_results(write(rows, tmp_path / f"results{suffix}"))
    assert results.kind == kind
    assert results.failures == (*[None] * (len(rows) - 1), "no element 'Xx'")
    for found, row in zip(results.rows, rows, strict=True):
        assert found == row
    assert [c.key for c in results.columns if c.shown][-1] == "batch"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["json", "jsonl", "csv"])
@pytest.mark.parametrize(
    "question", [("window", "LGPS", "Al2O3", "Li3N"), ("pair", "LGPS", "NMC811")]
)
def test_output_of_window_and_pair(tmp_path, table, question, kind):
    path = tmp_path / f"results.{kind}"
    done = CliRunner().invoke(main, [*question, "-o", str(path)])
    assert done.exit_code == 0, done.output
    results = read_results(path)
    if question[0] == "window":
        rows = window_rows(table, *question[1:])
    else:
        rows = [flat_row(each, PAIR) for each in pair(table, *question[1:])]
    for found, row in zip(results.rows, rows, strict=True):
        for key, value in row.items():
            if key != "message":
                assert found[key] == value, key
    carried = kind != "csv"
    assert [bool(steps) for steps in results.steps] == [carried and question[0] == "window"] * len(
        rows
    )
    assert [bool(p) for p in results.products] == [carried and question[0] == "pair"] * len(rows)
    assert results.options == ({"ion": "Li"},)


def test_analyses_of_a_record_get_the_columns_of_the_table(tmp_path):
    question = ["window", "Li3PS4", "--uncertainty=5", "--sensitivity"]
    for kind in ("json", "csv"):
        path = str(tmp_path / f"a.{kind}")
        assert CliRunner().invoke(main, [*question, "-o", path]).exit_code == 0
    nested, flat = (read_results(tmp_path / f"a.{kind}").rows[0] for kind in ("json", "csv"))
    assert flat["oxidation_percentile_84_V"] > flat["oxidation_percentile_16_V"]
    assert {key: nested[key] for key in flat} == flat


def test_report_of_a_screening(tmp_path):
    (tmp_path / "list.csv").write_text("formula,batch\nLi3PS4,a\n<b>,b\nLGPS,c\n")
    results, report = tmp_path / "results.parquet", tmp_path / "report.html"
    screen = ["screen", str(tmp_path / "list.csv"), "-o", str(results), "--jobs", "1"]
    assert CliRunner().invoke(main, screen).exit_code == 3
    done = CliRunner().invoke(main, ["report", str(results), "-o", str(report), "-v"])
    assert done.exit_code == 0
    assert done.stdout == ""
    assert done.stderr == f"sse-window: wrote {report}: 3 rows, 1 of them failed\n"
    page = Page(report.read_text(encoding="utf-8"))
    assert column(page, "formula") == ["Li3PS4", "<b>", "LGPS"]
    assert column(page, "batch") == ["a", "b", "c"]
    assert list(page.data["failures"]) == ["1"]
    said = {"ion": "Li", "steps": False, "tolerance_eV_per_atom": 0.03}
    said["list"] = str(tmp_path / "list.csv")
    assert page.data["options"] == [said]
    (origin,) = page.data["provenance"]
    assert origin["rows"] == 3
    provenance = datasets.load().provenance
    assert origin["dataset_sha256"] == provenance.sha256
    assert origin["dataset_corrections"] == provenance.corrections
    sets, of_row = page.data["steps"]["sets"], page.data["steps"]["of_row"]
    assert [type(sets[place]) for place in of_row] == [list, str, list]


def test_null_is_never_zero(tmp_path, windows):
    path = write(windows, tmp_path / "a.csv")
    page = Page(report_html(read_results(path), details=False))
    place = FORMULAS.index("Al2O3")
    assert column(page, "oxidation_potential_V")[place] is None
    assert column(page, "e_above_hull_eV_per_atom")[-1] is None
    assert column(page, "oxidation_gases")[0] is None
    said = {c["key"]: c["missing"] for c in page.data["columns"]}
    assert said["oxidation_potential_V"] == "no limit"
    assert said["e_above_hull_eV_per_atom"] == "unknown"
    assert said["oxidation_gases"] == "none"


def test_kinds_of_further_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "formula,oxidation_potential_V,n,mixed,code,long,flag,conductivity_S_per_cm,empty\n"
        "NaN,1.5,1,1,007,9007199254740993,true,1e-3,\n"
        "InF,,,a,008,1,FALSE,nan,\n",
        encoding="utf-8-sig",
    )
    results = read_results(path)
    assert [row["formula"] for row in results.rows] == ["NaN", "InF"]
    assert [row["n"] for row in results.rows] == [1, None]
    assert [row["mixed"] for row in results.rows] == ["1", "a"]
    assert [row["code"] for row in results.rows] == ["007", "008"]
    assert [row["long"] for row in results.rows] == ["9007199254740993", "1"]
    assert [row["flag"] for row in results.rows] == [True, False]
    assert [row["conductivity_S_per_cm"] for row in results.rows] == [1e-3, None]
    (conductivity,) = [c for c in results.columns if c.key == "conductivity_S_per_cm"]
    assert conductivity.unit == "S/cm"
    assert [c.shown for c in results.columns if c.key == "empty"] == [False]


def test_nested_and_odd_values_of_parquet(tmp_path):
    nan = float("nan")
    table = pyarrow.table(
        {
            "formula": ["Li2O", "Li2S"],
            "reduction_potential_V": [nan, 0.0],
            "oxidation_potential_V": pyarrow.array([None, float("inf")]),
            "interphase_class": pyarrow.array([3.0, None]),
            "tags": [["a", "b"], []],
            "point": [{"x": nan}, {"x": 1.0}],
            "raw": [b"\xff", None],
            "big": pyarrow.array([2**60, 1]),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    results = read_results(tmp_path / "a.parquet")
    first, second = results.rows
    assert (first["reduction_potential_V"], second["reduction_potential_V"]) == (None, 0)
    assert second["oxidation_potential_V"] is None
    assert (first["interphase_class"], second["interphase_class"]) == (3, None)
    assert (first["tags"], second["tags"]) == ("a; b", None)
    assert (first["big"], second["big"]) == (str(2**60), "1")
    assert Page(report_html(results)).data["rows"] == 2


def test_file_without_rows(tmp_path, windows):
    schema = pyarrow.Table.from_pylist(windows).schema
    pyarrow.parquet.write_table(schema.empty_table(), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text(",".join(windows[0]) + "\n")
    for path in (tmp_path / "a.parquet", tmp_path / "a.csv"):
        results = read_results(path)
        assert results.rows == ()
        assert {c.key for c in results.columns} == set(windows[0])
        assert Page(report_html(results)).data["rows"] == 0


FOREIGN = {
    "empty.csv": (b"", "holds no results of sse-window"),
    "empty.jsonl": (b"", "holds no results of sse-window"),
    "foreign.csv": (b"name,size\na,1\n", "neither 'formula'"),
    "cut.csv": (b"formula,oxidation_potential_V\nLi2O\n", "line 2: 1 fields"),
    "quote.csv": (b'formula,oxidation_potential_V\n"Li2O,2\n', "line 2: unexpected end of data"),
    "twice.csv": (b"formula,formula\nLi2O,a\n", "two columns of one name"),
    "word.csv": (b"formula,oxidation_potential_V\nLi2O,high\n", "row 1: oxidation_potential_V is"),
    "truth.csv": (b"formula,oxidation_potential_V,in_dataset\nLi2O,2,7\n", "not true or false"),
    "latin.csv": (b"formula,oxidation_potential_V\nLi\xb2O,2\n", "is not UTF-8 text"),
    "steps.csv": (
        b"formula,voltage_low_V,voltage_high_V,ion_exchange\nLi2O,0,1,0\n",
        "steps of a voltage profile",
    ),
    "cut.jsonl": (b'{"formula": "Li2O", "oxidation_pot', "line 1, is no JSON"),
    "list.jsonl": (b"[1, 2]\n", "line 1 is not a record"),
    "deep.jsonl": (b"[" * 100_000, "is no JSON"),
    "other.jsonl": (b'{"schema": "sse-window/2", "formula": "Li2O"}', "has the schema"),
    "foreign.json": (b'{"a": 1}', "no 'schema' with 'results'"),
    "bare.json": (b"[]", "no 'schema' with 'results'"),
    "other.json": (b'{"schema": "else", "results": []}', "has the schema 'else'"),
    "row.json": (b'{"schema": "sse-window/1", "results": [7]}', "result 1 is not a record"),
    "empty.parquet": (b"", "no readable Parquet file"),
    "text.parquet": (b"PAR1 no", "no readable Parquet file"),
    "a.xlsx": (b"PK", "give results as .parquet, .csv, .jsonl, .json"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_or_damaged_file_is_one_clear_line(tmp_path, name):
    content, said = FOREIGN[name]
    path = tmp_path / name
    path.write_bytes(content)
    output = tmp_path / "report.html"
    output.write_text("the last good one")
    done = CliRunner().invoke(main, ["report", str(path), "-o", str(output)])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("sse-window: ")
    assert str(path) in done.stderr
    assert said in done.stderr
    assert output.read_text() == "the last good one"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "report.html"])


def test_cut_parquet_and_parquet_of_another_schema(tmp_path, windows):
    path = write(windows, tmp_path / "a.parquet")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="no readable Parquet file"):
        read_results(path)
    table = pyarrow.Table.from_pylist(windows)
    table = table.replace_schema_metadata({"sse_window.schema": '"sse-window/9"'})
    pyarrow.parquet.write_table(table, path)
    with pytest.raises(DataError, match="has the schema 'sse-window/9'"):
        read_results(path)


def test_absent_file_and_folder(tmp_path):
    with pytest.raises(DataError, match=r"cannot read .*No such file"):
        read_results(tmp_path / "a.csv")
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(DataError, match=r"cannot read .*Is a directory"):
        read_results(tmp_path / "b.csv")


@pytest.mark.slow
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_damaged_files_never_crash(tmp_path, windows, data):
    suffix = data.draw(st.sampled_from([".parquet", ".csv", ".jsonl"]))
    path = write(windows[:2], tmp_path / f"a{suffix}")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    path.write_bytes(content)
    try:
        results = read_results(path)
    except DataError as error:
        assert "\n" not in str(error)
    else:
        assert Page(report_html(results, details=False)).data["rows"] == len(results.rows)


ANY_TEXT = st.one_of(
    st.text(max_size=20), st.text(alphabet="<>/!-script{}&\\\"' \ud800\u2028\x00", max_size=20)
)
ANY_VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT, st.lists(ANY_TEXT, max_size=2)
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(ANY_TEXT, ANY_VALUE, max_size=3), min_size=1, max_size=3), ANY_TEXT)
def test_whatever_rows_hold_stays_data(tmp_path_factory, rows, title):
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    rows = [{"formula": "Li2O", "oxidation_potential_V": 2.5, "k": None, **row} for row in rows]
    try:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")
        results = read_results(path)
    except DataError as error:
        assert "\n" not in str(error)
        return
    page = Page(report_html(results, title=title or "t", details=False))
    assert page.tags.count("script") == 2
    assert page.tags.count("style") == 1
    for found in page.data["columns"]:
        assert column(page, found["key"]) == [row[found["key"]] for row in results.rows]
    assert page.data["title"] == (title or "t")


@pytest.mark.parametrize("harm", HARMFUL)
def test_harmful_formula_is_text(tmp_path, windows, harm):
    rows = [*windows, failed_row(windows[0], f"formula {harm!r}: cannot read", formula=harm)]
    rows = [row | {harm: harm} for row in rows]
    results = read_results(write(rows, tmp_path / "a.parquet"))
    text = report_html(results, title=harm, details=False)
    page = Page(text)
    calm = Page(report_html(read_results(write(windows, tmp_path / "b.parquet")), details=False))
    assert page.tags == calm.tags
    assert column(page, "formula")[-1] == column(page, harm)[0] == page.data["title"] == harm


def test_page_asks_nothing_of_the_network(tmp_path, windows):
    text = report_html(read_results(write(windows, tmp_path / "a.csv")))
    page = Page(text)
    assert page.addresses == ["data:,", "#rows"]
    (script,), (style,) = page.contents["script"], page.contents["style"]
    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    assert rules["default-src"] == "'none'"
    for rule, content in (("script-src", script), ("style-src", style)):
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert re.findall(r"https?://[^\"']*", script + style) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import", style)
    parsing = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.src\b"
    assert not re.search(parsing, script)
    assert "</" not in script


def test_report_depends_on_the_results_alone(tmp_path, windows):
    path = write(windows, tmp_path / "a.parquet")
    assert report_html(read_results(path)) == report_html(read_results(path))


def test_electrodes_behind_the_bars(tmp_path, windows, pairs):
    def shown(rows: list[dict]) -> list[str]:
        page = Page(report_html(read_results(write(rows, tmp_path / "a.parquet")), details=False))
        return [e["name"] for e in page.data["electrodes"] if e["shown"]]

    assert shown(windows) == ["graphite", "LFP", "NMC811"]
    assert shown(pairs) == ["Li", "LCO"]
    assert shown([row | {"working_ion": "Mg"} for row in windows]) == ["Chevrel"]
    assert shown([row | {"working_ion": "<i>"} for row in windows]) == []


def test_steps_are_worked_out_again(tmp_path, table, windows):
    results = read_results(write(windows, tmp_path / "a.csv"))
    details = steps_of(results)
    for row, place in zip(results.rows, details.of_row, strict=True):
        expected = stability_window(table, parse(row["formula"])).steps
        found = details.sets[place]
        assert len(found) == len(expected)
        for values, step in zip(found, expected, strict=True):
            low, high, exchange, reaction, energy_low, energy_high, _ = values
            assert low == pytest.approx(step.voltage_low_V, abs=1e-6)
            assert high == pytest.approx(step.voltage_high_V, abs=1e-6)
            assert exchange == pytest.approx(step.ion_exchange, abs=1e-6)
            assert reaction == step.reaction
            assert energy_low == pytest.approx(step.decomposition_energy_low_eV_per_atom, abs=1e-6)
            assert energy_high == pytest.approx(
                step.decomposition_energy_high_eV_per_atom, abs=1e-6
            )


def test_carried_steps_are_those_worked_out(tmp_path):
    for kind in ("json", "csv"):
        path = str(tmp_path / f"a.{kind}")
        assert CliRunner().invoke(main, ["window", "LGPS", "LiPON", "-o", path]).exit_code == 0
    carried, again = (steps_of(read_results(tmp_path / f"a.{kind}")) for kind in ("json", "csv"))
    assert carried == again


def test_steps_of_pairs_are_shared(tmp_path, pairs):
    details = steps_of(read_results(write(pairs, tmp_path / "a.parquet")))
    assert details.of_row == (0, 0, 0, 1, 1, 1)
    assert all(isinstance(found, list) for found in details.sets)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dataset_sha256": "0" * 64}, "is not the one of the row"),
        ({"dataset_sha256": None}, "does not say which dataset"),
        ({"dataset_name": "elsewhere"}, "no dataset named 'elsewhere'"),
        ({"dataset_additions": "mine (sha256 ab): 1 phases added"}, "the file does not hold: mine"),
        ({"oxidation_potential_V": 3.0}, "oxidation lies at 2.291 V, in the row at 3.000 V"),
        ({"oxidation_potential_V": None}, "in the row at no limit"),
        ({"working_ion": None}, "names no working ion"),
        ({"working_ion": "Xx"}, "no working ion 'Xx'"),
        ({"formula": "Xx"}, "Xx"),
        ({"status": "failed", "message": "no"}, "the row failed"),
        ({"steps": '[{"voltage_low_V": "a"}]'}, "cannot be read"),
    ],
)
def test_missing_steps_have_a_reason(tmp_path, windows, change, said):
    results = read_results(write([windows[0] | change], tmp_path / "a.csv"))
    (reason,) = steps_of(results).sets
    assert isinstance(reason, str)
    assert said in reason


def test_assumed_energy_above_hull_is_kept(tmp_path, table):
    window = stability_window(table, parse("Li3PS4"), e_above_hull=0.05)
    path = write([flat_row(window, WINDOW)], tmp_path / "a.csv")
    (steps,) = steps_of(read_results(path)).sets
    expected = [step.decomposition_energy_low_eV_per_atom for step in window.steps]
    assert [step[4] for step in steps] == pytest.approx(expected, abs=1e-6)


def test_details_only_where_wanted(tmp_path, windows):
    many = read_results(write(windows[:1] * 501, tmp_path / "many.csv"))
    few = read_results(write(windows[:1] * 500, tmp_path / "few.csv"))
    (reason,) = steps_of(many).sets
    assert "--details" in reason
    assert isinstance(steps_of(many, wanted=True).sets[0], list)
    assert isinstance(steps_of(few).sets[0], list)
    assert steps_of(few, wanted=False).sets == ("left out (--no-details)",)


def test_dataset_under_another_name(tmp_path, li_p_s):
    provenance = datasets.write(li_p_s, tmp_path / "mine.parquet", licence="MIT")
    table = datasets.read(tmp_path / "mine.parquet")
    row = flat_row(stability_window(table, parse("Li3PS4")), WINDOW)
    assert row["dataset_sha256"] == provenance.sha256
    path = write([row | {"dataset_name": "gone"}], tmp_path / "a.csv")
    (reason,) = steps_of(read_results(path)).sets
    assert "name it with --dataset" in reason
    output = tmp_path / "a.html"
    command = ["report", str(path), "-o", str(output), "--dataset", str(tmp_path / "mine.parquet")]
    assert CliRunner().invoke(main, command).exit_code == 0
    (steps,) = Page(output.read_text(encoding="utf-8")).data["steps"]["sets"]
    # Hand-solved: Li3PS4 is stable from 1.84 to 2.18333 V.
    assert [step[:2] for step in steps if step[2] == 0] == [[1.84, 2.183333]]


def test_output_is_proved_writable_first(tmp_path, windows, monkeypatch):
    path = write(windows, tmp_path / "a.csv")
    with pytest.raises(OutputError, match=r"must end in \.html, \.htm"):
        write_report(path, tmp_path / "a.pdf")
    monkeypatch.setattr("sse_window.html_report.read_results", None)
    with pytest.raises(OutputError, match="there is no folder"):
        write_report(path, tmp_path / "none" / "a.html")


def test_report_appears_whole_or_not_at_all(tmp_path, windows, monkeypatch):
    path = write(windows, tmp_path / "a.csv")
    output = tmp_path / "a.html"
    output.write_text("the last good one")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OutputError, match="No space left"):
            write_report(path, output)
    assert output.read_text() == "the last good one"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.html"]
    write_report(path, output)
    assert output.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_file_name_that_is_no_text(tmp_path, windows):
    path = tmp_path / os.fsdecode(b"\xff<b>.csv")
    try:
        write(windows, path)
    except OSError:
        pytest.fail("this file system takes no such name: run the tests on another")
    write_report(path, tmp_path / "a.html")
    page = Page((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert page.data["source"]["name"] == "?<b>.csv"


def test_usage_errors():
    assert CliRunner().invoke(main, ["report"]).exit_code == 2
    assert CliRunner().invoke(main, ["report", "a.csv"]).exit_code == 2
    said = CliRunner().invoke(main, ["report", "--help"]).output
    assert "sse-window report results.parquet -o report.html" in said


def test_errors_are_of_this_package(tmp_path):
    with pytest.raises(SSEWindowError):
        write_report(tmp_path / "a.csv", tmp_path / "a.html")


@pytest.mark.slow
def test_ten_thousand_rows(tmp_path, windows, pairs):
    for rows in (windows, pairs):
        many = [row | {"batch": i} for i in range(10_000 // len(rows) + 1) for row in rows]
        path = write(many[:10_000], tmp_path / "a.parquet")
        write_report(path, tmp_path / "a.html")
        assert (tmp_path / "a.html").stat().st_size < 10e6


def test_coatings_are_read_as_coatings(tmp_path):
    record = {
        "coating": "LiF", "electrolyte": "Li3PS4", "electrode": "NMC811", "working_ion": "Li",
        "status": "rejected", "failed_filters": ["overlap"], "rank": None,
        "reduction_potential_V": 0.0, "oxidation_potential_V": 6.3, "overlap_V": None,
        "conductivity_S_per_cm": 3e-13, "worst_reaction_energy_eV_per_atom": -0.01,
    }  # fmt: skip
    document = {"schema": "sse-window/1", "version": "1", "search": {"a": 1}, "results": [record]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document))
    results = read_results(path)
    assert results.kind == "coating"
    assert results.failures == (None,)  # a coating that is rejected is an answer
    (row,) = results.rows
    assert row["failed_filters"] == "overlap"
    assert row["conductivity_S_per_cm"] == 3e-13
    assert "search" not in row  # of the whole file, not of a row
    assert [c.key for c in results.columns if c.shown][:2] == ["rank", "coating"]


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_contacts_of_a_stack(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    done = CliRunner().invoke(main, ["stack", "Li", "LPSCl", "Li3InCl6", "LCO", "-o", str(path)])
    assert done.exit_code == 0, done.output
    results = read_results(path)
    assert results.kind == "stack"
    assert [row["a"] for row in results.rows][:2] == ["Li", "LPSCl"]
    junction = next(row for row in results.rows if row["kind"] == "junction")
    assert junction["gap_V"] == pytest.approx(0.48, abs=0.02)
    assert junction["reaction_energy_eV_per_atom"] == pytest.approx(-0.105, abs=0.003)
    assert "Contacts of a stack" in report_html(results)


def test_a_dataset_that_is_asked_for_has_to_be_there(tmp_path, windows):
    path = write(windows, tmp_path / "a.csv")
    output = tmp_path / "a.html"
    command = ["report", str(path), "-o", str(output), "--dataset", "nope"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1
    assert "no dataset named 'nope'" in done.output
    assert not output.exists()


def test_a_dataset_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("formula,oxidation_potential_V\nLi3PS4,2.4\n")
    with pytest.raises(DataError, match="no dataset named 'nope'"):
        write_report(source, tmp_path / "a.html", dataset="nope")
    assert not (tmp_path / "a.html").exists()


def test_the_page_has_the_colours_of_the_figures():
    css = (Path(html_report.__file__).parent / "report.css").read_text().upper()
    light = css.split("DATA-THEME")[0]
    for name, colour in (
        ("WINDOW", sheet.STABLE), ("WINDOW-SOFT", sheet.WINDOW_FILL), ("ANODE", sheet.ANODE),
        ("CATHODE", sheet.CATHODE),
    ):  # fmt: skip
        assert f"--{name}: {colour};" in light


def test_what_other_datasets_say_is_no_column(tmp_path):
    path = tmp_path / "a.jsonl"
    done = CliRunner().invoke(main, ["window", "Li3PS4", "--format", "jsonl", "-o", str(path)])
    assert done.exit_code == 0
    assert '"elsewhere"' in path.read_text()
    (row,) = read_results(path).rows
    assert not [key for key, value in row.items() if str(value)[:1] in "[{"]
