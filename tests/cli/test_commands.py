"""The command line: streams, exit codes, formats, and what a mistake looks like."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from sse_window.cli import main
from sse_window.cli.app import COMMANDS

pytestmark = pytest.mark.slow


def run(*args, code=0):
    result = CliRunner().invoke(main, [str(a) for a in args])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def answer(*args):
    document = json.loads(run(*args, "--format", "json").stdout)
    assert document["schema"] == "sse-window/1"
    assert {"name", "date", "sha256", "corrections"} <= set(document["dataset"])
    return document


def commands():
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        yield name, command
        if isinstance(command, click.Group):
            for sub, child in command.commands.items():
                yield f"{name} {sub}", child


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_has_help_with_an_example(name, command):
    help_text = run(*name.split(), "--help").stdout
    assert "Examples:" in help_text
    assert f"sse-window {name}" in help_text
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_help_and_import_load_nothing_heavy():
    script = (
        "import sys; import sse_window; from sse_window.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pymatgen', 'pandas', 'matplotlib', 'scipy', 'mp_api', 'plotly', 'pyarrow'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_window_json_holds_the_contract_keys():
    document = answer("window", "LGPS", "Li7La3Zr2O12", "La2O3")
    lgps, llzo, lanthana = document["results"]
    assert lgps["formula"] == "Li10GeP2S12"
    assert lgps["window_basis"] == "metastable phase put on the hull"
    assert llzo["reduction_potential_V"] == pytest.approx(0.049, abs=5e-4)
    assert lanthana["oxidation_potential_V"] is None
    wanted = (
        "formula reduced_formula working_ion status in_dataset e_above_hull_eV_per_atom "
        "window_basis reduction_potential_V oxidation_potential_V window_width_V "
        "stable_against_metal steps"
    )
    for record in document["results"]:
        assert set(wanted.split()) <= set(record)
        assert record["dataset"]["sha256"] == document["dataset"]["sha256"]


def test_json_is_strict_and_jsonl_is_one_record_a_line():
    lines = run("window", "LGPS", "P2S5", "--format", "jsonl").stdout.splitlines()
    records = [json.loads(line, parse_constant=pytest.fail) for line in lines]
    assert [r["formula"] for r in records] == ["Li10GeP2S12", "P2S5"]
    assert records[0]["schema"] == "sse-window/1"


def test_csv_keeps_null_empty():
    rows = list(csv.DictReader(io.StringIO(run("window", "P2S5", "--format", "csv").stdout)))
    assert rows[0]["oxidation_potential_V"] == ""
    assert float(rows[0]["reduction_potential_V"]) > 0
    assert rows[0]["dataset_name"] == "mp-2020-polyanions"


def test_pair_states_and_streams():
    document = answer("pair", "LGPS", "LCO")
    assert [r["electrode_state"] for r in document["results"]] == ["discharged", "charged"]
    assert [r["electrode_composition"] for r in document["results"]] == ["LiCoO2", "Li0.5CoO2"]
    document = answer("pair", "Li3PS4", "LiCoO2", "--voltage", 3, 4)
    (record,) = document["results"]
    assert record["electrode_state"] == "as given"
    assert record["voltage_range_V"] == [3.0, 4.0]
    assert [e["at"] for e in record["electrochemical"]] == ["low", "high", "worst"]
    assert document["options"]["voltage_range_V"] == [3.0, 4.0]


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["window", "LiXx2"], 1, "no element 'Xx'"),
        (["window", "NotAFormula"], 1, "NotAFormula"),
        (["window", ""], 1, "empty formula"),
        (["window", "Li-2O"], 1, "negative"),
        (["window", "Li+"], 1, "charges"),
        (["window", "lgps"], 1, "LGPS"),
        (["window", "licoo2"], 1, "LiCoO2"),
        (["window", "LGPS", "LiXx2"], 1, "no element 'Xx'"),
        (["window", "Li2No"], 1, "No"),
        (["window", "LGPS", "--dataset", "nowhere"], 1, "nowhere"),
        (["window", "LGPS", "--exclude", "Li99S"], 1, "Li99S"),
        (["window", "LGPS", "--entries", "no-such-file.csv"], 1, "no-such-file.csv"),
        (["window", "LGPS", "-o", "no/such/folder/x.json"], 1, "no folder"),
        (["window", "LGPS", "-o", "x.doc"], 1, "must end in"),
        (["profile", "LGPS", "-o", "no/such/folder/x.png"], 1, "no folder"),
        (["pair", "LGPS", "LCO", "--voltage", "4", "3"], 1, "LOW <= HIGH"),
        (["pair", "LGPS", "LCO", "--voltage", "-1", "3"], 1, "LOW <= HIGH"),
        (["pair", "LGPS", "LCO", "--voltage", "nan", "3"], 2, "not a finite number"),
        (["window"], 2, "Missing argument"),
        (["window", "LGPS", "--format", "xml"], 2, "xml"),
        (["window", "LGPS", "--ion", "Ti"], 2, "Ti"),
        (["window", "LGPS", "--e-above-hull", "-1"], 2, "range"),
        (["window", "LGPS", "--compare", "mp"], 2, "two or more"),
        (["window", "LGPS", "--compare", "oqmd,oqmd"], 2, "different"),
        (["window", "LGPS", "--e-above-hull", "nan"], 2, "finite"),
        (["window", "LGPS", "--seed", "1"], 2, "--uncertainty"),
        (["window", "LGPS", "--behind", "LCO"], 2, "picture"),
        (["window", "LGPS", "-o", "x.csv", "--format", "json"], 2, "disagree"),
        (["profile", "LGPS", "--interphase"], 2, "picture"),
        (["profile", "LGPS", "--energy"], 2, "picture"),
        (["profile", "LGPS", "--energy", "--interphase", "-o", "x.svg"], 2, "leave one out"),
        (["pair", "LGPS", "LCO", "--additive", "C", "--additive", "PVDF", "-o", "x.svg"], 2, "one"),
        (["pair", "LGPS", "LCO", "--uncertainty=5", "-o", "x.svg"], 2, "not drawn"),
        (["profile", "LGPS", "--interphase", "-o", "x.html"], 1, "must end in"),
        (["data", "accuracy", "--exclude", "LiF"], 2, "No such option"),
        (["data", "accuracy", "--distance", "nope"], 1, "no dataset named 'nope'"),
        (["data", "accuracy", "--distance", "oqmd", "--voltages"], 2, "choose one"),
        (["window", "LGPS", "--reference", "SHE"], 2, "choose one of"),
        (["pair", "LGPS"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["data", "fetch"], 2, "name chemical systems"),
        (["data", "fetch", "Li-S"], 1, "key"),
    ],
)
def test_a_mistake_is_one_clear_line(args, code, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*args, code=code)
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "sse-window-data"])


def test_verbose_twice_shows_the_traceback():
    result = CliRunner().invoke(main, ["window", "LGPS", "--dataset", "nowhere", "-vv"])
    assert result.exception is not None
    assert result.exit_code == 1


def test_output_files_appear_whole(tmp_path):
    for name in ("w.json", "w.csv", "w.jsonl", "w.txt"):
        path = tmp_path / name
        assert run("window", "LGPS", "-o", path).stdout == ""
        assert path.stat().st_size > 100
    assert json.loads((tmp_path / "w.json").read_text())["results"]
    assert "\x1b[" not in (tmp_path / "w.txt").read_text()
    assert sorted(p.name for p in tmp_path.glob("w*")) == ["w.csv", "w.json", "w.jsonl", "w.txt"]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "html", "csv"])
def test_profile_writes_pictures_and_tables(tmp_path, suffix):
    path = tmp_path / f"llzo.{suffix}"
    run("profile", "LLZO", "-o", path)
    starts = {
        "png": b"\x89PNG",
        "svg": b"<?xml",
        "pdf": b"%PDF",
        "html": b"<!DOCTYPE",
        "csv": b"formula,",
    }
    start = starts[suffix]
    assert path.read_bytes().startswith(start)


def test_pair_and_window_draw_pictures(tmp_path):
    run("pair", "LLZO", "LCO", "-o", tmp_path / "pair.svg")
    run("window", "LGPS", "LLZO", "La2O3", "--uncertainty=20", "-o", tmp_path / "bars.svg")
    run("profile", "LPSCl", "--interphase", "-o", tmp_path / "interphase.svg")
    run("profile", "LPSCl", "--energy", "--uncertainty=20", "-o", tmp_path / "p.svg")
    assert len(list(tmp_path.glob("*.svg"))) == 4


def test_exclude_changes_the_limit():
    with_all = answer("window", "Li4Ti5O12")["results"][0]
    document = answer("window", "Li4Ti5O12", "--exclude", "Li7Ti10O24")
    assert with_all["oxidation_potential_V"] == pytest.approx(2.51, abs=0.01)
    assert document["results"][0]["oxidation_potential_V"] == pytest.approx(3.71, abs=0.01)
    assert document["options"]["exclude"] == ["Li7Ti10O24"]
    assert any("without Li7Ti10O24" in a for a in document["dataset"]["additions"])


def test_sensitivity_and_uncertainty():
    record = answer("window", "LPSCl", "--sensitivity", "--uncertainty=50")["results"][0]
    oxidation = record["sensitivity"]["oxidation"]
    assert oxidation["limiting_phase"] == "LiS4"
    assert oxidation["voltage_without_V"] == pytest.approx(2.26, abs=0.01)
    found = record["uncertainty"]["reduction"]
    assert found["percentile_16_V"] <= found["median_V"] <= found["percentile_84_V"]
    assert record["redox_elements"]["reduction"]["element"] == "P"
    again = answer("window", "LPSCl", "--uncertainty=50")["results"][0]
    assert again["uncertainty"] == record["uncertainty"]
    other = answer("window", "LPSCl", "--uncertainty=50", "--seed", 1)["results"][0]
    assert other["uncertainty"] != record["uncertainty"]


def test_interphase_of_an_electrolyte_alone_at_a_voltage():
    records = answer("window", "LGPS", "LPSCl", "Li2O", "--voltage", 0)["results"]
    assert [r["interphase"]["class"] for r in records] == [3, 1, 0]
    inside = answer("window", "LGPS", "--voltage", 2.0)["results"][0]["interphase"]
    assert (inside["class"], inside["products"]) == (0, [])
    assert "interphase class 3" in run("window", "LGPS", "--voltage", 0).stdout
    rows = csv.DictReader(
        io.StringIO(run("window", "LPSCl", "--voltage", 0, "--format", "csv").stdout)
    )
    assert next(rows)["interphase_class"] == "1"


def test_compare_datasets():
    # Prototype values of the same question to the Open Quantum Materials Database [V].
    mp, oqmd = answer("window", "Li3PS4", "--compare", "mp-legacy,oqmd")["results"]
    assert mp["dataset"]["name"] == "mp-legacy"
    assert oqmd["dataset"]["name"] == "oqmd"
    assert oqmd["reduction_potential_V"] == pytest.approx(1.722, abs=1e-3)
    assert oqmd["oxidation_potential_V"] == pytest.approx(2.372, abs=1e-3)
    spread = oqmd["spread"]
    assert spread == mp["spread"]
    assert spread["oxidation_spread_V"] == pytest.approx(
        abs(oqmd["oxidation_potential_V"] - mp["oxidation_potential_V"])
    )
    pairs = answer("pair", "Li3PS4", "LiCoO2", "--compare", "mp-legacy,oqmd")["results"]
    assert pairs[0]["spread"]["datasets"] == ["mp-legacy", "oqmd"]


def test_reference_shifts_what_is_shown_not_what_is_stored():
    assert "V vs Li-In" in run("window", "LGPS", "--reference", "Li-In").stdout
    assert "1.101" in run("window", "LGPS", "--reference", "Li-In").stdout  # 1.721 - 0.62
    stored = answer("window", "LGPS", "--reference", "Li-In")["results"][0]
    assert stored["reduction_potential_V"] == pytest.approx(1.7207, abs=1e-3)


def test_user_entries_join_and_are_recorded(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("formula,formation_energy_per_atom_eV\nLi3YCl6,-2.6\n")
    document = answer("window", "Li3YCl6", "--entries", mine, "--allow-mixed")
    assert document["results"][0]["in_dataset"]
    assert any("mine.csv" in a for a in document["dataset"]["additions"])


def test_other_ions():
    record = answer("window", "MgSc2Se4", "--ion", "Mg")["results"][0]
    assert record["working_ion"] == "Mg"
    assert "V vs Mg/Mg2+" in run("window", "MgSc2Se4", "--ion", "Mg").stdout


def test_data_commands(tmp_path):
    assert "85014" in run("data", "info").stdout
    path = tmp_path / "phases.csv"
    run("data", "export", "-o", path)
    with path.open() as lines:
        rows = list(csv.DictReader(lines))
    assert {"formula", "formation_energy_per_atom_eV", "e_above_hull_eV_per_atom"} <= set(rows[0])
    assert len(rows) > 85014
    assert "bias" in run("data", "accuracy").stdout
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "formula,formation_energy_per_atom_eV\nLi2S,-1.4\nLi3P,-0.9\nP2S5,-0.3\nLi3PS4,-0.95\n"
    )
    run("data", "import", mine, "--name", "mine")
    record = answer("window", "Li3PS4", "--dataset", "mine")["results"][0]
    assert record["reduction_potential_V"] == pytest.approx(1.84)
    assert "mine" in run("data", "info").stdout


def test_verify_agrees_and_says_when_it_does_not(monkeypatch):
    assert "largest difference" in run("verify", "LLZO").stdout
    from sse_window.equilibria import crosscheck

    monkeypatch.setattr(crosscheck, "TOLERANCE_eV_per_atom", -1.0)
    run("verify", "LLZO", code=4)


def test_no_color_and_quiet(monkeypatch):
    done = subprocess.run(
        [sys.executable, "-m", "sse_window", "window", "LLZO", "-q"],
        capture_output=True,
        text=True,
        env={"PATH": "", "NO_COLOR": "1"},
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b[" not in done.stdout


def test_closed_pipe_is_no_error():
    command = f"{sys.executable} -m sse_window data export | head -n 2"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout.count("\n") == 2
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("redirect", "code", "said"),
    [(">/dev/full", 1, "cannot write to stdout"), (">&-", 0, ""), ("| head -n 1", 0, "")],
)
def test_streams_that_are_full_or_closed(redirect, code, said):
    command = f"{sys.executable} -m sse_window window LLZO {redirect}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_small_alphabets_lose_rules_not_numbers():
    done = subprocess.run(
        [sys.executable, "-m", "sse_window", "window", "LLZO"],
        capture_output=True,
        env={"PATH": "", "PYTHONIOENCODING": "cp1252"},
    )
    assert done.returncode == 0
    assert b"2.899" in done.stdout


def test_every_output_says_where_it_comes_from(tmp_path):
    text = run("window", "LLZO", "--exclude", "Zr4O").stdout
    row = next(csv.DictReader(io.StringIO(run("window", "LLZO", "--format", "csv", "-q").stdout)))
    for expected in ("mp-2020-polyanions", "2019", "sha256", "sse-window 0", "exclude"):
        assert expected in text
    assert row["dataset_sha256"]
    assert row["program_version"]
    assert json.loads(row["options"]) == {"ion": "Li"}
    verified = run("verify", "LLZO", "--format", "csv").stdout
    assert row["dataset_sha256"] in verified
    path = tmp_path / "x.svg"
    run("profile", "LLZO", "-o", path)
    assert row["dataset_sha256"][:12] in path.read_text()


def test_the_screen_of_a_metal_shows_the_energy_that_says_something(tmp_path):
    (tmp_path / "list.txt").write_text("LGPS\n")
    output = str(tmp_path / "a.csv")
    done = run("screen", str(tmp_path / "list.txt"), "-o", output, "--electrode", "Li")
    assert "total" in done.stdout
    assert "mixing adds nothing" in done.stdout
    refused = run("screen", str(tmp_path / "list.txt"), "-o", output, "--voltage", "1", "2", code=2)
    assert "--electrode" in refused.stderr


def test_what_forms_at_a_voltage_is_listed():
    text = run("window", "LPSCl", "--voltage", "0").stdout
    for product in ("Li2S", "Li3P", "LiCl"):
        assert f"\n {product} " in text
    # Both decomposition energies, as its own energy above the hull is large.
    assert "without its own 0.083 above the hull" in " ".join(text.split())


def test_steps_of_windows():
    text = run("window", "LGPS", "LLZO", "--steps", "--format", "csv").stdout
    assert {line.split(",")[0] for line in text.splitlines()[1:]} == {
        "Li10GeP2S12", "Li7La3Zr2O12",
    }  # fmt: skip
    assert len(text.splitlines()) > 10


@pytest.mark.parametrize(
    "args",
    [
        ["window", "LGPS", "--replace"],
        ["window", "LGPS", "--corrections", "MP2020"],
        ["pair", "LGPS", "LCO", "--allow-mixed"],
        ["window", "LGPS", "--steps", "-o", "x.svg"],
        ["window", "LGPS", "--uncertainty", "LLZO"],
        ["window", "--uncertainty", "LGPS"],
        ["window", "LGPS", "--uncertainty=999999999999"],
        ["window", "LGPS", "--format", "xlsx"],
        ["window", "LGPS", "--format", "json", "--columns", "formula"],
        ["window", "LGPS", "-o", "x.svg", "--columns", "formula"],
        ["window", "LGPS", "--cite", "--format", "csv"],
    ],
)
def test_what_would_change_nothing_is_refused(args, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = run(*args, code=2).stderr
    assert "Traceback" not in message
    assert not list(tmp_path.iterdir())


def test_uncertainty_before_a_formula_says_what_to_write():
    assert "--uncertainty=200 LGPS" in run("window", "--uncertainty", "LGPS", code=2).stderr


def test_bibtex_instead_of_the_answer(tmp_path):
    text = run("pair", "LGPS", "LCO", "--cite").stdout
    assert text.startswith("@")
    run("window", "LGPS", "--cite", "-o", str(tmp_path / "refs.bib"))
    assert "@misc" in (tmp_path / "refs.bib").read_text()


def test_another_working_ion_is_named_before_the_answer():
    for command in (["window", "Na3PS4"], ["profile", "Na3PS4"], ["pair", "Na3PS4", "LCO"]):
        lines = run(*command).stdout.splitlines()
        said = next(line for line in lines if line.strip())
        assert said.startswith("note: Na3PS4 holds no Li but Na"), command


def test_slip_is_asked_about_on_stderr():
    result = CliRunner().invoke(main, ["window", "LiCOO2", "--format", "json"])
    assert "did you mean LiCoO2?" in result.stderr
    (window,) = json.loads(result.stdout)["results"]
    assert window["notes"][0].startswith("did you mean LiCoO2?")
    assert window["read_as"] is None
